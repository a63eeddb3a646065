"""OpenML: the description of a dataset, in JSON or in XML."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from probes.apis.json_fields import MOST_BYTES, Fields
from probes.apis.page_urls import page_of
from probes.apis.reading import AccessGate, ApiAnswer, ApiReading, Sheet

_NUMBER = re.compile(r"\d{1,9}")
_STATUS = {"deactivated": AccessGate.WITHDRAWN, "in_preparation": AccessGate.RESTRICTED}


def urls(page: str) -> tuple[str, ...]:
    """Where a dataset's description is, for its page or its number."""
    base, number = "https://www.openml.org", page
    found = page_of(page) if "://" in page else None
    if found:
        behind = found.after("data") or found.after("d") or (found.query.get("id", ""),)
        base, number = found.base, behind[0]
    return (f"{base}/api/v1/json/data/{number}",) if _NUMBER.fullmatch(number) else ()


def read(source_id: str, answer: ApiAnswer) -> ApiReading:
    """Facts and the `licence` field in its own words ("Public" is a word of visibility, and kept so)."""
    sheet = Sheet(source_id, answer)
    start = answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    root = Fields(_members(answer.body), "", sheet.notes) if start.startswith(b"<") else sheet.root()
    described = root.fields("data_set_description")
    if described.text("id") is None:
        return sheet.reading("not the description of a dataset")
    version, status = described.text("version"), described.text("status")
    sheet.fact("revision", f"version {version}" if version else "")
    sheet.day("newest_release", described.day("upload_date"))
    sheet.formats([described.text("format") or ""])
    if status in _STATUS:
        sheet.access(_STATUS[status], status)
    visibility = described.text("visibility")
    if visibility == "public":
        sheet.access(AccessGate.OPEN)
    elif visibility:
        sheet.access(AccessGate.PRIVATE, visibility)
    sheet.claim(described.text("licence"), "licence")
    return sheet.reading()


def _members(body: bytes) -> dict[str, Any]:
    """The description's elements as a flat object; repeated ones as a list."""
    # A stranger's XML: no DTD, no entities, no network, no huge trees.
    if len(body) > MOST_BYTES or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return {}
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return {}
    members: dict[str, Any] = {}
    for node in root.iterchildren("*"):
        name, text = etree.QName(node).localname, node.text or ""
        members[name] = (
            [*members[name], text]
            if isinstance(members.get(name), list)
            else ([members[name], text] if name in members else text)
        )
    return {etree.QName(root).localname: members}
