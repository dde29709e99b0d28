"""Delete what was derived from a learner, or from all whose consent has ended; a number is typed first. Twin: `cohort purge`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.worker import Worker

from tui.app.screens.forms import Form, field, labelled
from tui.app.widgets.tick_list import TickList
from wallet.errors import UsageError
from wallet.text import clean, plural

if TYPE_CHECKING:
    from datetime import datetime

_SHOWN = 6
_WHAT = (
    "Deletes the copies of badges, results, notes, feedback, exceptions and consent, and the rows in every scan."
    " It cannot be undone."
)


class CohortPurgeScreen(Form):
    """What will be gone, and a number to type: nothing happens by a single key."""

    KEYS = "tab: next field   enter: delete for good   esc: back"
    DEFAULT_CSS = """
    CohortPurgeScreen.-over #fields { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", id="purge.back")]

    class Purged(Message):
        """They are gone. left: the learners' own files in the folder; deleted: they are gone as well."""

        def __init__(self, learners: int, left: tuple[Path, ...], deleted: bool) -> None:
            super().__init__()
            self.learners, self.left, self.deleted = learners, left, deleted

    def __init__(self, folder: Path, numbers: tuple[str, ...], *, expired: bool, pseudonyms: bool) -> None:
        """numbers: who is to be purged. expired: they are those whose consent has ended."""
        super().__init__()
        self._folder, self._numbers, self._expired, self._pseudonyms = folder, numbers, expired, pseudonyms
        self._busy = False
        #: Whether anybody was purged.
        self.done = False

    @property
    def _wanted(self) -> str:
        """What is to be typed: the number of the one, or how many they are."""
        return str(len(self._numbers)) if self._expired else self._numbers[0]

    def title_words(self) -> str:
        """Whom."""
        if self._expired:
            return f"Purge {plural(len(self._numbers), 'learner')} whose consent has ended"
        return f"Purge {self._numbers[0]}"

    def remark(self) -> str:
        """What goes."""
        more = f" and {len(self._numbers) - _SHOWN} more" if len(self._numbers) > _SHOWN else ""
        who = f"{', '.join(self._numbers[:_SHOWN])}{more}. " if self._expired else ""
        return f"{who}{_WHAT}"

    def fields(self) -> ComposeResult:
        """Files or not, then the number."""
        ticks = [("files", "delete them too, or the next scan finds them", False)]
        yield from labelled("Their own files (space)", TickList(ticks, id="files"))
        asked = "How many, to confirm" if self._expired else "Their number, to confirm"
        yield from field("typed", asked, hint=self._wanted)

    def on_mount(self) -> None:
        """Ready to type: files stay unless somebody says otherwise."""
        self.query_one("#typed").focus()

    @on(OptionList.OptionSelected, "#files")
    def _onward(self) -> None:
        self.query_one("#typed").focus()

    def submit(self) -> None:
        """Only if the number is right."""
        if self._busy:
            return
        if (self.said("typed") or "").upper() != self._wanted:
            raise UsageError("That is another number; nothing was deleted.", f"Type {self._wanted}, or press escape.")
        self._busy = True
        self._purge("files" in self.query_one(TickList).ticked, self.app.now)

    @work(thread=True, exclusive=True, exit_on_error=False, group="purge")
    def _purge(self, with_files: bool, now: datetime) -> None:
        from wallet.cohort.store import Cohort

        files: list[Path] = []
        with Cohort.open(self._folder) as cohort:
            for number in self._numbers:
                files += cohort.purge(number, with_files=with_files, now=now).files
        self.post_message(self.Purged(len(self._numbers), tuple(files), with_files))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What failed may be tried again."""
        if event.worker.error is not None:
            self._busy, self.done = False, True
        super().on_worker_state_changed(event)

    @on(Purged)
    def _gone(self, event: Purged) -> None:
        self._busy, self.done = False, True
        self.add_class("-over")
        self.set_focus(None)
        words = f"{plural(event.learners, 'learner')} purged. "
        many = plural(len(event.left), "file")
        if event.deleted:
            words += f"{many} of their own deleted as well. Nothing remains."
        elif event.left:
            words += f"{many} of their own stay in the folder, so the next scan finds them again:"
            # The names of files are mostly names of people.
            named = () if self._pseudonyms else event.left[:_SHOWN]
            words += "".join(f"\n  {clean(str(path.relative_to(self._folder)))}" for path in named)
            hidden = len(event.left) - len(named)
            words += f"\n  {'names hidden' if self._pseudonyms else f'and {hidden} more'}" if hidden else ""
        self.query_one("#note", Static).update(Text(words))
        self.query_one(".keys", Static).update("esc: back to the table")

    def action_leave(self) -> None:
        """Back, unless it is being done."""
        if not self._busy:
            self.dismiss()
