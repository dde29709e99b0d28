"""Which credentials are forms of one badge: the keys by which a newly found one is recognised. Pure; decides nothing alone.

Two credentials that share a key become representations of one badge. That is safe because representations never replace
each other: each is verified by itself, so a forgery that claims a good badge's id changes nothing about the good one.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from wallet.found import Kind
from wallet.model import Credential

_DROPPED = re.compile(r"(?:v|expand|action|identity__.*)\Z")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Hosts under which one service answers for the same badge.
_CREDLY = frozenset({"www.credly.com", "credly.com", "api.credly.com", "www.youracclaim.com", "api.youracclaim.com"})
_SPECIAL = ("credly.com", "youracclaim.com", "badgr.io", "badgr.com")
# Most ids are spelt so that taking them apart changes nothing.
_PLAIN = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[A-Za-z0-9._~-]*)*)")
_BADGR_REGIONS = frozenset({"eu", "au", "ca", "sg"})
SIGNED = (Kind.OB2_JWS, Kind.OB3_JWT, Kind.CLR2_JWT)
# One for all: `json.dumps` looks at its options each time.
_quoted = json.JSONEncoder().encode


def normal_id(text: str) -> str:
    """The id in a form in which two spellings of one address are equal. Other things than http(s) URLs stay as they are."""
    plain = _PLAIN.fullmatch(text)
    if plain is None or plain[1].endswith(_SPECIAL):
        return _normal_id(text)
    return f"//{plain[1]}{plain[2].rstrip('/')}"


@lru_cache(maxsize=8_192)
def _normal_id(text: str) -> str:
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return text
    if parts.scheme.lower() not in ("http", "https") or not host:
        return text
    host = host.rstrip(".")
    if host in _CREDLY and (uuid := _UUID.search(parts.path.lower())) is not None:
        return f"credly:{uuid[0]}"
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query, True) if not _DROPPED.match(key)])
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"//{_badgr(place)}{parts.path.rstrip('/')}{'?' + query if query else ''}"


def _badgr(host: str) -> str:
    """One name for the page host and the API host of a region of that service."""
    labels = host.split(".")
    if host.endswith(".badgr.io") and labels[0] == "api":
        return ".".join([*(label for label in labels[1:-2] if label in _BADGR_REGIONS), "badgr.com"])
    if host.endswith(".badgr.com"):
        return ".".join([*(label for label in labels[:-2] if label in _BADGR_REGIONS), "badgr.com"])
    return host


def keys(credential: Credential | None, kind: Kind, claimed_id: str | None = None) -> tuple[str, ...]:
    """The keys of a credential, the surest first. `credential` is what it says of itself."""
    found: list[str] = []
    own_id = (credential.id if credential is not None else None) or claimed_id
    if own_id:
        found.append("id " + normal_id(own_id))
    award = _award(credential, kind) if credential is not None else None
    if award is not None:
        found.append(award)
    return tuple(found)


def _award(credential: Credential, kind: Kind) -> str | None:
    """Same issuer, achievement, recipient and moment: one award under two ids (Moodle serves such).

    An issuer signs an award once: signed badges with ids of their own are several awards, however alike they look.
    """
    achievement = credential.achievement
    issuer = (achievement.issuer_id or (achievement.issuer.id if achievement.issuer else None)) if achievement else None
    achieved = credential.achievement_id or (achievement.id if achievement else None)
    if kind in SIGNED or not (issuer and achieved and credential.recipient and credential.issued_on):
        return None
    person, moment = _quoted(credential.recipient.identity), _quoted(credential.issued_on.isoformat())
    facts = f"[{_place(issuer)}, {_place(achieved)}, {person}, {moment}]"  # as `json.dumps` writes a list
    return "award " + sha256(facts.encode("ascii")).hexdigest()


# Many awards are of one achievement, and nearly all of a few issuers.
@lru_cache(maxsize=4_096)
def _place(name: str) -> str:
    return _quoted(normal_id(name))
