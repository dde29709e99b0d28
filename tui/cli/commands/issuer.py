"""`badgefolio issuer`: whom badges come from, and what the learner thinks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.badges import HOW_TO_BEGIN, print_rows
from tui.cli.frame import command as make
from tui.cli.frame import group
from tui.cli.issuers import find, issuer_json, issuer_name
from tui.cli.output import Cell
from tui.cli.run import Run, with_run
from tui.issuer_words import own_word, title
from tui.words import day, minute
from wallet.errors import NotFoundError
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.store.issuers import IssuerRow

_KEY = 16


@group(
    "issuer",
    examples=(
        "badgefolio issuer list",
        "badgefolio issuer show riverbend.example",
        'badgefolio issuer trust riverbend.example --note "my college"',
    ),
)
def command() -> None:
    """See whom your badges come from, and keep your own word about them.

    What is proven of an issuer is its web address and the keys that it lists there. Whether to believe what it says is for
    you to judge: 'trust' and 'distrust' keep your word, which is shown as yours and changes no verdict.
    """


@make("list", examples=("badgefolio issuer list", "badgefolio issuer list --json"))
@with_run
def list_command(run: Run) -> None:
    """List the issuers that the wallet knows."""
    from wallet.lookalikes import lookalikes

    rows = _rows(run)
    alike = lookalikes(rows)
    run.out.json({"format": "badgefolio-issuers/1", "issuers": [issuer_json(row, alike) for row in rows]})
    run.out.rows(
        ("Issuer", "Host", "First seen", "Keys", "Badges", "Your word", "Remark"),
        [
            (
                title(row),
                clean(row.host) or "none",
                day(row.first_seen, "never proven"),
                str(len(row.keys)),
                str(row.badges),
                own_word(row) or "none",
                "; ".join(like.said for like in alike.get(row.id, ())) or "none",
            )
            for row in rows
        ],
        fold=("Your word", "Remark"),
        cut=("Issuer",),
    )
    if not rows:
        wallet = run.wallet_if_any
        some = wallet is not None and wallet.count(hidden=True) > 0
        how = "'badgefolio verify --all' proves your badges, and their issuers with them." if some else HOW_TO_BEGIN
        run.err.note(f"No issuers yet. {how}")


@make(
    "show", examples=("badgefolio issuer show riverbend.example", 'badgefolio issuer show "Riverbend College" --plain')
)
@issuer_name()
@with_run
def show(run: Run, name: str) -> None:
    """Show what is known of one issuer: address, keys, badges, and your word."""
    _print(run, find(_rows(run), name), badges=True)


@make("trust", examples=('badgefolio issuer trust riverbend.example --note "my college"',))
@issuer_name()
@click.option("--note", metavar="TEXT", help="Why: for yourself.")
@with_run
def trust(run: Run, name: str, note: str | None) -> None:
    """Keep that you trust an issuer. It is your word, and no verdict changes by it."""
    _say(run, name, "trusted", note)


@make("distrust", examples=('badgefolio issuer distrust riverbend-awards.example --note "not the college"',))
@issuer_name()
@click.option("--note", metavar="TEXT", help="Why: for yourself.")
@with_run
def distrust(run: Run, name: str, note: str | None) -> None:
    """Keep that you distrust an issuer. It is your word, and no verdict changes by it."""
    _say(run, name, "distrusted", note)


@make("forget", examples=("badgefolio issuer forget riverbend.example",))
@issuer_name()
@with_run
def forget(run: Run, name: str) -> None:
    """Take back your word about an issuer. What was proven of it stays."""
    _say(run, name, "none", None)


for _made in (list_command, show, trust, distrust, forget):
    command.add_command(_made)


def _rows(run: Run) -> tuple[IssuerRow, ...]:
    wallet = run.wallet_if_any
    return wallet.issuers() if wallet is not None else ()


def _say(run: Run, name: str, word: str, note: str | None) -> None:
    row = find(_rows(run), name)
    run.wallet.set_trust(row.id, word, now=run.now, note=note)
    _print(run, find(_rows(run), row.id))
    run.err.note("Your word is kept. 'badgefolio undo' reverts it." if word != "none" else "Your word is taken back.")


def _print(run: Run, row: IssuerRow, *, badges: bool = False) -> None:
    from wallet.lookalikes import lookalikes

    wallet = run.wallet_if_any
    if wallet is None:
        raise NotFoundError("There is no wallet yet, so no issuer.", HOW_TO_BEGIN)
    alike = lookalikes(_rows(run))
    held = [badge for badge in wallet.list_badges(issuer=row.id, hidden=True) if badge.issuer_id == row.id]
    run.out.json({"format": "badgefolio-issuer/1", **issuer_json(row, alike), "held": [badge.id for badge in held]})
    facts: list[tuple[str, str | Cell]] = [
        ("issuer", title(row)),
        ("address", clean(row.id)),
        ("host", clean(row.host) or "none that could be proven"),
        ("first seen", minute(row.first_seen, "no badge of it was proven yet")),
    ]
    if len(row.names) > 1:
        facts.append(("other names", ", ".join(clean(other) for other in row.names[1:])))
    facts += [
        (f"key {number}", f"sha256 {key[:_KEY]}…, known since {day(since)}")
        for number, (key, since) in enumerate(row.keys, 1)
    ]
    facts += [("remark", like.said) for like in alike.get(row.id, ())]
    facts += [("your word", own_word(row) or "none"), ("badges", plural(row.badges, "badge"))]
    run.out.facts(facts, indent=0)
    if held and badges and not run.out.json_form:
        run.out.heading("Badges")
        print_rows(run.out, held)
