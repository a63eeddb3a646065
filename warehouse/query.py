"""The read side: the read copy, opened so that nothing can be written and nothing else be read."""

from __future__ import annotations

import json
import resource
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from domain.claims import Standing
from domain.deciding import Decision
from domain.errors import InvalidInput
from domain.history import Alert, ChangeRecord, TierStep, Version, WatchState
from domain.probing import DatasetFact, Snapshot
from warehouse import chain, changes, decisions, looks, outbox, runs, statements, states, verify, versions
from warehouse.bodies import Bodies
from warehouse.codec import storable
from warehouse.connection import USE_WAREHOUSE, Row, connect_reader, fetch, in_utc, one_line
from warehouse.looks import LastSnapshot, PastLook
from warehouse.migrate import check_schema, shipped_migrations
from warehouse.publish import is_read_copy, read_copy_path
from warehouse.runs import Assessment

_MEMORY_LIMIT = "1GB"
# DuckDB counts what it buffers and not what one function call builds (`repeat`).
_MOST_BYTES = 2 * 1024**3
_LONGEST_SQL = 100_000
# The limit below is the whole process's: two at once would restore each other's.
_LIMITED = threading.Lock()

QueryResult = tuple[tuple[str, ...], list[tuple[Any, ...]]]


class Reader:
    """An open read copy. Close it, or use it as a context manager. Any number may be open."""

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self.bodies = Bodies(path.parent / "bodies")
        self._con = con

    @classmethod
    def open(cls, path: Path) -> Reader:
        """Open the read copy of the warehouse at `path`, or the read copy itself.

        InvalidInput when there is none yet or an upgrade has not reached it, WarehouseDamaged when it is
        not readable or of a newer release.
        """
        copy = path if is_read_copy(path) else read_copy_path(path)
        if not copy.is_file():
            raise InvalidInput(f"no warehouse at {path} yet: run `clearance run` first")
        con = connect_reader(copy, _MEMORY_LIMIT)
        try:
            check_schema(con, str(copy), shipped_migrations())
        except BaseException:
            con.close()
            raise
        return cls(copy, con)

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(self, sql: str, seconds: float = 30.0, max_rows: int = 10_000) -> QueryResult:
        """Column names and rows of one SELECT by a stranger (DESCRIBE, SHOW, FROM and WITH included).

        InvalidInput, in one line, for anything else, for wrong SQL, for more than `max_rows` rows and
        for what takes longer than `seconds`.
        """
        if len(sql) > _LONGEST_SQL:
            raise InvalidInput(f"the query is longer than {_LONGEST_SQL} characters")
        if storable(sql) != sql:
            raise InvalidInput("the query is not valid text: it holds half of a surrogate pair")
        try:
            statements = self._con.extract_statements(sql)
        except duckdb.Error as error:
            raise InvalidInput(f"the query is not valid SQL: {one_line(error)}") from error
        _refuse_all_but_one_select(statements)
        with closing(self._con.cursor()) as cursor, _memory_limited():
            # A cursor is a connection of its own and starts outside the warehouse.
            cursor.execute(USE_WAREHOUSE)
            timer = threading.Timer(seconds, cursor.interrupt)
            timer.daemon = True
            timer.start()
            try:
                cursor.execute(statements[0])
                names = tuple(str(column[0]) for column in cursor.description or ())
                rows = cursor.fetchmany(max_rows + 1)
            except duckdb.InterruptException as error:
                raise InvalidInput(f"the query took longer than {seconds:g} s: narrow it") from error
            except (duckdb.OutOfMemoryException, MemoryError) as error:
                raise InvalidInput(f"the query needs more than {_MEMORY_LIMIT} of memory: narrow it") from error
            except duckdb.Error as error:
                raise InvalidInput(f"the query failed: {one_line(error)}") from error
            finally:
                timer.cancel()
        if len(rows) > max_rows:
            raise InvalidInput(f"the query gives more than {max_rows} rows: add LIMIT or narrow it")
        return names, [tuple(map(in_utc, row)) for row in rows]

    def status_rows(self, at: datetime | None = None) -> list[Row]:
        """One row a source as of a time (None: now), with the columns of `tier_as_of` and nested
        values parsed; a tier whose evidence has expired is narrowed and its gate listed."""
        moment = datetime.now(UTC) if at is None else at
        rows = fetch(self._con, "SELECT * FROM tier_as_of($moment) ORDER BY source_id", {"moment": moment})
        counted = self.decisions(moment)
        for row in rows:
            for name in ("rights", "contradictions", "evidence", "effort", "looks"):
                row[name] = None if row[name] is None else json.loads(row[name])
            row["gates"] = [_gate_row(gate) for gate in counted[row["source_id"]].gates]
        return rows

    def decisions(self, at: datetime | None = None) -> dict[str, Decision]:
        """The decision per source id as it counts at a time (None: now): expired evidence approves
        nothing for production, whatever was decided while it was fresh."""
        moment = datetime.now(UTC) if at is None else at
        found = decisions.decisions(self._con, moment)
        return {source_id: decisions.aged(decision, moment) for source_id, decision in found.items()}

    def tier_steps(self) -> tuple[TierStep, ...]:
        """See `Warehouse.tier_steps`."""
        return decisions.tier_steps(self._con)

    def recent_changes(self, since: str | datetime | None = None) -> tuple[ChangeRecord, ...]:
        """See `Warehouse.recent_changes`."""
        return changes.recent_changes(self._con, since)

    def watch_states(self) -> dict[str, WatchState]:
        """See `Warehouse.watch_states`."""
        return states.watch_states(self._con, self.bodies)

    def versions_of(self, source_id: str) -> tuple[Version, ...]:
        """See `Warehouse.versions_of`."""
        return versions.versions_of(self._con, self.bodies, source_id)

    def last_snapshots(self, urls: Sequence[str]) -> dict[str, LastSnapshot]:
        """See `Warehouse.last_snapshots`."""
        return looks.last_snapshots(self._con, urls)

    def looks_of(self, url: str) -> tuple[PastLook, ...]:
        """See `Warehouse.looks_of`."""
        return looks.looks_of(self._con, url)

    def snapshot(self, url: str, sha256: str) -> Snapshot | None:
        """See `Warehouse.snapshot`."""
        return looks.find_snapshot(self._con, self.bodies, url, sha256)

    def body(self, sha256: str) -> bytes:
        """See `Warehouse.body`."""
        return self.bodies.load(sha256)

    def facts(self) -> tuple[DatasetFact, ...]:
        """See `Warehouse.facts`."""
        return runs.facts(self._con)

    def statements(self, at: datetime | None = None) -> dict[statements.Key, Standing]:
        """See `Warehouse.statements`; `at` is a time of the past."""
        return statements.standing(self._con, at)

    def alerts(self) -> tuple[Alert, ...]:
        """Every alert ever raised, oldest first."""
        return outbox.all_alerts(self._con)

    def undelivered(self, channel: str) -> tuple[Alert, ...]:
        """See `Warehouse.undelivered`."""
        return outbox.undelivered(self._con, channel)

    def last_assessment(self) -> Assessment | None:
        """See `Warehouse.last_assessment`."""
        return runs.last_assessment(self._con)

    def assessment_text(self, sha256: str) -> bytes:
        """See `Warehouse.assessment_text`."""
        return runs.assessment_text(self._con, self.bodies, sha256)

    def sealed_decision(self, source_id: str, at: datetime) -> chain.Sealed | None:
        """See `warehouse.chain`."""
        return chain.sealed_decision(self._con, source_id, at)

    def links(self) -> list[Row]:
        """The links of the chain, oldest first."""
        return chain.links(self._con)

    def verify(self) -> verify.Verification:
        """Walk from the assessment down to the bytes; see `warehouse.verify`."""
        return verify.verify(self._con, self.bodies)


def _refuse_all_but_one_select(statements: Sequence[duckdb.Statement]) -> None:
    if len(statements) != 1:
        raise InvalidInput(f"exactly one SELECT is allowed, found {len(statements)} statements")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise InvalidInput(f"only SELECT is allowed, found {statements[0].type.name}: the warehouse is read-only")


@contextmanager
def _memory_limited() -> Iterator[None]:
    """Lets this process grow by so much while a stranger's query runs; where the system cannot say how
    large it is, DuckDB's own limit has to do."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        yield
        return
    with _LIMITED:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = pages * resource.getpagesize() + _MOST_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (wanted if soft == resource.RLIM_INFINITY else min(soft, wanted), hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _gate_row(gate: Any) -> Row:
    return {
        "gate": gate.gate,
        "kind": gate.kind.value,
        "caps_at": None if gate.caps_at is None else gate.caps_at.value,
        "reason": gate.reason,
        "closes": gate.closes,
        "owner": gate.owner.value,
    }
