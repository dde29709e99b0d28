"""What can be ticked in a plan."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class PlanList(OptionList, inherit_bindings=False):
    """A line for each open part and each badge that counts."""

    HELP = """\
### What if

`space` ticks a part as if you had done it; where a part has several places, again for each of them. Below the rule are your
badges: `space` puts one aside, as if you did not hold it. `b` edits the second set, so that two ways stand side by side.

`f` ticks the shortest finish, `m` measures it by badges, hours or dates, `w` sets your hours a week, `c` clears the set.
Nothing is written until `s` keeps the edited set as your plan; `u` takes that back.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "select", "Tick", id="choices.tick"),
        Binding("j,down", "cursor_down", "Down", show=False, id="choices.down"),
        Binding("k,up", "cursor_up", "Up", show=False, id="choices.up"),
        Binding("g,home", "first", "Top", show=False, id="choices.top"),
        Binding("G,end", "last", "End", show=False, id="choices.end"),
        Binding("ctrl+d,pagedown", "page_down", "Page down", show=False, id="choices.page-down"),
        Binding("ctrl+u,pageup", "page_up", "Page up", show=False, id="choices.page-up"),
    ]
