"""What a server that has just started needs before its worker comes: `python -m flows.clean_start`.

Makes the pool and the writers' limit. Then it closes what a power cut or a killed service left behind: nothing
runs yet, but the server's database still says so, and a slot held by a run that is gone would cancel every
later run of its deployment.
"""

from __future__ import annotations

from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

from flows.drift_run import WRITER_LIMIT
from flows.work_pool import make_pool

_UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_AT_ONCE = 200


def close_leftovers(client: SyncPrefectClient) -> int:
    """End runs that nobody carries on, and free every slot; returns how many runs were ended.

    Only for a moment in which nothing runs. Runs that wait for a person or their hour stay as they are.
    """
    under_way = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNDER_WAY)))
    closed: set[UUID] = set()
    while left := {run.id for run in client.read_flow_runs(flow_run_filter=under_way, limit=_AT_ONCE)} - closed:
        for run_id in left:
            client.set_flow_run_state(run_id, Crashed(message="the service stopped during the run"), force=True)
        closed |= left
    first = 0
    while limits := client.read_global_concurrency_limits(limit=_AT_ONCE, offset=first):
        for limit in limits:
            if limit.active_slots:
                client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=0))
        first += len(limits)
    return len(closed)


def make_writer_limit(client: SyncPrefectClient) -> None:
    """One writer at a time, where nobody set the limit otherwise."""
    client.upsert_global_concurrency_limit_by_name(WRITER_LIMIT, 1)


if __name__ == "__main__":
    make_pool()
    with get_client(sync_client=True) as server:
        make_writer_limit(server)
        close_leftovers(server)
