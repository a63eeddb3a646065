"""The pages that come instead of the page, out of `strangers.toml`, and the frame of a site round them."""

from __future__ import annotations

import tomllib
from html import escape
from importlib.resources import files
from random import Random
from typing import Any

_STRANGERS: dict[str, Any] = tomllib.loads((files("bench.drift") / "strangers.toml").read_text(encoding="utf-8"))
_MENU = "".join(f'<li><a href="/{word.lower()}">{word}</a></li>' for word in ("Home", "About", "Help"))
_NEWS = ("The reading room reopens in May", "New finding aids for the tape collection", "Concert series announced")


def stranger(rng: Random, kind: str, site: str) -> str:
    """One page of a kind, its slots filled."""
    words: str = rng.choice(_STRANGERS[kind])
    return words.replace("{token}", f"{rng.getrandbits(64):016x}").replace("{site}", escape(site))


def site_page(site: str, words: str) -> str:
    """Some words in the frame of a site."""
    name = escape(site)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{name}</title></head>\n<body>\n'
        f'<header><a href="/">{name}</a><nav><ul>{_MENU}</ul></nav></header>\n'
        f"<main>{words}</main>\n<footer><p>© {name}</p></footer>\n</body>\n</html>\n"
    )


def home(site: str) -> str:
    """The start page of a site, where redirects lead."""
    news = "".join(f"<li>{words}</li>" for words in _NEWS)
    return site_page(
        site,
        f"<h1>Welcome to {escape(site)}</h1><p>Browse our collections, read the news, or search the archive.</p>"
        f"<h2>News</h2><ul>{news}</ul>",
    )


def foreign(rng: Random, site: str) -> str:
    """A page of the site in another language, as long as pages are."""
    language = rng.choice(_STRANGERS["languages"])
    paragraphs = "\n".join(
        f"<p>{' '.join(rng.sample(language['sentences'], rng.randint(3, 6)))}</p>" for _ in range(rng.randint(20, 50))
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language["code"]}">\n'
        f'<head><meta charset="utf-8"><title>{escape(site)}</title></head>\n'
        f"<body>\n<header>{language['menu']}</header>\n<main><h1>{escape(site)}</h1>\n{paragraphs}\n</main>\n</body>\n</html>\n"
    )
