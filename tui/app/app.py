"""The app: which wallet, which theme, which screen first. Screens do the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import HelpPanel

from tui.app.messages import TaskFailed
from tui.app.screens.base import Works
from tui.app.screens.cohort import CohortScreen
from tui.app.screens.errors import ErrorsScreen
from tui.app.screens.library import LibraryScreen
from tui.app.widgets import picture
from tui.crash import sentences, write_log
from wallet.config import Config
from wallet.paths import Paths
from wallet.store.wallet import Wallet


class BadgefolioApp(App[None]):
    """Badgefolio on a whole terminal."""

    TITLE = "badgefolio"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as the base class declares it
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-short"), (32, "-tall")]  # noqa: RUF012 - as above
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="quit"),
        Binding("question_mark,f1", "toggle_help", "Help", id="help", key_display="?"),
        Binding("exclamation_mark", "errors", "Errors", id="errors", show=False),
    ]

    def __init__(
        self,
        paths: Paths,
        config: Config,
        *,
        sample: bool = False,
        now: datetime | None = None,
        cohort: Path | None = None,
    ) -> None:
        """`now` is fixed for tests; otherwise the clock is read once for each action. `cohort`: an advisor's folder to open."""
        picture.prepare()
        super().__init__()
        self.paths, self.config, self.sample = paths, config, sample
        self._now, self._cohort = now, cohort
        self.failures: list[TaskFailed] = []
        # Themes that follow the terminal's own colours turn black on black when colours are filtered out.
        self.theme = "textual-dark"
        self.animation_level = "none"
        self.ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")

    @property
    def now(self) -> datetime:
        """The time of the action at hand, aware, UTC."""
        return self._now or datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - a face reads the clock

    def open_wallet(self) -> Wallet:
        """A wallet for the calling thread. Raises `StoreError`."""
        return Wallet.open(self.paths, now=self.now)

    def on_mount(self) -> None:
        """Begin with the library, whose wallet is opened once the first frame is painted; or with an advisor's cohort."""
        self.push_screen(LibraryScreen() if self._cohort is None else CohortScreen(self._cohort, alone=True))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: what can be done here, with its key."""
        if isinstance(screen, LibraryScreen):
            for name, about, act in (
                ("Search", "/   filter as you type", screen.action_search),
                ("Verify", "v   the marked badges, or the one under the cursor", screen.action_verify),
                ("Verify all badges", "V   every badge, with its issuer", screen.action_verify_all),
                ("Bring in", "i   badges or a pathway: a file, a folder or a link", screen.action_bring_in),
                ("Share", "s   a page, certificates, the files, or a bundle for one reader", screen.action_share),
                ("Shared", "S   what you handed to whom, for what, until when", screen.action_shared),
                ("Pathways", "w   how far you are on larger credentials", screen.action_pathways),
                ("Cohort", "C   an advisor's learners: the folder scanned last", screen.action_cohort),
                ("History", "H   what happened, newest first", screen.action_history),
                ("Issuers", "I   whom badges come from, and your own word about them", screen.action_issuers),
                ("Health", "D   whether the wallet is whole; mends it after asking", screen.action_health),
                ("Undo", "u   take the last change back", screen.action_undo),
            ):
                yield SystemCommand(name, about, act)
        if isinstance(screen, Works):
            yield from screen.commands()
        if isinstance(screen, CohortScreen):
            for name, about, act in (
                ("Search", "/   filter by name as you type", screen.action_search),
                ("Pathway", "w   one after the other, then all", screen.action_pathway),
                ("Hide names", "m   numbers for names, for a shared screen", screen.action_names),
                ("Counts", "b   what most lack, who stands where, which skills", screen.action_pivot),
                ("Scan", "r   look at the folder anew, with or without the issuers", screen.action_scan),
                ("Sort", "S   by the next column", screen.action_sort),
                ("Everybody", "0   no filter", screen.action_everybody),
            ):
                yield SystemCommand(name, about, act)
        if not screen.is_modal:
            yield SystemCommand("Errors", "!   all since the start", self.action_errors)
            yield SystemCommand("Help", "?   the keys that act here", self.action_toggle_help)
        yield SystemCommand("Quit", "q   leave badgefolio", self.exit)

    def action_toggle_help(self) -> None:
        """Show what the keys do, or hide it."""
        if self.screen.query(HelpPanel):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_errors(self) -> None:
        """All errors since the start."""
        self.push_screen(ErrorsScreen(tuple(self.failures)))

    def _fatal_error(self) -> None:
        """Leave with one sentence and a log; Textual would print a traceback with all local variables, badges among them."""
        error = self._exception or RuntimeError("no cause known")
        message, remedy = sentences(error, write_log(error, self.paths.state, self.now))
        self.panic(Text(f"Error: {message}\nNext: {remedy}"))
