"""What a pathway file says, once it is read: frozen data, no rules and no I/O.

A pathway is a set of groups and elements keyed by short ids; `of` refers by id, so together they form a graph without
cycles in which two groups may share a child. Reading is `definition`, judging the whole is `lint`, counting is
`progress`. Texts are foreign and uncleaned; numbers are `Decimal`, never floats, because hours and credits are added.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from wallet.model import Alignment, Text

#: The statuses that count when a file says nothing (pathways.md section 2, rule 5).
DEFAULT_VERIFICATION = ("verified", "verified-offline", "unverified")


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole years, months and days of the calendar."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """`day` plus this; the 31st becomes the last day of a shorter month. Never leaves the calendar."""
        month = day.year * 12 + day.month - 1 + self.years * 12 + self.months
        year, index = divmod(month, 12)
        if year > date.max.year:
            return date.max
        moved = date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))
        try:
            return moved + timedelta(days=self.days)
        except OverflowError:
            return date.max


@dataclass(frozen=True, slots=True)
class Accept:
    """Which credentials count. None: not said here, so the pathway's value or the default holds."""

    verification: tuple[str, ...] | None = None
    max_age: Duration | None = None
    earned_after: date | None = None
    earned_before: date | None = None
    expired: str | None = None
    min_remaining: Duration | None = None

    def over(self, base: Accept) -> Accept:
        """This where it says something, else `base`: an element replaces its pathway's values key by key."""
        return Accept(
            self.verification if self.verification is not None else base.verification,
            self.max_age if self.max_age is not None else base.max_age,
            self.earned_after if self.earned_after is not None else base.earned_after,
            self.earned_before if self.earned_before is not None else base.earned_before,
            self.expired if self.expired is not None else base.expired,
            self.min_remaining if self.min_remaining is not None else base.min_remaining,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One alternative of `match`: every key that is given must fit. Ids are as written; matching normalises them."""

    achievement: str | None = None
    achievement_glob: str | None = None
    issuer: str | None = None
    any_issuer: bool = False
    name: str | None = None
    tag: str | None = None
    alignment: str | None = None
    framework: str | None = None
    code: str | None = None
    attested: str | None = None

    @property
    def anchored(self) -> bool:
        """Whether the rule says who must have issued the badge; without that anybody could mint one that fits."""
        return bool(self.achievement or self.achievement_glob or self.issuer or self.any_issuer)

    @property
    def exact(self) -> bool:
        """Whether exactly one known achievement (or its equivalents) can fit."""
        return self.achievement is not None

    def spelled(self) -> str:
        """The rule as `key=value` pairs, for messages. Foreign text."""
        pairs = (
            ("achievement", self.achievement),
            ("achievement_glob", self.achievement_glob),
            ("issuer", self.issuer),
            ("any_issuer", "true" if self.any_issuer else None),
            ("name", self.name),
            ("tag", self.tag),
            ("alignment", self.alignment),
            ("framework", self.framework),
            ("code", self.code),
            ("attested", self.attested),
        )
        return ", ".join(f"{key}={value}" for key, value in pairs if value is not None)


@dataclass(frozen=True, slots=True)
class Need:
    """How much of a group is enough. All empty: every child. `children`: that many. The rest: sums over badges."""

    children: int | None = None
    count: int | None = None
    hours: Decimal | None = None
    credits: Decimal | None = None
    unit: str | None = None

    @property
    def all(self) -> bool:
        """Whether every child is needed."""
        return self.children is None and not self.table

    @property
    def table(self) -> bool:
        """Whether badges are added up instead of children."""
        return self.count is not None or self.sums

    @property
    def sums(self) -> bool:
        """Whether hours or credits must be reached."""
        return self.hours is not None or self.credits is not None


@dataclass(frozen=True, slots=True)
class Credit:
    """A number of credits in a declared unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class CreditUnit:
    """A unit of credit. `hours` of work in one unit, or None: then it converts to nothing."""

    name: Text
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A price, with its ISO 4217 currency."""

    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Offering:
    """One time an element is offered."""

    begins: date | None = None
    ends: date | None = None
    enrol_by: date | None = None
    place: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of elements and groups. `award` and `shortcut` of the root may come from the top of the file."""

    id: str
    name: Text
    of: tuple[str, ...]
    description: Text = field(default_factory=Text)
    url: str | None = None
    need: Need = field(default_factory=Need)
    optional: tuple[str, ...] = ()
    exclusive: bool = False
    ordered: str = "no"
    requires: tuple[str, ...] = ()
    award: tuple[Rule, ...] = ()
    shortcut: bool = False

    @property
    def counted(self) -> tuple[str, ...]:
        """The children that count, in the order of the file."""
        return tuple(child for child in self.of if child not in self.optional)


@dataclass(frozen=True, slots=True)
class Element:
    """What a badge can fill: `count` places, the rules that say which badge, and what a learner wants to know of it."""

    id: str
    name: Text
    match: tuple[Rule, ...]
    description: Text = field(default_factory=Text)
    count: int = 1
    repeatable: bool = False
    reuse: bool = False
    requires: tuple[str, ...] = ()
    accept: Accept = field(default_factory=Accept)
    outcomes: tuple[Text, ...] = ()
    competencies: tuple[Alignment, ...] = ()
    criteria_url: str | None = None
    url: str | None = None
    facilitation: str | None = None
    facilitator: str | None = None
    delivery: str | None = None
    pace: str | None = None
    assessment: Text = field(default_factory=Text)
    hours: Decimal | None = None
    credit: Credit | None = None
    cost: Cost | None = None
    level: str | None = None
    language: str | None = None
    offering: tuple[Offering, ...] = ()


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Achievements that count as one. `until`: the last day on which that holds."""

    achievements: tuple[str, ...]
    note: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who made the pathway."""

    name: str
    url: str | None = None
    email: str | None = None
    orientation_url: str | None = None
    support_url: str | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """A larger credential that this pathway may count towards; whether it does is its awarding body's decision."""

    name: Text
    relation: str
    awarded_by: str | None = None
    type: str | None = None
    level: str | None = None
    url: str | None = None
    credit: Credit | None = None
    total: Credit | None = None
    recognition: str | None = None
    note: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Pathway:
    """One pathway file. `sha256` is of the file's bytes; groups and elements stand in the order of the file."""

    id: str
    name: Text
    version: str
    root: str
    groups: dict[str, Group]
    elements: dict[str, Element]
    description: Text = field(default_factory=Text)
    status: str = "published"
    supersedes: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    license: str | None = None
    audience: Text = field(default_factory=Text)
    publisher: Publisher | None = None
    partners: tuple[str, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    accept: Accept = field(default_factory=Accept)
    trusted_issuers: tuple[str, ...] = ()
    credit_units: dict[str, CreditUnit] = field(default_factory=dict)
    equivalence: tuple[Equivalence, ...] = ()
    sha256: str = ""

    def name_of(self, node: str, *languages: str) -> str:
        """The name of a group or element in the first of the languages there is. Foreign text."""
        found = self.groups.get(node) or self.elements.get(node)
        return found.name.pick(*languages) if found is not None else node
