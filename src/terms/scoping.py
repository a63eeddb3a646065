"""What a statement is about: data, code, website or something else; which layers; in whose words.

Judged from what stands around it: the sentence, the item or table row, the heading path.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from domain.reading import Scope, Subject
from domain.vocabulary import Layer
from terms.document import BlockKind, Document

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z0-9(\[\"'*À-Þ])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|no|vol|v|fig|dr|mr|mrs|st|inc|ltd|et al|approx|art|sec|ver)|\b[A-Z])\.$", re.I
)

LAYER_WORDS: tuple[tuple[Layer, re.Pattern[str]], ...] = tuple(
    (layer, re.compile(rf"\b(?:{words})\b"))
    for layer, words in (
        (Layer.METADATA, "meta-?data|csvs?|tsvs?|json files?|track information"),
        (
            Layer.AUDIO,
            "audio(?! features)|sound recordings?|mp3s?|wavs?|music files?|audio files?|the tracks|the recordings|the music|the songs",
        ),
        (Layer.ANNOTATIONS, "annotations?|labels|tags|ratings|transcriptions?|ground[ -]truth"),
        (Layer.FEATURES, "features?|embeddings?|spectrograms?|chroma|mfccs?|descriptors"),
        (Layer.LYRICS, "lyrics?"),
        (Layer.IMAGES, "images?|photos?|photographs?|pictures|cover art"),
        (Layer.MODEL_WEIGHTS, "weights|checkpoints?|pre-?trained models?|the models?|model files"),
    )
)
_CODE = re.compile(
    r"\b(?:code(?:base)?|source ?code|scripts?|software|programs?|librar(?:y|ies)|packages?|repositor(?:y|ies)|repo|notebooks?|implementation|tools?|toolbox|plugin|api client)\b"
)
_DATA = re.compile(
    r"\b(?:data|data-?sets?|corpus|corpora|databases?|dumps?|annotations?|labels|metadata|audio|music|recordings?|tracks?|images?|texts?|"
    r"content|contents|collections?|lyrics|features|embeddings|weights|models?|benchmark|treebank|lexicon|files|material|materials|works?)\b"
)
_SITE = re.compile(
    r"\b(?:this|the|our)? ?(?:web ?-?site|site|website content|wiki|documentation|docs|blog|page|web page|pages|forum)\b"
)
_FOREIGN = re.compile(
    r"\b(?:based on|derived from|taken from|extracted from|adapted from|built (?:on|upon)|includes? (?:code|data) from|uses? (?:code|data) from|"
    r"originally|unlike|similar to|compared (?:to|with)|for example|e\.g\.|such as|citation|bibtex)\b"
)
LICENSE_HEADING = re.compile(
    r"licen[sc]|copyright|terms|legal|rights|usage|redistribut|data use|permission|disclaimer|availability|lizenz|licencia"
)
_OTHER_HEADING = re.compile(
    r"citation|citing|reference|acknowledg|related|credits|dependenc|third[ -]part|bibliograph|changelog|change ?log|news|example|other licen|software used|curation rationale|source data"
)
_CODE_HEADING = re.compile(r"^(?:source )?code\b|\bcode licen|software licen")
GRANT = re.compile(
    r"\blicen[sc]ed?(?: to you)?(?: \w+){0,4} (?:under|as|by|with|according)|\b(?:released|distributed|available|published|provided|shared|offered|made available|placed|covered|governed|protected|"
    r"redistributed|donated|dedicated|issued|dual[ -]licen[sc]ed|licen[sc]ed|use(?:d)?|reusable|free)\b[^.]{0,80}?\b(?:under|with|by|as|in|into|to|on|via|through|according to)\b"
    r"|\b(?:licen[sc]es?|licen[sc]ing|copyright|terms of use|rights|lizenz|licence|licencia)\b[^.]{0,40}?(?:[:|=]|\bis\b|\bare\b)|\bunder (?:the|a|an)\b[^.]{0,60}licen[sc]e|\bunder (?:cc|creative)"
)
_ATTRIBUTIVE = re.compile(
    r"\A[\s\"')]{0,3}(?:-?licensed|licenced)?\s?(?:data|content|tracks?|works?|music|materials?|files|subset|images|items|sources?|songs|recordings)\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` inside one block."""

    start: int
    end: int
    kind: BlockKind


class Context:
    """A document cut into sentences, with quick answers to where an offset stands."""

    def __init__(self, document: Document, shadow: str) -> None:
        self.document = document
        self.shadow = shadow
        self.sentences = tuple(_sentences(document))
        self._starts = [sentence.start for sentence in self.sentences]
        self._paths: list[tuple[int, tuple[str, ...]]] = []
        path: list[tuple[int, str]] = []
        for block in document.blocks:
            if block.kind is BlockKind.HEADING:
                while path and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, shadow[block.start : block.end]))
                self._paths.append((block.start, tuple(text for _, text in path)))
        self._path_starts = [start for start, _ in self._paths]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence holding an offset; for a gap, the one before it."""
        index = bisect_right(self._starts, offset) - 1
        return self.sentences[index] if index >= 0 else None

    def headings(self, offset: int) -> tuple[str, ...]:
        """The shadowed headings above an offset, outermost first."""
        index = bisect_right(self._path_starts, offset) - 1
        return self._paths[index][1] if index >= 0 else ()

    def in_license_section(self, offset: int) -> bool:
        """Whether the nearest headings speak of licenses or terms."""
        path = self.headings(offset)
        return bool(path) and any(LICENSE_HEADING.search(heading) for heading in path[-2:])


def _sentences(document: Document) -> list[Sentence]:
    result = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        begin = 0
        if block.kind not in (BlockKind.HEADING, BlockKind.FIELD):
            for match in _SENTENCE_END.finditer(text):
                if _ABBREVIATION.search(text[begin : match.start()]):
                    continue
                if text[begin : match.start()].strip():
                    result.append(Sentence(block.start + begin, block.start + match.start(), block.kind))
                begin = match.end()
        if text[begin:].strip():
            result.append(Sentence(block.start + begin, block.end, block.kind))
    return result


def layers_in(words: str) -> tuple[Layer, ...]:
    """The layers some shadowed words name."""
    return tuple(layer for layer, pattern in LAYER_WORDS if pattern.search(words))


def scope_of(context: Context, start: int, end: int, neighbors: tuple[int, int]) -> Scope:
    """The scope of a statement at `text[start:end]`. `neighbors` are the end of the statement
    before it and the start of the one after it in the same sentence (or the sentence's bounds)."""
    sentence = context.sentence_at(start)
    if sentence is None:
        return Scope()
    path = context.headings(start)
    before = context.shadow[max(sentence.start, neighbors[0]) : start]
    after = context.shadow[end : min(sentence.end, neighbors[1])]
    lead = context.shadow[sentence.start : start]
    words = scope_words(before, after)
    subject = _subject(sentence, path, lead, before, after)
    layers = layers_in(_subject_words(before)) or layers_in(words)
    if not layers and path and not LICENSE_HEADING.fullmatch(path[-1]):
        layers = layers_in(path[-1])
    return Scope(subject, layers, words)


def scope_words(before: str, after: str) -> str:
    """The page's own words for the part a statement covers: "… for core data" behind it, or
    "Core data: …", "The core data is …" before it."""
    behind = re.match(
        r"[\s\"'()\]*|]{0,4}(?:licen[sc]e\s)?(?:for|on|covers|covering|applies to)\s(?:all\s|the\s|our\s)?([\w' -]{3,60}?)(?=\s*(?:[./;,|()]|\band\b|$))",
        after,
    )
    if behind:
        return behind[1].strip()
    ahead = re.search(
        r"(?:^|[.;/|,]|\band\b)\s*(?:all |the |our |this )?([\w' -]{3,60}?)(?:\s(?:is|are|has|have been|was|were)\b|:)",
        before,
    )
    return ahead[1].strip() if ahead else ""


def _subject_words(before: str) -> str:
    """What stands before the verb of a statement: its grammatical subject, roughly."""
    match = re.search(r"\b(?:is|are|was|were|has|have|under|licen[sc]ed|released|distributed|available)\b", before)
    return before[: match.start()] if match and match.start() > 3 else before


def _subject(sentence: Sentence, path: tuple[str, ...], lead: str, before: str, after: str) -> Subject:
    if sentence.kind is BlockKind.FIELD:
        return Subject.DATA
    last = path[-1] if path else ""
    if sentence.kind is BlockKind.CODE and not LICENSE_HEADING.search(last):
        return Subject.OTHER
    if last and _OTHER_HEADING.search(last) and not re.search(r"licen[sc]", last):
        return Subject.OTHER
    if _ATTRIBUTIVE.match(after) and not GRANT.search(lead):
        return Subject.OTHER
    if _FOREIGN.search(lead):
        return Subject.OTHER
    subject = _subject_words(before)
    code, data, site = _CODE.search(subject), _DATA.search(subject), _SITE.search(subject)
    if code and data:
        # "the code of the dataset" is code; "code and data" is both
        return (
            Subject.DATA
            if re.search(r"\b(?:and|or|&|/|,)\s", subject[code.start() :]) or data.start() < code.start()
            else Subject.CODE
        )
    if code:
        return Subject.CODE
    if data:
        return Subject.DATA
    if site:
        return Subject.WEBSITE
    if last and _CODE_HEADING.search(last):
        return Subject.CODE
    return Subject.DATA
