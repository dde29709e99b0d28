"""One fault a case: what is changed in a good world, the check that must name it, and the verdict that must follow."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, replace

from tests.conformance.world import (
    AWARD,
    CLASS,
    HOST,
    ISSUER,
    KEY,
    LIST,
    MINE,
    OB2,
    OTHER,
    PICTURE,
    Change,
    World,
)
from tests.generate import badges, keys
from wallet.fetch.base import Cause
from wallet.limits import LIMITS
from wallet.model import Identity
from wallet.verify.report import Outcome, Verdict

F, U, P, W = Outcome.FAILED, Outcome.UNDETERMINED, Outcome.PASSED, Outcome.WARNING
VALID, INVALID, REVOKED, EXPIRED, OPEN = (
    Verdict.VALID,
    Verdict.INVALID,
    Verdict.REVOKED,
    Verdict.EXPIRED,
    Verdict.UNDETERMINED,
)


@dataclass(frozen=True)
class Case:
    """One fault. `check` ends in `outcome`; the badge in `verdict`. way: "hosted" or "signed"."""

    name: str
    change: Change
    check: str
    outcome: Outcome
    verdict: Verdict
    way: str = "hosted"
    cause: str | None = None
    identities: tuple[Identity, ...] = ()


def put(where: str, **members: object) -> Change:
    """Change members of a document of the world; None takes one away."""

    def change(world: World) -> None:
        document = getattr(world, where)
        for name, value in members.items():
            if value is None:
                document.pop(name, None)
            else:
                document[name] = value

    return change


def serve(url: str, document: object) -> Change:
    return lambda world: world.serve(url, document)


def status(url: str, code: int, body: bytes = b"") -> Change:
    return lambda world: world.status(url, code, body)


def fails(url: str, cause: Cause = Cause.TIMEOUT) -> Change:
    return lambda world: world.fails(url, cause)


def nothing(world: World) -> None:
    """The good case."""


def both(*changes: Change) -> Change:
    def change(world: World) -> None:
        for one in changes:
            one(world)

    return change


def hashed(text: str, salt: str = "", algorithm: str = "sha256") -> str:
    return f"{algorithm}${hashlib.new(algorithm, (text + salt).encode()).hexdigest()}"


def award_at(url: str) -> Change:
    """Move the hosted award."""

    def change(world: World) -> None:
        del world.documents[AWARD]
        world.award["id"] = url
        world.serve(url, world.award)

    return change


def issuer_as(name: str) -> Change:
    """Give the issuer another id everywhere."""

    def change(world: World) -> None:
        del world.documents[ISSUER]
        world.issuer["id"] = name
        world.class_["issuer"] = name
        world.serve(name, world.issuer)

    return change


def scope(**rule: object) -> Change:
    return put("issuer", verification={"type": "VerificationObject", **rule})


def class_inside(**changes: object) -> Change:
    """Embed the class in both awards."""

    def change(world: World) -> None:
        inside = {name: value for name, value in {**world.class_, **changes}.items() if name != "@context"}
        world.award["badge"] = inside
        world.signed_award["badge"] = inside

    return change


def key_inside(**changes: object) -> Change:
    """Publish the key inside the profile."""

    def change(world: World) -> None:
        world.issuer["publicKey"] = {**{k: v for k, v in world.key.items() if k != "@context"}, **changes}

    return change


def fragment_key(*, hidden: bool = False) -> Change:
    """List the key by its fragment, and publish it in the profile itself."""

    def change(world: World) -> None:
        name = f"{ISSUER}#key-1"
        key = {**{k: v for k, v in world.key.items() if k != "@context"}, "id": name}
        world.issuer["publicKey"] = [name] if hidden else [name, key]
        world.signed_award["verification"] = {"type": "SignedBadge", "creator": name}

    return change


def pem(text: str) -> Change:
    return put("key", publicKeyPem=text)


def signed_as(kind: str, algorithm: str) -> Change:
    """Another kind of key, published by the issuer."""

    def change(world: World) -> None:
        world.private, public = keys.pair(kind)
        world.key["publicKeyPem"] = public
        world.algorithm = algorithm

    return change


def token(header: str, *, signature: bytes = b"\1" * 256) -> Change:
    def change(world: World) -> None:
        world.token = keys.forged(header.encode(), json.dumps(world.signed_award).encode(), signature)

    return change


def header_with(**members: object) -> Change:
    """A good signature over a header with more members."""

    def change(world: World) -> None:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        header = keys.b64url(json.dumps({"alg": "RS256", **members}).encode())
        signing_input = header + b"." + keys.b64url(json.dumps(world.signed_award).encode())
        key = load_pem_private_key(world.private.encode(), None)
        signature = key.sign(signing_input, padding.PKCS1v15(), hashes.SHA256())
        world.token = signing_input + b"." + keys.b64url(signature)

    return change


def tampered(world: World) -> None:
    subject = world.signed_subject()
    head, body, tail = subject.raw.split(b".")
    document = json.loads(base64.urlsafe_b64decode(body + b"=="))
    document["recipient"]["identity"] = "somebody.else@learner.example"
    world.token = b".".join([head, keys.b64url(json.dumps(document).encode()), tail])


def another_key(world: World) -> None:
    world.private = keys.pair("RSA", 1)[0]


def a_foreign_key(world: World) -> None:
    """The forger signs, publishes the key and lets it claim the issuer as its owner."""
    world.private, public = keys.pair("RSA", 1)
    world.signed_award["verification"] = {"type": "SignedBadge", "creator": f"{OTHER}/key"}
    world.serve(f"{OTHER}/key", {**world.key, "id": f"{OTHER}/key", "publicKeyPem": public})


def profile_in_the_badge(world: World) -> None:
    """The profile travels inside the token, with the forger's key in it."""
    world.private, public = keys.pair("RSA", 1)
    forged = {**world.issuer, "publicKey": {**world.key, "publicKeyPem": public}}
    world.signed_award["badge"] = {**world.class_, "issuer": forged}
    world.signed_award["verification"] = {"type": "SignedBadge"}


def two_keys(second: Change | None = None) -> Change:
    """The issuer lists two keys and the badge names none; the right one is the second."""

    def change(world: World) -> None:
        other = f"{HOST}/old-key"
        world.issuer["publicKey"] = [other, KEY]
        world.signed_award["verification"] = {"type": "SignedBadge"}
        world.serve(other, {**world.key, "id": other, "publicKeyPem": keys.pair("RSA", 1)[1]})
        if second is not None:
            second(world)

    return change


def class_of_somebody_else(world: World) -> None:
    world.serve(f"{OTHER}/class", {**world.class_, "id": f"{OTHER}/class"})
    world.award["badge"] = f"{OTHER}/class"


def embedded_class_of_another_issuer(world: World) -> None:
    """The class at its address names its real issuer; the copy inside the token names the forger."""
    world.private, public = keys.pair("RSA", 1)
    forger = f"{OTHER}/issuer"
    world.serve(forger, {**world.issuer, "id": forger, "publicKey": f"{OTHER}/key"})
    world.serve(f"{OTHER}/key", {**world.key, "id": f"{OTHER}/key", "owner": forger, "publicKeyPem": public})
    world.signed_award["badge"] = {**world.class_, "issuer": forger}
    world.signed_award["verification"] = {"type": "SignedBadge", "creator": f"{OTHER}/key"}


def relabelled(url: str, label: str) -> Change:
    """Serve a document under another media type."""

    def change(world: World) -> None:
        world.answers[url] = replace(world.fetch(url), headers=(("content-type", label),))

    return change


def brought_with(**members: object) -> Change:
    """Bring a file that says more than the hosted award."""

    def change(world: World) -> None:
        world.brought = badges.encode({**world.award, **members})

    return change


def led_to(url: str, final: str) -> Change:
    """Redirect a document's address to another one, which serves it."""

    def change(world: World) -> None:
        world.answers[url] = replace(world.fetch(url), final_url=final)

    return change


def hosted_by(way: str) -> Change:
    return put("award", verification={"type": way})


STRUCTURE = [
    Case("an award without a type", put("award", type=None), "structure.assertion.type", F, INVALID),
    Case("an award without a recipient", put("award", recipient=None), "structure.assertion.recipient", F, INVALID),
    Case("a recipient that is plain text", put("award", recipient="Mina"), "structure.assertion.recipient", F, INVALID),
    Case("an award without an achievement", put("award", badge=None), "structure.assertion.badge", F, INVALID),
    Case("two achievements", put("award", badge=[CLASS, f"{CLASS}-2"]), "structure.assertion.badge", F, INVALID),
    Case("no verification", put("award", verification=None), "structure.assertion.verification", F, INVALID),
    Case("no date of issue", put("award", issuedOn=None), "structure.assertion.issuedOn", F, INVALID),
    Case("a date without a time", put("award", issuedOn="2026-03-02"), "structure.assertion.issuedOn", F, INVALID),
    Case(
        "a date without a zone",
        put("award", issuedOn="2026-03-02T09:30:00"),
        "structure.assertion.issuedOn",
        F,
        INVALID,
    ),
    Case(
        "a day that does not exist",
        put("award", issuedOn="2026-02-30T09:30Z"),
        "structure.assertion.issuedOn",
        F,
        INVALID,
    ),
    Case("a date that is a number", put("award", issuedOn=1772443800), "structure.assertion.issuedOn", F, INVALID),
    Case(
        "a date in basic format",
        put("award", issuedOn="20260302T093000Z"),
        "structure.assertion.issuedOn.note",
        W,
        VALID,
    ),
    Case("an expiry that is no date", put("award", expires="soon"), "structure.assertion.expires", F, INVALID),
    Case("revoked that is text", put("award", revoked="no"), "structure.assertion.revoked", F, INVALID),
    Case("a narrative that is a number", put("award", narrative=7), "structure.assertion.narrative", F, INVALID),
    Case(
        "work that has no proper id",
        put("award", evidence={"id": "work 1", "name": "Essay"}),
        "structure.evidence.id",
        F,
        INVALID,
    ),
    Case(
        "work with an address",
        put("award", evidence=[f"{HOST}/w/1", f"{HOST}/w/2"]),
        "structure.assertion.evidence",
        P,
        VALID,
    ),
    Case("a class without a name", put("class_", name=None), "structure.badgeclass.name", F, INVALID),
    Case(
        "a class without a description", put("class_", description=None), "structure.badgeclass.description", F, INVALID
    ),
    Case("a class without a picture", put("class_", image=None), "structure.badgeclass.image", F, INVALID),
    Case(
        "a class with two pictures",
        put("class_", image=[PICTURE, f"{PICTURE}2"]),
        "structure.badgeclass.image",
        F,
        INVALID,
    ),
    Case("a class without criteria", put("class_", criteria=None), "structure.badgeclass.criteria", F, INVALID),
    Case(
        "criteria that say nothing", put("class_", criteria={"type": "Criteria"}), "structure.criteria.id", F, INVALID
    ),
    Case("a class without an issuer", put("class_", issuer=None), "structure.badgeclass.issuer", F, INVALID),
    Case("a name that is a plain object", put("class_", name={"en": "Lab"}), "structure.badgeclass.name", F, INVALID),
    Case("two names in one language", put("class_", name=["Lab", "Safety"]), "structure.badgeclass.name", F, INVALID),
    Case("a blank name", put("class_", name="  "), "structure.badgeclass.name.note", W, VALID),
    Case("a tag that is a number", put("class_", tags=["a", 5]), "structure.badgeclass.tags", F, INVALID),
    Case(
        "an alignment without a target",
        put("class_", alignment={"targetName": "Safety"}),
        "structure.alignment.targetUrl",
        F,
        INVALID,
    ),
    Case(
        "an alignment as it should be",
        put("class_", alignment=[{"targetName": "Safety", "targetUrl": "https://frameworks.example/1"}]),
        "structure.alignment.targetUrl",
        P,
        VALID,
    ),
    Case("an issuer without a name", put("issuer", name=None), "structure.profile.name", F, INVALID),
    Case("an issuer without a url", put("issuer", url=None), "structure.profile.url", F, INVALID),
    Case("an issuer's url of another kind", put("issuer", url="urn:isni:1"), "structure.profile.url.note", W, VALID),
    Case("an issuer without an email", put("issuer", email=None), "structure.profile.email", F, INVALID),
    Case("an email without an at sign", put("issuer", email="badges"), "structure.profile.email.note", W, VALID),
    Case(
        "a telephone number of home", put("issuer", telephone="0123 456"), "structure.profile.telephone.note", W, VALID
    ),
    Case("an issuer of another class", put("issuer", type="Organization"), "structure.profile.type", F, INVALID),
    Case(
        "a further type that means nothing",
        put("issuer", type=["Issuer", "College"]),
        "structure.profile.type.note",
        W,
        VALID,
    ),
    Case(
        "a further type that is an IRI",
        put("issuer", type=["Issuer", "https://schema.org/School"]),
        "structure.profile.type",
        P,
        VALID,
    ),
    Case(
        "a revocation list without address",
        put("issuer", revocationList="urn:x:1"),
        "structure.profile.revocationList",
        F,
        INVALID,
    ),
    Case("an origin with a scheme", scope(allowedOrigins=HOST), "structure.hosting.allowedOrigins", F, INVALID),
    Case("an origin with a star", scope(allowedOrigins="*.example"), "structure.hosting.allowedOrigins", F, INVALID),
    Case("a startsWith without a scheme", scope(startsWith="badges"), "structure.hosting.startsWith", F, INVALID),
    Case(
        "a rule about another property",
        scope(verificationProperty="url"),
        "structure.hosting.verificationProperty",
        U,
        OPEN,
    ),
    Case(
        "a recipient without a type",
        put("award", recipient={"identity": "x@y.example"}),
        "structure.identity.type",
        F,
        INVALID,
    ),
    Case(
        "a recipient without an identity",
        put("award", recipient={"type": "email"}),
        "structure.identity.identity",
        F,
        INVALID,
    ),
    Case(
        "a hash that is none",
        put("award", recipient={"type": "email", "hashed": True, "identity": "abc"}),
        "structure.identity.identity",
        F,
        INVALID,
    ),
    Case(
        "a recipient that leaves hashed out",
        put("award", recipient={"type": "email", "identity": badges.EMAIL}),
        "structure.identity.hashed.note",
        W,
        VALID,
    ),
    Case(
        "a plain e-mail marked as hashed",
        put("award", recipient={"type": "email", "identity": badges.EMAIL, "hashed": True}),
        "recipient.hashed",
        W,
        VALID,
    ),
    Case(
        "hashed that is text",
        put("award", recipient={"type": "email", "identity": "a@b.example", "hashed": "true"}),
        "structure.identity.hashed",
        F,
        INVALID,
    ),
    Case(
        "a verification without a type",
        put("award", verification={}),
        "structure.verification.type",
        F,
        INVALID,
    ),
]

DOCUMENTS = [
    Case("all is well", nothing, "document.json", P, VALID),
    Case("two values of one name", lambda w: w.serve(AWARD, b'{"id": 1, "id": 2}'), "document.json", F, INVALID),
    Case("not a number", lambda w: w.serve(AWARD, b'{"@context": "x", "n": NaN}'), "document.json", F, INVALID),
    Case("too deep", lambda w: w.serve(AWARD, b'{"a":' * 80 + b"1" + b"}" * 80), "document.json", U, OPEN),
    Case(
        "a byte order mark",
        lambda w: w.serve(AWARD, b"\xef\xbb\xbf" + badges.encode(w.award)),
        "document.bom",
        W,
        VALID,
    ),
    Case("an error message", serve(AWARD, {"error": "no such badge"}), "document.kind", U, OPEN),
    Case("a list", serve(AWARD, [1, 2]), "document.kind", U, OPEN),
    Case(
        "a class instead of an award", lambda w: w.serve(AWARD, {**w.class_, "id": AWARD}), "document.kind", F, INVALID
    ),
    Case(
        "an award instead of a class", lambda w: w.serve(CLASS, {**w.award, "id": CLASS}), "document.kind", F, INVALID
    ),
    Case("another vocabulary", put("award", **{"@context": "https://schema.org/"}), "jsonld.context", U, OPEN),
    Case("a word redefined", put("award", **{"@context": [OB2, {"expires": None}]}), "jsonld.split", F, INVALID),
    Case(
        "the achievement redefined",
        put("award", **{"@context": [OB2, {"badge": "https://x.example/b"}]}),
        "jsonld.split",
        F,
        INVALID,
    ),
    Case("a graph", put("award", **{"@graph": []}), "jsonld.keywords", U, OPEN),
    Case(
        "an unknown context",
        put("award", **{"@context": [OB2, "https://x.example/ctx"]}),
        "jsonld.unknown-context",
        W,
        VALID,
    ),
    Case("a member nobody defined", put("award", favourite="blue"), "jsonld.undefined", W, VALID),
    Case(
        "a relative id",
        both(put("award", id="awards/1"), lambda w: setattr(w, "brought", b"")),
        "document.json",
        F,
        INVALID,
    ),
]

HOSTED = [
    Case("no method at all", put("award", verification={"creator": KEY}), "verification.type", F, INVALID),
    Case("an undefined method", hosted_by("TrustMe"), "verification.type", F, INVALID),
    Case("an unknown method by IRI", hosted_by("https://x.example/proof"), "verification.type", U, OPEN),
    Case("a known and an undefined method", hosted_by(["HostedBadge", "TrustMe"]), "verification.type", F, INVALID),
    Case("the old word", hosted_by("hosted"), "verification.type", P, VALID),
    Case("a near miss", hosted_by("Hosted"), "verification.type.note", W, VALID),
    Case("says signed, is not", hosted_by("SignedBadge"), "signed.present", F, INVALID, cause="no-signature"),
    Case("says both, is not signed", hosted_by(["HostedBadge", "SignedBadge"]), "signed.present", F, INVALID),
    Case("gone from its place", status(AWARD, 404), "hosted.fetched", U, OPEN, cause="http-404"),
    Case("behind a login", status(AWARD, 403), "hosted.fetched", U, OPEN, cause="http-403"),
    Case("too many requests", status(AWARD, 429), "hosted.fetched", U, OPEN, cause="http-429"),
    Case("a fault of the server", status(AWARD, 503), "hosted.fetched", U, OPEN, cause="http-5xx"),
    Case("no content", status(AWARD, 204), "hosted.fetched", U, OPEN, cause="http-other"),
    Case("a web page", status(AWARD, 200, b" <!doctype html>"), "hosted.fetched", U, OPEN, cause="web-page"),
    Case("a picture", status(AWARD, 200, badges.png()), "hosted.fetched", U, OPEN, cause="picture-instead"),
    Case("a token", lambda w: w.serve(AWARD, w.signed_subject().raw), "hosted.fetched", U, OPEN, cause="token-instead"),
    Case("nothing in it", status(AWARD, 200), "hosted.fetched", U, OPEN, cause="web-page"),
    Case("no answer", fails(AWARD), "hosted.fetched", U, OPEN, cause="timeout"),
    Case("no such host", fails(AWARD, Cause.DNS), "hosted.fetched", U, OPEN, cause="dns"),
    Case("a private address", fails(AWARD, Cause.PRIVATE_ADDRESS), "hosted.fetched", U, OPEN, cause="private-address"),
    Case("JSON under a 404", lambda w: w.status(AWARD, 404, badges.encode(w.award)), "hosted.fetched", U, OPEN),
    Case(
        "names an address that is not there",
        lambda w: w.serve(AWARD, {**w.award, "id": f"{HOST}/awards/2"}),
        "hosted.same-id",
        U,
        OPEN,
    ),
    Case(
        "names somebody else's award",
        both(
            lambda w: w.serve(AWARD, {**w.award, "id": f"{HOST}/awards/2"}),
            lambda w: w.serve(f"{HOST}/awards/2", {**w.award, "id": f"{HOST}/awards/3"}),
        ),
        "hosted.same-id",
        F,
        INVALID,
    ),
    Case(
        "has moved",
        both(
            lambda w: w.serve(AWARD, {**w.award, "id": f"{HOST}/awards/2"}),
            lambda w: w.serve(f"{HOST}/awards/2", {**w.award, "id": f"{HOST}/awards/2"}),
        ),
        "hosted.moved",
        W,
        VALID,
    ),
    Case(
        "a hosted award without id",
        lambda w: w.serve(AWARD, {**w.award, "id": None}),
        "structure.assertion.id",
        F,
        INVALID,
    ),
]

ISSUERS = [
    Case("a profile that is gone", status(ISSUER, 404), "issuer.proven", U, OPEN),
    Case("a profile without answer", fails(ISSUER), "issuer.proven", U, OPEN),
    Case("a profile that is a web page", status(ISSUER, 200, b"<html>"), "issuer.proven", U, OPEN),
    Case(
        "a profile of somebody else",
        put("issuer", id=f"{OTHER}/issuer"),
        "issuer.proven",
        F,
        INVALID,
        cause="id-mismatch",
    ),
    Case("a profile without id", put("issuer", id=None), "issuer.proven", F, INVALID),
    Case("a profile named by a urn", put("class_", issuer="urn:uuid:1"), "issuer.proven", U, OPEN),
    Case("a profile named by a did", put("class_", issuer="did:web:x.example"), "issuer.proven", U, OPEN),
    Case("a blank issuer", put("class_", issuer={"type": "Issuer", "name": "N"}), "issuer.proven", F, INVALID),
    Case(
        "a blank node", put("class_", issuer={"id": "_:b0", "type": "Issuer", "name": "N"}), "issuer.proven", F, INVALID
    ),
    Case("a profile that another host serves", led_to(ISSUER, f"{OTHER}/profile"), "issuer.proven.note", W, VALID),
    Case("an award that another host serves", led_to(AWARD, f"{OTHER}/award"), "hosted.same-id.note", W, VALID),
    Case(
        "a profile that moved on its host",
        both(put("issuer", id=f"{HOST}/about"), lambda w: w.serve(f"{HOST}/about", w.issuer)),
        "issuer.proven.note",
        W,
        VALID,
    ),
    Case("a class that is gone", status(CLASS, 404), "issuer.class", U, OPEN),
    Case("a class of another address", put("class_", id=f"{HOST}/classes/2"), "issuer.class", U, OPEN),
    Case(
        "a class that names another class",
        both(
            put("class_", id=f"{OTHER}/c"),
            serve(f"{OTHER}/c", {"@context": OB2, "id": f"{OTHER}/d", "type": "BadgeClass"}),
        ),
        "issuer.class",
        F,
        INVALID,
    ),
    Case("a class inside, and hosted", class_inside(), "issuer.class", P, VALID),
    Case("a class inside by urn", class_inside(id="urn:uuid:7"), "issuer.class", P, VALID),
    Case("a signed class by urn", class_inside(id="urn:uuid:7"), "issuer.class", P, VALID, "signed"),
    Case(
        "a signed class that is gone", both(class_inside(), status(CLASS, 404)), "issuer.class.note", W, VALID, "signed"
    ),
    Case("a hosted class that is gone", both(class_inside(), status(CLASS, 404)), "issuer.class", U, OPEN),
    Case("a signed copy for another issuer", embedded_class_of_another_issuer, "issuer.class", F, INVALID, "signed"),
]

SCOPE = [
    Case("another host", award_at(f"{OTHER}/awards/1"), "hosted.scope", F, INVALID, cause="scope"),
    Case("a host that begins alike", award_at(f"{HOST}.evil.example/a"), "hosted.scope", F, INVALID),
    Case(
        "another port of the host",
        award_at("https://badges.rowan-college.example:8443/a"),
        "hosted.scope-port",
        W,
        VALID,
    ),
    Case("a capital host", award_at("https://BADGES.rowan-college.example./a"), "hosted.scope", P, VALID),
    Case("a user name", award_at("https://badges.rowan-college.example@evil.example/a"), "hosted.id", F, INVALID),
    Case("a backslash", award_at("https://evil.example\\@badges.rowan-college.example/a"), "hosted.id", F, INVALID),
    Case("a percent-coded host", award_at("https://badges%2erowan-college.example/a"), "hosted.id", F, INVALID),
    Case("below startsWith", scope(startsWith=f"{HOST}/awards/"), "hosted.scope", P, VALID),
    Case("below one of two", scope(startsWith=[f"{OTHER}/", f"{HOST}/awards"]), "hosted.scope", P, VALID),
    Case("not below startsWith", scope(startsWith=f"{HOST}/mina/"), "hosted.scope", F, INVALID),
    Case("in mid-word", scope(startsWith=f"{HOST}/awar"), "hosted.scope", F, INVALID),
    Case(
        "startsWith on another scheme",
        scope(startsWith=f"{HOST.replace('https', 'http')}/awards"),
        "hosted.scope",
        F,
        INVALID,
    ),
    Case("startsWith on another port", scope(startsWith=f"{HOST}:8443/awards"), "hosted.scope", F, INVALID),
    Case("startsWith that is empty", scope(startsWith=[]), "hosted.scope", F, INVALID),
    Case("an allowed origin", scope(allowedOrigins="BADGES.rowan-college.example"), "hosted.scope", P, VALID),
    Case("not an allowed origin", scope(allowedOrigins=["rowan-college.example"]), "hosted.scope", F, INVALID),
    Case("both must hold", scope(allowedOrigins="x.example", startsWith=f"{HOST}/"), "hosted.scope", F, INVALID),
    Case(
        "an award on an allowed host",
        both(award_at(f"{OTHER}/a"), scope(allowedOrigins=["badges.elsewhere.example"])),
        "hosted.scope",
        P,
        VALID,
    ),
    Case("a class on another host", class_of_somebody_else, "hosted.class-scope", F, INVALID),
    Case(
        "a class on an allowed host",
        both(class_of_somebody_else, scope(allowedOrigins=["badges.elsewhere.example", HOST[8:]])),
        "hosted.class-scope",
        P,
        VALID,
    ),
]

SIGNED = [
    Case("a signed award", nothing, "signed.signature", P, VALID, "signed"),
    Case("changed after signing", tampered, "signed.signature", F, INVALID, "signed", "bad-signature"),
    Case("signed by another key", another_key, "signed.signature", F, INVALID, "signed"),
    Case("method none", token('{"alg":"none"}'), "signed.algorithm", F, INVALID, "signed", "algorithm"),
    Case("method nOnE", token('{"alg":"nOnE"}'), "signed.algorithm", F, INVALID, "signed"),
    Case("a symmetric method", token('{"alg":"HS256"}'), "signed.algorithm", F, INVALID, "signed"),
    Case("no method", token('{"typ":"JWT"}'), "signed.algorithm", F, INVALID, "signed"),
    Case("two methods", token('{"alg":"none","alg":"RS256"}'), "signed.form", F, INVALID, "signed"),
    Case("an empty signature", token('{"alg":"RS256"}', signature=b""), "signed.form", F, INVALID, "signed"),
    Case("a critical header", header_with(crit=["b64"], b64=False), "signed.header", F, INVALID, "signed"),
    Case("a harmless header", header_with(kid="../../x", jku=f"{OTHER}/keys"), "signed.signature", P, VALID, "signed"),
    Case("a method for another key", token('{"alg":"ES256"}'), "signed.algorithm", F, INVALID, "signed"),
    Case("P-256", signed_as("P-256", "ES256"), "signed.algorithm-advice", W, VALID, "signed"),
    Case("Ed25519", signed_as("Ed25519", "EdDSA"), "signed.signature", P, VALID, "signed"),
    Case("PS256", signed_as("RSA", "PS256"), "signed.signature", P, VALID, "signed"),
    Case("a key of somebody else", a_foreign_key, "signed.key-listed", F, INVALID, "signed", "key-not-listed"),
    Case("a profile inside the badge", profile_in_the_badge, "signed.signature", F, INVALID, "signed"),
    Case("an issuer without keys", put("issuer", publicKey=None), "signed.key-listed", F, INVALID, "signed"),
    Case(
        "no key and no creator",
        both(put("issuer", publicKey=None), put("signed_award", verification={"type": "SignedBadge"})),
        "signed.key-listed",
        F,
        INVALID,
        "signed",
    ),
    Case(
        "garbage and no creator",
        both(put("signed_award", verification={"type": "SignedBadge"}), token('{"alg":"RS256"}')),
        "signed.signature",
        F,
        INVALID,
        "signed",
    ),
    Case(
        "no creator", put("signed_award", verification={"type": "SignedBadge"}), "signed.key-listed", P, VALID, "signed"
    ),
    Case("one of two keys", two_keys(), "signed.signature", P, VALID, "signed"),
    Case(
        "one key gone, the other fits", two_keys(status(f"{HOST}/old-key", 404)), "signed.signature", P, VALID, "signed"
    ),
    Case("one key gone, the other does not", two_keys(status(KEY, 404)), "signed.signature", U, OPEN, "signed"),
    Case("a key that is gone", status(KEY, 404), "signed.key-usable", U, OPEN, "signed"),
    Case("a key without PEM", put("key", publicKeyPem=None), "signed.key-usable", U, OPEN, "signed"),
    Case("a key that is no PEM", pem("abc"), "signed.key-usable", U, OPEN, "signed"),
    Case("a private key", lambda w: w.key.update(publicKeyPem=w.private), "signed.key-usable", F, INVALID, "signed"),
    Case("RSA of 512 bits", pem(keys.rsa_public_pem(512)), "signed.key-strength", F, INVALID, "signed", "weak-key"),
    Case("RSA of 1024 bits", pem(keys.rsa_public_pem(1024)), "signed.key-strength", F, INVALID, "signed"),
    Case("RSA of 16384 bits", pem(keys.rsa_public_pem(16384)), "signed.key-strength", F, INVALID, "signed"),
    Case("RSA with exponent 1", pem(keys.rsa_public_pem(2048, 1)), "signed.key-strength", F, INVALID, "signed"),
    Case("a key of another owner", put("key", owner=f"{OTHER}/issuer"), "signed.key-owner", F, INVALID, "signed"),
    Case("a key without owner", put("key", owner=None), "signed.key-owner.note", W, VALID, "signed"),
    Case("a key inside the profile", key_inside(), "signed.key-usable", P, VALID, "signed"),
    Case("a key behind a fragment", fragment_key(), "signed.signature", P, VALID, "signed"),
    Case(
        "a key behind a fragment that is not there", fragment_key(hidden=True), "signed.key-usable", U, OPEN, "signed"
    ),
    Case("a key without a type", put("key", type=None), "structure.key.type.note", W, VALID, "signed"),
    Case("an issuer without answer", fails(ISSUER), "signed.signature", U, OPEN, "signed"),
    Case(
        "a signature that is not used",
        put("signed_award", verification={"type": "HostedBadge"}),
        "signed.unused",
        W,
        VALID,
        "signed",
    ),
]

REVOKED_CASES = [
    Case("410", status(AWARD, 410), "revocation.hosted", F, REVOKED, cause="revoked"),
    Case(
        "410 with a reason", status(AWARD, 410, b'{"revocationReason": "A mistake"}'), "revocation.hosted", F, REVOKED
    ),
    Case("revoked in its body", put("award", revoked=True), "revocation.hosted", F, REVOKED),
    Case("not revoked", put("award", revoked=False), "revocation.hosted", P, VALID),
    Case(
        "only id and revoked",
        serve(AWARD, {"@context": OB2, "id": AWARD, "type": "Assertion", "revoked": True}),
        "revocation.hosted",
        F,
        REVOKED,
    ),
    Case(
        "only id and revoked, no type",
        serve(AWARD, {"@context": OB2, "id": AWARD, "revoked": True}),
        "revocation.hosted",
        F,
        REVOKED,
    ),
    Case("410 of the issuer", status(ISSUER, 410), "issuer.proven", U, OPEN, cause="http-410"),
    Case("410 out of scope", both(award_at(f"{OTHER}/a"), status(f"{OTHER}/a", 410)), "hosted.scope", F, INVALID),
    Case("signed and calls itself revoked", put("signed_award", revoked=True), "revocation.self", F, REVOKED, "signed"),
    Case("a list with one entry", lambda w: w.withdraw(AWARD), "revocation.list", F, REVOKED, "signed"),
    Case(
        "a list of ids",
        lambda w: w.withdraw(f"{HOST}/awards/9", {"id": AWARD}),
        "revocation.list",
        F,
        REVOKED,
        "signed",
    ),
    Case(
        "a list over http",
        lambda w: w.withdraw(AWARD.replace("https", "http")),
        "revocation.list",
        F,
        REVOKED,
        "signed",
    ),
    Case(
        "a list of uids",
        both(
            put("signed_award", uid="award-1"),
            lambda w: w.withdraw({"uid": "award-1", "revocationReason": "A mistake"}),
        ),
        "revocation.list",
        F,
        REVOKED,
        "signed",
    ),
    Case(
        "an entry that takes it back",
        lambda w: w.withdraw({"id": AWARD, "revoked": False}),
        "revocation.list",
        P,
        VALID,
        "signed",
    ),
    Case("a list of others", lambda w: w.withdraw(f"{HOST}/awards/9"), "revocation.list", P, VALID, "signed"),
    Case("an empty list", lambda w: w.withdraw(), "revocation.list", P, VALID, "signed"),
    Case("a list that is gone", both(lambda w: w.withdraw(), status(LIST, 404)), "revocation.list", U, OPEN, "signed"),
    Case("a list without answer", both(lambda w: w.withdraw(), fails(LIST)), "revocation.list", U, OPEN, "signed"),
    Case("a list nobody can read", lambda w: w.withdraw(17), "revocation.list", U, OPEN, "signed"),
    Case("a list without entries", put("issuer", revocationList=ISSUER), "revocation.list", U, OPEN, "signed"),
    Case(
        "a list that is no address",
        put("issuer", revocationList={"note": "none"}),
        "revocation.list",
        U,
        INVALID,
        "signed",
    ),
    Case("a hosted award on the list", lambda w: w.withdraw(AWARD), "revocation.list", F, REVOKED),
    Case(
        "a hosted award, list gone", both(lambda w: w.withdraw(), status(LIST, 404)), "revocation.list.note", W, VALID
    ),
    Case(
        "a list of another issuer",
        both(lambda w: w.withdraw(), lambda w: w.documents[LIST].update(issuer=f"{OTHER}/issuer")),
        "revocation.list-issuer",
        W,
        VALID,
        "signed",
    ),
]


def recipient(identity: str, kind: str = "email", **more: object) -> Change:
    return put("award", recipient={"type": kind, "hashed": "$" in identity, "identity": identity, **more})


RECIPIENTS = [
    Case("mine", nothing, "recipient.match", P, VALID, identities=(MINE,)),
    Case("somebody else's", recipient("other@learner.example"), "recipient.match", F, INVALID, identities=(MINE,)),
    Case("mine by hash", recipient(hashed(MINE.value, "s"), salt="s"), "recipient.match", P, VALID, identities=(MINE,)),
    Case(
        "mine by a hash in capitals",
        recipient("sha256$" + hashed(MINE.value, "s")[7:].upper(), salt="s"),
        "recipient.match",
        P,
        VALID,
        identities=(MINE,),
    ),
    Case(
        "mine by md5",
        recipient(hashed(MINE.value, algorithm="md5")),
        "recipient.weak-hash",
        W,
        VALID,
        identities=(MINE,),
    ),
    Case(
        "another's hash",
        recipient(hashed("other@x.example", "s"), salt="s"),
        "recipient.match",
        F,
        INVALID,
        identities=(MINE,),
    ),
    Case(
        "mine, other salt",
        recipient(hashed(MINE.value, "s"), salt="t"),
        "recipient.match",
        F,
        INVALID,
        identities=(MINE,),
    ),
    Case(
        "mine in lower case",
        nothing,
        "recipient.variant",
        W,
        VALID,
        identities=(Identity("email", "Mina.Okafor@Learner.example"),),
    ),
    Case(
        "mine with mailto",
        recipient(hashed(f"mailto:{MINE.value}", "s"), salt="s"),
        "recipient.variant",
        W,
        VALID,
        identities=(MINE,),
    ),
    Case(
        "no identity of that kind",
        nothing,
        "recipient.match",
        U,
        OPEN,
        identities=(Identity("url", "https://mina.example"),),
    ),
    Case(
        "my page without the slash",
        recipient("https://mina.example/", "url"),
        "recipient.match",
        P,
        VALID,
        identities=(Identity("url", "https://Mina.example"),),
    ),
    Case(
        "my telephone",
        recipient("+441234567890", "telephone"),
        "recipient.match",
        P,
        VALID,
        identities=(Identity("telephone", "+44 1234 567890"),),
    ),
    Case(
        "one of two identities",
        nothing,
        "recipient.match",
        P,
        VALID,
        identities=(Identity("email", "x@y.example"), MINE),
    ),
    Case(
        "a plain value marked hashed",
        recipient(MINE.value, hashed=True),
        "recipient.match",
        P,
        VALID,
        identities=(MINE,),
    ),
]

TIMES = [
    Case("issued tomorrow", put("award", issuedOn="2026-11-22T10:00:00Z"), "time.issued", F, INVALID),
    Case("issued in four minutes", put("award", issuedOn="2026-11-21T10:04:00Z"), "time.issued", P, VALID),
    Case("expired yesterday", put("award", expires="2026-11-20T10:00:00Z"), "time.expires", F, EXPIRED),
    Case("expires tomorrow", put("award", expires="2026-11-22T10:00:00+01:00"), "time.expires", P, VALID),
    Case("expires before it was issued", put("award", expires="2025-01-01T00:00:00Z"), "time.order", W, EXPIRED),
    Case(
        "expired and revoked",
        put("award", expires="2026-11-20T10:00:00Z", revoked=True),
        "time.expires",
        F,
        REVOKED,
    ),
    Case(
        "expired, issuer gone",
        both(put("award", expires="2026-11-20T10:00:00Z"), fails(ISSUER)),
        "time.expires",
        F,
        OPEN,
    ),
    Case(
        "expired, another's",
        put("award", expires="2026-11-20T10:00:00Z"),
        "recipient.match",
        F,
        INVALID,
        identities=(Identity("email", "x@y.example"),),
    ),
]


def _svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()


BROKEN_PNG = badges.png().replace(b"IDAT", b"IDAT", 1)[:-20]
PICTURES = [
    Case("an SVG", serve(PICTURE, badges.svg(baked=False)), "image.achievement", P, VALID),
    Case("an SVG labelled PNG", serve(PICTURE, badges.svg(baked=False)), "image.label", W, VALID),
    Case("a JPEG", serve(PICTURE, badges.JPEG), "image.achievement", F, INVALID, cause="image-type"),
    Case("a cut PNG", serve(PICTURE, BROKEN_PNG), "image.achievement", F, INVALID),
    Case(
        "a PNG with a wrong CRC",
        serve(PICTURE, badges.png(badges.chunk(b"tEXt", b"a\0b", crc=1))),
        "image.achievement",
        F,
        INVALID,
    ),
    Case("a web page instead of a picture", serve(PICTURE, badges.WEB_PAGE), "image.achievement", F, INVALID),
    Case("XML that is no SVG", serve(PICTURE, b"<svg><g/></svg>"), "image.achievement", F, INVALID),
    Case("an SVG after much white space", serve(PICTURE, b" " * 2_000 + badges.svg()), "image.achievement", P, VALID),
    # What is not read to its end is not judged by what was read.
    Case(
        "an SVG with an entity",
        serve(PICTURE, b'<!DOCTYPE svg [<!ENTITY a "b">]>' + badges.svg()),
        "image.achievement",
        U,
        OPEN,
        cause="image-entities",
    ),
    Case(
        "an SVG with too many elements",
        serve(PICTURE, _svg("<g/>" * LIMITS.svg_elements)),
        "image.achievement",
        U,
        OPEN,
        cause="too-big",
    ),
    Case(
        "an SVG with as many elements as there may be",
        serve(PICTURE, _svg("<g/>" * (LIMITS.svg_elements - 1))),
        "image.achievement",
        P,
        VALID,
    ),
    Case(
        "an SVG that is too deep",
        serve(PICTURE, _svg("<g>" * LIMITS.svg_depth + "</g>" * LIMITS.svg_depth)),
        "image.achievement",
        U,
        OPEN,
        cause="too-deep",
    ),
    Case(
        "an SVG with too many attributes",
        serve(PICTURE, _svg(f"<g>{'=' * LIMITS.svg_attributes}</g>")),
        "image.achievement",
        U,
        OPEN,
        cause="too-big",
    ),
    Case(
        "an SVG with too many badges in it",
        serve(PICTURE, _svg('<a:assertion xmlns:a="http://openbadges.org"/>' * (LIMITS.finds + 1))),
        "image.achievement",
        U,
        OPEN,
        cause="too-big",
    ),
    Case(
        "XML that is no SVG, and too deep",
        serve(PICTURE, b"<x>" * (LIMITS.svg_depth + 1) + b"</x>" * (LIMITS.svg_depth + 1)),
        "image.achievement",
        F,
        INVALID,
        cause="image-type",
    ),
    Case(
        "the award's picture is too deep",
        both(
            put("award", image=f"{HOST}/a.svg"),
            serve(f"{HOST}/a.svg", _svg("<g>" * LIMITS.svg_depth + "</g>" * LIMITS.svg_depth)),
        ),
        "image.assertion",
        U,
        OPEN,
        cause="too-deep",
    ),
    Case("a picture that is gone", status(PICTURE, 404), "image.achievement", U, OPEN),
    Case("a picture without answer", fails(PICTURE), "image.achievement", U, OPEN),
    Case(
        "a picture as data",
        put("class_", image="data:image/png;base64," + base64.b64encode(badges.png()).decode()),
        "image.achievement",
        P,
        VALID,
    ),
    Case("data that is no picture", put("class_", image="data:image/png;base64,AAAA"), "image.achievement", F, INVALID),
    Case("data that is broken", put("class_", image="data:image/png;base64,A"), "image.achievement", U, OPEN),
    Case("the award's picture is gone", put("award", image=f"{HOST}/gone.png"), "image.assertion.note", W, VALID),
    Case(
        "the award's picture is none",
        both(put("award", image=f"{HOST}/a.png"), serve(f"{HOST}/a.png", badges.JPEG)),
        "image.assertion",
        F,
        INVALID,
    ),
    Case(
        "the issuer's picture is none",
        both(put("issuer", image=f"{HOST}/i.png"), serve(f"{HOST}/i.png", badges.JPEG)),
        "image.issuer",
        F,
        INVALID,
    ),
    Case(
        "the issuer's picture",
        both(
            put("issuer", image={"id": f"{HOST}/i.svg", "caption": "Logo"}),
            serve(f"{HOST}/i.svg", badges.svg(baked=False)),
        ),
        "image.issuer",
        P,
        VALID,
    ),
]

ADVICE = [
    Case("all over https", nothing, "fetch.transport", P, VALID),
    Case("an issuer over http", issuer_as(ISSUER.replace("https", "http")), "fetch.transport", W, VALID),
    Case("labelled as text", relabelled(ISSUER, "text/plain"), "fetch.content-type", W, VALID),
    Case(
        "a file that says less",
        brought_with(expires="2030-01-01T00:00:00Z"),
        "drift.local",
        W,
        VALID,
    ),
    Case("a signed copy of an older name", class_inside(name="Lab Safety"), "drift.embedded", W, VALID, "signed"),
]

CASES = [
    *STRUCTURE,
    *DOCUMENTS,
    *HOSTED,
    *ISSUERS,
    *SCOPE,
    *SIGNED,
    *REVOKED_CASES,
    *RECIPIENTS,
    *TIMES,
    *PICTURES,
    *ADVICE,
]
