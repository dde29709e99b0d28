"""What the commands of `export` have in common: the wallet to write from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.badges import HOW_TO_BEGIN
from tui.cli.run import Run
from wallet.errors import NotFoundError

if TYPE_CHECKING:
    from wallet.store.wallet import Wallet


def wallet_of(run: Run) -> Wallet:
    """The wallet, or the sentence that there is none."""
    wallet = run.wallet_if_any
    if wallet is None:
        raise NotFoundError("There is no wallet yet, so nothing to export.", HOW_TO_BEGIN)
    return wallet
