"""`badgefolio cohort`: where the learners of an advisor's folder stand."""

from __future__ import annotations

from tui.cli.commands import cohort_look, cohort_open, cohort_purge, cohort_report, cohort_scan, cohort_show
from tui.cli.frame import group


@group(
    "cohort",
    examples=(
        "badgefolio cohort scan autumn-2026 --pathway aquaponics.pathway.toml",
        "badgefolio cohort table close",
        "badgefolio cohort table --pivot missing",
        "badgefolio cohort report --to html -o cohort.html",
    ),
)
def command() -> None:
    """See where a whole group of learners stands, from what they handed over.

    Put each learner's bundle, or a sub-folder of badges for each, into one folder and scan it. Nothing leaves this computer.
    """


for _made in (
    cohort_scan.scan,
    cohort_look.table,
    cohort_open.open_cohort,
    cohort_show.show,
    cohort_report.report,
    cohort_look.diff,
    cohort_purge.purge,
):
    command.add_command(_made)
