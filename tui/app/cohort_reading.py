"""What the advisor's screens read: a scan, and one learner with everything that is recorded about them. For workers.

Nothing is changed and nobody is asked. The advisor's own wallet is read for pathways only, and only where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tui.remembered import at_hand
from wallet import __version__

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import Scan
    from wallet.cohort.records import Records
    from wallet.paths import Paths
    from wallet.pathways.model import Pathway

TOOL = f"badgefolio {__version__}"


@dataclass(frozen=True, slots=True)
class LearnerShown:
    """One learner as a page: the report, what the advisor keeps to themselves, and under which name it was handed over."""

    report: LearnerReport
    records: Records
    source: str


def read_scan(folder: Path) -> Scan:
    """The newest scan of the folder. Raises `NotFoundError` where there is none, and `StoreError`."""
    from wallet.cohort.store import Cohort

    with Cohort.open(folder) as cohort:
        return cohort.load()


def definitions(paths: Paths, scan: Scan) -> dict[str, Pathway]:
    """The scan's pathways by id, as far as they are at hand in the version that was scanned."""
    wanted = {one.id: one.sha256 for one in scan.pathways}
    return {one.id: one for one in reversed(at_hand(paths)) if wanted.get(one.id) == one.sha256}


def read_learner(
    folder: Path,
    number: str,
    known: Mapping[str, Pathway],
    *,
    pseudonyms: bool,
    at: date,
    language: str | None,
) -> LearnerShown:
    """All about one learner of the newest scan. at: the day on which it is looked at. Raises `NotFoundError`."""
    from wallet.cohort.learner_report import learner_report
    from wallet.cohort.store import Cohort
    from wallet.errors import NotFoundError
    from wallet.pathways.progress import evaluate

    with Cohort.open(folder) as cohort:
        scan = cohort.load()
        found = next((one for one in scan.learners if one.number == number), None)
        if found is None:
            raise NotFoundError("This learner is not in the newest scan.", "Go back and scan the folder again.")
        learner = replace(found, badges=cohort.badges(number))
        records = cohort.records(number)
    candidates = [one.candidate for one in learner.badges]
    progresses = {
        one.id: evaluate(pathway, candidates, scan.at, personal=records.personal(pathway), language=language)
        for one in scan.pathways
        if (pathway := known.get(one.id)) is not None
    }
    report = learner_report(
        scan,
        learner,
        at=at,
        tool=TOOL,
        progresses=progresses,
        feedback=[(one.day, one.text) for one in records.feedback],
        pseudonyms=pseudonyms,
        language=language,
    )
    return LearnerShown(report, records, learner.source)
