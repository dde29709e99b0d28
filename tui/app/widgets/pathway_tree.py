"""The list of pathways and the tree of one, in two columns: names on the left, how they stand on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import OptionList, Tree
from textual.widgets.tree import TreeNode

from tui.app.pathway_views import Branch, Part
from wallet.text import ELLIPSIS

_GAP = 2


class PathwayList(OptionList):
    """One line a pathway."""

    HELP = """\
### Pathways

One line each: places filled, places required, how many are to go, and `! at risk` where a badge ends soon. `c` puts the one with
the least to go first, and back. `d` looks 90, 365 or 30 days ahead. The last line has the badges that no pathway asks for.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False, id="ways.down"),
        Binding("k", "cursor_up", "Up", show=False, id="ways.up"),
        Binding("g", "first", "Top", show=False, id="ways.top"),
        Binding("G", "last", "End", show=False, id="ways.end"),
    ]


class PathwayTree(Tree[Part]):
    """Groups and elements. A line never runs out of sight: it is cut, and the details have all of it."""

    HELP = """\
### Groups and elements

Each part with its mark and state. A group has a bar with places filled of places required, and beside it how many of them are
verified at the issuer where that is fewer, and how many more are planned. An element has the
badge that fills it, or why none does.

`space` folds a group, `z` all of them. `enter` opens the details. `a` records somebody's word and `e` an exception; `x` takes
what is recorded of the part back, `u` the last change. `b` opens the badge, `y` copies the link to enrol, `p` plans.

`n` lists what could be begun now, by how it is given and how long it takes; `D` compares with another version in a file.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False, id="parts.down"),
        Binding("k", "cursor_up", "Up", show=False, id="parts.up"),
        Binding("g,home", "scroll_home", "Top", show=False, id="parts.top"),
        Binding("G,end", "scroll_end", "End", show=False, id="parts.end"),
        Binding("space", "toggle_node", "Fold", id="parts.fold"),
        Binding("z", "fold_all", "Fold all", show=False, id="parts.fold-all"),
    ]
    ICON_NODE, ICON_NODE_EXPANDED = "▸ ", "▾ "

    def __init__(self, *, ascii_only: bool, id: str) -> None:
        super().__init__("", id=id)
        if ascii_only:
            self.ICON_NODE, self.ICON_NODE_EXPANDED = "+ ", "- "
        self._widest = 0

    def show(self, whole: Branch) -> None:
        """Everything anew, all unfolded."""
        self.clear()
        self.root.set_label(whole.part.name)
        self.root.data = whole.part
        self._widest = 0
        self._measure(whole, 0)
        self._grow(self.root, whole.below)
        self.root.expand_all()

    def move_cursor(self, node: TreeNode[Part] | None, animate: bool = False) -> None:
        """The cursor to that line; to the first where there is no such line."""
        # Lines get their numbers when somebody counts them, which need not have happened since they were shown.
        if self.last_line >= 0:
            super().move_cursor(node, animate)

    def _measure(self, branch: Branch, depth: int) -> None:
        icon = cell_len(self.ICON_NODE) if branch.below else 0
        self._widest = max(self._widest, cell_len(branch.part.name.plain) + depth * self.guide_depth + icon)
        for below in branch.below:
            self._measure(below, depth + 1)

    def _grow(self, line: TreeNode[Part], branches: Sequence[Branch]) -> None:
        for one in branches:
            if one.below:
                self._grow(line.add(one.part.name, one.part, expand=True), one.below)
            else:
                line.add_leaf(one.part.name, one.part)

    def action_fold_all(self) -> None:
        """Fold everything below the root; again unfolds it."""
        inner = [node for node in self.root.children if node.allow_expand]
        if any(node.is_expanded for node in inner):
            for node in inner:
                node.collapse_all()
            self.move_cursor(self.root)
        else:
            self.root.expand_all()

    def find(self, path: tuple[str, ...], badge: str | None) -> TreeNode[Part] | None:
        """The line of a node or of a badge."""
        waiting = [self.root]
        while waiting:
            line = waiting.pop()
            part = line.data
            if part is not None and (
                (part.node is not None and part.node.path == path) or (badge is not None and part.badge == badge)
            ):
                return line
            waiting.extend(line.children)
        return None

    def render_label(self, node: TreeNode[Part], base_style: Style, style: Style) -> Text:
        """Name, padded to the second column, and how it stands; all of it cut to the width there is."""
        depth, above = 0, node.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        width = self.scrollable_content_region.width
        room = width - depth * self.guide_depth
        first = max(min(self._widest, width // 2) - depth * self.guide_depth, 6)
        text = super().render_label(node, base_style, style)
        standing = node.data.standing if node.data is not None else Text()
        if standing.plain:
            _cut(text, first)
            text.append(" " * (first - text.cell_len + _GAP), style=style)
            second = standing.copy()
            second.stylize(style)
            text.append_text(second)
        if room > 1:
            _cut(text, room)
        return text


def _cut(text: Text, cells: int) -> None:
    if text.cell_len > cells:
        text.truncate(cells - 1)
        text.append(ELLIPSIS)
