"""The eight-detail card: what a good badge states, each detail with who states it, and the gaps by name. Pure.

For a badge and for an element of a pathway alike, so that a list, a page, a certificate and JSON say the same. What the badge
says and what pathways say stand side by side; neither overrules the other. Texts in here are clean and ready to be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from wallet.text import clean

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from wallet.model import Commitment
    from wallet.pathways.model import Element, Offering, Pathway

LABELS = (
    "Outcomes or competencies",
    "Criteria",
    "Pathways",
    "Course dates",
    "Badge details",
    "Time commitment",
    "Facilitator",
    "Degree of facilitation",
)
_BADGE = "the badge"
_SHOWN_LENGTH = 160
#: How a pathway relates to a larger qualification, in words that promise nothing.
RELATIONS = {
    "standalone": "this pathway stands on its own beside it",
    "component": "this pathway is a component of it",
    "alternate": "this pathway is an alternate to it",
    "complementary": "this pathway complements it",
    "additional": "this pathway is additional to it",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of the card. No values: it reads "not stated"."""

    label: str
    values: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PathwayDetails:
    """What an element of a pathway says of itself and so of the badge that fills it. `described`: name and description.

    contact: whom its pathway names for questions.
    """

    pathway: str
    outcomes: tuple[str, ...] = ()
    criteria_url: str | None = None
    qualification: str | None = None
    dates: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    facilitator: str | None = None
    contact: str | None = None
    facilitation: tuple[str, ...] = ()
    described: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadgeDetails:
    """What a badge says of itself. `known`: name, issuer and issue date, or empty where one of them is missing.

    related: where its issuer says that it leads.
    """

    outcomes: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


def card(badge: BadgeDetails | None, elements: Sequence[PathwayDetails] = ()) -> tuple[Detail, ...]:
    """The eight details in their order, each with its source; one without values is not stated.

    Without a badge it is the card of the elements themselves.
    """
    said = badge or BadgeDetails()
    rows: tuple[tuple[Sequence[str], list[tuple[str, Sequence[str]]]], ...] = (
        (said.outcomes, [(e.pathway, e.outcomes) for e in elements]),
        (
            said.criteria,
            [(e.pathway, (e.criteria_url,) if e.criteria_url else ()) for e in elements],
        ),
        (said.related, [(e.pathway, (e.pathway, *((e.qualification,) if e.qualification else ()))) for e in elements]),
        ((), [(e.pathway, e.dates) for e in elements]),
        (said.known, [] if badge is not None else [(e.pathway, e.described) for e in elements]),
        (said.time, [(e.pathway, e.time) for e in elements]),
        ((), [(e.pathway, _facilitator(e)) for e in elements]),
        ((), [(e.pathway, e.facilitation) for e in elements]),
    )
    return tuple(_detail(label, own, others) for label, (own, others) in zip(LABELS, rows, strict=True))


def stated(details: Sequence[Detail]) -> int:
    """How many of the eight somebody has stated."""
    return sum(1 for detail in details if detail.values)


def _facilitator(element: PathwayDetails) -> tuple[str, ...]:
    if not element.facilitator:
        return ()
    return (element.facilitator, *((f"questions to {element.contact}",) if element.contact else ()))


def _detail(label: str, said: Sequence[str], others: Sequence[tuple[str, Sequence[str]]]) -> Detail:
    values = list(said)
    sources = [_BADGE] if said else []
    for pathway, words in others:
        if words:
            values.extend(words)
            sources.append(f'the pathway "{pathway}"')
    return Detail(label, tuple(dict.fromkeys(values)), " and ".join(dict.fromkeys(sources)) or None)


def shortened(text: str) -> str:
    """The beginning of a longer text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LENGTH else line[: _SHOWN_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def of_element(
    pathway: Pathway,
    element: Element,
    language: str | None = None,
    *,
    day: Callable[[date], str] = str,
    link: Callable[[str | None], str | None] = lambda url: clean(url, limit=2_000) if url else None,
) -> PathwayDetails:
    """What one element states. `day` and `link`: how a face writes a day and an address (None: not at all)."""
    wanted = (language,) if language else ()
    time = [hours_words(element.hours)] if element.hours is not None else []
    if element.credit is not None:
        unit = pathway.credit_units.get(element.credit.unit)
        name = clean(unit.name.pick(*wanted)) if unit is not None else ""
        time.append(f"{element.credit.value.normalize():f} {name or clean(element.credit.unit)}")
    manner = [clean(word).replace("-", " ") for word in (element.facilitation, element.delivery, element.pace) if word]
    relations = [
        f"{clean(one.name.pick(*wanted))} ({RELATIONS.get(one.relation, clean(one.relation))})"
        for one in pathway.qualifications
    ]
    named, described = clean(element.name.pick(*wanted)), clean(element.description.pick(*wanted), limit=2_000)
    return PathwayDetails(
        pathway=clean(pathway.name.pick(*wanted)),
        outcomes=(
            *(clean(outcome.pick(*wanted)) for outcome in element.outcomes),
            *(clean(one.target_name.pick(*wanted)) or clean(one.target_code or "") for one in element.competencies),
        ),
        criteria_url=link(element.criteria_url),
        qualification=", ".join(relations) or None,
        dates=tuple(dict.fromkeys(filter(None, (_dates(offering, day) for offering in element.offering)))),
        time=tuple(time),
        facilitator=clean(element.facilitator) or None if element.facilitator else None,
        contact=_contact(pathway, link),
        facilitation=tuple(manner),
        described=(named, described) if named and described else (),
    )


def _contact(pathway: Pathway, link: Callable[[str | None], str | None]) -> str | None:
    publisher = pathway.publisher
    if publisher is None:
        return None
    mail = clean(publisher.email, limit=200) if publisher.email else None
    return link(publisher.support_url) or mail or link(publisher.url)


def hours_words(hours: Decimal | Fraction) -> str:
    """`1 hour`, `7.5 hours`."""
    shown = hours if isinstance(hours, Decimal) else Decimal(hours.numerator) / hours.denominator
    return f"{round(shown, 2).normalize():f} {'hour' if hours == 1 else 'hours'}"


def commitment_words(commitment: Commitment | None) -> tuple[str, ...]:
    """The time that a badge states: its hours, its credits, and those whose unit it does not name."""
    if commitment is None:
        return ()
    hours = (hours_words(commitment.hours),) if commitment.hours is not None else ()
    ects = (f"{commitment.ects.normalize():f} ECTS",) if commitment.ects is not None else ()
    several = "credit" if commitment.credits == 1 else "credits"
    other = (f"{commitment.credits.normalize():f} {several}",) if commitment.credits is not None else ()
    return (*hours, *ects, *other)


def _dates(offering: Offering, day: Callable[[date], str]) -> str:
    if offering.begins is not None and offering.ends is not None:
        return f"{day(offering.begins)} to {day(offering.ends)}"
    if offering.begins is not None:
        return f"from {day(offering.begins)}"
    return f"until {day(offering.ends)}" if offering.ends is not None else ""
