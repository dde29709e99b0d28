"""Everything gathered to judge one credential: what was brought, what was fetched, and why something is missing.

Frozen facts; nothing is judged here and nothing fetched. A check is a function of a `Dossier` and of what is `Given`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from wallet.documents.jws import CompactJws, JwsProblem
from wallet.documents.survey import ExtensionUse
from wallet.fetch.base import Fetched
from wallet.found import Found, Kind
from wallet.model import Identity, Json, JsonObject
from wallet.verify import urls
from wallet.verify.report import Evidence, Role

P = ParamSpec("P")
R = TypeVar("R")

_HOSTED = frozenset({"HostedBadge", "hosted", "HostedVerification"})
_SIGNED = frozenset({"SignedBadge", "signed", "SignedVerification"})
_LOOSE = {"Hosted": "hosted", "Signed": "signed"}
_BASE = frozenset({"VerificationObject"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be verified: exact bytes (`raw`), what they are, and the picture that carried them, if one did."""

    raw: bytes
    kind: Kind
    fetch_url: str | None = None
    container: bytes | None = None

    @classmethod
    def of(cls, found: Found) -> Subject:
        """The subject for something that an importer found."""
        return cls(found.raw, found.kind, found.fetch_url, found.container)


@dataclass(frozen=True, slots=True)
class Pin:
    """An issuer as it was first proven. `keys` as in `Seen`, all that were proven so far; `name` is foreign text."""

    issuer_id: str
    host: str
    first_seen: datetime
    keys: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier runs saw: pinned issuers by their id, and the last conclusive answer of each URL.

    No proof hangs on it: it only lets a run say what is new. `answers` is read while badges are gathered, from several
    threads at once; a mapping that looks things up when asked is welcome, one that raises is not.
    """

    pins: Mapping[str, Pin] = field(default_factory=dict)
    answers: Mapping[str, Fetched] = field(default_factory=dict)


NO_MEMORY = Memory()


@dataclass(frozen=True, slots=True)
class Given:
    """What a run knows besides the dossier: the moment (UTC), the learner's identities, and earlier runs."""

    now: datetime
    identities: tuple[Identity, ...] = ()
    memory: Memory = NO_MEMORY


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the bytes of a document could not be read. `check` is the id it belongs to; `message` a clean sentence part."""

    check: str
    failed: bool
    cause: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What the bytes of one document say. `node` is the compacted form, the only one that is ever read.

    language_ok: whether the language that it names for its texts is a language tag. version: what it was written in;
    `node` is always in the words of 2.0, and steps says what was read otherwise than written. extended: there may be extensions
    in it; extensions: those that were written under their usual names. known: what `once` keeps of it.
    """

    sha256: str
    node: JsonObject | None
    problem: Problem | None = None
    bom: bool = False
    undefined: tuple[str, ...] = ()
    unknown_contexts: tuple[str, ...] = ()
    version: str = "2.0"
    language: str = ""
    language_ok: bool = True
    steps: tuple[str, ...] = ()
    extended: bool = False
    extensions: tuple[ExtensionUse, ...] = ()
    known: dict[object, object] = field(default_factory=dict, init=False, repr=False)


def once(act: Callable[Concatenate[Content, P], R]) -> Callable[Concatenate[Content, P], R]:
    """`act`, asked once about each document. What it answered goes when the document does, however many come after it."""

    @wraps(act)
    def ask(content: Content, /, *others: P.args, **named: P.kwargs) -> R:
        key = (act, others)
        if key not in content.known:
            content.known[key] = act(content, *others, **named)
        return cast(R, content.known[key])

    return ask


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One document of the badge. `fetched` is None for what the learner brought; `unread` is the cause when nothing came.

    moved_from: the address first asked, when the document named another one, which then agreed.
    declared: what the document at the declared address was, when it did not agree. node: the compacted document, if it could be
    read. id: what it calls itself. agrees: whether that is the address it was asked at, or the one it came from.
    """

    role: Role
    url: str | None = None
    fetched: Fetched | None = None
    content: Content | None = None
    unread: str | None = None
    moved_from: str | None = None
    declared: Document | None = None
    evidence: tuple[str, ...] = ()
    node: JsonObject | None = field(init=False)
    id: str | None = field(init=False)
    agrees: bool = field(init=False)

    def __post_init__(self) -> None:
        node = self.content.node if self.content is not None else None
        name = identifier(node)
        agrees = (
            self.fetched is not None
            and name is not None
            and (urls.same(name, self.fetched.url) or urls.same(name, self.fetched.final_url))
        )
        for member, value in (("node", node), ("id", name), ("agrees", agrees)):
            object.__setattr__(self, member, value)

    @property
    def gone(self) -> bool:
        """Whether the server answered 410."""
        return self.fetched is not None and self.fetched.failure is None and self.fetched.status == 410


@dataclass(frozen=True, slots=True)
class Methods:
    """How a credential says it can be verified. `words` are undefined words, `iris` unknown IRIs, `loose` near misses."""

    hosted: bool = False
    signed: bool = False
    loose: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    iris: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is a known method and nothing besides."""
        return (self.hosted or self.signed) and not self.words and not self.iris


@dataclass(frozen=True, slots=True, eq=False)
class KeyCandidate:
    """A key that the issuer's fetched profile lists. `node` is the key as published, `unread` why there is none."""

    id: str | None
    node: JsonObject | None = None
    unread: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the badge: its bytes, or why there are none. `label` is the media type that it came with."""

    role: Role
    url: str
    body: bytes | None = None
    label: str | None = None
    unread: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Endorsed:
    """One endorsement. `of` is what it was found in, `targets` the ids under which that goes.

    document: the endorsement at its own address. issuer: the endorser's profile, fetched; None when it has no web address.
    signed: when what came was a signed endorsement, the facts about it as if it were a badge of the endorser, so that the checks
    of signed badges judge it.
    """

    of: Role
    targets: tuple[str, ...]
    url: str | None
    document: Document
    issuer: Document | None = None
    revocation_list: Document | None = None
    signed: Dossier | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dossier:
    """All facts about one credential.

    unsupported: why this version cannot judge this kind at all. brought: what the learner's file says. credential: the document
    that is judged (the hosted copy, or the signed payload). hosted: the answer at the hosted address. withdrawn: the server
    said 410, or gave nothing but "revoked"; `credential` then has no content worth judging. achievement and issuer are the
    *fetched* documents; the embedded ones are what the credential carries inside. endorsements_left: how many were not
    looked at, for want of budget. stamps: when each body that was read came, by its sha256.
    documents: those with content that make up the badge: credential, achievement, issuer.
    """

    subject: Subject
    raw_sha256: str
    unsupported: str | None = None
    brought: Document | None = None
    methods: Methods = Methods()
    jws: CompactJws | None = None
    jws_problem: JwsProblem | None = None
    hosted: Document | None = None
    credential: Document | None = None
    withdrawn: bool = False
    withdrawn_reason: str | None = None
    achievement_id: str | None = None
    achievement: Document | None = None
    achievement_embedded: JsonObject | None = None
    issuer_id: str | None = None
    issuer: Document | None = None
    issuer_embedded: JsonObject | None = None
    creator: str | None = None
    creator_named: bool = False
    keys: tuple[KeyCandidate, ...] = ()
    keys_cut: bool = False
    revocation_list: Document | None = None
    pictures: tuple[Picture, ...] = ()
    endorsements: tuple[Endorsed, ...] = ()
    endorsements_left: int = 0
    evidence: tuple[Evidence, ...] = ()
    stamps: tuple[tuple[str, datetime], ...] = ()
    documents: tuple[Document, ...] = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.credential, self.achievement, self.issuer)
        found = tuple([part for part in parts if part is not None and part.content is not None])
        object.__setattr__(self, "documents", found)

    @property
    def node(self) -> JsonObject | None:
        """The judged credential, compacted."""
        return self.credential.node if self.credential is not None else None

    @property
    def version(self) -> str:
        """The version of Open Badges that the badge is written in: that of what is judged, else of what was brought."""
        for document in (self.credential, self.brought):
            if document is not None and document.content is not None and document.content.node is not None:
                return document.content.version
        return "2.0"

    @property
    def older(self) -> bool:
        """Whether the badge is written in a version before 2.0."""
        return self.version != "2.0"

    @property
    def achievement_node(self) -> JsonObject | None:
        """The achievement as it is shown: what was signed if it stands inside a signed badge, else what is hosted."""
        return shown_achievement(self.achievement, self.achievement_embedded, signed=self.methods.signed)

    @property
    def issuer_node(self) -> JsonObject | None:
        """The issuer's fetched profile. An embedded one never stands in for it where trust is at stake."""
        return self.issuer.node if self.issuer is not None else None

    def picture(self, role: Role) -> Picture | None:
        """The picture in that role, if the badge names one."""
        return next((picture for picture in self.pictures if picture.role is role), None)


def values(node: JsonObject, name: str) -> tuple[Json, ...]:
    """All values of a member: none when absent, one when plain."""
    value = node.get(name)
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def words(node: JsonObject, name: str) -> tuple[str, ...]:
    """The values of a member that are strings."""
    return tuple(value for value in values(node, name) if isinstance(value, str))


def identifier(value: Json) -> str | None:
    """The id of a reference, written as a string or as an object with an id."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        found = value.get("id")
        return found if isinstance(found, str) else None
    return None


def embedded(value: Json) -> JsonObject | None:
    """The object that stands where a reference could stand, if it says more than an id."""
    return value if isinstance(value, Mapping) and any(key != "id" for key in value) else None


def called_revoked(node: JsonObject) -> bool:
    """Whether an assertion calls itself withdrawn. The context maps two names to one property, so both are read."""
    return node.get("revoked") is True or node.get("revokedAssertions") is True


def shown_achievement(document: Document | None, inside: JsonObject | None, *, signed: bool) -> JsonObject | None:
    """What was signed if it stands inside a signed badge, else what is hosted, else what stands inside."""
    fetched = document.node if document is not None else None
    return inside if inside is not None and (signed or fetched is None) else fetched


#: What nearly every badge says.
_USUAL = frozenset({("HostedBadge",), ("SignedBadge",)})


def methods_of(node: JsonObject | None) -> Methods:
    """What the `verification` of a credential asks for."""
    # "verify" is the spelling of 1.x, which Open Badges 2.0 still reads as an alias.
    verification = node.get("verification", node.get("verify")) if node is not None else None
    if not isinstance(verification, Mapping):
        return Methods()
    kinds = words(verification, "type")
    return _usual_methods(kinds) if kinds in _USUAL else _methods(kinds)


def _methods(kinds: tuple[str, ...]) -> Methods:
    known = {_LOOSE.get(kind, "hosted" if kind in _HOSTED else "signed" if kind in _SIGNED else "") for kind in kinds}
    others = [kind for kind in kinds if kind not in _HOSTED | _SIGNED | _BASE and kind not in _LOOSE]
    return Methods(
        hosted="hosted" in known,
        signed="signed" in known,
        loose=tuple(kind for kind in kinds if kind in _LOOSE),
        words=tuple(kind for kind in others if not urls.is_iri(kind)),
        iris=tuple(kind for kind in others if urls.is_iri(kind)),
    )


_usual_methods = lru_cache(maxsize=len(_USUAL))(_methods)
