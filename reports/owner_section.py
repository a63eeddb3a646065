"""Who must decide what: the acts only they can do, then their questions, those that hold up most first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from domain.catalog import OpenQuestion, Source
from domain.deciding import Decision
from domain.vocabulary import Owner, Tier
from reports.acts import blocking
from reports.escape import Safe, listed, markdown, source_link, worded
from reports.folding import Fold, fold, folded_lines
from reports.gate_words import GateText, gate_link
from reports.production import blocks_something
from reports.view import OwnerView
from reports.words import count


def owner_views(
    decisions: Sequence[Decision], sources: Mapping[str, Source], texts: Mapping[str, GateText]
) -> tuple[OwnerView, ...]:
    """One view an owner that has anything to decide; `decisions` come in order of worth."""
    acts = _acts(decisions, texts)
    asked = _questions(decisions, sources)
    checks: defaultdict[Owner, list[Safe]] = defaultdict(list)
    worthy = [d for d in decisions if d.tier_if_verified is Tier.PRODUCTION_APPROVED]
    for decision in sorted(worthy, key=lambda d: d.tier.rank):
        for check in sources[decision.source_id].checks:
            checks[check.owner].append(markdown("{} ({})", worded(check.check), source_link(decision.source_id)))
    views = []
    for owner in Owner:
        first, later, idle = asked.get(owner, ([], [], []))
        if acts.get(owner) or first or later or idle or checks.get(owner):
            views.append(
                OwnerView(
                    title=owner.capitalize(),
                    acts=tuple(acts.get(owner, ())),
                    questions=tuple(first),
                    checks=tuple(checks.get(owner, ())),
                    later=tuple(
                        folded_lines(markdown("{} {}", str(len(lines)), title), lines)
                        for title, lines in (
                            ("questions about sources that serve research or nothing", later),
                            ("questions that block nothing today", idle),
                        )
                        if lines
                    ),
                )
            )
    return tuple(views)


def _acts(decisions: Sequence[Decision], texts: Mapping[str, GateText]) -> dict[Owner, list[Fold]]:
    """The gates each owner closes, those that hold most first, with the act and the sources."""
    holding: defaultdict[tuple[Owner, str], list[str]] = defaultdict(list)
    closings: defaultdict[tuple[Owner, str], Counter[str]] = defaultdict(Counter)
    for decision in decisions:
        for gate in blocking(decision):
            holding[gate.owner, gate.gate].append(decision.source_id)
            closings[gate.owner, gate.gate][gate.closes] += 1
    found: defaultdict[Owner, list[Fold]] = defaultdict(list)
    for (owner, name), held in sorted(holding.items(), key=lambda item: (-len(set(item[1])), item[0])):
        ways = closings[owner, name]
        act = next(iter(ways)) if len(ways) == 1 else texts[name].closes or min(ways)
        held_sources = tuple(map(source_link, dict.fromkeys(held)))
        title = markdown("{}: {}. Holds {}", gate_link(name), worded(act), count(len(held_sources), "source"))
        found[owner].append(fold(title, held_sources))
    return dict(found)


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
