"""Which of the issuers that a wallet knows could be taken for another one of them: by their names or by their hosts. Pure.

A likeness is pointed out and nothing follows from it: two departments of one college may well share a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from wallet.text import clean
from wallet.verify.confusable import alike_hosts, same_name
from wallet.verify.findings import day


class Known(Protocol):
    """What is compared of an issuer; `names` is foreign text, `host` ASCII."""

    @property
    def id(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def first_seen(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Likeness:
    """That an issuer could be taken for `other` (an id). `said`: a clean part of a sentence."""

    other: str
    said: str


_NEVER = datetime.max.replace(tzinfo=UTC)


def lookalikes(issuers: Sequence[Known]) -> dict[str, tuple[Likeness, ...]]:
    """By id, whom each issuer could be taken for, as far as the other one was known no later."""
    found: dict[str, tuple[Likeness, ...]] = {}
    for one in issuers:
        likenesses = tuple(
            Likeness(other.id, said)
            for other in issuers
            if other.id != one.id and (other.first_seen or _NEVER) <= (one.first_seen or _NEVER)
            for said in (_likeness(one, other),)
            if said is not None
        )
        if likenesses:
            found[one.id] = likenesses
    return found


def _likeness(one: Known, other: Known) -> str | None:
    if one.host == other.host:
        return None  # whoever runs a host can name its pages as they like
    known = f"known since {day(other.first_seen)}" if other.first_seen is not None else "never proven"
    if one.host and other.host and alike_hosts(one.host, other.host):
        return f"its host looks like {clean(other.host)}, {known}"
    if any(same_name(mine, theirs) for mine in one.names for theirs in other.names):
        return f"it has the name of the issuer on {clean(other.host) or clean(other.id)}, {known}"
    return None
