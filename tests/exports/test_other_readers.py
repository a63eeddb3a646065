"""Our exports as programs of others read them; `make test-all` brings those programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from decided_sources import POLICY, some, stored

from catalog import load_catalog
from flows.export_decisions import sbom_document, write_croissants

pytestmark = pytest.mark.exports

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
INDIVIDUALS = {
    "https://spdx.org/rdf/3.0.1/terms/Licensing/NoAssertion",
    "https://spdx.org/rdf/3.0.1/terms/Licensing/None",
}


def test_mlcroissant_reads_every_description_and_its_license(tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="the dependency group `exports` is not installed")

    decisions = {item.source_id: item for item in some()}
    warehouse, catalog = stored(tmp_path, list(decisions.values()))
    written = write_croissants(warehouse, load_catalog(catalog), tmp_path / "out", at=None, created=NOW)
    assert len(written) == len(decisions)
    for path in written:
        ours = json.loads(path.read_text(encoding="utf-8"))
        metadata = mlcroissant.Dataset(jsonld=str(path)).metadata
        assert metadata.name == ours["name"]
        license_ = metadata.license[0] if isinstance(metadata.license, list) else metadata.license
        assert str(license_) == ours["license"]


def test_the_spdx_model_reads_the_bill_of_materials_with_every_license(tmp_path: Path) -> None:
    model = pytest.importorskip("spdx_python_model", reason="the dependency group `exports` is not installed")
    spdx = model.v3_0_1

    decisions = some()
    warehouse, catalog = stored(tmp_path, decisions)
    file = tmp_path / "sbom.json"
    document = sbom_document(warehouse, load_catalog(catalog), POLICY, at=None, created=NOW)
    file.write_text(json.dumps(document), encoding="utf-8")
    objects = spdx.SHACLObjectSet()
    with file.open("rb") as stream:
        spdx.JSONLDDeserializer().read(stream, objects)
    assert {*objects.missing_ids} <= INDIVIDUALS
    packages = {package.name for package in objects.foreach_type("dataset_DatasetPackage")}
    assert packages == {item.source_id for item in decisions}
    concluded: dict[str, Any] = {}
    for link in objects.foreach_type("Relationship"):
        if str(link.relationshipType).endswith("hasConcludedLicense"):
            [target] = link.to
            concluded[link.from_.name] = getattr(target, "simplelicensing_licenseExpression", None)
    named = {item.source_id: item.license_concluded for item in decisions}
    plain = {name: words for name, words in named.items() if words not in ("NOASSERTION", "NONE")}
    assert plain
    assert {name: concluded[name] for name in plain} == plain
