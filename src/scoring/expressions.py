"""What an SPDX expression permits and demands by `policy/families.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.policy import Policy
from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import Duty
from scoring.determination import breadth, determine
from scoring.narrowing import only_narrowed, stricter

NOASSERTION = "NOASSERTION"
NONE = "NONE"
_TOKEN = re.compile(r"[()]|[^\s()]+")
_WORDS = frozenset({"AND", "OR", "WITH"})


@dataclass(frozen=True, slots=True)
class LicenseTerms:
    """Rights and duties of an expression, and the ids it names in order."""

    rights: Rights = ALL_SILENT
    duties: tuple[Duty, ...] = ()
    licenses: tuple[str, ...] = ()


def license_ids(expression: str) -> tuple[str, ...]:
    """The license ids of an expression in order; none for `NOASSERTION` and `NONE`."""
    words = _TOKEN.findall(expression)
    skipped = {"(", ")", NOASSERTION, NONE}
    named = (
        word
        for before, word in zip(["", *words], words, strict=False)
        if word not in skipped and word.upper() not in _WORDS and before.upper() != "WITH"
    )
    return tuple(dict.fromkeys(named))


def license_terms(
    expression: str, policy: Policy, own: Rights = ALL_SILENT, own_duties: tuple[Duty, ...] = ()
) -> LicenseTerms:
    """What an expression comes to. `AND` gives the narrowest, `OR` the widest single choice.

    `own` are rights stated beside the expression: all there is for a `LicenseRef-…`, `NOASSERTION`
    or `NONE`; beside a standard license they only narrow. An id no family covers, and an expression
    that cannot be parsed, grant nothing.
    """
    ids = license_ids(expression)
    if not ids:
        return LicenseTerms(own, own_duties)
    try:
        terms = _Parser(_TOKEN.findall(expression), policy, own).parse()
    except _Malformed:
        return LicenseTerms(ALL_SILENT, own_duties, ids)
    uncovered = any(i.startswith("LicenseRef-") and policy.family_of(i) is None for i in ids)
    rights = terms.rights if uncovered else only_narrowed(terms.rights, own)
    return LicenseTerms(rights, tuple(dict.fromkeys((*terms.duties, *own_duties))), ids)


class _Malformed(ValueError):
    """The tokens are no SPDX expression."""


class _Parser:
    """Recursive descent over `OR` < `AND` < `WITH`, evaluating as it goes."""

    def __init__(self, tokens: list[str], policy: Policy, own: Rights) -> None:
        self.tokens = tokens
        self.policy = policy
        self.own = own
        self.at = 0

    def parse(self) -> LicenseTerms:
        terms = self._choice()
        if self.at != len(self.tokens):
            raise _Malformed
        return terms

    def _accept(self, word: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].upper() == word:
            self.at += 1
            return True
        return False

    def _choice(self) -> LicenseTerms:
        options = [self._joint()]
        while self._accept("OR"):
            options.append(self._joint())
        return min(options, key=lambda terms: (breadth(determine(terms.rights)), len(terms.duties)))

    def _joint(self) -> LicenseTerms:
        terms = self._single()
        while self._accept("AND"):
            other = self._single()
            # Both licenses bind, so what one of them does not grant is not granted.
            duties = tuple(dict.fromkeys((*terms.duties, *other.duties)))
            terms = LicenseTerms(stricter(terms.rights, other.rights), duties)
        return terms

    def _single(self) -> LicenseTerms:
        if self._accept("("):
            terms = self._choice()
            if not self._accept(")"):
                raise _Malformed
            return terms
        if self.at >= len(self.tokens) or self.tokens[self.at].upper() in (*_WORDS, ")"):
            raise _Malformed
        license_id = self.tokens[self.at]
        self.at += 1
        if self._accept("WITH"):
            # An exception can only add permissions we do not count on.
            if self.at >= len(self.tokens):
                raise _Malformed
            self.at += 1
        if license_id in (NOASSERTION, NONE):
            return LicenseTerms()
        family = self.policy.family_of(license_id)
        if family is not None:
            return LicenseTerms(family.rights, family.duties)
        return LicenseTerms(self.own if license_id.startswith("LicenseRef-") else ALL_SILENT)
