"""What credentials of newer families say of themselves: Open Badges 3.0, CLR 2.0, Blockcerts. For lists and details only.

Their proofs are not checked here or anywhere yet, so nothing that is read here may enter a verdict. The recipient is left out:
these families name people in ways of their own, and a half-read recipient could make two awards look like one. Never raises.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wallet.documents import jws
from wallet.documents.dates import parse_datetime
from wallet.documents.openbadges2 import read_achievement
from wallet.documents.strict_json import JsonProblem, parse_object
from wallet.found import Kind
from wallet.model import Achievement, Credential, Json, JsonObject

_VERSIONS = {
    Kind.OB3_JSON: "3.0",
    Kind.OB3_JWT: "3.0",
    Kind.CLR2_JSON: "CLR 2.0",
    Kind.CLR2_JWT: "CLR 2.0",
    Kind.BLOCKCERTS_JSON: "Blockcerts",
}
_TOKENS = frozenset({Kind.OB3_JWT, Kind.CLR2_JWT})


def read_newer(raw: bytes, kind: Kind) -> Credential | None:
    """The names, dates and addresses that a credential claims; None when it cannot be read. `kind` is of a newer family."""
    try:
        value = jws.peek(raw.strip()) if kind in _TOKENS else parse_object(raw)
    except JsonProblem:
        return None
    if value is None:
        return None
    value = _object(value.get("vc")) or value  # a token of the first data model wraps what a token of the second is
    achievement, own_id = _achievement(value), _string(value.get("id"))
    if achievement is None and own_id is None:
        return None
    return Credential(
        id=own_id,
        version=_VERSIONS[kind],
        achievement_id=achievement.id if achievement is not None else None,
        achievement=achievement,
        issued_on=_date(value, "validFrom", "issuanceDate", "issuedOn", "awardedDate"),
        expires=_date(value, "validUntil", "expirationDate", "expires"),
    )


def _achievement(value: JsonObject) -> Achievement | None:
    subject = _object(value.get("credentialSubject")) or {}
    # In a learner record several achievements stand inside; what names the record itself is its own name.
    own = _object(subject.get("achievement")) or _object(value.get("badge"))
    node: dict[str, Json] = dict(own) if own is not None and "verifiableCredential" not in subject else {}
    name = node.get("name") or value.get("name")
    issuer = value.get("issuer") or node.get("issuer") or node.get("creator")
    if not name and not issuer:
        return None
    node["name"], node["issuer"] = name, issuer
    node.setdefault("tags", node.get("tag"))
    read = read_achievement(node)
    return replace(read, issuer_id=_string(issuer)) if isinstance(issuer, str) else read


def _object(value: Json) -> JsonObject | None:
    """The object in a member, the first of a list."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else None


def _string(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _date(value: JsonObject, *names: str) -> datetime | None:
    return next((read for name in names if (read := parse_datetime(_string(value.get(name)) or "")) is not None), None)
