"""`catalog/schema.json` is what the classes say."""

from __future__ import annotations

from pathlib import Path

from catalog.schema import json_schema, schema_text

FILE = Path(__file__).parents[2] / "catalog" / "schema.json"


def test_the_shipped_schema_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(), (
        "write it anew: python -c 'from catalog.schema import schema_text; print(schema_text(), end=\"\")'"
        " > catalog/schema.json"
    )


def test_the_schema_is_closed_everywhere() -> None:
    schema = json_schema()
    shapes = [schema, *schema["$defs"].values(), schema["$defs"]["Right"]["anyOf"][1]]
    assert all(shape["additionalProperties"] is False for shape in shapes if shape.get("type") == "object")
    assert schema["required"] == ["provider", "datasets"]


def test_a_right_may_be_one_word() -> None:
    word, mapping = json_schema()["$defs"]["Right"]["anyOf"]
    assert word == {"$ref": "#/$defs/RightValue"}
    assert set(mapping["properties"]) == {"value", "basis", "purpose", "assignee", "conditions"}
