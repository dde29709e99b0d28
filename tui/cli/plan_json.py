"""The JSON shapes of the planning commands, as docs/json.md has them. Names and notes are foreign text as found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from wallet.model import Json

if TYPE_CHECKING:
    from wallet.pathways.model import Cost, Element, Offering, Pathway
    from wallet.pathways.plan import AtRisk, Changed, CostLeft, Differences, Ending, NextStep, WhatIf
    from wallet.pathways.results import BadgeUse, Progress
    from wallet.pathways.shortest import Finish, Step


def which(pathway: Pathway, languages: Sequence[str]) -> dict[str, Json]:
    """The pathway that an answer is about."""
    return {
        "id": pathway.id,
        "name": pathway.name.pick(*languages),
        "version": pathway.version,
        "sha256": pathway.sha256,
    }


def _head(form: str, progress: Progress, languages: Sequence[str]) -> dict[str, Json]:
    return {
        "format": form,
        "pathway": which(progress.pathway, languages),
        "at": progress.at.isoformat(),
    }


def short(progress: Progress) -> dict[str, Json]:
    """Figures and what remains, for a comparison."""
    from wallet.pathways.plan import cost_left
    from wallet.pathways.progress_json import figures_json, number

    return {
        "at": progress.at.isoformat(),
        "state": progress.state,
        "verified": figures_json(progress.verified),
        "accepted": figures_json(progress.accepted),
        "planned": figures_json(progress.planned),
        "hours_left": {"hours": number(progress.hours_left.hours), "at_least": progress.hours_left.at_least},
        "cost_left": cost_json(cost_left(progress)),
    }


def cost_json(left: CostLeft) -> dict[str, Json]:
    """Sums by currency."""
    return {"sums": [_cost(one) for one in left.sums], "at_least": left.at_least}


def _cost(cost: Cost | None) -> Json:
    return {"value": str(cost.value), "currency": cost.currency} if cost is not None else None


def _offering(offering: Offering | None) -> Json:
    if offering is None:
        return None
    return {
        "begins": offering.begins.isoformat() if offering.begins else None,
        "ends": offering.ends.isoformat() if offering.ends else None,
        "enrol_by": offering.enrol_by.isoformat() if offering.enrol_by else None,
        "place": offering.place,
        "url": offering.url,
    }


def _element(element: Element, languages: Sequence[str]) -> dict[str, Json]:
    return {
        "element": element.id,
        "name": element.name.pick(*languages),
        "hours": str(element.hours) if element.hours is not None else None,
        "cost": _cost(element.cost),
        "facilitation": element.facilitation,
        "delivery": element.delivery,
        "pace": element.pace,
    }


def next_json(progress: Progress, steps: Iterable[NextStep], languages: Sequence[str]) -> dict[str, Json]:
    """`badgefolio-pathway-next/1`."""
    from wallet.pathways.plan import cost_left

    return {
        **_head("badgefolio-pathway-next/1", progress, languages),
        "steps": [
            {
                **_element(step.element, languages),
                "places": step.places,
                "planned": step.planned,
                "offering": _offering(step.offering),
                "enrol": step.enrol,
                "ask": step.ask,
                "near": step.near,
            }
            for step in steps
        ],
        "cost_left": cost_json(cost_left(progress)),
    }


def finish_json(progress: Progress, finish: Finish, languages: Sequence[str], weeks: int | None) -> dict[str, Json]:
    """`badgefolio-pathway-finish/1`."""
    from wallet.pathways.progress_json import number

    def step_json(step: Step) -> dict[str, Json]:
        one = step.option
        return {
            "kind": "attestation" if one.word else "badge",
            "achievement": one.achievement,
            "rule": one.rule.spelled(),
            "places": list(step.places),
            "hours": number(one.hours) if one.hours is not None else None,
            "ends": one.ends.isoformat() if one.ends is not None else None,
        }

    return {
        **_head("badgefolio-pathway-finish/1", progress, languages),
        "by": finish.by,
        "exact": finish.exact,
        "badges": len(finish.steps),
        "hours": number(finish.hours),
        "at_least": finish.at_least,
        "weeks": weeks,
        "ends": finish.ends.isoformat() if finish.ends is not None else None,
        "missing": finish.missing,
        "steps": [step_json(step) for step in finish.steps],
    }


def closest_json(progresses: Iterable[Progress], languages: Sequence[str]) -> dict[str, Json]:
    """`badgefolio-pathway-closest/1`."""
    return {
        "format": "badgefolio-pathway-closest/1",
        "pathways": [{"pathway": which(one.pathway, languages), **short(one)} for one in progresses],
    }


def what_if_json(found: WhatIf, languages: Sequence[str], other: WhatIf | None = None) -> dict[str, Json]:
    """`badgefolio-pathway-what-if/1`."""
    return {
        **_head("badgefolio-pathway-what-if/1", found.before, languages),
        "before": short(found.before),
        "after": short(found.after),
        "changed": _changed(found.changed),
        "other": {"after": short(other.after), "changed": _changed(other.changed)} if other is not None else None,
    }


def _changed(changes: Iterable[Changed]) -> Json:
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "before": _standing(one.before.state, one.before.filled, one.before.required) if one.before else None,
            "after": _standing(one.after.state, one.after.filled, one.after.required) if one.after else None,
        }
        for one in changes
    ]


def _standing(state: str, filled: int, required: int) -> dict[str, Json]:
    return {"state": state, "filled": filled, "required": required}


def risk_json(found: AtRisk, days: int, languages: Sequence[str]) -> dict[str, Json]:
    """`badgefolio-pathway-risk/1`."""

    def ending(one: Ending) -> dict[str, Json]:
        ends = one.ends.isoformat() if one.ends is not None else None
        return {"badge": one.badge, "record": one.record, "ends": ends, "note": one.note}

    return {
        **_head("badgefolio-pathway-risk/1", found.now, languages),
        "days": days,
        "now": short(found.now),
        "then": short(found.then),
        "lost": [
            {"element": one.element, "places": one.places, "endings": [ending(each) for each in one.endings]}
            for one in found.lost
        ],
        "broken": list(found.broken),
        "endings": [ending(one) for one in found.endings],
    }


def diff_json(found: Differences, languages: Sequence[str]) -> dict[str, Json]:
    """`badgefolio-pathway-diff/1`."""
    return {
        "format": "badgefolio-pathway-diff/1",
        "at": found.old.at.isoformat(),
        "old": {"pathway": which(found.old.pathway, languages), **short(found.old)},
        "new": {"pathway": which(found.new.pathway, languages), **short(found.new)},
        "added": list(found.added),
        "removed": list(found.removed),
        "altered": list(found.altered),
        "changed": _changed(found.standing),
        "drops_from_met": found.drops_from_met,
    }


def explain_json(progress: Progress, badge: str | None, languages: Sequence[str]) -> dict[str, Json]:
    """`badgefolio-pathway-explain/1`. `badge`: only what concerns it."""

    def use_json(use: BadgeUse) -> dict[str, Json]:
        return {
            "id": use.id,
            "place": use.place,
            "rule": use.rule.spelled() if use.rule is not None else None,
            "strength": use.strength,
            "refused": use.refused,
            "note": use.note,
        }

    return {
        **_head("badgefolio-pathway-explain/1", progress, languages),
        "badges": [use_json(use) for use in progress.badges if badge is None or use.id == badge],
        "open": [
            {
                "element": name,
                "rules": [rule.spelled() for rule in progress.pathway.elements[name].match],
                "near": [use_json(use) for use in spot.near if use.place == name],
                "after": sorted(spot.after),
            }
            for spot in progress.missing
            for name in spot.elements
        ]
        if badge is None
        else [],
    }
