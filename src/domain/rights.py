"""Rights: per action what the terms say, on what basis, for whom and for which purpose."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, fields, replace

from domain.vocabulary import Action, Assignee, Basis, Condition, Purpose, RightValue

_WIDTH = {
    # Narrowest first. Contradictory counts as prohibited until a person rules.
    RightValue.PROHIBITED: 0,
    RightValue.CONTRADICTORY: 0,
    RightValue.SILENT: 1,
    RightValue.CONDITIONAL: 2,
    RightValue.PERMITTED: 3,
}


@dataclass(frozen=True, slots=True)
class Right:
    """What one set of terms says about one action."""

    value: RightValue = RightValue.SILENT
    basis: Basis | None = None
    purpose: Purpose = Purpose.ANY
    assignee: Assignee = Assignee.ANYONE
    conditions: tuple[Condition, ...] = ()

    @property
    def width(self) -> int:
        """0 (prohibited, contradictory) to 3 (permitted)."""
        return _WIDTH[self.value]

    @property
    def speaks(self) -> bool:
        """Whether the terms say anything at all about the action."""
        return self.value is not RightValue.SILENT

    @property
    def usable(self) -> bool:
        """Permitted, or conditional on nothing that needs another's act."""
        match self.value:
            case RightValue.PERMITTED:
                return True
            case RightValue.CONDITIONAL:
                return bool(self.conditions) and all(condition.met_alone for condition in self.conditions)
            case RightValue.PROHIBITED | RightValue.SILENT | RightValue.CONTRADICTORY:
                return False

    def narrowed_by(self, other: Right) -> Right:
        """The narrower of two statements about the same action; a silent one takes no part.

        A grant beside a prohibition is `contradictory`: both are kept apart by whoever holds the
        statements, and the value counts as prohibited until a person rules.
        """
        if not other.speaks:
            return self
        if not self.speaks:
            return other
        purpose = max(self.purpose, other.purpose, key=list(Purpose).index)
        assignee = max(self.assignee, other.assignee, key=list(Assignee).index)
        conditions = tuple(sorted({*self.conditions, *other.conditions}))
        if {self.width == 0, other.width == 0} == {True, False}:
            return Right(RightValue.CONTRADICTORY, Basis.STATED, purpose, assignee, conditions)
        narrow = self if self.width <= other.width else other
        return Right(narrow.value, narrow.basis, purpose, assignee, conditions)


SILENT = Right()


@dataclass(frozen=True, slots=True)
class Rights:
    """One `Right` per action; silent where nothing is said."""

    commercial_use: Right = SILENT
    reproduce: Right = SILENT
    derive: Right = SILENT
    train_model: Right = SILENT
    release_model: Right = SILENT
    redistribute: Right = SILENT
    evaluate: Right = SILENT

    def __getitem__(self, action: Action) -> Right:
        right: Right = getattr(self, action)
        return right

    def __iter__(self) -> Iterator[tuple[Action, Right]]:
        for action in _ACTIONS:
            yield action, getattr(self, action)

    @property
    def speaks(self) -> bool:
        """Whether any action is spoken of."""
        return any(right.speaks for _, right in self)

    @property
    def grants(self) -> bool:
        """Whether any action is permitted, or so on conditions one can meet alone."""
        return any(right.usable for _, right in self)

    def with_right(self, action: Action, right: Right) -> Rights:
        """A copy in which one action has another right."""
        return replace(self, **{action.value: right})

    def only_prohibited(self) -> Rights:
        """What is prohibited, with silence on everything else."""
        return Rights(**{action.value: right for action, right in self if right.value is RightValue.PROHIBITED})

    def without_grants(self) -> Rights:
        """What is prohibited or waits for another's act, with silence on everything else."""
        return Rights(**{action.value: right for action, right in self if right.speaks and not right.usable})

    def without_unknown_limits(self, actions: Container[Action]) -> Rights:
        """A copy that is silent on those of some actions that only restrictions nobody weighed hold back. Where
        nothing forbids they stay: what another page grants must not pass over them."""
        return Rights(
            **{
                action.value: right
                for action, right in self
                if action not in actions
                or right.value is not RightValue.CONDITIONAL
                or right.conditions != (Condition.USE_RESTRICTIONS,)
            }
        )

    def narrowed_by(self, other: Rights) -> Rights:
        """Per action the narrower of two; see `Right.narrowed_by`."""
        return Rights(**{action.value: right.narrowed_by(other[action]) for action, right in self})

    @staticmethod
    def narrowest(statements: Iterable[Rights]) -> Rights:
        """Per action the narrowest of what any statement says; all silent for no statement."""
        result = Rights()
        for statement in statements:
            result = result.narrowed_by(statement)
        return result


# Looked up once: decisions go through the rights of thousands of statements.
_ACTIONS = tuple(Action(field.name) for field in fields(Rights))

ALL_SILENT = Rights()
