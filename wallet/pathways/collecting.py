"""Turns badges that a learner put together into a draft pathway that asks for all of them. Pure: badges in, tables out.

Only who issued what is taken over; what a college knows of hours, outcomes and dates is for its author to add.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wallet.pathways.candidates import Candidate
from wallet.pathways.drafting import slug
from wallet.pathways.matching import key_of
from wallet.pathways.reader import FORMAT
from wallet.text import clean


@dataclass(frozen=True, slots=True)
class Collected:
    """The tables of a pathway file, and the badges that no rule can name because nobody says who issued them."""

    tables: dict[str, object]
    nameless: tuple[Candidate, ...]


def collect(name: str, identifier: str, badges: Iterable[Candidate]) -> Collected:
    """A draft with one element for each achievement, in the order of names."""
    elements: dict[str, object] = {}
    nameless: list[Candidate] = []
    seen: set[str] = set()
    for badge in sorted(badges, key=lambda one: (clean(one.name).casefold(), one.id)):
        key = key_of(badge)
        if key in seen:
            continue
        seen.add(key)
        rule = _rule(badge)
        if rule is None:
            nameless.append(badge)
            continue
        element = slug(badge.name, "badge")
        number = 2
        while element in elements or element == "collection":
            element, number = f"{slug(badge.name, 'badge')}-{number}", number + 1
        elements[element] = {"name": clean(badge.name) or "A badge", "match": [rule]}
    tables: dict[str, object] = {
        "format": FORMAT,
        "id": identifier,
        "name": name,
        "version": "1",
        "status": "draft",
        "root": "collection",
        "group": {"collection": {"name": name, "of": list(elements)}},
        "element": elements,
    }
    return Collected(tables, tuple(nameless))


def _rule(badge: Candidate) -> dict[str, str] | None:
    if badge.achievement_id:
        return {"achievement": badge.achievement_id}
    if badge.issuer_id and badge.name.strip() and "*" not in badge.name and "?" not in badge.name:
        return {"issuer": badge.issuer_id, "name": badge.name}
    return None
