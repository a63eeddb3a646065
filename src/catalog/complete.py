"""What the shipped catalog must say of every source, beyond what loading demands.

A catalog that loads can still leave a reader with nothing to decide on. These are editorial rules: facts behind
every source, quotes that can be checked, and no sentence pasted from one source to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from domain.catalog import Catalog, Claim, Source
from domain.vocabulary import Confidence

MAX_QUOTE_WORDS = 40
ALIKE = 0.8
_MIN_FIT_WORDS = 6
_NOTHING_TO_QUOTE = ("NONE", "NOASSERTION")


def lint_complete(catalog: Catalog) -> tuple[str, ...]:
    """Everything that is missing or pasted, one line `source: what is wrong. What to do` each; empty when complete."""
    sources = [source for _, _, source in catalog.sources]
    faults = [f"{source.id}: {fault}" for source in sources for fault in _faults(source)]
    fits = [(source.id, fit.fit) for source in sources for fit in source.applications]
    risks = [(source.id, risk) for source in sources for risk in source.risks]
    return (*faults, *_twins("fit", fits), *_twins("risk", risks))


def _faults(source: Source) -> Iterator[str]:
    if source.name is None:
        yield "has no name. Add `name:`"
    if source.access is None:
        yield "does not say how one gets the data. Add `access:`"
    if not source.watches and not source.house_owned:
        yield "watches no page. Add a watch, or `house_owned: true` for data of the house"
    if source.house_owned and source.owner is None:
        yield "is the house's own but nobody's. Add `owner:`"
    if not source.production_benefit and not source.production_benefit_note:
        yield "has no production benefit, and no reason is given. Add `production_benefit_note:`"
    yield from _claim_faults(source)
    yield from _use_faults(source)
    yield from _work_faults(source)


def _claim_faults(source: Source) -> Iterator[str]:
    # The house's own data rests on the owner's declaration, not on words of others.
    if not source.house_owned and not any(_is_evidence(claim) for claim in source.claims):
        nearest = min((_missing(claim) for claim in source.claims), key=len, default=["url", "seen", "quote"])
        yield (
            f"rests on no evidence. Add a claim with {', '.join(nearest)} (what cannot be quoted, NONE and NOASSERTION "
            "or words nobody saw, needs url and a note instead, and confidence unverified)"
        )
    quotes = [claim.quote for claim in source.claims] + [note.quote for note in source.drift]
    for quote in quotes:
        if quote is not None and len(quote.split()) > MAX_QUOTE_WORDS:
            yield f"quotes more than {MAX_QUOTE_WORDS} words (“{quote[:40]}…”). Keep the sentence that decides"


def _missing(claim: Claim) -> list[str]:
    return [key for key in ("url", "seen", "quote") if getattr(claim, key) is None]


def _is_evidence(claim: Claim) -> bool:
    """Whether a claim can be checked, or says openly why it cannot."""
    if not _missing(claim):
        return True
    nothing_to_quote = claim.license in _NOTHING_TO_QUOTE and claim.seen is not None
    open_about_it = nothing_to_quote or (claim.quote is None and claim.confidence is Confidence.UNVERIFIED)
    return claim.url is not None and claim.note is not None and open_about_it


def _use_faults(source: Source) -> Iterator[str]:
    if not source.applications:
        yield "serves no application. Add one with `application:` and `fit:`"
    for fit in source.applications:
        if not _is_concrete(fit.fit, source):
            yield f"fit for {fit.application} names nothing concrete. Name the field, table or identifier"
    if not source.risks:
        yield "has no risk. Add what can go wrong with this data and no other"
    if not source.checks:
        yield "has no required check. Add `check:` and `owner:`"


def _is_concrete(fit: str, source: Source) -> bool:
    """Whether a fit is a sentence that names an identifier, a format, or a word only a schema would have."""
    words = re.findall(r"[\w.*-]+", fit)
    if len(words) < _MIN_FIT_WORDS:
        return False
    known = {word.casefold() for text in (*source.identifiers, *source.stated.formats) for word in text.split()}
    named = (word.casefold() in known or word.casefold().rstrip("s") in known for word in words)
    # A capital at the start of the sentence is no name.
    technical = (re.search(r"[A-Z]{2}|[0-9_*]|\w\.\w", word) for word in words)
    return any(named) or any(technical) or any(word[0].isupper() for word in words[1:])


def _work_faults(source: Source) -> Iterator[str]:
    for part in ("ingestion", "normalization", "governance"):
        if not getattr(source.engineering, part):
            yield f"names no {part} work. Add a sentence under `engineering: {part}:`"
    if source.privacy is None:
        yield "does not say how near it comes to persons. Add `privacy:`"
    elif not source.privacy.note:
        yield "gives no reason for its privacy class. Add `note:` under `privacy:`"
    if source.availability is None:
        yield "does not say whether the data can be had. Add `availability:`"


def _twins(what: str, texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Pairs of texts that say the same in other words, often because one was pasted from the other."""
    seen: list[tuple[str, str]] = []
    for source, text in texts:
        words = " ".join(re.findall(r"\w+", text.casefold()))
        matcher = SequenceMatcher(b=words, autojunk=False)
        for other, other_words in seen:
            matcher.set_seq1(other_words)
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
                yield f"{source}: a {what} says what one of {other} says. Write what is true of this source only"
                break
        seen.append((source, words))
