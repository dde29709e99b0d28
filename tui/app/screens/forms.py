"""Fields one below the other in a box; enter in any of them goes on. What they are for is said by the forms built on this one."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.app.messages import TaskFailed
from tui.app.screens.base import Dialog
from tui.app.widgets.entry import Entry
from wallet.errors import UsageError, WalletError
from wallet.text import clean


class Form(Dialog):
    """A remark, fields, and the keys."""

    DEFAULT_CSS = """
    Form #fields { height: auto; max-height: 14; }
    Form .field { height: auto; }
    Form .label { width: 27; height: 1; color: $text-muted; }
    Form .field Input { width: 1fr; background: $boost; }
    Form .field Input:focus { background: $panel; }
    """
    KEYS: ClassVar[str] = "tab: next field   enter: keep it   esc: back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", id="words.back"),
    ]

    def fields(self) -> ComposeResult:
        """Labels and entries."""
        raise NotImplementedError

    def remark(self) -> str:
        """What comes of it."""
        raise NotImplementedError

    def submit(self) -> None:
        """Act on what the fields say. Raises `WalletError`, which is shown in the place of the remark."""
        raise NotImplementedError

    def inside(self) -> ComposeResult:
        """The fields between a remark and the keys."""
        yield Static(self.remark(), classes="note", id="note", markup=False)
        with VerticalScroll(id="fields", can_focus=False):
            yield from self.fields()
        yield Static(self.KEYS, classes="keys", markup=False)

    def said(self, name: str) -> str | None:
        """What stands in a field; None where there is nothing."""
        return self.query_one(f"#{name}", Input).value.strip() or None

    def day(self, name: str) -> date | None:
        """A day, where one was written. Raises `UsageError`."""
        written = self.said(name)
        try:
            return date.fromisoformat(written) if written is not None else None
        except ValueError:
            raise UsageError(
                f"'{clean(written or '', limit=40)}' is not a day.", "Write it like 2027-01-31, or leave it empty."
            ) from None

    @on(Input.Submitted)
    def try_to_submit(self) -> None:
        """Enter in a field."""
        try:
            self.submit()
        except WalletError as error:
            self.fail(error)

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the remark."""
        self.query_one("#note", Static).update(Text(f"{failure.message} {failure.remedy}", style="bold"))


def field(name: str, label: str, *, value: str = "", hint: str = "") -> ComposeResult:
    """One line to type into."""
    yield from labelled(label, Entry(value=value, placeholder=hint, id=name, compact=True))


def labelled(label: str, widget: Widget) -> ComposeResult:
    """A label and what belongs to it."""
    with Horizontal(classes="field"):
        yield Static(label, classes="label", markup=False)
        yield widget
