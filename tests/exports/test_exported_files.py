"""SBOM, Croissant and views, read back by parsers that know nothing of how they were written."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from decided_sources import POLICY, SEEN, decided, some, stored

from catalog import load_catalog
from domain.deciding import Decision
from domain.probing import DatasetFact, Snapshot
from domain.vocabulary import Layer, Origin
from flows.export_decisions import sbom_document, write_croissants
from probes.apis import croissant as croissant_reader
from probes.apis.reading import ApiAnswer
from reports.sbom import sbom
from warehouse.exporting import VIEWS, export_views
from warehouse.query import Reader

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SPECIAL = {
    "https://spdx.org/rdf/3.0.1/terms/Licensing/NoAssertion": "NOASSERTION",
    "https://spdx.org/rdf/3.0.1/terms/Licensing/None": "NONE",
}


# The words an independent SPDX model accepts.
DATASET_TYPES = {
    *("audio", "categorical", "graph", "image", "noAssertion", "numeric", "other", "sensor", "structured"),
    *("syntactic", "text", "timeseries", "timestamp", "video"),
}


@pytest.mark.parametrize("layer", list(Layer))
def test_every_layer_has_a_dataset_type_that_spdx_knows(layer: Layer) -> None:
    document: Any = sbom([decided("free", "CC0-1.0", layer=layer.value)], {}, (), created=NOW, house="House")
    [package] = [node for node in document["@graph"] if node["type"] == "dataset_DatasetPackage"]
    assert set(package["dataset_datasetType"]) <= DATASET_TYPES


def licenses_in(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Name of each dataset package -> relationship type -> license, walking the graph by its links alone."""
    nodes = {node.get("spdxId") or node["@id"]: node for node in document["@graph"]}
    found: dict[str, dict[str, str]] = {}
    for node in nodes.values():
        if node["type"] != "Relationship":
            continue
        assert nodes[node["creationInfo"]]["type"] == "CreationInfo"
        package = nodes[node["from"]]
        assert package["type"] == "dataset_DatasetPackage"
        [target] = node["to"]
        license_id = SPECIAL.get(target) or nodes[target]["simplelicensing_licenseExpression"]
        assert node["relationshipType"] not in found.setdefault(package["name"], {})
        found[package["name"]][node["relationshipType"]] = license_id
    return found


def test_the_sbom_holds_each_source_with_its_two_licenses(tmp_path: Path) -> None:
    decisions = some()
    warehouse, catalog = stored(tmp_path, decisions)
    document = json.loads(json.dumps(sbom_document(warehouse, load_catalog(catalog), POLICY, at=None, created=NOW)))
    assert document["@context"] == "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    assert licenses_in(document) == {
        item.source_id: {
            "hasDeclaredLicense": item.license_declared,
            "hasConcludedLicense": item.license_concluded,
        }
        for item in decisions
    }
    ids = [node.get("spdxId") or node["@id"] for node in document["@graph"]]
    assert len(ids) == len(set(ids))
    packages = [node for node in document["@graph"] if node["type"] == "dataset_DatasetPackage"]
    for package in packages:
        assert package["dataset_datasetType"]
        assert package["originatedBy"]
        assert package["software_downloadLocation"].startswith("https://")
    assert "\x1b" not in json.dumps(document, ensure_ascii=False)


def test_only_measured_facts_become_size_and_release() -> None:
    facts = [
        DatasetFact("free", "size_bytes", "41 MB", 41_000_000.0, "bytes", "https://x.example", SEEN, True),
        DatasetFact("free", "newest_release", "2026-08-19", None, None, "https://x.example", SEEN, True),
        DatasetFact("credited", "size_bytes", "about 1 GB", 1e9, "bytes", "https://x.example", SEEN, False),
    ]
    document = sbom([decided("free", "CC0-1.0"), decided("credited", "CC-BY-4.0")], {}, facts, created=NOW, house="H")
    graph: Any = document["@graph"]
    packages = {node["name"]: node for node in graph if node["type"] == "dataset_DatasetPackage"}
    assert packages["free"]["dataset_datasetSize"] == 41_000_000
    assert packages["free"]["releaseTime"] == "2026-08-19T00:00:00Z"
    assert "dataset_datasetSize" not in packages["credited"]
    assert "releaseTime" not in packages["credited"]


def test_croissant_gives_license_and_use_to_our_own_reader_of_the_format(tmp_path: Path) -> None:
    decisions = {item.source_id: item for item in some()}
    warehouse, catalog = stored(tmp_path, list(decisions.values()))
    written = write_croissants(warehouse, load_catalog(catalog), tmp_path / "out", at=None, created=NOW)
    assert len(written) == len(decisions)
    for path in written:
        body = path.read_bytes()
        document = json.loads(body)
        decision: Decision = decisions[document["identifier"]]
        assert document["conformsTo"] == "http://mlcommons.org/croissant/1.1"
        reading = croissant_reader.read(decision.source_id, ApiAnswer.of(_snapshot(body)))
        assert reading.problem is None
        said = {claim.raw for claim in reading.claims if claim.field.startswith("license")}
        assert said == {document["license"]}
        offer, *terms = document["usageInfo"]
        assert f"tier {decision.tier.value};" in offer["description"]
        permitted = {rule["odrl:action"]["@id"] for rule in offer.get("odrl:permission", [])}
        assert ("odrl:commercialize" in permitted) is decision.rights.commercial_use.usable
        assert ("odrl:derive" in permitted) is decision.rights.derive.usable
        codes = {term["termCode"] for term in terms}
        assert ("DUO_0000018" in codes) is (decision.license_concluded == "CC-BY-NC-4.0")


def test_every_view_is_written_with_all_its_rows(tmp_path: Path) -> None:
    warehouse, _ = stored(tmp_path, some())
    counts = {kind: export_views(warehouse, tmp_path / kind, kind) for kind in ("csv", "parquet")}
    assert counts["csv"] == counts["parquet"]
    assert set(counts["csv"]) == set(VIEWS)
    assert counts["csv"]["tier_now"] == len(some())
    with Reader.open(warehouse) as reader:
        for view in VIEWS:
            names, rows = reader.query(f"SELECT * FROM {view}")
            with (tmp_path / "csv" / f"{view}.csv").open(encoding="utf-8", newline="") as file:
                lines = list(csv.reader(file))
            assert lines[0] == list(names)
            assert len(lines) - 1 == len(rows)
            again = duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/parquet/{view}.parquet'").fetchall()
            assert again == [(len(rows),)]
    listed = duckdb.sql(f"SELECT license_concluded FROM '{tmp_path}/parquet/tier_now.parquet'").fetchall()
    assert Counter(row[0] for row in listed) == Counter(item.license_concluded for item in some())


def test_a_hostile_cell_is_inert_in_csv_and_whole_in_parquet(tmp_path: Path) -> None:
    warehouse, _ = stored(tmp_path, some())
    export_views(warehouse, tmp_path / "out", "csv")
    with (tmp_path / "out" / "open_gates.csv").open(encoding="utf-8", newline="") as file:
        [row] = list(csv.DictReader(file))
    assert row["reason"].startswith("'=HYPERLINK(")
    assert "\x1b" not in row["reason"]
    export_views(warehouse, tmp_path / "out", "parquet")
    [(kept,)] = duckdb.sql(f"SELECT reason FROM '{tmp_path}/out/open_gates.parquet'").fetchall()
    assert kept == "=HYPERLINK(\x1b[31m)"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_empty_warehouse_gives_empty_files(tmp_path: Path, kind: str) -> None:
    warehouse, _ = stored(tmp_path, [])
    assert export_views(warehouse, tmp_path / "out", kind)["tier_now"] == 0
    assert (tmp_path / "out" / f"tier_now.{kind}").is_file()


def _snapshot(body: bytes) -> Snapshot:
    return Snapshot(
        "https://x.example/c.json", "https://x.example/c.json", SEEN, 200, "application/ld+json", "utf-8", {}, body,
        "0" * 64, Origin.DIRECT, "http-get",
    )  # fmt: skip
