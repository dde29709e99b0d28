"""What each class of Open Badges 2.0 must look like, as tables (verification.md 2.3). Facts only; `walk` reads them.

A property that is missing though required, has the wrong form or too many values is a defect. `defect` says what a defect of
this property amounts to: a failure, or only a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """What a value must be. The words are used in sentences: "should be ..."."""

    TEXT = "text"
    MARKDOWN = "text or Markdown"
    WORD = "plain text"
    IRI = "an absolute IRI"
    LINK = "an http or https address"
    CLASS_ID = "an http or https address, or a urn:"
    PICTURE = "an http or https address, or a data: URI"
    DATE = "a date with time and zone"
    BOOLEAN = "true or false"
    HOST = "a host name"
    OBJECT = "an object"
    IRI_OR_OBJECT = "an absolute IRI or an object"
    ENTRY = "an assertion's address, or an object with id or uid"
    TYPE = "a type"
    IDENTITY_TYPE = "a kind of identity"
    HASHED_OR_PLAIN = "a recipient's name, or its hash"
    LETTERS = "plain text without a language"
    VERSION = "text or a number"
    REFERENCE = "an absolute IRI, or an object with one as its id"
    LANGUAGE = "a language tag such as en or pt-BR"


class Defect(StrEnum):
    """What it means when a property is not as it should be."""

    FAILED = "failed"
    WARNING = "warning"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """One property of a class. `nested` is the class of an object that may stand there."""

    name: str
    form: Form
    required: bool = False
    many: bool = False
    nested: str | None = None
    missing: Defect = Defect.FAILED
    malformed: Defect = Defect.FAILED


@dataclass(frozen=True, slots=True, eq=False)
class DataClass:
    """One class: its name in ids of checks, its words in sentences, the types it goes by, its properties."""

    name: str
    words: str
    types: tuple[str, ...]
    properties: tuple[Property, ...]
    spec: str
    type_missing: Defect = Defect.FAILED

    @property
    def start(self) -> str:
        """The words as a sentence begins with them."""
        return self.words[:1].upper() + self.words[1:]

    def check(self, prop: str) -> str:
        """The catalogue's id for one property."""
        return f"structure.{self.name}.{prop}"


def _type(*, missing: Defect = Defect.FAILED, malformed: Defect = Defect.FAILED, required: bool = True) -> Property:
    return Property("type", Form.TYPE, required=required, many=True, missing=missing, malformed=malformed)


_IMAGE = Property("image", Form.PICTURE, nested="image")
_PRIMARY = (
    Property("related", Form.REFERENCE, many=True),
    Property("version", Form.VERSION),
    Property("endorsement", Form.IRI_OR_OBJECT, many=True, nested="endorsement"),
    # Of the document as a whole; where a single text names its language, that text is judged.
    Property("@language", Form.LANGUAGE, malformed=Defect.WARNING),
)

ASSERTION = DataClass(
    "assertion",
    "the assertion",
    ("Assertion",),
    (
        Property("id", Form.IRI, required=True),
        _type(),
        Property("recipient", Form.OBJECT, required=True, nested="identity"),
        Property("badge", Form.IRI_OR_OBJECT, required=True, nested="badgeclass"),
        Property("verification", Form.OBJECT, required=True, nested="verification"),
        Property("issuedOn", Form.DATE, required=True),
        Property("expires", Form.DATE),
        _IMAGE,
        Property("evidence", Form.IRI_OR_OBJECT, many=True, nested="evidence"),
        Property("narrative", Form.MARKDOWN),
        Property("revoked", Form.BOOLEAN),
        Property("revocationReason", Form.TEXT),
        Property("uid", Form.WORD, malformed=Defect.WARNING),
        *_PRIMARY,
    ),
    "Assertion",
)

BADGECLASS = DataClass(
    "badgeclass",
    "the achievement",
    ("BadgeClass",),
    (
        Property("id", Form.CLASS_ID, required=True),
        _type(),
        Property("name", Form.TEXT, required=True),
        Property("description", Form.TEXT, required=True),
        Property("image", Form.PICTURE, required=True, nested="image"),
        Property("criteria", Form.IRI_OR_OBJECT, required=True, nested="criteria"),
        Property("issuer", Form.IRI_OR_OBJECT, required=True, nested="profile"),
        Property("alignment", Form.OBJECT, many=True, nested="alignment"),
        Property("tags", Form.TEXT, many=True),
        *_PRIMARY,
    ),
    "BadgeClass",
)

PROFILE = DataClass(
    "profile",
    "the issuer's profile",
    ("Issuer", "Profile"),
    (
        Property("id", Form.IRI, required=True),
        _type(),
        Property("name", Form.TEXT, required=True),
        Property("url", Form.IRI, required=True),
        Property("email", Form.WORD, required=True),
        Property("telephone", Form.WORD),
        Property("description", Form.TEXT),
        _IMAGE,
        # Keys are judged where one is used (signed.key-usable): a broken key that nobody needs spoils no hosted badge.
        Property("publicKey", Form.IRI_OR_OBJECT, many=True),
        Property("verification", Form.OBJECT, nested="hosting"),
        Property("revocationList", Form.LINK),
        *_PRIMARY,
    ),
    "Profile",
)

IDENTITY = DataClass(
    "identity",
    "the recipient",
    (),
    (
        Property("type", Form.IDENTITY_TYPE, required=True, many=True),
        Property("identity", Form.HASHED_OR_PLAIN, required=True),
        Property("hashed", Form.BOOLEAN, required=True, missing=Defect.WARNING),
        Property("salt", Form.LETTERS),
    ),
    "IdentityObject",
)

VERIFICATION = DataClass(
    "verification",
    "the verification of the assertion",
    (),
    (
        Property("type", Form.TYPE, required=True, many=True),
        Property("creator", Form.IRI_OR_OBJECT),
    ),
    "VerificationObject",
)

HOSTING = DataClass(
    "hosting",
    "the issuer's rule for hosted badges",
    (),
    (
        Property("type", Form.TYPE, required=True, many=True, missing=Defect.WARNING, malformed=Defect.WARNING),
        Property("verificationProperty", Form.WORD, malformed=Defect.UNDETERMINED),
        Property("startsWith", Form.LINK, many=True),
        Property("allowedOrigins", Form.HOST, many=True),
    ),
    "VerificationObject",
)

KEY = DataClass(
    "key",
    "the issuer's key",
    ("CryptographicKey",),
    (
        Property("id", Form.IRI, malformed=Defect.UNDETERMINED),
        _type(missing=Defect.WARNING, malformed=Defect.WARNING),
        Property("owner", Form.IRI, malformed=Defect.UNDETERMINED),
        Property("publicKeyPem", Form.WORD, required=True, missing=Defect.UNDETERMINED, malformed=Defect.UNDETERMINED),
    ),
    "CryptographicKey",
)

EVIDENCE = DataClass(
    "evidence",
    "the learner's work",
    (),
    (
        Property("id", Form.IRI),
        _type(required=False, malformed=Defect.WARNING),
        Property("narrative", Form.MARKDOWN),
        Property("name", Form.TEXT),
        Property("description", Form.TEXT),
        Property("genre", Form.TEXT),
        Property("audience", Form.TEXT),
    ),
    "Evidence",
)

ALIGNMENT = DataClass(
    "alignment",
    "an alignment",
    (),
    (
        Property("targetName", Form.TEXT, required=True),
        Property("targetUrl", Form.LINK, required=True),
        Property("targetDescription", Form.TEXT),
        Property("targetFramework", Form.TEXT),
        Property("targetCode", Form.TEXT),
    ),
    "AlignmentObject",
)

CRITERIA = DataClass(
    "criteria",
    "the criteria",
    (),
    (
        Property("id", Form.IRI),
        Property("narrative", Form.MARKDOWN),
    ),
    "Criteria",
)

IMAGE = DataClass(
    "image",
    "a picture",
    (),
    (
        Property("id", Form.PICTURE, required=True),
        Property("caption", Form.TEXT),
        Property("author", Form.IRI),
    ),
    "Image",
)

REVOCATION_LIST = DataClass(
    "revocationlist",
    "the issuer's revocation list",
    ("RevocationList",),
    (
        _type(missing=Defect.UNDETERMINED, malformed=Defect.UNDETERMINED),
        Property("id", Form.IRI, malformed=Defect.UNDETERMINED),
        Property("issuer", Form.REFERENCE, malformed=Defect.UNDETERMINED),
        Property(
            "revokedAssertions",
            Form.ENTRY,
            required=True,
            many=True,
            missing=Defect.UNDETERMINED,
            malformed=Defect.UNDETERMINED,
        ),
    ),
    "RevocationList",
)

ENDORSEMENT = DataClass(
    "endorsement",
    "an endorsement",
    ("Endorsement",),
    (
        Property("id", Form.IRI, required=True),
        _type(),
        Property("claim", Form.OBJECT, required=True, nested="claim"),
        Property("issuer", Form.IRI_OR_OBJECT, required=True, nested="endorser"),
        Property("issuedOn", Form.DATE, required=True),
        Property("verification", Form.OBJECT, required=True),
        Property("revoked", Form.BOOLEAN),
        Property("revocationReason", Form.TEXT),
    ),
    "Endorsement",
)

CLAIM = DataClass(
    "claim",
    "what an endorsement claims",
    (),
    (
        Property("id", Form.IRI, required=True),
        Property("endorsementComment", Form.MARKDOWN),
    ),
    "Endorsement",
)

ENDORSER = DataClass(
    "endorser",
    "the endorser's profile",
    ("Issuer", "Profile"),
    (
        Property("id", Form.IRI, required=True),
        _type(),
        Property("name", Form.TEXT),
        Property("url", Form.IRI, many=True),
        Property("email", Form.WORD, many=True),
        Property("telephone", Form.WORD, many=True),
    ),
    "Profile",
)

#: Classes that every badge consists of: their checks are required whether or not the document holds them.
CORE = (ASSERTION, BADGECLASS, PROFILE, IDENTITY, VERIFICATION)

#: Classes whose checks are required when the badge holds an instance.
NESTED = (HOSTING, EVIDENCE, ALIGNMENT, CRITERIA, IMAGE, ENDORSEMENT, CLAIM, ENDORSER)

CLASSES = {data_class.name: data_class for data_class in (*CORE, *NESTED, KEY, REVOCATION_LIST)}

#: The ids of all checks of one class.
IDS = {name: tuple(c.check(p.name) for p in c.properties) for name, c in CLASSES.items()}
