"""Which badge may fill which place: the pathway unfolded into a tree, and the candidates sorted onto its leaves.

A child that two groups share has its places in each, so the graph of the file becomes a tree whose nodes are named by
their path from the root. A badge never fills a place inside the group whose award it is (pathways.md sections 1 to 4).
Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from wallet.pathways.candidates import VERIFIED, Candidate, Refusal, end_of, judge
from wallet.pathways.model import Accept, Credit, CreditUnit, Element, Group, Pathway, Rule
from wallet.pathways.rules import Rules


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One group or element at one place of the tree.

    awards: the groups above (and itself) whose award is barred here. inside: path of the outermost exclusive scope around
    it, or (). counted: the children that are not optional.
    """

    path: tuple[str, ...]
    group: Group | None
    element: Element | None
    children: tuple[Node, ...] = ()
    awards: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    counted: tuple[Node, ...] = ()

    @property
    def id(self) -> str:
        """The id of the group or element."""
        return self.path[-1]

    @property
    def scope(self) -> bool:
        """Whether one badge fills at most one place in here: exclusive by word, or because badges are added up."""
        return self.group is not None and (self.group.exclusive or self.group.need.table)

    def groups(self) -> Iterable[Group]:
        """This group and all below it."""
        if self.group is not None:
            yield self.group
        for child in self.children:
            yield from child.groups()

    def leaves(self) -> Iterable[Node]:
        """All elements below, in the order of the file."""
        if self.element is not None:
            yield self
        for child in self.children:
            yield from child.leaves()


def unfold(pathway: Pathway, start: str) -> Node:
    """The tree below `start`. The file has passed `lint`, so it ends and stays within the caps."""

    def node(name: str, path: tuple[str, ...], awards: tuple[str, ...], inside: tuple[str, ...]) -> Node:
        element = pathway.elements.get(name)
        if element is not None:
            return Node((*path, name), None, element, (), awards, inside)
        group = pathway.groups[name]
        awards = (*awards, name) if group.award else awards
        if not inside and (group.exclusive or group.need.table):
            inside = (*path, name)
        children = tuple(node(child, (*path, name), awards, inside) for child in group.of)
        counted = tuple(child for child in children if child.id not in group.optional)
        return Node((*path, name), group, None, children, awards, inside, counted)

    return node(start, (), (), ())


@dataclass(frozen=True, slots=True)
class Fit:
    """The credentials of one key that count for one element, the best first. `pinned`: an exception applies it here."""

    key: str
    strength: str
    rule: Rule
    passing: tuple[Candidate, ...]
    hours: Fraction | None
    credit: Credit | None
    pinned: bool = False

    @property
    def best(self) -> Candidate:
        """The credential to show: best proven, then lasting longest, then smallest id."""
        return self.passing[0]


@dataclass(frozen=True, slots=True)
class Refused:
    """A credential that matches an element and does not count for it."""

    candidate: Candidate
    key: str
    element: str
    strength: str
    rule: Rule
    refusal: Refusal


def preference(fit: Fit) -> tuple[bool, int, int, str]:
    """What is pinned first, then best proven, then oldest, then key."""
    issued = fit.best.issued_on
    return (not fit.pinned, fit.best.status_rank, (issued or date.max).toordinal(), fit.key)


@dataclass(frozen=True, slots=True)
class Grant:
    """A place that something else than a badge fills: a candidate that fits this element only."""

    element: str
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Terms:
    """What a learner's own records change in counting. substitutes, excluded: element -> badge id; pinned: badge id ->
    element; forced: groups that count as complete."""

    grants: tuple[Grant, ...] = ()
    substitutes: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[str, str] = field(default_factory=dict)
    forced: frozenset[str] = frozenset()


NO_TERMS = Terms()


class Prepared:
    """What counting a pathway on one day needs whoever holds the badges: the tree, and what each kind of badge matches."""

    def __init__(self, pathway: Pathway, at: date) -> None:
        self.tree = unfold(pathway, pathway.root)
        self.rules = Rules(pathway, at)


#: Key -> its credentials that some rule matches, each with the strength and the rule.
_Matched: TypeAlias = dict[str, list[tuple[Candidate, str, Rule]]]


class Fitting:
    """The candidates of one learner on one day, judged against every element and award once.

    rules: those of this pathway on this day, where they are compiled already.
    """

    def __init__(
        self,
        pathway: Pathway,
        candidates: Sequence[Candidate],
        at: date,
        terms: Terms = NO_TERMS,
        rules: Rules | None = None,
    ) -> None:
        self._terms = terms
        self.forced = terms.forced
        self._rules = rules if rules is not None else Rules(pathway, at)
        self._pathway = pathway
        self._at = at
        self._matched: dict[str, _Matched] = {}
        self._awarded: dict[str, _Matched] = {}
        #: Whether all that matches anything here is verified, so that the strictest figure is the same.
        self.proven = True
        # Sorted first, so that the order in which badges arrive changes nothing below.
        for candidate in sorted(candidates, key=lambda one: one.id):
            self._match(candidate)
        self.refused: list[Refused] = []
        self._fits: dict[str, Mapping[str, Fit]] = {}
        for element in sorted(pathway.elements.values(), key=lambda one: one.id):
            self._fits[element.id] = self._element(element)
        self._award_keys: dict[str, frozenset[str]] = {}
        self.awards: dict[str, Fit] = {}
        for group in sorted(pathway.groups.values(), key=lambda one: one.id):
            if group.award:
                self._award(group)
        for grant in terms.grants:
            self._grant(pathway.elements[grant.element], grant.candidate)
        self._pins = self._pinned_keys(pathway) if terms.pinned else {}

    def at_leaf(self, node: Node) -> Mapping[str, Fit]:
        """Key -> fit for an element at one place, without the awards of the groups around it; sorted by key.

        Inside an exclusive scope a badge that was pinned to an element there is left to that element.
        """
        fits = self._fits[node.id]
        if not node.awards and not self._pins:
            return fits
        if self._pins and node.inside and node.element is not None and not node.element.reuse:
            pins = self._pins.get(node.inside, {})
            fits = {key: fit for key, fit in fits.items() if pins.get(key, node.id) == node.id}
        barred = frozenset[str]().union(*(self._award_keys[group] for group in node.awards))
        return fits if barred.isdisjoint(fits) else {key: fit for key, fit in fits.items() if key not in barred}

    def barred(self, node: Node) -> Mapping[str, Fit]:
        """The fits that `at_leaf` leaves out."""
        allowed = self.at_leaf(node)
        return {key: fit for key, fit in self._fits[node.id].items() if key not in allowed}

    def everything(self, element: str) -> Mapping[str, Fit]:
        """All fits of an element, wherever it stands."""
        return self._fits[element]

    def key(self, candidate: Candidate) -> str:
        """The key of a candidate, equivalents merged."""
        return self._rules.of(candidate).key

    def _match(self, candidate: Candidate) -> None:
        match = self._rules.of(candidate)
        if not match.elements and not match.awards and not self._terms.substitutes:
            return
        if candidate.status != VERIFIED and (match.elements or match.awards):
            self.proven = False
        for element, how in match.elements.items():
            self._matched.setdefault(element, {}).setdefault(match.key, []).append((candidate, *how))
        for group, how in match.awards.items():
            self._awarded.setdefault(group, {}).setdefault(match.key, []).append((candidate, *how))
        for element, badge in self._terms.substitutes.items():
            if badge == candidate.id and element not in match.elements:
                rule = self._pathway.elements[element].match[0]
                self._matched.setdefault(element, {}).setdefault(match.key, []).append((candidate, "substitute", rule))

    def _element(self, element: Element) -> Mapping[str, Fit]:
        fits: dict[str, Fit] = {}
        accept = element.accept.over(self._pathway.accept)
        for key, matched in sorted(self._matched.get(element.id, {}).items()):
            found, refused = self._judged(matched, accept, element.id)
            self.refused.extend(
                Refused(candidate, key, element.id, strength, rule, why) for candidate, strength, rule, why in refused
            )
            if found:
                strength, rule, passing = found
                best = passing[0]
                hours = best.hours if best.hours is not None else element.hours
                credit = own_credit(self._pathway, best.credit) or element.credit
                pinned = any(self._terms.pinned.get(one.id) == element.id for one in passing)
                known = Fraction(hours) if hours is not None else None
                fits[key] = Fit(key, strength, rule, passing, known, credit, pinned)
        return fits

    def _grant(self, element: Element, candidate: Candidate) -> None:
        hours = Fraction(element.hours) if element.hours is not None else None
        fit = Fit(candidate.id, candidate.virtual or "", element.match[0], (candidate,), hours, element.credit)
        self._fits[element.id] = {**self._fits[element.id], candidate.id: fit}

    def _pinned_keys(self, pathway: Pathway) -> dict[tuple[str, ...], dict[str, str]]:
        """Exclusive scope -> key -> the element of it that the key was pinned to, where it fits that element at all."""
        pins: dict[tuple[str, ...], dict[str, str]] = {}
        for leaf in unfold(pathway, pathway.root).leaves():
            for key, fitting in self._fits[leaf.id].items():
                if leaf.inside and fitting.pinned:
                    pins.setdefault(leaf.inside, {})[key] = leaf.id
        return pins

    def _award(self, group: Group) -> None:
        held: list[Fit] = []
        keys: set[str] = set()
        for key, matched in sorted(self._awarded.get(group.id, {}).items()):
            found, refused = self._judged(matched, self._pathway.accept)
            if found or refused:
                keys.add(key)
            if found:
                held.append(Fit(key, found[0], found[1], found[2], None, None))
        self._award_keys[group.id] = frozenset(keys)
        if held:
            self.awards[group.id] = min(held, key=lambda one: (one.best.status_rank, one.key))

    def _judged(
        self, matched: Iterable[tuple[Candidate, str, Rule]], accept: Accept, element: str = ""
    ) -> tuple[tuple[str, Rule, tuple[Candidate, ...]] | None, list[tuple[Candidate, str, Rule, Refusal]]]:
        """(strength, rule, credentials that count) of one key if any does, and those that do not with their reason."""
        passing: list[tuple[Candidate, str, Rule]] = []
        refused: list[tuple[Candidate, str, Rule, Refusal]] = []
        for candidate, strength, rule in matched:
            why = judge(candidate, accept, self._at)
            if self._terms.excluded.get(element) == candidate.id:
                why = Refusal("excluded", "an exception excludes it here")
            if why is None:
                passing.append((candidate, strength, rule))
            else:
                refused.append((candidate, strength, rule, why))
        if not passing:
            return None, refused
        passing.sort(key=lambda one: (one[0].status_rank, -end_of(one[0], accept).toordinal(), one[0].id))
        return (passing[0][1], passing[0][2], tuple(one[0] for one in passing)), refused


def own_credit(pathway: Pathway, credit: Credit | None) -> Credit | None:
    """A badge's own credits in the pathway's name for their unit; None where the pathway knows no such unit."""
    if credit is None or credit.unit in pathway.credit_units:
        return credit
    units = (key for key, unit in pathway.credit_units.items() if credit.unit in _words(unit))
    return next((replace(credit, unit=key) for key in units), None)


def _words(unit: CreditUnit) -> Iterator[str]:
    return (word for _, name in unit.name.values for word in name.casefold().split())


def in_unit(pathway: Pathway, credit: Credit | None, unit: str) -> Fraction | None:
    """Credits in another unit: the same number in the same unit, converted where both say how many hours they are."""
    if credit is None:
        return None
    if credit.unit == unit:
        return Fraction(credit.value)
    have, want = pathway.credit_units.get(credit.unit), pathway.credit_units.get(unit)
    if have is None or want is None or have.hours is None or want.hours is None:
        return None
    return Fraction(credit.value) * Fraction(have.hours) / Fraction(want.hours)
