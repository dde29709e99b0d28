"""One learner of a cohort with figures of this moment, for both faces: what was recorded since the scan counts at once.

Nothing is changed and nobody is asked. What is shown of it, and how, is the affair of the faces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.remembered import at_hand
from wallet import __version__
from wallet.errors import NotFoundError, WalletError
from wallet.text import clean

if TYPE_CHECKING:
    from datetime import date

    from wallet.cohort.learner_report import LearnerReport
    from wallet.cohort.model import Learner, Scan
    from wallet.cohort.records import Records
    from wallet.cohort.store import Cohort
    from wallet.paths import Paths
    from wallet.pathways.figures import Compiled
    from wallet.pathways.results import Progress

TOOL = f"badgefolio {__version__}"


@dataclass(frozen=True, slots=True)
class Looked:
    """A learner with their badges, what the advisor recorded, and figures from the full engine by pathway id.

    scan: with nobody but this learner, and rows as they are now. ended: nothing but that may be told.
    """

    learner: Learner
    scan: Scan
    records: Records
    progresses: Mapping[str, Progress]
    definitions: Mapping[str, Compiled]
    ended: bool


def definitions(
    paths: Paths, scan: Scan, names: Sequence[str] = (), say: Callable[[str, WalletError], None] | None = None
) -> dict[str, Compiled]:
    """The scan's pathways by id, as far as they are at hand in the version that the scan used, made ready.

    names, say: as for `tui.remembered.at_hand`.
    """
    from wallet.pathways.figures import compile

    wanted = {one.id: one.sha256 for one in scan.pathways}
    found: dict[str, Compiled] = {}
    for one in at_hand(paths, names, say):
        if wanted.get(one.id) == one.sha256 and one.id not in found:
            found[one.id] = compile(one, scan.at)
    return found


def look_at(
    cohort: Cohort, scan: Scan, number: str, known: Mapping[str, Compiled], *, at: date, language: str | None
) -> Looked:
    """The learner of that number as they may be looked at on the day `at`. Raises `NotFoundError`."""
    from wallet.cohort.report import consent_ended

    learner = next((one for one in scan.learners if one.number == number), None)
    if learner is None:
        raise NotFoundError(
            f"{clean(number)} is not in scan {clean(scan.id)}.", "Scan the folder again, or name another scan."
        )
    if consent_ended(learner, at):
        return Looked(learner, scan, cohort.records(number), {}, {}, True)
    return with_figures(cohort, scan, learner, known, at=at, language=language)


def with_figures(
    cohort: Cohort, scan: Scan, learner: Learner, known: Mapping[str, Compiled], *, at: date, language: str | None
) -> Looked:
    """The learner with badges and figures. scan: may hold this learner's rows alone, which is quicker where many are asked for.

    known: pathways at hand; the others keep the figures of the scan. at: today; what was recorded since the scan counts.
    """
    from wallet.cohort.figuring import standing

    learner = replace(learner, badges=cohort.badges(learner.number, scan.id))
    records = cohort.records(learner.number)
    candidates = [one.candidate for one in learner.badges]
    progresses: dict[str, Progress] = {}
    rows = []
    for one in scan.standings:
        used = known.get(one.pathway)
        if one.learner != learner.number:
            continue
        if used is not None:
            personal = replace(records.personal(used.pathway), heard=at)
            progresses[one.pathway] = used.evaluate(candidates, personal, language=language)
            fresh = standing(one.learner, used, candidates, personal, thresholds=scan.thresholds)
            one = replace(fresh, target=one.target)
        rows.append(one)
    alone = replace(scan, learners=(learner,), standings=tuple(rows))
    return Looked(learner, alone, records, progresses, known, False)


def report_of(
    looked: Looked,
    *,
    at: date,
    pathways: Sequence[str] = (),
    pseudonyms: bool,
    feedback: bool = True,
    language: str | None,
) -> LearnerReport:
    """What may be said of the learner on the day `at`; of one whose consent has ended nothing."""
    from wallet.cohort.learner_report import learner_report

    learner, scan = looked.learner, looked.scan
    if looked.ended:
        learner = replace(learner, badges=(), problems=(), bundle_date=None)
        scan = replace(scan, standings=())
    return learner_report(
        scan,
        learner,
        at=at,
        tool=TOOL,
        progresses=looked.progresses,
        pathways=pathways,
        feedback=[(one.day, one.text) for one in looked.records.feedback] if feedback and not looked.ended else (),
        pseudonyms=pseudonyms,
        language=language,
    )
