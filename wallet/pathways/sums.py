"""Reaches hours and credits with badges that cannot be cut (pathways.md section 6, step 6).

Badges are gone through one by one; what was reached so far is a state: the sums, each cut off at its need, and the badges
that other places would have wanted. Two ways to the same state are one, so the table stays small where a list of all
subsets would not. Exact, in fractions; past the cap the states that reached most are kept, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from wallet.pathways.demands import Demand, Tier
from wallet.pathways.fitting import Fit, Fitting, Node, in_unit, preference
from wallet.pathways.model import Pathway
from wallet.pathways.tally import Use

#: Sums reached, in the order of the thresholds; places taken on crowded leaves; keys taken that others want too.
_State: TypeAlias = tuple[tuple[Fraction, ...], tuple[int, ...], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Taken:
    """One way: which badge went to which leaf, the keys that are gone by that, and the places still missing."""

    uses: tuple[tuple[Node, Use], ...]
    keys: frozenset[str]
    missing: int


@dataclass(frozen=True, slots=True)
class _Step:
    """The last badge of a way and the way before it: a list that many ways share."""

    before: _Step | None
    leaf: Node
    use: Use


@dataclass(frozen=True, slots=True)
class _Item:
    """One badge that may go to one of these leaves. `wanted`: other places could use it too."""

    uses: tuple[tuple[Node, Use], ...]
    wanted: bool = False


class _Thresholds:
    """The needs of the summed groups as one vector."""

    def __init__(self, pathway: Pathway, demands: Sequence[Demand]) -> None:
        self._pathway = pathway
        self.needs: list[Fraction] = []
        self.must: list[bool] = []
        self._counts: list[bool] = []
        self._first: dict[tuple[str, ...], tuple[int, Node]] = {}
        for demand in demands:
            assert demand.sums is not None and demand.sums.group is not None
            need = demand.sums.group.need
            for leaf in demand.leaves:
                self._first[leaf.path] = (len(self.needs), demand.sums)
            wanted = [Fraction(need.count)] if need.count is not None else []
            wanted += [Fraction(need.hours)] if need.hours is not None else []
            wanted += [Fraction(need.credits)] if need.credits is not None else []
            self.needs += wanted
            self._counts += [True] * (need.count is not None)
            self._counts += [False] * (len(wanted) - (need.count is not None))
            self.must += [demand.tier is Tier.STAGE] * len(wanted)

    def plus(self, reached: tuple[Fraction, ...], leaf: Node, fit: Fit) -> tuple[Fraction, ...]:
        """What is reached with one more badge on `leaf`, cut off at the needs."""
        at, node = self._first[leaf.path]
        assert node.group is not None
        need = node.group.need
        gains: list[Fraction] = []
        if need.count is not None:
            gains.append(Fraction(1))
        if need.hours is not None:
            gains.append(fit.hours or Fraction(0))
        if need.credits is not None and need.unit is not None:
            gains.append(in_unit(self._pathway, fit.credit, need.unit) or Fraction(0))
        values = list(reached)
        for offset, gain in enumerate(gains):
            values[at + offset] = min(values[at + offset] + gain, self.needs[at + offset])
        return tuple(values)

    def possible(self, reached: tuple[Fraction, ...]) -> bool:
        """Whether every stage that must be complete is."""
        return all(value == need for value, need, must in zip(reached, self.needs, self.must, strict=True) if must)

    def missing(self, reached: tuple[Fraction, ...]) -> int:
        """Places missing: each badge short of a count, and one for each other threshold."""
        gaps = zip(reached, self.needs, self._counts, strict=True)
        return sum(int(need - value) if counts else int(value < need) for value, need, counts in gaps)

    def order(self, state: _State) -> tuple[int, Fraction, int, list[str]]:
        """The most promising states first."""
        lacking = [(need - value) / need for value, need in zip(state[0], self.needs, strict=True)]
        return (self.missing(state[0]), sum(lacking, Fraction(0)), len(state[2]), sorted(state[2]))


def ways(
    pathway: Pathway, demands: Sequence[Demand], fitting: Fitting, spent: Set[str], *, wanted: Set[str], cap: int
) -> tuple[list[Taken], bool]:
    """The ways to fill the summed groups that differ in what they reach or take, the best first; and whether that is all.

    spent: keys that may not be used. wanted: keys that other places could use.
    """
    thresholds = _Thresholds(pathway, demands)
    items = _items(demands, fitting, spent, wanted)
    crowded = _crowded(items)
    states: dict[_State, _Step | None] = {
        (tuple(Fraction(0) for _ in thresholds.needs), tuple(0 for _ in crowded), frozenset()): None
    }
    complete = True
    for item in items:
        states = _with(item, states, thresholds, crowded)
        if len(states) > cap:
            states = {state: states[state] for state in sorted(states, key=thresholds.order)[:cap]}
            complete = False
    found = [state for state in sorted(states, key=thresholds.order) if thresholds.possible(state[0])]
    return [_taken(states[state], thresholds.missing(state[0])) for state in found], complete


def _with(
    item: _Item, states: dict[_State, _Step | None], thresholds: _Thresholds, crowded: dict[tuple[str, ...], int]
) -> dict[_State, _Step | None]:
    """All states after one more badge was used, or left for others where that may be better."""
    after: dict[_State, _Step | None] = {}
    index = {path: position for position, path in enumerate(crowded)}
    may_skip = item.wanted or all(leaf.path in crowded for leaf, _ in item.uses)
    for (reached, places, keys), step in states.items():
        for leaf, use in item.uses:
            taken = places
            position = index.get(leaf.path)
            if position is not None:
                if places[position] >= crowded[leaf.path]:
                    continue
                taken = (*places[:position], places[position] + 1, *places[position + 1 :])
            held = keys | {use.fit.key} if item.wanted else keys
            state = (thresholds.plus(reached, leaf, use.fit), taken, held)
            after.setdefault(state, _Step(step, leaf, use))
        if may_skip:
            after.setdefault((reached, places, keys), step)
    return after


def _items(demands: Sequence[Demand], fitting: Fitting, spent: Set[str], wanted: Set[str]) -> list[_Item]:
    leaves = sorted((leaf for demand in demands for leaf in demand.leaves), key=lambda leaf: leaf.path)
    once: dict[str, list[tuple[Node, Use]]] = {}
    items: list[_Item] = []
    for leaf in leaves:
        assert leaf.element is not None
        for key, fit in fitting.at_leaf(leaf).items():
            if leaf.element.reuse:
                items.append(_Item(((leaf, Use(fit, fit.best)),)))
            elif key not in spent:
                once.setdefault(key, []).append((leaf, Use(fit, fit.best)))
            if leaf.element.repeatable and (leaf.element.reuse or key not in spent):
                items += [_Item(((leaf, Use(fit, one)),)) for one in fit.passing[1:]]
    order = sorted(once, key=lambda key: min(preference(use.fit) for _, use in once[key]))
    return items + [_Item(tuple(once[key]), key in wanted) for key in order]


def _crowded(items: Sequence[_Item]) -> dict[tuple[str, ...], int]:
    """The leaves for which there are more badges than places, with their places."""
    coming: dict[tuple[str, ...], int] = {}
    places: dict[tuple[str, ...], int] = {}
    for item in items:
        for leaf, _ in item.uses:
            assert leaf.element is not None
            coming[leaf.path] = coming.get(leaf.path, 0) + 1
            places[leaf.path] = leaf.element.count
    return {path: places[path] for path in sorted(coming) if coming[path] > places[path]}


def _taken(step: _Step | None, missing: int) -> Taken:
    uses: list[tuple[Node, Use]] = []
    while step is not None:
        uses.append((step.leaf, step.use))
        step = step.before
    gone = frozenset(use.fit.key for leaf, use in uses if leaf.element is not None and not leaf.element.reuse)
    return Taken(tuple(reversed(uses)), gone, missing)
