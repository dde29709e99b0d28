"""Counts what an import asks for on its own account, so that one page or a thousand cannot send it around the world.

An address that the learner gave is asked for because it was given. What the program thinks of by itself, a rewritten address or
one that stands on a page, is counted, and all sources of one import share `Limits.import_fetches`.
"""

from __future__ import annotations

from wallet.fetch.base import Fetched, Fetcher, Want
from wallet.limits import Limits


class Metered:
    """A fetcher with the number of requests that discovery may still make in this import."""

    def __init__(self, inner: Fetcher, limits: Limits) -> None:
        self._inner = inner
        self.left = limits.import_fetches

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """As the inner fetcher does; not counted."""
        return self._inner.fetch(url, want)

    def spend(self) -> bool:
        """Take one of the requests that are left; False when there is none."""
        self.left -= 1
        return self.left >= 0


def metered(net: Fetcher | None, limits: Limits) -> Metered | None:
    """`net` with a count of its own, or as it is when it has one already."""
    return net if net is None or isinstance(net, Metered) else Metered(net, limits)
