"""An independent solver for exclusive groups: networkx's maximum flow, on graphs made from plain data, not from the engine's.

It knows elements with several places, groups that need some of their elements or add badges up, and a root that needs some of
its groups. It shares no code with `wallet.pathways`.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import networkx as nx
from networkx.algorithms.flow import edmonds_karp

from tests.support.pathways import Table, element, group, pathway
from wallet.pathways.model import Pathway

LETTERS = "abcdefghijklmnop"


@dataclass(frozen=True, slots=True)
class Part:
    """One group: badges it asks for, and its elements as (places, badges that fit: letters, or any names)."""

    most: int
    elements: tuple[tuple[int, Sequence[str]], ...]


@dataclass(frozen=True, slots=True)
class Exclusive:
    """A root of which `some` parts are needed; within it a badge counts once. held: a letter for each badge."""

    parts: tuple[Part, ...]
    some: int
    held: str


def drawn(seed: int, *, parts: int, elements: int, held: int) -> Exclusive:
    """A random instance, at most that large."""
    dice = random.Random(seed)
    letters = LETTERS[: dice.randint(3, len(LETTERS))]
    made = []
    for _ in range(dice.randint(1, parts)):
        asked = tuple(
            (dice.choice((1, 1, 1, 2, 3)), "".join(dice.sample(letters, dice.randint(1, min(4, len(letters))))))
            for _ in range(dice.randint(1, elements))
        )
        places = sum(count for count, _ in asked)
        made.append(Part(places if dice.random() < 0.5 else dice.randint(1, places), asked))
    some = len(made) if dice.random() < 0.6 else dice.randint(1, len(made))
    return Exclusive(tuple(made), some, "".join(dice.choice(letters) for _ in range(dice.randint(0, held))))


def as_pathway(one: Exclusive) -> Pathway:
    """The same as a pathway file."""
    groups: dict[str, Table] = {}
    elements: dict[str, Table] = {}
    for number, part in enumerate(one.parts):
        names = [f"e-{number}-{index}" for index in range(len(part.elements))]
        for name, (count, letters) in zip(names, part.elements, strict=True):
            elements[name] = element(*sorted(letters), count=count)
        places = sum(count for count, _ in part.elements)
        groups[f"g-{number}"] = group(*names, **({} if part.most == places else {"need": {"count": part.most}}))
    need: Table = {} if one.some == len(one.parts) else {"need": one.some}
    groups["root"] = group(*groups, exclusive=True, **need)
    return pathway(groups, elements)


def best(one: Exclusive) -> tuple[int, int]:
    """(required, filled): fewest places missing, then most filled, over every choice of parts."""
    choices = []
    for chosen in combinations(one.parts, one.some):
        required, filled = sum(part.most for part in chosen), most_filled(chosen, set(one.held))
        choices.append((required - filled, -filled))
    missing, less = min(choices)
    return missing - less, -less


def most_filled(parts: Sequence[Part], held: Collection[str]) -> int:
    """Places of these parts that the badges fill, each badge once."""
    graph = nx.DiGraph()
    graph.add_nodes_from(("source", "sink"))
    for letter in held:
        graph.add_edge("source", ("badge", letter), capacity=1)
    for number, part in enumerate(parts):
        graph.add_edge(("part", number), "sink", capacity=part.most)
        for index, (count, letters) in enumerate(part.elements):
            graph.add_edge(("element", number, index), ("part", number), capacity=count)
            for letter in letters:
                if letter in held:
                    graph.add_edge(("badge", letter), ("element", number, index), capacity=1)
    # The quickest of its algorithms on graphs this small, for the benchmark's sake.
    return int(nx.maximum_flow_value(graph, "source", "sink", flow_func=edmonds_karp))
