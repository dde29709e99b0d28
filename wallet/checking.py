"""Verifying badges that are in the wallet: each representation by itself, the best result shown, everything recorded.

This is what `verify BADGE`, `verify --all` and the app call. It decides nothing about a badge: `wallet.verify` does. A badge
with several representations is as good as its best one, because a forged copy must not spoil a genuine one; that they disagree
is kept with the reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wallet.progress import Cancelled, Progress, silent
from wallet.verify.report import Earlier, Report, Verdict
from wallet.verify.service import verify_all

if TYPE_CHECKING:
    from wallet.fetch.base import Fetcher
    from wallet.model import Identity
    from wallet.store.wallet import Wallet

#: Best first. A definite bad answer is better than none, but never better than a good one.
_RANK = {
    Verdict.VALID: 0,
    Verdict.EXPIRED: 1,
    Verdict.REVOKED: 2,
    Verdict.UNDETERMINED: 3,
    Verdict.INVALID: 4,
}
#: Reports that one durable batch holds: what a kill can cost is at most this much work, never a badge.
_BATCH = 200
_FIRST_BATCH = 8


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
) -> Iterator[Checked]:
    """Verify `badges` (full ids) and record each result before it is yielded, in the order in which badges are done.

    `identities` defaults to those in the wallet, with those given up: a badge awarded to an old address stays the learner's.
    Raises `StoreError` when results cannot be recorded; `Cancelled` from
    `progress` passes through after all that was answered is recorded and yielded.
    """
    mine = wallet.identities(retired=True) if identities is None else tuple(identities)
    subjects = {badge: wallet.subjects(badge) for badge in badges}
    earlier = {badge: known for badge in badges if (known := wallet.earlier(badge)) is not None}
    items = [(f"{badge}/{n}", subject) for badge in badges for n, subject in enumerate(subjects[badge])]
    pending = {badge: len(subjects[badge]) for badge in badges}
    got: dict[str, dict[int, Report]] = {badge: {} for badge in badges}
    ready: list[Checked] = []
    recorded = 0
    reports_as_they_come = verify_all(
        items,
        fetcher=fetcher,
        identities=mine,
        policy=policy,
        now=now,
        earlier=_for_each(items, earlier),
        offline=offline,
        progress=progress,
    )
    try:
        for key, report in reports_as_they_come:
            badge, _, number = key.rpartition("/")
            got[badge][int(number)] = report
            if len(got[badge]) < pending[badge]:
                continue
            reports = tuple(got[badge][n] for n in range(pending[badge]))
            ready.append(Checked(badge, best_of(reports), reports))
            # Batches grow, so that the first results are seen at once and a thousand cost few writes.
            if len(ready) >= min(max(recorded, _FIRST_BATCH), _BATCH):
                done, ready = ready, []
                recorded += len(done)
                yield from _recorded(wallet, done, now)
    except Cancelled:
        # What was asked before the stop was answered: keep it, then let the stop through.
        yield from _recorded(wallet, ready, now)
        raise
    yield from _recorded(wallet, ready, now)


def best_of(reports: Sequence[Report]) -> Report:
    """The report that speaks for a badge: the best verdict, the earliest representation among equals."""
    return min(reports, key=lambda report: _RANK[report.verdict])


def _for_each(items: Sequence[tuple[str, object]], earlier: Mapping[str, Earlier]) -> Mapping[str, Earlier]:
    return {key: earlier[badge] for key, _ in items if (badge := key.rpartition("/")[0]) in earlier}


def _recorded(wallet: Wallet, ready: Sequence[Checked], now: datetime) -> Sequence[Checked]:
    if ready:
        wallet.record_many([(one.badge, one.best) for one in ready], now=now)
    return ready


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
