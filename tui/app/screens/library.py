"""Home: all badges on the left, the one under the cursor on the right, and the verbs. Twins: `list`, `search`, `undo`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.app.badge_views import IssuerView, brief, head
from tui.app.messages import TaskFailed
from tui.app.reading import issuers
from tui.app.screens.badge import BadgeScreen
from tui.app.screens.base import Banner, Enlarge, Searched, Trouble
from tui.app.screens.bring_in import BringInScreen
from tui.app.screens.cohort import CohortScreen
from tui.app.screens.health import HealthScreen
from tui.app.screens.history import HistoryScreen
from tui.app.screens.issuers import IssuersScreen
from tui.app.screens.pathways import PathwaysScreen
from tui.app.screens.share import ShareScreen
from tui.app.screens.shared import SharedScreen
from tui.app.screens.verify import VerifyScreen
from tui.app.views import RowView, counts_line, row_view
from tui.app.widgets.badge_list import BadgeList
from tui.app.widgets.columns import ListHeader
from tui.app.widgets.entry import Entry
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import DetailPane
from tui.app.widgets.picture import Picture, decode, pictures_wanted
from tui.remembered import cohort_folder
from wallet.errors import NotFoundError, WalletError
from wallet.text import clean

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

    from wallet.store.wallet import Badge, Wallet

T = TypeVar("T")

_FIRST = Text.assemble(
    ("Your wallet is empty\n\n", "bold"),
    "It keeps Open Badges: the pictures, files and links that colleges,\n"
    "employers and training providers award. They stay on this computer.\n\n",
    ("i", "bold"),
    "   bring badges in: a file, a folder or a link\n",
    ("?", "bold"),
    "   all keys, and what they do\n",
    ("q", "bold"),
    "   leave\n\n",
    ("To look around first    ", "dim"),
    "badgefolio demo --tui\n",
    ("With a screen reader    ", "dim"),
    "badgefolio --help",
)
_NOTHING_FOUND = Text.assemble(("No badge fits these words\n\n", "bold"), ("esc", "bold"), "  show all again")
#: How often the logs are looked at, so that what a command wrote in another window appears here.
_WATCH_SECONDS = 0.5


class LibraryScreen(Searched):
    """The list and the detail."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="search", key_display="/", show=False),
        Binding("v", "verify", "Verify", id="verify"),
        Binding("V", "verify_all", "Verify all", id="verify.all", show=False),
        Binding("i", "bring_in", "Bring in", id="import"),
        Binding("s", "share", "Share", id="share"),
        Binding("S", "shared", "Shared", id="shared", show=False),
        Binding("w", "pathways", "Pathways", id="pathways"),
        Binding("C", "cohort", "Cohort", id="cohort", show=False),
        Binding("H", "history", "History", id="history", show=False),
        Binding("I", "issuers", "Issuers", id="issuers", show=False),
        Binding("D", "health", "Health", id="health", show=False),
        Binding("u", "undo", "Undo", id="undo", show=False),
        Binding("r", "retry", "Try again", id="retry", show=False),
        Binding("p", "passed", "Passed checks", id="passed", show=False),
        Binding("h,left", "focus_list", "List", show=False, id="pane.left"),
        Binding("l,right", "focus_detail", "Detail", show=False, id="pane.right"),
        Binding("escape", "back", "Back", show=False, id="back"),
    ]

    class PictureReady(Message):
        """A picture was decoded for the badge."""

        def __init__(self, badge: str, image: PilImage | None) -> None:
            super().__init__()
            self.badge, self.image = badge, image

    class IssuersKnown(Message):
        """All issuers were read anew."""

        def __init__(self, every: dict[str, IssuerView]) -> None:
            super().__init__()
            self.every = every

    def __init__(self) -> None:
        super().__init__()
        self._issuers: dict[str, IssuerView] = {}
        self._wallet: Wallet | None = None
        self._words = ""
        self._shown: str | None = None
        self._folded = True

    def compose(self) -> ComposeResult:
        """The frame; it is painted before the wallet is opened."""
        yield Banner()
        yield Static("", id="counts", markup=False)
        yield Entry(placeholder="words in name, issuer or tags", id="search")
        with Horizontal(id="panes"):
            with Vertical(id="list-pane"):
                yield ListHeader(id="list-header", markup=False)
                yield BadgeList(ascii_only=self.app.ascii_only, id="list")
                with Container(id="empty"):
                    yield Static("", id="empty-words", markup=False)
            with DetailPane(id="detail-pane"):
                with Container(id="top"):
                    yield Picture(id="picture")
                    yield Static("", id="head", markup=False)
                yield Static("", id="body", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles, and the wallet after the first frame."""
        self.query_one("#list-pane").border_title = "Badges"
        self.query_one("#detail-pane").border_title = "Badge"
        self.badges.focus()
        self.call_after_refresh(self._open)
        self.set_interval(_WATCH_SECONDS, self._look)

    def on_resize(self) -> None:
        """The line of counts is set for a width."""
        self.call_after_refresh(self.reload)

    def on_unmount(self) -> None:
        """Let go of the wallet."""
        if self._wallet is not None:
            self._wallet.close()

    @property
    def badges(self) -> BadgeList:
        """The list."""
        return self.query_one(BadgeList)

    def _open(self) -> None:
        try:
            self._wallet = self.app.open_wallet()
        except WalletError as error:
            failure = TaskFailed(error.message, error.remedy)
            self.app.failures.append(failure)
            self._instead(_closed(failure))
            return
        self._changed()

    def action_retry(self) -> None:
        """Open the wallet after all."""
        if self._wallet is None:
            self._open()

    def _look(self) -> None:
        """Reload when the wallet changed under us: another window, or a worker of ours."""
        if self._wallet is not None and self._guarded(self._wallet.refresh):
            self._changed()

    def _changed(self) -> None:
        """What the wallet says is another now."""
        self.reload()
        self._read_issuers()

    @work(thread=True, exclusive=True, exit_on_error=False, group="issuers")
    def _read_issuers(self) -> None:
        with self.app.open_wallet() as wallet:
            self.post_message(self.IssuersKnown(issuers(wallet)))

    @on(IssuersKnown)
    def _issuers_known(self, event: IssuersKnown) -> None:
        if event.every != self._issuers:
            self._issuers = event.every
            if self._shown is not None:
                self._show_detail(self._shown)

    def reload(self) -> None:
        """Read counts and list anew; cursor and marks stay."""
        wallet = self._wallet
        if wallet is None:
            return
        words = self._words or None

        def pages(offset: int, limit: int) -> Sequence[RowView]:
            rows = self._guarded(lambda: wallet.list_badges(text=words, offset=offset, limit=limit))
            return [row_view(row) for row in rows or ()]

        count = self._guarded(lambda: wallet.count(text=words))
        counts = self._guarded(wallet.verdict_counts)
        if count is None or counts is None:
            return
        width = self.size.width - 2
        self.query_one("#counts", Static).update(counts_line(counts, width, ascii_only=self.app.ascii_only))
        self._shown = None
        title = f"Badges with “{clean(self._words, limit=40)}”: {count}" if words else "Badges"
        # As content, because a title given as text is read as markup.
        self.query_one("#list-pane").border_title = Content(title)
        if count == 0:
            self._instead(_NOTHING_FOUND if words else _FIRST, whole=not words)
        else:
            self.remove_class("-empty", "-nothing")
        self.badges.show(count, pages)

    def _instead(self, words: Text, *, whole: bool = True) -> None:
        """Words in the place of the list, and of the detail when the `whole` wallet has nothing to show."""
        self.query_one("#empty-words", Static).update(words)
        self.set_class(True, "-nothing")
        self.set_class(whole, "-empty")

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    def _guarded(self, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except WalletError as error:
            self.fail(error)
            return None

    @on(BadgeList.Highlighted)
    def _highlighted(self, event: BadgeList.Highlighted) -> None:
        if event.row is None:
            self._shown = None
            self.query_one("#head", Static).update("")
            self.query_one("#body", Static).update("")
            self.query_one(Picture).show(None)
        elif event.row.id != self._shown:
            self._shown = event.row.id
            self._folded = True
            self._show_detail(event.row.id)

    @on(BadgeList.Opened)
    def _opened(self, event: BadgeList.Opened) -> None:
        self.app.push_screen(BadgeScreen(event.row.id), self._seen)

    def _show_detail(self, badge_id: str) -> None:
        wallet = self._wallet
        if wallet is None or not badge_id:
            return
        try:
            badge, timeline = wallet.badge(badge_id), wallet.timeline(badge_id)
        except NotFoundError:
            return  # removed in another window between the list and now: the next reload drops it
        except WalletError as error:
            self.fail(error)
            return
        ascii_only, language = self.app.ascii_only, self.app.config.language
        rest = brief(badge, timeline, language=language, ascii_only=ascii_only, folded=self._folded)
        issuer = self._issuers.get(badge.row.issuer_id or "")
        self.query_one("#head", Static).update(head(badge, issuer, ascii_only=ascii_only))
        self.query_one("#body", Static).update(rest)
        self.query_one("#detail-pane").scroll_home(animate=False)
        self._draw(badge)

    def _draw(self, badge: Badge) -> None:
        if not pictures_wanted() or badge.row.image_sha is None or self._wallet is None:
            self.query_one(Picture).show(None)
            return
        data = self._guarded(lambda: self._read(badge.row.image_sha or ""))
        if data is not None:
            self._decode(badge.row.id, data, self.query_one("#detail-pane").background_colors[1].hex6)

    def _read(self, sha: str) -> bytes:
        return self._wallet.read(sha) if self._wallet is not None else b""

    @work(thread=True, exclusive=True, exit_on_error=False, group="picture")
    def _decode(self, badge: str, data: bytes, ground: str) -> None:
        self.post_message(self.PictureReady(badge, decode(data, ground)))

    @on(PictureReady)
    def _picture_ready(self, event: PictureReady) -> None:
        if event.badge == self._shown:
            self.query_one(Picture).show(event.image)

    # -- verbs

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self._words = event.value.strip()
        self.reload()

    def action_back(self) -> None:
        """Out of an error, of the search, of the detail."""
        if self.query_one(Trouble).close():
            return
        self.no_words()
        self.badges.focus()

    def action_focus_list(self) -> None:
        """To the left."""
        self.badges.focus()

    def action_focus_detail(self) -> None:
        """To the right: into the pane beside the list, or where there is none into the badge."""
        if self.has_class("-narrow"):
            self.badges.action_open()
        elif self.badges.current is not None:
            self.query_one("#detail-pane").focus()

    def action_passed(self) -> None:
        """Unfold or fold the passed checks."""
        self._folded = not self._folded
        if self._shown is not None:
            self._show_detail(self._shown)

    def action_verify(self) -> None:
        """The marked badges, or the one under the cursor."""
        chosen = self._chosen()
        if chosen:
            self.app.push_screen(VerifyScreen(chosen), self._after)

    def _chosen(self) -> tuple[str, ...]:
        """Full ids of the marked badges, or of the one under the cursor."""
        current = self.badges.current
        return tuple(sorted(self.badges.marked)) or ((current.id,) if current is not None else ())

    def action_share(self) -> None:
        """Hand out the marked badges, the one under the cursor, or all."""
        chosen = self._chosen()
        if not chosen:
            self.fail(NotFoundError("There is no badge to share.", "i: bring one in; or esc: show all again."))
            return
        screen = ShareScreen(chosen, bool(self.badges.marked))
        self.app.push_screen(screen, lambda _: self._after(None) if screen.done else self._seen(None))

    def action_shared(self) -> None:
        """What was handed to whom."""
        self.app.push_screen(SharedScreen(), self._seen)

    def action_verify_all(self) -> None:
        """Every badge, whatever the filter shows."""
        wallet = self._wallet
        if wallet is not None:
            rows = self._guarded(wallet.list_badges) or ()
            if rows:
                self.app.push_screen(VerifyScreen(tuple(row.id for row in rows)), self._after)

    def action_bring_in(self) -> None:
        """Bring badges in."""
        self.app.push_screen(BringInScreen(), self._after)

    def action_pathways(self) -> None:
        """How far on each pathway."""
        self.app.push_screen(PathwaysScreen(), self._after)

    def action_cohort(self) -> None:
        """The learners of the folder that was scanned last."""
        folder = self._guarded(lambda: cohort_folder(self.app.paths.state, None))
        if folder is not None:
            self.app.push_screen(CohortScreen(folder), self._seen)

    def action_history(self) -> None:
        """What happened, newest first."""
        self.app.push_screen(HistoryScreen(), self._seen)

    def action_issuers(self) -> None:
        """Whom badges come from; the cursor begins at the issuer of the badge under the cursor."""
        wallet, current = self._wallet, self.badges.current
        row = self._guarded(lambda: wallet.row(current.id)) if wallet is not None and current is not None else None
        self.app.push_screen(IssuersScreen(row.issuer_id if row is not None else None), self._seen)

    def action_health(self) -> None:
        """Whether the wallet is whole."""
        self.app.push_screen(HealthScreen(), self._seen)

    def action_undo(self) -> None:
        """Take the last change back."""
        wallet = self._wallet
        if wallet is None:
            return
        undone = self._guarded(lambda: wallet.undo(now=self.app.now))
        if undone is not None:
            self.notify(f"Undone: {undone.description}" if undone.count else "There is nothing to undo.", markup=False)
            self._changed()

    def _after(self, _: object) -> None:
        self.badges.marked.clear()
        self._seen(None)

    def _seen(self, _: object) -> None:
        """Back from a screen that asked for no marks; they stay."""
        if self._wallet is not None:
            self._guarded(self._wallet.refresh)
            self._changed()
        self.badges.focus()


def _closed(failure: TaskFailed) -> Text:
    return Text.assemble(
        ("This wallet cannot be opened\n\n", "bold"),
        f"{failure.message}\n{failure.remedy}\n\n",
        ("r", "bold"),
        "   try again\n",
        ("q", "bold"),
        "   leave",
    )
