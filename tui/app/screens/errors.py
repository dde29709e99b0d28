"""The errors since the start, each with its next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.app.messages import TaskFailed
from tui.app.screens.base import Dialog


class ErrorsScreen(Dialog):
    """A list to read; escape leaves."""

    TITLE_WORDS = "Errors since the start"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "dismiss", "Back", id="errors.back")]

    def __init__(self, failures: Sequence[TaskFailed]) -> None:
        super().__init__()
        self._failures = failures

    def inside(self) -> ComposeResult:
        """Newest first."""
        words = Text()
        for failure in reversed(self._failures):
            words.append(f"{failure.message}\n", style="bold")
            words.append(f"{failure.remedy}\n\n")
        with VerticalScroll(classes="words"):
            yield Static(words or Text("Nothing went wrong."), markup=False)
        yield Static("esc: back", classes="keys", markup=False)
