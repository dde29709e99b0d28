"""The policies by name: each is a composition of named parts, and a part is a set of ids of the catalogue. Data, no judging.

A policy says which of the checks that a badge calls for must pass before the word "valid" is used. No policy can leave out the
core: it is whatever no other part names, so a check that is new to the catalogue belongs to it until somebody decides otherwise,
and a composition without the core, or without any check, is refused. How findings are weighed by a policy stands in
`wallet.verify.weighing`; what each policy is for stands in docs/verification.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wallet.verify.catalogue import CATALOGUE, CHECKS
from wallet.verify.report import Outcome
from wallet.verify.tables import IDS


class Demand(StrEnum):
    """How a part asks. HOLD: each check that the badge calls for must pass. REMARK: nothing may be remarked.

    Checks that only speak up when something is amiss can be asked for no more than silence.
    """

    HOLD = "passed"
    REMARK = "without remark"


@dataclass(frozen=True, slots=True)
class Part:
    """A named set of checks. `forgiven`: ends that are only mentioned; nothing of the core is ever forgiven."""

    name: str
    words: str
    checks: frozenset[str]
    demand: Demand = Demand.HOLD
    forgiven: frozenset[Outcome] = frozenset()


def _known(*checks: str) -> frozenset[str]:
    """Those that are in the catalogue: a check that is not there yet cannot be asked for."""
    return frozenset(check for check in checks if check in CHECKS or check.removesuffix(".note") in CHECKS)


def _of(*classes: str) -> frozenset[str]:
    return frozenset(check for name in classes for check in IDS.get(name, ()))


#: What the members about looks and words are, class by class. Whom a badge names, and how it is proven, is never among them.
_DETAILS = {
    "assertion": (
        "image",
        "evidence",
        "narrative",
        "revocationReason",
        "related",
        "version",
        "endorsement",
        "@language",
    ),
    "badgeclass": (
        *("description", "image", "criteria", "alignment", "tags"),
        *("related", "version", "endorsement", "@language"),
    ),
    "profile": (
        *("url", "email", "telephone", "description", "image"),
        *("related", "version", "endorsement", "@language"),
    ),
}

DETAILS = Part(
    "details",
    "descriptions, addresses, criteria, alignments and work samples have the form that the specification asks for",
    frozenset(
        f"structure.{name}.{member}"
        for name, members in _DETAILS.items()
        for member in members
        if f"structure.{name}.{member}" in CHECKS
    )
    | _of("evidence", "alignment", "criteria", "image", "endorsement", "claim", "endorser"),
)
PICTURES = Part(
    "pictures",
    "the pictures are really PNG or SVG",
    frozenset({"image.achievement", "image.assertion", "image.issuer"}),
)
PICTURES_IF_READ = Part(
    "pictures, where they can be read",
    "a picture that is gone is only mentioned; one that is something else still counts",
    PICTURES.checks,
    forgiven=frozenset({Outcome.UNDETERMINED}),
)
CORE = Part(
    "core",
    "the badge is the issuer's own words, the issuer is proven, the recipient is the one asked about, nothing was withdrawn, "
    "and its time has not run out",
    frozenset(check.id for check in CATALOGUE if check.mandatory) - DETAILS.checks - PICTURES.checks,
)
TRANSPORT = Part("transport", "every document came over https", frozenset({"fetch.transport"}))
DECLARED = Part(
    "declared scope",
    "the issuer's profile says where its hosted badges may lie, instead of leaving it to the host's name",
    frozenset({"hosted.scope-declared"}),
)
UNCHANGED = Part(
    "nothing changed",
    "no copy says something else than another, and nothing was moved",
    _known("drift.local", "drift.hosted", "drift.embedded", "hosted.moved", "hosted.scope-port", "image.baked-match"),
    Demand.REMARK,
)
FAMILIAR = Part(
    "familiar issuer",
    "the issuer has no new key, no double and no shared host",
    _known("trust.key-changed", "trust.lookalike", "trust.shared-host"),
    Demand.REMARK,
)
WELL_HIDDEN = Part(
    "hidden well",
    "the recipient is not hidden by a hash that is easily guessed",
    frozenset({"recipient.weak-hash"}),
    Demand.REMARK,
)
NO_NOTES = Part(
    "core without remark",
    "nothing is remarked about how the badge is proven",
    frozenset(f"{check}.note" for check in CORE.checks if not check.startswith("structure.")),
    Demand.REMARK,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """A named composition. Raises `ValueError` for one that would let everything pass, or that lacks the core."""

    name: str
    words: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        """Refuse what could never say no."""
        if not any(part.checks for part in self.parts):
            raise ValueError("a policy that requires nothing would call everything valid")
        if not self.checks(Demand.HOLD) - self.forgiving.keys() >= CORE.checks:
            raise ValueError("a policy without the core would prove nothing")

    def checks(self, demand: Demand) -> frozenset[str]:
        """The ids that it asks for in this way."""
        return frozenset().union(*(part.checks for part in self.parts if part.demand is demand))

    @property
    def forgiving(self) -> dict[str, frozenset[Outcome]]:
        """The ends that are only mentioned, by id."""
        return {check: part.forgiven for part in self.parts if part.forgiven for check in part.checks}


STANDARD = Policy("standard", "what the specification asks for", (CORE, DETAILS, PICTURES))
STRICT = Policy(
    "strict",
    "for employers and admissions: the specification, and nothing that would need an explanation",
    (CORE, DETAILS, PICTURES, TRANSPORT, DECLARED, UNCHANGED, FAMILIAR, WELL_HIDDEN, NO_NOTES),
)
LENIENT = Policy(
    "lenient",
    "for old badges: authentic, yours and still good, even where details or a picture are missing",
    (CORE, PICTURES_IF_READ),
)

POLICIES = {policy.name: policy for policy in (STRICT, STANDARD, LENIENT)}
