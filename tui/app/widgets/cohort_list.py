"""The lines of a cohort: one for each learner and pathway, and one for each line of a pivot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from tui.app.cohort_views import cell_line, change_line, head_line, pivot_head, row_line
from tui.app.widgets.line_list import LineList
from tui.cohort_changes import Told
from wallet.cohort.pivots import Pivot
from wallet.cohort.table import Row

#: Cells from which there is room for the table and the card.
_BOTH = 90


def _over(line: Text, base: Style, width: int) -> list[Segment]:
    """A line of text as segments over a ground."""
    line.truncate(width, pad=True)
    line.end = ""
    return [
        Segment(part, base + (Style.parse(style) if isinstance(style, str) else style)) for part, style in _parts(line)
    ]


def _parts(line: Text) -> list[tuple[str, str | Style]]:
    """The pieces between the ends of the spans; spans of ours never overlap."""
    found: list[tuple[str, str | Style]] = []
    at = 0
    for span in sorted(line.spans, key=lambda span: span.start):
        if span.start > at:
            found.append((line.plain[at : span.start], ""))
        found.append((line.plain[span.start : span.end], span.style))
        at = span.end
    if at < len(line.plain):
        found.append((line.plain[at:], ""))
    return [(text, style) for text, style in found if text]


class CohortList(LineList):
    """Learners, one line for each pathway."""

    HELP = """\
### Learners

One line for each learner and pathway: places filled and required, the share in per cent, the same by verified badges alone
where it differs, what is missing, and what comes next. `!` marks a problem to look at, `◷` a place that will be lost.
`1` to `8` keep the rows that a filter lists, `0` shows all again. `m` shows numbers instead of names, for a shared screen.
`s` writes a report, `d` tells what changed since another scan, `v` shows an earlier one. `c` records a consent, `x` purges
what was derived from a learner, `X` from all whose consent has ended.
"""

    class Highlighted(Message):
        """The cursor is on another row, or on none."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """A row was chosen."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii_only = ascii_only
        self._rows: Sequence[Row] = ()
        self._closest: Mapping[str, str] = {}

    def closest(self, row: Row) -> str:
        """The clean name of the pathway that a learner is closest to the end of, "" for none."""
        return self._closest.get(row.learner.closest or "", "")

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    def show(self, rows: Sequence[Row], names: Mapping[str, str]) -> None:
        """List `rows`; names: of pathways by id. The cursor stays on the same learner and pathway where it can."""
        before = self.current
        self._rows, self._closest = rows, names
        keys = [_key(row) for row in rows]
        cursor = keys.index(_key(before)) if before is not None and _key(before) in keys else self._cursor
        self.listed(len(rows), cursor)

    def segments(self, number: int, width: int, base: Style) -> list[Segment]:
        """One row."""
        row = self._rows[number]
        return _over(row_line(row, width, closest=self.closest(row), ascii_only=self._ascii_only), base, width)

    def told(self) -> None:
        """The card follows the cursor."""
        self.post_message(self.Highlighted(self.current))

    def opened(self) -> None:
        """To the learner."""
        if self.current is not None:
            self.post_message(self.Opened(self.current))


def _key(row: Row) -> tuple[str, str]:
    return row.learner.number, row.pathway.id


class CohortHeader(Static):
    """The names of the columns, above the list."""

    def on_resize(self) -> None:
        """One cell is the scrollbar's."""
        self.update(head_line(self.size.width - 1))


class Panes(Horizontal):
    """Table and card side by side; where the help takes the room of both, the card waits behind the table."""

    def on_resize(self) -> None:
        """A narrow terminal has a rule of its own."""
        self.set_class(self.size.width < _BOTH, "-cramped")


class PivotList(LineList):
    """A pivot, a line for each requirement, pathway or skill; a cell of it opens its learners."""

    HELP = """\
### Pivot

Counts of learners who hold consent. `h` and `l` move between the cells of a line, `enter` lists the learners behind the one
that is marked. `1`, `2`, `3`: missing requirements, states, skills.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "cell(-1)", "Cell to the left", show=False, id="pivot.left"),
        Binding("l,right", "cell(1)", "Cell to the right", show=False, id="pivot.right"),
    ]

    class Opened(Message):
        """A cell was chosen: its words, and the numbers of the learners behind it."""

        def __init__(self, title: str, learners: tuple[str, ...]) -> None:
            super().__init__()
            self.title, self.learners = title, learners

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pivot: Pivot | None = None
        self._cell = 0

    def show(self, pivot: Pivot) -> None:
        """Show another pivot, from its top."""
        self._pivot, self._cell = pivot, 0
        self.listed(len(pivot.lines), 0)

    def segments(self, number: int, width: int, base: Style) -> list[Segment]:
        """One line; its chosen cell stands out under the cursor."""
        assert self._pivot is not None
        chosen = self._cell if number == self._cursor else None
        return _over(cell_line(self._pivot, number, width, chosen), base, width)

    def action_cell(self, step: int) -> None:
        """To another cell of the line."""
        if self._pivot is not None and self._pivot.heads:
            self._cell = max(0, min(self._cell + step, len(self._pivot.heads) - 1))
            self.refresh()

    def opened(self) -> None:
        """The learners behind the chosen cell."""
        if self._pivot is None or not self._pivot.lines:
            return
        line = self._pivot.lines[self._cursor]
        if self._cell < len(line.learners):
            self.post_message(self.Opened(f"{line.label}: {self._pivot.heads[self._cell]}", line.learners[self._cell]))


class PivotHeader(Static):
    """The names of a pivot's columns."""

    def show(self, pivot: Pivot) -> None:
        """For this pivot, in the width there is."""
        self.update(pivot_head(pivot, self.size.width - 1))


class ChangeList(LineList):
    """What changed between two scans, one line for each change."""

    HELP = """\
### Changes

What is different between two scans: who moved up, who lost a place, new problems, who came and went. Where a pathway has a new
version, what it alone changes is told apart. `enter` opens the learner, `e` and `n` choose other scans.
"""

    class Highlighted(Message):
        """The cursor is on another change, or on none."""

        def __init__(self, told: Told | None) -> None:
            super().__init__()
            self.told = told

    class Opened(Message):
        """A change was chosen."""

        def __init__(self, told: Told) -> None:
            super().__init__()
            self.told = told

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._told: Sequence[Told] = ()

    def show(self, told: Sequence[Told]) -> None:
        """List them, from the top."""
        self._told = told
        self.listed(len(told), 0)

    def segments(self, number: int, width: int, base: Style) -> list[Segment]:
        """One change."""
        return _over(change_line(self._told[number], width), base, width)

    def told(self) -> None:
        """The sentence follows the cursor."""
        self.post_message(self.Highlighted(self._told[self._cursor] if self._told else None))

    def opened(self) -> None:
        """To the learner."""
        self.post_message(self.Opened(self._told[self._cursor]))
