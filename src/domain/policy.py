"""What the house allows: the shape of `policy/*.yaml`. Field names are the keys of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from domain.history import Alert, AlertKind, Severity
from domain.rights import ALL_SILENT, Rights
from domain.vocabulary import Application, Assignee, Duty, EffortPart, GateKind, Owner, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What a group of standard licenses permits and demands.

    `licenses` are SPDX ids or shell patterns over them; the first family that matches an id counts.
    `standard` licenses need no counsel to read; `irrevocable` ones last for copies already received.
    `no_database_right` are those of them, as ids or patterns, that leave out the European right in
    databases.
    """

    id: str
    licenses: tuple[str, ...]
    reason: str
    rights: Rights = ALL_SILENT
    duties: tuple[Duty, ...] = ()
    standard: bool = True
    irrevocable: bool = False
    needs_rights_holder: bool = False
    no_database_right: tuple[str, ...] = ()

    def covers(self, license_id: str) -> bool:
        """Whether an SPDX id belongs to this family."""
        return any(fnmatchcase(license_id, pattern) for pattern in self.licenses)

    def leaves_out_database_right(self, license_id: str) -> bool:
        """Whether an SPDX id of this family says nothing of the European right in databases."""
        return any(fnmatchcase(license_id, pattern) for pattern in self.no_database_right)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """One gate: what it caps at, why, what closes it and who must. `reason` and `closes` may name
    `{duty}`, `{capability}`, `{upstream}`, `{detail}`."""

    id: str
    kind: GateKind
    reason: str
    closes: str
    owner: Owner
    caps_at: Tier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who we are, what we can do, and how patient we are.

    `capabilities` are keyed by duty name; a duty without a true capability holds a source back.
    Ages are in days, `confirm_after` in seconds.
    """

    name: str
    assignee: Assignee
    capabilities: Mapping[str, bool]
    evidence_max_age_days: int = 180
    confirm_after: float = 30.0
    unconditional_after_days: int = 30
    unstable_window_days: int = 7
    failing_after: int = 3
    widening_needs_review: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortDriver:
    """One reason why a source costs days. `when` names a fact test that `scoring.effort` knows, `fact`
    what is looked at for it and `unit` in what that is counted; days are person-days and add up
    within a part."""

    id: str
    part: EffortPart
    when: str
    low: float
    likely: float
    high: float
    reason: str
    fact: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of MLCore: which applications it needs, in the house's order."""

    id: str
    name: str
    needs: tuple[Application, ...] = ()
    done_when: str = ""


EVERY_CHANNEL = "all"
"""What stands in a route for every channel there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRoute:
    """Who hears of some alerts. An alert takes the route when it fits every list that is not empty; `owners` and
    `used_by` are those of its source. `channels` are names given in the environment, or `all`."""

    id: str
    channels: tuple[str, ...]
    kinds: tuple[AlertKind, ...] = ()
    severities: tuple[Severity, ...] = ()
    owners: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()

    def takes(self, alert: Alert, owner: str | None, used_by: tuple[str, ...]) -> bool:
        """Whether an alert about a source with this owner and these users goes this way."""
        return (
            (not self.kinds or alert.kind in self.kinds)
            and (not self.severities or alert.severity in self.severities)
            and (not self.owners or owner in self.owners)
            and (not self.used_by or bool({*self.used_by} & {*used_by}))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRoutes:
    """Every alert goes to the channels of all routes that take it, to those of `default` where none does."""

    default: tuple[str, ...] = (EVERY_CHANNEL,)
    routes: tuple[AlertRoute, ...] = ()

    def channels_of(self, alert: Alert, owner: str | None, used_by: tuple[str, ...]) -> frozenset[str]:
        """The names of the channels that hear of an alert; never none."""
        found = {name for route in self.routes if route.takes(alert, owner, used_by) for name in route.channels}
        return frozenset(found or self.default)

    @property
    def named(self) -> frozenset[str]:
        """Every channel that is named anywhere."""
        names = {name for route in self.routes for name in route.channels}
        return frozenset({*names, *self.default} - {EVERY_CHANNEL})


@dataclass(frozen=True, slots=True)
class Policy:
    """All of `policy/`; `sha256` is over the files' bytes and stands for the policy's version. Who hears of what
    decides nothing, so `alerts` take no part in it."""

    families: tuple[Family, ...]
    gates: Mapping[str, GateRule]
    house: House
    effort: tuple[EffortDriver, ...]
    phases: tuple[Phase, ...]
    sha256: str
    application_phase: Mapping[Application, str] = field(default_factory=dict)
    alerts: AlertRoutes = AlertRoutes()
    # A run asks for the same few licenses thousands of times.
    _found: dict[str, Family | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def family_of(self, license_id: str) -> Family | None:
        """The first family covering an SPDX id, or None: an unknown license grants nothing."""
        if license_id not in self._found:
            covering = (family for family in self.families if family.covers(license_id))
            self._found[license_id] = next(covering, None)
        return self._found[license_id]
