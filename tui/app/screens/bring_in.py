"""Bring badges in: a path, a folder or a link, typed or pasted. Twin: `import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from tui.app.messages import Line, LineDone, ProgressChanged, TaskFailed, WorkEnded
from tui.words import named
from wallet.errors import WalletError
from wallet.progress import Cancelled, Event
from wallet.text import clean, plural

if TYPE_CHECKING:
    from tui.app.app import BadgefolioApp


class BringInScreen(ModalScreen[None]):
    """One input, one line for each item."""

    app: BadgefolioApp

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Stop or back", id="import.back")]

    def __init__(self) -> None:
        super().__init__(classes="dialog")
        self._running = False
        self._lines = Text()

    def compose(self) -> ComposeResult:
        """Input and results."""
        with Vertical():
            yield Static("Bring badges in", classes="title")
            yield Static(
                "A picture, SVG, JSON or JWS file, a folder of them, or a link to a badge. Files need no network.",
                classes="note",
                id="note",
                markup=False,
            )
            yield Input(placeholder="~/Downloads/badge.png or https://…", id="source")
            with VerticalScroll(classes="lines"):
                yield Static("", id="lines", markup=False)
            yield Static("enter: bring in   esc: back", classes="keys")

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#source").focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        source = event.value.strip()
        if source and not self._running:
            self._running = True
            event.input.value = ""
            self._take_in(source)

    @work(thread=True, exclusive=True, exit_on_error=False, group="import")
    def _take_in(self, source: str) -> None:
        from importers.intake import Skipped, take_in
        from wallet.fetch.http import HttpFetcher

        worker = get_current_worker()

        def progress(event: Event) -> None:
            if worker.is_cancelled:
                raise Cancelled
            self.post_message(ProgressChanged(event))

        link = source.lower().startswith(("http://", "https://"))
        what: str | Path = source if link else Path(source).expanduser()
        counts = {"added": 0, "duplicate": 0, "merged": 0, "refused": 0, "skipped": 0}
        try:
            with self.app.open_wallet() as wallet, HttpFetcher(network=self.app.config.network) as net:
                for item in take_in(wallet, [what], now=self.app.now, net=net if link else None, progress=progress):
                    if isinstance(item, Skipped):
                        counts["skipped"] += item.count
                    elif item.added is not None:
                        counts[item.added.outcome] += 1
                        name = named(wallet.row(item.added.badge).name)
                        self.post_message(LineDone(Line("", f"{item.added.outcome:<10} {name}")))
                    elif item.refused is not None:
                        counts["refused"] += 1
                        words = f"refused    {clean(item.refused.message)} {clean(item.refused.remedy)}"
                        self.post_message(LineDone(Line("", words)))
        except Cancelled:
            self.post_message(WorkEnded(f"Stopped. {_summary(counts)}", cancelled=True))
        except WalletError as error:
            self.post_message(TaskFailed(error.message, error.remedy))
        else:
            self.post_message(WorkEnded(_summary(counts)))

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        of = f" of {event.event.total}" if event.event.total else ""
        self.query_one("#note", Static).update(f"{event.event.done}{of} looked at")

    @on(LineDone)
    def _line(self, event: LineDone) -> None:
        self._lines.append(event.line.text + "\n")
        self.query_one("#lines", Static).update(self._lines)

    @on(WorkEnded)
    def _ended(self, event: WorkEnded) -> None:
        self._running = False
        self.query_one("#note", Static).update(event.summary)

    @on(TaskFailed)
    def _failed(self, event: TaskFailed) -> None:
        self._running = False
        self.query_one("#note", Static).update(f"{event.message} {event.remedy}")
        self.app.failed(event)

    def action_leave(self) -> None:
        """Stop what runs; leave when nothing does."""
        if self._running:
            self.workers.cancel_group(self, "import")
        else:
            self.dismiss()


def _summary(counts: dict[str, int]) -> str:
    parts = [
        f"{plural(counts['added'], 'badge')} added" if counts["added"] else "",
        f"{counts['merged']} merged into badges that were there" if counts["merged"] else "",
        f"{counts['duplicate']} already there" if counts["duplicate"] else "",
        f"{counts['refused']} refused" if counts["refused"] else "",
        f"{plural(counts['skipped'], 'file')} without a badge" if counts["skipped"] else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{said}. Press esc, then V to verify." if counts["added"] else f"{said or 'Nothing was found'}."
