"""What changed between two scans: who moved up, who lost a place, new problems, who came and went. Twin: `cohort diff`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.cohort_reading import View
from tui.app.messages import TaskFailed
from tui.app.screens.base import Banner, Dialog, Enlarge, Trouble, Works
from tui.app.screens.cohort_learner import CohortLearnerScreen
from tui.app.widgets.cohort_list import ChangeList
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import FormList
from tui.cohort_changes import Told, changes, scan_before
from wallet.text import plural

if TYPE_CHECKING:
    from wallet.cohort.model import Scan
    from wallet.cohort.store import ScanLine

_NOTHING = Text.assemble(
    ("Nothing changed\n\n", "bold"), ("e", "bold"), "    another earlier scan\n", ("esc", "bold"), "  back"
)


class CohortDiffScreen(Works, Screen[None]):
    """Changes by name, one line each, the whole sentence of the one under the cursor below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="changes.back"),
        Binding("e", "choose(True)", "Earlier scan", id="changes.before"),
        Binding("n", "choose(False)", "Newer scan", id="changes.after"),
    ]

    class Ready(Message):
        """Both scans were compared."""

        def __init__(self, was: Scan, now: Scan, told: tuple[Told, ...], scans: tuple[ScanLine, ...]) -> None:
            super().__init__()
            self.was, self.now, self.told, self.scans = was, now, told, scans

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._before: str | None = None
        self._after = view.scan
        self._ready: CohortDiffScreen.Ready | None = None

    def compose(self) -> ComposeResult:
        """Which scans, the list, the sentence."""
        yield Banner()
        yield Static("", id="scope", markup=False)
        with Vertical(id="list-pane"):
            yield ChangeList(id="list")
            with Container(id="empty"):
                yield Static(_NOTHING, id="empty-words", markup=False)
        yield Static("", id="sentence", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """The last two scans, first."""
        self.query_one("#list-pane").border_title = "What changed"
        self.query_one(ChangeList).focus()
        self._read(self.app.now.astimezone(UTC).date())

    @work(thread=True, exclusive=True, exit_on_error=False, group="changes")
    def _read(self, at: date) -> None:
        from wallet.cohort.store import Cohort

        with Cohort.open(self._view.folder) as cohort:
            now = cohort.load(self._after)
            was = cohort.load(self._before or scan_before(cohort, now.id))
            told = changes(cohort, was, now, at=at, pseudonyms=self._view.pseudonyms)
            self.post_message(self.Ready(was, now, told, cohort.scans()))

    @on(Ready)
    def _compared(self, event: Ready) -> None:
        self._ready = event
        was, now = event.was, event.now
        words = f"{plural(len(event.told), 'change')} from {was.id} ({was.at}) to {now.id} ({now.at})"
        hidden = " · names hidden" if self._view.pseudonyms else ""
        self.query_one("#scope", Static).update(f"{words}{hidden}")
        self.set_class(not event.told, "-nothing")
        self.query_one(ChangeList).show(event.told)

    @on(ChangeList.Highlighted)
    def _highlighted(self, event: ChangeList.Highlighted) -> None:
        one = event.told
        where = f"  {one.pathway}" if one is not None and one.pathway else ""
        words = Text() if one is None else Text.assemble((one.shown, "bold"), f"{where}\n{one.text}")
        self.query_one("#sentence", Static).update(words)

    @on(ChangeList.Opened)
    def _opened(self, event: ChangeList.Opened) -> None:
        assert self._ready is not None
        change, scan = event.told.change, self._ready.now
        if change.kind in ("left", "consent-ended"):
            self.notify("There is nothing more to be shown of this learner.", severity="warning", markup=False)
            return
        view = replace(self._view, scan=scan.id)
        self.app.push_screen(CohortLearnerScreen(view, scan, change.learner, change.pathway or None))

    def action_choose(self, before: bool) -> None:
        """Another scan to compare from, or to."""
        if self._ready is None:
            return
        ready, ids = self._ready, [one.id for one in self._ready.scans]
        last = ids.index(ready.now.id) if before else len(ids)
        first = 0 if before else ids.index(ready.was.id) + 1
        chosen = ScansScreen(ready.scans[first:last], ready.was.id if before else ready.now.id)

        def again(_: None) -> None:
            if chosen.chosen is not None:
                self._before = chosen.chosen if before else ready.was.id
                self._after = ready.now.id if before else chosen.chosen
                self._read(self.app.now.astimezone(UTC).date())

        self.app.push_screen(chosen, again)

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def action_leave(self) -> None:
        """Out of an error, back to the table."""
        if not self.query_one(Trouble).close() or self._ready is None:
            self.dismiss()


class ScansScreen(Dialog):
    """One of the scans that there are, the newest first. `chosen` is its id once the screen is closed."""

    TITLE_WORDS = "Which scan"
    DEFAULT_CSS = """
    ScansScreen #scans { height: auto; max-height: 14; border: none; background: $surface; padding: 0; }
    ScansScreen.-short #scans { max-height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", id="scans.back")]

    def __init__(self, scans: tuple[ScanLine, ...], current: str) -> None:
        super().__init__()
        self._scans, self._current = tuple(reversed(scans)), current
        self.chosen: str | None = None

    def inside(self) -> ComposeResult:
        """One line each."""
        yield FormList(
            *(
                Option(Text(f"{one.id}  figures for {one.at}, made {one.made:%Y-%m-%d %H:%M}, {one.learners} learners"))
                for one in self._scans
            ),
            id="scans",
            markup=False,
        )
        yield Static("enter: this one   esc: back", classes="keys", markup=False)

    def on_mount(self) -> None:
        """At the one on screen."""
        scans, ids = self.query_one("#scans", OptionList), [one.id for one in self._scans]
        scans.highlighted = ids.index(self._current) if self._current in ids else 0 if ids else None
        scans.focus()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.chosen = self._scans[event.option_index].id
        self.dismiss()

    def show_failure(self, failure: TaskFailed) -> None:
        """Nothing here can fail."""
