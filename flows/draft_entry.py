"""A catalog entry drafted from a dataset's page: what was seen, quoted, and blanks where nothing was."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote, urlsplit

from domain.catalog import MetadataProbe, ProbeApi
from domain.claims import ClaimScope, LicenseClaim
from domain.probing import DatasetFact, Look, PageRequest
from domain.reading import Reading, Subject
from domain.vocabulary import Layer, Outcome, SpeaksFor, WatchRole
from probes.apis.interfaces import interface_of
from probes.measuring import Measurement, measure_probe
from probes.network import NetworkTransport
from probes.settings import NetworkSettings
from probes.transport import Transport
from scoring.expressions import NOASSERTION
from scoring.item_table import text_to_read
from terms.reader import Reader

_MOST_QUOTE_WORDS = 40
_HOSTS = {
    "huggingface.co": ProbeApi.HUGGINGFACE,
    "zenodo.org": ProbeApi.INVENIO,
    "github.com": ProbeApi.GITHUB,
    "figshare.com": ProbeApi.FIGSHARE,
    "kaggle.com": ProbeApi.KAGGLE,
    "openml.org": ProbeApi.OPENML,
    "archive.org": ProbeApi.INTERNET_ARCHIVE,
    "doi.org": ProbeApi.DATACITE,
}
_PATHS = (
    # Repositories run by others speak the same interfaces under the same paths.
    (re.compile(r"/records?/[\w-]+/?$"), ProbeApi.INVENIO),
    (re.compile(r"/repos/[^/]+/[^/]+"), ProbeApi.GITHUB),
    (re.compile(r"/datasets/[^/]+/[^/]+/?$"), ProbeApi.HUGGINGFACE),
    (re.compile(r"/v2/articles/\d+"), ProbeApi.FIGSHARE),
    (re.compile(r"/dois/10\."), ProbeApi.DATACITE),
)
_ROLES = {
    ProbeApi.HUGGINGFACE: WatchRole.CARD,
    ProbeApi.KAGGLE: WatchRole.CARD,
    ProbeApi.GITHUB: WatchRole.README,
    ProbeApi.SCHEMA_ORG: WatchRole.LICENSE,
}
_UPLOADS = frozenset({ProbeApi.HUGGINGFACE, ProbeApi.KAGGLE, ProbeApi.OPENML, ProbeApi.INTERNET_ARCHIVE})
"""Where anybody may upload what others made: the page speaks for the uploader until a person knows better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a person says instead of what the page suggests; None: as drafted."""

    provider: str | None = None
    source_id: str | None = None
    name: str | None = None
    layer: Layer | None = None
    role: WatchRole | None = None
    speaks_for: SpeaksFor | None = None
    api: ProbeApi | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A drafted catalog file. `content` is the tree of the YAML file; `looked`: whether the page or its
    interface answered; `notes` tell what was seen and not taken over."""

    provider: str
    source_id: str
    content: Mapping[str, object]
    looked: bool
    notes: tuple[str, ...] = field(default=())


def draft_entry(
    url: str, reader: Reader, overrides: Overrides, *, allow: Sequence[str] = (), delay: float = 1.0
) -> Draft:
    """Look at a page and at the interface behind it, and draft its entry. Whatever cannot be seen is left out."""
    return asyncio.run(_drafted(url, reader, overrides, NetworkSettings(allow=tuple(allow), delay=delay)))


def api_of(url: str) -> ProbeApi:
    """The interface that knows a page; `schema_org` for a page on its own."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ProbeApi.SCHEMA_ORG
    for known, api in _HOSTS.items():
        if host == known or host.endswith(f".{known}"):
            return api if interface_of(api).urls(url) else ProbeApi.SCHEMA_ORG
    for pattern, api in _PATHS:
        if pattern.search(parts.path) and interface_of(api).urls(url):
            return api
    return ProbeApi.SCHEMA_ORG


async def _drafted(url: str, reader: Reader, overrides: Overrides, settings: NetworkSettings) -> Draft:
    transport: Transport = NetworkTransport(settings)
    api = overrides.api or api_of(url)
    try:
        look = await transport.look(PageRequest(url))
        measured = await measure_probe(MetadataProbe(url=url, api=api), "draft", transport)
    finally:
        await transport.aclose()
    reading = None
    if look.outcome is Outcome.SNAPSHOT and look.snapshot is not None:
        shot = look.snapshot
        reading = reader.read_bytes(shot.body, shot.media_type, shot.charset, shot.final_url, at=shot.seen_at.date())
    return _entry(url, api, look, reading, measured, reader, overrides)


def _entry(
    url: str,
    api: ProbeApi,
    look: Look,
    reading: Reading | None,
    measured: Measurement,
    reader: Reader,
    overrides: Overrides,
) -> Draft:
    answered = measured.outcome is Outcome.SNAPSHOT
    speaks_for = overrides.speaks_for or (SpeaksFor.REDISTRIBUTOR if api in _UPLOADS else SpeaksFor.PUBLISHER)
    layer = overrides.layer or Layer.METADATA
    name = overrides.name or _name(url, reading)
    provider = overrides.provider or _slug(_owner(url, api))
    source_id = overrides.source_id or f"{_slug(name)}_{layer.value}"
    facts = {fact.name: fact for fact in measured.facts} if answered else {}
    claims = [*_page_claims(url, look, reading, speaks_for)]
    if answered and layer is not Layer.CODE:
        of_code = {_named(claim.raw, reader) for claim in measured.claims if claim.scope is ClaimScope.CODE}
        claims = [_perhaps_of_code(claim) if claim["license"] in of_code else claim for claim in claims]
    if answered:
        claims += [_api_claim(claim, reader, speaks_for) for claim in measured.claims]
    source: dict[str, object] = {
        "id": source_id,
        "layer": layer.value,
        "name": name,
        "watches": [{"url": url, "role": _role(api, overrides).value, "speaks_for": speaks_for.value}],
        "claims": _distinct(claims),
    }
    if (access := _access(facts)) is not None:
        source["access"] = access
    if stated := _stated(facts, url):
        source["stated"] = stated
    if answered:
        source["probes"] = [{"url": url, "api": api.value}]
    if look.outcome is Outcome.GONE:
        source["availability"] = {"status": "withdrawn", "note": f"The page was gone on {look.at.date()}.", "url": url}
    elif access == "open_download":
        said = f"The interface said on {measured.at.date()} that nothing stands before the data."
        source["availability"] = {"status": "available", "note": said, "url": url}
    dataset = {"id": _slug(name), "name": name, "homepage": url, "sources": [{k: v for k, v in source.items() if v}]}
    return Draft(
        provider=provider,
        source_id=source_id,
        content={"provider": provider, "datasets": [dataset]},
        looked=look.outcome in (Outcome.SNAPSHOT, Outcome.GONE) or answered,
        notes=(*_notes(look, measured, reading), *measured.notes),
    )


def _role(api: ProbeApi, overrides: Overrides) -> WatchRole:
    return overrides.role or _ROLES.get(api, WatchRole.RECORD)


def _page_claims(url: str, look: Look, reading: Reading | None, speaks_for: SpeaksFor) -> list[dict[str, object]]:
    """The licenses a page states for its data, each with the words; terms of its own as what they are."""
    if reading is None or reading.suspect:
        return []
    claims = []
    about_data = [finding for finding in reading.findings if finding.scope.subject is Subject.DATA]
    for license_id in reading.licenses:
        proof = next((f for f in about_data if f.license == license_id), None)
        if proof is not None:
            words = _sentence(reading, proof.start, proof.end)
            claims.append(_claim(license_id, url, look.at.date(), words, speaks_for))
    if not claims and reading.rights.speaks:
        proof = next((f for f in about_data if f.rights.speaks), None)
        if proof is not None:
            words = _sentence(reading, proof.start, proof.end)
            own = _claim(NOASSERTION, url, look.at.date(), words, speaks_for)
            claims.append({**own, "note": "Terms of the publisher's own; a person must read them."})
    return claims


def _perhaps_of_code(claim: dict[str, object]) -> dict[str, object]:
    """A page's claim of the very license that its host gives to the code: whose it is a person must read."""
    note = f"The host gives {claim['license']} to the code; whether the data is under it, too, a person must read."
    return {**claim, "license": NOASSERTION, "note": note}


def _api_claim(claim: LicenseClaim, reader: Reader, speaks_for: SpeaksFor) -> dict[str, object]:
    """A license field of an interface. What is no license, and what speaks of code, says nothing of the data."""
    quote = " ".join(claim.raw.split()[:_MOST_QUOTE_WORDS])
    known = NOASSERTION
    if claim.scope is ClaimScope.DATA:
        named = {one for text in (claim.raw, claim.link) if text and (one := _named(text, reader)) is not None}
        known = next(iter(named)) if len(named) == 1 else NOASSERTION
        note = f"The field {claim.field} of the interface; a word of whoever filled it in."
    else:
        about = claim.scope.value.replace("_", " ")
        note = f"The field {claim.field} of the interface speaks of the {about}, not of the data."
    return {**_claim(known, claim.url, claim.seen_at.date(), quote, speaks_for), "note": note}


def _named(text: str, reader: Reader) -> str | None:
    """The one license a field's value names; None for several, for none, and for a value that says more."""
    asked = text_to_read(text, ())
    reading = None if asked is None else reader.read_text(asked, "text/plain")
    if reading is None or len(reading.licenses) != 1 or reading.contradictions:
        return None
    return reading.licenses[0]


def _claim(license_id: str, url: str, seen: date, quote: str, speaks_for: SpeaksFor) -> dict[str, object]:
    claim: dict[str, object] = {"license": license_id, "url": url, "seen": seen}
    if quote:
        claim["quote"] = quote
    # A machine read it; what is verified, a person verified.
    return {**claim, "confidence": "partly" if quote else "unverified", "speaks_for": speaks_for.value}


def _sentence(reading: Reading, start: int, end: int) -> str:
    """The words of a finding with as much of its line as fits a short quote; empty for what stands in no text."""
    if end <= start:
        return ""
    text = reading.text
    stop = text.rfind(". ", 0, start)
    first = max(text.rfind("\n", 0, start) + 1, 0 if stop < 0 else stop + 2)
    stops = [at for at in (text.find("\n", end), text.find(". ", end)) if at >= 0]
    whole = " ".join(text[first : min(stops, default=len(text)) + 1].split())
    bare = " ".join(text[start:end].split())
    found = whole if len(whole.split()) <= _MOST_QUOTE_WORDS else bare
    return " ".join(found.split()[:_MOST_QUOTE_WORDS])


def _distinct(claims: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    kept: dict[tuple[object, ...], dict[str, object]] = {}
    for claim in claims:
        kept.setdefault((claim["license"], claim["url"], claim.get("quote")), claim)
    return list(kept.values())


def _access(facts: Mapping[str, DatasetFact]) -> str | None:
    fact = facts.get("access")
    gate = "" if fact is None else fact.value.partition(":")[0]
    return {
        "open": "open_download",
        "gated": "registration",
        "restricted": "request_form",
        "withdrawn": "withdrawn",
    }.get(gate)


def _stated(facts: Mapping[str, DatasetFact], url: str) -> dict[str, object]:
    """What the interface told today; a run measures it again."""
    stated: dict[str, object] = {}
    size = facts.get("size_bytes")
    if size is not None:
        stated["size"] = size.value
        if size.number is not None and not size.value.startswith("at least"):
            stated["size_bytes"] = int(size.number)
    rows = facts.get("row_count")
    if rows is not None and rows.number is not None:
        stated["items"] = int(rows.number)
    if "formats" in facts:
        stated["formats"] = [form for form in re.split(r",\s*", facts["formats"].value) if form]
    if "cadence_days" in facts:
        stated["cadence"] = facts["cadence_days"].value
    if "newest_release" in facts:
        stated["newest_release"] = facts["newest_release"].value
    return {**stated, "url": url} if stated else {}


def _name(url: str, reading: Reading | None) -> str:
    first = "" if reading is None else next((line.strip() for line in reading.text.splitlines() if line.strip()), "")
    if first and len(first) <= 100 and not first.startswith(("{", "[", "<")):
        return " ".join(first.strip("# ").split())
    path = [unquote(segment) for segment in urlsplit(url).path.split("/") if segment]
    return path[-1] if path else urlsplit(url).hostname or "dataset"


def _owner(url: str, api: ProbeApi) -> str:
    """Who publishes: the account on a hub or code host, else the host."""
    parts = urlsplit(url)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    named = [segment for segment in segments if segment not in ("datasets", "api", "repos", "d")]
    if api in (ProbeApi.HUGGINGFACE, ProbeApi.GITHUB, ProbeApi.KAGGLE) and len(named) >= 2:
        return named[0]
    return (parts.hostname or "unknown").removeprefix("www.")


def _slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return words[:60].rstrip("_") or "unnamed"


def _notes(look: Look, measured: Measurement, reading: Reading | None) -> tuple[str, ...]:
    notes = []
    if look.outcome is not Outcome.SNAPSHOT:
        notes.append(f"the page: {look.outcome.value}, {look.reason or 'nothing said'}")
    if measured.outcome is not Outcome.SNAPSHOT:
        api = measured.probe.api.value
        notes.append(f"the {api} interface: {measured.outcome.value}, {measured.reason or 'nothing said'}")
    if reading is not None and reading.suspect:
        notes.append(f"the page was not read: {reading.suspect}")
    if reading is not None and reading.contradictions:
        notes.append("the page contradicts itself; both statements are in the claims")
    notes += [f"reservation: {signal.raw}" for signal in measured.reservations]
    return tuple(notes)
