"""What a reading found, explained: the text with every finding in place, and why the answer follows."""

from __future__ import annotations

from collections.abc import Sequence

from domain.reading import Finding, Reading, Subject
from domain.vocabulary import RightValue
from reports.escape import plain, shortened


def reading_text(reading: Reading, determination: str, reasons: Sequence[str]) -> str:
    """`clearance read`: the answer first, then rights, findings and reasons, a line each."""
    lines = [
        f"licenses: {plain(', '.join(reading.licenses)) or 'none stated for the data'}",
        f"determination: {determination}",
        *(f"  because {plain(reason)}" for reason in (*reading.reasons, *reasons)),
    ]
    spoken = [(action, right) for action, right in reading.rights if right.value is not RightValue.SILENT]
    lines += [f"right: {action.value} {right.value.value}{_limits(right)}" for action, right in spoken]
    lines += [f"duty: {duty.value}" for duty in reading.duties]
    for layer, answer in reading.layers.items():
        lines.append(f"layer {layer.value}: {plain(', '.join(answer.licenses)) or 'no license'}")
    lines += [f"found: {_finding(finding)}" for finding in reading.findings]
    lines += [f"contradiction: {plain(item.why)}" for item in reading.contradictions]
    lines += [f"note: {plain(note)}" for note in reading.notes]
    if reading.suspect:
        lines.append(f"not to be relied on: {plain(reading.suspect)}")
    return "\n".join(lines)


def explained_text(reading: Reading) -> str:
    """`clearance read --text`: the extracted text; under each line with a finding, the rule and what it gives."""
    by_line: dict[int, list[Finding]] = {}
    starts = [0]
    for index, char in enumerate(reading.text):
        if char == "\n":
            starts.append(index + 1)
    line_of = 0
    for finding in sorted(reading.findings, key=lambda finding: (finding.start, finding.end)):
        while line_of + 1 < len(starts) and starts[line_of + 1] <= finding.start:
            line_of += 1
        by_line.setdefault(line_of, []).append(finding)
    lines: list[str] = []
    for number, line in enumerate(reading.text.split("\n")):
        lines.append(plain(line))
        lines += [f"    ^ {_finding(finding)}" for finding in by_line.get(number, ())]
    return "\n".join(lines)


def _limits(right: object) -> str:
    conditions = ", ".join(getattr(right, "conditions", ()))
    purpose = getattr(right, "purpose", "any")
    words = f" ({conditions})" if conditions else ""
    return words if purpose == "any" else f"{words} for {purpose}"


def _finding(finding: Finding) -> str:
    about = "" if finding.scope.subject is Subject.DATA else f" about the {finding.scope.subject.value}, not the data"
    layers = f" for {', '.join(finding.scope.layers)}" if finding.scope.layers else ""
    gives = plain(finding.license) if finding.license else ", ".join(_states(finding)) or finding.note or "a statement"
    return f"[{finding.rule}]{about}{layers}: {gives}, by “{shortened(finding.quote, 160)}”"


def _states(finding: Finding) -> list[str]:
    said = [f"{action.value} {right.value.value}" for action, right in finding.rights if right.speaks]
    return said + [duty.value for duty in finding.duties]
