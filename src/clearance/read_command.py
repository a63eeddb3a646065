"""`clearance read`: what one text says, or many texts in one process."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearance.options import POLICY, AsJson, PolicyFolder
from clearance.output import emit_json, emit_line, note
from domain.errors import InvalidInput

if TYPE_CHECKING:
    from domain.reading import Reading
    from terms.reader import Reader

COLLECT_AFTER = 20_000
"""New objects after which cycles are looked for: what a reader knows stays, and to walk through it every 700
objects is a tenth of the time."""

_LONGEST = 64_000_000


def read(
    path: Annotated[str | None, typer.Argument(help="A file, a URL, or - for standard input.")] = None,
    media_type: Annotated[str | None, typer.Option("--type", help="Media type, where the name does not tell.")] = None,
    about: Annotated[str | None, typer.Option("--about", help="The dataset meant, where a page has several.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the extracted text with every finding in place.")] = False,
    jsonl: Annotated[Path | None, typer.Option("--jsonl", help="Read many texts, one JSON object a line.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="With --jsonl: where the answers go.")] = None,
    workers: Annotated[int, typer.Option("--workers", help="With --jsonl: processes that read.")] = 1,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Private host that a URL may name.")
    ] = None,
    policy: PolicyFolder = POLICY,
    as_json: AsJson = False,
) -> None:
    """Say which licenses and rights a text states for the data, with the words each rests on."""
    if jsonl is not None:
        if out is None:
            raise InvalidInput("--jsonl needs --out: name the file for the answers")
        _many(jsonl, out, workers, policy)
        return
    if path is None:
        raise InvalidInput("nothing to read: name a file, a URL, or - for standard input")
    reading = _one(path, media_type, about, policy, tuple(allow_host or ()))
    if as_json:
        from clearance.shapes import reading_shape

        shape = reading_shape(reading)
        emit_json({**shape, "text": reading.text} if text else shape)
        return
    from reports.reading_text import explained_text, reading_text

    emit_line(explained_text(reading) if text else reading_text(reading, *_answer(reading)))


def _answer(reading: Reading) -> tuple[str, tuple[str, ...]]:
    from scoring.determination import determine, reasons

    return determine(reading.rights, reading.per_item).value, reasons(reading.rights, reading.per_item)


def reader_for(policy: Path) -> Reader:
    """A reader with the families of a policy folder."""
    from catalog.policy import load_policy
    from terms.reader import Reader

    return Reader(load_policy(policy).families)


def _one(path: str, media_type: str | None, about: str | None, policy: Path, allow: tuple[str, ...]) -> Reading:
    from domain.catalog import Watch
    from domain.vocabulary import SpeaksFor, WatchRole

    url, charset = None, None
    if path == "-":
        body = sys.stdin.buffer.read(_LONGEST)
    elif path.startswith(("http://", "https://")):
        body, media_type, charset, url = _fetched(path, media_type, allow)
    else:
        try:
            with Path(path).open("rb") as file:
                body = file.read(_LONGEST)
        except OSError as error:
            raise InvalidInput(f"cannot be read: {error.strerror or error}", path) from error
        url = Path(path).name
    watch = None
    if about is not None:
        watch = Watch(url=url or "-", role=WatchRole.LICENSE, speaks_for=SpeaksFor.PUBLISHER, about=about)
    from catalog.policy import load_policy
    from flows.read_guarded import GuardedReader

    # In a process of its own, as a run does: a file that is built to stop a reader gives one line.
    with GuardedReader("", load_policy(policy).families) as reader:
        return reader.read_bytes(body, media_type, charset, url, watch, datetime.now(UTC).date())


def _fetched(url: str, media_type: str | None, allow: tuple[str, ...]) -> tuple[bytes, str, str | None, str]:
    import asyncio

    from domain.probing import Look, PageRequest
    from probes.network import NetworkTransport
    from probes.settings import NetworkSettings

    async def look() -> Look:
        transport = NetworkTransport(NetworkSettings(allow=allow))
        try:
            return await transport.look(PageRequest(url))
        finally:
            await transport.aclose()

    found = asyncio.run(look())
    if found.snapshot is None:
        note(f"clearance: {url} could not be looked at: {found.outcome.value}, {found.reason}")
        raise typer.Exit(3)
    shot = found.snapshot
    return shot.body, media_type or shot.media_type, shot.charset, shot.final_url


def _many(source: Path, target: Path, workers: int, policy: Path) -> None:
    try:
        with source.open("rb") as lines, target.open("w", encoding="utf-8") as answers:
            for answer in _answers(lines, workers, policy):
                answers.write(answer + "\n")
    except OSError as error:
        raise InvalidInput(f"{error.filename}: {error.strerror or error}") from error


def _answers(lines: Iterator[bytes], workers: int, policy: Path) -> Iterator[str]:
    numbered = ((number, line, str(policy)) for number, line in enumerate(lines, start=1) if line.strip())
    if workers <= 1:
        yield from map(_answer_line, numbered)
        return
    import multiprocessing

    # Fresh processes: a forked one would inherit half of whatever threads hold.
    with multiprocessing.get_context("spawn").Pool(workers, gc.set_threshold, (COLLECT_AFTER,)) as pool:
        yield from pool.imap(_answer_line, numbered, chunksize=16)


_READERS: dict[str, Reader] = {}


def _answer_line(task: tuple[int, bytes, str]) -> str:
    from clearance.shapes import reading_shape

    number, line, policy = task
    if policy not in _READERS:
        _READERS[policy] = reader_for(Path(policy))
    try:
        case = json.loads(line)
    except ValueError as error:
        raise InvalidInput(f"line {number} is no JSON: {error}") from error
    if not isinstance(case, dict) or not isinstance(case.get("text"), str) or "id" not in case:
        raise InvalidInput(f'line {number} needs "id" and "text"')
    reading = _READERS[policy].read_text(
        case["text"], case.get("type") or "text/plain", about=case.get("about"), at=datetime.now(UTC).date()
    )
    return json.dumps({**reading_shape(reading), "id": case["id"]}, ensure_ascii=True)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("read")(read)
