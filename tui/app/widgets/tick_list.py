"""Several of a few, within a form: space ticks, enter goes on with the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class TickList(OptionList, inherit_bindings=False):
    """A line each, with its tick in front, which needs no colour to be seen."""

    DEFAULT_CSS = """
    TickList { width: 1fr; height: auto; max-height: 4; border: none; background: $boost; padding: 0; scrollbar-size: 1 1; }
    TickList:focus { background: $panel; border: none; }
    """
    HELP = """\
### Choose

`space` ticks a line or takes the tick away; `enter` goes on with the form.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", "Tick", show=False, id="ticks.tick"),
        Binding("j,down", "cursor_down", "Down", show=False, id="ticks.down"),
        Binding("k,up", "cursor_up", "Up", show=False, id="ticks.up"),
        Binding("enter", "select", "Go on", show=False, id="ticks.go"),
    ]

    def __init__(self, lines: Sequence[tuple[str, str, bool]], *, id: str) -> None:
        """`lines`: a key of each, its words (clean), and whether it is ticked at first."""
        self._keys = [key for key, _, _ in lines]
        self._words = [words for _, words, _ in lines]
        self._ticked = {key for key, _, ticked in lines if ticked}
        super().__init__(*(Option(self._line(number)) for number in range(len(lines))), id=id, markup=False)

    @property
    def ticked(self) -> tuple[str, ...]:
        """Keys of the ticked lines, in their order."""
        return tuple(key for key in self._keys if key in self._ticked)

    def _line(self, number: int) -> Text:
        return Text(f"{'[x]' if self._keys[number] in self._ticked else '[ ]'} {self._words[number]}")

    def on_focus(self) -> None:
        """The cursor shows where a tick would go."""
        if self.highlighted is None and self._keys:
            self.highlighted = 0

    def action_tick(self) -> None:
        """Tick the line under the cursor, or take the tick away; then go on to the next."""
        number = self.highlighted
        if number is None:
            return
        self._ticked ^= {self._keys[number]}
        self.replace_option_prompt_at_index(number, self._line(number))
        if number + 1 < len(self._keys):
            self.highlighted = number + 1
