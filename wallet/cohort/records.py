"""What the advisor recorded about one learner: notes, feedback, targets, appointments, consent, identities, exceptions.

One line a record, in the learner's own directory, so that a purge takes them along. Private notes and feedback are two things
and never mixed (advisor.md section 5). What an exception means for a figure is the affair of `wallet.pathways.personal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wallet.cohort import forms
from wallet.cohort.model import Consent
from wallet.errors import UsageError
from wallet.model import Identity, Json, JsonObject
from wallet.pathways.model import Pathway
from wallet.pathways.personal import KINDS as EXCEPTIONS
from wallet.pathways.personal import Personal, from_records
from wallet.text import clean

KINDS = ("note", "feedback", "target", "appointment", "consent", "excepted", "attested", "identity")
#: Kinds that speak of a place of a pathway; the newest of one kind for one place holds.
_OF_PLACES = frozenset({"excepted", "attested"})
#: What each kind cannot do without.
_NEEDED = {"note": ("text",), "feedback": ("text",), "appointment": ("date",), "identity": ("type", "value")}


@dataclass(frozen=True, slots=True)
class Dated:
    """A text and its day: when it was written, or when an appointment is. Foreign text."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line. about: None takes back what the same kind said before of the same thing."""

    kind: str
    recorded: datetime
    about: JsonObject
    on: bool = True
    until: date | None = None
    pathway: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """All that holds for one learner, oldest first. targets: pathway ids. consent: the newest entered by hand, if any.

    notes are private; feedback is for the learner. struck: `same` of identities that were taken back, also of a bundle's.
    """

    notes: tuple[Dated, ...] = ()
    feedback: tuple[Dated, ...] = ()
    targets: tuple[str, ...] = ()
    appointments: tuple[Dated, ...] = ()
    consent: Consent | None = None
    identities: tuple[Identity, ...] = ()
    struck: frozenset[tuple[str, str]] = frozenset()
    places: tuple[Record, ...] = ()

    def known(self, told: Iterable[Identity]) -> tuple[Identity, ...]:
        """Those that the learner told and those recorded, each once, without any that was taken back."""
        return tuple(one for one in dict.fromkeys((*told, *self.identities)) if same(one) not in self.struck)

    def personal(self, pathway: Pathway) -> Personal:
        """Exceptions and attestations about this pathway, whatever their day."""
        return from_records(self.places, pathway)

    @property
    def basis(self) -> Json:
        """What figures hang on, for the key of a result."""
        return [
            [one.kind, one.recorded.isoformat(), dict(one.about), forms.iso(one.until), one.pathway, one.place]
            for one in self.places
        ]


NOTHING = Records()


def same(one: Identity) -> tuple[str, str]:
    """What two identities have in common that a person would call one: neither case nor blanks make another address."""
    return one.type, one.value.strip().casefold()


def checked(
    kind: str,
    about: Mapping[str, Json] | None,
    *,
    now: datetime,
    until: date | None = None,
    pathway: str | None = None,
    place: str | None = None,
) -> Record:
    """A record as it may be kept. Raises `UsageError` for what says nothing."""
    if kind not in KINDS:
        raise UsageError(f"'{clean(kind)}' is nothing that can be recorded.", f"There are: {', '.join(KINDS)}.")
    if kind in ("note", "feedback", "appointment") and about is None:
        raise UsageError(f"A {kind} cannot be taken back.", "Record another one that sets it right.")
    if kind == "target" and not pathway:
        raise UsageError("A target needs a pathway.", "Name the pathway that the learner aims at.")
    if kind in _OF_PLACES and not (pathway and place):
        raise UsageError("This needs a place of a pathway.", "Name the pathway and the element or group.")
    if about is not None:
        _sensible(kind, about, now.date())
    return Record(kind, now, dict(about or {}), about is not None, until, pathway or "", place or "")


def _sensible(kind: str, about: Mapping[str, Json], today: date) -> None:
    for name in _NEEDED.get(kind, ()):
        if not isinstance(value := about.get(name), str) or not value.strip():
            raise UsageError(f"A record of kind '{kind}' needs a {name}.", f"Give the {name}.")
    if kind == "appointment":
        _day_of(about)
    if kind == "consent" and _given(about, today) is None:
        raise UsageError("The day on which consent was given cannot be read.", "Write it as 2026-11-30.")
    if kind in _OF_PLACES:
        _accountable(kind, about)


def _accountable(kind: str, about: Mapping[str, Json]) -> None:
    """Who and why are asked of everything that changes a figure."""
    for name in ("who", "reason"):
        if not isinstance(value := about.get(name), str) or not value.strip():
            raise UsageError("An exception needs a name and a reason.", f"Say it with '{name}'.")
    if kind == "excepted" and about.get("kind") not in EXCEPTIONS:
        raise UsageError("There is no such exception.", f"There are: {', '.join(EXCEPTIONS)}.")


def _day_of(about: Mapping[str, Json]) -> date:
    try:
        return date.fromisoformat(str(about.get("date")))
    except ValueError as error:
        raise UsageError("An appointment needs a day.", "Write it as 2026-11-30.") from error


def write(one: Record) -> bytes:
    """The line of a record."""
    value = [one.kind, one.recorded.isoformat(), one.on, dict(one.about), forms.iso(one.until), one.pathway, one.place]
    return forms.dumps(value) + b"\n"


def parse(data: bytes) -> Records:
    """What holds after all lines. A torn line is left out; nothing is guessed."""
    found = [one for line in data.splitlines() if (one := forms.read(line, _read)) is not None]
    return _holding(found)


def _read(value: Json) -> Record:
    kind, recorded, on, about, until, pathway, place = forms.items(value)
    when = forms.moment(recorded)
    if when is None:
        raise ValueError("no time")
    if kind == "appointment":
        date.fromisoformat(str(forms.members(about).get("date")))  # one without a day is none
    return Record(
        forms.text(kind),
        when,
        forms.members(about),
        on is True,
        forms.day(until),
        forms.text(pathway),
        forms.text(place),
    )


def _holding(lines: Iterable[Record]) -> Records:
    dated: dict[str, list[Dated]] = {"note": [], "feedback": [], "appointment": []}
    targets: dict[str, None] = {}
    places: dict[tuple[str, str, str], Record] = {}
    identities: dict[Identity, None] = {}
    struck: set[tuple[str, str]] = set()
    consent: Consent | None = None
    for one in lines:
        said = one.about
        if one.kind in dated:
            moment = _day_of(said) if one.kind == "appointment" else one.recorded.date()
            dated[one.kind].append(Dated(moment, _text(said, "text")))
        elif one.kind == "target":
            targets.pop(one.pathway, None)
            if one.on:
                targets[one.pathway] = None
        elif one.kind in _OF_PLACES:
            key = (one.kind, one.pathway, one.place)
            places.pop(key, None)
            if one.on:
                places[key] = one
        elif one.kind == "identity":
            identity = Identity(_text(said, "type"), _text(said, "value"))
            identities.pop(identity, None)
            if one.on:
                identities[identity] = None
                struck.discard(same(identity))
            else:
                struck.add(same(identity))
        elif one.kind == "consent":
            given = _given(said, one.recorded.date())
            consent = (
                Consent(_text(said, "text"), given, one.until, _text(said, "scope"), "advisor") if one.on else None
            )
    return Records(
        tuple(dated["note"]),
        tuple(dated["feedback"]),
        tuple(targets),
        tuple(sorted(dated["appointment"], key=lambda item: item.day)),
        consent,
        tuple(identities),
        frozenset(struck),
        tuple(places.values()),
    )


def _given(about: JsonObject, otherwise: date) -> date | None:
    """The day that is named, the day of the record where none is, None for what is no day."""
    said = _text(about, "given")
    try:
        return date.fromisoformat(said) if said else otherwise
    except ValueError:
        return None


def _text(about: JsonObject, name: str) -> str:
    value = about.get(name)
    return value if isinstance(value, str) else ""
