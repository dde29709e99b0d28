"""What the wallet tells its callers: frozen rows and details. Plain data without behaviour or I/O.

Texts that come from a badge are foreign and uncleaned here: a face cleans them at the door to the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wallet.found import Carrier, Found, Kind, Note, Step
from wallet.model import Alignment, Commitment, Credential
from wallet.verify.report import Outcome, Verdict

if TYPE_CHECKING:
    from wallet.verify.report_json import ReportSummary


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """One badge as a list shows it: the newest conclusive result, or what the badge says of itself if there is none.

    verdict: None while it was never checked. as_of: what the verdict rests on; checked_at: when it was reached. last_attempt:
    the verdict of the newest run, conclusive or not. online: the issuer was asked in that run, not the evidence. disagree:
    several representations were checked and do not say the same. tags: the issuer's; labels: the learner's. image_sha: an
    object that holds a picture. short: unique prefix of `id`, at least 6 characters.
    """

    id: str
    short: str
    name: str
    issuer_name: str
    issuer_id: str | None
    achievement_id: str | None
    credential_id: str | None
    issued_on: datetime | None
    expires: datetime | None
    verdict: Verdict | None
    as_of: datetime | None
    checked_at: datetime | None
    authentic: Outcome | None
    yours: Outcome | None
    still_good: Outcome | None
    revoked: bool
    online: bool
    last_attempt: Verdict | None
    carrier: Carrier
    kind: Kind
    tags: tuple[str, ...]
    labels: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    criteria: str | None
    image_sha: str | None
    hidden: bool
    added_at: datetime
    disagree: bool = False
    representations: int = 1
    commitment: Commitment | None = None


@dataclass(frozen=True, slots=True)
class Representation:
    """One form in which the badge was brought, with where it came from. `source`, `steps` and `notes` hold foreign text."""

    raw_sha: str
    container_sha: str | None
    kind: Kind
    carrier: Carrier
    source: str
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    fetch_url: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Form:
    """Where the bytes of one representation are, and what they are: enough to read them when their turn comes.

    raw, container: names of the credential's bytes and of the picture that carried them, if one did.
    """

    raw: str
    container: str | None
    kind: Kind
    fetch_url: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One verification that was recorded. report_sha, line: the pack of its batch's reports, and its line there."""

    raw_sha: str
    report_sha: str
    line: int
    verdict: Verdict
    as_of: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Verifications in a row that ended alike: `count` of them, from `first` to `last`.

    reason, cause: the summary (which may quote foreign text) and the cause of what spoke against it in the last of them.
    """

    verdict: Verdict
    first: datetime
    last: datetime
    count: int
    reason: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Badge:
    """All that is known of one badge. `report`: the newest conclusive one, else the newest. `attempts`: newest first."""

    row: BadgeRow
    representations: tuple[Representation, ...]
    credential: Credential | None
    report: ReportSummary | None
    attempts: tuple[Attempt, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one found item. outcome: "added", "duplicate" (the same bytes) or "merged" (another form of a badge)."""

    outcome: str
    badge: str
    found: Found


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, in a phrase such as "removing 2 badges". `count`: its changes, 0 if there was nothing to undo."""

    description: str
    count: int


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One command, or one change of one badge. `time` is what the device's clock said; `summary` is a clean sentence part."""

    time: datetime
    kind: str
    summary: str
    badge: str | None
    op: int
    device: str
    undone: bool = False
