"""What the row of a badge needs of a report: nine tenths of a stored report are findings, which no row shows.

The same facts come from a report that was just made and from the line of a pack that was written then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from wallet.model import Credential, JsonObject
from wallet.verify.report import Outcome, Role

if TYPE_CHECKING:
    from wallet.verify.report import Report

PICTURES = (Role.ASSERTION_IMAGE, Role.ACHIEVEMENT_IMAGE)


@dataclass(frozen=True, slots=True)
class Facts:
    """Fields as in `Report`. picture: the name of the first picture's bytes that was fetched.

    said: a name for what was said besides how it ended, which is credential and picture; "" where none was made.
    """

    as_of: datetime
    authentic: Outcome
    yours: Outcome
    still_good: Outcome
    offline: bool
    credential: Credential | None
    picture: str | None
    said: str = ""


def facts_of(report: Report, credential: bytes) -> Facts:
    """The facts of a report in hand. credential: as it is written down."""
    answered = [
        item.fetched
        for role in PICTURES
        for item in report.evidence
        if item.role is role and item.fetched.failure is None and item.fetched.status == 200
    ]
    picture = answered[0].sha256 if answered else None
    return Facts(
        as_of=report.as_of,
        authentic=report.authentic,
        yours=report.yours,
        still_good=report.still_good,
        offline=report.offline,
        credential=report.credential,
        picture=picture,
        said=sha256(b"%b %b" % ((picture or "").encode("ascii"), credential)).hexdigest(),
    )


def read_facts(report: JsonObject) -> Facts | None:
    """The facts of a stored report, or None if it is none."""
    from wallet.documents.openbadges2 import read_credential  # which a wallet without reports does not need

    credential = report.get("credential")
    try:
        return Facts(
            as_of=datetime.fromisoformat(str(report.get("as_of"))),
            authentic=Outcome(str(report.get("authentic"))),
            yours=Outcome(str(report.get("yours"))),
            still_good=Outcome(str(report.get("still_good"))),
            offline=report.get("offline") is True,
            credential=read_credential(credential) if isinstance(credential, Mapping) else None,
            picture=_picture(report.get("evidence")),
        )
    except ValueError:
        return None


def _picture(evidence: object) -> str | None:
    if not isinstance(evidence, Sequence):
        return None
    for role in PICTURES:
        for item in evidence:
            if isinstance(item, Mapping) and item.get("role") == role and item.get("status") == 200:
                sha = item.get("sha256")
                if isinstance(sha, str):
                    return sha
    return None
