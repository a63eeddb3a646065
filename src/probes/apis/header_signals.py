"""What the headers of a page's own answer say about training: they bind this page alone."""

from __future__ import annotations

import re

from domain.claims import ReservationState
from probes.apis.path_patterns import path_of
from probes.apis.preferences import preferences_in
from probes.apis.reading import ApiAnswer, ApiReading, Sheet
from probes.apis.tdm_reservation import state_of

_LONGEST = 8000
_NO_TRAINING = frozenset({"noai", "noimageai", "noml"})
_RSL = re.compile(r"<([^<>]{1,500})>[^<>]{0,300}rsl\+xml", re.IGNORECASE)


def read(answer: ApiAnswer, place: str = "") -> ApiReading:
    """The signals in an answer's headers; without any, nothing is said. `place` goes before the words
    where they stood elsewhere."""
    sheet = Sheet("", answer)
    path = path_of(answer.url)
    headers = {name.lower(): value[:_LONGEST] for name, value in answer.headers.items()}
    tdm = headers.get("tdm-reservation", "")
    values = {state_of(part) for part in tdm.split(",")} if tdm else set()
    if values:
        # A header sent twice with two values: the narrower counts.
        reserved = ReservationState.RESERVED in values
        state = ReservationState.RESERVED if reserved else values.pop() if len(values) == 1 else None
        policy = headers.get("tdm-policy")
        if state is None:
            sheet.notes.add("tdm-reservation: neither 0 nor 1")
        else:
            sheet.reserve(f"{place}tdm-reservation: {tdm}", "tdmrep/header", state, path=path, policy=policy)
    for name in ("content-usage", "content-signal"):
        for rule, state in preferences_in(headers.get(name, "")):
            sheet.reserve(f"{place}{name}: {headers[name]}", rule, state, path=path)
    robots = headers.get("x-robots-tag", "")
    if _NO_TRAINING & {word.strip().lower() for word in re.split(r"[,:\s]+", robots)}:
        sheet.reserve(f"{place}x-robots-tag: {robots}", "header/x-robots-tag", ReservationState.RESERVED, path=path)
    rsl = _RSL.search(headers.get("link", ""))
    if rsl:
        sheet.reserve(f"link: {rsl[0]}", "header/rsl", ReservationState.UNCLEAR, path=path, policy=rsl[1])
    return sheet.reading()
