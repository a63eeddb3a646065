"""What a run came to, as Markdown for Prefect's interface."""

from __future__ import annotations

from domain.history import RunSummary
from reports.escape import code, markdown


def run_artifact(summary: RunSummary) -> str:
    """A short Markdown text: outcomes, changes, alerts, the assessment, seconds by phase, problems."""
    lines = [
        f"## Run {code(summary.run_id)}",
        "",
        markdown("Assessment {}: {}", summary.assessment, summary.why),
        "",
        "| What | Number |",
        "|---|---|",
        f"| pages | {summary.pages} |",
        *(markdown("| outcome {} | {} |", name, str(number)) for name, number in sorted(summary.outcomes.items())),
        *(markdown("| change {} | {} |", name, str(number)) for name, number in sorted(summary.changes.items())),
        f"| alerts | {summary.alerts} |",
        *(markdown("| seconds to {} | {} |", name, f"{took:.2f}") for name, took in summary.seconds.items()),
    ]
    lines += ["", *(markdown("- Problem: {}", problem) for problem in summary.problems)] if summary.problems else []
    return "\n".join(lines) + "\n"
