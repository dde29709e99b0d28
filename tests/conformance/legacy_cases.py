"""Badges older than 2.0 and one fault a case, as `tests.conformance.cases` has them for 2.0 (rows 66 to 69 of the catalogue).

    old = Old("1.0")                      # or "1.1", "0.5"
    old.award["expires"] = "2013-01-01"   # one fault
    old.hosted()                          # the report on the hosted award
    old.signed()                          # the report on the same award, signed, its key served as PEM

`Old` serves from a base address, so that the same cases run against a loopback server.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tests.generate import badges, keys
from wallet.documents import jws
from wallet.fetch.base import Cause, Failure, Fetched, Fetcher, Want
from wallet.found import Kind
from wallet.model import Identity
from wallet.verify.dossier import Subject
from wallet.verify.report import Outcome, Report, Verdict
from wallet.verify.service import verify

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
V1 = "https://w3id.org/openbadges/v1"
HOME = "https://old.rowan-college.example"
OTHER = "https://elsewhere.example"
MINE = Identity("email", badges.EMAIL)
SALT = "pepper"
HASHED = "sha256$" + hashlib.sha256((badges.EMAIL + SALT).encode()).hexdigest()

F, U, P, W = Outcome.FAILED, Outcome.UNDETERMINED, Outcome.PASSED, Outcome.WARNING
VALID, INVALID, REVOKED, EXPIRED, OPEN = (
    Verdict.VALID,
    Verdict.INVALID,
    Verdict.REVOKED,
    Verdict.EXPIRED,
    Verdict.UNDETERMINED,
)
Document = dict[str, object]


class Old:
    """The documents of one old issuer and what its server answers. Also a `Fetcher`."""

    def __init__(self, version: str, base: str = HOME) -> None:
        self.version, self.base = version, base
        self.at, self.class_at, self.issuer_at = (
            f"{base}/awards/1.json",
            f"{base}/classes/1.json",
            f"{base}/issuer.json",
        )
        self.key_at, self.list_at, self.picture_at = f"{base}/key.pem", f"{base}/withdrawn.json", f"{base}/badge.png"
        self.private, self.public = keys.pair("RSA")
        context: Document = {"@context": V1} if version == "1.1" else {}
        self.issuer: Document = {**context, "name": "Rowan College", "url": f"{base}/"}
        self.class_: Document = {
            **context,
            "name": "Laboratory Safety",
            "description": "Works safely in a teaching laboratory.",
            "image": self.picture_at,
            "criteria": f"{base}/criteria",
            "issuer": self.issuer_at,
            "alignment": [{"name": "Safety 1", "url": "https://framework.example/1", "description": "Goggles"}],
            "tags": ["safety"],
        }
        self.award: Document = {
            **context,
            "uid": "a-1",
            "recipient": {"type": "email", "hashed": False, "identity": badges.EMAIL},
            "badge": self.class_at,
            "verify": {"type": "hosted", "url": self.at},
            "issuedOn": 1362216600,
        }
        if version == "1.1":
            self.issuer |= {"id": self.issuer_at, "type": "issuerorg"}
            self.class_ |= {"id": self.class_at, "type": "badgeclass"}
            self.award |= {"id": self.at, "type": "assertion", "issuedOn": "2016-05-01"}
        if version == "0.5":
            self.award = {
                "recipient": HASHED,
                "salt": SALT,
                "issued_on": "2012-06-01",
                "evidence": "/pieces/1",
                "badge": {
                    "version": "0.5.0",
                    "name": "Web Basics",
                    "image": "/badge.png",
                    "description": "Built a page.",
                    "criteria": "/criteria",
                    "issuer": {"origin": base, "name": "Old Code Club", "contact": "club@rowan-college.example"},
                },
            }
        self.signed_changes: Document = {"verify": {"type": "signed", "url": self.key_at}}
        self.documents: dict[str, object] = {
            self.at: self.award,
            self.picture_at: badges.png(),
            self.key_at: self.public.encode(),
        }
        if version != "0.5":
            self.documents |= {self.class_at: self.class_, self.issuer_at: self.issuer}
        self.answers: dict[str, Fetched] = {}
        self.asked: list[str] = []
        self.brought: bytes | None = None
        self.token: bytes | None = None
        self.address: str | None = self.at
        self.fetcher: Fetcher = self

    def body(self, url: str) -> bytes | None:
        """What is served at `url`."""
        value = self.documents.get(url)
        return value if isinstance(value, bytes) or value is None else badges.encode(value)

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
        del want
        self.asked.append(url)
        if url in self.answers:
            return self.answers[url]
        body = self.body(url)
        if body is None:
            return Fetched(url, url, NOW, status=404, body=b"not here")
        label = "image/png" if url == self.picture_at else "text/plain" if url == self.key_at else "application/json"
        return Fetched(url, url, NOW, status=200, body=body, headers=(("content-type", label),))

    def status(self, url: str, status: int, body: bytes = b"") -> None:
        self.answers[url] = Fetched(url, url, NOW, status=status, body=body)

    def fails(self, url: str) -> None:
        self.answers[url] = Fetched(url, url, NOW, failure=Failure(Cause.TIMEOUT, "no answer"))

    def leads_to(self, url: str, final: str) -> None:
        """Redirect `url` to `final`."""
        self.answers[url] = replace(self.fetch(final), url=url, final_url=final)

    def subject(self) -> Subject:
        raw = self.brought if self.brought is not None else badges.encode(self.award)
        old = self.version == "0.5"
        return Subject(raw, Kind.OB05_JSON if old else Kind.OB1_JSON, fetch_url=self.address)

    def payload(self) -> Document:
        """The award as it is signed."""
        changed = {**self.award, **self.signed_changes}
        if self.version == "1.1" and "id" not in self.signed_changes:
            changed["id"] = "urn:uuid:6f2b7a9e-1111-4222-8333-444455556666"
        return {name: value for name, value in changed.items() if value is not None}

    def signed_subject(self) -> Subject:
        token = self.token if self.token is not None else jws.sign(json.dumps(self.payload()).encode(), self.private)
        return Subject(token, Kind.OB2_JWS)

    def report(self, subject: Subject, identities: Sequence[Identity] = ()) -> Report:
        return verify(subject, fetcher=self.fetcher, identities=identities, now=NOW)

    def hosted(self, *identities: Identity) -> Report:
        return self.report(self.subject(), identities)

    def signed(self, *identities: Identity) -> Report:
        return self.report(self.signed_subject(), identities)


Change = Callable[[Old], None]


@dataclass(frozen=True)
class OldCase:
    """One change of a good old badge. `check` ends in `outcome`, the badge in `verdict`."""

    name: str
    version: str
    change: Change
    check: str
    outcome: Outcome
    verdict: Verdict
    way: str = "hosted"
    identities: tuple[Identity, ...] = ()
    cause: str | None = None


def put(where: str, **members: object) -> Change:
    """Change members of a document; None takes one away."""

    def change(old: Old) -> None:
        document = getattr(old, where)
        for name, value in members.items():
            if value is None:
                document.pop(name, None)
            else:
                document[name] = value

    return change


def inside(**members: object) -> Change:
    """Change members of the badge inside an award of 0.5."""

    def change(old: Old) -> None:
        badge = old.award["badge"]
        assert isinstance(badge, dict)
        badge.update(members)

    return change


def issuer_inside(**members: object) -> Change:
    def change(old: Old) -> None:
        badge = old.award["badge"]
        assert isinstance(badge, dict)
        issuer = {**badge["issuer"], **members}
        badge["issuer"] = {name: value for name, value in issuer.items() if value is not None}

    return change


def nothing(old: Old) -> None:
    """The good case."""


def at(name: str, document: object) -> Change:
    """Serve something else at one of the addresses."""

    def change(old: Old) -> None:
        old.documents[getattr(old, name)] = document

    return change


def status(name: str, code: int, body: bytes = b"") -> Change:
    return lambda old: old.status(getattr(old, name), code, body)


def fails(name: str) -> Change:
    return lambda old: old.fails(getattr(old, name))


def withdraw(document: object) -> Change:
    """Give the issuer a list of withdrawn badges."""

    def change(old: Old) -> None:
        old.issuer["revocationList"] = old.list_at
        old.documents[old.list_at] = document

    return change


def key_on(base: str) -> Change:
    """Serve the right key from somewhere else, and say so in the badge."""

    def change(old: Old) -> None:
        old.documents[f"{base}/key.pem"] = old.public.encode()
        old.signed_changes["verify"] = {"type": "signed", "url": f"{base}/key.pem"}

    return change


def key_leads_to(base: str) -> Change:
    def change(old: Old) -> None:
        old.documents[f"{base}/key.pem"] = old.public.encode()
        old.leads_to(old.key_at, f"{base}/key.pem")

    return change


def award_on(base: str) -> Change:
    """Host the award somewhere else."""

    def change(old: Old) -> None:
        old.award["verify"] = {"type": "hosted", "url": f"{base}/a.json"}
        if "id" in old.award:
            old.award["id"] = f"{base}/a.json"
        old.documents[f"{base}/a.json"] = old.award
        old.address = f"{base}/a.json"

    return change


def award_leads_to(base: str) -> Change:
    def change(old: Old) -> None:
        old.documents[f"{base}/a.json"] = old.award
        old.leads_to(old.at, f"{base}/a.json")

    return change


def class_embedded(**changes: object) -> Change:
    def change(old: Old) -> None:
        members = {**{name: value for name, value in old.class_.items() if name != "@context"}, **changes}
        old.award["badge"] = {name: value for name, value in members.items() if value is not None}

    return change


def no_address(old: Old) -> None:
    old.address = None


def private_key(old: Old) -> None:
    """Publish the half of the key that only the issuer may have."""
    old.documents[old.key_at] = old.private.encode()


def both(*changes: Change) -> Change:
    def change(old: Old) -> None:
        for one in changes:
            one(old)

    return change


def signed_as(**members: object) -> Change:
    """Change members of the award that is signed."""
    return lambda old: old.signed_changes.update(members)


def bring_what_was(old: Old) -> None:
    """The learner's file stays as it is, whatever is served later."""
    old.brought = badges.encode(old.award)


def class_on(base: str) -> Change:
    def change(old: Old) -> None:
        old.documents[f"{base}/c.json"] = old.class_
        old.award["badge"] = f"{base}/c.json"

    return change


def in_json_ld(old: Old) -> None:
    """The spelling with at signs."""
    old.award.update({"@id": old.award.pop("id"), "@type": old.award.pop("type")})


def without_method(old: Old) -> None:
    """A token whose header says that there is nothing to check."""
    payload = jws.sign(json.dumps(old.payload()).encode(), old.private).split(b".")[1]
    old.token = b"eyJhbGciOiJub25lIn0." + payload + b".AA"


def padded(old: Old) -> None:
    old.token = jws.sign(json.dumps(old.payload()).encode(), old.private) + b"="


V2 = "https://w3id.org/openbadges/v2"
_BOTH = ("1.0", "1.1")


def _each(
    versions: Sequence[str],
    name: str,
    change: Change,
    check: str,
    outcome: Outcome,
    verdict: Verdict,
    *,
    way: str = "hosted",
    identities: tuple[Identity, ...] = (),
    cause: str | None = None,
) -> tuple[OldCase, ...]:
    return tuple(OldCase(name, v, change, check, outcome, verdict, way, identities, cause) for v in versions)


CASES: tuple[OldCase, ...] = (
    # row 66: 0.5
    OldCase("a whole badge", "0.5", nothing, "legacy.0-5", P, VALID),
    OldCase("its upgrade is told", "0.5", nothing, "legacy.0-5.note", W, VALID),
    OldCase("it is yours", "0.5", nothing, "recipient.match", P, VALID, identities=(MINE,)),
    OldCase(
        "a plain recipient",
        "0.5",
        put("award", recipient=badges.EMAIL, salt=None),
        "recipient.match",
        P,
        VALID,
        identities=(MINE,),
    ),
    OldCase("somebody else's", "0.5", put("award", salt="other"), "recipient.match", F, INVALID, identities=(MINE,)),
    OldCase(
        "an issuer that has another home", "0.5", issuer_inside(origin=OTHER), "legacy.0-5", F, INVALID, cause="origin"
    ),
    OldCase(
        "an issuer that has a neighbouring home",
        "0.5",
        issuer_inside(origin="https://www.rowan-college.example"),
        "legacy.0-5",
        F,
        INVALID,
    ),
    OldCase("another host answers", "0.5", award_leads_to(OTHER), "legacy.0-5", F, INVALID, cause="origin"),
    OldCase(
        "an issuer without a home",
        "0.5",
        issuer_inside(origin=None),
        "legacy.0-5",
        F,
        INVALID,
        cause="issuer-anonymous",
    ),
    OldCase(
        "an issuer whose home is no address", "0.5", issuer_inside(origin="http://[rowan"), "legacy.0-5", F, INVALID
    ),
    OldCase("an issuer whose home is a list", "0.5", issuer_inside(origin=[HOME, OTHER]), "legacy.0-5", F, INVALID),
    OldCase(
        "the origin in other letters",
        "0.5",
        both(issuer_inside(origin="https://OLD.Rowan-College.example."), inside(image=f"{HOME}/badge.png")),
        "legacy.0-5",
        P,
        VALID,
    ),
    OldCase("an issuer that is only named", "0.5", inside(issuer="Old Code Club"), "legacy.0-5", F, INVALID),
    OldCase(
        "a badge that is only named", "0.5", put("award", badge=f"{HOME}/classes/1.json"), "legacy.0-5", F, INVALID
    ),
    OldCase("a file that does not hold its address", "0.5", no_address, "hosted.id", U, OPEN, cause="no-address"),
    OldCase("no answer", "0.5", fails("at"), "hosted.fetched", U, OPEN),
    OldCase("no answer says nothing about the origin", "0.5", fails("at"), "legacy.0-5", U, OPEN),
    OldCase("the server says that it is gone", "0.5", status("at", 410), "revocation.hosted", F, REVOKED),
    OldCase(
        "gone from another host than the issuer's",
        "0.5",
        both(issuer_inside(origin=OTHER), status("at", 410)),
        "legacy.0-5",
        F,
        INVALID,
    ),
    OldCase(
        "the server only says that it was withdrawn",
        "0.5",
        both(bring_what_was, status("at", 200, b'{"revoked": true}')),
        "revocation.hosted",
        F,
        REVOKED,
    ),
    OldCase("no date of issue, as 0.5 allows", "0.5", put("award", issued_on=None), "time.issued", P, VALID),
    OldCase("issued in the future", "0.5", put("award", issued_on="2031-01-01"), "time.issued", F, INVALID),
    OldCase("expired", "0.5", put("award", expires="2013-01-01"), "time.expires", F, EXPIRED),
    OldCase("no contact, as 0.5 allows", "0.5", issuer_inside(contact=None), "structure.profile.email", P, VALID),
    OldCase("no name", "0.5", inside(name=None), "structure.badgeclass.name", F, INVALID),
    OldCase(
        "a recipient that is no text",
        "0.5",
        put("award", recipient=HASHED[:40]),
        "structure.identity.identity",
        F,
        INVALID,
    ),
    OldCase("a picture that is none", "0.5", at("picture_at", b"GIF89a"), "image.achievement", F, INVALID),
    # row 67: 1.0 hosted
    OldCase("a whole badge", "1.0", nothing, "legacy.1-0", P, VALID),
    OldCase("its upgrade is told", "1.0", nothing, "legacy.1-0.note", W, VALID),
    OldCase(
        "no address to verify at",
        "1.0",
        both(put("award", verify={"type": "hosted"}), no_address),
        "legacy.1-0",
        F,
        INVALID,
    ),
    OldCase("an expiry in empty lists", "1.0", put("award", expires=[[]]), "time.expires", P, VALID),
    OldCase("a picture of two names", "1.0", put("class_", image={"id": ["x", "y"]}), "structure.image.id", F, INVALID),
    OldCase("verified on another host", "1.0", award_on(OTHER), "hosted.scope", F, INVALID),
    OldCase("a class on another host", "1.0", class_on(OTHER), "hosted.class-scope", F, INVALID),
    OldCase(
        "an id of its own counts for nothing", "1.0", put("award", id=f"{OTHER}/a.json"), "hosted.same-id", P, VALID
    ),
    OldCase("an issuer's id counts for nothing", "1.0", put("issuer", id=f"{OTHER}/i.json"), "hosted.scope", P, VALID),
    OldCase(
        "a class where the issuer should be",
        "1.0",
        put("class_", issuer=f"{HOME}/classes/1.json"),
        "document.kind",
        F,
        INVALID,
    ),
    OldCase(
        "an award where the class should be",
        "1.0",
        put("award", badge=f"{HOME}/awards/1.json"),
        "document.kind",
        F,
        INVALID,
    ),
    OldCase("an error where the class should be", "1.0", at("class_at", {"error": "no"}), "jsonld.context", U, OPEN),
    OldCase(
        "a class of 2.0",
        "1.0",
        put("class_", **{"@context": V2, "type": "BadgeClass"}),
        "issuer.class",
        U,
        OPEN,
        cause="other-version",
    ),
    OldCase(
        "an issuer of 2.0",
        "1.0",
        put("issuer", **{"@context": V2, "type": "Issuer"}),
        "issuer.proven",
        U,
        OPEN,
        cause="other-version",
    ),
    OldCase("a class of 1.1", "1.0", put("class_", **{"@context": V1, "type": "BadgeClass"}), "issuer.class", P, VALID),
    OldCase("an embedded class without an address", "1.0", class_embedded(), "structure.badgeclass.id", F, INVALID),
    OldCase(
        "a context nobody knows",
        "1.0",
        put("class_", **{"@context": "https://vocabulary.example/x"}),
        "jsonld.context",
        U,
        OPEN,
    ),
    OldCase("a list where the class should be", "1.0", at("class_at", [1]), "document.kind", U, OPEN),
    OldCase("a class that is broken", "1.0", at("class_at", b"{"), "document.json", F, INVALID),
    # row 69: 1.1
    OldCase("a whole badge", "1.1", nothing, "legacy.1-1", W, VALID),
    OldCase(
        "a class of 1.0", "1.1", put("class_", **{"@context": None, "type": None, "id": None}), "issuer.class", P, VALID
    ),
    OldCase("an embedded class", "1.1", class_embedded(), "issuer.class", P, VALID),
    OldCase(
        "a full name instead of a word",
        "1.1",
        put("award", **{"obi:expires": "2013-01-01"}),
        "jsonld.context",
        P,
        VALID,
    ),
    OldCase(
        "a full name for a word", "1.1", put("award", **{"sec:expiration": "2013-01-01"}), "jsonld.keywords", U, OPEN
    ),
    OldCase(
        "a context that takes a word away",
        "1.1",
        put("award", **{"@context": [V1, {"expires": None}]}),
        "jsonld.split",
        F,
        INVALID,
    ),
    OldCase(
        "a context of its own",
        "1.1",
        put("award", **{"@context": [V1, {"until": "https://w3id.org/security#expiration"}], "until": "2013-01-01"}),
        "jsonld.context",
        U,
        OPEN,
    ),
    OldCase(
        "a context nobody knows besides",
        "1.1",
        put("award", **{"@context": [V1, "https://vocabulary.example/x"]}),
        "jsonld.unknown-context",
        W,
        VALID,
    ),
    OldCase("a member nobody knows", "1.1", put("award", verified="yes"), "jsonld.undefined", W, VALID),
    OldCase("a graph", "1.1", put("award", **{"@graph": []}), "jsonld.keywords", U, OPEN),
    OldCase(
        "two addresses",
        "1.1",
        put("award", verify={"type": "hosted", "url": f"{HOME}/awards/2.json"}),
        "structure.assertion.id",
        F,
        INVALID,
    ),
    OldCase(
        "an id that is a name",
        "1.1",
        put("award", id="urn:uuid:6f2b7a9e-1111-4222-8333-444455556666"),
        "hosted.same-id",
        P,
        VALID,
    ),
    OldCase("ids in the spelling of JSON-LD", "1.1", in_json_ld, "document.kind", P, VALID),
    OldCase(
        "an id given twice",
        "1.1",
        put("award", **{"@id": f"{HOME}/awards/1.json"}),
        "structure.assertion.id",
        F,
        INVALID,
    ),
    OldCase("another class", "1.1", put("award", type="badgeclass"), "document.kind", F, INVALID),
    OldCase(
        "an alignment without a name",
        "1.1",
        put("class_", alignment={"url": "https://framework.example/1"}),
        "structure.alignment.targetName",
        F,
        INVALID,
    ),
    OldCase(
        "an alignment in words of 2.0",
        "1.1",
        put("class_", alignment=[{"targetName": "a", "targetUrl": "https://framework.example/1"}]),
        "structure.alignment.targetName",
        F,
        INVALID,
    ),
    # both
    *_each(_BOTH, "no answer", fails("at"), "hosted.fetched", U, OPEN),
    *_each(_BOTH, "not found is not withdrawn", status("at", 404), "hosted.fetched", U, OPEN),
    *_each(_BOTH, "gone", status("at", 410, b'{"revoked": true}'), "revocation.hosted", F, REVOKED),
    *_each(_BOTH, "withdrawn in so many words", put("award", revoked=True), "revocation.hosted", F, REVOKED),
    *_each(_BOTH, "only withdrawn", status("at", 200, b'{"revoked": true}'), "revocation.hosted", F, REVOKED),
    *_each(
        _BOTH,
        "another host answers for the class",
        lambda old: old.leads_to(old.class_at, old.issuer_at),
        "document.kind",
        F,
        INVALID,
    ),
    *_each(_BOTH, "the class cannot be had", fails("class_at"), "issuer.class", U, OPEN),
    *_each(_BOTH, "the issuer cannot be had", fails("issuer_at"), "issuer.proven", U, OPEN),
    *_each(_BOTH, "no way to verify it", put("award", verify=None), "verification.type", F, INVALID),
    *_each(
        _BOTH,
        "an unknown way to verify it",
        put("award", verify={"type": "trust-me", "url": f"{HOME}/awards/1.json"}),
        "verification.type",
        F,
        INVALID,
    ),
    *_each(
        _BOTH, "a way that is a text", put("award", verify="hosted"), "structure.assertion.verification", F, INVALID
    ),
    *_each(_BOTH, "no email, as 1.x allows", put("issuer", email=None), "structure.profile.email", P, VALID),
    *_each(
        _BOTH,
        "an email that is none is only mentioned",
        put("issuer", email="office"),
        "structure.profile.email.note",
        W,
        VALID,
    ),
    *_each(_BOTH, "no name", put("issuer", name=None), "structure.profile.name", F, INVALID),
    *_each(_BOTH, "seconds as text", put("award", issuedOn="1362216600"), "structure.assertion.issuedOn", P, VALID),
    *_each(_BOTH, "a time without a zone", put("award", issuedOn="2013-03-02T09:30:00"), "time.issued", P, VALID),
    *_each(
        _BOTH, "a date that is none", put("award", issuedOn="2013-02-30"), "structure.assertion.issuedOn", F, INVALID
    ),
    *_each(_BOTH, "a date in words", put("award", issuedOn="yesterday"), "structure.assertion.issuedOn", F, INVALID),
    *_each(_BOTH, "milliseconds", put("award", issuedOn=1362216600000), "structure.assertion.issuedOn", F, INVALID),
    *_each(_BOTH, "expires today", put("award", expires="2026-11-21"), "time.expires", P, VALID),
    *_each(_BOTH, "expired yesterday", put("award", expires="2026-11-20"), "time.expires", F, EXPIRED),
    *_each(_BOTH, "expired a second ago", put("award", expires=int(NOW.timestamp()) - 1), "time.expires", F, EXPIRED),
    *_each(
        _BOTH,
        "expires two ways",
        put("award", expires=["2030-01-01", "2013-01-01"]),
        "structure.assertion.expires",
        F,
        INVALID,
    ),
    *_each(_BOTH, "it is yours", nothing, "recipient.match", P, VALID, identities=(MINE,)),
    *_each(
        _BOTH,
        "somebody else's",
        put("award", recipient={"type": "email", "hashed": False, "identity": "x@y.example"}),
        "recipient.match",
        F,
        INVALID,
        identities=(MINE,),
    ),
    *_each(_BOTH, "hosted, named on the list", withdraw({"a-1": "by mistake"}), "revocation.list", F, REVOKED),
    *_each(_BOTH, "hosted, not named on the list", withdraw({"a-2": "by mistake"}), "revocation.list", P, VALID),
    # rows 68: signed
    *_each(_BOTH, "signed, a whole badge", nothing, "legacy.pem", P, VALID, way="signed"),
    *_each(_BOTH, "signed, it is yours", nothing, "recipient.match", P, VALID, way="signed", identities=(MINE,)),
    *_each(_BOTH, "a key on another host", key_on(OTHER), "legacy.pem", F, INVALID, way="signed", cause="key-host"),
    *_each(
        _BOTH,
        "a key on a host below",
        key_on("https://keys.old.rowan-college.example"),
        "legacy.pem",
        F,
        INVALID,
        way="signed",
    ),
    *_each(
        _BOTH,
        "a key behind an open door",
        key_leads_to(OTHER),
        "legacy.pem",
        F,
        INVALID,
        way="signed",
        cause="key-host",
    ),
    *_each(_BOTH, "a key that cannot be had", fails("key_at"), "legacy.pem", U, OPEN, way="signed"),
    *_each(_BOTH, "a key that is gone", status("key_at", 410), "legacy.pem", U, OPEN, way="signed"),
    *_each(_BOTH, "a web page for a key", at("key_at", b"<html>"), "legacy.pem", U, OPEN, way="signed"),
    *_each(
        _BOTH,
        "a key nobody can read",
        at("key_at", b"-----BEGIN PUBLIC KEY-----\nQUJD\n-----END PUBLIC KEY-----\n"),
        "signed.key-usable",
        U,
        OPEN,
        way="signed",
    ),
    *_each(_BOTH, "JSON for a key", at("key_at", b'{"publicKeyPem": "x"}'), "signed.key-usable", U, OPEN, way="signed"),
    *_each(_BOTH, "a private key", private_key, "signed.key-usable", F, INVALID, way="signed"),
    *_each(
        _BOTH,
        "somebody else's key",
        at("key_at", keys.pair("P-256")[1].encode()),
        "signed.algorithm",
        F,
        INVALID,
        way="signed",
    ),
    *_each(
        _BOTH,
        "another key of the same kind",
        at("key_at", keys.pair("RSA", 1)[1].encode()),
        "signed.signature",
        F,
        INVALID,
        way="signed",
    ),
    *_each(
        _BOTH,
        "no key named",
        signed_as(verify={"type": "signed"}),
        "legacy.pem",
        F,
        INVALID,
        way="signed",
        cause="bad-url",
    ),
    *_each(
        _BOTH,
        "a key at no address",
        signed_as(verify={"type": "signed", "url": "data:,x"}),
        "legacy.pem",
        F,
        INVALID,
        way="signed",
    ),
    *_each(_BOTH, "the issuer cannot be had, signed", fails("issuer_at"), "issuer.proven", U, OPEN, way="signed"),
    *_each(_BOTH, "named on the list", withdraw({"a-1": "by mistake"}), "revocation.list", F, REVOKED, way="signed"),
    *_each(
        _BOTH,
        "named on the list without a reason",
        withdraw({"a-1": None}),
        "revocation.list",
        F,
        REVOKED,
        way="signed",
    ),
    *_each(_BOTH, "an empty list", withdraw({}), "revocation.list", P, VALID, way="signed"),
    *_each(_BOTH, "not named on the list", withdraw({"a-10": "by mistake"}), "revocation.list", P, VALID, way="signed"),
    *_each(
        _BOTH,
        "a list of 2.0",
        withdraw({"@context": V2, "type": "RevocationList", "revokedAssertions": [{"uid": "a-1"}]}),
        "revocation.list",
        F,
        REVOKED,
        way="signed",
    ),
    *_each(
        _BOTH,
        "a list with a context",
        withdraw({"@context": V1, "type": "RevocationList", "id": f"{HOME}/withdrawn.json", "a-1": "by mistake"}),
        "revocation.list",
        F,
        REVOKED,
        way="signed",
    ),
    *_each(
        _BOTH,
        "a list inside a list",
        withdraw({"revokedAssertions": [{"uid": "a-1"}]}),
        "revocation.list",
        F,
        REVOKED,
        way="signed",
    ),
    *_each(_BOTH, "an excuse for a list", withdraw({"error": "try again"}), "revocation.list", U, OPEN, way="signed"),
    *_each(_BOTH, "something else for a list", withdraw({"badges": ["a-1"]}), "revocation.list", U, OPEN, way="signed"),
    *_each(
        _BOTH,
        "a list that cannot be had",
        both(withdraw({}), fails("list_at")),
        "revocation.list",
        U,
        OPEN,
        way="signed",
    ),
    *_each(_BOTH, "it calls itself withdrawn", signed_as(revoked=True), "revocation.self", F, REVOKED, way="signed"),
    *_each(
        _BOTH,
        "a uid that is a number",
        both(signed_as(uid=7), withdraw({"7": "x"})),
        "revocation.list",
        F,
        REVOKED,
        way="signed",
    ),
    *_each(
        _BOTH, "a uid that nobody could list", signed_as(uid=7.5), "structure.assertion.id", F, INVALID, way="signed"
    ),
    *_each(_BOTH, "two uids", signed_as(uid=["a-1", "a-2"]), "structure.assertion.id", F, INVALID, way="signed"),
    OldCase("signed without a uid", "1.0", signed_as(uid=None), "legacy.1-0", F, INVALID, way="signed"),
    OldCase("signed with a blank uid", "1.0", signed_as(uid=" "), "legacy.1-0", F, INVALID, way="signed"),
    OldCase(
        "signed, its uid with a space", "1.0", signed_as(uid="a 1"), "structure.assertion.id", P, VALID, way="signed"
    ),
    OldCase(
        "signed, listed by its id",
        "1.1",
        withdraw({"urn:uuid:6f2b7a9e-1111-4222-8333-444455556666": "x"}),
        "revocation.list",
        F,
        REVOKED,
        way="signed",
    ),
    OldCase("signed, an award of 0.5", "0.5", nothing, "hosted.fetched", U, OPEN, way="signed"),
    OldCase(
        "signed and says hosted",
        "1.0",
        signed_as(verify={"type": "hosted", "url": f"{HOME}/awards/1.json"}),
        "signed.unused",
        W,
        VALID,
        way="signed",
    ),
    *_each(
        _BOTH,
        "says signed and is only text",
        lambda old: old.award.update(old.signed_changes),
        "signed.present",
        F,
        INVALID,
    ),
    *_each(_BOTH, "no method", without_method, "signed.algorithm", F, INVALID, way="signed"),
    *_each(_BOTH, "a broken token", padded, "signed.form", F, INVALID, way="signed"),
    # the words of old versions in a document of 2.0
    *_each(
        _BOTH,
        "an old award under the new context",
        put("award", **{"@context": V2}),
        "structure.assertion.issuedOn",
        F,
        INVALID,
    ),
    OldCase(
        "an award of 0.5 under the new context",
        "0.5",
        put("award", **{"@context": V2}),
        "structure.assertion.issuedOn",
        F,
        INVALID,
    ),
    OldCase(
        "an old signed award under the new context",
        "1.0",
        signed_as(**{"@context": V2}),
        "structure.assertion.id",
        F,
        INVALID,
        way="signed",
    ),
)
