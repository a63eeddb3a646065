"""What we watch and what we know: the shape of `catalog/*.yaml`, one file a provider.

Field names are the keys of the YAML files; `catalog/schema.json` is generated from these classes.
Everything but the smallest catalog of the machine contract is optional for loading and demanded by
`clearance catalog lint --complete`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import (
    Access,
    Application,
    Availability,
    Confidence,
    DerivationFlow,
    Duty,
    Layer,
    Owner,
    PersonalData,
    SpeaksFor,
    WatchRole,
)


class FetchMethod(StrEnum):
    """How a page is looked at: as the server sends it, or as a browser shows it after scripts ran."""

    HTTP = "http"
    BROWSER = "browser"


class ProbeApi(StrEnum):
    """The metadata interfaces we can measure a dataset through. `invenio` is Zenodo and its kin,
    `directory_listing` covers buckets too; `schema_org` and `croissant` are read from a page or a document."""

    DIRECTORY_LISTING = "directory_listing"
    METABRAINZ_DUMPS = "metabrainz_dumps"
    WIKIMEDIA_DUMPS = "wikimedia_dumps"
    HUGGINGFACE = "huggingface"
    INVENIO = "invenio"
    DATACITE = "datacite"
    FIGSHARE = "figshare"
    GITHUB = "github"
    KAGGLE = "kaggle"
    OPENML = "openml"
    CKAN = "ckan"
    MEDIAWIKI = "mediawiki"
    SCHEMA_ORG = "schema_org"
    CROISSANT = "croissant"
    DCAT = "dcat"
    INTERNET_ARCHIVE = "internet_archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One statement we rely on: a part of a page, read for one source.

    At most one of `select` (CSS), `anchor` (id or name) and `heading` (its words) locates the part;
    none of them means the whole main text. `scope` is the page's own words for the part ("core
    data"): statements scoped to other words do not count. `layer` narrows to one layer of a page
    that answers by layer; without it the source's own layer is used. A part with fewer than `min_chars`
    characters is no baseline. `fetch: browser` is for pages
    that show nothing without scripts; it needs an installed Chromium.
    """

    url: str
    role: WatchRole
    speaks_for: SpeaksFor
    select: str | None = None
    anchor: str | None = None
    heading: str | None = None
    scope: str | None = None
    about: str | None = None
    layer: Layer | None = None
    min_chars: int = 0
    fetch: FetchMethod = FetchMethod.HTTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody states about the license, quoted: evidence of grade D.

    `license` is an SPDX expression, `LicenseRef-…`, `NONE` (the publisher offers none) or
    `NOASSERTION`. `rights` is for terms that no standard license describes. A claim with
    `contradicts` disputes what the watched pages say and opens a contradiction gate. `quote` is null
    where nobody saw the words; then `confidence` cannot be `verified`.
    """

    license: str
    url: str | None = None
    seen: date | None = None
    quote: str | None = None
    confidence: Confidence = Confidence.UNVERIFIED
    speaks_for: SpeaksFor = SpeaksFor.PUBLISHER
    scope: str | None = None
    rights: Rights = ALL_SILENT
    duties: tuple[Duty, ...] = ()
    per_item: bool = False
    per_item_floor_research: bool = False
    contradicts: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """Where the data came from and how; `upstream` is a source id or a plain name."""

    upstream: str
    flow: DerivationFlow
    note: str
    upstream_prohibits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFit:
    """One MLCore application a source serves, and the field or identifier by which it does."""

    application: Application
    fit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredCheck:
    """A legal or policy check that must be answered before use, and who answers it."""

    check: str
    owner: Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A legal or product decision nobody has taken: who decides, and what it holds up."""

    question: str
    owner: Owner
    blocks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFacts:
    """Size, formats and cadence as the publisher or our evidence states them (not measured)."""

    size_bytes: int | None = None
    size: str | None = None
    items: int | None = None
    formats: tuple[str, ...] = ()
    cadence: str | None = None
    cadence_days: float | None = None
    newest_release: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineeringWork:
    """The concrete work for this source, one sentence an item."""

    ingestion: tuple[str, ...] = ()
    normalization: tuple[str, ...] = ()
    governance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """How near the data comes to persons, and why we say so."""

    personal_data: PersonalData
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftNote:
    """A dated change of terms or access that is known from the past."""

    when: str
    what: str
    url: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """Whether and where the data can be had today."""

    status: Availability
    note: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataProbe:
    """A place where size, formats and release dates can be measured without downloading data."""

    url: str
    api: ProbeApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The part of a dataset with one set of rights; `id` is what training code gates on."""

    id: str
    layer: Layer
    name: str | None = None
    watches: tuple[Watch, ...] = ()
    claims: tuple[Claim, ...] = ()
    access: Access | None = None
    production_benefit: bool = True
    production_benefit_note: str = ""
    derivation: tuple[Derivation, ...] = ()
    identifiers: tuple[str, ...] = ()
    stated: StatedFacts = StatedFacts()
    probes: tuple[MetadataProbe, ...] = ()
    applications: tuple[ApplicationFit, ...] = ()
    risks: tuple[str, ...] = ()
    checks: tuple[RequiredCheck, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    engineering: EngineeringWork = EngineeringWork()
    privacy: Privacy | None = None
    availability: Hosting | None = None
    drift: tuple[DriftNote, ...] = ()
    unlocks: tuple[str, ...] = ()
    supplements: tuple[str, ...] = ()
    does_not_provide: tuple[str, ...] = ()
    owner: str | None = None
    used_by: tuple[str, ...] = ()
    house_owned: bool = False
    custom_terms: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What a publisher names."""

    id: str
    name: str
    sources: tuple[Source, ...]
    homepage: str | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One YAML file of the catalog."""

    provider: str
    datasets: tuple[Dataset, ...]
    name: str | None = None
    homepage: str | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole catalog, in the order of its files; `sha256` is over the files' bytes."""

    providers: tuple[Provider, ...]
    sha256: str

    @property
    def sources(self) -> tuple[tuple[Provider, Dataset, Source], ...]:
        """Every source with the dataset and provider it belongs to."""
        return tuple((p, d, s) for p in self.providers for d in p.datasets for s in d.sources)
