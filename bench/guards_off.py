"""How each guard of `bench.control_table` is taken away, in the process that runs its tests.

A function whose name says what goes on without the guard takes it away when called; `swap`, `default` and
`limits` make such functions.
"""

from __future__ import annotations

import dataclasses
import os
import re
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

NEVER = re.compile(r"(?!)")
ALWAYS = re.compile(r".*", re.DOTALL)
_GIVES_UP_AFTER = 5


def swap(target: str, new: Any) -> Callable[[], Any]:
    return lambda: mock.patch(target, new).start()


def default(name: str, value: object) -> Callable[[], None]:
    def off() -> None:
        from probes.settings import NetworkSettings

        defaults = NetworkSettings.__init__.__kwdefaults__
        assert defaults is not None
        defaults[name] = value

    return off


def dials_names() -> None:
    from probes.guard import GuardedBackend

    checked = GuardedBackend.checked_addresses

    async def by_name(self: GuardedBackend, host: str, port: int) -> list[Any]:
        return [host for _ in await checked(self, host, port)]

    mock.patch.object(GuardedBackend, "checked_addresses", by_name).start()


def asks_proxies() -> None:
    import httpx

    made = httpx.AsyncClient.__init__

    def trusting(self: httpx.AsyncClient, **given: Any) -> None:
        # Environment proxies count only for a client with no transport of its own.
        made(self, **({**given, "trust_env": True, "transport": None} if "HTTP_PROXY" in os.environ else given))

    mock.patch.object(httpx.AsyncClient, "__init__", trusting).start()


def checks_no_certificate(**_: object) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def crowds_hosts() -> None:
    """Pages of one host are asked for at once. Three guards say the same: which page is begun, whose turn it is,
    and one connection an origin."""
    import httpcore

    made = httpcore.AsyncConnectionPool.__init__

    def roomy(self: httpcore.AsyncConnectionPool, **given: Any) -> None:
        made(self, **{**given, "max_connections": 20})

    @asynccontextmanager
    async def at_once(self: object, host: str, delay: float) -> AsyncIterator[None]:
        yield

    mock.patch("probes.look_all._host", lambda url: url).start()
    mock.patch("probes.politeness.HostTurns.turn", at_once).start()
    mock.patch.object(httpcore.AsyncConnectionPool, "__init__", roomy).start()


def limits(**others: Any) -> Callable[[], None]:
    def off() -> None:
        from flows.read_guarded import GuardedReader

        made = GuardedReader.__init__

        def roomy(self: GuardedReader, name: str, families: Any, limits: Any = None) -> None:
            made(self, name, families, None if limits is None else dataclasses.replace(limits, **others))

        mock.patch.object(GuardedReader, "__init__", roomy).start()

    return off


def escapes_no_html() -> None:
    import jinja2

    def plain(**given: Any) -> jinja2.Environment:
        return jinja2.Environment(**{**given, "autoescape": False})

    mock.patch("reports.site.render.Environment", plain).start()


def open_reader() -> None:
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


def any_zip() -> None:
    # What writes a zip has its own name for the function and goes on writing proper ones.
    import warehouse.evidence_bundle  # noqa: F401

    mock.patch("warehouse.evidence_check.zip_bytes", return_value=_Anything()).start()


def believes_short_bodies() -> None:
    """A connection that ends before the announced length ends the body."""
    import h11
    from h11._readers import ContentLengthReader

    mock.patch.object(ContentLengthReader, "read_eof", return_value=h11.EndOfMessage()).start()


def plain_yaml() -> None:
    """Anchors, aliases and tags are not seen."""
    import yaml

    parse = yaml.parse

    def unseen(*given: Any, **options: Any) -> Iterator[yaml.Event]:
        for event in parse(*given, **options):
            if isinstance(event, yaml.AliasEvent):
                yield yaml.ScalarEvent(None, None, (True, False), event.anchor, event.start_mark, event.end_mark)
                continue
            if isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent):
                event.anchor = event.tag = None
            yield event

    mock.patch("yaml.parse", unseen).start()


def mends_streams() -> None:
    """What can be saved of a damaged stream of a PDF is read, whatever the library says of it."""
    mock.patch("terms.pdf._HARMLESS", ALWAYS).start()
    mock.patch.dict("terms.pdf._LIMITS", {"zlib_maximum_recovery_input_length": 10_000_000}).start()


class _Harmless(bytes):
    def __contains__(self, _: object) -> bool:
        return False


def reads_dtds() -> None:
    """A DTD in the XML of an interface is not noticed."""
    from probes.apis import openml

    members = openml._members
    mock.patch("probes.apis.openml._members", lambda body: members(_Harmless(body))).start()


class _LateTimer(threading.Timer):
    """Interrupts a query only because it would never end, and then says that nothing had ended it."""

    def __init__(self, _: float, act: Callable[[], object]) -> None:
        super().__init__(_GIVES_UP_AFTER, self._give_up)
        self._act = act
        self._gave_up = False

    def _give_up(self) -> None:
        self._gave_up = True
        self._act()

    def cancel(self) -> None:
        super().cancel()
        if self._gave_up:
            raise TimeoutError(f"still going on after {_GIVES_UP_AFTER} s")


def interrupts_nothing() -> None:
    """A query goes on for as long as it takes."""
    mock.patch("warehouse.query.threading.Timer", _LateTimer).start()


def buffers_anything() -> None:
    """A query may take what the machine has: of DuckDB's buffers, and of the process."""
    from warehouse import query

    connect = query.connect_reader
    mock.patch("warehouse.query.connect_reader", lambda path, _: connect(path, "8GB")).start()
    mock.patch("warehouse.query._memory_limited", nullcontext).start()


def contradicts_nothing() -> None:
    """What stands in a bundle is not compared with what else stands in it."""
    for check in ("_bad_proofs", "_bad_chain", "_bad_recording"):
        mock.patch(f"warehouse.evidence_check.{check}", return_value=[]).start()


def checks_with_our_house() -> None:
    """The checker of a bundle needs what we install."""
    from warehouse import evidence_bundle

    class Ours(type(Path())):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            text: bytes = super().read_bytes()
            return text.replace(b"import zlib", b"import zlib\nimport duckdb")

    files = evidence_bundle.package_files
    mock.patch("warehouse.evidence_bundle.package_files", lambda package: Ours(str(files(package)))).start()


def lets_storage_failures_through() -> None:
    """What DuckDB says of a disk goes up as it is, in the processes that a test starts, too."""
    mock.patch("warehouse.connection._storage_failure", lambda error: error).start()
    # The tests hand their path on to the processes they start.
    sys.path.insert(0, str(Path(__file__).parent / "without_guard"))


def seconds_left(seconds: float) -> Callable[[], None]:
    """Every request has so many seconds, whatever its look has spent."""

    def off() -> None:
        from probes.exchange import Budget

        mock.patch.object(Budget, "left", property(lambda _: seconds)).start()

    return off


def gone_is_gone() -> None:
    """A server that fails is taken for one that says the page is gone."""
    from domain.vocabulary import Outcome

    mock.patch("probes.failures.outcome_of_status", return_value=(Outcome.GONE, "gone: so it seems")).start()
