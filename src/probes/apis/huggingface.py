"""Hugging Face Hub: the dataset's record, and the size its viewer measured."""

from __future__ import annotations

from domain.claims import ClaimScope
from probes.apis.json_fields import Fields
from probes.apis.license_values import claim_values
from probes.apis.page_urls import page_of, plain, safe
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, DataFile, Sheet

_HOME = "https://huggingface.co"
_VIEWS = frozenset({"tree", "blob", "viewer", "resolve", "raw", "discussions", "revision", "croissant"})


def urls(page: str) -> tuple[str, ...]:
    """The addresses to ask for a dataset's page or id ("owner/name"); none for anything else."""
    if "://" in page:
        found = page_of(page)
        segments = found.after("datasets") if found else None
        base = found.base if found else ""
    else:
        segments, base = tuple(page.split("/")), _HOME
    if not segments or not all(plain(segment) for segment in segments[:2]):
        return ()
    named = segments[:1] if len(segments) > 1 and segments[1] in _VIEWS else segments[:2]
    name = "/".join(safe(segment) for segment in named)
    record = f"{base}/api/datasets/{name}?blobs=true"
    # The viewer's size is served by a host of its own.
    viewer = f"https://datasets-server.huggingface.co/size?dataset={safe('/'.join(named))}"
    return (record, viewer) if base == _HOME else (record,)


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Facts and license claims of a record or a size document."""
    sheet = Sheet(source_id, answer)
    root = sheet.root()
    if "size" in root and "id" not in root:
        _read_size(sheet, root)
        return sheet.reading()
    if root.text("id") is None:
        return sheet.reading("not the record of a dataset")
    card = root.fields("cardData")
    sheet.fact("revision", root.text("sha") or "")
    sheet.day("first_release", root.day("createdAt"))
    sheet.day("last_modified", root.day("lastModified"))
    _access(sheet, root, card)
    siblings = root.rows("siblings")
    sheet.files([DataFile(name, row.count("size")) for row in siblings if (name := row.text("rfilename"))])
    infos = card.raw("dataset_info")
    configs = [card.fields("dataset_info")] if isinstance(infos, dict) else card.rows("dataset_info")
    sizes = [size for config in configs if (size := config.count("download_size")) is not None]
    if sizes:
        sheet.size(sum(sizes), "at least" if len(sizes) < len(configs) else "", measured=False)
    _claims(sheet, root, card)
    return sheet.reading()


def _access(sheet: Sheet, root: Fields, card: Fields) -> None:
    gated = root.raw("gated")
    if root.flag("disabled"):
        sheet.access(AccessGate.WITHDRAWN, "disabled")
    if root.flag("private"):
        sheet.access(AccessGate.PRIVATE)
    no_eu = "not for users in the EU" if card.flag("extra_gated_eu_disallowed") else ""
    if gated is False and not no_eu:
        sheet.access(AccessGate.OPEN)
    elif gated is not None or no_eu:
        # "auto" and "manual" are texts; whatever is not false is a gate.
        kind = gated if isinstance(gated, str) else ""
        sheet.access(AccessGate.GATED, ", ".join(filter(None, (kind, no_eu))))


def _claims(sheet: Sheet, root: Fields, card: Fields) -> None:
    stated = claim_values(sheet, card.raw("license"), "cardData.license")
    link = card.text("license_link")
    sheet.claim(card.text("license_name"), "cardData.license_name", link=link)
    sheet.claim(link, "cardData.license_link", link=link)
    sheet.claim(card.text("license_details"), "cardData.license_details")
    sheet.claim(card.text("extra_gated_prompt"), "cardData.extra_gated_prompt", ClaimScope.ACCESS)
    tags = [tag.partition(":")[2] for tag in root.texts("tags") if tag.startswith("license:")]
    stated += claim_values(sheet, tags, "tags")
    if not stated and not sheet.is_open:
        sheet.notes.add("no license seen, and behind the gate there may be one")


def _read_size(sheet: Sheet, root: Fields) -> None:
    total = root.fields("size").fields("dataset")
    size, rows = total.count("num_bytes_original_files"), total.count("num_rows")
    words = "at least" if root.flag("partial") is not False or root.rows("failed") or root.rows("pending") else ""
    if size is not None:
        sheet.size(size, words)
    if rows is not None:
        sheet.fact("row_count", f"{words} {rows}".strip(), float(rows), "rows")
