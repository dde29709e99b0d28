"""The planner as clean text: what can be ticked, figures side by side, what changes, and the shortest finish. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tui.app.pathway_cards import Block
from tui.app.pathway_views import ORANGE, cost_words, hours_words, percent, state_mark, state_word
from tui.app.widgets.columns import cut, fit
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.model import Pathway
    from wallet.pathways.plan import Changed
    from wallet.pathways.results import NodeState, Progress
    from wallet.pathways.scenario import Played, Scenario
    from wallet.pathways.shortest import Finish

SETS = ("A", "B")
_LABEL = 13
_HOURS, _COST = 8, 12
_COST_FROM = 52  # cells of width from which there is room for the cost
_MEASURES = {"badges": "fewest badges", "hours": "fewest hours", "days": "earliest end"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line that can be ticked: an open element with so many places to go, or (places 0) a badge to put aside."""

    id: str
    name: str
    places: int
    hours: str = ""
    cost: str = ""


def choices(
    progress: Progress, names: Mapping[str, str], language: str
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Elements with a place to go, and badges that count and could be put aside."""
    from wallet.pathways.scenario import to_tick

    opened = []
    for node in to_tick(progress):
        element = progress.pathway.elements[node.id]
        hours = f"{element.hours:f} h" if element.hours is not None else ""
        cost = f"{element.cost.value:f} {clean(element.cost.currency)}" if element.cost is not None else ""
        name = clean(element.name.pick(language)) or clean(node.id)
        opened.append(Choice(node.id, name, node.missing, hours, cost))
    held = {use.id: names.get(use.id, use.id[:6]) for use in progress.badges if use.counts}
    aside = [Choice(badge, name, 0, "held") for badge, name in held.items()]
    return tuple(opened), tuple(sorted(aside, key=lambda one: (one.name.casefold(), one.id)))


def choice_line(choice: Choice, sets: Sequence[Scenario], width: int, *, priced: bool) -> Text:
    """`[x] [ ]  Raft Systems   8 h   120 CAD` in `width` cells; a minus puts a badge aside. priced: some cost is known."""
    marks = " ".join(f"[{_mark(choice, one)}]" for one in sets)
    cost = _COST if priced and width >= _COST_FROM else 0
    room = max(width - len(marks) - 2 - _HOURS - cost, 8)
    tail = fit(choice.hours, _HOURS) + (fit(choice.cost, cost) if cost else "")
    return Text(f"{marks}  {fit(choice.name, room)}{tail}")


def _mark(choice: Choice, one: Scenario) -> str:
    if not choice.places:
        return "-" if choice.id in one.dropped else " "
    many = one.counts.get(choice.id, 0)
    return " " if not many else "x" if choice.places == 1 else str(min(many, 9))


def choice_header(active: int) -> Text:
    """Over the marks; the set that is edited is named."""
    line = Text(" ")
    for number, name in enumerate(SETS):
        line.append(name, style="bold reverse" if number == active else "dim")
        line.append("   ")
    line.append(f" editing set {SETS[active]}", style="bold")
    return line


def figures(
    now: Progress, played: Sequence[Played], *, active: int, pace: Decimal, width: int, ascii_only: bool
) -> Text:
    """As it is, beside both sets."""
    from wallet.pathways.plan import cost_left

    cells = max((width - _LABEL) // 3, 8)
    sides = (now, *(one.progress for one in played))
    rows: list[tuple[str, list[Text]]] = [
        ("", [Text("now", style="bold"), *(_named(number, active) for number in range(len(played)))]),
        ("state", [_state(one, ascii_only) for one in sides]),
        (
            "filled",
            [Text(f"{one.accepted.filled} of {one.accepted.required}  {percent(one.accepted)}") for one in sides],
        ),
        ("missing", [Text(_missing(one)) for one in sides]),
        ("hours to go", [Text(hours_words(one.hours_left) if one.accepted.missing else "none") for one in sides]),
        (
            "cost to go",
            [Text(cost_words(cost_left(one)) if one.accepted.missing else "none") for one in sides],
        ),
        ("takes", [Text(), *(Text(_takes(one)) for one in played)]),
        (f"at {pace:f} h/wk", [Text(), *(Text(_weeks(one, pace)) for one in played)]),
        ("costs", [Text(), *(Text(cost_words(one.cost) if one.scenario.earned else "") for one in played)]),
    ]
    text = Text()
    for label, columns in rows:
        text.append(fit(label, _LABEL), style="dim")
        for column in columns:
            shown = Text(cut(column.plain, cells - 1), style=column.style)
            text.append_text(shown)
            text.append(" " * (cells - shown.cell_len))
        text.append("\n")
    text.rstrip()
    return text


def _named(number: int, active: int) -> Text:
    return Text(f"set {SETS[number]}", style="bold reverse" if number == active else "bold")


def _state(one: Progress, ascii_only: bool) -> Text:
    glyph, style = state_mark(one.state, ascii_only=ascii_only)
    return Text(f"{glyph} {state_word(one.state)}", style=style)


def _missing(one: Progress) -> str:
    figures = one.accepted
    return str(figures.missing) if figures.exact else f"{figures.least_missing} to {figures.missing}"


def _takes(one: Played) -> str:
    return hours_words(one.hours) if one.scenario.earned else "nothing yet"


def _weeks(one: Played, pace: Decimal) -> str:
    if not one.hours.hours:
        return ""
    return f"{'at least ' if one.hours.at_least else ''}{plural(one.weeks(Fraction(pace)), 'week')}"


def outcome(
    now: Progress,
    played: Played,
    finish: Finish | None,
    *,
    active: int,
    pace: Decimal,
    language: str,
    width: int,
    ascii_only: bool,
) -> list[Block]:
    """What the edited set changes, and the shortest way to finish from what is held."""
    from wallet.pathways.plan import compare

    blocks = [Block(Text(f"What set {SETS[active]} changes", style="bold"))]
    changed = compare(now, played.progress)
    blocks += changes(now.pathway, changed, language, width, ascii_only)
    if not changed:
        empty = "nothing: tick a part with space" if played.scenario == type(played.scenario)() else "nothing"
        blocks.append(Block(Text(empty), 2))
    return [*blocks, *_finish(now.pathway, finish, pace, language)]


def changes(
    pathway: Pathway, changed: Sequence[Changed], language: str, width: int, ascii_only: bool
) -> Iterator[Block]:
    """Each part whose standing is another one, before and after."""
    arrow = " -> " if ascii_only else " → "
    names = [clean(pathway.name_of(one.id, language)) for one in changed]
    turns = [_standing(one.before, ascii_only) + arrow + _standing(one.after, ascii_only) for one in changed]
    turn = max((each.cell_len for each in turns), default=0)
    room = min(max(map(cell_len, names), default=0), max(width - turn - 4, 10))
    for name, one, each in zip(names, changed, turns, strict=True):
        yield Block(Text.assemble((fit(name, room + 2), "bold" if one.kind == "group" else ""), each), 2)


def _standing(node: NodeState | None, ascii_only: bool) -> Text:
    if node is None:
        return Text("not there")
    glyph, style = state_mark(node.state, ascii_only=ascii_only)
    figure = f" {node.filled}/{node.required}" if node.kind == "group" or node.required > 1 else ""
    return Text.assemble((f"{glyph} {state_word(node.state)}", style), figure)


def _finish(pathway: Pathway, finish: Finish | None, pace: Decimal, language: str) -> Iterator[Block]:
    if finish is None:
        yield Block(Text("\nShortest finish: looking …", style="bold"))
        return
    yield Block(Text(f"\nShortest finish, {_MEASURES[finish.by]}", style="bold"))
    if not finish.steps and not finish.missing:
        yield Block(Text("nothing is missing"), 2)
        return
    least = "at least " if finish.at_least else ""
    yield Block(Text(f"{plural(len(finish.steps), 'badge')}, {least}{float(finish.hours):g} h"), 2)
    weeks = plural(finish.weeks(Fraction(pace)), "week")
    yield Block(Text(f"{least}{weeks} with {pace:f} h a week"), 2)
    if finish.ends is not None:
        yield Block(Text(f"the last offering ends on {finish.ends}"), 2)
    if not finish.exact:
        yield Block(Text("an estimate: there may be a shorter way", style=ORANGE), 2)
    for number, step in enumerate(finish.steps, 1):
        places = " and ".join(clean(pathway.name_of(place, language)) for place in step.places)
        hours = f"{float(step.option.hours):g} h" if step.option.hours is not None else "hours not stated"
        how = f", the word of your {clean(step.option.rule.attested or 'advisor')}" if step.option.word else ""
        until = f", offered until {step.option.ends}" if step.option.ends is not None else ""
        yield Block(Text(f"{number}. {places}, {hours}{how}{until}"), 2)
    if finish.missing:
        yield Block(Text(f"{plural(finish.missing, 'place')} that nothing known can fill", style=ORANGE), 2)
    if finish.steps:
        yield Block(Text("f: tick these   m: by another measure   w: hours a week", style="dim"), 2)
