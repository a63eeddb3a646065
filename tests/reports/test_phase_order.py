"""The order within a phase: nothing before what it was made from, and the first row is where the week begins."""

from __future__ import annotations

from dataclasses import replace

from assessment_rows import CATALOG, POLICY, decision, render, sections

from domain.catalog import Catalog, Derivation
from domain.deciding import Decision
from domain.vocabulary import DerivationFlow, Tier
from reports.phase_order import in_order_of_phases


def made_from(**upstreams: tuple[str, ...]) -> Catalog:
    """The catalog in which each named source was made from the given ones, and no other from any."""
    providers = []
    for provider in CATALOG.providers:
        datasets = []
        for dataset in provider.datasets:
            own = tuple(
                replace(
                    source,
                    derivation=tuple(
                        Derivation(upstream=name, flow=DerivationFlow.JOINS, note="by id")
                        for name in upstreams.get(source.id, ())
                    ),
                )
                for source in dataset.sources
            )
            datasets.append(replace(dataset, sources=own))
        providers.append(replace(provider, datasets=tuple(datasets)))
    return Catalog(tuple(providers), sha256=CATALOG.sha256)


def ranked(*named: tuple[str, str]) -> list[Decision]:
    """Approved sources in order of rank, each with its phase."""
    return [decision(name, phase=phase, adoption_rank=rank) for rank, (name, phase) in enumerate(named, start=1)]


def order(decided: list[Decision], catalog: Catalog) -> list[str]:
    sources = {source.id: source for _, _, source in catalog.sources}
    return [d.source_id for d in in_order_of_phases(decided, sources, POLICY)]


def test_a_source_stands_after_another_of_its_phase_that_it_was_made_from() -> None:
    decided = ranked(("graph_tags", "0"), ("sounds_audio", "0"), ("graph_core", "0"))
    catalog = made_from(graph_tags=("sounds_audio",), sounds_audio=("graph_core",))
    assert order(decided, catalog) == ["graph_core", "sounds_audio", "graph_tags"]
    assert "needs [" not in sections(render(decided, catalog=catalog))["### Phase 0: identity"]


def test_a_source_that_needs_one_of_a_later_phase_stands_last_and_says_so() -> None:
    decided = ranked(("graph_tags", "0"), ("graph_core", "0"), ("sounds_audio", "1"))
    catalog = made_from(graph_tags=("sounds_audio",))
    assert order(decided, catalog) == ["graph_core", "graph_tags", "sounds_audio"]
    told = sections(render(decided, catalog=catalog))
    assert "needs [`sounds_audio`](#sounds_audio) of phase 1 first |" in told["### Phase 0: identity"]
    assert "engineering: begin with [`graph_core`](#graph_core)" in told["### This week"]


def test_sources_made_from_each_other_keep_their_rank() -> None:
    decided = ranked(("graph_tags", "0"), ("graph_core", "0"))
    assert order(decided, made_from(graph_tags=("graph_core",), graph_core=("graph_tags",))) == [
        "graph_tags",
        "graph_core",
    ]


def test_what_is_needed_of_the_research_table_comes_later_and_is_named() -> None:
    decided = ranked(("graph_tags", "0"), ("graph_core", "0"))
    decided[1] = replace(decided[1], tier=Tier.RESEARCH_ONLY, tier_if_verified=Tier.RESEARCH_ONLY)
    told = sections(render(decided, catalog=made_from(graph_tags=("graph_core",))))["### Phase 0: identity"]
    assert "needs [`graph_core`](#graph_core) first |" in told
