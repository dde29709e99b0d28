"""Where a command's words go: data to stdout (table, plain or JSON), everything else to stderr.

Every text passes `wallet.text.clean` here once more, whatever its sender did: nothing else writes to the terminal. Rich is
imported only to draw a table or a progress bar, and never gets a string to interpret as markup.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from wallet.model import Json
from wallet.progress import Event, Progress, silent
from wallet.text import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_LONGEST_LINE = 20_000
# Cells between two columns, and the least that is left of one that has to give way.
_GAP, _LEAST = 2, 8
# The least width of the names of facts, so that short lists of them line up with each other.
_NAMES = 13
# How often, in seconds, a bar is drawn again that draws itself.
_REDRAWN = 0.1


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in a table with the style it is drawn in."""

    text: str
    style: str = ""


def _clean(text: str) -> str:
    # With the spaces that align our own words; a line break in it would be somebody else's.
    return clean(text, lines=True, limit=_LONGEST_LINE).replace("\n", " ")


def _fitted(widths: Sequence[int], flexible: Sequence[int], room: int) -> list[int]:
    """Widths that fit into `room`: the widest flexible column gives way first, none below `_LEAST`."""
    fitted = list(widths)
    while sum(fitted) > room:
        widest = max(flexible, key=lambda number: fitted[number], default=None)
        if widest is None or fitted[widest] <= _LEAST:
            break
        fitted[widest] -= 1
    return fitted


def _as_cell(value: str | Cell) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def speaks_unicode(stream: TextIO) -> bool:
    """Whether the marks beyond ASCII can be written to this stream."""
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") in ("utf8", "utf16", "cp65001")


def console(stream: TextIO) -> Console:
    """A rich console that interprets nothing; without colour where nobody wants any."""
    from rich.console import Console

    terminal = _is_terminal(stream)
    coloured = terminal and not os.environ.get("NO_COLOR")
    return Console(
        file=stream,
        color_system="auto" if coloured else None,
        force_terminal=None if coloured else False,
        markup=False,
        emoji=False,
        highlight=False,
    )


class Out:
    """Data on stdout in one of three forms. In JSON form only `json` prints."""

    def __init__(self, err: Err, *, json_form: bool, plain: bool, ascii_only: bool) -> None:
        self._err = err
        self.json_form = json_form
        self.plain = plain and not json_form
        self.table_form = not json_form and not plain
        self.ascii_only = ascii_only or not speaks_unicode(sys.stdout)
        self._console: Console | None = None

    @property
    def terminal(self) -> bool:
        """Whether somebody looks at it."""
        return _is_terminal(sys.stdout)

    def json(self, document: Mapping[str, Json]) -> None:
        """One document on one line of ASCII: no control character can pass."""
        if self.json_form:
            self._write(json.dumps(document, ensure_ascii=True) + "\n")

    def raw(self, text: str) -> None:
        """Our own text of several lines, such as a completion script."""
        self._write(text if text.endswith("\n") else text + "\n")

    def line(self, text: str = "", *, indent: int = 0, style: str = "") -> None:
        """One line in table or plain form."""
        if self.json_form:
            return
        if self.plain or not style or not self.terminal:
            self._write(" " * (0 if self.plain else indent) + _clean(text) + "\n")
        else:
            self._draw(" " * indent + _clean(text), style)

    def blank(self) -> None:
        """An empty line between parts."""
        if not self.json_form:
            self._write("\n")

    def heading(self, text: str) -> None:
        """The title of a part; in plain form a fact by itself."""
        if self.plain:
            self.fact("section", text)
        else:
            self.blank()
            self.line(text, style="bold")

    def fact(self, name: str, value: str) -> None:
        """`name: value`."""
        self.line(f"{_clean(name)}: {_clean(value)}")

    def facts(self, pairs: Sequence[tuple[str, str | Cell]], *, indent: int = 2) -> None:
        """Facts one below the other; in table form their values are aligned and wrapped."""
        if self.json_form or not pairs:
            return
        if self.plain:
            for name, value in pairs:
                self.fact(name, value.text if isinstance(value, Cell) else value)
            return
        if not self.terminal:
            self._write_columns([(" " * indent + name, value) for name, value in pairs], least=_NAMES)
            return
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True, min_width=_NAMES)
        grid.add_column(overflow="fold")
        for name, value in pairs:
            cell = _as_cell(value)
            grid.add_row(Text(" " * indent + _clean(name)), Text(_clean(cell.text), style=cell.style))
        self._print(grid)

    def rows(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str | Cell]],
        *,
        fold: Sequence[str] = (),
        cut: Sequence[str] = (),
    ) -> None:
        """A table; in plain form each row as facts, rows apart by an empty line.

        Where the screen is too narrow, `fold` columns wrap and `cut` columns end in an ellipsis; all others stay whole. Where
        not even that fits, each row is told as facts: half a word and half an id tell nothing.
        """
        if self.json_form or not rows:
            return
        if self.plain:
            for number, row in enumerate(rows):
                if number:
                    self._write("\n")
                for name, value in zip(columns, row, strict=True):
                    self.fact(name, value.text if isinstance(value, Cell) else value)
            return
        if not self.terminal:
            self._write_columns([columns, *rows])
            return
        from rich.cells import cell_len
        from rich.table import Table
        from rich.text import Text

        drawn = [
            [Text(_clean(cell.text), style=cell.style) for cell in (_as_cell(value) for value in row)] for row in rows
        ]
        widths = [
            max(cell_len(name), *(cell_len(row[number].plain) for row in drawn)) for number, name in enumerate(columns)
        ]
        flexible = [number for number, name in enumerate(columns) if name in fold or name in cut]
        room = self._drawer().width - _GAP * (len(columns) - 1)
        least = sum(min(width, _LEAST) if number in flexible else width for number, width in enumerate(widths))
        if least > room:
            for number, row in enumerate(rows):
                if number:
                    self.blank()
                self.facts(
                    [(name.lower(), value) for name, value in zip(columns, row, strict=True) if _as_cell(value).text],
                    indent=0,
                )
            return
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold underline")
        fitted = _fitted(widths, flexible, room)
        for name, width in zip(columns, fitted, strict=True):
            table.add_column(
                Text(name), overflow="fold" if name in fold else "ellipsis", no_wrap=name not in fold, width=width
            )
        for texts in drawn:
            table.add_row(*texts)
        self._print(table)

    def _drawer(self) -> Console:
        if self._console is None:
            self._console = console(sys.stdout)
        return self._console

    def _print(self, table: Table) -> None:
        (self._err.live or self._drawer()).print(table)

    def _draw(self, text: str, style: str) -> None:
        from rich.text import Text

        (self._err.live or self._drawer()).print(Text(text, style=style), soft_wrap=True)

    def _write_columns(self, rows: Sequence[Sequence[str | Cell]], *, least: int = 0) -> None:
        """Aligned and never cut: for a pipe, where drawing a table costs twenty times as much and helps nobody."""
        from rich.cells import cell_len

        texts = [[_clean(_as_cell(value).text) for value in row] for row in rows]
        lengths = [[cell_len(text) for text in row] for row in texts]
        widths = [max(least, *column) for column in zip(*lengths, strict=True)]
        lines = [
            "".join(
                text + " " * (width - length + _GAP) for text, width, length in zip(row, widths, have, strict=True)
            ).rstrip()
            for row, have in zip(texts, lengths, strict=True)
        ]
        self._write("\n".join(lines) + "\n")

    def _write(self, text: str) -> None:
        if self._err.live is not None and self.terminal:
            # A bar is drawn on the same screen: what is printed past it would be painted over.
            from rich.text import Text

            self._err.live.print(Text(text.removesuffix("\n")), soft_wrap=True)
            return
        sys.stdout.write(text)
        sys.stdout.flush()


class Err:
    """Notes, progress and errors on stderr."""

    def __init__(self, *, plain: bool = False) -> None:
        self._plain = plain
        #: Whether only errors are said.
        self.quiet = False
        #: The console that draws a bar at the moment, if one does.
        self.live: Console | None = None

    def note(self, text: str) -> None:
        """Something worth knowing that is not data."""
        if not self.quiet:
            self._say(text)

    def _say(self, text: str) -> None:
        if self.live is not None:
            from rich.text import Text

            self.live.print(Text(_clean(text)), soft_wrap=True)
        else:
            sys.stderr.write(_clean(text) + "\n")
            sys.stderr.flush()

    def error(self, message: str, remedy: str) -> None:
        """What happened and what to do next."""
        self._say(f"Error: {message}")
        if remedy:
            self._say(f"Next: {remedy}")

    def refused(self, source: str, message: str, remedy: str) -> None:
        """An input that gave no badge; it is named once."""
        named = clean(source, limit=120)
        self.error(message if not named or named in message else f"{named}: {message}", remedy)

    @contextmanager
    def progress(self, title: str, *, items: bool = False, alone: bool = False) -> Iterator[Progress]:
        """A bar while somebody looks at stderr and wants one; silence otherwise. `items` names the one at hand.

        alone: draw from this thread only, when something is done: copies of a process with other threads are not safe.
        """
        if self._plain or self.quiet or self.live is not None or not _is_terminal(sys.stderr):
            yield silent
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeElapsedColumn
        from rich.progress_bar import ProgressBar
        from rich.table import Column
        from rich.text import Text

        class Words(TextColumn):
            """The description as it is: a file name must not be read as markup."""

            def render(self, task: Task) -> Text:
                return Text(task.description)

        class Bar(BarColumn):
            """No bar while nobody knows how long it is: the count beside it moves."""

            def render(self, task: Task) -> ProgressBar:
                shown = super().render(task)
                return shown if task.total is not None else ProgressBar(total=1, completed=0, width=1)

        bar = Progress(
            Words("", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
            Bar(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console(sys.stderr),
            transient=True,
            # Left alone, rich would send what goes to stdout to the bar's stream.
            redirect_stdout=False,
            redirect_stderr=False,
            auto_refresh=not alone,
        )
        with bar:
            self.live = bar.console
            task = bar.add_task(title, total=None)
            drawn = 0.0

            def draw(event: Event) -> None:
                nonlocal drawn
                words = f"{title} {clean(event.item, limit=60)}" if items and event.item else title
                bar.update(task, completed=event.done, total=event.total, description=words)
                if alone and monotonic() - drawn >= _REDRAWN:
                    bar.refresh()
                    drawn = monotonic()

            try:
                yield draw
            finally:
                self.live = None
