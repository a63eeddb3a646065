"""Clause rules: loading, checking on their own examples, and applying one to a sentence."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from domain.rights import Right, Rights
from domain.vocabulary import Action, Assignee, Basis, Condition, Duty, Purpose, RightValue
from terms.shadow import shadow, tidy


class Searched(Protocol):
    """What is searched for in a sentence."""

    def search(self, words: str, /) -> re.Match[str] | None: ...


class LatePattern:
    """A pattern that is compiled when it is first searched for: most rules are never tried on a short text,
    and compiling all of them takes longer than reading it."""

    __slots__ = ("_pattern", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._pattern: re.Pattern[str] | None = None

    def search(self, words: str, /) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        if self._pattern is None:
            self._pattern = re.compile(self._source)
        return self._pattern.search(words)


AT_BEGINNING = "^"
"""Before a word that calls for a rule: it does so only where a word begins."""


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """One rule; see the head of clauses.toml for what the fields mean."""

    id: str
    has: tuple[str, ...]
    cue: Searched
    unless: Searched | None
    rights: Rights
    duties: tuple[Duty, ...]
    note: str
    per_item: bool
    unknown: bool
    anywhere: bool
    upstream: bool
    part: bool = False
    rest: bool = False
    starts: bool = False
    fallback: str = ""
    under: Searched | None = None
    instead_of: tuple[str, ...] = ()

    @property
    def widens(self) -> bool:
        """Whether the rule permits anything for any purpose."""
        return any(right.width == 3 and right.purpose is Purpose.ANY for _, right in self.rights)

    def is_called(self, sentence: str) -> bool:
        """Whether one of the words that call for the rule stands in a shadowed sentence."""
        return any(
            re.search(rf"(?<![^\W_]){re.escape(word[1:])}", sentence)
            if word.startswith(AT_BEGINNING)
            else word in sentence
            for word in self.has
        )

    def match(self, sentence: str) -> re.Match[str] | None:
        """The cue's match in a shadowed sentence to which no exception applies."""
        found = self.cue.search(sentence)
        if found is None or (self.unless is not None and self.unless.search(sentence)):
            return None
        return found


GRANTED_BY_USE = (Action.REPRODUCE, Action.DERIVE, Action.TRAIN_MODEL, Action.EVALUATE)


def _pattern(source: str, words: dict[str, str]) -> LatePattern:
    for name, value in words.items():
        source = source.replace("{" + name + "}", value if value.startswith("(?:") else f"(?:{value})")
    if unknown := re.search(r"\{[A-Z]+\}", source):
        raise ValueError(f"clauses.toml: no word list is called {unknown[0]}")
    return LatePattern(source)


def _rights(entry: dict[str, Any]) -> Rights:
    purpose = Purpose(entry.get("purpose", "any"))
    assignee = Assignee(entry.get("assignee", "anyone"))
    rights = Rights()
    if entry.get("grants"):
        grant = Right(RightValue.PERMITTED, Basis.INFERRED, purpose, assignee)
        for action in GRANTED_BY_USE:
            rights = rights.with_right(action, grant)
    for action, spelled in entry.get("effects", {}).items():
        value, _, condition = spelled.partition(":")
        conditions = (Condition(condition),) if condition else ()
        rights = rights.with_right(
            Action(action), Right(RightValue(value), Basis.STATED, Purpose.ANY, assignee, conditions)
        )
    return rights


@cache
def explained() -> LatePattern:
    """What explains a sentence that looks like a limit: the word list EXPLAINED."""
    lists = _table()["words"]
    for _ in range(2):
        lists = {name: _expand(value, lists) for name, value in lists.items()}
    return _pattern("{EXPLAINED}", lists)


def _table() -> dict[str, Any]:
    return tomllib.loads((files("terms") / "clauses.toml").read_text("utf-8"))


@cache
def check_examples() -> None:
    """Raises ValueError naming the rule of clauses.toml whose own example fails, or whose pattern is broken."""
    table = _table()
    for rule in rules():
        for wanted, examples in ((True, table[rule.id]["yes"]), (False, table[rule.id]["no"])):
            for example in examples:
                words = shadow(tidy(example))
                try:
                    hit = rule.is_called(words) and rule.match(words) is not None
                except re.error as error:
                    raise ValueError(f"clauses.toml: rule {rule.id} has a broken pattern: {error}") from error
                if hit != wanted:
                    raise ValueError(
                        f"clauses.toml: rule {rule.id} {'misses' if wanted else 'matches'} its example {example!r}"
                    )


@cache
def rules() -> tuple[ClauseRule, ...]:
    """The rules of clauses.toml."""
    table = _table()
    lists = table.pop("words")
    for _ in range(2):
        lists = {name: _expand(value, lists) for name, value in lists.items()}
    result = []
    for rule_id, entry in table.items():
        rule = ClauseRule(
            id=rule_id,
            has=tuple(entry["has"]),
            cue=_pattern(entry["cue"], lists),
            unless=_pattern(entry["unless"], lists) if "unless" in entry else None,
            rights=_rights(entry),
            duties=tuple(Duty(duty) for duty in entry.get("duties", ())),
            note=entry.get("note", ""),
            per_item=bool(entry.get("per_item")),
            unknown=bool(entry.get("unknown")),
            anywhere=bool(entry.get("anywhere", True)),
            upstream=bool(entry.get("upstream")),
            part=bool(entry.get("part")),
            rest=bool(entry.get("rest")),
            starts=bool(entry.get("starts")),
            fallback=entry.get("fallback", ""),
            under=_pattern(entry["under"], lists) if "under" in entry else None,
            instead_of=tuple(entry.get("instead_of", ())),
        )
        result.append(rule)
    return tuple(result)


def _expand(value: str, words: dict[str, str]) -> str:
    for name, other in words.items():
        value = value.replace("{" + name + "}", f"(?:{other})")
    return value
