"""Awards that came in two versions of the standard: proposed as one, never merged, because nothing in them proves it.

A platform that hands out a badge in Open Badges 2.0 and in 3.0 gives both ids of their own. That they have the same name, the
same issuer and the same day is worth a word to the learner; a name alone never is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wallet.found import Kind

if TYPE_CHECKING:
    from wallet.store.rows import BadgeRow
    from wallet.store.wallet import Wallet

_NEWER = frozenset({Kind.OB3_JSON, Kind.OB3_JWT, Kind.CLR2_JSON, Kind.CLR2_JWT})
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Alike:
    """A badge that has just come in, and one of the other version that seems to be the same award."""

    new: BadgeRow
    other: BadgeRow


def alike(wallet: Wallet, badges: Collection[str]) -> tuple[Alike, ...]:
    """For each of `badges` (full ids) the first badge of another version of the standard that looks like the same award."""
    newer: dict[tuple[str, str], list[BadgeRow]] = {}
    for row in _rows(wallet):
        if row.kind in _NEWER and (key := _key(row)) is not None:
            newer.setdefault(key, []).append(row)
    if not newer:  # the usual case: one look through the wallet and no row kept
        return ()
    pairs: dict[str, Alike] = {}
    for row in _rows(wallet):
        key = _key(row)
        if row.kind in _NEWER or key is None:
            continue
        for other in newer.get(key, ()):
            if not _same_issuer(row, other):
                continue
            for new, old in ((row, other), (other, row)):
                if new.id in badges and old.id not in pairs:
                    pairs.setdefault(new.id, Alike(new, old))
    return tuple(pairs.values())


def _rows(wallet: Wallet) -> Iterator[BadgeRow]:
    offset = 0
    while rows := wallet.list_badges(hidden=True, limit=_PAGE, offset=offset):
        yield from rows
        offset += len(rows)


def _key(row: BadgeRow) -> tuple[str, str] | None:
    name = " ".join(row.name.casefold().split())
    return (name, row.issued_on.date().isoformat()) if name and row.issued_on is not None else None


def _same_issuer(one: BadgeRow, other: BadgeRow) -> bool:
    names = [" ".join(row.issuer_name.casefold().split()) for row in (one, other)]
    hosts = [_host(row.issuer_id) for row in (one, other)]
    return (names[0] == names[1] != "") or (hosts[0] == hosts[1] != "")


def _host(address: str | None) -> str:
    try:
        return urlsplit(address or "").hostname or ""
    except ValueError:
        return ""
