"""One message a run and channel: what happened, worst first."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.history import Alert, AlertKind

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Digest:
    """The alerts of one run, the worst first, each happening once.

    `repeated` is true when an earlier attempt may have reached the receiver already: delivery is at
    least once, and `alert_id` tells a program what it has seen.
    """

    run_id: str
    alerts: tuple[Alert, ...]
    repeated: bool = False

    @property
    def title(self) -> str:
        """One line: how many alerts, and the worst of them."""
        if not self.alerts:
            return "Clearance: no alerts"
        more = f" and {len(self.alerts) - 1} more" if len(self.alerts) > 1 else ""
        return f"Clearance: {one_line(self.alerts[0].title)}{more}"

    @property
    def text(self) -> str:
        """The digest for people: plain text without controls or terminal escapes; long ones are cut."""
        lines = [f"Run {one_line(self.run_id)}" + (" (may have been sent before)" if self.repeated else "")]
        for alert in self.alerts[:_SHOWN]:
            lines.append(f"- {one_line(alert.title)} [{alert.kind}, {one_line(alert.source_id)}, {_at(alert.at)}]")
            lines += [f"  {one_line(part)}" for part in (alert.body, alert.url or "") if part]
        if len(self.alerts) > _SHOWN:
            lines.append(f"- {len(self.alerts) - _SHOWN} more: clearance alerts")
        return "\n".join(lines)


def build_digest(run_id: str, alerts: Sequence[Alert], *, repeated: bool = False) -> Digest:
    """The digest of some alerts; entries with the same `dedupe_key` tell the same and count once."""
    ordered = sorted(alerts, key=_worst_first)
    once = {alert.dedupe_key: alert for alert in reversed(ordered)}
    return Digest(run_id, tuple(sorted(once.values(), key=_worst_first)), repeated)


def one_line(text: str) -> str:
    """Upstream words as one visible line: control and format characters dropped, newlines as spaces."""
    kept = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text
        if unicodedata.category(char) not in {"Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def _worst_first(alert: Alert) -> tuple[int, str, datetime, str]:
    return list(AlertKind).index(alert.kind), alert.source_id, alert.at, alert.alert_id


def _at(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
