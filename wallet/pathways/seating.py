"""Who fills which place of a scope that has one plan: exactly what `scope` finds by `flow`, for thousands of learners.

The network is the same for everybody but for which badges fit where, so it is drawn once and walked in numbers: places keep
their badges as sets of bits (bit n is the badge with the n-th smallest key). Ways are tried in the order in which `scope`
would have added the edges; that is why nobody sits elsewhere here. No awards, stages, sums or choices: those are `scope`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wallet.pathways.demands import Plan, Tier
from wallet.pathways.tally import NodePath

_SINK: Final = -1
_START: Final = -2
#: Of a leaf that no demand counts.
_NO_GATE: Final = -1


class Seats:
    """The places of one plan. leaves: their paths, in the order in which their bits stand in what fits a badge."""

    def __init__(self, plan: Plan) -> None:
        leaves: list[NodePath] = []
        self._places: list[int] = []
        self._gate: list[int] = []
        self._room: list[int] = []
        self._members: list[list[int]] = []
        for gate, demand in enumerate(sorted(plan.demands, key=lambda one: one.leaves[0].path)):
            self._room.append(demand.most)
            inside = sorted(demand.leaves, key=lambda leaf: leaf.path)
            self._members.append([len(leaves) + number for number in range(len(inside))])
            for node in inside:
                assert node.element is not None
                leaves.append(node.path)
                self._places.append(node.element.count)
                self._gate.append(gate)
        for node in sorted(plan.shown, key=lambda leaf: leaf.path):
            assert node.element is not None
            leaves.append(node.path)
            self._places.append(node.element.count)
            self._gate.append(_NO_GATE)
        self.leaves = tuple(leaves)

    @staticmethod
    def drawable(plan: Plan) -> bool:
        """Whether this plan is one of those that are walked here."""
        leaves = [*plan.shown, *(leaf for demand in plan.demands for leaf in demand.leaves)]
        return not any(demand.tier is not Tier.REST or demand.sums is not None for demand in plan.demands) and not any(
            leaf.element is None or leaf.element.reuse for leaf in leaves
        )

    def taken(self, fits: Sequence[int], order: Sequence[int]) -> list[int]:
        """For each leaf the set of badges in it. fits: for each badge the leaves it fits. order: the preferred badges first."""
        return _Seating(self._places, self._gate, self._room, self._members, fits).seated(order)


class _Seating:
    """One learner's badges while they are seated.

    A unit goes badge -> way in of a leaf -> its way out -> gate -> sink; once the places that count are filled, also from the
    way out to the sink. Nodes are numbered in that order: ways in, ways out, gates, badges.
    """

    __slots__ = ("closed", "counting", "fits", "gate", "holds", "members", "others", "places", "room", "within")

    def __init__(
        self,
        places: Sequence[int],
        gate: Sequence[int],
        room: Sequence[int],
        members: Sequence[Sequence[int]],
        fits: Sequence[int],
    ) -> None:
        self.places, self.gate, self.members, self.fits = places, gate, members, fits
        self.room = list(room)
        self.holds = [0] * len(places)
        #: Badges in a leaf; those of them that count for its gate; those that are only shown.
        self.within = [0] * len(places)
        self.counting = [0] * len(places)
        self.others = [0] * len(places)
        self.closed: set[int] = set()

    def seated(self, order: Sequence[int]) -> list[int]:
        """Seat them all, those first that count."""
        left: list[int] = []
        room = sum(self.room)
        for badge in order:
            if self.fits[badge]:
                if room and self._push(badge, False):
                    room -= 1
                else:
                    left.append(badge)
        self.closed.clear()
        for badge in left:
            self._push(badge, True)
        return self.holds

    def _push(self, badge: int, shown: bool) -> bool:
        fits, gate, room = self.fits[badge], self.gate, self.room
        while fits:
            low = fits & -fits
            leaf = low.bit_length() - 1
            fits ^= low
            if self.within[leaf] < self.places[leaf]:
                at = gate[leaf]
                if shown:
                    self.others[leaf] += 1
                elif at != _NO_GATE and room[at]:
                    room[at] -= 1
                    self.counting[leaf] += 1
                else:
                    continue
                self.within[leaf] += 1
                self.holds[leaf] |= 1 << badge
                return True
        return self._search(badge, shown)

    def _search(self, badge: int, shown: bool) -> bool:
        """The shortest way along which badges that sit already move."""
        leaves = len(self.places)
        gates, badges = 2 * leaves, 2 * leaves + len(self.members)
        start, closed = badges + badge, self.closed
        if start in closed:
            return False
        came: dict[int, int] = {start: _START}
        queue = [start]
        for here in queue:
            ways: list[int] = []
            if here >= badges:
                mark, fits = 1 << here - badges, self.fits[here - badges]
                while fits:
                    low = fits & -fits
                    fits ^= low
                    leaf = low.bit_length() - 1
                    if not self.holds[leaf] & mark:
                        ways.append(leaf)
            elif here < leaves:
                if self.within[here] < self.places[here]:
                    ways.append(leaves + here)
                held = self.holds[here]
                while held:
                    low = held & -held
                    held ^= low
                    ways.append(badges + low.bit_length() - 1)
            elif here < gates:
                leaf = here - leaves
                if self.within[leaf]:
                    ways.append(leaf)
                if self.gate[leaf] != _NO_GATE and self.counting[leaf] < self.places[leaf]:
                    ways.append(gates + self.gate[leaf])
                if shown and self.others[leaf] < self.places[leaf]:
                    ways.append(_SINK)
            else:
                if self.room[here - gates]:
                    ways.append(_SINK)
                ways += [leaves + leaf for leaf in self.members[here - gates] if self.counting[leaf]]
            for there in ways:
                if there not in came and there not in closed:
                    came[there] = here
                    queue.append(there)
            if _SINK in came:
                self._move(came, leaves, gates, badges)
                return True
        closed.update(came)
        return False

    def _move(self, came: dict[int, int], leaves: int, gates: int, badges: int) -> None:
        there = _SINK
        while (here := came[there]) != _START:
            if there == _SINK:
                if here >= gates:
                    self.room[here - gates] -= 1
                else:
                    self.others[here - leaves] += 1
            elif here >= badges:
                self.holds[there] |= 1 << here - badges
            elif there >= badges:
                self.holds[here] ^= 1 << there - badges
            elif here < leaves:
                self.within[here] += 1
            elif there < leaves:
                self.within[there] -= 1
            elif there >= gates:
                self.counting[here - leaves] += 1
            else:
                self.counting[there - leaves] -= 1
            there = here
