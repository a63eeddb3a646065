"""`catalog/schema.json`: the shape of a provider's file for editors and other programs, made from the domain's classes.

The only place that needs pydantic; loading does not.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from domain.catalog import Provider

_ID = "^[a-z0-9][a-z0-9_]*$"


def json_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of one provider's file. Closed: unknown keys are errors, as in the loader."""
    schema = TypeAdapter(Provider).json_schema(mode="validation")
    definitions = schema["$defs"]
    for shape in (schema, *definitions.values()):
        if shape.get("type") == "object":
            shape["additionalProperties"] = False
    right = definitions["Right"]
    # A right may be written as its value alone; what it rests on is then that the page's words say so.
    definitions["Right"] = {
        "title": "Right",
        "description": right.pop("description", ""),
        "anyOf": [{"$ref": "#/$defs/RightValue"}, right],
    }
    for name in ("Dataset", "Source"):
        definitions[name]["properties"]["id"]["pattern"] = _ID
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "Provider",
        "description": schema.pop("description", ""),
        **{key: value for key, value in schema.items() if key != "title"},
    }


def schema_text() -> str:
    """The schema as the file holds it: indented JSON with a final newline."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
