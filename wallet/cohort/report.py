"""A cohort as a report shows it: clean texts, days already cut to months where pseudonyms are asked for, and the method.

Exporters read only this, so what is not in it cannot leak: no e-mail, no credential id, no evidence link, no private note. A
learner whose consent has ended is counted in the method and named nowhere. One learner's own report is `learner_report`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wallet.cohort.model import CheckedBadge, Learner, PathwayUsed, Scan, Standing
from wallet.cohort.pivots import Pivot, pivot
from wallet.cohort.table import FILTERS, Row, counts, rows
from wallet.cohort.wording import badge_name, percent_words, problem_words, shown_day, state_words, step_words
from wallet.model import Json
from wallet.text import clean, plural

PIVOTS = ("missing", "states", "skills")


@dataclass(frozen=True, slots=True)
class Line:
    """One learner on one pathway. Days are ISO days or months, "" where none is known; texts are clean."""

    number: str
    shown: str
    pathway: str
    pathway_id: str
    state: str
    filled: int
    required: int
    percent: int
    verified_percent: int
    exact: bool
    missing: int
    hours: Decimal
    hours_at_least: bool
    next_step: str
    last: str
    at_risk: tuple[str, ...]
    problems: int
    handed: str
    until: str
    exceptions: int
    forced: bool
    without: int | None
    closest: str
    target: bool
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A filter with its rule as a sentence and how many rows it keeps. None: hidden, because it would tell of a few."""

    name: str
    sentence: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Expiring:
    """A place that will be lost. badge: its name, or what kind of record ends there."""

    shown: str
    pathway: str
    place: str
    day: str
    badge: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A problem of one learner. alarming: it stands in red."""

    shown: str
    code: str
    text: str
    alarming: bool


@dataclass(frozen=True, slots=True)
class CohortReport:
    """All that a report of a cohort may say. method: (label, sentence) pairs; printed with every report."""

    at: date
    scan: str
    learners: int
    pseudonyms: bool
    anonymous: bool
    lines: tuple[Line, ...]
    counted: tuple[Counted, ...]
    pivots: tuple[Pivot, ...]
    expiring: tuple[Expiring, ...]
    problems: tuple[Looked, ...]
    method: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...] = ()
    tool: str = ""

    def pivot(self, kind: str) -> Pivot:
        """One of `PIVOTS`."""
        return next(one for one in self.pivots if one.kind == kind)

    def pathway_name(self, pathway: str) -> str:
        """The clean name of a pathway by its id."""
        return dict(self.names).get(pathway, clean(pathway))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: a stable key, its heading, how its cell reads as text, and as JSON where that is no text."""

    key: str
    head: str
    text: Callable[[Line], str]
    value: Callable[[Line], Json] | None = None

    def json(self, line: Line) -> Json:
        """The cell as a number, a truth, a list or a text; null where nothing is known."""
        return self.value(line) if self.value is not None else self.text(line) or None


def _yes(said: bool) -> str:
    return "yes" if said else ""


COLUMNS = (
    Column("number", "Number", lambda line: line.number),
    Column("learner", "Learner", lambda line: line.shown),
    Column("pathway", "Pathway", lambda line: line.pathway),
    Column("pathway_id", "Pathway id", lambda line: line.pathway_id),
    Column("state", "State", lambda line: state_words(line.state), lambda line: line.state),
    Column("filled", "Filled", lambda line: str(line.filled), lambda line: line.filled),
    Column("required", "Required", lambda line: str(line.required), lambda line: line.required),
    Column("percent", "Percent", lambda line: str(line.percent), lambda line: line.percent),
    Column(
        "verified_percent",
        "Verified percent",
        lambda line: str(line.verified_percent),
        lambda line: line.verified_percent,
    ),
    Column("exact", "Exact", lambda line: "yes" if line.exact else "at least", lambda line: line.exact),
    Column("missing", "Missing", lambda line: str(line.missing), lambda line: line.missing),
    Column("hours", "Hours left", lambda line: f"{line.hours:f}", lambda line: f"{line.hours:f}"),
    Column(
        "hours_at_least",
        "Hours are a minimum",
        lambda line: _yes(line.hours_at_least),
        lambda line: line.hours_at_least,
    ),
    Column("next_step", "Next step", lambda line: line.next_step),
    Column("last_badge", "Last badge", lambda line: line.last),
    Column("at_risk", "At risk", lambda line: "; ".join(line.at_risk), lambda line: list(line.at_risk)),
    Column("problems", "Problems", lambda line: str(line.problems), lambda line: line.problems),
    Column("handed", "Bundle date", lambda line: line.handed),
    Column("consent_until", "Consent until", lambda line: line.until),
    Column("exceptions", "Exceptions", lambda line: str(line.exceptions), lambda line: line.exceptions),
    Column("forced", "By exception", lambda line: _yes(line.forced), lambda line: line.forced),
    Column(
        "percent_without",
        "Percent without exceptions",
        lambda line: "" if line.without is None else str(line.without),
        lambda line: line.without,
    ),
    Column("closest", "Closest pathway", lambda line: line.closest),
    Column("target", "Target", lambda line: _yes(line.target), lambda line: line.target),
    Column("filters", "Filters", lambda line: ", ".join(line.flags), lambda line: list(line.flags)),
)


def cohort_report(
    scan: Scan,
    *,
    at: date,
    tool: str,
    filters: Sequence[str] = (),
    pathway: str | None = None,
    sort: str = "name",
    pseudonyms: bool = False,
    anonymous: bool = False,
    closest: Mapping[str, str] | None = None,
    badges: Callable[[str], Sequence[CheckedBadge]] | None = None,
) -> CohortReport:
    """The whole report. anonymous: pivots only, small numbers hidden, no learner in any form. closest: names of pathways by id,
    for those of the library that the scan did not use. badges: of a learner by number, where the scan was loaded without."""
    used = {one.id: one for one in scan.pathways}
    names = {**(closest or {}), **{one.id: clean(one.name) or clean(one.id) for one in scan.pathways}}
    chosen = rows(scan, at=at, filters=filters, pathway=pathway, sort=sort, pseudonyms=pseudonyms)
    told = () if anonymous else tuple(row for row in chosen if not row.ended)
    known = counts(scan, at=at, pathway=pathway)
    learners = {row.learner.number: row for row in reversed(told)}
    pivots = tuple(pivot(scan, kind, at=at, pathway=pathway, anonymous=anonymous) for kind in PIVOTS)
    return CohortReport(
        at=at,
        scan=scan.id,
        learners=pivots[0].of if anonymous else len(scan.learners),
        pseudonyms=pseudonyms,
        anonymous=anonymous,
        lines=tuple(_line(row, names, pseudonyms) for row in told),
        counted=tuple(
            Counted(one.name, one.sentence(scan.thresholds), _hidden(known.get(one.name, 0), anonymous))
            for one in FILTERS
        ),
        pivots=pivots,
        expiring=tuple(
            sorted((each for row in told for each in _expiring(row, used, pseudonyms, badges)), key=_by_day)
        ),
        problems=tuple(each for row in reversed(learners.values()) for each in _problems(row, pseudonyms)),
        method=method_of(
            scan,
            at=at,
            tool=tool,
            pseudonyms=pseudonyms,
            anonymous=anonymous,
            filters=filters,
            pathway=pathway,
        ),
        names=tuple(sorted(names.items())),
        tool=tool,
    )


def _hidden(count: int, anonymous: bool) -> int | None:
    return None if anonymous else count


def _by_day(one: Expiring) -> tuple[str, str, str]:
    return one.day, one.shown, one.place


def _line(row: Row, names: Mapping[str, str], pseudonyms: bool) -> Line:
    learner, standing = row.learner, row.standing
    steps = standing.steps
    return Line(
        number=learner.number,
        shown=clean(row.shown, limit=200),
        pathway=names.get(row.pathway.id, clean(row.pathway.id)),
        pathway_id=row.pathway.id,
        state=standing.state,
        filled=standing.filled,
        required=standing.required,
        percent=standing.percent,
        verified_percent=standing.verified_percent,
        exact=standing.exact,
        missing=standing.missing,
        hours=standing.hours,
        hours_at_least=standing.hours_at_least,
        next_step=step_words(steps[0]) if steps else "",
        last=shown_day(standing.last, months=pseudonyms),
        at_risk=tuple(
            f"{_place(row.pathway, one.place)} {shown_day(one.day, months=pseudonyms)}" for one in standing.at_risk
        ),
        problems=len(learner.problems),
        handed=shown_day(learner.bundle_date, months=pseudonyms),
        until=shown_day(learner.consent.until if learner.consent is not None else None, months=pseudonyms),
        exceptions=standing.exceptions,
        forced=standing.forced,
        without=standing.without,
        closest="" if learner.closest is None else names.get(learner.closest, clean(learner.closest)),
        target=standing.target,
        flags=tuple(one.name for one in FILTERS if one.name in row.flags),
    )


def _place(pathway: PathwayUsed, place: str) -> str:
    return clean(dict(pathway.elements).get(place) or place, limit=120)


def _expiring(
    row: Row,
    used: Mapping[str, PathwayUsed],
    pseudonyms: bool,
    badges: Callable[[str], Sequence[CheckedBadge]] | None,
) -> list[Expiring]:
    if not row.standing.at_risk:
        return []
    held = row.learner.badges or (badges(row.learner.number) if badges is not None else ())
    names = {badge.candidate.id: badge_name(badge) for badge in held}
    return [
        Expiring(
            clean(row.shown, limit=200),
            clean(used[row.pathway.id].name),
            _place(row.pathway, one.place),
            shown_day(one.day, months=pseudonyms),
            one.record or names.get(one.badge, ""),
        )
        for one in row.standing.at_risk
    ]


def _problems(row: Row, pseudonyms: bool) -> list[Looked]:
    return [
        Looked(
            clean(row.shown, limit=200),
            one.code.value,
            problem_words(one, pseudonyms=pseudonyms),
            one.alarming,
        )
        for one in row.learner.problems
    ]


def consent_ended(learner: Learner, at: date) -> bool:
    """Whether nothing but that may be said of this learner."""
    return learner.consent is not None and not learner.consent.holds(at)


def exceptions_words(standings: Sequence[Standing]) -> str:
    """How many exceptions there are and for how many learners."""
    held = [one for one in standings if one.exceptions]
    if not held:
        return "none in force"
    forced = sum(one.forced for one in held)
    counted = plural(sum(one.exceptions for one in held), "exception")
    words = f"{counted} in force, for {plural(len({one.learner for one in held}), 'learner')}"
    return words + (
        f"; {forced} of these figures {'rests' if forced == 1 else 'rest'} on 'force-complete'" if forced else ""
    )


def method_of(
    scan: Scan,
    *,
    at: date,
    tool: str,
    pseudonyms: bool,
    anonymous: bool = False,
    filters: Sequence[str] = (),
    pathway: str | None = None,
    learner: str | None = None,
) -> tuple[tuple[str, str], ...]:
    """How the figures were made. learner: the method of one learner's report."""
    ended = {one.number for one in scan.learners if consent_ended(one, at)}
    used = [one for one in scan.pathways if pathway is None or one.id == pathway]
    standings = [
        one
        for one in scan.standings
        if one.learner not in ended
        and (learner is None or one.learner == learner)
        and (pathway is None or one.pathway == pathway)
    ]
    lines = [
        ("Figures for", scan.at.isoformat()),
        ("Consent and thresholds as of", at.isoformat()),
        (
            "Scan",
            f"{scan.id}, made {scan.made:%Y-%m-%d %H:%M} UTC{'' if scan.finished else ', stopped before its end'}",
        ),
    ]
    if anonymous:
        # How many there are besides may be a small number.
        counted = sum(one.consent is not None and one.consent.holds(at) for one in scan.learners)
        lines.append(("Learners", f"{counted} whose consent holds; nobody else is counted"))
    elif learner is None:
        left = f"; {plural(len(ended), 'learner')} left out because the consent has ended" if ended else ""
        lines.append(("Learners", f"{len(scan.learners)} in the scan{left}"))
    lines += [
        ("Pathway", f"{clean(one.name)}, version {clean(one.version)}, {clean(one.id)}, sha256 {one.sha256}")
        for one in used
    ]
    if learner is None:
        lines += [(f"Filter '{one.name}'", one.sentence(scan.thresholds)) for one in FILTERS]
        lines.append(("Rows", f"those that fit {' and '.join(filters)}" if filters else "all"))
    lines += [
        ("Oldest check used", shown_day(scan.oldest, months=False) or "none: nothing was asked online"),
        ("Exceptions", exceptions_words(standings) if not anonymous else "not told"),
        (
            "Verified",
            "the verified percentage counts only badges whose issuer was asked; the other one counts all that are accepted."
            " What could not be checked is neither failed nor verified",
        ),
        ("Percentages", "places filled of places required, rounded down"),
        ("Private notes", "not included"),
    ]
    if pseudonyms:
        lines.append(("Pseudonyms", "learners by number, personal days cut to the month"))
    if anonymous:
        lines.append(
            ("Small numbers", "below 5 they are hidden, and a second one where a total would give the first away")
        )
    lines.append(("Made with", clean(tool)))
    return tuple(lines)


def pivot_label(line_label: str, key: str) -> str:
    """The name of a line of a pivot."""
    return clean(line_label, limit=200) or clean(key)


def covered(line: Line) -> str:
    """A line's figure in words: with exceptions the figure without them stands beside it."""
    words = percent_words(line.percent, exact=line.exact)
    if line.without is None:
        return words
    mark = " (completed by exception)" if line.forced else ""
    return f"{words} with {plural(line.exceptions, 'exception')}, {line.without} % without{mark}"
