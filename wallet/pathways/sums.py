"""Reaches hours and credits with badges that cannot be cut (pathways.md section 6, step 6).

Badges are gone through one by one; what was reached so far is a state: the sums, each cut off at its need, and the badges
that other places would have wanted. Two ways to the same state are one, so the table stays small where a list of all
subsets would not. Exact, in integers; past the cap the states that reached most are kept, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from wallet.pathways.demands import Demand, Tier
from wallet.pathways.fitting import Fit, Fitting, Node, in_unit, preference
from wallet.pathways.model import Pathway
from wallet.pathways.tally import Use

#: Sums reached, in the order of the thresholds; places taken on crowded leaves; keys taken that others want too.
_State: TypeAlias = tuple[tuple[int, ...], tuple[int, ...], frozenset[str]]


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
    """The needs of the summed groups as one vector of integers: fractions times their common denominator."""

    def __init__(self, pathway: Pathway, demands: Sequence[Demand], items: Sequence[_Item]) -> None:
        self._pathway = pathway
        self._groups = {
            leaf.path: demand.sums for demand in demands for leaf in demand.leaves if demand.sums is not None
        }
        self._start: dict[tuple[str, ...], int] = {}
        needs: list[Fraction] = []
        self._counts: list[bool] = []
        self._must: list[bool] = []
        for demand in demands:
            assert demand.sums is not None and demand.sums.group is not None
            need = demand.sums.group.need
            self._start[demand.sums.path] = len(needs)
            for value, counts in ((need.count, True), (need.hours, False), (need.credits, False)):
                if value is not None:
                    needs.append(Fraction(value))
                    self._counts.append(counts)
                    self._must.append(demand.tier is Tier.STAGE)
        gains = {(leaf.path, use.fit.key): self._gain(leaf, use.fit) for item in items for leaf, use in item.uses}
        self._scale = lcm(*(value.denominator for values in (needs, *gains.values()) for value in values))
        self.needs = tuple(int(need * self._scale) for need in needs)
        self._gains = {place: [int(gain * self._scale) for gain in values] for place, values in gains.items()}
        # Shortage / need, added up, times this is a whole number.
        common = lcm(*self.needs)
        self._weights = [common // need for need in self.needs]

    def _gain(self, leaf: Node, fit: Fit) -> list[Fraction]:
        """What one badge adds to the thresholds of its group, in their order."""
        group = self._groups[leaf.path].group
        assert group is not None
        need = group.need
        gains = [Fraction(1)] if need.count is not None else []
        if need.hours is not None:
            gains.append(fit.hours or Fraction(0))
        if need.credits is not None and need.unit is not None:
            gains.append(in_unit(self._pathway, fit.credit, need.unit) or Fraction(0))
        return gains

    def plus(self, reached: tuple[int, ...], leaf: Node, fit: Fit) -> tuple[int, ...]:
        """What is reached with one more badge on `leaf`, cut off at the needs."""
        values = list(reached)
        at = self._start[self._groups[leaf.path].path]
        for offset, gain in enumerate(self._gains[leaf.path, fit.key], at):
            values[offset] = min(values[offset] + gain, self.needs[offset])
        return tuple(values)

    def possible(self, reached: tuple[int, ...]) -> bool:
        """Whether every stage that must be complete is."""
        return all(value == need for value, need, must in zip(reached, self.needs, self._must, strict=True) if must)

    def missing(self, reached: tuple[int, ...]) -> int:
        """Places missing: each badge short of a count, and one for each other threshold."""
        gaps = zip(reached, self.needs, self._counts, strict=True)
        return sum((need - value) // self._scale if counts else int(value < need) for value, need, counts in gaps)

    def order(self, state: _State) -> tuple[int, int, int, list[str]]:
        """The most promising states first."""
        gaps = zip(state[0], self.needs, self._weights, strict=True)
        short = sum((need - value) * weight for value, need, weight in gaps)
        return (self.missing(state[0]), short, len(state[2]), sorted(state[2]))


def ways(
    pathway: Pathway, demands: Sequence[Demand], fitting: Fitting, spent: Set[str], *, wanted: Set[str], cap: int
) -> tuple[list[Taken], bool]:
    """The ways to fill the summed groups that differ in what they reach or take, the best first; and whether that is all.

    spent: keys that may not be used. wanted: keys that other places could use.
    """
    items = _items(demands, fitting, spent, wanted)
    thresholds = _Thresholds(pathway, demands, items)
    crowded = _crowded(items)
    states: dict[_State, _Step | None] = {
        (tuple(0 for _ in thresholds.needs), tuple(0 for _ in crowded), frozenset()): None
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
