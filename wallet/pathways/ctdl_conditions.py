"""The conditions of a CTDL component: how many of which parts, and what cannot be read and so has to be attested.

Conditions may hold conditions, in place or by reference; those are followed with a trail, so that a circle ends and is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wallet.model import Json
from wallet.pathways.ctdl_graph import Graph, Node, shown
from wallet.pathways.ctdl_values import whole_number
from wallet.pathways.drafting import Draft, named

_COUNTS = ("requiredNumber", "targetComponent", "hasCondition")
_AT_LEAST = frozenset({"", "gteq", "eq", "greaterthanorequalto", "equals"})


@dataclass(frozen=True, slots=True)
class Part:
    """`need` (None: all) of these ids."""

    of: tuple[str, ...]
    need: int | None = None


class Conditions:
    """Reads conditions into a draft. `id_of` gives the id of a component, `text` a text of a node."""

    def __init__(
        self, graph: Graph, draft: Draft, id_of: Callable[[Json], str], text: Callable[[Node, str], object]
    ) -> None:
        self._graph, self._draft, self._id_of, self._text = graph, draft, id_of, text
        # Read once each: conditions that refer to each other can double at every level.
        self._known: dict[str, Part] = {}

    def targets(self, node: Node) -> list[Json]:
        """All parts that a component's conditions speak of, however deep."""
        found: list[Json] = []
        waiting, seen = deque(node.all("hasCondition")), set[str]()
        while waiting:
            condition = self._graph.get(waiting.popleft())
            if condition is not None and condition.id not in seen:
                seen.add(condition.id)
                found += condition.all("targetComponent")
                waiting.extend(condition.all("hasCondition"))
        self._draft.spend(len(found) + len(seen))
        return found

    def named_in(self, node: Node) -> set[str]:
        """The ids of those parts."""
        return {self._id_of(value) for value in self.targets(node)}

    def of(self, node: Node, called: str) -> list[Part]:
        """One part for each condition of the component; all of them have to be fulfilled."""
        return [self._read(value, called, ()) for value in node.all("hasCondition")]

    def joined(self, parts: Sequence[Part], key: str, name: object) -> Part:
        """Parts that are all needed as one."""
        if len(parts) == 1:
            return parts[0]
        of: list[str] = []
        for number, part in enumerate(parts, 1):
            of += part.of if part.need is None else [self._group(part, f"{key}-part-{number}", name)]
        return Part(tuple(dict.fromkeys(of)))

    def _group(self, part: Part, key: str, name: object) -> str:
        if len(part.of) == 1:
            return part.of[0]
        count = "all" if part.need is None else str(part.need)
        label = f"{name}: {count} of {len(part.of)}" if isinstance(name, str) else f"{count} of {len(part.of)}"
        need = part.need if part.need is not None and part.need < len(part.of) else None
        return self._draft.group(self._draft.id(key), label, part.of, need=need)

    def _read(self, value: Json, called: str, trail: tuple[str, ...]) -> Part:
        condition = self._graph.get(value)
        if condition is None:
            return self._attested(called, value, "is not described in the file")
        part = self._known.get(condition.id)
        if part is None:
            part = self._read_new(condition, called, trail)
            self._known[condition.id] = part
        self._draft.spend(len(part.of))
        return part

    def _read_new(self, condition: Node, called: str, trail: tuple[str, ...]) -> Part:
        if condition.id in trail or len(trail) >= self._draft.limits.pathway_depth:
            return self._attested(called, condition.id, "leads in a circle or too deep")
        operator = self._graph.concept(condition.first("logicalOperator")).lower()
        if operator == "not":
            return self._attested(called, condition, "excludes something")
        targets = tuple(dict.fromkeys(map(self._id_of, condition.all("targetComponent"))))
        trail = (*trail, condition.id)
        nested = [self._read(one, called, trail) for one in condition.all("hasCondition")]
        count, unreadable = self._constraints(condition, called)
        if not targets and not nested and not unreadable:
            return self._attested(called, condition, "names no part")
        if operator not in ("", "and", "or"):
            self._draft.guess(f"A condition of {called} joins its parts by {named(operator)}; all are needed.")
        part = self._counted(condition, called, targets, nested, count, either=operator == "or")
        if not unreadable:
            return part
        key = self._key(called)
        inner = part.of if part.need is None else ((self._group(part, key, called.strip("'")),) if part.of else ())
        return Part((*inner, *unreadable))

    def _counted(
        self,
        condition: Node,
        called: str,
        targets: tuple[str, ...],
        nested: Sequence[Part],
        count: int | None,
        *,
        either: bool,
    ) -> Part:
        said = self._required_number(condition, called) or count
        if not nested:
            return Part(targets, self._need(said, len(targets), called, either=either))
        key, name = self._key(called), called.strip("'")
        inner = tuple(self._group(part, key, name) for part in nested)
        if either:
            return Part((*targets, *inner), self._need(said, len(targets) + len(inner), called, either=True))
        if not targets:
            return Part(inner, self._need(said, len(inner), called, either=False))
        # The number speaks of the named parts; what the inner conditions ask for comes on top.
        need = self._need(said, len(targets), called, either=False)
        own = targets if need is None else (self._group(Part(targets, need), key, name),)
        return Part(tuple(dict.fromkeys((*own, *inner))))

    def _need(self, said: int | None, parts: int, called: str, *, either: bool) -> int | None:
        if said is None:
            if either:
                return 1 if parts > 1 else None
            if parts > 1:
                self._draft.guess(f"A condition of {called} does not say how many of {parts} parts; all are needed.")
            return None
        if said > parts:
            self._draft.guess(f"A condition of {called} asks for {said} of {parts} parts; all are needed.")
        return said if said < parts else None

    def _required_number(self, condition: Node, called: str) -> int | None:
        for value in condition.all("requiredNumber", "rightOperand"):
            number = whole_number(self._graph, value)
            if number is not None and number >= 1:
                return number
            self._draft.guess(f"A condition of {called} asks for {named(value)} parts; all are needed.")
        return None

    # What cannot be read

    def _constraints(self, condition: Node, called: str) -> tuple[int | None, list[str]]:
        """(how many parts are needed, where a constraint says it; ids of elements for those that cannot be read)."""
        count: int | None = None
        unreadable: list[str] = []
        for value in condition.all("hasConstraint"):
            node = self._graph.get(value)
            number = self._counts(node) if node is not None else None
            if number is not None and count is None:
                count = number
                self._draft.guess(f"A constraint on {called} is read as: at least {number} parts.")
            else:
                unreadable += self._attested(called, node or value, "has a constraint that cannot be read").of
        return count, unreadable

    def _counts(self, constraint: Node) -> int | None:
        left = self._graph.concept(constraint.first("leftSource", "leftOperand"))
        comparator = self._graph.concept(constraint.first("comparator", "operator")).lower()
        number = whole_number(self._graph, constraint.first("rightSource", "rightOperand"))
        plain = constraint.first("leftAction", "rightAction") is None
        fits = left in _COUNTS and comparator in _AT_LEAST and plain
        return number if fits and number is not None and number >= 1 else None

    def _key(self, called: str) -> str:
        return f"{called.strip(chr(39))} part"

    def _attested(self, called: str, what: Node | Json, why: str) -> Part:
        node = what if isinstance(what, Node) else None
        name = self._text(node, "name") if node is not None else None
        says = self._text(node, "description") if node is not None else None
        self._draft.guess(f"A condition of {called} {why}, so an advisor has to attest it.")
        source = _spelled(node) if node is not None else shown(what)
        key = self._draft.id(f"{called.strip(chr(39))} condition")
        label = name or f"A condition of {called}"
        return Part((self._draft.attested(key, label, says or source),))


def _spelled(node: Node) -> str:
    """What the source says, property by property, for somebody who has to judge it."""
    said = (f"{key}: {_plain(value)}" for key, values in node.props.items() for value in values)
    return "; ".join(said)[:2_000] or "The source says nothing more."


def _plain(value: Json) -> str:
    if isinstance(value, Mapping):
        return ", ".join(str(item) for item in value.values())
    return str(value)
