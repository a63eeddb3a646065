"""Reading one page for one watch: the whole way from bytes to a Reading."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from domain.catalog import Watch
from domain.policy import Family
from domain.reading import Finding, FindingKind, PerItem, Reading, Scope, Subject
from domain.rights import Rights
from domain.vocabulary import Layer
from terms import clauses, fulltext, locate
from terms.conclude import Families, by_layer, conclude, expression
from terms.document import BlockKind, Document
from terms.html import TooComplex
from terms.identify import Mention, mentions
from terms.language import READ, language_of
from terms.media import NotText, decode, extract, media_type_of
from terms.scoping import GRANT, Context, scope_of
from terms.shadow import shadow, squeezed

READER = "1"
"""Goes up whenever the same bytes can read differently; versions are stored under it."""

MAX_CHARS = 4_000_000
_NOTICE = 900
_OR = re.compile(r"\A[\s\"'()\]*,/]{0,4}(?:licen[sc]e\s)?(?:,? ?or|/|,? ?and/or|\|)(?:\s(?:under )?(?:the |a )?|\b)")
_CHOICE = re.compile(
    r"\b(?:dual|multi|tri)[ -]?licen[sc]|at your (?:option|choice)|either\b|your choice of|choose (?:between|one|either)"
)
_UPDATED = re.compile(
    r"(?:last (?:updated|modified|revised|changed)|effective(?: date| as of)?|updated on|version of)\s*:?\s*((?:on )?[A-Za-z0-9][\w ,./-]{3,30})",
    re.I,
)


class Reader:
    """Reads pages under one set of license families. Pure; keeps only caches."""

    def __init__(self, families: Sequence[Family]) -> None:
        self._families = Families(families)
        # Rights come out of the families: other families make another reader.
        self.name = f"{READER}-{sha256(repr(tuple(families)).encode()).hexdigest()[:8]}"
        self._extract = lru_cache(maxsize=8)(_extract_cached)

    def read_bytes(
        self, body: bytes, media_type: str | None, charset: str | None, url: str | None, watch: Watch | None = None
    ) -> Reading:
        """Read a snapshot's bytes for a watch (None: the whole page).

        Never raises for content: what cannot be read comes back as a reading with `suspect` set.
        """
        try:
            text = decode(body, charset)
        except NotText as error:
            return _unread(str(error))
        return self.read_text(text, media_type_of(media_type, url, text), watch)

    def read_text(self, text: str, media_type: str, watch: Watch | None = None, about: str | None = None) -> Reading:
        """Read a text of a media type for a watch; `about` names the dataset meant."""
        if len(text) > MAX_CHARS:
            text = text[:MAX_CHARS]
        try:
            if watch is not None and watch.select is not None and media_type == "text/html":
                cut = locate.select_html(text, watch.select)
                if cut is None:
                    return _unread(f"locator without match: select {watch.select!r}")
                document = extract(f"<body>{cut}</body>", media_type)
            else:
                document = self._extract(text, media_type)
        except TooComplex as error:
            return _unread(f"not read: {error}")
        spans: locate.Spans | None = ((0, len(document.text)),)
        missing = ""
        if watch is not None and watch.anchor is not None:
            spans, missing = locate.by_anchor(document, watch.anchor), f"anchor {watch.anchor!r}"
        elif watch is not None and watch.heading is not None:
            spans, missing = locate.by_heading(document, watch.heading), f"heading {watch.heading!r}"
        if spans is None:
            return replace(_unread(f"locator without match: {missing}"), text=document.text)
        name = about or (watch.about if watch else None)
        if name and (named := locate.by_name(document, name)) is not None:
            spans = named
        elif name and about:
            return replace(_unread(f"the text does not speak of {name!r}"), text=document.text, suspect=None)
        return self._conclude(document, spans, watch.scope if watch else None)

    def _conclude(self, document: Document, spans: locate.Spans, scope: str | None) -> Reading:
        low = shadow(document.text.replace("\n", " "))
        context = Context(document, low)
        language = language_of(low)
        inside = _inside(spans, len(document.text))
        whole = fulltext.recognize(document, low) if inside(0) and len(spans) == 1 else None
        if whole is not None:
            findings = list(self._full_text_findings(context, *whole))
        else:
            found = [m for m in mentions(document, low) if inside(m.start)]
            findings = [
                *self._license_findings(context, found),
                *_clause_findings(context, found, inside, context.sentences),
            ]
        findings = [_apply_scope(finding, scope) for finding in findings]
        findings.sort(key=lambda f: (f.start, f.end, f.rule))
        about_data = [f for f in findings if f.scope.subject is Subject.DATA]
        choice = _is_choice(context, [f for f in about_data if f.license])
        if language not in READ:
            about_data = [replace(f, rights=Rights(), license=None) for f in about_data]
        licenses, rights, duties, contradictions = conclude(about_data, self._families, choice)
        per_item_layers = {
            layer: PerItem.UNKNOWN
            for f in about_data
            if f.rule == "clause/per_item"
            for layer in (f.scope.layers or ())
        }
        per_item = PerItem.NO
        if any(f.rule == "clause/per_item" for f in about_data):
            per_item = PerItem.UNKNOWN
        layers = by_layer(about_data, self._families, per_item_layers)
        if not layers or (layers.keys() == {Layer.METADATA} and not per_item_layers):
            layers = layers if per_item is PerItem.NO else {}
        notes = tuple(dict.fromkeys(f.note for f in about_data if f.note))
        reasons = []
        if language not in READ:
            reasons.append(f"not read: the text is in a language we do not read ({language})")
        if "terms_unknown" in notes:
            per_item = PerItem.UNKNOWN
            reasons.append("the page itself says that its terms are unknown")
        if not licenses and not rights.speaks:
            reasons.append("no license and no grant is stated for the data")
        return Reading(
            reader=self.name,
            text=document.text,
            located=spans,
            findings=tuple(findings),
            licenses=licenses,
            expression=expression(licenses, choice),
            rights=rights,
            duties=duties,
            notes=notes,
            contradictions=contradictions,
            layers=layers,
            per_item=per_item,
            reasons=tuple(reasons),
            language=language,
            stated_dates=tuple(dict.fromkeys(m[1].strip() for m in _UPDATED.finditer(document.text)))[:5],
            suspect="needs JavaScript to show its text" if document.scripts_only else None,
        )

    def _full_text_findings(self, context: Context, license_id: str, score: float) -> list[Finding]:
        """The license a whole document is the text of, and what its added sentences say."""
        text = context.document.text
        first = context.sentences[0]
        head = text[first.start : min(first.end, first.start + 200)]
        result = [
            Finding(
                FindingKind.LICENSE_TEXT, "full_text/spdx", head, first.start, first.start + len(head), Scope(), license_id,
                self._families.rights(license_id), self._families.duties(license_id), f"similarity {score:.3f}",
            )
        ]  # fmt: skip
        added = fulltext.added_sentences(context, license_id)
        strong = [s for s in added if s.end - s.start < 600]
        result.extend(_clause_findings(context, [], lambda _: True, strong))
        return result

    def _license_findings(self, context: Context, found: Sequence[Mention]) -> list[Finding]:
        document = context.document
        short = len(document.text) <= _NOTICE
        result = []
        for _index, mention in enumerate(found):
            if mention.kind is FindingKind.MACHINE_READABLE or mention.start == mention.end:
                result.append(self._finding(document, mention, Scope()))
                continue
            sentence = context.sentence_at(mention.start)
            if sentence is None:
                continue
            around = [
                m
                for m in found
                if sentence.start <= m.start < sentence.end and (m.end <= mention.start or m.start >= mention.end)
            ]
            before = max((m.end for m in around if m.end <= mention.start), default=sentence.start)
            after = min((m.start for m in around if m.start >= mention.end), default=sentence.end)
            scope = scope_of(context, mention.start, mention.end, (before, after))
            strong = (
                sentence.kind is BlockKind.FIELD
                or context.in_license_section(mention.start)
                or bool(GRANT.search(context.shadow[sentence.start : sentence.end]))
                or short
            )
            if mention.weak and not (
                sentence.kind is BlockKind.FIELD or (strong and sentence.end - sentence.start < 200)
            ):
                continue
            if not strong:
                scope = replace(scope, subject=Subject.OTHER)
            result.append(self._finding(document, mention, scope))
        return result

    def _finding(self, document: Document, mention: Mention, scope: Scope) -> Finding:
        quote = document.text[mention.start : mention.end] or mention.raw
        return Finding(
            mention.kind, mention.rule, quote, mention.start, mention.end, scope, mention.license,
            self._families.rights(mention.license), self._families.duties(mention.license),
            mention.raw if mention.raw and mention.raw != quote else "",
        )  # fmt: skip


def _extract_cached(text: str, media_type: str) -> Document:
    return extract(text, media_type)


def _unread(reason: str) -> Reading:
    return Reading(READER, "", (), (), (), "NOASSERTION", Rights(), reasons=(reason,), suspect=reason)


def _inside(spans: locate.Spans, length: int):  # type: ignore[no-untyped-def]
    def check(offset: int) -> bool:
        return any(start <= offset < end or offset == end == length for start, end in spans)

    return check


def _clause_findings(context, found, inside, sentences) -> list[Finding]:  # type: ignore[no-untyped-def]
    """Clauses in the sentences a watch rests on. Words inside a license's name or in headings
    make no clause."""
    result = []
    taken = [(m.start, m.end) for m in found if m.end > m.start]
    for sentence in sentences:
        if not inside(sentence.start) or sentence.kind is BlockKind.HEADING:
            continue
        words = context.shadow[sentence.start : sentence.end]
        masked = words
        for start, end in taken:
            if start < sentence.end and end > sentence.start:
                begin, stop = max(0, start - sentence.start), min(len(words), end - sentence.start)
                masked = masked[:begin] + "x" * (stop - begin) + masked[stop:]
        for rule in clauses.rules():
            match = rule.match(masked)
            if match is None:
                continue
            scope = scope_of(
                context, sentence.start + match.start(), sentence.start + match.end(), (sentence.start, sentence.end)
            )
            quote = context.document.text[sentence.start : sentence.end]
            start = sentence.start
            if len(quote) > 400:
                start = max(sentence.start, sentence.start + match.start() - 150)
                quote = context.document.text[start : min(sentence.end, sentence.start + match.end() + 150)]
            result.append(
                Finding(
                    FindingKind.CLAUSE, f"clause/{rule.id}", quote, start, start + len(quote), scope, None, rule.rights, rule.duties,
                    rule.note,
                )
            )  # fmt: skip
    return result


_GENERIC = frozenset(
    [
        "the",
        "a",
        "an",
        "all",
        "our",
        "this",
        "these",
        "data",
        "dataset",
        "datasets",
        "it",
        "they",
        "license",
        "licenses",
        "licence",
        "content",
        "of",
        "for",
    ]
)


def _apply_scope(finding: Finding, scope: str | None) -> Finding:
    """Statements scoped to other words than the watch's do not count."""
    if scope is None or finding.scope.subject is not Subject.DATA or not finding.scope.words:
        return finding
    wanted = set(squeezed(scope).split()) - _GENERIC
    said = set(squeezed(finding.scope.words).split()) - _GENERIC
    if not said or not wanted or wanted <= said:
        return finding
    return replace(finding, scope=replace(finding.scope, subject=Subject.OTHER))


def _is_choice(context: Context, found: Sequence[Finding]) -> bool:
    """Whether the licenses stated are alternatives for the licensee ("Apache-2.0 or MIT")."""
    spans = sorted({(f.start, f.end, f.license) for f in found if f.end > f.start})
    distinct = {license_id for _, _, license_id in spans}
    if len(distinct) < 2:
        return False
    sentences = {s.start: s for start, _, _ in spans if (s := context.sentence_at(start)) is not None}
    if len(sentences) > 1:
        return False
    sentence = next(iter(sentences.values()))
    words = context.shadow[sentence.start : sentence.end]
    if _CHOICE.search(words):
        return True
    return all(
        left[2] == right[2] or bool(_OR.match(context.shadow[left[1] : right[0]] + " "))
        for left, right in itertools.pairwise(spans)
        if left[1] <= right[0]
    )
