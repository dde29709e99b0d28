"""The cohort's table: one row for each learner and pathway, filters with their counts, stable sorts. Pure.

There is no ranking of people: the order is by name or number unless somebody asks for another one. Who holds no consent any
more is a row that says nothing but that (advisor.md sections 3 and 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wallet.cohort import figuring
from wallet.cohort.model import Learner, PathwayUsed, Scan, Standing, Thresholds
from wallet.errors import UsageError
from wallet.pathways.results import HoursLeft
from wallet.text import clean, plural


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. sentence: its rule in words, with the figures in use."""

    name: str
    sentence: Callable[[Thresholds], str]
    applies: Callable[[Learner, Standing, date, Thresholds], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One learner on one pathway. shown: name or number, clean. flags: names of the filters that apply.

    ended: the consent is past: then nothing of the row but `shown` is to be shown.
    """

    learner: Learner
    standing: Standing
    pathway: PathwayUsed
    shown: str
    flags: frozenset[str]
    ended: bool = False


def _close(_: Learner, one: Standing, __: date, limits: Thresholds) -> bool:
    return figuring.close(one.missing, HoursLeft(one.hours, one.hours_at_least), limits)


def _eligible(_: Learner, one: Standing, __: date, ___: Thresholds) -> bool:
    return one.state == "eligible"


def _stuck(_: Learner, one: Standing, at: date, limits: Thresholds) -> bool:
    begun = one.missing > 0 and one.last is not None
    return begun and one.last is not None and (at - one.last).days > limits.stuck_days


def _at_risk(_: Learner, one: Standing, __: date, ___: Thresholds) -> bool:
    return bool(one.at_risk)


def _problem(learner: Learner, _: Standing, __: date, ___: Thresholds) -> bool:
    return bool(learner.problems)


def _unchecked(_: Learner, one: Standing, __: date, ___: Thresholds) -> bool:
    return one.verified_percent != one.percent


def _no_consent(learner: Learner, _: Standing, at: date, __: Thresholds) -> bool:
    return learner.consent is None or not learner.consent.holds(at)


def _not_started(_: Learner, one: Standing, __: date, ___: Thresholds) -> bool:
    return one.filled == 0


NO_CONSENT = "no-consent"
FILTERS: tuple[Filter, ...] = (
    Filter(
        "close",
        lambda limits: (
            f"one place is missing, or at most {limits.close_places} that take at most {limits.close_hours} h together"
        ),
        _close,
    ),
    Filter("eligible", lambda _: "all parts are met and the award was not received", _eligible),
    Filter(
        "stuck",
        lambda limits: f"begun, not met, and no new badge that counts for {plural(limits.stuck_days, 'day')}",
        _stuck,
    ),
    Filter("at-risk", lambda limits: f"places will be lost within {plural(limits.risk_days, 'day')}", _at_risk),
    Filter(
        "problem",
        lambda _: "a failed check, somebody else's badge, a badge or an identity that two have, or a file",
        _problem,
    ),
    Filter("unchecked", lambda _: "the figure by verified badges alone is another one", _unchecked),
    Filter(NO_CONSENT, lambda _: "no consent is recorded, or it is past", _no_consent),
    Filter("not-started", lambda _: "no place is filled", _not_started),
)
_BY_NAME = {one.name: one for one in FILTERS}

_ORDERS: Mapping[str, Callable[[Row], tuple[float, str]]] = {
    "name": lambda _: (0, ""),
    "number": lambda row: (0, row.learner.number),
    "pathway": lambda row: (0, _folded(row.pathway.name)),
    "missing": lambda row: (row.standing.missing, ""),
    "hours": lambda row: (float(row.standing.hours), ""),
    "percent": lambda row: (-row.standing.percent, ""),
    "last": lambda row: (0, row.standing.last.isoformat() if row.standing.last is not None else "9999"),
    "risk": lambda row: (0, row.standing.at_risk[0].day.isoformat() if row.standing.at_risk else "9999"),
    "problems": lambda row: (-len(row.learner.problems), ""),
    "bundle": lambda row: (0, row.learner.bundle_date.isoformat() if row.learner.bundle_date is not None else "9999"),
    "consent": lambda row: (0, _until(row.learner)),
}
SORTS: tuple[str, ...] = tuple(_ORDERS)


def rows(
    scan: Scan,
    *,
    at: date,
    filters: Sequence[str] = (),
    pathway: str | None = None,
    sort: str = "name",
    pseudonyms: bool = False,
) -> tuple[Row, ...]:
    """The rows to which all `filters` apply, on the day `at`. pathway: only this one, by id.

    Raises `UsageError` for a filter, a sort or a pathway that there is not.
    """
    for name in filters:
        if name not in _BY_NAME:
            raise UsageError(f"There is no filter '{clean(name)}'.", f"There are: {', '.join(_BY_NAME)}.")
    if sort not in _ORDERS:
        raise UsageError(f"Rows cannot be sorted by '{clean(sort)}'.", f"There are: {', '.join(SORTS)}.")
    order = _ORDERS[sort]
    found = [row for row in _all(scan, at, pathway, pseudonyms) if row.flags.issuperset(filters)]
    # Rows that may not be shown stand where their name does: another place would tell something of them.
    return tuple(sorted(found, key=lambda row: ((0.0, "") if row.ended else order(row), _place(row))))


def counts(scan: Scan, *, at: date, pathway: str | None = None) -> Mapping[str, int]:
    """How many rows each filter keeps."""
    found = {one.name: 0 for one in FILTERS}
    for row in _all(scan, at, pathway, False):
        for name in row.flags:
            found[name] += 1
    return found


def _all(scan: Scan, at: date, pathway: str | None, pseudonyms: bool) -> list[Row]:
    pathways = {one.id: one for one in scan.pathways if pathway is None or one.id == pathway}
    if pathway is not None and not pathways:
        raise UsageError(
            f"'{clean(pathway, limit=120)}' is no pathway of this scan.", "Name one that was scanned, by its id."
        )
    learners = {one.number: one for one in scan.learners}
    found: list[Row] = []
    for standing in scan.standings:
        used, learner = pathways.get(standing.pathway), learners.get(standing.learner)
        if used is not None and learner is not None:
            shown = learner.number if pseudonyms else clean(learner.name, limit=120) or learner.number
            found.append(_row(learner, standing, used, shown, (at, scan.thresholds)))
    return found


def _row(learner: Learner, standing: Standing, pathway: PathwayUsed, shown: str, by: tuple[date, Thresholds]) -> Row:
    at, limits = by
    ended = learner.consent is not None and not learner.consent.holds(at)
    if ended:
        return Row(learner, standing, pathway, shown, frozenset({NO_CONSENT}), True)
    flags = frozenset(one.name for one in FILTERS if one.applies(learner, standing, at, limits))
    return Row(learner, standing, pathway, shown, flags)


def _place(row: Row) -> tuple[str, str, str]:
    return _folded(row.shown), row.learner.number, row.pathway.id


def _folded(text: str) -> str:
    return clean(text, limit=120).casefold()


def _until(learner: Learner) -> str:
    if learner.consent is None:
        return ""
    return learner.consent.until.isoformat() if learner.consent.until is not None else "9999"
