"""`badgefolio account`: the accounts that badges were brought in from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.frame import command as make
from tui.cli.frame import group
from tui.cli.run import Run, with_run
from wallet.errors import NotFoundError, UndeterminedError
from wallet.model import Json
from wallet.text import clean

if TYPE_CHECKING:
    from importers.accounts.register import Account

_NONE = "No account yet. Sign in to one: badgefolio import --account badgr"


@group("account", examples=("badgefolio account list", "badgefolio account remove badgr:eu"))
def command() -> None:
    """See which accounts badges were brought in from, and forget them.

    'badgefolio import --account' adds one. What signs in is kept in your system's password store and nowhere else, or for one
    run only where there is no such store.
    """


@make("list", examples=("badgefolio account list", "badgefolio account list --json"))
@with_run
def list_command(run: Run) -> None:
    """List the accounts, and whether their sign-in is kept."""
    from importers.accounts.register import Register

    accounts = Register(run.paths.state).accounts()
    wallet = run.wallet_if_any
    here = wallet.id if wallet is not None else ""
    run.out.json({"format": "badgefolio-accounts/1", "accounts": [_json(account, here) for account in accounts]})
    if not accounts:
        run.err.note(_NONE)
        return
    run.out.rows(
        ("Account", "Host", "Sign-in", "Read into this wallet"),
        [
            (
                account.place.name,
                account.place.host,
                "kept" if account.kept else "not kept",
                f"{account.read[here]:%Y-%m-%d %H:%M} UTC" if here in account.read else "not yet",
            )
            for account in accounts
        ],
    )


def _json(account: Account, wallet: str) -> dict[str, Json]:
    read = account.read.get(wallet)
    return {
        "name": account.place.name,
        "kind": account.place.kind,
        "host": account.place.host,
        "kept": account.kept,
        "read": f"{read:%Y-%m-%dT%H:%M:%SZ}" if read is not None else None,
    }


@make("remove", examples=("badgefolio account remove badgr:eu",))
@click.argument("names", metavar="ACCOUNT...", nargs=-1, required=True)
@with_run
def remove(run: Run, names: tuple[str, ...]) -> None:
    """Forget accounts and what signs in to them. The badges stay.

    The host still knows that you allowed badgefolio in: take that back in its settings.
    """
    from importers.accounts.register import Register
    from importers.accounts.vault import open_vault

    register = Register(run.paths.state)
    there = {account.place.name: account for account in register.accounts()}
    for name in names:
        if name not in there:
            raise NotFoundError(
                f"There is no account '{clean(name, limit=80)}'.", "'badgefolio account list' shows them."
            )
    vault = open_vault()
    for name in dict.fromkeys(names):
        # The secrets first: stopped in between, an account without a sign-in is left and not the other way round.
        vault.forget(name)
        if there[name].kept and not vault.lasting:
            raise UndeterminedError(
                f"The sign-in to {clean(name)} could not be taken out of the password store: {vault.why}.",
                "Unlock the password store and run this again, or delete its entry 'badgefolio' there.",
            )
        register.drop(name)
        run.err.note(f"{clean(name)} is forgotten. Take back its access in the settings of the host as well.")


for _made in (list_command, remove):
    command.add_command(_made)
