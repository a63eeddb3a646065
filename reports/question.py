"""The mail that asks a publisher which of two statements holds, or what their silence means."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.catalog import Source
from domain.deciding import Decision, EvidenceItem
from domain.vocabulary import Action, RightValue
from reports.disputes import Dispute, Said, disputes
from reports.document_days import is_later
from reports.escape import plain, shortened
from reports.words import moment

_ASKED = {
    Action.COMMERCIAL_USE: "use the data in a commercial product",
    Action.REPRODUCE: "copy the data for our own use",
    Action.DERIVE: "derive features or other data from it",
    Action.TRAIN_MODEL: "train machine learning models on it",
    Action.RELEASE_MODEL: "release or sell such models",
    Action.REDISTRIBUTE: "pass the data on",
    Action.EVALUATE: "use it to evaluate models",
}


def not_drafted(decision: Decision) -> str:
    """Why no letter is drafted about contradictions: no pair of statements can be put before the publisher.
    Empty when one can, and when nothing contradicts."""
    found = disputes(decision)
    if any(not dispute.wanting for dispute in found):
        return ""
    return "; ".join(dict.fromkeys(dispute.wanting for dispute in found))


def draft_question(source: Source, decision: Decision, at: datetime | None = None) -> str:
    """A plain-text mail for a person to check and send; one line when there is nothing to ask or nothing
    to put before the publisher.

    It names both statements of every contradiction with the page each was found on, then the
    actions the terms are silent about. What was recorded after the day of `at` is marked.
    """
    name = plain(source.name or source.id)
    silent = [action for action, right in decision.rights if right.value is RightValue.SILENT]
    if not decision.contradictions and not silent:
        return f"There is nothing to ask about {name}: the terms speak of every use and do not contradict each other."
    wanting = not_drafted(decision)
    if wanting:
        return f"No question about {name} is drafted: {plain(wanting)}. Quote the words in the catalog first."
    read = [item for item in decision.evidence if item.url and item.sha256]
    known = [item for item in decision.evidence if item.url and not item.sha256]
    opening = f"we would like to use {name} and {'read' if read else 'ask about'} its terms."
    parts = [f"Subject: Terms of use of {name}", "Hello,", opening]
    answerable = (dispute for dispute in disputes(decision) if not dispute.wanting)
    parts += [_conflict(number, dispute) for number, dispute in enumerate(answerable, start=1)]
    if decision.contradictions:
        parts.append("Which of these statements holds? Until we hear from you we follow the narrower one.")
    if silent:
        asked = "\n".join(f"- {_ASKED[action]}" for action in silent)
        parts.append(f"We found no statement on whether we may:\n{asked}")
        parts.append("Could you tell us, or point us to the page that says so?")
    if read:
        parts.append(f"The pages we read:\n{_pages(read, at)}")
    if known or not read:
        parts.append(f"The pages we know of:\n{_pages(known, at)}")
    parts.append("Thank you. A sentence on the page itself would help everybody who has the same question.")
    return "\n\n".join(parts) + "\n"


def _conflict(number: int, dispute: Dispute) -> str:
    asked = [_ASKED[action] for action, _ in dispute.actions]
    about = f"whether one may {', '.join(asked)}" if asked else "the terms"
    lines = [f"{number}. Two statements about {about} do not fit together:"]
    for said in (dispute.wider, dispute.narrower):
        lines += [
            f"   {_stated(said)}",
            f"   {'(on which page is not noted)' if said.url is None else plain(said.url)}",
        ]
    if dispute.why:
        lines.append(f"   ({plain(dispute.why)})")
    return "\n".join(lines)


def _stated(said: Said) -> str:
    return f'"{shortened(said.words)}"' if said.quoted else f"the license {shortened(said.words)}"


def _pages(evidence: Iterable[EvidenceItem], at: datetime | None) -> str:
    pages = {
        plain(item.url): moment(item.at) + (", recorded later than this day" if is_later(item.at, at) else "")
        for item in evidence
        if item.url
    }
    return "\n".join(f"- {url} (seen {seen})" for url, seen in sorted(pages.items())) or "- none"
