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
from wallet.pathways.model import Pathway
from wallet.pathways.personal import Personal
from wallet.pathways.plan import days_after
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


def standing(
    learner: str,
    compiled: Compiled,
    candidates: Sequence[Candidate],
    personal: Personal,
    *,
    thresholds: Thresholds,
) -> Standing:
    """The row of one learner for one pathway, on the day for which that was compiled."""
    pathway, at = compiled.pathway, compiled.at
    progress = compiled.evaluate(candidates, personal)
    figures = progress.accepted
    by_id = {one.id: one for one in candidates}
    counting = [by_id[use.id] for use in progress.badges if use.counts and use.id in by_id]
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
        last=max((one.issued_on for one in counting if one.issued_on is not None), default=None),
        at_risk=_at_risk(progress, candidates, personal, at, thresholds.risk_days),
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


def _at_risk(
    progress: Progress, candidates: Sequence[Candidate], personal: Personal, at: date, days: int
) -> tuple[Loss, ...]:
    """Places that the same badges fill today and will not fill at the end of the span."""
    pathway, horizon = progress.pathway, days_after(at, days)
    by_id = {one.id: one for one in candidates}
    ending = False
    for use in progress.badges:
        if use.counts and use.place is not None and use.id in by_id:
            element = pathway.elements.get(use.place)
            accept = element.accept.over(pathway.accept) if element is not None else pathway.accept
            ending = ending or end_of(by_id[use.id], accept) <= horizon or accept.min_remaining is not None
    if not ending:  # nearly always: a second evaluation is spared
        return ()
    found: list[Loss] = []
    for lost in plan.at_risk(pathway, candidates, at, days=days, personal=personal).lost:
        dated = sorted((one.ends, one.badge) for one in lost.endings if one.ends is not None)
        found += [Loss(lost.element, ends, badge) for ends, badge in dated[: lost.places]]
    return tuple(sorted(found, key=lambda one: (one.day, one.place, one.badge)))
