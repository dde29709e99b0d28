"""Verifying badges that are in the wallet: each representation by itself, the best result shown, everything recorded.

This is what `verify BADGE`, `verify --all` and the app call. It decides nothing about a badge: `wallet.verify` does. A badge
with several representations is as good as its best one, because a forged copy must not spoil a genuine one; that they disagree
is kept with the reports.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wallet.errors import NotFoundError, StoreDamagedError
from wallet.progress import Progress, silent
from wallet.verify.report import Earlier, Report, Verdict
from wallet.verify.service import InPieces, verify_all

if TYPE_CHECKING:
    from wallet.fetch.base import Fetcher
    from wallet.model import Identity
    from wallet.store.rows import Form
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
_BATCH = 200
_SECONDS = 1.0
#: A badge whose forms come to more than this has only one of them in memory at a time.
_BYTES_AT_HAND = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Checked:
    """The result for one badge: its best report, and all of them in the order of its representations.

    Of those that are neither the best nor asked for by the caller, nothing but the verdict is kept.
    """

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
    whole: Collection[str] = (),
    keep: bool = True,
    elapsed: Callable[[], float] = time.monotonic,
) -> Iterator[Checked]:
    """Verify `badges` (full ids), those never checked first, then those checked longest ago.

    Each result is recorded before it is yielded, in the order in which badges are done, so a run that was stopped goes on
    where it was. `max_age`: leave out badges with a conclusive answer no older than that. `whole`: the sha256 of representations
    whose reports are wanted as a whole, besides the best of each badge. `identities` defaults to those in
    the wallet, with those given up: a badge awarded to an old address stays the learner's. `keep`: record; the wallet's record
    answers by the standard, so what is asked by another policy is answered and forgotten. `elapsed` counts seconds.

    Raises `StoreError` when results cannot be recorded, and, after everything else is done, when bytes of a badge are missing
    or changed; `Cancelled` from `progress` passes through after all that was answered is recorded and yielded.
    """
    mine = wallet.identities(retired=True) if identities is None else tuple(identities)
    items = _Items(wallet, due(wallet, badges, now=now, max_age=max_age))
    got: dict[str, _Forms] = {}
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
        in_copy=items.in_copy,
    )
    try:
        for key, report in reports_as_they_come:
            badge, number, forms = key.split("/")
            some = got.get(badge) or got.setdefault(badge, _Forms(whole))
            some.take(int(number), report)
            if len(some) < int(forms):
                continue
            ready.append(got.pop(badge).of(badge))
            if len(ready) >= _BATCH or elapsed() - recorded_at >= _SECONDS:
                done, ready = ready, []
                _record(wallet, done if keep else (), now)
                yield from done
                del done
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


class _Forms:
    """The reports on the forms of one badge, as they come. There may be many, and few of them stay whole."""

    def __init__(self, whole: Collection[str]) -> None:
        self._whole = whole
        self._reports: dict[int, Report] = {}
        self._best = 0

    def __len__(self) -> int:
        return len(self._reports)

    def take(self, number: int, report: Report) -> None:
        """One more report."""
        self._reports[number] = report
        if len(self) == 1:
            self._best = number
            return
        first, second = sorted((self._best, number))
        best = first if best_of([self._reports[first], self._reports[second]]) is self._reports[first] else second
        self._best, other = best, first + second - best
        if self._reports[other].raw_sha256 not in self._whole:
            self._reports[other] = replace(self._reports[other], findings=(), evidence=(), credential=None)

    def of(self, badge: str) -> Checked:
        """All of them, in the order of the forms."""
        return Checked(badge, self._reports[self._best], tuple(self._reports[n] for n in range(len(self))))


def best_of(reports: Sequence[Report]) -> Report:
    """The report that speaks for a badge: the best verdict, the earliest representation among equals."""
    return min(reports, key=lambda report: _RANK[report.verdict])


class _Items(InPieces[tuple[str, ...]]):
    """Every form of every badge to check. The key of one tells the badge, its number, and how many forms the badge has.

    unread: what kept the bytes of a badge from being read. in_copy: what a copy of this process calls before it reads. There,
    such a badge stops the piece, which is then read here, where somebody hears of it.
    """

    def __init__(self, wallet: Wallet, badges: tuple[str, ...]) -> None:
        self._wallet = wallet
        self.badges = badges
        self._count = sum(wallet.form_counts(badges).values())
        self.unread: NotFoundError | StoreDamagedError | None = None
        self.in_copy = self._enter if wallet.in_copy is not None else None
        self._copied = False

    def _enter(self) -> None:
        self._copied = True
        if self._wallet.in_copy is not None:
            self._wallet.in_copy()

    def __len__(self) -> int:
        return self._count

    def pieces(self, size: int) -> Iterator[tuple[str, ...]]:
        return (self.badges[first : first + size] for first in range(0, len(self.badges), size))

    def read(self, piece: tuple[str, ...]) -> Iterator[tuple[str, Subject]]:
        """One badge after another: nobody knows how large one is before it is read."""
        for badge, forms in self._wallet.forms_of(piece).items():
            try:
                subjects = self._subjects(forms)
            except (NotFoundError, StoreDamagedError) as error:
                if self._copied:
                    raise
                # One damaged file must not keep the others from being checked.
                self.unread = self.unread or error
                continue
            yield from ((f"{badge}/{number}/{len(forms)}", subject) for number, subject in enumerate(subjects))

    def _subjects(self, forms: Sequence[Form]) -> Iterable[Subject]:
        """The bytes of all forms, once it is known that none is missing."""
        subjects: list[Subject] = []
        size = 0
        for form in forms:
            subject = self._wallet.subject(form)
            size += len(subject.raw) + len(subject.container or b"")
            if size > _BYTES_AT_HAND:
                subjects.clear()
            subjects.append(subject)
        return subjects if len(subjects) == len(forms) else map(self._wallet.subject, forms)


class _Earlier(Mapping[str, Earlier]):
    """Earlier results by the keys of `_Items`."""

    def __init__(self, of_badges: Mapping[str, Earlier]) -> None:
        self._of_badges = of_badges

    def __getitem__(self, key: str) -> Earlier:
        return self._of_badges[key.partition("/")[0]]

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
