"""Issuers as arguments and as facts: naming one, its JSON, and the learner's word about it wherever an issuer is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

from tui.cli.run import Run, run_of
from tui.issuer_words import WORDS, own_word, title
from tui.words import iso
from wallet.errors import NotFoundError, UsageError
from wallet.model import Json
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.lookalikes import Likeness
    from wallet.store.issuers import IssuerRow

P = ParamSpec("P")
R = TypeVar("R")

_NAMED_AT_MOST = 5


def complete_issuers(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Issuers of the wallet whose host begins like this, with their names beside them. Creates no wallet."""
    wallet = run_of(context).wallet_if_any
    rows = wallet.issuers() if wallet is not None else ()
    return [
        CompletionItem(row.host, help=clean(title(row), limit=60))
        for row in rows
        if row.host.startswith(incomplete or "")
    ]


def issuer_name() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The argument `ISSUER`."""
    return click.argument("name", metavar="ISSUER", shell_complete=complete_issuers)


def find(rows: Sequence[IssuerRow], wanted: str) -> IssuerRow:
    """The issuer that somebody means: its id, its host, its whole name, or a part of either.

    Raises `UsageError` if several fit equally well and `NotFoundError` if none does.
    """
    word = wanted.strip().casefold()
    meanings: tuple[Callable[[IssuerRow], bool], ...] = (
        lambda row: row.id == wanted.strip(),
        lambda row: row.host == word,
        lambda row: word in {name.casefold() for name in row.names},
        lambda row: bool(word) and (word in row.id.casefold() or any(word in name.casefold() for name in row.names)),
    )
    for meant in meanings:
        found = [row for row in rows if meant(row)]
        if len(found) == 1:
            return found[0]
        if found:
            some = "; ".join(clean(row.id, limit=80) for row in found[:_NAMED_AT_MOST])
            more = f"; and {len(found) - _NAMED_AT_MOST} more" if len(found) > _NAMED_AT_MOST else ""
            raise UsageError(
                f"'{clean(wanted, limit=80)}' fits {len(found)} issuers: {some}{more}.",
                "Name one by its whole address.",
            )
    raise NotFoundError(
        f"There is no issuer '{clean(wanted, limit=80)}' in the wallet.", "See whom there is: badgefolio issuer list"
    )


def word_about(run: Run, issuer: str | None) -> str:
    """The learner's word about the issuer of this id, if there is one in the wallet."""
    wallet = run.wallet_if_any
    if wallet is None or not issuer:
        return ""
    return next((own_word(row) for row in wallet.issuers() if row.id == issuer), "")


def issuer_json(row: IssuerRow, alike: Mapping[str, Sequence[Likeness]]) -> dict[str, Json]:
    """One issuer in `badgefolio-issuers/1` and `badgefolio-issuer/1`."""
    return {
        "id": row.id,
        "host": row.host,
        "names": list(row.names),
        "first_seen": iso(row.first_seen),
        "keys": [{"sha256": key, "known_since": iso(since)} for key, since in row.keys],
        "badges": row.badges,
        "your_word": row.trust if row.trust in WORDS else None,
        "your_note": row.note,
        "looks_like": [{"id": like.other, "how": like.said} for like in alike.get(row.id, ())],
    }
