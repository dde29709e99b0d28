"""All about one badge on a screen of its own, the answer first. Twins: `show`, `history BADGE`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.app.badge_views import Whole, columns, head
from tui.app.messages import TaskFailed
from tui.app.reading import whole
from tui.app.screens.base import Banner, Enlarge, Trouble, Works
from tui.app.screens.share import ShareScreen
from tui.app.screens.shared import SharedScreen
from tui.app.screens.verify import VerifyScreen
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import DetailPane
from tui.app.widgets.picture import Picture, decode, pictures_wanted

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage


class BadgeScreen(Works, Screen[None]):
    """One pane to read; two columns of it where there is room."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,h,left", "leave", "Back", id="badge.back", key_display="esc"),
        Binding("v", "verify", "Verify", id="badge.verify"),
        Binding("s", "share", "Share", id="badge.share"),
        Binding("S", "shared", "Who has it", id="badge.shared", show=False),
        Binding("p", "passed", "Passed checks", id="badge.passed"),
        Binding("I", "issuers", "Issuers", id="badge.issuers", show=False),
    ]

    class Ready(Message):
        """All of it was read."""

        def __init__(self, read: Whole) -> None:
            super().__init__()
            self.read = read

    class PictureReady(Message):
        """Its picture was decoded, or cannot be."""

        def __init__(self, image: PilImage | None) -> None:
            super().__init__()
            self.image = image

    def __init__(self, badge_id: str) -> None:
        super().__init__()
        self._badge_id = badge_id
        self._whole: Whole | None = None
        self._folded = True

    def compose(self) -> ComposeResult:
        """The frame; the badge is read by a worker."""
        yield Banner()
        with DetailPane(id="badge-pane"):
            with Container(id="top"):
                yield Picture(id="picture")
                yield Static("Reading …", id="head", markup=False)
            with Container(id="columns"):
                yield Static("", id="left", markup=False)
                yield Static("", id="right", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """The pane has the focus from the start."""
        pane = self.query_one("#badge-pane")
        pane.border_title = "Badge"
        pane.focus()
        self._again(None)

    def on_resize(self) -> None:
        """One column or two."""
        self.call_after_refresh(self._show)

    @work(thread=True, exclusive=True, exit_on_error=False, group="badge")
    def _read(self, ground: str) -> None:
        with self.app.open_wallet() as wallet:
            read = whole(wallet, self._badge_id, self.app.now, self.app.config.language)
            self.post_message(self.Ready(read))
            if pictures_wanted() and read.badge.row.image_sha is not None:
                self.post_message(self.PictureReady(decode(wallet.read(read.badge.row.image_sha), ground)))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        self._whole = event.read
        self._show()

    @on(PictureReady)
    def _picture_ready(self, event: PictureReady) -> None:
        self.query_one(Picture).show(event.image)

    def _show(self) -> None:
        read = self._whole
        if read is None:
            return
        wide, ascii_only = self.has_class("-wide"), self.app.ascii_only
        self.query_one("#head", Static).update(head(read.badge, read.issuer, ascii_only=ascii_only))
        language = self.app.config.language
        left, right = columns(read, language=language, ascii_only=ascii_only, folded=self._folded, wide=wide)
        self.query_one("#left", Static).update(left)
        self.query_one("#right", Static).update(right)

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        if self._whole is None:
            self.query_one("#head", Static).update("This badge cannot be shown.")
        self.query_one(Trouble).say(failure)

    def action_passed(self) -> None:
        """Unfold or fold the passed checks."""
        self._folded = not self._folded
        self._show()

    def action_verify(self) -> None:
        """This badge."""
        self.app.push_screen(VerifyScreen((self._badge_id,)), self._again)

    def action_share(self) -> None:
        """Hand this badge out."""
        self.app.push_screen(ShareScreen((self._badge_id,), False))

    def action_shared(self) -> None:
        """Who has this badge."""
        self.app.push_screen(SharedScreen(self._badge_id))

    def _again(self, _: None) -> None:
        self._read(self.query_one("#badge-pane").background_colors[1].hex6)

    def action_issuers(self) -> None:
        """Its issuer among all of them."""
        from tui.app.screens.issuers import IssuersScreen  # which opens badges in turn

        chosen = self._whole.badge.row.issuer_id if self._whole is not None else None
        self.app.push_screen(IssuersScreen(chosen), self._again)

    def action_leave(self) -> None:
        """Out of an error, then back."""
        if not self.query_one(Trouble).close():
            self.dismiss()
