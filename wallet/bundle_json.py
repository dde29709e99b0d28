"""How the description of a bundle is written and read: `write_bundle` and `read_bundle`. Pure.

Writing is deterministic. Reading takes what anybody may have sent: strict JSON within the caps, members that are not known left
alone, and one sentence for anything that cannot be read. Nothing here is checked against the files: that is for who has them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from wallet.bundle import FORMAT, MEMBER, Bundle, BundleBadge, BundleError, BundleFile
from wallet.documents.strict_json import JsonProblem, parse_object
from wallet.limits import LIMITS, Limits
from wallet.model import Identity, Json, JsonObject
from wallet.text import clean

_SHA = re.compile(r"[0-9a-f]{64}")
_TEXT_CHARACTERS = 8_000
_ASK_AGAIN = "Ask the sender to export the bundle again and to send that file as it is."
_T = TypeVar("_T")


def write_bundle(bundle: Bundle) -> bytes:
    """The description as JSON in UTF-8. The same bundle gives the same bytes; members that say nothing are left out."""
    value: dict[str, Json] = {
        "format": FORMAT,
        "created": _stamp(bundle.created),
        "tool": bundle.tool,
        "for": bundle.audience,
        "purpose": bundle.purpose,
        "until": _iso(bundle.until),
        "consent": _told({"text": bundle.consent, "given": _iso(bundle.given)}),
        "person": bundle.person,
        "identities": [{"type": one.type, "value": one.value} for one in bundle.identities],
        "pathways": bundle.pathways,
        "left_out": dict(bundle.left_out),
    }
    value = _told(value)
    value["badges"] = [_badge(badge) for badge in bundle.badges]
    value["files"] = [_file(file) for file in bundle.files]
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8") + b"\n"


def _badge(badge: BundleBadge) -> Json:
    return _told(
        {
            "id": badge.id,
            "name": badge.name,
            "issuer": badge.issuer,
            "issuer_id": badge.issuer_id,
            "achievement_id": badge.achievement_id,
            "issued": _iso(badge.issued),
            "expires": _iso(badge.expires),
            "verdict": badge.verdict,
            "as_of": _stamp(badge.as_of),
            "files": badge.files,
        }
    )


def _file(file: BundleFile) -> Json:
    return {
        "path": file.path,
        "part": file.part,
        "sha256": file.sha256,
        "size": file.size,
        "media_type": file.media_type,
        **_told({"url": file.url, "status": file.status, "fetched": _stamp(file.fetched)}),
    }


def _told(members: dict[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in members.items() if value not in (None, "", (), [], {})}


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment is not None else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def is_bundle(data: bytes, limits: Limits = LIMITS) -> bool:
    """Whether `data` calls itself the description of a bundle, of whatever version."""
    try:
        value = parse_object(data, limits).get("format")
    except JsonProblem:
        # One flipped byte must not make it something else: what it calls itself stands in its first line.
        return b'"badgefolio-bundle/' in data[:200]
    return isinstance(value, str) and value.startswith("badgefolio-bundle/")


def read_bundle(data: bytes, limits: Limits = LIMITS) -> Bundle:
    """What `data`, the bytes of a `bundle.json`, says. Raises `BundleError`, and nothing else, whatever the bytes are."""
    try:
        value = parse_object(data, limits)
    except JsonProblem as problem:
        where = f" (line {problem.line})" if problem.line is not None else ""
        raise BundleError(
            f"The description of the bundle, {MEMBER}, cannot be read: {problem.message}{where}.", _ASK_AGAIN
        ) from problem
    form = value.get("format")
    if form != FORMAT:
        newer = isinstance(form, str) and form.startswith("badgefolio-bundle/")
        told = (
            f"it calls itself '{clean(str(form), limit=40)}'" if form is not None else "it does not say that it is one"
        )
        raise BundleError(
            f"{MEMBER} is not the description of a bundle as this version knows it: {told}.",
            "Install a later version of badgefolio." if newer else _ASK_AGAIN,
        )
    members = _Members(value, "")
    consent = members.inside("consent")
    bundle = Bundle(
        created=members.needed("created", members.moment),
        audience=members.text("for"),
        purpose=members.text("purpose"),
        consent=consent.text("text"),
        given=consent.day("given"),
        until=members.day("until"),
        person=members.text("person"),
        identities=tuple(Identity(one.text("type"), one.text("value")) for one in members.each("identities", limits)),
        pathways=members.texts("pathways", limits),
        badges=tuple(_read_badge(one, limits) for one in members.each("badges", limits)),
        files=tuple(_read_file(one) for one in members.each("files", limits)),
        left_out=members.counts("left_out", limits),
        tool=members.text("tool"),
    )
    paths = [file.path for file in bundle.files]
    if len(set(paths)) != len(paths):
        raise _wrong("files", "names one path twice")
    return bundle


def _read_badge(members: _Members, limits: Limits) -> BundleBadge:
    return BundleBadge(
        id=members.text("id"),
        name=members.text("name"),
        issuer=members.text("issuer"),
        issuer_id=members.maybe("issuer_id"),
        achievement_id=members.maybe("achievement_id"),
        issued=members.day("issued"),
        expires=members.day("expires"),
        verdict=members.maybe("verdict"),
        as_of=members.moment("as_of"),
        files=members.texts("files", limits),
    )


def _read_file(members: _Members) -> BundleFile:
    return BundleFile(
        path=members.needed("path", members.maybe),
        sha256=members.sha("sha256"),
        size=members.needed("size", members.number),
        media_type=members.text("media_type"),
        part=members.text("part"),
        url=members.maybe("url"),
        status=members.number("status"),
        fetched=members.moment("fetched"),
    )


def _wrong(path: str, what: str) -> BundleError:
    return BundleError(
        f"The description of the bundle, {MEMBER}, cannot be read: '{clean(path, limit=80)}' {what}.", _ASK_AGAIN
    )


class _Members:
    """The members of one object, each of the type that was asked for or a `BundleError` that names it."""

    def __init__(self, value: JsonObject, path: str) -> None:
        self._value, self._path = value, path

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def needed(self, key: str, read: Callable[[str], _T | None]) -> _T:
        value = read(key)
        if value is None:
            raise _wrong(self._at(key), "is missing")
        return value

    def maybe(self, key: str) -> str | None:
        value = self._value.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > _TEXT_CHARACTERS:
            raise _wrong(self._at(key), f"is no text of at most {_TEXT_CHARACTERS:,} characters")
        return value

    def text(self, key: str) -> str:
        return self.maybe(key) or ""

    def sha(self, key: str) -> str:
        value = self.text(key)
        if not _SHA.fullmatch(value):
            raise _wrong(self._at(key), "is no sha256 of 64 small hexadecimal digits")
        return value

    def number(self, key: str) -> int | None:
        value = self._value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise _wrong(self._at(key), "is no whole number")
        return value

    def moment(self, key: str) -> datetime | None:
        text = self.maybe(key)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            raise _wrong(self._at(key), "is no time such as 2026-11-21T10:00:00Z") from None

    def day(self, key: str) -> date | None:
        text = self.maybe(key)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _wrong(self._at(key), "is no date such as 2026-11-21") from None

    def inside(self, key: str) -> _Members:
        value = self._value.get(key)
        if value is None:
            return _Members({}, self._at(key))
        return _Members(_object(value, self._at(key)), self._at(key))

    def _list(self, key: str, limits: Limits) -> Sequence[Json]:
        value = self._value.get(key)
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise _wrong(self._at(key), "is no list")
        if len(value) > limits.archive_entries:
            raise _wrong(self._at(key), f"is longer than {limits.archive_entries:,}")
        return value

    def each(self, key: str, limits: Limits) -> list[_Members]:
        found = []
        for number, value in enumerate(self._list(key, limits)):
            path = f"{self._at(key)}[{number}]"
            found.append(_Members(_object(value, path), path))
        return found

    def texts(self, key: str, limits: Limits) -> tuple[str, ...]:
        found: list[str] = []
        for value in self._list(key, limits):
            if not isinstance(value, str) or len(value) > _TEXT_CHARACTERS:
                raise _wrong(self._at(key), "holds what is no text")
            found.append(value)
        return tuple(found)

    def counts(self, key: str, limits: Limits) -> tuple[tuple[str, int], ...]:
        inside = self.inside(key)
        if len(inside._value) > limits.archive_entries:
            raise _wrong(self._at(key), f"is longer than {limits.archive_entries:,}")
        return tuple((name, inside.number(name) or 0) for name in inside._value)


def _object(value: Json, path: str) -> JsonObject:
    if isinstance(value, Sequence | bool | int | float) or value is None:
        raise _wrong(path, "is no object")
    return value
