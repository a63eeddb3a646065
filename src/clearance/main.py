"""The command line: thin, quick to start, one clear line for everything that goes wrong."""

from __future__ import annotations

import gc
import os
import sys

import typer

from clearance import (
    alerts_commands,
    catalog_commands,
    decision_commands,
    export_commands,
    history_commands,
    import_command,
    items_command,
    read_command,
    replay_command,
    run_command,
    serve_command,
)
from clearance.output import note
from domain.errors import ClearanceError

app = typer.Typer(
    name="clearance",
    help="Which datasets may train our models, on what evidence, and the day that answer changes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
run_command.register(app)
read_command.register(app)
replay_command.register(app)
history_commands.register(app)
decision_commands.register(app)
import_command.register(app)
catalog_commands.register(app)
items_command.register(app)
export_commands.register(app)
alerts_commands.register(app)
serve_command.register(app)


def main() -> None:
    """Run a command; exit 2 with one line on stderr where input or storage is wrong."""
    gc.set_threshold(read_command.COLLECT_AFTER)
    try:
        app()
    except ClearanceError as error:
        note(f"clearance: {error}")
        sys.exit(2)
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        note("clearance: stopped; what was stored is kept, and the next run goes on from there")
        sys.exit(130)


if __name__ == "__main__":
    main()
