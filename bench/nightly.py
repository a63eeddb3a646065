"""`python -m bench.nightly`: the whole of an unattended night in a few minutes, on a real Prefect server.

Server, worker and schedules are those of `clearance serve`; the deployments are those of `prefect.yaml`, the daily one
firing every minute instead. A small web on loopback changes its license between two runs. Shown are: a run fired by
its cron, one by hand with parameters, exactly one alert at a webhook, exactly one event that an automation hands on,
a new assessment, runs that do not pile up, a run canceled in the middle after which the next one leaves no hole, a
judgment given in a form, no secret in Prefect's files, and nothing left running. Exit 1 when any of it fails, after
eight minutes at the latest.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import yaml

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

ROOT = Path(__file__).parents[1]
LIMIT_SECONDS = 480.0
TOKEN = "not-for-prefect-to-know"
OPEN = (
    "<html><head><title>Tiny Tunes</title></head><body><main><h1>Tiny Tunes</h1><section id='terms'><h2>License</h2>"
    "<p>The dataset is licensed under <a href='https://creativecommons.org/publicdomain/zero/1.0/'>CC0 1.0</a>.</p>"
    "</section><p>It lists four hundred short songs with title, year and composer, typed in by hand.</p></main></body>"
)
CLOSED = OPEN.replace("publicdomain/zero/1.0/'>CC0 1.0", "licenses/by-nc/4.0/'>CC BY-NC 4.0")
CATALOG = """\
provider: example
datasets:
  - id: tiny_tunes
    name: Tiny Tunes
    sources:
      - id: tiny_tunes_metadata
        layer: metadata
        owner: data-team
        used_by: [playlist-model]
        watches:
          - {{url: "{base}/terms", role: license, speaks_for: publisher, select: "#terms"}}
"""


@dataclass
class Web:
    """A page whose words change, and two webhooks: `/alerts` is ours, `/automation` Prefect's."""

    page: str = OPEN
    posted: dict[str, list[Any]] = field(default_factory=dict)
    base: str = ""
    asked: threading.Event = field(default_factory=threading.Event)
    answering: threading.Event = field(default_factory=threading.Event)


@contextmanager
def web_on_loopback() -> Iterator[Web]:
    web = Web()
    web.answering.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/terms"
            if found:
                web.asked.set()
                web.answering.wait(LIMIT_SECONDS)
            # Whoever asked may have been canceled meanwhile.
            with suppress(OSError):
                self.answer(200 if found else 404, web.page.encode() if found else b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            web.posted.setdefault(urlsplit(self.path).path, []).append(json.loads(body))
            self.answer(200, b"")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    web.base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Night:
    """One go: where it happens, how long it may take, and what was found."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.folder = folder
        self.web = web
        self.began = time.monotonic()
        self.failures = 0
        self.log = folder / "serve.log"
        self.warehouse = folder / "w" / "clearance.duckdb"
        self.assessment = folder / "out" / "MLCORE_DATASET_VIABILITY_ASSESSMENT.md"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)

    def check(self, what: str, holds: bool) -> None:
        self.failures += not holds
        self.say(f"{'yes' if holds else 'NO '}  {what}")

    def wait(self, what: str, found: Callable[[], Any], every: float = 1.0) -> Any:
        """The first true answer; the night ends without one."""
        while not (answer := found()):
            if time.monotonic() - self.began > LIMIT_SECONDS:
                print(self.log.read_text(errors="replace")[-4000:])
                raise SystemExit(f"waited too long for {what}")
            time.sleep(every)
        return answer

    def clearance(self, *words: str) -> int:
        """The exit code of a command on this night's catalog or warehouse."""
        where = ["--catalog", str(self.folder / "catalog")] if words[0] == "catalog" else []
        where += ["--warehouse", str(self.warehouse)] if words[0] == "verify" else []
        done = subprocess.run(
            [sys.executable, "-m", "clearance.main", *words, *where],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout[-1000:], done.stderr[-1000:])
        return done.returncode

    def deployments(self) -> Path:
        """`prefect.yaml` with the daily cron every minute, over this web."""
        content = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
        catalog = self.folder / "catalog"
        catalog.mkdir()
        (catalog / "example.yaml").write_text(CATALOG.format(base=self.web.base), encoding="utf-8")
        stored = {"catalog": str(catalog), "warehouse": str(self.warehouse), "out": str(self.assessment.parent)}
        looking = {"allow_hosts": ["127.0.0.0/8"], "delay": 0, "confirm_after": 1}
        for deployment in content["deployments"]:
            more = {} if deployment["name"] in ("assess", "ask") else looking
            deployment["parameters"] = {**deployment.get("parameters", {}), **stored, **more}
            if deployment["name"] == "ask":
                del deployment["parameters"]["out"]
            if deployment["name"] == "daily":
                deployment["schedules"][0]["cron"] = "* * * * *"
        path = self.folder / "prefect.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path


@contextmanager
def served(night: Night, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "clearance.main", "serve", "--port", str(night.port)]
    command += ["--prefect-file", str(night.deployments()), "--warehouse", str(night.warehouse)]
    with night.log.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            night.check("served until told to stop, and stopped cleanly", process.wait(60) == 0)
        finally:
            process.kill()


def automate(url: str) -> None:
    """The shipped example of an automation, calling `url`."""
    from prefect.automations import Automation
    from prefect.blocks.webhook import Webhook

    block_id = Webhook(method="POST", url=url).save("clearance-nightly")  # type: ignore[arg-type]
    example = yaml.safe_load((ROOT / "docs/automations/license_changed.yaml").read_text(encoding="utf-8"))
    example["actions"][0]["block_document_id"] = str(block_id)
    Automation(**example).create()  # type: ignore[unused-coroutine]


def night_of(night: Night) -> None:
    """All that is to be shown, between the start and the stop of the service."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType
    from prefect.events.filters import EventFilter, EventNameFilter

    ran = FlowRunFilterStateType(any_=[StateType.COMPLETED, StateType.FAILED, StateType.CRASHED])
    night.wait("the service", lambda: b"schedules and worker are up" in night.log.read_bytes())
    deployed = time.monotonic()
    night.say("server, deployments and worker are up")
    automate(f"{night.web.base}/automation")
    night.say("the shipped automation is in place")
    with get_client(sync_client=True) as client:

        def ended(scheduled: bool) -> list[Any]:
            # A schedule that finds a run still going is canceled, as it should be, and counts as no run.
            found = client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=ran)))
            return [run for run in found if run.auto_scheduled is scheduled]

        night.wait("a run fired by its cron", lambda: ended(True))
        took = time.monotonic() - deployed
        night.check(f"a run fired by its cron has ended {took:.0f} s after the deployment", took < 120)
        before = night.assessment.read_bytes()
        night.check("no alert for the first look", not night.web.posted)

        night.web.page = CLOSED
        fired = len(ended(True))
        parameters = {"sources": ["tiny_tunes_metadata"], "force": True}
        manual = client.read_deployment_by_name("license-drift/manual")
        client.create_flow_run_from_deployment(manual.id, parameters=parameters)
        night.say("the license on the page has changed; a run by hand is asked for")
        [by_hand] = night.wait("the run by hand", lambda: ended(False))
        night.check("the run by hand completed with its parameters", by_hand.state.is_completed())
        night.check("they are recorded with it", by_hand.parameters.items() >= parameters.items())
        night.wait("a later run fired by its cron", lambda: len(ended(True)) > fired)
        night.check("every run completed", all(run.state.is_completed() for run in (*ended(True), *ended(False))))

        digests = night.web.posted.get("/alerts", [])
        alerts = [alert for digest in digests for alert in digest["alerts"]]
        night.check("exactly one alert at the webhook", [alert["kind"] for alert in alerts] == ["license_changed"])
        night.check("it names who must know", [alert["used_by"] for alert in alerts] == [["playlist-model"]])
        night.wait("the automation", lambda: night.web.posted.get("/automation"))
        found = client.read_events(EventFilter(event=EventNameFilter(name=["clearance.license.changed"])), limit=50)
        night.check("exactly one event on the server", len(found.events) == 1)
        night.check("the automation handed it on once", len(night.web.posted["/automation"]) == 1)
        night.check("the assessment was regenerated", night.assessment.read_bytes() != before)
        night.say(f"{len(ended(True))} runs by cron, {len(ended(False))} by hand")

        weekly = client.read_deployment_by_name("license-drift/weekly").id
        pair = [client.create_flow_run_from_deployment(weekly).id for _ in range(2)]

        def states() -> list[str]:
            found = [client.read_flow_run(run_id).state for run_id in pair]
            return sorted(state.type.value for state in found if state is not None and state.is_final())

        night.wait("two runs of one deployment at once", lambda: len(states()) == len(pair))
        night.check("of two at once one runs and one is canceled", states() == ["CANCELLED", "COMPLETED"])
        canceled_in_the_middle(night, client)
        judged_in_a_form(night, client)


def canceled_in_the_middle(night: Night, client: SyncPrefectClient) -> None:
    """A run canceled while it waits for a page; the next one completes, and `verify` finds no hole."""
    from prefect.states import Cancelling

    client.pause_deployment(by_name(client, "license-drift/daily"))
    night.wait("runs under way to end", lambda: not under_way(client))
    manual = by_name(client, "license-drift/manual")
    night.web.asked.clear()
    night.web.answering.clear()
    canceled = client.create_flow_run_from_deployment(manual, parameters={"force": True}).id
    night.wait("a run that waits for a page", night.web.asked.is_set)
    client.set_flow_run_state(canceled, Cancelling())
    night.check("a run canceled in the middle ends as canceled", ended_as(night, client, canceled) == "CANCELLED")
    night.web.answering.set()
    following = client.create_flow_run_from_deployment(manual, parameters={"force": True}).id
    night.check("the run after it completes", ended_as(night, client, following) == "COMPLETED")
    night.check("the warehouse has no hole", night.clearance("verify") == 0)


def judged_in_a_form(night: Night, client: SyncPrefectClient) -> None:
    """A person asked in Prefect's interface: the run waits without a process, and files what the form says."""
    asked = client.create_flow_run_from_deployment(
        by_name(client, "review/ask"), parameters={"source": "tiny_tunes_metadata"}
    ).id

    def state() -> str:
        found = client.read_flow_run(asked).state
        return "" if found is None else found.name

    night.wait("the form", lambda: state() == "Suspended")
    form = {"source": "tiny_tunes_metadata", "role": "owner", "by": "N. Night", "reason": "Seen.", "scope": "a test"}
    refused = client.resume_flow_run(asked, run_input={**form, "role": ""}).status.value
    night.check("a form of the wrong shape is refused", (refused, state()) == ("REJECT", "Suspended"))
    client.resume_flow_run(asked, run_input=form)
    night.check("the form's run completes", ended_as(night, client, asked) == "COMPLETED")
    filed = list((night.folder / "catalog" / "reviews").glob("*.yaml"))
    night.check("the judgment is filed", len(filed) == 1 and "by: N. Night" in filed[0].read_text(encoding="utf-8"))
    night.check("the catalog still lints", night.clearance("catalog", "lint") == 0)


def by_name(client: SyncPrefectClient, name: str) -> UUID:
    return client.read_deployment_by_name(name).id


def under_way(client: SyncPrefectClient) -> list[Any]:
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType

    types = FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
    return client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=types)))


def ended_as(night: Night, client: SyncPrefectClient, run_id: UUID) -> str:
    """The type of a run's last state, once it has one."""

    def last() -> str:
        found = client.read_flow_run(run_id).state
        return found.type.value if found is not None and found.is_final() else ""

    return str(night.wait("a run to end", last))


def left_running(folder: Path) -> list[int]:
    """Processes that still have this night's folder in their environment, this one aside."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(folder).encode() in entry.read_bytes() and int(entry.parent.name) != os.getpid():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def main() -> int:
    """Spend one night; 0 when all held."""
    folder = Path(tempfile.mkdtemp(prefix="clearance-nightly-"))
    try:
        with web_on_loopback() as web:
            night = Night(folder, web)
            given = {
                "PREFECT_HOME": str(folder / "prefect"),
                "PREFECT_API_URL": f"http://127.0.0.1:{night.port}/api",
                "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                "DO_NOT_TRACK": "1",
                "CLEARANCE_ALERT_URLS": f"{web.base}/alerts?token={TOKEN}",
            }
            os.environ.update(given)
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            with served(night, dict(os.environ)):
                night_of(night)
            last = [line for line in night.log.read_text(errors="replace").splitlines() if line.endswith(" stopped")]
            order = ["clearance: worker stopped", "clearance: server stopped"]
            night.check("worker and server stopped, in this order", last == order)
            night.check("nothing is left running", not left_running(folder))
            written = [path for path in (folder / "prefect").rglob("*") if path.is_file()]
            told = [path for path in (*written, night.log) if TOKEN.encode() in path.read_bytes()]
            night.check("no secret in Prefect's files or the log", not told)
            night.check("no error in the service's log", b"Traceback" not in night.log.read_bytes())
            if night.failures:
                print(night.log.read_text(errors="replace")[-6000:])
            night.say("all held" if not night.failures else f"{night.failures} did not hold")
            return 1 if night.failures else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
