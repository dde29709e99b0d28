"""How far one learner is on one pathway, as a row of a table: figures, open places, next steps, what will be lost. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from wallet.cohort.model import Loss, NextStep, OpenPlace, PathwayUsed, Standing, Thresholds
from wallet.pathways import plan
from wallet.pathways.candidates import Candidate, end_of
from wallet.pathways.explain import time_left
from wallet.pathways.figures import Compiled
from wallet.pathways.model import Accept, Pathway
from wallet.pathways.personal import NOBODY, Personal
from wallet.pathways.plan import days_after
from wallet.pathways.progress import evaluate
from wallet.pathways.results import HoursLeft, Missing, Progress

#: Next steps kept for a row.
_STEPS = 5


@dataclass(frozen=True, slots=True)
class UsedPathway:
    """A pathway to evaluate, and the sha256 of its file."""

    pathway: Pathway
    sha256: str

    def summary(self) -> PathwayUsed:
        """What a scan keeps of it."""
        one = self.pathway
        elements = tuple((name, str(element.name)) for name, element in one.elements.items())
        # Part of the name: wherever a draft is named it then says that it is one.
        name = str(one.name) if one.status == "published" else f"{one.name} ({one.status})"
        return PathwayUsed(one.id, name, one.version, self.sha256, elements)


@dataclass(frozen=True, slots=True)
class _Alike:
    """What learners of one shape share: the row without what is each one's own. open: its elements that may yet be refused."""

    row: Standing
    open: frozenset[str]

    def places(self, refused: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """The places with their states, for somebody of whom badges for these elements do not count."""
        if self.open.isdisjoint(refused):
            return self.row.places
        return tuple(
            [(one[0], "refused") if one[1] == "open" and one[0] in refused else one for one in self.row.places]
        )


def standing(
    learner: str,
    compiled: Compiled,
    candidates: Sequence[Candidate],
    personal: Personal,
    *,
    thresholds: Thresholds,
) -> Standing:
    """The row of one learner for one pathway, on the day for which that was compiled."""
    sketch = compiled.sketch(candidates, personal)
    if sketch is None:
        progress = compiled.evaluate(candidates, personal)
        return row(learner, progress, compiled.pathway, candidates, personal, thresholds=thresholds)
    shape = sketch.shape
    if not isinstance(shape.kept, _Alike):
        alone = row("", shape.progress, compiled.pathway, (), NOBODY, thresholds=thresholds)
        shape.kept = _Alike(alone, frozenset(name for name, state in alone.places if state == "open"))
    alike = shape.kept.row
    at_risk: tuple[Loss, ...] = ()
    horizon = days_after(compiled.at, thresholds.risk_days)
    if _ending(sketch.badges, horizon):
        now, then = (some.evaluate(candidates, personal) for some in (compiled, compiled.on(horizon)))
        at_risk = _losses(plan.compared(now, then, candidates))
    return Standing(
        learner=learner,
        pathway=alike.pathway,
        required=alike.required,
        filled=alike.filled,
        percent=alike.percent,
        verified_percent=sketch.verified.percent,
        state=alike.state,
        exact=alike.exact,
        missing=alike.missing,
        hours=alike.hours,
        hours_at_least=alike.hours_at_least,
        open=alike.open,
        steps=alike.steps,
        last=_newest(one for one, _, _ in sketch.badges),
        at_risk=at_risk,
        places=shape.kept.places(sketch.refused),
        by=tuple((name, one.id) for one, name, _ in sketch.badges),
    )


def row(
    learner: str,
    progress: Progress,
    asked: Pathway,
    candidates: Sequence[Candidate],
    personal: Personal,
    *,
    thresholds: Thresholds,
) -> Standing:
    """The same from an evaluation in full, for whoever a sketch does not do. asked: the pathway without any exception."""
    figures = progress.accepted
    by_id = {one.id: one for one in candidates}
    pathway = progress.pathway
    counting = [
        (by_id[use.id], use.place, _accept(pathway, use.place))
        for use in progress.badges
        if use.counts and use.id in by_id
    ]
    at_risk: tuple[Loss, ...] = ()
    horizon = days_after(progress.at, thresholds.risk_days)
    if _ending(counting, horizon) or progress.personal.in_force(horizon) != progress.personal:
        then = evaluate(asked, candidates, horizon, personal=personal)
        at_risk = _losses(plan.compared(progress, then, candidates))
    without = progress.without_exceptions
    places: dict[str, str] = {}
    for node in progress.nodes:
        places.setdefault(node.id, node.state)
    return Standing(
        learner=learner,
        pathway=pathway.id,
        required=figures.required,
        filled=figures.filled,
        percent=figures.percent,
        verified_percent=progress.verified.percent,
        state=progress.state,
        exact=figures.exact,
        missing=figures.missing,
        hours=progress.hours_left.hours,
        hours_at_least=progress.hours_left.at_least,
        open=tuple(_open(progress, spot) for spot in progress.missing),
        steps=_steps(progress),
        last=_newest(one for one, _, _ in counting),
        at_risk=at_risk,
        exceptions=len(progress.personal.excepted),
        forced=any(one.kind == "force-complete" for one in progress.personal.excepted),
        without=without[1].percent if without is not None else None,
        places=tuple(places.items()),
        by=tuple((use.place, use.id) for use in progress.badges if use.counts and use.place is not None),
    )


def wanted(progress: Progress) -> frozenset[str]:
    """Ids of badges that fill a place, or would if they were proven: those worth checking first."""
    return frozenset(use.id for use in progress.badges if use.counts or use.refused == "verification")


def closest(standings: Iterable[Standing]) -> str | None:
    """The pathway that is begun and nearest to its end."""
    begun = [one for one in standings if one.filled]
    best = min(begun, key=lambda one: (one.missing, one.hours, -one.percent, one.pathway), default=None)
    return best.pathway if best is not None else None


def close(missing: int, hours: HoursLeft, thresholds: Thresholds) -> bool:
    """Whether little is missing: one place, or a few that are known to take few hours."""
    few = missing <= thresholds.close_places and hours.hours <= thresholds.close_hours and not hours.at_least
    return missing == 1 or (missing > 0 and few)


def _open(progress: Progress, spot: Missing) -> OpenPlace:
    single = len(spot.elements) == 1 and not spot.short
    place = spot.elements[0] if single else spot.group
    hours = time_left(progress.pathway, (spot,))
    return OpenPlace(
        place,
        progress.pathway.name_of(place),
        spot.places + len(spot.short),
        hours.hours if hours.hours or not hours.at_least else None,
    )


def _steps(progress: Progress) -> tuple[NextStep, ...]:
    return tuple(
        NextStep(
            step.element.id,
            str(step.element.name),
            step.hours,
            step.enrol,
            step.offering.begins if step.offering is not None else None,
        )
        for step in plan.next_steps(progress)[:_STEPS]
    )


def _newest(badges: Iterable[Candidate]) -> date | None:
    return max((one.issued_on for one in badges if one.issued_on is not None), default=None)


def _accept(pathway: Pathway, place: str | None) -> Accept:
    element = pathway.elements.get(place or "")
    return element.accept.over(pathway.accept) if element is not None else pathway.accept


def _ending(counting: Iterable[tuple[Candidate, str | None, Accept]], horizon: date) -> bool:
    """Whether some badge will not count that day. Nearly always none: then a second evaluation is spared."""
    return any(end_of(one, accept) <= horizon or accept.min_remaining is not None for one, _, accept in counting)


def _losses(risk: plan.AtRisk) -> tuple[Loss, ...]:
    """Places that the same badges and records fill today and will not fill at the end of the span."""
    found: list[Loss] = []
    for lost in risk.lost:
        dated = sorted((one.ends, one.badge or "", one.record or "") for one in lost.endings if one.ends is not None)
        found += [Loss(lost.element, *each) for each in dated[: lost.places]]
    return tuple(sorted(found, key=lambda one: (one.day, one.place, one.badge, one.record)))
