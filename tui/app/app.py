"""The app: which wallet, which theme, which screen first. Screens do the rest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.app.messages import TaskFailed
from tui.app.screens.errors import ErrorsScreen
from tui.app.screens.library import LibraryScreen
from tui.app.widgets import picture
from wallet.config import Config
from wallet.errors import WalletError
from wallet.paths import Paths
from wallet.store.wallet import Wallet


class BadgefolioApp(App[None]):
    """Badgefolio on a whole terminal."""

    TITLE = "badgefolio"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as the base class declares it
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="quit"),
        Binding("question_mark,f1", "show_help_panel", "Help", id="help", key_display="?"),
        Binding("exclamation_mark", "errors", "Errors", id="errors", show=False),
    ]

    def __init__(self, paths: Paths, config: Config, *, sample: bool = False, now: datetime | None = None) -> None:
        """`now` is fixed for tests; otherwise the clock is read once for each action."""
        picture.prepare()
        super().__init__()
        self.paths, self.config, self.sample = paths, config, sample
        self._now = now
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
        """Begin with the library; the wallet is opened once the first frame is painted."""
        self.push_screen(LibraryScreen())

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 - Textual's signature
        """The palette: what can be done here."""
        yield SystemCommand(
            "Verify all badges", "Check every badge with its issuer", self._library_action("verify_all")
        )
        yield SystemCommand("Bring badges in", "A file, a folder or a link", self._library_action("bring_in"))
        yield SystemCommand("Pathways", "How far you are on stacked credentials", self._library_action("pathways"))
        yield SystemCommand("Undo", "Take the last change back", self._library_action("undo"))
        yield SystemCommand("Quit", "Leave badgefolio", self.exit)

    def _library_action(self, name: str) -> Callable[[], None]:
        def act() -> None:
            self.run_worker(self.run_action(f"screen.{name}"))

        return act

    def failed(self, error: WalletError | TaskFailed) -> None:
        """Show an error until it is read, and keep it for the list of errors."""
        failure = error if isinstance(error, TaskFailed) else TaskFailed(error.message, error.remedy)
        self.failures.append(failure)
        self.notify(f"{failure.remedy}", title=failure.message, severity="error", timeout=30, markup=False)

    def action_errors(self) -> None:
        """All errors since the start."""
        self.push_screen(ErrorsScreen(tuple(self.failures)))
