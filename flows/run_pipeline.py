"""One run from catalog to alert as plain functions: what the Prefect flow calls, step by step.

Every step opens the warehouse for itself and leaves it consistent, so a run killed between or within
steps loses nothing that was stored, and the next run takes up from there.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

from alerts.deliver import DeliveryReport
from domain.errors import InvalidInput
from domain.history import Alert, RunStart, RunSummary
from domain.vocabulary import Outcome
from flows.decide_sources import actuals_digest, decide_sources, reviews_digest
from flows.deliver_alerts import empty_outbox, routed_channels
from flows.look_at_pages import LookNote, Progress, look_at_pages, network_settings, pages_of
from flows.measure_datasets import measure_datasets, with_statements
from flows.read_beside import KeptAndRead, reading_beside, started_beside
from flows.read_pages import ReadReport, confirm_after, read_pages
from flows.run_settings import Run, RunSettings, inputs_of
from flows.write_assessment import Written, write_assessment
from warehouse.contracts import ContractViolation
from warehouse.lock import wait_for_turn
from warehouse.store import Warehouse

LOOKED = frozenset({Outcome.SNAPSHOT, Outcome.NOT_MODIFIED, Outcome.GONE, Outcome.SUSPECT})
"""The outcomes of a page that answered."""

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What looking came to: the looks, the seconds of getting and keeping them, and what changed of that
    which machines state."""

    notes: tuple[LookNote, ...]
    fetch_seconds: float
    store_seconds: float
    stated: ReadReport = field(default_factory=ReadReport)


@dataclass(frozen=True, slots=True)
class Judged:
    """What deciding and writing came to: the alerts raised, not the decisions, which are stored. `problem` holds
    a broken contract; then nothing was decided and the assessment before stays."""

    alerts: tuple[Alert, ...]
    written: Written | None
    decide_seconds: float
    report_seconds: float
    problem: str | None = None


@contextmanager
def run_turn(settings: RunSettings, note: Note | None = None) -> Iterator[None]:
    """Hold the right to run on a warehouse; runs that start meanwhile queue here."""
    path = Path(settings.warehouse)
    lock = _turn(path, note)
    try:
        yield
    finally:
        lock.release()


def _turn(path: Path, note: Note | None) -> FileLock:
    # A lock of its own: reviews and queries may go on while a long run waits for slow pages.
    if path.parent.is_dir() or not path.parent.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(f"cannot make the folder {path.parent}: {error.strerror or error}") from error
    return wait_for_turn(path.with_name(f"{path.name}.run"), 3600.0, note)


def check(run: Run) -> None:
    """InvalidInput, before anything is started, where a file or argument is wrong."""
    inputs_of(run).chosen(run.settings.only)
    network_settings(run, inputs_of(run))
    for path in run.settings.replay:
        if not Path(path).is_file():
            raise InvalidInput("there is no such recording", path)
    routed_channels(inputs_of(run).policy.alerts)


def start(run: Run) -> None:
    """Check all inputs and note that the run began."""
    check(run)
    inputs = inputs_of(run)
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        warehouse.start_run(
            RunStart(
                run_id=run.run_id,
                started_at=run.started_at,
                kind="replay" if run.settings.replay else "run",
                parameters={
                    **run.settings.as_parameters(),
                    "reviews": reviews_digest(inputs),
                    "actuals": actuals_digest(inputs),
                },
                catalog_sha256=inputs.catalog.sha256,
                policy_sha256=inputs.policy.sha256,
                reader=inputs.reader.name,
            )
        )


def fetch(run: Run, progress: Progress | None = None) -> Fetched:
    """Look at every page, and measure every dataset that can be measured."""
    inputs = inputs_of(run)
    sources = [source for _, _, source in inputs.chosen(run.settings.only)]
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        asks_anyway = run.settings.force or run.settings.replay
        waits = () if asks_anyway else warehouse.asked_to_wait(run.now)
        store = KeptAndRead(warehouse, run, sources)
        looked = look_at_pages(store, run, inputs, pages_of(sources), progress=progress, waits=waits)
        began = time.monotonic()
        stated = measure_datasets(warehouse, run, inputs, sources, answered_of(looked.notes))
    return Fetched(looked.notes, looked.fetch_seconds + time.monotonic() - began, looked.store_seconds, stated)


def answered_of(notes: Sequence[LookNote]) -> list[str]:
    """The pages that answered."""
    return [note.url for note in notes if note.outcome in LOOKED]


def read(run: Run, fetched: Fetched) -> ReadReport:
    """Read what was fetched, watch by watch."""
    inputs = inputs_of(run)
    sources = [source for _, _, source in inputs.chosen(run.settings.only)]
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        report = read_pages(warehouse, run, inputs, sources, fetched.notes, reader=started_beside(run))
        return with_statements(report, fetched.stated)


def confirm(run: Run, unconfirmed: Sequence[str]) -> tuple[Fetched, ReadReport]:
    """Look a second time, over fresh connections, at pages that showed a change, when it is due."""
    inputs = inputs_of(run)
    sources = [source for _, _, source in inputs.chosen(run.settings.only)]
    time.sleep(confirm_after(run, inputs))
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        looked = look_at_pages(warehouse, run, inputs, unconfirmed, unconditional=True)
        report = read_pages(warehouse, run, inputs, sources, looked.notes, second_look=True)
    return Fetched(looked.notes, looked.fetch_seconds, looked.store_seconds), report


def judge(run: Run, touched: frozenset[str], reread: frozenset[str], *, write: bool = True) -> Judged:
    """Decide every source and write the assessment; a broken contract keeps what stood before. Without
    `write` the assessment waits for the next run."""
    inputs = inputs_of(run)
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        began = time.monotonic()
        try:
            states = warehouse.watch_states()
            decided = decide_sources(warehouse, run, inputs, touched=touched, reread=reread, states=states)
        except ContractViolation as violation:
            warehouse.record_problem(run.run_id, f"contract of {violation.table}", violation.rows)
            why = f"the contract of {violation.table} was broken"
            warehouse.save_assessment(run.run_id, run.now, "kept", why, None)
            return Judged((), None, time.monotonic() - began, 0.0, str(violation))
        reporting = time.monotonic()
        if not write:
            why = "only decided; the next run or `clearance assess --out` writes it"
            warehouse.save_assessment(run.run_id, run.now, "kept", why, None)
            return Judged(decided.alerts, Written("kept", why, Path()), reporting - began, 0.0)
        written = write_assessment(warehouse, run, inputs, decided.decisions, states)
        return Judged(decided.alerts, written, reporting - began, time.monotonic() - reporting)


def tell(run: Run) -> DeliveryReport:
    """Deliver what the outbox holds, to every channel the environment names."""
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        inputs = inputs_of(run)
        return empty_outbox(warehouse, inputs.catalog, inputs.policy.alerts, run.run_id)


def finish(
    run: Run, fetched: Sequence[Fetched], reports: Sequence[ReadReport], judged: Judged, delivered: DeliveryReport
) -> RunSummary:
    """Note what the run came to and publish the copy that readers query."""
    inputs = inputs_of(run)
    sources = [source for _, _, source in inputs.chosen(run.settings.only)]
    outcomes = Counter(note.outcome.value for note in fetched[0].notes)
    kinds: Counter[str] = Counter()
    for report in reports:
        kinds.update(report.changes)
    problems = [problem for problem in (judged.problem,) if problem]
    problems += [f"alerts not delivered: {why}" for why in delivered.failed.values()]
    if judged.written is None:
        assessment, why = "kept", judged.problem or "nothing was decided"
    else:
        assessment, why = judged.written.outcome, judged.written.why
    seconds = {
        "fetch": sum(item.fetch_seconds for item in fetched),
        "read": sum(item.read_seconds for item in reports),
        "store": sum(item.store_seconds for item in fetched) + sum(item.store_seconds for item in reports),
        "decide": judged.decide_seconds,
        "report": judged.report_seconds,
        "total": (datetime.now(UTC) - run.started_at).total_seconds(),
    }
    summary = RunSummary(
        run_id=run.run_id,
        finished_at=datetime.now(UTC),
        pages=len(pages_of(sources)),
        outcomes=dict(outcomes),
        changes={kind: number for kind, number in kinds.items() if number},
        alerts=sum(len(report.alerts) for report in reports) + len(judged.alerts),
        assessment=assessment,
        why=why,
        seconds={name: round(value, 3) for name, value in seconds.items()},
        problems=tuple(problems),
    )
    with Warehouse.open(Path(run.settings.warehouse)) as warehouse:
        warehouse.finish_run(summary)
        warehouse.publish_read_copy()
    return summary


def could_not_look(summary: RunSummary) -> bool:
    """Whether there were pages and not one of them answered."""
    return summary.pages > 0 and not any(summary.outcomes.get(outcome.value) for outcome in LOOKED)


def raised(reports: Sequence[ReadReport], judged: Judged) -> tuple[Alert, ...]:
    """Every alert the run raised."""
    return (*(alert for report in reports for alert in report.alerts), *judged.alerts)


def run_pipeline(run: Run, *, progress: Progress | None = None, note: Note | None = None) -> RunSummary:
    """The whole run in this process, without Prefect. ClearanceError where it cannot go on."""
    asked = time.monotonic()
    with run_turn(run.settings, note):
        # What others decided meanwhile was decided before this run.
        waited = timedelta(seconds=time.monotonic() - asked)
        run = replace(run, started_at=run.started_at + waited)
        start(run)
        with reading_beside(run):
            fetched = [fetch(run, progress)]
            reports = [read(run, fetched[0])]
        if reports[0].unconfirmed:
            again, report = confirm(run, reports[0].unconfirmed)
            fetched.append(again)
            reports.append(report)
        judged = judge(run, touched_by(reports), reread_by(reports))
        return finish(run, fetched, reports, judged, tell(run))


def touched_by(reports: Sequence[ReadReport]) -> frozenset[str]:
    """The sources whose statements moved in any round."""
    return frozenset().union(*(report.touched for report in reports))


def reread_by(reports: Sequence[ReadReport]) -> frozenset[str]:
    """The sources of which old bytes were read anew in any round."""
    return frozenset().union(*(report.reread for report in reports))
