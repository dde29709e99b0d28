"""Why each badge counts or does not, what is still missing, and how long that takes. Follows a finished count.

Every badge gets at least one line: its place and rule; or the first rule that it fails; or why the place did not want it;
or that nothing here asks for it. Nothing is silently dropped (pathways.md section 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from wallet.pathways.candidates import Candidate
from wallet.pathways.counting import Count
from wallet.pathways.fitting import Fit
from wallet.pathways.model import Pathway
from wallet.pathways.results import BadgeUse, HoursLeft, Missing, SumState
from wallet.pathways.tally import Standing
from wallet.text import clean


def explain(
    counted: Count, candidates: Sequence[Candidate], pathway: Pathway, language: str | None = None
) -> tuple[BadgeUse, ...]:
    """A line for each badge and element that it matches, sorted by badge, counting ones first."""
    places = _Places(counted)
    languages = (language,) if language else ()
    said: list[BadgeUse] = []
    for name in sorted(places.leaves):
        where = clean(pathway.name_of(name, *languages))
        for fit in counted.fitting.everything(name).values():
            said += _lines(places, name, where, fit)
    for one in counted.fitting.refused:
        if one.element in places.leaves:
            note = f"would count for {clean(pathway.name_of(one.element, *languages))} but: {one.refusal.sentence}"
            said.append(BadgeUse(one.candidate.id, one.element, one.rule, one.strength, one.refusal.code, note))
    said += _awards(counted.root, pathway, languages)
    named = {use.id for use in said}
    said += [unasked(candidate) for candidate in candidates if candidate.id not in named]
    return tuple(sorted(said, key=lambda use: (use.id, use.refused is not None, use.place or "", use.refused or "")))


def unasked(candidate: Candidate) -> BadgeUse:
    """The line of a badge that matches nothing."""
    return BadgeUse(candidate.id, None, None, None, None, "nothing in this pathway asks for it")


class _Places:
    """Every element of the tree with its standings (one for each reference) and the badges in them."""

    def __init__(self, counted: Count) -> None:
        self.fitting = counted.fitting
        self.leaves: dict[str, list[Standing]] = {}
        for leaf in leaves_of(counted.root):
            self.leaves.setdefault(leaf.node.id, []).append(leaf)
        self.placed = {
            name: {use.candidate.id for standing in standings for use in standing.uses}
            for name, standings in self.leaves.items()
        }


def _lines(places: _Places, name: str, where: str, fit: Fit) -> Iterable[BadgeUse]:
    """What the credentials of one key, all of which pass, do for one element."""
    here = places.placed[name] & {candidate.id for candidate in fit.passing}
    if fit.best.granted:
        return  # not a badge: the element's own note says what it is
    for candidate in fit.passing:
        if candidate.id in here:
            yield BadgeUse(candidate.id, name, fit.rule, fit.strength, None, f"counts as {where}")
            continue
        if here:
            code, note = "same-achievement", f"the same achievement as another badge that counts as {where}"
        else:
            code, note = _unused(places, name, where, fit)
        yield BadgeUse(candidate.id, name, fit.rule, fit.strength, code, note)


def _unused(places: _Places, name: str, where: str, fit: Fit) -> tuple[str, str]:
    """Why a badge that fits and counts is in none of the places of an element."""
    standings = [standing for standing in places.leaves[name] if fit.key in places.fitting.at_leaf(standing.node)]
    if not standings:
        return "own-award", f"an award does not count as its own part ({where})"
    if all(standing.blocked for standing in standings):
        return "out-of-order", f"held, out of order: counts as {where} once the stages before it are met"
    if all(len(standing.uses) >= standing.required for standing in standings if not standing.blocked):
        return "not-needed", f"{where} has all it needs"
    ids = {candidate.id for candidate in fit.passing}
    if any(badges & ids for badges in places.placed.values()):
        return "used-elsewhere", f"counts elsewhere; in this group a badge counts once, so not as {where}"
    if fit.key in {award.key for award in places.fitting.awards.values()}:
        return "used-elsewhere", f"stands for its group; in this group a badge counts once, so not as {where}"
    return "not-needed", f"other badges serve {where} better"


def _awards(standing: Standing, pathway: Pathway, languages: tuple[str, ...]) -> Iterable[BadgeUse]:
    """Awards that stand for their group."""
    if standing.by_award and standing.award is not None and standing.node.group is not None:
        group = standing.node.group
        fit = standing.award
        note = f"is the award of {clean(pathway.name_of(group.id, *languages))} and stands for it"
        yield BadgeUse(fit.best.id, group.id, fit.rule, fit.strength, None, note)
    for child in standing.children:
        yield from _awards(child, pathway, languages)


def leaves_of(standing: Standing) -> Iterable[Standing]:
    """All elements below, in the order of the file."""
    if standing.node.element is not None:
        yield standing
    for child in standing.children:
        yield from leaves_of(child)


def left_open(
    root: Standing, badges: Sequence[BadgeUse], unmet: Callable[[str], tuple[str, ...]]
) -> tuple[Missing, ...]:
    """The places to go on the way that was counted, in the order of the file."""
    near: dict[str, list[BadgeUse]] = {}
    for use in badges:
        if use.nearly and use.place is not None:
            near.setdefault(use.place, []).append(use)

    def spot(group: str, places: int, elements: Sequence[str], short: tuple[SumState, ...] = ()) -> Missing:
        after = tuple(dict.fromkeys(before for name in elements for before in unmet(name)))
        held = tuple(use for name in elements for use in near.get(name, ()))
        return Missing(group, places, tuple(elements), short, held, after)

    def walk(standing: Standing, above: str) -> Iterable[Missing]:
        if standing.missing == 0:
            return
        if standing.node.element is not None:
            yield spot(above, standing.missing, (standing.node.id,))
            return
        group = standing.node.group
        assert group is not None
        counted = [child for child in standing.children if child.node in standing.node.counted]
        if group.need.table:
            open_ones = [child.node.id for child in counted if child.missing]
            short = tuple(
                SumState(one.what, one.reached, one.needed, one.at_least, one.converted)
                for one in standing.sums
                if not one.met
            )
            yield spot(group.id, standing.missing - len(short), open_ones, short)
        elif group.need.children is not None and not standing.plan:
            yield spot(group.id, standing.missing, [child.node.id for child in counted if child.missing])
        else:
            for child in counted:
                if not standing.plan or child.node.id in standing.plan:
                    yield from walk(child, group.id)

    return tuple(walk(root, root.node.id))


def time_left(pathway: Pathway, missing: Sequence[Missing]) -> HoursLeft:
    """Hours for all that is missing. One element open in two groups is taken once, for one badge may serve both."""
    total, at_least, seen = Fraction(0), False, set[tuple[str, ...]]()
    for spot in missing:
        if spot.elements in seen:
            at_least = True
            continue
        seen.add(spot.elements)
        places, unknown = _spot_hours(tuple([pathway.elements[name].hours for name in spot.elements]), spot.places)
        at_least = at_least or unknown
        if spot.short:
            short, unknown = _short_hours(pathway, spot)
            at_least = at_least or unknown
            places = max(places, short)
        total += places
    return HoursLeft(_shown(total.numerator, total.denominator), at_least)


@lru_cache(maxsize=4_096)
def _spot_hours(hours: tuple[Decimal | None, ...], places: int) -> tuple[Fraction, bool]:
    """Hours for so many places of elements that take these, and whether that is only the least. Spots of a cohort are alike."""
    known = sorted(Fraction(value) for value in hours if value is not None)
    if len(hours) == 1:
        return known[0] * places if known else Fraction(0), not known and places > 0
    # Any of several: the quickest would do, and the learner may take others.
    unknown = len(known) < len(hours) or len(set(known)) > 1 or places > len(known)
    return sum(known[:places], Fraction(0)), unknown


@lru_cache(maxsize=4_096)
def _shown(numerator: int, denominator: int) -> Decimal:
    number = Decimal(numerator) / Decimal(denominator)
    return number.quantize(Decimal("0.01")).normalize() + 0


def _short_hours(pathway: Pathway, spot: Missing) -> tuple[Fraction, bool]:
    """The hours behind missing hours and credits, and whether some could not be told."""
    hours, unknown = Fraction(0), False
    for one in spot.short:
        gap = one.needed - one.reached
        unit = pathway.credit_units.get(one.unit)
        unknown = unknown or one.at_least
        if one.unit == "h":
            hours = max(hours, gap)
        elif unit is not None and unit.hours is not None:
            hours = max(hours, gap * Fraction(unit.hours))
        else:
            unknown = True
    return hours, unknown
