"""One look at a whole cohort: take in what was handed over, check it, evaluate pathways, store what came of it.

1. Each learner's files are taken in, one learner at a time; what did not change since is left as it is.
2. Originals are checked offline with what earlier online checks gave; with a `fetcher`, those that are due are asked about
   (`wallet.cohort.asking`), and the answers that came change the checks.
3. Figures of every pathway; kept under a key of all that they hang on, so that they are worked out once.
4. The same credential in the hands of two learners is marked with both, and so is an identity that both told.

Everything that is done is kept as it is done, so a scan that was stopped goes on where it was. No clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from wallet import __version__
from wallet.cohort import forms
from wallet.cohort.checks import Freshness, check
from wallet.cohort.drawer import Drawer
from wallet.cohort.figuring import UsedPathway, close, closest, standing, wanted
from wallet.cohort.intake import card_of, given_of
from wallet.cohort.kept import Card, Given
from wallet.cohort.model import CheckedBadge, Handed, Problem, ProblemCode, Proof, Scan, Standing, Thresholds
from wallet.cohort.records import same
from wallet.cohort.scan_file import Entry, ScanFile, consent_of
from wallet.cohort.store import Cohort
from wallet.fetch.base import Fetcher
from wallet.model import Json
from wallet.pathways.figures import Compiled
from wallet.progress import Event, Progress, silent
from wallet.text import clean

__all__ = ["UsedPathway", "scan"]

_UNFINISHED = "unfinished.json"
_GOES_ON = timedelta(days=7)
#: Changes when the same badges would give other figures.
_VERSION = 1


def scan(
    cohort: Cohort,
    handed: Iterable[Handed],
    pathways: Sequence[UsedPathway],
    *,
    now: datetime,
    at: date,
    fetcher: Fetcher | None,
    max_age: timedelta | None = None,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    progress: Progress = silent,
) -> Scan:
    """Scan all learners of `handed`, which is gone through once. at: the day of the figures. fetcher: None stays offline.

    max_age: an online check that is older is made again, and counts no more while it could not be. Without it, a scan with a
    fetcher asks about everything, and one without takes every earlier answer. Raises `StoreError`, `StoreBusyError` while
    another scan runs, and `Cancelled` from `progress`: what was done by then is kept, and the same call goes on from there.
    """
    with cohort.locked("scan.lock"):
        run = _Run(cohort, pathways, at, thresholds, now)
        since = now - max_age if max_age is not None else None
        freshness = Freshness(_began(cohort, now) if fetcher is not None else None, since)
        total = len(handed) if isinstance(handed, Sized) else None
        progress(Event("cohort", 0, total))
        for done, one in enumerate(handed, 1):
            run.look_at(run.take_in(one), freshness)
            progress(Event("cohort", done, total, one.name))
        if fetcher is not None:
            from wallet.cohort.asking import ask  # the network's part, which a scan without it does not need

            learners = tuple(one for one in run.learners() if _may_be_asked(one, now.date()))
            ask(learners, cohort.shared, fetcher, freshness, run.worth, now=now, progress=progress)
            for done, drawer in enumerate(learners, 1):
                run.look_at(drawer, freshness)
                progress(Event("figures", done, len(learners), drawer.number))
        stored = run.finished()
        cohort.scan_files.put(stored)
        if fetcher is not None:
            cohort.note(_UNFINISHED, None)
        return cohort.load(stored.id)


def _began(cohort: Cohort, now: datetime) -> datetime:
    """When the asking that this scan goes on with began, or now. Kept before anything is asked.

    Which day and which pathways it was for is not asked: what hosts said is the same for all. A large cohort takes more than a
    day, but what was stopped long ago is no part of a scan of today.
    """
    try:
        began = forms.moment((cohort.noted(_UNFINISHED) or {}).get("began"))
    except forms.UNREADABLE:
        began = None
    if began is not None and now - _GOES_ON <= began <= now:
        return began
    cohort.note(_UNFINISHED, {"began": now.isoformat()})
    return now


def _may_be_asked(drawer: Drawer, today: date) -> bool:
    """Asking tells a host that somebody looks at this learner's badges: not once their consent has ended."""
    consent = consent_of(drawer.records(), drawer.card())
    return consent is None or consent.holds(today)


class _Run:
    """One scan of one cohort."""

    def __init__(
        self, cohort: Cohort, pathways: Sequence[UsedPathway], at: date, thresholds: Thresholds, now: datetime
    ) -> None:
        self._cohort, self._pathways, self._at, self._thresholds, self._now = cohort, pathways, at, thresholds, now
        self._compiled = [Compiled(one.pathway, at) for one in pathways]
        #: Keys of results, by number: all that is remembered of a learner while others are looked at.
        self._keys: dict[str, str] = {}
        #: Who told an identity, by a short name of it.
        self._told: dict[bytes, set[str]] = {}

    def take_in(self, handed: Handed) -> Drawer:
        """Keep what a learner handed over, unless it is what they handed over before and is still there to be read."""
        drawer = self._cohort.register(handed.name)
        before = drawer.card()
        same_bytes = before is not None and (before.sha256, before.files) == (handed.sha256, handed.files)
        if before is None or not same_bytes or not drawer.keeps():
            drawer.put_given(given_of(handed), handed)
            drawer.put_card(card_of(drawer.number, handed))
        elif handed.stamp.digest != drawer.looks(before):
            # Read once more, and no different: from now on that can be told without opening anything.
            drawer.put_card(replace(before, stamp=handed.stamp))
        return drawer

    def learners(self) -> Iterator[Drawer]:
        """The directories of all that were looked at, by number."""
        return (self._cohort.drawer(number) for number in sorted(self._keys))

    def look_at(self, drawer: Drawer, freshness: Freshness) -> None:
        """Check and evaluate one learner."""
        card = drawer.card()
        assert card is not None  # written a moment ago
        identities = self._cohort.identities(drawer, card)
        for one in identities:
            if one.value.strip():
                name = sha256("\0".join(same(one)).encode("utf-8", "surrogatepass")).digest()[:8]
                self._told.setdefault(name, set()).add(drawer.number)
        badges = check(
            drawer,
            self._cohort.shared,
            sha=card.sha256,
            identities=identities,
            freshness=freshness,
            now=self._now,
        )
        self._keys[drawer.number] = self._figures(drawer, card, badges)

    def _figures(self, drawer: Drawer, card: Card, badges: str) -> str:
        """Work out the figures and keep them, unless they are there; gives their key."""
        records = drawer.records()
        limits = self._thresholds
        basis: Json = [
            _VERSION,
            card.sha256,
            badges,
            self._at.isoformat(),
            [[one.pathway.id, one.sha256] for one in self._pathways],
            [limits.close_places, limits.close_hours, limits.stuck_days, limits.risk_days],
            records.basis,
        ]
        key = sha256(forms.dumps(basis)).hexdigest()
        if drawer.result(key) is not None:
            return key
        found = drawer.badges(badges) or ()
        given = drawer.given() or Given()
        rows = self._rows(drawer, found)
        oldest = min((one.checked for one in found if one.checked is not None), default=None)
        aligned = dict.fromkeys(
            one for badge in found if badge.proof is not Proof.FAILED for one in badge.candidate.alignments
        )
        drawer.put_result(
            key,
            [
                badges,
                [forms.write_problem(one) for one in (*given.problems, *_problems(found))],
                forms.iso(given.bundle_date),
                given.left_out,
                closest(rows),
                [forms.write_alignment(one) for one in aligned],
                forms.iso(oldest),
                [forms.write_standing(one) for one in rows],
            ],
        )
        return key

    def _rows(self, drawer: Drawer, badges: Sequence[CheckedBadge]) -> list[Standing]:
        records, candidates = drawer.records(), [one.candidate for one in badges]
        return [
            standing(
                drawer.number,
                one,
                candidates,
                records.personal(one.pathway),
                thresholds=self._thresholds,
            )
            for one in self._compiled
        ]

    def worth(self, drawer: Drawer) -> tuple[bool, frozenset[str]]:
        """Whether a learner is close to the end of a pathway, and ids of badges that fill a place or might."""
        records, checks = drawer.records(), drawer.checks()
        badges = (drawer.badges(checks[1]) or ()) if checks is not None else ()
        candidates = [one.candidate for one in badges]
        near, found = False, frozenset[str]()
        for one in self._compiled:
            progress = one.evaluate(candidates, records.personal(one.pathway))
            found |= wanted(progress)
            near = near or close(progress.accepted.missing, progress.hours_left, self._thresholds)
        return near, found

    def finished(self) -> ScanFile:
        """The scan as it is stored."""
        also, told = self._handed_twice(), self._told_twice()
        return ScanFile(
            self._cohort.scan_files.next(),
            self._at,
            self._now,
            tuple(one.summary() for one in self._pathways),
            self._thresholds,
            __version__,
            tuple(
                Entry(number, key, also.get(number, ()), told.get(number, ()))
                for number, key in sorted(self._keys.items())
            ),
        )

    def _told_twice(self) -> dict[str, tuple[str, ...]]:
        """Who else told an identity of a learner as their own."""
        found: dict[str, set[str]] = {}
        for numbers in self._told.values():
            for number in numbers if len(numbers) > 1 else ():
                found.setdefault(number, set()).update(numbers - {number})
        return {number: tuple(sorted(others)) for number, others in found.items()}

    def _handed_twice(self) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """Who else handed over a badge, by learner and original: the same id, the same bytes, or the same carrier."""
        # Numbers take half the room of texts, and there may be a million: who has which is asked only of those seen twice.
        seen: set[int] = set()
        shared: dict[int, set[str]] = {}
        for drawer in self.learners():
            marks = {int(mark, 16) for _, each in drawer.marks() for mark in each}
            shared.update((mark, set()) for mark in marks & seen)
            seen |= marks
        if not shared:
            return {}
        del seen
        for drawer in self.learners():
            for _, each in drawer.marks():
                for mark in each:
                    if int(mark, 16) in shared:
                        shared[int(mark, 16)].add(drawer.number)
        found: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
        for number in {one for numbers in shared.values() for one in numbers}:
            pairs = []
            for original, each in self._cohort.drawer(number).marks():
                others = {one for mark in each for one in shared.get(int(mark, 16), ())} - {number}
                if others:
                    pairs.append((original, tuple(sorted(others))))
            found[number] = tuple(sorted(pairs))
        return found


def _problems(badges: Iterable[CheckedBadge]) -> Iterator[Problem]:
    for one in badges:
        if one.proof is Proof.FAILED:
            name = clean(one.candidate.name, limit=80) or "A badge"
            code = ProblemCode.MISMATCH if one.mismatch else ProblemCode.FAILED
            yield Problem(code, f"{name}: {one.why}", one.original)
