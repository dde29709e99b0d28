"""What one learner's records change about a pathway: places planned, attested, excepted. Pure; the definition stays as it is.

A record holds from the day it was made to its last day. Exceptions have the vocabulary of degree audits: substitute, also-allow,
apply-here, exclude-here, change-count, force-complete. `in_force` picks the records that hold on a day, `adjusted` and `terms`
turn them into what counting understands (pathways.md sections 3 and 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Protocol

from wallet.model import Json, JsonObject
from wallet.pathways.candidates import PLANNED, SELF_ASSERTED, VERIFIED, Candidate
from wallet.pathways.fitting import Grant, Terms
from wallet.pathways.model import Element, Group, Pathway, Rule
from wallet.text import clean

KINDS = ("substitute", "also-allow", "apply-here", "exclude-here", "change-count", "force-complete")
#: Those that name a badge.
OF_BADGES = frozenset({"substitute", "apply-here", "exclude-here"})


class RecordLike(Protocol):
    """What the wallet keeps of one record; `wallet.store.places.PlaceRecord` does."""

    @property
    def kind(self) -> str: ...
    @property
    def pathway(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def recorded(self) -> datetime: ...
    @property
    def until(self) -> date | None: ...
    @property
    def about(self) -> JsonObject: ...


@dataclass(frozen=True, slots=True)
class Planned:
    """A place that the learner means to fill. `count`: how many places of the element."""

    place: str
    count: int
    recorded: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Attested:
    """Somebody's word that an element is done. `role`: advisor or issuer, as the rule asks. Texts are foreign."""

    place: str
    who: str
    role: str
    reason: str
    recorded: date
    until: date | None = None
    work_evidence: str | None = None

    def sentence(self) -> str:
        """Who said it, for people; clean."""
        why = f": {clean(self.reason, limit=200)}" if self.reason else ""
        return f"attested, recorded by you on {self.recorded}, naming {clean(self.who, limit=80)} ({clean(self.role)}){why}"


@dataclass(frozen=True, slots=True)
class Excepted:
    """One exception. kind: one of `KINDS`; badge, rule or count say what, as the kind needs. Texts are foreign."""

    place: str
    kind: str
    who: str
    reason: str
    recorded: date
    until: date | None = None
    badge: str | None = None
    rule: Rule | None = None
    count: int | None = None

    def sentence(self, names: Mapping[str, str] | None = None) -> str:
        """What it does, who granted it and why, for people; clean. `names`: clean names of badges by id."""
        name = (names or {}).get(self.badge or "", f"badge {(self.badge or '')[:8]}")
        what = {
            "substitute": f"{name} stands for what is asked",
            "also-allow": f"also allowed: {clean(self.rule.spelled(), limit=200) if self.rule is not None else ''}",
            "apply-here": f"{name} is applied here",
            "exclude-here": f"{name} does not count here",
            "change-count": f"{self.count} needed here",
            "force-complete": "counted as complete without badges",
        }[self.kind]
        until = f", until {self.until}" if self.until is not None else ""
        return f"{what}; {clean(self.who, limit=80)}, {self.recorded}{until}: {clean(self.reason, limit=200)}"


@dataclass(frozen=True, slots=True)
class Personal:
    """All records of one learner about one pathway; at most one of each kind for a place.

    heard: what was recorded up to this day counts for figures of an earlier day as well: those of a scan that somebody looks
    at later. None: for no earlier day than it was recorded.
    """

    planned: tuple[Planned, ...] = ()
    attested: tuple[Attested, ...] = ()
    excepted: tuple[Excepted, ...] = ()
    heard: date | None = field(default=None, compare=False)

    def in_force(self, at: date) -> Personal:
        """Those that hold on a day. A plan holds before it was made too: what-if may ask about any day."""
        if not (self.planned or self.attested or self.excepted):
            return self
        by = max(at, self.heard) if self.heard is not None else at
        return Personal(
            tuple(one for one in self.planned if _holds(one.until, at)),
            tuple(one for one in self.attested if one.recorded <= by and _holds(one.until, at)),
            tuple(one for one in self.excepted if one.recorded <= by and _holds(one.until, at)),
            self.heard,
        )

    @property
    def plain(self) -> Personal:
        """Without exceptions."""
        return replace(self, excepted=())


def _holds(until: date | None, at: date) -> bool:
    return until is None or at <= until


NOBODY = Personal()


def from_records(records: Iterable[RecordLike], pathway: Pathway) -> Personal:
    """The records about this pathway. One that a later version wrote, or that does not fit the file any more, has no effect."""
    planned: dict[str, Planned] = {}
    attested: dict[str, Attested] = {}
    exceptions: dict[str, Excepted] = {}
    for one in records:
        element = pathway.elements.get(one.place)
        if one.pathway != pathway.id or (element is None and one.place not in pathway.groups):
            continue
        day = one.recorded.astimezone(UTC).date()
        if one.kind == "planned" and element is not None:
            planned[one.place] = Planned(one.place, _count(one.about.get("count")) or 1, day, one.until)
        elif one.kind == "attested" and element is not None:
            said = _day(one.about.get("date"))
            attested[one.place] = Attested(
                one.place,
                _text(one.about.get("who")),
                _text(one.about.get("role")),
                _text(one.about.get("reason")),
                said or day,
                one.until,
                _text(one.about.get("work_evidence")) or None,
            )
        elif one.kind == "excepted":
            made = _excepted_of(one, day)
            if made is not None and misfit(pathway, made) is None:
                exceptions[one.place] = made
    return Personal(
        tuple(planned[key] for key in sorted(planned)),
        tuple(attested[key] for key in sorted(attested)),
        tuple(exceptions[key] for key in sorted(exceptions)),
    )


def _excepted_of(one: RecordLike, day: date) -> Excepted | None:
    if _text(one.about.get("kind")) not in KINDS:
        return None
    return replace(excepted(one.place, one.about, day), until=one.until)


def excepted(place: str, about: JsonObject, day: date) -> Excepted:
    """The exception that `about` describes; its kind is one of `KINDS`."""
    return Excepted(
        place,
        _text(about.get("kind")),
        _text(about.get("who")),
        _text(about.get("reason")),
        day,
        None,
        _text(about.get("badge")) or None,
        _rule(about.get("rule")),
        _count(about.get("count")),
    )


def misfit(pathway: Pathway, one: Excepted) -> str | None:
    """Why an exception cannot be made there, as a sentence; None: it can."""
    group = pathway.groups.get(one.place)
    if one.kind == "force-complete":
        return None
    if one.kind == "change-count":
        return _wrong_count(pathway, group, one.count)
    if group is not None:
        return f"'{one.kind}' is for an element, and '{clean(one.place)}' is a group."
    if one.kind in OF_BADGES and one.badge is None:
        return f"'{one.kind}' needs a badge."
    if one.kind == "also-allow" and (one.rule is None or not one.rule.anchored):
        return "'also-allow' needs an achievement or an issuer: anybody can make a badge of that name."
    return None


def _wrong_count(pathway: Pathway, group: Group | None, count: int | None) -> str | None:
    if count is None or count < 1:
        return "'change-count' needs a number of 1 or more; 'force-complete' asks for nothing at all."
    if group is None:
        return None
    if group.need.sums:
        return f"'{clean(group.id)}' adds up hours or credits; it has no count to change."
    if group.ordered == "strict":
        return f"'{clean(group.id)}' needs all its stages in order; it has no count to change."
    if group.need.count is None and count > len(group.counted):
        return f"'{clean(group.id)}' has only {len(group.counted)} parts that count."
    most = sum(pathway.elements[child].count for child in group.counted if child in pathway.elements)
    if group.need.count is not None and count > most:
        return f"'{clean(group.id)}' takes at most {most} badges."
    return None


def adjusted(pathway: Pathway, personal: Personal) -> Pathway:
    """The pathway as the exceptions change what it asks for."""
    elements: dict[str, Element] = {}
    groups: dict[str, Group] = {}
    for one in personal.excepted:
        element, group = pathway.elements.get(one.place), pathway.groups.get(one.place)
        if one.kind == "also-allow" and element is not None and one.rule is not None:
            elements[element.id] = replace(element, match=(*element.match, one.rule))
        elif one.kind == "change-count" and one.count is not None:
            if element is not None:
                elements[element.id] = replace(element, count=one.count)
            elif group is not None and group.need.count is not None:
                groups[group.id] = replace(group, need=replace(group.need, count=one.count))
            elif group is not None:
                groups[group.id] = replace(group, need=replace(group.need, children=one.count))
    if not elements and not groups:
        return pathway
    return replace(pathway, elements={**pathway.elements, **elements}, groups={**pathway.groups, **groups})


def terms(pathway: Pathway, personal: Personal, *, planned: bool = False, proven: bool = False) -> Terms:
    """What the records bring to counting. `planned`: plans too. `proven`: nothing that stands on somebody's word alone."""
    grants: list[Grant] = []
    forced: set[str] = set()
    named: dict[str, dict[str, str]] = {kind: {} for kind in OF_BADGES}
    for one in personal.excepted:
        if one.kind == "force-complete" and not proven:
            element = pathway.elements.get(one.place)
            if element is None:
                forced.add(one.place)
            else:
                grants += _grants(element, "forced", element.count, VERIFIED, one.recorded)
        elif one.kind in OF_BADGES and one.badge is not None:
            named[one.kind][one.place] = one.badge
    for said in personal.attested if not proven else ():
        element = pathway.elements[said.place]
        if any(rule.attested == said.role for rule in element.match):
            grants += _grants(element, "attested", 1, SELF_ASSERTED, said.recorded)
    for plan in personal.planned if planned else ():
        element = pathway.elements[plan.place]
        grants += _grants(element, "planned", min(plan.count, element.count), PLANNED, plan.recorded)
    return Terms(
        tuple(grants),
        substitutes=named["substitute"],
        excluded=named["exclude-here"],
        pinned={badge: place for place, badge in named["apply-here"].items()},
        forced=frozenset(forced),
    )


def _grants(element: Element, kind: str, count: int, status: str, day: date) -> list[Grant]:
    """Virtual badges that fit only this element."""
    return [
        Grant(
            element.id,
            Candidate(f"{kind}:{element.id}:{number}", None, None, "", issued_on=day, status=status, virtual=kind),
        )
        for number in range(count)
    ]


def unused_attestations(pathway: Pathway, personal: Personal) -> tuple[Attested, ...]:
    """Attestations that no rule asks for any more."""
    return tuple(
        one
        for one in personal.attested
        if not any(rule.attested == one.role for rule in pathway.elements[one.place].match)
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000 else None


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


_RULE_KEYS = ("achievement", "achievement_glob", "issuer", "name", "tag", "alignment", "framework", "code")


def _rule(value: Json) -> Rule | None:
    if not isinstance(value, Mapping):
        return None
    said = {key: _text(value.get(key)) or None for key in _RULE_KEYS}
    return Rule(
        achievement=said["achievement"],
        achievement_glob=said["achievement_glob"],
        issuer=said["issuer"],
        name=said["name"],
        tag=said["tag"],
        alignment=said["alignment"],
        framework=said["framework"],
        code=said["code"],
    )
