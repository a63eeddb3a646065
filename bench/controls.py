"""`python -m bench.controls [NAME …]`: without its guard, exactly the test that is said to prove it fails.

Every control takes one guard away and runs the file of tests that holds its proof, in a process of its
own. Exit 1 when a test passes without its guard, or when another fails with it.
"""

from __future__ import annotations

import dataclasses
import os
import re
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[1]
TESTS = "tests/security"
_ENV = "CLEARANCE_CONTROL"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Control:
    """A guard, how it is taken away, and the tests (functions of one file) that must fail then."""

    guard: str
    off: Callable[[], Any]
    file: str
    fails: frozenset[str]


def _swap(target: str, new: Any) -> Callable[[], Any]:
    return lambda: mock.patch(target, new).start()


def _default(name: str, value: object) -> Callable[[], None]:
    def off() -> None:
        from probes.settings import NetworkSettings

        defaults = NetworkSettings.__init__.__kwdefaults__
        assert defaults is not None
        defaults[name] = value

    return off


def _dials_names() -> None:
    from probes.guard import GuardedBackend

    checked = GuardedBackend.checked_addresses

    async def by_name(self: GuardedBackend, host: str, port: int) -> list[Any]:
        return [host for _ in await checked(self, host, port)]

    mock.patch.object(GuardedBackend, "checked_addresses", by_name).start()


def _asks_proxies() -> None:
    import httpx

    made = httpx.AsyncClient.__init__

    def trusting(self: httpx.AsyncClient, **given: Any) -> None:
        # Environment proxies count only for a client with no transport of its own.
        made(self, **({**given, "trust_env": True, "transport": None} if "HTTP_PROXY" in os.environ else given))

    mock.patch.object(httpx.AsyncClient, "__init__", trusting).start()


def _checks_no_certificate(**_: object) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _crowds_hosts() -> None:
    # Two guards say the same: which page is begun, and whose turn it is.
    @asynccontextmanager
    async def at_once(self: object, host: str, delay: float) -> AsyncIterator[None]:
        yield

    mock.patch("probes.look_all._host", lambda url: url).start()
    mock.patch("probes.politeness.HostTurns.turn", at_once).start()


def _never_out_of_time() -> None:
    from probes.exchange import Budget

    mock.patch.object(Budget, "left", property(lambda _: 60.0)).start()


def _limits(**others: Any) -> Callable[[], None]:
    def off() -> None:
        from flows.read_guarded import GuardedReader

        made = GuardedReader.__init__

        def roomy(self: GuardedReader, name: str, families: Any, limits: Any = None) -> None:
            made(self, name, families, None if limits is None else dataclasses.replace(limits, **others))

        mock.patch.object(GuardedReader, "__init__", roomy).start()

    return off


def _escapes_no_html() -> None:
    import jinja2

    def plain(**given: Any) -> jinja2.Environment:
        return jinja2.Environment(**{**given, "autoescape": False})

    mock.patch("reports.site.render.Environment", plain).start()


def _open_reader() -> None:
    import duckdb

    def connect(path: Path, _: str) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(":memory:")
        con.execute("ATTACH $path AS warehouse (READ_ONLY)", {"path": str(path)})
        con.execute("USE warehouse")
        con.execute("SET TimeZone = 'UTC'")
        return con

    mock.patch("warehouse.query.connect_reader", connect).start()


class _Anything(bytes):
    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = bytes.__hash__


def _any_zip() -> None:
    # What writes a zip has its own name for the function and goes on writing proper ones.
    import warehouse.evidence_bundle  # noqa: F401

    mock.patch("warehouse.evidence_check.zip_bytes", return_value=_Anything()).start()


def _control(guard: str, off: Callable[[], Any], file: str, *fails: str) -> Control:
    return Control(guard, off, file, frozenset(fails))


_NETWORK, _READING = "test_network_guards.py", "test_reading_guards.py"
_INJECTION, _EVIDENCE = "test_injection.py", "test_evidence_bundle.py"

_POLITE, _ADDRESSES = "test_politeness.py", "../probes/test_address_guard.py"
_HOSTILE = "../probes/test_network_hostile.py"
_EXPORTS, _FEED = "../exports/test_exported_files.py", "../alerts/test_alert_feed.py"

CONTROLS = (
    _control(
        "addresses that are not public",
        _swap("probes.guard.why_not_public", lambda _: None),
        _NETWORK,
        "test_a_name_that_resolves_to_an_address_that_is_not_public_is_not_dialed",
    ),
    _control(
        "odd spellings of addresses",
        _swap("probes.guard._NUMERIC_LABEL", _NEVER),
        _NETWORK,
        "test_an_oddly_spelled_address_is_not_resolved",
    ),
    _control(
        "schemes",
        _swap("probes.guard._PORTS", {"http": 80, "https": 443, "ftp": 21}),
        _NETWORK,
        "test_only_http_and_https_are_asked_for",
    ),
    _control(
        "credentials",
        _swap("httpx.URL.userinfo", property(lambda _: b"")),
        _NETWORK,
        "test_no_user_name_is_sent_anywhere",
    ),
    _control(
        "rebinding",
        _dials_names,
        _NETWORK,
        "test_what_was_checked_is_dialed_and_nothing_is_resolved_twice",
    ),
    _control("proxies", _asks_proxies, _NETWORK, "test_proxies_of_the_environment_are_not_asked"),
    _control(
        "certificates",
        _swap("httpx.create_ssl_context", _checks_no_certificate),
        _NETWORK,
        "test_certificates_and_names_are_checked",
    ),
    _control(
        "the cap on the wire", _default("most_wire_bytes", 10**9), _NETWORK, "test_a_body_ends_at_its_cap_on_the_wire"
    ),
    _control("the cap on bodies", _default("most_body_bytes", 10**8), _NETWORK, "test_a_bomb_does_not_go_off"),
    _control("the time limit", _never_out_of_time, _NETWORK, "test_a_slow_drip_of_headers_or_body_ends_in_time"),
    _control("the limit of redirects", _default("most_redirects", 10**6), _NETWORK, "test_redirects_end"),
    _control(
        "huge headers",
        _swap("httpcore._async.http11.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE", 10**9),
        _HOSTILE,
        "test_headers_without_end_are_refused",
    ),
    _control(
        "ports of other services",
        _swap("probes.guard._FIRST_UNPRIVILEGED_PORT", 0),
        _ADDRESSES,
        "test_ports_of_other_services_are_not_dialed",
    ),
    _control(
        "robots.txt",
        _swap("probes.robots.Robots.delay_for", mock.AsyncMock(return_value=0.0)),
        _POLITE,
        "test_robots_txt_is_asked_first_and_what_it_closes_is_not_asked",
    ),
    _control(
        "one request at a time to a host",
        _crowds_hosts,
        _POLITE,
        "test_a_host_sees_one_connection_and_one_request_at_a_time",
    ),
    _control(
        "Retry-After across runs",
        _swap("flows.look_at_pages._left_alone", lambda *_: {}),
        _POLITE,
        "test_no_later_run_asks_before_the_time_a_server_gave",
    ),
    _control(
        "processor time of a page",
        _limits(cpu_seconds=60),
        _READING,
        "test_a_page_that_takes_too_long_is_suspect_and_the_next_one_is_read",
    ),
    _control(
        "memory of a page",
        _limits(memory_bytes=2**30),
        _READING,
        "test_a_page_that_takes_too_much_memory_is_not_half_read",
    ),
    _control("wall time of a page", _limits(wall_seconds=60.0), _READING, "test_a_page_that_never_answers_is_suspect"),
    _control(
        "depth of markup",
        _swap("terms.screening.MAX_DEPTH", 10**9),
        _READING,
        "test_markup_nested_beyond_sense_is_not_parsed",
    ),
    _control(
        "Markdown",
        _swap("reports.escape._MARKUP", _NEVER),
        _INJECTION,
        "test_markdown_stays_words",
        "test_an_artifact_of_a_run_shows_problems_as_words",
    ),
    _control("HTML", _escapes_no_html, _INJECTION, "test_html_stays_text"),
    _control(
        "terminals and logs",
        _swap("clearance.output._CONTROL", _NEVER),
        _INJECTION,
        "test_lines_of_output_and_of_the_log_carry_no_escapes",
        "test_no_terminal_obeys_a_publisher",
    ),
    _control(
        "CSV",
        _swap("warehouse.exporting._FORMULA", _NEVER),
        _EXPORTS,
        "test_a_hostile_cell_is_inert_in_csv_and_whole_in_parquet",
    ),
    _control(
        "Atom",
        _swap("alerts.feed._printable", lambda text: text),
        _FEED,
        "test_upstream_words_are_never_markup_and_never_break_the_feed",
    ),
    _control("files from SQL", _open_reader, _INJECTION, "test_a_query_reads_no_file"),
    _control(
        "the chain",
        _swap("warehouse.verify.broken_links", lambda _: ()),
        _EVIDENCE,
        "test_every_value_that_is_changed_anywhere_is_found",
        "test_a_row_slipped_in_and_a_chain_cut_in_the_middle_are_found",
    ),
    _control(
        "digests of a bundle",
        _swap("warehouse.evidence_check._changed_files", lambda _: []),
        _EVIDENCE,
        "test_any_flipped_byte_of_any_file_is_found",
        "test_files_that_are_missing_or_do_not_belong_are_found",
    ),
    _control(
        "the form of a zip",
        _any_zip,
        _EVIDENCE,
        "test_any_flipped_byte_of_a_zip_is_found",
    ),
)


def pytest_configure() -> None:
    """As a plugin of pytest: take the guard away that the environment names."""
    next(control for control in CONTROLS if control.guard == os.environ[_ENV]).off()


def failed_without(control: Control) -> frozenset[str]:
    """The tests of the control's file that fail without the guard."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "bench.controls", "-rfE", "--tb=no", f"{TESTS}/{control.file}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, _ENV: control.guard},
    )
    if done.returncode not in (0, 1):
        return frozenset([f"pytest itself: {done.stdout[-300:]} {done.stderr[-300:]}"])
    return frozenset(re.findall(r"^(?:FAILED|ERROR) \S+?::(\w+)", done.stdout, re.MULTILINE))


def main(names: list[str]) -> int:
    """Run the controls, all or those named, and print a line each."""
    worst = 0
    for control in CONTROLS:
        if names and control.guard not in names:
            continue
        failed = failed_without(control)
        right = failed == control.fails
        worst |= not right
        print(
            f"{'ok' if right else 'WRONG'}: without {control.guard}: {', '.join(sorted(failed)) or 'nothing fails'}",
            flush=True,
        )
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
