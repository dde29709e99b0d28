"""What all commands that change badges have in common: which badges, said in one shape, with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.cli.badges import print_rows, row_json
from tui.cli.run import Run
from wallet.text import plural

if TYPE_CHECKING:
    from wallet.store.wallet import BadgeRow


def say_change(run: Run, change: str, words: str, rows: Sequence[BadgeRow]) -> None:
    """`badgefolio-change/1`, or the badges that changed; the note says what was done and that `undo` reverts it."""
    run.out.json({"format": "badgefolio-change/1", "change": change, "badges": [row_json(row) for row in rows]})
    print_rows(run.out, rows)
    run.err.note(f"{plural(len(rows), 'badge')} {words}. 'badgefolio undo' reverts it.")
