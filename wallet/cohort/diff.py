"""What changed for whom between two scans, by learner and place. Pure.

Says nothing of a learner whose consent is past but that it is. Where a pathway's file changed, what follows from the new
definition is told apart from what learners did (advisor.md section 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wallet.cohort.model import CheckedBadge, Learner, PathwayUsed, Proof, Scan, Standing
from wallet.text import clean, plural

KINDS = (
    *("moved-up", "newly-met", "newly-eligible", "lost-place", "new-problem", "joined", "left", "consent-ended"),
    *("gained-by-definition", "lost-by-definition"),
)
#: From the end to the beginning.
_STATES = ("met", "eligible", "in-progress", "not-started", "blocked")
#: Badges of a learner in a scan, both by name: `wallet.cohort.store.Cohort.badges`.
Badges = Callable[[str, str], Sequence[CheckedBadge]]


@dataclass(frozen=True, slots=True)
class Change:
    """One change. kind: one of `KINDS`. pathway, place: ids, "" where it is about none. text: a clean sentence, nobody's name."""

    kind: str
    learner: str
    pathway: str
    place: str
    text: str


def differences(before: Scan, after: Scan, *, badges: Badges | None = None) -> tuple[Change, ...]:
    """All changes from one scan to a later one, by learner. badges: asked for those who lost a place, to tell by which badge."""
    old = {one.number: one for one in before.learners}
    new = {one.number: one for one in after.learners}
    found: list[Change] = []
    rows = _Rows(before, after, badges)
    for number in sorted(old.keys() | new.keys()):
        was, now = old.get(number), new.get(number)
        if now is None:
            found.append(Change("left", number, "", "", "Not in the folder any more."))
        elif now.consent is not None and not now.consent.holds(after.at):
            if was is None or was.consent is None or was.consent.holds(before.at):
                found.append(Change("consent-ended", number, "", "", f"Consent ended on {now.consent.until}."))
        elif was is None:
            found.append(Change("joined", number, "", "", "New in the folder."))
        else:
            found += _problems(was, now)
            found += rows.of(number)
    return tuple(found)


def _problems(was: Learner, now: Learner) -> Iterator[Change]:
    known = {(one.code, one.badge, one.text) for one in was.problems}
    for one in now.problems:
        if (one.code, one.badge, one.text) not in known:
            yield Change("new-problem", now.number, "", "", one.text)


class _Rows:
    """Compares the rows of learners who are in both scans."""

    def __init__(self, before: Scan, after: Scan, badges: Badges | None) -> None:
        self._before, self._after, self._badges = before, after, badges
        self._old = {(one.learner, one.pathway): one for one in before.standings}
        self._new: dict[str, list[Standing]] = {}
        for one in after.standings:
            self._new.setdefault(one.learner, []).append(one)
        self._was = {one.id: one for one in before.pathways}
        self._is = {one.id: one for one in after.pathways}

    def of(self, number: str) -> Iterator[Change]:
        """The changes of one learner, pathway by pathway."""
        for now in self._new.get(number, ()):
            was = self._old.get((number, now.pathway))
            if was is None:
                continue
            older, newer = self._was[now.pathway], self._is[now.pathway]
            if older.sha256 != newer.sha256:
                yield from self._by_definition(was, now, older, newer)
            else:
                yield from self._moved(was, now)

    def _moved(self, was: Standing, now: Standing) -> Iterator[Change]:
        def change(kind: str, text: str, place: str = "") -> Change:
            return Change(kind, now.learner, now.pathway, place, text)

        if now.state == "met" and was.state != "met":
            yield change("newly-met", f"All {plural(now.required, 'place')} are filled.")
        elif now.state == "eligible" and was.state != "eligible":
            yield change("newly-eligible", "All parts are met; the issuer can be asked for the award.")
        elif now.filled > was.filled:
            yield change("moved-up", f"{now.filled} of {now.required} places are filled, {was.filled} before.")
        names = dict(self._is[now.pathway].elements)
        states = dict(now.places)
        for place, state in was.places:
            if place in names and state == "met" and states.get(place, "met") != "met":
                text = f"{clean(names[place], limit=120)} is not filled any more{self._why(was, now, place)}."
                yield change("lost-place", text, place)

    def _why(self, was: Standing, now: Standing, place: str) -> str:
        """Which badge went, and how, as the end of a sentence."""
        gone = {badge for one, badge in was.by if one == place} - {badge for one, badge in now.by if one == place}
        held, have = self._held(was.learner, self._before.id), self._held(was.learner, self._after.id)
        said = [
            f"{clean(held[badge].candidate.name, limit=120) or 'a badge'} {self._end(held[badge], have.get(badge))}"
            for badge in sorted(gone)
            if badge in held
        ]
        return f": {', '.join(said)}" if said else ""

    def _end(self, was: CheckedBadge, now: CheckedBadge | None) -> str:
        expires = was.candidate.expires
        if now is None:
            return "was not handed over again"
        if now.candidate.revoked:
            return "was revoked"
        if now.proof is Proof.FAILED:
            return "failed the check"
        if expires is not None and expires <= self._after.at:
            return f"expired on {expires}"
        return "does not count here any more"

    def _held(self, number: str, scan: str) -> Mapping[str, CheckedBadge]:
        return {one.candidate.id: one for one in self._badges(number, scan)} if self._badges is not None else {}

    def _by_definition(self, was: Standing, now: Standing, older: PathwayUsed, newer: PathwayUsed) -> Iterator[Change]:
        """A new version of the file: everything is put down to it, unless badges came or went as well, which is said."""
        steps = [
            (one.missing, _STATES.index(one.state) if one.state in _STATES else len(_STATES)) for one in (was, now)
        ]
        if steps[0] == steps[1]:
            return
        kind = "gained-by-definition" if steps[1] < steps[0] else "lost-by-definition"
        version = f"version {clean(newer.version, limit=40)} instead of {clean(older.version, limit=40)}"
        text = f"{plural(now.missing, 'place')} missing by {version}, {was.missing} before."
        if {badge for _, badge in was.by} - {badge for _, badge in now.by} and self._badges is not None:
            held, have = (
                {name: one.proof for name, one in self._held(now.learner, scan).items()}
                for scan in (self._before.id, self._after.id)
            )
            text += " Badges changed as well." if held != have else ""
        yield Change(kind, now.learner, now.pathway, "", text)
