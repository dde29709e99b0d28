"""The match rules of one pathway on one day, compiled: what a badge matches is looked up once for all badges of its kind.

What a rule looks at is the same for everybody who holds a badge: the achievement, who issues it, name, tags, alignments. So the
answer is kept by these facts, and a cohort costs achievements times rules, not learners times rules (pathways.md section 6).
Dates, expiry and proof are each learner's own and are judged by `candidates`; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from wallet.pathways.matching import Described, Keys, fit, key_of, normal_id, trusted_issuers
from wallet.pathways.model import Pathway, Rule

#: Kinds of badges that are remembered. A cohort meets hundreds to thousands; past this many it starts again.
MOST_KINDS = 16_384


@dataclass(frozen=True, slots=True)
class Match:
    """What badges of one kind match: element or group whose award it is -> strength and rule. key: equivalents merged."""

    key: str
    elements: Mapping[str, tuple[str, Rule]]
    awards: Mapping[str, tuple[str, Rule]]


class Rules:
    """Asks every rule about a kind of badge once."""

    def __init__(self, pathway: Pathway, at: date) -> None:
        self._keys = Keys(pathway, at)
        self._trusted = trusted_issuers(pathway)
        self._elements = _Index({one.id: one.match for one in pathway.elements.values()}, self._keys)
        self._awards = _Index({one.id: one.award for one in pathway.groups.values() if one.award}, self._keys)
        self._seen: dict[Hashable, Match] = {}
        #: All that decides what a badge with an achievement id matches; two badges with the same facts match the same.
        self.facts: Callable[[Described], Hashable] = attrgetter(*_looked_at(pathway))

    def of(self, badge: Described) -> Match:
        """What the badge matches."""
        facts = self.facts(badge)
        if not badge.achievement_id:
            # Then the key is made of what the badge says of itself. The text in front tells these facts from the others.
            facts = ("", badge.issuer_id, badge.name, badge.criteria, badge.tags, badge.alignments)
        found = self._seen.get(facts)
        if found is None:
            if len(self._seen) >= MOST_KINDS:
                self._seen.clear()
            key = self._keys.root(key_of(badge))
            elements, awards = self._fits(self._elements, badge, key), self._fits(self._awards, badge, key)
            found = self._seen[facts] = Match(key, elements, awards)
        return found

    def _fits(self, index: _Index, badge: Described, key: str) -> dict[str, tuple[str, Rule]]:
        by_name: dict[str, list[Rule]] = {}
        for name, rule in index.worth_asking(key, badge.issuer_id):
            by_name.setdefault(name, []).append(rule)
        found: dict[str, tuple[str, Rule]] = {}
        for name, rules in by_name.items():
            how = fit(rules, badge, key, self._keys, self._trusted)
            if how is not None:
                found[name] = how
        return found


class _Index:
    """Rules by the one key or the one issuer that can fit them; the few others are asked about every badge."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]], keys: Keys) -> None:
        self._by_key: dict[str, list[tuple[str, Rule]]] = {}
        self._by_issuer: dict[str, list[tuple[str, Rule]]] = {}
        self._any: list[tuple[str, Rule]] = []
        for name, alternatives in rules.items():
            for rule in alternatives:
                if rule.achievement is not None:
                    self._by_key.setdefault(keys.root(normal_id(rule.achievement)), []).append((name, rule))
                elif rule.issuer is not None:
                    self._by_issuer.setdefault(normal_id(rule.issuer), []).append((name, rule))
                elif rule.attested is None:  # that one is filled by no badge
                    self._any.append((name, rule))

    def worth_asking(self, key: str, issuer: str | None) -> Sequence[tuple[str, Rule]]:
        """The rules, with the element or group they stand at, that could fit a badge with that key and issuer."""
        named = self._by_key.get(key, ())
        of_issuer = self._by_issuer.get(normal_id(issuer), ()) if issuer and self._by_issuer else ()
        return [*named, *of_issuer, *self._any] if of_issuer or self._any else named


def _looked_at(pathway: Pathway) -> list[str]:
    """The facts that some rule of the pathway looks at: the fewer, the more badges are of one kind."""
    rules = [rule for element in pathway.elements.values() for rule in element.match]
    rules += [rule for group in pathway.groups.values() for rule in group.award]
    asked = {
        "issuer_id": any(rule.issuer is not None or rule.any_issuer for rule in rules),
        "name": any(rule.name is not None for rule in rules),
        "tags": any(rule.tag is not None for rule in rules),
        "alignments": any(rule.alignment is not None or rule.code is not None for rule in rules),
    }
    return ["achievement_id", *(name for name, looked in asked.items() if looked)]
