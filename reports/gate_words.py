"""What is said of a gate once for all sources, and what of it is particular to one.

The words of most gates come from one line of policy; a document that repeats it for every source
hides the few words that differ.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.deciding import Decision, Gate
from domain.policy import GateRule, Policy
from domain.vocabulary import GateKind
from reports.escape import Safe, code, link_to, listed, markdown, source_link, worded
from reports.folding import fold
from reports.view import Fact, GateView
from reports.words import count

_PLACEHOLDER = re.compile(r"(:? ?)\{(\w+)\}")
_CAPABILITY = "needs_"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateText:
    """The words of one gate for all sources; empty where every source has its own."""

    reason: str
    closes: str
    reason_pattern: re.Pattern[str] | None = None
    closes_pattern: re.Pattern[str] | None = None
    begins: str = ""

    def particular_reason(self, gate: Gate) -> str:
        """What a source's reason says beyond the words for all."""
        if gate.reason == self.reason:
            return ""
        # A gate that is open for several reasons says each after a semicolon.
        several = re.split(f"; (?={re.escape(self.begins)})", gate.reason) if self.begins else [gate.reason]
        return "; ".join(dict.fromkeys(filter(None, map(self._beyond, several))))

    def _beyond(self, reason: str) -> str:
        if self.reason_pattern is None or (found := self.reason_pattern.fullmatch(reason)) is None:
            return reason
        kept = (found[name] for name in ("upstream", "detail") if name in self.reason_pattern.groupindex)
        return ": ".join(word.strip().rstrip(".") for word in kept if word and word.strip(" ."))

    def particular_closing(self, gate: Gate) -> str:
        """What closes the gate for a source, where that is something else than for all."""
        if gate.closes == self.closes:
            return ""
        known = self.closes_pattern is not None and self.closes_pattern.fullmatch(gate.closes) is not None
        return "" if known else gate.closes


def gate_texts(decisions: Iterable[Decision], policy: Policy) -> dict[str, GateText]:
    """The words for all of every gate that is open somewhere, by its id."""
    seen: defaultdict[str, list[Gate]] = defaultdict(list)
    for decision in decisions:
        for gate in decision.gates:
            seen[gate.gate].append(gate)
    return {name: _text(name, gates, policy) for name, gates in sorted(seen.items())}


def gate_link(gate_id: str) -> Safe:
    """A gate's id as a link to what is said of it for all sources."""
    return link_to(f"gate-{gate_id}", gate_id)


def gate_views(decisions: Sequence[Decision], texts: Mapping[str, GateText]) -> tuple[GateView, ...]:
    """Every open gate once: its words, who closes it, and the sources that carry it."""
    views = []
    for name, text in texts.items():
        carrying = [(decision, gate) for decision in decisions for gate in decision.gates if gate.gate == name]
        capping = [decision.source_id for decision, gate in carrying if gate.kind is GateKind.BLOCKING]
        beside = [decision.source_id for decision, gate in carrying if gate.kind is GateKind.CONDITION]
        caps = dict.fromkeys(gate.caps_at or "blocked" for _, gate in carrying if gate.kind is GateKind.BLOCKING)
        facts = [
            Fact("Why", worded(text.reason) or "each source says why"),
            Fact("What closes it", worded(text.closes) or "each source says what"),
            Fact("Who", listed(dict.fromkeys(gate.owner for _, gate in carrying))),
        ]
        if capping:
            facts.append(Fact("Caps at", listed(sorted(caps))))
        lists = tuple(
            fold(markdown("{} {}", words, count(len(set(held)), "source")), map(source_link, dict.fromkeys(held)))
            for words, held in (("Holds", capping), ("Condition beside", beside))
            if held
        )
        views.append(GateView(heading=markdown("Gate {}", code(name)), facts=tuple(facts), carrying=lists))
    return tuple(views)


def _text(name: str, gates: Sequence[Gate], policy: Policy) -> GateText:
    rule = policy.gates.get(name)
    word = ""
    if rule is None and name.startswith(_CAPABILITY):
        rule, word = policy.gates.get(f"{_CAPABILITY}capability"), name.removeprefix(_CAPABILITY)
    if rule is None:
        reasons, closings = {gate.reason for gate in gates}, {gate.closes for gate in gates}
        return GateText(
            reason=reasons.pop() if len(reasons) == 1 else "", closes=closings.pop() if len(closings) == 1 else ""
        )
    return _from_rule(rule, word)


def _from_rule(rule: GateRule, word: str) -> GateText:
    fixed = {"duty": word, "capability": word}
    reason, closes = (" ".join(text.split()) for text in (rule.reason, rule.closes))
    return GateText(
        reason=_general(reason, fixed),
        closes=_general(closes, fixed),
        reason_pattern=_pattern(reason, fixed),
        closes_pattern=_pattern(closes, fixed),
        begins=_PLACEHOLDER.split(reason)[0],
    )


def _general(text: str, fixed: Mapping[str, str]) -> str:
    """A policy line without what differs from source to source."""

    def filled(found: re.Match[str]) -> str:
        before, name = found.groups()
        if fixed.get(name):
            return f"{before}{fixed[name]}"
        return f"{before}the upstream" if name == "upstream" else ""

    return _PLACEHOLDER.sub(filled, text).strip()


def _pattern(text: str, fixed: Mapping[str, str]) -> re.Pattern[str]:
    """Matches the filled line; every name that differs is a group at its first place."""
    parts: list[str] = []
    named: set[str] = set()
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        before, name = found.groups()
        parts.append(re.escape(text[end : found.start()]))
        end = found.end()
        if fixed.get(name):
            parts.append(re.escape(before + fixed[name]))
            continue
        words = f"(?P<{name}>.*?)" if name not in named else ".*?"
        named.add(name)
        parts.append(f"(?:{re.escape(before)}{words})?" if name == "detail" else re.escape(before) + words)
    parts.append(re.escape(text[end:]))
    return re.compile("".join(parts))
