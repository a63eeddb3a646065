"""Reading one page for one watch: the whole way from bytes to a Reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from domain.catalog import Watch
from domain.policy import Family
from domain.reading import Finding, PerItem, Reading, Subject
from domain.rights import Rights
from terms import fulltext, locate
from terms.conclude import by_layer, conclude, expression
from terms.document import Document
from terms.families import Families
from terms.findings import Place, Statements, of_license_texts
from terms.identify import mentions
from terms.language import READ, language_of
from terms.media import NotText, decode, extract, media_type_of
from terms.screening import TooComplex
from terms.sentences import Context
from terms.settle import is_choice, settle
from terms.shadow import shadow, squeezed

READER = "2"
"""Goes up whenever the same bytes can read differently; versions are stored under it."""

MAX_CHARS = 4_000_000
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
        self._extract = lru_cache(maxsize=8)(extract)

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
        context = Context(document, shadow(document.text.replace("\n", " ")))
        language = language_of(context)
        findings = [_apply_scope(finding, scope) for finding in _one_scope_a_place(self._findings(context, spans))]
        findings.sort(key=lambda f: (f.start, f.end, f.rule))
        if language not in READ and not any(f.rule == "full_text/spdx" for f in findings):
            return self._not_read(document, spans, findings, language)
        findings, contradictions = settle(findings, self._families)
        about_data = [f for f in findings if f.scope.subject is Subject.DATA]
        choice = is_choice(context, [f for f in about_data if f.license])
        answer = conclude(about_data, self._families, choice)
        per_item_layers = {
            layer: PerItem.UNKNOWN for f in about_data if f.rule == "clause/per_item" for layer in f.scope.layers
        }
        per_item = PerItem.UNKNOWN if any(f.rule == "clause/per_item" for f in about_data) else PerItem.NO
        notes = tuple(dict.fromkeys(f.note for f in about_data if f.note))
        reasons = []
        if "terms_unknown" in notes:
            per_item = PerItem.UNKNOWN
            reasons.append("the page itself says that its terms are unknown")
        if not answer.licenses and not answer.rights.speaks:
            reasons.append("no license and no grant is stated for the data")
        return Reading(
            reader=READER,
            text=document.text,
            located=spans,
            findings=tuple(findings),
            licenses=answer.licenses,
            expression=expression(answer.licenses, choice),
            rights=answer.rights,
            duties=answer.duties,
            notes=notes,
            contradictions=(*contradictions, *answer.contradictions),
            layers=by_layer(findings, self._families, per_item_layers, choice),
            per_item=per_item,
            reasons=tuple(reasons),
            language=language,
            stated_dates=tuple(dict.fromkeys(m[1].strip() for m in _UPDATED.finditer(document.text)))[:5],
            suspect="needs JavaScript to show its text" if document.scripts_only else None,
        )

    def _findings(self, context: Context, spans: locate.Spans) -> list[Finding]:
        whole = len(spans) == 1 and spans[0] == (0, len(context.document.text))
        recognized = fulltext.recognize(context) if whole else ()
        place = Place.of(context, spans, recognized)
        statements = Statements(context, self._families, place, mentions(context.document, context.shadow))
        return [
            *of_license_texts(context, self._families, recognized),
            *statements.licenses(),
            *statements.clauses(),
        ]

    @staticmethod
    def _not_read(document: Document, spans: locate.Spans, findings: Sequence[Finding], language: str) -> Reading:
        reason = f"not read: the text is in a language we do not read ({language})"
        return Reading(
            READER,
            document.text,
            spans,
            tuple(findings),
            (),
            "NOASSERTION",
            Rights(),
            reasons=(reason,),
            language=language,
        )


def _unread(reason: str) -> Reading:
    return Reading(READER, "", (), (), (), "NOASSERTION", Rights(), reasons=(reason,), suspect=reason)


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


def _one_scope_a_place(findings: Sequence[Finding]) -> list[Finding]:
    """A name within a longer statement of the same license, such as the words of a link, has its scope."""
    longest: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.license and finding.end > finding.start:
            longest.setdefault(finding.license, []).append(finding)

    def around(inner: Finding) -> Finding:
        places = longest.get(inner.license or "", [])
        holding = [f for f in places if f.start <= inner.start and inner.end <= f.end]
        outer = max(holding, key=lambda f: f.end - f.start, default=inner)
        return inner if outer.end - outer.start <= inner.end - inner.start else replace(inner, scope=outer.scope)

    return [around(finding) for finding in findings]


def _apply_scope(finding: Finding, scope: str | None) -> Finding:
    """Statements scoped to other words than the watch's do not count."""
    if scope is None or finding.scope.subject is not Subject.DATA or not finding.scope.words:
        return finding
    wanted = set(squeezed(scope).split()) - _GENERIC
    said = set(squeezed(finding.scope.words).split()) - _GENERIC
    if not said or not wanted or wanted <= said:
        return finding
    return replace(finding, scope=replace(finding.scope, subject=Subject.OTHER))
