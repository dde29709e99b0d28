"""What a learner could still earn for a pathway: one option for each achievement that a rule names, placeholders for the rest.

A rule that names an issuer and a tag, say, stands for badges nobody can list, so it gives as many placeholders as its element
has places to go. An option knows its elements, its hours and when its next offering ends. Nothing is chosen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from wallet.model import Alignment, Text
from wallet.pathways.candidates import SELF_ASSERTED, VERIFIED, Candidate
from wallet.pathways.fitting import Fitting
from wallet.pathways.matching import Keys, normal_id
from wallet.pathways.model import Element, Offering, Pathway, Rule

#: Placeholders for one rule; a pathway that adds up more badges of one kind is answered with an estimate.
_MOST_COPIES = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to earn. elements: ids of all that it fits. word: somebody's attestation, not a badge.

    hours: of the longest of its elements that says so, or None. ends: the earliest end of an offering still to come, or
    None where no date is known.
    """

    candidate: Candidate
    elements: tuple[str, ...]
    rule: Rule
    hours: Fraction | None
    ends: date | None
    word: bool = False

    @property
    def id(self) -> str:
        """Unique among the options of one pathway; the same on every run."""
        return self.candidate.id

    @property
    def achievement(self) -> str | None:
        """The achievement, where a rule names it."""
        return self.rule.achievement


def next_offering(element: Element, at: date) -> Offering | None:
    """The offering that can still be joined and ends first."""
    coming = [one for one in element.offering if _open(one, at)]
    return min(coming, key=lambda one: (one.ends or date.max, one.begins or date.max), default=None)


def _open(offering: Offering, at: date) -> bool:
    last = offering.enrol_by or offering.ends or offering.begins
    return last is None or last >= at


def options(pathway: Pathway, held: Fitting, at: date) -> tuple[Option, ...]:
    """All options, sorted by id. `held`: what the learner has, which is no option any more."""
    keys = Keys(pathway, at)
    known: dict[str, tuple[Candidate, Rule]] = {}
    words: list[Option] = []
    for element in sorted(pathway.elements.values(), key=lambda one: one.id):
        fits = held.everything(element.id)
        for number, rule in enumerate(sorted(element.match, key=lambda one: one.spelled())):
            if rule.attested is not None:
                if not any(fit.strength == "attested" for fit in fits.values()):
                    words.append(_word(element, rule, at))
            elif rule.achievement is not None:
                key = keys.root(normal_id(rule.achievement))
                if key not in fits:
                    before = known.get(key)
                    made = _candidate(rule, f"new:{key}", at)
                    known[key] = (_merged(before[0], made), before[1]) if before is not None else (made, rule)
            else:
                for copy in range(min(element.count - len(fits), _MOST_COPIES)):
                    name = f"new:{element.id}:{number}:{copy}"
                    known[name] = (_placeholder(pathway, rule, name, at), rule)
    fitting = Fitting(pathway, [candidate for candidate, _ in known.values()], at)
    found = [_option(pathway, fitting, candidate, rule, at) for candidate, rule in known.values()]
    return tuple(sorted([one for one in (*found, *words) if one.elements], key=lambda one: one.id))


def for_rules(pathway: Pathway, element: Element, at: date, name: str) -> Candidate | None:
    """A badge as somebody would hold it who had earned this element: by its surest rule. None: no badge fills it."""
    rules = [rule for rule in element.match if rule.attested is None]
    exact = next((rule for rule in rules if rule.achievement is not None), None)
    if exact is not None:
        return _candidate(exact, name, at)
    return _placeholder(pathway, rules[0], name, at) if rules else None


def of_achievement(achievement: str, at: date) -> Candidate:
    """A badge of an achievement that is only known by its address."""
    return _candidate(Rule(achievement=achievement), f"new:{normal_id(achievement)}", at)


def _candidate(rule: Rule, name: str, at: date) -> Candidate:
    alignments: list[Alignment] = []
    if rule.alignment is not None:
        alignments.append(Alignment(target_url=rule.alignment))
    if rule.code is not None:
        alignments.append(Alignment(Text(), target_framework=rule.framework, target_code=rule.code))
    return Candidate(
        id=name,
        achievement_id=rule.achievement,
        issuer_id=rule.issuer,
        name=(rule.name or "").replace("*", "").replace("?", "x"),
        tags=(rule.tag,) if rule.tag is not None else (),
        alignments=tuple(alignments),
        issued_on=at,
        status=VERIFIED,
        mine=True,
        virtual="new",
    )


def _placeholder(pathway: Pathway, rule: Rule, name: str, at: date) -> Candidate:
    """Some badge that the rule fits; unlike every other, so that it is an achievement of its own."""
    made = _candidate(rule, name, at)
    issuer = rule.issuer
    if issuer is None and rule.any_issuer:
        issuer = next(iter(sorted(pathway.trusted_issuers)), None)
    glob = rule.achievement_glob
    achievement = glob.replace("*", name).replace("?", "x") if glob is not None else None
    return replace(made, issuer_id=issuer, achievement_id=achievement, criteria=name)


def _merged(one: Candidate, other: Candidate) -> Candidate:
    """One achievement that two rules describe has what both say."""
    return replace(
        one,
        issuer_id=one.issuer_id or other.issuer_id,
        name=one.name or other.name,
        tags=tuple(dict.fromkeys((*one.tags, *other.tags))),
        alignments=tuple(dict.fromkeys((*one.alignments, *other.alignments))),
    )


def _word(element: Element, rule: Rule, at: date) -> Option:
    offering = next_offering(element, at)
    hours = Fraction(element.hours) if element.hours is not None else None
    return Option(
        _attested(element, at), (element.id,), rule, hours, offering.ends if offering is not None else None, word=True
    )


def _attested(element: Element, at: date) -> Candidate:
    return Candidate(f"word:{element.id}", None, None, "", issued_on=at, status=SELF_ASSERTED, virtual="attested")


def _option(pathway: Pathway, fitting: Fitting, candidate: Candidate, rule: Rule, at: date) -> Option:
    key = fitting.key(candidate)
    fits: Sequence[Element] = [
        element
        for element in sorted(pathway.elements.values(), key=lambda one: one.id)
        if key in fitting.everything(element.id)
    ]
    hours = [Fraction(element.hours) for element in fits if element.hours is not None]
    ends = [
        offering.ends
        for element in fits
        if (offering := next_offering(element, at)) is not None and offering.ends is not None
    ]
    return Option(
        candidate,
        tuple(element.id for element in fits),
        rule,
        max(hours, default=None),
        min(ends, default=None),
    )
