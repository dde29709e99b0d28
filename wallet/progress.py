"""How long work tells that it goes on, and how it is told to stop.

The core calls a `Progress` with an `Event` whenever something is done. A face draws it, a library user leaves it at
`silent`. A progress function that raises `Cancelled` stops the work at the next safe point: whatever was announced as
done stays done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Cancelled(Exception):  # noqa: N818 - not an error: the learner asked for it
    """The learner asked to stop. Not a `WalletError`: nothing went wrong."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step: `done` of `total` (None when nobody knows the total yet) in `stage`; `item` is foreign text."""

    stage: str
    done: int
    total: int | None = None
    item: str = ""


Progress = Callable[[Event], None]


def silent(event: Event) -> None:
    """Report to nobody."""
