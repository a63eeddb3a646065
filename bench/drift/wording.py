"""How a page puts its terms: sentences, fields, badges, JSON-LD. The wording of a page stays when its terms change."""

from __future__ import annotations

import json
import re
from random import Random
from urllib.parse import quote

from bench.drift.clauses import CLAUSES
from bench.drift.licenses import LICENSES
from bench.drift.model import Page, Style, Terms
from bench.drift.prose import Block
from bench.drift.stock import ORGANIZATIONS

LAYER_WORDS = {
    "metadata": "the metadata",
    "audio": "the audio files",
    "annotations": "the annotations",
    "features": "the extracted features",
    "lyrics": "the lyrics",
    "images": "the cover images",
}

TITLES = ("License", "Licensing", "Terms of use", "License and terms", "Copyright and license", "Usage rights", "Legal")

# {words} is a license's name, linked where the page links it; {address} its bare address.
_NAMED = (
    "{Data} {is} released under the {name}.",
    "{Data} {is} licensed under {short}.",
    "This work is licensed under a {name} License.",
    "We distribute {data} under the {name} license.",
    "{Data} {is} made available under the terms of the {name}.",
    "You are welcome to copy and share {data} under {short}.",
    "License: {short}",
    "Unless noted otherwise, {data} {is} published under the {name} ({short_plain}).",
    "{Org} publishes {data} under {short}; the full text is at {address}",
    "All of {data} {is} covered by the {name}.",
    "{Data} {is} provided under {short}. A copy of the license is linked above.",
    "The license of {data} is the {name}.",
    "{Data} {is} offered to everyone under the {name}, whose text can be read at {address}",
    "As of this release {data} {is} under {short}.",
)
_LINKED = (
    "{Data} {is} covered by {this license}.",
    "{Data} {is} distributed under {a public license}.",
    "Please read {the license} before you download {data}.",
    "The terms for {data} are set out in {this license}.",
    "{Data} {is} released under {the license linked here}.",
    "Some rights reserved: see {the license} of {data}.",
)
_LAYERED = (
    "{Data} {is} licensed under {short}.",
    "{Data} {is} released under the {name}.",
    "{Data}: {short}",
    "For {data}, the {name} applies.",
)
_BRACES = re.compile(r"\{([^}]+)\}")


def organization(page: Page) -> str:
    """Who publishes the page's dataset."""
    return Random(page.seed).choice(ORGANIZATIONS)


def _data(page: Page) -> tuple[str, str]:
    """The page's word for its data, and its verb."""
    words = (
        ("the dataset", "is"),
        ("the data", "is"),
        (page.name, "is"),
        ("this collection", "is"),
        ("the corpus", "is"),
        (f"the {page.name} dataset", "is"),
        (LAYER_WORDS[page.layer], "is" if page.layer == "metadata" else "are"),
    )
    return words[Random(page.seed + 1).randrange(len(words))]


def title(page: Page) -> str:
    """The heading over the terms."""
    return TITLES[page.terms.wording % len(TITLES)]


def _fill(template: str, page: Page, data: tuple[str, str], license_id: str | None, link: str | None) -> str:
    license_ = LICENSES[license_id] if license_id else None
    target = LICENSES[link].url if link else None
    if license_ and "License" in license_.name:
        template = template.replace("{name} License", "{name}").replace("{name} license", "{name}")

    def linked(words: str) -> str:
        return f"[{words}]({target})" if target and "{address}" not in template else words

    def slot(match: re.Match[str]) -> str:
        word = match.group(1)
        match word:
            case "data":
                return data[0]
            case "Data":
                return data[0][0].upper() + data[0][1:]
            case "is":
                return data[1]
            case "org" | "Org":
                return organization(page)
            case "mail":
                return f"data@{page.slug.replace('_', '-')}.example"
            case "name" if license_:
                return linked(license_.name)
            case "short" if license_:
                return linked(license_.short)
            case "short_plain" if license_:
                return license_.short
            case "address":
                return target or "the site of the license"
            case _:
                return linked(word)

    return _BRACES.sub(slot, template)


def statements(page: Page) -> tuple[str, ...]:
    """The sentences that state the page's terms, in order; none where only machines are told."""
    terms = page.terms
    data = _data(page)
    named = _NAMED[terms.wording % len(_NAMED)]
    clauses = tuple(_clause(name, page, data) for name in terms.clauses)
    match terms.style:
        case Style.NAMED | Style.EXTENDED:
            return (_fill(named, page, data, terms.license, terms.link), *clauses)
        case Style.LINKED:
            return (_fill(_LINKED[terms.wording % len(_LINKED)], page, data, None, terms.link),)
        case Style.LAYERED:
            template = _LAYERED[terms.wording % len(_LAYERED)]
            return tuple(
                _fill(
                    template, page, (LAYER_WORDS[layer], "is" if layer == "metadata" else "are"), license_id, license_id
                )
                for layer, license_id in terms.layers
            )
        case Style.CUSTOM:
            return clauses
        case Style.FIELD | Style.STRUCTURED:
            return ()


def _clause(name: str, page: Page, data: tuple[str, str]) -> str:
    texts = CLAUSES[name].texts
    return _fill(texts[(page.terms.wording + len(name)) % len(texts)], page, data, None, None)


def terms_blocks(page: Page) -> tuple[Block, ...]:
    """What stands under the heading of the terms: one paragraph, or bullets where there are several."""
    lines = statements(page)
    if page.terms.style is Style.LAYERED or (page.terms.style is Style.CUSTOM and page.terms.wording % 2):
        return (Block("ul", lines),)
    if page.terms.style is Style.EXTENDED:
        return (Block("p", (lines[0],)), *((Block("p", (" ".join(lines[1:]),)),) if lines[1:] else ()))
    return (Block("p", (" ".join(lines),)),) if lines else ()


def license_field(page: Page) -> str | None:
    """The value of a field called License, where the page states its terms in one."""
    terms = page.terms
    if terms.style is not Style.FIELD or terms.license is None:
        return None
    license_ = LICENSES[terms.license]
    words = license_.name if terms.wording % 3 == 0 else license_.short
    return f"[{words}]({LICENSES[terms.link].url})" if terms.link else words


def structured(page: Page, description: str, modified: str) -> str | None:
    """The page's JSON-LD, or None. Pages without a license in it may have one all the same."""
    terms = page.terms
    if terms.structured is None and page.seed % 3:
        return None
    data: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": page.name,
        "description": description,
        "url": f"http://{page.host}{page.path}",
        "creator": {"@type": "Organization", "name": organization(page)},
        "dateModified": modified,
    }
    if terms.structured is not None:
        license_ = LICENSES[terms.structured]
        data["license"] = (
            license_.url,
            {"@type": "CreativeWork", "name": license_.name, "url": license_.url},
            [license_.url],
        )[terms.wording % 3]
    if page.seed % 5 == 0:
        data = {"@context": data.pop("@context"), "@graph": [{"@type": "WebPage", "name": page.name}, data]}
    return json.dumps(data, indent=2 if page.seed % 2 else None)


def badge(terms: Terms) -> tuple[str, str, str] | None:
    """Words, image and target of the license's badge, or None."""
    if not terms.badge or terms.license is None:
        return None
    license_ = LICENSES[terms.license]
    label = quote(license_.short.replace("-", "--"))
    return f"License: {license_.short}", f"https://img.shields.io/badge/License-{label}-blue.svg", license_.url
