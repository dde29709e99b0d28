"""Places badges one at a time so that as many as possible find a place: maximum flow in whole numbers.

A small network of keys, places and capacities. `push` sends one unit from a node to the sink along the shortest free way,
moving earlier badges to other places where that helps; what has reached the sink is never taken back. Ways are tried in
the order in which edges were added, so equal input gives an equal result. No library: networkx and scipy give the
number, but neither a stable order nor the tiers that `scope` needs.
"""

from __future__ import annotations

from collections import deque
from typing import Final

SINK: Final = 0


class Network:
    """Nodes are small integers; node 0 is the sink. Each edge lies at an even index, its way back at the next odd one."""

    def __init__(self) -> None:
        self._edges: list[list[int]] = [[]]
        self._to: list[int] = []
        self._free: list[int] = []
        # Nodes from which no way leads to the sink: what a vain search has seen stays closed until an edge is widened.
        self._closed: set[int] = set()

    def node(self) -> int:
        """A new node."""
        self._edges.append([])
        return len(self._edges) - 1

    def edge(self, start: int, end: int, capacity: int) -> int:
        """A new edge; its number is for `used` and `widen`."""
        number = len(self._to)
        self._edges[start].append(number)
        self._edges[end].append(number + 1)
        self._to += (end, start)
        self._free += (capacity, 0)
        self._closed.clear()
        return number

    def widen(self, edge: int, capacity: int) -> None:
        """Let `capacity` more through an edge."""
        self._free[edge] += capacity
        self._closed.clear()

    def used(self, edge: int) -> int:
        """How many units go through an edge."""
        return self._free[edge + 1]

    def push(self, start: int) -> bool:
        """Send one unit from `start` to the sink, if there is a way."""
        if start in self._closed:
            return False
        closed = self._closed
        came: dict[int, int] = {start: -1}
        queue = deque((start,))
        while queue and SINK not in came:
            here = queue.popleft()
            for edge in self._edges[here]:
                there = self._to[edge]
                if self._free[edge] and there not in came and there not in closed:
                    came[there] = edge
                    queue.append(there)
        if SINK not in came:
            closed.update(came)
            return False
        here = SINK
        while (edge := came[here]) >= 0:
            self._free[edge] -= 1
            self._free[edge ^ 1] += 1
            here = self._to[edge ^ 1]
        return True
