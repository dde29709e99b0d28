"""Bring badges and pathways in: anything typed, pasted or picked from a tree of files. Twins: `import` and `pathway add`.

Files need no network, and a link names its host by itself. Links within files are offered and opened by a key of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input, RichLog, Static
from textual.worker import get_current_worker

from tui.app.messages import Line, LineDone, ProgressChanged, TaskFailed
from tui.app.screens.base import Dialog
from tui.app.screens.choose import ChooseScreen
from tui.app.screens.verify import LINES_KEPT, VerifyScreen
from tui.app.views import title_of
from tui.app.widgets.entry import Entry
from tui.words import about_bundle
from wallet.errors import WalletError
from wallet.limits import LIMITS
from wallet.progress import Cancelled
from wallet.text import clean, plural

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from importers.intake import Item
    from wallet.found import Offer
    from wallet.store.wallet import Wallet

_KEYS = "enter: bring in   ctrl+o: choose files   esc: back"
_PATHWAY_NAMES = (".toml", ".pathway.json")
#: A paste that is longer or begins like data is taken at once and whole: one line of an input could not hold it.
_LONGEST_LINE = 300


@dataclass(slots=True)
class _Tally:
    """What became of one lot. new: badges that were not there before. offers: links that were not opened yet."""

    counts: dict[str, int] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)
    pathways: list[str] = field(default_factory=list)

    def count(self, what: str, by: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + by

    def summary(self) -> str:
        """In a sentence."""
        said = [
            words
            for what, words in (
                ("added", f"{plural(self.counts.get('added', 0), 'badge')} added"),
                ("merged", f"{self.counts.get('merged', 0)} merged into badges that were there"),
                ("duplicate", f"{self.counts.get('duplicate', 0)} already there"),
                ("refused", f"{self.counts.get('refused', 0)} refused"),
                ("skipped", f"{plural(self.counts.get('skipped', 0), 'file')} without a badge"),
            )
            if self.counts.get(what)
        ]
        badges = f"{', '.join(said)}." if said else ""
        return " ".join([*self.pathways, badges]).strip() or ("" if self.offers else "Nothing was found.")


class Source(Entry):
    """The line to type into. What is pasted and is more than a line goes to the screen as it is."""

    class Whole(Message):
        """A text that no line of input can hold."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def _on_paste(self, event: events.Paste) -> None:
        text = event.text.strip()
        if "\n" in text or "\r" in text or len(text) > _LONGEST_LINE or text[:1] in ("{", "[", "<"):
            event.prevent_default()
            event.stop()
            self.post_message(self.Whole(event.text))


class BringInScreen(Dialog):
    """One input, one line for each item, and what can be done next."""

    TITLE_WORDS = "Bring in"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "choose", "Choose files", id="import.choose"),
        Binding("f", "open_links", "Open the links", id="import.links"),
        Binding("v", "verify_new", "Verify the new badges", id="import.verify"),
        Binding("escape", "leave", "Stop or back", id="import.back"),
    ]

    class Ended(Message):
        """One lot is done, or was stopped."""

        def __init__(self, tally: _Tally, *, cancelled: bool = False) -> None:
            super().__init__()
            self.tally, self.cancelled = tally, cancelled

    def __init__(self) -> None:
        super().__init__()
        self._busy = False
        self._new: dict[str, None] = {}
        self._offers: tuple[Offer, ...] = ()

    def inside(self) -> ComposeResult:
        """Input and results."""
        yield Static(
            "Type or paste a path, a link, a badge's JSON or token, or several; or a pathway file. "
            "Files need no network. A link contacts its host.",
            classes="note",
            id="note",
            markup=False,
        )
        yield Source(placeholder="~/Downloads or https://…", id="source")
        yield RichLog(markup=False, highlight=False, wrap=True, max_lines=LINES_KEPT, min_width=20, id="lines")
        yield Static(_KEYS, classes="keys", id="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#source").focus()

    # -- what comes in

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if self._begin(event.value):
            event.input.value = ""

    @on(Source.Whole)
    def _pasted(self, event: Source.Whole) -> None:
        self._begin(event.text)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted while something else than the input has the focus."""
        self._begin(event.text)

    def action_choose(self) -> None:
        """Pick files and folders."""
        if not self._busy:
            self.app.push_screen(ChooseScreen(self._chosen))

    def _chosen(self, paths: tuple[Path, ...]) -> None:
        if paths and not self._busy:
            self._start()
            self._take_in(paths, "")

    def _begin(self, text: str) -> bool:
        if self._busy or not text.strip():
            return False
        self._start()
        self._take_in((), text)
        return True

    def _start(self) -> None:
        self._busy = True
        self._offers = ()
        self.add_class("-begun")
        self._say("Looking …", "esc: stop; what was added stays")

    @work(thread=True, exclusive=True, exit_on_error=False, group="import")
    def _take_in(self, paths: tuple[Path, ...], text: str) -> None:
        from importers.intake import sources_in, take_in
        from wallet.fetch.http import HttpFetcher

        progress = self.telling(get_current_worker())
        tally = _Tally()
        try:
            sources = paths or sources_in(text)
            with self.app.open_wallet() as wallet, HttpFetcher(network=self.app.config.network) as net:
                badges = [source for source in sources if not self._took_pathway(wallet, source, tally)]
                items = take_in(wallet, badges, now=self.app.now, net=net, progress=progress)
                self._tell(wallet, items, tally)
        except Cancelled:
            self.post_message(self.Ended(tally, cancelled=True))
        else:
            self.post_message(self.Ended(tally))

    @work(thread=True, exclusive=True, exit_on_error=False, group="import")
    def _take_links(self, offers: tuple[Offer, ...]) -> None:
        from importers.intake import take_offers
        from wallet.fetch.http import HttpFetcher

        progress = self.telling(get_current_worker())
        tally = _Tally()
        try:
            with self.app.open_wallet() as wallet, HttpFetcher(network=self.app.config.network) as net:
                items = take_offers(wallet, offers, now=self.app.now, net=net, progress=progress)
                self._tell(wallet, items, tally)
        except Cancelled:
            self.post_message(self.Ended(tally, cancelled=True))
        else:
            self.post_message(self.Ended(tally))

    # -- what becomes of it

    def _tell(self, wallet: Wallet, items: Iterable[Item], tally: _Tally) -> None:
        from importers.intake import ONLY_LINKS, Left, Offered, Skipped, collect
        from wallet.found import FromBundle

        for item in items:
            if isinstance(item, Skipped):
                tally.count("skipped", item.count)
            elif isinstance(item, Offered | Left):
                collect(tally.offers, item.offers)
            elif isinstance(item, FromBundle):
                self.post_message(LineDone(Line("bundle", about_bundle(item.bundle))))
            elif item.added is not None:
                tally.count(item.added.outcome)
                if item.added.outcome == "added":
                    tally.new.append(item.added.badge)
                self.post_message(LineDone(Line(item.added.outcome, title_of(wallet.row(item.added.badge)))))
            elif item.refused is not None and item.refused.code == ONLY_LINKS:
                self.post_message(LineDone(Line("links", clean(item.refused.message))))
            elif item.refused is not None:
                tally.count("refused")
                words = f"{clean(item.refused.message)} {clean(item.refused.remedy)}"
                self.post_message(LineDone(Line("refused", words)))

    def _took_pathway(self, wallet: Wallet, source: object, tally: _Tally) -> bool:
        """Whether `source` is a pathway file; it is kept then, or said why not, and the rest goes on."""
        if not isinstance(source, Path) or not source.name.lower().endswith(_PATHWAY_NAMES) or not source.is_file():
            return False
        try:
            tally.pathways.append(_take_pathway(wallet, source, self.app.now))
        except WalletError as error:
            tally.count("refused")
            self.post_message(LineDone(Line("refused", f"{error.message} {error.remedy}")))
        return True

    @on(ProgressChanged)
    def _progress(self, event: ProgressChanged) -> None:
        of = f" of {event.event.total:,}" if event.event.total else ""
        self.query_one("#note", Static).update(f"{event.event.done:,}{of} looked at")

    @on(LineDone)
    def _line(self, event: LineDone) -> None:
        style = "bold #ffab5e" if event.line.state == "refused" else "bold"
        self.query_one("#lines", RichLog).write(Text.assemble((f"{event.line.state:<10} ", style), event.line.text))

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        from importers.offers import hosts_of

        self._busy = False
        self._new.update(dict.fromkeys(event.tally.new))
        self._offers = tuple(event.tally.offers.values())
        words = [f"Stopped. {event.tally.summary()}" if event.cancelled else event.tally.summary()]
        if self._offers:
            addresses = [offer.url for offer in self._offers]
            most = f"; f opens {LIMITS.import_fetches} at a time" if len(addresses) > LIMITS.import_fetches else ""
            words.append(
                f"{plural(len(addresses), 'link')} to {hosts_of(addresses)}, not opened{most}."
                " A host that is asked learns when and from where."
            )
        self._say(" ".join(words).strip(), self._keys())
        if self._new or self._offers:
            self.query_one("#lines").focus()

    def _keys(self) -> str:
        keys = [
            "v: verify new" if self._new else "",
            "f: open links" if self._offers else "",
            "tab: more   ctrl+o: files   esc: back" if self._new or self._offers else _KEYS,
        ]
        return "   ".join(key for key in keys if key)

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the explanation."""
        self._busy = False
        self._say(f"{failure.message} {failure.remedy}", self._keys())

    def _say(self, note: str, keys: str) -> None:
        self.query_one("#note", Static).update(note)
        self.query_one("#keys", Static).update(keys)

    # -- and then

    def action_open_links(self) -> None:
        """Ask the hosts that the links lead to: the learner's yes."""
        if self._offers and not self._busy:
            offers = self._offers
            self._start()
            self._say("Opening the links …", "esc: stop; what was added stays")
            self._take_links(offers)

    def action_verify_new(self) -> None:
        """Verify what has come in since this was opened."""
        if self._new and not self._busy:
            self.app.push_screen(VerifyScreen(tuple(self._new)))

    def action_leave(self) -> None:
        """Stop what runs; leave when nothing does."""
        if self._busy:
            self.workers.cancel_group(self, "import")
            self._say("Stopping …", "")
        else:
            self.dismiss()


def _take_pathway(wallet: Wallet, path: Path, now: datetime) -> str:
    """Keep a pathway file; a newer version takes the place of the older one. What became of it, in a sentence."""
    from wallet.keeping import keep_pathway

    with path.open("rb") as file:
        data = file.read(LIMITS.pathway_bytes + 1)
    pathway = keep_pathway(wallet, path.name, data, now=now).pathway
    return f"The pathway {clean(pathway.name.pick())} is kept, version {clean(pathway.version)}. Press esc, then w to see it."
