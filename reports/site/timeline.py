"""What happened to a source, in order of time: its licenses, its tier, and what is known of the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.catalog import Source
from domain.history import TierStep, Version
from reports.escape import shortened
from reports.site.addresses import Link, outside_link
from reports.words import CAUSES, moment


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry. `kind` is `license`, `tier` or `known` (told by the catalog, not seen by us)."""

    when: str
    kind: str
    what: str
    why: str
    link: Link | None = None


def timeline(source: Source, versions: Sequence[Version], steps: Sequence[TierStep]) -> tuple[Happening, ...]:
    """Everything dated about one source, oldest first, the undated last. `versions` and `steps` are this source's."""
    found = [*_licenses(versions), *_tiers(steps), *_known(source)]
    return tuple(sorted(found, key=lambda item: (not item.when[:1].isdigit(), item.when, item.kind, item.what)))


def _licenses(versions: Sequence[Version]) -> Iterator[Happening]:
    by_watch: defaultdict[str, list[Version]] = defaultdict(list)
    for version in sorted(versions, key=lambda version: (version.seen_at, version.version_id)):
        if version.reading.suspect is None:
            by_watch[version.watch_id].append(version)
    for _, read in sorted(by_watch.items()):
        last: Version | None = None
        for version in read:
            now = _license(version)
            if last is None:
                yield Happening(_at(version), "license", now, "first seen on", outside_link(version.url))
            elif _license(last) != now:
                ours = last.sha256 == version.sha256
                why = "the same bytes, read by a newer reader, from" if ours else "changed by the publisher on"
                yield Happening(_at(version), "license", f"{_license(last)} → {now}", why, outside_link(version.url))
            last = version


def _license(version: Version) -> str:
    expression = version.reading.expression
    return "no license stated" if expression in ("NOASSERTION", "") else expression


def _at(version: Version) -> str:
    return moment(version.seen_at)


def _tiers(steps: Sequence[TierStep]) -> Iterator[Happening]:
    for step in steps:
        what = step.after.value if step.before is None else f"{step.before.value} → {step.after.value}"
        yield Happening(
            moment(step.at),
            "tier",
            what,
            "the first decision" if step.before is None else f"cause: {CAUSES.get(step.cause, step.cause)}",
        )


def _known(source: Source) -> Iterator[Happening]:
    for note in source.drift:
        words = f"“{shortened(note.quote, 600)}”" if note.quote else ""
        yield Happening(note.when, "known", note.what, words, outside_link(note.url) if note.url else None)
