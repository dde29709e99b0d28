"""Writes a badge into a picture, so that the picture itself is the badge: PNG and SVG as Open Badges Baking 2.0 says.

Nothing is checked about the badge and nothing is read from disk: bytes in, bytes out. Reading it back is for the importers.
"""

from __future__ import annotations

import re
import zlib
from html import escape

from wallet.errors import ExportError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadges"
_TEXT_TYPES = (b"iTXt", b"tEXt", b"zTXt")
_NAMESPACE = "http://openbadges.org"
_SVG_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?svg(?=[\s>/])(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>")
_SVG_BAKED = re.compile(r"<openbadges:assertion\b.*?(?:</openbadges:assertion\s*>|/>)\s*", re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OTHER_PICTURE = "Use a picture that opens in a picture viewer."


def bake_png(png: bytes, payload: str | bytes) -> bytes:
    """`png` with `payload` (JSON text, compact JWS or URL) as its one badge.

    It stands in an uncompressed iTXt chunk right after the header, where readers that stop at the image data see it too.
    Badge chunks that were there are left out. Raises `ExportError` when `png` is not a whole PNG file.
    """
    text = payload.encode("utf-8") if isinstance(payload, str) else payload
    body = _KEYWORD + b"\0\0\0\0\0" + text
    chunk = len(body).to_bytes(4, "big") + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4, "big")
    parts = [_SIGNATURE]
    position = len(_SIGNATURE)
    if not png.startswith(_SIGNATURE) or png[position + 4 : position + 8] != b"IHDR":
        raise ExportError("The picture is not a PNG file, so no badge was written into it.", _OTHER_PICTURE)
    while position < len(png):
        kind = png[position + 4 : position + 8]
        end = position + 12 + int.from_bytes(png[position : position + 4], "big")
        if end > len(png):
            raise ExportError("The PNG picture is cut off, so no badge was written into it.", _OTHER_PICTURE)
        keyword = png[position + 8 : position + 8 + len(_KEYWORD) + 1]
        if not (kind in _TEXT_TYPES and keyword == _KEYWORD + b"\0"):
            parts.append(png[position:end])
        if kind == b"IHDR":
            parts.append(chunk)
        position = end
        if kind == b"IEND":
            break
    return b"".join(parts)


def bake_svg(svg: bytes, payload: str | bytes, verify: str | None = None) -> bytes:
    """`svg` (UTF-8) with `payload` as its one badge. `verify` is the address of the hosted badge.

    JSON goes into the element's text; a compact JWS or a URL goes into the attribute, where the format keeps them, when no
    `verify` is given. Raises `ExportError` when `svg` has no `svg` element or `payload` holds what XML cannot.
    """
    try:
        text = payload.decode("utf-8") if isinstance(payload, bytes) else payload
        picture = _SVG_BAKED.sub("", svg.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ExportError(
            "The SVG picture or the badge is not UTF-8, so no badge was written into it.", _OTHER_PICTURE
        ) from error
    root = _SVG_ROOT.search(picture)
    if root is None or root[0].endswith("/>"):
        raise ExportError(
            "The picture is not an SVG file with content, so no badge was written into it.", _OTHER_PICTURE
        )
    if _NOT_XML.search(text + (verify or "")):
        raise ExportError(
            "The badge holds control characters that an SVG picture cannot carry.",
            "Write it into a PNG picture instead.",
        )
    is_json = text.lstrip().startswith(("{", "["))
    attribute = escape(verify if verify is not None else "" if is_json else text)
    inside = _cdata(text) if is_json or verify is not None else ""
    verifying = f' verify="{attribute}"' if attribute else ""
    element = f'<openbadges:assertion xmlns:openbadges="{_NAMESPACE}"{verifying}>{inside}</openbadges:assertion>'
    return (picture[: root.end()] + element + picture[root.end() :]).encode("utf-8")


def _cdata(text: str) -> str:
    """`text` as character data that comes back exactly: its end mark is split; a CR, which XML reads as LF, is escaped."""
    whole = "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[") + "]]>"
    return whole.replace("<![CDATA[]]>", "")
