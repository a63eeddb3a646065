"""The pool of processes on this machine; `python -m flows.work_pool` makes it where it is missing."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists
from prefect.workers.process import ProcessWorker

from flows.serve_clearance import POOL


def make_pool() -> None:
    """Make the pool on the configured server; one that is there stays as somebody set it up."""
    template = ProcessWorker.get_default_base_job_template()
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process", base_job_template=template))
        except ObjectAlreadyExists:
            return


if __name__ == "__main__":
    make_pool()
