"""Gathering the keys that may have signed a badge: those that the issuer's fetched profile lists, or the one that 1.x serves.

Nothing is judged here, and no key is taken from anywhere else: neither from the badge nor from its signature's header.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from wallet.fetch.base import Want
from wallet.model import Json, JsonObject
from wallet.verify import older, urls
from wallet.verify.asking import Asking
from wallet.verify.dossier import Document, KeyCandidate, embedded, identifier, values
from wallet.verify.reading import digest_of, why_unread
from wallet.verify.report import Role

_KEYS = 20


@dataclass(frozen=True, slots=True)
class Keys:
    """The issuer's keys that may have signed; see `Dossier` for the fields."""

    candidates: tuple[KeyCandidate, ...] = ()
    cut: bool = False
    creator: str | None = None
    creator_named: bool = False


def listed_keys(asking: Asking, profile: JsonObject, credential: JsonObject) -> Keys:
    """The keys that the fetched profile lists, narrowed to the one that the badge names, if it names one."""
    verification = credential.get("verification", credential.get("verify"))
    creator = verification.get("creator") if isinstance(verification, Mapping) else None
    named = identifier(creator)
    listed = values(profile, "publicKey")
    if creator is not None:
        listed = tuple(key for key in listed if _is_key(key, named))
    keys = tuple(_key(asking, key) for key in listed[:_KEYS])
    return Keys(keys, len(listed) > _KEYS, named, creator is not None)


def served_key(asking: Asking, issuer: str | None, credential: JsonObject) -> Keys:
    """The key at `verify.url`, as 1.x has it. Asked for only where it could be the issuer's."""
    url = older.key_address(credential)
    if url is None or urls.host_of(url) is None or urls.host_of(url) != urls.host_of(issuer or ""):
        return Keys(creator=url, creator_named=True)
    fetched = asking.fetch(Role.KEY, url, Want.KEY)
    cause = why_unread(fetched)
    if cause is not None:
        return Keys((KeyCandidate(url, unread=cause),), creator=url, creator_named=True)
    digest = digest_of(fetched.body)
    asking.stamps.append((digest, fetched.fetched_at))
    if urls.host_of(fetched.final_url) != urls.host_of(url):
        # Nothing but the host says whose key it is, so nobody else may serve it.
        return Keys((KeyCandidate(url, unread="key-host", evidence=(digest,)),), creator=url, creator_named=True)
    node: JsonObject = {
        "id": url,
        "type": "CryptographicKey",
        "owner": issuer,
        "publicKeyPem": older.pem(fetched.body),
    }
    return Keys((KeyCandidate(url, node, evidence=(digest,)),), creator=url, creator_named=True)


def _key(asking: Asking, listed: Json) -> KeyCandidate:
    name = identifier(listed)
    inside = embedded(listed)
    if inside is not None and "publicKeyPem" in inside:
        return KeyCandidate(name, inside)
    if name is None or urls.parse(name) is None:
        return KeyCandidate(name, inside, unread="bad-url" if inside is None else None)
    place, hash_sign, _ = name.partition("#")
    document = asking.document(Role.KEY, place, Want.JSON if hash_sign else Want.KEY)
    if document.node is None:
        return KeyCandidate(name, unread=document.unread or "key-unreadable", evidence=document.evidence)
    return _shared_key(name, document)


@lru_cache(maxsize=128)
def _shared_key(name: str, document: Document) -> KeyCandidate:
    node = document.node or {}
    # Behind a fragment stands a part of a document: mostly a key inside the profile itself.
    parts = (key for key in values(node, "publicKey") if "#" in name and _is_key(key, name))
    return KeyCandidate(
        name, next((part for part in map(embedded, parts) if part is not None), node), evidence=document.evidence
    )


def _is_key(listed: Json, named: str | None) -> bool:
    """Whether a listed key is the one named. Servers moved to https, and what was signed before still says http."""
    name = identifier(listed)
    return name is not None and named is not None and urls.transport_free(name) == urls.transport_free(named)
