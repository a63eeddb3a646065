"""Prefect as a person who starts one run by hand wants it; imports nothing of Prefect."""

from __future__ import annotations

import os
from pathlib import Path


def quiet_defaults() -> None:
    """Settings for a flow that a person starts by hand, where the environment does not say otherwise.

    To be called before Prefect is imported. Errors reach the person as one line, not as a log.
    """
    for name, value in {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # A cold start without compiled bytecode takes longer than the usual twenty seconds.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        # What it says of events that a server which went away did not take.
        "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
        "PREFECT_CLI_PROMPT": "false",
    }.items():
        os.environ.setdefault(name, value)
    # Its server cannot make its database in a folder that is not there yet.
    Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser().mkdir(parents=True, exist_ok=True)
