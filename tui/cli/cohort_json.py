"""Cohort commands as `badgefolio-cohort/1` (docs/json.md): one shape for all; null for what a command does not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.run import Run
from wallet.model import Json

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import Scan
    from wallet.cohort.pivots import Pivot
    from wallet.cohort.report import Counted, Line


@dataclass(frozen=True, slots=True)
class Told:
    """What one command tells; the rest of the document is null. learners: how many are told of, where that is not all."""

    command: str
    folder: Path
    scan: Scan | None = None
    pseudonyms: bool = False
    more: Mapping[str, Json] = field(default_factory=dict)
    learners: int | None = None


_PARTS = (
    "proofs", "problems", "filters", "rows", "pivot", "learner", "recorded", "files", "changes", "purged", "method",
)  # fmt: skip


def print_json(run: Run, told: Told) -> None:
    """The document."""
    if not run.out.json_form:
        return
    run.out.json(
        {
            "format": "badgefolio-cohort/1",
            "command": told.command,
            "folder": str(told.folder),
            "pseudonyms": told.pseudonyms,
            "scan": _scan(told.scan, told.learners) if told.scan is not None else None,
            **{part: told.more.get(part) for part in _PARTS},
        }
    )


def _scan(scan: Scan, learners: int | None) -> Json:
    return {
        "id": scan.id,
        "at": scan.at.isoformat(),
        "made": scan.made.isoformat().replace("+00:00", "Z"),
        "oldest_check": scan.oldest.isoformat().replace("+00:00", "Z") if scan.oldest is not None else None,
        "learners": len(scan.learners) if learners is None else learners,
        "pathways": [
            {"id": one.id, "name": one.name, "version": one.version, "sha256": one.sha256} for one in scan.pathways
        ],
    }


def rows_json(lines: Sequence[Line], ended: Sequence[str]) -> list[Json]:
    """Rows of the table; whose consent has ended is a row with that and the name only."""
    from wallet.cohort.report import COLUMNS

    told: list[Json] = [
        {**{column.key: column.json(line) for column in COLUMNS}, "consent_ended": False} for line in lines
    ]
    return told + [
        {**dict.fromkeys((column.key for column in COLUMNS), None), "learner": shown, "consent_ended": True}
        for shown in ended
    ]


def filters_json(counted: Sequence[Counted]) -> list[Json]:
    """Each filter with its rule and its count; null where small numbers are hidden."""
    return [{"name": one.name, "rule": one.sentence, "count": one.count} for one in counted]


def pivot_json(pivot: Pivot) -> Json:
    """A pivot. A cell that is null is hidden, and then nobody behind it is named."""
    return {
        "kind": pivot.kind,
        "of": pivot.of,
        "heads": list(pivot.heads),
        "lines": [
            {
                "pathway": line.pathway,
                "key": line.key,
                "label": line.label,
                "cells": list(line.cells),
                "learners": [list(behind) for behind in line.learners],
            }
            for line in pivot.lines
        ],
    }


def method_json(method: Sequence[tuple[str, str]]) -> list[Json]:
    """How the figures were made."""
    return [{"label": label, "text": text} for label, text in method]


def learner_json(report: LearnerReport, *, alone: bool) -> dict[str, Json]:
    """One learner. alone: the consent has ended, so there is nothing but that."""
    return {
        "number": report.number,
        "name": report.shown,
        "consent_ended": alone,
        "consent_until": report.until or None,
        "handed": report.handed or None,
        "problems": list(report.problems),
        "pathways": [
            {
                "id": one.id,
                "name": one.name,
                "version": one.version,
                "state": one.state,
                "filled": one.filled,
                "required": one.required,
                "percent": one.percent,
                "verified_percent": one.verified_percent,
                "exact": one.exact,
                "missing": one.missing,
                "target": one.target,
                "percent_without": one.without,
                "exceptions": list(one.exceptions),
                "places": [
                    {
                        "id": place.id,
                        "name": place.name,
                        "depth": place.depth,
                        "group": place.group,
                        "optional": place.optional,
                        "state": place.state,
                        "filled": place.filled,
                        "required": place.required,
                        "by": list(place.by),
                        "note": place.note or None,
                    }
                    for place in one.places
                ],
                "steps": [
                    {
                        "name": step.name,
                        "hours": f"{step.hours:f}" if step.hours is not None else None,
                        "link": step.link,
                        "begins": step.begins.isoformat() if step.begins is not None else None,
                    }
                    for step in one.steps
                ],
                "losses": [{"place": each.place, "day": each.day, "what": each.what} for each in one.losses],
            }
            for one in report.pathways
        ],
        "badges": [
            {
                "name": badge.name,
                "issuer": badge.issuer,
                "issued": badge.issued or None,
                "expires": badge.expires or None,
                "proof": badge.kind.value,
                "words": badge.proof,
                "alarm": badge.alarm or None,
            }
            for badge in report.badges
        ],
        "feedback": [{"day": day, "text": text} for day, text in report.feedback],
    }
