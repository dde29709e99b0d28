"""What a badge says, in the words of the project: frozen, typed, free of I/O.

The model is what documents are parsed *into*; how they are spelt (JSON-LD, aliases, old versions) is the affair of
`wallet.documents`. Text fields hold foreign text as it came: it is cleaned at the door to a screen, not here. Times are
aware datetimes in UTC. A field that is absent or unreadable is None or empty; whether that is a fault is decided by the
checks, never here. Section names in the docstrings are those of Open Badges 2.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one or more languages: pairs of (BCP 47 tag, text); the tag is "" when none was given."""

    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str, language: str = "") -> Text:
        """A text in a single language."""
        return cls(((language, text),))

    def pick(self, *wanted: str) -> str:
        """The text in the first of the `wanted` languages that there is, else the first text, else ""."""
        for tag in wanted:
            for have, text in self.values:
                if have and (have.lower() == tag.lower() or have.lower().split("-")[0] == tag.lower().split("-")[0]):
                    return text
        return self.values[0][1] if self.values else ""

    def __str__(self) -> str:
        return self.pick()

    def __bool__(self) -> bool:
        return any(text for _, text in self.values)


class IdentityType(StrEnum):
    """How a recipient may be named (IdentityObject.type), as `--recipient` and `identity add` spell it."""

    EMAIL = "email"
    URL = "url"
    TELEPHONE = "telephone"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Identity:
    """One of the learner's own names. `type` is an `IdentityType` value or another property IRI."""

    type: str
    value: str

    def __str__(self) -> str:
        return f"{self.type}:{self.value}"


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom it was awarded (IdentityObject). `identity` is plain text or `sha256$hex`; `hashed` is what was claimed."""

    type: str
    identity: str
    hashed: bool | None = None
    salt: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture (Image): `url` is http(s) or `data:`."""

    url: str
    caption: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Criteria:
    """How it is earned (Criteria): a page to read, a Markdown narrative, or both."""

    id: str | None = None
    narrative: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Alignment:
    """What an achievement corresponds to in a framework (AlignmentObject)."""

    target_name: Text = field(default_factory=Text)
    target_url: str | None = None
    target_description: Text = field(default_factory=Text)
    target_framework: str | None = None
    target_code: str | None = None


@dataclass(frozen=True, slots=True)
class WorkEvidence:
    """The learner's work behind a badge (Evidence). Never fetched."""

    id: str | None = None
    name: Text = field(default_factory=Text)
    description: Text = field(default_factory=Text)
    narrative: Text = field(default_factory=Text)
    genre: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """How a credential says it can be verified (VerificationObject). `url` is the 1.x spelling of where."""

    types: tuple[str, ...] = ()
    creator: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class HostingScope:
    """Where an issuer says its hosted assertions live (VerificationObject of a Profile). None: not declared."""

    starts_with: tuple[str, ...] | None = None
    allowed_origins: tuple[str, ...] | None = None
    verification_property: str | None = None


@dataclass(frozen=True, slots=True)
class CryptographicKey:
    """A public key as published (CryptographicKey): PEM text, unchecked."""

    id: str | None
    owner: str | None
    public_key_pem: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """An issuer or another party (Profile). `public_keys` holds ids, or keys that stand inside the profile."""

    id: str | None
    types: tuple[str, ...] = ()
    name: Text = field(default_factory=Text)
    url: str | None = None
    email: str | None = None
    telephone: str | None = None
    description: Text = field(default_factory=Text)
    image: Image | None = None
    public_keys: tuple[str | CryptographicKey, ...] = ()
    verification: HostingScope | None = None
    revocation_list: str | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """How much work an achievement says it is. credits: in a unit that its issuer did not name."""

    hours: Fraction | None = None
    ects: Decimal | None = None
    credits: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Achievement:
    """What can be earned (BadgeClass). `issuer` when the profile stands inside or was fetched; `issuer_id` always.

    related: ids of what its issuer relates it to, such as another version or a pathway.
    """

    id: str | None
    types: tuple[str, ...] = ()
    name: Text = field(default_factory=Text)
    description: Text = field(default_factory=Text)
    image: Image | None = None
    criteria: Criteria | None = None
    issuer_id: str | None = None
    issuer: Profile | None = None
    alignments: tuple[Alignment, ...] = ()
    tags: tuple[str, ...] = ()
    commitment: Commitment | None = None
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """One achievement awarded to one person (Assertion). `achievement` as for `Achievement.issuer`.

    `version` is the version of Open Badges it was written in: "2.0", "1.1", "1.0", "0.5".
    """

    id: str | None
    types: tuple[str, ...] = ()
    version: str = "2.0"
    recipient: Recipient | None = None
    achievement_id: str | None = None
    achievement: Achievement | None = None
    verification: Verification | None = None
    issued_on: datetime | None = None
    expires: datetime | None = None
    image: Image | None = None
    work_evidence: tuple[WorkEvidence, ...] = ()
    narrative: Text = field(default_factory=Text)
    revoked: bool | None = None
    revocation_reason: str | None = None
    uid: str | None = None

    @property
    def name(self) -> str:
        """The achievement's name as its issuer wrote it, or "" while it is not known. Foreign text."""
        return str(self.achievement.name) if self.achievement is not None else ""

    @property
    def issuer(self) -> Profile | None:
        """The issuer's profile, when it is known."""
        return self.achievement.issuer if self.achievement is not None else None


@dataclass(frozen=True, slots=True)
class RevokedEntry:
    """One entry of a revocation list: an assertion id, a uid, or both."""

    id: str | None
    uid: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RevocationList:
    """An issuer's list of withdrawn signed badges (RevocationList)."""

    id: str | None
    issuer: str | None
    entries: tuple[RevokedEntry, ...] = ()
