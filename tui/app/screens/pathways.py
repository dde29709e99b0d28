"""How far on each pathway: a line each, the tree of one, and a card for the part under the cursor. Twin: `pathway progress`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static, Tree
from textual.widgets.option_list import Option
from textual.widgets.tree import TreeNode

from tui.app.pathway_views import card, node_label, pathway_line
from wallet.errors import WalletError
from wallet.pathways.candidates import from_rows
from wallet.pathways.definition import read
from wallet.pathways.progress import evaluate
from wallet.text import clean

if TYPE_CHECKING:
    from tui.app.app import BadgefolioApp
    from wallet.pathways.results import NodeState, Progress

_EMPTY = """\
No pathway yet.

A pathway file says which badges make up a larger credential. Bring one in with

badgefolio pathway add FILE
"""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One evaluated pathway and the names of the badges in it."""

    progress: Progress
    badges: dict[str, str]


class PathwaysScreen(Screen[None]):
    """Read only: pathways belong to their publishers."""

    app: BadgefolioApp

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="pathways.back"),
        Binding("j", "down", "Down", show=False, id="pathways.down"),
        Binding("k", "up", "Up", show=False, id="pathways.up"),
        Binding("tab", "app.focus_next", "Next pane", id="pathways.pane"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[_Shown] = []

    def compose(self) -> ComposeResult:
        """List above, tree and card below."""
        yield Static("SAMPLE: nothing here is yours, and nothing of yours is here", id="banner", markup=False)
        yield OptionList(id="pathways", markup=False)
        with Horizontal(id="pathway-panes"):
            yield Tree("", id="tree")
            with VerticalScroll(id="card-pane"):
                yield Static("", id="card", markup=False)
        yield Static(_EMPTY, id="empty", markup=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Evaluate once; the wallet cannot change while this screen is read."""
        self.query_one("#banner").set_class(self.app.sample, "shown")
        self.query_one("#pathways").border_title = "Pathways"
        self.query_one("#tree").border_title = "Groups and elements"
        self.query_one("#card-pane").border_title = "Details"
        tree = self.query_one("#tree", Tree)
        tree.show_root = True
        tree.guide_depth = 3
        self._read()
        some = bool(self._shown)
        self.query_one("#empty").display = not some
        for name in ("#pathways", "#pathway-panes"):
            self.query_one(name).display = some
        if some:
            options = self.query_one("#pathways", OptionList)
            width = max(self.size.width - 8, 40)
            options.add_options([Option(pathway_line(one.progress, self._language, width)) for one in self._shown])
            options.highlighted = 0
            tree.focus()

    @property
    def _language(self) -> str:
        return self.app.config.language or ""

    def _read(self) -> None:
        try:
            with self.app.open_wallet() as wallet:
                rows = wallet.list_badges()
                files = wallet.pathway_files()
        except WalletError as error:
            self.app.failed(error)
            return
        names = {row.id: clean(row.name) for row in rows}
        candidates = from_rows(rows)
        at = self.app.now.astimezone(UTC).date()
        for name, data in files:
            try:
                self._shown.append(
                    _Shown(evaluate(read(data, name), candidates, at, language=self._language or None), names)
                )
            except WalletError as error:
                self.app.failed(error)
        self._shown.sort(key=lambda one: clean(one.progress.pathway.name.pick(self._language)).casefold())

    @on(OptionList.OptionHighlighted)
    def _pathway_chosen(self, event: OptionList.OptionHighlighted) -> None:
        shown = self._shown[event.option_index]
        tree = self.query_one("#tree", Tree)
        tree.clear()
        root = shown.progress.root
        tree.root.set_label(node_label(root, shown.badges, self._language, ascii_only=self.app.ascii_only))
        tree.root.data = root
        self._grow(tree.root, root, shown)
        tree.root.expand_all()
        self._card(root, shown)

    def _grow(self, branch: TreeNode[NodeState], node: NodeState, shown: _Shown) -> None:
        for child in node.children:
            label = node_label(child, shown.badges, self._language, ascii_only=self.app.ascii_only)
            if child.children:
                self._grow(branch.add(label, child, expand=True), child, shown)
            else:
                branch.add_leaf(label, child)

    @on(Tree.NodeHighlighted)
    def _node_chosen(self, event: Tree.NodeHighlighted[NodeState]) -> None:
        chosen = self.query_one("#pathways", OptionList).highlighted
        if event.node.data is not None and chosen is not None:
            self._card(event.node.data, self._shown[chosen])

    def _card(self, node: NodeState, shown: _Shown) -> None:
        self.query_one("#card", Static).update(
            card(node, shown.progress, shown.badges, self._language, ascii_only=self.app.ascii_only) or Text("")
        )

    def action_down(self) -> None:
        """One line down in the focused list."""
        self._move(1)

    def action_up(self) -> None:
        """One line up."""
        self._move(-1)

    def _move(self, step: int) -> None:
        focused = self.focused
        if isinstance(focused, Tree | OptionList):
            (focused.action_cursor_down if step > 0 else focused.action_cursor_up)()
        elif focused is not None:
            focused.scroll_relative(y=step, animate=False)

    def action_leave(self) -> None:
        """Back to the library."""
        self.dismiss()
