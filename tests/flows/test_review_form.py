"""A judgment given in Prefect's interface: asked for, checked, asked again, and filed as the command files it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from loopback_web import OPEN, Web, loopback_web, smallest_catalog
from typer.testing import CliRunner

from clearance.main import app
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect_server")]

ROOT = Path(__file__).parents[2]
WORDS = (
    "You may copy, adapt and train models on the dataset for any purpose, including commercial use, "
    "as long as nobody is named."
)
PAGE = OPEN.replace(
    "The dataset is licensed under <a href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0 1.0</a>.", WORDS
)
GIVEN = {
    "source": "tiny_1",
    "role": "counsel",
    "by": "A. Lawyer",
    "reason": "The grant covers training.",
    "closes": ["production_requires_review"],
    "quote": "You may copy, adapt and train models on the dataset for any purpose",
    "scope": "recommendation models",
    "expires": "2099-01-31",
}


@pytest.fixture
def web() -> Iterator[Web]:
    with loopback_web() as running:
        running.pages["/p/1"] = PAGE
        yield running


@pytest.fixture
def places(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Catalog, policy and warehouse, once looked at, whose only source waits for counsel."""
    monkeypatch.delenv("CLEARANCE_ALERT_URLS", raising=False)
    found = {
        "catalog": str(smallest_catalog(tmp_path / "catalog", web)),
        "policy": str(ROOT / "policy"),
        "warehouse": str(tmp_path / "w" / "clearance.duckdb"),
    }
    look(found)
    return found


def look(places: dict[str, str]) -> None:
    where = RunSettings(catalog=places["catalog"], policy=places["policy"], warehouse=places["warehouse"])
    out = f"{places['catalog']}-out"
    run_pipeline(Run.begin(replace(where, out=out, allow_hosts=("127.0.0.0/8",), delay=0, confirm_after=0)))


class Asked:
    """One run of the deployment; `work` does what a worker does with it until it waits or ends."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        from prefect.client.orchestration import get_client

        from flows.ask_review import ask_review

        deployment_id = ask_review.to_deployment(name="asking").apply()
        with get_client(sync_client=True) as client:
            assert isinstance(deployment_id, UUID)
            self.id = client.create_flow_run_from_deployment(deployment_id, parameters=parameters).id
        self.work()

    def work(self) -> None:
        from prefect.client.orchestration import get_client
        from prefect.exceptions import Pause
        from prefect.flow_engine import run_flow

        from flows.ask_review import ask_review

        with get_client(sync_client=True) as client:
            run = client.read_flow_run(self.id)
        with suppress(Pause):
            run_flow(ask_review, flow_run=run, parameters=run.parameters, return_type="state")

    def answer(self, **given: Any) -> str:
        """Hand in the form; `REJECT` when the server does not take it. A form that is taken is worked on."""
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            status = client.resume_flow_run(self.id, run_input=given).status.value
        if status == "ACCEPT":
            self.work()
        return status

    @property
    def state(self) -> str:
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            found = client.read_flow_run(self.id).state
        assert found is not None
        return found.name

    def said(self, attempt: int) -> str:
        """What stands above the form when it is asked for the n-th time."""
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            return str(json.loads(client.read_flow_run_input(self.id, f"suspended-answer-{attempt}-description")))


def reviews(places: dict[str, str]) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((Path(places["catalog"]) / "reviews").glob("*.yaml"))]


def filed_by_command(places: dict[str, str]) -> str:
    """What `clearance review` writes for the same words."""
    words = [
        part for name in ("role", "by", "reason", "quote", "scope", "expires") for part in (f"--{name}", GIVEN[name])
    ]
    paths = [part for name, path in places.items() for part in (f"--{name}", path)]
    done = CliRunner().invoke(app, ["review", "tiny_1", *words, "--closes", GIVEN["closes"][0], *paths])
    assert done.exit_code == 0, done.output
    [text] = reviews(places)
    return text


def test_a_form_files_what_the_command_files(places: dict[str, str]) -> None:
    asked = Asked({"source": "tiny_1", **places})
    assert asked.state == "Suspended"
    assert "production_requires_review" in asked.said(1)
    assert asked.answer(**GIVEN) == "ACCEPT"
    assert asked.state == "Completed"
    [by_form] = reviews(places)
    for path in (Path(places["catalog"]) / "reviews").glob("*.yaml"):
        path.unlink()
    assert by_form == filed_by_command(places)


def test_a_form_of_the_wrong_shape_is_refused_and_still_waits(places: dict[str, str]) -> None:
    asked = Asked({"source": "tiny_1", **places})
    wrong: list[dict[str, Any]] = [{"role": ""}, {"decision": "perhaps"}, {"source": "'; DROP"}, {"closes": "all"}]
    assert [asked.answer(**{**GIVEN, **changed}) for changed in wrong] == ["REJECT"] * 4
    assert (asked.state, reviews(places)) == ("Suspended", [])
    assert asked.answer(**GIVEN, decision="decline") == "ACCEPT"
    assert (asked.state, reviews(places)) == ("Completed", [])


def test_what_would_close_nothing_is_asked_again_with_the_reason(places: dict[str, str]) -> None:
    asked = Asked(places)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"expires": "soon"}, "expires: "),
        ({"source": "nobody"}, "no source is called nobody"),
        ({"quote": "Everything is allowed."}, "no watched page"),
        ({"closes": ["determination"]}, "no review closes determination"),
        ({"expires": "2001-01-01"}, "is not after made"),
    ]
    for attempt, (changed, why) in enumerate(wrong, start=2):
        assert asked.answer(**{**GIVEN, **changed}) == "ACCEPT"
        assert (asked.state, reviews(places)) == ("Suspended", [])
        assert why in asked.said(attempt)
    assert asked.answer(**GIVEN) == "ACCEPT"
    assert (asked.state, len(reviews(places))) == ("Completed", 1)


def test_a_refused_answer_is_not_judged_again_when_the_page_has_changed(places: dict[str, str], web: Web) -> None:
    asked = Asked({"source": "tiny_1", **places})
    asked.answer(**{**GIVEN, "quote": "Everything is allowed."})
    web.pages["/p/1"] = PAGE.replace(WORDS, f"{WORDS} Everything is allowed.")
    look(places)
    asked.answer(**GIVEN)
    [text] = reviews(places)
    assert str(GIVEN["quote"]) in text


def test_nobody_is_asked_about_a_source_nobody_knows(web: Web, tmp_path: Path) -> None:
    catalog = smallest_catalog(tmp_path / "catalog", web)
    assert Asked({"source": "nobody", "catalog": str(catalog)}).state == "Failed"
