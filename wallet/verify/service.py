"""Verifying one badge, or many at once: gather, then judge. The only place that knows both.

Fetching is the caller's choice of `Fetcher`: over the network, or from evidence. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from hashlib import sha256

from wallet.fetch.base import Fetcher
from wallet.limits import LIMITS, Limits
from wallet.model import Identity
from wallet.progress import Cancelled, Event, Progress, silent
from wallet.verify.crew import Crew
from wallet.verify.dossier import NO_MEMORY, Dossier, Memory, Subject
from wallet.verify.gather import Shared, gather
from wallet.verify.policy import STANDARD, named
from wallet.verify.report import Earlier, Report
from wallet.verify.run import run

_NOTHING: Mapping[str, Earlier] = {}


def verify(
    subject: Subject,
    *,
    fetcher: Fetcher,
    identities: Sequence[Identity] = (),
    policy: str = STANDARD,
    now: datetime,
    earlier: Earlier | None = None,
    offline: bool = False,
    limits: Limits = LIMITS,
    memory: Memory = NO_MEMORY,
    shared: Shared | None = None,
) -> Report:
    """The report on `subject` at `now` (aware, UTC).

    earlier: what the last conclusive run said; mentioned when nothing can be determined today. offline: `fetcher` answers
    from evidence. memory: what earlier runs saw, so that changes are announced. shared: what others of this run rest on, by the
    same fetcher and limits. Raises `UsageError` for an unknown policy and `Cancelled`; whatever is wrong with the badge is a
    finding.
    """
    named(policy)
    try:
        dossier = gather(subject, fetcher, limits, now, shared)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours leaves this badge undetermined, and the others alone
        reason = f"Gathering stumbled over a fault of badgefolio ({type(error).__name__})."
        dossier = Dossier(subject, sha256(subject.raw).hexdigest(), unsupported=reason)
    return run(dossier, identities=identities, policy=policy, now=now, earlier=earlier, offline=offline, memory=memory)


def verify_all(
    subjects: Collection[tuple[str, Subject]],
    *,
    fetcher: Fetcher,
    identities: Sequence[Identity] = (),
    policy: str = STANDARD,
    now: datetime,
    earlier: Mapping[str, Earlier] = _NOTHING,
    offline: bool = False,
    workers: int = LIMITS.workers,
    limits: Limits = LIMITS,
    progress: Progress = silent,
    memory: Memory = NO_MEMORY,
) -> Iterator[tuple[str, Report]]:
    """Reports as they come, with the caller's keys. Online in threads, because hosts are slow; offline one by one.

    `subjects` is gone through once, a few ahead of what is done, so that it may read them as it is asked. A progress function
    that raises `Cancelled` stops the work: what was handed out stays, what runs is let finish.
    """
    named(policy)
    shared = Shared()

    def one(item: tuple[str, Subject]) -> tuple[str, Report]:
        key, subject = item
        return key, verify(
            subject,
            fetcher=fetcher,
            identities=identities,
            policy=policy,
            now=now,
            earlier=earlier.get(key),
            offline=offline,
            limits=limits,
            memory=memory,
            shared=shared,
        )

    total = len(subjects)
    progress(Event("verify", 0, total))
    alone = offline or workers <= 1 or total <= 1
    results = (one(item) for item in subjects) if alone else Crew(one, workers).work(subjects)
    # Closed here and now when somebody stops: whoever hears of it may hold on to the exception, and so to this frame.
    with closing(results):
        for done, (key, report) in enumerate(results, 1):
            yield key, report
            progress(Event("verify", done, total, key))
