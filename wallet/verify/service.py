"""Verifying one badge, or many at once: gather, then judge. The only place that knows both.

Fetching is the caller's choice of `Fetcher`: over the network, or from evidence. Nothing is stored here.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Generic, TypeVar

from wallet import forks
from wallet.fetch.base import Fetched, Fetcher
from wallet.limits import LIMITS, Limits
from wallet.model import Achievement, Credential, Criteria, Identity, Image, Profile, Recipient, Verification
from wallet.progress import Cancelled, Event, Progress, silent
from wallet.verify.crew import Crew
from wallet.verify.dossier import NO_MEMORY, Dossier, Memory, Subject
from wallet.verify.gather import Shared, gather
from wallet.verify.policy import STANDARD, named
from wallet.verify.report import Earlier, Evidence, Finding, Report, Seen
from wallet.verify.run import run_several

P = TypeVar("P")

#: What is said of a badge beside its report.
_SHOWN = (Credential, Achievement, Profile, Recipient, Verification, Criteria, Image)

#: What is known of a badge before it is judged: its key, the facts, and what the last conclusive run said.
_Begun = tuple[str, Dossier, Earlier | None]

_NOTHING: Mapping[str, Earlier] = {}
#: From how many badges on copies of the process are worth what they cost.
_WORTH = 100
#: How many a copy is given at a time: in many pieces all copies are done at once, in few what each costs is paid seldom.
_PIECES, _LEAST, _MOST = 25, 25, 250
#: How many are gathered before they are judged, and how many bytes of badges and pictures that may be.
_FEW, _FEW_BYTES = 16, 2**20


class InPieces(Collection[tuple[str, Subject]], Generic[P]):
    """Keys and subjects that a copy of this process can read by itself, when it is told which."""

    @abstractmethod
    def pieces(self, size: int) -> Iterator[P]:
        """What to tell it: all there is, some `size` subjects at a time."""

    @abstractmethod
    def read(self, piece: P) -> Iterable[tuple[str, Subject]]:
        """The subjects of a piece."""

    def __iter__(self) -> Iterator[tuple[str, Subject]]:
        return chain.from_iterable(map(self.read, self.pieces(_LEAST)))

    def __contains__(self, item: object) -> bool:
        return any(item == one for one in self)


class _AtHand(InPieces[range]):
    """Subjects that are in memory, and so in that of every copy."""

    def __init__(self, subjects: Sequence[tuple[str, Subject]]) -> None:
        self._subjects = subjects

    def __len__(self) -> int:
        return len(self._subjects)

    def pieces(self, size: int) -> Iterator[range]:
        return (range(first, min(first + size, len(self))) for first in range(0, len(self), size))

    def read(self, piece: range) -> Iterable[tuple[str, Subject]]:
        return self._subjects[piece.start : piece.stop]


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
    how = _How(fetcher, identities, policy, now, offline, limits, memory)
    return how.judged(how.gathered(subject, shared), earlier)


@dataclass(frozen=True, slots=True)
class _How:
    """What holds for every badge of a run. A fault of ours leaves one badge undetermined, and the others alone."""

    fetcher: Fetcher
    identities: Sequence[Identity]
    policy: str
    now: datetime
    offline: bool
    limits: Limits
    memory: Memory

    def gathered(self, subject: Subject, shared: Shared | None) -> Dossier:
        try:
            return gather(subject, self.fetcher, self.limits, self.now, shared)
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 - see the class
            return _stumbled(subject, error)

    def judged(self, dossier: Dossier, earlier: Earlier | None) -> Report:
        try:
            (report,) = self._run([(dossier, earlier)])
        except Exception as error:  # noqa: BLE001 - see the class
            (report,) = self._run([(_stumbled(dossier.subject, error), earlier)])
        return report

    def several(self, dossiers: Sequence[tuple[Dossier, Earlier | None]]) -> list[Report]:
        try:
            return self._run(dossiers)
        except Exception:  # noqa: BLE001 - each by itself, so that the others are left alone
            return [self.judged(*one) for one in dossiers]

    def _run(self, dossiers: Sequence[tuple[Dossier, Earlier | None]]) -> list[Report]:
        return run_several(
            dossiers,
            identities=self.identities,
            policy=self.policy,
            now=self.now,
            offline=self.offline,
            memory=self.memory,
        )


def _stumbled(subject: Subject, error: Exception) -> Dossier:
    reason = f"Verifying stumbled over a fault of badgefolio ({type(error).__name__})."
    return Dossier(subject, sha256(subject.raw).hexdigest(), unsupported=reason)


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
    in_copy: Callable[[], None] | None = None,
) -> Iterator[tuple[str, Report]]:
    """Reports as they come, with the caller's keys. Online in threads, because hosts are slow; offline in order.

    `subjects` is gone through once, a few ahead of what is done, so that it may read them as it is asked. in_copy: offline,
    copies of this process may share the work, and each calls this first; None: they may not. A progress function that raises
    `Cancelled` stops the work: what was handed out stays, what runs is let finish.
    """
    named(policy)
    how = _How(fetcher, identities, policy, now, offline, limits, memory)
    # A fetcher is made for one run: it asks for each URL once, and evidence does not change meanwhile.
    shared = Shared(steady=True)

    def begin(item: tuple[str, Subject]) -> _Begun:
        key, subject = item
        return key, how.gathered(subject, shared), earlier.get(key)

    def finish(begun: Sequence[_Begun]) -> Iterable[tuple[str, Report]]:
        keys = [key for key, _, _ in begun]
        return zip(keys, how.several([(dossier, before) for _, dossier, before in begun]), strict=True)

    def several(some: Iterable[tuple[str, Subject]]) -> Generator[tuple[str, Report]]:
        # Gathering a few before they are judged keeps what either needs in the processor's cache: a tenth of all time.
        for few in _few(some):
            yield from finish([begin(item) for item in few])

    total = len(subjects)
    progress(Event("verify", 0, total))
    results: Generator[tuple[str, Report]]
    if not offline:
        # Also when there is no other thread: no result waits for what a slow host says about the next badge.
        alone = workers <= 1 or total <= 1
        results = (
            (one for item in subjects for one in finish([begin(item)]))
            if alone
            else Crew(begin, finish, workers).work(subjects)
        )
    elif in_copy is not None and total >= _WORTH:
        results = _spread(several, subjects if isinstance(subjects, InPieces) else _AtHand(tuple(subjects)), in_copy)
    else:
        results = several(subjects)
    # Closed here and now when somebody stops: whoever hears of it may hold on to the exception, and so to this frame.
    with closing(results):
        for done, (key, report) in enumerate(results, 1):
            yield key, report
            progress(Event("verify", done, total, key))


def _few(subjects: Iterable[tuple[str, Subject]]) -> Iterator[list[tuple[str, Subject]]]:
    """Neighbours, in their order: `_FEW`, or fewer when they are large."""
    some: list[tuple[str, Subject]] = []
    weight = 0
    for item in subjects:
        some.append(item)
        weight += len(item[1].raw) + len(item[1].container or b"")
        if len(some) >= _FEW or weight >= _FEW_BYTES:
            yield some
            some, weight = [], 0
    if some:
        yield some


def _spread(
    several: Callable[[Iterable[tuple[str, Subject]]], Iterable[tuple[str, Report]]],
    subjects: InPieces[P],
    in_copy: Callable[[], None],
) -> Generator[tuple[str, Report]]:
    """Reports in order, made by copies of this process."""

    def act(piece: P) -> list[tuple[str, Report]]:
        return list(several(subjects.read(piece)))

    forks.light(Report, Finding, Evidence, Fetched, Seen, *_SHOWN)
    pieces = subjects.pieces(min(max(len(subjects) // _PIECES, _LEAST), _MOST))
    with closing(forks.spread(act, pieces, enter=in_copy, processes=forks.workers())) as results:
        for reports in results:
            yield from reports
