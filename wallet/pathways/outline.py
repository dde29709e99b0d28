"""What a pathway asks for, drawn once for a whole cohort, so that figures of one learner are a walk over a few numbers.

An exclusive scope becomes the plans that `demands` makes of it while nobody holds an award; a group outside of scopes becomes a
node that adds up, and hours or credits become a sum of what the badges bring. What this cannot draw is left to `counting`: sums
inside of scopes, choices with very many plans, awards that cover a part of a scope, badges of which a sum takes some and not
others. `outline` then says None, or `reached` does.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from wallet.pathways.candidates import Candidate
from wallet.pathways.demands import Demand, Given, Plan, Tier, plans
from wallet.pathways.fitting import Fitting, Node, in_unit, own_credit
from wallet.pathways.model import Need, Pathway
from wallet.pathways.packing import Ask, bound, filled
from wallet.pathways.tally import NodePath, Placement, Tally, plans_of

#: (required, filled) places.
Reached: TypeAlias = tuple[int, int]

#: Plans of one scope that are looked at for each learner; past these the search of `scope` is the better way.
_MOST_PLANS = 64


@dataclass(frozen=True, slots=True)
class _Leaf:
    index: int
    places: int


@dataclass(frozen=True, slots=True)
class _Way:
    """One plan of a scope. stages: those asks that must be complete for it."""

    required: int
    asks: tuple[Ask, ...]
    stages: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class _Scope:
    """ways: the one with most places first. group: its id. covers: groups in it that an award can stand for.

    fixed: the places it asks for whatever is chosen in it, or None.
    """

    group: str
    ways: tuple[_Way, ...]
    covers: frozenset[str]
    fixed: int | None


@dataclass(frozen=True, slots=True)
class _Sum:
    """A group outside of scopes. some: of that many children, or None: all. alike: those children have one place each."""

    group: str
    children: tuple[Outline, ...]
    some: int | None
    alike: bool
    strict: bool
    covered: bool


@dataclass(frozen=True, slots=True)
class _Worth:
    """A leaf whose badges are added up, and what one brings that says nothing of its own."""

    leaf: _Leaf
    hours: Fraction | None
    credits: Fraction | None


@dataclass(frozen=True, slots=True)
class _Added:
    """A group that needs hours or credits."""

    group: str
    need: Need
    leaves: tuple[_Worth, ...]
    pathway: Pathway
    covered: bool

    @property
    def required(self) -> int:
        """One place for each threshold, beside the number of badges where one is asked for."""
        need = self.need
        return (need.count or 0) + (need.hours is not None) + (need.credits is not None)

    def brought(self, worth: _Worth, badge: Candidate | None) -> tuple[Fraction | None, Fraction | None]:
        """Hours and credits of a badge here. badge: one that states its own."""
        if badge is None:
            return worth.hours, worth.credits
        hours = Fraction(badge.hours) if badge.hours is not None else worth.hours
        own = own_credit(self.pathway, badge.credit)
        return hours, worth.credits if own is None else in_unit(self.pathway, own, self.need.unit or "")


Outline: TypeAlias = _Leaf | _Scope | _Sum | _Added


def outline(pathway: Pathway, tree: Node, at: date, *, most: int) -> Outline | None:
    """The outline of the tree, whose leaves are numbered in the order of `tree.leaves()`; None where there is none.

    most: plans that may be looked at altogether.
    """
    index = {leaf.path: number for number, leaf in enumerate(tree.leaves())}
    return _Drawing(pathway, Fitting(pathway, (), at), index, most).of(tree, waits=False)


class _Drawing:
    def __init__(self, pathway: Pathway, nothing: Fitting, index: dict[NodePath, int], most: int) -> None:
        self._pathway, self._nothing, self._index, self._most = pathway, nothing, index, most

    def of(self, node: Node, *, waits: bool) -> Outline | None:
        """waits: other stages come before this."""
        if node.element is not None:
            return _Leaf(self._index[node.path], node.element.count)
        group = node.group
        assert group is not None
        if node.scope:
            return self._added(node) if group.need.sums else self._scope(node, waits)
        strict = group.ordered == "strict"
        children = [self.of(child, waits=waits or strict) for child in node.counted]
        drawn = tuple(child for child in children if child is not None)
        if len(drawn) < len(children):
            return None
        alike = all(isinstance(child, _Leaf) and child.places == 1 for child in drawn)
        return _Sum(group.id, drawn, group.need.children, alike, strict, group.shortcut)

    def _scope(self, node: Node, waits: bool) -> Outline | None:
        assert node.group is not None
        found = tuple(islice(plans(node, Given({})), min(self._most, _MOST_PLANS) + 1))
        self._most -= len(found)
        if self._most < 0 or len(found) > _MOST_PLANS or any(one.sums for plan in found for one in plan.demands):
            return None
        chosen = any(plans_of(inner) is not None for inner in _groups(node))
        if chosen and waits:
            return None  # what a stage that is not reached asks for hangs on what was chosen in it
        ways = sorted((self._way(node, plan) for plan in found), key=lambda way: -way.required)
        covers = frozenset(group.id for group in node.groups() if group.shortcut)
        return _Scope(node.group.id, tuple(ways), covers, None if chosen else ways[0].required)

    def _added(self, node: Node) -> Outline | None:
        assert node.group is not None
        self._most -= 2  # what the search of `scope` spends on it
        need, leaves = node.group.need, list[_Worth]()
        for child in node.children:
            element = child.element
            if element is None or element.reuse or child not in node.counted:
                return None
            hours = Fraction(element.hours) if element.hours is not None else None
            leaf = _Leaf(self._index[child.path], element.count)
            leaves.append(_Worth(leaf, hours, in_unit(self._pathway, element.credit, need.unit or "")))
        return (
            _Added(node.group.id, need, tuple(leaves), self._pathway, node.group.shortcut) if self._most >= 0 else None
        )

    def _way(self, node: Node, plan: Plan) -> _Way:
        asks = tuple(self._ask(demand) for demand in plan.demands)
        placement = Placement({}, dict(plan.chosen + plan.reached))
        required = Tally(self._pathway, self._nothing, placement).of(node).required
        return _Way(required, asks, tuple(ask for ask in asks if ask.stage))

    def _ask(self, demand: Demand) -> Ask:
        own: list[tuple[int, int]] = []
        shared: list[tuple[int, int]] = []
        for leaf in demand.leaves:
            assert leaf.element is not None
            (shared if leaf.element.reuse else own).append((self._index[leaf.path], leaf.element.count))
        return Ask(demand.most, tuple(own), tuple(shared), demand.tier is Tier.STAGE)


def _groups(node: Node) -> list[Node]:
    inner = [one for child in node.children for one in _groups(child)]
    return [node, *inner] if node.group is not None else inner


def reached(
    asked: Outline,
    fitting: Sequence[int],
    awards: Set[str],
    stated: Sequence[Candidate | None] = (),
    *,
    blocked: bool = False,
) -> Reached | None:
    """Required and filled places. fitting: for each leaf the set of badges that fit it. awards: groups whose award is held.

    stated: for each badge itself where it states its own hours or credits; empty where none does. None: an award covers a part
    in a way that is not drawn, or a sum has a choice.
    """
    if isinstance(asked, _Leaf):
        return asked.places, 0 if blocked else min(asked.places, fitting[asked.index].bit_count())
    if isinstance(asked, _Scope):
        return _in_scope(asked, fitting, awards, blocked)
    if isinstance(asked, _Added):
        return _in_sum(asked, fitting, awards, stated, blocked)
    covered = asked.covered and not blocked and asked.group in awards
    waiting = blocked
    parts: list[Reached] = []
    for child in asked.children:
        part = reached(child, fitting, awards, stated, blocked=blocked or (asked.strict and waiting and not covered))
        if part is None:
            return None
        parts.append(part)
        waiting = waiting or part[1] < part[0]
    if asked.some is not None:
        if asked.alike:
            parts = [(asked.some, min(asked.some, sum(part[1] for part in parts)))]
        else:
            parts = sorted(parts, key=lambda part: (part[0] - part[1], -part[1]))[: asked.some]
    required = sum(part[0] for part in parts)
    return required, required if covered else sum(part[1] for part in parts)


def _in_sum(
    asked: _Added, fitting: Sequence[int], awards: Set[str], stated: Sequence[Candidate | None], blocked: bool
) -> Reached | None:
    """All badges count, each for the one element that it fits: nothing could bring more. None where some would be left over."""
    need = asked.need
    if blocked:
        return asked.required, 0
    if asked.covered and asked.group in awards:
        return asked.required, asked.required
    taken, hours, credits = 0, Fraction(0), Fraction(0)
    for worth in asked.leaves:
        fits = fitting[worth.leaf.index]
        if fits & taken or fits.bit_count() > worth.leaf.places:
            return None
        taken |= fits
        while fits:
            number = (fits & -fits).bit_length() - 1
            fits &= fits - 1
            brings = asked.brought(worth, stated[number] if stated else None)
            hours += brings[0] or 0
            credits += brings[1] or 0
    filled = min(need.count or 0, taken.bit_count())
    filled += need.hours is not None and hours >= need.hours
    filled += need.credits is not None and credits >= need.credits
    return asked.required, filled


def _in_scope(asked: _Scope, fitting: Sequence[int], awards: Set[str], blocked: bool) -> Reached | None:
    if blocked:
        return asked.ways[0].required, 0
    if asked.covers and not asked.covers.isdisjoint(awards):
        return (asked.fixed, asked.fixed) if asked.group in awards and asked.fixed is not None else None
    best: tuple[int, int] | None = None  # missing and less than nothing filled: the smaller the better
    for way in asked.ways:
        if best is not None:
            most = bound(way.asks, fitting)
            if (way.required - most, -most) >= best:
                continue
        if way.stages and filled(way.stages, fitting) < sum(ask.most for ask in way.stages):
            continue
        held = filled(way.asks, fitting)
        if best is None or (way.required - held, -held) < best:
            best = (way.required - held, -held)
    assert best is not None
    return best[0] - best[1], -best[1]
