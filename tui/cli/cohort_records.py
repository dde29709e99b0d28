"""What an advisor says about a learner on the command line, checked and recorded in the cohort's store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tui.cli.cohort_learner import badge_of
from tui.cli.pathways import Kept, find_place, today
from tui.cli.run import Run
from tui.cohort_figures import Looked
from tui.identities import read_identity
from wallet.errors import NotFoundError, UsageError
from wallet.model import Json
from wallet.pathways.personal import OF_BADGES
from wallet.pathways.saying import attestation, exception, text

if TYPE_CHECKING:
    from wallet.cohort.store import Cohort

_OPTIONS = ("note", "feedback", "target", "appointment", "except", "attest", "consent", "identity")


@dataclass(frozen=True, slots=True)
class Saying:
    """The options of `show` that record, as they stand on the line, and what they are about. pathway: an id."""

    pathway: str | None
    place: str | None
    note: str | None
    feedback: str | None
    target: bool
    appointment: date | None
    exception: str | None
    attest: bool
    consent: str | None
    identity: str | None
    badge: str | None
    allow: tuple[str, ...]
    count: int | None
    who: str | None
    role: str | None
    reason: str | None
    scope: str | None
    until: date | None
    off: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of the recording options were given."""
        given = (
            self.note, self.feedback, self.target, self.appointment,
            self.exception, self.attest, self.consent, self.identity,
        )  # fmt: skip
        return tuple(name for name, said in zip(_OPTIONS, given, strict=True) if said not in (None, False))


def record(run: Run, cohort: Cohort, looked: Looked, saying: Saying) -> tuple[Json, ...]:
    """Record all that was said, after all of it was checked, and tell it. Raises `UsageError` and `NotFoundError`."""
    if looked.ended and saying.kinds != ("consent",):
        raise UsageError(
            "This learner's consent has ended, so nothing more may be recorded.",
            "Record a new consent with --consent, or delete all with 'badgefolio cohort purge'.",
        )
    made = [_one(run, looked, kind, saying) for kind in saying.kinds]
    for one in made:
        cohort.record(
            looked.learner.number,
            one.kind,
            one.about,
            now=run.now,
            until=one.until,
            pathway=one.pathway,
            place=one.place,
        )
        done = "taken back" if one.about is None or saying.off else "recorded"
        run.out.facts([(done, f"{one.kind} for {looked.learner.number}")], indent=0)
    if any(one.kind == "identity" for one in made):
        run.err.note("Badges are compared with it at the next scan.")
    if any(one.place for one in made):
        run.err.note("'cohort show' and letters count it at once; the table does after the next scan.")
    return tuple({"kind": one.kind, "pathway": one.pathway, "place": one.place, "on": not saying.off} for one in made)


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    about: Mapping[str, Json] | None
    pathway: str | None = None
    place: str | None = None
    until: date | None = None


def _one(run: Run, looked: Looked, kind: str, said: Saying) -> _Record:
    if said.off and kind in ("note", "feedback", "appointment"):
        raise UsageError(
            f"A {kind} cannot be taken back.", "Record another one that sets it right, or purge the learner."
        )
    match kind:
        case "note" | "feedback":
            return _Record(kind, {"text": text(said.note if kind == "note" else said.feedback, f"The text (--{kind})")})
        case "appointment":
            assert said.appointment is not None
            return _Record(kind, {"date": said.appointment.isoformat(), "text": (said.reason or "").strip()})
        case "consent":
            about: dict[str, Json] = {
                "text": said.consent or "",
                "scope": said.scope or "",
                "given": today(run).isoformat(),
            }
            return _Record(kind, None if said.off else about, until=said.until)
        case "identity":
            identity = read_identity(said.identity or "")
            return _Record(
                kind, {"type": identity.type, "value": identity.value, **({"on": False} if said.off else {})}
            )
        case "target":
            return _Record(kind, None if said.off else {}, pathway=_needed(said.pathway))
    return _of_place(run, looked, kind, said)


def _needed(pathway: str | None) -> str:
    if pathway is None:
        raise UsageError("This is said about a pathway.", "Name it after the learner.")
    return pathway


def _of_place(run: Run, looked: Looked, kind: str, said: Saying) -> _Record:
    """An exception or an attestation, as it fits the pathway's definition."""
    pathway = _needed(said.pathway)
    used = looked.definitions.get(pathway)
    if said.place is None:
        raise UsageError("This is said about one place of a pathway.", "Name the place after the pathway.")
    if used is None:
        raise NotFoundError(
            "The file of this pathway is not at hand as it was scanned.", "Name it with --pathway-file, or scan again."
        )
    place = find_place(Kept("", used.pathway), said.place)
    stored = "excepted" if kind == "except" else "attested"
    if said.off:
        return _Record(stored, None, pathway, place)
    if kind == "attest":
        about = attestation(
            used.pathway, place, who=said.who, role=said.role, reason=said.reason, day=today(run), evidence=None
        )
        return _Record(stored, about, pathway, place, said.until)
    named = said.badge if said.exception in OF_BADGES else None
    badge = badge_of(looked.learner, named).candidate.id if named is not None else None
    about = exception(
        used.pathway,
        place,
        said.exception,
        who=said.who,
        reason=said.reason,
        at=today(run),
        badge=badge,
        allow=said.allow,
        count=said.count,
    )
    return _Record(stored, about, pathway, place, said.until)
