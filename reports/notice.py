"""NOTICE and credits of a corpus joined from several sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.deciding import Decision
from domain.vocabulary import Duty
from reports.escape import link, markdown, plain
from reports.words import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """One source as it is credited: who publishes what, under which terms. `decision` None: unknown."""

    source_id: str
    name: str
    publisher: str
    homepage: str | None
    license_url: str
    decision: Decision | None


DUTY_WORDS = {
    Duty.ATTRIBUTION: "credit the publisher, the license and the source, and say what was changed",
    Duty.SHARE_ALIKE: "what is made of it and shared carries the same license",
    Duty.COPYLEFT: "what is made of it and conveyed carries the same license",
    Duty.NOTICE: "keep the notices that came with it",
    Duty.STATE_CHANGES: "say that it was changed",
}


def notice_text(title: str, expression: str, credited: Sequence[Credited]) -> str:
    """The NOTICE file: plain text, one block a source, in the order given. No line of it comes from
    upstream unchecked: control characters are gone and every value stands on one line."""
    lines = [
        plain(title),
        "",
        f"This corpus joins {len(credited)} sources. Terms of the whole: {plain(expression)}",
        "",
    ]
    for item in credited:
        decision = item.decision
        lines += [plain(item.name), f"  Source: {plain(item.source_id)}", f"  Publisher: {plain(item.publisher)}"]
        if item.homepage:
            lines.append(f"  From: {plain(item.homepage)}")
        if decision is None:
            lines += ["  License: unknown; nobody decided about this source, and it may not be used", ""]
            continue
        address = f" <{plain(item.license_url)}>" if item.license_url else ""
        lines.append(f"  License: {plain(decision.license_concluded)}{address}")
        lines += [f"  Duty: {DUTY_WORDS.get(duty, duty.value.replace('_', ' '))}" for duty in decision.duties]
        for proof in decision.evidence[:1]:
            seen = f", seen {moment(proof.at)}" if proof.at else ""
            lines.append(f'  Stated: "{plain(proof.quote)}" ({plain(proof.url or "no page")}{seen})')
        lines += ["  Changes: items were selected and joined with the other sources", ""]
    return "\n".join(lines).rstrip() + "\n"


def credits_markdown(credited: Sequence[Credited]) -> str:
    """The credits as a Markdown list, one line a source that demands one or names a license."""
    lines = ["# Data credits", ""]
    for item in credited:
        decision = item.decision
        if decision is None:
            continue
        license_words = decision.license_concluded
        shown = link(item.license_url, license_words) if item.license_url else markdown("{}", license_words)
        named = link(item.homepage, item.name) if item.homepage else markdown("{}", item.name)
        changed = "; changed: selected and joined" if Duty.ATTRIBUTION in decision.duties else ""
        lines.append(markdown("- {} by {}, {}{}", named, item.publisher, shown, changed))
    return "\n".join(lines) + "\n"
