"""How far on each pathway: a line each, the tree of one, and a card for the part under the cursor.

Twins: `pathway list`, `progress`, `explain`, `closest`, `at-risk`, `attest`, `except`. Definitions stay as they are:
pathways belong to their publishers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.widgets import OptionList, Static, Tree
from textual.widgets.option_list import Option

from tui.app.messages import TaskFailed
from tui.app.pathway_cards import alone_card, card, stacked
from tui.app.pathway_reading import HORIZONS, Outlook, Way, eight_details, outlook
from tui.app.pathway_views import ALONE, EMPTY, UNREAD, Part, alone_branch, branch_of, pathway_lines
from tui.app.screens.badge import BadgeScreen
from tui.app.screens.base import Banner, Enlarge, Trouble, TwoPanes, Undoes
from tui.app.screens.bring_in import BringInScreen
from tui.app.widgets.keys import Keys
from tui.app.widgets.panes import CardPane
from tui.app.widgets.pathway_tree import PathwayList, PathwayTree
from wallet.errors import WalletError

if TYPE_CHECKING:
    from wallet.details import Detail
    from wallet.pathways.results import NodeState


_OF_A_PATHWAY = frozenset(
    {"plan", "next", "compare", "order", "ahead", "copy", "badge", "attest", "except", "take_back"}
)


class PathwaysScreen(Undoes, TwoPanes):
    """List above, tree and card below."""

    FIRST = "#tree"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="pathways.back"),
        Binding("p", "plan", "Plan", id="pathways.plan"),
        Binding("n", "next", "What comes next", show=False, id="pathways.next"),
        Binding("D", "compare", "Compare versions", show=False, id="pathways.compare"),
        Binding("c", "order", "Closest first", id="pathways.order"),
        Binding("i", "bring_in", "Bring in", id="pathways.import"),
        Binding("tab", "app.focus_next", "Next pane", show=False, id="pathways.pane"),
        Binding("y", "copy", "Copy the link", show=False, id="pathways.copy"),
        Binding("b", "badge", "Its badge", show=False, id="pathways.badge"),
        Binding("a", "attest", "Record a word", show=False, id="pathways.attest"),
        Binding("e", "except", "Record an exception", show=False, id="pathways.except"),
        Binding("x", "take_back", "Take a record back", show=False, id="pathways.take-back"),
        Binding("d", "ahead", "Look further ahead", show=False, id="pathways.ahead"),
        Binding("u", "undo", "Undo", show=False, id="pathways.undo"),
        Binding("h,left", "to_list", "Parts", show=False, id="pathways.left"),
        Binding("l,right", "to_card", "Details", show=False, id="pathways.right"),
    ]

    class Ready(Message):
        """Everything was read and counted."""

        def __init__(self, seen: Outlook) -> None:
            super().__init__()
            self.seen = seen

    class Stated(Message):
        """The eight details of one element are known."""

        def __init__(self, pathway: str, path: tuple[str, ...], details: tuple[Detail, ...]) -> None:
            super().__init__()
            self.pathway, self.path, self.details = pathway, path, details

    def __init__(self) -> None:
        super().__init__()
        self._seen: Outlook | None = None
        self._closest_first = False
        self._days = HORIZONS[0]
        self._chosen: str | None = None  # the pathway under the cursor
        self._details: dict[tuple[str, tuple[str, ...]], tuple[Detail, ...]] = {}

    def compose(self) -> ComposeResult:
        """The frame; a worker counts."""
        yield Banner()
        yield PathwayList(id="pathways", markup=False)
        with Horizontal(id="panes"):
            yield PathwayTree(ascii_only=self.app.ascii_only, id="tree")
            with CardPane(id="card-pane"):
                yield Static("Counting …", id="card", markup=False)
        with Container(id="empty"):
            yield Static(EMPTY, id="empty-words", markup=False)
        yield Trouble()
        yield Keys()
        yield Enlarge()

    def on_mount(self) -> None:
        """Titles, and the figures."""
        self.query_one("#tree").border_title = "Groups and elements"
        self.query_one("#card-pane").border_title = "Details"
        tree = self.query_one("#tree", PathwayTree)
        tree.guide_depth = 3
        tree.focus()
        self._again(None)

    def commands(self) -> Iterator[SystemCommand]:
        """For the palette, each with its key."""
        yield SystemCommand("Plan", "p   what if, side by side, and the shortest finish", self.action_plan)
        yield SystemCommand("Next", "n   what could be begun now: how it is given, how long it takes", self.action_next)
        yield SystemCommand("Compare versions", "D   what another file of it asks otherwise", self.action_compare)
        yield SystemCommand(
            "Closest first", "c   the pathway with the least to go first, or by name", self.action_order
        )
        yield SystemCommand("Look further ahead", "d   what will be lost in 90, 365 or 30 days", self.action_ahead)
        yield SystemCommand("Fold all", "z   fold or unfold the groups", self._tree.action_fold_all)
        yield SystemCommand("Copy the link", "y   where to enrol", self.action_copy)
        yield SystemCommand("Its badge", "b   all about the badge that fills the part", self.action_badge)
        yield SystemCommand("Record a word", "a   somebody's word that an element is done", self.action_attest)
        yield SystemCommand("Record an exception", "e   what an advisor granted", self.action_except)
        yield SystemCommand("Take a record back", "x   of the part: word, exception or plan", self.action_take_back)
        yield SystemCommand("Undo", "u   take the last change back", self.action_undo)
        yield SystemCommand("Bring in", "i   a pathway file", self.action_bring_in)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - as Textual calls it
        """Without a pathway only bringing one in makes sense."""
        return action not in _OF_A_PATHWAY or bool(self._ways())

    @property
    def _language(self) -> str:
        return self.app.config.language or ""

    @property
    def _tree(self) -> PathwayTree:
        return self.query_one("#tree", PathwayTree)

    def _again(self, _: None) -> None:
        self._read(self._days)

    @work(thread=True, exclusive=True, exit_on_error=False, group="pathways")
    def _read(self, days: int) -> None:
        with self.app.open_wallet() as wallet:
            seen = outlook(wallet, self.app.now, self._language or None, days)
        self.post_message(self.Ready(seen))

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        if event.seen.days != self._days:
            return  # an older question, answered late
        self._seen = event.seen
        self._details.clear()
        for mistake in event.seen.wrong:
            self.fail(mistake)
        nothing = not event.seen.ways
        self.set_class(nothing, "-empty")
        self.query_one("#empty-words", Static).update(UNREAD if event.seen.wrong else EMPTY)
        self.refresh_bindings()
        self._draw()

    def on_resize(self) -> None:
        """Lines are set for a width."""
        if self._seen is not None:
            self.call_after_refresh(self._draw_list)

    def _ways(self) -> list[Way]:
        seen = self._seen
        if seen is None:
            return []
        return [seen.ways[number] for number in seen.nearest] if self._closest_first else list(seen.ways)

    def _draw_list(self) -> None:
        """The lines, with the cursor where it was."""
        seen = self._seen
        ways = self._ways()
        if seen is None or not ways:
            return
        options = self.query_one("#pathways", OptionList)
        width = max(options.scrollable_content_region.width - 2, 30)
        lines = pathway_lines(ways, self._language, width, ascii_only=self.app.ascii_only)
        if seen.alone:
            lines.append(Text(f"{ALONE}: {len(seen.alone)}", style="dim"))
        ids = [way.pathway.id for way in ways]
        at = ids.index(self._chosen) if self._chosen in ids else len(ids) if self._chosen == ALONE and seen.alone else 0
        with self.prevent(OptionList.OptionHighlighted):
            options.clear_options()
            options.add_options([Option(line) for line in lines])
            options.highlighted = at
        order = "closest first" if self._closest_first else "by name"
        options.border_title = f"Pathways, {order}" if len(ways) > 1 else "Pathways"
        options.border_subtitle = f"looking {seen.days} days ahead"

    def _draw(self) -> None:
        self._draw_list()
        options = self.query_one("#pathways", OptionList)
        if options.highlighted is not None and self._ways():
            self._show(options.highlighted)

    @on(OptionList.OptionHighlighted, "#pathways")
    def _pathway_chosen(self, event: OptionList.OptionHighlighted) -> None:
        self._show(event.option_index)

    @on(OptionList.OptionSelected, "#pathways")
    def _pathway_opened(self) -> None:
        self.action_to_list()

    def _show(self, number: int) -> None:
        """The tree of that line; the cursor goes back to the part on which it was, where there is one."""
        seen, ways, tree = self._seen, self._ways(), self._tree
        if seen is None or number > len(ways):
            return
        before = tree.cursor_node.data if tree.cursor_node is not None else None
        ascii_only = self.app.ascii_only
        if number == len(ways):
            self._chosen = ALONE
            badges = [(one.id, seen.names.get(one.id, one.id[:6])) for one in seen.alone]
            tree.show(alone_branch(badges, ascii_only=ascii_only))
        else:
            way = ways[number]
            self._chosen = way.pathway.id
            tree.show(branch_of(way.progress.root, way, seen.names, self._language, ascii_only=ascii_only))
        path = before.node.path if before is not None and before.node is not None else ()
        line = tree.find(path, before.badge if before is not None else None)
        self.call_after_refresh(lambda: tree.move_cursor(line if line is not None else tree.root))
        self._card(line.data if line is not None and line.data is not None else tree.root.data)

    @property
    def _way(self) -> Way | None:
        return next((way for way in self._ways() if way.pathway.id == self._chosen), None)

    @property
    def _part(self) -> Part | None:
        line = self._tree.cursor_node
        return line.data if line is not None else None

    @property
    def _element(self) -> NodeState | None:
        """The element under the cursor."""
        part = self._part
        return part.node if part is not None and part.node is not None and part.node.kind == "element" else None

    @on(Tree.NodeHighlighted)
    def _part_chosen(self, event: Tree.NodeHighlighted[Part]) -> None:
        self._card(event.node.data)

    @on(Tree.NodeSelected)
    def _part_opened(self, event: Tree.NodeSelected[Part]) -> None:
        part = event.node.data
        if part is not None and part.badge is not None:
            self.action_badge()
        elif not event.node.allow_expand:
            self.action_to_card()

    def _card(self, part: Part | None) -> None:
        seen, way = self._seen, self._way
        if part is None or seen is None:
            return
        shown = self.query_one("#card", Static)
        if part.node is None or way is None:
            name = seen.names.get(part.badge) if part.badge is not None else None
            shown.update(stacked(alone_card(name, len(seen.alone))))
        else:
            details = self._details.get((way.pathway.id, part.node.path))
            if part.node.kind == "element" and details is None:
                self._state(way, part.node)
            ascii_only = self.app.ascii_only
            blocks = card(part.node, way, seen, self._language, ascii_only=ascii_only, details=details)
            shown.update(stacked(blocks))
        self.query_one("#card-pane").scroll_home(animate=False)

    @work(thread=True, exclusive=True, exit_on_error=False, group="details")
    def _state(self, way: Way, node: NodeState) -> None:
        with self.app.open_wallet() as wallet:
            details = eight_details(wallet, way, node, self.app.now, self._language or None)
        self.post_message(self.Stated(way.pathway.id, node.path, details))

    @on(Stated)
    def _stated(self, event: Stated) -> None:
        self._details[event.pathway, event.path] = event.details
        node = self._element
        if node is not None and (self._chosen, node.path) == (event.pathway, event.path):
            self._card(self._part)

    def show_failure(self, failure: TaskFailed) -> None:
        """Above the footer."""
        if self._seen is None:
            self.query_one("#card", Static).update("The pathways cannot be shown.")
        self.query_one(Trouble).say(failure)

    def action_order(self) -> None:
        """The one with the least to go first, or by name."""
        self._closest_first = not self._closest_first
        self._draw_list()

    def action_ahead(self) -> None:
        """Another horizon for what will be lost."""
        self._days = HORIZONS[(HORIZONS.index(self._days) + 1) % len(HORIZONS)]
        self._again(None)

    def action_plan(self) -> None:
        """What if, for this pathway."""
        from tui.app.screens.planner import PlannerScreen

        if self._way is not None:
            self.app.push_screen(PlannerScreen(self._way.pathway), self._again)

    def action_next(self) -> None:
        """What could be begun now, with filters."""
        from tui.app.screens.pathway_asked import NextScreen

        if self._way is not None:
            self.app.push_screen(NextScreen(self._way.progress))

    def action_compare(self) -> None:
        """What another version asks otherwise."""
        from tui.app.screens.pathway_asked import CompareForm

        if self._way is not None:
            self.app.push_screen(CompareForm(self._way.pathway))

    def action_copy(self) -> None:
        """Where to enrol, to the clipboard; the card shows it in full as well."""
        from wallet.pathways.plan import enrol_link
        from wallet.text import clean

        way, node = self._way, self._element
        link = enrol_link(way.progress.pathway.elements[node.id], way.progress.at) if way and node else None
        if link is None:
            self.notify("No link is known here. The details say whom to ask.", severity="warning", markup=False)
            return
        link = clean(link, limit=2_000)
        self.app.copy_to_clipboard(link)
        self.notify(f"Sent to the clipboard: {link}", markup=False)

    def action_badge(self) -> None:
        """The badge that fills the part under the cursor, or would but for a reason."""
        part, way = self._part, self._way
        badge = part.badge if part is not None else None
        if badge is None and part is not None and part.node is not None and way is not None:
            near = [use.id for use in way.progress.badges if use.place == part.node.id]
            badge = next(iter((*part.node.by, *near)), None)
        if badge is not None:
            self.app.push_screen(BadgeScreen(badge), self._again)

    def action_attest(self) -> None:
        """Record somebody's word."""
        from tui.app.screens.place_words import AttestScreen
        from wallet.pathways.saying import roles

        way, node = self._way, self._element
        if way is None or node is None or not roles(way.pathway, node.id):
            self.notify("This part asks for no word. e: record an exception.", severity="warning", markup=False)
            return
        self.app.push_screen(AttestScreen(way, node), self._again)

    def action_except(self) -> None:
        """Record an exception."""
        from tui.app.screens.place_words import ExceptionKindScreen, ExceptionScreen

        part, way, seen = self._part, self._way, self._seen
        if part is None or part.node is None or way is None or seen is None:
            return
        node, names, kinds = part.node, seen.names, ExceptionKindScreen(part.node)

        def go_on(_: None) -> None:
            if kinds.chosen is not None:
                self.app.push_screen(ExceptionScreen(way, node, kinds.chosen, names), self._again)

        self.app.push_screen(kinds, go_on)

    def action_take_back(self) -> None:
        """Take back what is recorded of the part: a word, else an exception, else that it is planned."""
        part, way = self._part, self._way
        if part is None or part.node is None or way is None:
            return
        place, said = part.node.id, way.personal
        records = (("attested", said.attested), ("excepted", said.excepted), ("planned", said.planned))
        kind = next((kind for kind, each in records if any(one.place == place for one in each)), None)
        if kind is None:
            self.notify("Nothing is recorded of this part.", severity="warning", markup=False)
            return
        try:
            with self.app.open_wallet() as wallet:
                wallet.say_of_place(kind, way.pathway.id, place, None, now=self.app.now)
        except WalletError as error:
            self.fail(error)
            return
        self.notify(f"No longer {kind}. u: undo", markup=False)
        self._again(None)

    def undone(self) -> None:
        """Figures and records may be others now."""
        self._again(None)

    def action_to_card(self) -> None:
        """To the details; on a narrow terminal they take the tree's place."""
        if self._ways():
            self.add_class("-opened")
            self.query_one("#card-pane").focus()

    def action_bring_in(self) -> None:
        """Bring a pathway in."""
        self.app.push_screen(BringInScreen(), self._again)
