"""Who has my badges: what was handed to whom, for what, until when; for all badges or for one. Twin: `history --shared`."""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.messages import TaskFailed
from tui.app.screens.base import Banner, Enlarge, Trouble, TwoPanes
from tui.app.share_views import shared_card, shared_lines
from tui.app.views import title_of
from tui.app.widgets.columns import cut
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import CardPane, SharedList
from tui.handing import names_of

if TYPE_CHECKING:
    from wallet.store.shared import Disclosure

_EMPTY = Text.assemble(
    ("Nothing was handed out yet\n\n", "bold"),
    "A bundle for somebody is recorded here, with purpose and last day.\n\n",
    ("esc", "bold"),
    "  back, then s: share badges",
)
_NAME_CELLS = 40


class SharedScreen(TwoPanes):
    """A list, and a card for the one under the cursor."""

    FIRST = "#shared"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="shared.back", key_display="esc"),
        Binding("h,left", "to_list", "List", show=False, id="shared.left"),
        Binding("l,right", "to_card", "Badges", id="shared.right", key_display="l"),
    ]

    class Ready(Message):
        """All of it was read, with names of badges."""

        def __init__(self, found: tuple[tuple[Disclosure, list[str]], ...], about: str) -> None:
            super().__init__()
            self.found, self.about = found, about

    def __init__(self, badge: str | None = None) -> None:
        """`badge`: full id, to see who has this one."""
        super().__init__()
        self._badge = badge
        self._found: tuple[tuple[Disclosure, list[str]], ...] = ()

    @property
    def _today(self) -> date:
        return self.app.now.astimezone(UTC).date()

    def compose(self) -> ComposeResult:
        """List above on narrow terminals, beside the card on wide ones."""
        yield Banner()
        with Horizontal(id="panes"):
            yield SharedList(id="shared", markup=False)
            with CardPane(id="card-pane"):
                yield Static("", id="card", markup=False)
        with Container(id="empty"):
            yield Static(_EMPTY, id="empty-words", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles; a worker reads."""
        shared = self.query_one("#shared")
        shared.border_title = "Handed out, newest first"
        self.query_one("#card-pane").border_title = "What went along"
        shared.focus()
        self._read()

    @work(thread=True, exclusive=True, exit_on_error=False, group="shared")
    def _read(self) -> None:
        with self.app.open_wallet() as wallet:
            found = tuple((one, names_of(wallet, one.badges)) for one in wallet.shared(self._badge)[::-1])
            about = title_of(wallet.row(self._badge)) if self._badge is not None else ""
        self.post_message(self.Ready(found, about))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._found = event.found
        if event.about:
            # As content, because a title given as text is read as markup.
            self.query_one("#shared").border_title = Content(f"Who has {cut(event.about, _NAME_CELLS)}")
        self.set_class(not self._found, "-empty")
        self._draw()

    def on_resize(self) -> None:
        """Lines are set for a width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        options = self.query_one("#shared", OptionList)
        before = options.highlighted or 0
        options.clear_options()
        width = max(options.scrollable_content_region.width - 2, 20)
        lines = shared_lines([one for one, _ in self._found], self._today, width)
        options.add_options([Option(line) for line in lines])
        if lines:
            options.highlighted = min(before, len(lines) - 1)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        one, names = self._found[event.option_index]
        self.query_one("#card", Static).update(shared_card(one, names, self._today))
        self.query_one("#card-pane").scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _opened(self) -> None:
        self.action_to_card()

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def action_to_card(self) -> None:
        """To the details; on a narrow terminal they take the list's place."""
        if self._found:
            self.add_class("-opened")
            self.query_one("#card-pane").focus()
