"""The card beside the tree: a whole pathway, a group, or an element with its eight details and its reasons. Pure, clean text.

A card is a list of `Block`s, so that what is indented stays so when a line breaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group as Stack
from rich.padding import Padding
from rich.text import Text

from tui.app.pathway_views import (
    BLUE,
    ORANGE,
    bar_of,
    cost_words,
    hours_words,
    percent,
    planned_in,
    state_mark,
    state_word,
)
from tui.words import NOT_STATED, what_ends
from wallet.text import clean, plural

if TYPE_CHECKING:
    from tui.app.pathway_reading import Outlook, Way
    from wallet.details import Detail
    from wallet.pathways.model import Element
    from wallet.pathways.results import BadgeUse, Figures, NodeState

_LABEL, _BAR = 15, 8
_LINK_LENGTH = 2_000
_RULES_SHOWN, _NEXT_SHOWN = 5, 2


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines and how far they are set in."""

    text: Text
    indent: int = 0


def stacked(blocks: Sequence[Block]) -> Stack:
    """For a widget."""
    return Stack(*(Padding(one.text, (0, 0, 0, one.indent)) for one in blocks))


def card(
    node: NodeState,
    way: Way,
    seen: Outlook,
    language: str,
    *,
    ascii_only: bool,
    details: Sequence[Detail] | None = None,
) -> list[Block]:
    """All about one part. details: the eight, once they are known."""
    glyph, style = state_mark(node.state, ascii_only=ascii_only)
    places = f"  {node.filled} of {plural(node.required, 'place')}"
    head = Text.assemble((clean(node.name.pick(language)) or clean(node.id), "bold"), "\n")
    head.append(f"{glyph} {state_word(node.state)}", style=style)
    head.append(places)
    blocks = [Block(head)]
    if node.kind == "element":
        blocks += _element(node, way, seen, language, ascii_only)
        blocks += _eight(details)
    elif node.depth == 0:
        blocks += _whole(way, seen, language, ascii_only)
    else:
        blocks += _group(node, way, language)
    return blocks


def alone_card(name: str | None, count: int) -> list[Block]:
    """Beside the badges that no pathway asks for."""
    if name is None:
        return [
            Block(Text(f"{plural(count, 'badge')} in no pathway", style="bold")),
            Block(
                Text(
                    "\nNo pathway of yours asks for them. They are worth what they are, and any pathway may begin with one."
                )
            ),
            Block(Text("\nenter: all about the badge", style="dim")),
        ]
    return [Block(Text(name, style="bold")), Block(Text("\nNo pathway of yours asks for it.\n\nenter: all about it"))]


def _heading(words: str) -> Block:
    return Block(Text(f"\n{words}", style="bold"))


def _fact(label: str, value: str, style: str = "") -> Block:
    return Block(Text.assemble((f"{label:<{_LABEL - 1}} ", "dim"), (value, style)))


def _figure(label: str, figures: Figures, planned: int, ascii_only: bool) -> Block:
    words = f" {figures.filled} of {figures.required}  {percent(figures)}"
    line = Text.assemble((f"{label:<{_LABEL - 1}} ", "dim"))
    line.append_text(bar_of(figures, _BAR, planned=planned, ascii_only=ascii_only))
    line.append(words)
    return Block(line)


def _whole(way: Way, seen: Outlook, language: str, ascii_only: bool) -> Iterator[Block]:
    from wallet.pathways.advice import award_request, in_credits
    from wallet.pathways.plan import cost_left

    progress, pathway = way.progress, way.progress.pathway
    if pathway.status != "published":
        yield Block(Text(f"beware: this pathway is {clean(pathway.status)}", style=f"bold {ORANGE}"))
    yield Block(Text())
    yield _figure("verified only", progress.verified, 0, ascii_only)
    yield _figure("accepted", progress.accepted, 0, ascii_only)
    if progress.personal.planned:
        yield _figure("with planned", progress.planned, 0, ascii_only)
    if progress.without_exceptions is not None:
        yield _figure("no exceptions", progress.without_exceptions[1], 0, ascii_only)
    if progress.accepted.missing:
        credit = "".join(f" = {words}" for words in in_credits(pathway, progress.hours_left.hours, language))
        yield _fact("hours to go", hours_words(progress.hours_left) + credit)
        yield _fact("cost to go", cost_words(cost_left(progress)))
    yield _fact("as of", progress.at.isoformat())
    if (request := award_request(progress, language)) is not None:
        yield _heading("Ask for the badge")
        yield Block(Text(request), 2)
    yield from _next(way, language)
    yield from _risk(way, seen, language)
    yield from _said(way, seen, language)
    yield from _towards(way, language)
    if way.alike:
        yield _heading("Similar badges that you hold")
        for one in way.alike:
            name, place = seen.names.get(one.badge, one.badge[:6]), clean(pathway.name_of(one.element, language))
            yield Block(Text(f"{name}: about the same as {place} ({one.what}); it counts once it is accepted"), 2)
    yield from _about(way, language)


def _next(way: Way, language: str) -> Iterator[Block]:
    if not way.steps:
        return
    yield _heading("Next steps")
    for step in way.steps[:_NEXT_SHOWN]:
        hours = f"{step.hours:f} h" if step.hours is not None else "hours not stated"
        yield Block(Text(f"{clean(step.element.name.pick(language))}, {hours}{', planned' if step.planned else ''}"), 2)
        yield Block(Text(_where(step.enrol, step.ask), style="dim"), 4)


def _where(link: str | None, ask: str | None) -> str:
    if link:
        return clean(link, limit=_LINK_LENGTH)
    return f"ask the publisher: {clean(ask)}" if ask else "ask the publisher"


def _risk(way: Way, seen: Outlook, language: str) -> Iterator[Block]:
    risk, pathway = way.risk, way.progress.pathway
    yield _heading(f"In {seen.days} days, on {risk.then.at}")
    if not risk.lost:
        yield Block(Text("no place will be lost"), 2)
    for one in risk.lost:
        ends = "; ".join(
            f"{what_ends(each, seen.names)} {f'ends {each.ends}' if each.ends else clean(each.note)}"
            for each in one.endings
        )
        why = ends or "its equivalence ends"
        place = clean(pathway.name_of(one.element, language))
        yield Block(Text.assemble(("! ", ORANGE), f"{place} will be lost: {why}"), 2)
    if risk.broken:
        yield Block(
            Text(f"no longer met then: {', '.join(clean(pathway.name_of(n, language)) for n in risk.broken)}"), 2
        )


def _said(way: Way, seen: Outlook, language: str) -> Iterator[Block]:
    """What the learner's records change, each with who and why."""
    personal, pathway = way.progress.personal, way.progress.pathway
    lines = [(one.place, one.sentence(seen.names), "exception") for one in personal.excepted]
    lines += [(one.place, one.sentence(), "") for one in personal.attested]
    lines += [(one.place, f"planned on {one.recorded}", "") for one in personal.planned]
    if lines:
        yield _heading("Your records")
    for place, sentence, kind in lines:
        words = f"{clean(pathway.name_of(place, language))}: {f'{kind}, ' if kind else ''}{sentence}"
        yield Block(Text(words), 2)


def _towards(way: Way, language: str) -> Iterator[Block]:
    """What it may be part of, in words that promise nothing."""
    from wallet.details import RELATIONS

    pathway = way.progress.pathway
    if pathway.qualifications:
        yield _heading("Counts towards")
    for one in pathway.qualifications:
        whose = clean(one.awarded_by) if one.awarded_by else "its awarding body"
        relation = RELATIONS.get(one.relation, clean(one.relation))
        yield Block(Text(f"May count towards {clean(one.name.pick(language))} ({relation}); decided by {whose}."), 2)


def _about(way: Way, language: str) -> Iterator[Block]:
    from wallet.pathways.plan import hours_by_facilitation

    pathway = way.progress.pathway
    yield _heading("About")
    if pathway.description:
        yield Block(Text(clean(pathway.description.pick(language), lines=True, limit=2_000)), 2)
    yield _fact("  version", clean(pathway.version))
    if pathway.publisher is not None:
        yield _fact("  publisher", clean(pathway.publisher.name))
        if pathway.publisher.orientation_url:
            yield _fact("  orientation", clean(pathway.publisher.orientation_url, limit=_LINK_LENGTH))
    for degree, hours, at_least in hours_by_facilitation(pathway):
        said = clean(degree).replace("-", " ") if degree else "facilitation not stated"
        yield Block(Text(f"{'at least ' if at_least else ''}{hours:f} h {said}"), 2)


def _group(node: NodeState, way: Way, language: str) -> Iterator[Block]:
    group = way.progress.pathway.groups[node.id]
    if node.note:
        yield Block(Text(clean(node.note)))
    if group.description:
        yield Block(Text("\n" + clean(group.description.pick(language), lines=True, limit=2_000)))
    yield Block(Text())
    yield _fact("accepted", f"{node.filled} of {node.required}")
    yield _fact("verified only", f"{way.proven_at(node)} of {node.required}")
    if meant := planned_in(node):
        yield _fact("with planned", f"{node.filled + meant} of {node.required}")
    if group.exclusive:
        yield _fact("sharing", "in here a badge counts once")
    if group.ordered != "no":
        yield _fact(
            "order", "stages, one after the other" if group.ordered == "strict" else "as advised; any order counts"
        )
    if group.requires:
        yield _fact(
            "best after", ", ".join(clean(way.progress.pathway.name_of(one, language)) for one in group.requires)
        )


def _element(node: NodeState, way: Way, seen: Outlook, language: str, ascii_only: bool) -> Iterator[Block]:
    from wallet.pathways.plan import enrol_link, whom_to_ask

    element, pathway = way.progress.pathway.elements[node.id], way.progress.pathway
    here = [use for use in way.progress.badges if use.place == node.id]
    yield _heading("Why")
    if node.note and node.note != node.state and not any(use.nearly for use in here):
        yield Block(Text(clean(node.note)), 2)
    for use in here:
        yield from _use(use, seen.names, ascii_only)
    if not here:
        yield Block(Text("you hold no badge that its rules name"), 2)
    if node.missing:
        yield from _wanted(element)
    for lost in way.risk.lost:
        if lost.element == node.id:
            ends = ", ".join(f"{what_ends(e, seen.names)} ends {e.ends}" for e in lost.endings if e.ends is not None)
            yield Block(
                Text.assemble(("! ", ORANGE), f"at risk within {seen.days} days{f': {ends}' if ends else ''}"), 2
            )
    if node.missing:
        yield _heading("Enrol   y: copy the link" if enrol_link(element, seen.at) else "Enrol")
        yield Block(Text(_where(enrol_link(element, seen.at), whom_to_ask(pathway))), 2)
        yield Block(Text(f"cost: {_cost(element)}"), 2)
    if element.requires:
        after = ", ".join(clean(pathway.name_of(name, language)) for name in element.requires)
        yield Block(Text(f"best after: {after}"), 2)
    yield from _records(node, way, seen.names)


def _cost(element: Element) -> str:
    return f"{element.cost.value:f} {clean(element.cost.currency)}" if element.cost is not None else NOT_STATED


def _use(use: BadgeUse, names: Mapping[str, str], ascii_only: bool) -> Iterator[Block]:
    yes, no = ("+", "x") if ascii_only else ("✓", "✗")
    mark = (yes, BLUE) if use.counts else (no, ORANGE)
    words = f" {names.get(use.id, use.id[:6])}: {clean(use.note)}"
    yield Block(Text.assemble(mark, words), 2)
    if use.rule is not None:
        yield Block(Text(f"by {use.strength}: {clean(use.rule.spelled(), limit=160)}", style="dim"), 4)


def _wanted(element: Element) -> Iterator[Block]:
    for rule in element.match[:_RULES_SHOWN]:
        if rule.attested is not None:
            said = f"the word of your {clean(rule.attested)}   a: record it"
        else:
            said = f"a badge with {clean(rule.spelled(), limit=200)}"
        yield Block(Text(f"would fill it: {said}", style="dim"), 2)


def _records(node: NodeState, way: Way, names: Mapping[str, str]) -> Iterator[Block]:
    personal = way.progress.personal
    said = [one.sentence(names) for one in personal.excepted if one.place == node.id]
    said += [one.sentence() for one in personal.attested if one.place == node.id]
    said += [f"planned on {one.recorded}" for one in personal.planned if one.place == node.id]
    if said:
        yield _heading("Your records")
    for sentence in said:
        yield Block(Text(sentence), 2)


def _eight(details: Sequence[Detail] | None) -> Iterator[Block]:
    if details is None:
        yield _heading("Details: reading …")
        return
    from wallet.details import stated

    yield _heading(f"Details: {stated(details)} of {len(details)} stated")
    for number, one in enumerate(details, 1):
        label = Text(f"{number} {one.label}")
        if not one.values:
            label.append(f"  {NOT_STATED}", style="dim")
        yield Block(label)
        for value in one.values:
            yield Block(Text(clean(value, lines=True, limit=_LINK_LENGTH)), 2)
        if one.source:
            yield Block(Text(f"says {clean(one.source)}", style="dim"), 2)
