"""What the commands of `export` have in common: the wallet to write from, and the moment that the output says it was made."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.cli.badges import HOW_TO_BEGIN
from tui.cli.run import Run
from wallet.errors import NotFoundError, UsageError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.store.wallet import Wallet


def wallet_of(run: Run) -> Wallet:
    """The wallet, or the sentence that there is none."""
    wallet = run.wallet_if_any
    if wallet is None:
        raise NotFoundError("There is no wallet yet, so nothing to export.", HOW_TO_BEGIN)
    return wallet


def moment(run: Run) -> datetime:
    """Now, or what SOURCE_DATE_EPOCH says: the same wallet then gives the same bytes."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is None:
        return run.now
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is '{clean(fixed, limit=40)}', which is not a number of seconds.",
            "Set it to seconds since 1970, or unset it.",
        ) from None
