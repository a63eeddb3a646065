"""The policy as it stands in `policy/*.yaml`: what the house allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

from catalog.build import Builder, Checks, Place
from catalog.checks import check_right
from catalog.nodes import parse, read_bytes
from catalog.problems import Problems
from domain.errors import InvalidInput
from domain.policy import AlertRoute, AlertRoutes, EffortDriver, Family, GateRule, House, Phase, Policy
from domain.rights import Right
from domain.vocabulary import Application, Basis, Duty, GateKind, RightValue, Tier

CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_PLACEHOLDERS = frozenset({"duty", "capability", "upstream", "detail"})


@dataclass(frozen=True, slots=True)
class _Families:
    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class _Gates:
    gates: tuple[GateRule, ...]


@dataclass(frozen=True, slots=True)
class _Effort:
    drivers: tuple[EffortDriver, ...]


@dataclass(frozen=True, slots=True)
class _Phases:
    phases: tuple[Phase, ...]
    application_phase: Mapping[Application, str] = field(default_factory=dict)


_ROUTES = "alerts.yaml"

_FILES: Mapping[str, type] = {
    _ROUTES: AlertRoutes,
    "effort.yaml": _Effort,
    "families.yaml": _Families,
    "gates.yaml": _Gates,
    "house.yaml": House,
    "phases.yaml": _Phases,
}


def load_policy(folder: Path) -> Policy:
    """Read the files of a policy folder.

    Raises one `InvalidInput` that lists all mistakes, each with file and line. A file that is missing is one, and so
    is a YAML file that nobody would read: a rule that is not applied must not look as if it were. Only `alerts.yaml`
    may be missing: then everybody hears of everything.
    """
    if not folder.is_dir():
        raise InvalidInput(f"there is no such policy folder. It must hold {', '.join(_FILES)}", folder)
    problems = Problems()
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        if path.name not in _FILES:
            problems.add(path, None, f"is no file of a policy. The policy reads only {', '.join(_FILES)}")
    digest = sha256()
    built: dict[str, Any] = {}
    for name, kind in _FILES.items():
        if name == _ROUTES and not (folder / name).exists():
            continue
        data = read_bytes(folder / name, problems)
        if data is not None:
            if name != _ROUTES:
                digest.update(len(data).to_bytes(8) + data)
            node = parse(folder / name, data, problems)
            if node is not None:
                built[name] = Builder(folder / name, problems, _CHECKS, Basis.LICENSE).build(kind, node)
    problems.raise_if_any()
    return Policy(
        families=built["families.yaml"].families,
        gates=MappingProxyType({gate.id: gate for gate in built["gates.yaml"].gates}),
        house=built["house.yaml"],
        effort=built["effort.yaml"].drivers,
        phases=built["phases.yaml"].phases,
        sha256=digest.hexdigest(),
        application_phase=built["phases.yaml"].application_phase,
        alerts=built.get(_ROUTES, AlertRoutes()),
    )


def _family(family: Family, place: Place) -> None:
    if any(pattern.startswith(("*", "?", "[")) for pattern in family.licenses):
        # Such a pattern grants rights under licenses nobody has read.
        place.wrong("a pattern must begin with the license's name. Write it like CC-BY-[0-9]*", "licenses")
    if any(right.value is RightValue.CONTRADICTORY for _, right in family.rights):
        place.wrong("a license text does not contradict itself. Write the narrower value", "rights")


def _gate(gate: GateRule, place: Place) -> None:
    if gate.kind is GateKind.CONDITION and gate.caps_at is not None:
        place.wrong("a condition caps nothing. Make it blocking or drop caps_at", "caps_at")
    if gate.caps_at is Tier.PRODUCTION_APPROVED:
        place.wrong("production_approved is no cap. Write research_only or blocked", "caps_at")
    for key in ("reason", "closes"):
        try:
            names = {name for _, name, _, _ in Formatter().parse(getattr(gate, key)) if name is not None}
        except ValueError:
            place.wrong(f"{key} has a brace without its partner. Write {{duty}} or double it", key)
            continue
        if strange := sorted(names - _PLACEHOLDERS):
            allowed = ", ".join(f"{{{name}}}" for name in sorted(_PLACEHOLDERS))
            place.wrong(f"{key} names {{{strange[0]}}}, which nobody fills. Use only {allowed}", key)


def _house(house: House, place: Place) -> None:
    duties = {duty.value for duty in Duty}
    if strange := sorted(set(house.capabilities) - duties):
        place.wrong(f"no duty is called '{strange[0]}'. Write one of {', '.join(sorted(duties))}", "capabilities")
    if unsaid := sorted(duties - set(house.capabilities)):
        place.wrong(f"capabilities do not mention '{unsaid[0]}'. Add it with true or false", "capabilities")
    for key in ("evidence_max_age_days", "unconditional_after_days", "unstable_window_days", "failing_after"):
        if getattr(house, key) < 1:
            place.wrong(f"{key} must be at least 1. Write a whole number from 1", key)
    if house.confirm_after < 0:
        place.wrong("confirm_after cannot be negative. Write seconds from 0", "confirm_after")


def _driver(driver: EffortDriver, place: Place) -> None:
    if not 0 <= driver.low <= driver.likely <= driver.high:
        place.wrong("days must rise from low over likely to high. Reorder them", "low")
    elif driver.high < 2 * driver.low:
        place.wrong("high is less than twice low, more certain than an estimate can be. Widen it", "high")
    for key in ("fact", "unit"):
        if not getattr(driver, key):
            place.wrong(f"driver '{driver.id}' does not say its {key}. Add `{key}:`, such as size_bytes or bytes", "id")


def _phases(file: _Phases, place: Place) -> None:
    _no_twins("phases", "phase")(file, place)
    known = {phase.id for phase in file.phases}
    for application in Application:
        if file.application_phase.get(application) not in known:
            message = f"{application} is in no phase. Write `{application}: ` and one of {', '.join(sorted(known))}"
            place.wrong(message, "application_phase")


def _routes(routes: AlertRoutes, place: Place) -> None:
    _no_twins("routes", "route")(routes, place)
    if not routes.default:
        place.wrong("somebody must hear of what no route takes. Write `default: [all]`", "default")
    for name in sorted(routes.named):
        if not CHANNEL.fullmatch(name):
            place.wrong(f"'{name}' is no name of a channel. Write one like legal, as in CLEARANCE_ALERT_URLS", "routes")


def _route(route: AlertRoute, place: Place) -> None:
    if not route.channels:
        place.wrong(f"route '{route.id}' leads nowhere. Name a channel, or terminal for the log alone", "channels")
    if not (route.kinds or route.severities or route.owners or route.used_by):
        place.wrong(f"route '{route.id}' takes everything. Say what it takes, or write `default:`", "id")


def _no_twins(key: str, what: str) -> Callable[[Any, Place], None]:
    def check(file: Any, place: Place) -> None:
        ids = [entry.id for entry in getattr(file, key)]
        for twin in sorted({name for name in ids if ids.count(name) > 1}):
            place.wrong(f"{what} '{twin}' is there twice. Keep one", key)

    return check


_CHECKS: Checks = {
    AlertRoute: _route,
    AlertRoutes: _routes,
    EffortDriver: _driver,
    Family: _family,
    GateRule: _gate,
    House: _house,
    Right: check_right,
    _Effort: _no_twins("drivers", "driver"),
    _Families: _no_twins("families", "family"),
    _Gates: _no_twins("gates", "gate"),
    _Phases: _phases,
}
