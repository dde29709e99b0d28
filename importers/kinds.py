"""Says what a JSON object is: an award in one of the versions of Open Badges, something around it, or a stranger.

By shape and by declared type, never by fetching a context; what an award claims is read as far as its address goes, and nothing
is judged: an award with faults is still somebody's award, and the verifier says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from wallet.found import Kind, Note
from wallet.model import Json, JsonObject

_NO_AWARD = {
    "badgeclass": "BadgeClass",
    "achievement": "BadgeClass",
    "issuer": "Issuer",
    "issuerorg": "Issuer",
    "profile": "Issuer",
    "revocationlist": "RevocationList",
    "cryptographickey": "CryptographicKey",
    "key": "CryptographicKey",
    "endorsement": "Endorsement",
    "endorsementcredential": "Endorsement",
    "collection": "collection",
    "backpackcollection": "collection",
}
_VC_TYPES = frozenset({"verifiablecredential", "openbadgecredential", "achievementcredential", "clrcredential"})
_BADGE_CREDENTIALS = frozenset({"openbadgecredential", "achievementcredential"})
_BEFORE_LOCAL = re.compile(r".*[#/:]", re.DOTALL)
# Members under which interfaces of badge platforms wrap what one asked for.
ENVELOPES = ("results", "result", "badges", "assertions")


@dataclass(frozen=True, slots=True)
class Award:
    """An award. `claimed_id` exactly as written; `fetch_url`: where its hosted copy should be."""

    kind: Kind
    claimed_id: str | None = None
    fetch_url: str | None = None
    notes: tuple[Note, ...] = ()
    inside: tuple[Json, ...] = ()  # awards within a learner record or presentation


@dataclass(frozen=True, slots=True)
class Members:
    """A wrapper whose members may be awards."""

    name: str
    values: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class JwsParts:
    """A JWS in JSON serialization, put together as the compact token that it stands for."""

    token: bytes
    signatures: int


@dataclass(frozen=True, slots=True)
class Stranger:
    """No award: `code` is the refusal's."""

    code: str
    detail: str = ""


Recognised = Award | Members | JwsParts | Stranger


def text_of(value: Json) -> str | None:
    """`value` when it is a text with something in it."""
    return value if isinstance(value, str) and value.strip() else None


def as_list(value: Json) -> Sequence[Json]:
    """`value` as a list: JSON-LD lets one member stand without its brackets."""
    if isinstance(value, str):
        return (value,)
    if value is None:
        return ()
    return value if isinstance(value, Sequence) else (value,)


def is_web(url: str | None) -> bool:
    """Whether `url` begins as an address of the web does."""
    return url is not None and url[:8].lower().startswith(("http://", "https://"))


def recognise(document: JsonObject) -> Recognised:
    """What `document` is. The order decides: the newest and most telling marks first."""
    jws = _jws_json(document)
    if jws is not None:
        return jws
    types = _types(document)
    contexts = _contexts(document)
    if "credentialSubject" in document or types & _VC_TYPES:
        return _credential(document, types, contexts)
    if "verifiablepresentation" in types:
        return Members("presentation", tuple(as_list(document.get("verifiableCredential"))))
    if _is_award(document, types):
        return _award(document, contexts)
    if (
        "credential_offer" in document
        or "credential_offer_uri" in document
        or "credential_configuration_ids" in document
    ):
        return Stranger("unsupported:offer")
    named = next((_NO_AWARD[name] for name in sorted(types) if name in _NO_AWARD), None)
    if named == "collection" or named is None:
        for name in ENVELOPES:
            values = document.get(name)
            if values is not None and not isinstance(values, str):
                return Members(name, tuple(as_list(values)))
    if named is not None:
        return Stranger(f"not-a-badge:{named}")
    return Stranger(*_by_shape(document))


def token_award(payload: JsonObject) -> Award | None:
    """What the payload of a compact JWS says it is, or None when it is no award."""
    inner = payload.get("vc")
    if isinstance(inner, Mapping):
        award = recognise(inner)
        identifier = text_of(inner.get("id")) or text_of(payload.get("jti"))
    else:
        award = recognise(payload)
        identifier = _id(payload)
    if not isinstance(award, Award):
        return None
    if award.kind in (Kind.CLR2_JSON, Kind.CLR2_JWT):
        return Award(Kind.CLR2_JWT, identifier, None, award.notes, award.inside)
    if award.kind is Kind.OB3_JSON:
        return Award(Kind.OB3_JWT, identifier, None, award.notes)
    return Award(Kind.OB2_JWS, award.claimed_id, award.fetch_url, award.notes)


def _types(document: JsonObject) -> frozenset[str]:
    names = [*as_list(document.get("type")), *as_list(document.get("@type"))]
    return frozenset([_local(name) for name in names if isinstance(name, str)])


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    """The last part of a type: `ob:Assertion` and `https://w3id.org/openbadges#Assertion` are both `assertion`."""
    return _BEFORE_LOCAL.sub("", name).lower()


def _contexts(document: JsonObject) -> tuple[str, ...]:
    return tuple(value.lower() for value in as_list(document.get("@context")) if isinstance(value, str))


def _id(document: JsonObject) -> str | None:
    return text_of(document.get("id")) or text_of(document.get("@id"))


def _jws_json(document: JsonObject) -> JwsParts | None:
    """RFC 7515 section 7.2, flattened or general. The first signature stands for the badge; a key in it is never trusted."""
    payload = text_of(document.get("payload"))
    if payload is None:
        return None
    several = document.get("signatures")
    signatures = as_list(several) if several is not None else (document,)
    for entry in signatures:
        if isinstance(entry, Mapping):
            protected, signature = text_of(entry.get("protected")), text_of(entry.get("signature"))
            if protected is not None and signature is not None:
                return JwsParts(f"{protected}.{payload}.{signature}".encode("utf-8", "replace"), len(signatures))
    return None


def _credential(document: JsonObject, types: frozenset[str], contexts: tuple[str, ...]) -> Recognised:
    """Open Badges 3.0, CLR 2.0 and Blockcerts 3, all of them verifiable credentials."""
    identifier = _id(document)
    subjects = [value for value in as_list(document.get("credentialSubject")) if isinstance(value, Mapping)]
    if "endorsementcredential" in types:
        return Stranger("not-a-badge:Endorsement")
    if _is_blockcerts(document, contexts):
        return Award(Kind.BLOCKCERTS_JSON, identifier)
    if "clrcredential" in types:
        inside = tuple(value for subject in subjects for value in as_list(subject.get("verifiableCredential")))
        return Award(Kind.CLR2_JSON, identifier, inside=inside)
    if types & _BADGE_CREDENTIALS or any("achievement" in subject for subject in subjects):
        return Award(Kind.OB3_JSON, identifier)
    return Stranger("not-a-badge:credential")


def _is_blockcerts(document: JsonObject, contexts: tuple[str, ...]) -> bool:
    if any("blockcerts" in context for context in contexts):
        return True
    for member in ("signature", "proof"):
        for proof in as_list(document.get(member)):
            kinds = _types(proof) if isinstance(proof, Mapping) else frozenset[str]()
            if any(kind.startswith(("merkleproof", "merkleroot", "chainpointsha256")) for kind in kinds):
                return True
    return False


def _is_award(document: JsonObject, types: frozenset[str]) -> bool:
    if "assertion" in types:
        return True
    return not types & _NO_AWARD.keys() and "recipient" in document and ("badge" in document or "verify" in document)


def _award(document: JsonObject, contexts: tuple[str, ...]) -> Award:
    """Open Badges 2.0 and older. The context is asked first, then the shape, because many awards lack the one they mean."""
    identifier = _id(document)
    if _is_blockcerts(document, contexts):
        return Award(Kind.BLOCKCERTS_JSON, identifier)
    fetch_url = _fetch_url(document, identifier)
    if any("openbadges/v2" in context for context in contexts):
        return Award(Kind.OB2_JSON, identifier, fetch_url)
    if any("openbadges/v1" in context or "/1.1/context" in context for context in contexts):
        return Award(Kind.OB1_JSON, identifier, fetch_url)
    uid = text_of(document.get("uid"))
    if not contexts and uid is not None and "verify" in document:
        return Award(Kind.OB1_JSON, identifier or uid, fetch_url)
    badge = document.get("badge")
    issuer = badge.get("issuer") if isinstance(badge, Mapping) else None
    if not contexts and isinstance(issuer, Mapping) and "origin" in issuer:
        return Award(Kind.OB05_JSON, identifier or uid, fetch_url)
    if not contexts and "verify" in document:
        return Award(Kind.OB1_JSON, identifier or uid, fetch_url)
    unexpected = Note("context-unexpected", "it does not name the context of Open Badges 2.0")
    return Award(Kind.OB2_JSON, identifier, fetch_url, (unexpected,))


def _fetch_url(document: JsonObject, identifier: str | None) -> str | None:
    """Where the hosted copy should be; none for a signed award, whose `verify.url` may be the address of a key."""
    for name in ("verification", "verify"):
        for way in as_list(document.get(name)):
            if not isinstance(way, Mapping):
                continue
            if any("signed" in kind for kind in _types(way)):
                return None
            url = text_of(way.get("url"))
            # 1.0 has no id of its own: its `verify.url` is the id. In 2.0 the id is the address, unless it is a URN.
            if is_web(url) and not is_web(identifier):
                return url
    return identifier if is_web(identifier) else None


def _by_shape(document: JsonObject) -> tuple[str, str]:
    """A guess for documents without a type, as 1.0 wrote them."""
    if "revokedAssertions" in document:
        return ("not-a-badge:RevocationList", "")
    if "$schema" in document and ("properties" in document or "$id" in document):
        return ("not-a-badge:schema", "")
    if "publicKeyPem" in document:
        return ("not-a-badge:CryptographicKey", "")
    if "criteria" in document and "issuer" in document:
        return ("not-a-badge:BadgeClass", "")
    if {"name", "url"} <= document.keys() and document.keys() & {"email", "revocationList", "origin", "publicKey"}:
        return ("not-a-badge:Issuer", "")
    return ("not-recognised", "JSON")
