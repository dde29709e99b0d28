"""Look at the cohort's folder anew: from what is kept, or with the issuers, whose hosts are named first. Twin: `cohort scan`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import ProgressBar, Static
from textual.worker import get_current_worker

from tui.app.messages import ProgressChanged, TaskFailed, WorkEnded
from tui.app.screens.base import Dialog
from tui.app.screens.cohort_scan_options import ScanOptionsScreen, ScanWish
from tui.remembered import at_hand
from wallet.errors import NotFoundError, UsageError
from wallet.progress import Cancelled, Event, Progress
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.cohort.model import Scan
    from wallet.fetch.base import Fetcher
    from wallet.pathways.model import Pathway

_HOSTS_NAMED = 6
_KEYS = "enter: ask the issuers   o: offline, from what is kept   w: which pathways, day, age   esc: back"


class _Phase(Enum):
    ASKING = "asking"
    BUSY = "busy"
    OVER = "over"


class CohortScanScreen(Dialog):
    """Asks once, because asking tells the issuers that somebody looks."""

    TITLE_WORDS = "Scan the folder"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start(False)", "Ask the issuers", id="scan.start"),
        Binding("o", "start(True)", "Offline", id="scan.offline"),
        Binding("w", "options", "Pathways, day, age of checks", id="scan.options"),
        Binding("escape", "leave", "Stop or back", id="scan.back"),
    ]

    class HostsKnown(Message):
        """Whom it will contact, and how many learners there are."""

        def __init__(self, hosts: tuple[str, ...], learners: int) -> None:
            super().__init__()
            self.hosts, self.learners = hosts, learners

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._phase = _Phase.ASKING
        self._wish = ScanWish()
        self._asked = ""

    def inside(self) -> ComposeResult:
        """Question and bar."""
        yield Static("Reading what learners handed over …", classes="note", id="note", markup=False)
        yield ProgressBar(show_eta=False, id="bar")
        yield Static(_KEYS, classes="keys", id="keys", markup=False)

    def on_mount(self) -> None:
        """Nothing runs until somebody says so."""
        self._find_hosts()

    @work(thread=True, exclusive=True, exit_on_error=False, group="hosts")
    def _find_hosts(self) -> None:
        from importers.learners import handed, known
        from wallet.cohort.asking import hosts
        from wallet.cohort.store import Cohort

        try:
            with Cohort.open(self._folder) as cohort:
                found = hosts(handed(self._folder, unchanged=cohort.taken_in()), cohort)
        except NotFoundError:  # nothing was scanned here yet
            found = hosts(handed(self._folder))
        self.post_message(self.HostsKnown(found, len(known(self._folder))))

    @on(HostsKnown)
    def _hosts_known(self, event: HostsKnown) -> None:
        if self._phase is not _Phase.ASKING:
            return
        named = ", ".join(clean(host) for host in event.hosts[:_HOSTS_NAMED])
        more = f" and {len(event.hosts) - _HOSTS_NAMED} more" if len(event.hosts) > _HOSTS_NAMED else ""
        contacts = f"Asking contacts {named}{more}." if event.hosts else "Nobody needs to be asked."
        self._asked = f"{plural(event.learners, 'learner')} in {clean(self._folder.name)}. {contacts}"
        self._say(f"{self._asked}{self._wish.words}", _KEYS)

    def action_options(self) -> None:
        """Which pathways, which day, how old a check may be."""
        if self._phase is not _Phase.ASKING:
            return
        screen = ScanOptionsScreen(self._pathways(), self._wish)

        def chosen(_: None) -> None:
            self._wish = screen.wish
            if self._asked:
                self._say(f"{self._asked}{self._wish.words}", _KEYS)

        self.app.push_screen(screen, chosen)

    def _pathways(self) -> list[Pathway]:
        """All at hand, by name; of a pathway with several files the one named last."""
        found = {one.id: one for one in reversed(at_hand(self.app.paths))}
        return sorted(found.values(), key=lambda one: (str(one.name).casefold(), one.id))

    def action_start(self, offline: bool) -> None:
        """Begin; once it is over: back."""
        if self._phase is _Phase.OVER:
            self.dismiss()
        elif self._phase is _Phase.ASKING:
            self._phase = _Phase.BUSY
            self.add_class("-begun")
            self._say("Reading and judging …" if offline else "Asking the issuers …", "esc: stop; what is done is kept")
            self._scan(offline, self.app.now)

    @work(thread=True, exclusive=True, exit_on_error=False, group="scan")
    def _scan(self, offline: bool, now: datetime) -> None:
        from wallet.fetch.http import HttpFetcher

        progress = self.telling(get_current_worker())
        try:
            with ExitStack() as stack:
                net = None if offline else stack.enter_context(HttpFetcher(network=self.app.config.network))
                made = self._made(net, self._wish.at or now.date(), now, progress)
        except Cancelled:
            self.post_message(WorkEnded("Stopped. What was checked is kept; scan again to go on.", cancelled=True))
        else:
            problems = sum(1 for one in made.learners if one.problems)
            looked = f" {plural(problems, 'learner')} to look at: key 5." if problems else ""
            self.post_message(WorkEnded(f"{plural(len(made.learners), 'learner')} scanned.{looked}"))

    def _made(self, net: Fetcher | None, at: date, now: datetime, progress: Progress) -> Scan:
        from importers.learners import handed, known
        from wallet.cohort.scan import UsedPathway, scan
        from wallet.cohort.store import Cohort

        wish = self._wish
        used = [UsedPathway(one, one.sha256) for one in self._pathways() if one.id not in wish.left_out]
        if not used:
            raise UsageError("There is no pathway to evaluate.", "Keep one first: badgefolio pathway add FILE.")
        people = len(known(self._folder))

        def told(event: Event) -> None:
            progress(event if event.total is not None else replace(event, total=people))

        with Cohort.open(self._folder, create=True) as cohort:
            unread = handed(self._folder, unchanged=cohort.taken_in())
            return scan(cohort, unread, used, now=now, at=at, fetcher=net, max_age=wish.max_age, progress=told)

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        self.query_one("#bar", ProgressBar).update(total=event.event.total, progress=event.event.done)

    @on(WorkEnded)
    def _ended(self, event: WorkEnded) -> None:
        self._phase = _Phase.OVER
        self._say(event.summary, "enter or esc: back to the table")

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place where the question stood."""
        self._phase = _Phase.OVER
        self._say(f"{failure.message} {failure.remedy}", "enter or esc: back to the table")

    def _say(self, note: str, keys: str) -> None:
        self.query_one("#note", Static).update(note)
        self.query_one("#keys", Static).update(keys)

    def action_leave(self) -> None:
        """Stop what runs; leave when nothing does."""
        if self._phase is _Phase.BUSY:
            self.workers.cancel_group(self, "scan")
            self._say("Stopping: what is being asked may still answer …", "")
        else:
            self.dismiss()
