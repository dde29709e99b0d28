"""One learner of a cohort: pathways with their places, badges with their proof, notes and feedback apart. Twin: `cohort show`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.cohort_learner_views import (
    ahead_lines,
    badge_lines,
    dated_lines,
    learner_head,
    pathway_head,
    place_lines,
)
from tui.app.cohort_reading import View
from tui.app.screens.base import Banner, Enlarge, Trouble
from tui.app.screens.cohort_acts import PLACE_BINDINGS, OfLearner, SayScreen
from tui.app.screens.cohort_place import CohortPlaceScreen
from tui.app.screens.cohort_records import CohortRecordsScreen
from tui.app.screens.cohort_report import CohortReportScreen
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import LearnerPane, PlaceList
from wallet.cohort.model import Scan
from wallet.errors import WalletError


class CohortLearnerScreen(OfLearner, Screen[None]):
    """Four panes: pathway, badges, notes, feedback."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="learner.back"),
        Binding("w", "pathway", "Pathway", id="learner.pathway"),
        Binding("n", "say('note')", "Note", id="learner.note"),
        Binding("f", "say('feedback')", "Feedback", id="learner.feedback"),
        Binding("s", "report", "Report", id="learner.report"),
        Binding("r", "records", "Records", id="learner.records"),
        *PLACE_BINDINGS,
        Binding("t", "target", "Target", id="learner.target", show=False),
        Binding("x", "purge", "Purge", id="learner.purge", show=False),
        Binding("tab", "app.focus_next", "Next pane", id="learner.pane", show=False),
        Binding("l,right", "to_badges", "Badges", show=False, id="learner.right"),
        Binding("h,left", "to_pathway", "Pathway", show=False, id="learner.left"),
    ]

    def __init__(self, view: View, scan: Scan, number: str, pathway: str | None) -> None:
        super().__init__(view, scan, number, pathway)
        self._places: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The frame."""
        yield Banner()
        yield Static("", id="who", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="tree-pane"):
                yield Static("", id="tree-head", markup=False)
                yield PlaceList(id="places", markup=False)
            with Vertical(id="rest"):
                with LearnerPane(id="badges-pane"):
                    yield Static("", id="badge-words", markup=False)
                with LearnerPane(id="notes-pane"):
                    yield Static("", id="note-words", markup=False)
                with LearnerPane(id="feedback-pane"):
                    yield Static("", id="feedback-words", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles, and the learner."""
        for pane, title in (
            ("#tree-pane", "Pathway"),
            ("#badges-pane", "Handed over"),
            ("#notes-pane", "Notes (private)"),
            ("#feedback-pane", "Feedback (for the learner)"),
        ):
            self.query_one(pane).border_title = title
        self.query_one("#places").focus()
        self._read()

    @on(OfLearner.Ready)
    def _ready(self, event: OfLearner.Ready) -> None:
        self._shown = event.shown
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        report, looked, ascii_only = self._shown.report, self._shown.looked, self.app.ascii_only
        records, hide = looked.records, self._view.pseudonyms
        ids = [one.id for one in report.pathways]
        if self._pathway not in ids:
            self._pathway = ids[0] if ids else None
        self.query_one("#who", Static).update(learner_head(report, looked))
        places = self.query_one(PlaceList)
        for one in report.pathways:
            if one.id == self._pathway:
                self.query_one("#tree-head", Static).update(pathway_head(one, ascii_only=ascii_only))
                lines = [*place_lines(one, ascii_only=ascii_only), *ahead_lines(one)]
                before = self.meant()
                self._places = tuple(place for place, _ in lines)
                places.clear_options()
                places.add_options([Option(text) for _, text in lines])
                at = self._places.index(before) if before in self._places else 0
                places.highlighted = at if lines else None
        self.query_one("#tree-pane").border_title = (
            f"Pathway {ids.index(self._pathway) + 1} of {len(ids)}" if self._pathway is not None else "Pathway"
        )
        self.query_one("#badge-words", Static).update(badge_lines(report.badges, ascii_only=ascii_only))
        hidden = "Hidden while names are." if hide else ""
        notes, feedback = ((), ()) if hide else (records.notes, records.feedback)
        self.query_one("#note-words", Static).update(dated_lines(notes, hidden or "None yet. n: write one"))
        self.query_one("#feedback-words", Static).update(dated_lines(feedback, hidden or "None yet. f: write some"))

    def meant(self) -> str | None:
        """The place under the cursor; a next step means the place that it fills."""
        at = self.query_one(PlaceList).highlighted
        return self._places[at] or None if at is not None and at < len(self._places) else None

    @on(OptionList.OptionSelected, "#places")
    def _opened(self) -> None:
        place = self.meant()
        if place is not None and self._pathway is not None:
            screen = CohortPlaceScreen(self._view, self._scan, self._number, self._pathway, place)
            self.app.push_screen(screen, self._again)

    def commands(self) -> Iterable[SystemCommand]:
        """What can be done with this learner."""
        for name, about, act in (
            ("Next pathway", "w   the next pathway of the scan", self.action_pathway),
            ("Report", "s   a page or a letter as a file", self.action_report),
            ("Records", "r   consent, identities, appointments, exceptions", self.action_records),
            ("Exception", "e   at the place under the cursor", self.action_except_here),
            ("Somebody's word", "a   that the place under the cursor is done", self.action_attest_here),
            ("Take back", "u   what is recorded of the place under the cursor", self.action_take_back_here),
            ("Target", "t   the learner aims at this pathway, or no more", self.action_target),
            ("Purge", "x   delete what was derived from this learner; asks", self.action_purge),
        ):
            yield SystemCommand(name, about, act)

    @property
    def _who(self) -> str:
        return self._shown.report.shown if self._shown is not None else self._number

    def action_pathway(self) -> None:
        """The next pathway."""
        if self._shown is not None and self._shown.report.pathways:
            ids = [one.id for one in self._shown.report.pathways]
            self._pathway = ids[(ids.index(self._pathway) + 1) % len(ids)] if self._pathway in ids else ids[0]
            self._places = ()
            self._draw()

    def action_say(self, kind: str) -> None:
        """Write a note or feedback."""
        if self._shown is not None:
            self.app.push_screen(SayScreen(self._view.folder, self._number, kind, self._who), self._again)

    def action_report(self) -> None:
        """A page or a letter, of the pathway on screen where the table shows only one."""
        if self._shown is not None:
            self.app.push_screen(CohortReportScreen(self._view, self._scan, self._number, self._who))

    def action_records(self) -> None:
        """Consent, identities, appointments, exceptions: all that holds."""
        if self._shown is not None:
            screen = CohortRecordsScreen(
                self._view.folder,
                self._number,
                self._who,
                self._scan.pathways,
                pseudonyms=self._view.pseudonyms,
            )
            self.app.push_screen(screen, self._again)

    def action_purge(self) -> None:
        """Delete what was derived from this learner; then there is nothing to be shown here."""
        from tui.app.screens.cohort_purge import CohortPurgeScreen

        hide = self._view.pseudonyms
        screen = CohortPurgeScreen(self._view.folder, (self._number,), expired=False, pseudonyms=hide)

        def over(_: None) -> None:
            if screen.done:
                self.dismiss()

        self.app.push_screen(screen, over)

    def action_target(self) -> None:
        """Make the pathway on screen a target of this learner, or let it be one no more."""
        from wallet.cohort.store import Cohort

        if self._shown is None or self._pathway is None:
            return
        held = self._pathway in self._shown.looked.records.targets
        try:
            with Cohort.open(self._view.folder) as cohort:
                cohort.record(self._number, "target", None if held else {}, now=self.app.now, pathway=self._pathway)
        except WalletError as error:
            self.fail(error)
            return
        self._again(None)

    def action_to_badges(self) -> None:
        """To what was handed over and what was written; on a narrow terminal that takes the pathway's place."""
        self.add_class("-opened")
        self.query_one("#badges-pane").focus()

    def action_to_pathway(self) -> None:
        """To the places."""
        self.remove_class("-opened")
        self.query_one("#places").focus()

    def action_leave(self) -> None:
        """Out of an error, to the pathway on a narrow terminal, back to the table."""
        if self.query_one(Trouble).close() and self._shown is not None:
            return
        if self.has_class("-opened") and self.has_class("-narrow"):
            self.action_to_pathway()
        else:
            self.dismiss()
