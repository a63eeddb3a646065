"""The first file of a provider, for `clearance catalog add`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import yaml

from catalog.build import Builder
from catalog.checks import catalog_checks
from catalog.nodes import parse
from catalog.problems import Problems
from domain.catalog import Provider
from domain.errors import InvalidInput
from domain.vocabulary import Basis, Layer, SpeaksFor, WatchRole


def add_provider(
    folder: Path,
    *,
    provider: str,
    source_id: str,
    name: str,
    layer: Layer,
    url: str,
    role: WatchRole = WatchRole.LICENSE,
    speaks_for: SpeaksFor = SpeaksFor.PUBLISHER,
) -> Path:
    """Write a catalog file with one dataset, one source and one watch, and return its path.

    Raises `InvalidInput` where the file exists already or would not load.
    """
    watch = {"url": url, "role": role.value, "speaks_for": speaks_for.value}
    source = {"id": source_id, "layer": layer.value, "watches": [watch]}
    content = {"provider": provider, "datasets": [{"id": source_id, "name": name, "sources": [source]}]}
    return add_drafted(folder, provider, content)


def add_drafted(folder: Path, provider: str, content: Mapping[str, object], comment: str = "") -> Path:
    """Write a drafted file after the checks of a load, and return its path. `comment` is one line for its head.

    Raises `InvalidInput` where the file exists already or would not load.
    """
    path = folder / f"{provider}.yaml"
    head = f"# {' '.join(comment.split())}\n" if comment else ""
    body = yaml.dump(dict(content), Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=100)
    data = (head + body).encode()
    problems = Problems()
    node = parse(path, data, problems)
    if node is not None:
        checks = catalog_checks(datetime.now(UTC).date())
        Builder(path, problems, checks, Basis.STATED).build(Provider, node)
    problems.raise_if_any()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise InvalidInput("exists already. Add the source to it by hand, or choose another provider", path) from None
    return path
