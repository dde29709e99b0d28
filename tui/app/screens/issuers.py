"""Whom badges come from, and what the learner thinks of them. Twins: `issuer list`, `show`, `trust`, `distrust`, `forget`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.app.badge_views import IssuerView, issuer_facts
from tui.app.messages import TaskFailed
from tui.app.reading import issuers
from tui.app.screens.base import Banner, Dialog, Enlarge, Trouble, TwoPanes
from tui.app.widgets.columns import cut, fit
from tui.app.widgets.entry import Entry
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import CardPane, IssuerList
from tui.issuer_words import own_word, title
from wallet.errors import WalletError
from wallet.text import clean, plural

_EMPTY = Text.assemble(
    ("No issuers yet\n\n", "bold"),
    "They come with badges.\n\n",
    ("esc", "bold"),
    "  back to the badges, then i: bring one in",
)
_SHORT = {"trusted": "trusted", "distrusted": "distrusted"}
_NAME_CELLS, _HOST_CELLS = 34, 50
_HELD_SHOWN = 200


class IssuersScreen(TwoPanes):
    """A list, and a card for the one under the cursor."""

    FIRST = "#issuers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="issuers.back"),
        Binding("t", "say('trusted')", "Trust", id="issuers.trust"),
        Binding("d", "say('distrusted')", "Distrust", id="issuers.distrust"),
        Binding("f", "forget", "Forget my word", id="issuers.forget"),
        Binding("h,left", "to_list", "List", show=False, id="issuers.left"),
        Binding("l,right", "to_card", "Details", show=False, id="issuers.right"),
    ]

    class Ready(Message):
        """All of them were read, with the names of what is held of each."""

        def __init__(self, every: dict[str, IssuerView], held: dict[str, list[str]]) -> None:
            super().__init__()
            self.every, self.held = every, held

    def __init__(self, chosen: str | None = None) -> None:
        """`chosen`: where the cursor begins."""
        super().__init__()
        self._chosen = chosen
        self._every: list[IssuerView] = []
        self._held: dict[str, list[str]] = {}

    def compose(self) -> ComposeResult:
        """List above on narrow terminals, beside the card on wide ones."""
        yield Banner()
        with Horizontal(id="panes"):
            yield IssuerList(id="issuers", markup=False)
            with CardPane(id="card-pane"):
                yield Static("", id="card", markup=False)
        with Container(id="empty"):
            yield Static(_EMPTY, id="empty-words", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles; a worker reads."""
        self.query_one("#issuers").border_title = "Issuers"
        self.query_one("#card-pane").border_title = "Issuer"
        self.query_one("#issuers").focus()
        self._read()

    @work(thread=True, exclusive=True, exit_on_error=False, group="issuers")
    def _read(self) -> None:
        held: dict[str, list[str]] = {}
        with self.app.open_wallet() as wallet:
            every = issuers(wallet)
            for row in wallet.list_badges(hidden=True):
                held.setdefault(row.issuer_id or "", []).append(clean(row.name) or row.short)
        self.post_message(self.Ready(every, held))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._every = sorted(event.every.values(), key=lambda one: (title(one.row).casefold(), one.row.id))
        self._held = event.held
        self.set_class(not self._every, "-empty")
        self._draw()

    def on_resize(self) -> None:
        """Lines are set for a width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        options = self.query_one("#issuers", OptionList)
        options.clear_options()
        width = max(options.scrollable_content_region.width - 2, 20)
        options.add_options([Option(line) for line in issuer_lines(self._every, width)])
        ids = [one.row.id for one in self._every]
        if ids:
            options.highlighted = ids.index(self._chosen) if self._chosen in ids else 0

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        one = self._every[event.option_index]
        self._chosen = one.row.id
        self.query_one("#card", Static).update(issuer_card(one, self._held.get(one.row.id, [])))
        self.query_one("#card-pane").scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _opened(self) -> None:
        self.action_to_card()

    @property
    def _current(self) -> IssuerView | None:
        return next((one for one in self._every if one.row.id == self._chosen), None)

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def action_say(self, word: str) -> None:
        """Keep a word about the issuer under the cursor, with the reason."""
        if self._current is not None:
            self.app.push_screen(WordScreen(self._current, word), self._again)

    def _again(self, _: None) -> None:
        self._read()

    def action_forget(self) -> None:
        """Take the word back. What was proven stays."""
        one = self._current
        if one is None or not own_word(one.row):
            return
        try:
            with self.app.open_wallet() as wallet:
                wallet.set_trust(one.row.id, "none", now=self.app.now)
        except WalletError as error:
            self.fail(error)
            return
        self._read()

    def action_to_card(self) -> None:
        """To the details; on a narrow terminal they take the list's place."""
        if self._every:
            self.add_class("-opened")
            self.query_one("#card-pane").focus()


class WordScreen(Dialog):
    """Asks why, and keeps the word. It is the learner's own and undone like anything else."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Back", id="word.back")]

    def __init__(self, issuer: IssuerView, word: str) -> None:
        super().__init__()
        self._issuer, self._word = issuer, word

    def title_words(self) -> str:
        """Whom it is about: by host, which nobody can borrow."""
        host = clean(self._issuer.row.host)
        verb = "Trust" if self._word == "trusted" else "Distrust"
        return f"{verb} {cut(title(self._issuer.row), _NAME_CELLS)}" + (f" ({cut(host, _HOST_CELLS)})" if host else "")

    def inside(self) -> ComposeResult:
        """One line to type, which may stay empty."""
        yield Static("Your word is kept for you and changes no verdict. Why?", classes="note", id="note", markup=False)
        yield Entry(value=self._issuer.row.note or "", placeholder="for yourself; may stay empty", id="why")
        yield Static("enter: keep it   esc: back", classes="keys", markup=False)

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#why").focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        try:
            with self.app.open_wallet() as wallet:
                note = event.value.strip() or None
                wallet.set_trust(self._issuer.row.id, self._word, now=self.app.now, note=note)
        except WalletError as error:
            self.fail(error)
            return
        self.dismiss()

    def show_failure(self, failure: TaskFailed) -> None:
        """In the place of the question."""
        self.query_one("#note", Static).update(f"{failure.message} {failure.remedy}")


def issuer_lines(every: Sequence[IssuerView], width: int) -> list[Text]:
    """`! Name  host  3 badges  trusted` for each, in columns of `width` cells together; a host is not cut for a long name."""
    tails = [f"{plural(one.row.badges, 'badge')}  {_SHORT.get(one.row.trust, '')}".rstrip() for one in every]
    names = [title(one.row) for one in every]
    hosts = [clean(one.row.host) or "no host" for one in every]
    widest = [max(map(cell_len, column), default=0) + 2 for column in (names, hosts, tails)]
    room = max(width - 2 - widest[2], 16)
    name_cells = min(widest[0], max(room // 2, room - widest[1]))
    host_cells = min(widest[1], room - name_cells)
    lines = []
    for one, name, host, tail in zip(every, names, hosts, tails, strict=True):
        line = Text.assemble(("! " if one.alike else "  ", "#ffab5e"))
        line.append(fit(name, name_cells), style="bold")
        line.append(fit(host, host_cells), style="dim")
        line.append(tail)
        lines.append(line)
    return lines


def issuer_card(one: IssuerView, held: list[str]) -> Text:
    """Everything about one issuer."""
    text = Text()
    for part in issuer_facts(one):
        text.append_text(part)
    text.append(
        "\nWhat is proven is the address and the keys. Whether to believe what it says is for you to judge.\n", "dim"
    )
    text.append(f"\n{plural(one.row.badges, 'badge')}\n", "bold")
    for name in held[:_HELD_SHOWN]:
        text.append(f"{name}\n")
    if len(held) > _HELD_SHOWN:
        text.append(f"and {len(held) - _HELD_SHOWN:,} more\n", "dim")
    return text
