"""Choose files and folders from a tree, several at once. Shows what may hold a badge or a pathway; reads none of it.

Twin: the arguments of `import`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import DirectoryTree, Static
from textual.widgets.directory_tree import DirEntry
from textual.widgets.tree import TreeNode

from tui.app.screens.base import Dialog
from wallet.text import clean, plural

if TYPE_CHECKING:
    from tui.app.app import BadgefolioApp

_SUFFIXES = frozenset(
    {
        *(".png", ".svg", ".json", ".jsonld", ".jws", ".jwt", ".txt", ".csv", ".tsv"),
        *(".zip", ".tar", ".gz", ".tgz", ".pdf", ".eml", ".mbox", ".html", ".htm", ".toml"),
    }
)
_KEYS = "enter: open   space: mark   b: bring in   u: folder above   esc: back"
_NOTE = "Pictures, documents, mails and archives that may hold badges. A marked folder is searched as a whole."


class FileTree(DirectoryTree):
    """Folders, and files that may hold a badge; hidden ones are left out. Names are foreign text."""

    app: BadgefolioApp
    ICON_FILE = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "mark", "Mark", id="choose.mark")]

    class Marked(Message):
        """Something was marked, or a mark was taken away."""

    def __init__(self, path: Path, marked: dict[Path, None]) -> None:
        self.marked = marked
        super().__init__(path, id="files")

    def on_mount(self) -> None:
        """Signs that every terminal draws one cell wide; the tree's own are pictures."""
        ascii_only = self.app.ascii_only
        self.ICON_NODE, self.ICON_NODE_EXPANDED = ("+ ", "- ") if ascii_only else ("▸ ", "▾ ")

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """What is worth showing."""
        return [
            path
            for path in paths
            if not path.name.startswith(".") and (path.suffix.lower() in _SUFFIXES or self._safe_is_dir(path))
        ]

    def process_label(self, label: str | Text) -> Text:
        """A name as harmless text of one line."""
        return Text(clean(str(label), limit=120) or "?")

    def render_label(self, node: TreeNode[DirEntry], base_style: Style, style: Style) -> Text:
        """With its mark in front, which needs no colour to be seen."""
        label = super().render_label(node, base_style, style)
        marked = node.data is not None and node.data.path in self.marked
        return Text.assemble(("[x] ", "bold") if marked else "", label)

    def action_mark(self) -> None:
        """Mark what is under the cursor, or take the mark away; then go on to the next."""
        node = self.cursor_node
        if node is None or node.data is None:
            return
        path = node.data.path
        if path in self.marked:
            del self.marked[path]
        else:
            self.marked[path] = None
        node.refresh()
        self.action_cursor_down()
        self.post_message(self.Marked())


class ChooseScreen(Dialog):
    """A tree of files; what is chosen goes to `chosen` once the screen is closed."""

    TITLE_WORDS = "Choose files and folders"
    DEFAULT_CSS = """
    ChooseScreen #files { height: 16; background: $surface; overflow-x: hidden; }
    ChooseScreen.-short #files { height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "bring", "Bring in the marked", id="choose.bring"),
        Binding("u,backspace", "above", "Folder above", id="choose.above"),
        Binding("escape", "leave", "Back", id="choose.back"),
    ]
    #: Where the tree begins; the folder that was looked at last, while the app runs.
    begin_at: ClassVar[Path | None] = None

    def __init__(self, chosen: Callable[[tuple[Path, ...]], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self._marked: dict[Path, None] = {}

    def inside(self) -> ComposeResult:
        """The tree."""
        yield Static(_NOTE, classes="note", id="note", markup=False)
        yield FileTree(self.begin_at or _downloads(), self._marked)
        yield Static(_KEYS, classes="keys", id="keys", markup=False)

    def on_mount(self) -> None:
        """Ready for keys."""
        self.query_one(FileTree).focus()

    @on(FileTree.Marked)
    def _count(self) -> None:
        some = f"{plural(len(self._marked), 'item')} marked. b brings them in." if self._marked else _NOTE
        self.query_one("#note", Static).update(some)

    @on(DirectoryTree.FileSelected)
    def _selected(self, event: DirectoryTree.FileSelected) -> None:
        if not self._marked:
            self._end((event.path,))
        else:
            self.query_one(FileTree).action_mark()

    def action_bring(self) -> None:
        """What is marked, or what is under the cursor."""
        node = self.query_one(FileTree).cursor_node
        here = (node.data.path,) if node is not None and node.data is not None else ()
        self._end(tuple(self._marked) or here)

    def action_above(self) -> None:
        """Show the folder around."""
        tree = self.query_one(FileTree)
        tree.path = Path(tree.path).resolve().parent

    def action_leave(self) -> None:
        """Choose nothing."""
        self._end(())

    def _end(self, paths: tuple[Path, ...]) -> None:
        type(self).begin_at = Path(self.query_one(FileTree).path)
        self.dismiss()
        if paths:
            self._chosen(paths)


def _downloads() -> Path:
    """Where most badges lie."""
    downloads = Path.home() / "Downloads"
    return downloads if downloads.is_dir() else Path.home()
