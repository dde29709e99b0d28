"""Two questions about one pathway: what could be begun now, and what another version asks. Twins: `pathway next`, `pathway diff`.

Nothing is written: the definition in the wallet stays until a newer one is brought in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.app.messages import TaskFailed
from tui.app.pathway_asked_views import diff_blocks, filters_line, next_blocks
from tui.app.pathway_cards import stacked
from tui.app.screens.base import Banner, Enlarge, Trouble, Works
from tui.app.screens.forms import Form, field
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import AnswerPane
from tui.remembered import read_pathway
from wallet.errors import NotFoundError, UsageError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.pathways.model import Pathway
    from wallet.pathways.plan import Differences
    from wallet.pathways.results import Progress

_DELIVERIES = (None, "online", "in-person", "blended")
_MOST_HOURS = 10_000
_NAME = 60


class Answer(Works, Screen[None]):
    """A line of what is asked, and the answer below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="answer.back", key_display="esc"),
    ]

    def compose(self) -> ComposeResult:
        """The frame."""
        yield Banner()
        yield Static("", id="asked", markup=False)
        with AnswerPane(id="answer-pane"):
            yield Static("", id="answer", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def title_words(self) -> str:
        """Of which pathway, clean."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Ready to read."""
        pane = self.query_one("#answer-pane")
        # As content, because a title given as text is read as markup.
        pane.border_title = Content(self.title_words())
        pane.focus()

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def action_leave(self) -> None:
        """Out of an error, then back."""
        if not self.query_one(Trouble).close():
            self.dismiss()


class NextScreen(Answer):
    """What could be begun now, as far as it fits how and how long somebody can learn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "delivery", "How it is given", id="next.delivery"),
        Binding("m", "most", "At most so many hours", id="next.hours"),
    ]

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._delivery: str | None = None
        self._most: Decimal | None = None

    def title_words(self) -> str:
        """Of which pathway."""
        language = self.app.config.language or ""
        return f"What comes next: {clean(self._progress.pathway.name.pick(language), limit=_NAME)}"

    def on_mount(self) -> None:
        """Everything, at first."""
        self._answer()

    def _answer(self) -> None:
        from wallet.pathways.plan import next_steps

        steps = next_steps(self._progress, delivery=self._delivery, max_hours=self._most)
        self.query_one("#asked", Static).update(filters_line(self._delivery, self._most))
        blocks = list(next_blocks(self._progress, steps, self.app.config.language or ""))
        self.query_one("#answer", Static).update(stacked(blocks))
        self.query_one("#answer-pane").scroll_home(animate=False)

    def action_delivery(self) -> None:
        """Online, in person, both, or all."""
        self._delivery = _DELIVERIES[(_DELIVERIES.index(self._delivery) + 1) % len(_DELIVERIES)]
        self._answer()

    def action_most(self) -> None:
        """Ask for a number of hours."""
        self.app.push_screen(MostHoursScreen(self._most, self._limit))

    def _limit(self, most: Decimal | None) -> None:
        self._most = most
        self._answer()


class MostHoursScreen(Form):
    """How long a part may take."""

    TITLE_WORDS = "At most so many hours"
    KEYS = "enter: use it   esc: back"

    def __init__(self, most: Decimal | None, chosen: Callable[[Decimal | None], None]) -> None:
        super().__init__()
        self._most, self._chosen = most, chosen

    def remark(self) -> str:
        """What it leaves out."""
        return "Parts that take longer are left out; those that do not say come last. Empty: any time."

    def fields(self) -> ComposeResult:
        """One number."""
        yield from field("hours", "Hours", value=f"{self._most:f}" if self._most is not None else "", hint="4")

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#hours").focus()

    def submit(self) -> None:
        """A number above 0, or none."""
        said = self.said("hours")
        try:
            hours = Decimal(said.replace(",", ".")) if said is not None else None
        except InvalidOperation:
            hours = Decimal(0)
        if hours is not None and (not hours.is_finite() or not 0 < hours <= _MOST_HOURS):
            raise UsageError("That is not a number of hours above 0.", "Write it like 3 or 7.5, or leave it empty.")
        self.dismiss()
        self._chosen(hours)


class CompareForm(Form):
    """Which file holds the other version."""

    TITLE_WORDS = "Compare with another version"
    KEYS = "enter: compare   esc: back"

    def __init__(self, pathway: Pathway) -> None:
        super().__init__()
        self._pathway = pathway

    def remark(self) -> str:
        """Which is old, which is new."""
        return f"What the file asks otherwise than yours (version {clean(self._pathway.version)}). Nothing is replaced."

    def fields(self) -> ComposeResult:
        """A path."""
        yield from field("file", "File of a pathway", hint="newer.pathway.toml")

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#file").focus()

    def submit(self) -> None:
        """Read it and show what differs."""
        name = self.said("file")
        if name is None:
            raise UsageError("No file is named.", "Write the path of a pathway file.")
        try:
            other = read_pathway(name)
        except (OSError, RuntimeError) as error:
            raise NotFoundError(f"There is no file {clean(name, limit=200)} to read.", "Write another path.") from error
        self.app.push_screen(DiffScreen(self._pathway, other), self._seen)

    def _seen(self, _: None) -> None:
        self.dismiss()


class DiffScreen(Answer):
    """What another version asks otherwise, and what that means for the badges in the wallet."""

    class Ready(Message):
        """Both versions were judged."""

        def __init__(self, found: Differences) -> None:
            super().__init__()
            self.found = found

    def __init__(self, old: Pathway, new: Pathway) -> None:
        super().__init__()
        self._old, self._new = old, new
        self._found: Differences | None = None

    def title_words(self) -> str:
        """Of which pathway."""
        return f"Two versions: {clean(self._new.name.pick(self.app.config.language or ''), limit=_NAME)}"

    def on_mount(self) -> None:
        """A worker judges both."""
        self.query_one("#asked", Static).update(
            f"yours is version {clean(self._old.version, limit=_NAME)}, the file's is {clean(self._new.version, limit=_NAME)}"
        )
        self.query_one("#answer", Static).update("Counting …")
        self._compare()

    @work(thread=True, exclusive=True, exit_on_error=False, group="diff")
    def _compare(self) -> None:
        from wallet.pathways.candidates import from_rows
        from wallet.pathways.personal import from_records
        from wallet.pathways.plan import differences

        with self.app.open_wallet() as wallet:
            rows, said = wallet.list_badges(), wallet.said_of_places()
        found = differences(
            self._old,
            self._new,
            from_rows(rows),
            self.app.now.astimezone(UTC).date(),
            personal=(from_records(said, self._old), from_records(said, self._new)),
            language=self.app.config.language or None,
        )
        self.post_message(self.Ready(found))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._found = event.found
        self._answer()

    def on_resize(self) -> None:
        """Lines are set for a width."""
        self.call_after_refresh(self._answer)

    def _answer(self) -> None:
        if self._found is not None:
            width = self.query_one("#answer", Static).size.width - 4
            blocks = diff_blocks(self._found, self.app.config.language or "", width, ascii_only=self.app.ascii_only)
            self.query_one("#answer", Static).update(stacked(list(blocks)))
