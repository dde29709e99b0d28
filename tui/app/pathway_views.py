"""Pathway figures, trees and cards as clean text for widgets. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tui.app.widgets.columns import fit
from tui.words import NOT_STATED
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.model import Element, Offering
    from wallet.pathways.results import Figures, NodeState, Progress

# As for verdicts: glyph and word say it, colour only helps.
_STATES = {
    "met": ("✓", "+", "bold #6cb6ff"),
    "eligible": ("★", "*", "bold #6cb6ff"),
    "in-progress": ("◐", "~", ""),
    "not-started": ("○", "-", "dim"),
    "open": ("○", "-", ""),
    "planned": ("◇", "P", ""),
    "refused": ("✗", "x", "#ffab5e"),
    "blocked": ("▪", "#", "dim"),
}
_WORDS = {"in-progress": "in progress", "not-started": "not started"}
_BAR_CELLS = 20
_NAME_CELLS = 48


def pathway_line(progress: Progress, language: str, width: int, *, ascii_only: bool) -> Text:
    """`Name  ████░░░  5 of 8 places  62 %  3 to go` in at most `width` cells."""
    figures = progress.accepted
    tail = f"  {figures.filled} of {figures.required}  {_percent(figures)}  {_to_go(figures)}"
    room = max(min(width - _BAR_CELLS - cell_len(tail) - 2, _NAME_CELLS), 8)
    name = fit(clean(progress.pathway.name.pick(language)), room + 1)
    return Text.assemble(name + " ", (bar_of(figures, _BAR_CELLS, ascii_only=ascii_only), "#6cb6ff"), tail)


def bar_of(figures: Figures, cells: int, *, ascii_only: bool) -> str:
    """A bar that is full only when nothing is missing."""
    done = cells * figures.filled // figures.required
    full, empty = "#-" if ascii_only else "█░"
    return full * done + empty * (cells - done)


def _percent(figures: Figures) -> str:
    return f"{figures.percent} %" if figures.exact else f"{figures.percent} to {figures.most_percent} %"


def _to_go(figures: Figures) -> str:
    return "complete" if figures.met else f"{figures.missing} to go"


def state_mark(state: str, *, ascii_only: bool) -> tuple[str, str]:
    """Glyph and style of a node's state."""
    shown, plain, style = _STATES.get(state, ("·", ".", ""))
    return (plain if ascii_only else shown), style


def node_label(node: NodeState, badges: Mapping[str, str], language: str, *, ascii_only: bool) -> Text:
    """One line of the tree: state, name, figures, the badge that fills it, or why one does not."""
    glyph, style = state_mark(node.state, ascii_only=ascii_only)
    name = clean(node.name.pick(language))
    line = Text.assemble((f"{glyph} ", style))
    line.append(name, style="bold" if node.kind == "group" else "")
    if node.kind == "group" or node.required > 1:
        line.append(f"  {node.filled}/{node.required}", style="dim")
    line.append(f"  {_WORDS.get(node.state, node.state)}", style=style or "dim")
    if node.optional:
        line.append("  optional", style="dim")
    by = [badges.get(badge, badge[:6]) for badge in node.by] if node.kind == "element" else []
    if by and by != [name]:
        line.append("  by " + ", ".join(by), style="dim")
    if node.note and not node.by:
        line.append(f"  {clean(node.note).removeprefix(f'{name} ')}", style="dim")
    return line


def card(node: NodeState, progress: Progress, badges: Mapping[str, str], language: str, *, ascii_only: bool) -> Text:
    """Everything about one group or element."""
    text = Text()
    for part in _card_parts(node, progress, badges, language, ascii_only):
        text.append_text(part)
    return text


def _card_parts(
    node: NodeState, progress: Progress, badges: Mapping[str, str], language: str, ascii_only: bool
) -> Iterator[Text]:
    glyph, style = state_mark(node.state, ascii_only=ascii_only)
    yield Text(clean(node.name.pick(language)) + "\n", style="bold")
    word = _WORDS.get(node.state, node.state)
    yield Text.assemble((f"{glyph} {word}", style), f"  {node.filled} of {plural(node.required, 'place')}\n")
    near = [use for use in progress.badges if use.place == node.id and use.nearly]
    if node.note and not near:
        yield Text(clean(node.note) + "\n")
    for badge in node.by:
        yield _fact("filled by", badges.get(badge, badge[:6]))
    for use in near:
        yield Text(f"{badges.get(use.id, use.id[:6])}: {clean(use.note)}\n", style="#ffab5e")
    element = progress.pathway.elements.get(node.id)
    if element is not None:
        yield from _element(element, language)
    elif node.depth == 0:
        yield from _whole(progress, language)


def _element(element: Element, language: str) -> Iterator[Text]:
    yield Text("\n")
    if element.description:
        yield Text(clean(element.description.pick(language), lines=True) + "\n\n")
    for outcome in element.outcomes:
        yield Text(f"· {clean(outcome.pick(language))}\n")
    yield _fact("hours", f"{element.hours:f} h" if element.hours is not None else NOT_STATED)
    yield _fact("facilitation", " ".join(p for p in (element.facilitation, element.pace) if p) or NOT_STATED)
    yield _fact("facilitator", clean(element.facilitator or "") or NOT_STATED)
    yield _fact("delivery", element.delivery or NOT_STATED)
    for offering in element.offering:
        yield _fact("offered", _offered(offering))
    if not element.offering:
        yield _fact("dates", NOT_STATED)
    if element.requires:
        yield _fact("best after", ", ".join(clean(name) for name in element.requires))
    if element.url:
        yield _fact("more", clean(element.url))


def _whole(progress: Progress, language: str) -> Iterator[Text]:
    pathway = progress.pathway
    yield Text("\n")
    if pathway.status != "published":
        yield Text(f"{pathway.status}\n", style="bold #ffab5e")
    if pathway.description:
        yield Text(clean(pathway.description.pick(language), lines=True) + "\n\n")
    for label, figures in (("verified only", progress.verified), ("accepted", progress.accepted)):
        yield _fact(label, f"{figures.filled} of {figures.required}, {_percent(figures)}")
    left = progress.hours_left
    if progress.accepted.missing:
        yield _fact("hours left", f"{'at least ' if left.at_least else ''}{left.hours:f} h")
    if pathway.publisher is not None:
        yield _fact("publisher", clean(pathway.publisher.name))
    for qualification in pathway.qualifications:
        whose = clean(qualification.awarded_by or "its awarding body")
        yield Text(
            f"\nMay count towards {clean(qualification.name.pick(language))} ({qualification.relation}); decided by {whose}.\n"
        )


def _offered(offering: Offering) -> str:
    dates = " to ".join(str(day) for day in (offering.begins, offering.ends) if day is not None)
    enrol = f"enrol by {offering.enrol_by}" if offering.enrol_by is not None else ""
    return ", ".join(part for part in (dates, enrol, clean(offering.place or ""), clean(offering.url or "")) if part)


def _fact(label: str, value: str) -> Text:
    return Text.assemble((f"{label:<14} ", "dim"), f"{value}\n")
