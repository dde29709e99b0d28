"""Who has my badges: what was handed to whom, as `history --shared` and `show` tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.cli.run import Run
from tui.handing import names_of
from tui.words import NOT_STATED, iso, minute
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.store.shared import Disclosure

_NAMED = 4


def shared_json(found: Sequence[Disclosure]) -> list[Json]:
    """Each as an object."""
    return [
        {
            "when": iso(one.when),
            "what": one.what,
            "to": one.to,
            "purpose": one.purpose,
            "until": one.until.isoformat() if one.until is not None else None,
            "sha256": one.sha256,
            "badges": list(one.badges),
        }
        for one in found
    ]


def print_shared(run: Run, badge: str | None, limit: int | None) -> None:
    """`badgefolio-shared/1`, or a table, newest first. badge: full id, or None for all."""
    wallet = run.wallet_if_any
    found = wallet.shared(badge)[::-1][:limit] if wallet is not None else ()
    run.out.json({"format": "badgefolio-shared/1", "shared": shared_json(found)})
    run.out.rows(
        ("When", "To", "For", "Until", "Badges", "File sha256"),
        [
            (
                minute(one.when),
                clean(one.to, limit=120) or NOT_STATED,
                clean(one.purpose, limit=200),
                one.until.isoformat() if one.until is not None else "",
                _names(run, one.badges),
                one.sha256[:12],
            )
            for one in found
        ],
        fold=("To", "For", "Badges"),
    )
    if not found:
        run.err.note("Nothing was handed out yet. 'badgefolio export bundle' does it.")


def _names(run: Run, badges: Sequence[str]) -> str:
    names = names_of(run.wallet, badges[:_NAMED])
    more = len(badges) - len(names)
    return ", ".join(names) + (f" and {plural(more, 'more badge')}" if more else "")
