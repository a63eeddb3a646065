"""The whole assessment as a view: joins decisions with the catalog and puts everything in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from domain.catalog import Catalog
from domain.claims import NOTHING_STATED, MachineWords
from domain.deciding import Decision, Entitlement, Review
from domain.history import ChangeRecord, TierStep
from domain.policy import Policy
from domain.probing import DatasetFact
from domain.vocabulary import SpeaksFor
from reports import recommend
from reports.acts import acts, worth
from reports.change_section import change_views, moved_tiers
from reports.cross_tables import credit_words, hosting_rows, person_rows, shared_terms_rows
from reports.document_days import day_lines, later_note
from reports.effort_section import driver_rows
from reports.escape import Safe, code, listed, markdown, md, source_link
from reports.folding import fold
from reports.gate_words import gate_texts, gate_views
from reports.letters import letters, without_letter
from reports.overview import (
    application_rows,
    contradiction_views,
    family_views,
    identifier_rows,
    tier_rows,
)
from reports.owner_section import owner_views
from reports.phase_order import in_order_of_phases
from reports.phase_section import phase_views
from reports.production import answer, production_next, production_now
from reports.review_section import review_rows
from reports.source_section import source_view
from reports.view import AssessmentView, Each, Fact, SummaryRow
from reports.words import count, days

_GATES_SHOWN = 8
"""Gates on the first screen; all stand further down."""

_NAMED = 4
"""Sources the banner names; more are counted."""


def assessment_view(
    *,
    catalog: Catalog,
    decisions: Sequence[Decision],
    policy: Policy,
    facts: Sequence[DatasetFact],
    changes: Sequence[ChangeRecord],
    problems_of_looking: Mapping[str, str],
    pages_looked_at: int,
    pages_total: int,
    reviews: Sequence[Review] = (),
    entitlements: Sequence[Entitlement] = (),
    tier_steps: Sequence[TierStep] = (),
    stated: Mapping[str, MachineWords] = MappingProxyType({}),
    at: datetime | None = None,
) -> AssessmentView:
    """Prepare everything the templates print. Raises `ValueError` for a decision about a source
    that the catalog does not hold: such a document would rest on nothing."""
    entries = {source.id: (provider, dataset, source) for provider, dataset, source in catalog.sources}
    strangers = sorted({decision.source_id for decision in decisions} - entries.keys())
    if strangers:
        raise ValueError(f"decisions about sources that are not in the catalog: {', '.join(strangers)}")
    by_id = sorted(decisions, key=lambda decision: decision.source_id)
    by_worth = sorted(decisions, key=worth)
    by_rank = sorted(decisions, key=lambda decision: (decision.adoption_rank, decision.source_id))
    sources = {source_id: source for source_id, (_, _, source) in entries.items()}
    in_order = in_order_of_phases(by_rank, sources, policy)
    undecided = sorted(entries.keys() - {decision.source_id for decision in decisions})
    facts_of: defaultdict[str, list[DatasetFact]] = defaultdict(list)
    for fact in facts:
        facts_of[fact.source_id].append(fact)
    found = acts(decisions)
    shown = change_views(changes)
    texts = gate_texts(by_id, policy)
    held = recommend.held_rows(by_id, found)
    further = recommend.beyond_verified(by_id, found)
    return AssessmentView(
        banner=_banner(problems_of_looking, undecided, pages_looked_at, pages_total),
        days=day_lines(
            decisions=by_id,
            changes=changes,
            steps=tier_steps,
            reviews=reviews,
            max_age_days=policy.house.evidence_max_age_days,
            looked=pages_looked_at > 0,
        ),
        later=later_note(by_id, at),
        tiers=tier_rows(by_id),
        applications=application_rows(by_id, sources),
        families=family_views(catalog, by_id),
        contradictions=contradiction_views(by_id),
        letters=letters(by_id, entries, at),
        without_letter=without_letter(by_id),
        hosting=hosting_rows(by_id, sources),
        persons=person_rows(by_id, sources),
        shared_terms=shared_terms_rows(by_id),
        credits=credit_words(by_id),
        summary=tuple(_summary(decision, entries[decision.source_id][1].name) for decision in by_id),
        this_week=recommend.this_week(found, in_order, sources),
        production_now=production_now(in_order, sources, texts),
        production_next=production_next(in_order, sources),
        unlocks_first=recommend.unlocks_first(found, by_id),
        unlocks_most=recommend.unlocks_most(found),
        unlocked=fold(Safe("Raises"), recommend.unlocked(found)),
        path_costs=recommend.path_costs(found, policy),
        answer=answer(in_order, sources),
        held=held[:_GATES_SHOWN],
        held_more=len(held[_GATES_SHOWN:]),
        gates=gate_views(by_id, texts),
        drivers=driver_rows(by_id, policy),
        reviews=review_rows(reviews, entitlements),
        moved=moved_tiers(tier_steps),
        identifiers=identifier_rows(by_id, sources),
        evidence_days=policy.house.evidence_max_age_days,
        acts=recommend.act_rows(found, by_id, texts),
        phases=phase_views(in_order, sources, policy),
        not_adopted=recommend.not_adopted(by_id),
        changes=shown,
        sources=Each(
            lambda: (
                source_view(
                    *entries[d.source_id],
                    d,
                    facts_of.get(d.source_id, ()),
                    stated.get(d.source_id, NOTHING_STATED),
                    texts,
                    further=further.get(d.source_id, Safe("")),
                    at=at,
                )
                for d in by_id
            )
        ),
        owners=owner_views(by_worth, sources, texts, found),
        completed=(
            f"{count(len(by_id), 'source')} decided, each with its evidence, gates and effort",
            f"{pages_looked_at} of {count(pages_total, 'page')} were looked at",
            f"{count(len(shown), 'confirmed change')} of terms on record",
        ),
        next=recommend.next_steps(found, in_order, texts),
        blockers=recommend.blockers(by_id),
        machine_alone=_machine_alone(by_id),
        versions=(
            Fact("Catalog", code(catalog.sha256[:16])),
            Fact("Policy", code(policy.sha256[:16])),
        ),
    )


def _banner(
    problems: Mapping[str, str], undecided: Sequence[str], pages_looked_at: int, pages_total: int
) -> tuple[Safe, ...]:
    lines: list[Safe] = []
    if pages_looked_at == 0:
        lines.append(
            markdown(
                "**Nothing was looked at** (0 of {}). Every tier below is capped, and all evidence is the catalog's: "
                "words that somebody once quoted, grade D. *Tier if verified* says what each source is worth once "
                "its page has been looked at.",
                count(pages_total, "page"),
            )
        )
    elif problems or pages_looked_at < pages_total:
        lines.append(
            markdown(
                "**Not everything could be looked at**: {} of {} were looked at; {} affected. Their tiers are capped "
                "or rest on older evidence.",
                str(pages_looked_at),
                count(pages_total, "page"),
                count(len(problems), "source"),
            )
        )
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for source_id, why in sorted(problems.items()):
        by_reason[why].append(source_id)
    lines += [
        markdown("{}: {}", why, _named(source_ids))
        for why, source_ids in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    if undecided:
        lines.append(
            markdown("**Not decided here**, so to be treated as blocked: {}", listed(code(name) for name in undecided))
        )
    return tuple(lines)


def _named(source_ids: Sequence[str]) -> Safe:
    """A few sources by name, many by number: each says so itself in its own section."""
    shown = listed(source_link(source_id) for source_id in source_ids[:_NAMED])
    more = len(source_ids) - _NAMED
    return shown if more <= 0 else markdown("{} and {}", shown, count(more, "more source"))


def _machine_alone(decisions: Sequence[Decision]) -> Safe:
    """Which sources no person judged; the shorter of the two lists is named."""
    alone = [d.source_id for d in decisions if d.decided_by == "machine"]
    judged = [d.source_id for d in decisions if d.decided_by != "machine"]
    if len(judged) > len(alone):
        return listed(map(source_link, alone), "nothing")
    rest = markdown("; a person had a word in {}", listed(map(source_link, judged))) if judged else Safe("")
    return markdown("{} of {}{}", str(len(alone)), count(len(decisions), "source"), rest)


def _summary(decision: Decision, dataset: str) -> SummaryRow:
    gate, owner = recommend.first_gate(decision)
    return SummaryRow(
        source=source_link(decision.source_id),
        dataset=dataset,
        layer=decision.layer,
        license=md(f"[{decision.license_declared}]") if only_declared(decision) else decision.license_concluded,
        determination=decision.determination,
        tier=markdown("**{}**", decision.tier),
        tier_if_verified=decision.tier_if_verified,
        phase=decision.phase,
        days=days(decision.effort.likely),
        gate=gate,
        owner=owner,
    )


def only_declared(decision: Decision) -> bool:
    """Whether the license shown is a claim: nobody has looked at the page."""
    # The house's word about its own data needs no page, but until it is given nothing is concluded.
    if decision.authority is SpeaksFor.HOUSE:
        return any(gate.gate == "not_looked_at" for gate in decision.gates)
    return decision.verified_at is None
