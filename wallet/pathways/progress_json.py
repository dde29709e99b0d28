"""`badgefolio-progress/1`: the documented JSON shape of an evaluated pathway. The same badges give the same bytes.

Nodes are sorted by id below each parent unless the file gave them an order that means something; badges by id. Names and
notes are as in `results`: names foreign, notes cleaned.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from wallet.model import Json, Text
from wallet.pathways.personal import Attested, Excepted
from wallet.pathways.results import BadgeUse, Figures, Missing, NodeState, Progress, SumState

FORMAT = "badgefolio-progress/1"


def to_json(progress: Progress, *languages: str) -> dict[str, Json]:
    """The document. `languages`: which names to pick where the file has several."""
    pathway = progress.pathway
    missing = sorted(progress.missing, key=lambda spot: (spot.group, sorted(spot.elements)))
    return {
        "format": FORMAT,
        "pathway": {
            "id": pathway.id,
            "name": pathway.name.pick(*languages),
            "version": pathway.version,
            "sha256": pathway.sha256,
        },
        "at": progress.at.isoformat(),
        "state": progress.state,
        "figures": {
            "verified": figures_json(progress.verified),
            "accepted": figures_json(progress.accepted),
            "planned": figures_json(progress.planned),
        },
        "without_exceptions": _without(progress.without_exceptions),
        "hours_left": {
            "hours": number(progress.hours_left.hours),
            "at_least": progress.hours_left.at_least,
        },
        "nodes": [_node(node, parent, languages) for node, parent in _walk(progress, progress.root, None)],
        "badges": [_badge(use) for use in progress.badges],
        "missing": [_missing(spot) for spot in missing],
        "exceptions": [_exception(one) for one in progress.personal.excepted],
        "attestations": [_attestation(one) for one in progress.personal.attested],
    }


def _without(figures: tuple[Figures, Figures] | None) -> Json:
    if figures is None:
        return None
    return {"verified": figures_json(figures[0]), "accepted": figures_json(figures[1])}


def _exception(one: Excepted) -> dict[str, Json]:
    return {
        "place": one.place,
        "kind": one.kind,
        "who": one.who,
        "reason": one.reason,
        "recorded": one.recorded.isoformat(),
        "until": one.until.isoformat() if one.until is not None else None,
        "badge": one.badge,
        "rule": one.rule.spelled() if one.rule is not None else None,
        "count": one.count,
    }


def _attestation(one: Attested) -> dict[str, Json]:
    return {
        "place": one.place,
        "who": one.who,
        "role": one.role,
        "reason": one.reason,
        "recorded": one.recorded.isoformat(),
        "until": one.until.isoformat() if one.until is not None else None,
        "work_evidence": one.work_evidence,
    }


def figures_json(figures: Figures) -> dict[str, Json]:
    """An undecided figure has pairs: the least and the most."""
    exact: dict[str, Json] = {
        "required": figures.required,
        "filled": figures.filled,
        "missing": figures.missing,
        "percent": figures.percent,
        "exact": True,
    }
    if figures.exact:
        return exact
    return {
        **exact,
        "missing": [figures.least_missing, figures.missing],
        "percent": [figures.percent, figures.most_percent],
        "exact": False,
    }


def _walk(progress: Progress, node: NodeState, parent: str | None) -> Iterator[tuple[NodeState, str | None]]:
    yield node, parent
    group = progress.pathway.groups.get(node.id)
    children = node.children
    if group is not None and group.ordered == "no":
        children = tuple(sorted(children, key=lambda child: child.id))
    for child in children:
        yield from _walk(progress, child, node.id)


def _node(node: NodeState, parent: str | None, languages: tuple[str, ...]) -> dict[str, Json]:
    name: Text = node.name
    found: dict[str, Json] = {
        "id": node.id,
        "parent": parent,
        "kind": node.kind,
        "name": name.pick(*languages),
        "state": node.state,
        "required": node.required,
        "filled": node.filled,
        "by": sorted(node.by),
        "note": node.note,
        "optional": node.optional,
        "in_plan": node.in_plan,
        "attested": node.attested,
        "forced": node.forced,
        "planned": node.planned,
    }
    if node.sums:
        found["sums"] = [_sum(one) for one in node.sums]
    return found


def _sum(one: SumState) -> dict[str, Json]:
    return {
        "unit": one.unit,
        "reached": number(one.reached),
        "needed": number(one.needed),
        "at_least": one.at_least,
        "converted": one.converted,
    }


def _badge(use: BadgeUse) -> dict[str, Json]:
    return {
        "id": use.id,
        "place": use.place,
        "rule": use.rule.spelled() if use.rule is not None else None,
        "strength": use.strength,
        "refused": use.refused,
        "note": use.note,
    }


def _missing(spot: Missing) -> dict[str, Json]:
    return {
        "group": spot.group,
        "places": spot.places,
        "elements": sorted(spot.elements),
        "short": [_sum(one) for one in spot.short],
        "near": sorted({use.id for use in spot.near}),
        "after": sorted(spot.after),
    }


def number(value: Fraction | Decimal) -> int | float:
    """Whole where it is whole; JSON knows no exact fractions, and nobody adds these up."""
    return int(value) if value == int(value) else float(value)
