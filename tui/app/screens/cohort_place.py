"""One learner, one requirement, the badges that fill it and what their check found. Twin: `cohort show LEARNER PATHWAY PLACE`."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from tui.app.cohort_learner_views import place_page
from tui.app.cohort_reading import LearnerShown, View
from tui.app.screens.base import Banner, Enlarge, Trouble
from tui.app.screens.cohort_acts import OfLearner
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import RequirementPane
from wallet.cohort.learner_report import BadgeTold
from wallet.cohort.model import Scan
from wallet.cohort.wording import to_months
from wallet.text import clean
from wallet.verify.report_json import ReportSummary


class CohortPlaceScreen(OfLearner, Screen[None]):
    """The requirement on one page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="requirement.back"),
        Binding("e", "except_here", "Exception", id="requirement.except"),
        Binding("a", "attest_here", "Somebody's word", id="requirement.attest"),
        Binding("u", "take_back_here", "Take back", id="requirement.take-back"),
        Binding("p", "fold", "Passed checks", id="requirement.passed"),
    ]

    def __init__(self, view: View, scan: Scan, number: str, pathway: str, place: str) -> None:
        super().__init__(view, scan, number, pathway)
        self._place, self._folded = place, True

    def compose(self) -> ComposeResult:
        """One pane."""
        yield Banner()
        yield Static("", id="who", markup=False)
        with RequirementPane(id="requirement-pane"):
            yield Static("", id="requirement", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Ready to read."""
        pane = self.query_one("#requirement-pane")
        pane.border_title = "Requirement"
        pane.focus()
        self._read()

    def meant(self) -> str | None:
        """The only one here."""
        return self._place

    @on(OfLearner.Ready)
    def _ready(self, event: OfLearner.Ready) -> None:
        self._shown = event.shown
        self._draw(event.shown)

    def _draw(self, shown: LearnerShown) -> None:
        report, looked = shown.report, shown.looked
        told = next((one for one in report.pathways if one.id == self._pathway), None)
        place = next((one for one in told.places if one.id == self._place), None) if told is not None else None
        if told is None or place is None:
            self.query_one("#requirement", Static).update("This place is not in the pathway any more.")
            return
        hidden = self._view.pseudonyms
        self.query_one("#who", Static).update(f"{report.shown} · {told.name} · as of {report.at}")
        held = sorted(looked.learner.badges, key=lambda one: (one.candidate.name.casefold(), one.candidate.id))
        badges: dict[str, BadgeTold] = dict(
            zip((one.candidate.id for one in held), report.badges, strict=True)  # the report lists them in this order
        )
        progress = looked.progresses.get(told.id)
        node = progress.node(place.id) if progress is not None else None
        fills: list[tuple[BadgeTold, ReportSummary | None]] = [
            (badges[one], shown.checks.get(one)) for one in (node.by if node is not None else ()) if one in badges
        ]
        refused = [
            (badges[use.id], shown.checks.get(use.id), _why(use.note, months=hidden))
            for use in (progress.badges if progress is not None else ())
            if use.place == place.id and use.refused is not None and use.id in badges
        ]
        self.query_one("#requirement", Static).update(
            place_page(
                told, place, fills, refused, pseudonyms=hidden, ascii_only=self.app.ascii_only, folded=self._folded
            )
        )

    def action_fold(self) -> None:
        """Read what passed as well, or fold it away."""
        self._folded = not self._folded
        if self._shown is not None:
            self._draw(self._shown)

    def action_leave(self) -> None:
        """Out of an error, back to the learner."""
        if not self.query_one(Trouble).close():
            self.dismiss()


def _why(note: str, *, months: bool) -> str:
    shown = clean(note, limit=400)
    return to_months(shown) if months else shown
