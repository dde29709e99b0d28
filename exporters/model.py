"""What every export reads: one frozen presentation, complete and already cleaned. No I/O, no decisions.

A field that is not here cannot leave the wallet: there is no recipient, no e-mail address, no salt and no private note.
All texts have passed `wallet.text.clean`; links are http(s) with an ASCII host; times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from exporters.narrative import Narrative
from exporters.pictures import Picture
from wallet.details import Detail, stated


class Standing(StrEnum):
    """How a badge stands, in the six ways an export may say it."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Statement:
    """A dated verdict in words. `label` is short; `sentence` says when and how; `more` are further honest sentences."""

    standing: Standing
    label: str
    sentence: str
    as_of: datetime | None = None
    more: tuple[str, ...] = ()


class Part(StrEnum):
    """What an original is to its badge."""

    ASSERTION = "assertion"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Original:
    """Exact bytes that prove a badge. `captured`: served by the issuer, as opposed to brought by the learner."""

    part: Part
    file_name: str
    media_type: str
    data: bytes
    captured: bool = False

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class IssuerShown:
    """Who vouches. `host` is where the issuer's documents live, in ASCII."""

    name: str
    url: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class AlignmentShown:
    """One entry of a framework that the achievement corresponds to."""

    name: str
    code: str | None = None
    framework: str | None = None
    url: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class BadgeShown:
    """One badge as it may be shown. `verify_url` is the issuer's address of the assertion, never ours.

    `recipient_matched`: the check found one of the learner's own identities in it, and found it authentic.
    """

    id: str
    slug: str
    name: str
    issuer: IssuerShown
    statement: Statement
    signed: bool = False
    recipient_matched: bool = False
    description: str = ""
    issued_on: datetime | None = None
    expires: datetime | None = None
    criteria: Narrative | None = None
    criteria_url: str | None = None
    reason: Narrative | None = None
    alignments: tuple[AlignmentShown, ...] = ()
    tags: tuple[str, ...] = ()
    verify_url: str | None = None
    picture: Picture | None = None
    originals: tuple[Original, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def assertion(self) -> Original | None:
        """The bytes that a verifier reads."""
        return next((original for original in self.originals if original.part is Part.ASSERTION), None)

    @property
    def details_stated(self) -> int:
        """How many of the eight details somebody has stated."""
        return stated(self.details)


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One line of a pathway: a group or an element, `depth` levels in; `badges` are the names of those that fill it."""

    name: str
    depth: int
    met: bool
    filled: int
    required: int
    is_group: bool = False
    optional: bool = False
    rule: str = ""
    state: str = ""
    badges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathwayShown:
    """How far one pathway is filled, in whole places."""

    id: str
    name: str
    filled: int
    required: int
    percent: int
    met: bool
    at: str
    description: str = ""
    publisher: str | None = None
    url: str | None = None
    draft: bool = False
    places: tuple[PlaceShown, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Presentation:
    """Everything that one export may say. `left_out` counts what the learner chose not to include, by reason."""

    person: str | None
    badges: tuple[BadgeShown, ...]
    now: datetime
    pathways: tuple[PathwayShown, ...] = ()
    language: str = "en"
    version: str = ""
    left_out: tuple[tuple[str, int], ...] = ()
    warnings: tuple[str, ...] = ()

    def badge(self, badge_id: str) -> BadgeShown | None:
        """The badge of that full id."""
        return next((badge for badge in self.badges if badge.id == badge_id), None)

    @property
    def issuers(self) -> tuple[str, ...]:
        """The issuers' names, each once, in the order of their badges."""
        return tuple(dict.fromkeys(badge.issuer.name for badge in self.badges))
