"""What a row of a table shows of one learner, without reasons: `figures.Compiled.sketch` for whoever shows thousands of rows.

Who fills which place is each learner's own and is found by `seating`. What follows from it (states, places to go, hours) hangs
on how many badges are where; it is worked out once by what `evaluate` uses and shared by all learners alike in that. Where more
than that matters, there is no sketch and `evaluate` is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, TypeAlias

from wallet.pathways.candidates import Candidate
from wallet.pathways.demands import Given, Plan, plans
from wallet.pathways.explain import leaves_of, left_open, time_left
from wallet.pathways.fitting import Fit, Fitting, Node
from wallet.pathways.model import Accept, Element, Group, Pathway, Rule
from wallet.pathways.progress import States
from wallet.pathways.results import Figures, NodeState, Progress
from wallet.pathways.seating import Seats
from wallet.pathways.tally import NodePath, Placement, Standing, Tally, Use

#: Shapes that are remembered; each is some ten kilobytes.
_MOST_SHAPES: Final = 4_096

_RULE: Final = Rule()
_SOME: Final = Candidate("", None, None, "")
_USE: Final = Use(Fit("", "", _RULE, (_SOME,), None, None), _SOME)


#: A badge that counts, the id of its element, and what that accepts.
Counted: TypeAlias = tuple[Candidate, str, Accept]


class Shape:
    """What learners share whose badges fill the same places.

    progress: without badges and near misses, the verified figures being the accepted ones, and no element being refused. shown:
    leaves whose badges count.
    kept: what whoever shows it has made of it, so that it is made once.
    """

    __slots__ = ("kept", "progress", "shown")

    def __init__(self, progress: Progress, shown: int) -> None:
        self.progress = progress
        self.shown = shown
        self.kept: object = None


@dataclass(frozen=True, slots=True)
class Sketch:
    """One learner. badges: each that counts, with the id of its element and what that accepts, by badge and element.

    refused: elements for which some badge does not count; one whose state is "open" in the shape is "refused".
    """

    shape: Shape
    verified: Figures
    refused: frozenset[str]
    badges: tuple[Counted, ...]


class Sketcher:
    """The places of one pathway on one day, for learners who hold none of its awards and have no records."""

    def __init__(self, pathway: Pathway, at: date, tree: Node, scopes: Sequence[tuple[Plan, Seats]]) -> None:
        self._pathway, self._at, self._tree = pathway, at, tree
        leaves = tuple(tree.leaves())
        self._paths = tuple(leaf.path for leaf in leaves)
        self._elements = tuple(leaf.id for leaf in leaves)
        self._places = tuple(leaf.element.count for leaf in leaves if leaf.element is not None)
        self._accepts = tuple(leaf.element.accept.over(pathway.accept) for leaf in leaves if leaf.element is not None)
        number = {leaf.path: index for index, leaf in enumerate(leaves)}
        #: For each scope: its seats; the number of each of its leaves; sets of leaves as they are known here and there.
        self._scopes = tuple(
            (seats, tuple(number[path] for path in seats.leaves), dict[int, int]()) for _, seats in scopes
        )
        within = {index for _, inside, _ in self._scopes for index in inside}
        self._free = tuple(index for index in range(len(leaves)) if index not in within)
        self._chosen = {path: ids for plan, _ in scopes for path, ids in (*plan.chosen, *plan.reached)}
        self._nothing = Fitting(pathway, (), at)
        self._shapes: dict[tuple[int, ...], Shape] = {}
        self._parts = _Parts(tree, (*pathway.groups.values(), *pathway.elements.values()))

    def of(self, passing: Mapping[str, tuple[int, Candidate]]) -> tuple[Shape, tuple[Counted, ...]]:
        """The shape, and the badges that count. passing: for each key the leaves that its one badge fits."""
        keys = sorted(passing)
        held = [passing[key][1] for key in keys]
        order = sorted(range(len(keys)), key=lambda one: (held[one].status_rank, held[one].issued_on or date.max))
        fits = [passing[key][0] for key in keys]
        holds = [0] * len(self._paths)
        for seats, numbers, known in self._scopes:
            inside = [known[leaves] if leaves in known else _inside(leaves, numbers, known) for leaves in fits]
            for index, taken in zip(numbers, seats.taken(inside, order), strict=True):
                holds[index] = taken
        for index in self._free:
            room, mark = self._places[index], 1 << index
            for one in order:
                if room and fits[one] & mark:
                    holds[index] |= 1 << one
                    room -= 1
        counts = tuple(map(int.bit_count, holds))
        shape = self._shapes.get(counts)
        if shape is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
                self._parts.forget()
            shape = self._shapes[counts] = self._shape(counts)
        found: dict[tuple[str, str], Counted] = {}
        for index, taken in enumerate(holds):
            if taken and shape.shown >> index & 1:
                name = self._elements[index]
                while taken:
                    low = taken & -taken
                    taken ^= low
                    badge = held[low.bit_length() - 1]
                    found[badge.id, name] = (badge, name, self._accepts[index])
        return shape, tuple(found[pair] for pair in sorted(found))

    def refused(self, leaves: int) -> frozenset[str]:
        """The elements of these leaves."""
        return frozenset(name for index, name in enumerate(self._elements) if leaves >> index & 1)

    def _shape(self, counts: tuple[int, ...]) -> Shape:
        uses = {path: (_USE,) * count for path, count in zip(self._paths, counts, strict=True)}
        parts = self._parts.known(counts)
        root = Tally(self._pathway, self._nothing, Placement(uses, self._chosen, standings=parts)).of(self._tree)
        self._parts.keep(counts, root)
        states = _SharedStates(self._pathway, root, self._parts)
        missing = left_open(root, (), states.unmet)
        figures = Figures(root.required, root.filled, min(root.low, root.missing))
        progress = Progress(
            self._pathway,
            self._at,
            figures,
            figures,
            states.of(root),
            (),
            missing,
            time_left(self._pathway, missing),
            figures,
        )
        # The leaves below a stage that is not reached show their badges nowhere.
        shown = sum(1 << index for index, leaf in enumerate(leaves_of(root)) if leaf.uses)
        return Shape(progress, shown)


class _Parts:
    """The groups right below the root, which thousands of shapes are put together from: how each stands by the badges in it.

    What a group asks to be met before it is somewhere else; where any does, only standings are shared, and states are not.
    """

    def __init__(self, tree: Node, nodes: Iterable[Group | Element]) -> None:
        self.shareable = not any(one.requires for one in nodes)
        self._spans: list[tuple[NodePath, int, int]] = []
        begin = 0
        for child in tree.children:
            end = begin + sum(1 for _ in child.leaves())
            if child.group is not None:
                self._spans.append((child.path, begin, end))
            begin = end
        self._standings: dict[tuple[NodePath, tuple[int, ...]], Standing] = {}
        #: By the standing, which is kept above for as long as its number stands here.
        self.states: dict[tuple[int, bool], NodeState] = {}

    def forget(self) -> None:
        """Begin anew."""
        self._standings.clear()
        self.states.clear()

    def known(self, counts: tuple[int, ...]) -> dict[NodePath, Standing]:
        """The groups that stood so before."""
        found = ((path, self._standings.get((path, counts[begin:end]))) for path, begin, end in self._spans)
        return {path: standing for path, standing in found if standing is not None}

    def keep(self, counts: tuple[int, ...], root: Standing) -> None:
        """Remember how the groups of this shape stand. A stage that waits stands as it does for what is before it."""
        below = {child.node.path: child for child in root.children}
        for path, begin, end in self._spans:
            if not below[path].blocked:
                self._standings.setdefault((path, counts[begin:end]), below[path])

    def keeps(self, standing: Standing) -> bool:
        """Whether this very standing is remembered."""
        return standing.node.group is not None and len(standing.node.path) == 2 and not standing.blocked


class _SharedStates(States):
    """States of which those of whole groups are shared."""

    def __init__(self, pathway: Pathway, root: Standing, parts: _Parts) -> None:
        super().__init__(pathway, root, ())
        self._parts = parts

    def of(self, standing: Standing, *, optional: bool = False, in_plan: bool = True, added: bool = False) -> NodeState:
        """As there."""
        if not self._parts.shareable or not self._parts.keeps(standing):
            return super().of(standing, optional=optional, in_plan=in_plan, added=added)
        key = (id(standing), in_plan)  # what else is said of it hangs on the group above, the root
        found = self._parts.states.get(key)
        if found is None:
            found = super().of(standing, optional=optional, in_plan=in_plan, added=added)
            self._parts.states[key] = found
        return found


def _inside(leaves: int, numbers: Sequence[int], known: dict[int, int]) -> int:
    found = known[leaves] = sum(1 << here for here, index in enumerate(numbers) if leaves >> index & 1)
    return found


def sketcher(pathway: Pathway, at: date, tree: Node) -> Sketcher | None:
    """Of a pathway whose scopes leave nothing to choose; None: of another."""
    scopes: list[tuple[Plan, Seats]] = []
    for scope in _scopes(tree):
        found = list(islice(plans(scope, Given({})), 2))
        if len(found) > 1 or not Seats.drawable(found[0]):
            return None
        seats = Seats(found[0])
        if sorted(seats.leaves) != sorted(leaf.path for leaf in scope.leaves()):
            return None
        scopes.append((found[0], seats))
    return Sketcher(pathway, at, tree, scopes)


def _scopes(node: Node) -> Iterable[Node]:
    if node.scope:
        yield node
    else:
        for child in node.children:
            yield from _scopes(child)
