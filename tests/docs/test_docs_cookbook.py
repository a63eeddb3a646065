"""The cookbook prints what its queries give, and knows every view."""

from __future__ import annotations

import re

import pytest
from cookbook_pages import COOKBOOK, Recipe, recipes, table_of

from warehouse.query import Reader

TEXT = COOKBOOK.read_text(encoding="utf-8")
RECIPES = recipes(TEXT)


def test_no_query_of_the_cookbook_is_left_out() -> None:
    assert len(RECIPES) == TEXT.count("```sql\n") >= 15


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.question for recipe in RECIPES])
def test_a_query_gives_the_result_that_the_cookbook_prints(recipe: Recipe, songdust: Reader) -> None:
    shown = table_of(songdust, recipe.sql)
    assert shown == recipe.shown, f"run `python tests/docs/cookbook_pages.py` and read the difference:\n{shown}"


def test_every_view_has_its_line_and_a_recipe(songdust: Reader) -> None:
    _, rows = songdust.query("SELECT view_name FROM duckdb_views() WHERE NOT internal AND database_name <> 'temp'")
    views = {str(name) for (name,) in rows} | {"tier_as_of"}
    assert len(views) == 13
    lines = set(re.findall(r"^\| `(\w+)(?:\(t\))?` \|", TEXT, re.M))
    assert lines == views
    asked = " ".join(recipe.sql for recipe in RECIPES)
    assert [view for view in sorted(views) if not re.search(rf"\b{view}\b", asked)] == []


def test_every_named_column_exists(songdust: Reader) -> None:
    named = re.findall(r"^\| `(\w+)(?:\(t\))?` \|[^|]*\|([^|]*)\|", TEXT, re.M)
    missing = []
    for view, columns in named:
        source = "tier_as_of(now())" if view == "tier_as_of" else view
        have = {str(row[0]) for row in songdust.query(f"DESCRIBE SELECT * FROM {source}")[1]}
        words = {"first", "publisher", "review", "policy", "catalog", "reader", "age", "tier_now", *have}
        missing += [f"{view}.{name}" for name in re.findall(r"`(\w+)`", columns) if name not in words]
    assert missing == []
