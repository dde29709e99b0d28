"""`badgefolio doctor`: examine the wallet folder."""

from __future__ import annotations

import click

from tui.cli.frame import command as make
from tui.cli.output import Cell
from tui.cli.run import Run, with_run
from wallet.model import Json
from wallet.text import clean

_MARKS = {"ok": ("✓", "+", "blue"), "note": ("·", ".", ""), "decide": ("!", "!", "dark_orange")}
_DAMAGE = ("✗", "x", "bold dark_orange")


@make("doctor", examples=("badgefolio doctor", "badgefolio doctor --fix"))
@click.option("--fix", is_flag=True, help="Mend what can be mended without losing anything.")
@with_run
def command(run: Run, fix: bool) -> int:
    """Examine the wallet folder and mend what can be mended.

    Exit code 0: all is well; 1: something for you to decide, nothing is lost; 5: damaged. No network.
    """
    if not run.has_wallet:
        run.out.json({"format": "badgefolio-doctor/1", "fixed": fix, "findings": []})
        run.err.note("There is no wallet yet, so nothing to examine. Bring badges in with 'badgefolio import FILE'.")
        return 0
    from wallet.store.doctor import examine

    ailments = examine(run.paths, now=run.now, fix=fix)
    findings: list[Json] = [
        {
            "step": ailment.step,
            "code": ailment.code,
            "severity": ailment.severity,
            "message": ailment.message,
            "remedy": ailment.remedy,
        }
        for ailment in ailments
    ]
    run.out.json({"format": "badgefolio-doctor/1", "fixed": fix, "findings": findings})
    rows = []
    for ailment in ailments:
        shown, plain, style = _MARKS.get(ailment.severity, _DAMAGE)
        mark = plain if run.out.ascii_only else shown
        rows.append((Cell(f"{mark} {ailment.severity}", style), clean(ailment.message), clean(ailment.remedy or "")))
    run.out.rows(("State", "Finding", "Next step"), rows, fold=("Finding", "Next step"))
    severities = {ailment.severity for ailment in ailments}
    if "damage" in severities:
        return 5
    return 1 if "decide" in severities else 0
