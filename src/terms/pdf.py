"""Extraction from PDF: the text a person sees, page by page, or one reason why it cannot be had whole.

A PDF is a program that paints. What it paints as a picture, in letters nobody can tell or in parts that
are damaged may be the restriction, so such a file is not read at all: half a page is never an answer.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from terms.builder import Builder
from terms.document import Document
from terms.pdf_lines import Anchor, Line, PageText, write_lines
from terms.screening import TooComplex

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 150
"""Longer documents are books; no terms are, and each page costs."""

MAX_OPERATIONS = 60_000
"""Painting operations of all pages together: about 25,000 take a second of processor time."""

MAX_TEXT = 300_000
"""Characters of all pages together."""

_MOST_LINKS = 2_000
_MOST_REVISIONS = 200
_MOST_OBJECTS = 200_000
_LEADING = b" \t\r\n\f\x00\xef\xbb\xbf"
_HARMLESS = re.compile(
    r"incorrect startxref|Ignoring wrong pointing|Multiple definitions in dictionary|Xref table not zero-indexed|invalid pdf header|"
    r"EOF marker not at start of line|Superfluous whitespace|startxref on same line|Duplicate %%EOF|malformed /ID|non-string first /ID|"
    r"/Prev=0 in the trailer"
)
"""What the library says of slips that lose no text; whatever else it says may mean a missing part."""

_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 20_000_000,
    "array_based_stream_maximum_output_length": 8_000_000,
    "array_maximum_element_count": 50_000,
    "dictionary_maximum_element_count": 20_000,
    "lzw_maximum_output_length": 8_000_000,
    "run_length_maximum_output_length": 8_000_000,
    "zlib_maximum_output_length": 8_000_000,
    # Damaged streams are not mended: what can be saved of one may lack the restriction.
    "zlib_maximum_recovery_input_length": 1,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 24_000_000,
    "stream_parsing_work_maximum_count": 250_000,
    "page_tree_maximum_entries": 4 * MAX_PAGES,
    "page_tree_maximum_depth": 40,
    "page_tree_maximum_page_entries": 100 * MAX_PAGES,
    "xform_maximum_invocations_per_extraction": 100,
}


class UnreadablePdf(ValueError):
    """The PDF cannot be read whole; `args[0]` says why."""


def is_pdf(body: bytes) -> bool:
    """Whether bytes are a PDF, whatever they are called."""
    return body[:1024].lstrip(_LEADING).startswith(b"%PDF-")


def extract_pdf(body: bytes) -> Document:
    """The document of a PDF: its lines as paragraphs, headings and items, its links on their words.

    Raises UnreadablePdf for a file that is encrypted, damaged, a scan or otherwise not text as a whole,
    TooComplex for one that is built to stop a reader or longer than terms are.
    """
    # Imported here: most runs meet no PDF, and the import costs a fifth of a second.
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import LimitReachedError

    if body.count(b"startxref") > _MOST_REVISIONS or body.count(b" obj") > _MOST_OBJECTS:
        raise TooComplex("a PDF of more parts than any honest one has")
    with apply_configuration(**_LIMITS), _complaints() as said:
        try:
            pages = list(_pages(PdfReader(io.BytesIO(body.lstrip(_LEADING)))))
        except LimitReachedError as error:
            raise TooComplex(f"a PDF beyond all limits ({_one_line(error)})") from error
        except RecursionError as error:
            raise TooComplex("a PDF nested too deep") from error
        except (UnreadablePdf, TooComplex, MemoryError):
            raise
        except Exception as error:  # What the library raises for broken files is not bounded.
            raise UnreadablePdf(f"a damaged PDF ({_one_line(error)})") from error
    harm = next((message for message in said if not _HARMLESS.search(message)), None)
    if harm is not None:
        raise UnreadablePdf(f"a damaged PDF ({harm})")
    builder = Builder()
    write_lines(pages, builder)
    document = builder.document()
    if not document.text.strip():
        raise UnreadablePdf("a PDF without text")
    odd = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in document.text)
    if odd * 100 > len(document.text):
        raise UnreadablePdf("a PDF whose letters cannot be told")
    return document


def _pages(reader: PdfReader) -> Iterator[PageText]:
    if reader.is_encrypted:
        raise UnreadablePdf("an encrypted PDF")
    root: Any = reader.root_object
    form = root.get("/AcroForm")
    if form is not None and form.get_object().get("/XFA") is not None:
        raise UnreadablePdf("a PDF that only some viewers can show (XFA)")
    if root.get("/Collection") is not None:
        raise UnreadablePdf("a PDF that only wraps other files")
    if len(reader.pages) > MAX_PAGES:
        raise TooComplex(f"a PDF of more than {MAX_PAGES} pages")
    operations = size = 0
    for number, page in enumerate(reader.pages, start=1):
        seen = _Page(page, MAX_OPERATIONS - operations)
        operations += seen.operations
        size += seen.size
        if size > MAX_TEXT:
            raise TooComplex(f"a PDF of more than {MAX_TEXT:,} characters")
        if seen.is_picture:
            raise UnreadablePdf(f"a scan: page {number} of the PDF is a picture")
        yield PageText(tuple(seen.lines), tuple(_links(page)))


class _Page:
    """One page while it is painted: its lines, and what is painted that is no text."""

    _LITTLE_TEXT = 200
    _LARGE = 0.4
    _INVISIBLE = (3, 7)
    _PAINTS = frozenset({b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh", b"INLINE IMAGE", b"EI", b"BI"})

    def __init__(self, page: PageObject, most: int) -> None:
        self.lines: list[Line] = []
        self.operations = self.size = 0
        self._most = most
        self._line: list[tuple[str, float, float, float, bool]] = []
        self._modes: list[int] = [0]
        self._seen: set[bool] = set()
        self._paints = False
        self._covered = 0.0
        box = page.mediabox
        self._left, self._bottom, self._right, self._top = map(float, (box.left, box.bottom, box.right, box.top))
        self._forms = _form_names(page)
        page.extract_text(visitor_operand_before=self._operation, visitor_text=self._text)
        self._end_line()

    @property
    def is_picture(self) -> bool:
        """Whether what a person reads on the page is not, or not all, in its text."""
        if self.size == 0:
            return self._paints
        return self.size < self._LITTLE_TEXT and self._covered > self._LARGE

    def _operation(self, operator: bytes, operands: Any, cm: Sequence[float], _tm: Sequence[float]) -> None:
        self.operations += 1
        if self.operations > self._most:
            raise TooComplex(f"a PDF of more than {MAX_OPERATIONS:,} painting operations")
        match operator:
            case b"Tj" | b"TJ" | b"'" | b'"':
                self._seen.add(self._modes[-1] not in self._INVISIBLE)
            case b"Tr":
                if operands and isinstance(operands[0], int):
                    self._modes[-1] = operands[0]
            case b"q":
                self._modes.append(self._modes[-1])
            case b"Q":
                if len(self._modes) > 1:
                    self._modes.pop()
            case b"Do":
                if not operands or operands[0] not in self._forms:
                    self._picture(cm)
            case b"INLINE IMAGE":
                self._picture(cm)
            case _ if operator in self._PAINTS:
                self._paints = True

    def _picture(self, cm: Sequence[float]) -> None:
        self._paints = True
        whole = abs((self._right - self._left) * (self._top - self._bottom))
        if whole > 0:
            self._covered += abs(cm[0] * cm[3] - cm[1] * cm[2]) / whole

    def _text(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        words = text.strip("\n")
        if words.strip():
            # Nobody sees it: the letters a scanner guessed under its picture.
            hidden = self._seen == {False}
            self._seen.clear()
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            beside = not (self._left <= x <= self._right and self._bottom - size <= y <= self._top + size)
            if not hidden and not beside:
                scale = abs(tm[3] * cm[3] - tm[2] * cm[1]) or abs(tm[1] * cm[2]) or 1.0
                name = str(font.get("/BaseFont", "")) if font else ""
                self._line.append((words, x, y, abs(size) * scale, bool(_BOLD.search(name))))
                self.size += len(words)
        elif words and self._line:
            self._line.append((words, *self._line[-1][1:]))
        if "\n" in text:
            self._end_line()

    def _end_line(self) -> None:
        if self._line:
            self.lines.append(Line(tuple(self._line)))
        self._line = []


_BOLD = re.compile(r"bold|black|heavy|CMBX|(?:^|[+-])\w*-?Bd\b", re.I)


def _form_names(page: PageObject) -> frozenset[str]:
    """The names under which a page calls parts of itself, which are no pictures."""
    resources: Any = page.get("/Resources")
    objects = None if resources is None else resources.get_object().get("/XObject")
    if objects is None:
        return frozenset()
    named = objects.get_object()
    return frozenset(name for name in named if named[name].get("/Subtype") == "/Form")


def _links(page: PageObject) -> Iterator[Anchor]:
    """The web addresses a page links to, and the rectangles that link."""
    annotations: Any = page.get("/Annots")
    if annotations is None:
        return
    for entry in annotations.get_object()[:_MOST_LINKS]:
        annotation = entry.get_object()
        action = annotation.get("/A")
        target = None if action is None else action.get_object().get("/URI")
        rectangle = annotation.get("/Rect")
        if target is None or rectangle is None:
            continue
        left, bottom, right, top = (float(number) for number in rectangle.get_object())
        yield Anchor(str(target.get_object()), min(left, right), min(bottom, top), max(left, right), max(bottom, top))


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What the library says in its log meanwhile, kept from the terminal."""
    said: list[str] = []
    log = logging.getLogger("pypdf")
    handler = _Keeping(said)
    level, propagates = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.WARNING)
    log.propagate = False
    try:
        yield said
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagates


class _Keeping(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._said) < 100 and not _HARMLESS.search(message := _one_line(record.getMessage())):
            self._said.append(message)


def _one_line(error: object) -> str:
    words = " ".join("".join(char if char.isprintable() else " " for char in str(error)).split())
    return words[:120].rstrip(". ") or type(error).__name__
