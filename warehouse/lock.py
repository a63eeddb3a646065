"""The writers' queue: a lock of the operating system, so that a killed writer never blocks the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from domain.errors import InvalidInput, WarehouseBusy

_POLL_SECONDS = 0.1


def wait_for_turn(warehouse: Path, wait_seconds: float, note: Callable[[str], None] | None) -> FileLock:
    """The lock beside the warehouse, held. `note` is told once when another writer must be waited for.

    WarehouseBusy when the turn does not come within `wait_seconds`.
    """
    # A soft lock would survive the death of its owner; the thread that closes may be another one.
    lock = FileLock(f"{warehouse}.lock", thread_local=False, fallback_to_soft=False)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if note is not None:
                note(f"waiting for another writer of {warehouse}")
            lock.acquire(timeout=wait_seconds, poll_interval=_POLL_SECONDS)
    except Timeout as error:
        raise WarehouseBusy(
            f"{warehouse} is still written by another process after {wait_seconds:g} s: wait for it or stop it"
        ) from error
    except OSError as error:
        raise InvalidInput(f"cannot write beside {warehouse}: {error.strerror or error}") from error
    return lock
