"""A report of the cohort, or of one learner, as a file: which kind, where, with what. Twin: `cohort report`.

What is on screen goes into it: the filters, the pathway, the order, hidden names. Nothing is replaced before it was said twice.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, get_current_worker

from tui.app.cohort_reading import View, read_scan
from tui.app.messages import ProgressChanged
from tui.app.screens.forms import Form, field, labelled
from tui.app.widgets.panes import FormList
from tui.app.widgets.tick_list import TickList
from tui.cohort_figures import definitions, look_at
from tui.cohort_files import LETTERS, Reports, Wanted, bearing, free_place, method_beside
from wallet.errors import TargetExistsError, UsageError
from wallet.progress import Cancelled, Progress
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.cohort.model import Scan

_OF_ALL = {
    "html": "a page to print: learners, what most lack, what lapses",
    "xlsx": "a workbook",
    "csv": "the table; how it was made lies beside it",
    "tsv": "the same with tabs",
    "jsonl": "the same for programs",
    "letter": "a PDF for each learner, in a folder",
    "letter-html": "the letters for mail",
    "letter-md": "the letters as plain text",
}
_OF_ONE = {
    "html": "a page: places with reasons, badges, next steps",
    "letter": "a letter, as PDF",
    "letter-html": "the letter for mail",
    "letter-md": "the letter as plain text",
}
_KEYS = "tab: next field   enter: write it   esc: back"
_REPLACE = "It was left as it is. Enter once more replaces it; or write another name."


class CohortReportScreen(Form):
    """Kinds, what goes along, where to, who signs."""

    KEYS = _KEYS
    DEFAULT_CSS = """
    CohortReportScreen #kinds { height: auto; max-height: 8; border: none; background: $boost; padding: 0; width: 1fr; }
    CohortReportScreen.-short #kinds { max-height: 4; }
    CohortReportScreen.-over #fields { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy the path", id="report.copy"),
        Binding("escape", "leave", "Stop or back", id="report.back"),
    ]

    class Written(Message):
        """All files are there."""

        def __init__(self, path: Path, files: int) -> None:
            super().__init__()
            self.path, self.files = path, files

    def __init__(self, view: View, scan: Scan, number: str | None = None, shown: str = "") -> None:
        """number: of one learner, with what is shown of them; the whole cohort otherwise."""
        super().__init__()
        self._view, self._scan, self._number, self._shown = view, scan, number, shown
        self._kinds = _OF_ALL if number is None else _OF_ONE
        self._proposed = ""
        self._asked: Path | None = None
        self._done: Path | None = None
        self._busy = False

    def title_words(self) -> str:
        """Of whom."""
        return "A report of the cohort" if self._number is None else f"A report of {clean(self._shown, limit=80)}"

    def remark(self) -> str:
        """What is in it and what never is."""
        view = self._view
        which = next((clean(one.name) for one in self._scan.pathways if one.id == view.pathway), "all pathways")
        rows = [f"filter {' and '.join(view.filters)}"] if view.filters and self._number is None else []
        hidden = ["names hidden"] if view.pseudonyms else []
        said = ", ".join([f"Scan {self._scan.id}", which, *rows, *hidden])
        return f"{said}. Notes are in no report; whose consent has ended is in none."

    def fields(self) -> ComposeResult:
        """The kind, then what belongs to it."""
        lines = (Option(Text(f"{kind:<12} {words}")) for kind, words in self._kinds.items())
        yield FormList(*lines, id="kinds", markup=False)
        yield from field("where", "Where to")
        yield from field("sender", "Who signs a letter", value=self._signs())
        ticks = [("feedback", "your feedback", True)]
        if self._number is None:
            ticks.append(("anonymous", "page: numbers only, nobody named", False))
            ticks.append(("bom", "CSV, TSV: the mark Excel needs", True))
        ticks.append(("us", "PDF letters on US paper", False))
        yield from labelled("With (space ticks)", TickList(ticks, id="with"))
        yield ProgressBar(show_eta=False, id="bar")

    def _signs(self) -> str:
        return "" if self._view.pseudonyms else self.app.config.person or ""

    def on_mount(self) -> None:
        """Ready to choose."""
        kinds = self.query_one("#kinds", OptionList)
        kinds.highlighted = 0
        kinds.focus()

    @property
    def _form(self) -> str:
        return list(self._kinds)[self.query_one("#kinds", OptionList).highlighted or 0]

    @on(OptionList.OptionHighlighted, "#kinds")
    def _chosen(self) -> None:
        """A name that is free, unless somebody wrote one."""
        where = self.query_one("#where", Input)
        if where.value in ("", self._proposed):
            self._proposed = where.value = str(free_place(self._folder(), self._form, self._scan.id, self._number))

    def _folder(self) -> Path:
        """Where the app was started; never among what learners handed over, where a report would be taken for one of them."""
        here, cohort = Path.cwd(), self._view.folder.resolve()
        return cohort.parent if here == cohort or cohort in here.parents else here

    @on(OptionList.OptionSelected, "#kinds")
    def _onward(self) -> None:
        self.query_one("#where").focus()

    @on(OptionList.OptionSelected, "#with")
    def _go(self) -> None:
        self.try_to_submit()

    def submit(self) -> None:
        """Write it, unless something is there that nobody said to replace."""
        if self._busy:
            return
        said, form = self.said("where"), self._form
        if said is None:
            raise UsageError("It needs a name.", "Write where the report is to go.")
        target = Path(said).expanduser()
        ticked = self.query_one(TickList).ticked
        if "anonymous" in ticked and form != "html":
            raise UsageError("Only a page can be anonymous: a table has a row for each learner.", "Choose html.")
        force = self._asked == target
        if not force and form not in LETTERS and (target.is_file() or method_beside(target).exists()):
            self._ask(target)
            return
        wanted = Wanted(
            form,
            bearing(self.app.now),
            self.app.now.astimezone(UTC).date(),
            pathway=self._view.pathway,
            filters=self._view.filters if self._number is None and "anonymous" not in ticked else (),
            sort=self._view.sort,
            pseudonyms=self._view.pseudonyms,
            anonymous="anonymous" in ticked,
            feedback="feedback" in ticked,
            sender=self.said("sender") or "",
            paper="letter" if "us" in ticked else "a4",
            bom="bom" in ticked,
            force=force,
            language=self.app.config.language,
        )
        self._busy = True
        self.add_class("-begun")
        self._note("Writing …")
        self._write(wanted, target)

    def _ask(self, target: Path) -> None:
        self._asked = target
        self._note(f"{clean(str(target))} is already there. {_REPLACE}")

    @work(thread=True, exclusive=True, exit_on_error=False, group="report")
    def _write(self, wanted: Wanted, target: Path) -> None:
        written: list[Path] = []
        try:
            self._make(wanted, target, written, self.telling(get_current_worker()))
        except Cancelled:
            self.post_message(self.Written(target, len(written)))
        else:
            self.post_message(self.Written(target, len(written)))

    def _make(self, wanted: Wanted, target: Path, written: list[Path], progress: Progress) -> None:
        from wallet.cohort.store import Cohort

        scan = read_scan(self._view.folder, self._scan.id)
        with Cohort.open(self._view.folder) as cohort:
            reports = Reports(cohort, scan, wanted, lambda path, _: written.append(path))
            if self._number is not None:
                known = definitions(self.app.paths, scan)
                at, language = wanted.today, wanted.language
                reports.learner(look_at(cohort, scan, self._number, known, at=at, language=language), target)
            elif wanted.form in LETTERS:
                reports.letters(target, definitions(self.app.paths, scan), progress)
            else:
                reports.cohort(target)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A file that is there is a question, not a failure."""
        if isinstance(event.worker.error, TargetExistsError):
            self._stopped()
            where = self.said("where")
            self._asked = Path(where or "").expanduser()
            self._note(f"{event.worker.error.message} Enter once more replaces it; or write another name.")
            return
        if event.worker.error is not None:
            self._stopped()
        super().on_worker_state_changed(event)

    def _stopped(self) -> None:
        self._busy = False
        self.remove_class("-begun")

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        self.query_one("#bar", ProgressBar).update(total=event.event.total, progress=event.event.done)

    @on(Written)
    def _written(self, event: Written) -> None:
        self._stopped()
        self._done = event.path.resolve()
        self.add_class("-over")
        # Without a field in sight no letter is typed into one.
        self.set_focus(None)
        words = plural(event.files, "file")
        stays = " It holds personal data: you alone can read it." if not self._view.pseudonyms else ""
        self._note(f"{words} written: {clean(str(self._done))}.{stays}")
        self.query_one(".keys", Static).update("y: copy the path   esc: back")

    def _note(self, words: str) -> None:
        self.query_one("#note", Static).update(Text(words))

    def action_copy(self) -> None:
        """The path of what was written, to the clipboard."""
        if self._done is not None:
            path = clean(str(self._done), limit=4_000)
            self.app.copy_to_clipboard(path)
            self.notify(f"Sent to the clipboard: {path}", markup=False)

    def action_leave(self) -> None:
        """Stop letters between two of them; leave when nothing runs."""
        if self._busy:
            self.workers.cancel_group(self, "report")
        else:
            self.dismiss()
