"""The eight details of a badge, each with who states it: the same card that a portfolio shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.pathways import figures
from tui.cli.run import Run

if TYPE_CHECKING:
    from wallet.details import Detail
    from wallet.store.rows import Badge


def eight_details(run: Run, badge: Badge) -> tuple[Detail, ...]:
    """What the badge and the pathways that it fills state, or not."""
    from exporters.presentation import build

    shown = build(
        run.wallet, [badge.row.id], person=None, now=run.now, pathways=figures(run), language=run.config.language
    )
    return shown.badges[0].details
