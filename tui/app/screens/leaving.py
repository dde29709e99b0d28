"""What would leave, before it leaves; then the writing of it. Twins: `export …`, `export bundle --preview`.

Nothing is written before enter, or before `r` where a file would be replaced. What was written stays on this computer: to whom
it goes from here is for the learner.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from tui.app.messages import ProgressChanged, TaskFailed
from tui.app.screens.base import Banner, Enlarge, Trouble, Works
from tui.app.share_reading import Form, Leaving, Order, get_ready
from tui.app.share_views import preview, shown_path
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import LeavingPane
from wallet.errors import TargetExistsError
from wallet.progress import Cancelled
from wallet.text import clean, plural

if TYPE_CHECKING:
    from pathlib import Path

#: Keys that act in each phase; the others are not offered then.
_KEYS = {
    "write": "ready",
    "replace": "taken",
    "copy_path": "done",
    "finish": "done",
}


class _Phase(Enum):
    READING = "reading"
    READY = "ready"
    TAKEN = "taken"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


class LeavingScreen(Works, Screen[None]):
    """The preview; enter writes what it shows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "Write it", id="leaving.write"),
        Binding("enter", "finish", "Back to the badges", id="leaving.finish"),
        Binding("r", "replace", "Replace what is there", id="leaving.replace"),
        Binding("y", "copy_path", "Copy the path", id="leaving.copy"),
        Binding("escape", "leave", "Back", id="leaving.back", key_display="esc"),
    ]

    class Ready(Message):
        """All that would leave is known."""

        def __init__(self, leaving: Leaving) -> None:
            super().__init__()
            self.leaving = leaving

    class Written(Message):
        """It is on disk; or, with nothing in `paths`, it was stopped."""

        def __init__(self, paths: tuple[Path, ...]) -> None:
            super().__init__()
            self.paths = paths

    class Taken(Message):
        """A file came into being at the place since the preview was made."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order
        self._leaving: Leaving | None = None
        self._phase = _Phase.READING

    @property
    def done(self) -> bool:
        """Whether it was written."""
        return self._phase is _Phase.DONE

    def compose(self) -> ComposeResult:
        """The preview and what to do with it."""
        yield Banner()
        with LeavingPane(id="leaving-pane"):
            yield Static("Looking at what would leave …", id="leaving", markup=False)
        yield Static("", id="remark", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """A worker looks; nothing is written."""
        pane = self.query_one("#leaving-pane")
        pane.border_title = "What leaves"
        pane.focus()
        self._to(_Phase.READING, "Nothing is written yet.")
        self._get_ready()

    def on_resize(self) -> None:
        """Lines are set for a width."""
        self.call_after_refresh(self._draw)

    @work(thread=True, exclusive=True, exit_on_error=False, group="leaving")
    def _get_ready(self) -> None:
        progress = self.telling(get_current_worker())
        try:
            with self.app.open_wallet() as wallet:
                made = get_ready(
                    wallet, self._order, now=self.app.now, language=self.app.config.language, progress=progress
                )
        except Cancelled:
            return  # the screen is closed by then
        self.post_message(self.Ready(made))

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        of = f" of {event.event.total:,}" if event.event.total else ""
        if self._phase in (_Phase.READING, _Phase.WRITING):
            verb = "looked at; nothing is written yet" if self._phase is _Phase.READING else "done"
            self._say(f"{event.event.done:,}{of} {verb}   esc: stop")

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._leaving = event.leaving
        self._draw()
        self._ask(event.leaving.taken)

    def _ask(self, taken: int) -> None:
        """Ready to write; where files are in the way, only with a key of its own."""
        if not taken:
            self._to(_Phase.READY, f"Nothing is written yet. enter: write it{self._whom()}   esc: change it")
            return
        order, files = self._order, len(self._leaving.targets) if self._leaving is not None else 1
        what = (
            f"{taken:,} of {plural(files, 'file')} there already in {shown_path(order.target)}"
            if files > 1
            else f"{shown_path(order.target)} is there already"
        )
        self._to(_Phase.TAKEN, f"{what}: nothing is written. r: replace   esc: choose another name")

    def _whom(self) -> str:
        return f" for {self._order.terms.audience}" if self._order.terms is not None else ""

    def _draw(self) -> None:
        if self._leaving is not None:
            width = self.query_one("#leaving", Static).size.width - 1
            self.query_one("#leaving", Static).update(preview(self._leaving, width, ascii_only=self.app.ascii_only))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - as Textual calls it
        """Only what can act now is offered."""
        return action not in _KEYS or _KEYS[action] == self._phase.value

    def action_write(self) -> None:
        """Write it: the learner's yes."""
        self._begin(force=False)

    def action_finish(self) -> None:
        """It is written."""
        self.dismiss()

    def action_replace(self) -> None:
        """Write it over what is there: the learner's yes."""
        self._begin(force=True)

    def _begin(self, *, force: bool) -> None:
        if self._leaving is not None:
            self._to(_Phase.WRITING, "Writing …")
            self._put(self._leaving, force)

    @work(thread=True, exclusive=True, exit_on_error=False, group="leaving")
    def _put(self, leaving: Leaving, force: bool) -> None:
        progress = self.telling(get_current_worker())
        try:
            with self.app.open_wallet() as wallet:
                self.post_message(self.Written(leaving.put(wallet, force, progress)))
        except Cancelled:
            self.post_message(self.Written(()))
        except TargetExistsError:
            self.post_message(self.Taken())

    @on(Taken)
    def _taken(self) -> None:
        self._ask(max(self._leaving.taken, 1) if self._leaving is not None else 1)

    @on(Written)
    def _written(self, event: Written) -> None:
        if not event.paths:
            taken = self._leaving.taken if self._leaving is not None else 0
            self._to(
                _Phase.TAKEN if taken else _Phase.READY,
                f"Stopped: {plural(taken, 'file')} written. {'r' if taken else 'enter'}: all of it   esc: back",
            )
            return
        many = f"{plural(len(event.paths), 'file')} in " if len(event.paths) > 1 else ""
        words = Text.assemble((f"Written: {many}{shown_path(self._order.target)}\n", "bold"))
        if self._order.form is Form.BUNDLE:
            words.append("Recorded: S in the list of badges tells who has what. ")
        words.append("y: copy the path   enter: back to the badges")
        self.query_one("#leaving-pane").border_title = "What was written"
        self._to(_Phase.DONE, words)

    def action_copy_path(self) -> None:
        """To the clipboard of the terminal."""
        self.app.copy_to_clipboard(clean(str(self._order.target), lines=True).replace("\n", " "))
        self.notify(f"Copied: {shown_path(self._order.target)}", markup=False)

    def _to(self, phase: _Phase, words: str | Text) -> None:
        self._phase = phase
        self._say(words)
        self.refresh_bindings()

    def _say(self, words: str | Text) -> None:
        self.query_one("#remark", Static).update(words)

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer; what was asked for can be changed."""
        if self._phase is _Phase.READING:
            self.query_one("#leaving", Static).update("Nothing leaves.")
            self._to(_Phase.FAILED, "Nothing was written. esc: change it")
        elif self._phase is _Phase.WRITING:
            self._ask(self._leaving.taken if self._leaving is not None else 0)
        self.query_one(Trouble).say(failure)

    def action_leave(self) -> None:
        """Out of an error; stop what runs; back."""
        if self.query_one(Trouble).close():
            return
        if self._phase is _Phase.WRITING:
            self.workers.cancel_group(self, "leaving")
            self._say("Stopping …")
            return
        self.workers.cancel_group(self, "leaving")
        self.dismiss()
