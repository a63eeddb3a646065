"""Whatever stands in place of a page changes nothing and tells nobody, and neither does the page's return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from loopback_web import CLOSED, OPEN, Reply, Web, loopback_web

from domain.history import RunSummary
from domain.vocabulary import Outcome
from flows.run_pipeline import run_pipeline
from flows.run_settings import Run, RunSettings
from warehouse.query import Reader

ROOT = Path(__file__).parents[2]
WORDS = "<p>It lists four hundred short songs with title, year and composer, typed in by hand from record covers.</p>"
PAGE = OPEN.replace("</main>", WORDS * 30 + "</main>")
CHANGED = CLOSED.replace("</main>", WORDS * 30 + "</main>")
GERMAN = (
    "<html><head><title>Kleine Lieder</title></head><body><main><section id='terms'><h2>Lizenz</h2><p>Der Datensatz"
    " steht unter der Lizenz CC BY-NC 4.0 und darf nicht verkauft werden.</p></section>"
    + "<p>Er enthält kurze Lieder, die von Hand aus den Heften der Schule und von den Blättern des Chors abgeschrieben"
    " wurden und die für alle gedacht sind, die sich für das Singen auf dem Land interessieren.</p>"
    * 25
    + "</main></body></html>"
)


def html(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


CHALLENGE = html("Just a moment...", "<p>Checking your browser before accessing.</p>")
OUTAGES: dict[str, tuple[str | int | Reply, Outcome, str]] = {
    "not_found_200": (html("Page not found", "<p>Try the search.</p>"), Outcome.SUSPECT, "soft_404"),
    "login_wall": (html("Sign in", "<form><input type='password'></form>"), Outcome.SUSPECT, "login_wall"),
    "login_redirect": (Reply(302, location="/login"), Outcome.SUSPECT, "login_wall"),
    "consent_wall": (html("Before you continue", "<p>We use cookies.</p>"), Outcome.SUSPECT, "consent_wall"),
    "challenge_200": (CHALLENGE, Outcome.SUSPECT, "bot_challenge"),
    "challenge_403": (Reply(403, CHALLENGE), Outcome.SUSPECT, "bot_challenge"),
    "challenge_503": (Reply(503, CHALLENGE), Outcome.SUSPECT, "bot_challenge"),
    "forbidden": (403, Outcome.REFUSED, "forbidden"),
    "maintenance": (html("Down for maintenance", "<p>Back soon.</p>"), Outcome.SUSPECT, "maintenance"),
    "redirect_home": (Reply(302, location="/"), Outcome.SUSPECT, "redirected_home"),
    "parked": (html("tiny.example", "<p>This domain is for sale!</p>"), Outcome.SUSPECT, "parked"),
    "empty": ("", Outcome.SUSPECT, "empty"),
    "cut_in_a_tag": (PAGE[:-400] + "<p cla", Outcome.SUSPECT, "truncated"),
    "cut_on_the_wire": (Reply(body=PAGE[:900], announced=len(PAGE)), Outcome.UNREACHABLE, "protocol"),
    "shrunken": (html("Tiny Tunes", "<h1>Tiny Tunes</h1><p>Loading failed.</p>"), Outcome.SUSPECT, "shrunken"),
    "other_language": (GERMAN, Outcome.SNAPSHOT, "other_language"),
    "needs_javascript": (
        html("Tiny Tunes", "<div id='root'></div><script src='/main.js'></script>"),
        Outcome.SUSPECT,
        "needs_javascript",
    ),
    "locator_without_match": (PAGE.replace("id='terms'", "id='rules'"), Outcome.SNAPSHOT, "locator without match"),
    "server_error": (500, Outcome.UNREACHABLE, "server_error"),
    "gone": (404, Outcome.GONE, "not_found"),
}
"""By name: what is sent instead of the page, the outcome of the look, and the word of the watch's reason."""


@dataclass
class Ground:
    web: Web
    settings: RunSettings

    def run(self) -> RunSummary:
        return run_pipeline(Run.begin(self.settings))

    def show(self, page: str) -> None:
        self.web.pages |= {f"/{name}": page for name in OUTAGES}

    def fail(self) -> None:
        self.web.pages |= {f"/{name}": answer for name, (answer, _, _) in OUTAGES.items()}

    def told(self) -> list[tuple[str, str]]:
        return sorted((alert["source_id"], alert["kind"]) for post in self.web.posted for alert in post["alerts"])  # type: ignore[attr-defined]


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    with loopback_web() as web:
        monkeypatch.setenv("CLEARANCE_ALERT_URLS", f"{web.base}/hook")
        lines = ["provider: example", "datasets:", "  - id: tiny_tunes", "    name: Tiny Tunes", "    sources:"]
        for name in OUTAGES:
            lines += [
                f"      - id: {name}",
                "        layer: metadata",
                "        watches:",
                f'          - {{url: "{web.base}/{name}", role: license, speaks_for: publisher, select: "#terms"}}',
            ]
        (tmp_path / "catalog").mkdir()
        (tmp_path / "catalog" / "example.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        web.pages |= {"/": html("Example", WORDS * 30), "/login": html("Sign in", "<input type='password'>")}
        ground = Ground(
            web,
            RunSettings(
                catalog=str(tmp_path / "catalog"),
                policy=str(ROOT / "policy"),
                warehouse=str(tmp_path / "w" / "clearance.duckdb"),
                out=str(tmp_path / "out"),
                allow_hosts=("127.0.0.0/8",),
                delay=0,
                confirm_after=0,
            ),
        )
        ground.show(PAGE)
        ground.run()
        yield ground


def test_every_outage_is_its_outcome_with_its_reason_and_silent(ground: Ground) -> None:
    ground.fail()
    ground.run()
    with Reader.open(Path(ground.settings.warehouse)) as reader:
        _, looks = reader.query(
            "SELECT url, outcome FROM looks QUALIFY row_number() OVER (PARTITION BY url ORDER BY seq DESC) = 1"
        )
        outcomes = {str(url).rpartition("/")[2]: outcome for url, outcome in looks}
        reasons = {state.source_id: state.failing_reason or "" for state in reader.watch_states().values()}
        accepted = {state.accepted.reading.licenses for state in reader.watch_states().values() if state.accepted}
        changes = [change for change in reader.recent_changes() if change.change.kind.value != "first"]
    assert outcomes == {name: outcome.value for name, (_, outcome, _) in OUTAGES.items()}
    assert {name for name, (_, _, word) in OUTAGES.items() if word not in reasons[name]} == set()
    assert (accepted, changes, ground.told()) == ({("CC0-1.0",)}, [], [])


def test_the_return_is_silent_and_terms_that_changed_meanwhile_are_told(ground: Ground) -> None:
    ground.fail()
    ground.run()
    ground.show(PAGE)
    changed = [name for number, name in enumerate(OUTAGES) if number % 2]
    ground.web.pages |= {f"/{name}": CHANGED for name in changed}
    ground.run()
    assert ground.told() == [(name, "license_changed") for name in sorted(changed)]


def test_a_watch_that_keeps_failing_is_told_once_and_its_recovery_once_and_the_terms_are_another_matter(
    ground: Ground,
) -> None:
    ground.fail()
    for _ in range(3):
        ground.run()
    failing = [(name, "source_withdrawn" if name == "gone" else "watch_failing") for name in sorted(OUTAGES)]
    assert ground.told() == failing
    with Reader.open(Path(ground.settings.warehouse)) as reader:
        [gone] = [change for change in reader.recent_changes() if change.source_id == "gone" and change.alert]
        assert gone.change.reason.startswith("the page is gone: not_found")
    ground.web.posted.clear()
    ground.show(PAGE)
    ground.web.pages["/parked"] = CHANGED
    ground.run()
    ground.run()
    assert ground.told() == sorted([*((name, "watch_recovered") for name in OUTAGES), ("parked", "license_changed")])


def test_a_page_of_three_variants_is_told_until_it_is_unstable_and_the_narrowest_decides(ground: Ground) -> None:
    third = PAGE.replace("publicdomain/zero/1.0/'>CC0 1.0", "licenses/by-sa/4.0/'>CC BY-SA 4.0")
    ground.settings = replace(ground.settings, only=("parked",))
    told = []
    for page in (CHANGED, PAGE, third, PAGE, third, PAGE, third):
        ground.web.pages["/parked"] = page
        ground.run()
        told.append(len(ground.told()))
    assert ground.told()[-1] == ("parked", "watch_unstable")
    assert told == [1, 2, 3, 3, 3, 3, 3]
    with Reader.open(Path(ground.settings.warehouse)) as reader:
        decision = reader.decisions()["parked"]
        holes = reader.verify().holes
    unconfirmed = next(gate for gate in decision.gates if gate.gate == "change_unconfirmed")
    assert unconfirmed.caps_at == "research_only", "what was shown first and least forbids commercial use"
    assert "watch_unstable" in {gate.gate for gate in decision.gates}
    assert holes == ()
