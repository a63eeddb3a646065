"""Recognizing standard license texts in a document, whole or as a part of it.

CC-BY and CC-BY-NC texts resemble each other by 95 %, so the members of one family are told apart by
their word sequences, and a text that says "commercial advantage" is never taken for one that does
not. Sentences the standard text does not have are read as everything else is, because one added
sentence of restriction changes everything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from terms import creative_commons, spdx
from terms.sentences import Context, Sentence
from terms.spdx import Likeness

_CUES = (
    "licensor", "hereby", "permission", "granted", "grants", "as is", "redistribut", "warrant", "the work", "covered ", "copyright", "public domain", "you may",
    "terms and conditions", "liab", "provided that", "without restriction", "copies", "lizenzgeber", "schutzgegenstand", "bedingungen", "haftung", "lizenz",
    "concédant", "présente licence", "conditions suivantes", "responsabilité", "licenciante", "licencia", "garantía", "notice", "for any purpose", "modif",
    "disclaim", "licence", "oeuvre", "œuvre", "droits", "auteur",
)  # fmt: skip
_WHOLE = 0.78
_PART = 0.86
_NC_WORDS = re.compile(
    r"commercial advantage|private monetary compensation|geschäftlichen vorteil|avantage commercial|non-?commercial"
)
_RESTRICTS = frozenset({
    "non", "noncommercial", "commercial", "commercially", "academic", "academia", "research", "scientific",
    "educational", "education", "teaching", "personal", "only", "solely", "not", "no", "except", "prohibited",
    "forbidden", "restricted", "excluded", "train", "training", "models",
})  # fmt: skip
_MAX_TEXTS = 4
_TITLE = 300
_LEAST_OF_THE_OTHER = 5
_SAME_SCORE = 0.004
_MOSTLY = 0.82


@dataclass(frozen=True, slots=True)
class Recognized:
    """A standard license text found in a document: which, how like (0 to 1), and the sentences that
    are the standard's own."""

    license_id: str
    score: float
    sentences: tuple[Sentence, ...]


def recognize(context: Context) -> tuple[Recognized, ...]:
    """The standard license texts a document is or holds, most alike first."""
    least = 2 if len(context.shadow) < 1500 else 4
    if sum(1 for _ in islice((cue for cue in _CUES if cue in context.shadow), least)) < least:
        return ()
    words = [spdx.word_list(context.shadow[s.start : s.end]) for s in context.sentences]
    open_sentences = list(range(len(words)))
    found: list[Recognized] = []
    while len(found) < _MAX_TEXTS:
        flat = [word for index in open_sentences for word in words[index]]
        best = _best(flat, context.shadow)
        if best is None:
            break
        own = _own_sentences(best.license_id, words, open_sentences)
        if not own:
            break
        found.append(Recognized(best.license_id, max(best.dice, best.held), tuple(context.sentences[i] for i in own)))
        taken = set(own)
        open_sentences = [index for index in open_sentences if index not in taken]
    return tuple(found)


def _best(words: Sequence[str], shadow: str) -> Likeness | None:
    likely = [like for like in spdx.likenesses(words, 0.6) if like.dice >= _WHOLE or like.held >= _PART]
    if not likely:
        return None
    whole = [like for like in likely if like.dice >= _WHOLE]
    ranked = whole or sorted(likely, key=lambda like: -like.held)
    best = ranked[0]
    if not whole:
        # Of texts that stand in one another (MIT in its variants) the longest that is held counts.
        rivals = [like for like in ranked if best.held - like.held < 0.003]
        best = max(rivals, key=lambda like: (len(spdx.texts()[like.license_id].words), -len(like.license_id)))
    if best.license_id.startswith("CC-BY"):
        return _creative_commons(best, ranked, shadow)
    return _not_a_variant(best, ranked, words)


def _not_a_variant(best: Likeness, ranked: Sequence[Likeness], words: Sequence[str]) -> Likeness:
    """Instead of a license that was made of another by changing it, the other, where the document has none of the
    changes and a part of what they replaced: Apache-2.0 without its appendix is more like Pixar, which has none."""
    own = spdx.shingles(words)
    for rival in ranked:
        ours, theirs = spdx.shingles_of(best.license_id), spdx.shingles_of(rival.license_id)
        of_the_other = theirs - ours
        least = max(_LEAST_OF_THE_OTHER, len(of_the_other) / 7)
        # A text without its end is all else of it; a clause more than the document has is another license's.
        mostly = rival.held >= _MOSTLY
        if mostly and own.isdisjoint(ours - theirs) and len(own & of_the_other) >= least:
            return rival
    return best


def _creative_commons(best: Likeness, ranked: Sequence[Likeness], shadow: str) -> Likeness | None:
    """Of Creative Commons texts that are too alike to tell, the narrowest; never one without NC for
    a text that speaks of commercial advantage. Ports that the list lacks are known by their title."""
    nc = bool(_NC_WORDS.search(shadow))
    titled = next((lid for _, _, lid in creative_commons.names_in(shadow[:_TITLE]) if lid.startswith("CC-BY")), None)
    if titled is not None and titled != best.license_id and ("NC" in titled) == nc:
        return replace(best, license_id=titled) if _elements(titled) >= _elements(best.license_id) else None
    rivals = [like for like in ranked if best.dice - like.dice <= _SAME_SCORE and like.license_id.startswith("CC-BY")]
    if nc and "NC" not in best.license_id:
        rivals = [like for like in ranked if "NC" in like.license_id and best.dice - like.dice < 0.03]
    if not rivals:
        return None
    return min(rivals, key=lambda like: (-("NC" in like.license_id) - ("ND" in like.license_id), -like.dice))


def _elements(license_id: str) -> frozenset[str]:
    """The elements of a Creative Commons license, whatever its version or port."""
    return frozenset({"BY", "NC", "ND", "SA"} & set(license_id.split("-")))


def _own_sentences(license_id: str, words: Sequence[Sequence[str]], candidates: Sequence[int]) -> list[int]:
    """The sentences that stand in the standard text: those whose word sequences it has, and short
    ones that it has word for word. A sentence with a word of restriction put in is never one."""
    standard = spdx.shingles_of(license_id)
    flat = " ".join(spdx.texts()[license_id].words)
    own = []
    for index in candidates:
        sentence = words[index]
        if len(sentence) < spdx.SHINGLE:
            if sentence and f" {' '.join(sentence)} " in f" {flat} ":
                own.append(index)
            continue
        sequences = spdx.shingles(sentence)
        foreign = [sequence for sequence in sequences if sequence not in standard]
        if len(foreign) <= 0.25 * len(sequences) and not any(_RESTRICTS & set(sequence) for sequence in foreign):
            own.append(index)
    return own
