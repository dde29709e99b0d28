"""One learner of a cohort: pathways with their places, badges with their proof, notes and feedback apart. Twin: `cohort show`."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input, Static

from tui.app.cohort_reading import LearnerShown, definitions, read_learner
from tui.app.cohort_views import ahead, badge_lines, dated_lines, learner_head, pathway_tree
from tui.app.messages import TaskFailed
from tui.app.screens.base import Banner, Dialog, Enlarge, Trouble, Works
from tui.app.widgets.entry import Entry
from tui.app.widgets.panes import LearnerPane
from wallet.cohort.model import Scan
from wallet.errors import WalletError

_TITLES = {"note": "A private note", "feedback": "Feedback for the learner"}
_ABOUT = {
    "note": "For yourself: no report and no letter holds it.",
    "feedback": "Words for the learner: the letter and the learner's page hold them.",
}


class CohortLearnerScreen(Works, Screen[None]):
    """Four panes: pathway, badges, notes, feedback."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="learner.back"),
        Binding("w", "pathway", "Pathway", id="learner.pathway"),
        Binding("n", "say('note')", "Note", id="learner.note"),
        Binding("f", "say('feedback')", "Feedback", id="learner.feedback"),
        Binding("t", "target", "Target", id="learner.target"),
        Binding("tab", "app.focus_next", "Next pane", id="learner.pane", show=False),
        Binding("l,right", "to_badges", "Badges", id="learner.right", key_display="l"),
        Binding("h,left", "to_pathway", "Pathway", show=False, id="learner.left"),
    ]

    class Ready(Message):
        """Everything about the learner was read."""

        def __init__(self, shown: LearnerShown) -> None:
            super().__init__()
            self.shown = shown

    def __init__(self, folder: Path, scan: Scan, number: str, pathway: str | None, *, pseudonyms: bool) -> None:
        super().__init__()
        self._folder, self._scan, self._number = folder, scan, number
        self._pathway, self._pseudonyms = pathway, pseudonyms
        self._shown: LearnerShown | None = None

    def compose(self) -> ComposeResult:
        """The frame."""
        yield Banner()
        yield Static("", id="who", markup=False)
        with Horizontal(id="panes"):
            with LearnerPane(id="tree-pane"):
                yield Static("", id="tree-words", markup=False)
            with Vertical(id="rest"):
                with LearnerPane(id="badges-pane"):
                    yield Static("", id="badge-words", markup=False)
                with LearnerPane(id="notes-pane"):
                    yield Static("", id="note-words", markup=False)
                with LearnerPane(id="feedback-pane"):
                    yield Static("", id="feedback-words", markup=False)
        yield Trouble()
        yield Footer(compact=True, show_command_palette=False)
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
        self.query_one("#tree-pane").focus()
        self._read()

    @work(thread=True, exclusive=True, exit_on_error=False, group="learner")
    def _read(self) -> None:
        shown = read_learner(
            self._folder,
            self._number,
            definitions(self.app.paths, self._scan),
            pseudonyms=self._pseudonyms,
            at=self.app.now.date(),
            language=self.app.config.language,
        )
        self.post_message(self.Ready(shown))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._shown = event.shown
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        report, records, ascii_only = self._shown.report, self._shown.records, self.app.ascii_only
        ids = [one.id for one in report.pathways]
        if self._pathway not in ids:
            self._pathway = ids[0] if ids else None
        self.query_one("#who", Static).update(learner_head(report, self._shown.source))
        tree = self.query_one("#tree-words", Static)
        for one in report.pathways:
            if one.id == self._pathway:
                tree.update(pathway_tree(one, ascii_only=ascii_only).append("\n").append_text(ahead(one)))
        self.query_one("#tree-pane").border_title = (
            f"Pathway {ids.index(self._pathway) + 1} of {len(ids)}" if self._pathway is not None else "Pathway"
        )
        self.query_one("#badge-words", Static).update(badge_lines(report.badges, ascii_only=ascii_only))
        hidden = "Hidden while names are." if self._pseudonyms else ""
        notes, feedback = ((), ()) if self._pseudonyms else (records.notes, records.feedback)
        self.query_one("#note-words", Static).update(dated_lines(notes, hidden or "None yet. n: write one"))
        self.query_one("#feedback-words", Static).update(dated_lines(feedback, hidden or "None yet. f: write some"))

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def action_pathway(self) -> None:
        """The next pathway."""
        if self._shown is not None and self._shown.report.pathways:
            ids = [one.id for one in self._shown.report.pathways]
            self._pathway = ids[(ids.index(self._pathway) + 1) % len(ids)] if self._pathway in ids else ids[0]
            self.query_one("#tree-pane").scroll_home(animate=False)
            self._draw()

    def action_say(self, kind: str) -> None:
        """Write a note or feedback."""
        if self._shown is not None:
            who = self._shown.report.shown
            self.app.push_screen(SayScreen(self._folder, self._number, kind, who), self._again)

    def action_target(self) -> None:
        """Make the pathway on screen a target of this learner, or let it be one no more."""
        from wallet.cohort.store import Cohort

        if self._shown is None or self._pathway is None:
            return
        held = self._pathway in self._shown.records.targets
        try:
            with Cohort.open(self._folder) as cohort:
                cohort.record(self._number, "target", None if held else {}, now=self.app.now, pathway=self._pathway)
        except WalletError as error:
            self.fail(error)
            return
        self._again(None)

    def _again(self, _: object) -> None:
        self._read()

    def action_to_badges(self) -> None:
        """To what was handed over and what was written; on a narrow terminal that takes the pathway's place."""
        self.add_class("-opened")
        self.query_one("#badges-pane").focus()

    def action_to_pathway(self) -> None:
        """To the places."""
        self.remove_class("-opened")
        self.query_one("#tree-pane").focus()

    def action_leave(self) -> None:
        """Out of an error, to the pathway on a narrow terminal, back to the table."""
        if self.query_one(Trouble).close():
            return
        if self.has_class("-opened") and self.has_class("-narrow"):
            self.action_to_pathway()
        else:
            self.dismiss()


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
