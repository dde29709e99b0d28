"""The badge list: rows come in pages from the index, and only those in sight are ever asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.app.colours import coloured
from tui.app.views import RowView
from tui.app.widgets.columns import MARK, STATE, columns, fit
from tui.app.widgets.line_list import LineList
from tui.words import state_glyph, state_style

#: (offset, limit) -> that many rows from there.
Pages = Callable[[int, int], Sequence[RowView]]

_PAGE_ROWS = 100
_PAGES_KEPT = 20
#: Pages looked through, from the cursor outwards, for a badge that moved when the list was read anew.
_PAGES_SEARCHED = 6


class BadgeList(LineList):
    """A virtual list of badges with a cursor and marks."""

    HELP = """\
### Badges

`/` filters as you type. `enter` opens a badge, `space` marks it, `v` verifies the marked ones or the one under the cursor,
`V` all. `s` shares them, `S` says who has what. `H` is the history, `I` the issuers, `D` the health of the wallet.
A state with `…` is an earlier one: the last try did not reach the issuer.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", show=False, id="select"),
        Binding("A", "mark_all", "Mark all", show=False, id="select.all"),
    ]

    class Highlighted(Message):
        """The cursor is on another badge, or on none."""

        def __init__(self, row: RowView | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """A badge was chosen."""

        def __init__(self, row: RowView) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii_only = ascii_only
        self._pages: Pages = _no_pages
        self._cache: OrderedDict[int, Sequence[RowView]] = OrderedDict()
        self.marked: set[str] = set()

    @property
    def current(self) -> RowView | None:
        """The badge under the cursor."""
        return self._row(self._cursor) if self._count else None

    def show(self, count: int, pages: Pages) -> None:
        """List `count` rows from `pages`; the cursor stays on the same badge where it can."""
        before = self.current
        self._pages, self._count = pages, count
        self._cache.clear()
        cursor = min(self._cursor, max(count - 1, 0))
        if before is not None and count and self._row(cursor).id != before.id:
            cursor = self._find(before.id, cursor)
        self.listed(count, cursor)

    def _find(self, badge: str, around: int) -> int:
        """Where a badge is now, from `around` outwards; looking through all of a long list would cost a second."""
        middle, last = around // _PAGE_ROWS, (self._count - 1) // _PAGE_ROWS
        pages = sorted(range(last + 1), key=lambda page: (abs(page - middle), page))
        for page in pages[:_PAGES_SEARCHED]:
            start = page * _PAGE_ROWS
            for number in range(start, min(start + _PAGE_ROWS, self._count)):
                if self._row(number).id == badge:
                    return number
        return around

    def _row(self, number: int) -> RowView:
        page, offset = divmod(number, _PAGE_ROWS)
        if page not in self._cache:
            self._cache[page] = self._pages(page * _PAGE_ROWS, _PAGE_ROWS)
            if len(self._cache) > _PAGES_KEPT:
                self._cache.popitem(last=False)
        self._cache.move_to_end(page)
        rows = self._cache[page]
        return rows[offset] if offset < len(rows) else RowView("", "", "", "", "", None, False)

    def segments(self, number: int, width: int, base: Style) -> list[Segment]:
        """Mark, state, name, issuer and dates, as far as there is room."""
        row = self._row(number)
        mark = ("*" if self._ascii_only else "●") if row.id in self.marked else " "
        state = f"{state_glyph(row.verdict, ascii_only=self._ascii_only)} {row.state}" + (" …" if row.restless else "")
        found = columns(width)
        return [
            Segment(fit(mark, MARK), base),
            Segment(fit(state, STATE), base + Style.parse(coloured(state_style(row.verdict)))),
            Segment(fit(row.name, found.name), base),
            Segment(fit(row.issuer, found.issuer), base),
            Segment(fit(row.issued, found.issued), base),
            Segment(fit(row.expires, found.expires), base),
        ]

    def opened(self) -> None:
        """Open the badge under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def told(self) -> None:
        """The detail follows the cursor."""
        self.post_message(self.Highlighted(self.current))

    def action_mark(self) -> None:
        """Mark or unmark the badge under the cursor and go on to the next."""
        if self.current is not None:
            self.marked ^= {self.current.id}
            self.refresh()
            self.action_move(1)

    def action_mark_all(self) -> None:
        """Mark everything that is listed; again: mark nothing."""
        listed = {row.id for start in range(0, self._count, _PAGE_ROWS) for row in self._pages(start, _PAGE_ROWS)}
        self.marked = set() if listed <= self.marked else self.marked | listed
        self.refresh()


def _no_pages(_offset: int, _limit: int) -> Sequence[RowView]:
    return ()
