"""The drawings: stacked bars and points, by matplotlib, the same bytes for the same numbers.

matplotlib is imported only here and only when a plot is drawn: it takes a second to load.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from reports.escape import shortened
from reports.site.svg import fit_for_page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK, _FAINT = "#111111", "#222222"
_COLORS = {
    "production_approved": "#000001",
    "research_only": "#000002",
    "blocked": "#000003",
    "tightened": "#000004",
    "loosened": "#000005",
    "clarified": "#000006",
    "withdrawn": "#000007",
    "mixed": "#000008",
    "known": "#000009",
}
_ON = "#fffffe"
_CLASSES = {color: name for name, color in _COLORS.items()} | {_INK: "ink", _FAINT: "faint", _ON: "paper"}
_MARKERS = {"production_approved": "o", "research_only": "^", "blocked": "x"}


@dataclass(frozen=True, slots=True)
class Series:
    """One color of a stacked bar: `short` stands in its segments, so that no one needs the color."""

    key: str
    label: str
    short: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One point; an empty `label` leaves it unnamed."""

    key: str
    x: float
    y: float
    label: str = ""


def stacked_bars(
    name: str, title: str, description: str, categories: Sequence[str], series: Sequence[Series], unit: str
) -> str:
    """Horizontal bars, the first category on top, as an `<svg>` element."""
    with _drawing(8.6, 0.9 + 0.27 * len(categories)) as (figure, axes):
        places = range(len(categories))
        starts = [0] * len(categories)
        most = max((sum(one.values[place] for one in series) for place in places), default=1) or 1
        for one in series:
            color = _COLORS[one.key]
            axes.barh(places, one.values, left=starts, height=0.72, color=color, label=one.label)
            for place, value in enumerate(one.values):
                # A segment too narrow for its letter is read from the table below.
                room = value / most
                if value and room > 0.025:
                    words = f"{one.short} {value}" if room > 0.05 else str(value)
                    middle = starts[place] + value / 2
                    axes.text(middle, place, words, ha="center", va="center", color=_ON, fontsize=7.5)
            starts = [start + value for start, value in zip(starts, one.values, strict=True)]
        axes.set_yticks(list(places), [shortened(category, 40) for category in categories])
        axes.set_ylim(len(categories) - 0.4, -0.6)
        axes.set_xlim(0, most)
        axes.set_xlabel(unit)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.tick_params(axis="y", length=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        _legend(figure, len(series))
        return _finish(figure, name, title, description)


def scattered(
    name: str, title: str, description: str, points: Sequence[Point], labels: dict[str, str], x: str, y: str
) -> str:
    """Points with one marker shape a key, as an `<svg>` element; `labels` are the keys in words."""
    with _drawing(8.6, 4.6) as (figure, axes):
        for key, label in labels.items():
            chosen = [point for point in points if point.key == key]
            axes.plot(
                [point.x for point in chosen],
                [point.y for point in chosen],
                linestyle="none",
                marker=_MARKERS[key],
                markersize=5,
                markerfacecolor=_COLORS[key],
                markeredgecolor=_COLORS[key],
                label=label,
            )
        for point in points:
            if point.label:
                axes.annotate(
                    shortened(point.label, 40),
                    (point.x, point.y),
                    xytext=(6, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=7.5,
                    color=_INK,
                )
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.set_xlim(left=0)
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.grid(axis="y", color=_FAINT, linewidth=0.4)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        _legend(figure, len(labels))
        return _finish(figure, name, title, description)


@contextmanager
def _drawing(width: float, height: float) -> Iterator[tuple[Figure, Any]]:
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        # Nobody's own settings may change the bytes.
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "svg.hashsalt": "clearance",
                "svg.fonttype": "none",
                # A dollar sign in a name is a dollar sign.
                "text.parse_math": False,
                # Comes with the library: widths do not depend on the machine's fonts.
                "font.family": ["DejaVu Sans"],
                "font.size": 8.5,
                "text.color": _INK,
                "axes.edgecolor": _FAINT,
                "axes.labelcolor": _INK,
                "axes.facecolor": "none",
                "figure.facecolor": "none",
                "xtick.color": _INK,
                "ytick.color": _INK,
                "legend.frameon": False,
            }
        )
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        yield figure, figure.add_subplot()


def _legend(figure: Figure, columns: int) -> None:
    figure.legend(loc="outside upper left", ncols=columns, handlelength=1.0, columnspacing=1.6)


def _finish(figure: Figure, name: str, title: str, description: str) -> str:
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return fit_for_page(out.getvalue(), name, title, description, _CLASSES)
