"""The figures of thousands of learners on one pathway: `compile` once, then `Compiled.figures` for each learner.

Exactly what `progress.evaluate` says, in a tenth of the time and less: what a kind of badge matches is remembered for everybody,
badges that match nothing are left out first, places are counted in sets of bits, and learners whose badges fit the same places
share an answer. Whatever that does not cover is counted by `counting`, so nothing is ever estimated. There are no names here,
no reasons and no states; those are `evaluate`'s, for the learners somebody looks at.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import repeat
from operator import attrgetter
from typing import Final

from wallet.limits import LIMITS, Limits
from wallet.pathways.candidates import VERIFIED, Candidate, judge, verified_only
from wallet.pathways.counting import count
from wallet.pathways.explain import unasked
from wallet.pathways.fitting import Prepared
from wallet.pathways.model import Accept, Pathway
from wallet.pathways.outline import outline, reached
from wallet.pathways.personal import NOBODY, Personal, adjusted, terms
from wallet.pathways.progress import Progress, evaluate
from wallet.pathways.results import Figures
from wallet.pathways.rules import MOST_KINDS
from wallet.pathways.sketch import Sketch, sketcher

#: Answers that are remembered; each is a few numbers.
_MOST_ANSWERS: Final = 65_536
_ID: Final = attrgetter("id")


@dataclass(frozen=True, slots=True)
class Quick:
    """Figures by verified badges alone and by all accepted ones, as in `Progress`."""

    verified: Figures
    accepted: Figures


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """What badges of one kind can do here, with leaves as sets of bits.

    parts: the leaves, by what those elements accept. barred: leaves that no badge of this key fills, because it is an award of
    a group around them. shortcuts: groups that such an award stands for.
    """

    key: str
    parts: tuple[tuple[Accept, int], ...]
    barred: int
    shortcuts: tuple[str, ...]


class Compiled:
    """One pathway on one day, ready for many learners. Remembers what it has seen, up to a bound."""

    def __init__(self, pathway: Pathway, at: date, *, limits: Limits = LIMITS) -> None:
        self.pathway = pathway
        self.at = at
        self._limits = limits
        self._prepared = Prepared(pathway, at)
        tree = self._prepared.tree
        self._outline = outline(pathway, tree, at, most=limits.pathway_flows)
        leaves = tuple(tree.leaves())
        self._leaves = len(leaves)
        self._places: dict[str, int] = {}
        self._under: dict[str, int] = {}
        self._repeatable = self._summed = 0
        for number, leaf in enumerate(leaves):
            assert leaf.element is not None
            self._places[leaf.id] = self._places.get(leaf.id, 0) | 1 << number
            self._repeatable |= leaf.element.repeatable << number
            above = pathway.groups.get(leaf.path[-2]) if len(leaf.path) > 1 else None
            self._summed |= (above is not None and above.need.sums) << number
            for group in leaf.awards:
                self._under[group] = self._under.get(group, 0) | 1 << number
        self._kinds: dict[Hashable, _Kind | None] = {}
        self._other: Compiled | None = None
        self._answers: dict[tuple[int, ...], Figures] = {}
        #: What is said of somebody who holds nothing that is asked for, by language.
        self._nothing: dict[str | None, Progress] = {}
        self._sketcher = sketcher(pathway, at, tree) if self._outline is not None else None

    def figures(self, candidates: Sequence[Candidate], personal: Personal = NOBODY) -> Quick:
        """The figures of one learner."""
        held = personal.in_force(self.at)
        found = self._quick(self._asked_for(candidates), held)
        return found if found is not None else self._in_full(candidates, held)

    def evaluate(
        self, candidates: Sequence[Candidate], personal: Personal = NOBODY, *, language: str | None = None
    ) -> Progress:
        """The whole answer for one learner, with states and reasons."""
        held, asked_for = personal.in_force(self.at), self._asked_for(candidates)
        if not asked_for and held == NOBODY:
            if language not in self._nothing:
                self._nothing[language] = evaluate(
                    self.pathway, (), self.at, language=language, limits=self._limits, prepared=self._prepared
                )
            lines = sorted((unasked(one) for one in candidates), key=lambda use: use.id)
            return replace(self._nothing[language], badges=tuple(lines))
        quick = self._quick(asked_for, held)
        return evaluate(
            self.pathway,
            candidates,
            self.at,
            personal=personal,
            language=language,
            limits=self._limits,
            prepared=self._prepared,
            verified=quick.verified if quick is not None else None,
        )

    def on(self, at: date) -> Compiled:
        """The same pathway on another day; the last one is remembered."""
        if self._other is None or self._other.at != at:
            self._other = Compiled(self.pathway, at, limits=self._limits)
        return self._other

    def sketch(self, candidates: Sequence[Candidate], personal: Personal = NOBODY) -> Sketch | None:
        """What a row shows of one learner. None: there is more to this pathway or learner than a sketch shows."""
        if self._sketcher is None or personal.in_force(self.at) != NOBODY:
            return None
        passing: dict[str, tuple[int, Candidate]] = {}
        refused = 0
        proven = _Hand()
        for kind, candidate in self._asked_for(candidates):
            if kind.barred:
                return None
            leaves = 0
            for accept, places in kind.parts:
                if judge(candidate, accept, self.at) is None:
                    leaves |= places
                else:
                    refused |= places
            if leaves:
                if kind.key in passing:
                    return None  # one of two credentials of an achievement is the better one; that is for `fitting`
                passing[kind.key] = leaves, candidate
                if candidate.status == VERIFIED:
                    proven.leaves[kind.key] = leaves
        if len(set(map(_ID, candidates))) < len(candidates):
            return None
        shape, badges = self._sketcher.of(passing)
        strict = shape.progress.accepted if len(proven.leaves) == len(passing) else self._answer(proven)
        return Sketch(shape, strict, self._sketcher.refused(refused), badges) if strict is not None else None

    def _in_full(self, candidates: Sequence[Candidate], held: Personal) -> Quick:
        asked = adjusted(self.pathway, held)
        prepared = self._prepared if asked is self.pathway else Prepared(asked, self.at)
        accepted = count(asked, candidates, self.at, self._limits, terms(asked, held), prepared=prepared)
        if accepted.fitting.proven and not held.excepted and not held.attested:
            return Quick(accepted.figures, accepted.figures)
        proven, given = verified_only(candidates), terms(asked, held, proven=True)
        strict = count(asked, proven, self.at, self._limits, given, prepared=prepared)
        return Quick(strict.figures, accepted.figures)

    def _asked_for(self, candidates: Sequence[Candidate]) -> list[tuple[_Kind, Candidate]]:
        """The badges that the pathway asks for, whether they count or not."""
        facts = list(map(self._prepared.rules.facts, candidates))
        # Fifty badges a learner, of which a pathway asks for a few: no step of Python for those that are known to match nothing.
        # A badge without an achievement is of no kind that is remembered.
        kinds = list(map(self._kinds.get, facts, repeat(_UNSEEN)))
        if _UNSEEN in kinds:
            seen = zip(kinds, candidates, facts, strict=True)
            kinds = [self._kind(one, each) if kind is _UNSEEN else kind for kind, one, each in seen]
        return [(kind, one) for kind, one in zip(kinds, candidates, strict=True) if kind is not None]

    def _quick(self, asked_for: Sequence[tuple[_Kind, Candidate]], held: Personal) -> Quick | None:
        """None: something that only the full count knows."""
        if self._outline is None or held.excepted or held.attested:
            return None  # (a plan changes neither figure)
        proven, accepted = _Hand(), _Hand()
        for kind, candidate in asked_for:
            leaves = 0
            for accept, places in kind.parts:
                if judge(candidate, accept, self.at) is None:
                    leaves |= places
            shortcuts = kind.shortcuts
            if shortcuts and judge(candidate, self.pathway.accept, self.at) is not None:
                shortcuts = ()
            for hand in (proven, accepted) if candidate.status == VERIFIED else (accepted,):
                before = hand.leaves.get(kind.key, 0)
                if before & leaves & self._repeatable:
                    return None
                if leaves & self._summed:
                    if before:
                        return None  # one of two credentials of an achievement is the better one; that is for `fitting`
                    if candidate.hours is not None or candidate.credit is not None:
                        hand.stated[kind.key] = candidate
                if leaves:
                    hand.leaves[kind.key] = before | leaves
                if kind.barred:
                    hand.barred[kind.key] = hand.barred.get(kind.key, 0) | kind.barred
                if shortcuts:
                    hand.awards.update(shortcuts)
        best = self._answer(accepted)
        strict = best if proven.same(accepted) else self._answer(proven)
        return Quick(strict, best) if best is not None and strict is not None else None

    def _answer(self, hand: _Hand) -> Figures | None:
        sets = hand.leaves
        for key, barred in hand.barred.items():
            if key in sets:
                sets[key] &= ~barred
        own = hand.stated
        shape, stated = tuple(sorted(sets.values())), list[Candidate | None]()
        if own:
            keys = sorted(sets, key=sets.__getitem__)
            stated = [own.get(key) for key in keys]
        known = self._answers.get(shape) if not hand.awards and not own else None
        if known is not None:
            return known
        fitting = [0] * self._leaves
        for number, leaves in enumerate(shape):
            while leaves:
                fitting[(leaves & -leaves).bit_length() - 1] |= 1 << number
                leaves &= leaves - 1
        assert self._outline is not None
        found = reached(self._outline, fitting, hand.awards, stated)
        if found is None:
            return None
        figures = Figures(found[0], found[1], found[0] - found[1])
        if not hand.awards and not own:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[shape] = figures
        return figures

    def _kind(self, candidate: Candidate, facts: Hashable) -> _Kind | None:
        match = self._prepared.rules.of(candidate)
        barred = 0
        for group in match.awards:
            barred |= self._under.get(group, 0)
        parts: dict[Accept, int] = {}
        for name in match.elements:
            places = self._places.get(name, 0) & ~barred
            if places:
                accept = self.pathway.elements[name].accept.over(self.pathway.accept)
                parts[accept] = parts.get(accept, 0) | places
        shortcuts = tuple(group for group in match.awards if self.pathway.groups[group].shortcut)
        kind = _Kind(match.key, tuple(parts.items()), barred, shortcuts) if parts or barred or shortcuts else None
        if candidate.achievement_id:
            if len(self._kinds) >= MOST_KINDS:
                self._kinds.clear()
            self._kinds[facts] = kind
        return kind


class _Hand:
    """The badges of one learner that count: key -> leaves it fits, key -> leaves it may not fill, groups whose award is held.

    stated: those that bring hours or credits of their own to a sum.
    """

    __slots__ = ("awards", "barred", "leaves", "stated")

    def __init__(self) -> None:
        self.leaves: dict[str, int] = {}
        self.barred: dict[str, int] = {}
        self.awards: set[str] = set()
        self.stated: dict[str, Candidate] = {}

    def same(self, other: _Hand) -> bool:
        """Whether both come to the same figures."""
        mine = (self.leaves, self.barred, self.awards, self.stated)
        return mine == (other.leaves, other.barred, other.awards, other.stated)


_UNSEEN: Final = _Kind("", (), 0, ())


def compile(pathway: Pathway, at: date, *, limits: Limits = LIMITS) -> Compiled:
    """Prepare a pathway without lint errors for many learners on the calendar day `at` in UTC."""
    return Compiled(pathway, at, limits=limits)
