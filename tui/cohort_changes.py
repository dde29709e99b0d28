"""What changed between two scans, as both faces tell it: with names or numbers, by name, in words. Reads; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from wallet.errors import NotFoundError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.cohort.diff import Change
    from wallet.cohort.model import Scan
    from wallet.cohort.store import Cohort

KINDS = {
    "moved-up": "moved up",
    "newly-met": "newly met",
    "newly-eligible": "newly eligible",
    "lost-place": "lost a place",
    "new-problem": "new problem",
    "joined": "joined",
    "left": "left",
    "consent-ended": "consent ended",
    "gained-by-definition": "gained by a new version",
    "lost-by-definition": "lost by a new version",
}
LOSSES = frozenset({"lost-place", "new-problem", "lost-by-definition"})
#: What may be said of somebody whose consent has ended since.
_ALWAYS = frozenset({"consent-ended", "left"})


@dataclass(frozen=True, slots=True)
class Told:
    """One change for the eyes of somebody: clean texts. pathway: its name, "" for none."""

    change: Change
    shown: str
    kind: str
    pathway: str
    text: str


def scan_before(cohort: Cohort, scan: str) -> str:
    """The id of the scan before that one. Raises `NotFoundError`."""
    ids = [line.id for line in cohort.scans()]
    place = ids.index(scan) if scan in ids else 0
    if place == 0:
        raise NotFoundError(
            "There is only one scan, so nothing to compare.", "Scan again later: badgefolio cohort scan"
        )
    return ids[place - 1]


def changes(cohort: Cohort, was: Scan, now: Scan, *, at: date, pseudonyms: bool) -> tuple[Told, ...]:
    """All changes by name of learner. at: the day on which they are looked at; nothing is told of whose consent ended by then."""
    from wallet.cohort.diff import differences
    from wallet.cohort.report import consent_ended

    both = [one for scan in (was, now) for one in scan.learners]
    ended = {one.number for one in both if consent_ended(one, at)}
    names = {} if pseudonyms else {one.number: clean(one.name, limit=120) or one.number for one in both}
    pathways = {one.id: clean(one.name) or clean(one.id) for one in now.pathways}
    told = [
        Told(
            one,
            names.get(one.learner, one.learner),
            KINDS.get(one.kind, one.kind),
            pathways.get(one.pathway, clean(one.pathway)),
            _text(one, pseudonyms),
        )
        for one in differences(was, now, badges=cohort.badges)
        if one.learner not in ended or one.kind in _ALWAYS
    ]
    return tuple(sorted(told, key=lambda one: (one.shown.casefold(), one.change.learner)))


def _text(change: Change, pseudonyms: bool) -> str:
    """The sentence of a change; with pseudonyms one that names no person, no file and no day."""
    from wallet.cohort.wording import to_months

    if not pseudonyms:
        return change.text
    return "something new to look at" if change.kind == "new-problem" else to_months(change.text)
