"""Truth against what was observed: recall, false alerts, and what was called something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bench.drift.exhibits import Exhibit
from bench.drift.model import Epoch, Fate
from bench.drift.observed import Observed

# Classes that may stand in the history of a page whose terms did not change, without an alert.
_QUIET = {"first", "none", "cosmetic", "editorial", "re-extraction"}
# What may be told of a page that shows two faces within one run.
_UNSTEADY = {"unstable", "watch_unstable"}
_MATERIAL = "material"


@dataclass
class Row:
    """One kind at one epoch. Lists name pages by source id, each with what was observed."""

    epoch: str
    fate: str
    kind: str
    pages: int = 0
    expected: int = 0
    alerts: int = 0
    missed: list[str] = field(default_factory=list)
    false_alerts: list[str] = field(default_factory=list)
    misclassified: list[str] = field(default_factory=list)
    wrong_direction: list[str] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All rows, and whether the bench is content: every material change told, nothing else."""

    rows: tuple[Row, ...]
    outcomes: dict[str, dict[str, int]]
    pages: int

    @property
    def unseen(self) -> int:
        """Pages without a snapshot at the first look; of these nothing could be told later."""
        return self.pages - self.outcomes[Epoch.BASELINE].get("snapshot", 0)

    @property
    def missed(self) -> int:
        """Material changes nobody was told of."""
        return sum(len(row.missed) for row in self.rows)

    @property
    def false_alerts(self) -> int:
        """Alerts about pages whose terms did not change."""
        return sum(len(row.false_alerts) for row in self.rows)

    @property
    def expected(self) -> int:
        """Material changes there were."""
        return sum(row.expected for row in self.rows)

    @property
    def passed(self) -> bool:
        """Whether every page was seen at first, every material change was told, and nothing else was."""
        return not self.unseen and not self.missed and not self.false_alerts

    def as_json(self) -> dict[str, object]:
        """The verdict for a file."""
        return {
            "passed": self.passed,
            "pages": self.pages,
            "unseen_at_first": self.unseen,
            "material_expected": self.expected,
            "material_missed": self.missed,
            "false_alerts": self.false_alerts,
            "misclassified": sum(len(row.misclassified) for row in self.rows),
            "wrong_direction": sum(len(row.wrong_direction) for row in self.rows),
            "outcomes": self.outcomes,
            "rows": [asdict(row) for row in self.rows],
        }


def judge(exhibits: Sequence[Exhibit], observed: dict[Epoch, Observed]) -> Verdict:
    """Compares page by page and epoch by epoch."""
    rows: dict[tuple[str, str, str], Row] = {}
    for epoch, seen in observed.items():
        for one in exhibits:
            kind = one.truth.kind
            if epoch is Epoch.RECOVERED and one.truth.returns_changed:
                kind = f"{kind}, returns changed"
            row = rows.setdefault((epoch, one.truth.fate, kind), Row(epoch, one.truth.fate, kind))
            _enter(row, one, epoch, seen)
    outcomes = {epoch.value: dict(seen.summary.get("outcomes", {})) for epoch, seen in observed.items()}
    return Verdict(tuple(rows.values()), outcomes, len(exhibits))


def _enter(row: Row, one: Exhibit, epoch: Epoch, seen: Observed) -> None:
    classes, told = seen.classes(one.source_id), seen.told(one.source_id)
    row.pages += 1
    for name in classes or ["-"]:
        row.classes[name] = row.classes.get(name, 0) + 1
    row.alerts += bool(told)
    entry = f"{one.source_id}: {', '.join(classes) or 'nothing'}"
    if not one.truth.material_at(epoch):
        allowed = _UNSTEADY if one.truth.fate is Fate.VARIANT else set[str]()
        if told - allowed:
            row.false_alerts.append(f"{entry}, told {sorted(told)}")
        elif one.truth.fate is not Fate.VARIANT and set(classes) - _QUIET:
            row.misclassified.append(entry)
        return
    row.expected += 1
    note = f"{entry} ({one.truth.note})" if epoch is Epoch.MUTATED else f"{entry} ({one.truth.returns_changed})"
    directions = seen.directions(one.source_id)
    if _MATERIAL not in told:
        row.missed.append(note)
    elif not seen.delivered(one.source_id):
        row.missed.append(f"{note}, but the alert never came")
    elif epoch is Epoch.MUTATED and one.truth.direction and one.truth.direction not in directions:
        row.wrong_direction.append(f"{note}: {directions} and not {one.truth.direction}")


def table(verdict: Verdict) -> str:
    """The verdict for a terminal."""
    lines = [
        f"{'epoch':<10}{'fate':<11}{'kind':<36}{'pages':>6}{'due':>5}{'told':>6}{'missed':>8}{'false':>7}  classes"
    ]
    order = {fate.value: number for number, fate in enumerate(Fate)}
    epochs = {epoch.value: number for number, epoch in enumerate(Epoch)}
    for row in sorted(verdict.rows, key=lambda row: (epochs[row.epoch], order[row.fate], row.kind)):
        classes = " ".join(f"{name}:{count}" for name, count in sorted(row.classes.items()))
        lines.append(
            f"{row.epoch:<10}{row.fate:<11}{row.kind:<36}{row.pages:>6}{row.expected:>5}{row.alerts:>6}"
            f"{len(row.missed):>8}{len(row.false_alerts):>7}  {classes}"
        )
    for row in verdict.rows:
        for what, entries in (
            ("missed", row.missed),
            ("false alert", row.false_alerts),
            ("called otherwise", row.misclassified),
            ("other direction", row.wrong_direction),
        ):
            lines += [f"{what}: {row.epoch}/{row.kind}: {entry}" for entry in entries[:20]]
    told = verdict.expected - verdict.missed
    if verdict.unseen:
        lines.append(f"{verdict.unseen} of {verdict.pages} pages were not seen at the first look")
    lines.append(
        f"material {told} of {verdict.expected} told; false alerts {verdict.false_alerts}; "
        f"{'content' if verdict.passed else 'NOT CONTENT'}"
    )
    return "\n".join(lines)
