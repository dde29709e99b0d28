"""`badgefolio undo`: take back the last change."""

from __future__ import annotations

from tui.cli.badges import HOW_TO_BEGIN
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run
from wallet.errors import NotFoundError
from wallet.text import clean


@make("undo", examples=("badgefolio undo",))
@with_run
def command(run: Run) -> None:
    """Take back the last change.

    An import, a removal, a label, a note, an identity, a pathway. Repeat it to go further back.
    """
    wallet = run.wallet_if_any
    if wallet is None:
        raise NotFoundError("There is no wallet yet, so nothing to take back.", HOW_TO_BEGIN)
    undone = wallet.undo(now=run.now)
    if not undone.count:
        raise NotFoundError("There is nothing to take back.", "'badgefolio history' tells what was done.")
    run.out.json({"format": "badgefolio-undo/1", "undone": undone.description, "count": undone.count})
    run.out.facts([("undone", clean(undone.description)), ("count", str(undone.count))], indent=0)
