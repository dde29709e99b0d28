"""The errors since the start, each with its next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.messages import TaskFailed


class ErrorsScreen(ModalScreen[None]):
    """A list to read; escape leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Back", id="errors.back")]

    def __init__(self, failures: Sequence[TaskFailed]) -> None:
        super().__init__(classes="dialog")
        self._failures = failures

    def compose(self) -> ComposeResult:
        """Newest first."""
        words = Text()
        for failure in reversed(self._failures):
            words.append(f"{failure.message}\n", style="bold")
            words.append(f"{failure.remedy}\n\n")
        with Vertical():
            yield Static("Errors since the start", classes="title")
            with VerticalScroll(classes="lines"):
                yield Static(words or Text("Nothing went wrong."), markup=False)
            yield Static("esc: back", classes="keys")
