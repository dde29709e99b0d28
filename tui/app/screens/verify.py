"""Verify chosen badges: hosts named first, then progress, one line a badge, totals. Twin: `verify`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

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
from wallet.progress import Cancelled, Progress
from wallet.text import clean, plural
from wallet.verify.report import Report, Verdict

if TYPE_CHECKING:
    from wallet.fetch.base import Fetcher
    from wallet.store.wallet import Wallet

_HOSTS_NAMED = 6
#: Lines that can be scrolled back to; the library shows the rest.
LINES_KEPT = 2_000
#: Checked with an answer no longer ago than this, a badge is not due: the `--max-age 30d` of the command.
DUE_AFTER = timedelta(days=30)
#: The order of results once all are there: what calls for action first.
_WORST_FIRST = (Verdict.INVALID, Verdict.REVOKED, Verdict.EXPIRED, Verdict.UNDETERMINED, Verdict.VALID)
_STANDARD = "standard"
_KEYS = "enter: verify   o: offline, from kept evidence   p: policy   d: only what is due   esc: back"


class _Phase(Enum):
    ASKING = "asking"
    BUSY = "busy"
    OVER = "over"


class VerifyScreen(Dialog):
    """Asks once, because verifying tells the issuers when and from where somebody looks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start(False)", "Verify", id="verify.start"),
        Binding("o", "start(True)", "Offline", id="verify.offline"),
        Binding("p", "policy", "Policy", id="verify.policy"),
        Binding("d", "due", "Only what is due", id="verify.due"),
        Binding("escape", "leave", "Stop or back", id="verify.back"),
    ]

    class HostsKnown(Message):
        """Whom it will contact, and which badges are due."""

        def __init__(self, hosts: tuple[str, ...], due: tuple[str, ...]) -> None:
            super().__init__()
            self.hosts, self.due = hosts, due

    def __init__(self, badges: tuple[str, ...]) -> None:
        super().__init__()
        self._badges = badges
        self._phase = _Phase.ASKING
        self._policy = _STANDARD
        self._only_due = False
        self._due: tuple[str, ...] | None = None
        self._lines: list[Line] = []

    def title_words(self) -> str:
        """How many."""
        return f"Verify {plural(len(self._badges), 'badge')}"

    def inside(self) -> ComposeResult:
        """Question, bar, lines."""
        yield Static("Reading whom this will contact …", classes="note", id="note", markup=False)
        yield Static("", classes="note", id="how", markup=False)
        yield ProgressBar(total=len(self._badges), show_eta=False, id="bar")
        yield RichLog(markup=False, highlight=False, wrap=True, max_lines=LINES_KEPT, min_width=20, id="lines")
        yield Static(_KEYS, classes="keys", id="keys", markup=False)

    def on_mount(self) -> None:
        """Nothing runs until the learner says so."""
        self._how()
        self._find_hosts()

    def _how(self) -> None:
        """By which policy, and which of the badges."""
        from wallet.verify.compositions import POLICIES

        which = "all of them"
        if self._only_due:
            due = f"{len(self._due):,} of {len(self._badges):,}" if self._due is not None else "…"
            which = f"only what is due: {due}, not checked in the last {DUE_AFTER.days} days"
        kept = "" if self._policy == _STANDARD else "\nResults by another policy than standard are shown, not kept."
        badges = f"\nBadges: {which}." if len(self._badges) > 1 or self._only_due else ""
        words = f"Policy {self._policy}: {POLICIES[self._policy].words}.{kept}{badges}"
        self.query_one("#how", Static).update(words)

    def action_policy(self) -> None:
        """The next policy."""
        from wallet.verify.compositions import POLICIES

        if self._phase is _Phase.ASKING:
            names = list(POLICIES)
            self._policy = names[(names.index(self._policy) + 1) % len(names)]
            self._how()

    def action_due(self) -> None:
        """All of them, or only those not checked for long."""
        if self._phase is _Phase.ASKING:
            self._only_due = not self._only_due
            self._how()

    @work(thread=True, exit_on_error=False, group="hosts")
    def _find_hosts(self) -> None:
        from wallet.checking import due, hosts

        with self.app.open_wallet() as wallet:
            late = due(wallet, self._badges, now=self.app.now, max_age=DUE_AFTER)
            self.post_message(self.HostsKnown(hosts(wallet, self._badges), late))

    @on(HostsKnown)
    def _hosts_known(self, event: HostsKnown) -> None:
        self._due = event.due
        if self._phase is not _Phase.ASKING:
            return
        self._how()
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
        chosen = self._chosen()
        if not chosen:
            return
        self._phase = _Phase.BUSY
        self.add_class("-begun")
        self.query_one("#bar", ProgressBar).update(total=len(chosen))
        lines = self.query_one("#lines", RichLog)
        lines.focus()
        self._say(
            "Judging by kept evidence …" if offline else "Asking the issuers …", "esc: stop; what is done is kept"
        )
        self._verify(chosen, offline)

    def _chosen(self) -> tuple[str, ...]:
        return (self._due or ()) if self._only_due else self._badges

    @work(thread=True, exclusive=True, exit_on_error=False, group="verify")
    def _verify(self, chosen: tuple[str, ...], offline: bool) -> None:
        from wallet.fetch.http import HttpFetcher
        from wallet.fetch.recorded import RecordedFetcher

        progress = self.telling(get_current_worker())
        totals: Counter[str] = Counter()
        try:
            with self.app.open_wallet() as wallet, HttpFetcher(network=self.app.config.network) as online:
                fetcher: Fetcher = RecordedFetcher(wallet.evidence, now=self.app.now) if offline else online
                for badge, report in self._reports(wallet, chosen, fetcher, offline=offline, progress=progress):
                    word = state_word(report.verdict)
                    totals[word] += 1
                    first = report.troubles[0] if report.troubles else None
                    why = f": {clean(first.summary, limit=160)}" if first is not None and word != "valid" else ""
                    self.post_message(LineDone(Line(word, f"{title_of(wallet.row(badge))}{why}")))
        except Cancelled:
            self.post_message(WorkEnded(f"Stopped. {_totals(totals)}", cancelled=True))
        else:
            self.post_message(WorkEnded(_totals(totals)))

    def _reports(
        self, wallet: Wallet, chosen: tuple[str, ...], fetcher: Fetcher, *, offline: bool, progress: Progress
    ) -> Iterator[tuple[str, Report]]:
        """The best report for each badge. By the standard they are recorded as they come; by another policy only shown."""
        from wallet.checking import check

        for done in check(
            wallet,
            chosen,
            fetcher=fetcher,
            now=self.app.now,
            policy=self._policy,
            offline=offline,
            progress=progress,
            keep=self._policy == _STANDARD,
        ):
            yield done.badge, done.best

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        self.query_one("#bar", ProgressBar).update(total=event.event.total, progress=event.event.done)

    @on(LineDone)
    def _line(self, event: LineDone) -> None:
        self._lines.append(event.line)
        self.query_one("#lines", RichLog).write(verdict_line(event.line, ascii_only=self.app.ascii_only))

    @on(WorkEnded)
    def _ended(self, event: WorkEnded) -> None:
        self._phase = _Phase.OVER
        self._sort()
        self._say(event.summary, "enter or esc: back to the list")

    def _sort(self) -> None:
        """They came as issuers answered; now what calls for action stands first."""
        lines = self.query_one("#lines", RichLog)
        lines.clear()
        lines.auto_scroll = False
        for line in sorted(self._lines, key=_rank)[:LINES_KEPT]:
            lines.write(verdict_line(line, ascii_only=self.app.ascii_only))
        lines.scroll_home(animate=False)

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


def _rank(line: Line) -> tuple[int, str]:
    return next((n for n, verdict in enumerate(_WORST_FIRST) if verdict == line.state), 0), line.text.casefold()


def _totals(totals: Counter[str]) -> str:
    if not totals:
        return "Nothing was verified."
    return ", ".join(f"{count} {word}" for word, count in totals.most_common()) + "."
