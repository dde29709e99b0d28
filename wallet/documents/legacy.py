"""Reads what documents older than Open Badges 2.0 say of themselves, so that they can be shown.

Only for display: their proof has rules of its own, which this version does not apply. Their original stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from wallet.model import Achievement, Credential, Image, Json, JsonObject, Profile, Recipient, Text, Verification


def _string(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _text(value: Json) -> Text:
    return Text.of(value) if isinstance(value, str) else Text()


def read_time(value: Json) -> datetime | None:
    """A date of 1.x or 0.5: ISO text, or seconds since 1970 as number or ten digits. Without a zone it is UTC."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) == 10):
        try:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    if isinstance(value, str | int) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(int(value), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return None


def _profile(value: Json) -> Profile | None:
    node = _object(value)
    if not node:
        return None
    address = _string(node.get("url")) or _string(node.get("origin"))
    email = _string(node.get("email")) or _string(node.get("contact"))
    return Profile(id=_string(node.get("id")), name=_text(node.get("name")), url=address, email=email)


def _achievement(value: Json) -> Achievement | None:
    node = _object(value)
    if not node:
        return None
    image = _string(node.get("image"))
    return Achievement(
        id=_string(node.get("id")),
        name=_text(node.get("name")),
        description=_text(node.get("description")),
        image=Image(image) if image is not None else None,
        issuer_id=_string(node.get("issuer")),
        issuer=_profile(node.get("issuer")),
    )


def read_credential(node: JsonObject, version: str) -> Credential:
    """An assertion of `version` ("0.5", "1.0" or "1.1"), as far as lists and headings need it. Never raises."""
    verify = _object(node.get("verify"))
    kind, url = _string(verify.get("type")), _string(verify.get("url"))
    uid = _string(node.get("uid"))
    who, salt = node.get("recipient"), _string(node.get("salt"))
    recipient: Recipient | None = None
    if isinstance(who, str):
        recipient = Recipient("email", who, hashed="$" in who, salt=salt)
    elif isinstance(who, Mapping):
        hashed = who.get("hashed")
        recipient = Recipient(
            _string(who.get("type")) or "",
            _string(who.get("identity")) or "",
            hashed if isinstance(hashed, bool) else None,
            _string(who.get("salt")),
        )
    achievement = _achievement(node.get("badge"))
    return Credential(
        id=_string(node.get("id"))
        or (url if kind != "signed" else None)
        or (f"uid:{uid}" if uid is not None else None),
        version=version,
        recipient=recipient,
        achievement_id=achievement.id if achievement is not None else _string(node.get("badge")),
        achievement=achievement,
        verification=Verification((kind,) if kind is not None else (), None, url) if verify else None,
        issued_on=read_time(node.get("issuedOn", node.get("issued_on"))),
        expires=read_time(node.get("expires")),
        uid=uid,
    )
