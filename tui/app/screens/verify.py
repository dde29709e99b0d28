"""Verify chosen badges: hosts named first, then progress, one line a badge, totals. Twin: `verify`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import ProgressBar, Static
from textual.worker import get_current_worker

from tui.app.colours import coloured
from tui.app.messages import Line, LineDone, ProgressChanged, TaskFailed, WorkEnded
from tui.words import named, state_glyph, state_style, state_word
from wallet.errors import WalletError
from wallet.progress import Cancelled, Event
from wallet.text import clean, plural

if TYPE_CHECKING:
    from tui.app.app import BadgefolioApp

_HOSTS_NAMED = 6


class VerifyScreen(ModalScreen[None]):
    """Asks once, because verifying tells the issuers when and from where somebody looks."""

    app: BadgefolioApp

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start(False)", "Verify", id="verify.start"),
        Binding("o", "start(True)", "Offline", id="verify.offline"),
        Binding("escape", "leave", "Stop or back", id="verify.back"),
    ]

    class HostsKnown(Message):
        """Whom it will contact."""

        def __init__(self, hosts: tuple[str, ...]) -> None:
            super().__init__()
            self.hosts = hosts

    def __init__(self, badges: tuple[str, ...]) -> None:
        super().__init__(classes="dialog")
        self._badges = badges
        self._running = False
        self._over = False
        self._lines = Text()

    def compose(self) -> ComposeResult:
        """Question, bar, lines."""
        with Vertical():
            yield Static(f"Verify {plural(len(self._badges), 'badge')}", classes="title", markup=False)
            yield Static("Reading whom this will contact …", classes="note", id="note", markup=False)
            yield ProgressBar(total=len(self._badges), show_eta=False, id="bar")
            with VerticalScroll(classes="lines"):
                yield Static("", id="lines", markup=False)
            yield Static(
                "enter: verify   o: from kept evidence only, no network   esc: back", classes="keys", id="keys"
            )

    def on_mount(self) -> None:
        """Nothing runs until the learner says so."""
        self.query_one("#bar").display = False
        self._find_hosts()

    @work(thread=True, exit_on_error=False, group="hosts")
    def _find_hosts(self) -> None:
        from wallet.checking import hosts

        try:
            with self.app.open_wallet() as wallet:
                self.post_message(self.HostsKnown(hosts(wallet, self._badges)))
        except WalletError as error:
            self.post_message(TaskFailed(error.message, error.remedy))

    @on(HostsKnown)
    def _hosts_known(self, event: HostsKnown) -> None:
        if self._running:
            return
        some = ", ".join(event.hosts[:_HOSTS_NAMED])
        more = f" and {len(event.hosts) - _HOSTS_NAMED} more" if len(event.hosts) > _HOSTS_NAMED else ""
        words = f"This will contact {some}{more}." if event.hosts else "No host has to be contacted to begin with."
        self.query_one("#note", Static).update(words)

    def action_start(self, offline: bool) -> None:
        """Begin."""
        if self._running or self._over:
            if self._over:
                self.dismiss()
            return
        self._running = True
        self.query_one("#bar").display = True
        self.query_one("#keys", Static).update("esc: stop; what is done stays done")
        self._verify(offline)

    @work(thread=True, exclusive=True, exit_on_error=False, group="verify")
    def _verify(self, offline: bool) -> None:
        from wallet.checking import check
        from wallet.fetch.base import Fetcher
        from wallet.fetch.http import HttpFetcher
        from wallet.fetch.recorded import RecordedFetcher

        worker = get_current_worker()

        def progress(event: Event) -> None:
            if worker.is_cancelled:
                raise Cancelled
            self.post_message(ProgressChanged(event))

        totals: Counter[str] = Counter()
        now = self.app.now
        try:
            with self.app.open_wallet() as wallet, HttpFetcher(network=self.app.config.network) as online:
                fetcher: Fetcher = RecordedFetcher(wallet.evidence, now=now) if offline else online
                for done in check(wallet, self._badges, fetcher=fetcher, now=now, offline=offline, progress=progress):
                    row = wallet.row(done.badge)
                    word = state_word(done.best.verdict)
                    totals[word] += 1
                    first = done.best.troubles[0] if done.best.troubles else None
                    why = f": {clean(first.summary, limit=160)}" if first is not None and word != "valid" else ""
                    self.post_message(LineDone(Line(word, f"{named(row.name)}{why}")))
        except Cancelled:
            self.post_message(WorkEnded(f"Stopped. {_totals(totals)}", cancelled=True))
        except WalletError as error:
            self.post_message(TaskFailed(error.message, error.remedy))
        else:
            self.post_message(WorkEnded(_totals(totals)))

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        self.query_one("#bar", ProgressBar).update(total=event.event.total, progress=event.event.done)

    @on(LineDone)
    def _line(self, event: LineDone) -> None:
        self._lines.append_text(verdict_line(event.line, ascii_only=self.app.ascii_only))
        self.query_one("#lines", Static).update(self._lines)

    @on(WorkEnded)
    def _ended(self, event: WorkEnded) -> None:
        self._running, self._over = False, True
        self.query_one("#bar").display = False
        self.query_one("#note", Static).update(event.summary)
        self.query_one("#keys", Static).update("esc: back")

    @on(TaskFailed)
    def _failed(self, event: TaskFailed) -> None:
        self._running, self._over = False, True
        self.query_one("#note", Static).update(f"{event.message} {event.remedy}")
        self.query_one("#keys", Static).update("esc: back")
        self.app.failed(event)

    def action_leave(self) -> None:
        """Stop what runs; leave when nothing does."""
        if self._running:
            self.workers.cancel_group(self, "verify")
        else:
            self.dismiss()


def verdict_line(line: Line, *, ascii_only: bool) -> Text:
    """One result: mark, word, text. Results without a verdict keep to the same column."""
    from wallet.verify.report import Verdict

    if not line.state:
        return Text(f"{line.text}\n")
    verdict = Verdict(line.state) if line.state in set(Verdict) else None
    mark = f"{state_glyph(verdict, ascii_only=ascii_only)} {line.state:<13} "
    return Text.assemble((mark, coloured(state_style(verdict))), f"{line.text}\n")


def _totals(totals: Counter[str]) -> str:
    return (
        ", ".join(f"{count} {word}" for word, count in totals.most_common()) + "."
        if totals
        else "Nothing was verified."
    )
