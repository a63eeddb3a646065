"""The warehouse as one object: the only way the rest of Clearance writes to it.

One writer: whoever opens it holds it until it is closed, and others queue. Readers use
`warehouse.query.Reader` on the read copy and never wait. Use from one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
from filelock import FileLock

from domain.claims import Standing, Stated
from domain.deciding import Decision
from domain.errors import InvalidInput
from domain.history import Alert, ChangeRecord, RunStart, RunSummary, TierStep, Version, WatchState, WatchStep
from domain.probing import DatasetFact, Look, Snapshot
from domain.vocabulary import Determination, Origin
from warehouse import chain, changes, decisions, looks, outbox, publish, runs, statements, states, versions
from warehouse.bodies import Bodies
from warehouse.connection import append, connect_writer, transaction
from warehouse.contracts import check_changes
from warehouse.decisions import TierChange
from warehouse.lock import wait_for_turn
from warehouse.looks import LastSnapshot, PastLook, Wait
from warehouse.migrate import migrate, refresh_views, shipped_migrations
from warehouse.publish import is_read_copy
from warehouse.runs import Assessment


class Warehouse:
    """An open warehouse, for its one writer. Close it, or use it as a context manager."""

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection, lock: FileLock) -> None:
        self.path = path
        self.bodies = Bodies(path.parent / "bodies")
        self._con = con
        self._lock = lock

    @classmethod
    def open(cls, path: Path, *, wait_seconds: float = 600.0, note: Callable[[str], None] | None = None) -> Warehouse:
        """Open for writing, making folders, file and schema as needed, when our turn comes.

        WarehouseBusy when another process holds it too long or holds it as a plain DuckDB file;
        WarehouseDamaged when it is no warehouse of ours, or one of a newer release.
        """
        if path.is_dir():
            raise InvalidInput(f"{path} is a folder: name a file in it, such as clearance.duckdb")
        if is_read_copy(path):
            raise InvalidInput(f"{path} is a read copy, which the next run replaces: name the warehouse itself")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(f"cannot make the folder {path.parent}: {error.strerror or error}") from error
        lock = wait_for_turn(path, wait_seconds, note)
        try:
            con = connect_writer(path)
            try:
                con = publish.with_keys(con, path, shipped_migrations())
                migrate(
                    con,
                    str(path),
                    shipped_migrations(),
                    keep=lambda schema: publish.keep_before_upgrade(con, path, schema),
                )
                refresh_views(con)
            except BaseException:
                con.close()
                raise
        except BaseException:
            lock.release()
            raise
        return cls(path, con, lock)

    def close(self) -> None:
        """Give the warehouse free for the next writer."""
        try:
            self._con.close()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start_run(self, run: RunStart) -> None:
        """Note that a run began; it shows as unfinished until `finish_run`."""
        runs.append_run_start(self._con, run)

    def last_run(self) -> RunStart | None:
        """The newest run that decided, be it that nothing changed; None before the first."""
        return runs.last_run(self._con)

    def finish_run(self, summary: RunSummary) -> None:
        """Note what a run came to, and seal all that was stored since the run before."""
        with transaction(self._con):
            runs.append_run_end(self._con, summary)
            chain.append_link(self._con, summary.run_id, summary.finished_at)

    def record_problem(self, run_id: str, kind: str, detail: str) -> None:
        """Note something a person must look at, such as a ContractViolation."""
        runs.append_problem(self._con, run_id, kind, detail)

    def save_looks(self, run_id: str, found: Sequence[Look]) -> None:
        """Store looks: bodies first, then all rows at once. Those already stored are left out."""
        looks.save_looks(self._con, self.bodies, run_id, found)

    def last_snapshots(self, urls: Sequence[str]) -> dict[str, LastSnapshot]:
        """The newest good snapshot per URL, suspect looks and archive copies aside."""
        return looks.last_snapshots(self._con, urls)

    def asked_to_wait(self, at: datetime) -> tuple[Wait, ...]:
        """What servers asked at the newest looks: not to come back before a time after `at`."""
        return looks.asked_to_wait(self._con, at)

    def looks_of(self, url: str) -> tuple[PastLook, ...]:
        """Every look at a page, oldest first, with what it came to."""
        return looks.looks_of(self._con, url)

    def copies_of(self, urls: Sequence[str], origin: Origin) -> dict[str, tuple[str, ...]]:
        """The digests of the good snapshots of an origin at each URL, such as an archive's copies."""
        return looks.copies_of(self._con, urls, origin)

    def snapshot(self, url: str, sha256: str, *, origin: Origin | None = None) -> Snapshot | None:
        """The snapshot of these bytes at this URL (of one origin), with its body; None when there is none."""
        return looks.find_snapshot(self._con, self.bodies, url, sha256, origin)

    def body(self, sha256: str) -> bytes:
        """The bytes of this digest. WarehouseDamaged when they are missing or wrong."""
        return self.bodies.load(sha256)

    def watch_states(self) -> dict[str, WatchState]:
        """The latest state per watch id, with its versions; their texts come when asked for."""
        return states.watch_states(self._con, self.bodies)

    def at_rest(self, state: WatchState) -> WatchState:
        """A state that was saved, without the texts of its versions; they come when asked for."""
        return states.at_rest(state, self.bodies)

    def versions_of(self, source_id: str) -> tuple[Version, ...]:
        """All versions of a source's watches, oldest first."""
        return versions.versions_of(self._con, self.bodies, source_id)

    def save_steps(self, run_id: str, steps: Sequence[WatchStep], determinations: Mapping[str, Determination]) -> None:
        """Store versions, findings, states, changes and alerts in one transaction.

        `determinations` is keyed by version id. What is already stored is left out. ContractViolation
        when something is not fit to be stored; then nothing of it is.
        """
        found = [version for step in steps for version in step.new_versions]
        version_rows, finding_rows = versions.prepare_versions(self._con, run_id, found, determinations)
        change_rows = changes.change_rows(self._con, [change for step in steps for change in step.changes])
        check_changes(change_rows)
        state_rows = states.state_rows(self._con, run_id, [step.state for step in steps])
        fresh = {row["version_id"] for row in version_rows}
        body_rows = versions.save_version_bodies(self.bodies, [v for v in found if v.version_id in fresh])
        with transaction(self._con):
            append(self._con, "bodies", body_rows)
            append(self._con, "versions", version_rows)
            append(self._con, "findings", finding_rows)
            states.append_states(self._con, state_rows)
            append(self._con, "change_rows", change_rows)
            outbox.append_alerts(self._con, [alert for step in steps for alert in step.alerts])

    def recent_changes(self, since: str | datetime | None = None) -> tuple[ChangeRecord, ...]:
        """Changes as last known: all, those after a run (its id), or those from a time on."""
        return changes.recent_changes(self._con, since)

    def material_changes(self) -> tuple[ChangeRecord, ...]:
        """The confirmed material changes, as last known, in order of time."""
        return changes.material_changes(self._con)

    def decisions(self, at: datetime | None = None, *, of: Collection[str] | None = None) -> dict[str, Decision]:
        """The decision per source id that held at a time, as it was made (None: the newest); `of` some alone."""
        return decisions.decisions(self._con, at, of)

    def tier_steps(self) -> tuple[TierStep, ...]:
        """How tiers moved, with causes; steps that age alone will bring in time are among them."""
        return decisions.tier_steps(self._con)

    def moved_sources(self, since: str) -> frozenset[str]:
        """The sources whose pages show something else than they did at the end of a run (its id)."""
        return states.moved_sources(self._con, since) | statements.moved_sources(self._con, since)

    def save_decisions(
        self,
        run_id: str,
        at: datetime,
        made: Sequence[Decision],
        causes: Mapping[str, str],
        *,
        keep: Collection[str] | None = None,
        alerts: Callable[[Sequence[TierChange]], Sequence[Alert]] = lambda _: (),
        present: bool = False,
    ) -> list[TierChange]:
        """Append what differs from what held; returns (before, after) where the tier changed.

        `causes` says per source id why its decision differs, in the words of `contracts.Cause`. Decided
        sources not in `keep` (None: all) are blocked. `alerts` are told in the same transaction. `present`:
        `at` is now, so that what is dated later was dated by a clock that was ahead and must not come to
        hold more.
        """
        return decisions.save_decisions(self._con, run_id, at, made, causes, keep, alerts, present=present)

    def retire_sources(self, run_id: str, at: datetime, keep: Collection[str]) -> list[TierChange]:
        """Block every decided source that is not among those to keep (the catalog's)."""
        return decisions.save_decisions(self._con, run_id, at, (), {}, keep)

    def save_facts(self, run_id: str, found: Sequence[DatasetFact]) -> None:
        """Append facts about the data that are new."""
        runs.append_facts(self._con, run_id, found)

    def facts(self) -> tuple[DatasetFact, ...]:
        """The newest fact per source, name and URL."""
        return runs.facts(self._con)

    def statements(self) -> dict[statements.Key, Standing]:
        """Where every machine statement stands, by source, kind and address."""
        return statements.standing(self._con)

    def save_statements(
        self, run_id: str, found: Sequence[Stated], records: Sequence[ChangeRecord], alerts: Sequence[Alert]
    ) -> None:
        """Store machine statements with the changes and alerts they raise, in one transaction."""
        rows = changes.change_rows(self._con, records)
        check_changes(rows)
        with transaction(self._con):
            statements.append_statements(self._con, run_id, found)
            append(self._con, "change_rows", rows)
            outbox.append_alerts(self._con, alerts)

    def newest_answers(self, urls: Sequence[str]) -> dict[str, looks.Answered]:
        """The newest good answer of each URL that has one, suspect looks and archive copies aside."""
        return looks.newest_answers(self._con, urls)

    def save_alerts(self, alerts: Sequence[Alert]) -> None:
        """Put alerts into the outbox; those told before are left out."""
        with transaction(self._con):
            outbox.append_alerts(self._con, alerts)

    def alerts(self) -> tuple[Alert, ...]:
        """Every alert ever raised, oldest first."""
        return outbox.all_alerts(self._con)

    def undelivered(self, channel: str) -> tuple[Alert, ...]:
        """Alerts not yet delivered on a channel, oldest first."""
        return outbox.undelivered(self._con, channel)

    def record_delivery(
        self, alert_ids: Sequence[str], channel: str, at: datetime, ok: bool, error: str | None = None
    ) -> None:
        """Note one attempt to deliver; a failed one leaves the alert undelivered."""
        outbox.append_delivery(self._con, alert_ids, channel, at, ok, error)

    def last_assessment(self) -> Assessment | None:
        """The newest assessment that was written."""
        return runs.last_assessment(self._con)

    def assessment_text(self, sha256: str) -> bytes:
        """The UTF-8 text of an assessment that was written. WarehouseDamaged when it is missing or wrong."""
        return runs.assessment_text(self._con, self.bodies, sha256)

    def save_assessment(
        self,
        run_id: str,
        at: datetime,
        outcome: str,
        why: str,
        text: bytes | None,
        *,
        made_of: tuple[str, str] | None = None,
    ) -> None:
        """Note what became of the assessment: `regenerated` with its text, or `unchanged` or `kept` without.
        `made_of` are, where it was rendered, the digests of what it was made of and of its text."""
        runs.save_assessment(self._con, self.bodies, run_id, at, outcome, why, text, made_of)

    def publish_read_copy(self) -> Path:
        """Replace the read copy by the present state, at once; returns its path."""
        return publish.publish(self._con, self.path)
