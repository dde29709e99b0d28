"""Pathways as lines: one each in the list, one for each part of a tree. Clean text for widgets; pure.

A state is a mark and a word, colour only helps. Bars are full only when nothing is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tui.app.widgets.columns import fit
from tui.words import NOT_STATED, status_words
from wallet.text import clean

if TYPE_CHECKING:
    from tui.app.pathway_reading import Way
    from wallet.pathways.plan import CostLeft
    from wallet.pathways.results import Figures, HoursLeft, NodeState

BLUE, ORANGE = "#6cb6ff", "#ffab5e"
# As for verdicts: glyph and word say it, colour only helps.
_STATES = {
    "met": ("✓", "+", f"bold {BLUE}"),
    "eligible": ("★", "*", f"bold {BLUE}"),
    "in-progress": ("◐", "~", ""),
    "not-started": ("○", "-", "dim"),
    "open": ("○", "-", ""),
    "planned": ("◇", "P", ""),
    "refused": ("✗", "x", ORANGE),
    "blocked": ("▪", "#", "dim"),
}
_WORDS = {"in-progress": "in progress", "not-started": "not started"}
_BAR_CELLS, _NARROW_BAR_CELLS, _GROUP_BAR_CELLS = 20, 10, 8
_NAME_CELLS, _LEAST_NAME_CELLS = 48, 16
ALONE = "Badges in no pathway"
EMPTY = Text.assemble(
    ("No pathway yet\n\n", "bold"),
    "A pathway is a file that says which badges make up a larger credential.\n"
    "Colleges publish them, and anybody can write one; any issuer's badges count.\n\n",
    ("i", "bold"),
    "    bring a pathway file in\n",
    ("esc", "bold"),
    "  back to the badges",
)
UNREAD = Text.assemble(
    ("No pathway could be read\n\n", "bold"),
    "The files are as they were; what is wrong with each stands below and in the list of errors.\n\n",
    ("!", "bold"),
    "    all errors\n",
    ("i", "bold"),
    "    bring a better file in\n",
    ("esc", "bold"),
    "  back to the badges",
)


def pathway_lines(ways: Sequence[Way], language: str, width: int, *, ascii_only: bool) -> list[Text]:
    """`Name  ████░░░  5 of 8  62 %  3 to go  1 at risk` for each, in columns of at most `width` cells together."""
    tails = [_tail(way, long=True) for way in ways]
    pathways = [way.progress.pathway for way in ways]
    names = [(clean(one.name.pick(language)) or clean(one.id)) + status_words(one) for one in pathways]
    widest = max(map(cell_len, names), default=0)
    if _LEAST_NAME_CELLS + _NARROW_BAR_CELLS + max(map(cell_len, tails), default=0) + 4 > width:
        tails = [_tail(way, long=False) for way in ways]
    tail = max(map(cell_len, tails), default=0) + 2
    bar = _BAR_CELLS if width - tail - _BAR_CELLS - 2 >= widest else _NARROW_BAR_CELLS
    name = max(min(width - tail - bar - 2, widest, _NAME_CELLS), 8)
    return [
        Text.assemble(
            (fit(words, name + 2)),
            bar_of(way.progress.accepted, bar, planned=_more(way), ascii_only=ascii_only),
            "  " + said,
        )
        for way, words, said in zip(ways, names, tails, strict=True)
    ]


def _tail(way: Way, *, long: bool) -> str:
    progress = way.progress
    figures = progress.accepted
    parts = [f"{figures.filled} of {figures.required}", percent(figures), to_go(figures)]
    if long and progress.verified != figures:
        parts.append(f"{progress.verified.filled} verified")
    if long and _more(way):
        parts.append(f"{_more(way)} planned")
    if way.risk.lost:
        parts.append(f"! {sum(one.places for one in way.risk.lost)} at risk")
    return "  ".join(parts)


def _more(way: Way) -> int:
    return way.progress.planned.filled - way.progress.accepted.filled


def bar_of(figures: Figures, cells: int, *, planned: int = 0, ascii_only: bool) -> Text:
    """A bar that is full only when nothing is missing; what is planned follows in another shape."""
    return bar(figures.filled, figures.required, cells, planned=planned, ascii_only=ascii_only)


def bar(filled: int, required: int, cells: int, *, planned: int = 0, ascii_only: bool) -> Text:
    """So many of `cells` for what is filled, rounded down."""
    done = cells * filled // required if required else cells
    meant = cells * min(filled + planned, required) // required - done if required else 0
    full, half, empty = "#=-" if ascii_only else "█▒░"
    return Text.assemble((full * done, BLUE), (half * meant, BLUE), (empty * (cells - done - meant), "dim"))


def percent(figures: Figures) -> str:
    """Rounded down; an undecided figure as a range."""
    return f"{figures.percent} %" if figures.exact else f"{figures.percent} to {figures.most_percent} %"


def to_go(figures: Figures) -> str:
    """What is missing, in words."""
    if figures.exact:
        return "complete" if figures.met else f"{figures.missing} to go"
    return f"{figures.least_missing} to {figures.missing} to go"


def hours_words(left: HoursLeft) -> str:
    """`at least 8 h`, or that nobody says."""
    if left.at_least and not left.hours:
        return NOT_STATED
    return f"{'at least ' if left.at_least else ''}{left.hours:f} h"


def cost_words(left: CostLeft) -> str:
    """`at least 120 CAD`, or that nobody says."""
    sums = " and ".join(f"{one.value:f} {clean(one.currency)}" for one in left.sums)
    return (f"at least {sums}" if left.at_least else sums) if sums else NOT_STATED


def state_mark(state: str, *, ascii_only: bool) -> tuple[str, str]:
    """Glyph and style of a node's state."""
    shown, plain, style = _STATES.get(state, ("·", ".", ""))
    return (plain if ascii_only else shown), style


def state_word(state: str) -> str:
    """The word of a node's state."""
    return _WORDS.get(state, state)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the tree: a group, an element, or a badge. `standing`: what stands in the second column."""

    name: Text
    standing: Text
    node: NodeState | None = None
    badge: str | None = None


def part_of(node: NodeState, way: Way, names: Mapping[str, str], language: str, *, ascii_only: bool) -> Part:
    """State and name; then a bar with figures, or the badge that fills it, or why one does not."""
    glyph, style = state_mark(node.state, ascii_only=ascii_only)
    name = clean(node.name.pick(language)) or clean(node.id)
    left = Text.assemble((f"{glyph} ", style), (name, "bold" if node.kind == "group" else ""))
    right = _group(node, way, ascii_only) if node.kind == "group" else _element(node, way, names, language)
    if node.optional:
        right.append("  optional", style="dim")
    if not node.in_plan:
        right.append("  another choice is nearer", style="dim")
    return Part(left, right, node)


def _group(node: NodeState, way: Way, ascii_only: bool) -> Text:
    meant = planned_in(node)
    line = Text.assemble(
        bar(node.filled, node.required, _GROUP_BAR_CELLS, planned=meant, ascii_only=ascii_only),
        f" {node.filled}/{node.required}",
    )
    # Figures come first: the mark before the name tells the state already, and a narrow tree cuts the end.
    proven = way.proven_at(node)
    more = [f", {meant} planned"] if meant else []
    more += [f", {proven} verified"] if proven != node.filled else []
    line.append("".join(more))
    line.append(", " if more else " ")
    line.append(state_word(node.state), style=state_mark(node.state, ascii_only=ascii_only)[1])
    if node.by_award:
        line.append(", by award")
    if node.note and not node.by_award:
        line.append(f"  {clean(node.note)}", style="dim")
    return line


def planned_in(node: NodeState) -> int:
    """Places to go at or below a node that are planned; never more than there are."""
    if node.kind == "element":
        return min(node.planned, node.missing)
    return min(sum(planned_in(child) for child in node.children if child.in_plan and not child.optional), node.missing)


def _element(node: NodeState, way: Way, names: Mapping[str, str], language: str) -> Text:
    line = Text()
    if node.required > 1:
        line.append(f"{node.filled}/{node.required} ")
    line.append(state_word(node.state), style=state_mark(node.state, ascii_only=False)[1])
    name = clean(node.name.pick(language))
    if node.attested:
        line.append(" by attestation")
    if node.forced:
        line.append(" by exception")
    if any(one.element == node.id for one in way.risk.lost):
        line.append("  ! at risk", style=ORANGE)
    proven = way.proven_at(node)
    if proven < node.filled and not (node.attested or node.forced):
        line.append("  not verified" if node.required == 1 else f", {proven} verified")
    if node.missing and node.planned and node.state != "planned":
        line.append("  planned")
    by = [names.get(badge, badge[:6]) for badge in node.by]
    if by and by != [name]:
        line.append("  by " + ", ".join(by), style="dim")
    element = way.progress.pathway.elements.get(node.id)
    if node.missing and node.state in ("open", "planned") and element is not None and element.hours is not None:
        line.append(f"  {element.hours:f} h", style="dim")
    if node.note and node.note != node.state and not node.by and not node.attested:
        line.append(f"  {clean(node.note).removeprefix(f'{name} ')}", style="dim")
    return line


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the tree and those below it."""

    part: Part
    below: tuple[Branch, ...] = ()


def branch_of(node: NodeState, way: Way, names: Mapping[str, str], language: str, *, ascii_only: bool) -> Branch:
    """A node and all below it."""
    below = tuple(branch_of(child, way, names, language, ascii_only=ascii_only) for child in node.children)
    return Branch(part_of(node, way, names, language, ascii_only=ascii_only), below)


def alone_branch(badges: Sequence[tuple[str, str]], *, ascii_only: bool) -> Branch:
    """Badges in no pathway: id and clean name of each."""
    mark = "." if ascii_only else "·"
    return Branch(
        Part(Text(ALONE, style="bold"), Text()),
        tuple(Branch(Part(Text(f"{mark} {name}"), Text(), badge=badge)) for badge, name in badges),
    )
