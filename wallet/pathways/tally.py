"""Adds up: from badges on leaves to required and filled places of every group, in whole numbers (pathways.md section 4).

Who fills which leaf was decided before; here nothing is assigned. Met means that nothing is missing, never that some
percentage was reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias

from wallet.pathways.candidates import Candidate
from wallet.pathways.fitting import Fit, Fitting, Node, in_unit
from wallet.pathways.model import Pathway

NodePath: TypeAlias = tuple[str, ...]
_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Use:
    """One credential in one place."""

    fit: Fit
    candidate: Candidate


@dataclass(slots=True)
class Placement:
    """Who fills which leaf, and which children of a group make up the plan where that was a choice.

    For a strict group in a scope the plan is the stages that were reached; those behind them are left out, for what would
    fill them may be spent on the way.

    `certain` holds, for a scope that could not be searched to the end, the fewest places that can be missing there.
    `standings`: what scopes that are placed have come to, so that nobody adds them up again.
    """

    uses: dict[NodePath, tuple[Use, ...]] = field(default_factory=dict)
    chosen: dict[NodePath, tuple[str, ...]] = field(default_factory=dict)
    certain: dict[NodePath, int] = field(default_factory=dict)
    standings: dict[NodePath, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sum:
    """How far hours or credits of a group have come. `at_least`: some badge or element does not say how many it has."""

    what: str
    reached: Fraction
    needed: Fraction
    at_least: bool = False
    converted: bool = False

    @property
    def met(self) -> bool:
        """Whether the threshold is reached."""
        return self.reached >= self.needed

    @property
    def shortage(self) -> Fraction:
        """What is missing."""
        return max(self.needed - self.reached, Fraction(0))


@dataclass(frozen=True, slots=True)
class Standing:
    """How one node of the tree stands.

    parts_missing: places not filled by badges, also where an award covers them. low: the fewest that can be missing.
    shortage: sum of shortage / need over unmet thresholds. blocked: a strict stage before this is not met.
    forced: an exception calls the group complete.
    """

    node: Node
    required: int
    filled: int
    parts_missing: int
    low: int
    shortage: Fraction = _NOTHING
    uses: tuple[Use, ...] = ()
    children: tuple[Standing, ...] = ()
    plan: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    award: Fit | None = None
    by_award: bool = False
    blocked: bool = False
    forced: bool = False

    @property
    def missing(self) -> int:
        """Places to go."""
        return self.required - self.filled

    @property
    def order(self) -> tuple[int, int, Fraction, int]:
        """The smaller the better: fewest missing, then most filled, then smallest shortage, then fewest by award."""
        return (self.missing, -self.filled, self.shortage, self.parts_missing)


class Tally:
    """Adds up one placement."""

    def __init__(self, pathway: Pathway, fitting: Fitting, placement: Placement) -> None:
        self._pathway = pathway
        self._awards: Mapping[str, Fit] = fitting.awards
        self._forced = fitting.forced
        self._placement = placement

    def of(self, node: Node, *, blocked: bool = False) -> Standing:
        """The standing of a node and all below it. A blocked one shows its badges but has nothing filled."""
        if node.element is not None:
            uses = () if blocked else self._placement.uses.get(node.path, ())
            required, filled = node.element.count, min(len(uses), node.element.count)
            missing = required - filled
            return Standing(node, required, filled, missing, missing, uses=uses, blocked=blocked)
        known = self._placement.standings.get(node.path) if not blocked else None
        standing = known if known is not None else self._group(node, blocked)
        certain = self._placement.certain.get(node.path)
        return standing if certain is None else replace(standing, low=min(certain, standing.low))

    def _group(self, node: Node, blocked: bool) -> Standing:
        group = node.group
        assert group is not None
        strict = group.ordered == "strict"
        award = self._awards.get(group.id)
        # An award looks past the order inside its group, and so do the badges behind it.
        covered = award is not None and group.shortcut and not blocked
        reached = self._placement.chosen.get(node.path) if strict else None
        standings: list[Standing] = []
        waiting = blocked
        for child in node.children:
            counts = child in node.counted
            if counts and reached is not None and child.id not in reached:
                waiting = True
            standing = self.of(child, blocked=blocked or (strict and waiting and not covered))
            standings.append(standing)
            waiting = waiting or (counts and standing.missing > 0)
        by_id = {standing.node.id: standing for standing in standings}
        counted = [by_id[child.id] for child in node.counted]
        found = self._added(node, counted, tuple(standings))
        if award is not None or blocked:
            found = replace(found, award=award, blocked=blocked)
        if covered:
            found = replace(found, filled=found.required, low=0, shortage=Fraction(0), by_award=found.missing > 0)
        if group.id in self._forced and not blocked:
            found = replace(found, filled=found.required, low=0, shortage=Fraction(0), forced=True)
        return found

    def _added(self, node: Node, counted: Sequence[Standing], children: tuple[Standing, ...]) -> Standing:
        group = node.group
        assert group is not None
        need = group.need
        if need.table:
            return self._table(node, counted, children)
        if need.children is not None and all(_one_place(standing.node) for standing in counted):
            # Any n of elements with one place each: no choice, only a limit.
            filled = min(need.children, sum(standing.filled for standing in counted))
            missing = need.children - filled
            return Standing(node, need.children, filled, missing, missing, children=children)
        plan = counted
        low = sum(standing.low for standing in counted)
        if any(standing.low < standing.missing for standing in counted):
            # A stage that may be met after all may open the stages behind it.
            low = sum(standing.low for standing in counted if not standing.blocked)
        if need.children is not None:
            plan = self._plan(node, counted, need.children)
            # Inside a scope the plan was searched, and what its other children show is only what was left over.
            searched = node.path in self._placement.chosen
            low = sum(sorted(standing.low for standing in (plan if searched else counted))[: need.children])
        return Standing(
            node,
            required=sum(standing.required for standing in plan),
            filled=sum(standing.filled for standing in plan),
            parts_missing=sum(standing.parts_missing for standing in plan),
            low=low,
            shortage=sum((standing.shortage for standing in plan if standing.shortage), _NOTHING),
            children=children,
            plan=tuple(standing.node.id for standing in plan) if need.children is not None else (),
        )

    def _plan(self, node: Node, counted: Sequence[Standing], wanted: int) -> list[Standing]:
        """The children to count: as the search chose, else fewest missing, then most filled, then smallest ids."""
        chosen = self._placement.chosen.get(node.path)
        if chosen is not None:
            return [standing for standing in counted if standing.node.id in chosen]
        best = sorted(counted, key=lambda standing: (*standing.order, standing.node.id))[:wanted]
        return sorted(best, key=lambda standing: standing.node.id)

    def _table(self, node: Node, counted: Sequence[Standing], children: tuple[Standing, ...]) -> Standing:
        """Badges added up: `count` places, and one place for each of hours and credits."""
        group = node.group
        assert group is not None
        need = group.need
        held = sum(standing.filled for standing in counted)
        required = need.count or 0
        filled = min(required, held)
        shortage = Fraction(required - filled, required) if required else Fraction(0)
        sums = self.sums(node, [use for standing in counted for use in standing.uses])
        for one in sums:
            required += 1
            filled += one.met
            shortage += one.shortage / one.needed
        missing = required - filled
        return Standing(
            node, required, filled, missing, missing, shortage=shortage, children=children, sums=tuple(sums)
        )

    def sums(self, node: Node, uses: Sequence[Use]) -> list[Sum]:
        """Hours and credits of a group, where it needs them."""
        return added(self._pathway, node, [use.fit for use in uses])


def added(pathway: Pathway, node: Node, fits: Sequence[Fit]) -> list[Sum]:
    """Hours and credits that these badges bring to a group, for each threshold it has."""
    assert node.group is not None
    need = node.group.need
    found: list[Sum] = []
    if need.hours is not None:
        hours = [fit.hours for fit in fits]
        found.append(_sum("h", hours, Fraction(need.hours), converted=False))
    if need.credits is not None and need.unit is not None:
        unit = need.unit
        values = [in_unit(pathway, fit.credit, unit) for fit in fits]
        converted = any(fit.credit is not None and fit.credit.unit != unit for fit in fits)
        found.append(_sum(unit, values, Fraction(need.credits), converted=converted))
    return found


def _sum(what: str, values: Sequence[Fraction | None], needed: Fraction, *, converted: bool) -> Sum:
    known = [value for value in values if value is not None]
    return Sum(what, sum(known, Fraction(0)), needed, at_least=len(known) < len(values), converted=converted)


def _one_place(node: Node) -> bool:
    return node.element is not None and node.element.count == 1


def plans_of(node: Node) -> list[tuple[Node, ...]] | None:
    """The sets of children that could make up the plan of a group, or None where there is nothing to choose."""
    group = node.group
    assert group is not None
    if group.need.children is None or all(_one_place(child) for child in node.counted):
        return None
    by_id = sorted(node.counted, key=lambda child: child.id)
    return list(combinations(by_id, group.need.children))
