"""A virtual list of lines with a cursor: as fast with 100,000 lines as with ten, because only those in sight are ever drawn.

Textual's DataTable measures every cell up front, a second for 10,000 rows; here columns have fixed widths. What a line says is
for the lists that are built on this one.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines, a cursor, and the keys that move it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="list.down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="list.up"),
        Binding("g,home", "jump(0)", "Top", show=False, id="list.top"),
        Binding("G,end", "jump(-1)", "End", show=False, id="list.end"),
        Binding("ctrl+d,pagedown", "page(1)", "Page down", show=False, id="list.page-down"),
        Binding("ctrl+u,pageup", "page(-1)", "Page up", show=False, id="list.page-up"),
        Binding("enter", "open", "Open", show=False, id="open"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--cursor", "line-list--cursor-blurred"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._count = 0
        self._cursor = 0

    def segments(self, number: int, width: int, base: Style) -> list[Segment]:
        """Line `number` in `width` cells, over the style `base`."""
        raise NotImplementedError

    def told(self) -> None:
        """The cursor is on another line, or on none."""

    def opened(self) -> None:
        """The line under the cursor was chosen; there is one."""

    @property
    def row_count(self) -> int:
        """How many lines there are."""
        return self._count

    def listed(self, count: int, cursor: int) -> None:
        """Show `count` lines, the cursor at `cursor` or as near as can be."""
        self._count, self._cursor = count, max(0, min(cursor, count - 1))
        self.virtual_size = Size(self.scrollable_content_region.width, count)
        self._in_sight()
        self.refresh()
        self.told()

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        base = self.rich_style
        if number >= self._count:
            return Strip.blank(width, base)
        if number == self._cursor:
            name = "line-list--cursor" if self.has_focus else "line-list--cursor-blurred"
            base += self.get_component_rich_style(name)
        return Strip(self.segments(number, width, base), width)

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
        """One line up or down."""
        self._to(self._cursor + step)

    def action_jump(self, where: int) -> None:
        """First (0) or last (-1) line."""
        self._to(0 if where == 0 else self._count - 1)

    def action_page(self, direction: int) -> None:
        """One screenful."""
        self._to(self._cursor + direction * max(self.size.height - 1, 1))

    def action_open(self) -> None:
        """Open what is under the cursor."""
        if self._count:
            self.opened()

    def _to(self, number: int) -> None:
        if not self._count:
            return
        self._cursor = max(0, min(number, self._count - 1))
        self._in_sight()
        self.refresh()
        self.told()

    def _in_sight(self) -> None:
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, force=True)
