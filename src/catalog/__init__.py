"""Loads and checks `catalog/` and `policy/`: the only reader of our YAML.

`catalog.schema` is apart, because it alone needs pydantic.
"""

from catalog.complete import lint_complete
from catalog.load import load_catalog
from catalog.policy import load_policy
from catalog.reviews import load_reviews, save_review
from catalog.starter import add_drafted, add_provider

__all__ = ["add_drafted", "add_provider", "lint_complete", "load_catalog", "load_policy", "load_reviews", "save_review"]
