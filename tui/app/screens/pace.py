"""Asks for hours a week, so that hours can be told as weeks. Twin: `pathway shortest --hours-per-week`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from tui.app.messages import TaskFailed
from tui.app.screens.base import Dialog
from tui.app.widgets.entry import Entry

_MOST_HOURS = 10_000


class PaceScreen(Dialog):
    """Asks for hours a week. They are kept while the app runs, nowhere else."""

    TITLE_WORDS = "Hours a week"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", id="pace.back")]

    def __init__(self, pace: Decimal, chosen: Callable[[Decimal], None]) -> None:
        super().__init__()
        self._pace, self._chosen = pace, chosen

    def inside(self) -> ComposeResult:
        """One number."""
        yield Static(
            "How many hours a week can you give? Weeks are reckoned with it.", classes="note", id="note", markup=False
        )
        yield Entry(value=f"{self._pace:f}", id="pace")
        yield Static("enter: use it   esc: back", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#pace").focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        try:
            hours = Decimal(event.value.strip().replace(",", "."))
        except InvalidOperation:
            hours = Decimal(0)
        if not hours.is_finite() or not 0 < hours <= _MOST_HOURS:
            self.query_one("#note", Static).update("That is not a number of hours above 0, such as 3 or 7.5.")
            return
        self.dismiss()
        self._chosen(hours)

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the question."""
        self.query_one("#note", Static).update(f"{failure.message} {failure.remedy}")
