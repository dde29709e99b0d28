"""The eight details of a badge, each with who states it: the same card that a portfolio shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.cli.output import Out
from tui.cli.pathways import figures
from tui.cli.run import Run
from tui.words import NOT_STATED
from wallet.text import clean

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


def print_card(out: Out, details: Sequence[Detail]) -> None:
    """The eight, each with its source, the absent ones by name, and how many are stated."""
    from wallet.details import stated

    out.heading(f"Details: {stated(details)} of {len(details)} stated")
    out.facts([(detail.label, _words(detail)) for detail in details])


def _words(detail: Detail) -> str:
    source = f" (says {clean(detail.source)})" if detail.source else ""
    return "; ".join(detail.values) + source if detail.values else NOT_STATED
