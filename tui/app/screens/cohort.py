"""An advisor's cohort: the table of learners and pathways, filters with their counts, a card for the row. Twin: `cohort table`.

What can be done from here has screens of its own: reports, changes, scanning anew, a purge. Nobody is ranked: the order is by
name unless somebody asks for another one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.app.cohort_reading import View, read_scan
from tui.app.cohort_views import EMPTY_FOLDER, NO_ROWS, filter_line, nobody_called, row_card, scope_line
from tui.app.messages import TaskFailed
from tui.app.screens.base import Banner, Enlarge, Searched, Trouble
from tui.app.screens.cohort_diff import CohortDiffScreen, ScansScreen
from tui.app.screens.cohort_learner import CohortLearnerScreen
from tui.app.screens.cohort_pivot import CohortPivotScreen
from tui.app.screens.cohort_purge import CohortPurgeScreen
from tui.app.screens.cohort_records import ConsentScreen
from tui.app.screens.cohort_report import CohortReportScreen
from tui.app.screens.cohort_scan import CohortScanScreen
from tui.app.widgets.cohort_list import CohortHeader, CohortList, Panes
from tui.app.widgets.entry import Entry
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import CardPane
from wallet.cohort.model import Scan
from wallet.cohort.table import FILTERS, SORTS, counts, rows
from wallet.errors import WalletError
from wallet.text import clean


class CohortScreen(Searched):
    """The table and the card."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="cohort.search", key_display="/"),
        Binding("w", "pathway", "Pathway", id="cohort.pathway", show=False),
        Binding("m", "names", "Hide names", id="cohort.names"),
        Binding("b", "pivot", "Counts", id="cohort.pivot"),
        Binding("s", "report", "Report", id="cohort.report"),
        Binding("d", "changes", "Changes", id="cohort.changes"),
        Binding("r", "scan", "Scan", id="cohort.scan"),
        Binding("c", "consent", "Consent", id="cohort.consent", show=False),
        Binding("x", "purge", "Purge", id="cohort.purge", show=False),
        Binding("X", "purge_ended", "Purge whose consent has ended", id="cohort.purge-ended", show=False),
        Binding("v", "earlier", "Earlier scan", id="cohort.earlier", show=False),
        Binding("S", "sort", "Sort", id="cohort.sort", show=False),
        *(
            Binding(str(number), f"filter('{one.name}')", f"Only {one.name}", id=f"cohort.{one.name}", show=False)
            for number, one in enumerate(FILTERS, 1)
        ),
        Binding("0", "everybody", "Everybody", id="cohort.everybody", show=False),
        Binding("h,left", "to_list", "List", show=False, id="cohort.left"),
        Binding("l,right", "to_card", "Details", show=False, id="cohort.right"),
        Binding("escape", "leave", "Back", show=False, id="cohort.back"),
    ]

    class Ready(Message):
        """A scan was read."""

        def __init__(self, scan: Scan) -> None:
            super().__init__()
            self.scan = scan

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        """`alone`: there is no library below, so that escape does not leave."""
        super().__init__()
        self._folder, self._alone = folder, alone
        self._scan: Scan | None = None
        self._wanted: str | None = None
        self._active: list[str] = []
        self._pathway: str | None = None
        self._sort = SORTS[0]
        self._words = ""
        self._pseudonyms = False

    def compose(self) -> ComposeResult:
        """The frame; it is painted before anything is read."""
        yield Banner()
        yield Static("", id="scope", markup=False)
        yield Static("", id="filters", markup=False)
        yield Entry(placeholder="words in a name", id="search")
        with Panes(id="panes"):
            with Vertical(id="list-pane"):
                yield CohortHeader(id="list-header", markup=False)
                yield CohortList(ascii_only=self.app.ascii_only, id="list")
                with Container(id="empty"):
                    yield Static("", id="empty-words", markup=False)
            with CardPane(id="card-pane"):
                yield Static("", id="card", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles, and the newest scan."""
        self.query_one("#list-pane").border_title = "Learners"
        self.query_one("#card-pane").border_title = "Learner and pathway"
        self.listing.focus()
        self._read()

    def on_resize(self) -> None:
        """The lines above the table are set for a width."""
        self.call_after_refresh(self._draw)

    @property
    def listing(self) -> CohortList:
        """The table."""
        return self.query_one(CohortList)

    @work(thread=True, exclusive=True, exit_on_error=False, group="cohort")
    def _read(self) -> None:
        self.post_message(self.Ready(read_scan(self._folder, self._wanted)))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._scan = event.scan
        if self._pathway is not None and all(one.id != self._pathway for one in event.scan.pathways):
            self._pathway = None
        self._draw()

    def _draw(self) -> None:
        scan = self._scan
        if scan is None:
            return
        at, width = self.app.now.date(), self.size.width - 2
        found = rows(
            scan,
            at=at,
            filters=self._active,
            pathway=self._pathway,
            sort=self._sort,
            pseudonyms=self._pseudonyms,
        )
        words = self._words.casefold()
        shown = tuple(row for row in found if words in row.shown.casefold())
        name = next((one.name for one in scan.pathways if one.id == self._pathway), None)
        self.query_one("#scope", Static).update(
            scope_line(scan, len(shown), pathway=name, sort=self._sort, pseudonyms=self._pseudonyms, width=width)
        )
        self.query_one("#filters", Static).update(
            filter_line(counts(scan, at=at, pathway=self._pathway), self._active, width)
        )
        nobody = nobody_called(self._words) if found else NO_ROWS
        self.query_one("#empty-words", Static).update(EMPTY_FOLDER if not scan.learners else nobody)
        self.set_class(not shown, "-nothing")
        self.listing.show(shown, {one.id: clean(one.name) or clean(one.id) for one in scan.pathways})

    @on(CohortList.Highlighted)
    def _highlighted(self, event: CohortList.Highlighted) -> None:
        card = self.query_one("#card", Static)
        if event.row is None:
            card.update("")
        else:
            card.update(
                row_card(
                    event.row,
                    closest=self.listing.closest(event.row),
                    pseudonyms=self._pseudonyms,
                    ascii_only=self.app.ascii_only,
                )
            )
            self.query_one("#card-pane").scroll_home(animate=False)

    @on(CohortList.Opened)
    def _opened(self, event: CohortList.Opened) -> None:
        if event.row.ended:
            self._highlighted(CohortList.Highlighted(event.row))
            self.action_to_card()
        else:
            self._open(event.row.learner.number, event.row.pathway.id)

    def _open(self, number: str, pathway: str | None) -> None:
        assert self._scan is not None
        self.app.push_screen(CohortLearnerScreen(self._view, self._scan, number, pathway), self._again)

    @property
    def _view(self) -> View:
        """How it is looked at, for other screens."""
        return View(
            self._folder, self._wanted, self._pathway, tuple(self._active), self._sort, pseudonyms=self._pseudonyms
        )

    def _again(self, _: object) -> None:
        """Something may have been recorded, or scanned."""
        self._read()
        self.listing.focus()

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def commands(self) -> Iterable[SystemCommand]:
        """What can be done from here; the app names what is looked at."""
        for name, about, act in (
            ("Report", "s   the table or letters as files", self.action_report),
            ("Changes", "d   what is different between two scans", self.action_changes),
            ("Consent", "c   record what the learner under the cursor agreed to", self.action_consent),
            ("Earlier scan", "v   show another scan", self.action_earlier),
            ("Purge", "x   delete what was derived from the learner under the cursor; asks", self.action_purge),
            ("Purge ended", "X   the same for all whose consent has ended; asks", self.action_purge_ended),
        ):
            yield SystemCommand(name, about, act)

    # -- how it is looked at

    def action_filter(self, name: str) -> None:
        """Only rows to which it applies; once more: all again. Filters combine."""
        if name in self._active:
            self._active.remove(name)
        else:
            self._active.append(name)
        self._draw()

    def action_everybody(self) -> None:
        """No filter, no words."""
        self._active.clear()
        self.no_words()
        self._draw()

    def action_pathway(self) -> None:
        """One pathway after the other, then all together."""
        if self._scan is not None:
            every = [None, *(one.id for one in self._scan.pathways)]
            self._pathway = every[(every.index(self._pathway) + 1) % len(every)]
            self._draw()

    def action_sort(self) -> None:
        """By the next column."""
        self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
        self._draw()

    def action_names(self) -> None:
        """Numbers for names, for a screen that others see too; once more: names."""
        self._pseudonyms = not self._pseudonyms
        self.no_words()
        self._draw()

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self._words = clean(event.value).strip()
        self._draw()

    # -- to other screens

    def action_pivot(self) -> None:
        """What most lack, who stands where, which skills there are."""
        if self._scan is not None:
            self.app.push_screen(CohortPivotScreen(self._view, self._scan), self._again)

    def action_report(self) -> None:
        """The table as it is on screen, or letters, as files."""
        if self._scan is not None:
            self.app.push_screen(CohortReportScreen(self._view, self._scan), self._again)

    def action_changes(self) -> None:
        """What changed between two scans."""
        if self._scan is not None:
            self.app.push_screen(CohortDiffScreen(self._view), self._again)

    def action_consent(self) -> None:
        """Record what the learner under the cursor agreed to; the only thing to be recorded of whose consent has ended."""
        row = self.listing.current
        if row is not None:
            self.app.push_screen(ConsentScreen(self._folder, row.learner.number, row.shown), self._again)

    def action_purge(self) -> None:
        """Delete what was derived from the learner under the cursor."""
        row = self.listing.current
        if row is not None:
            self._purge((row.learner.number,), expired=False)

    def action_purge_ended(self) -> None:
        """Delete what was derived from everybody whose consent has ended."""
        from wallet.cohort.store import Cohort

        try:
            with Cohort.open(self._folder) as cohort:
                numbers = cohort.ended(self.app.now.date())
        except WalletError as error:
            self.fail(error)
            return
        if numbers:
            self._purge(numbers, expired=True)
        else:
            self.notify("Nobody's consent has ended.", markup=False)

    def _purge(self, numbers: tuple[str, ...], *, expired: bool) -> None:
        hide = self._pseudonyms
        self.app.push_screen(CohortPurgeScreen(self._folder, numbers, expired=expired, pseudonyms=hide), self._again)

    def action_earlier(self) -> None:
        """Another scan."""
        from wallet.cohort.store import Cohort

        if self._scan is None:
            return
        try:
            with Cohort.open(self._folder) as cohort:
                scans = cohort.scans()
        except WalletError as error:
            self.fail(error)
            return
        screen = ScansScreen(scans, self._scan.id)

        def chosen(_: None) -> None:
            if screen.chosen is not None:
                self._wanted = screen.chosen if screen.chosen != scans[-1].id else None
            self._again(None)

        self.app.push_screen(screen, chosen)

    def action_scan(self) -> None:
        """Look at the folder anew."""
        self._wanted = None
        self.app.push_screen(CohortScanScreen(self._folder), self._again)

    def action_to_card(self) -> None:
        """To the details; on a narrow terminal they take the table's place."""
        if self.listing.current is not None:
            self.add_class("-opened")
            self.query_one("#card-pane").focus()

    def action_to_list(self) -> None:
        """To the table."""
        self.remove_class("-opened")
        self.listing.focus()

    def action_leave(self) -> None:
        """Out of an error, of the details, of the search; back to the library where there is one."""
        if self.query_one(Trouble).close():
            return
        if self.has_class("-opened"):
            self.action_to_list()
        elif self.no_words():
            self.listing.focus()
        elif not self._alone:
            self.dismiss()
