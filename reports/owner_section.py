"""Who must decide what: the acts only they can do, then their questions, those that hold up most first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from domain.catalog import OpenQuestion, Source
from domain.deciding import Decision
from domain.vocabulary import Owner, Tier
from reports.acts import Act, blocking, conditions
from reports.escape import Safe, listed, markdown, source_link, worded
from reports.folding import ON_ONE_LINE, folded_lines
from reports.gate_words import GateText, gate_link
from reports.production import blocks_something
from reports.view import OwnerView
from reports.words import count


def owner_views(
    decisions: Sequence[Decision],
    sources: Mapping[str, Source],
    texts: Mapping[str, GateText],
    found: Sequence[Act],
) -> tuple[OwnerView, ...]:
    """One view an owner that has anything to decide; `decisions` come in order of worth, `found` are the
    acts that raise a source."""
    acts = _acts(decisions, texts, found)
    asked = _questions(decisions, sources)
    checks: defaultdict[Owner, list[Safe]] = defaultdict(list)
    worthy = [d for d in decisions if d.tier_if_verified is Tier.PRODUCTION_APPROVED]
    for decision in sorted(worthy, key=lambda d: d.tier.rank):
        for check in sources[decision.source_id].checks:
            checks[check.owner].append(markdown("{} ({})", worded(check.check), source_link(decision.source_id)))
    beside = _conditions(worthy)
    views = []
    for owner in Owner:
        first, later, idle = asked.get(owner, ([], [], []))
        if acts.get(owner) or first or later or idle or checks.get(owner) or beside.get(owner):
            views.append(
                OwnerView(
                    title=owner.capitalize(),
                    acts=tuple(acts.get(owner, ())),
                    questions=tuple(first),
                    checks=tuple(checks.get(owner, ())),
                    conditions=tuple(beside.get(owner, ())),
                    later=tuple(
                        folded_lines(markdown("{} {}", count(len(lines), "question"), title), lines)
                        for title, lines in (
                            ("about sources that serve research or nothing", later),
                            ("blocking nothing today", idle),
                        )
                        if lines
                    ),
                )
            )
    return tuple(views)


def _conditions(worthy: Sequence[Decision]) -> dict[Owner, list[Safe]]:
    """The conditions of what is or may come into production, one line a gate: one ruling for all its sources."""
    carrying: defaultdict[tuple[Owner, str], dict[str, None]] = defaultdict(dict)
    for decision in worthy:
        for gate in conditions(decision):
            carrying[gate.owner, gate.gate][decision.source_id] = None
    lines: defaultdict[Owner, list[Safe]] = defaultdict(list)
    for (owner, name), held in sorted(carrying.items(), key=lambda item: (-len(item[1]), item[0])):
        lines[owner].append(markdown("{}: {}", gate_link(name), listed(map(source_link, held))))
    return dict(lines)


def _acts(
    decisions: Sequence[Decision], texts: Mapping[str, GateText], found: Sequence[Act]
) -> dict[Owner, list[Safe]]:
    """The gates each owner closes with the act, those first whose closing raises most; the sources of a
    long list stand with the gate."""
    holding: defaultdict[tuple[Owner, str], list[str]] = defaultdict(list)
    closings: defaultdict[tuple[Owner, str], Counter[str]] = defaultdict(Counter)
    for decision in decisions:
        for gate in blocking(decision):
            holding[gate.owner, gate.gate].append(decision.source_id)
            closings[gate.owner, gate.gate][gate.closes] += 1
    raising: Counter[tuple[Owner, str, Tier]] = Counter()
    for act in found:
        for gain in act.raised:
            raising[act.owner, act.gate, gain.to] += 1

    def by_gain(item: tuple[Owner, str]) -> tuple[int, int, int, str]:
        gains = [-raising[*item, tier] for tier in (Tier.PRODUCTION_APPROVED, Tier.RESEARCH_ONLY)]
        return (gains[0], gains[1], -len({*holding[item]}), item[1])

    lines: defaultdict[Owner, list[Safe]] = defaultdict(list)
    for owner, name in sorted(holding, key=by_gain):
        ways = closings[owner, name]
        act_words = next(iter(ways)) if len(ways) == 1 else texts[name].closes or min(ways)
        held = tuple(map(source_link, dict.fromkeys(holding[owner, name])))
        gains = [
            markdown("{} to {}", str(raising[owner, name, tier]), tier)
            for tier in (Tier.PRODUCTION_APPROVED, Tier.RESEARCH_ONLY)
            if raising[owner, name, tier]
        ]
        lines[owner].append(
            markdown(
                "{}: {}. Holds {}{}; closing it alone raises {}",
                gate_link(name),
                worded(act_words),
                count(len(held), "source"),
                markdown(" ({})", listed(held)) if len(held) <= ON_ONE_LINE else Safe(""),
                listed(gains, "none"),
            )
        )
    return dict(lines)


def _questions(
    decisions: Sequence[Decision], sources: Mapping[str, Source]
) -> dict[Owner, tuple[list[Safe], list[Safe], list[Safe]]]:
    """Questions of each owner: of sources in production or fit for it, of others, and idle ones. The same
    question about several sources is one."""
    about: dict[OpenQuestion, list[Decision]] = {}
    for decision in sorted(decisions, key=lambda d: d.tier.rank):
        for question in sources[decision.source_id].questions:
            about.setdefault(question, []).append(decision)
    found: dict[Owner, tuple[list[Safe], list[Safe], list[Safe]]] = {}
    for question, asking in about.items():
        lists = found.setdefault(question.owner, ([], [], []))
        worth_most = any(d.tier_if_verified is Tier.PRODUCTION_APPROVED for d in asking)
        place = 2 if not blocks_something(question) else 0 if worth_most else 1
        approved = Safe(" It is approved today." if any(d.tier is Tier.PRODUCTION_APPROVED for d in asking) else "")
        lists[place].append(
            markdown(
                "{} Blocks: {} ({}){}",
                question.question,
                question.blocks,
                listed(source_link(d.source_id) for d in asking),
                approved,
            )
        )
    return found
