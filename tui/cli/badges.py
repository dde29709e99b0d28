"""Badges as arguments and as rows: naming them, completing their names, writing them as a table or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

from tui.cli.output import Cell, Out
from tui.cli.run import Run, run_of
from tui.words import NOT_STATED, day, iso, named, state_glyph, state_style, state_word, title
from wallet.errors import NotFoundError
from wallet.model import Json
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.store.wallet import BadgeRow, Wallet

P = ParamSpec("P")
R = TypeVar("R")

HOW_TO_BEGIN = "Bring badges in with 'badgefolio import FILE', or see 'badgefolio demo'."
_OFFERED = 200


def complete_badges(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Badges of the wallet whose id begins like this, with their names beside them. Creates no wallet."""
    wallet = run_of(context).wallet_if_any
    if wallet is None:
        return []
    rows = (row for row in wallet.list_badges() if row.id.startswith(incomplete))
    return [CompletionItem(row.short, help=clean(row.name, limit=60)) for row in islice(rows, _OFFERED)]


def badge_names(*, required: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The argument `BADGE...`."""
    return click.argument("names", metavar="BADGE...", nargs=-1, required=required, shell_complete=complete_badges)


def badge_name() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The argument `BADGE`."""
    return click.argument("name", metavar="BADGE", shell_complete=complete_badges)


def need_wallet(run: Run, wanted: str) -> Wallet:
    """The wallet, or the sentence that there is none to look in."""
    wallet = run.wallet_if_any
    if wallet is None:
        raise NotFoundError(f"There is no wallet yet, so no badge '{clean(wanted, limit=80)}'.", HOW_TO_BEGIN)
    return wallet


def resolve(run: Run, names: Sequence[str]) -> tuple[BadgeRow, ...]:
    """The badges that these names mean, each once: all of them, or an error that names the one that fits none or several."""
    wallet = need_wallet(run, names[0])
    rows = {row.id: row for row in (wallet.resolve(name) for name in names)}
    return tuple(rows.values())


def row_json(row: BadgeRow) -> dict[str, Json]:
    """One badge in `badgefolio-list/1` and everywhere else that badges are listed."""
    return {
        "id": row.id,
        "short": row.short,
        "name": row.name,
        "issuer": row.issuer_name,
        "issuer_id": row.issuer_id,
        "achievement_id": row.achievement_id,
        "credential_id": row.credential_id,
        "issued_on": iso(row.issued_on),
        "expires": iso(row.expires),
        "verdict": row.verdict.value if row.verdict is not None else None,
        "as_of": iso(row.as_of),
        "checked_at": iso(row.checked_at),
        "authentic": row.authentic.value if row.authentic is not None else None,
        "yours": row.yours.value if row.yours is not None else None,
        "still_good": row.still_good.value if row.still_good is not None else None,
        "revoked": row.revoked,
        "last_attempt": row.last_attempt.value if row.last_attempt is not None else None,
        "kind": str(row.kind),
        "carrier": str(row.carrier),
        "tags": list(row.tags),
        "labels": list(row.labels),
        "hidden": row.hidden,
        "online": row.online,
        "disagree": row.disagree,
        "representations": row.representations,
        "added_at": iso(row.added_at),
    }


def state_cell(row: BadgeRow, out: Out) -> Cell:
    """Mark and word of a badge's state; a later try that reached nobody is said, it does not replace the state."""
    word = f"{state_glyph(row.verdict, ascii_only=out.ascii_only)} {state_word(row.verdict)}"
    return Cell(word, state_style(row.verdict))


def print_rows(out: Out, rows: Sequence[BadgeRow]) -> None:
    """The badges as a table, or as facts."""
    if out.plain:
        for number, row in enumerate(rows):
            if number:
                out.blank()
            out.fact("badge", row.short)
            out.fact("name", title(row.name, row.credential_id, row.short))
            out.fact("issuer", named(row.issuer_name, NOT_STATED))
            out.fact("state", state_word(row.verdict) + (f" as of {day(row.as_of)}" if row.as_of else ""))
            out.fact("issued", day(row.issued_on, NOT_STATED))
            out.fact("expires", day(row.expires, "never"))
            if row.disagree:
                out.fact("copies", "say different things; 'badgefolio verify' tells")
            if row.labels:
                out.fact("labels", ", ".join(row.labels))
            if row.hidden:
                out.fact("hidden", "yes")
        return
    out.rows(
        ("State", "Badge", "Name", "Issuer", "Issued", "Expires"),
        [
            (
                state_cell(row, out),
                row.short,
                title(row.name, row.credential_id, row.short),
                named(row.issuer_name, NOT_STATED),
                day(row.issued_on),
                day(row.expires),
            )
            for row in rows
        ],
        cut=("Name", "Issuer"),
    )
