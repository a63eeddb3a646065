"""Which module speaks which interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from domain.catalog import ProbeApi
from probes.apis import (
    ckan,
    croissant,
    datacite,
    dcat,
    figshare,
    github,
    huggingface,
    internet_archive,
    invenio,
    kaggle,
    listings,
    mediawiki,
    metabrainz,
    openml,
    schema_org,
    wikimedia,
)
from probes.apis.reading import ApiAnswer, ApiReading


def _nowhere(_: ApiAnswer) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Interface:
    """`urls` of a page or id, the main document first; `read` of one document; `follow`: addresses
    that only the main document knows."""

    urls: Callable[[str], tuple[str, ...]]
    read: Callable[[str, ApiAnswer], ApiReading]
    follow: Callable[[ApiAnswer], tuple[str, ...]] = _nowhere


def interface_of(api: ProbeApi) -> Interface:
    """The interface of a catalog's probe."""
    match api:
        case ProbeApi.HUGGINGFACE:
            return Interface(huggingface.urls, huggingface.read)
        case ProbeApi.INVENIO:
            return Interface(invenio.urls, invenio.read)
        case ProbeApi.DATACITE:
            return Interface(datacite.urls, datacite.read)
        case ProbeApi.FIGSHARE:
            return Interface(figshare.urls, figshare.read)
        case ProbeApi.GITHUB:
            return Interface(github.urls, github.read)
        case ProbeApi.KAGGLE:
            return Interface(kaggle.urls, kaggle.read)
        case ProbeApi.OPENML:
            return Interface(openml.urls, openml.read)
        case ProbeApi.CKAN:
            return Interface(ckan.urls, ckan.read)
        case ProbeApi.MEDIAWIKI:
            return Interface(mediawiki.urls, mediawiki.read)
        case ProbeApi.SCHEMA_ORG:
            return Interface(schema_org.urls, schema_org.read)
        case ProbeApi.CROISSANT:
            return Interface(croissant.urls, croissant.read)
        case ProbeApi.DCAT:
            return Interface(dcat.urls, dcat.read)
        case ProbeApi.INTERNET_ARCHIVE:
            return Interface(internet_archive.urls, internet_archive.read)
        case ProbeApi.METABRAINZ_DUMPS:
            return Interface(metabrainz.urls, metabrainz.read, metabrainz.follow)
        case ProbeApi.WIKIMEDIA_DUMPS:
            return Interface(wikimedia.urls, wikimedia.read, wikimedia.follow)
        case ProbeApi.DIRECTORY_LISTING:
            return Interface(listings.urls, listings.read)
        case _:
            assert_never(api)
