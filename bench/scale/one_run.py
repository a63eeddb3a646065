"""One run in a process of its own: prints its summary as JSON. The Prefect server is that of the environment."""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs license-drift or its sharded form once."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale.one_run", description=__doc__)
    parser.add_argument("way", choices=("plain", "threads", "dask"))
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("parameters", type=json.loads, help="of the flow, as JSON")
    chosen = parser.parse_args(arguments)

    from flows.license_drift import license_drift
    from flows.license_drift_sharded import license_drift_sharded

    cluster: AbstractContextManager[Any] = nullcontext()
    if chosen.way == "dask":
        from distributed import LocalCluster

        cluster = LocalCluster(
            n_workers=chosen.workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        )
    with cluster as running:
        began = time.monotonic()
        if chosen.way == "plain":
            summary = license_drift(**chosen.parameters)
        else:
            scheduler = None if running is None else running.scheduler_address
            summary = license_drift_sharded(**chosen.parameters, shards=chosen.shards, dask_scheduler=scheduler)
        wall = time.monotonic() - began
        tasks = task_seconds()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "wall": round(wall, 1),
                "tasks": tasks,
                "peak_mib": round(peak),
                "pages": summary.pages,
                "outcomes": dict(summary.outcomes),
                "changes": dict(summary.changes),
                "alerts": summary.alerts,
                "seconds": dict(summary.seconds),
                "problems": list(summary.problems),
            }
        )
    )
    return 0


def task_seconds() -> dict[str, float]:
    """The seconds of each task of the newest flow run, as Prefect has them; mapped ones added up."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort

    seconds: Counter[str] = Counter()
    with get_client(sync_client=True) as client:
        [newest] = client.read_flow_runs(limit=1, sort=FlowRunSort.START_TIME_DESC)
        for run in client.read_task_runs(flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": [newest.id]}})):
            seconds[run.name.rsplit("-", 1)[0]] += run.total_run_time.total_seconds()
    return {name: round(value, 1) for name, value in seconds.items()}


if __name__ == "__main__":
    sys.exit(main())
