"""Fills the places of one exclusive scope as well as can be, each badge at most once (pathways.md section 6).

Every plan of `demands` is tried: hours and credits by `sums`, everything else by one maximum flow. The best has fewest
missing, then most filled, then the smallest shortage, then the smallest ids. Past the cap on flows the best so far stands
beside the fewest that could be missing, and the figure is an interval; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, partial

from wallet.pathways.candidates import Candidate
from wallet.pathways.demands import Demand, Given, Plan, Tier, plans
from wallet.pathways.fitting import Fit, Fitting, Node, preference
from wallet.pathways.flow import SINK, Network
from wallet.pathways.model import Pathway
from wallet.pathways.sums import Taken, ways
from wallet.pathways.tally import NodePath, Placement, Standing, Tally, Use

#: States of sums kept at first; widened until the answer is proven or the cap is reached.
_FIRST_STATES = 64


class Budget:
    """How many flows and states one evaluation may still cost."""

    def __init__(self, flows: int, states: int) -> None:
        self.flows = flows
        self.states = states


def freely(node: Node, fitting: Fitting, *, most: int | None = None) -> tuple[Use, ...]:
    """The badges of a leaf that shares with all others: the preferred ones, as many as it has places."""
    assert node.element is not None
    fits = sorted(fitting.at_leaf(node).values(), key=preference)
    uses = [Use(fit, fit.best) for fit in fits]
    if node.element.repeatable:
        uses += [Use(fit, candidate) for fit in fits for candidate in fit.passing[1:]]
    return tuple(uses[: node.element.count if most is None else most])


def solve(pathway: Pathway, scope: Node, fitting: Fitting, budget: Budget) -> Placement:
    """The best placement inside one scope."""
    ideal = cache(partial(_ideal, pathway, scope, fitting))
    width = min(_FIRST_STATES, budget.states)
    while True:
        search = _Search(pathway, scope, fitting, budget, width)
        search.run(ideal)
        if search.decided or width >= budget.states or budget.flows <= 0:
            break
        # Few states find the best in most cases; only where they cannot prove it the table grows.
        width = min(width * 16, budget.states)
    if not search.decided and ideal().missing < search.standing.missing:
        search.placement.certain[scope.path] = ideal().missing
    search.placement.standings[scope.path] = search.standing
    return search.placement


def _ideal(pathway: Pathway, scope: Node, fitting: Fitting) -> Standing:
    """What nothing can exceed: every leaf filled as if it shared with all others."""
    everything = 1 << 30
    relaxed = Placement({leaf.path: freely(leaf, fitting, most=everything) for leaf in scope.leaves()})
    return Tally(pathway, fitting, relaxed).of(scope)


class _Search:
    """One pass over all plans. `decided`: nothing was left out that could be better."""

    placement: Placement
    standing: Standing

    def __init__(self, pathway: Pathway, scope: Node, fitting: Fitting, budget: Budget, width: int) -> None:
        self._pathway, self._scope, self._fitting, self._budget = pathway, scope, fitting, budget
        self._width = width
        self._covered = any(
            (group.shortcut and group.id in fitting.awards) or group.id in fitting.forced for group in scope.groups()
        )
        self.decided = True
        self._found = False

    def run(self, ideal: Callable[[], Standing]) -> None:
        """Try the plans in turn until there are no more, the ideal is reached, or the budget is spent."""
        choice: list[tuple[NodePath, tuple[str, ...]]] = []
        for plan, last in _told_last(plans(self._scope, Given(self._fitting.awards, self._fitting.forced))):
            if self._found and self._budget.flows <= 0:
                self.decided = False
                return
            self._budget.flows -= 1  # looking at a plan costs, whether or not it comes to a flow
            if self._found and self._least_missing(plan) > self.standing.missing:
                continue
            for placement, complete in _placements(self._pathway, plan, self._fitting, self._budget, width=self._width):
                self.decided = self.decided and complete
                standing = Tally(self._pathway, self._fitting, placement).of(self._scope)
                if not self._found or (standing.order, sorted(plan.chosen)) < (self.standing.order, choice):
                    self._found, self.placement, self.standing = True, placement, standing
                    choice = sorted(plan.chosen)
                if last and self.decided and not any(demand.sums for demand in plan.demands):
                    return  # nothing else is to be tried, so nobody need know whether it could be better
                if standing.order[:3] == ideal().order[:3] and not self._covered:
                    # Plans come in the order of ids, so a later one could only be as good. (A group that an
                    # award covers is filled whatever its plan, so there the ideal is no bound on what is filled.)
                    self.decided = True
                    return

    def _least_missing(self, plan: Plan) -> int:
        """Fewest places that a plan leaves empty, each of its demands looked at alone."""
        least = 0
        for demand in plan.demands:
            if demand.tier is not Tier.AWARD and demand.sums is None:
                room = sum(len(freely(leaf, self._fitting)) for leaf in demand.leaves)
                least += max(demand.most - room, 0)
        return least


def _told_last(some: Iterable[Plan]) -> Iterator[tuple[Plan, bool]]:
    """Each plan, and whether it is the last."""
    before: Plan | None = None
    for plan in some:
        if before is not None:
            yield before, False
        before = plan
    if before is not None:
        yield before, True


def _placements(
    pathway: Pathway, plan: Plan, fitting: Fitting, budget: Budget, *, width: int
) -> Iterable[tuple[Placement, bool]]:
    """The placements of one plan worth comparing, and whether none was left out for lack of budget."""
    summed = [demand for demand in plan.demands if demand.sums is not None]
    flowing = [demand for demand in plan.demands if demand.sums is None]
    if not summed:
        uses = _flow(plan, flowing, frozenset(), fitting)
        if uses is not None:
            yield Placement(uses, dict(plan.chosen + plan.reached)), True
        return
    wanted = {key for demand in flowing for leaf in demand.leaves if not _reused(leaf) for key in fitting.at_leaf(leaf)}
    found, complete = ways(pathway, summed, fitting, plan.spent, wanted=wanted, cap=width)
    if not wanted:
        found = found[:1]  # nothing competes with the sums, so the best of them is the best of all
    unhindered = _flow(plan, flowing, frozenset(), fitting)
    least = _short(flowing, unhindered) if unhindered is not None else 0
    best: int | None = None
    for way in found:
        if best is not None and way.missing + least > best:
            break
        if budget.flows <= 0 and best is not None:
            complete = False
            break
        budget.flows -= 1
        uses = _flow(plan, flowing, way.keys, fitting)
        if uses is not None:
            missing = way.missing + _short(flowing, uses)
            best = missing if best is None else min(best, missing)
            yield Placement({**uses, **_summed(way)}, dict(plan.chosen + plan.reached)), complete


def _short(demands: Sequence[Demand], uses: Mapping[NodePath, tuple[Use, ...]]) -> int:
    """Places that stay empty and that no award covers."""
    counted = [demand for demand in demands if demand.tier is not Tier.AWARD]
    return sum(max(demand.most - sum(len(uses[leaf.path]) for leaf in demand.leaves), 0) for demand in counted)


def _summed(way: Taken) -> dict[NodePath, tuple[Use, ...]]:
    uses: dict[NodePath, tuple[Use, ...]] = {}
    for leaf, use in way.uses:
        uses[leaf.path] = (*uses.get(leaf.path, ()), use)
    return uses


def _reused(leaf: Node) -> bool:
    return leaf.element is not None and leaf.element.reuse


class _Leaf:
    """A leaf in the network: where badges come in, and the edges on which they come."""

    def __init__(self, network: Network, node: Node, places: int) -> None:
        self.node = node
        self.enter, self.leave = network.node(), network.node()
        network.edge(self.enter, self.leave, places)
        self.edges: list[tuple[int, Fit, bool]] = []


def _flow(
    plan: Plan, demands: Sequence[Demand], taken: Set[str], fitting: Fitting
) -> dict[NodePath, tuple[Use, ...]] | None:
    """Place badges tier by tier, or None when a stage that must be complete cannot be."""
    network, uses = Network(), dict[NodePath, tuple[Use, ...]]()
    leaves: list[_Leaf] = []
    tiers: dict[Tier, list[tuple[int, int]]] = {tier: [] for tier in Tier}
    must: list[tuple[int, int]] = []
    for demand in sorted(demands, key=lambda one: one.leaves[0].path):
        gate = network.node()
        outlet = network.edge(gate, SINK, 0)
        room = demand.most
        for node in sorted(demand.leaves, key=lambda leaf: leaf.path):
            assert node.element is not None
            if node.element.reuse:
                uses[node.path] = freely(node, fitting)
                room -= len(uses[node.path])
            else:
                leaf = _Leaf(network, node, node.element.count)
                network.edge(leaf.leave, gate, node.element.count)
                leaves.append(leaf)
        tiers[demand.tier].append((outlet, max(room, 0)))
        if demand.tier is Tier.STAGE:
            must.append((outlet, max(room, 0)))
    for node in sorted(plan.shown, key=lambda leaf: leaf.path):
        assert node.element is not None
        if node.element.reuse:
            uses[node.path] = freely(node, fitting)
        else:
            leaves.append(_Leaf(network, node, node.element.count))
    for leaf in leaves:
        # Last of all, places that do not count are filled too: they are shown, and take nothing from the others.
        assert leaf.node.element is not None
        tiers[Tier.SHOWN].append((network.edge(leaf.leave, SINK, 0), leaf.node.element.count))
    sources = _sources(network, leaves, plan.spent | taken, fitting)
    for tier in Tier:
        for outlet, room in tiers[tier]:
            network.widen(outlet, room)
        sources = [source for source in sources if not network.push(source)]
        if tier is Tier.STAGE and any(network.used(outlet) < room for outlet, room in must):
            return None
    for leaf in leaves:
        uses[leaf.node.path] = tuple(_drawn(network, leaf))
    return _told_apart(uses, plan)


def _sources(network: Network, leaves: Sequence[_Leaf], barred: Set[str], fitting: Fitting) -> list[int]:
    """Each key once, preferred keys first; then the further credentials that repeatable elements take."""
    fits: dict[str, list[Fit]] = {}
    mains: dict[str, int] = {}
    pools: dict[str, int] = {}
    for leaf in leaves:
        for key, fit in fitting.at_leaf(leaf.node).items():
            if key not in barred:
                fits.setdefault(key, []).append(fit)
    for key in sorted(fits):
        mains[key], pools[key] = network.node(), network.node()
    further: dict[str, set[str]] = {key: set() for key in fits}
    for leaf in leaves:
        assert leaf.node.element is not None
        for key, fit in fitting.at_leaf(leaf.node).items():
            if key in barred:
                continue
            leaf.edges.append((network.edge(mains[key], leaf.enter, 1), fit, True))
            if leaf.node.element.repeatable and len(fit.passing) > 1:
                leaf.edges.append((network.edge(pools[key], leaf.enter, len(fit.passing) - 1), fit, False))
                further[key].update(candidate.id for candidate in fit.passing)
    order = sorted(fits, key=lambda key: min(preference(fit) for fit in fits[key]))
    return [mains[key] for key in order] + [pools[key] for key in order for _ in range(len(further[key]) - 1)]


def _drawn(network: Network, leaf: _Leaf) -> Iterable[Use]:
    """The badges that came to a leaf; which further credential it is, is told apart afterwards."""
    for edge, fit, _ in leaf.edges:
        for _ in range(network.used(edge)):
            yield Use(fit, fit.best)


def _told_apart(uses: dict[NodePath, tuple[Use, ...]], plan: Plan) -> dict[NodePath, tuple[Use, ...]]:
    """Give each use of one key its own credential, best first, in the order of the places."""
    reused = {leaf.path for demand in plan.demands for leaf in demand.leaves if _reused(leaf)}
    reused |= {leaf.path for leaf in plan.shown if _reused(leaf)}
    seen: set[str] = set()
    for path in sorted(uses.keys() - reused):
        named: list[Use] = []
        for use in uses[path]:
            fresh: Candidate = next((one for one in use.fit.passing if one.id not in seen), use.candidate)
            seen.add(fresh.id)
            named.append(Use(use.fit, fresh))
        uses[path] = tuple(named)
    return uses
