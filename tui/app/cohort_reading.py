"""What the advisor's screens read: a scan, and one learner with everything that is recorded about them. For workers.

Nothing is changed and nobody is asked. The advisor's own wallet is read for pathways only, and only where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cohort_figures import Looked, definitions, look_at, report_of
from wallet.errors import NotFoundError

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import Scan
    from wallet.paths import Paths
    from wallet.verify.report_json import ReportSummary


@dataclass(frozen=True, slots=True)
class View:
    """How a cohort is looked at, from screen to screen. scan: an id, None for the newest. sort, filters: as for the table."""

    folder: Path
    scan: str | None = None
    pathway: str | None = None
    filters: tuple[str, ...] = ()
    sort: str = "name"
    pseudonyms: bool = False


@dataclass(frozen=True, slots=True)
class LearnerShown:
    """One learner as a page: the report, what lies behind it, and the online checks of badges that were asked about."""

    report: LearnerReport
    looked: Looked
    checks: dict[str, ReportSummary]


def read_scan(folder: Path, scan: str | None = None) -> Scan:
    """A scan of the folder, by default the newest. Raises `NotFoundError` where there is none, and `StoreError`."""
    from wallet.cohort.store import Cohort

    with Cohort.open(folder) as cohort:
        return cohort.load(scan)


def read_learner(view: View, number: str, paths: Paths, *, at: date, language: str | None) -> LearnerShown:
    """All about one learner of the scan. at: the day on which it is looked at. Raises `NotFoundError`."""
    from wallet.cohort.store import Cohort

    with Cohort.open(view.folder) as cohort:
        scan = cohort.load(view.scan)
        looked = look_at(cohort, scan, number, definitions(paths, scan), at=at, language=language)
        if looked.ended:
            raise NotFoundError(
                "The consent of this learner has ended, so nothing is shown.", "Go back: k records a new consent there."
            )
        found = {one.candidate.id: cohort.report(number, one.candidate.id) for one in looked.learner.badges}
    report = report_of(looked, at=at, pseudonyms=view.pseudonyms, language=language)
    return LearnerShown(report, looked, {name: one for name, one in found.items() if one is not None})
