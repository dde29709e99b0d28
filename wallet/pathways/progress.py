"""How far a learner is on a pathway, why, and what is missing: `evaluate(pathway, candidates, at)`.

Figures come from `counting`; here they are put into states, reasons and sentences. Pure: the same definition, badges and
day give the same answer whatever order they come in; no clock, no network, no printing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from wallet.limits import LIMITS, Limits
from wallet.pathways.candidates import Candidate, verified_only
from wallet.pathways.counting import count
from wallet.pathways.explain import explain, left_open, time_left
from wallet.pathways.fitting import Prepared, Refused
from wallet.pathways.model import Element, Group, Pathway
from wallet.pathways.personal import NOBODY, Personal, adjusted, terms
from wallet.pathways.progress_json import to_json
from wallet.pathways.results import (
    BadgeUse,
    Figures,
    HoursLeft,
    Missing,
    NodeState,
    Progress,
    SumState,
)
from wallet.pathways.tally import Standing, Sum
from wallet.text import clean, plural

__all__ = [
    "BadgeUse",
    "Figures",
    "HoursLeft",
    "Missing",
    "NodeState",
    "Progress",
    "SumState",
    "evaluate",
    "to_json",
]


def evaluate(
    pathway: Pathway,
    candidates: Sequence[Candidate],
    at: date,
    *,
    personal: Personal = NOBODY,
    language: str | None = None,
    limits: Limits = LIMITS,
    prepared: Prepared | None = None,
    verified: Figures | None = None,
) -> Progress:
    """Evaluate a pathway without lint errors (as `definition.read` gives it) on the calendar day `at` in UTC.

    personal: what the learner planned, had attested or was excepted from; what holds on that day counts.
    `language`: in which names stand inside notes, where the file has several.
    prepared: of this pathway and this day. verified: the strictest figure, where it is known already.
    """
    held = personal.in_force(at)
    asked = adjusted(pathway, held)
    proven = verified_only(candidates)
    if prepared is None or asked is not pathway:
        prepared = Prepared(asked, at)
    counted = count(asked, candidates, at, limits, terms(asked, held), prepared=prepared)
    if verified is None and counted.fitting.proven and not held.excepted and not held.attested:
        verified = counted.figures
    if verified is None:
        verified = count(asked, proven, at, limits, terms(asked, held, proven=True), prepared=prepared).figures
    planned = counted
    if held.planned:
        planned = count(asked, candidates, at, limits, terms(asked, held, planned=True), prepared=prepared)
    states = States(asked, counted.root, counted.fitting.refused, held, language)
    badges = explain(counted, candidates, asked, language)
    missing = left_open(counted.root, badges, states.unmet)
    without: tuple[Figures, Figures] | None = None
    if held.excepted:
        plain = terms(pathway, held.plain)
        without = (
            count(pathway, proven, at, limits).figures,
            count(pathway, candidates, at, limits, plain).figures,
        )
    return Progress(
        pathway=asked,
        at=at,
        verified=verified,
        accepted=counted.figures,
        root=states.of(counted.root),
        badges=badges,
        missing=missing,
        hours_left=time_left(asked, missing),
        planned=planned.figures,
        without_exceptions=without,
        personal=held,
    )


def sum_state(one: Sum) -> SumState:
    """A sum for the outside."""
    return SumState(one.what, one.reached, one.needed, one.at_least, one.converted)


class States:
    """Names the state of each node."""

    def __init__(
        self,
        pathway: Pathway,
        root: Standing,
        refused: Sequence[Refused],
        personal: Personal = NOBODY,
        language: str | None = None,
    ) -> None:
        self._pathway = pathway
        self._attested = {one.place: one.sentence() for one in personal.attested}
        self._planned = {one.place: one.count for one in personal.planned}
        self._languages = (language,) if language else ()
        by_element: dict[str, list[Refused]] = {}
        for one in sorted(refused, key=lambda one: (one.candidate.status_rank, one.candidate.id)):
            by_element.setdefault(one.element, []).append(one)
        self._refused = by_element
        self._root = root
        self._met: set[str] | None = None

    def _note_met(self, standing: Standing, met: set[str]) -> set[str]:
        if standing.missing == 0:
            met.add(standing.node.id)
        for child in standing.children:
            self._note_met(child, met)
        return met

    def unmet(self, name: str) -> tuple[str, ...]:
        """What should be met before this group or element, and is not."""
        node: Group | Element = self._pathway.groups.get(name) or self._pathway.elements[name]
        if not node.requires:
            return ()
        if self._met is None:
            self._met = self._note_met(self._root, set())
        return tuple([other for other in node.requires if other not in self._met])

    def of(self, standing: Standing, *, optional: bool = False, in_plan: bool = True, added: bool = False) -> NodeState:
        """The state of a node and of all below it."""
        node = standing.node
        if node.element is not None:
            state, note = self._element(standing, node.element, added)
            granted = {use.candidate.virtual for use in standing.uses[: standing.required]}
            return NodeState(
                node.id,
                node.path,
                "element",
                node.element.name,
                state,
                standing.required,
                standing.filled,
                tuple(use.candidate.id for use in standing.uses[: standing.required] if not use.candidate.granted),
                note,
                optional=optional,
                in_plan=in_plan,
                attested="attested" in granted,
                forced="forced" in granted,
                planned=self._planned.get(node.id, 0),
            )
        group = node.group
        assert group is not None
        children = tuple(
            self.of(
                child,
                optional=child.node.id in group.optional,
                in_plan=not standing.plan or child.node.id in standing.plan,
                added=group.need.table,
            )
            for child in standing.children
        )
        state, note = self._group(standing, group)
        return NodeState(
            node.id,
            node.path,
            "group",
            group.name,
            state,
            standing.required,
            standing.filled,
            (standing.award.best.id,) if standing.by_award and standing.award is not None else (),
            note,
            children,
            optional,
            in_plan,
            standing.by_award,
            tuple(sum_state(one) for one in standing.sums),
            forced=standing.forced,
        )

    def _element(self, standing: Standing, element: Element, added: bool) -> tuple[str, str]:
        """State and note; `added`: its group adds badges up, so its places are the most it may add, not a duty."""
        waiting = self.unmet(element.id)
        if standing.missing == 0:
            granted = {use.candidate.virtual for use in standing.uses}
            notes = [self._attested[element.id]] if "attested" in granted else []
            if "forced" in granted:
                notes.append("counted as complete by an exception")
            if waiting:
                notes.append(f"advised after {self._names(waiting)}")
            return "met", "; ".join(notes)
        if standing.blocked:
            return "blocked", "the stages before this come first"
        if waiting:
            return "blocked", f"first {self._names(waiting)}"
        refused = self._refused.get(element.id)
        if refused:
            first = refused[0]
            return "refused", f"{clean(first.candidate.name) or 'a badge'} would count but: {first.refusal.sentence}"
        if element.id in self._planned:
            return "planned", "planned"
        if added:
            return "open", f"{plural(standing.filled, 'badge')}, at most {element.count}" if element.count > 1 else ""
        if all(rule.attested is not None for rule in element.match):
            return "open", f"filled by a record of your {element.match[0].attested}, not by a badge"
        if element.count > 1:
            return "open", f"{plural(standing.missing, 'badge')} to go"
        return "open", ""

    def _group(self, standing: Standing, group: Group) -> tuple[str, str]:
        notes = [_sum_note(one) for one in standing.sums]
        if group.need.children is not None:
            notes.insert(0, f"any {group.need.children} of {len(group.counted)}")
        waiting = self.unmet(group.id)
        if standing.missing == 0:
            state = "met"
            if standing.forced:
                notes.append("counted as complete by an exception")
            elif standing.by_award:
                notes.append("by award; parts not in this wallet stay open")
            elif group.award and standing.award is None:
                state = "eligible"
                notes.append("all parts met: ask the issuer for the badge")
        elif standing.blocked:
            state = "blocked"
            notes.append("the stages before this come first")
        elif _started(standing):
            state = "in-progress"
        elif waiting:
            state = "blocked"
            notes.append(f"first {self._names(waiting)}")
        else:
            state = "not-started"
        if standing.award is not None and standing.missing:
            notes.append("award held, parts not in this wallet")
        return state, "; ".join(notes)

    def _names(self, ids: Sequence[str]) -> str:
        return ", ".join(clean(self._pathway.name_of(name, *self._languages)) for name in ids)


def _started(standing: Standing) -> bool:
    """Whether anything counts in here already, also hours that do not yet reach their need."""
    if standing.filled or any(one.reached for one in standing.sums):
        return True
    return any(
        _started(child)
        for child in standing.children
        if child.node in standing.node.counted and (not standing.plan or child.node.id in standing.plan)
    )


def _sum_note(one: Sum) -> str:
    reached = min(one.reached, one.needed)
    least = "at least " if one.at_least and not one.met else ""
    converted = " (converted)" if one.converted else ""
    return f"{least}{spelled(reached)} of {spelled(one.needed)} {one.what}{converted}"


def spelled(value: Fraction) -> str:
    """A fraction as people write it: whole, or with at most two decimals, never rounded up."""
    hundredths = value * 100 // 1
    return (
        str(hundredths // 100) if hundredths % 100 == 0 else f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0")
    )
