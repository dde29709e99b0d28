"""Verifying badges that are in the wallet: each representation by itself, the best result shown, everything recorded.

This is what `verify BADGE`, `verify --all` and the app call. It decides nothing about a badge: `wallet.verify` does. A badge
with several representations is as good as its best one, because a forged copy must not spoil a genuine one; that they disagree
is kept with the reports.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wallet.errors import NotFoundError, StoreDamagedError
from wallet.progress import Progress, silent
from wallet.verify.report import Earlier, Report, Verdict
from wallet.verify.service import verify_all

if TYPE_CHECKING:
    from wallet.fetch.base import Fetcher
    from wallet.model import Identity
    from wallet.store.wallet import Wallet
    from wallet.verify.dossier import Subject

#: Best first. A definite bad answer is better than none, but never better than a good one.
_RANK = {
    Verdict.VALID: 0,
    Verdict.EXPIRED: 1,
    Verdict.REVOKED: 2,
    Verdict.UNDETERMINED: 3,
    Verdict.INVALID: 4,
}
#: What one durable batch holds at most, and how long a result may wait for it: a kill costs this much work, never a badge.
_BATCH = 500
_SECONDS = 1.0
#: Badges whose bytes are in memory at once, at first and at most, and how much that may come to before fewer are read.
_FIRST, _AT_HAND = 16, 100
_BYTES_AT_HAND = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checked:
    """The result for one badge: its best report, and all of them in the order of its representations."""

    badge: str
    best: Report
    reports: tuple[Report, ...]


def check(
    wallet: Wallet,
    badges: Sequence[str],
    *,
    fetcher: Fetcher,
    now: datetime,
    identities: Sequence[Identity] | None = None,
    policy: str = "standard",
    offline: bool = False,
    progress: Progress = silent,
    max_age: timedelta | None = None,
    keep: bool = True,
    elapsed: Callable[[], float] = time.monotonic,
) -> Iterator[Checked]:
    """Verify `badges` (full ids), those never checked first, then those checked longest ago.

    Each result is recorded before it is yielded, in the order in which badges are done, so a run that was stopped goes on
    where it was. `max_age`: leave out badges with a conclusive answer no older than that. `identities` defaults to those in
    the wallet, with those given up: a badge awarded to an old address stays the learner's. `keep`: record; the wallet's record
    answers by the standard, so what is asked by another policy is answered and forgotten. `elapsed` counts seconds.

    Raises `StoreError` when results cannot be recorded, and, after everything else is done, when bytes of a badge are missing
    or changed; `Cancelled` from `progress` passes through after all that was answered is recorded and yielded.
    """
    mine = wallet.identities(retired=True) if identities is None else tuple(identities)
    items = _Items(wallet, due(wallet, badges, now=now, max_age=max_age))
    got: dict[str, dict[int, Report]] = {}
    ready: list[Checked] = []
    recorded_at = elapsed()
    reports_as_they_come = verify_all(
        items,
        fetcher=fetcher,
        identities=mine,
        policy=policy,
        now=now,
        earlier=_Earlier(wallet.earlier_of(items.badges)),
        offline=offline,
        progress=progress,
        memory=wallet.memory(before=now),
    )
    try:
        for key, report in reports_as_they_come:
            badge, _, number = key.rpartition("/")
            some = got.setdefault(badge, {})
            some[int(number)] = report
            if len(some) < items.forms[badge]:
                continue
            reports = tuple(some[n] for n in range(len(some)))
            del got[badge]
            ready.append(Checked(badge, best_of(reports), reports))
            if len(ready) >= _BATCH or elapsed() - recorded_at >= _SECONDS:
                done, ready = ready, []
                _record(wallet, done if keep else (), now)
                yield from done
                recorded_at = elapsed()
    except Exception:
        # What was asked before a stop was answered: keep it, then let the stop through.
        done, ready = ready, []
        _record(wallet, done if keep else (), now)
        yield from done
        raise
    finally:
        # Also when nobody wants to hear the rest, or the program is being ended.
        _record(wallet, ready if keep else (), now)
    yield from ready
    if items.unread is not None:
        raise items.unread


def due(wallet: Wallet, badges: Sequence[str], *, now: datetime, max_age: timedelta | None = None) -> tuple[str, ...]:
    """Those of `badges` that `check` would check, in its order."""
    concluded = wallet.concluded(badges)
    since = now - max_age if max_age is not None else None
    wanted = [name for name in dict.fromkeys(badges) if since is None or concluded.get(name, since) <= since]
    return tuple(sorted(wanted, key=lambda name: (name in concluded, concluded.get(name, now))))


def best_of(reports: Sequence[Report]) -> Report:
    """The report that speaks for a badge: the best verdict, the earliest representation among equals."""
    return min(reports, key=lambda report: _RANK[report.verdict])


class _Items(Collection[tuple[str, "Subject"]]):
    """Every form of every badge to check, with keys of badge and number, read a hundred badges at a time.

    forms: how many there are of each badge. unread: what kept the bytes of a badge from being read.
    """

    def __init__(self, wallet: Wallet, badges: tuple[str, ...]) -> None:
        self._wallet = wallet
        self.badges = badges
        self.forms = wallet.form_counts(badges)
        self.unread: NotFoundError | StoreDamagedError | None = None

    def __len__(self) -> int:
        return sum(self.forms.values())

    def __contains__(self, item: object) -> bool:
        return any(item == one for one in self)

    def __iter__(self) -> Iterator[tuple[str, Subject]]:
        start, many = 0, _FIRST
        while start < len(self.badges):
            found = self._read(self.badges[start : start + many])
            start += many
            # Nobody knows how large a badge is before it is read: large ones are followed by fewer.
            large = sum(_size(subject) for subjects in found.values() for subject in subjects) > _BYTES_AT_HAND
            many = max(many // 4, 1) if large else min(many * 2, _AT_HAND)
            for badge, subjects in found.items():
                self.forms[badge] = len(subjects)
                yield from ((f"{badge}/{number}", subject) for number, subject in enumerate(subjects))

    def _read(self, badges: Sequence[str]) -> dict[str, tuple[Subject, ...]]:
        try:
            return self._wallet.subjects_of(badges)
        except (NotFoundError, StoreDamagedError) as error:
            # One damaged file must not keep the others from being checked.
            if len(badges) == 1:
                self.unread = self.unread or error
                return {}
            return {name: found for badge in badges for name, found in self._read([badge]).items()}


def _size(subject: Subject) -> int:
    return len(subject.raw) + len(subject.container or b"")


class _Earlier(Mapping[str, Earlier]):
    """Earlier results by the keys of `_Items`."""

    def __init__(self, of_badges: Mapping[str, Earlier]) -> None:
        self._of_badges = of_badges

    def __getitem__(self, key: str) -> Earlier:
        return self._of_badges[key.rpartition("/")[0]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of_badges)

    def __len__(self) -> int:
        return len(self._of_badges)


def _record(wallet: Wallet, ready: Sequence[Checked], now: datetime) -> None:
    if ready:
        wallet.record_many([(one.badge, one.best) for one in ready], now=now)


def hosts(wallet: Wallet, badges: Sequence[str]) -> tuple[str, ...]:
    """The hosts (ASCII, with a port where there is one) that checking `badges` is known to contact first.

    More may follow: an issuer's key or revocation list can lie elsewhere, which only the issuer's answer tells.
    """
    found: set[str] = set()
    for badge in badges:
        row = wallet.row(badge)
        addresses = (
            row.credential_id,
            row.achievement_id,
            row.issuer_id,
            *(s.fetch_url for s in wallet.subjects(badge)),
        )
        found.update(host for address in addresses if (host := _host(address)))
    return tuple(sorted(found))


def _host(address: str | None) -> str:
    if not address or not address.lower().startswith(("http://", "https://")):
        return ""
    try:
        netloc = urlsplit(address).netloc.rpartition("@")[2].lower()
        return netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""
