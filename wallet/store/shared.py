"""What was handed to whom: from a bundle that was written to log lines, and back to records. Pure but for the reader given.

To whom and why name people, so they lie in an object and the log holds its hash. A record says what the learner did; what became
of the file since is known to nobody, so nothing here is ever taken back.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wallet.model import Json, JsonObject
from wallet.store.describe import Reader
from wallet.store.events import Draft
from wallet.store.state import Shared

FORMAT = "badgefolio-disclosure/1"
#: Badges named in one line of the log: 64 digits each, well below the longest line.
_BADGES_A_LINE = 500


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Badges that were handed out. what: the kind of export. to, purpose: the learner's words. sha256: of the file.

    badges: full ids, as they were then. until: the last day of use that was agreed. when: None while it is still to be recorded.
    """

    what: str
    to: str
    purpose: str
    until: date | None
    sha256: str
    badges: tuple[str, ...]
    when: datetime | None = None


def content_of(disclosure: Disclosure) -> bytes:
    """The object; salted, because a name could be guessed from a bare hash."""
    value: dict[str, Json] = {
        "format": FORMAT,
        "what": disclosure.what,
        "to": disclosure.to,
        "purpose": disclosure.purpose,
        "until": disclosure.until.isoformat() if disclosure.until is not None else None,
        "sha256": disclosure.sha256,
        "salt": secrets.token_hex(16),
    }
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def drafts(badges: Sequence[str], about: str) -> list[Draft]:
    """The lines, all of one change."""
    starts = range(0, max(len(badges), 1), _BADGES_A_LINE)
    return [
        Draft("shared", None, {"raws": list(badges[start : start + _BADGES_A_LINE]), "about": about})
        for start in starts
    ]


def disclosures(lines: Iterable[Shared], reader: Reader) -> tuple[Disclosure, ...]:
    """The records, earliest first. One whose object is not here (not synced yet) is told with its badges alone."""
    parts: dict[tuple[str, int], list[Shared]] = {}
    for line in lines:
        parts.setdefault((line.event.dev, line.event.op), []).append(line)
    return tuple(_record(some, reader.json(some[0].about) or {}) for some in parts.values())


def _record(lines: Sequence[Shared], about: JsonObject) -> Disclosure:
    def text(key: str) -> str:
        value = about.get(key)
        return value if isinstance(value, str) else ""

    try:
        until = date.fromisoformat(text("until"))
    except ValueError:
        until = None
    return Disclosure(
        what=text("what"),
        to=text("to"),
        purpose=text("purpose"),
        until=until,
        sha256=text("sha256"),
        badges=tuple(badge for line in lines for badge in line.badges),
        when=lines[0].event.when,
    )
