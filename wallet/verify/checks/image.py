"""Whether the pictures of a badge really are pictures: PNG or SVG by their bytes, whatever their label says (checks 55 to 57).

Nothing is drawn or decoded to pixels; a PNG is walked chunk by chunk, an SVG is parsed without entities or external parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from wallet.documents.png import SIGNATURE, read_chunks
from wallet.documents.svg import parse_svg
from wallet.limits import LIMITS
from wallet.verify.dossier import Dossier, Picture
from wallet.verify.findings import failed, note, passed, unread, waits, warning
from wallet.verify.report import Finding, Role

_SVG_ROOT = "{http://www.w3.org/2000/svg}svg"
_LABELS = {"png": frozenset({"image/png", "image/x-png"}), "svg": frozenset({"image/svg+xml", "image/svg"})}
_CACHED_BYTES = 64 * 2**10
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
    kind = picture_kind(picture.body)
    if kind is None:
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


def picture_kind(body: bytes) -> str | None:
    """`png` or `svg`, or None for everything else."""
    return _cached_kind(body) if len(body) <= _CACHED_BYTES else _kind(body)


def _kind(body: bytes) -> str | None:
    if body.startswith(SIGNATURE):
        return "png" if _is_png(body) else None
    return "svg" if _is_svg(body) else None


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


def _is_svg(body: bytes) -> bool:
    """The root is `svg` in its namespace, and the document is well formed and within bounds."""
    if b"<" not in body[:1024] or len(body) > LIMITS.image_body_bytes:
        return False
    parsed = parse_svg(body, LIMITS)
    return parsed.root == _SVG_ROOT and not parsed.trouble
