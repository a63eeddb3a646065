"""Contradictions as people read them: two statements face each other once, with all they differ about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.deciding import Decision, EvidenceItem
from domain.rights import Right
from domain.vocabulary import Action, Assignee, Purpose, RightValue
from reports.escape import plain

_STATED = re.compile(
    rf"(?:(?P<value>{'|'.join(RightValue)}))?(?:(?:^|: )“(?P<words>.*)”)?(?: \((?P<url>https?://\S+)\))?", re.DOTALL
)


NOTHING_SAID = "NOASSERTION"
_LICENSE = re.compile(
    r"\(?(LicenseRef-\S+|[A-Za-z][A-Za-z0-9.+]*(-[A-Za-z0-9.+]+)+|MIT|ISC|Zlib|Unlicense)\)?"
    r"( (AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)*"
)
_NO_WORDS = "no words quoted"


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: its words, and the page it stands on as far as anybody noted it. `quoted` is False
    where `words` is a license that was concluded and nobody's sentence; nothing noted at all leaves it empty."""

    words: str
    url: str | None
    quoted: bool = True

    @property
    def shown(self) -> str:
        """The words, or that there are none."""
        return self.words or _NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Two statements that cannot both hold. `actions` are what they differ about (none: the terms as
    such), each with what the wider and the narrower one make of it where that is known."""

    actions: tuple[tuple[Action, str], ...]
    wider: Said
    narrower: Said
    why: str

    @property
    def about(self) -> str:
        """What the two differ about, in words."""
        alike: dict[str, list[str]] = {}
        for action, values in self.actions:
            alike.setdefault(values, []).append(action.value)
        told = [", ".join(names) + (f" ({values})" if values else "") for values, names in alike.items()]
        return "; ".join(told) or "the terms"

    @property
    def quotes(self) -> bool:
        """Whether any side of it is somebody's sentence."""
        return any(said.quoted and said.words for said in (self.wider, self.narrower))


def disputes(decision: Decision) -> tuple[Dispute, ...]:
    """The contradictions of a decision in order, each pair of statements once with all it is about.

    An action of which both sides say the same for the same purpose and persons is no difference; a pair
    that differs about nothing is left out unless it is all there is.
    """
    together: dict[tuple[Said, Said], list[tuple[Action, str]]] = {}
    reasons: dict[tuple[Said, Said], list[str]] = {}
    alike: set[tuple[Said, Said]] = set()
    for item in decision.contradictions:
        (high, wider), (low, narrower) = (_said(words, decision) for words in (item.wider, item.narrower))
        pair = (wider, narrower)
        actions = together.setdefault(pair, [])
        reasons.setdefault(pair, []).append(item.why)
        if item.action is None:
            continue
        difference = _difference(high, low, decision.rights[item.action])
        if difference is None:
            alike.add(pair)
        elif (item.action, difference) not in actions:
            actions.append((item.action, difference))
    found = [
        (pair, Dispute(actions=tuple(actions), wider=pair[0], narrower=pair[1], why=_joined(reasons[pair])))
        for pair, actions in together.items()
    ]
    telling = [dispute for pair, dispute in found if dispute.actions or pair not in alike]
    return tuple(telling or [dispute for _, dispute in found])


def _joined(reasons: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(reason.rstrip(".") if len({*reasons}) > 1 else reason for reason in reasons))


def _difference(wider: str, narrower: str, left: Right) -> str | None:
    """In what two statements about an action differ; None where they read alike."""
    if not wider or not narrower:
        return ""
    if wider != narrower:
        return f"{wider} or {narrower}"
    limits = [f"purpose {left.purpose}"] if left.purpose is not Purpose.ANY else []
    limits += [f"for {left.assignee}"] if left.assignee is not Assignee.ANYONE else []
    return f"{narrower}, left: {', '.join(limits)}" if limits else None


def _said(statement: str, decision: Decision) -> tuple[str, Said]:
    """The value a statement begins with (empty: none), and the rest of it."""
    found = _STATED.fullmatch(statement)
    if found is None or not any(found.groups()):
        if statement in ("", NOTHING_SAID):
            return "", Said("", None, quoted=False)
        license_only = statement == decision.license_concluded or _LICENSE.fullmatch(statement) is not None
        return "", Said(statement, _page_of(statement, decision.evidence), quoted=not license_only)
    words = found["words"] or ""
    return found["value"] or "", Said(words, found["url"] or _page_of(words, decision.evidence), quoted=bool(words))


def _page_of(statement: str, evidence: Sequence[EvidenceItem]) -> str | None:
    words = plain(statement)
    for item in evidence:
        found = plain(item.quote)
        if item.url and words and found and (words in found or found in words):
            return item.url
    return None
