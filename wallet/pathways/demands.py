"""The ways in which an exclusive scope can be met: one `Plan` for each combination of choices (pathways.md section 6).

A choice is which children of a composite group to count, and up to which stage a strict group has come. Everything else is
a capacity. Plans come lazily, in an order that depends on ids only; whoever asks may stop. Nothing is placed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum

from wallet.pathways.fitting import Fit, Node
from wallet.pathways.tally import NodePath, plans_of


class Tier(IntEnum):
    """In which order places are filled; a filled place stays filled."""

    AWARD = 0
    STAGE = 1
    REST = 2
    SHOWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Places that want badges: at most `most` over these leaves. `sums`: the group whose hours or credits must be reached."""

    leaves: tuple[Node, ...]
    most: int
    tier: Tier
    sums: Node | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One combination.

    shown: leaves that do not count in it. chosen: children counted by groups that need some of theirs. reached: stages that
    strict groups have come to. spent: keys of awards that stand for their group.
    """

    demands: tuple[Demand, ...] = ()
    shown: tuple[Node, ...] = ()
    chosen: tuple[tuple[NodePath, tuple[str, ...]], ...] = ()
    reached: tuple[tuple[NodePath, tuple[str, ...]], ...] = ()
    spent: frozenset[str] = frozenset()

    def plus(self, other: Plan) -> Plan:
        """Both together."""
        return Plan(
            self.demands + other.demands,
            self.shown + other.shown,
            self.chosen + other.chosen,
            self.reached + other.reached,
            self.spent | other.spent,
        )


@dataclass(frozen=True, slots=True)
class Given:
    """What is settled before a badge is placed: awards held, by group, and groups that an exception calls complete."""

    awards: Mapping[str, Fit]
    forced: Set[str] = frozenset()


def plans(node: Node, given: Given, tier: Tier = Tier.REST) -> Iterator[Plan]:
    """All plans of a node. Below an award that stands for its group the tier is AWARD and order is ignored."""
    if node.element is not None:
        yield Plan((Demand((node,), node.element.count, tier),))
        return
    group = node.group
    assert group is not None
    if group.id in given.forced:
        # Complete by word: it takes no badge from the others, and shows what they leave.
        yield Plan(shown=_leaves([node]))
        return
    here = Plan(shown=_leaves([child for child in node.children if child not in node.counted]))
    if group.shortcut and group.id in given.awards:
        tier = Tier.AWARD
        here = here.plus(Plan(spent=frozenset((given.awards[group.id].key,))))
    if group.need.sums and tier is not Tier.AWARD:
        most = sum(child.element.count for child in node.counted if child.element is not None)
        yield here.plus(Plan((Demand(node.counted, most, tier, node),)))
    elif group.need.table:
        most = sum(child.element.count for child in node.counted if child.element is not None)
        yield here.plus(Plan((Demand(node.counted, most if group.need.sums else group.need.count or 0, tier),)))
    elif group.need.children is not None and (choices := plans_of(node)) is None:
        yield here.plus(Plan((Demand(node.counted, group.need.children, tier),)))
    elif group.need.children is not None:
        for chosen in choices or ():
            rest = Plan(
                shown=_leaves([child for child in node.counted if child not in chosen]),
                chosen=((node.path, tuple(child.id for child in chosen)),),
            )
            for plan in _together([(child, tier) for child in chosen], given):
                yield here.plus(rest).plus(plan)
    elif group.ordered == "strict" and tier is Tier.REST:
        # Complete stages, then one that may be incomplete; what comes after it does not count and is left alone.
        for last in reversed(range(len(node.counted))):
            stages = [(child, Tier.STAGE) for child in node.counted[:last]]
            reached = Plan(reached=((node.path, tuple(child.id for child in node.counted[: last + 1])),))
            for plan in _together([*stages, (node.counted[last], tier)], given):
                yield here.plus(reached).plus(plan)
    else:
        for plan in _together([(child, tier) for child in node.counted], given):
            yield here.plus(plan)


def _together(parts: Sequence[tuple[Node, Tier]], given: Given) -> Iterator[Plan]:
    """Every combination of plans of the parts, in an order that their ids decide."""
    if not parts:
        yield Plan()
        return
    (node, tier), *others = sorted(parts, key=lambda part: part[0].id)
    for first in plans(node, given, tier):
        for rest in _together(others, given):
            yield first.plus(rest)


def _leaves(nodes: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(leaf for node in nodes for leaf in node.leaves())
