"""The traps of music data, each held against the shipped catalog: what it would be worth if every look confirmed it.

Decided without any look, so that `tier_if_verified` is the most the catalog's own words can come to.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from catalog import confidence_counts, load_catalog, load_policy, sample
from domain.catalog import Catalog, Source
from domain.claims import ClaimScope, LicenseClaim, MachineWords, StatedLicense
from domain.deciding import Decision
from domain.vocabulary import Confidence, DerivationFlow, GateKind, Layer, PersonalData, SpeaksFor, Tier
from flows.decide_sources import evidence_of, upstream_first
from scoring.tiers import decide
from terms.reader import Reader

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
CAN_GRANT = (SpeaksFor.RIGHTS_HOLDER, SpeaksFor.PUBLISHER)


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "catalog")


@cache
def sources() -> dict[str, Source]:
    return {source.id: source for _, _, source in shipped().sources}


@cache
def decided() -> dict[str, Decision]:
    policy = load_policy(ROOT / "policy")
    made: dict[str, Decision] = {}
    for provider, dataset, source in upstream_first(shipped()):
        made[source.id] = decide(
            source=source,
            dataset=dataset,
            provider=provider,
            evidence=evidence_of(source, {}),
            policy=policy,
            reviews=(),
            facts=(),
            now=NOW,
            upstream=made,
        )
    return made


def gates(source_id: str) -> dict[str, GateKind]:
    return {gate.gate: gate.kind for gate in decided()[source_id].gates}


def test_a_hub_tag_on_sound_ripped_from_elsewhere_is_worth_nothing() -> None:
    ripped = [source for source in sources().values() if source.layer is Layer.AUDIO and _from_video(source)]
    assert len(ripped) >= 5
    assert {decided()[source.id].tier_if_verified for source in ripped} == {Tier.BLOCKED}
    assert decided()["musicbench_audio"].license_declared == "CC-BY-SA-3.0"


def _from_video(source: Source) -> bool:
    return any("YouTube" in claim.license for claim in source.claims)


def test_no_sound_is_for_production_by_the_license_of_what_describes_it() -> None:
    widest = {
        source.id: decided()[source.id].tier_if_verified for source in sources().values() if source.layer is Layer.AUDIO
    }
    assert [name for name, tier in widest.items() if tier is Tier.PRODUCTION_APPROVED] == []


def test_what_describes_music_says_which_music() -> None:
    described = (Layer.ANNOTATIONS, Layer.FEATURES, Layer.LYRICS)
    silent = {s.id for s in sources().values() if s.layer in described and not s.derivation and not s.house_owned}
    # Its drummers were hired for it: there is nothing above it.
    assert silent == {"groove_midi"}


def test_the_license_of_a_repository_is_no_license_of_data() -> None:
    code = [source for source in sources().values() if source.layer is Layer.CODE]
    assert {"pmemo_code", "jamendolyrics_code"} <= {source.id for source in code}
    assert {decided()[name].tier_if_verified for name in ("pmemo_annotations", "jamendolyrics")} <= {
        Tier.BLOCKED,
        Tier.RESEARCH_ONLY,
    }
    assert decided()["pmemo_annotations"].license_declared == "NONE"


@pytest.mark.parametrize("scope", [ClaimScope.CODE, ClaimScope.SITE, ClaimScope.METADATA_RECORD])
def test_an_interfaces_license_of_code_site_or_record_says_nothing_of_the_data(scope: ClaimScope) -> None:
    with_it, without = _with_interface("CC-BY-NC-4.0", scope), decided()["musicbrainz"]
    assert with_it == without
    assert _with_interface("CC-BY-NC-4.0", ClaimScope.DATA).tier_if_verified is Tier.RESEARCH_ONLY


def _with_interface(license_id: str, scope: ClaimScope) -> Decision:
    policy = load_policy(ROOT / "policy")
    provider, dataset, source = next(entry for entry in shipped().sources if entry[2].id == "musicbrainz")
    claim = LicenseClaim("musicbrainz", license_id, None, scope, "license", "https://host.example/api", NOW)
    reading = Reader(policy.families).read_text(f"License: {license_id}", "text/plain")
    return decide(
        source=source,
        dataset=dataset,
        provider=provider,
        evidence=evidence_of(source, {}),
        policy=policy,
        reviews=(),
        facts=(),
        now=NOW,
        stated=MachineWords((StatedLicense(claim, reading.expression, reading.rights, reading.duties),)),
    )


def test_non_commercial_tables_beside_free_ones_are_a_source_of_their_own() -> None:
    assert decided()["musicbrainz"].tier_if_verified is Tier.PRODUCTION_APPROVED
    assert decided()["musicbrainz_supplemental"].tier_if_verified is Tier.RESEARCH_ONLY


def test_a_dump_whose_keys_carry_two_licenses_counts_as_the_narrower() -> None:
    assert decided()["musicbrainz_json"].license_declared == "CC0-1.0"
    assert decided()["musicbrainz_json"].tier_if_verified is Tier.RESEARCH_ONLY
    assert "contradiction" in gates("musicbrainz_json")


def test_the_free_part_of_musicbrainz_promises_no_tags_and_no_ratings() -> None:
    core = sources()["musicbrainz"]
    assert {"tags on entities", "ratings"} <= {*core.does_not_provide}
    promised = " ".join(fit.fit for fit in core.applications).casefold()
    assert "rating" not in promised
    assert "tag count" not in promised
    assert any("genre" in risk.casefold() for risk in core.risks)


def test_taking_by_feed_what_a_dump_gives_freely_takes_the_feeds_license() -> None:
    assert decided()["musicbrainz_live_data_feed"].license_declared == "CC-BY-NC-SA-3.0"
    assert decided()["musicbrainz_live_data_feed"].tier_if_verified is not Tier.PRODUCTION_APPROVED


def test_whatever_joins_or_copies_a_source_is_no_wider_than_it() -> None:
    binding = (DerivationFlow.COPIES, DerivationFlow.JOINS, DerivationFlow.FILTERS)
    bound = [
        (source.id, link.upstream)
        for source in sources().values()
        for link in source.derivation
        if link.flow in binding and link.upstream in sources()
    ]
    assert len(bound) >= 10
    wider = [
        pair for pair in bound if decided()[pair[0]].tier_if_verified.rank < decided()[pair[1]].tier_if_verified.rank
    ]
    assert wider == []


def test_persons_are_not_cleared_by_a_license() -> None:
    near = [s for s in sources().values() if s.privacy and s.privacy.personal_data in _NEAR]
    assert len(near) >= 2
    assert {decided()[source.id].tier_if_verified for source in near} == {Tier.BLOCKED}
    assert decided()["listenbrainz_feedback"].license_declared == "CC0-1.0"


_NEAR = (PersonalData.IDENTIFYING, PersonalData.SPECIAL)


def test_every_source_says_how_near_it_comes_to_persons() -> None:
    assert [source.id for source in sources().values() if source.privacy is None] == []


def test_no_mirror_approves_what_it_mirrors() -> None:
    mirrored = [
        source
        for source in sources().values()
        if source.watches and not any(watch.speaks_for in CAN_GRANT for watch in source.watches)
    ]
    assert len(mirrored) >= 3
    assert Tier.PRODUCTION_APPROVED not in {decided()[source.id].tier_if_verified for source in mirrored}


def test_a_claimed_standard_license_stands_in_its_quote_or_a_note_says_where() -> None:
    reader = Reader(load_policy(ROOT / "policy").families)
    unexplained = []
    for source in sources().values():
        for claim in source.claims:
            named = {*claim.license.replace(" OR ", " AND ").split(" AND ")}
            if claim.quote is None or any(name.startswith(("LicenseRef-", "NO")) for name in named):
                continue
            found = {*reader.read_text(claim.quote, "text/plain").licenses}
            if not named <= found and not (claim.note or claim.contradicts):
                unexplained.append(f"{source.id}: {claim.license} from “{claim.quote}”")
    assert unexplained == []


def test_a_claim_without_words_is_not_called_verified() -> None:
    said = [(source.id, claim) for source in sources().values() for claim in source.claims]
    wordless = {name: claim for name, claim in said if claim.quote is None and claim.confidence is Confidence.VERIFIED}
    # That a whole file tree states nothing, and what a table counts, cannot be quoted; the note says what was read.
    assert all(claim.note and (claim.license == "NONE" or claim.per_item) for claim in wordless.values())
    counts = confidence_counts(shipped())
    assert sum(counts.values()) == len(sources())


def test_the_same_seed_draws_the_same_sources() -> None:
    first = [drawn.source_id for drawn in sample(shipped(), 7, 20)]
    assert first == [drawn.source_id for drawn in sample(shipped(), 7, 20)]
    assert len({*first}) == 20
    assert first != [drawn.source_id for drawn in sample(shipped(), 8, 20)]
    assert len(sample(shipped(), 7, 10_000)) == len(sources())
