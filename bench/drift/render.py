"""Pages as text: seven furnitures round the same contents."""

from __future__ import annotations

import html
from random import Random
from typing import assert_never

from bench.drift import chrome
from bench.drift.contents import TERMS_ANCHOR, Contents, contents, dataset_fields
from bench.drift.licenses import LICENSES
from bench.drift.model import Document, Furniture, Media, Page, Style
from bench.drift.prose import Block, Section, block_html, block_markdown, inline_html
from bench.drift.wording import badge, license_field, organization, structured


def render(page: Page) -> Document:
    """The whole page, as a server would send it."""
    said = contents(page)
    if page.furniture is Furniture.README:
        return Document(_readme(page, said), page.media)
    extra = ""
    data = structured(page, said.lead, chrome.edited(page).isoformat())
    if data:
        extra += f'<script type="application/ld+json">\n{data}\n</script>\n'
    if page.terms.relation:
        extra += f'<link rel="license" href="{LICENSES[page.terms.relation].url}">\n'
    text = (
        f'<!DOCTYPE html>\n<html lang="en">\n{chrome.head(page, extra)}\n<body class="{page.furniture}">\n'
        f'{chrome.banner(page)}\n<header><a href="/">{html.escape(organization(page))}</a>\n'
        f"{chrome.navigation(page)}</header>\n"
        f"{_body(page, said)}\n{chrome.footer(page, organization(page))}\n{chrome.scripts(page)}\n</body>\n</html>\n"
    )
    return Document(text, Media.HTML)


def _body(page: Page, said: Contents) -> str:
    lead = f"<p>{inline_html(said.lead)}</p>"
    text = "\n".join(_section(part) for part in said.sections)
    name, owner = html.escape(page.name), html.escape(organization(page))
    fields, related = _fields(page), chrome.related(page)
    match page.furniture:
        case Furniture.DOCS:
            toc = "".join(f'<li><a href="#{part.anchor}">{part.title}</a></li>' for part in said.sections)
            return (
                f'<div class="layout"><div class="toc"><ul>{toc}</ul></div>\n<main><h1>{name}</h1>\n'
                f"{_badge(page)}{lead}\n{text}\n{fields}</main>\n{related}</div>"
            )
        case Furniture.WIKI:
            return (
                f'<div id="content"><h1 id="firstHeading">{name}</h1>\n<div class="infobox">{fields}</div>\n'
                f"{lead}\n{_badge(page)}{text}\n</div>\n{related}\n{chrome.counters(page)}"
            )
        case Furniture.HUB:
            return (
                f"<main><h1>{name}</h1>\n{chrome.counters(page)}\n"
                f'<div class="sidebar">{fields}{related}</div>\n'
                f'<article class="card">{_badge(page)}{lead}\n{text}</article></main>'
            )
        case Furniture.RECORD:
            return (
                f'<main class="record"><h1>{name}</h1>\n<p class="by">{owner}</p>\n{lead}\n{_badge(page)}'
                f'<div class="metadata">{fields}</div>\n{text}\n{chrome.counters(page)}</main>\n{related}'
            )
        case Furniture.PORTAL:
            return f"<main><h1>Datasets of the {owner}</h1>\n{text}</main>\n{related}"
        case Furniture.FORUM:
            return f"<main><h1>{name}</h1>\n{_thread(page, said, lead)}</main>\n{related}"
        case Furniture.README:
            raise ValueError("a README has no HTML")
    assert_never(page.furniture)


def _section(part: Section) -> str:
    blocks = "\n".join(block_html(block) for block in part.blocks)
    return f'<section id="{part.anchor}">\n<h2>{html.escape(part.title)}</h2>\n{blocks}\n</section>'


def _fields(page: Page) -> str:
    return "".join(block_html(block) for block in dataset_fields(page))


def _badge(page: Page) -> str:
    shown = badge(page.terms)
    return f'<p><a href="{shown[2]}"><img src="{shown[1]}" alt="{shown[0]}"></a></p>\n' if shown else ""


def _thread(page: Page, said: Contents, lead: str) -> str:
    """The publisher opens, with the terms; readers answer."""
    rng = Random(page.seed + 7)
    day = chrome.spelled(chrome.edited(page), page.seed)
    fields = _fields(page) if page.terms.style is Style.FIELD else ""
    posts = []
    for number, part in enumerate(sorted(said.sections, key=lambda part: part.anchor != TERMS_ANCHOR)):
        author = f"listener{rng.randint(10, 999)}" if number else html.escape(organization(page))
        opening = "" if number else f"{lead}\n{_badge(page)}{fields}"
        posts.append(
            f'<div class="post" id="post-{number + 1}"><div class="who">{author} · {day} · '
            f"<span>{rng.randint(0, 60)} likes</span></div>\n{opening}{_section(part)}</div>"
        )
    return "\n".join(posts)


def _readme(page: Page, said: Contents) -> str:
    parts = []
    field = license_field(page)
    if field and page.media is Media.MARKDOWN and page.terms.license:
        parts.append(f"---\npretty_name: {page.name}\nlicense: {page.terms.license.lower()}\n---")
    parts.append(f"# {page.name}")
    shown = badge(page.terms)
    if shown:
        parts.append(f"[![{shown[0]}]({shown[1]})]({shown[2]})")
    parts.append(said.lead)
    if field and page.media is Media.PLAIN:
        parts.append(f"License: {field}")
    for part in said.sections:
        parts.extend((f"## {part.title}", *(_wrapped(block, page) for block in part.blocks)))
    parts.append(
        f"Contact: info@{page.slug.replace('_', '-')}.example. "
        f"Last updated: {chrome.spelled(chrome.edited(page), page.seed)}"
    )
    return "\n\n".join(parts) + "\n"


def _wrapped(block: Block, page: Page) -> str:
    text = block_markdown(block)
    if block.kind != "p" or page.seed % 2:
        return text
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) > 78:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join((*lines, line))
