"""`badgefolio demo`: everything at work, with a sample learner."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.frame import command as make
from tui.cli.run import Run, with_run


@make(
    "demo",
    examples=(
        "badgefolio demo",
        "badgefolio demo --tui",
        "badgefolio demo --advisor",
        "badgefolio demo -o ~/badgefolio-demo",
    ),
)
@click.option("-o", "--output", metavar="DIR", help="Write to this folder instead of a new one.")
@click.option("--tui", "app", is_flag=True, help="Open the sample wallet or cohort in the full-screen app.")
@click.option("--advisor", is_flag=True, help="Thirty learners in an advisor's folder, instead of one learner.")
@with_run
def command(run: Run, *, output: str | None, app: bool, advisor: bool) -> int:
    """See everything at work with a sample learner, without network.

    Issuers on this computer award badges; a sample learner imports and proves them, follows a pathway, and writes a portfolio
    and a certificate. With --advisor thirty learners hand badges over, and an advisor asks who is how far. Your own wallet is
    left alone.
    """
    from tui.demo.advising import run_advisor_demo
    from tui.demo.story import run_demo

    tell = run_advisor_demo if advisor else run_demo
    return tell(Path(output).expanduser() if output else None, tui=app, say=run.out.line, now=run.now)
