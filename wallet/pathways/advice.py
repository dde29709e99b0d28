"""Words that help a learner on: what hours come to in credit, a request for an award, badges that might count elsewhere.

All of it is advice: nothing here changes a figure. A similar badge counts only once somebody accepts it, by an equivalence in
the file or by an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from wallet.model import Alignment
from wallet.pathways.candidates import Candidate
from wallet.pathways.matching import folded, normal_id
from wallet.pathways.model import Pathway
from wallet.pathways.plan import whom_to_ask
from wallet.pathways.progress import spelled
from wallet.pathways.results import Progress
from wallet.text import clean


def in_credits(pathway: Pathway, hours: Decimal | Fraction, *languages: str) -> tuple[str, ...]:
    """What so many hours come to in each unit that says how long it is: `3 College credit`. Clean."""
    return tuple(
        f"{spelled(Fraction(hours) / Fraction(unit.hours))} {clean(unit.name.pick(*languages)) or clean(name)}"
        for name, unit in sorted(pathway.credit_units.items())
        if unit.hours
    )


def award_request(progress: Progress, *languages: str) -> str | None:
    """A message to the publisher for a badge that is earned and was not received, with whom to send it to; or None."""
    groups = [progress.pathway.groups[node.id] for node in progress.nodes if node.state == "eligible"]
    if not groups:
        return None
    names = ", ".join(dict.fromkeys(clean(group.name.pick(*languages)) for group in groups))
    pathway = progress.pathway
    whom = clean(whom_to_ask(pathway) or "") or "the publisher of the pathway"
    title, version = clean(pathway.name.pick(*languages)), clean(pathway.version)
    return (
        f'To {whom}: "By your pathway {title}, version {version}, I have met all parts of {names} as of {progress.at}. '
        'Please tell me how I receive the badge for it. I can send the badges with their proofs."'
    )


@dataclass(frozen=True, slots=True)
class Similar:
    """A badge that says it is about the same as an open element, and does not count for it. `what`: clean."""

    element: str
    badge: str
    what: str


def similar(progress: Progress, candidates: Iterable[Candidate]) -> tuple[Similar, ...]:
    """Held badges with an alignment that an open element has too, sorted by element and badge."""
    asked = {(use.id, use.place) for use in progress.badges}
    held = sorted(candidates, key=lambda one: one.id)
    found: list[Similar] = []
    for name in sorted({name for spot in progress.missing for name in spot.elements}):
        element = progress.pathway.elements[name]
        wanted = list(element.competencies)
        wanted += [
            Alignment(target_url=rule.alignment, target_framework=rule.framework, target_code=rule.code)
            for rule in element.match
            if rule.alignment is not None or rule.code is not None
        ]
        for badge in held:
            same = next((one for one in badge.alignments if any(_same(one, other) for other in wanted)), None)
            if same is not None and (badge.id, name) not in asked and not badge.invalid and badge.mine is not False:
                found.append(Similar(name, badge.id, clean(same.target_code or same.target_url or "")))
    return tuple(found)


def _same(one: Alignment, other: Alignment) -> bool:
    if one.target_url and other.target_url and normal_id(one.target_url) == normal_id(other.target_url):
        return True
    return bool(
        one.target_code
        and other.target_code
        and folded(one.target_code) == folded(other.target_code)
        and folded(one.target_framework or "") == folded(other.target_framework or "")
    )
