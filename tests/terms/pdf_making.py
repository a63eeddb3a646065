"""Small PDFs written by hand: lines at their places, links, pictures, and whatever is wrong with a file."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

SIZE = 11.0


def line(text: str, y: float, x: float = 72, size: float = SIZE, font: str = "F1") -> str:
    """The operators that paint one line; `y` counts from the lower edge of the page, in points."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"


def paragraphs(*texts: str, top: float = 740, size: float = SIZE) -> str:
    """A page of paragraphs: the lines of each 14 points apart, 30 between two paragraphs."""
    painted = []
    y = top
    for text in texts:
        for words in text.split("\n"):
            painted.append(line(words, y, size=size))
            y -= 14
        y -= 16
    return "\n".join(painted)


def pdf(
    *pages: str,
    links: Sequence[tuple[str, float, float, float, float]] = (),
    info: str = "/Producer (a) /CreationDate (D:20260101000000Z)",
    root: str = "",
    trailer: str = "",
    compress: bool = False,
    objects: Sequence[str] = (),
    resources: str = "",
) -> bytes:
    """A PDF of pages painted by `pages`. `links` (address, left, bottom, right, top) are those of the
    first page; `objects` get the numbers from 100 on; `root`, `trailer`, `resources` are added as they are."""
    bodies: dict[int, bytes] = {}
    fonts = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>"
        for name, base in (("F1", "Helvetica"), ("F2", "Helvetica-Bold"))
    )
    kids = []
    number = 10
    for index, painted in enumerate(pages):
        data = painted.encode("latin-1")
        if compress:
            data = zlib.compress(data)
        shape = "/Filter /FlateDecode " if compress else ""
        bodies[number + 1] = f"<< {shape}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"
        annotations = "" if index else _annotations(links)
        bodies[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R {annotations} "
            f"/Resources << /Font << {fonts} >> {resources} >> >>"
        ).encode()
        kids.append(f"{number} 0 R")
        number += 2
    bodies[1] = f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode()
    bodies[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    bodies[3] = f"<< {info} >>".encode()
    for index, body in enumerate(objects, start=max(100, number)):
        bodies[index] = body.encode("latin-1")
    return _file(bodies, trailer)


def _annotations(links: Sequence[tuple[str, float, float, float, float]]) -> str:
    said = " ".join(
        f"<< /Type /Annot /Subtype /Link /Rect [{left} {bottom} {right} {top}] /A << /S /URI /URI ({address}) >> >>"
        for address, left, bottom, right, top in links
    )
    return f"/Annots [{said}]" if links else ""


def _file(bodies: dict[int, bytes], trailer: str) -> bytes:
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    at: dict[int, int] = {}
    for number, body in sorted(bodies.items()):
        at[number] = len(out)
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    size = max(bodies) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        out += f"{at[number]:010d} 00000 n \n".encode() if number in at else b"0000000000 65535 f \n"
    return out + f"trailer\n<< /Size {size} /Root 1 0 R /Info 3 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
