"""The eight-detail card: what a good badge states, each with where it is stated, and the gaps by name. Pure.

What the badge says and what a pathway says stand side by side; neither overrules the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from exporters.model import AlignmentShown, Detail
from exporters.narrative import Narrative
from exporters.words import long_date

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


@dataclass(frozen=True, slots=True)
class PathwayDetails:
    """What the element of a pathway that a badge fills says about it; texts are clean."""

    pathway: str
    outcomes: tuple[str, ...] = ()
    criteria_url: str | None = None
    qualification: str | None = None
    dates: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    facilitator: str | None = None
    facilitation: tuple[str, ...] = ()


def card(
    *,
    name: str,
    issuer: str,
    issued_on: datetime | None,
    criteria: Narrative | None,
    criteria_url: str | None,
    alignments: Sequence[AlignmentShown],
    elements: Sequence[PathwayDetails] = (),
) -> tuple[Detail, ...]:
    """The eight details in their order, each with its source; one without values is not stated."""
    competencies = [f"{a.name} ({a.code})" if a.code else a.name for a in alignments]
    earned = [_short(criteria.text)] if criteria is not None else []
    if criteria_url is not None:
        earned.append(criteria_url)
    known = [name, f"by {issuer}", f"on {long_date(issued_on)}"] if name and issuer and issued_on is not None else []
    rows: tuple[tuple[list[str], list[tuple[str, Sequence[str]]]], ...] = (
        (competencies, [(e.pathway, e.outcomes) for e in elements]),
        (earned, [(e.pathway, (e.criteria_url,) if e.criteria_url else ()) for e in elements]),
        ([], [(e.pathway, (e.pathway, *((e.qualification,) if e.qualification else ()))) for e in elements]),
        ([], [(e.pathway, e.dates) for e in elements]),
        (known, []),
        ([], [(e.pathway, e.time) for e in elements]),
        ([], [(e.pathway, (e.facilitator,) if e.facilitator else ()) for e in elements]),
        ([], [(e.pathway, e.facilitation) for e in elements]),
    )
    return tuple(_detail(label, said, others) for label, (said, others) in zip(LABELS, rows, strict=True))


def _detail(label: str, said: Sequence[str], others: Sequence[tuple[str, Sequence[str]]]) -> Detail:
    values = list(said)
    sources = [_BADGE] if said else []
    for pathway, stated in others:
        if stated:
            values.extend(stated)
            sources.append(f'the pathway "{pathway}"')
    return Detail(label, tuple(dict.fromkeys(values)), " and ".join(dict.fromkeys(sources)) or None)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LENGTH else line[: _SHOWN_LENGTH - 1].rsplit(" ", 1)[0] + "…"
