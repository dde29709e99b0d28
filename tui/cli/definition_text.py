"""What a pathway asks for, as its file says: for people and as JSON. Nothing is counted here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.cli.card import print_card
from tui.cli.output import Cell, Out
from tui.cli.pathway_text import element_facts, qualification_words, qualifications, questions_to
from tui.cli.pathways import Kept
from tui.words import NOT_STATED, named, status_words
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.details import Detail
    from wallet.pathways.model import Element, Pathway


def print_definition(out: Out, kept: Kept, languages: Sequence[str]) -> None:
    """What the pathway asks for, as its file says."""
    from wallet.pathways.advice import in_credits

    pathway = kept.pathway
    if out.json_form:
        return
    if not out.plain:
        out.line(named(pathway.name.pick(*languages), pathway.id), style="bold")
    facts: list[tuple[str, str | Cell]] = [
        ("name", clean(pathway.name.pick(*languages))) if out.plain else ("file", kept.file),
        ("id", clean(pathway.id)),
        ("version", clean(pathway.version)),
        ("status", clean(pathway.status)),
        ("publisher", clean(pathway.publisher.name) if pathway.publisher is not None else NOT_STATED),
    ]
    if pathway.description:
        facts.append(("description", clean(pathway.description.pick(*languages), limit=2_000)))
    facts.extend(("counts towards", words) for words in qualifications(pathway, languages))
    facts.append(("hours", _by_facilitation(pathway)))
    facts.append(("questions to", questions_to(pathway)))
    total = sum((one.hours for one in pathway.elements.values() if one.hours is not None), Decimal(0))
    credit = "".join(f" = {words}" for words in in_credits(pathway, total, *languages))
    if credit:
        facts.append(("all elements", f"{total:f} h{credit}"))
    if pathway.publisher is not None and pathway.publisher.orientation_url:
        facts.append(("begin here", clean(pathway.publisher.orientation_url)))
    if pathway.license:
        facts.append(("licence", clean(pathway.license)))
    out.facts(facts)
    out.blank()
    _print_below(out, pathway, pathway.root, languages, depth=0, optional=False)


def print_element(out: Out, kept: Kept, name: str, languages: Sequence[str]) -> None:
    """One element: what it asks for, and the eight-detail card."""
    pathway, element = kept.pathway, kept.pathway.elements[name]
    if out.json_form:
        return
    out.line(clean(element.name.pick(*languages)), style="bold")
    facts: list[tuple[str, str | Cell]] = [
        ("pathway", named(pathway.name.pick(*languages), pathway.id) + status_words(pathway))
    ]
    if element.description:
        facts.append(("description", clean(element.description.pick(*languages), limit=2_000)))
    facts += element_facts(element, pathway, languages)
    facts.append(("questions to", questions_to(pathway)))
    facts.extend(("filled by", clean(rule.spelled(), limit=200)) for rule in element.match[:10])
    out.facts(facts)
    print_card(out, element_card(pathway, element, languages))


def element_card(pathway: Pathway, element: Element, languages: Sequence[str]) -> tuple[Detail, ...]:
    """The eight details as far as the pathway states them."""
    from wallet.details import card, of_element

    return card(None, [of_element(pathway, element, next(iter(languages), None))])


def _by_facilitation(pathway: Pathway) -> str:
    from wallet.pathways.plan import hours_by_facilitation

    return "; ".join(
        f"{'at least ' if at_least else ''}{hours:f} h {clean(degree) if degree else 'facilitation not stated'}"
        for degree, hours, at_least in hours_by_facilitation(pathway)
    )


def _print_below(
    out: Out, pathway: Pathway, name: str, languages: Sequence[str], *, depth: int, optional: bool
) -> None:
    group = pathway.groups.get(name)
    mark = " (optional)" if optional else ""
    if group is None:
        element = pathway.elements[name]
        count = f", {element.count} badges" if element.count > 1 else ""
        _line(out, "element", clean(element.name.pick(*languages)) + count + mark, depth)
        out.facts(element_facts(element, pathway, languages), indent=4 + 2 * depth)
        return
    _line(out, "group", f"{clean(group.name.pick(*languages))}: {_need(pathway, name)}{mark}", depth)
    for child in group.of:
        _print_below(out, pathway, child, languages, depth=depth + 1, optional=child in group.optional)


def _line(out: Out, kind: str, text: str, depth: int) -> None:
    if out.plain:
        out.fact(kind, text)
    else:
        out.line(text, indent=2 + 2 * depth, style="bold" if kind == "group" else "")


def _need(pathway: Pathway, name: str) -> str:
    group = pathway.groups[name]
    need = group.need
    words = []
    if need.children is not None:
        words.append(f"any {need.children} of {len(group.counted)}")
    if need.count is not None:
        words.append(plural(need.count, "badge"))
    if need.hours is not None:
        words.append(f"{need.hours:f} h")
    if need.credits is not None:
        words.append(f"{need.credits:f} {clean(need.unit or 'credits')}")
    if not words:
        words.append("all of these")
    if group.exclusive:
        words.append("each badge counts once")
    return ", ".join(words)


def definition_json(kept: Kept, languages: Sequence[str]) -> dict[str, Json]:
    """`badgefolio-pathway/1`: the definition in outline; the file itself has everything."""
    from wallet.details import stated
    from wallet.pathways.plan import hours_by_facilitation, whom_to_ask

    pathway = kept.pathway
    cards = {one.id: element_card(pathway, one, languages) for one in pathway.elements.values()}
    return {
        "format": "badgefolio-pathway/1",
        "id": pathway.id,
        "name": pathway.name.pick(*languages),
        "version": pathway.version,
        "status": pathway.status,
        "file": kept.file,
        "sha256": pathway.sha256,
        "root": pathway.root,
        "qualifications": [
            {
                "name": one.name.pick(*languages),
                "relation": one.relation,
                "recognition": one.recognition,
                "decided_by": one.awarded_by,
                "words": qualification_words(one, pathway, languages),
            }
            for one in pathway.qualifications
        ],
        "contact": whom_to_ask(pathway),
        "hours_by_facilitation": [
            {"facilitation": degree, "hours": str(hours), "at_least": at_least}
            for degree, hours, at_least in hours_by_facilitation(pathway)
        ],
        "groups": [
            {
                "id": group.id,
                "name": group.name.pick(*languages),
                "of": list(group.of),
                "optional": list(group.optional),
                "need": _need(pathway, group.id),
                "exclusive": group.exclusive,
            }
            for group in pathway.groups.values()
        ],
        "elements": [
            {
                "id": element.id,
                "name": element.name.pick(*languages),
                "count": element.count,
                "hours": str(element.hours) if element.hours is not None else None,
                "facilitation": element.facilitation,
                "criteria_url": element.criteria_url,
                "url": element.url,
                "details": [
                    {"label": detail.label, "values": list(detail.values), "source": detail.source}
                    for detail in cards[element.id]
                ],
                "details_stated": stated(cards[element.id]),
                "offering": [
                    {
                        "begins": one.begins.isoformat() if one.begins else None,
                        "ends": one.ends.isoformat() if one.ends else None,
                        "enrol_by": one.enrol_by.isoformat() if one.enrol_by else None,
                        "url": one.url,
                    }
                    for one in element.offering
                ],
            }
            for element in pathway.elements.values()
        ],
    }
