"""From Open Badges 2.0 documents to the model, and back.

The readers take a node as `wallet.documents.jsonld` leaves it (plain terms, no nulls, lists of one unwrapped) and never
raise on its shape: what is absent or unreadable becomes None or empty, and the checks say whether that is a fault. Nothing
is fetched, verified or cleaned here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from wallet.documents import jws, legacy
from wallet.documents.commitment import read_commitment, write_commitment
from wallet.documents.dates import is_basic_format, parse_datetime
from wallet.documents.jsonld import OB2_CONTEXT, JsonLdProblem, Normalised, normalise
from wallet.documents.strict_json import JsonProblem, parse_object
from wallet.found import Kind
from wallet.model import (
    Achievement,
    Alignment,
    Credential,
    Criteria,
    CryptographicKey,
    HostingScope,
    Image,
    Json,
    JsonObject,
    Profile,
    Recipient,
    RevocationList,
    RevokedEntry,
    Text,
    Verification,
    WorkEvidence,
)

__all__ = [
    "claims",
    "claims_of",
    "is_basic_format",
    "parse_datetime",
    "read_achievement",
    "read_credential",
    "read_key",
    "read_profile",
    "read_revocation_list",
    "read_text",
    "write_achievement",
    "write_credential",
    "write_profile",
]

#: Written beside the terms of 2.0 when a credential came in an older version; no context defines it.
_VERSION_MEMBER = "openBadgesVersion"
NO_TEXT = Text()
T = TypeVar("T")


def _present(values: list[T | None]) -> tuple[T, ...]:
    return tuple([value for value in values if value is not None])


def _string(value: Json) -> str | None:
    return value if isinstance(value, str) else None


# Written once: asked so often that making the union of both each time would show.
_LISTS = (list, tuple)


def _items(value: Json) -> tuple[Json, ...]:
    """The values of a member: none, one, or those of a list."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, _LISTS) else (value,)


def _single(value: Json) -> Json:
    """The one value of a member; None if there are several, because nobody could say which is meant."""
    if type(value) is dict:
        return value
    if isinstance(value, _LISTS):
        return value[0] if len(value) == 1 else None
    return value


def _strings(value: Json) -> tuple[str, ...]:
    if type(value) is str:
        return (value,)
    return tuple(item for item in _items(value) if isinstance(item, str))


def _id(value: Json) -> str | None:
    """The IRI a member points to, whether it is written as text or as an object with an id."""
    if value is None or type(value) is str:
        return value
    value = _single(value)
    return _string(value.get("id")) if isinstance(value, dict) else _string(value)


_NO_CONTENT = frozenset({"id", "@context"})


def _object(value: Json) -> JsonObject | None:
    """The object that stands inside a member, unless it only repeats an id."""
    value = _single(value)
    return value if isinstance(value, dict) and not value.keys() <= _NO_CONTENT else None


def _time(value: Json) -> datetime | None:
    if value is None:
        return None
    text = _string(_single(value))
    return parse_datetime(text) if text is not None else None


def _flag(value: Json) -> bool | None:
    if value is None:
        return None
    value = _single(value)
    return value if isinstance(value, bool) else None


def read_text(value: Json, language: str = "") -> Text:
    """A text in one or more languages; `language` is the tag of values that have none of their own."""
    if value is None:
        return NO_TEXT
    if isinstance(value, str):
        return Text(((language, value),))
    values: list[tuple[str, str]] = []
    for item in _items(value):
        if isinstance(item, str):
            values.append((language, item))
        elif isinstance(item, dict) and isinstance(text := item.get("@value"), str):
            values.append((_string(item.get("@language")) or language, text))
    return Text(tuple(values))


def _word(value: Json) -> str | None:
    """A text that has no use for languages: the first there is."""
    if value is None or isinstance(value, str):
        return value
    text = read_text(value)
    return str(text) if text.values else None


def _image(value: Json) -> Image | None:
    if value is None:
        return None
    value = _single(value)
    if isinstance(value, str):
        return Image(value)
    if isinstance(value, dict) and isinstance(url := value.get("id"), str):
        return Image(url, caption=_word(value.get("caption")), author=_id(value.get("author")))
    return None


def _recipient(value: Json) -> Recipient | None:
    value = _single(value)
    if not isinstance(value, dict):
        return None
    kinds, identity = _strings(value.get("type")), _word(value.get("identity"))
    if not kinds and identity is None:
        return None
    return Recipient(
        type=kinds[0] if kinds else "",
        identity=identity or "",
        hashed=_flag(value.get("hashed")),
        salt=_word(value.get("salt")),
    )


def _verification(node: JsonObject) -> Verification | None:
    value = _single(node.get("verification", node.get("verify")))
    if not isinstance(value, dict):
        return None
    return Verification(_strings(value.get("type")), _id(value.get("creator")), _id(value.get("url")))


def _scope(value: Json) -> HostingScope | None:
    value = _single(value)
    if not isinstance(value, dict):
        return None
    return HostingScope(
        starts_with=_strings(value["startsWith"]) if "startsWith" in value else None,
        allowed_origins=_strings(value["allowedOrigins"]) if "allowedOrigins" in value else None,
        verification_property=_word(value.get("verificationProperty")),
    )


def _criteria(value: Json, language: str) -> Criteria | None:
    value = _single(value)
    if isinstance(value, str):
        return Criteria(id=value)
    if isinstance(value, dict):
        return Criteria(id=_string(value.get("id")), narrative=read_text(value.get("narrative"), language))
    return None


def _alignment(value: Json, language: str) -> Alignment | None:
    if not isinstance(value, dict):
        return None
    return Alignment(
        target_name=read_text(value.get("targetName"), language),
        target_url=_id(value.get("targetUrl")),
        target_description=read_text(value.get("targetDescription"), language),
        target_framework=_word(value.get("targetFramework")),
        target_code=_word(value.get("targetCode")),
    )


def _work_evidence(value: Json, language: str) -> WorkEvidence | None:
    if isinstance(value, str):
        return WorkEvidence(id=value)
    if not isinstance(value, dict):
        return None
    return WorkEvidence(
        id=_string(value.get("id")),
        name=read_text(value.get("name"), language),
        description=read_text(value.get("description"), language),
        narrative=read_text(value.get("narrative"), language),
        genre=_word(value.get("genre")),
        audience=_word(value.get("audience")),
    )


def read_key(node: JsonObject) -> CryptographicKey:
    """A key document, or a key that stands inside a profile."""
    return CryptographicKey(_string(node.get("id")), _id(node.get("owner")), _word(node.get("publicKeyPem")))


def _public_keys(value: Json) -> tuple[str | CryptographicKey, ...]:
    keys: list[str | CryptographicKey] = []
    for item in _items(value):
        inside = _object(item)
        if inside is not None:
            keys.append(read_key(inside))
        elif (name := _id(item)) is not None:
            keys.append(name)
    return tuple(keys)


def read_profile(node: JsonObject, language: str = "") -> Profile:
    """An issuer or another party."""
    return Profile(
        id=_string(node.get("id")),
        types=_strings(node.get("type")),
        name=read_text(node.get("name"), language),
        url=_id(node.get("url")),
        email=_word(node.get("email")),
        telephone=_word(node.get("telephone")),
        description=read_text(node.get("description"), language),
        image=_image(node.get("image")),
        public_keys=_public_keys(node.get("publicKey")),
        verification=_scope(node.get("verification")),
        revocation_list=_id(node.get("revocationList")),
    )


def read_achievement(node: JsonObject, language: str = "") -> Achievement:
    """A badge class; its issuer too when the profile stands inside."""
    issuer = _object(node.get("issuer"))
    alignments = [_alignment(item, language) for item in _items(node.get("alignment"))]
    tags = [_word(item) for item in _items(node.get("tags"))]
    related = [_id(item) for item in _items(node.get("related"))]
    return Achievement(
        id=_string(node.get("id")),
        types=_strings(node.get("type")),
        name=read_text(node.get("name"), language),
        description=read_text(node.get("description"), language),
        image=_image(node.get("image")),
        criteria=_criteria(node.get("criteria"), language),
        issuer_id=_id(node.get("issuer")),
        issuer=read_profile(issuer, language) if issuer is not None else None,
        alignments=_present(alignments) if alignments else (),
        tags=_present(tags) if tags else (),
        commitment=read_commitment(node),
        related=_present(related) if related else (),
    )


def read_credential(
    node: JsonObject, language: str = "", *, version: str | None = None, achievement: Achievement | None = None
) -> Credential:
    """An assertion; achievement and issuer too when they stand inside.

    version, achievement: instead of what the node says of them.
    """
    inside = _object(node.get("badge")) if achievement is None else None
    work = [_work_evidence(item, language) for item in _items(node.get("evidence"))]
    return Credential(
        id=_string(node.get("id")),
        types=_strings(node.get("type")),
        version=version or _string(node.get(_VERSION_MEMBER)) or "2.0",
        recipient=_recipient(node.get("recipient")),
        achievement_id=_id(node.get("badge")),
        achievement=read_achievement(inside, language) if inside is not None else achievement,
        verification=_verification(node),
        issued_on=_time(node.get("issuedOn")),
        expires=_time(node.get("expires")),
        image=_image(node.get("image")),
        work_evidence=_present(work) if work else (),
        narrative=read_text(node.get("narrative"), language),
        revoked=_flag(node.get("revoked", node.get("revokedAssertions"))),
        revocation_reason=_word(node.get("revocationReason")),
        uid=_word(node.get("uid")),
    )


def read_revocation_list(node: JsonObject) -> RevocationList:
    """A revocation list of 2.0. An entry that says `revoked: false` is none."""
    entries: list[RevokedEntry] = []
    # The context maps both names to one property, so a list may arrive under either.
    for item in _items(node.get("revokedAssertions", node.get("revoked"))):
        if isinstance(item, str):
            entries.append(RevokedEntry(item, None))
        elif isinstance(item, dict):
            name, uid = _string(item.get("id")), _word(item.get("uid"))
            if item.get("revoked") is False or (name is None and uid is None):
                continue
            entries.append(RevokedEntry(name, uid, _word(item.get("revocationReason"))))
    return RevocationList(_string(node.get("id")), _id(node.get("issuer")), tuple(entries))


# writing


def _members(**members: Json) -> dict[str, Json]:
    """An object of the members that say something; a trailing underscore keeps a name apart from Python's own."""
    return {name.rstrip("_"): value for name, value in members.items() if value is not None}


def _one_or_list(values: tuple[Json, ...]) -> Json:
    return None if not values else values[0] if len(values) == 1 else list(values)


def _write_time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment is not None else None


def _write_text(text: Text) -> Json:
    return _one_or_list(tuple({"@value": value, "@language": tag} if tag else value for tag, value in text.values))


def _write_image(image: Image | None) -> Json:
    if image is None or (image.caption is None and image.author is None):
        return image.url if image is not None else None
    return _members(id=image.url, type="Image", caption=image.caption, author=image.author)


def _write_key(key: str | CryptographicKey) -> Json:
    if isinstance(key, str):
        return key
    return _members(type="CryptographicKey", id=key.id, owner=key.owner, publicKeyPem=key.public_key_pem)


def write_profile(profile: Profile) -> dict[str, Json]:
    """A profile as an object of Open Badges 2.0, without a context of its own."""
    scope = profile.verification
    return _members(
        id=profile.id,
        type=_one_or_list(profile.types),
        name=_write_text(profile.name),
        url=profile.url,
        email=profile.email,
        telephone=profile.telephone,
        description=_write_text(profile.description),
        image=_write_image(profile.image),
        publicKey=_one_or_list(tuple(_write_key(key) for key in profile.public_keys)),
        verification=None
        if scope is None
        else _members(
            startsWith=list(scope.starts_with) if scope.starts_with is not None else None,
            allowedOrigins=list(scope.allowed_origins) if scope.allowed_origins is not None else None,
            verificationProperty=scope.verification_property,
        ),
        revocationList=profile.revocation_list,
    )


def write_achievement(achievement: Achievement) -> dict[str, Json]:
    """An achievement as an object of Open Badges 2.0, its issuer inside when it is known."""
    criteria = achievement.criteria
    return _members(
        id=achievement.id,
        type=_one_or_list(achievement.types),
        name=_write_text(achievement.name),
        description=_write_text(achievement.description),
        image=_write_image(achievement.image),
        criteria=None if criteria is None else _members(id=criteria.id, narrative=_write_text(criteria.narrative)),
        issuer=write_profile(achievement.issuer) if achievement.issuer is not None else achievement.issuer_id,
        alignment=_one_or_list(
            tuple(
                _members(
                    targetName=_write_text(item.target_name),
                    targetUrl=item.target_url,
                    targetDescription=_write_text(item.target_description),
                    targetFramework=item.target_framework,
                    targetCode=item.target_code,
                )
                for item in achievement.alignments
            )
        ),
        tags=_one_or_list(achievement.tags),
        related=_one_or_list(achievement.related),
        **write_commitment(achievement.commitment),
    )


def _write_work_evidence(work: WorkEvidence) -> Json:
    return _members(
        id=work.id,
        name=_write_text(work.name),
        description=_write_text(work.description),
        narrative=_write_text(work.narrative),
        genre=work.genre,
        audience=work.audience,
    )


def write_credential(credential: Credential, *, inside: Json = None) -> dict[str, Json]:
    """`credential` as one Open Badges 2.0 object, achievement and issuer inside when they are known.

    inside: what is to stand where the achievement stands, if anything else.

    `read_credential` gives back the same credential, as long as an embedded achievement or issuer has the id by which it
    is referred to and says more than that id.
    """
    recipient, verification = credential.recipient, credential.verification
    written = _members(
        id=credential.id,
        type=_one_or_list(credential.types),
        recipient=None
        if recipient is None
        else _members(type=recipient.type, identity=recipient.identity, hashed=recipient.hashed, salt=recipient.salt),
        badge=inside
        if inside is not None
        else write_achievement(credential.achievement)
        if credential.achievement is not None
        else credential.achievement_id,
        verification=None
        if verification is None
        else _members(type=_one_or_list(verification.types), creator=verification.creator, url=verification.url),
        issuedOn=_write_time(credential.issued_on),
        expires=_write_time(credential.expires),
        image=_write_image(credential.image),
        evidence=_one_or_list(tuple(_write_work_evidence(work) for work in credential.work_evidence)),
        narrative=_write_text(credential.narrative),
        revoked=credential.revoked,
        revocationReason=credential.revocation_reason,
        uid=credential.uid,
    )
    version = {} if credential.version == "2.0" else {_VERSION_MEMBER: credential.version}
    return {"@context": OB2_CONTEXT, **version, **written}


# what a found credential says of itself


def claims(raw: bytes, kind: Kind) -> Credential | None:
    """What a found credential says of itself, unproven, for lists before the first verification. Never raises.

    None when it cannot be read.
    """
    return _credential(_normal(_document(raw, kind)))


#: Bytes of credentials that are taken apart at once: what they become is many times as large.
_TOGETHER = 256 * 1024


def claims_of(found: Sequence[tuple[bytes, Kind]]) -> list[Credential | None]:
    """`claims` of many: one step for all and then the next takes a fifth less time than one credential after another."""
    said: list[Credential | None] = []
    some: list[JsonObject | Credential | None] = []
    room = _TOGETHER
    for raw, kind in found:
        some.append(_document(raw, kind))
        room -= len(raw)
        if room < 0:
            said += [_credential(one) for one in [_normal(document) for document in some]]
            some, room = [], _TOGETHER
    return said + [_credential(one) for one in [_normal(document) for document in some]]


def _document(raw: bytes, kind: Kind) -> JsonObject | Credential | None:
    """The document; of some kinds the credential at once."""
    if kind is Kind.OB2_URL:
        return Credential(id=raw.decode("utf-8", "replace").strip())
    if kind is Kind.OB2_JWS:
        return jws.peek(raw.strip())
    if kind in (Kind.OB2_JSON, Kind.OB1_JSON, Kind.OB05_JSON):
        try:
            return parse_object(raw)
        except JsonProblem:
            return None
    from wallet.documents.newer import read_newer  # reads with the readers of this module

    return read_newer(raw, kind)


def _normal(value: JsonObject | Credential | None) -> Normalised | Credential | None:
    if value is None or isinstance(value, Credential):
        return value
    try:
        normal = normalise(value)
        if normal.version == "2.0":
            return normal
        older = legacy.upgrade(value, "assertion")
    except JsonLdProblem:
        return None
    return replace(read_credential(older.node), version=older.version)


def _credential(value: Normalised | Credential | None) -> Credential | None:
    return read_credential(value.node, value.language or "") if isinstance(value, Normalised) else value
