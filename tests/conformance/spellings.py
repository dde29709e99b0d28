"""Cases of `tests.conformance.cases` in which something is written in an unusual way that JSON or JSON-LD allows.

Whatever spelling an issuer or a forger chooses, a badge that has expired or was withdrawn is never called valid, and a badge that
is not valid says why.
"""

from __future__ import annotations

from tests.conformance.cases import EXPIRED, INVALID, REVOKED, VALID, Case, F, P, both, put
from tests.conformance.world import AWARD, LIST, Change, World

_PAST, _LATER = "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"
_EXPIRES = "https://w3id.org/security#expiration"


def _listed_as(name: str, value: object) -> Change:
    """The issuer names its revocation list, which names the award, in another spelling."""

    def change(world: World) -> None:
        world.withdraw(AWARD)
        del world.issuer["revocationList"]
        world.issuer[name] = value

    return change


def _either(name: str, change: Change, check: str, *rest: object) -> tuple[Case, Case]:
    return (
        Case(name, change, check, *rest, way="hosted"),
        Case(f"{name}, signed", change, check, *rest, way="signed"),
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
    *_either("an expiry that is none", _award(expires=None, **{"sec:expiration": None}), "time.expires", P, VALID),
]

LISTS = [
    Case("a list by its prefix", _listed_as("obi:revocationList", LIST), "revocation.list", F, REVOKED, "signed"),
    Case(
        "a list without a type", _listed_as("revocationList", {"@value": LIST}), "revocation.list", F, REVOKED, "signed"
    ),
    Case("a list by an object", _listed_as("revocationList", {"id": LIST}), "revocation.list", F, REVOKED, "signed"),
]

CASES = [*DATES, *LISTS]
