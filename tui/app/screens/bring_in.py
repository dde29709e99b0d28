"""Bring badges and pathways in: a path, a folder or a link, typed or pasted. Twins: `import` and `pathway add`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, RichLog, Static
from textual.worker import get_current_worker

from tui.app.messages import Line, LineDone, ProgressChanged, TaskFailed, WorkEnded
from tui.app.screens.base import Dialog
from tui.app.screens.verify import LINES_KEPT
from tui.app.views import title_of
from tui.app.widgets.entry import Entry
from wallet.limits import LIMITS
from wallet.progress import Cancelled
from wallet.text import clean, plural

if TYPE_CHECKING:
    from datetime import datetime

    from wallet.store.wallet import Wallet

_KEYS = "enter: bring in   esc: back"
_PATHWAY_NAMES = (".toml", ".pathway.json")


class BringInScreen(Dialog):
    """One input, one line for each item."""

    TITLE_WORDS = "Bring in"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Stop or back", id="import.back")]

    def __init__(self) -> None:
        super().__init__()
        self._busy = False

    def inside(self) -> ComposeResult:
        """Input and results."""
        yield Static(
            "A badge as picture, SVG, JSON or JWS file, a folder of them, or a link to one; or a pathway file. "
            "Files need no network. A link contacts its host.",
            classes="note",
            id="note",
            markup=False,
        )
        yield Entry(placeholder="~/Downloads or https://…", id="source")
        yield RichLog(markup=False, highlight=False, wrap=True, max_lines=LINES_KEPT, min_width=20, id="lines")
        yield Static(_KEYS, classes="keys", id="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#source").focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        source = event.value.strip().strip("'\"")
        if source and not self._busy:
            self._busy = True
            self.add_class("-begun")
            event.input.value = ""
            self._say("Looking …", "esc: stop; what was added stays")
            self._take_in(source)

    @work(thread=True, exclusive=True, exit_on_error=False, group="import")
    def _take_in(self, source: str) -> None:
        link = source.lower().startswith(("http://", "https://"))
        path = None if link else Path(source).expanduser()
        counts = {"added": 0, "duplicate": 0, "merged": 0, "refused": 0, "skipped": 0}
        try:
            if path is not None and path.name.lower().endswith(_PATHWAY_NAMES) and path.is_file():
                with self.app.open_wallet() as wallet:
                    self.post_message(WorkEnded(_take_pathway(wallet, path, self.app.now)))
                return
            self._take_badges(source if path is None else path, counts)
        except Cancelled:
            self.post_message(WorkEnded(f"Stopped. {_summary(counts)}", cancelled=True))
        else:
            self.post_message(WorkEnded(_summary(counts)))

    def _take_badges(self, source: str | Path, counts: dict[str, int]) -> None:
        from importers.intake import Skipped, TakenIn, take_in
        from wallet.fetch.http import HttpFetcher

        progress = self.telling(get_current_worker())
        with self.app.open_wallet() as wallet, HttpFetcher(network=self.app.config.network) as net:
            online = net if isinstance(source, str) else None
            for item in take_in(wallet, [source], now=self.app.now, net=online, progress=progress):
                if isinstance(item, Skipped):
                    counts["skipped"] += item.count
                elif not isinstance(item, TakenIn):
                    continue
                elif item.added is not None:
                    counts[item.added.outcome] += 1
                    self.post_message(LineDone(Line(item.added.outcome, title_of(wallet.row(item.added.badge)))))
                elif item.refused is not None:
                    counts["refused"] += 1
                    words = f"{clean(item.refused.message)} {clean(item.refused.remedy)}"
                    self.post_message(LineDone(Line("refused", words)))

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        of = f" of {event.event.total:,}" if event.event.total else ""
        self.query_one("#note", Static).update(f"{event.event.done:,}{of} looked at")

    @on(LineDone)
    def _line(self, event: LineDone) -> None:
        style = "bold #ffab5e" if event.line.state == "refused" else "bold"
        self.query_one("#lines", RichLog).write(Text.assemble((f"{event.line.state:<10} ", style), event.line.text))

    @on(WorkEnded)
    def _ended(self, event: WorkEnded) -> None:
        self._busy = False
        self._say(event.summary, _KEYS)

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the explanation."""
        self._busy = False
        self._say(f"{failure.message} {failure.remedy}", _KEYS)

    def _say(self, note: str, keys: str) -> None:
        self.query_one("#note", Static).update(note)
        self.query_one("#keys", Static).update(keys)

    def action_leave(self) -> None:
        """Stop what runs; leave when nothing does."""
        if self._busy:
            self.workers.cancel_group(self, "import")
            self._say("Stopping …", "")
        else:
            self.dismiss()


def _take_pathway(wallet: Wallet, path: Path, now: datetime) -> str:
    """Keep a pathway file; a newer version takes the place of the older one. What became of it, in a sentence."""
    from wallet.errors import DefinitionError
    from wallet.pathways.definition import read

    with path.open("rb") as file:
        data = file.read(LIMITS.pathway_bytes + 1)
    pathway = read(data, path.name)
    name = path.name
    for kept, older in wallet.pathway_files():
        try:
            if read(older, kept).id == pathway.id:
                name = kept
        except DefinitionError:
            continue  # a broken file that is kept already is the pathway screen's to report
    stem = name.removesuffix(".json").removesuffix(".toml").removesuffix(".pathway")
    wallet.save_pathway(stem, data, now=now)
    return f"The pathway {clean(pathway.name.pick())} is kept, version {clean(pathway.version)}. Press esc, then w to see it."


def _summary(counts: dict[str, int]) -> str:
    parts = [
        f"{plural(counts['added'], 'badge')} added" if counts["added"] else "",
        f"{counts['merged']} merged into badges that were there" if counts["merged"] else "",
        f"{counts['duplicate']} already there" if counts["duplicate"] else "",
        f"{counts['refused']} refused" if counts["refused"] else "",
        f"{plural(counts['skipped'], 'file')} without a badge" if counts["skipped"] else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{said}. Press esc, then V to verify." if counts["added"] else f"{said or 'Nothing was found'}."
