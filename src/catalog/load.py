"""The catalog as it stands in the files: one YAML a provider, and the reviews beside them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from catalog.build import INVALID, Builder
from catalog.checks import catalog_checks
from catalog.nodes import parse, read_bytes
from catalog.problems import Problems
from domain.catalog import Catalog, Provider
from domain.errors import InvalidInput
from domain.vocabulary import Basis


def load_catalog(folder: Path, today: date | None = None) -> Catalog:
    """Read every `*.yaml` at the top level of a folder, in the order of the names.

    `today` (UTC, default now) is the last day on which somebody can have seen a page. Raises one `InvalidInput`
    that lists all mistakes of all files, each with file and line.
    """
    problems = Problems()
    checks = catalog_checks(today or datetime.now(UTC).date())
    digest = sha256()
    providers: list[Provider] = []
    for path in _provider_files(folder, problems):
        data = read_bytes(path, problems)
        if data is None:
            continue
        digest.update(len(data).to_bytes(8) + data)
        node = parse(path, data, problems)
        if node is None:
            continue
        provider = Builder(path, problems, checks, Basis.STATED).build(Provider, node)
        if provider is not INVALID:
            providers.append(provider)
    problems.raise_if_any()
    return Catalog(tuple(providers), digest.hexdigest())


def _provider_files(folder: Path, problems: Problems) -> list[Path]:
    if not folder.is_dir():
        raise InvalidInput("there is no such catalog folder. Give the folder that holds the providers' files", folder)
    for path in sorted(folder.glob("*.yml")):
        # Skipping it in silence would leave its sources unknown, and nobody would see why.
        problems.add(path, None, "is not read because of its ending. Rename it to .yaml")
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        problems.raise_if_any()
        raise InvalidInput("holds no *.yaml file. Write a first one with `clearance catalog add`", folder)
    return paths
