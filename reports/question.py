"""The mail that asks a publisher which of two statements holds, or what their silence means."""

from __future__ import annotations

from collections.abc import Sequence

from domain.catalog import Source
from domain.deciding import Decision, EvidenceItem
from domain.vocabulary import Action, RightValue
from reports.disputes import Dispute, Said, disputes
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


def draft_question(source: Source, decision: Decision) -> str:
    """A plain-text mail for a person to check and send; one line when there is nothing to ask.

    It names both statements of every contradiction with the page each was found on, then the
    actions the terms are silent about.
    """
    name = plain(source.name or source.id)
    silent = [action for action, right in decision.rights if right.value is RightValue.SILENT]
    if not decision.contradictions and not silent:
        return f"There is nothing to ask about {name}: the terms speak of every use and do not contradict each other."
    parts = [f"Subject: Terms of use of {name}", "Hello,", f"we would like to use {name} and read its terms."]
    for number, dispute in enumerate(disputes(decision), start=1):
        parts.append(_conflict(number, dispute))
    if decision.contradictions:
        parts.append("Which of these statements holds? Until we hear from you we follow the narrower one.")
    if silent:
        asked = "\n".join(f"- {_ASKED[action]}" for action in silent)
        parts.append(f"We found no statement on whether we may:\n{asked}")
        parts.append("Could you tell us, or point us to the page that says so?")
    parts.append(f"The pages we read:\n{_pages(decision.evidence)}")
    parts.append("Thank you. A sentence on the page itself would help everybody who has the same question.")
    return "\n\n".join(parts) + "\n"


def _conflict(number: int, dispute: Dispute) -> str:
    asked = [_ASKED[action] for action, _ in dispute.actions]
    about = f"whether one may {', '.join(asked)}" if asked else "the terms"
    lines = [f"{number}. Two statements about {about} do not fit together:"]
    for said in (dispute.wider, dispute.narrower):
        lines += [
            f'   "{shortened(said.words)}"' if said.quoted and said.words else f"   {_unquoted(said)}",
            f"   {'(see the pages below)' if said.url is None else plain(said.url)}",
        ]
    if dispute.why:
        lines.append(f"   ({plain(dispute.why)})")
    return "\n".join(lines)


def _unquoted(said: Said) -> str:
    return f"the license {shortened(said.words)}" if said.words else "(a statement without words of its own)"


def _pages(evidence: Sequence[EvidenceItem]) -> str:
    pages = {plain(item.url): moment(item.at) for item in evidence if item.url}
    return "\n".join(f"- {url} (seen {seen})" for url, seen in sorted(pages.items())) or "- none"
