"""Reading one page for one watch: the whole way from bytes to a Reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import sha256

from domain.catalog import Watch
from domain.policy import Family
from domain.reading import Finding, FindingKind, PerItem, Reading, Subject
from domain.rights import Rights
from terms import fulltext, locate
from terms.clause_findings import ClauseStatements
from terms.conclude import by_layer, conclude, expression
from terms.dates import NOT_YET
from terms.document import Document
from terms.families import Families
from terms.findings import LicenseStatements, of_license_texts
from terms.identify import mentions
from terms.language import READ, language_of, unread_language
from terms.media import NotText, decode, extract, media_type_of
from terms.naming import Name, name_of
from terms.parts import parts_of
from terms.pdf import UnreadablePdf, extract_pdf, is_pdf
from terms.per_item import per_item, per_item_rules
from terms.place import Owned, Place
from terms.references import referred
from terms.scopes import apply_scope, one_scope_a_place
from terms.screening import TooComplex
from terms.sentences import Context
from terms.settle import is_choice, settle
from terms.shadow import shadow, tidy
from terms.stand_ins import with_stand_ins
from terms.standing import Standing
from terms.trade_columns import of_trade_columns
from terms.unseen import unseen_restrictions
from terms.untold import of_terms_elsewhere, of_untold_licenses

READER = "11"
"""Goes up whenever the same bytes can read differently; versions are stored under it."""

MAX_CHARS = 600_000
"""Longer texts are not read at all: no page of terms is, and half a reading could miss the restriction."""

MAX_MARKUP = 4_000_000
"""The same for HTML with its markup."""

MAX_STATEMENTS = 8_000
"""Pages with more links, or more mentions of licenses, are lists of items and no terms."""

_UPDATED = re.compile(
    r"(?:last (?:updated|modified|revised|changed)|effective(?: date| as of)?|updated on|version of)\s*:?\s*((?:on )?[A-Za-z0-9][\w ,./-]{3,30})",
    re.I,
)
_DEEPEST_REFERENCE = 5
"""How many datasets in a row may say "as above"."""
_DATE_WORDS = ("last updated", "last modified", "last revised", "last changed", "effective", "updated on", "version of")
_UNLESS = re.compile(
    r"\b(?:unless|except|if not)\b[^.;]{0,40}\b(?:otherwise|stated|noted|specified|indicated|marked|mentioned|given|said)\b|\bexcept where\b|\botherwise (?:stated|noted|specified|indicated)"
)
"""Words by which a statement about everything gives way to what is said of one thing."""


_OF_ITS_OWN = re.compile(
    r"\b(?:data ?-?sets?|sets?|corpus|corpora|collections?|databases?|products?|subsets?|resources|sources)\b[^.;]{0,40}"
    r"\b(?:keeps?|retains?|carr(?:y|ies)|ha(?:ve|s)|under|comes? with) (?:its|their) own (?:terms|licen[sc]es?|conditions|rules)\W*"
)
"""What a page says of datasets each of which has its own terms: these are told where the dataset is."""

_NOT_OURS = re.compile(
    r"\b(?:not (?:our(?:s| own)|made by us)|(?:by|from|of) (?:others|third part(?:y|ies))|third[- ]party|elsewhere|external (?:data\w*|sets|resources))\b"
)
"""Headings over what a page lists and others made: what the page grants is not granted for that."""


class Reader:
    """Reads pages under one set of license families. Pure; keeps only caches."""

    def __init__(self, families: Sequence[Family]) -> None:
        self._families = Families(families)
        # Rights come out of the families: other families make another reader.
        self.name = f"{READER}-{sha256(repr(tuple(families)).encode()).hexdigest()[:8]}"
        self._extract = lru_cache(maxsize=8)(extract)
        self._extract_pdf = lru_cache(maxsize=1)(extract_pdf)

    def read_bytes(
        self,
        body: bytes,
        media_type: str | None,
        charset: str | None,
        url: str | None,
        watch: Watch | None = None,
        at: date | None = None,
    ) -> Reading:
        """Read a snapshot's bytes for a watch (None: the whole page) as seen on a day.

        What is to widen rights counts from its day; without `at` nobody knows whether that has come.
        Never raises for content: what cannot be read comes back as a reading with `suspect` set.
        """
        try:
            if is_pdf(body):
                return self._read_document(self._extract_pdf(body), watch, None, at)
            text = decode(body, charset)
        except NotText as error:
            return _unread(str(error))
        except (TooComplex, UnreadablePdf) as error:
            return _unread(f"not read: {error}")
        return self.read_text(text, media_type_of(media_type, url, text), watch, at=at)

    def read_text(
        self,
        text: str,
        media_type: str,
        watch: Watch | None = None,
        about: str | None = None,
        at: date | None = None,
    ) -> Reading:
        """Read a text of a media type for a watch as seen on a day; `about` names the dataset meant."""
        try:
            return self._read(text, media_type, watch, about, at)
        except TooComplex as error:
            return _unread(f"not read: {error}")

    def _read(self, text: str, media_type: str, watch: Watch | None, about: str | None, at: date | None) -> Reading:
        limit = MAX_MARKUP if media_type == "text/html" else MAX_CHARS
        if len(text) > limit:
            return _unread(f"not read: longer than {limit:,} characters")
        if watch is not None and watch.select is not None and media_type == "text/html":
            cut = locate.select_html(text, watch.select)
            if cut is None:
                return _unread(f"locator without match: select {watch.select!r}")
            document = extract(f"<body>{cut}</body>", media_type)
        else:
            document = self._extract(text, media_type)
        return self._read_document(document, watch, about, at)

    def _read_document(self, document: Document, watch: Watch | None, about: str | None, at: date | None) -> Reading:
        if len(document.text) > MAX_CHARS:
            return _unread(f"not read: more than {MAX_CHARS:,} characters of text")
        if max(len(document.links), len(document.marks)) > MAX_STATEMENTS:
            return _unread(f"not read: more than {MAX_STATEMENTS:,} links")
        low = shadow(document.text.replace("\n", " "))
        context = Context(document, low, at)
        spans, missing = locate.located(document, watch)
        if spans is None:
            return replace(_unread(f"locator without match: {missing}"), text=document.text)
        name = about or (watch.about if watch else None)
        if name is None or missing:
            return self._conclude(context, spans, self._findings(context, spans), watch)
        meant = name_of(name, low)
        if (said := with_stand_ins(document, low, meant, name)) != low:
            context = Context(document, said, at)
        named = self._about(context, meant)
        if named is None:
            reason = f"the text does not speak of {name!r}"
            return replace(_unread(reason), text=document.text, suspect=None if about else reason)
        return self._conclude(context, *named, watch)

    def _conclude(
        self, context: Context, spans: locate.Spans, findings: Sequence[Finding], watch: Watch | None
    ) -> Reading:
        document = context.document
        language, plainly = language_of(context)
        findings = [apply_scope(finding, watch.scope if watch else None) for finding in one_scope_a_place(findings)]
        findings.sort(key=lambda f: (f.start, f.end, f.rule))
        whole = len(spans) == 1 and spans[0] == (0, len(document.text))
        if language in READ and not (plainly and whole):
            inside = context.sentences if whole else Place.of(context, spans).sentences
            language = unread_language(context, inside, language) or language
        if language not in READ and not any(f.rule == "full_text/spdx" for f in findings):
            return self._not_read(document, spans, findings, language)
        findings, contradictions = settle(findings, self._families)
        about_data = [f for f in findings if f.scope.subject is Subject.DATA]
        choice = is_choice(context, [f for f in about_data if f.license])
        answer = conclude(about_data, self._families, choice)
        items, items_of_layers = per_item(context, about_data, self._families)
        notes = tuple(dict.fromkeys(f.note for f in findings if f.note and _is_shown(f)))
        reasons = []
        if "terms_unknown" in notes:
            items = PerItem.UNKNOWN
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
            layers=by_layer(findings, self._families, items_of_layers, choice),
            per_item=items,
            reasons=tuple(reasons),
            language=language,
            stated_dates=_stated_dates(context),
            suspect="needs JavaScript to show its text" if document.scripts_only else None,
        )

    def _findings(self, context: Context, spans: locate.Spans) -> list[Finding]:
        whole = len(spans) == 1 and spans[0] == (0, len(context.document.text))
        recognized = fulltext.recognize(context) if whole else ()
        if recognized:
            # In a license file "the software" is the thing that is licensed.
            context.speaks_of_data = False
            context.holds_license_text = True
        place = Place.of(context, spans, recognized)
        return [*of_license_texts(context, self._families, recognized), *self._of_place(context, place)]

    def _of_place(self, context: Context, place: Place) -> list[Finding]:
        found = mentions(context.document, context.shadow)
        if len(found) > MAX_STATEMENTS:
            raise TooComplex(f"more than {MAX_STATEMENTS:,} mentions of licenses")
        standing = Standing(context, place, found)
        licenses = LicenseStatements(standing, self._families).licenses()
        return [
            *licenses,
            *ClauseStatements(standing).clauses(),
            *of_trade_columns(context, place),
            *of_untold_licenses(context, place),
            *unseen_restrictions(context, place),
        ]

    def _about(self, context: Context, name: Name, depth: int = 0) -> tuple[locate.Spans, list[Finding]] | None:
        """The spans and findings that speak of one named dataset; None when the page never says it.

        What is stated for everything on the page counts where nothing is stated for the dataset
        itself; restrictions of everything, and of nobody in particular, always count.
        """
        parts = parts_of(context, name)
        if parts is None:
            return None
        spans = tuple(sorted((*parts.own, *parts.prose)))
        if len(spans) == 1 and spans[0] == (0, len(context.document.text)):
            return spans, self._findings(context, spans)
        place = replace(
            Place.of(context, spans),
            name=name,
            prose=parts.prose,
            machine=lambda mention: _is_owned(mention, name),
            others=parts.titles,
        )
        own = self._of_place(context, place)
        if not any(f.license for f in own):
            own.extend(of_terms_elsewhere(context, place))
        answered = any(f.scope.subject is Subject.DATA and (f.license or f.rights.speaks or _is_open(f)) for f in own)
        if parts.loose:
            loose = self._of_place(context, replace(Place.of(context, parts.loose), machine=lambda _: False))
            own.extend(f for f in loose if _restricts(context, f))
        if parts.mentioned:
            elsewhere = replace(
                Place.of(context, parts.mentioned), name=name, prose=parts.mentioned, machine=lambda _: False
            )
            own.extend(f for f in self._of_place(context, elsewhere) if _restricts(context, f))
        if depth < _DEEPEST_REFERENCE and (other := referred(context, name, parts)):
            # Another's terms are this one's, whatever else is said of it.
            if (theirs := self._about(context, other, depth + 1)) is None:
                return spans, own
            return tuple(sorted({*spans, *theirs[0]})), [*own, *theirs[1]]
        if not parts.general and any(f.license for f in own):
            return spans, own
        over = {heading for start, _ in spans for heading in context.headings(start)}
        answered = answered or any(map(_NOT_OURS.search, over))
        general = self._of_place(
            context,
            replace(Place.of(context, parts.general or spans[:1]), machine=lambda _: False, of_rest=True),
        )
        if not parts.general:
            general = [f for f in general if f.start == f.end]
        if answered:
            return spans, [*own, *(f for f in general if _restricts(context, f))]
        return tuple(sorted((*spans, *parts.general))), [*own, *general]

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


def _stated_dates(context: Context) -> tuple[str, ...]:
    """The page's own claims of when it was last changed, at most five."""
    if not any(word in context.shadow for word in _DATE_WORDS):
        return ()
    return tuple(dict.fromkeys(m[1].strip() for m in _UPDATED.finditer(context.document.text)))[:5]


def _is_owned(mention: Owned, name: Name) -> bool:
    return bool(mention.owner) and name.rank(shadow(tidy(mention.owner))) in (0, 1)


def _is_shown(finding: Finding) -> bool:
    """Whether a finding's note is one for people: of a clause about the data, or of a license to come."""
    if finding.note.startswith(NOT_YET):
        return True
    return finding.kind is FindingKind.CLAUSE and finding.scope.subject is Subject.DATA


def _is_open(finding: Finding) -> bool:
    """Whether a finding says that there is no one answer."""
    return finding.rule == "clause/terms_unknown" or finding.rule in per_item_rules()


def _restricts(context: Context, finding: Finding) -> bool:
    """Whether a statement about everything narrows what one dataset's own statement gives."""
    sentence = context.sentence_at(finding.start)
    if sentence is None or finding.license is not None:
        return False
    if _UNLESS.search(context.shadow, sentence.start, sentence.end):
        return False
    own = _OF_ITS_OWN.search(context.shadow, sentence.start, sentence.end)
    if own is not None and own.end() == sentence.end:
        # Nothing is said beside it.
        return False
    return any(right.speaks and not right.usable for _, right in finding.rights)


def _unread(reason: str) -> Reading:
    return Reading(READER, "", (), (), (), "NOASSERTION", Rights(), reasons=(reason,), suspect=reason)
