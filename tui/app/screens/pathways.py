"""How far on each pathway: a line each, the tree of one, and a card for the part under the cursor. Twin: `pathway progress`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static, Tree
from textual.widgets.option_list import Option
from textual.widgets.tree import TreeNode

from tui.app.messages import TaskFailed
from tui.app.pathway_views import card, node_label, pathway_line
from tui.app.reading import figures
from tui.app.screens.base import Banner, Enlarge, Trouble, Works
from tui.app.screens.bring_in import BringInScreen
from tui.app.widgets.panes import CardPane, PathwayList, PathwayTree
from wallet.errors import WalletError
from wallet.pathways.results import NodeState, Progress
from wallet.text import clean

_EMPTY = Text.assemble(
    ("No pathway yet\n\n", "bold"),
    "A pathway is a file that says which badges make up a larger credential.\n"
    "Colleges publish them, and anybody can write one; any issuer's badges count.\n\n",
    ("i", "bold"),
    "    bring a pathway file in\n",
    ("esc", "bold"),
    "  back to the badges",
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One evaluated pathway and the names of the badges in it."""

    progress: Progress
    badges: dict[str, str]


class PathwaysScreen(Works, Screen[None]):
    """Read only: pathways belong to their publishers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="pathways.back"),
        Binding("tab", "app.focus_next", "Next pane", id="pathways.pane"),
        Binding("i", "bring_in", "Bring in", id="pathways.import"),
        Binding("j", "move(1)", "Down", show=False, id="pathways.down"),
        Binding("k", "move(-1)", "Up", show=False, id="pathways.up"),
        Binding("h,left", "to_tree", "Parts", show=False, id="pathways.left"),
        Binding("l,right", "to_card", "Details", show=False, id="pathways.right"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[_Shown] = []

    def compose(self) -> ComposeResult:
        """List above, tree and card below."""
        yield Banner()
        yield PathwayList(id="pathways", markup=False)
        with Horizontal(id="panes"):
            yield PathwayTree("", id="tree")
            with CardPane(id="card-pane"):
                yield Static("", id="card", markup=False)
        with Container(id="empty"):
            yield Static(_EMPTY, id="empty-words", markup=False)
        yield Trouble()
        yield Footer(compact=True, show_command_palette=False)
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles, and the figures."""
        self.query_one("#pathways").border_title = "Pathways"
        self.query_one("#tree").border_title = "Groups and elements"
        self.query_one("#card-pane").border_title = "Details"
        self.query_one("#tree", PathwayTree).guide_depth = 3
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """Evaluate everything; the wallet does not change while this is read."""
        self._shown = self._read()
        some = bool(self._shown)
        self.set_class(not some, "-empty")
        options = self.query_one("#pathways", OptionList)
        options.clear_options()
        if some:
            width = max(self.size.width - 6, 40)
            ascii_only = self.app.ascii_only
            lines = [pathway_line(one.progress, self._language, width, ascii_only=ascii_only) for one in self._shown]
            options.add_options([Option(line) for line in lines])
            options.highlighted = 0
            self.query_one("#tree").focus()

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        self.query_one(Trouble).say(failure)

    @property
    def _language(self) -> str:
        return self.app.config.language or ""

    def _read(self) -> list[_Shown]:
        try:
            with self.app.open_wallet() as wallet:
                progress, wrong = figures(wallet, self.app.now, self._language or None)
                names = {row.id: clean(row.name) for row in wallet.list_badges()} if progress else {}
        except WalletError as error:
            self.fail(error)
            return []
        for mistake in wrong:
            self.fail(mistake)
        shown = [_Shown(one, names) for one in progress]
        return sorted(shown, key=lambda one: clean(one.progress.pathway.name.pick(self._language)).casefold())

    @on(OptionList.OptionHighlighted)
    def _pathway_chosen(self, event: OptionList.OptionHighlighted) -> None:
        shown = self._shown[event.option_index]
        tree = self.query_one("#tree", PathwayTree)
        tree.clear()
        root = shown.progress.root
        tree.root.set_label(node_label(root, shown.badges, self._language, ascii_only=self.app.ascii_only))
        tree.root.data = root
        self._grow(tree.root, root, shown)
        tree.root.expand_all()
        self._card(root, shown)

    @on(OptionList.OptionSelected)
    def _pathway_opened(self) -> None:
        self.action_to_tree()

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

    @on(Tree.NodeSelected)
    def _node_opened(self, event: Tree.NodeSelected[NodeState]) -> None:
        if not event.node.allow_expand:
            self.action_to_card()

    def _card(self, node: NodeState, shown: _Shown) -> None:
        words = card(node, shown.progress, shown.badges, self._language, ascii_only=self.app.ascii_only)
        self.query_one("#card", Static).update(words)
        self.query_one("#card-pane").scroll_home(animate=False)

    def action_move(self, step: int) -> None:
        """One line up or down in the tree or the list of pathways."""
        focused = self.focused
        if isinstance(focused, Tree | OptionList):
            (focused.action_cursor_down if step > 0 else focused.action_cursor_up)()

    def action_to_card(self) -> None:
        """To the details; on a narrow terminal they take the tree's place."""
        if self._shown:
            self.add_class("-opened")
            self.query_one("#card-pane").focus()

    def action_to_tree(self) -> None:
        """To the parts."""
        self.remove_class("-opened")
        self.query_one("#tree").focus()

    def action_bring_in(self) -> None:
        """Bring a pathway in."""
        self.app.push_screen(BringInScreen(), lambda _: self._show())

    def action_leave(self) -> None:
        """Out of an error, out of the details, back to the library."""
        if self.query_one(Trouble).close():
            return
        if self.has_class("-opened") and self.has_class("-narrow"):
            self.action_to_tree()
        else:
            self.dismiss()
