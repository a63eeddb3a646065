"""Loads and checks `catalog/` and `policy/`: the only reader of our YAML.

`catalog.schema` is apart, because it alone needs pydantic.
"""

from catalog.complete import lint_complete
from catalog.effort_records import load_effort_records, save_effort_record
from catalog.entitlements import load_entitlements
from catalog.load import load_catalog
from catalog.policy import load_policy
from catalog.reviews import load_reviews, save_review
from catalog.sample import Drawn, confidence_counts, sample
from catalog.starter import add_drafted, add_provider

__all__ = [
    "Drawn",
    "add_drafted",
    "add_provider",
    "confidence_counts",
    "lint_complete",
    "load_catalog",
    "load_effort_records",
    "load_entitlements",
    "load_policy",
    "load_reviews",
    "sample",
    "save_effort_record",
    "save_review",
]
