"""All the fetching for one credential, done once. What comes out is a `Dossier`; nothing is judged on the way.

A document that cannot be had is a fact with a cause, never an exception. Every answer, good or bad, is kept as evidence. No
clock is read: `now` stamps only what was not even asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from wallet.documents import jws
from wallet.documents.jws import CompactJws, JwsProblem
from wallet.fetch.base import Cause, Failure, Fetched, Fetcher, Want
from wallet.found import Kind
from wallet.limits import LIMITS, Limits
from wallet.model import Json, JsonObject
from wallet.verify import older, urls
from wallet.verify.dossier import (
    Content,
    Document,
    Dossier,
    Endorsed,
    KeyCandidate,
    Picture,
    Subject,
    called_revoked,
    embedded,
    identifier,
    methods_of,
    shown_achievement,
    values,
)
from wallet.verify.reading import digest_of, read_content, read_data_uri, read_object, revocation_reason, why_unread
from wallet.verify.report import Evidence, Role

_KEYS = 20
_SHARED_BYTES = 64 * 2**10
_UNSUPPORTED = {
    Kind.OB3_JSON: "It is an Open Badge of version 3.0, which this version of badgefolio keeps but cannot verify yet.",
    Kind.OB3_JWT: "It is an Open Badge of version 3.0, which this version of badgefolio keeps but cannot verify yet.",
    Kind.CLR2_JSON: "It is a learner record (CLR 2.0), which this version of badgefolio keeps but cannot verify yet.",
    Kind.CLR2_JWT: "It is a learner record (CLR 2.0), which this version of badgefolio keeps but cannot verify yet.",
    Kind.BLOCKCERTS_JSON: "It is a Blockcerts certificate, which badgefolio keeps but cannot verify.",
}


def _part(role: Role, url: str, fetched: Fetched) -> Document:
    """A part of a badge of today, under the usual limits."""
    content = read_content(fetched.body)
    if content.node is not None and content.version != "2.0":
        # Its members went through no rule of 2.0, so a badge of 2.0 must not rest on them.
        return Document(role, url, fetched, unread="other-version")
    return Document(role, url, fetched, content, evidence=(content.sha256,))


#: A thousand badges share their classes, issuers and keys: each is then one and the same document, and judged once.
_shared_part = lru_cache(maxsize=128)(_part)


def gather(subject: Subject, fetcher: Fetcher, limits: Limits, now: datetime) -> Dossier:
    """Everything there is to know about `subject`. Asks for each URL at most once."""
    return _Gatherer(fetcher, limits, now).gather(subject)


@dataclass(frozen=True, slots=True)
class _Achieved:
    """How a credential refers to its achievement, and that one to its issuer."""

    achievement_id: str | None
    achievement: Document | None
    achievement_embedded: JsonObject | None
    issuer_id: str | None
    issuer_embedded: JsonObject | None

    def shown(self, *, signed: bool) -> JsonObject | None:
        """The achievement as it is shown."""
        return shown_achievement(self.achievement, self.achievement_embedded, signed=signed)


@dataclass(frozen=True, slots=True)
class _Keys:
    """The issuer's keys that may have signed; see `Dossier` for the fields."""

    candidates: tuple[KeyCandidate, ...] = ()
    cut: bool = False
    creator: str | None = None
    creator_named: bool = False


class _Gatherer:
    """One run for one credential: the fetches made so far, and the budget that is left."""

    def __init__(self, fetcher: Fetcher, limits: Limits, now: datetime) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._now = now
        self._answers: dict[tuple[str, Want], Fetched] = {}
        self._evidence: list[Evidence] = []
        self._stamps: list[tuple[str, datetime]] = []
        self._began: datetime | None = None
        self._late = False
        self._older: str | None = None

    # fetching

    def _fetch(self, role: Role, url: str, want: Want) -> Fetched:
        key = (url, want)
        known = self._answers.get(key)
        if known is not None:
            return known
        if self._spent:
            detail = "this badge needs more fetches than are made for one badge"
            fetched = Fetched(url, url, self._now, failure=Failure(Cause.BUDGET, detail))
        else:
            fetched = self._fetcher.fetch(url, want)
            self._watch(fetched)
        self._answers[key] = fetched
        self._evidence.append(Evidence(role, fetched))
        return fetched

    @property
    def _spent(self) -> bool:
        """Whether this badge has used up its fetches or its time."""
        return self._late or len(self._answers) >= self._limits.fetches_per_badge

    def _watch(self, fetched: Fetched) -> None:
        """The stamps on answers tell how long this badge has taken, so that no clock has to be read here."""
        if fetched.recorded:
            return
        if self._began is None:
            self._began = fetched.fetched_at
        self._late = (fetched.fetched_at - self._began).total_seconds() > self._limits.badge_seconds

    def _document(self, role: Role, url: str, want: Want = Want.JSON) -> Document:
        if urls.parse(url) is None:
            return Document(role, url, unread="bad-url")
        fetched = self._fetch(role, url, want)
        cause = why_unread(fetched)
        if cause == "http-410" and role in (Role.ASSERTION, Role.ENDORSEMENT):
            digest = digest_of(fetched.body)
            self._stamps.append((digest, fetched.fetched_at))
            return Document(role, url, fetched, unread=cause, evidence=(digest,))
        if cause is not None:
            return Document(role, url, fetched, unread=cause)
        if role is not Role.ASSERTION and self._older is None and self._limits is LIMITS:
            document = (
                _shared_part(role, url, fetched) if len(fetched.body) <= _SHARED_BYTES else _part(role, url, fetched)
            )
            if document.content is not None:
                self._stamps.append((document.content.sha256, fetched.fetched_at))
            return document
        if role is Role.ASSERTION:
            content = older.read_assertion(fetched.body, url, self._older, self._limits)
        elif self._older is not None and role in older.PARTS:
            content = older.read_older(fetched.body, older.PARTS[role], url, self._limits)
        else:
            content = read_content(fetched.body, self._limits)
        self._stamps.append((content.sha256, fetched.fetched_at))
        if not self._fits(role, content):
            return Document(role, url, fetched, unread="other-version")
        return Document(role, url, fetched, content, evidence=(content.sha256,))

    def _fits(self, role: Role, content: Content) -> bool:
        """Whether a part is of the badge's own generation: a badge must not rest on rules that its version does not have."""
        if role is Role.ASSERTION or content.node is None or (role is Role.REVOCATION_LIST and self._older is not None):
            return True
        if self._older is not None and role in older.PARTS:
            return content.version in older.ONE_GENERATION
        return content.version == "2.0"

    def _declared(self, role: Role, url: str, *, same_host: bool = False) -> Document:
        """The document at `url`; if it names another address, the one there, provided that one names itself."""
        document = self._document(role, url)
        other = document.id
        if document.node is None or other is None or document.agrees or urls.parse(other) is None:
            return document
        if same_host and urls.host_of(other) != urls.host_of(url):
            return document
        second = self._document(role, other)
        if second.agrees:
            return replace(second, moved_from=url)
        return replace(document, declared=second)

    # the parts of a badge

    def gather(self, subject: Subject) -> Dossier:
        digest = sha256(subject.raw).hexdigest()
        unsupported = _UNSUPPORTED.get(subject.kind)
        if unsupported is not None:
            return Dossier(subject, digest, unsupported=unsupported)
        return self._rest(self._credential(subject, digest))

    def _credential(self, subject: Subject, raw_sha256: str) -> Dossier:
        """What was brought, how it wants to be verified, and the document that is therefore judged."""
        if subject.kind is Kind.OB2_URL:
            return self._hosted(Dossier(subject, raw_sha256), subject.raw.decode("utf-8", "replace").strip())
        if subject.kind is Kind.OB2_JWS:
            try:
                signed = jws.decode(subject.raw.strip())
            except JwsProblem as problem:
                # Judged as signed, so that the broken signature is what the report is about.
                payload = jws.peek(subject.raw.strip())
                claimed = read_object(payload, raw_sha256, False, self._limits) if payload is not None else None
                brought = Document(Role.ASSERTION, content=claimed, unread=None if claimed else "jws-form")
                methods = replace(methods_of(brought.node), signed=True)
                return Dossier(
                    subject, raw_sha256, jws_problem=problem, brought=brought, credential=brought, methods=methods
                )
            token: CompactJws | None = signed
            digest = sha256(signed.payload).hexdigest()
            content = read_object(signed.claims, digest, signed.payload_bom, self._limits)
            if content.node is not None and content.version != "2.0":
                content = older.upgraded(signed.claims, content, "assertion", None)
        else:
            token = None
            content = older.read_assertion(subject.raw, subject.fetch_url, None, self._limits)
        brought = Document(Role.ASSERTION, content=content)
        dossier = Dossier(
            subject, raw_sha256, jws=token, brought=brought, methods=methods_of(content.node), credential=brought
        )
        self._older = dossier.version if dossier.older else None
        methods = dossier.methods
        if methods.signed:
            return self._also_hosted(dossier) if methods.hosted else dossier
        readable = content.problem is None or not content.problem.failed
        address = brought.id if brought.id is not None and urls.is_http(brought.id) else subject.fetch_url
        if (methods.hosted or content.node is None) and readable and address is not None:
            return self._hosted(dossier, address)
        return dossier

    def _hosted(self, dossier: Dossier, url: str) -> Dossier:
        """The hosted copy is what is judged; the file brought only supplied its address."""
        document = self._declared(Role.ASSERTION, url)
        methods = methods_of(document.node)
        gone = document.gone or _only_revoked(document.node)
        if document.node is None or gone:
            # Hosted verification was asked for, whatever the missing copy would say.
            methods = replace(methods_of(dossier.brought.node if dossier.brought else None), hosted=True)
        reason = None
        if document.gone and document.fetched is not None:
            reason = revocation_reason(document.fetched.body)
        elif gone and document.node is not None:
            said = document.node.get("revocationReason")
            reason = said if isinstance(said, str) else None
        return replace(
            dossier,
            hosted=document,
            credential=document,
            methods=methods,
            withdrawn=gone,
            withdrawn_reason=reason,
        )

    def _also_hosted(self, dossier: Dossier) -> Dossier:
        """A badge that says both is judged as signed, and its hosted copy has to be there too."""
        brought = dossier.brought
        url = brought.id if brought is not None else None
        if url is None:
            return dossier
        document = self._declared(Role.ASSERTION, url)
        return replace(dossier, hosted=document, withdrawn=document.gone or _only_revoked(document.node))

    def _rest(self, dossier: Dossier) -> Dossier:
        """Achievement, issuer, keys, revocation list and pictures."""
        source = dossier.node
        if (source is None or dossier.withdrawn) and dossier.brought is not None:
            # Nothing of it is proven, but it says where the issuer would be.
            source = dossier.brought.node
        if source is None:
            return replace(dossier, evidence=tuple(self._evidence), stamps=tuple(self._stamps))
        self._older = dossier.version if dossier.older else None
        if dossier.version == "0.5":
            return self._all_inside(dossier, source)
        achieved = self._achievement(source, signed=dossier.methods.signed)
        issuer: Document | None = None
        if achieved.issuer_id is not None and urls.is_http(achieved.issuer_id):
            issuer = self._declared(Role.ISSUER, achieved.issuer_id, same_host=True)
        profile = issuer.node if issuer is not None else None
        revocation_list: Document | None = None
        keys = _Keys()
        if profile is not None:
            if dossier.methods.signed:
                keys = (
                    self._pem(identifier(profile.get("id")), source) if dossier.older else self._keys(profile, source)
                )
            listed = identifier(profile.get("revocationList"))
            if listed is not None:
                revocation_list = self._document(Role.REVOCATION_LIST, listed)
        shown = achieved.shown(signed=dossier.methods.signed)
        pictures = self._pictures(shown, dossier.node, profile)
        # Last, so that no number of endorsements can use up what the proof needs.
        endorsements, left = self._endorsements(
            (Role.ASSERTION, dossier.node, dossier.credential),
            (Role.ACHIEVEMENT, shown, achieved.achievement),
            (Role.ISSUER, profile, issuer),
        )
        return replace(
            dossier,
            achievement_id=achieved.achievement_id,
            achievement=achieved.achievement,
            achievement_embedded=achieved.achievement_embedded,
            issuer_id=achieved.issuer_id,
            issuer=issuer,
            issuer_embedded=achieved.issuer_embedded,
            keys=keys.candidates,
            keys_cut=keys.cut,
            creator=keys.creator,
            creator_named=keys.creator_named,
            revocation_list=revocation_list,
            pictures=pictures,
            endorsements=endorsements,
            endorsements_left=left,
            evidence=tuple(self._evidence),
            stamps=tuple(self._stamps),
        )

    def _achievement(self, credential: JsonObject, *, signed: bool) -> _Achieved:
        badge = credential.get("badge")
        inside = embedded(badge)
        achievement_id = identifier(badge)
        document: Document | None = None
        if achievement_id is not None and urls.is_http(achievement_id):
            document = self._declared(Role.ACHIEVEMENT, achievement_id)
        shown = shown_achievement(document, inside, signed=signed)
        issuer = shown.get("issuer") if shown is not None else None
        return _Achieved(achievement_id, document, inside, identifier(issuer), embedded(issuer))

    def _keys(self, profile: JsonObject, credential: JsonObject) -> _Keys:
        """The keys that the fetched profile lists, narrowed to the one that the badge names, if it names one."""
        verification = credential.get("verification", credential.get("verify"))
        creator = verification.get("creator") if isinstance(verification, Mapping) else None
        named = identifier(creator)
        listed = values(profile, "publicKey")
        if creator is not None:
            listed = tuple(key for key in listed if _is_key(key, named))
        keys = tuple(self._key(key) for key in listed[:_KEYS])
        return _Keys(keys, len(listed) > _KEYS, named, creator is not None)

    def _all_inside(self, dossier: Dossier, credential: JsonObject) -> Dossier:
        """0.5 has no other document than the badge itself."""
        badge = embedded(credential.get("badge"))
        issuer = badge.get("issuer") if badge is not None else None
        return replace(
            dossier,
            achievement_id=identifier(badge),
            achievement_embedded=badge,
            issuer_id=identifier(issuer),
            issuer_embedded=embedded(issuer),
            pictures=self._pictures(badge, dossier.node, None),
            evidence=tuple(self._evidence),
            stamps=tuple(self._stamps),
        )

    def _pem(self, issuer: str | None, credential: JsonObject) -> _Keys:
        """The key at `verify.url`, as 1.x has it. Asked for only where it could be the issuer's."""
        url = older.key_address(credential)
        if url is None or urls.host_of(url) is None or urls.host_of(url) != urls.host_of(issuer or ""):
            return _Keys(creator=url, creator_named=True)
        fetched = self._fetch(Role.KEY, url, Want.KEY)
        cause = why_unread(fetched)
        if cause is not None:
            return _Keys((KeyCandidate(url, unread=cause),), creator=url, creator_named=True)
        digest = digest_of(fetched.body)
        self._stamps.append((digest, fetched.fetched_at))
        if urls.host_of(fetched.final_url) != urls.host_of(url):
            # Nothing but the host says whose key it is, so nobody else may serve it.
            return _Keys((KeyCandidate(url, unread="key-host", evidence=(digest,)),), creator=url, creator_named=True)
        node: JsonObject = {
            "id": url,
            "type": "CryptographicKey",
            "owner": issuer,
            "publicKeyPem": older.pem(fetched.body),
        }
        return _Keys((KeyCandidate(url, node, evidence=(digest,)),), creator=url, creator_named=True)

    def _key(self, listed: Json) -> KeyCandidate:
        name = identifier(listed)
        inside = embedded(listed)
        if inside is not None and "publicKeyPem" in inside:
            return KeyCandidate(name, inside)
        if name is None or urls.parse(name) is None:
            return KeyCandidate(name, inside, unread="bad-url" if inside is None else None)
        place, hash_sign, _ = name.partition("#")
        document = self._document(Role.KEY, place, Want.JSON if hash_sign else Want.KEY)
        if document.node is None:
            return KeyCandidate(name, unread=document.unread or "key-unreadable", evidence=document.evidence)
        return _shared_key(name, document)

    def _pictures(
        self, achievement: JsonObject | None, credential: JsonObject | None, profile: JsonObject | None
    ) -> tuple[Picture, ...]:
        wanted = (
            (Role.ACHIEVEMENT_IMAGE, achievement),
            (Role.ASSERTION_IMAGE, credential),
            (Role.ISSUER_IMAGE, profile),
        )
        found = []
        for role, node in wanted:
            url = identifier(node.get("image")) if node is not None else None
            if url is not None:
                found.append(self._picture(role, url))
        return tuple(found)

    def _endorsements(
        self, *parts: tuple[Role, JsonObject | None, Document | None]
    ) -> tuple[tuple[Endorsed, ...], int]:
        """The endorsements of each part, as far as the budget goes, and how many are left."""
        found: list[Endorsed] = []
        left = 0
        for role, node, document in parts:
            listed = values(node, "endorsement") if node is not None else ()
            names = (
                (identifier(node), document.url, document.moved_from) if document is not None else (identifier(node),)
            )
            targets = tuple(name for name in names if name is not None)
            for value in listed:
                if self._spent:
                    left += 1
                else:
                    found.append(self._endorsement(role, targets, identifier(value)))
        return tuple(found), left

    def _endorsement(self, role: Role, targets: tuple[str, ...], url: str | None) -> Endorsed:
        if url is None:
            return Endorsed(role, targets, url, Document(Role.ENDORSEMENT, unread="bad-url"))
        document = self._declared(Role.ENDORSEMENT, url)
        endorser = identifier(document.node.get("issuer")) if document.node is not None else None
        if endorser is None or urls.parse(endorser) is None:
            return Endorsed(role, targets, url, document)
        profile = self._declared(Role.ENDORSER, endorser, same_host=True)
        listed = identifier(profile.node.get("revocationList")) if profile.node is not None else None
        revoked = self._document(Role.REVOCATION_LIST, listed) if listed is not None else None
        return Endorsed(role, targets, url, document, profile, revoked)

    def _picture(self, role: Role, url: str) -> Picture:
        if url[:5].lower() == "data:":
            label, body = read_data_uri(url)
            return Picture(role, url, body, label, unread=None if body is not None else "bad-url")
        if urls.parse(url) is None:
            return Picture(role, url, unread="bad-url")
        fetched = self._fetch(role, url, Want.IMAGE)
        cause = None if fetched.ok else why_unread(fetched)
        if cause is not None:
            return Picture(role, url, unread=cause)
        digest = digest_of(fetched.body)
        self._stamps.append((digest, fetched.fetched_at))
        return Picture(role, url, fetched.body, fetched.header("content-type"), evidence=(digest,))


@lru_cache(maxsize=128)
def _shared_key(name: str, document: Document) -> KeyCandidate:
    node = document.node or {}
    # Behind a fragment stands a part of a document: mostly a key inside the profile itself.
    parts = (key for key in values(node, "publicKey") if "#" in name and _is_key(key, name))
    return KeyCandidate(
        name, next((part for part in map(embedded, parts) if part is not None), node), evidence=document.evidence
    )


def _is_key(listed: Json, named: str | None) -> bool:
    name = identifier(listed)
    return name is not None and named is not None and urls.same(name, named)


def _only_revoked(node: JsonObject | None) -> bool:
    """Whether a body says nothing but that the badge was withdrawn (OB2, Assertion: only id and revoked are required)."""
    return node is not None and called_revoked(node) and node.get("badge") is None
