from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from domain.errors import InvalidInput
from warehouse.query import Reader


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with files that DuckDB could read if it were let; nothing new may appear in it."""
    folder = tmp_path_factory.mktemp("secret")
    (folder / "s.csv").write_text("a,b\n1,secret\n")
    (folder / "s.json").write_text('{"a": "secret"}')
    with duckdb.connect() as raw:
        raw.execute(f"COPY (SELECT 'secret' AS a) TO '{folder / 's.parquet'}' (FORMAT parquet)")
    with duckdb.connect(str(folder / "s.duckdb")) as raw:
        raw.execute("CREATE TABLE t AS SELECT 'secret' AS a")
    before = sorted(folder.iterdir())
    yield folder
    assert sorted(folder.iterdir()) == before


def refusal(reader: Reader, sql: str, **limits: Any) -> str:
    with pytest.raises(InvalidInput) as error:
        reader.query(sql, **limits)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    # The control: the reader still answers, and is still inside the warehouse.
    assert reader.query("SELECT count(*) FROM runs") == (("count_star()",), [(4,)])
    return str(error.value)


ALLOWED = {
    "a select": ("SELECT run_id FROM runs WHERE run_id = 'run-1'", [("run-1",)]),
    "from first": ("FROM runs SELECT run_id LIMIT 1", [("run-1",)]),
    "with": ("WITH r AS (SELECT run_id FROM runs) SELECT count(*) FROM r", [(4,)]),
    "table": ("SELECT count(*) FROM (TABLE runs)", [(4,)]),
    "values": ("VALUES (1), (2)", [(1,), (2,)]),
    "a macro": ("SELECT count(*) FROM tier_as_of('2026-03-02')", [(2,)]),
    "a semicolon at the end": ("SELECT 1; -- done", [(1,)]),
    "nested values": ("SELECT [1, NULL], {'a': 'b'}", [([1, None], {"a": "b"})]),
    "a quoted word": ("SELECT 'COPY; ATTACH; PRAGMA'", [("COPY; ATTACH; PRAGMA",)]),
}


@pytest.mark.parametrize(("sql", "rows"), ALLOWED.values(), ids=ALLOWED)
def test_one_select_is_answered(reader: Reader, sql: str, rows: list[tuple[Any, ...]]) -> None:
    assert reader.query(sql)[1] == rows


@pytest.mark.parametrize("sql", ["DESCRIBE tier_now", "SHOW TABLES", "SUMMARIZE runs"])
def test_what_describes_the_warehouse_is_answered(reader: Reader, sql: str) -> None:
    names, rows = reader.query(sql)
    assert names
    assert rows


STATEMENTS = {
    "insert": ("INSERT INTO problems VALUES (1, 'a', 'b', 'c')", "INSERT"),
    "update": ("UPDATE decisions SET tier = 'production_approved'", "UPDATE"),
    "delete": ("DELETE FROM decisions", "DELETE"),
    "drop": ("DROP VIEW runs", "DROP"),
    "create": ("CREATE TEMP TABLE t (a INT)", "CREATE"),
    "create macro": ("CREATE MACRO tier_as_of(t) AS TABLE SELECT 1", "CREATE"),
    "alter": ("ALTER TABLE pages ADD COLUMN a INT", "ALTER"),
    "copy out": ("COPY runs TO 'SECRET/out.csv'", "COPY"),
    "copy in": ("COPY problems FROM 'SECRET/s.csv'", "COPY"),
    "export": ("EXPORT DATABASE 'SECRET/out'", "EXPORT"),
    "attach": ("ATTACH 'SECRET/s.duckdb'", "ATTACH"),
    "detach": ("DETACH warehouse", "DETACH"),
    "use": ("USE memory", "SET"),
    "set": ("SET enable_external_access = true", "SET"),
    "reset": ("RESET memory_limit", "SET"),
    "pragma": ("PRAGMA database_list", "PRAGMA"),
    "pragma that sets": ("PRAGMA memory_limit = '8GB'", ""),
    "install": ("INSTALL httpfs", "LOAD"),
    "load": ("LOAD httpfs", "LOAD"),
    "call": ("CALL pragma_version()", "CALL"),
    "explain analyze": ("EXPLAIN ANALYZE SELECT 1", "EXPLAIN"),
    "begin": ("BEGIN TRANSACTION", "TRANSACTION"),
    "checkpoint": ("CHECKPOINT", ""),
    "vacuum": ("VACUUM", "VACUUM"),
    "prepare": ("PREPARE p AS SELECT 1", "PREPARE"),
    "secret": ("create secret s (TYPE s3)", "CREATE"),
}


@pytest.mark.parametrize(("sql", "kind"), STATEMENTS.values(), ids=STATEMENTS)
def test_every_other_statement_is_refused_by_its_kind(reader: Reader, secret: Path, sql: str, kind: str) -> None:
    assert f"only SELECT is allowed, found {kind}" in refusal(reader, sql.replace("SECRET/", f"{secret}/"))


@pytest.mark.parametrize(
    ("sql", "found"),
    [("", 0), (" ; ", 0), ("-- nothing", 0), ("SELECT 1; SELECT 2", 2), ("SELECT 1; DROP VIEW runs", 2)],
)
def test_exactly_one_statement_is_allowed(reader: Reader, sql: str, found: int) -> None:
    assert refusal(reader, sql) == f"exactly one SELECT is allowed, found {found} statements"


OUTSIDE = {
    "a file by name": "SELECT * FROM 'SECRET/s.csv'",
    "read_csv": "SELECT * FROM read_csv('SECRET/s.csv')",
    "read_text": "SELECT * FROM read_text('SECRET/s.csv')",
    "read_blob": "SELECT * FROM read_blob('SECRET/s.csv')",
    "read_json": "SELECT * FROM read_json('SECRET/s.json')",
    "read_parquet": "SELECT * FROM read_parquet('SECRET/s.parquet')",
    "parquet_metadata": "SELECT * FROM parquet_metadata('SECRET/s.parquet')",
    "glob": "SELECT * FROM glob('SECRET/*')",
    "sniff_csv": "SELECT * FROM sniff_csv('SECRET/s.csv')",
    "another warehouse": "SELECT * FROM read_duckdb('SECRET/s.duckdb')",
    "its own bodies": "SELECT * FROM glob('BODIES/**')",
    "the network": "SELECT * FROM read_csv('http://127.0.0.1:9/s.csv')",
    "a bucket": "SELECT * FROM 's3://bucket/s.parquet'",
    "hidden in a query": "SELECT * FROM query('SELECT * FROM read_text(''SECRET/s.csv'')')",
    "hidden in a subquery": "SELECT (SELECT content FROM read_text('SECRET/s.csv'))",
    "a log into a file": "SELECT * FROM enable_logging(storage = 'file', storage_path = 'SECRET/log')",
    "a profile into a file": "SELECT * FROM enable_profiling(save_location = 'SECRET/profile.json')",
    "a variable of this process": "SELECT * FROM frame_of_this_process",
    "the environment": "SELECT getenv('HOME')",
    "a write inside a query": "WITH w AS (DELETE FROM runs RETURNING *) SELECT * FROM w",
    "a write by query()": "SELECT * FROM query('DROP VIEW runs')",
}


@pytest.mark.parametrize("sql", OUTSIDE.values(), ids=OUTSIDE)
def test_a_select_reaches_nothing_outside_the_read_copy(reader: Reader, secret: Path, sql: str) -> None:
    frame_of_this_process = duckdb.sql("SELECT 'secret' AS a")
    assert frame_of_this_process.fetchall() == [("secret",)]
    told = refusal(reader, sql.replace("SECRET/", f"{secret}/").replace("BODIES", str(reader.bodies.folder)))
    assert told.startswith(("the query failed: ", "the query is not valid SQL: "))


def test_the_files_that_are_refused_can_be_read_where_it_is_allowed(secret: Path) -> None:
    with duckdb.connect() as free:
        for name in ("s.csv", "s.json", "s.parquet"):
            assert "secret" in str(free.execute(f"SELECT * FROM '{secret / name}'").fetchall())


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", 'the query is not valid SQL: syntax error at or near "SELEC"'),
        ("SELECT * FROM nowhere", "the query failed: Table with name nowhere does not exist!"),
        ("SELECT 'a'::INTEGER", "the query failed: Could not convert string 'a' to INT32"),
        ("SELECT $1", "the query failed: Values were not provided for the following parameters: 1"),
        ("SELECT error('first\nsecond')", "the query failed: first"),
        ("SELECT '\ud800'", "the query is not valid text: it holds half of a surrogate pair"),
        ("SELECT 1" + " " * 100_000, "the query is longer than 100000 characters"),
    ],
    ids=["syntax", "table", "value", "parameter", "lines", "surrogate", "length"],
)
def test_a_wrong_query_is_told_in_one_line(reader: Reader, sql: str, told: str) -> None:
    assert refusal(reader, sql).startswith(told)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
        "SELECT " + "NOT " * 20_000 + "true",
        "SELECT * FROM " + "(SELECT * FROM " * 6_000 + "runs" + ")" * 6_000,
    ],
    ids=["parentheses", "negations", "subqueries"],
)
def test_deep_nesting_is_refused_and_kills_nothing(reader: Reader, sql: str) -> None:
    assert "Max expression depth limit" in refusal(reader, sql)


def test_too_many_rows_are_refused_and_as_many_as_allowed_are_not(reader: Reader) -> None:
    assert len(reader.query("FROM range(500)", max_rows=500)[1]) == 500
    assert refusal(reader, "FROM range(501)", max_rows=500) == (
        "the query gives more than 500 rows: add LIMIT or narrow it"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(a.range * b.range) FROM range(10_000_000) AS a, range(10_000_000) AS b",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    ],
    ids=["join", "recursion"],
)
def test_what_takes_too_long_is_interrupted(reader: Reader, sql: str) -> None:
    assert refusal(reader, sql, seconds=0.1) == "the query took longer than 0.1 s: narrow it"


@pytest.mark.parametrize(
    "sql",
    ["SELECT repeat('x', 3_000_000_000)", "SELECT length(repeat(repeat('x', 1000), 4_000_000))"],
    ids=["shown", "counted"],
)
def test_what_needs_too_much_memory_is_refused(reader: Reader, sql: str) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert refusal(reader, sql) == "the query needs more than 1GB of memory: narrow it"
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_rows_that_together_are_too_large_are_refused(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.query._MEMORY_LIMIT", "100MB")
    with Reader.open(story) as small:
        told = refusal(small, "SELECT repeat('x', 1_000_000) || range FROM range(1_000)")
    assert told == "the query needs more than 100MB of memory: narrow it"


def test_values_of_every_type_can_be_shown(reader: Reader) -> None:
    names, rows = reader.query("SELECT * FROM test_all_types()")
    assert len(names) > 40
    assert len(rows) == 3


def test_times_come_back_in_utc_wherever_they_stand_and_those_without_a_zone_unmoved(reader: Reader) -> None:
    moment = datetime(2026, 3, 1, 1, tzinfo=UTC)
    sql = "SELECT TIMESTAMPTZ '2026-03-01 06:00:00+05', [moment], {'at': moment}, TIMESTAMP '2026-03-01 06:00:00'"
    _, rows = reader.query(f"{sql} FROM (SELECT TIMESTAMPTZ '2026-03-01 06:00:00+05' AS moment)")
    assert rows == [(moment, [moment], {"at": moment}, datetime(2026, 3, 1, 6))]  # noqa: DTZ001
    assert rows[0][0].tzinfo is UTC
    assert rows[0][2]["at"].tzinfo is UTC
