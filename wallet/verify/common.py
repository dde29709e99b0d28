"""What a thousand signed badges of one class have in common: findings that are the same for all of them, made once.

A check of scope `COMMON` (see `run`) is given a dossier that holds nothing but what stands in a `Common`: two badges with equal
ones cannot be told apart by it. Whatever else the check might reach for is withheld, and reaching for it raises, so that a check
that does not belong here is found out instead of answering for another badge. Badges that are in any way unusual have nothing
in common with others: for them every check looks for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn, cast

from wallet.limits import LIMITS
from wallet.model import Json
from wallet.verify import tables
from wallet.verify.dossier import Content, Document, Dossier, Methods, Subject, called_revoked, words
from wallet.verify.report import Finding, Outcome, Role
from wallet.verify.walk import Survey, survey

CommonCheck = Callable[[Dossier, Survey], Iterable[Finding]]


class Common(NamedTuple):
    """All that a check in common may know. Of the credential: how it reads, never what it says."""

    kinds: tuple[str, ...]
    bom: bool
    undefined: tuple[str, ...]
    unknown_contexts: tuple[str, ...]
    survey: Survey
    methods: Methods
    achievement_id: str | None
    achievement: Document | None
    issuer_id: str | None
    issuer: Document | None
    revocation_list: Document | None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The findings in common, by the place of their check; of checks side by side they stand with the first.

    checks: their ids. others: ids that did not simply pass.
    """

    findings: Mapping[int, tuple[Finding, ...]]
    checks: frozenset[str]
    others: frozenset[str]

    def evidence(self, required: frozenset[str]) -> frozenset[str]:
        """What those of `required` rest on."""
        found = (finding for some in self.findings.values() for finding in some if finding.check in required)
        return frozenset(sha for finding in found for sha in finding.evidence)


def common_of(dossier: Dossier) -> Common | None:
    """What the badge has in common with others of its class; None when it may be unlike any other."""
    credential = dossier.credential
    content = credential.content if credential is not None else None
    if credential is None or content is None or content.node is None:
        return None
    if (
        credential.evidence  # a hosted badge rests on its own address, so no two are alike
        or content.problem is not None
        or content.extended
        or content.version != "2.0"
        or dossier.unsupported is not None
        or dossier.withdrawn
        or dossier.jws_problem is not None
        or (dossier.jws is not None and not dossier.methods.signed)
        or dossier.achievement_embedded is not None
        or dossier.issuer_embedded is not None
        or len(dossier.achievement_id or "") > LIMITS.url_characters  # no address, and nobody else has it
        or called_revoked(content.node)
    ):
        return None
    return Common(
        words(content.node, "type"),
        content.bom,
        content.undefined,
        content.unknown_contexts,
        survey(content, tables.ASSERTION),
        dossier.methods,
        dossier.achievement_id,
        dossier.achievement,
        dossier.issuer_id,
        dossier.issuer,
        dossier.revocation_list,
    )


def judged(common: Common, checks: Sequence[tuple[int, CommonCheck]]) -> Block:
    """The findings of `checks`, each with its place. Whatever one of them raises is passed on."""
    dossier = _stand_in(common)
    found = {place: tuple(check(dossier, common.survey)) for place, check in checks}
    findings: dict[int, tuple[Finding, ...]] = {}
    first = -1
    for place, some in found.items():
        # What stands side by side in every report is one part of it.
        first = place if place - 1 not in found else first
        findings[place] = ()
        findings[first] += some
    every = [finding for some in findings.values() for finding in some]
    return Block(
        findings,
        frozenset(finding.check for finding in every),
        frozenset(finding.check for finding in every if finding.outcome is not Outcome.PASSED),
    )


def _stand_in(common: Common) -> Dossier:
    """A dossier for all badges with this in common. Every member is either in `common`, or the same for all, or withheld."""
    content = Content(
        sha256="",
        node=_Members({"type": list(common.kinds), "revoked": None, "revokedAssertions": None}),
        bom=common.bom,
        undefined=common.undefined,
        unknown_contexts=common.unknown_contexts,
    )
    return Dossier(
        subject=cast(Subject, _WITHHELD),
        raw_sha256="",
        methods=common.methods,
        credential=Document(Role.ASSERTION, content=content),
        achievement_id=common.achievement_id,
        achievement=common.achievement,
        issuer_id=common.issuer_id,
        issuer=common.issuer,
        revocation_list=common.revocation_list,
        hosted=cast(Document, _WITHHELD),
        brought=cast(Document, _WITHHELD),
        keys=cast("tuple[()]", _WITHHELD),
        pictures=cast("tuple[()]", _WITHHELD),
        endorsements=cast("tuple[()]", _WITHHELD),
        evidence=cast("tuple[()]", _WITHHELD),
        stamps=cast("tuple[()]", _WITHHELD),
    )


class WithheldError(Exception):
    """A check in common reached for something that badges of one class do not have in common."""


class _Members(Mapping[str, Json]):
    """Those members of a credential that are the same for all; asking for any other raises."""

    def __init__(self, members: Mapping[str, Json]) -> None:
        self._members = members

    def __getitem__(self, name: str) -> Json:
        if name not in self._members:
            raise WithheldError(name)
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        raise WithheldError("members")

    def __len__(self) -> int:
        raise WithheldError("members")


class _Withheld:
    """Stands where each badge has something of its own."""

    def __getattr__(self, name: str) -> NoReturn:
        raise WithheldError(name)

    def __iter__(self) -> NoReturn:
        raise WithheldError("what stands here")

    def __bool__(self) -> bool:
        raise WithheldError("whether something stands here")


_WITHHELD = _Withheld()
