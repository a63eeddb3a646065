"""What machines state about a source, in lines beside what was concluded; where they disagree it says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.claims import ClaimScope, MachineWords, Reservation, StatedLicense
from domain.deciding import Decision
from reports.escape import Safe, code, link, markdown, quoted, shortened

_NO_LICENSE = "NOASSERTION"
_WORDS = 300
_ABOUT = {
    ClaimScope.DATA: "",
    ClaimScope.METADATA_RECORD: ", of the record and not of the data",
    ClaimScope.CODE: ", of the code and not of the data",
    ClaimScope.SITE: ", of the site and not of the data",
    ClaimScope.ACCESS: ", words accepted to get the data",
}


def stated_lines(words: MachineWords, decision: Decision) -> Iterator[tuple[str, str, str]]:
    """Quote, place and verdict of each license a metadata interface states, in order of the place."""
    for item in sorted(words.licenses, key=lambda item: (item.claim.url, item.claim.field, item.claim.raw)):
        where = f"{item.claim.field}{_ABOUT[item.claim.scope]}"
        yield shortened(item.claim.raw, _WORDS), where, _verdict(item, decision)


def license_blocks(words: MachineWords, decision: Decision) -> list[Safe]:
    """The same for the assessment."""
    urls = [
        item.claim.url
        for item in sorted(words.licenses, key=lambda item: (item.claim.url, item.claim.field, item.claim.raw))
    ]
    return [
        markdown("{} ({}, {}): {}", quoted(raw), code(where), link(url), verdict)
        for url, (raw, where, verdict) in zip(urls, stated_lines(words, decision), strict=True)
    ]


def reservation_blocks(reservations: Iterable[Reservation]) -> list[Safe]:
    """Every signal about training, for the assessment. The time of asking stays out: it changes every run."""
    rows = {(item.url, item.rule, item.raw): item for item in reservations}
    return [
        markdown(
            "{}: {} ({}, covers {} for {}, {})",
            item.state.value.replace("_", " "),
            quoted(shortened(item.raw, _WORDS)),
            code(item.rule),
            code(item.path),
            item.audience if item.audience != "*" else "everybody",
            link(item.url),
        )
        for _, item in sorted(rows.items())
    ]


def _verdict(item: StatedLicense, decision: Decision) -> str:
    if item.claim.scope not in (ClaimScope.DATA, ClaimScope.ACCESS):
        return "no statement about the data"
    if item.expression == _NO_LICENSE:
        return "names no license we know" if not item.rights.speaks else "no license, but words that narrow count"
    concluded = decision.license_concluded
    if concluded == _NO_LICENSE:
        return (
            f"read as {item.expression}; nothing is concluded from pages yet, and an interface's field permits nothing"
        )
    if item.expression == concluded:
        return f"read as {item.expression}, as concluded"
    return (
        f"read as {item.expression}, which disagrees with the concluded {concluded}; what is narrower counts, what is"
        " wider permits nothing"
    )
