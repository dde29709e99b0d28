"""What bytes that came from somewhere say: as a document, as a picture, or why they say nothing. No I/O, no judgement.

Documents are cached by their bytes, so that a thousand badges read their twenty classes once; large ones are not kept.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from wallet.documents.jsonld import JsonLdProblem, normalise
from wallet.documents.jws import COMPACT
from wallet.documents.languages import is_language_tag
from wallet.documents.strict_json import JsonProblem, parse
from wallet.fetch.base import Fetched
from wallet.limits import LIMITS, Limits
from wallet.model import Json, JsonObject
from wallet.verify.dossier import Content, Problem
from wallet.verify.tables import CLASSES

_CACHED_BYTES = 64 * 2**10
#: Documents up to this size are kept by the hundred; what stands in larger ones can take thirty times as much memory.
_MANY_BYTES = 4 * 2**10
_TERMS = frozenset(prop.name for data_class in CLASSES.values() for prop in data_class.properties) - {"id"}
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF")


def read_content(body: bytes, limits: Limits = LIMITS) -> Content:
    """What `body` says. Each distinct small body is read once: a thousand badges share twenty classes."""
    # Only under the usual limits, which then need no comparing.
    if limits is not LIMITS or len(body) > _CACHED_BYTES:
        return _content(body, limits)
    return _cached_content(body) if len(body) <= _MANY_BYTES else _cached_larger(body)


def _content(body: bytes, limits: Limits = LIMITS) -> Content:
    digest = sha256(body).hexdigest()
    try:
        parsed = parse(body, limits)
    except JsonProblem as problem:
        cause = problem.code if problem.limit else "json"
        place = f" (line {problem.line}, column {problem.column})" if problem.line is not None else ""
        return Content(digest, None, Problem("document.json", not problem.limit, cause, f"{problem.message}{place}"))
    if not isinstance(parsed.value, Mapping):
        message = "it is not a JSON object"
        return Content(digest, None, Problem("document.kind", failed=False, cause="not-a-badge", message=message))
    return read_object(parsed.value, digest, parsed.bom, limits)


_cached_content = lru_cache(maxsize=512)(_content)
_cached_larger = lru_cache(maxsize=32)(_content)


def read_object(value: JsonObject, digest: str, bom: bool, limits: Limits) -> Content:
    try:
        normal = normalise(value, limits)
    except JsonLdProblem as problem:
        if not _any_badge_term(value):
            message = "it has no member of a badge"
            return Content(digest, None, Problem("document.kind", failed=False, cause="not-a-badge", message=message))
        return Content(digest, None, Problem(problem.check, problem.failed, problem.cause, problem.message), bom)
    if normal.version == "2.0" and _TERMS.isdisjoint(normal.node):
        message = "it has no member of a badge"
        return Content(digest, None, Problem("document.kind", failed=False, cause="not-a-badge", message=message))
    return Content(
        digest,
        normal.node,
        bom=bom,
        undefined=normal.undefined,
        unknown_contexts=normal.unknown_contexts,
        version=normal.version,
        language=normal.language or "",
        extended=not normal.fast,
        extensions=normal.extensions,
        language_ok=_is_tag(normal.language) and _is_tag(value.get("@language")),
    )


def _is_tag(value: Json) -> bool:
    return value is None or (isinstance(value, str) and is_language_tag(value))


def _any_badge_term(value: JsonObject) -> bool:
    return any(key in value for key in ("@context", "type", "@type", "badge", "recipient", "issuer", "publicKey"))


def why_unread(fetched: Fetched) -> str | None:
    """The cause for which an answer cannot be used as a document; None when it can (verification.md 2.1)."""
    if fetched.failure is not None:
        return fetched.failure.cause.value
    status = fetched.status or 0
    if status == 200:
        return _other_than_json(fetched.body)
    if status in (401, 403):
        return "http-403"
    if status in (404, 410, 429):
        return f"http-{status}"
    if status >= 500:
        return "http-5xx"
    return "http-4xx" if status >= 400 else "http-other"


def _other_than_json(body: bytes) -> str | None:
    """The cause when what came is meant to be something else than JSON, so that nothing is wrong with the badge as such."""
    start = body[:256].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start or start.startswith(b"<"):
        return "web-page"
    if start.startswith(_PICTURES):
        return "picture-instead"
    return "token-instead" if start.startswith(b"eyJ") and COMPACT.fullmatch(body.strip()) else None


@lru_cache(maxsize=64)
def _small_digest(body: bytes) -> str:
    return sha256(body).hexdigest()


def digest_of(body: bytes) -> str:
    return _small_digest(body) if len(body) <= _CACHED_BYTES else sha256(body).hexdigest()


def revocation_reason(body: bytes) -> str | None:
    """The reason in a 410's body: the only thing that is ever read from an answer other than 200."""
    try:
        value = parse(body).value
    except JsonProblem:
        return None
    said = value.get("revocationReason") if isinstance(value, Mapping) else None
    return said if isinstance(said, str) else None


def read_data_uri(url: str) -> tuple[str | None, bytes | None]:
    """Media type and bytes of a `data:` URI; no bytes when it cannot be read (RFC 2397)."""
    head, comma, data = url[5:].partition(",")
    label = head.split(";")[0].strip().lower() or None
    if not comma:
        return label, None
    raw = unquote_to_bytes(data)
    if not head.lower().rstrip().endswith(";base64"):
        return label, raw
    try:
        return label, base64.b64decode(b"".join(raw.split()), validate=True)
    except binascii.Error:
        return label, None
