"""What can be done to one learner, or at one place of theirs, from the screens that show them. The forms do the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, Static

from tui.app.cohort_reading import LearnerShown, View, read_learner
from tui.app.messages import TaskFailed
from tui.app.screens.base import Dialog, Trouble, Works
from tui.app.screens.cohort_words import (
    CohortAttestScreen,
    CohortExceptionKindScreen,
    CohortExceptionScreen,
    Spot,
    spot_of,
)
from tui.app.widgets.entry import Entry
from wallet.errors import WalletError
from wallet.pathways.saying import roles

if TYPE_CHECKING:
    from wallet.cohort.model import Scan

_TITLES = {"note": "A private note", "feedback": "Feedback for the learner"}
_ABOUT = {
    "note": "For yourself: no report and no letter holds it.",
    "feedback": "Words for the learner: the letter and the learner's page hold them.",
}
PLACE_BINDINGS: list[BindingType] = [
    Binding("e", "except_here", "Exception", id="place.except", show=False),
    Binding("a", "attest_here", "Somebody's word", id="place.attest", show=False),
    Binding("u", "take_back_here", "Take back", id="place.take-back", show=False),
]


class OfLearner(Works):
    """A screen about one learner: reads them, and records at the place that is meant."""

    class Ready(Message):
        """Everything about the learner was read."""

        def __init__(self, shown: LearnerShown) -> None:
            super().__init__()
            self.shown = shown

    def __init__(self, view: View, scan: Scan, number: str, pathway: str | None) -> None:
        super().__init__()
        self._view, self._scan, self._number, self._pathway = view, scan, number, pathway
        self._shown: LearnerShown | None = None

    @work(thread=True, exclusive=True, exit_on_error=False, group="learner")
    def _read(self) -> None:
        shown = read_learner(
            self._view,
            self._number,
            self.app.paths,
            at=self.app.now.date(),
            language=self.app.config.language,
        )
        self.post_message(self.Ready(shown))

    def _again(self, _: object) -> None:
        self._read()

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.app.screen.query_one(Trouble).say(failure)

    def meant(self) -> str | None:
        """The id of the place under the cursor."""
        raise NotImplementedError

    def _spot(self) -> Spot | None:
        """The place under the cursor, as forms need it; says why where there is none."""
        place = self.meant()
        if self._shown is None or self._pathway is None or place is None:
            return None
        spot = spot_of(self._view.folder, self._shown, self._pathway, place)
        if spot is None:
            self._say("The file of this pathway is not at hand as it was scanned. Scan again.")
        return spot

    def _say(self, words: str) -> None:
        self.app.notify(words, severity="warning", markup=False)

    def action_except_here(self) -> None:
        """Record an exception."""
        spot = self._spot()
        if spot is None:
            return
        kinds = CohortExceptionKindScreen(spot.node)

        def go_on(_: None) -> None:
            if kinds.chosen is not None:
                self.app.push_screen(CohortExceptionScreen(spot, kinds.chosen), self._again)

        self.app.push_screen(kinds, go_on)

    def action_attest_here(self) -> None:
        """Record somebody's word."""
        spot = self._spot()
        if spot is None:
            return
        if not roles(spot.pathway, spot.node.id):
            self._say("This part asks for no word. e: record an exception.")
            return
        self.app.push_screen(CohortAttestScreen(spot, pseudonyms=self._view.pseudonyms), self._again)

    def action_take_back_here(self) -> None:
        """Take back a word, else an exception."""
        from wallet.cohort.store import Cohort

        spot = self._spot()
        if spot is None:
            return
        kind = spot.recorded
        if kind is None:
            self._say("Nothing is recorded of this part.")
            return
        try:
            with Cohort.open(self._view.folder) as cohort:
                cohort.record(self._number, kind, None, now=self.app.now, pathway=spot.pathway.id, place=spot.node.id)
        except WalletError as error:
            self.fail(error)
            return
        self.app.notify(f"No longer {kind}. The table counts it after the next scan.", markup=False)
        self._again(None)


class SayScreen(Dialog):
    """One line to type, kept with the learner."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", id="say.back")]

    def __init__(self, folder: Path, number: str, kind: str, who: str) -> None:
        super().__init__()
        self._folder, self._number, self._kind, self._who = folder, number, kind, who

    def title_words(self) -> str:
        """What it is, and about whom."""
        return f"{_TITLES[self._kind]}: {self._who}"

    def inside(self) -> ComposeResult:
        """The line."""
        yield Static(_ABOUT[self._kind], classes="note", id="note", markup=False)
        yield Entry(id="words")
        yield Static("enter: keep it   esc: back", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#words").focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        from wallet.cohort.store import Cohort

        text = event.value.strip()
        if not text:
            self.dismiss()
            return
        try:
            with Cohort.open(self._folder) as cohort:
                cohort.record(self._number, self._kind, {"text": text}, now=self.app.now)
        except WalletError as error:
            self.fail(error)
            return
        self.dismiss()

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the explanation."""
        self.query_one("#note", Static).update(f"{failure.message} {failure.remedy}")
