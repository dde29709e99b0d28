"""Small pathways and badges for tests, and an exhaustive solver that shares no code with the engine."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations, product

from wallet.pathways import definition
from wallet.pathways.candidates import Candidate
from wallet.pathways.model import Pathway

TODAY = date(2026, 11, 21)
HERE = "https://badges.college.example/classes/"
ISSUER = "https://badges.college.example/issuer"

Table = dict[str, object]


def element(*letters: str, **more: object) -> Table:
    """An element that any of these achievements fills."""
    return {"name": " or ".join(letters), "match": [{"achievement": HERE + letter} for letter in letters], **more}


def group(*children: str, **more: object) -> Table:
    return {"name": "A group", "of": list(children), **more}


def pathway_table(groups: Mapping[str, Table], elements: Mapping[str, Table], **more: object) -> Table:
    return {
        "format": "badge-pathway/1",
        "id": "urn:test:pathway",
        "name": "A pathway",
        "version": "1",
        "root": "root",
        "group": dict(groups),
        "element": dict(elements),
        **more,
    }


def pathway(groups: Mapping[str, Table], elements: Mapping[str, Table], **more: object) -> Pathway:
    return definition.read(json.dumps(pathway_table(groups, elements, **more)).encode(), "test.json")


def badge(letter: str, **more: object) -> Candidate:
    """A verified badge of achievement `letter`, issued this January."""
    known: dict[str, object] = {
        "id": f"b-{letter}",
        "achievement_id": HERE + letter,
        "issuer_id": ISSUER,
        "name": f"Badge {letter}",
        "issued_on": date(2026, 1, 15),
        "status": "verified",
        "mine": True,
    }
    return Candidate(**{**known, **more})


def badges(letters: str) -> tuple[Candidate, ...]:
    """One badge for each letter; a letter given twice is two badges of one achievement."""
    return tuple(badge(letter, id=f"b-{letter}{number}") for number, letter in enumerate(letters))


# A random instance: groups, elements, held letters. Small enough that every assignment can be tried.


def instance(seed: int, *, exclusive: bool = True) -> tuple[dict[str, Table], dict[str, Table], str]:
    """Exclusive or shared; composite, strict, awards with shortcut, reuse, repeatable and counted groups mixed."""
    dice = random.Random(seed)
    letters = "abcde"[: dice.randint(3, 5)]
    groups: dict[str, Table] = {}
    elements: dict[str, Table] = {}

    def leaf(name: str, *, single: bool = False) -> str:
        chosen = dice.sample(letters, dice.randint(1, min(3, len(letters))))
        more: Table = {}
        if not single and dice.random() < 0.25:
            more["count"] = 2
        if exclusive and dice.random() < 0.15:
            more["reuse"] = True
        if dice.random() < 0.2:
            more["repeatable"] = True
        elements[name] = element(*sorted(chosen), **more)
        return name

    children: list[str] = []
    for number in range(dice.randint(1, 3)):
        name = f"r-{number}"
        children.append(name)
        if dice.random() < 0.25 or len(elements) > 3:
            leaf(name)
            continue
        inner = [leaf(f"{name}-{index}") for index in range(dice.randint(1, 2))]
        groups[name] = group(*inner, **_need(dice, inner, elements))
        if dice.random() < 0.25:
            groups[name] |= {"award": [{"achievement": HERE + dice.choice(letters)}], "shortcut": True}
    root = group(*children, exclusive=exclusive)
    if dice.random() < 0.4:
        root["need"] = dice.randint(1, len(children))
    elif dice.random() < 0.5:
        root["ordered"] = "strict"
    groups["root"] = root
    held = "".join(dice.choice(letters + "z") for _ in range(dice.randint(0, 4)))
    return groups, elements, held


def _need(dice: random.Random, inner: Sequence[str], elements: Mapping[str, Table]) -> Table:
    kind = dice.choice(("all", "some", "strict", "count"))
    if kind == "some":
        return {"need": dice.randint(1, len(inner))}
    if kind == "count":
        places = sum(int(str(elements[name].get("count", 1))) for name in inner)
        return {"need": {"count": dice.randint(1, places)}}
    return {"ordered": "strict"} if kind == "strict" else {}


class Exhaustive:
    """The best figures of an exclusive pathway by trying every choice and every assignment."""

    def __init__(self, groups: Mapping[str, Table], elements: Mapping[str, Table], held: str) -> None:
        self.groups, self.elements = groups, elements
        self.held = list(enumerate(held))
        self.covered = {
            name for name, table in groups.items() if table.get("shortcut") and self._award(name) in set(held)
        }

    def best(self) -> tuple[int, int, int]:
        """(required, filled, missing)."""
        found: list[tuple[int, int, int]] = []
        for plan in self._plans("root", False):
            found += self._of_plan(plan)
        missing, filled = min((missing, -filled) for _, filled, missing in found)
        return missing - filled, -filled, missing

    def _award(self, name: str) -> str | None:
        award = self.groups[name].get("award")
        return award[0]["achievement"].removeprefix(HERE) if isinstance(award, list) else None

    def _fits(self, leaf: str, above: Sequence[str]) -> set[str]:
        match = self.elements[leaf]["match"]
        assert isinstance(match, list)
        letters = {rule["achievement"].removeprefix(HERE) for rule in match}
        return letters - {self._award(name) for name in above}

    def _children(self, name: str) -> list[str]:
        return list(self.groups[name]["of"])  # type: ignore[call-overload]

    def _places(self, leaf: str) -> int:
        return int(str(self.elements[leaf].get("count", 1)))

    def _plans(self, name: str, covered: bool) -> Iterator[dict[str, tuple[str, ...]]]:
        """Every way to choose children of groups that need some of them, stages reached included."""
        if name in self.elements:
            yield {}
            return
        covered = covered or name in self.covered
        table = self.groups[name]
        need, children = table.get("need", "all"), self._children(name)
        options: list[tuple[str, ...]] = [tuple(children)]
        if isinstance(need, int) and any(child in self.groups or self._places(child) > 1 for child in children):
            options = [tuple(one) for one in combinations(children, need)]
        elif table.get("ordered") == "strict" and not covered:
            options = [tuple(children[: last + 1]) for last in range(len(children))]
        for option in options:
            for inner in product(*(list(self._plans(child, covered)) for child in option)):
                merged: dict[str, tuple[str, ...]] = {name: option}
                for one in inner:
                    merged |= one
                yield merged

    def _leaves(
        self, name: str, plan: Mapping[str, tuple[str, ...]], above: tuple[str, ...]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        if name in self.elements:
            yield name, above
            return
        for child in plan[name]:
            yield from self._leaves(child, plan, (*above, name))

    def _of_plan(self, plan: Mapping[str, tuple[str, ...]]) -> list[tuple[int, int, int]]:
        leaves = list(self._leaves("root", plan, ()))
        spent = {self._award(name) for name in plan if name in self.covered}
        fits = {leaf: self._fits(leaf, above) for leaf, above in leaves}
        taking = [leaf for leaf, _ in leaves if not self.elements[leaf].get("reuse")]
        options = [
            [None, *(leaf for leaf in taking if letter in fits[leaf] and letter not in spent)]
            for _, letter in self.held
        ]
        under_award = {leaf for leaf, above in leaves if any(name in self.covered for name in above)}
        results: list[tuple[int, tuple[int, int, int]]] = []
        for assigned in product(*options):
            filled = self._filled(assigned, leaves, fits)
            if filled is None:
                continue
            first = self._behind_awards("root", plan, filled, under_award)
            required, got, _ = self._tally("root", plan, filled, False)
            results.append((first, (required, got, required - got)))
        most = max(first for first, _ in results)
        return [result for first, result in results if first == most]

    def _filled(
        self,
        assigned: Sequence[str | None],
        leaves: Sequence[tuple[str, tuple[str, ...]]],
        fits: Mapping[str, set[str]],
    ) -> dict[str, int] | None:
        filled = {leaf: 0 for leaf, _ in leaves}
        once: set[str] = set()
        for (_, letter), leaf in zip(self.held, assigned, strict=True):
            if leaf is None:
                continue
            filled[leaf] += 1
            if not self.elements[leaf].get("repeatable"):
                if letter in once:
                    return None
                once.add(letter)
        for leaf, _ in leaves:
            if self.elements[leaf].get("reuse"):
                fitting = [letter for _, letter in self.held if letter in fits[leaf]]
                filled[leaf] = len(fitting) if self.elements[leaf].get("repeatable") else len(set(fitting))
                filled[leaf] = min(filled[leaf], self._places(leaf))
        if any(filled[leaf] > self._places(leaf) for leaf in filled):
            return None
        return filled

    def _behind_awards(
        self, name: str, plan: Mapping[str, tuple[str, ...]], filled: Mapping[str, int], under: set[str]
    ) -> int:
        """Places of covered groups that badges fill, within what those groups need."""
        if name in self.elements:
            return min(filled[name], self._places(name)) if name in under else 0
        inner = sum(self._behind_awards(child, plan, filled, under) for child in plan[name])
        limit = self._limit(name)
        return inner if limit is None else min(inner, limit)

    def _limit(self, name: str) -> int | None:
        need = self.groups[name].get("need", "all")
        if isinstance(need, dict):
            return int(need["count"])
        children = self._children(name)
        if isinstance(need, int) and all(child in self.elements and self._places(child) == 1 for child in children):
            return need
        return None

    def _least(self, name: str) -> int:
        """What a part requires at least, for stages that were not reached."""
        if name in self.elements:
            return self._places(name)
        limit = self._limit(name)
        if limit is not None:
            return limit
        inner = sorted(self._least(child) for child in self._children(name))
        need = self.groups[name].get("need", "all")
        return sum(inner[:need]) if isinstance(need, int) else sum(inner)

    def _tally(
        self, name: str, plan: Mapping[str, tuple[str, ...]], filled: Mapping[str, int], covered: bool
    ) -> tuple[int, int, bool]:
        if name in self.elements:
            required = self._places(name)
            got = min(filled[name], required)
            return required, got, got == required
        covered = covered or name in self.covered
        limit = self._limit(name)
        required = got = 0
        if limit is not None:
            required = limit
            got = min(limit, sum(filled[child] for child in plan[name]))
        else:
            strict = self.groups[name].get("ordered") == "strict" and not covered
            going = True
            for child in self._children(name):
                if child not in plan[name]:
                    if strict:
                        required += self._least(child)
                    continue
                need, have, met = self._tally(child, plan, filled, covered)
                if strict and not going:
                    need, have, met = self._least(child), 0, False
                required, got = required + need, got + have
                going = going and met
        if name in self.covered:
            got = required
        return required, got, got == required


def best_sums(values: Sequence[int], needs: Sequence[int]) -> tuple[int, Fraction]:
    """(thresholds unmet, total shortage / need) when whole badges are dealt out to groups with a threshold each."""
    best = (len(needs) + 1, Fraction(0))
    for dealt in product(range(len(needs)), repeat=len(values)):
        sums = [
            sum(value for value, where in zip(values, dealt, strict=True) if where == index)
            for index in range(len(needs))
        ]
        short = [Fraction(max(need - have, 0), need) for need, have in zip(needs, sums, strict=True)]
        best = min(best, (sum(one > 0 for one in short), sum(short, Fraction(0))))
    return best
