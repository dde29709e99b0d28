"""One learner of a cohort with figures of this moment: what was recorded since the scan counts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui import cohort_figures
from tui.cli.cohort import learner_of, library
from tui.cli.pathways import languages, today
from tui.cli.run import Run
from tui.cohort_figures import Looked
from wallet.errors import NotFoundError, UsageError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import CheckedBadge, Learner, Scan
    from wallet.cohort.store import Cohort
    from wallet.pathways.figures import Compiled


def language(run: Run) -> str | None:
    """In which language names are wanted."""
    return next(iter(languages(run)), None)


def look_at(run: Run, cohort: Cohort, scan: Scan, name: str, files: Sequence[str] = ()) -> Looked:
    """The learner who is called so. files: pathway files named now. Raises `NotFoundError` and `UsageError`."""
    from wallet.cohort.report import consent_ended

    learner = learner_of(cohort, scan, name)
    known: Mapping[str, Compiled] = {} if consent_ended(learner, today(run)) else library(run, scan, files)
    return cohort_figures.look_at(cohort, scan, learner.number, known, at=today(run), language=language(run))


def report_of(run: Run, looked: Looked, *, pathways: Sequence[str] = (), pseudonyms: bool) -> LearnerReport:
    """What may be said of the learner; of one whose consent has ended nothing."""
    return cohort_figures.report_of(
        looked, at=today(run), pathways=pathways, pseudonyms=pseudonyms, language=language(run)
    )


def badge_of(learner: Learner, name: str) -> CheckedBadge:
    """The badge of the learner that is called so: by id, original or name, or an unambiguous beginning."""
    from wallet.cohort.wording import badge_name

    wanted = name.casefold()

    def names(one: CheckedBadge) -> tuple[str, ...]:
        called = badge_name(one).casefold()
        return (one.candidate.id.casefold(), one.original, called, called.rpartition("/")[2])

    exact = [one for one in learner.badges if wanted in names(one)]
    near = exact or [one for one in learner.badges if any(each.startswith(wanted) for each in names(one))]
    if len(near) == 1:
        return near[0]
    shown = clean(name, limit=80)
    if near:
        raise UsageError(f"'{shown}' fits several badges of this learner.", "Write more of the name or of the id.")
    held = ", ".join(badge_name(one) for one in learner.badges[:8]) or "none"
    raise NotFoundError(f"This learner has no badge '{shown}'.", f"There are: {held}.")
