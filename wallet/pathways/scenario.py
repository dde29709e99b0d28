"""What if: elements ticked as though they were earned, badges put aside, and what that would take. Nothing is written.

`plan.what_if` compares with given badges; here a learner only names elements, and what would fill them is worked out: badges by
their rules, or somebody's word where an element asks for that. `proven_places` is beside it: the tree by verified badges alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from wallet.limits import LIMITS
from wallet.pathways.candidates import Candidate, verified_only
from wallet.pathways.counting import count
from wallet.pathways.fitting import Fitting
from wallet.pathways.model import Cost, Element, Pathway
from wallet.pathways.options import Option, for_rules, options
from wallet.pathways.personal import NOBODY, Attested, Personal, adjusted, terms
from wallet.pathways.plan import CostLeft
from wallet.pathways.progress import evaluate
from wallet.pathways.results import HoursLeft, NodeState, Progress
from wallet.pathways.shortest import Finish
from wallet.pathways.tally import Standing


@dataclass(frozen=True, slots=True)
class Scenario:
    """One set. earned: element ids, each with how many of its places; dropped: ids of badges that are put aside.

    preferred: ids of options to take first where an element may be filled in several ways.
    """

    earned: tuple[tuple[str, int], ...] = ()
    dropped: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many places of each element."""
        return dict(self.earned)

    def ticked(self, element: str, places: int) -> Scenario:
        """With so many places of the element; 0 takes it out."""
        counts = {**self.counts, element: places}
        return replace(self, earned=tuple(sorted((name, many) for name, many in counts.items() if many > 0)))

    def turned(self, badge: str) -> Scenario:
        """With the badge put aside, or taken up again if it was."""
        return replace(self, dropped=tuple(sorted(set(self.dropped) ^ {badge})))


def of_plans(personal: Personal) -> Scenario:
    """What is planned already."""
    return Scenario(tuple(sorted((one.place, one.count) for one in personal.planned)))


def of_finish(finish: Finish) -> Scenario:
    """The steps of a way to finish. A step that fills several places is ticked at the first: its badge fills the others too."""
    counts = Counter(step.places[0] for step in finish.steps if step.places)
    return Scenario(tuple(sorted(counts.items())), (), tuple(step.option.id for step in finish.steps))


@dataclass(frozen=True, slots=True)
class Played:
    """What a set comes to: how it would stand, and what the ticked elements take."""

    scenario: Scenario
    progress: Progress
    hours: HoursLeft
    cost: CostLeft

    def weeks(self, hours_per_week: Fraction) -> int:
        """Whole weeks for the hours that are known."""
        return -(-Fraction(self.hours.hours) // hours_per_week)


def play(
    pathway: Pathway,
    candidates: Sequence[Candidate],
    at: date,
    scenario: Scenario,
    *,
    personal: Personal = NOBODY,
    language: str | None = None,
) -> Played:
    """The evaluation as it would be. Elements that are not in the pathway are passed over."""
    held = [one for one in candidates if one.id not in scenario.dropped]
    asked = adjusted(pathway, personal.in_force(at))
    earned = [(asked.elements[name], many) for name, many in scenario.earned if name in asked.elements]
    badges, words = _imagined(asked, held, at, personal, earned, preferred=scenario.preferred)
    said = replace(personal, attested=(*personal.attested, *words))
    progress = evaluate(pathway, (*held, *badges), at, personal=said, language=language)
    return Played(scenario, progress, _hours(earned), _cost(earned))


def _imagined(
    pathway: Pathway,
    held: Sequence[Candidate],
    at: date,
    personal: Personal,
    earned: Sequence[tuple[Element, int]],
    *,
    preferred: Sequence[str],
) -> tuple[list[Candidate], list[Attested]]:
    """A badge, or a word, for each ticked place; each of an achievement of its own as far as there are enough."""
    fitting = Fitting(pathway, held, at, terms(pathway, personal.in_force(at)))
    free = [one for one in options(pathway, fitting, at) if not one.word]
    ways: list[list[Option]] = []
    ticks: list[tuple[Element, int]] = []
    for element, many in earned:
        fits = [one for one in free if element.id in one.elements]
        fits.sort(key=lambda one: (one.id not in preferred, _place(element, one), one.id))
        ticks += [(element, number) for number in range(many)]
        ways += [fits] * many
    taken: dict[str, int] = {}
    for number in range(len(ticks)):
        _take(number, ways, taken, set())
    chosen = {number: name for name, number in taken.items()}
    by_id = {one.id: one.candidate for one in free}
    badges: list[Candidate] = []
    words: list[Attested] = []
    for number, (element, which) in enumerate(ticks):
        made = by_id.get(chosen.get(number, ""))
        made = made or for_rules(pathway, element, at, f"new:{element.id}:{which}")
        if made is not None:
            badges.append(made)
        elif not which:
            role = next((rule.attested for rule in element.match if rule.attested is not None), "")
            words.append(Attested(element.id, "", role, "", at))
    return badges, words


def _take(number: int, ways: Sequence[Sequence[Option]], taken: dict[str, int], tried: set[str]) -> bool:
    """Find an option for one tick; another tick may have to make room."""
    for option in ways[number]:
        if option.id in tried:
            continue
        tried.add(option.id)
        if option.id not in taken or _take(taken[option.id], ways, taken, tried):
            taken[option.id] = number
            return True
    return False


def _place(element: Element, option: Option) -> int:
    """The place of its rule among those of the element."""
    return element.match.index(option.rule) if option.rule in element.match else len(element.match)


def _hours(earned: Sequence[tuple[Element, int]]) -> HoursLeft:
    total = sum((element.hours * many for element, many in earned if element.hours is not None), Decimal(0))
    return HoursLeft(total, any(element.hours is None for element, _ in earned))


def _cost(earned: Sequence[tuple[Element, int]]) -> CostLeft:
    sums: dict[str, Decimal] = {}
    for element, many in earned:
        if element.cost is not None:
            sums[element.cost.currency] = sums.get(element.cost.currency, Decimal(0)) + element.cost.value * many
    costs = tuple(Cost(sums[currency], currency) for currency in sorted(sums))
    return CostLeft(costs, any(element.cost is None for element, _ in earned))


def to_tick(progress: Progress) -> tuple[NodeState, ...]:
    """Elements with a place to go, in the order of the file, each once."""
    found: dict[str, NodeState] = {}
    for node in progress.nodes:
        if node.kind == "element" and node.missing > 0:
            found.setdefault(node.id, node)
    return tuple(found.values())


def proven_places(
    pathway: Pathway, candidates: Sequence[Candidate], at: date, personal: Personal = NOBODY
) -> Mapping[tuple[str, ...], int]:
    """How many places of each node badges fill that were looked up at their issuers, by the node's path."""
    held = personal.in_force(at)
    asked = adjusted(pathway, held)
    root = count(asked, verified_only(candidates), at, LIMITS, terms(asked, held, proven=True)).root
    found: dict[tuple[str, ...], int] = {}
    waiting: list[Standing] = [root]
    while waiting:
        one = waiting.pop()
        found[one.node.path] = one.filled
        waiting.extend(one.children)
    return found
