"""Badge pictures made ready to be shown. The only module of the exporters that opens a picture.

A foreign picture is measured before it is decoded; what is too big, too deep or not understood becomes None, and the
place that wanted it draws a placeholder. Never raises on what a picture holds, never judges a badge by it.
"""

from __future__ import annotations

import base64
import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wallet.limits import LIMITS, Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type that defusedxml gives back

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# All that is needed to draw. Text, profiles, EXIF and animation stay out: they are where bombs and secrets live.
_DRAWN_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"})
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe to draw: a PNG made by us, or an SVG that was looked through. Sizes in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def data_url(self) -> str:
        """The picture inside its own address, for a page that loads nothing."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"


def picture(data: bytes, *, side: int = 512, limits: Limits = LIMITS) -> Picture | None:
    """`data` as a picture to show, at most `side` pixels wide and high, or None when it cannot be shown safely."""
    if len(data) > limits.picture_bytes:
        return None
    return _png(data, side, limits) if data.startswith(PNG_MAGIC) else _svg(data, limits)


def _png(data: bytes, side: int, limits: Limits) -> Picture | None:
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= limits.decoded_side_pixels and 0 < height <= limits.decoded_side_pixels):
        return None
    from PIL import Image, UnidentifiedImageError  # 60 ms, only where pictures are drawn

    try:
        with Image.open(io.BytesIO(_only_drawn_chunks(data)), formats=("PNG",)) as opened:
            has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            drawn = opened.convert("RGBA" if has_alpha else "RGB")
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error, struct.error, UnidentifiedImageError, MemoryError):
        return None
    drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=False)
    return Picture(out.getvalue(), "image/png", drawn.width, drawn.height)


def _only_drawn_chunks(data: bytes) -> bytes:
    kept = [PNG_MAGIC]
    position = len(PNG_MAGIC)
    while position + 12 <= len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        end = position + 12 + length
        if data[position + 4 : position + 8] in _DRAWN_CHUNKS:
            kept.append(data[position:end])
        position = end
    return b"".join(kept)


def _svg(data: bytes, limits: Limits) -> Picture | None:
    if b"<" not in data[:4096]:
        return None
    from xml.etree.ElementTree import ParseError  # noqa: TID251 - only the name of the error

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    if root.tag != f"{_SVG}svg" or not _drawable(root, limits):
        return None
    width, height = _svg_size(root)
    return Picture(data, "image/svg+xml", width, height)


def _drawable(root: Element, limits: Limits) -> bool:
    """Whether drawing costs a bounded amount of work: `use` may repeat what repeats again, and filters fill memory."""
    by_id: dict[str, Element] = {}
    stack = [(root, 1)]
    order: list[Element] = []
    while stack:
        element, depth = stack.pop()
        order.append(element)
        if depth > limits.svg_depth or len(order) > limits.svg_elements:
            return False
        name = element.get("id")
        if name:
            by_id.setdefault(name, element)
        stack.extend((child, depth + 1) for child in element)
    return _cost(root, by_id, {}, (), limits) is not None


def _cost(
    element: Element, by_id: dict[str, Element], known: dict[int, int], path: tuple[int, ...], limits: Limits
) -> int | None:
    """How many elements are drawn for `element`, or None when too many, too deep or in a circle."""
    key = id(element)
    if key in known:
        return known[key]
    if key in path or len(path) > limits.svg_depth:
        return None
    total = 1
    here = (*path, key)
    referred = [by_id[name] for name in _references(element) if name in by_id]
    for child in [*element, *referred]:
        cost = _cost(child, by_id, known, here, limits)
        if cost is None or (total := total + cost) > limits.svg_elements:
            return None
    known[key] = total
    return total


def _references(element: Element) -> list[str]:
    if element.tag != f"{_SVG}use":
        return []
    link = element.get("href") or element.get(f"{_XLINK}href") or ""
    return [link[1:]] if link.startswith("#") else []


def _svg_size(root: Element) -> tuple[int, int]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    numbers = [root.get("width") or "", root.get("height") or ""]
    if len(box) == 4:
        numbers = box[2:]
    sizes: list[int] = []
    for number in numbers:
        try:
            sizes.append(min(max(round(float(number.removesuffix("px"))), 1), 10_000))
        except (ValueError, OverflowError):
            sizes.append(512)
    return sizes[0], sizes[1]
