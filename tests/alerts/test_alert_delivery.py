"""The outbox is emptied: at least once, worst first, one failing channel stopping nobody."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from alerts.channels import DeliveryError, TerminalChannel, WebhookChannel
from alerts.deliver import deliver
from alerts.digest import Concern, Digest, build_digest
from alerts.settings import NamedChannel, channels_from_environment, check_routes
from domain.errors import InvalidInput
from domain.history import Alert, AlertKind, Severity
from domain.policy import AlertRoute, AlertRoutes
from domain.vocabulary import Tier

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def alert(number: int, kind: AlertKind = AlertKind.LICENSE_CHANGED, **changed: object) -> Alert:
    fields: dict[str, object] = {
        "alert_id": f"alert-{number}",
        "dedupe_key": f"key-{number}",
        "run_id": "run-1",
        "kind": kind,
        "source_id": f"source_{number}",
        "title": f"Terms of source_{number} tightened",
        "body": "CC0-1.0 became CC-BY-NC-4.0",
        "url": "https://example.org/license",
        "at": NOW + timedelta(minutes=number),
        "payload": {"direction": "tightened", "seen": NOW, "tiers": (Tier.BLOCKED,)},
    }
    return Alert(**{**fields, **changed})


class Outbox:
    """A warehouse's outbox, in memory."""

    def __init__(self, *alerts: Alert) -> None:
        self.alerts = list(alerts)
        self.attempts: list[tuple[tuple[str, ...], str, bool, str | None]] = []

    def undelivered(self, channel: str) -> Sequence[Alert]:
        taken = {alert_id for ids, name, ok, _ in self.attempts if ok and name == channel for alert_id in ids}
        return [alert for alert in self.alerts if alert.alert_id not in taken]

    def record(self, ids: Sequence[str], channel: str, at: datetime, ok: bool, error: str | None) -> None:
        assert at == NOW
        self.attempts.append((tuple(ids), channel, ok, error))


class Down:
    """A channel that takes nothing."""

    name = "down"

    def send(self, digest: Digest) -> None:
        raise DeliveryError("the line is dead")


@contextmanager
def webhook(status: int = 200, location: str = "", port: int = 0) -> Iterator[tuple[int, list[dict[str, object]]]]:
    received: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_webhook_gets_one_digest_exactly_once() -> None:
    outbox = Outbox(alert(2, AlertKind.WATCH_FAILING), alert(1))
    with webhook() as (port, received):
        channel = WebhookChannel(f"http://127.0.0.1:{port}/hook")
        concerns = {"source_1": Concern("lena", ("playlist-model",))}
        report = deliver([channel], outbox.undelivered, outbox.record, NOW, run_id="run-1", concerns=concerns)
        deliver([channel], outbox.undelivered, outbox.record, NOW, run_id="run-2")
    assert (report.sent, report.failed) == ({channel.name: 2}, {})
    assert len(received) == 1
    assert (received[0]["run_id"], received[0]["repeated"]) == ("run-1", False)
    assert received[0]["alerts"][0] == {  # type: ignore[index]
        "alert_id": "alert-1",
        "kind": "license_changed",
        "source_id": "source_1",
        "title": "Terms of source_1 tightened",
        "body": "CC0-1.0 became CC-BY-NC-4.0",
        "url": "https://example.org/license",
        "at": "2026-11-24T06:01:00+00:00",
        "payload": {"direction": "tightened", "seen": "2026-11-24T06:00:00+00:00", "tiers": ["blocked"]},
        "repeated": False,
        "owner": "lena",
        "used_by": ["playlist-model"],
        "severity": "urgent",
    }


def test_what_a_webhook_missed_is_recorded_and_delivered_later_once() -> None:
    outbox = Outbox(alert(1))
    with webhook() as (port, _):
        pass
    channel = WebhookChannel(f"http://127.0.0.1:{port}/secret-token")
    report = deliver([channel], outbox.undelivered, outbox.record, NOW, run_id="run-1")
    assert "refused" in report.failed[channel.name].lower()
    assert outbox.attempts[0][2:] == (False, report.failed[channel.name])
    assert "secret-token" not in repr(outbox.attempts)

    outbox.alerts.append(alert(2, run_id="run-2"))
    with webhook(port=port) as (_, received):
        for run_id in ("run-2", "run-3"):
            deliver([channel], outbox.undelivered, outbox.record, NOW, run_id=run_id)
    [digest] = received
    assert (digest["run_id"], digest["repeated"]) == ("run-2", True)
    alerts: list[dict[str, object]] = digest["alerts"]  # type: ignore[assignment]
    assert [(entry["alert_id"], entry["repeated"]) for entry in alerts] == [("alert-1", True), ("alert-2", False)]


@pytest.mark.parametrize("status", [302, 307, 400, 500])
def test_an_answer_other_than_success_is_no_delivery(status: int) -> None:
    with (
        webhook() as (elsewhere, strayed),
        webhook(status, f"http://127.0.0.1:{elsewhere}/") as (port, received),
        pytest.raises(DeliveryError, match=str(status)),
    ):
        WebhookChannel(f"http://127.0.0.1:{port}").send(build_digest("run-1", [alert(1)]))
    assert len(received) == 1
    assert strayed == [], "a redirect was followed"


def test_a_webhook_ignores_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with webhook() as (port, received):
        WebhookChannel(f"http://127.0.0.1:{port}").send(build_digest("run-1", [alert(1)]))
    assert len(received) == 1


def test_a_failing_channel_stops_nobody() -> None:
    outbox, stream = Outbox(alert(1)), io.StringIO()
    report = deliver([Down(), TerminalChannel(stream)], outbox.undelivered, outbox.record, NOW)
    assert (report.sent, report.failed) == ({"down": 0, "terminal": 1}, {"down": "the line is dead"})
    assert outbox.attempts == [
        (("alert-1",), "down", False, "the line is dead"),
        (("alert-1",), "terminal", True, None),
    ]
    assert "Terms of source_1 tightened" in stream.getvalue()


def test_a_dead_channel_is_tried_once_a_round() -> None:
    outbox = Outbox(alert(1), alert(2, run_id="run-2"))
    deliver([Down()], outbox.undelivered, outbox.record, NOW, run_id="run-2")
    assert [ids for ids, *_ in outbox.attempts] == [("alert-1", "alert-2")]


def test_nothing_to_tell_sends_nothing() -> None:
    stream = io.StringIO()
    outbox = Outbox()
    deliver([TerminalChannel(stream)], outbox.undelivered, outbox.record, NOW)
    assert (stream.getvalue(), outbox.attempts) == ("", [])


def test_a_digest_is_worst_first_and_tells_each_happening_once() -> None:
    kinds = [alert(number, kind) for number, kind in enumerate(reversed(AlertKind))]
    digest = build_digest("run-1", [*kinds, alert(9, AlertKind.LICENSE_CHANGED, dedupe_key=kinds[-1].dedupe_key)])
    assert [entry.kind for entry in digest.alerts] == list(AlertKind)
    assert digest.title == "Clearance: Terms of source_6 tightened and 6 more"


def test_good_news_comes_after_what_takes_something_away() -> None:
    loosened = alert(1, payload={"direction": "loosened"})
    digest = build_digest("run-1", [loosened, alert(2, AlertKind.WATCH_FAILING), alert(3)])
    assert [entry.alert_id for entry in digest.alerts] == ["alert-3", "alert-2", "alert-1"]
    assert [entry.severity for entry in digest.alerts] == [Severity.URGENT, Severity.WARNING, Severity.NOTICE]


ROUTES = AlertRoutes(
    default=("data",),
    routes=(
        AlertRoute(id="rights lost", severities=(Severity.URGENT,), channels=("legal", "data")),
        AlertRoute(id="a model of ours", used_by=("playlist-model",), channels=("playlist",)),
        AlertRoute(id="lena's", owners=("lena",), kinds=(AlertKind.WATCH_FAILING,), channels=("lena",)),
        AlertRoute(id="weather", kinds=(AlertKind.WATCH_RECOVERED,), channels=("terminal",)),
    ),
)


@pytest.mark.parametrize(
    ("raised", "owner", "used_by", "told"),
    [
        (alert(1), None, (), {"legal", "data"}),
        (alert(1), "lena", ("playlist-model",), {"legal", "data", "playlist"}),
        (alert(1, payload={"direction": "loosened"}), "lena", (), {"data"}),
        (alert(1, AlertKind.WATCH_FAILING), "lena", (), {"lena"}),
        (alert(1, AlertKind.WATCH_FAILING), "otto", (), {"data"}),
        (alert(1, AlertKind.WATCH_RECOVERED), None, (), {"terminal"}),
    ],
)
def test_an_alert_goes_to_all_routes_that_take_it_and_else_to_the_default(
    raised: Alert, owner: str | None, used_by: tuple[str, ...], told: set[str]
) -> None:
    assert ROUTES.channels_of(raised, owner, used_by) == told


def test_a_channel_that_only_policy_names_is_told_before_anything_runs() -> None:
    def channels(urls: str) -> tuple[NamedChannel, ...]:
        return channels_from_environment({"CLEARANCE_ALERT_URLS": urls}, io.StringIO())

    base = "http://127.0.0.1:1"
    all_of_them = f"legal={base}/a,data={base}/b playlist={base}/c lena=json://127.0.0.1:1/d"
    assert [channel.label for channel in channels(all_of_them)] == ["terminal", "legal", "data", "playlist", "lena"]
    check_routes(ROUTES, channels(all_of_them))
    check_routes(ROUTES, channels(""))
    with pytest.raises(InvalidInput, match="sends alerts to lena, and no address in CLEARANCE_ALERT_URLS") as told:
        check_routes(ROUTES, channels(all_of_them.rpartition(" ")[0]))
    assert "\n" not in str(told.value)
    for twice in ("legal", "all", "terminal"):
        with pytest.raises(InvalidInput, match=f"address 2: the name {twice} is taken"):
            channels(f"legal=http://127.0.0.1:1/a {twice}=http://127.0.0.1:1/b")


def test_naming_a_channel_tells_it_nothing_twice() -> None:
    [_, bare] = channels_from_environment({"CLEARANCE_ALERT_URLS": "http://127.0.0.1:1/a"}, io.StringIO())
    [_, named] = channels_from_environment({"CLEARANCE_ALERT_URLS": "legal=http://127.0.0.1:1/a"}, io.StringIO())
    assert (bare.name, bare.label, named.label) == (named.name, None, "legal")


def test_duplicates_are_recorded_as_told() -> None:
    outbox = Outbox(alert(1), alert(2, dedupe_key="key-1"))
    deliver([TerminalChannel(io.StringIO())], outbox.undelivered, outbox.record, NOW)
    assert outbox.undelivered("terminal") == []


def test_text_is_safe_for_a_terminal() -> None:
    hostile = "\x1b[2Jwiped\x07\nRun forged \u202e"
    digest = build_digest("run-1", [alert(1, title=hostile, body=hostile, source_id=hostile, url=hostile)])
    text = digest.title + digest.text
    assert not set(text) & {"\x1b", "\x07", "\u202e"}
    assert not [line for line in text.splitlines() if line.startswith("Run forged")]


def test_a_terminal_that_cannot_show_a_letter_shows_a_question_mark() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    TerminalChannel(stream).send(build_digest("run-1", [alert(1, title="音")]))
    assert b"Clearance: ?" in raw.getvalue()


def test_a_closed_terminal_is_a_failed_delivery() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError):
        TerminalChannel(stream).send(build_digest("run-1", [alert(1)]))


def test_channels_come_from_the_environment() -> None:
    urls = "https://hooks.example.org/a?x=1,2, http://127.0.0.1:8000/b https://hooks.example.org/a?x=1,2"
    names = [channel.name for channel in channels_from_environment({"CLEARANCE_ALERT_URLS": urls}, io.StringIO())]
    assert [name.rpartition(":")[0] for name in names] == ["", "webhook:hooks.example.org", "webhook:127.0.0.1"]
    assert [c.name for c in channels_from_environment({}, io.StringIO())] == ["terminal"]


@pytest.mark.parametrize("url", ["hooks.example.org/top-secret", "https:///top-secret", "nosuch://top-secret"])
def test_a_wrong_address_is_named_by_position_without_its_secret(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(InvalidInput, match="CLEARANCE_ALERT_URLS, address 2") as raised:
        channels_from_environment({"CLEARANCE_ALERT_URLS": f"http://127.0.0.1:1/x {url}"}, io.StringIO())
    assert "top-secret" not in str(raised.value) + caplog.text


def test_other_schemes_go_to_apprise() -> None:
    with webhook() as (port, received):
        _, channel = channels_from_environment({"CLEARANCE_ALERT_URLS": f"json://127.0.0.1:{port}/x"}, io.StringIO())
        channel.send(build_digest("run-1", [alert(1)]))
    assert channel.name.startswith("json:")
    assert "CC0-1.0 became CC-BY-NC-4.0" in str(received[0]["message"])
    with pytest.raises(DeliveryError):
        channel.send(build_digest("run-1", [alert(1)]))
