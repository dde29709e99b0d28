"""Badge pictures made ready to be shown. The only module that opens a foreign picture.

A foreign picture is measured before it is decoded, and an SVG is drawn in another process. What is too big, too deep or
not understood becomes None, and the place that wanted it draws a placeholder. Never raises on what a picture holds, never
judges a badge by it.
"""

from __future__ import annotations

import base64
import io
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wallet.limits import LIMITS, Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type that defusedxml gives back

    from PIL.Image import Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# All that is needed to draw. Text, profiles, EXIF and animation stay out: they are where bombs and secrets live.
_DRAWN_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"})
_DRAWING_SECONDS = 8.0
_BAND = 64
_DRAWN_CHARACTERS = 10**6
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe to show: a PNG made by us, without anything but pixels. Sizes in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def data_url(self) -> str:
        """The picture inside its own address, for a page that loads nothing."""
        return f"data:image/png;base64,{base64.b64encode(self.data).decode('ascii')}"


def picture(data: bytes, *, side: int = 512, limits: Limits = LIMITS) -> Picture | None:
    """`data`, a PNG or an SVG, as a picture of at most `side` pixels each way, or None when it cannot be shown safely."""
    if len(data) > limits.picture_bytes:
        return None
    if data.startswith(PNG_MAGIC):
        return _png(data, side, limits)
    drawn = _drawn(data) if _is_plain_svg(data, limits) else None
    return _png(drawn, side, limits, trim=True) if drawn is not None else None


def raster(data: bytes, *, side: int = 512, limits: Limits = LIMITS) -> bytes | None:
    """As `picture`, only the PNG bytes."""
    found = picture(data, side=side, limits=limits)
    return found.data if found is not None else None


@lru_cache(maxsize=64)
def _drawn(svg: bytes) -> bytes | None:
    """An SVG as PNG bytes, drawn in a process that may hang or die without harm; about 0.1 s."""
    from exporters.fonts import font_folders

    command = [sys.executable, "-I", str(Path(__file__).with_name("svg_worker.py")), *map(str, font_folders())]
    try:
        done = subprocess.run(command, input=svg, capture_output=True, timeout=_DRAWING_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and done.stdout.startswith(PNG_MAGIC) else None


def _png(data: bytes, side: int, limits: Limits, *, trim: bool = False) -> Picture | None:
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= limits.decoded_side_pixels and 0 < height <= limits.decoded_side_pixels):
        return None
    from PIL import Image, UnidentifiedImageError  # 60 ms, only where pictures are drawn

    try:
        with Image.open(io.BytesIO(_only_drawn_chunks(data)), formats=("PNG",)) as opened:
            has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            drawn = _made_small(opened, "RGBA" if has_alpha else "RGB", side)
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error, struct.error, UnidentifiedImageError, MemoryError):
        return None
    if trim:
        box = drawn.getbbox()
        if box is None:  # nothing was drawn
            return None
        drawn = drawn.crop(box)
    drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    drawn.save(out, "PNG", compress_level=3)  # a third of the time of 6, a few percent larger
    return Picture(out.getvalue(), drawn.width, drawn.height)


def _made_small(opened: Image, mode: str, side: int) -> Image:
    """`opened` in `mode`, at least twice as large as it will be shown. Band by band, so that its pixels are held only once."""
    from PIL import Image

    factor = max(opened.size) // (2 * side)
    if factor < 2:  # nothing to gain
        return opened.convert(mode)
    width, height = opened.size
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, _BAND * factor):
        band = opened.crop((0, top, width, min(top + _BAND * factor, height)))
        small.paste(band.convert(mode).reduce(factor), (0, top // factor))
    return small


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


def _is_plain_svg(data: bytes, limits: Limits) -> bool:
    """Whether `data` is an SVG without entities whose drawing repeats no more than it may."""
    if b"<" not in data[:4096]:
        return False
    # Counted before the tree is built: each element takes a hundred times the bytes that it is written with.
    if data.count(b"<") > 2 * limits.svg_elements + 100 or data.count(b"=") > limits.svg_attributes:
        return False
    from xml.etree.ElementTree import ParseError  # noqa: TID251 - only the name of the error

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    # What a DOCTYPE gives to every element of a name is not drawn either, and could be gigabytes.
    parser.parser.specified_attributes = True
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return False
    return root.tag == f"{_SVG}svg" and _drawable(root, limits)


def _drawable(root: Element, limits: Limits) -> bool:
    """Whether few enough elements are drawn: `use` may repeat what repeats again, and so on."""
    by_id: dict[str, Element] = {}
    stack = [(root, 1)]
    order: list[Element] = []
    written = 0
    while stack:
        element, depth = stack.pop()
        order.append(element)
        written += len(element.text or "") + len(element.tail or "")
        if written > _DRAWN_CHARACTERS:  # a megabyte of text takes 45 megabytes to draw
            return False
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
