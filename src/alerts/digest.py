"""One message a run and channel: what happened, worst first, and whom it concerns."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.history import Alert, AlertKind, Severity

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Concern:
    """Who answers for a source in this house, and which corpora and models use it."""

    owner: str | None = None
    used_by: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """One line for people; empty when nothing is known."""
        parts = [f"owner: {one_line(self.owner)}"] if self.owner else []
        parts += [f"used by: {', '.join(map(one_line, self.used_by))}"] if self.used_by else []
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Digest:
    """The alerts a channel is told at once, the worst first, each happening once.

    `run_id` is the run that tells. `earlier` are the ids of alerts an earlier attempt may have told
    already: delivery is at least once, and `alert_id` tells a program what it has seen. `concerns` says
    by source id who must know.
    """

    run_id: str
    alerts: tuple[Alert, ...]
    earlier: frozenset[str] = frozenset()
    concerns: Mapping[str, Concern] = field(default_factory=dict)

    @property
    def repeated(self) -> bool:
        """Whether anything of it may have reached the receiver already."""
        return any(alert.alert_id in self.earlier for alert in self.alerts)

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
        lines = [f"Run {one_line(self.run_id)}"] if self.run_id else []
        for alert in self.alerts[:_SHOWN]:
            before = " (may have been sent before)" if alert.alert_id in self.earlier else ""
            what = f"[{', '.join(part for part in (alert.kind, one_line(alert.source_id), _at(alert.at)) if part)}]"
            lines.append(f"- {one_line(alert.title)} {what}{before}")
            parts = (alert.body, alert.url or "", self.concern(alert).words)
            lines += [f"  {one_line(part)}" for part in parts if part]
        if len(self.alerts) > _SHOWN:
            lines.append(f"- {len(self.alerts) - _SHOWN} more: clearance alerts list")
        return "\n".join(lines)

    def concern(self, alert: Alert) -> Concern:
        """Who must know of one of its alerts."""
        return self.concerns.get(alert.source_id, Concern())


def build_digest(
    run_id: str,
    alerts: Sequence[Alert],
    *,
    earlier: Collection[str] = (),
    concerns: Mapping[str, Concern] | None = None,
) -> Digest:
    """The digest of some alerts; entries with the same `dedupe_key` tell the same and count once."""
    ordered = sorted(alerts, key=_worst_first)
    once = {alert.dedupe_key: alert for alert in reversed(ordered)}
    return Digest(run_id, tuple(sorted(once.values(), key=_worst_first)), frozenset(earlier), concerns or {})


def one_line(text: str) -> str:
    """Upstream words as one visible line: control and format characters dropped, newlines as spaces."""
    kept = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text
        if unicodedata.category(char) not in {"Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def _worst_first(alert: Alert) -> tuple[int, int, str, datetime, str]:
    severity, kind = list(Severity).index(alert.severity), list(AlertKind).index(alert.kind)
    return severity, kind, alert.source_id, alert.at, alert.alert_id


def _at(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
