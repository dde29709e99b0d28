"""The learner's questions beyond "how far": what next, which pathway is closest, what if, what is at risk, what changed.

Each is the same evaluation on another day or over other badges, side by side with the one that holds. Nothing is written and
nothing is remembered. The shortest way to finish is `shortest` (pathways.md section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from wallet.pathways.candidates import Candidate, end_of
from wallet.pathways.model import Cost, Element, Offering, Pathway
from wallet.pathways.options import next_offering
from wallet.pathways.personal import NOBODY, Personal
from wallet.pathways.progress import evaluate
from wallet.pathways.results import NodeState, Progress
from wallet.text import clean

RISK_DAYS = 90


@dataclass(frozen=True, slots=True)
class NextStep:
    """One open element that could be begun. `ask`: whom to ask where no link is known; foreign text.

    near: why a badge that is held does not count here, if there is one; clean.
    """

    element: Element
    places: int
    planned: bool
    offering: Offering | None
    enrol: str | None
    ask: str | None
    near: str | None = None

    @property
    def hours(self) -> Decimal | None:
        """For one of its places, where it is stated."""
        return self.element.hours


def enrol_link(element: Element, at: date) -> str | None:
    """Where to enrol: the offering that comes next, else the element's own page."""
    offering = next_offering(element, at)
    return (offering.url if offering is not None else None) or element.url


def whom_to_ask(pathway: Pathway) -> str | None:
    """The publisher's address for questions, or its name. Foreign text."""
    publisher = pathway.publisher
    if publisher is None:
        return None
    return publisher.support_url or publisher.email or publisher.url or publisher.name


def next_steps(
    progress: Progress, *, delivery: str | None = None, max_hours: Decimal | None = None
) -> tuple[NextStep, ...]:
    """Open elements that nothing stands before: planned ones first, then the shortest.

    delivery: leaves out those that say another manner (blended ones have both). max_hours: leaves out longer ones. An element
    that does not say is kept, last.
    """
    found: dict[str, NextStep] = {}
    nodes = progress.nodes
    blocked = {node.id for node in nodes if node.state == "blocked"}
    states = {node.id: node.state for node in reversed(nodes)}  # of two with one id the first
    for spot in progress.missing:
        for name in spot.elements:
            element = progress.pathway.elements[name]
            if name in found or name in blocked or not _wanted(element, delivery, max_hours):
                continue
            found[name] = NextStep(
                element,
                min(element.count, spot.places) if spot.places > 0 else 1,
                states.get(name) == "planned",
                next_offering(element, progress.at),
                enrol_link(element, progress.at),
                whom_to_ask(progress.pathway),
                next((use.note for use in spot.near if use.place == name), None),
            )
    return tuple(
        sorted(found.values(), key=lambda one: (not one.planned, one.hours is None, one.hours or 0, one.element.id))
    )


def _wanted(element: Element, delivery: str | None, max_hours: Decimal | None) -> bool:
    if delivery is not None and element.delivery not in (None, delivery, "blended"):
        return False
    return max_hours is None or element.hours is None or element.hours <= max_hours


@dataclass(frozen=True, slots=True)
class CostLeft:
    """What the missing places cost, by currency. at_least: some element does not say its cost, or a choice is open."""

    sums: tuple[Cost, ...]
    at_least: bool


def cost_left(progress: Progress) -> CostLeft:
    """The cheapest way through each open spot. An element open in two groups is paid once."""
    sums: dict[str, Decimal] = {}
    at_least, seen = False, set[tuple[str, ...]]()
    for spot in progress.missing:
        if spot.elements in seen:
            continue
        seen.add(spot.elements)
        costs = [progress.pathway.elements[name].cost for name in spot.elements]
        known = sorted((cost.value, cost.currency) for cost in costs if cost is not None)
        places = max(spot.places, 1)
        chosen = known[:1] * places if len(spot.elements) == 1 else known[:places]
        at_least = at_least or len(chosen) < places or (len(spot.elements) > 1 and len(known) < len(costs))
        at_least = at_least or len({currency for _, currency in known}) > 1
        for value, currency in chosen:
            sums[currency] = sums.get(currency, Decimal(0)) + value
    return CostLeft(tuple(Cost(sums[currency], currency) for currency in sorted(sums)), at_least)


def closest(progresses: Iterable[Progress]) -> tuple[Progress, ...]:
    """Pathways with a filled place: fewest missing first, then fewest hours, then most percent."""
    begun = [one for one in progresses if one.accepted.filled]
    return tuple(
        sorted(
            begun,
            key=lambda one: (one.accepted.missing, one.hours_left.hours, -one.accepted.percent, one.pathway.id),
        )
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A group or element that stands otherwise in the second evaluation. None: it is not there."""

    id: str
    kind: str
    before: NodeState | None
    after: NodeState | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Two evaluations side by side, and what differs."""

    before: Progress
    after: Progress
    changed: tuple[Changed, ...]


def what_if(
    pathway: Pathway,
    candidates: Sequence[Candidate],
    at: date,
    *,
    add: Sequence[Candidate] = (),
    drop: Iterable[str] = (),
    then: date | None = None,
    personal: Personal = NOBODY,
    language: str | None = None,
) -> WhatIf:
    """As it is, beside as it would be with other badges or on another day. `drop`: ids of badges."""
    gone = set(drop)
    before = evaluate(pathway, candidates, at, personal=personal, language=language)
    edited = (*(one for one in candidates if one.id not in gone), *add)
    after = evaluate(pathway, edited, then or at, personal=personal, language=language)
    return WhatIf(before, after, compare(before, after))


def compare(before: Progress, after: Progress) -> tuple[Changed, ...]:
    """What stands otherwise; ids in the order of the second, those that are gone last."""
    old = {node.id: node for node in reversed(before.nodes)}
    new = {node.id: node for node in reversed(after.nodes)}
    ordered = dict.fromkeys([node.id for node in after.nodes] + [node.id for node in before.nodes])
    found = [Changed(name, (old.get(name) or new[name]).kind, old.get(name), new.get(name)) for name in ordered]
    return tuple(one for one in found if _standing(one.before) != _standing(one.after))


def _standing(node: NodeState | None) -> tuple[str, int, int] | None:
    return (node.state, node.required, node.filled) if node is not None else None


@dataclass(frozen=True, slots=True)
class Ending:
    """What counts and will not: a badge, or (badge None) a record of that kind; its last day, and why, as a sentence."""

    badge: str | None
    ends: date | None
    note: str
    record: Literal["exception", "attestation"] | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Places of one element that will be empty, and what ends; a group stands here where an exception from it ends."""

    element: str
    places: int
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Now and then. broken: ids of groups that are met now and will not be."""

    now: Progress
    then: Progress
    endings: tuple[Ending, ...]
    lost: tuple[Lost, ...]
    broken: tuple[str, ...]


def days_after(at: date, days: int) -> date:
    """That many days later, or the last day that there is."""
    return at + timedelta(days=min(days, (date.max - at).days))


def at_risk(
    pathway: Pathway,
    candidates: Sequence[Candidate],
    at: date,
    *,
    days: int = RISK_DAYS,
    personal: Personal = NOBODY,
    language: str | None = None,
) -> AtRisk:
    """The same evaluation that many days later: the places lost, each with the badge or the record that ends."""
    now = evaluate(pathway, candidates, at, personal=personal, language=language)
    then = evaluate(pathway, candidates, days_after(at, days), personal=personal, language=language)
    return compared(now, then, candidates)


def compared(now: Progress, then: Progress, candidates: Sequence[Candidate]) -> AtRisk:
    """What `at_risk` says, from two evaluations of the same badges."""
    pathway = now.pathway
    refused = {(use.id, use.place): use for use in then.badges if use.nearly}
    by_id = {one.id: one for one in candidates}
    endings: dict[tuple[str, str], Ending] = {}
    for use in now.badges:
        later = refused.get((use.id, use.place))
        if use.counts and use.place is not None and later is not None:
            element = pathway.elements.get(use.place)
            accept = element.accept.over(pathway.accept) if element is not None else pathway.accept
            end = end_of(by_id[use.id], accept)
            endings[use.id, use.place] = Ending(use.id, end if end != date.max else None, later.note)
    records = _records_ending(now.personal, then.personal, {one.id: clean(one.name) for one in candidates})
    lost: list[Lost] = []
    after = {node.path: node for node in then.nodes}
    for node in now.nodes:
        # Missing, not filled: where an exception asked for fewer, what is held stays and is not enough any more.
        gone = after[node.path].missing - node.missing
        rests = node.kind == "element" or node.id in records
        if rests and gone > 0 and not any(one.element == node.id for one in lost):
            here = tuple(one for (_, place), one in sorted(endings.items()) if place == node.id)
            here += records.get(node.id, ())
            # In an exclusive group a badge may have moved: then the place is lost to one that ends elsewhere.
            lost.append(Lost(node.id, gone, here or tuple(one for _, one in sorted(endings.items()))))
    broken = [node.id for node in now.nodes if node.kind == "group" and node.missing == 0 and after[node.path].missing]
    unique = {name: one for (name, _), one in endings.items()}
    ending = (*(unique[name] for name in sorted(unique)), *(one for _, some in sorted(records.items()) for one in some))
    return AtRisk(now, then, ending, tuple(lost), tuple(dict.fromkeys(broken)))


def _records_ending(now: Personal, then: Personal, names: Mapping[str, str]) -> dict[str, tuple[Ending, ...]]:
    """Place -> the exception and the attestation there that hold now and will not. names: of badges, clean."""
    found: dict[str, tuple[Ending, ...]] = {}
    for one in now.excepted:
        if one not in then.excepted:
            found[one.place] = (Ending(None, one.until, one.sentence(names), "exception"),)
    for said in now.attested:
        if said not in then.attested:
            ending = Ending(None, said.until, said.sentence(), "attestation")
            found[said.place] = (*found.get(said.place, ()), ending)
    return found


@dataclass(frozen=True, slots=True)
class Differences:
    """Two versions of a pathway for one learner. added, removed, altered: ids of groups and elements."""

    old: Progress
    new: Progress
    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]
    standing: tuple[Changed, ...]

    @property
    def drops_from_met(self) -> bool:
        """Whether the learner was done by the old version and is not by the new one."""
        return self.old.accepted.met and not self.new.accepted.met


def differences(
    old: Pathway,
    new: Pathway,
    candidates: Sequence[Candidate],
    at: date,
    *,
    personal: tuple[Personal, Personal] = (NOBODY, NOBODY),
    language: str | None = None,
) -> Differences:
    """What the newer version asks otherwise, and what that means for these badges. `personal`: records as each reads them."""
    before = evaluate(old, candidates, at, personal=personal[0], language=language)
    after = evaluate(new, candidates, at, personal=personal[1], language=language)
    were: dict[str, object] = {**old.groups, **old.elements}
    are: dict[str, object] = {**new.groups, **new.elements}
    return Differences(
        before,
        after,
        added=tuple(name for name in are if name not in were),
        removed=tuple(name for name in were if name not in are),
        altered=tuple(name for name in are if name in were and are[name] != were[name]),
        standing=compare(before, after),
    )


def stand_alone(candidates: Iterable[Candidate], progresses: Sequence[Progress]) -> tuple[Candidate, ...]:
    """Badges that no pathway asks for, by name."""
    asked = {use.id for progress in progresses for use in progress.badges if use.place is not None}
    return tuple(
        sorted((one for one in candidates if one.id not in asked), key=lambda one: (clean(one.name).casefold(), one.id))
    )


def hours_by_facilitation(pathway: Pathway) -> tuple[tuple[str | None, Decimal, bool], ...]:
    """Facilitation, hours of the elements that have it, and whether some of them do not say; not stated comes last."""
    sums: dict[str | None, tuple[Decimal, bool]] = {}
    for element in pathway.elements.values():
        total, at_least = sums.get(element.facilitation, (Decimal(0), False))
        hours = element.hours
        sums[element.facilitation] = (total + (hours or 0), at_least or hours is None)
    ordered = sorted(sums, key=lambda one: (one is None, _DEGREES.index(one) if one in _DEGREES else 0))
    return tuple((degree, *sums[degree]) for degree in ordered)


_DEGREES = ("self-directed", "supervised", "lightly-facilitated", "fully-facilitated")
