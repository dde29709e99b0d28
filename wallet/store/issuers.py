"""Issuers as the wallet knows them: proven when, with which keys, and what the learner thinks of them. Pure but for its reader.

A pin says what was proven and never changes: the first one is what later ones are compared with. Trust is the learner's word;
no verdict hangs on it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from wallet.errors import UsageError
from wallet.store.describe import Reader
from wallet.store.events import Draft
from wallet.store.state import IssuerState, data_of
from wallet.text import clean
from wallet.verify.report import Report, Seen

TRUSTED, DISTRUSTED, NONE = "trusted", "distrusted", "none"
WORDS = (TRUSTED, DISTRUSTED, NONE)
NOTE = "badgefolio-note/1"
# Far more than any address that a server answers at; a longer one would not fit into a line.
ID_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class IssuerRow:
    """One issuer. Names are foreign text, as its badges in the wallet give them; `host` is ASCII, "" if the id has none.

    first_seen: when it was first proven, None while no badge of it was. keys: sha256 of each public key that made a proven
    signature, and since when it is known. badges: how many of it are in the wallet. trust: one of `WORDS`.
    """

    id: str
    host: str
    names: tuple[str, ...] = ()
    first_seen: datetime | None = None
    keys: tuple[tuple[str, datetime], ...] = ()
    badges: int = 0
    trust: str = NONE
    note: str | None = None


def row_of(issuer: str, state: IssuerState | None, names: Iterable[str], badges: int, reader: Reader) -> IssuerRow:
    """`names`: what badges call it."""
    state = state or IssuerState()
    keys: dict[str, datetime] = {}
    for pin in state.pins:
        for key in pin.keys:
            keys.setdefault(key, pin.event.when)
    about = reader.json(state.note) if state.note is not None else None
    text = about.get("text") if about is not None else None
    return IssuerRow(
        id=issuer,
        host=state.pins[0].host if state.pins else _host(issuer),
        names=tuple(dict.fromkeys(name for name in names if name)),
        first_seen=state.pins[0].event.when if state.pins else None,
        keys=tuple(keys.items()),
        badges=badges,
        trust=state.trust,
        note=text if isinstance(text, str) else None,
    )


def _host(issuer: str) -> str:
    try:
        host = urlsplit(issuer).hostname or ""
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""


def pins(reports: Sequence[Report], known: Mapping[str, IssuerState]) -> list[Draft]:
    """The lines for issuers, hosts and keys that these reports prove for the first time."""
    told: dict[str, tuple[set[str], set[str]]] = {
        issuer: ({pin.host for pin in state.pins}, {key for pin in state.pins for key in pin.keys})
        for issuer, state in known.items()
        if state.pins
    }
    drafts: list[Draft] = []
    for seen in dict.fromkeys(report.seen for report in reports if report.seen is not None):
        if len(seen.issuer_id) > ID_CHARACTERS or not _is_news(seen, told):
            continue
        hosts, keys = told.setdefault(seen.issuer_id, (set(), set()))
        new = sorted(set(seen.keys) - keys)
        hosts.add(seen.host)
        keys.update(new)
        drafts.append(Draft("issuer.pinned", None, {"issuer": seen.issuer_id, "host": seen.host, "keys": new}))
    return drafts


def _is_news(seen: Seen, told: Mapping[str, tuple[set[str], set[str]]]) -> bool:
    if seen.issuer_id not in told:
        return True
    hosts, keys = told[seen.issuer_id]
    return seen.host not in hosts or not keys.issuperset(seen.keys)


def check_word(word: str) -> str:
    """Raises `UsageError` unless it is one of `WORDS`."""
    if word not in WORDS:
        raise UsageError(f"'{clean(word, limit=40)}' says nothing about an issuer.", f"Use one of: {', '.join(WORDS)}.")
    return word


def note_object(text: str) -> bytes:
    """The object that holds what the learner wrote; salted, because a short text could be guessed from its hash."""
    value = {"format": NOTE, "text": text, "salt": secrets.token_hex(16)}
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def trust_draft(issuer: str, word: str, note: str | None) -> Draft:
    """The line. `note`: the name of its object."""
    return Draft("issuer.trusted", None, data_of(issuer=issuer, word=word, note=note))
