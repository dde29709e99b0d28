"""Answers as they were on a day in the past: evidence not later than that day where there is some, else what there is now.

What was recorded later, or is served today, still tells something about that day: a badge that is published now was hardly
withdrawn before. Each answer bears its own time, so that whoever shows it can say what it rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from wallet.fetch.base import Fetched, Fetcher, Want


class AsOfFetcher:
    """A `Fetcher` for one moment. As safe for threads as `lookup` and `otherwise` are."""

    def __init__(
        self, lookup: Callable[[str, datetime], Fetched | None], *, moment: datetime, otherwise: Fetcher
    ) -> None:
        """`lookup`: the newest conclusive evidence of a URL that is not later than the moment, if there is any."""
        self._lookup, self._moment, self._otherwise = lookup, moment, otherwise

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        """The answer for `url` as it was, else as `otherwise` gives it."""
        found = self._lookup(url, self._moment)
        if found is None and "#" in url:
            found = self._lookup(url.partition("#")[0], self._moment)
        if found is not None:
            return replace(found, url=url, recorded=True)
        return self._otherwise.fetch(url, want)
