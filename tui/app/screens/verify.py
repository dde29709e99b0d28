"""Verify chosen badges: hosts named first, then progress, one line a badge, totals. Twin: `verify`."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import ProgressBar, RichLog, Static
from textual.worker import get_current_worker

from tui.app.colours import coloured
from tui.app.messages import Line, LineDone, ProgressChanged, TaskFailed, WorkEnded
from tui.app.screens.base import Dialog
from tui.app.views import title_of
from tui.words import state_glyph, state_style, state_word
from wallet.progress import Cancelled
from wallet.text import clean, plural
from wallet.verify.report import Verdict

_HOSTS_NAMED = 6
#: Lines that can be scrolled back to; the library shows the rest.
LINES_KEPT = 2_000


class _Phase(Enum):
    ASKING = "asking"
    BUSY = "busy"
    OVER = "over"


class VerifyScreen(Dialog):
    """Asks once, because verifying tells the issuers when and from where somebody looks."""

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
        super().__init__()
        self._badges = badges
        self._phase = _Phase.ASKING

    def title_words(self) -> str:
        """How many."""
        return f"Verify {plural(len(self._badges), 'badge')}"

    def inside(self) -> ComposeResult:
        """Question, bar, lines."""
        yield Static("Reading whom this will contact …", classes="note", id="note", markup=False)
        yield ProgressBar(total=len(self._badges), show_eta=False, id="bar")
        yield RichLog(markup=False, highlight=False, wrap=True, max_lines=LINES_KEPT, min_width=20, id="lines")
        yield Static(
            "enter: verify   o: from kept evidence only, no network   esc: back",
            classes="keys",
            id="keys",
            markup=False,
        )

    def on_mount(self) -> None:
        """Nothing runs until the learner says so."""
        self._find_hosts()

    @work(thread=True, exit_on_error=False, group="hosts")
    def _find_hosts(self) -> None:
        from wallet.checking import hosts

        with self.app.open_wallet() as wallet:
            self.post_message(self.HostsKnown(hosts(wallet, self._badges)))

    @on(HostsKnown)
    def _hosts_known(self, event: HostsKnown) -> None:
        if self._phase is not _Phase.ASKING:
            return
        some = ", ".join(event.hosts[:_HOSTS_NAMED])
        more = f" and {len(event.hosts) - _HOSTS_NAMED} more" if len(event.hosts) > _HOSTS_NAMED else ""
        words = (
            f"This will contact {some}{more}."
            if event.hosts
            else "Which hosts this will contact, the badges do not say."
        )
        self.query_one("#note", Static).update(words)

    def action_start(self, offline: bool) -> None:
        """Begin; leave when it is over."""
        if self._phase is _Phase.OVER:
            self.dismiss()
        if self._phase is not _Phase.ASKING:
            return
        self._phase = _Phase.BUSY
        self.add_class("-begun")
        lines = self.query_one("#lines", RichLog)
        lines.focus()
        self._say(
            "Judging by kept evidence …" if offline else "Asking the issuers …", "esc: stop; what is done is kept"
        )
        self._verify(offline)

    @work(thread=True, exclusive=True, exit_on_error=False, group="verify")
    def _verify(self, offline: bool) -> None:
        from wallet.checking import check
        from wallet.fetch.base import Fetcher
        from wallet.fetch.http import HttpFetcher
        from wallet.fetch.recorded import RecordedFetcher

        progress = self.telling(get_current_worker())
        totals: Counter[str] = Counter()
        now = self.app.now
        try:
            with self.app.open_wallet() as wallet, HttpFetcher(network=self.app.config.network) as online:
                fetcher: Fetcher = RecordedFetcher(wallet.evidence, now=now) if offline else online
                for done in check(wallet, self._badges, fetcher=fetcher, now=now, offline=offline, progress=progress):
                    word = state_word(done.best.verdict)
                    totals[word] += 1
                    first = done.best.troubles[0] if done.best.troubles else None
                    why = f": {clean(first.summary, limit=160)}" if first is not None and word != "valid" else ""
                    self.post_message(LineDone(Line(word, f"{title_of(wallet.row(done.badge))}{why}")))
        except Cancelled:
            self.post_message(WorkEnded(f"Stopped. {_totals(totals)}", cancelled=True))
        else:
            self.post_message(WorkEnded(_totals(totals)))

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        self.query_one("#bar", ProgressBar).update(total=event.event.total, progress=event.event.done)

    @on(LineDone)
    def _line(self, event: LineDone) -> None:
        self.query_one("#lines", RichLog).write(verdict_line(event.line, ascii_only=self.app.ascii_only))

    @on(WorkEnded)
    def _ended(self, event: WorkEnded) -> None:
        self._phase = _Phase.OVER
        self._say(event.summary, "enter or esc: back to the list")

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place where the question stood."""
        self._phase = _Phase.OVER
        self._say(f"{failure.message} {failure.remedy}", "enter or esc: back to the list")

    def _say(self, note: str, keys: str) -> None:
        self.query_one("#note", Static).update(note)
        self.query_one("#keys", Static).update(keys)

    def action_leave(self) -> None:
        """Stop what runs; leave when nothing does."""
        if self._phase is _Phase.BUSY:
            self.workers.cancel_group(self, "verify")
            self._say("Stopping: what is being asked may still answer …", "")
        else:
            self.dismiss()


def verdict_line(line: Line, *, ascii_only: bool) -> Text:
    """One result: mark, word, text."""
    verdict = Verdict(line.state) if line.state in set(Verdict) else None
    mark = f"{state_glyph(verdict, ascii_only=ascii_only)} {line.state:<13} "
    return Text.assemble((mark, coloured(state_style(verdict))), line.text)


def _totals(totals: Counter[str]) -> str:
    if not totals:
        return "Nothing was verified."
    return ", ".join(f"{count} {word}" for word, count in totals.most_common()) + "."
