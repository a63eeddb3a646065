"""Turns rows into files: every page whole in itself, so that one can be mailed, printed and kept."""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from domain.history import ChangeRecord, TierStep, Version
from domain.probing import DatasetFact
from reports.acts import acts
from reports.escape import plain
from reports.site.addresses import page_name
from reports.site.change_views import material_changes
from reports.site.contradictions_page import contradictions_page
from reports.site.effort_bar import scale_of
from reports.site.families_page import families_page
from reports.site.figures_page import figure_views
from reports.site.handoff import hand_off
from reports.site.index_page import index_page
from reports.site.owners_page import owner_views
from reports.site.plan_page import act_view, plan_page
from reports.site.rows import SiteRows
from reports.site.source_page import History, source_page

LIST_OF_FILES = "files.sha256"
"""Names every page with its digest, in the form that `sha256sum -c` checks."""


def render_site(rows: SiteRows) -> dict[str, str]:
    """All files of the site by their path below its top, `LIST_OF_FILES` included.

    The same rows give the same bytes. Raises `ValueError` for a decision about a source that the
    catalog does not hold.
    """
    entries = {entry[2].id: entry for entry in rows.catalog.sources}
    strangers = sorted({decision.source_id for decision in rows.decisions} - entries.keys())
    if strangers:
        raise ValueError(f"decisions about sources that are not in the catalog: {', '.join(strangers)}")
    sources = {source_id: entry[2] for source_id, entry in entries.items()}
    found = acts(rows.decisions)
    templates = _Templates()
    index = index_page(
        entries,
        rows.decisions,
        found,
        problems=rows.problems_of_looking,
        pages_looked_at=rows.pages_looked_at,
        pages_total=rows.pages_total,
        versions=(rows.catalog.sha256, rows.policy.sha256),
    )
    pages = {
        "index.html": templates.page("index", page=index, act=act_view(found[0]) if found else None),
        "plan.html": templates.page("plan", page=plan_page(rows.decisions, found, sources, rows.policy)),
        "open.html": templates.page("open", owners=owner_views(rows.decisions, sources), handoff=hand_off(rows, found)),
        "contradictions.html": templates.page("contradictions", disputed=contradictions_page(rows.decisions, sources)),
        "families.html": templates.page("families", families=families_page(entries, rows.decisions)),
        "changes.html": templates.page("changes", changes=material_changes(rows.changes, "")),
        "figures.html": templates.page("figures", figures=_drawn(rows)),
        **_source_pages(rows, templates),
    }
    listed = "".join(f"{sha256(pages[path].encode()).hexdigest()}  {path}\n" for path in sorted(pages))
    return {**pages, LIST_OF_FILES: listed}


def _source_pages(rows: SiteRows, templates: _Templates) -> dict[str, str]:
    facts: defaultdict[str, list[DatasetFact]] = defaultdict(list)
    changes: defaultdict[str, list[ChangeRecord]] = defaultdict(list)
    versions: defaultdict[str, list[Version]] = defaultdict(list)
    accepted: defaultdict[str, list[Version]] = defaultdict(list)
    steps: defaultdict[str, list[TierStep]] = defaultdict(list)
    for fact in rows.facts:
        facts[fact.source_id].append(fact)
    for change in rows.changes:
        changes[change.source_id].append(change)
    for version in rows.versions:
        versions[version.source_id].append(version)
    for version in rows.accepted:
        accepted[version.source_id].append(version)
    for step in rows.tier_steps:
        steps[step.source_id].append(step)
    entries = {entry[2].id: entry for entry in rows.catalog.sources}
    scale = scale_of(rows.decisions)
    pages = {}
    for decision in sorted(rows.decisions, key=lambda decision: decision.source_id):
        name = decision.source_id
        history = History(versions=versions[name], accepted=accepted[name], changes=changes[name], steps=steps[name])
        problem = rows.problems_of_looking.get(name, "")
        page = source_page(entries[name], decision, facts[name], history, scale=scale, problem=problem)
        pages[f"sources/{page_name(name)}"] = templates.page("source", root="../", page=page)
    return pages


def _drawn(rows: SiteRows) -> list[Mapping[str, object]]:
    entries = {entry[2].id: entry for entry in rows.catalog.sources}
    return [
        # The drawing is our own, and what it quotes is escaped by whoever drew it.
        {"view": figure, "svg": None if figure.svg is None else Markup(figure.svg)}  # noqa: S704
        for figure in figure_views(entries, rows.decisions, rows.changes)
    ]


class _Templates:
    """Escapes by default, for HTML; style and script are admitted by their digests alone."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("reports.site", "templates"),
            undefined=StrictUndefined,
            autoescape=True,
            finalize=_visible,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["ticked"] = _ticked
        texts = files("reports.site").joinpath("templates")
        style, script = (texts.joinpath(name).read_text(encoding="utf-8") for name in ("site.css", "site.js"))
        self._shared = {
            "style": Markup(style),  # noqa: S704
            "script": Markup(script),  # noqa: S704
            "policy_of_content": (
                f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
                "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
            ),
        }

    def page(self, template: str, *, root: str = "", **values: object) -> str:
        """A whole page; `root` leads from it to the site's top."""
        text = self._environment.get_template(f"{template}.html.j2").render(
            {**self._shared, "root": root, "here": template, **values}
        )
        return text.strip() + "\n"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _ticked(text: str) -> Markup:
    """Our policy's words, in which backticks set off commands; all else in them stays words."""
    pieces = plain(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(plain(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else piece for place, piece in enumerate(pieces)
    )


def _visible(value: object) -> object:
    """One line of visible characters; escaping is left to the engine."""
    return value if isinstance(value, Markup) else plain(str(value))
