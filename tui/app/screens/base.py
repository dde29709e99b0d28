"""What all screens share: how work reports, how errors are kept and shown, the sample's banner, and the smallest size.

Screens are `Works` and either a `Screen` or a `Dialog`. Nothing here knows badges.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.containers import Vertical
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from tui.app.messages import ProgressChanged, TaskFailed
from tui.crash import sentences, write_log
from wallet.errors import WalletError
from wallet.progress import Cancelled, Event, Progress

if TYPE_CHECKING:
    from tui.app.app import BadgefolioApp

_BANNER = "SAMPLE: everybody in here is invented, and your own wallet is elsewhere"
#: Seconds between two reports of progress: twenty a second look smooth and leave the app its time.
_REPORT_EVERY = 0.05


class Banner(Static):
    """Says on every screen that the data are a sample; absent otherwise."""

    app: BadgefolioApp

    def __init__(self) -> None:
        super().__init__(_BANNER, markup=False)

    def on_mount(self) -> None:
        """Only over a sample."""
        self.set_class(self.app.sample, "shown")


class Enlarge(Static):
    """Stands alone where the terminal is too small for anything else."""

    def __init__(self) -> None:
        super().__init__("Please enlarge: 40 x 10 at least.", markup=False)


class Works(MessagePump):
    """A screen that starts workers. Whatever goes wrong in one is kept for the list of errors and shown until it is read."""

    app: BadgefolioApp

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Workers end silently when something unforeseen is raised in them: say it, and keep a log for the report."""
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None:
            return
        if isinstance(error, WalletError):
            self.fail(error)
        else:
            log = write_log(error, self.app.paths.state, self.app.now)
            self.post_message(TaskFailed(*sentences(error, log)))

    def on_task_failed(self, event: TaskFailed) -> None:
        """Keep it, show it."""
        self.app.failures.append(event)
        self.show_failure(event)

    def fail(self, error: WalletError) -> None:
        """Report an error of ours."""
        self.post_message(TaskFailed(error.message, error.remedy))

    def show_failure(self, failure: TaskFailed) -> None:
        """Show it until it is read."""
        raise NotImplementedError

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers here, each with its key."""
        return ()

    def telling(self, worker: Worker[None]) -> Progress:
        """Progress of `worker` as messages to this screen; raises `Cancelled` once the worker is cancelled."""
        last = 0.0

        def progress(event: Event) -> None:
            nonlocal last
            if worker.is_cancelled:
                raise Cancelled
            at = monotonic()
            if at - last >= _REPORT_EVERY or event.done == event.total:
                last = at
                self.post_message(ProgressChanged(event))

        return progress


class Searched(Works, Screen[None]):
    """A list, `LIST`, that is narrowed while words are typed into the field above it, `#search`."""

    LIST: ClassVar[str] = "#list"

    def action_search(self) -> None:
        """Filter as you type."""
        box = self.query_one("#search", Input)
        box.add_class("shown")
        box.focus()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.query_one(self.LIST).focus()

    def no_words(self) -> bool:
        """Empty the field and hide it; whether it was shown."""
        box = self.query_one("#search", Input)
        shown = box.has_class("shown")
        box.value = ""
        box.remove_class("shown")
        return shown


class Undoes(Works):
    """A screen from which the last change of the wallet can be taken back."""

    def action_undo(self) -> None:
        """Take the last change back."""
        try:
            with self.app.open_wallet() as wallet:
                undone = wallet.undo(now=self.app.now)
        except WalletError as error:
            self.fail(error)
            return
        words = f"Undone: {undone.description}" if undone.count else "There is nothing to undo."
        self.app.notify(words, markup=False)
        self.undone()

    def undone(self) -> None:
        """What the screen shows may be another now."""
        raise NotImplementedError


class Trouble(Static):
    """The newest error above the footer, until escape closes it."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def say(self, failure: TaskFailed) -> None:
        """Show an error."""
        words = Text.assemble((f"{failure.message}\n", "bold"), failure.remedy, ("\nesc: close   !: all errors", "dim"))
        self.update(words)
        self.add_class("shown")

    def close(self) -> bool:
        """Hide it; whether there was anything to hide."""
        shown = self.has_class("shown")
        self.remove_class("shown")
        return shown


class TwoPanes(Works, Screen[None]):
    """A list and what is under its cursor, which on a narrow terminal takes the list's place."""

    FIRST: ClassVar[str] = ""

    def action_to_list(self) -> None:
        """To the list, `FIRST`."""
        self.remove_class("-opened")
        self.query_one(self.FIRST).focus()

    def action_leave(self) -> None:
        """Out of an error, out of the second pane, back."""
        if self.query_one(Trouble).close():
            return
        if self.has_class("-opened") and self.has_class("-narrow"):
            self.action_to_list()
        else:
            self.dismiss()


class Dialog(Works, ModalScreen[None]):
    """A box over the screen below. Keys of the app do not act in it, so that no typing can quit."""

    TITLE_WORDS: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(classes="dialog")

    def compose(self) -> ComposeResult:
        """The box; `inside` fills it."""
        with Vertical():
            yield Banner()
            yield Static(self.title_words(), classes="title", markup=False)
            yield from self.inside()
        yield Enlarge()

    def title_words(self) -> str:
        """Its first line, clean."""
        return self.TITLE_WORDS

    def inside(self) -> ComposeResult:
        """What it holds."""
        raise NotImplementedError
