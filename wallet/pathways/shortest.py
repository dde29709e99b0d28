"""The shortest way to finish: which badges to earn so that nothing is missing, fewest first, or by hours, or by date.

Options that serve a pathway alike are taken cheapest first, so the search is over how many of each kind. It is exact while
there are few ways; beyond that the answer is a good one and labelled an estimate. What is advised to come first (`requires`)
is taken along. Pure (pathways.md section 6, step 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import prod
from typing import TypeAlias

from wallet.limits import LIMITS, Limits
from wallet.pathways.candidates import Candidate
from wallet.pathways.counting import count
from wallet.pathways.fitting import Fitting, Grant, Prepared, Terms, unfold
from wallet.pathways.model import Pathway
from wallet.pathways.options import Option, options
from wallet.pathways.personal import NOBODY, Personal, adjusted, terms
from wallet.pathways.tally import Standing

#: By what a finish is measured: first that, then the others in the order badges, hours, date.
MEASURES = ("badges", "hours", "days")
#: Ways that are tried, and evaluations that this may cost.
_WAYS, _STEPS = 1 << 15, 4_000

_Cost: TypeAlias = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One badge to earn, and the places (element ids) that it fills."""

    option: Option
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finish:
    """A way to finish. exact: nothing is shorter; otherwise an estimate. missing: places that nothing known can fill.

    hours: of all steps; at_least: some step does not say its hours. ends: when the last dated offering ends, if one is.
    """

    steps: tuple[Step, ...]
    by: str
    exact: bool
    missing: int
    hours: Fraction
    at_least: bool
    ends: date | None

    @property
    def achievements(self) -> tuple[str, ...]:
        """Those with a known address, in the order of the steps."""
        return tuple(step.option.achievement for step in self.steps if step.option.achievement is not None)

    def weeks(self, hours_per_week: Fraction) -> int:
        """Whole weeks for the hours that are known."""
        return -(-self.hours // hours_per_week)


def shortest(
    pathway: Pathway,
    candidates: Sequence[Candidate],
    at: date,
    *,
    personal: Personal = NOBODY,
    by: str = "badges",
    limits: Limits = LIMITS,
) -> Finish:
    """The best finish from what is held on that day. `by`: one of `MEASURES`."""
    held = personal.in_force(at)
    asked = adjusted(pathway, held)
    return _Search(_World(asked, candidates, at, terms(asked, held), limits), by).run()


class _World:
    """The pathway, what is held, and what could be earned; answers how a set of options would do."""

    def __init__(
        self, pathway: Pathway, candidates: Sequence[Candidate], at: date, given: Terms, limits: Limits
    ) -> None:
        self.pathway, self.at = pathway, at
        self._candidates, self._terms, self._limits = tuple(candidates), given, limits
        self._prepared = Prepared(pathway, at)
        self.fitting = Fitting(pathway, candidates, at, given, self._prepared.rules)
        self.options = options(pathway, self.fitting, at)
        self.steps = 0
        #: Whether advice can be followed at all; if not, it is no reason to have no answer.
        self.advised = True
        self._known: dict[frozenset[str], Standing] = {}

    def standing(self, chosen: Sequence[Option]) -> Standing:
        """The root, if these were earned as well."""
        ids = frozenset(one.id for one in chosen)
        if ids not in self._known:
            self.steps += 1
            badges = [one.candidate for one in chosen if not one.word]
            words = [Grant(one.elements[0], one.candidate) for one in chosen if one.word]
            given = replace(self._terms, grants=(*self._terms.grants, *words))
            held = (*self._candidates, *badges)
            found = count(self.pathway, held, self.at, self._limits, given, prepared=self._prepared)
            self._known[ids] = found.root
        return self._known[ids]

    def enough(self, chosen: Sequence[Option]) -> bool:
        """Whether nothing is missing. More options never make this worse."""
        return self.standing(chosen).missing == 0

    def done(self, chosen: Sequence[Option]) -> bool:
        """Whether nothing is missing, nor what is advised before the badges that would be new."""
        root = self.standing(chosen)
        return root.missing == 0 and not (self.advised and any(True for _ in self._out_of_order(root)))

    def _out_of_order(self, root: Standing) -> Iterator[str]:
        met = {one.node.id for one in _walk(root) if one.missing == 0}
        for leaf in _walk(root):
            if any(use.candidate.virtual == "new" or use.fit.key.startswith("word:") for use in leaf.uses):
                for name in leaf.node.path:
                    asked = self.pathway.groups.get(name) or self.pathway.elements[name]
                    yield from (before for before in asked.requires if before not in met)


def _walk(standing: Standing) -> Iterator[Standing]:
    yield standing
    for child in standing.children:
        yield from _walk(child)


class _Search:
    def __init__(self, world: _World, by: str) -> None:
        self._world, self._by = world, by
        known = [one.hours for one in world.options if one.hours is not None]
        # Nobody knows how long it takes, so it must not look short.
        self._unknown = max(known, default=Fraction(0)) + Fraction(1, 60)
        self._best: tuple[_Cost, list[str], list[Option]] | None = None

    def run(self) -> Finish:
        everything = list(self._world.options)
        if self._world.done([]):
            return self._finish([], exact=True)
        if not self._world.enough(everything):
            return self._impossible(everything)
        self._world.advised = self._world.done(everything)
        classes = self._classes()
        offered = [one for each in classes for one in each]
        if not self._world.done(offered):
            classes, offered = [[one] for one in everything], everything
        if -(-self._world.standing([]).missing // self._most_places()) >= len(offered):
            return self._finish(offered, exact=True)  # none fills more places than it must, so all are wanted
        certain, open_classes = self._certain(classes, offered)
        if self._world.done(certain):
            return self._finish(certain, exact=True)
        self._greedy(certain, [one for each in open_classes for one in each])
        exact = prod(len(each) + 1 for each in open_classes) <= _WAYS
        if exact:
            steps = self._world.steps
            exact = self._exactly(certain, open_classes, lambda: self._world.steps - steps > _STEPS)
        assert self._best is not None
        return self._finish(self._best[2], exact=exact)

    def _certain(
        self, classes: Sequence[list[Option]], offered: Sequence[Option]
    ) -> tuple[list[Option], list[list[Option]]]:
        """What every finish takes: as many of each class as are wanted even with all of the others. And what is open."""
        certain: list[Option] = []
        rest: list[list[Option]] = []
        for each in classes:
            ids = {one.id for one in each}
            others = [one for one in offered if one.id not in ids]
            low, high = 0, len(each)
            while low < high:
                middle = (low + high) // 2
                if self._world.enough([*others, *each[:middle]]):
                    high = middle
                else:
                    low = middle + 1
            certain += each[:low]
            if each[low:]:
                rest.append(each[low:])
        return certain, rest

    def _cost(self, chosen: Sequence[Option]) -> _Cost:
        badges = Fraction(len(chosen))
        hours = sum((one.hours if one.hours is not None else self._unknown for one in chosen), Fraction(0))
        last = Fraction(max((one.ends.toordinal() for one in chosen if one.ends is not None), default=0))
        return {"badges": (badges, hours, last), "hours": (hours, badges, last), "days": (last, badges, hours)}[
            self._by
        ]

    def _order(self, one: Option) -> tuple[_Cost, bool, bool, str]:
        """Cheapest first; then badges before words, and known achievements before placeholders."""
        return (self._cost([one]), one.word, one.achievement is None, one.id)

    # kinds of options

    def _classes(self) -> list[list[Option]]:
        """Options that serve alike, each class cheapest first and no longer than it has places."""
        alike: dict[tuple[str, ...], list[Option]] = {}
        for one in self._world.options:
            alike.setdefault(one.elements, []).append(one)
        merged: dict[str, list[Option]] = {}
        found: list[list[Option]] = []
        for elements, members in sorted(alike.items()):
            members.sort(key=self._order)
            places = sum(self._room(name) for name in elements)
            kept = members[:places]
            pool = self._pool(elements[0]) if len(elements) == 1 else None
            if pool is not None:
                merged.setdefault(pool, []).extend(kept)
            else:
                found.append(kept)
        found += [sorted(members, key=self._order) for _, members in sorted(merged.items())]
        return sorted(found, key=lambda each: each[0].id)

    def _room(self, element: str) -> int:
        """Places of an element, in every group that has it."""
        return self._world.pathway.elements[element].count * max(1, self._references(element))

    def _references(self, name: str) -> int:
        return sum(name in group.of for group in self._world.pathway.groups.values())

    def _pool(self, name: str) -> str | None:
        """The group in which this element is one of several that do equally well, if it is and nothing is held for it."""
        pathway = self._world.pathway
        element = pathway.elements[name]
        parents = [group for group in pathway.groups.values() if name in group.of]
        if len(parents) != 1 or element.count != 1 or element.requires or self._world.fitting.everything(name):
            return None
        group = parents[0]
        everyone = [one.requires for one in pathway.groups.values()] + [
            one.requires for one in pathway.elements.values()
        ]
        asked_before = any(name in requires for requires in everyone)
        counted = [pathway.elements.get(child) for child in group.counted]
        one_place = all(child is not None and child.count == 1 for child in counted)
        loose = group.need.children is not None and one_place and group.ordered == "no" and not group.requires
        return group.id if loose and not asked_before and name not in group.optional and not element.reuse else None

    # searching

    def _take(self, chosen: list[Option]) -> None:
        entry = (self._cost(chosen), sorted(one.id for one in chosen), chosen)
        if self._best is None or entry[:2] < self._best[:2]:
            self._best = entry

    def _greedy(self, certain: Sequence[Option], rest: Sequence[Option]) -> None:
        """Start from everything and leave out what costs most, as long as nothing is missing."""
        chosen = [*certain, *rest]
        for one in sorted(rest, key=self._order, reverse=True):
            without = [other for other in chosen if other is not one]
            if self._world.done(without):
                chosen = without
        self._take(chosen)

    def _exactly(self, certain: Sequence[Option], classes: Sequence[list[Option]], spent: Callable[[], bool]) -> bool:
        """Try every number of each class; whether it came to an end before the steps were spent."""
        most = self._most_places()

        def walk(number: int, chosen: list[Option]) -> bool:
            if spent():
                return False
            assert self._best is not None
            if self._world.done(chosen):
                self._take(chosen)
                return True
            if number == len(classes) or not self._world.enough([*chosen, *(o for c in classes[number:] for o in c)]):
                return True
            least = -(-self._world.standing(chosen).missing // most)
            rest = sorted((o for c in classes[number:] for o in c), key=self._order)[:least]
            if self._by != "days" and self._cost([*chosen, *rest]) > self._best[0]:
                return True
            if self._cost(chosen) > self._best[0]:
                return True
            each = classes[number]
            return all(walk(number + 1, [*chosen, *each[:taken]]) for taken in range(len(each) + 1))

        return walk(0, list(certain))

    def _most_places(self) -> int:
        """How many places one new badge can fill at most. An award may stand for a whole group, and where stages come in
        strict order one badge lets all count that is held for later ones: then there is no telling."""
        pathway = self._world.pathway
        if any(group.ordered == "strict" for group in pathway.groups.values()):
            return 1 << 30
        tree = unfold(pathway, pathway.root)
        fitting = Fitting(pathway, [one.candidate for one in self._world.options if not one.word], self._world.at)
        if any(pathway.groups[group].shortcut for group in fitting.awards):
            return 1 << 30
        leaves = [leaf.id for leaf in tree.leaves()]
        return max(sum(leaves.count(name) for name in one.elements) for one in self._world.options)

    # answers

    def _impossible(self, everything: Sequence[Option]) -> Finish:
        """Not all can be filled: what helps is still told."""
        root = self._world.standing(everything)
        chosen = list(everything)
        for one in sorted(everything, key=self._order, reverse=True):
            without = [other for other in chosen if other is not one]
            if self._world.standing(without).missing <= root.missing:
                chosen = without
        return self._finish(chosen, exact=False)

    def _finish(self, chosen: Sequence[Option], *, exact: bool) -> Finish:
        root = self._world.standing(chosen)
        places: dict[str, list[str]] = {}
        for leaf in _walk(root):
            for use in leaf.uses:
                places.setdefault(use.candidate.id, []).append(leaf.node.id)
        steps = [Step(one, tuple(dict.fromkeys(places.get(one.id, one.elements)))) for one in chosen]
        ends = [one.ends for one in chosen if one.ends is not None]
        return Finish(
            steps=tuple(self._in_order(steps)),
            by=self._by,
            exact=exact,
            missing=root.missing,
            hours=sum((one.hours for one in chosen if one.hours is not None), Fraction(0)),
            at_least=any(one.hours is None for one in chosen),
            ends=max(ends, default=None),
        )

    def _in_order(self, steps: Sequence[Step]) -> list[Step]:
        """What comes first by advice stands first; otherwise the shortest."""
        waiting = sorted(steps, key=lambda step: (self._order(step.option)[0], step.option.id))
        ordered: list[Step] = []
        while waiting:
            ahead = {place for step in waiting for place in step.places}
            ready = next((step for step in waiting if not (self._before(step) - set(step.places)) & ahead), waiting[0])
            waiting.remove(ready)
            ordered.append(ready)
        return ordered

    def _before(self, step: Step) -> set[str]:
        """Elements that should be met before these places: named by them, or stages before them."""
        pathway = self._world.pathway
        before = {one for place in step.places for one in pathway.elements[place].requires}
        for group in pathway.groups.values():
            if group.ordered != "no":
                for place in step.places:
                    index = next((n for n, child in enumerate(group.of) if place in self._below(child)), 0)
                    before.update(name for child in group.of[:index] for name in self._below(child))
        return {name for one in before for name in self._below(one)}

    def _below(self, name: str) -> set[str]:
        if name in self._world.pathway.elements:
            return {name}
        return {leaf.id for leaf in unfold(self._world.pathway, name).leaves()}
