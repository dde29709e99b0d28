"""One learner of a cohort with figures of this moment: what was recorded since the scan counts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.cli.cohort import learner_of, library
from tui.cli.commands.cohort_scan import TOOL
from tui.cli.pathways import languages, today
from tui.cli.run import Run
from wallet.errors import NotFoundError, UsageError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import CheckedBadge, Learner, Scan
    from wallet.cohort.records import Records
    from wallet.cohort.store import Cohort
    from wallet.pathways.figures import Compiled
    from wallet.pathways.results import Progress


@dataclass(frozen=True, slots=True)
class Looked:
    """A learner with their badges, what the advisor recorded, and figures from the full engine by pathway id.

    scan: with nobody but this learner, and rows as they are now. ended: nothing but that may be told.
    """

    learner: Learner
    scan: Scan
    records: Records
    progresses: dict[str, Progress]
    definitions: dict[str, Compiled]
    ended: bool


def look_at(run: Run, cohort: Cohort, scan: Scan, name: str, files: Sequence[str] = ()) -> Looked:
    """The learner who is called so. files: pathway files named now. Raises `NotFoundError` and `UsageError`."""
    from wallet.cohort.report import consent_ended

    learner = learner_of(cohort, scan, name)
    records = cohort.records(learner.number)
    if consent_ended(learner, today(run)):
        return Looked(learner, scan, records, {}, {}, True)
    return with_figures(run, cohort, scan, learner, library(run, scan, files))


def with_figures(run: Run, cohort: Cohort, scan: Scan, learner: Learner, definitions: dict[str, Compiled]) -> Looked:
    """The learner with badges and figures. scan: may hold this learner's rows alone, which is quicker where many are asked for.

    definitions: pathways at hand; the others keep the figures of the scan.
    """
    from wallet.cohort.figuring import standing

    learner = replace(learner, badges=cohort.badges(learner.number, scan.id))
    records = cohort.records(learner.number)
    candidates = [one.candidate for one in learner.badges]
    language = next(iter(languages(run)), None)
    progresses: dict[str, Progress] = {}
    rows = []
    for one in scan.standings:
        used = definitions.get(one.pathway)
        if one.learner != learner.number:
            continue
        if used is not None:
            personal = records.personal(used.pathway)
            progresses[one.pathway] = used.evaluate(candidates, personal, language=language)
            fresh = standing(one.learner, used, candidates, personal, thresholds=scan.thresholds)
            one = replace(fresh, target=one.target)
        rows.append(one)
    alone = replace(scan, learners=(learner,), standings=tuple(rows))
    return Looked(learner, alone, records, progresses, definitions, False)


def report_of(
    run: Run, looked: Looked, *, pathways: Sequence[str] = (), pseudonyms: bool, feedback: bool = True
) -> LearnerReport:
    """What may be said of the learner; of one whose consent has ended nothing."""
    from wallet.cohort.learner_report import learner_report

    learner, scan = looked.learner, looked.scan
    if looked.ended:
        learner = replace(learner, badges=(), problems=(), bundle_date=None)
        scan = replace(scan, standings=())
    return learner_report(
        scan,
        learner,
        at=today(run),
        tool=TOOL,
        progresses=looked.progresses,
        pathways=pathways,
        feedback=[(one.day, one.text) for one in looked.records.feedback] if feedback and not looked.ended else (),
        pseudonyms=pseudonyms,
        language=next(iter(languages(run)), None),
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
