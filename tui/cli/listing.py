"""Listing badges for `list` and `search`: filters, a page of them, and what to do when there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.cli.badges import HOW_TO_BEGIN, print_rows, row_json
from tui.cli.run import Run
from tui.words import NOT_CHECKED
from wallet.model import Json
from wallet.store.search import UNCHECKED
from wallet.text import clean, plural
from wallet.verify.report import Verdict

if TYPE_CHECKING:
    from wallet.store.wallet import BadgeRow

_NOT_CHECKED = NOT_CHECKED.replace(" ", "-")
STATES = (*(verdict.value for verdict in Verdict), _NOT_CHECKED)
# A terminal shows this many unless told otherwise; a pipe gets them all.
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """Which badges: all that pass every filter that is set."""

    text: str | None = None
    state: str | None = None
    issuer: str | None = None
    label: str | None = None
    hidden: bool = False

    @property
    def any(self) -> bool:
        """Whether something is left out on the learner's word."""
        return any((self.text, self.state, self.issuer, self.label))


def list_badges(run: Run, filters: Filters, sort: str, limit: int | None, offset: int) -> int:
    """Print the badges that pass `filters`; how many there are in all."""
    wallet = run.wallet_if_any
    page = limit if limit is not None else (_PAGE if run.out.terminal and run.out.table_form else None)
    verdict = UNCHECKED if filters.state == _NOT_CHECKED else filters.state
    rows: tuple[BadgeRow, ...] = ()
    total = 0
    if wallet is not None:
        rows = wallet.list_badges(
            text=filters.text,
            verdict=verdict,
            issuer=filters.issuer,
            hidden=filters.hidden,
            label=filters.label,
            sort=sort,
            limit=page,
            offset=offset,
        )
        total = wallet.count(
            text=filters.text, verdict=verdict, issuer=filters.issuer, hidden=filters.hidden, label=filters.label
        )
    listed: list[Json] = [row_json(row) for row in rows]
    run.out.json({"format": "badgefolio-list/1", "total": total, "offset": offset, "badges": listed})
    if rows:
        print_rows(run.out, rows)
    _say_rest(run, filters, len(rows), total, offset)
    return total


def _say_rest(run: Run, filters: Filters, shown: int, total: int, offset: int) -> None:
    if total == 0 and filters.any:
        what = f" for '{clean(filters.text, limit=80)}'" if filters.text else " with these filters"
        run.err.note(f"No badge found{what}. 'badgefolio list' shows all.")
    elif total == 0:
        run.err.note(f"No badges yet. {HOW_TO_BEGIN}")
    elif shown + offset < total:
        run.err.note(f"{plural(total - shown - offset, 'more badge')} not shown; --limit and --offset show more.")
