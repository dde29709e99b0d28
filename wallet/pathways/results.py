"""What `progress.evaluate` answers: figures, the tree of states, every badge with its place or its reason, what is missing.

Plain frozen data for faces and exports. Names and rules in here are foreign text as the file or badge has it; notes are
sentences of ours in which foreign parts are cleaned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from wallet.model import Text
from wallet.pathways.model import Pathway, Rule
from wallet.pathways.personal import NOBODY, Personal


@dataclass(frozen=True, slots=True)
class Figures:
    """Places in whole numbers. `least_missing` is below `missing` only where the search was cut off."""

    required: int
    filled: int
    least_missing: int

    @property
    def missing(self) -> int:
        """Places to go; met means that this is 0."""
        return self.required - self.filled

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 appears only when nothing is missing."""
        return 100 * self.filled // self.required

    @property
    def most_percent(self) -> int:
        """The percentage that cannot be exceeded; the same as `percent` when the figure is exact."""
        return 100 * (self.required - self.least_missing) // self.required

    @property
    def exact(self) -> bool:
        """Whether the figure is certain. If not, it is "at least `percent` %, at most `most_percent` %"."""
        return self.least_missing == self.missing

    @property
    def met(self) -> bool:
        """Whether nothing is missing, from integers."""
        return self.missing == 0


@dataclass(frozen=True, slots=True)
class SumState:
    """How far hours or credits of a group have come. `unit` is "h" or a credit unit; `at_least`: some values are unknown."""

    unit: str
    reached: Fraction
    needed: Fraction
    at_least: bool
    converted: bool


@dataclass(frozen=True, slots=True)
class NodeState:
    """One group or element at one place of the tree.

    state of an element: met, blocked, refused, planned, open. Of a group: met, eligible, in-progress, not-started, blocked.
    by: ids of the badges that fill it, or of the award that stands for it. optional: shown, never counted. planned:
    False for a child of a group that another choice of children serves better.
    """

    id: str
    path: tuple[str, ...]
    kind: str
    name: Text
    state: str
    required: int
    filled: int
    by: tuple[str, ...] = ()
    note: str = ""
    children: tuple[NodeState, ...] = ()
    optional: bool = False
    in_plan: bool = True
    by_award: bool = False
    sums: tuple[SumState, ...] = ()
    attested: bool = False
    forced: bool = False
    planned: int = 0

    @property
    def missing(self) -> int:
        """Places to go."""
        return self.required - self.filled

    @property
    def depth(self) -> int:
        """0 for the root."""
        return len(self.path) - 1

    def walk(self) -> Iterator[NodeState]:
        """This and everything below, parents first, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class BadgeUse:
    """What one badge does for one element, or (place None) that nothing in the pathway asks for it.

    place: the element. refused None: it counts there. Otherwise a code: those of the candidate rules, or out-of-order,
    own-award, same-achievement, used-elsewhere, not-needed. note: the same as a sentence.
    """

    id: str
    place: str | None
    rule: Rule | None
    strength: str | None
    refused: str | None
    note: str

    @property
    def counts(self) -> bool:
        """Whether it fills that place."""
        return self.place is not None and self.refused is None

    @property
    def nearly(self) -> bool:
        """Whether it would count but for one of the candidate rules."""
        return self.refused is not None and self.refused not in UNUSED


#: Reasons that lie in the pathway, not in the badge.
UNUSED = frozenset({"out-of-order", "own-award", "same-achievement", "used-elsewhere", "not-needed"})


@dataclass(frozen=True, slots=True)
class Missing:
    """Places to go at one spot: `places` badges for any of these elements, and what hours or credits are short.

    near: held badges that would count there but for a reason. after: ids that should be met before, as advice or by order.
    """

    group: str
    places: int
    elements: tuple[str, ...]
    short: tuple[SumState, ...] = ()
    near: tuple[BadgeUse, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursLeft:
    """The hours that the missing places take. `at_least`: an element does not say its hours, or a choice is open."""

    hours: Decimal
    at_least: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a learner is on a pathway on the day `at`: by verified badges alone, by all accepted ones, with planned places.

    pathway: as exceptions change it. without_exceptions: verified and accepted figures as if there were none; None where
    there are none. personal: the records in force.
    """

    pathway: Pathway
    at: date
    verified: Figures
    accepted: Figures
    root: NodeState
    badges: tuple[BadgeUse, ...]
    missing: tuple[Missing, ...]
    hours_left: HoursLeft
    planned: Figures
    without_exceptions: tuple[Figures, Figures] | None = None
    personal: Personal = NOBODY

    @property
    def nodes(self) -> tuple[NodeState, ...]:
        """All nodes, parents first, in the order of the file."""
        return tuple(self.root.walk())

    def node(self, name: str) -> NodeState | None:
        """The first node with that id."""
        return next((node for node in self.root.walk() if node.id == name), None)

    @property
    def state(self) -> str:
        """The state of the whole pathway."""
        return self.root.state
