"""`badgefolio-bundle/1`: what a learner hands to somebody, as `bundle.json` inside a zip says it. Pure.

Everything in a bundle is its sender's word: a reader uses the originals in it and their own checks, and takes from here only
for whom it was made, until when, and under which identities the learner wishes to be known (exporting.md 6, advisor.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from wallet.errors import WalletError
from wallet.model import Identity

FORMAT = "badgefolio-bundle/1"
#: The name of the description inside the zip.
MEMBER = "bundle.json"
#: The digests of all other files in the zip, the description among them, as `sha256sum --check` reads them.
SUMS = "SHA256SUMS"
#: What `BundleFile.part` may be.
ORIGINAL, PAYLOAD, EVIDENCE, README = "original", "payload", "evidence", "readme"


class BundleError(WalletError):
    """A description that calls itself a bundle's and cannot be read as one. Exit code 1."""

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "bundle"


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of the bundle. path: inside the zip, and never one on a disk. size in bytes.

    part: "original", "payload" (the credential inside an original picture), "evidence" or "readme". url, status, fetched: of
    evidence, as it was fetched.
    """

    path: str
    sha256: str
    size: int
    media_type: str
    part: str
    url: str | None = None
    status: int | None = None
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class BundleBadge:
    """One badge as the sender describes it. id: as their wallet names it, the sha256 of a credential's bytes.

    files: paths of `BundleFile`; without an original it is described, not verifiable.
    """

    id: str
    name: str
    issuer: str
    issuer_id: str | None = None
    achievement_id: str | None = None
    issued: date | None = None
    expires: date | None = None
    verdict: str | None = None
    as_of: datetime | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was handed over. audience: for whom. until: the last day on which it may be kept and used. consent: their words.

    identities: only those that the learner chose to tell. pathways: ids of those meant. left_out: how many badges stayed behind,
    by reason. person: the learner's name as they wrote it, "" for none.
    """

    created: datetime
    audience: str
    purpose: str
    consent: str = ""
    given: date | None = None
    until: date | None = None
    person: str = ""
    identities: tuple[Identity, ...] = ()
    pathways: tuple[str, ...] = ()
    badges: tuple[BundleBadge, ...] = ()
    files: tuple[BundleFile, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    tool: str = ""
