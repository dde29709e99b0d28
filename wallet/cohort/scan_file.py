"""A scan as it lies in the store, and a learner of it: numbers and keys in the one, all that names somebody in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from wallet.cohort import forms
from wallet.cohort.drawer import Drawer
from wallet.cohort.kept import Card
from wallet.cohort.model import Consent, Learner, PathwayUsed, Problem, ProblemCode, Thresholds
from wallet.cohort.records import Records
from wallet.model import Json


@dataclass(frozen=True, slots=True)
class Entry:
    """One learner of a scan. also: who else handed over a badge, by the sha256 of its original. same: who else told an
    identity of theirs."""

    number: str
    key: str
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A scan as it is stored: nothing in it names anybody but by number."""

    id: str
    at: date
    made: datetime
    pathways: tuple[PathwayUsed, ...]
    thresholds: Thresholds
    tool: str
    entries: tuple[Entry, ...]


def read_result(
    drawer: Drawer, value: Sequence[Json] | None, entry: Entry, kept: Records
) -> tuple[Learner, datetime | None, Sequence[Json]]:
    """A learner of a scan, the oldest check behind their figures, and their standings as they are written.

    Raises one of `forms.UNREADABLE` for a result that is not there or of another shape.
    """
    if value is None:
        raise LookupError("no result")
    _, problems, bundle_date, left_out, nearest, aligned, oldest, rows = value
    card = drawer.card() or Card(entry.number, "", "", "")
    twice = tuple(
        Problem(
            ProblemCode.DUPLICATE,
            f"The same badge was handed over by {' and '.join(others)} as well.",
            original,
        )
        for original, others in entry.also
        if others
    )
    if entry.same:
        words = f"{' and '.join(entry.same)} told the same identity as their own: ask whose it is."
        twice = (*twice, Problem(ProblemCode.SAME_IDENTITY, words))
    learner = Learner(
        entry.number,
        card.name,
        card.source,
        kept.known(card.identities),
        (),
        (*(forms.read_problem(one) for one in forms.items(problems)), *twice),
        consent_of(kept, card),
        forms.day(bundle_date),
        forms.number(left_out),
        forms.maybe(nearest),
        tuple(forms.read_alignment(one) for one in forms.items(aligned)),
    )
    return learner, forms.moment(oldest), forms.items(rows)


def consent_of(kept: Records, card: Card | None) -> Consent | None:
    """What the advisor recorded goes before what the bundle says."""
    return kept.consent or (card.consent if card is not None else None)


def without(stored: ScanFile, number: str) -> ScanFile:
    """The scan as if a learner had never been in it."""
    kept = []
    for entry in stored.entries:
        if entry.number != number:
            also = ((original, tuple(one for one in others if one != number)) for original, others in entry.also)
            kept.append(
                replace(
                    entry,
                    also=tuple((original, others) for original, others in also if others),
                    same=tuple(one for one in entry.same if one != number),
                )
            )
    return replace(stored, entries=tuple(kept))


def write_scan(one: ScanFile) -> Json:
    """A scan."""
    limits = one.thresholds
    return [
        one.id,
        one.at.isoformat(),
        one.made.isoformat(),
        [forms.write_pathway(each) for each in one.pathways],
        [limits.close_places, limits.close_hours, limits.stuck_days, limits.risk_days],
        one.tool,
        [
            [each.number, each.key, [[name, list(others)] for name, others in each.also], list(each.same)]
            for each in one.entries
        ],
    ]


def read_scan(value: Json) -> ScanFile:
    """The same back."""
    name, at, made, pathways, limits, tool, entries = forms.items(value)
    moment = forms.moment(made)
    if moment is None:
        raise ValueError("no time")
    return ScanFile(
        forms.text(name),
        date.fromisoformat(forms.text(at)),
        moment,
        tuple(forms.read_pathway(one) for one in forms.items(pathways)),
        Thresholds(*(forms.number(one) for one in forms.items(limits))),
        forms.text(tool),
        tuple(_read_entry(one) for one in forms.items(entries)),
    )


def _read_entry(value: Json) -> Entry:
    number, key, also, *more = forms.items(value)  # the first version knew no more than three
    pairs = (forms.items(one) for one in forms.items(also))
    others = tuple((forms.text(name), tuple(forms.text(one) for one in forms.items(who))) for name, who in pairs)
    same = tuple(forms.text(one) for each in more for one in forms.items(each))
    return Entry(forms.text(number), forms.text(key), others, same)
