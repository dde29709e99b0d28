"""Cases of `tests.conformance.cases` in which something is written in an unusual way that JSON or JSON-LD allows.

Whatever spelling an issuer or a forger chooses, a badge that has expired or was withdrawn is never called valid, and a badge that
is not valid says why.
"""

from __future__ import annotations

from tests.conformance.cases import (
    EXPIRED,
    INVALID,
    OPEN,
    REVOKED,
    VALID,
    Case,
    F,
    P,
    U,
    W,
    both,
    hashed,
    put,
)
from tests.conformance.world import AWARD, CLASS, HOST, ISSUER, KEY, LIST, MINE, Change, World
from wallet.model import Identity

_PAST, _LATER = "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"
_EXPIRES = "https://w3id.org/security#expiration"


def _listed_as(name: str, value: object) -> Change:
    """The issuer names its revocation list, which names the award, in another spelling."""

    def change(world: World) -> None:
        world.withdraw(AWARD)
        del world.issuer["revocationList"]
        world.issuer[name] = value

    return change


def _either(name: str, change: Change, check: str, *rest: object, **more: object) -> tuple[Case, Case]:
    return (
        Case(name, change, check, *rest, way="hosted", **more),
        Case(f"{name}, signed", change, check, *rest, way="signed", **more),
    )


def _award(**members: object) -> Change:
    return both(put("award", **members), put("signed_award", **members))


DATES = [
    *_either("an expiry without a type", _award(expires={"@value": _PAST}), "time.expires", F, EXPIRED),
    *_either("an expiry by its prefix", _award(**{"sec:expiration": _PAST}), "time.expires", F, EXPIRED),
    *_either("an expiry by its address", _award(**{_EXPIRES: _PAST}), "time.expires", F, EXPIRED),
    *_either("an expiry in a set", _award(expires={"@set": [_PAST]}), "time.expires", F, EXPIRED),
    *_either("an expiry in a list", _award(expires={"@list": [_PAST]}), "structure.assertion.expires", F, INVALID),
    *_either("an expiry that is a thing", _award(expires={"id": "urn:x:1"}), "structure.assertion.expires", F, INVALID),
    *_either(
        "two expiries", _award(expires=_LATER, **{"sec:expiration": _PAST}), "structure.assertion.expires", F, INVALID
    ),
    *_either("an expiry in an empty list", _award(expires=[]), "time.expires", P, VALID),
    *_either("an expiry in two empty lists", _award(**{"sec:expiration": [[]]}), "time.expires", P, VALID),
    *_either("a leap second", _award(expires="2016-12-31T23:59:60Z"), "structure.assertion.expires", F, INVALID),
    *_either("an expiry this very moment", _award(expires="2026-11-21T11:00:00+01:00"), "time.expires", P, VALID),
    *_either("an expiry just past", _award(expires="2026-11-21T09:59:59,9999999Z"), "time.expires", F, EXPIRED),
    *_either("an expiry that is none", _award(expires=None, **{"sec:expiration": None}), "time.expires", P, VALID),
]

LISTS = [
    Case("a list by its prefix", _listed_as("obi:revocationList", LIST), "revocation.list", F, REVOKED, "signed"),
    Case(
        "a list without a type", _listed_as("revocationList", {"@value": LIST}), "revocation.list", F, REVOKED, "signed"
    ),
    Case("a list by an object", _listed_as("revocationList", {"id": LIST}), "revocation.list", F, REVOKED, "signed"),
]

#: Entries of a list that all name the award.
_ENTRIES: dict[str, object] = {
    "by another transport and port": AWARD.replace("https:", "http:").replace(".example/", ".example:80/"),
    "with capitals in the host": AWARD.replace("badges.rowan", "Badges.ROWAN"),
    "with needless codes": AWARD.replace("awards", "%61wards"),
    "by the path alone": "/awards/1",
    "below the list": "awards/1",
    "by what it is counted as": "award-1",
    "by a number": {"uid": 1},
    "by a thing": {"id": AWARD, "type": "Assertion", "revocationReason": "A mistake"},
    "by full names": {"@id": AWARD, "obi:revocationReason": "A mistake"},
    "in a list inside": [[AWARD]],
}
#: Entries that nobody can read. Each may mean this very badge; only where the badge is hosted there is something better to ask.
_BROKEN = {"nothing known": {"reason": "x"}, "a number": 5, "a truth": True, "an id of nothing": {"uid": []}}
_UUID = "urn:uuid:9b3d2f0c-1111-4222-8333-44445555666a"


def _withdrawn(*entries: object, uid: str | None = None, id: str = AWARD) -> Change:
    return both(_award(uid=uid), put("signed_award", id=id), lambda world: world.withdraw(*entries))


ENTRIES = [
    *(
        case
        for name, entry in _ENTRIES.items()
        for case in _either(
            f"named {name}",
            _withdrawn(f"{HOST}/awards/9", entry, uid="1" if entry == {"uid": 1} else "award-1"),
            "revocation.list",
            F,
            REVOKED,
        )
    ),
    *(
        case
        for name, entry in _BROKEN.items()
        for case in (
            Case(f"beside {name}", _withdrawn(entry), "revocation.list", U, OPEN, "signed", "list-unreadable"),
            Case(f"beside {name}, hosted", _withdrawn(entry), "revocation.list.note", W, VALID),
            *_either(f"named beside {name}", _withdrawn(entry, AWARD), "revocation.list", F, REVOKED),
        )
    ),
    *_either("an entry that leads nowhere", _withdrawn("//[x"), "revocation.list", P, VALID),
    Case("a uuid in capitals", _withdrawn(_UUID.upper(), id=_UUID), "revocation.list", F, REVOKED, "signed"),
    Case(
        "an id in another script",
        _withdrawn(f"{HOST}/%c3%a9", id=f"{HOST}/é"),
        "revocation.list",
        F,
        REVOKED,
        "signed",
    ),
    *_either(
        "a word where it should be true or false",
        _award(revokedAssertions="yes"),
        "structure.assertion.revoked",
        F,
        INVALID,
    ),
]


def _whom(name: str, identity: object, *rest: object, kind: object = "email", **more: object) -> Case:
    """The award is for `identity`; asked for by its holder."""
    asked = Identity("url", "https://mina.example/me") if kind == "url" else MINE
    who = {"type": kind, "hashed": False, "identity": identity, **more}
    return Case(name, put("award", recipient=who), *rest, identities=(asked,))


_NAME, _SALT, _MATCH = "structure.identity.identity", "structure.identity.salt", "recipient.match"
_VARIANT = ("recipient.variant", W, VALID)
RECIPIENTS = [
    Case(
        "a number with gaps",
        put("award", recipient={"type": "telephone", "hashed": False, "identity": "tel:+44-1234-(567890)"}),
        "recipient.variant",
        W,
        VALID,
        identities=(Identity("telephone", "+44 1234 567890"),),
    ),
    Case(
        "another number",
        put("award", recipient={"type": "telephone", "hashed": False, "identity": "1234567890"}),
        "recipient.match",
        F,
        INVALID,
        identities=(Identity("telephone", "+44 1234 567890"),),
    ),
    _whom("capitals", "Mina.OKAFOR@Learner.example", *_VARIANT),
    _whom("capitals and mailto", "MAILTO:Mina.OKAFOR@Learner.example", *_VARIANT),
    _whom("capitals of a page", "https://Mina.EXAMPLE/me/", *_VARIANT, kind="url"),
    _whom("a capital in its kind", MINE.value, _MATCH, P, VALID, kind="Email"),
    *(
        _whom(f"{spelt} behind a hash", hashed(spelt, "s"), *_VARIANT, salt="s", hashed=True)
        for spelt in (
            "Mina.Okafor@learner.example",
            "Mina.okafor@learner.example",
            "MINA.OKAFOR@LEARNER.EXAMPLE",
            "mailto:Mina.Okafor@learner.example",
        )
    ),
    _whom("mIna behind a hash", hashed("mIna.okafor@learner.example"), _MATCH, F, INVALID, hashed=True),
    _whom("blanks around it", f" {MINE.value} ", *_VARIANT),
    _whom("capitals of a path", "https://mina.example/ME", _MATCH, F, INVALID, kind="url"),
    _whom("of two kinds", MINE.value, _MATCH, P, VALID, kind=["url", "email"]),
    _whom("a kind by its prefix", MINE.value, _MATCH, P, VALID, kind="schema:email"),
    _whom("a name with a language", {"@value": MINE.value, "@language": "en"}, _NAME, F, INVALID),
    _whom("a name without one", {"@value": MINE.value}, _MATCH, P, VALID),
    _whom("two names", [MINE.value, "x@y.example"], _NAME, F, INVALID),
    _whom("another hash", "sha1$" + "0" * 40, _NAME, F, INVALID, hashed=True),
    _whom("a hash cut short", "sha256$00", _NAME, F, INVALID, hashed=True),
    _whom("a salt of nothing", hashed(MINE.value), _MATCH, P, VALID, salt=None),
    _whom("an empty salt", hashed(MINE.value), _MATCH, P, VALID, salt=""),
    _whom("two salts", hashed(MINE.value, "s"), _SALT, F, INVALID, salt=["s", "t"]),
    _whom("a salt that is a number", hashed(MINE.value), _SALT, F, INVALID, salt=5),
    _whom("a salt with a language", hashed(MINE.value), _SALT, F, INVALID, salt={"@value": "s", "@language": "en"}),
]

_WAY, _WAYS = "structure.assertion.verification", [{"type": "HostedBadge"}, {"type": "SignedBadge"}]
METHODS = [
    *_either("two ways", _award(verify={"type": "SignedBadge"}), _WAY, F, INVALID),
    *_either("two ways, one of them a word", _award(verify="signed"), _WAY, F, INVALID),
    *_either("a list of ways", _award(verification=_WAYS), "verification.type", F, INVALID),
    *_either("a way in a list", _award(verification=[{"type": ["TrustMe"]}]), "verification.type", F, INVALID),
    *_either("no way in a list", _award(verification=[{"type": []}]), "structure.verification.type", F, INVALID),
]

_TEXT = {"@value": "https://badges.rowan-college.example/x", "@language": "en"}
THINGS = [
    case
    for name in ("recipient", "badge", "verification", "image", "evidence")
    for case in (
        *_either(f"a text as {name}", _award(**{name: _TEXT}), f"structure.assertion.{name}", F, INVALID),
        *_either(f"a list as {name}", _award(**{name: {"@list": ["x"]}}), f"structure.assertion.{name}", F, INVALID),
    )
]


def _profile_of_another(world: World) -> None:
    world.withdraw()
    world.issuer["id"] = f"{HOST}/gone"


ACHIEVEMENTS = [
    case
    for name in ("urn:uuid:7", "mailto:x@y.example", "tag:x.example,2026:1")
    for case in _either(f"an achievement called {name}", _award(badge=name), "issuer.class", U, OPEN, cause="bad-url")
]
_OVER_HTTP = {"type": "SignedBadge", "creator": KEY.replace("https:", "http:")}
_KEY_CASES = ("signed.signature", P, VALID, "signed")


def _class_over_http(world: World) -> None:
    world.signed_award["badge"] = {name: value for name, value in world.class_.items() if name != "@context"}
    world.serve(CLASS, {**world.class_, "issuer": ISSUER.replace("https:", "http:")})


KEYS = [
    Case("an issuer named before the move to https", _class_over_http, "issuer.class", P, VALID, "signed"),
    Case("a key named before the move to https", put("signed_award", verification=_OVER_HTTP), *_KEY_CASES),
    Case("an owner named before the move to https", put("key", owner=ISSUER.replace("https:", "http:")), *_KEY_CASES),
    Case(
        "a creator that is a thing",
        put("signed_award", verification={**_OVER_HTTP, "creator": {"id": KEY}}),
        *_KEY_CASES,
    ),
]
LANGUAGES = [
    *_either("a language that is none", _award(**{"@language": "a b"}), "structure.assertion.@language.note", W, VALID),
    *_either(
        "a list in a language that is none",
        both(_withdrawn(), lambda world: world.documents[LIST].update({"@language": "a b"})),
        "revocation.list",
        P,
        VALID,
    ),
    Case(
        "a key in a language that is none",
        put("key", **{"@language": "a b"}),
        "structure.key.publicKeyPem",
        P,
        VALID,
        "signed",
    ),
]
PROFILES = _either("a list beside another profile", _profile_of_another, "issuer.proven", U, OPEN)

CASES = [*DATES, *LISTS, *ENTRIES, *RECIPIENTS, *METHODS, *THINGS, *ACHIEVEMENTS, *KEYS, *LANGUAGES, *PROFILES]
