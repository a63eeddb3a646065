"""A page, mail or document that a person saved, taken in as evidence of grade E.

It can narrow what is known of a page and stand in where nobody could look; it never makes evidence
younger or better, and never approves anything for production.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from domain.catalog import Source, Watch
from domain.errors import InvalidInput
from domain.history import RunStart, RunSummary, Version, WatchState, WatchStep
from domain.identity import watch_id
from domain.probing import Look, Snapshot
from domain.vocabulary import ChangeClass, Origin, Outcome, SpeaksFor
from flows.assess_stored import decide_stored
from flows.background import AUTHORITY_HEADER
from flows.decide_sources import actuals_digest, reviews_digest
from flows.follow_watch import Follower, Observation
from flows.read_guarded import GuardedReader, PageReader
from flows.read_pages import follower_of
from flows.read_version import determination_of, version_of
from flows.run_pipeline import run_turn
from flows.run_settings import Inputs, Run, RunSettings, inputs_of
from probes.saved_files import MOST_BYTES, SavedFile, saved_file
from probes.screening import screened
from terms.compare import compare
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a person hands in: the file, the page it shows, when they saved it and who they are.

    `authority` is in whose name it speaks where that is less than the watch's. `quote` is a sentence
    they read in it; in a file that cannot be read it is all that counts.
    """

    file: Path
    url: str
    at: datetime
    by: str
    authority: SpeaksFor | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of it: per watch what it was taken for, why nothing could be read, and the decisions."""

    sha256: str
    watches: dict[str, str]
    unread: str
    summary: RunSummary


def import_evidence(settings: RunSettings, handed_in: Import, note: Callable[[str], None] | None = None) -> Imported:
    """Store the file at its own time, read it for every watch of its URL, and decide anew.

    InvalidInput where the file cannot be opened, is too large, was saved in the future, or no watch
    reads the page.
    """
    run = Run.begin(settings)
    inputs = inputs_of(run)
    watched = [
        (source, watch)
        for _, _, source in inputs.catalog.sources
        for watch in source.watches
        if watch.url == handed_in.url
    ]
    if not watched:
        raise InvalidInput(f"no watch reads {handed_in.url}: copy the URL from the catalog, or add a watch for it")
    if handed_in.at > run.started_at:
        raise InvalidInput(f"--at {handed_in.at.isoformat()} lies ahead: give the time at which it was saved")
    data = _bytes_of(handed_in.file)
    with GuardedReader(inputs.reader.name, inputs.policy.families) as reader:
        kept = _as_far_as_read(saved_file(handed_in.file.name, data), reader)
        looks = _looks(handed_in, data, kept)
        shown = next((look for look in looks if look.outcome is Outcome.SNAPSHOT), None)
        unread = "" if shown is not None else _why_unread(kept, looks)
        with run_turn(settings, note), Warehouse.open(Path(settings.warehouse), note=note) as warehouse:
            warehouse.start_run(_start(run, inputs, handed_in))
            warehouse.save_looks(run.run_id, looks)
            taken: dict[str, str] = {}
            touched = frozenset[str]()
            if shown is not None:
                taken, touched = _read(warehouse, run, inputs, watched, shown, reader)
            warehouse.finish_run(_summary(run, looks))
    summary = decide_stored(settings, note, touched=touched)
    return Imported(sha256(data).hexdigest(), taken, unread, summary)


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInput(f"cannot be read: {error.strerror or error}", file) from error
    if not data:
        raise InvalidInput("is empty", file)
    if len(data) > MOST_BYTES:
        raise InvalidInput(f"is larger than {MOST_BYTES // 2**20} MB: save the page with the terms alone", file)
    return data


def _as_far_as_read(kept: SavedFile, reader: PageReader) -> SavedFile:
    """The file itself; a PDF that is no text as a whole is kept, and none of it is read."""
    if kept.whole != "application/pdf" or kept.body is None:
        return kept
    suspect = reader.read_bytes(kept.body, kept.whole, None, None).suspect
    return kept if suspect is None else SavedFile(kept.whole, None, None, why=suspect)


def _looks(handed_in: Import, data: bytes, kept: SavedFile) -> list[Look]:
    """The file as one look, kept aside where it is not itself what is read, and what is read of it."""
    whole = _snapshot(handed_in, data, kept.whole, None)
    if kept.body == data and handed_in.quote is None:
        return [screened(Look(handed_in.url, handed_in.at, Outcome.SNAPSHOT, status=200, snapshot=whole), None)]
    aside = "the original of what was read" if kept.body is not None else kept.why
    found = [Look(handed_in.url, handed_in.at, Outcome.SUSPECT, reason=aside, status=200, snapshot=whole)]
    if kept.body is not None and kept.media_type is not None:
        part = _snapshot(handed_in, kept.body, kept.media_type, kept.charset)
    elif handed_in.quote is not None:
        part = _snapshot(handed_in, handed_in.quote.encode(), "text/plain", "utf-8")
    else:
        return found
    return [*found, Look(handed_in.url, handed_in.at, Outcome.SNAPSHOT, status=200, snapshot=part)]


def _snapshot(handed_in: Import, body: bytes, media_type: str, charset: str | None) -> Snapshot:
    headers = {"x-clearance-by": handed_in.by, "x-clearance-file": handed_in.file.name}
    if handed_in.authority is not None:
        headers[AUTHORITY_HEADER] = handed_in.authority.value
    if handed_in.quote is not None:
        headers["x-clearance-quote"] = handed_in.quote
    return Snapshot(
        url=handed_in.url,
        final_url=handed_in.url,
        seen_at=handed_in.at,
        status=200,
        media_type=media_type,
        charset=charset,
        headers=headers,
        body=body,
        sha256=sha256(body).hexdigest(),
        origin=Origin.IMPORT,
        method=f"saved by {handed_in.by}",
    )


def _read(
    warehouse: Warehouse,
    run: Run,
    inputs: Inputs,
    watched: list[tuple[Source, Watch]],
    look: Look,
    reader: PageReader,
) -> tuple[dict[str, str], frozenset[str]]:
    follower = follower_of(run, inputs)
    states = warehouse.watch_states()
    taken: dict[str, str] = {}
    steps: list[WatchStep] = []
    touched = set()
    for source, watch in watched:
        name = watch_id(source.id, watch)
        state = states.get(name) or WatchState(watch_id=name, source_id=source.id, url=watch.url)
        if look.snapshot is None:
            continue
        version = version_of(name, source.id, watch, look.snapshot, reader, source.layer)
        taken[name], step = _taken_for(follower, state, version, look.at)
        if step is not None:
            steps.append(step)
            touched.add(source.id)
    new = [version for step in steps for version in step.new_versions]
    warehouse.save_steps(run.run_id, steps, {v.version_id: determination_of(v.reading) for v in new})
    return taken, frozenset(touched)


def _taken_for(follower: Follower, state: WatchState, version: Version, at: datetime) -> tuple[str, WatchStep | None]:
    """What an imported copy does to a watch. Only a copy that says something else than the page did is
    a change, and a look at the page settles it; a copy that says the same proves nothing new."""
    if version.reading.suspect is not None:
        return f"not counted: {version.reading.suspect}", None
    if state.last_look_at is not None and at <= state.last_look_at:
        return "kept; the page was looked at since", None
    accepted, seen = state.accepted, Observation(at, Outcome.SNAPSHOT, None, version)
    if accepted is None:
        return "the first that is known of the page", follower.follow(state, seen).step
    same = compare(accepted.reading, version.reading).kind is not ChangeClass.MATERIAL
    if same:
        return "kept; it says what is known already", None
    if accepted.origin is not Origin.IMPORT:
        return "a change that the next look at the page settles", follower.follow(state, seen).step
    newer = replace(follower, patience=replace(follower.patience, confirm_now=True))
    return "in place of the copy before", newer.follow(state, seen).step


def _why_unread(kept: SavedFile, looks: list[Look]) -> str:
    reason = next((look.reason for look in looks if look.reason), None)
    return f"{reason or kept.why}; only a quote (--quote) of the person who read it counts"


def _start(run: Run, inputs: Inputs, handed_in: Import) -> RunStart:
    return RunStart(
        run_id=run.run_id,
        started_at=run.started_at,
        kind="import",
        parameters={
            **run.settings.as_parameters(),
            "file": handed_in.file.name,
            "url": handed_in.url,
            "saved_at": handed_in.at.isoformat(),
            "by": handed_in.by,
            "authority": None if handed_in.authority is None else handed_in.authority.value,
            "reviews": reviews_digest(inputs),
            "actuals": actuals_digest(inputs),
        },
        catalog_sha256=inputs.catalog.sha256,
        policy_sha256=inputs.policy.sha256,
        reader=inputs.reader.name,
    )


def _summary(run: Run, looks: list[Look]) -> RunSummary:
    finished = datetime.now(UTC)
    return RunSummary(
        run_id=run.run_id,
        finished_at=finished,
        pages=1,
        outcomes={look.outcome.value: 1 for look in looks[-1:]},
        changes={},
        alerts=0,
        assessment="kept",
        why="an import decides nothing by itself",
        seconds={"total": (finished - run.started_at).total_seconds()},
    )
