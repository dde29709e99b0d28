"""What of the learner would leave with a file: found by looking at the bytes themselves, so that a preview leaves nothing out.

Looks, and changes nothing: an original is whole or absent. Only texts of ours can have an address withheld.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from exporters.words import public_link
from wallet.documents.jws import COMPACT, peek
from wallet.documents.strict_json import JsonProblem, parse
from wallet.found import Kind
from wallet.model import Credential, Identity, Json
from wallet.text import clean, plural

WITHHELD = "[address withheld]"
_SHORTEST = 4
_ADDRESS = re.compile(rb"https?://[^\s\"'<>\\]{1,2000}")
_LOCAL_PATH = re.compile(rb"file:///|/home/[^/\s\"]+/|/Users/[^/\s\"]+/|[A-Z]:\\{1,2}Users\\", re.IGNORECASE)
_CAMERA = (b"eXIf", b"Raw profile type exif", b"xmpmeta")


@dataclass(frozen=True, slots=True)
class Personal:
    """One personal field that would go out. where: in which parts. badges: names, clean, of those it is about. remark: why it
    matters, or ""."""

    field: str
    where: str
    badges: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One file to look at. badge: its name. kind: set for a credential. captured: what the issuer's site answered."""

    badge: str
    data: bytes
    kind: Kind | None = None
    captured: bool = False


class Withholding:
    """Takes the learner's identities out of texts of ours. Those that they chose to tell are not among them."""

    def __init__(self, identities: Sequence[Identity]) -> None:
        values = [one.value for one in identities if len(one.value) >= _SHORTEST]
        self._secret = re.compile("|".join(map(re.escape, values)), re.IGNORECASE) if values else None

    def __call__(self, text: str, limit: int = 200) -> str:
        """`text`, clean and without them."""
        return clean(self._secret.sub(WITHHELD, text) if self._secret is not None else text, limit=limit)

    def hides(self, url: str) -> bool:
        """Whether an address holds one of them."""
        return self._secret is not None and self._secret.search(unquote(url)) is not None


def personal_fields(
    person: str, told: Sequence[Identity], known: Sequence[Identity], seen: Iterable[Seen], consent: str = ""
) -> tuple[Personal, ...]:
    """Every personal field. told: identities that the learner chose to tell. known: all of theirs, which are looked for."""
    fields = [Personal(f"your name: {person}", "bundle.json, README.txt")] if person else []
    fields += [Personal(f"your identity: {clean(str(one), limit=200)}", "bundle.json") for one in told]
    if consent:
        fields.append(Personal("your words of consent", "bundle.json, README.txt"))
    files = tuple(seen)
    captured = sum(file.captured for file in files)
    fields += noticed(person, known, files)
    fields.append(Personal("names, issuers, dates and states of the badges", "bundle.json, README.txt"))
    if captured:
        fields.append(
            Personal(f"when you checked them ({plural(captured, 'captured document')})", "bundle.json, evidence")
        )
    if not told:
        fields.append(Personal("no address of yours to match the badges with", "", remark=_UNMATCHED))
    return tuple(fields)


def noticed(person: str, known: Sequence[Identity], seen: Iterable[Seen]) -> list[Personal]:
    """What of the learner stands in files of others: each field once for the originals and once for the evidence."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for file in seen:
        where = "evidence" if file.captured else "originals"
        for field in _fields(file, person, known):
            found.setdefault((field, where), {}).setdefault(file.badge)
    return [Personal(field, where, tuple(badges), _REMARKS.get(field, "")) for (field, where), badges in found.items()]


_HASHED = "your address as salt and hash"
_WORK = "links or words about your work"
_OPENS = "an address that looks as if it opens an account"
_CAMERA_NOTES = "notes of a camera or an editor in a picture"
_PATH = "a path on somebody's computer"
_REMARKS = {
    _HASHED: "Whoever knows or guesses your address can confirm with it that the badge is yours.",
    _WORK: "Whoever has the file can open what is behind such a link.",
    _OPENS: "An original is never altered: leave the badge out if that link is a secret.",
    _CAMERA_NOTES: "They may tell a place or a device. An original is never altered.",
    _PATH: "An original is never altered.",
}
_UNMATCHED = (
    "The reader cannot tell whether the badges are yours, and will see them as not matched to anybody."
    " Tell the address they were awarded to along with it if you want that."
)


def _fields(file: Seen, person: str, known: Sequence[Identity]) -> list[str]:
    from wallet.documents.openbadges2 import claims  # brings the document readers along

    text = _readable(file.data)
    found: list[str] = []
    credential = claims(file.data, file.kind) if file.kind is not None else None
    if credential is not None:
        found += _claimed(credential)
    elif file.captured and b'"recipient"' in text and b'"salt"' in text:
        found.append(_HASHED)
    lower = text.lower()
    for one in known:
        value = one.value.lower()
        spellings = {value.encode(), quote(value).encode(), quote(value, safe="").lower().encode()}
        if len(value) >= _SHORTEST and any(spelling in lower for spelling in spellings):
            found.append(f"your identity in plain text: {clean(str(one), limit=200)}")
    if len(person) >= _SHORTEST and person.lower().encode() in lower:
        found.append("your name in plain text")
    if any(_opens_something(url) for url in set(_ADDRESS.findall(text))):
        found.append(_OPENS)
    if _LOCAL_PATH.search(text):
        found.append(_PATH)
    if file.data.startswith(b"\x89PNG") and any(mark in file.data for mark in _CAMERA):
        found.append(_CAMERA_NOTES)
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4_096)
def _opens_something(url: bytes) -> bool:
    """Badges of one issuer name the same few addresses over and over."""
    return public_link(url.decode("utf-8", "replace")) is None


def _claimed(credential: Credential) -> list[str]:
    found: list[str] = []
    recipient = credential.recipient
    if recipient is not None and (recipient.hashed or "$" in recipient.identity):
        found.append(_HASHED)
    elif recipient is not None:
        found.append(f"your identity in plain text: {clean(f'{recipient.type}:{recipient.identity}', limit=200)}")
    if credential.work_evidence or credential.narrative:
        found.append(_WORK)
    return found


def _readable(data: bytes) -> bytes:
    """What is written in a file as somebody would read it: base64 and escapes hide words from a plain search."""
    if COMPACT.fullmatch(data.strip()):
        value: Json = peek(data.strip())
    else:
        try:
            value = parse(data).value
        except JsonProblem:
            value = None
    return data if value is None else data + json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
