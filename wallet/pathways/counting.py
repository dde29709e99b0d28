"""Counts one pathway for one learner on one day: fit the badges, place them, add up.

Outside exclusive scopes every leaf takes what fits it, because groups share badges; each scope is searched by `scope`.
The result is a tree of `Standing`; what it means for people is said by `progress`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from wallet.limits import LIMITS, Limits
from wallet.pathways.candidates import VERIFIED, Candidate
from wallet.pathways.fitting import NO_TERMS, Fitting, Node, Prepared, Terms, unfold
from wallet.pathways.model import Accept, Pathway
from wallet.pathways.results import Figures
from wallet.pathways.scope import Budget, freely, solve
from wallet.pathways.tally import Placement, Standing, Tally


@dataclass(frozen=True, slots=True)
class Count:
    """The standing of the root and what it was made from."""

    root: Standing
    fitting: Fitting

    @property
    def figures(self) -> Figures:
        """The figures of the root."""
        return Figures(self.root.required, self.root.filled, min(self.root.low, self.root.missing))


def count(
    pathway: Pathway,
    candidates: Sequence[Candidate],
    at: date,
    limits: Limits = LIMITS,
    terms: Terms = NO_TERMS,
    *,
    prepared: Prepared | None = None,
) -> Count:
    """How far these candidates reach on that day. `terms`: what the learner's own records change.

    prepared: of this pathway and this day, for who counts more than once.
    """
    prepared = prepared if prepared is not None else Prepared(pathway, at)
    return _count(pathway, prepared.tree, Fitting(pathway, candidates, at, terms, prepared.rules), limits)


def _count(pathway: Pathway, tree: Node, fitting: Fitting, limits: Limits) -> Count:
    placement = Placement()
    _place(pathway, tree, fitting, placement, Budget(limits.pathway_flows, limits.pathway_states))
    return Count(Tally(pathway, fitting, placement).of(tree), fitting)


def _place(pathway: Pathway, node: Node, fitting: Fitting, placement: Placement, budget: Budget) -> None:
    if node.element is not None:
        placement.uses[node.path] = freely(node, fitting)
    elif node.scope:
        found = solve(pathway, node, fitting, budget)
        placement.uses.update(found.uses)
        placement.chosen.update(found.chosen)
        placement.certain.update(found.certain)
        placement.standings.update(found.standings)
    else:
        for child in node.children:
            _place(pathway, child, fitting, placement, budget)


def missing_with_everything(pathway: Pathway, group: str, limits: Limits = LIMITS) -> int | None:
    """Places of a group that stay empty for a learner who holds each badge it names once.

    None where a rule does not name its badge, so that nobody knows how many there are, or where the search was cut off.
    """
    tree = unfold(pathway, group)
    rules = [rule for leaf in tree.leaves() if leaf.element is not None for rule in leaf.element.match]
    if any(rule.achievement is None for rule in rules) or any(
        leaf.element is not None and leaf.element.repeatable for leaf in tree.leaves()
    ):
        return None
    named = sorted({(rule.achievement or "", rule.issuer or "", rule.name or "", rule.tag or "") for rule in rules})
    held = tuple(
        Candidate(f"{number}", achievement, issuer or None, name, tags=(tag,) if tag else (), status=VERIFIED)
        for number, (achievement, issuer, name, tag) in enumerate(named)
    )
    anyhow = _without_dates(pathway)
    tree = unfold(anyhow, group)
    root = _count(anyhow, tree, Fitting(anyhow, held, date.min), limits).root
    return root.missing if root.low == root.missing else None


def _without_dates(pathway: Pathway) -> Pathway:
    free = {name: replace(element, accept=Accept()) for name, element in pathway.elements.items()}
    return replace(pathway, accept=Accept(), elements=free)
