"""The first screen and the cross-cuts: by tier, by application, by family, and what contradicts itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from domain.catalog import Catalog, Dataset, Provider, Source
from domain.deciding import Decision
from domain.vocabulary import Application, Tier
from reports.disputes import Said, disputes
from reports.escape import Safe, code, heading_anchor, link, link_to, listed, markdown, md, quoted, source_link
from reports.folding import Fold, fold
from reports.view import ContradictionView, CountRow, FamilyView
from reports.words import count

_OTHERS = "no family"


def tier_rows(decisions: Sequence[Decision]) -> tuple[CountRow, ...]:
    """A row a tier of today: how many sources it holds, and what they are worth once looked at."""
    pairs = Counter((decision.tier, decision.tier_if_verified) for decision in decisions)
    rows = []
    for tier in Tier:
        then = tuple(str(pairs[tier, verified]) for verified in Tier)
        rows.append(CountRow(markdown("**{}**", tier), (str(sum(pairs[tier, v] for v in Tier)), *then)))
    return tuple(rows)


def application_rows(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[CountRow, ...]:
    """A row an application: its sources in production today, those a look would put there, and how many
    serve research or nothing."""
    rows = []
    for application in Application:
        serving = [
            decision
            for decision in decisions
            if any(fit.application is application for fit in sources[decision.source_id].applications)
        ]
        now = [d for d in serving if d.tier is Tier.PRODUCTION_APPROVED]
        then = [d for d in serving if d.tier_if_verified is Tier.PRODUCTION_APPROVED and d not in now]
        research = sum(d.tier_if_verified is Tier.RESEARCH_ONLY for d in serving)
        blocked = sum(d.tier_if_verified is Tier.BLOCKED for d in serving)
        rows.append(CountRow(markdown("{}", application), (_links(now), _links(then), str(research), str(blocked))))
    return tuple(rows)


def family_views(catalog: Catalog, decisions: Sequence[Decision]) -> tuple[FamilyView, ...]:
    """The sources of each family with what they unlock, supplement and do not provide."""
    decided = {decision.source_id for decision in decisions}
    members: defaultdict[str, list[Source]] = defaultdict(list)
    for provider, dataset, source in catalog.sources:
        if source.id in decided:
            members[family_of(provider, dataset)].append(source)
    views = []
    for family, found in sorted(members.items(), key=lambda item: (-len(item[1]), item[0].casefold())):
        rows = tuple(
            (
                source_link(source.id),
                listed(source.unlocks, "nothing named"),
                listed((code(name) for name in source.supplements), "nothing"),
                listed(source.does_not_provide, "nothing named"),
            )
            for source in sorted(found, key=lambda source: source.id)
        )
        views.append(FamilyView(markdown("Family {}", family), count(len(found), "source"), rows))
    return tuple(views)


def family_of(provider: Provider, dataset: Dataset) -> str:
    """The family a source is listed under."""
    return dataset.family or provider.name or provider.provider or _OTHERS


def family_link(provider: Provider, dataset: Dataset) -> Safe:
    """A family as a link to its table."""
    family = family_of(provider, dataset)
    return link_to(heading_anchor(f"Family {family}"), family)


def contradiction_views(decisions: Sequence[Decision]) -> tuple[ContradictionView, ...]:
    """Every pair of statements that contradict each other once a source, each with its page."""
    return tuple(
        ContradictionView(source_link(decision.source_id), item.about, _stated(item.wider), _stated(item.narrower))
        for decision in decisions
        for item in disputes(decision)
    )


def _stated(said: Said) -> Safe:
    words = quoted(said.words) if said.quoted and said.words else md(said.shown)
    if said.words and not said.quoted:
        words = markdown("license {}", code(said.words))
    return Safe(words + ("" if said.url is None else f" ({link(said.url, 'page')})"))


_KINDS_OF_ID = (
    ("MusicBrainz (MBID)", ("mbid", "musicbrainz")),
    ("MSID", ("msid",)),
    ("ISRC", ("isrc",)),
    ("ISWC", ("iswc",)),
    ("ISNI", ("isni",)),
    ("Barcode", ("barcode", "upc")),
    ("Discogs", ("discogs",)),
    ("Spotify", ("spotify",)),
    ("YouTube", ("youtube",)),
    ("Wikidata", ("wikidata", "qid")),
    ("Echo Nest / MSD", ("echo nest", "msd", "million song")),
    ("AcoustID", ("acoustid",)),
    ("Jamendo", ("jamendo",)),
    ("Freesound", ("freesound",)),
    ("FMA", ("fma",)),
    ("Last.fm", ("last.fm",)),
    ("Deezer", ("deezer",)),
    ("SecondHandSongs", ("secondhandsongs",)),
    ("Lakh MIDI", ("lakh",)),
    ("File checksum (MD5)", ("md5",)),
    ("Juke", ("juke",)),
)
"""Identifiers that several sources carry, by the words that stand for them in the catalog."""


def identifier_rows(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[Fold, ...]:
    """Which sources carry which kind of identifier, blocked ones left out: what may be joined by what."""
    rows, alone = [], []
    for name, words in _KINDS_OF_ID:
        carrying = [
            source_link(decision.source_id)
            for decision in decisions
            if decision.tier_if_verified is not Tier.BLOCKED
            and any(word in known.casefold() for known in sources[decision.source_id].identifiers for word in words)
        ]
        if len(carrying) > 1:
            rows.append(fold(markdown("**{}**, {}", name, count(len(carrying), "source")), carrying))
        elif carrying:
            alone.append(markdown("{} ({})", name, carrying[0]))
    if alone:
        rows.append(Fold(Safe("listed by one source only, so joining nothing yet"), listed(alone), ()))
    return tuple(rows)


def _links(decisions: Sequence[Decision]) -> Safe:
    return listed((source_link(decision.source_id) for decision in decisions), "none")
