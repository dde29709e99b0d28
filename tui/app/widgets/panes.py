"""Panes that explain themselves: each says in the help panel what it is for. The help is our own text only."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList

_SCROLLING: list[BindingType] = [
    Binding("j,down", "scroll_down", "Down", show=False, id="pane.down"),
    Binding("k,up", "scroll_up", "Up", show=False, id="pane.up"),
    Binding("g,home", "scroll_home", "Top", show=False, id="pane.top"),
    Binding("G,end", "scroll_end", "End", show=False, id="pane.end"),
    Binding("ctrl+d,pagedown", "page_down", "Page down", show=False, id="pane.page-down"),
    Binding("ctrl+u,pageup", "page_up", "Page up", show=False, id="pane.page-up"),
]


_MOVING: list[BindingType] = [
    Binding("j,down", "cursor_down", "Down", show=False, id="lines.down"),
    Binding("k,up", "cursor_up", "Up", show=False, id="lines.up"),
    Binding("g,home", "first", "Top", show=False, id="lines.top"),
    Binding("G,end", "last", "End", show=False, id="lines.end"),
    Binding("ctrl+d,pagedown", "page_down", "Page down", show=False, id="lines.page-down"),
    Binding("ctrl+u,pageup", "page_up", "Page up", show=False, id="lines.page-up"),
    Binding("enter", "select", "Open", show=False, id="lines.open"),
]


class DetailPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """All about one badge."""

    HELP = """\
### Badge

The verdict with its date, then the three answers: is it **authentic**, is it **yours**, is it **still good**.
What is wrong comes with the one who can mend it and the next step. `p` unfolds the checks that passed.
"""
    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING


class CardPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """All about what is under the cursor: a part of a pathway, or an issuer."""

    HELP = """\
### Details

All about what is under the cursor. For a part of a pathway: what it asks for, hours, facilitation and dates where they are
known, and the badges that fill it or would fill it. For an issuer: what is proven of it, and your own word.
"""
    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING


class AnswerPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The answer to a question about a pathway."""

    HELP = """\
### Answer

What could be begun now: `d` asks only for what is given online, in person or both ways, `m` for what takes no longer than so many
hours. Or what another version asks otherwise, and what that would mean for your badges.
"""
    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING


class LearnerPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """A part of what is known of one learner."""

    HELP = """\
### Learner

The pathway with its places, what was handed over and how far each badge is proven, and two kinds of words: **notes** are yours
alone, **feedback** is for the learner. Tab goes from pane to pane, `w` to the next pathway.
"""
    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING


class PlaceList(OptionList, inherit_bindings=False):
    """The places of a learner's pathway, and what comes next."""

    HELP = """\
### Places

Every group and element with its state, and what fills it or why nothing does. `enter` opens one: the badges that fill it, and
what their check found. `e` records an exception there, `a` somebody's word, `u` takes back what was recorded.
"""
    BINDINGS: ClassVar[list[BindingType]] = _MOVING


class RequirementPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """One requirement of one learner."""

    HELP = """\
### Requirement

How it stands, the badges that fill it with what their check found, and those that do not count here with the reason. `e` records
an exception, `a` somebody's word, `u` takes back what was recorded; every figure then stands beside the one without.
"""
    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING


class HealthPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """What an examination of the wallet found."""

    HELP = """\
### Health

Every byte of the wallet is compared with what it was written as. `f` mends what can be mended, after asking; `r` examines again.
"""
    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING


class LeavingPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """All that would leave with an export."""

    HELP = """\
### What leaves

Each personal field, where it stands and for which badges; then the badges, and what stays behind. It was found by looking at the
bytes themselves. `enter` writes the file, `esc` goes back to change something; nothing is sent anywhere.
"""
    BINDINGS: ClassVar[list[BindingType]] = _SCROLLING


class SharedList(OptionList, inherit_bindings=False):
    """One line for each thing that was handed out."""

    HELP = """\
### Shared

To whom, for what, until when: newest first. `enter` shows which badges went along. Nothing here can be taken back: it says what
was handed out, and a last day is a promise by the reader.
"""
    BINDINGS: ClassVar[list[BindingType]] = _MOVING


class HistoryList(OptionList, inherit_bindings=False):
    """One line for each command."""

    HELP = """\
### History

What happened, newest first. `enter` opens the badge that a line is about. `u` takes the last change back; verifications are
facts and stay.
"""
    BINDINGS: ClassVar[list[BindingType]] = _MOVING


class IssuerList(OptionList, inherit_bindings=False):
    """One line for each issuer."""

    HELP = """\
### Issuers

Whom your badges come from, by name and by host; `!` marks one that could be taken for another. `t` and `d` keep your own word
about it, `f` takes your word back. No verdict changes by it.
"""
    BINDINGS: ClassVar[list[BindingType]] = _MOVING


class FormList(OptionList, inherit_bindings=False):
    """A choice within a form; enter goes on to the next field."""

    BINDINGS: ClassVar[list[BindingType]] = _MOVING
