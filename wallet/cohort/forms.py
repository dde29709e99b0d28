"""How the words of a cohort are written as JSON in its store, and read back: short lists in a fixed order.

Only this program writes them and every file is named by what it was made from, so a file that cannot be read is made again:
every reader here raises `ValueError`, `TypeError`, `KeyError` or `LookupError` on anything else, and `read` turns that into None.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from wallet.cohort.model import (
    CheckedBadge,
    Consent,
    Loss,
    NextStep,
    OpenPlace,
    PathwayUsed,
    Problem,
    ProblemCode,
    Proof,
    Standing,
)
from wallet.model import Alignment, Json, JsonObject, Text
from wallet.pathways.candidates import Candidate
from wallet.pathways.model import Credit

T = TypeVar("T")
#: What reading something of another shape raises.
UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError)


def dumps(value: object) -> bytes:
    """One line, the same bytes for the same value."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode("ascii")


def loads(data: bytes) -> Json:
    """What `dumps` wrote. Raises `ValueError`."""
    found: Json = json.loads(data)  # noqa: TID251 - our own file
    return found


def read(data: bytes | None, make: Callable[[Json], T]) -> T | None:
    """What `make` makes of our own file; None where it is not there, torn, or of another version."""
    if data is None:
        return None
    try:
        return make(loads(data))
    except UNREADABLE:
        return None


# small values


def items(value: Json) -> Sequence[Json]:
    """A list."""
    if isinstance(value, list):
        return value
    raise ValueError("not a list")


def members(value: Json) -> JsonObject:
    """An object."""
    if isinstance(value, Mapping):
        return value
    raise ValueError("not an object")


def text(value: Json) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise ValueError("not text")


def maybe(value: Json) -> str | None:
    """A string or nothing."""
    return None if value is None else text(value)


def number(value: Json) -> int:
    """A whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("not a number")


def day(value: Json) -> date | None:
    """A calendar day or nothing."""
    return None if value is None else date.fromisoformat(text(value))


def moment(value: Json) -> datetime | None:
    """An aware time or nothing."""
    if value is None:
        return None
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found


def decimal(value: Json) -> Decimal | None:
    """An exact number or nothing."""
    return None if value is None else Decimal(text(value))


def iso(value: date | datetime | None) -> str | None:
    """A day or a time as text."""
    return None if value is None else value.isoformat()


def _string(value: Decimal | Fraction | None) -> str | None:
    return None if value is None else str(value)


# badges


def _write_text(value: Text) -> Json:
    return [[tag, said] for tag, said in value.values]


def _read_text(value: Json) -> Text:
    return Text(tuple((text(items(one)[0]), text(items(one)[1])) for one in items(value)))


def write_alignment(one: Alignment) -> Json:
    """An alignment."""
    return [
        _write_text(one.target_name),
        one.target_url,
        _write_text(one.target_description),
        one.target_framework,
        one.target_code,
    ]


def read_alignment(value: Json) -> Alignment:
    """The same back."""
    name, url, description, framework, code = items(value)
    return Alignment(_read_text(name), maybe(url), _read_text(description), maybe(framework), maybe(code))


def write_candidate(one: Candidate) -> Json:
    """A candidate that stands for a credential."""
    return [
        one.id,
        one.achievement_id,
        one.issuer_id,
        one.name,
        one.issuer_name,
        one.criteria,
        list(one.tags),
        [write_alignment(each) for each in one.alignments],
        iso(one.issued_on),
        iso(one.expires),
        one.status,
        one.invalid,
        one.mine,
        one.revoked,
        _string(one.hours),
        None if one.credit is None else [str(one.credit.value), one.credit.unit],
    ]


def read_candidate(value: Json) -> Candidate:
    """The same back."""
    (
        name,
        achievement,
        issuer,
        called,
        issuer_name,
        criteria,
        tags,
        aligned,
        issued,
        expires,
        status,
        invalid,
        mine,
        revoked,
        hours,
        credit,
    ) = items(value)
    return Candidate(
        text(name),
        maybe(achievement),
        maybe(issuer),
        text(called),
        text(issuer_name),
        maybe(criteria),
        tuple(text(tag) for tag in items(tags)),
        tuple(read_alignment(one) for one in items(aligned)),
        day(issued),
        day(expires),
        text(status),
        invalid is True,
        mine if isinstance(mine, bool) else None,
        revoked is True,
        None if hours is None else Fraction(text(hours)),
        None if credit is None else Credit(Decimal(text(items(credit)[0])), text(items(credit)[1])),
    )


def write_badge(one: CheckedBadge) -> Json:
    """A badge, without what other learners' bundles say about it."""
    return [
        one.original,
        one.credential_id,
        write_candidate(one.candidate),
        one.proof.value,
        iso(one.checked),
        one.why,
        one.mismatch,
        one.report,
    ]


def read_badge(value: Json) -> CheckedBadge:
    """The same back."""
    original, credential, candidate, proof, checked, why, mismatch, report = items(value)
    return CheckedBadge(
        text(original),
        maybe(credential),
        read_candidate(candidate),
        Proof(text(proof)),
        moment(checked),
        text(why),
        mismatch is True,
        (),
        text(report),
    )


# figures


def write_problem(one: Problem) -> Json:
    """A problem."""
    return [one.code.value, one.text, one.badge]


def read_problem(value: Json) -> Problem:
    """The same back."""
    code, said, badge = items(value)
    return Problem(ProblemCode(text(code)), text(said), text(badge))


def write_standing(one: Standing) -> Json:
    """A standing, without its learner and without whether it is a target: these are known only when it is read."""
    return [
        one.pathway,
        one.required,
        one.filled,
        one.percent,
        one.verified_percent,
        one.state,
        one.exact,
        one.missing,
        str(one.hours),
        one.hours_at_least,
        [[each.place, each.name, each.places, _string(each.hours)] for each in one.open],
        [[each.place, each.name, _string(each.hours), each.link, iso(each.begins)] for each in one.steps],
        iso(one.last),
        [[each.place, each.day.isoformat(), each.badge, each.record] for each in one.at_risk],
        one.exceptions,
        one.forced,
        one.without,
        [place for place, _ in one.places],
        [state for _, state in one.places],
        [list(pair) for pair in one.by],
    ]


class Standings:
    """Reads standings; what thousands of learners have in common, such as places and names, is kept in memory once."""

    def __init__(self) -> None:
        self._open: dict[tuple[Json, ...], OpenPlace] = {}
        self._steps: dict[tuple[Json, ...], NextStep] = {}
        self._places: dict[tuple[Json, ...], tuple[tuple[str, str], ...]] = {}

    def read(self, value: Json, learner: str, targets: Sequence[str]) -> Standing:
        """One standing of that learner."""
        (
            pathway,
            required,
            filled,
            percent,
            verified,
            state,
            exact,
            missing,
            hours,
            at_least,
            open_places,
            steps,
            last,
            risks,
            exceptions,
            forced,
            without,
            names,
            states,
            filling,
        ) = items(value)
        return Standing(
            learner,
            text(pathway),
            number(required),
            number(filled),
            number(percent),
            number(verified),
            text(state),
            exact is True,
            number(missing),
            Decimal(text(hours)),
            at_least is True,
            tuple([self._open_place(one) for one in items(open_places)]),
            tuple([self._step(one) for one in items(steps)]),
            day(last),
            tuple([_loss(one) for one in items(risks)]),
            number(exceptions),
            forced is True,
            None if without is None else number(without),
            pathway in targets,
            self._pairs(items(names), items(states)),
            tuple([(text(items(one)[0]), text(items(one)[1])) for one in items(filling)]),
        )

    def _open_place(self, value: Json) -> OpenPlace:
        key = tuple(items(value))
        found = self._open.get(key)
        if found is None:
            place, name, places, hours = key
            found = self._open[key] = OpenPlace(text(place), text(name), number(places), decimal(hours))
        return found

    def _step(self, value: Json) -> NextStep:
        key = tuple(items(value))
        found = self._steps.get(key)
        if found is None:
            place, name, hours, link, begins = key
            found = self._steps[key] = NextStep(text(place), text(name), decimal(hours), maybe(link), day(begins))
        return found

    def _pairs(self, names: Sequence[Json], states: Sequence[Json]) -> tuple[tuple[str, str], ...]:
        key = (*names, *states)
        found = self._places.get(key)
        if found is None:
            found = tuple((text(name), text(state)) for name, state in zip(names, states, strict=True))
            if len(self._places) < 10_000:
                self._places[key] = found
        return found


def _loss(value: Json) -> Loss:
    place, ends, badge, *record = items(value)  # scans of before say nothing of records
    return Loss(text(place), date.fromisoformat(text(ends)), text(badge), *map(text, record))


def write_pathway(one: PathwayUsed) -> Json:
    """A pathway as it was used."""
    return [one.id, one.name, one.version, one.sha256, [list(pair) for pair in one.elements]]


def read_pathway(value: Json) -> PathwayUsed:
    """The same back."""
    name, called, version, sha, elements = items(value)
    pairs = tuple((text(items(one)[0]), text(items(one)[1])) for one in items(elements))
    return PathwayUsed(text(name), text(called), text(version), text(sha), pairs)


def write_consent(one: Consent | None) -> Json:
    """A consent, or none."""
    return None if one is None else [one.text, iso(one.given), iso(one.until), one.scope, one.source]


def read_consent(value: Json) -> Consent | None:
    """The same back."""
    if value is None:
        return None
    said, given, until, scope, source = items(value)
    return Consent(text(said), day(given), day(until), text(scope), text(source))
