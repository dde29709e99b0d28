"""How many places of one exclusive plan badges can fill, each badge once: the number alone, in sets of bits.

The same maximum flow as `flow` finds, without who goes where: for figures of thousands of learners, where nobody asks for names
yet. Bit n of a set stands for badge n. Places are dealt out scarcest first; what is left open is then searched for moves, from
all open places at once, until there is none. It does not know tiers, choices or order: a plan has been made of those before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """Places that want badges: at most `most` over these leaves. leaves: index among all leaves, and places of that one.

    shared: leaves whose badges may count elsewhere too, so that they take theirs without asking. stage: must be complete.
    """

    most: int
    leaves: tuple[tuple[int, int], ...]
    shared: tuple[tuple[int, int], ...] = ()
    stage: bool = False


def filled(asks: Sequence[Ask], fitting: Sequence[int]) -> int:
    """The most places that can be filled. fitting: for each leaf the set of badges that fit it."""
    total = 0
    gates: list[_Gate] = []
    for ask in asks:
        room = ask.most
        if ask.shared:
            free = min(sum(min(places, fitting[leaf].bit_count()) for leaf, places in ask.shared), room)
            total += free
            room -= free
        coming = [_Hand(fitting[leaf], places) for leaf, places in ask.leaves if fitting[leaf]] if room else []
        if coming:
            gates.append(_Gate(room, coming))
    return total + _dealt(gates)


def bound(asks: Sequence[Ask], fitting: Sequence[int]) -> int:
    """What `filled` cannot exceed: each leaf looked at alone."""
    return sum(
        min(ask.most, sum(min(places, fitting[leaf].bit_count()) for leaf, places in (*ask.leaves, *ask.shared)))
        for ask in asks
    )


class _Gate:
    """The limit over some leaves."""

    __slots__ = ("hands", "room")

    def __init__(self, room: int, hands: list[_Hand]) -> None:
        self.room = room
        self.hands = hands
        for hand in hands:
            hand.gate = self


class _Hand:
    """One leaf while badges are dealt. fits, holds: sets of badges. way: how a badge here would make room elsewhere."""

    __slots__ = ("fits", "gate", "holds", "room", "way")

    gate: _Gate

    def __init__(self, fits: int, places: int) -> None:
        self.fits = fits
        self.holds = 0
        self.room = min(places, fits.bit_count())
        self.way: tuple[_Hand, int] | None = None


def _dealt(gates: Sequence[_Gate]) -> int:
    """Fill the hands; how many badges they hold in the end."""
    any_one = several = possible = 0
    hands: list[_Hand] = []
    for gate in gates:
        wanted = 0
        for hand in gate.hands:
            several |= any_one & hand.fits
            any_one |= hand.fits
            wanted += hand.room
        possible += min(gate.room, wanted)
        hands += gate.hands
    if not several:
        return possible  # nobody competes
    possible = min(possible, any_one.bit_count())
    held = 0
    left = any_one
    for hand in sorted(hands, key=lambda one: one.fits.bit_count()):
        here = hand.fits & left
        while here and hand.room and hand.gate.room:
            badge = here & ~several or here  # one that fits nowhere else costs nobody anything
            badge &= -badge
            here ^= badge
            left ^= badge
            hand.holds |= badge
            hand.room -= 1
            hand.gate.room -= 1
            held += 1
    while held < possible and (badge := _moved(hands, left)):
        left ^= badge
        held += 1
    return held


def _moved(hands: list[_Hand], left: int) -> int:
    """Place one more badge by moving others; which one that was, or 0.

    A hand is reached when one more badge in it would make a place: it has one open under a gate that has; or a badge of its own
    could go to a hand that was reached; or its gate would have room because another hand there gives a badge away.
    """
    for hand in hands:
        hand.way = None
    queue = [hand for hand in hands if hand.room and hand.gate.room]
    reached = set(map(id, queue))
    for hand in queue:
        new = hand.fits & left
        if new:
            new &= -new
            _take(hand, new)
            return new
        for other in hands:
            moving = other.holds & hand.fits
            if moving and id(other) not in reached:
                other.way = (hand, moving & -moving)
                reached.add(id(other))
                queue.append(other)
                if not other.gate.room:
                    for beside in other.gate.hands:
                        if beside.room and id(beside) not in reached:
                            beside.way = (other, 0)
                            reached.add(id(beside))
                            queue.append(beside)
    return 0


def _take(hand: _Hand, badge: int) -> None:
    """Put a badge into a hand that was reached, and move the others along its way."""
    hand.holds |= badge
    while hand.way is not None:
        to, moving = hand.way
        if moving:
            hand.holds ^= moving
            to.holds |= moving
        else:
            hand.room -= 1  # its gate lets it in because `to` gives one away
            to.room += 1
        hand = to
    hand.room -= 1
    hand.gate.room -= 1
