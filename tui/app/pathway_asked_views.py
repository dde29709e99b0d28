"""What could be begun now, and what a newer version asks otherwise, as clean text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.text import Text

from tui.app.colours import coloured
from tui.app.pathway_cards import Block
from tui.app.planner_views import changes
from tui.words import NOT_STATED
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.model import Offering
    from wallet.pathways.plan import Differences, NextStep
    from wallet.pathways.results import Figures, Progress

_LINK_LENGTH = 2_000


def filters_line(delivery: str | None, most: Decimal | None) -> Text:
    """What is left out."""
    return Text.assemble(
        ("given  ", "dim"),
        f"{delivery or 'in any way'}     ",
        ("takes  ", "dim"),
        f"at most {most:f} h" if most is not None else "any time",
        ("     what does not say comes last", "dim"),
    )


def next_blocks(progress: Progress, steps: tuple[NextStep, ...], language: str) -> Iterator[Block]:
    """Each step with all that is known of it."""
    if not steps:
        yield Block(
            Text("Nothing fits: d and m change what is asked for." if progress.missing else "Nothing is missing.")
        )
    for step in steps:
        word = "planned" if step.planned else plural(step.places, "place")
        name = clean(step.element.name.pick(language)) or clean(step.element.id)
        yield Block(Text.assemble((f"{name}  ", "bold"), word))
        for label, words in _facts(step):
            yield Block(Text.assemble((f"{label:<10}", "dim"), words), 2)
        yield Block(Text())


def _facts(step: NextStep) -> Iterator[tuple[str, str]]:
    element, offering = step.element, step.offering
    yield "takes", f"{step.hours:f} h" if step.hours is not None else NOT_STATED
    yield "given", clean(element.delivery) if element.delivery else NOT_STATED
    cost = element.cost
    yield "costs", f"{cost.value:f} {clean(cost.currency)}" if cost is not None else NOT_STATED
    if offering is not None:
        yield "when", _when(offering)
    if step.enrol:
        yield "enrol", clean(step.enrol, limit=_LINK_LENGTH)
    else:
        yield "enrol", f"ask the publisher: {clean(step.ask)}" if step.ask else "ask the publisher"
    if step.near is not None:
        yield "you hold", f"a badge that {clean(step.near)}"


def _when(offering: Offering) -> str:
    said = [
        f"{word} {day.isoformat()}"
        for word, day in (("begins", offering.begins), ("ends", offering.ends), ("enrol by", offering.enrol_by))
        if day is not None
    ]
    return ", ".join([*said, *([clean(offering.place)] if offering.place else [])]) or NOT_STATED


def diff_blocks(found: Differences, language: str, width: int, *, ascii_only: bool) -> Iterator[Block]:
    """What is asked otherwise, and what that means for this wallet."""
    old, new = found.old.pathway, found.new.pathway
    yield Block(Text("What is asked otherwise", "bold"))
    different = False
    for word, ids, where in (("new", found.added, new), ("gone", found.removed, old), ("changed", found.altered, new)):
        for name in ids:
            different = True
            shown = f"{clean(where.name_of(name, language))} ({clean(name)})"
            yield Block(Text.assemble((f"{word:<10}", "dim"), shown), 2)
    if not different:
        yield Block(Text("nothing in groups and elements"), 2)
    yield Block(Text("\nWhat that means for you", "bold"))
    for version, progress in ((old.version, found.old), (new.version, found.new)):
        yield Block(Text.assemble((f"version {clean(version)}: ", "dim"), _figure(progress.accepted)), 2)
    yield from changes(new, found.standing, language, width, ascii_only)
    if found.drops_from_met:
        words = "You were done by the old version and are not by the new one."
        yield Block(Text(f"\n{words}", coloured("bold dark_orange")))


def _figure(figures: Figures) -> str:
    missing = f"{figures.missing} missing" if figures.missing else "nothing missing"
    return f"{figures.filled} of {figures.required}, {missing}"
