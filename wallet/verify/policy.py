"""Which checks a badge has to pass, named before any of them runs; and the verdict, which is arithmetic on sets of ids.

This is where the verifier fails closed: an id that is required and has no finding is undetermined, never passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from wallet.errors import UsageError
from wallet.model import Identity
from wallet.text import clean
from wallet.verify import compositions, tables
from wallet.verify.catalogue import question
from wallet.verify.checks.revocation import decides
from wallet.verify.compositions import POLICIES, Policy
from wallet.verify.dossier import Dossier
from wallet.verify.extensions import extended
from wallet.verify.report import Outcome, Role, Verdict
from wallet.verify.walk import survey

STANDARD = compositions.STANDARD.name

_ALWAYS = frozenset(
    {
        "document.json",
        "document.kind",
        "jsonld.context",
        "jsonld.split",
        "jsonld.keywords",
        "verification.type",
        "issuer.proven",
        "issuer.class",
        "image.achievement",
        "time.issued",
        "time.expires",
    }
    | {check for data_class in tables.CORE for check in tables.IDS[data_class.name]}
)
_HOSTED = frozenset(
    {"hosted.id", "hosted.fetched", "hosted.same-id", "hosted.scope", "hosted.class-scope", "revocation.hosted"}
)
_SIGNED = frozenset(
    {
        "signed.present",
        "signed.form",
        "signed.header",
        "signed.algorithm",
        "signed.key-listed",
        "signed.key-usable",
        "signed.key-strength",
        "signed.key-owner",
        "signed.signature",
        "revocation.self",
        "revocation.list",
        *tables.IDS["key"],
    }
)


_EXTENSION = frozenset({"extension.shape", "extension.schema"})

_BY_WAY = {
    (hosted, signed): _ALWAYS | (_HOSTED if hosted else frozenset()) | (_SIGNED if signed else frozenset())
    for hosted in (True, False)
    for signed in (True, False)
}


#: Only a host speaks for an issuer that stands inside its badge: there is no other document to compare with.
_NOT_IN_0_5 = frozenset({"issuer.proven", "issuer.class", "hosted.scope", "hosted.class-scope"})


class _Traits(NamedTuple):
    """All of a badge that decides which checks it calls for."""

    hosted: bool
    signed: bool
    version: str
    classes: frozenset[str]
    extended: bool
    pictures: tuple[str, ...]
    listed: bool
    list_read: bool
    identities: bool


def required(dossier: Dossier, identities: Sequence[Identity]) -> frozenset[str]:
    """The ids that this badge calls for: all must end in passed for it to be valid by the policy `standard`."""
    methods, listed = dossier.methods, dossier.revocation_list
    # Which way is not known: then neither may be missing.
    hosted, signed = methods.hosted or not methods.known, methods.signed or not methods.known
    contents = [
        (document.content, data_class)
        for document, data_class in (
            (dossier.credential, tables.ASSERTION),
            (dossier.achievement, tables.BADGECLASS),
            (dossier.issuer, tables.PROFILE),
        )
        if document is not None and document.content is not None and document.content.node is not None
    ]
    pictures = (
        check
        for check, role in (("image.assertion", Role.ASSERTION_IMAGE), ("image.issuer", Role.ISSUER_IMAGE))
        if (picture := dossier.picture(role)) is not None and picture.body is not None
    )
    traits = _Traits(
        hosted=hosted,
        signed=signed,
        version=dossier.version,
        classes=frozenset().union(*(survey(content, data_class).classes for content, data_class in contents)),
        extended=any(extended(content) for content, _ in contents),
        pictures=tuple(pictures),
        listed=methods.hosted and listed is not None and decides(listed, dossier.node),
        list_read=signed and listed is not None and listed.node is not None,
        identities=bool(identities),
    )
    return _required(traits)


@lru_cache(maxsize=256)
def _required(traits: _Traits) -> frozenset[str]:
    """The same for all badges of one kind."""
    ids = set(_BY_WAY[traits.hosted, traits.signed])
    ids.update(check for name in traits.classes for check in tables.IDS[name])
    ids.update(traits.pictures)
    if traits.extended:
        ids |= _EXTENSION
    if traits.listed:
        ids.add("revocation.list")
    if traits.list_read:
        ids.update(tables.IDS["revocationlist"])
    if traits.identities:
        ids.add("recipient.match")
    _for_version(ids, traits.version)
    return frozenset(ids)


def _for_version(ids: set[str], version: str) -> None:
    """What a version before 2.0 cannot have, and what stands in for it."""
    if version == "0.5":
        ids -= _NOT_IN_0_5
        ids.add("legacy.0-5")
    elif version == "1.0":
        ids.add("legacy.1-0")
    if version != "2.0" and "signed.key-listed" in ids:
        ids.remove("signed.key-listed")
        ids.add("legacy.pem")


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the three questions. A question without required checks was not asked: skipped."""

    authentic: Outcome
    yours: Outcome
    still_good: Outcome


def answers(outcomes: Mapping[str, Outcome]) -> Answers:
    """Each answer from its required checks: failed before undetermined before passed."""
    ends: dict[str, set[Outcome]] = {"authentic": set(), "yours": set(), "still_good": set()}
    for check, outcome in outcomes.items():
        ends[question(check)].add(outcome)
    return Answers(_answer(ends["authentic"]), _answer(ends["yours"]), _answer(ends["still_good"]))


def _answer(ends: set[Outcome]) -> Outcome:
    if not ends:
        return Outcome.SKIPPED
    if Outcome.FAILED in ends:
        return Outcome.FAILED
    return Outcome.PASSED if ends == {Outcome.PASSED} else Outcome.UNDETERMINED


def verdict(outcomes: Mapping[str, Outcome]) -> Verdict:
    """The verdict over the required ids and how each ended: the first line of the table that applies (section 1)."""
    said = answers(outcomes)
    failed = {check for check, outcome in outcomes.items() if outcome is Outcome.FAILED}
    if said.authentic is Outcome.FAILED:
        return Verdict.INVALID
    if any(check.startswith("revocation.") for check in failed):
        return Verdict.REVOKED
    if said.yours is Outcome.FAILED:
        return Verdict.INVALID
    if said.authentic is not Outcome.PASSED:
        return Verdict.UNDETERMINED
    if "time.expires" in failed:
        return Verdict.EXPIRED
    if said.still_good is not Outcome.PASSED or said.yours is Outcome.UNDETERMINED:
        return Verdict.UNDETERMINED
    return Verdict.VALID


def named(name: str) -> Policy:
    """The policy of that name. Raises `UsageError` for one that there is not."""
    found = POLICIES.get(name)
    if found is None:
        raise UsageError(f"There is no policy {clean(name)!r}.", f"There are: {', '.join(POLICIES)}.")
    return found
