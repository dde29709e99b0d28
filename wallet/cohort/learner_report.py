"""One learner as a page or a letter shows them: how far, by what, why not, what next, what will lapse. Pure.

Holds the advisor's feedback where that is wanted and never their notes: the function is not given any. With pseudonyms feedback,
reasons and names of people stay out, because nobody can tell what such texts give away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wallet.cohort.model import CheckedBadge, Learner, NextStep, PathwayUsed, Proof, Scan, Standing
from wallet.cohort.report import method_of
from wallet.cohort.wording import (
    badge_name,
    hours_words,
    left_words,
    percent_words,
    problem_words,
    proof_words,
    shown_day,
    state_words,
    to_months,
)
from wallet.pathways.personal import Attested
from wallet.pathways.results import NodeState, Progress
from wallet.text import clean, plural


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """One place of the tree. by: badges that fill it, each with how far it is proven. note: why not, or under what condition."""

    id: str
    name: str
    depth: int
    group: bool
    state: str
    filled: int
    required: int
    by: tuple[str, ...] = ()
    note: str = ""
    optional: bool = False

    @property
    def met(self) -> bool:
        """Whether nothing is left to do here."""
        return self.state == "met"


@dataclass(frozen=True, slots=True)
class LossTold:
    """A place that will be empty again. what: what ends, as a word: a badge, an exception or an attestation."""

    place: str
    day: str
    what: str


@dataclass(frozen=True, slots=True)
class StepTold:
    """What to do next. link: as the pathway's publisher wrote it; whoever prints it decides whether it may be printed.

    place: id of the element.
    """

    name: str
    hours: Decimal | None
    link: str | None
    begins: date | None
    place: str = ""

    @property
    def hours_words(self) -> str:
        """What it takes."""
        return hours_words(self.hours)

    @property
    def begins_words(self) -> str:
        """When it begins next, "" where that is not stated."""
        return f"begins {self.begins}" if self.begins is not None else ""


@dataclass(frozen=True, slots=True)
class PathwayTold:
    """One pathway for one learner. Days are ISO days or months."""

    id: str
    name: str
    version: str
    state: str
    filled: int
    required: int
    percent: int
    verified_percent: int
    exact: bool
    missing: int
    left: str
    target: bool
    places: tuple[PlaceTold, ...]
    exceptions: tuple[str, ...]
    without: int | None
    steps: tuple[StepTold, ...]
    losses: tuple[LossTold, ...]

    @property
    def figure(self) -> str:
        """The percentage in words."""
        return percent_words(self.percent, exact=self.exact)


@dataclass(frozen=True, slots=True)
class BadgeTold:
    """One badge. alarm: why it stands in red, "" for no reason. good: proven and not failed."""

    name: str
    issuer: str
    issued: str
    expires: str
    proof: str
    kind: Proof
    alarm: str


@dataclass(frozen=True, slots=True)
class LearnerReport:
    """All that a report of one learner may say."""

    number: str
    shown: str
    at: date
    pseudonyms: bool
    pathways: tuple[PathwayTold, ...]
    badges: tuple[BadgeTold, ...]
    problems: tuple[str, ...]
    feedback: tuple[tuple[str, str], ...]
    handed: str
    until: str
    method: tuple[tuple[str, str], ...]
    tool: str = ""


def learner_report(
    scan: Scan,
    learner: Learner,
    *,
    at: date,
    tool: str,
    progresses: Mapping[str, Progress],
    pathways: Sequence[str] = (),
    feedback: Sequence[tuple[date, str]] = (),
    pseudonyms: bool = False,
    language: str | None = None,
) -> LearnerReport:
    """The report. progresses: by pathway id, from the full engine; where one is not at hand, places come without reasons.

    learner: with their badges. pathways: only these (default: all of the scan). feedback: (day, text), oldest first.
    """
    used = {one.id: one for one in scan.pathways}
    mine = [
        one
        for one in scan.standings
        if one.learner == learner.number and one.pathway in used and (not pathways or one.pathway in pathways)
    ]
    teller = _Teller(
        {one.candidate.id: one for one in learner.badges}, pseudonyms, (language,) if language is not None else ()
    )
    told = tuple(teller.pathway(one, used[one.pathway], progresses.get(one.pathway)) for one in mine)
    method = method_of(scan, at=at, tool=tool, pseudonyms=pseudonyms, learner=learner.number)
    words = "not included" if pseudonyms or not feedback else "included"
    return LearnerReport(
        number=learner.number,
        shown=learner.number if pseudonyms else clean(learner.name, limit=200) or learner.number,
        at=scan.at,
        pseudonyms=pseudonyms,
        pathways=tuple(sorted(told, key=lambda one: not one.target)),
        badges=tuple(
            _badge(one, pseudonyms)
            for one in sorted(learner.badges, key=lambda one: (one.candidate.name.casefold(), one.candidate.id))
        ),
        problems=tuple(dict.fromkeys(problem_words(one, pseudonyms=pseudonyms) for one in learner.problems)),
        feedback=() if pseudonyms else tuple((day.isoformat(), clean(text, lines=True)) for day, text in feedback),
        handed=shown_day(learner.bundle_date, months=pseudonyms),
        until=shown_day(learner.consent.until if learner.consent is not None else None, months=pseudonyms),
        method=(*method[:-1], ("Feedback", words), method[-1]),
        tool=tool,
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one pathway after the other of the same learner."""

    badges: Mapping[str, CheckedBadge]
    pseudonyms: bool
    languages: tuple[str, ...]

    def pathway(self, standing: Standing, used: PathwayUsed, progress: Progress | None) -> PathwayTold:
        """One pathway."""
        elements = dict(used.elements)
        return PathwayTold(
            id=used.id,
            name=clean(used.name) or clean(used.id),
            version=clean(used.version),
            state=standing.state,
            filled=standing.filled,
            required=standing.required,
            percent=standing.percent,
            verified_percent=standing.verified_percent,
            exact=standing.exact,
            missing=standing.missing,
            left=left_words(standing.missing, standing.hours, at_least=standing.hours_at_least),
            target=standing.target,
            places=self._tree(progress) if progress is not None else _flat(standing, elements),
            exceptions=self._exceptions(standing, progress),
            without=standing.without,
            steps=tuple(_step(one) for one in standing.steps),
            losses=tuple(
                LossTold(
                    clean(elements.get(one.place) or one.place, limit=200),
                    shown_day(one.day, months=self.pseudonyms),
                    one.what,
                )
                for one in standing.at_risk
            ),
        )

    def _tree(self, progress: Progress) -> tuple[PlaceTold, ...]:
        words = {one.place: one for one in progress.personal.attested}
        return tuple(
            PlaceTold(
                node.id,
                clean(node.name.pick(*self.languages), limit=300) or clean(node.id),
                node.depth - 1,
                node.kind == "group",
                node.state,
                node.filled,
                node.required,
                tuple(self._by(self.badges.get(key)) for key in node.by),
                self._note(node, words.get(node.id)),
                node.optional,
            )
            for node in progress.nodes
            if node.depth
        )

    def _by(self, badge: CheckedBadge | None) -> str:
        if badge is None:
            return "a badge"
        return f"{badge_name(badge)} ({proof_words(badge, months=self.pseudonyms)})"

    def _note(self, node: NodeState, said: Attested | None) -> str:
        if node.attested and said is not None:
            role = clean(said.role)
            if self.pseudonyms:
                return f"attested by an {role}, not by a badge"
            return (
                f"attested by {clean(said.who, limit=80)} ({role}) on {said.recorded}: {clean(said.reason, limit=300)}"
            )
        return to_months(node.note) if self.pseudonyms else node.note

    def _exceptions(self, standing: Standing, progress: Progress | None) -> tuple[str, ...]:
        if progress is None:
            return (plural(standing.exceptions, "exception"),) if standing.exceptions else ()
        names = {key: badge_name(one) for key, one in self.badges.items()}
        return tuple(
            f"{clean(progress.pathway.name_of(one.place, *self.languages))}: "
            + (one.kind.replace("-", " ") if self.pseudonyms else one.sentence(names))
            for one in progress.personal.excepted
        )


def _flat(standing: Standing, elements: Mapping[str, str]) -> tuple[PlaceTold, ...]:
    """What a scan keeps of the places, where the pathway's file is not at hand."""
    return tuple(
        PlaceTold(place, clean(elements[place]), 0, False, state, int(state == "met"), 1)
        for place, state in standing.places
        if place in elements
    )


def _step(one: NextStep) -> StepTold:
    return StepTold(clean(one.name, limit=200) or clean(one.place), one.hours, one.link, one.begins, one.place)


def _badge(one: CheckedBadge, pseudonyms: bool) -> BadgeTold:
    alarms = ["awarded to somebody else"] if one.mismatch else []
    if one.also:
        alarms.append(f"also handed over by {', '.join(one.also)}")
    return BadgeTold(
        name=badge_name(one),
        issuer=clean(one.candidate.issuer_name, limit=200),
        issued=shown_day(one.candidate.issued_on, months=pseudonyms),
        expires=shown_day(one.candidate.expires, months=pseudonyms),
        proof=proof_words(one, months=pseudonyms),
        kind=one.proof,
        alarm="; ".join(alarms),
    )


def state_sentence(one: PathwayTold) -> str:
    """Where the learner stands on a pathway, in one plain sentence."""
    if one.state == "met":
        return "Everything is done."
    if one.state == "eligible":
        return "All parts are done; the award itself has not been received yet."
    if not one.filled:
        return f"Nothing is begun yet; what is left: {one.left}."
    return f"{state_words(one.state).capitalize()}; what is left: {one.left}."
