"""Pathway figures made ready to be shown, and what a pathway says about the badges that fill it. Pure.

A badge that the learner did not choose for the export is not named, although it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from exporters.details import PathwayDetails
from exporters.model import PathwayShown, PlaceShown
from exporters.words import long_day, public_link
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.model import Element, Group, Offering, Pathway
    from wallet.pathways.results import NodeState, Progress

NOT_SHOWN = "a badge that is not part of this portfolio"
_STATES = {"refused": "a badge does not count here", "blocked": "after an earlier step", "planned": "planned"}


def shown_pathways(
    progresses: Sequence[Progress], names: Mapping[str, str], language: str | None = None
) -> tuple[tuple[PathwayShown, ...], dict[str, tuple[PathwayDetails, ...]]]:
    """The pathways, and by badge id what they state of it. `names`: clean names of the badges that are exported."""
    details: dict[str, list[PathwayDetails]] = {}
    for progress in progresses:
        title = clean(progress.pathway.name.pick(*_wanted(language)))
        for node in progress.nodes:
            element = progress.pathway.elements.get(node.id)
            if element is None:
                continue
            for badge_id in node.by:
                stated = _stated(progress.pathway, element, title, language)
                if stated not in details.setdefault(badge_id, []):
                    details[badge_id].append(stated)
    return (
        tuple(_shown(progress, names, language) for progress in progresses),
        {badge_id: tuple(stated) for badge_id, stated in details.items()},
    )


def _wanted(language: str | None) -> tuple[str, ...]:
    return (language,) if language else ()


def _shown(progress: Progress, names: Mapping[str, str], language: str | None) -> PathwayShown:
    pathway, figures = progress.pathway, progress.accepted
    notes: list[str] = []
    if progress.verified != figures:
        notes.append(f"With verified badges alone: {progress.verified.filled} of {progress.verified.required}.")
    if not figures.exact:
        notes.append(
            f"At least {figures.percent} %, at most {figures.most_percent} %: there are too many ways to count."
        )
    notes.extend(
        f"{clean(q.name.pick(*_wanted(language)))}: {_RELATIONS.get(q.relation, clean(q.relation))}"
        f"{f', decided by {clean(q.awarded_by)}' if q.awarded_by else ''}."
        for q in pathway.qualifications
    )
    return PathwayShown(
        id=clean(pathway.id),
        name=clean(pathway.name.pick(*_wanted(language))),
        filled=figures.filled,
        required=figures.required,
        percent=figures.percent,
        met=figures.met,
        at=long_day(progress.at),
        description=clean(pathway.description.pick(*_wanted(language)), limit=2_000),
        publisher=clean(pathway.publisher.name) if pathway.publisher is not None else None,
        url=public_link(pathway.url),
        draft=pathway.status == "draft",
        places=tuple(
            place for child in progress.root.children for place in _places(progress.pathway, child, names, language)
        ),
        notes=tuple(notes),
    )


_RELATIONS = {
    "standalone": "this pathway stands on its own beside it",
    "component": "this pathway is a component of it",
    "alternate": "this pathway is an alternate to it",
    "complementary": "this pathway complements it",
    "additional": "this pathway is additional to it",
}


def _places(pathway: Pathway, node: NodeState, names: Mapping[str, str], language: str | None) -> list[PlaceShown]:
    group = pathway.groups.get(node.id) if node.kind == "group" else None
    known = [names[badge_id] for badge_id in node.by if badge_id in names]
    if len(known) < len(node.by):
        known.append(NOT_SHOWN)
    here = PlaceShown(
        name=clean(node.name.pick(*_wanted(language))) or clean(node.id),
        depth=max(node.depth - 1, 0),
        met=node.state == "met",
        filled=node.filled,
        required=node.required,
        is_group=group is not None,
        optional=node.optional,
        rule=_rule(group) if group is not None else "",
        state=_STATES.get(node.state, ""),
        badges=tuple(known),
    )
    return [here, *(place for child in node.children for place in _places(pathway, child, names, language))]


def _rule(group: Group) -> str:
    need = group.need
    if need.children is not None:
        return f"any {need.children} of {len(group.counted)}"
    sums = [plural(need.count, "badge")] if need.count is not None else []
    if need.hours is not None:
        sums.append(_hours(need.hours))
    if need.credits is not None:
        sums.append(f"{need.credits.normalize():f} {clean(need.unit or 'credits')}")
    return " and ".join(sums)


def _stated(pathway: Pathway, element: Element, title: str, language: str | None) -> PathwayDetails:
    wanted = _wanted(language)
    time = [_hours(element.hours)] if element.hours is not None else []
    if element.credit is not None:
        unit = pathway.credit_units.get(element.credit.unit)
        name = clean(unit.name.pick(*wanted)) if unit is not None else ""
        time.append(f"{element.credit.value.normalize():f} {name or clean(element.credit.unit)}")
    manner = [_word(word) for word in (element.facilitation, element.delivery, element.pace) if word]
    relations = [
        f"{clean(q.name.pick(*wanted))} ({_RELATIONS.get(q.relation, clean(q.relation))})"
        for q in pathway.qualifications
    ]
    return PathwayDetails(
        pathway=title,
        outcomes=(
            *(clean(outcome.pick(*wanted)) for outcome in element.outcomes),
            *(clean(a.target_name.pick(*wanted)) or clean(a.target_code or "") for a in element.competencies),
        ),
        criteria_url=public_link(element.criteria_url),
        qualification=", ".join(relations) or None,
        dates=tuple(dict.fromkeys(filter(None, (_dates(offering) for offering in element.offering)))),
        time=tuple(time),
        facilitator=clean(element.facilitator) or None if element.facilitator else None,
        facilitation=tuple(manner),
    )


def _word(word: str) -> str:
    return clean(word).replace("-", " ")


def _hours(hours: Decimal) -> str:
    return f"{hours.normalize():f} {'hour' if hours == 1 else 'hours'}"


def _dates(offering: Offering) -> str:
    if offering.begins is not None and offering.ends is not None:
        return f"{long_day(offering.begins)} to {long_day(offering.ends)}"
    if offering.begins is not None:
        return f"from {long_day(offering.begins)}"
    return f"until {long_day(offering.ends)}" if offering.ends is not None else ""
