"""What machines state, from the answer of a host to gate, alert, view and page: it narrows and never widens."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Web, loopback_web

from clearance.main import main
from domain.deciding import Decision, Gate
from domain.history import RunSummary
from domain.vocabulary import GateKind, Tier
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
SILENT = OPEN.replace(
    "<p>The dataset is licensed under <a href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0 1.0</a>.</p>",
    "<p>Download the archive below.</p>",
)
NO_CRAWLERS = "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
NO_MINING = json.dumps([{"location": "/p", "tdm-reservation": 1, "tdm-policy": "https://tunes.example/policy.json"}])


def record(license_id: str) -> str:
    """A record of a repository of research data, in the shape its interface gives."""
    return json.dumps(
        {
            "id": 7,
            "created": "2024-05-01T00:00:00+00:00",
            "metadata": {"title": "Tiny Tunes", "publication_date": "2024-05-01", "license": {"id": license_id}},
            "files": [{"key": "tunes.csv", "size": 4096}],
        }
    )


@dataclass
class House:
    """One source on a loopback host, its catalog and its warehouse."""

    web: Web
    folder: Path

    def run(self) -> RunSummary:
        settings = RunSettings(
            catalog=str(self.folder / "catalog"),
            policy=str(ROOT / "policy"),
            warehouse=str(self.warehouse),
            out=str(self.folder / "out"),
            allow_hosts=("127.0.0.0/8",),
            delay=0,
            confirm_after=0,
        )
        return run_pipeline(Run.begin(settings))

    @property
    def warehouse(self) -> Path:
        return self.folder / "w" / "clearance.duckdb"

    @property
    def decision(self) -> Decision:
        with Reader.open(self.warehouse) as reader:
            return reader.decisions()["tunes"]

    def gate(self, name: str) -> Gate | None:
        return next((gate for gate in self.decision.gates if gate.gate == name), None)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with Reader.open(self.warehouse) as reader:
            return reader.query(sql)[1]

    @property
    def assessment(self) -> str:
        return (self.folder / "out" / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md").read_text(encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with loopback_web() as web:
        web.pages |= {"/p/1": OPEN}
        (tmp_path / "catalog").mkdir()
        (tmp_path / "catalog" / "tunes.yaml").write_text(
            f"""
provider: tunes
datasets:
  - id: tunes
    name: Tiny Tunes
    sources:
      - id: tunes
        layer: metadata
        watches:
          - {{url: "{web.base}/p/1", role: license, speaks_for: publisher, select: "#terms"}}
        probes:
          - {{url: "{web.base}/api/records/7", api: invenio}}
""",
            encoding="utf-8",
        )
        yield House(web, tmp_path)


@pytest.mark.parametrize(
    ("path", "body", "headers", "rule"),
    [
        ("/robots.txt", NO_CRAWLERS, {}, "robots/disallow-training-crawler"),
        ("/.well-known/tdmrep.json", NO_MINING, {}, "tdmrep/file"),
        ("/p/1", SILENT, {"TDM-Reservation": "1"}, "tdmrep/header"),
        ("/p/1", SILENT, {"X-Robots-Tag": "noai, noimageai"}, "header/x-robots-tag"),
        ("/p/1", SILENT.replace("<title>", "<meta name='tdm-reservation' content='1'><title>"), {}, "tdmrep/header"),
        ("/p/1", SILENT.replace("<title>", '<META content="noai" name="robots"><title>'), {}, "header/x-robots-tag"),
    ],
)
def test_a_reservation_caps_where_training_would_rest_on_silence(
    house: House, path: str, body: str, headers: dict[str, str], rule: str
) -> None:
    house.web.pages |= {"/p/1": SILENT, path: body}
    house.web.headers[path] = headers
    house.run()
    gate = house.gate("reservation")
    assert gate is not None
    assert (gate.kind, gate.caps_at) == (GateKind.BLOCKING, Tier.RESEARCH_ONLY)
    assert house.rows("SELECT DISTINCT state, rule, confirmed FROM reservations") == [("reserved", rule, True)]
    assert "What hosts say about training" in house.assessment


def test_beside_a_license_that_grants_training_a_reservation_is_a_condition_and_takes_nothing_back(
    house: House,
) -> None:
    house.run()
    assert (house.decision.tier, house.gate("reservation")) == (Tier.PRODUCTION_APPROVED, None)
    house.web.pages["/robots.txt"] = NO_CRAWLERS
    summary = house.run()
    gate = house.gate("reservation")
    assert gate is not None
    assert gate.kind is GateKind.CONDITION
    assert house.decision.tier is Tier.PRODUCTION_APPROVED
    assert summary.alerts == 0
    assert house.rows("SELECT kind, alert, direction FROM changes WHERE watch_id LIKE '%/reservation/%'") == [
        ("editorial", False, "tightened")
    ]
    assert house.rows("SELECT cause FROM tier_now WHERE source_id = 'tunes'") == [("publisher",)]


def test_that_nothing_is_reserved_permits_nothing(house: House) -> None:
    house.web.pages |= {"/p/1": SILENT, "/.well-known/tdmrep.json": NO_MINING.replace(": 1", ": 0")}
    house.run()
    assert (house.decision.tier, house.gate("reservation")) == (Tier.BLOCKED, None)
    assert house.rows("SELECT state FROM reservations") == [("not_reserved",)]


def test_a_new_reservation_counts_at_once_and_is_told_when_a_second_look_confirms_it(house: House) -> None:
    house.web.pages["/p/1"] = SILENT
    assert house.run().alerts == 0
    house.web.pages["/robots.txt"] = NO_CRAWLERS
    seen = house.run()
    assert (seen.alerts, house.gate("reservation") is not None) == (0, True)
    confirmed = house.run()
    assert (confirmed.alerts, confirmed.changes.get("material")) == (1, 1)
    assert house.run().alerts == 0
    ((title, body),) = house.rows("SELECT title, body FROM alerts")
    assert "tightened" in str(title)
    assert "GPTBot" in str(body)


def test_a_reservation_that_is_gone_goes_on_counting_until_a_second_look(house: House) -> None:
    house.web.pages |= {"/p/1": SILENT, "/robots.txt": NO_CRAWLERS}
    house.run()
    house.web.pages["/robots.txt"] = 404
    house.run()
    assert house.gate("reservation") is not None
    house.run()
    assert house.gate("reservation") is None


def test_a_robots_txt_that_cannot_be_had_goes_on_saying_what_it_said(house: House) -> None:
    house.web.pages |= {"/p/1": SILENT, "/robots.txt": NO_CRAWLERS}
    house.run()
    before = house.rows("SELECT * FROM machine_statements")
    house.web.pages["/robots.txt"] = 503
    house.run()
    assert house.rows("SELECT * FROM machine_statements") == before
    assert house.gate("reservation") is not None


def test_an_interface_that_states_narrower_terms_disputes_the_page_and_the_narrower_counts(house: House) -> None:
    house.web.pages["/api/records/7"] = record("cc-by-nc-4.0")
    house.run()
    gate = house.gate("contradiction")
    assert gate is not None
    assert (gate.kind, gate.caps_at) == (GateKind.BLOCKING, Tier.RESEARCH_ONLY)
    assert "metadata.license" in gate.reason
    assert house.decision.tier is Tier.RESEARCH_ONLY
    assert any(item.rule.startswith("metadata interface") and item.grade == "D" for item in house.decision.evidence)
    assert "disagrees with the concluded CC0-1.0" in house.assessment


def test_an_interface_that_states_wider_terms_widens_nothing_and_is_shown(house: House) -> None:
    house.web.pages |= {"/p/1": CLOSED, "/api/records/7": record("cc-zero")}
    house.run()
    assert (house.decision.tier, house.decision.license_concluded) == (Tier.RESEARCH_ONLY, "CC-BY-NC-4.0")
    assert "disagrees with the concluded CC-BY-NC-4.0" in house.assessment


def test_an_interface_alone_approves_nothing(house: House) -> None:
    house.web.pages |= {"/p/1": SILENT, "/api/records/7": record("cc-zero")}
    house.run()
    assert house.decision.tier is Tier.BLOCKED
    house.web.pages["/p/1"] = 404
    house.run()
    assert house.decision.tier is Tier.BLOCKED


def test_a_license_field_that_changes_is_a_change_of_terms_and_told_once(house: House) -> None:
    house.web.pages["/api/records/7"] = record("cc-by-4.0")
    house.run()
    house.web.pages["/api/records/7"] = record("cc-by-nc-4.0")
    assert house.run().alerts == 0
    assert house.decision.tier is Tier.RESEARCH_ONLY
    summary = house.run()
    assert summary.alerts == 1
    ((kind, direction, confirmed, before, after),) = house.rows(
        "SELECT kind, direction, confirmed, licenses_before, licenses_after FROM changes"
        " WHERE watch_id LIKE '%/license/%' AND kind <> 'first' AND watch_id LIKE 'tunes/license/%'"
        " AND url LIKE '%/api/%'"
    )
    assert (kind, direction, confirmed) == ("material", "tightened", True)
    assert (before, after) == (["CC-BY-4.0"], ["CC-BY-NC-4.0"])
    # Taken back: the narrower goes on counting until a second look agrees.
    house.web.pages["/api/records/7"] = record("cc-zero")
    house.run()
    assert house.gate("contradiction") is not None
    house.run()
    assert house.gate("contradiction") is None


@pytest.mark.parametrize("raw", ["other", "", "NOASSERTION", "see readme"])
def test_words_that_name_no_license_dispute_nothing(house: House, raw: str) -> None:
    house.web.pages["/api/records/7"] = record(raw)
    house.run()
    assert (house.decision.tier, house.gate("contradiction")) == (Tier.PRODUCTION_APPROVED, None)


def test_show_tells_what_machines_state_for_people_and_programs(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house.web.pages |= {"/api/records/7": record("cc-by-nc-4.0\x1b[31m"), "/robots.txt": NO_CRAWLERS}
    house.run()
    arguments = ["clearance", "show", "tunes", "--warehouse", str(house.warehouse)]
    arguments += ["--catalog", str(house.folder / "catalog"), "--policy", str(ROOT / "policy")]
    outputs = []
    for more in ([], ["--json"]):
        monkeypatch.setattr(sys, "argv", [*arguments, *more])
        with pytest.raises(SystemExit):
            main()
        outputs.append(capsys.readouterr().out)
    assert "\x1b" not in outputs[0]
    assert "Licenses stated by metadata interfaces" in outputs[0]
    assert "What hosts say about training" in outputs[0]
    shape = json.loads(outputs[1])
    assert shape["license_claims"][0]["read_as"] == "CC-BY-NC-4.0"
    assert {item["rule"] for item in shape["reservations"]} == {"robots/disallow-training-crawler"}


def test_a_host_is_asked_once_for_all_its_pages(house: House) -> None:
    house.run()
    assert house.web.asked.count("/.well-known/tdmrep.json") == 1
