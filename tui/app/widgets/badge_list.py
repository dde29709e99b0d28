"""The badge list: as fast with 100,000 badges as with ten, because only the rows in sight are ever asked for.

Textual's DataTable measures every cell up front, a second for 10,000 rows; here columns have fixed widths and rows come in
pages from the index.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.app.colours import coloured
from tui.app.views import RowView
from tui.app.widgets.columns import MARK, STATE, columns, fit
from tui.words import state_glyph, state_style

#: (offset, limit) -> that many rows from there.
Pages = Callable[[int, int], Sequence[RowView]]

_PAGE_ROWS = 100
_PAGES_KEPT = 20
#: Pages looked through, from the cursor outwards, for a badge that moved when the list was read anew.
_PAGES_SEARCHED = 6


class BadgeList(ScrollView, can_focus=True, inherit_bindings=False):
    """A virtual list of badges with a cursor and marks."""

    HELP = """\
### Badges

`/` filters as you type. `enter` opens a badge, `space` marks it, `v` verifies the marked ones or the one under the cursor,
`V` all. `H` is the history, `I` the issuers, `D` the health of the wallet.
A state with `…` is an earlier one: the last try did not reach the issuer.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="list.down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="list.up"),
        Binding("g,home", "jump(0)", "Top", show=False, id="list.top"),
        Binding("G,end", "jump(-1)", "End", show=False, id="list.end"),
        Binding("ctrl+d,pagedown", "page(1)", "Page down", show=False, id="list.page-down"),
        Binding("ctrl+u,pageup", "page(-1)", "Page up", show=False, id="list.page-up"),
        Binding("enter", "open", "Open", show=False, id="open"),
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
        self._count = 0
        self._cursor = 0
        self.marked: set[str] = set()

    @property
    def row_count(self) -> int:
        """How many badges are listed."""
        return self._count

    @property
    def current(self) -> RowView | None:
        """The badge under the cursor."""
        return self._row(self._cursor) if self._count else None

    def show(self, count: int, pages: Pages) -> None:
        """List `count` rows from `pages`; the cursor stays on the same badge where it can."""
        before = self.current
        self._pages, self._count = pages, count
        self._cache.clear()
        self._cursor = min(self._cursor, max(count - 1, 0))
        if before is not None and count and self._row(self._cursor).id != before.id:
            self._cursor = self._find(before.id, self._cursor)
        self.virtual_size = Size(self.scrollable_content_region.width, count)
        self._in_sight()
        self.refresh()
        self._tell()

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

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        if number >= self._count:
            return Strip.blank(width, self.rich_style)
        row = self._row(number)
        here = number == self._cursor
        base = self.rich_style
        if here:
            name = "badge-list--cursor" if self.has_focus else "badge-list--cursor-blurred"
            base += self.get_component_rich_style(name)
        return Strip(self._segments(row, width, base), width)

    def _segments(self, row: RowView, width: int, base: Style) -> list[Segment]:
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

    COMPONENT_CLASSES: ClassVar[set[str]] = {"badge-list--cursor", "badge-list--cursor-blurred"}

    def on_resize(self) -> None:
        """Lines are as wide as the widget, so there is never anything to scroll sideways."""
        self.virtual_size = Size(self.scrollable_content_region.width, self._count)

    def on_focus(self) -> None:
        """The cursor shows where keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """As above."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click opens."""
        self._to(self.scroll_offset.y + event.y)
        if event.chain == 2:
            self.action_open()

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self._to(self._cursor + step)

    def action_jump(self, where: int) -> None:
        """First (0) or last (-1) row."""
        self._to(0 if where == 0 else self._count - 1)

    def action_page(self, direction: int) -> None:
        """One screenful."""
        self._to(self._cursor + direction * max(self.size.height - 1, 1))

    def action_open(self) -> None:
        """Open the badge under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self.current))

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

    def _to(self, number: int) -> None:
        if not self._count:
            return
        self._cursor = max(0, min(number, self._count - 1))
        self._in_sight()
        self.refresh()
        self._tell()

    def _in_sight(self) -> None:
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, force=True)

    def _tell(self) -> None:
        self.post_message(self.Highlighted(self.current))


def _no_pages(_offset: int, _limit: int) -> Sequence[RowView]:
    return ()
