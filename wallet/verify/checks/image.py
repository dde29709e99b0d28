"""Whether the pictures of a badge really are pictures: PNG or SVG by their bytes, whatever their label says (checks 55 to 57).

Nothing is drawn or decoded to pixels; a PNG is walked chunk by chunk, an SVG is parsed without entities or external parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from wallet.documents.png import SIGNATURE, read_chunks
from wallet.documents.svg import parse_svg
from wallet.limits import LIMITS
from wallet.verify.dossier import Dossier, Picture
from wallet.verify.findings import failed, note, passed, undetermined, unread, waits, warning
from wallet.verify.remedies import say
from wallet.verify.report import Finding, Role

_SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
_LABELS = {"png": frozenset({"image/png", "image/x-png"}), "svg": frozenset({"image/svg+xml", "image/svg"})}
_CACHED_BYTES = 64 * 2**10
_SNIFFED_BYTES = 1024
_NOT_XML = frozenset({"prefix", "xml"})
#: Why `parse_svg` stopped, in the words of the remedies; its other reasons are all sizes.
_CAUSES = {"entities": "image-entities", "too-deep": "too-deep"}
_WORDS = {
    "image.achievement": "the achievement's picture",
    "image.assertion": "the badge's own picture",
    "image.issuer": "the issuer's picture",
}


def image(dossier: Dossier) -> Iterable[Finding]:
    """Checks 55 to 57."""
    achievement = dossier.picture(Role.ACHIEVEMENT_IMAGE)
    if achievement is None:
        yield waits("image.achievement", "This waits until the achievement says where its picture is.")
    else:
        yield from _picture("image.achievement", achievement)
    for check, role in (("image.assertion", Role.ASSERTION_IMAGE), ("image.issuer", Role.ISSUER_IMAGE)):
        picture = dossier.picture(role)
        if picture is not None:
            yield from _picture(check, picture)


def _picture(check: str, picture: Picture) -> Iterable[Finding]:
    words = _WORDS[check]
    if picture.body is None:
        finding = unread(check, picture.unread or "bad-url", words)
        if check == "image.achievement":
            yield finding
        else:
            yield note(check, finding.summary)
        return
    kind, cause, detail = picture_kind(picture.body)
    if cause:
        summary = f"{say(cause, words)[:-1]} ({detail})."
        yield undetermined(check, cause, summary, evidence=picture.evidence)
        return
    if not kind:
        summary = f"{words[:1].upper()}{words[1:]} is neither a PNG nor an SVG."
        yield failed(
            check, "image-type", summary, expected="PNG or SVG", found=picture.label, evidence=picture.evidence
        )
        return
    article = "a PNG" if kind == "png" else "an SVG"
    yield passed(check, f"{words[:1].upper()}{words[1:]} is {article}.", picture.evidence)
    label = (picture.label or "").partition(";")[0].strip().lower()
    if label and label not in _LABELS[kind]:
        summary = f"{words[:1].upper()}{words[1:]} is {article}, but is labelled otherwise."
        yield warning(
            "image.label", summary, expected=f"image/{'png' if kind == 'png' else 'svg+xml'}", found=label[:100]
        )


class Looked(NamedTuple):
    """`png`, `svg`, or "" for everything else; with `cause` and `detail` when a cap kept it from being told."""

    kind: str
    cause: str = ""
    detail: str = ""


def picture_kind(body: bytes) -> Looked:
    """What the bytes are."""
    return _cached_kind(body) if len(body) <= _CACHED_BYTES else _kind(body)


def _kind(body: bytes) -> Looked:
    if body.startswith(SIGNATURE):
        return Looked("png" if _is_png(body) else "")
    return _svg_or_not(body)


_cached_kind = lru_cache(maxsize=256)(_kind)


def _is_png(body: bytes) -> bool:
    """Signature, IHDR first, every chunk whole with its CRC right, IEND at the end."""
    first = True
    for chunk in read_chunks(body):
        if not chunk.crc_ok or (first and (chunk.type != b"IHDR" or len(chunk.body) != 13)):
            return False
        if chunk.type == b"IEND":
            return True
        first = False
    return False


def _svg_or_not(body: bytes) -> Looked:
    """An SVG when the root is `svg` in its namespace and the document is well formed. A cap judges neither way."""
    if b"<" not in body.lstrip()[:_SNIFFED_BYTES]:
        return Looked("")
    if len(body) > LIMITS.image_body_bytes:
        return Looked("", "too-big", f"{LIMITS.image_body_bytes:,} bytes is the most")
    parsed = parse_svg(body, LIMITS)
    if parsed.root not in ("", _SVG_ROOT) or parsed.trouble in _NOT_XML:
        return Looked("")
    if parsed.trouble:
        return Looked("", _CAUSES.get(parsed.trouble, "too-big"), parsed.detail)
    return Looked("svg")
