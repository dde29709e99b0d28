"""Pathways for people: what one asks for, how far it is filled, and what is missing, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from tui.cli.output import Cell, Out
from tui.cli.pathways import candidates
from tui.cli.run import Run
from tui.words import NOT_STATED, named
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.model import Element, Offering, Pathway, Qualification
    from wallet.pathways.plan import CostLeft, NextStep
    from wallet.pathways.results import Figures, Missing, NodeState, Progress

_STATES = {
    "met": ("✓", "+", "bold blue"),
    "eligible": ("◆", "*", "bold blue"),
    "in-progress": ("◐", "~", ""),
    "refused": ("✗", "x", "dark_orange"),
    "blocked": ("⊘", "B", "dark_orange"),
    "planned": ("◇", "P", ""),
}
_OPEN = ("○", "o", "")
STATE_WORDS = {"not-started": "not started", "in-progress": "in progress"}


def _mark(state: str, out: Out) -> tuple[str, str]:
    shown, plain, style = _STATES.get(state, _OPEN)
    return (plain if out.ascii_only else shown), style


def figure_words(figures: Figures) -> str:
    """One figure in words; an undecided one as an interval."""
    if figures.exact:
        return f"{figures.filled} of {figures.required} places filled, {figures.missing} missing ({figures.percent} %)"
    return (
        f"at least {figures.filled} of {figures.required} places filled, {figures.least_missing} to {figures.missing} missing"
        f" ({figures.percent} to {figures.most_percent} %)"
    )


def print_progress(run: Run, progress: Progress, languages: Sequence[str]) -> None:
    """Figures, the tree with the badge that fills each place, and the badges that do not count with the reason."""
    out = run.out
    if out.json_form:
        return
    names = badge_names(run)
    _title(out, progress, languages, names)
    if out.plain:
        for node in progress.nodes:
            filled = f", by {_by(node, names)}" if node.by else ""
            note = f", {node.note}" if node.note else ""
            word = STATE_WORDS.get(node.state, node.state)
            optional = ", optional" if node.optional else ""
            out.fact(
                f"{node.kind} {clean(node.name.pick(*languages))}",
                f"{word}, {node.filled} of {node.required}{optional}{filled}{note}",
            )
    else:
        out.blank()
        for node in progress.nodes:
            _print_node(out, node, names, languages)
    refused = [use for use in progress.badges if use.refused is not None]
    counted = {use.id for use in progress.badges if use.counts}
    shown = [use for use in refused if use.id not in counted]
    if shown:
        out.heading("Badges that do not count")
        out.facts([(names.get(use.id, use.id[:6]), clean(use.note)) for use in shown])
    _print_next(out, progress, languages)
    others = [use for use in progress.badges if use.place is None]
    if others and not out.plain:
        out.blank()
        out.line(f"{plural(len(others), 'badge')} of yours {'is' if len(others) == 1 else 'are'} for something else.")


def cost_words(left: CostLeft) -> str:
    """What is to be paid, or that nobody says."""
    sums = " and ".join(f"{one.value:f} {clean(one.currency)}" for one in left.sums)
    if not sums:
        return NOT_STATED
    return f"at least {sums}" if left.at_least else sums


def _print_next(out: Out, progress: Progress, languages: Sequence[str]) -> None:
    """The next two steps, small and concrete."""
    from wallet.pathways.plan import next_steps

    steps = next_steps(progress)[:2]
    if steps:
        out.heading("Next steps")
        out.facts(
            [
                (
                    clean(step.element.name.pick(*languages)),
                    ", ".join(
                        (f"{step.hours:f} h" if step.hours is not None else "hours not stated", enrol_words(step))
                    ),
                )
                for step in steps
            ]
        )


def enrol_words(step: NextStep) -> str:
    """Where to enrol, or whom to ask."""
    return clean(step.enrol, limit=2_000) if step.enrol else _asking(step.ask)


def questions_to(pathway: Pathway) -> str:
    """Whom to turn to with a question."""
    from wallet.pathways.plan import whom_to_ask

    return clean(whom_to_ask(pathway) or "", limit=2_000) or NOT_STATED


def _asking(whom: str | None) -> str:
    return f"ask the publisher: {clean(whom)}" if whom else "ask the publisher"


def _title(out: Out, progress: Progress, languages: Sequence[str], names: Mapping[str, str]) -> None:
    from wallet.pathways.advice import award_request, in_credits
    from wallet.pathways.plan import cost_left

    pathway = progress.pathway
    mark, style = _mark(progress.state, out)
    name = named(pathway.name.pick(*languages), pathway.id)
    word = STATE_WORDS.get(progress.state, progress.state)
    if out.plain:
        out.fact("pathway", name)
        out.fact("state", word)
    else:
        out.line(f"{mark} {word}  {name}", style=style or "bold")
    hours = progress.hours_left
    facts: list[tuple[str, str | Cell]] = [
        ("counted", figure_words(progress.accepted)),
        ("verified only", figure_words(progress.verified)),
    ]
    if progress.personal.planned:
        facts.append(("with planned", figure_words(progress.planned)))
    if progress.without_exceptions is not None:
        facts.append(("without exceptions", figure_words(progress.without_exceptions[1])))
    facts.append(("as of", progress.at.isoformat()))
    if progress.accepted.missing:
        credit = "".join(f" = {words}" for words in in_credits(pathway, hours.hours, *languages))
        facts.append(("hours to go", ("at least " if hours.at_least else "") + f"{hours.hours:f} h{credit}"))
        cost = cost_left(progress)
        if cost.sums:
            facts.append(("cost to go", cost_words(cost)))
    request = award_request(progress, *languages)
    if request is not None:
        facts.append(("ask for it", request))
    if progress.accepted.missing or any(use.nearly for use in progress.badges):
        facts.append(("questions to", questions_to(pathway)))
    facts.extend(("counts towards", words) for words in qualifications(pathway, languages))
    if pathway.status != "published":
        facts.append(("beware", f"this pathway is {clean(pathway.status)}"))
    facts.extend(
        ("exception", f"{_place(pathway, one.place, languages)}: {one.sentence(names)}")
        for one in progress.personal.excepted
    )
    facts.extend(
        ("attested", f"{_place(pathway, one.place, languages)}: {one.sentence()}") for one in progress.personal.attested
    )
    out.facts(facts)


def _place(pathway: Pathway, name: str, languages: Sequence[str]) -> str:
    return clean(pathway.name_of(name, *languages))


#: How a pathway counts towards something larger, in words that promise nothing.
_ROUTES = {
    "automatic": "recognised automatically",
    "on-application": "on application",
    "by-assessment": "by assessment",
    "none": "no route stated by it",
}


def qualifications(pathway: Pathway, languages: Sequence[str]) -> list[str]:
    """A sentence for each qualification that it may count towards."""
    return [qualification_words(one, pathway, languages) for one in pathway.qualifications]


def qualification_words(one: Qualification, pathway: Pathway, languages: Sequence[str]) -> str:
    """Relation, route and credit, and whose decision it is."""
    said = [clean(one.relation)]
    if one.recognition is not None:
        said.append(_ROUTES[one.recognition])
    if one.credit is not None:
        total = f" of {one.total.value:f}" if one.total is not None and one.total.unit == one.credit.unit else ""
        said.append(f"{one.credit.value:f}{total} {_unit(pathway, one.credit.unit, languages)}")
    who = clean(one.awarded_by) if one.awarded_by else "its awarding body"
    note = f". {clean(one.note.pick(*languages))}" if one.note else ""
    return f"{clean(one.name.pick(*languages))}: may count towards it ({', '.join(said)}); decided by {who}{note}"


def _unit(pathway: Pathway, unit: str, languages: Sequence[str]) -> str:
    declared = pathway.credit_units.get(unit)
    return clean(declared.name.pick(*languages)) if declared is not None and declared.name else clean(unit)


def badge_names(run: Run) -> dict[str, str]:
    """How badges are called here, by id."""
    wallet = run.wallet_if_any
    rows = wallet.list_badges(hidden=True) if wallet is not None else ()
    return {row.id: f"{named(row.name)} ({row.short})" for row in rows}


def _by(node: NodeState, names: dict[str, str]) -> str:
    return ", ".join(names.get(badge, badge[:6]) for badge in node.by)


def _print_node(out: Out, node: NodeState, names: dict[str, str], languages: Sequence[str]) -> None:
    mark, style = _mark(node.state, out)
    text = f"{mark} {clean(node.name.pick(*languages), limit=100)}"
    if node.kind == "group" or node.required != 1:
        text += f"  {node.filled}/{node.required}"
    if node.by:
        text += f"  {'by award ' if node.by_award else ''}{_by(node, names)}"
    if node.attested:
        text += "  [attested]"
    if node.forced:
        text += "  [by exception]"
    if node.optional:
        text += "  (optional)"
    if not node.in_plan:
        text += "  (another choice is nearer)"
    if node.note:
        text += f"  {clean(node.note)}"
    out.line(text, indent=2 + 2 * node.depth, style=style)


def print_missing(run: Run, progress: Progress, languages: Sequence[str]) -> None:
    """The open places, and what is known of what would fill them."""
    from wallet.pathways.advice import similar

    out, pathway = run.out, progress.pathway
    if out.json_form:
        from wallet.pathways.progress import to_json

        out.json(to_json(progress, *languages))
        return
    _title(out, progress, languages, badge_names(run))
    alike = similar(progress, candidates(run))
    if not progress.missing:
        out.line("Nothing is missing.", indent=2)
    for spot in progress.missing:
        out.blank()
        _print_spot(out, progress, spot, languages)
    if alike:
        names = badge_names(run)
        out.heading("Similar badges that you hold")
        out.facts(
            [
                (
                    clean(pathway.name_of(one.element, *languages)),
                    f"{names.get(one.badge, one.badge[:6])} is about the same ({one.what}); it counts once it is accepted",
                )
                for one in alike
            ]
        )


def _print_spot(out: Out, progress: Progress, spot: Missing, languages: Sequence[str]) -> None:
    pathway = progress.pathway
    group = clean(pathway.name_of(spot.group, *languages))
    short = [f"{float(one.needed - one.reached):g} {clean(one.unit)} short" for one in spot.short]
    places = [plural(spot.places, "place")] if spot.places > 0 or not short else []
    any_of = " any of" if len(spot.elements) > spot.places > 0 else ""
    out.line(f"{group}: {', '.join([*places, *short])}{any_of}", style="bold")
    for name in spot.elements:
        element = pathway.elements.get(name)
        out.line(clean(pathway.name_of(name, *languages)), indent=2)
        if element is not None:
            held: list[tuple[str, str | Cell]] = [
                ("you hold", f"a badge that {clean(use.note)}") for use in spot.near if use.place == name
            ]
            out.facts([*element_facts(element, pathway, languages, at=progress.at), *held], indent=4)
    if spot.after:
        out.facts([("first", ", ".join(clean(pathway.name_of(one, *languages)) for one in spot.after))], indent=4)


def element_facts(
    element: Element, pathway: Pathway, languages: Sequence[str], *, at: date | None = None
) -> list[tuple[str, str | Cell]]:
    """What a learner wants to know before starting; what the publisher does not say is said to be missing.

    at: offerings that can no longer be joined on that day give no link.
    """
    from wallet.pathways.plan import enrol_link, whom_to_ask

    facts: list[tuple[str, str | Cell]] = [
        ("hours", f"{element.hours:f} h" if element.hours is not None else NOT_STATED),
        ("facilitation", _facilitation(element)),
    ]
    if element.delivery or element.pace:
        facts.append(("delivery", ", ".join(clean(part) for part in (element.delivery, element.pace) if part)))
    if element.cost is not None:
        facts.append(("cost", f"{element.cost.value:f} {clean(element.cost.currency)}"))
    if element.credit is not None:
        facts.append(("credit", f"{element.credit.value:f} {_unit(pathway, element.credit.unit, languages)}"))
    facts.extend(("dates", _offering(one)) for one in element.offering)
    if not element.offering:
        facts.append(("dates", NOT_STATED))
    if element.outcomes:
        facts.append(("outcomes", "; ".join(clean(text.pick(*languages)) for text in element.outcomes)))
    if element.criteria_url:
        facts.append(("criteria", element.criteria_url))
    enrol, ask = enrol_link(element, at or date.min), whom_to_ask(pathway)
    facts.append(("enrol", enrol or _asking(ask)))
    return facts


def _facilitation(element: Element) -> str:
    degree = element.facilitation
    words = clean(degree) if degree else NOT_STATED
    return f"{words}, by {clean(element.facilitator)}" if element.facilitator else words


def _offering(offering: Offering) -> str:
    parts = []
    if offering.begins is not None:
        parts.append(offering.begins.isoformat() + (f" to {offering.ends.isoformat()}" if offering.ends else ""))
    elif offering.ends is not None:
        parts.append(f"until {offering.ends.isoformat()}")
    if offering.enrol_by is not None:
        parts.append(f"enrol by {offering.enrol_by.isoformat()}")
    if offering.place:
        parts.append(clean(offering.place))
    return ", ".join(parts) or NOT_STATED
