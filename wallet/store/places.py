"""What the learner or an advisor said about places of pathways: planned, attested, excepted. From log lines to plain records.

Who and why are free text and name people, so they lie in an object and the log holds its hash. What such a record means for
a figure is the affair of `wallet.pathways.personal`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wallet.model import Json, JsonObject
from wallet.store.describe import Reader
from wallet.store.events import Draft
from wallet.store.state import ABOUT_PLACES, PlaceWord, data_of

FORMAT = "badgefolio-place/1"


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """One record that holds. kind: planned, attested, excepted. about: what was said, as given; foreign text."""

    kind: str
    pathway: str
    place: str
    recorded: datetime
    until: date | None
    about: JsonObject


def content_of(about: Mapping[str, Json]) -> bytes:
    """The object for what was said; salted, because a name could be guessed from a bare hash."""
    value = {"format": FORMAT, **about, "salt": secrets.token_hex(16)}
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def draft(kind: str, pathway: str, place: str, *, on: bool, sha: str | None, until: date | None) -> Draft:
    """The line."""
    assert kind in ABOUT_PLACES
    last = until.isoformat() if until is not None else None
    return Draft(kind, None, data_of(pathway=pathway, place=place, on=on, about=sha, until=last))


def records(words: Iterable[PlaceWord], reader: Reader) -> tuple[PlaceRecord, ...]:
    """What holds, in the order in which it was said.

    A record whose object is not here (not synced yet, purged) cannot be told and is left out: nothing counts on hearsay.
    """
    found: list[PlaceRecord] = []
    for word in words:
        about = reader.json(word.sha) if word.sha is not None else None
        if about is None or about.get("format") != FORMAT:
            continue
        said = {key: value for key, value in about.items() if key not in ("format", "salt")}
        found.append(PlaceRecord(word.kind, word.pathway, word.place, word.event.when, word.until, said))
    return tuple(found)
