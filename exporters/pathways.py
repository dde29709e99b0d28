"""Pathway figures made ready to be shown, and what a pathway says about the badges that fill it. Pure.

A badge that the learner did not choose for the export is not named, although it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from exporters.model import PathwayShown, PlaceShown
from exporters.words import long_day, public_link
from wallet.details import RELATIONS, PathwayDetails, hours_words, of_element
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.model import Group, Pathway
    from wallet.pathways.results import NodeState, Progress

NOT_SHOWN = "a badge that is not part of this portfolio"
_STATES = {"refused": "a badge does not count here", "blocked": "after an earlier step", "planned": "planned"}


def shown_pathways(
    progresses: Sequence[Progress], names: Mapping[str, str], language: str | None = None
) -> tuple[tuple[PathwayShown, ...], dict[str, tuple[PathwayDetails, ...]]]:
    """The pathways, and by badge id what they state of it. `names`: clean names of the badges that are exported."""
    details: dict[str, list[PathwayDetails]] = {}
    for progress in progresses:
        for node in progress.nodes:
            element = progress.pathway.elements.get(node.id)
            if element is None:
                continue
            for badge_id in node.by:
                stated = of_element(progress.pathway, element, language, day=long_day, link=public_link)
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
    if progress.without_exceptions is not None:
        plain = progress.without_exceptions[1]
        notes.append(f"Without exceptions: {plain.filled} of {plain.required}.")
    notes.extend(
        f"Exception for {clean(pathway.name_of(one.place, *_wanted(language)))}: {one.kind.replace('-', ' ')}."
        for one in progress.personal.excepted
    )
    notes.extend(
        f"{clean(pathway.name_of(one.place, *_wanted(language)))} is attested by an {clean(one.role)}, not by a badge."
        for one in progress.personal.attested
    )
    notes.extend(
        f"{clean(q.name.pick(*_wanted(language)))}: {RELATIONS.get(q.relation, clean(q.relation))}"
        f"; may count towards it, decided by {clean(q.awarded_by) if q.awarded_by else 'its awarding body'}."
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
        sums.append(hours_words(need.hours))
    if need.credits is not None:
        sums.append(f"{need.credits.normalize():f} {clean(need.unit or 'credits')}")
    return " and ".join(sums)
