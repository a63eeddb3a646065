"""TDMRep: the file `/.well-known/tdmrep.json`. The first entry that covers the page counts."""

from __future__ import annotations

import json
from typing import Any

from domain.claims import ReservationState
from probes.apis.json_fields import rows_of
from probes.apis.path_patterns import covers, path_of
from probes.apis.reading import ApiAnswer, ApiReading, Sheet

STATES = {0: ReservationState.NOT_RESERVED, 1: ReservationState.RESERVED}


def read(answer: ApiAnswer, page: str) -> ApiReading:
    """The one entry that covers `page`, if any. An entry without a proper value sets nothing."""
    sheet = Sheet("", answer)
    document = sheet.document()
    if not isinstance(document, list):
        return sheet.reading("no list of reservations")
    path = path_of(page)
    for row in rows_of(document, "tdmrep", sheet.notes):
        location = row.text("location")
        if location is None or not covers(location, path):
            continue
        state = state_of(row.raw("tdm-reservation"))
        if state is None:
            sheet.notes.add(f"{row.path}: a reservation that is neither 0 nor 1")
            continue
        raw = json.dumps({name: row.raw(name) for name in ("location", "tdm-reservation", "tdm-policy") if name in row})
        sheet.reserve(raw, "tdmrep/file", state, path=location, policy=row.text("tdm-policy"))
        break
    return sheet.reading()


def state_of(value: Any) -> ReservationState | None:
    """What 0 and 1 say; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return STATES.get(int(value)) if str(value).strip() in ("0", "1") else None
