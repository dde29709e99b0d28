"""`badgefolio demo`: everything at work, with a sample learner."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.frame import command as make
from tui.cli.run import Run, with_run


@make("demo", examples=("badgefolio demo", "badgefolio demo -o ~/badgefolio-demo", "badgefolio demo --tui"))
@click.option("-o", "--output", metavar="DIR", help="Write to this folder instead of a new one.")
@click.option("--tui", "app", is_flag=True, help="Open the sample wallet in the full-screen app at the end.")
@with_run
def command(run: Run, *, output: str | None, app: bool) -> int:
    """See everything at work with a sample learner, without network.

    Issuers on this computer award badges; a sample learner imports and proves them, follows a pathway, and writes a portfolio
    and a certificate. Your own wallet is left alone.
    """
    from tui.demo.story import run_demo

    return run_demo(Path(output).expanduser() if output else None, tui=app, say=run.out.line, now=run.now)
