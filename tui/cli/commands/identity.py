"""`badgefolio identity`: the names that a learner's badges are awarded to."""

from __future__ import annotations

import click

from tui.cli.frame import command as make
from tui.cli.frame import group
from tui.cli.run import Run, with_run
from tui.identities import read_identity
from wallet.errors import NotFoundError
from wallet.model import Identity, Json
from wallet.text import clean

_NONE = "No identity yet. Add the address your badges were sent to: badgefolio identity add email:you@example.org"


@group(
    "identity",
    examples=(
        "badgefolio identity add email:ada@students.example",
        "badgefolio identity list",
    ),
)
def command() -> None:
    """Keep the names that badges are awarded to: your addresses.

    A badge names its recipient, often only as a hash. badgefolio answers "is it yours?" by comparing it with the identities
    that you keep here. They stay on this computer.
    """


def _json(identities: tuple[Identity, ...]) -> dict[str, Json]:
    return {
        "format": "badgefolio-identities/1",
        "identities": [{"type": identity.type, "value": identity.value} for identity in identities],
    }


@make("list", examples=("badgefolio identity list",))
@with_run
def list_command(run: Run) -> None:
    """List your identities."""
    wallet = run.wallet_if_any
    identities = wallet.identities() if wallet is not None else ()
    run.out.json(_json(identities))
    run.out.facts([(identity.type, identity.value) for identity in identities], indent=0)
    if not identities:
        run.err.note(_NONE)


@make(
    "add",
    examples=(
        "badgefolio identity add email:ada@students.example",
        "badgefolio identity add telephone:+441632960123",
    ),
)
@click.argument("identity", metavar="TYPE:VALUE...", nargs=-1, required=True)
@with_run
def add(run: Run, identity: tuple[str, ...]) -> None:
    """Add identities: email:, url:, telephone: or id:.

    Verify your badges afterwards, so that "yours?" is answered anew.
    """
    for one in [read_identity(text) for text in identity]:
        if one in run.wallet.identities():
            run.err.note(f"{clean(str(one))} is kept already.")
        else:
            run.wallet.add_identity(one, now=run.now)
            run.err.note(f"{clean(str(one))} is kept now. Next: badgefolio verify --all")
    run.out.json(_json(run.wallet.identities()))


@make("remove", examples=("badgefolio identity remove email:old@students.example",))
@click.argument("identity", metavar="TYPE:VALUE...", nargs=-1, required=True)
@with_run
def remove(run: Run, identity: tuple[str, ...]) -> None:
    """Stop using identities. 'badgefolio undo' brings the last one back."""
    kept = run.wallet_if_any.identities() if run.wallet_if_any is not None else ()
    asked = [read_identity(text) for text in identity]
    for one in asked:
        if one not in kept:
            raise NotFoundError(
                f"{clean(str(one))} is not one of your identities.", "'badgefolio identity list' shows them."
            )
    for one in asked:
        run.wallet.retire_identity(one, now=run.now)
        run.err.note(f"{clean(str(one))} is no longer used. 'badgefolio undo' reverts it.")
    run.out.json(_json(run.wallet.identities()))


for _made in (list_command, add, remove):
    command.add_command(_made)
