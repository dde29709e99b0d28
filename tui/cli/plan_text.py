"""Plans for people: next steps, the shortest finish, two ways side by side, what is at risk, and why each badge counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tui.cli.output import Cell, Out
from tui.cli.pathway_text import STATE_WORDS, cost_words, element_facts, figure_words
from tui.words import named, status_words, what_ends
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.model import Pathway, Rule
    from wallet.pathways.plan import AtRisk, Changed, Differences, Ending, NextStep, WhatIf
    from wallet.pathways.results import NodeState, Progress
    from wallet.pathways.shortest import Finish, Step

_MEASURES = {"badges": "fewest badges", "hours": "fewest hours", "days": "earliest end"}


def _heading(out: Out, pathway: Pathway, languages: Sequence[str]) -> None:
    name = named(pathway.name.pick(*languages), pathway.id) + status_words(pathway)
    if out.plain:
        out.fact("pathway", name)
    else:
        out.line(name, style="bold")


def hours_words(progress: Progress) -> str:
    """The hours of what is missing."""
    left = progress.hours_left
    return ("at least " if left.at_least else "") + f"{left.hours:f} h"


def print_next(out: Out, progress: Progress, steps: Sequence[NextStep], languages: Sequence[str]) -> None:
    """What could be begun now, each with hours, cost, dates and a link or whom to ask."""
    _heading(out, progress.pathway, languages)
    if not steps:
        out.line("Nothing is missing." if not progress.missing else "Nothing fits; leave the filters out.", indent=2)
    for step in steps:
        word = "planned" if step.planned else plural(step.places, "place")
        out.line(f"{clean(step.element.name.pick(*languages))}  ({word})", indent=2)
        facts = element_facts(step.element, progress.pathway, languages, at=progress.at)
        if step.near is not None:
            facts.append(("you hold", f"a badge that {clean(step.near)}"))
        out.facts(facts, indent=4)


def print_finish(
    out: Out, progress: Progress, finish: Finish, languages: Sequence[str], weeks: tuple[int, str] | None
) -> None:
    """The steps in the order in which they are best taken, and what they come to."""
    _heading(out, progress.pathway, languages)
    total = f"{plural(len(finish.steps), 'badge')}, {'at least ' if finish.at_least else ''}{float(finish.hours):g} h"
    facts: list[tuple[str, str | Cell]] = [("to finish", total)]
    if weeks is not None:
        facts.append(("at your pace", f"{plural(weeks[0], 'week')} with {weeks[1]} h a week"))
    if finish.ends is not None:
        facts.append(("last offering ends", finish.ends.isoformat()))
    measure = _MEASURES[finish.by]
    facts.append(("measured by", measure if finish.exact else f"{measure}; an estimate, there may be a shorter way"))
    if finish.missing:
        facts.append(("not known", f"{plural(finish.missing, 'place')} that nothing known can fill"))
    out.facts(facts)
    for number, step in enumerate(finish.steps, 1):
        out.line(f"{number}. {_step(progress.pathway, step, languages)}", indent=2)


def _step(pathway: Pathway, step: Step, languages: Sequence[str]) -> str:
    places = " and ".join(clean(pathway.name_of(place, *languages)) for place in step.places)
    one = step.option
    how = f"a record of your {clean(one.rule.attested or 'advisor')}" if one.word else _rule(one.rule)
    hours = f"{float(one.hours):g} h" if one.hours is not None else "hours not stated"
    ends = f", offered until {one.ends}" if one.ends is not None else ""
    return f"{places}: {how}, {hours}{ends}"


def _rule(rule: Rule) -> str:
    return clean(rule.achievement) if rule.achievement is not None else f"a badge with {clean(rule.spelled())}"


def print_closest(out: Out, progresses: Sequence[Progress], languages: Sequence[str]) -> None:
    """One line a pathway."""
    out.rows(
        ("Pathway", "Missing", "Filled", "Percent", "Hours to go"),
        [
            (
                Cell(clean(one.pathway.name.pick(*languages)) + status_words(one.pathway), "bold"),
                str(one.accepted.missing),
                f"{one.accepted.filled} of {one.accepted.required}",
                f"{one.accepted.percent} %",
                hours_words(one),
            )
            for one in progresses
        ],
        cut=("Pathway",),
    )


def print_what_if(out: Out, found: WhatIf, languages: Sequence[str], other: WhatIf | None = None) -> None:
    """As it is and as it would be, side by side; with the other way beside them where there are two."""
    _heading(out, found.before.pathway, languages)
    ways = (("What if", found.after),) if other is None else (("One way", found.after), ("The other", other.after))
    _side_by_side(out, ("As it is", found.before), *ways)
    _print_changes(out, found.after.pathway, found.changed, languages)
    if other is not None:
        _print_changes(out, other.after.pathway, other.changed, languages, title="What the other changes")
    out.line("Nothing was written.")


def _side_by_side(out: Out, *ways: tuple[str, Progress]) -> None:
    from wallet.pathways.plan import cost_left

    def column(progress: Progress) -> tuple[str, ...]:
        return (
            progress.at.isoformat(),
            STATE_WORDS.get(progress.state, progress.state),
            f"{progress.accepted.filled} of {progress.accepted.required}",
            str(progress.accepted.missing),
            f"{progress.accepted.percent} %",
            hours_words(progress),
            cost_words(cost_left(progress)),
        )

    names = ("as of", "state", "filled", "missing", "percent", "hours to go", "cost to go")
    columns = [column(progress) for _, progress in ways]
    out.rows(("", *(title for title, _ in ways)), list(zip(names, *columns, strict=True)))


def _print_changes(
    out: Out, pathway: Pathway, changes: Iterable[Changed], languages: Sequence[str], *, title: str = "What changes"
) -> None:
    facts: list[tuple[str, str | Cell]] = [
        (clean(pathway.name_of(one.id, *languages)), f"{_standing(one.before)} -> {_standing(one.after)}")
        for one in changes
    ]
    if facts:
        out.heading(title)
        out.facts(facts)


def _standing(node: NodeState | None) -> str:
    if node is None:
        return "not there"
    return f"{STATE_WORDS.get(node.state, node.state)} {node.filled}/{node.required}"


def print_risk(out: Out, found: AtRisk, names: Mapping[str, str], languages: Sequence[str]) -> None:
    """The places that will be lost, each with the badge that ends, and the groups that this breaks."""
    pathway = found.now.pathway
    _heading(out, pathway, languages)
    out.facts(
        [
            (f"on {found.now.at}", figure_words(found.now.accepted)),
            (f"on {found.then.at}", figure_words(found.then.accepted)),
        ]
    )
    lost: list[tuple[str, str | Cell]] = [
        (
            clean(pathway.name_of(one.element, *languages)),
            "; ".join(_ending(each, names) for each in one.endings) or "its equivalence ends",
        )
        for one in found.lost
    ]
    if lost:
        out.heading("Places that will be lost")
        out.facts(lost)
    else:
        out.line("No place will be lost.", indent=2)
    kept = [each for each in found.endings if all(each not in one.endings for one in found.lost)]
    if kept:
        out.heading("Ends without losing a place")
        out.facts([(what_ends(each, names), _when(each)) for each in kept])
    if found.broken:
        out.heading("No longer met then")
        out.facts([(clean(pathway.name_of(name, *languages)), "met now") for name in found.broken])


def _ending(ending: Ending, names: Mapping[str, str]) -> str:
    return f"{what_ends(ending, names)} {_when(ending)}"


def _when(ending: Ending) -> str:
    return f"ends {ending.ends}" if ending.ends is not None else clean(ending.note)


def print_diff(out: Out, found: Differences, languages: Sequence[str]) -> None:
    """What the newer version asks otherwise, and what that means for this wallet."""
    old, new = found.old.pathway, found.new.pathway
    _heading(out, new, languages)
    facts: list[tuple[str, str | Cell]] = []
    for word, ids, where in (("new", found.added, new), ("gone", found.removed, old), ("changed", found.altered, new)):
        facts.extend((word, f"{clean(where.name_of(name, *languages))} ({clean(name)})") for name in ids)
    out.facts(facts or [("difference", "none in groups and elements")])
    _side_by_side(out, (f"Version {clean(old.version)}", found.old), (f"Version {clean(new.version)}", found.new))
    _print_changes(out, new, found.standing, languages)
    if found.drops_from_met:
        out.line("You were done by the old version and are not by the new one.", style="bold")


def print_explained(
    out: Out, progress: Progress, badge: str | None, names: Mapping[str, str], languages: Sequence[str]
) -> None:
    """Each badge: its place, rule and strength, or why not. Each open place: what would fill it, and why nothing does."""
    _heading(out, progress.pathway, languages)
    uses = [use for use in progress.badges if badge is None or use.id == badge]
    facts: list[tuple[str, str | Cell]] = []
    for use in uses:
        rule = f" (by {use.strength}: {clean(use.rule.spelled(), limit=160)})" if use.rule is not None else ""
        facts.append((names.get(use.id, use.id[:6]), f"{clean(use.note)}{rule}"))
    out.facts(facts or [("badges", "none")])
    if badge is not None or not progress.missing:
        return
    out.heading("Open places")
    for spot in progress.missing:
        for name in spot.elements:
            element = progress.pathway.elements[name]
            out.line(clean(element.name.pick(*languages)), indent=2)
            asks: list[tuple[str, str | Cell]] = [
                ("would fill it", clean(rule.spelled(), limit=200)) for rule in element.match[:5]
            ]
            near = [use for use in spot.near if use.place == name]
            asks += [(names.get(use.id, use.id[:6]), clean(use.note)) for use in near]
            if not near:
                asks.append(("you hold", "no badge that its rules name"))
            out.facts(asks, indent=4)
