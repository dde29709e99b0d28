"""All the fetching for one credential, done once. What comes out is a `Dossier`; nothing is judged on the way.

A document that cannot be had is a fact with a cause, never an exception. Every answer, good or bad, is kept as evidence. No
clock is read: `now` stamps only what was not even asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from wallet.documents import jws
from wallet.documents.jws import CompactJws, JwsProblem
from wallet.fetch.base import Fetcher, Want
from wallet.found import Kind
from wallet.limits import LIMITS, Limits
from wallet.model import JsonObject
from wallet.verify import older, urls
from wallet.verify.asking import Asking
from wallet.verify.dossier import (
    Document,
    Dossier,
    Picture,
    Subject,
    called_revoked,
    embedded,
    identifier,
    methods_of,
    shown_achievement,
)
from wallet.verify.endorsed import endorsements
from wallet.verify.keys import Keys, listed_keys, served_key
from wallet.verify.reading import digest_of, read_data_uri, read_object, revocation_reason, why_unread
from wallet.verify.report import Role

_UNSUPPORTED = {
    Kind.OB3_JSON: "It is an Open Badge of version 3.0, which this version of badgefolio keeps but cannot verify yet.",
    Kind.OB3_JWT: "It is an Open Badge of version 3.0, which this version of badgefolio keeps but cannot verify yet.",
    Kind.CLR2_JSON: "It is a learner record (CLR 2.0), which this version of badgefolio keeps but cannot verify yet.",
    Kind.CLR2_JWT: "It is a learner record (CLR 2.0), which this version of badgefolio keeps but cannot verify yet.",
    Kind.BLOCKCERTS_JSON: "It is a Blockcerts certificate, which badgefolio keeps but cannot verify.",
}


class Shared:
    """What signed badges of one run rest on, by how they refer to it: what was asked for the first is asked for the others.

    Every badge asks for itself, and only where all answers are those that the first one got is what was made of them taken
    over. Good for one run with its limits; safe to use from several threads. steady: whoever answers says the same throughout
    the run, so what was answered need not be asked again; what never came may come another time.
    """

    _AT_MOST = 128
    _BYTES = 32 * 2**20

    def __init__(self, *, steady: bool = False) -> None:
        self._steady = steady
        self._kept: dict[_Reference, _Kept] = {}
        self._bytes = 0

    def rest(self, reference: _Reference, asking: Asking, dossier: Dossier) -> Dossier | None:
        """`dossier` with what an earlier one rests on; None when there was none, or others were told something else."""
        known = self._kept.get(reference)
        if known is None or not (known.lasts or asking.again(known.asking)):
            return None
        return known.alike(dossier)

    def keep(self, reference: _Reference, asking: Asking, dossier: Dossier) -> None:
        """Remember what `dossier` rests on."""
        # Pictures stay in memory with it, and a class may have a large one.
        size = sum(len(item.fetched.body) for item in dossier.evidence)
        if len(self._kept) < self._AT_MOST and self._bytes + size <= self._BYTES:
            self._bytes += size
            answered = all(item.fetched.failure is None for item in dossier.evidence)
            self._kept[reference] = _Kept(asking, _like(dossier), self._steady and answered)


class _Kept(NamedTuple):
    """What was asked for one badge, what gives another one the same, and whether that holds without asking again."""

    asking: Asking
    alike: Callable[[Dossier], Dossier]
    lasts: bool


def _like(first: Dossier) -> Callable[[Dossier], Dossier]:
    """What gives another badge, of which only the credential was gathered, all that `first` rests on."""
    # One call with all members: `dataclasses.replace` asks for each of them by its name, for each badge.
    alike = partial(
        Dossier,
        unsupported=first.unsupported,
        jws_problem=first.jws_problem,
        hosted=first.hosted,
        withdrawn=first.withdrawn,
        withdrawn_reason=first.withdrawn_reason,
        achievement_id=first.achievement_id,
        achievement=first.achievement,
        achievement_embedded=first.achievement_embedded,
        issuer_id=first.issuer_id,
        issuer=first.issuer,
        issuer_embedded=first.issuer_embedded,
        creator=first.creator,
        creator_named=first.creator_named,
        keys=first.keys,
        keys_cut=first.keys_cut,
        revocation_list=first.revocation_list,
        pictures=first.pictures,
        endorsements=first.endorsements,
        endorsements_left=first.endorsements_left,
        evidence=first.evidence,
        stamps=first.stamps,
    )

    def alike_but_for_itself(own: Dossier) -> Dossier:
        return alike(
            own.subject,
            own.raw_sha256,
            jws=own.jws,
            brought=own.brought,
            methods=own.methods,
            credential=own.credential,
        )

    return alike_but_for_itself


#: The address of an achievement, and that of a key.
_Reference = tuple[str, str | None]


def _reference(dossier: Dossier) -> _Reference | None:
    """All of a signed badge that decides what else is asked for; None for one that may ask for more, or otherwise."""
    node = dossier.node
    token_only = dossier.jws is not None and dossier.methods.signed and not dossier.methods.hosted
    if node is None or not token_only or dossier.older or "image" in node or "endorsement" in node:
        return None
    badge = node.get("badge")
    verification = node.get("verification", node.get("verify"))
    creator = verification.get("creator") if isinstance(verification, Mapping) else None
    if not isinstance(badge, str) or not (creator is None or isinstance(creator, str)):
        return None
    # What is longer than any address is no reference, and is not worth its memory.
    return (badge, creator) if len(badge) + len(creator or "") <= 2 * LIMITS.url_characters else None


def gather(subject: Subject, fetcher: Fetcher, limits: Limits, now: datetime, shared: Shared | None = None) -> Dossier:
    """Everything there is to know about `subject`. Asks for each URL at most once. shared: what others of its run rest on."""
    return _Gatherer(Asking(fetcher, limits, now), limits).gather(subject, shared)


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


class _Gatherer:
    """One run for one credential."""

    def __init__(self, asking: Asking, limits: Limits) -> None:
        self._asking = asking
        self._limits = limits

    def gather(self, subject: Subject, shared: Shared | None) -> Dossier:
        digest = sha256(subject.raw).hexdigest()
        unsupported = _UNSUPPORTED.get(subject.kind)
        if unsupported is not None:
            return Dossier(subject, digest, unsupported=unsupported)
        dossier = self._credential(subject, digest)
        reference = _reference(dossier) if shared is not None else None
        if shared is None or reference is None:
            return self._rest(dossier)
        found = shared.rest(reference, self._asking, dossier)
        if found is None:
            found = self._rest(dossier)
            shared.keep(reference, self._asking, found)
        return found

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
        self._asking.older = dossier.version if dossier.older else None
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
        document = self._asking.declared(Role.ASSERTION, url)
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
            # What the learner's token signs is its own text, and no word of what is hosted.
            jws=None if methods.signed else dossier.jws,
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
        document = self._asking.declared(Role.ASSERTION, url)
        return replace(dossier, hosted=document, withdrawn=document.gone or _only_revoked(document.node))

    def _rest(self, dossier: Dossier) -> Dossier:
        """Achievement, issuer, keys, revocation list and pictures."""
        source = dossier.node
        if (source is None or dossier.withdrawn) and dossier.brought is not None:
            # Nothing of it is proven, but it says where the issuer would be.
            source = dossier.brought.node
        if source is None:
            return replace(dossier, evidence=tuple(self._asking.evidence), stamps=tuple(self._asking.stamps))
        self._asking.older = dossier.version if dossier.older else None
        if dossier.version == "0.5":
            return self._all_inside(dossier, source)
        achieved = self._achievement(source, signed=dossier.methods.signed)
        issuer: Document | None = None
        if achieved.issuer_id is not None and urls.is_http(achieved.issuer_id):
            issuer = self._asking.declared(Role.ISSUER, achieved.issuer_id, same_host=True)
        profile = issuer.node if issuer is not None else None
        revocation_list: Document | None = None
        keys = Keys()
        if profile is not None:
            if dossier.methods.signed:
                keys = (
                    served_key(self._asking, identifier(profile.get("id")), source)
                    if dossier.older
                    else listed_keys(self._asking, profile, source)
                )
            listed = identifier(profile.get("revocationList"))
            if listed is not None:
                revocation_list = self._asking.document(Role.REVOCATION_LIST, listed)
        shown = achieved.shown(signed=dossier.methods.signed)
        pictures = self._pictures(shown, dossier.node, profile)
        # Last, so that no number of endorsements can use up what the proof needs.
        endorsed, left = endorsements(
            self._asking,
            self._limits,
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
            endorsements=endorsed,
            endorsements_left=left,
            evidence=tuple(self._asking.evidence),
            stamps=tuple(self._asking.stamps),
        )

    def _achievement(self, credential: JsonObject, *, signed: bool) -> _Achieved:
        badge = credential.get("badge")
        inside = embedded(badge)
        achievement_id = identifier(badge)
        document: Document | None = None
        if achievement_id is not None and urls.is_http(achievement_id):
            document = self._asking.declared(Role.ACHIEVEMENT, achievement_id)
        shown = shown_achievement(document, inside, signed=signed)
        issuer = shown.get("issuer") if shown is not None else None
        return _Achieved(achievement_id, document, inside, identifier(issuer), embedded(issuer))

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
            evidence=tuple(self._asking.evidence),
            stamps=tuple(self._asking.stamps),
        )

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

    def _picture(self, role: Role, url: str) -> Picture:
        if url[:5].lower() == "data:":
            label, body = read_data_uri(url)
            return Picture(role, url, body, label, unread=None if body is not None else "bad-url")
        if urls.parse(url) is None:
            return Picture(role, url, unread="bad-url")
        fetched = self._asking.fetch(role, url, Want.IMAGE)
        cause = None if fetched.ok else why_unread(fetched)
        if cause is not None:
            return Picture(role, url, unread=cause)
        digest = digest_of(fetched.body)
        self._asking.stamps.append((digest, fetched.fetched_at))
        return Picture(role, url, fetched.body, fetched.header("content-type"), evidence=(digest,))


def _only_revoked(node: JsonObject | None) -> bool:
    """Whether a body says nothing but that the badge was withdrawn (OB2, Assertion: only id and revoked are required)."""
    return node is not None and called_revoked(node) and node.get("badge") is None
