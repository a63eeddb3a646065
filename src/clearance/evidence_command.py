"""`export evidence`: a decision and all it rests on, as a bundle that checks itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearance.options import WAREHOUSE, AsJson, AtTime, WarehouseFile
from clearance.output import emit_json, emit_line, moment_of


def export_evidence(
    source_id: Annotated[str, typer.Argument(help="The source whose evidence is handed on.")],
    out: Annotated[Path, typer.Option("--out", help="A new folder, or a new file that ends in .zip.")],
    warehouse: WarehouseFile = WAREHOUSE,
    at: AtTime = None,
    as_json: AsJson = False,
) -> None:
    """Bytes, headers, quotes, decision and recording of a source, with a script that checks them anywhere."""
    from flows.export_evidence import export_evidence as export

    bundle = export(warehouse, source_id, out, moment_of(at, "--at"))
    if as_json:
        emit_json(
            {
                "path": str(out),
                "source_id": source_id,
                "seal": bundle.seal,
                "pages": bundle.pages,
                "files": len(bundle.files),
                "sealed": bundle.sealed,
            }
        )
        return
    emit_line(f"{len(bundle.files)} files about {bundle.pages} pages; seal {bundle.seal}")
    check = f"python3 {out}" if out.suffix == ".zip" else f"python3 {out / 'verify.py'}"
    emit_line(f"check with: {check} --seal {bundle.seal}")
