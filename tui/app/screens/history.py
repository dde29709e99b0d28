"""What happened in the wallet, newest first. Twins: `history`, `undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.messages import TaskFailed
from tui.app.screens.badge import BadgeScreen
from tui.app.screens.base import Banner, Enlarge, Trouble, Undoes
from tui.app.views import title_of
from tui.app.widgets.columns import cut
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import HistoryList
from tui.words import minute
from wallet.errors import NotFoundError, WalletError
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.store.rows import HistoryEntry
    from wallet.store.wallet import Wallet

#: Entries in the list; older ones are the command's to print.
_SHOWN = 300
_NAME_CELLS = 36


class HistoryScreen(Undoes, Screen[None]):
    """A line for each command; the last change can be taken back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,h,left", "leave", "Back", id="history.back", key_display="esc"),
        Binding("u", "undo", "Undo the last change", id="history.undo"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[HistoryEntry, ...] = ()

    def compose(self) -> ComposeResult:
        """A list and a remark."""
        yield Banner()
        yield HistoryList(id="history", markup=False)
        yield Static("", id="remark", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Title and entries."""
        history = self.query_one("#history")
        history.border_title = "History"
        history.focus()
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        try:
            with self.app.open_wallet() as wallet:
                every = sorted(wallet.history(), key=lambda entry: entry.time, reverse=True)
                self._entries = tuple(every[:_SHOWN])
                names = _names(wallet, self._entries)
        except WalletError as error:
            self.fail(error)
            return
        options = self.query_one("#history", OptionList)
        before = options.highlighted or 0
        options.clear_options()
        options.add_options([Option(history_line(entry, names)) for entry in self._entries])
        options.highlighted = min(before, len(self._entries) - 1) if self._entries else None
        self.query_one("#remark", Static).update(_remark(len(every)))

    @on(OptionList.OptionSelected)
    def _opened(self, event: OptionList.OptionSelected) -> None:
        badge = self._entries[event.option_index].badge
        if badge is not None:
            self.app.push_screen(BadgeScreen(badge), lambda _: self._show())

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def undone(self) -> None:
        """Another entry is taken back now."""
        self._show()

    def action_leave(self) -> None:
        """Out of an error, then back."""
        if not self.query_one(Trouble).close():
            self.dismiss()


def _names(wallet: Wallet, entries: tuple[HistoryEntry, ...]) -> dict[str, str]:
    """The names of badges that single entries are about; removed ones have none any more."""
    names = {}
    for badge in {entry.badge for entry in entries if entry.badge is not None}:
        try:
            names[badge] = title_of(wallet.row(badge))
        except NotFoundError:
            continue
    return names


def history_line(entry: HistoryEntry, names: dict[str, str]) -> Text:
    """When, what, and about which badge."""
    style = "dim" if entry.undone else ""
    line = Text.assemble((f"{minute(entry.time)}  ", "dim"), (clean(entry.summary), style))
    if entry.badge in names:
        line.append(f"  {cut(names[entry.badge], _NAME_CELLS)}", style="bold")
    if entry.undone:
        line.append("  taken back", style="dim italic")
    return line


def _remark(count: int) -> str:
    if not count:
        return "Nothing has happened yet. esc, then i: bring badges in."
    older = count - _SHOWN
    more = f"; {plural(older, 'older entry', 'older entries')}: badgefolio history" if older > 0 else ""
    return (
        f"{plural(min(count, _SHOWN), 'entry', 'entries')}{more}. Verifications are facts: they are never taken back."
    )
