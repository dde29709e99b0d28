"""The text chunks of a PNG picture, wherever they stand in the file: what a badge is baked into.

A chunk walk of our own, because picture libraries lose badges: they stop at the image data, keep the last of two chunks, turn
UTF-8 in tEXt into rubbish and refuse a picture for a wrong checksum. Nothing is drawn here and nothing is judged.
PNG 11.3.3 (textual information), Open Badges Baking 2.0.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# `openbadge` is what an old Moodle is said to have written; `openbadgecredential` is Open Badges 3.0.
KEYWORDS = frozenset({b"openbadges", b"openbadgecredential", b"openbadge"})
_HEAD = struct.Struct(">I4s").unpack_from
_CRC = struct.Struct(">I").unpack_from
TEXT_TYPES = frozenset({b"iTXt", b"tEXt", b"zTXt"})


class Chunk(NamedTuple):
    """One chunk as it stands in the file. `crc_ok` is false for a wrong checksum, `whole` for a length that overshoots."""

    type: bytes
    offset: int
    body: memoryview
    crc_ok: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class BakedText:
    """What one badge chunk says: `text` as UTF-8 bytes, or None when `problem` says why it could not be had."""

    chunk: Chunk
    keyword: str
    text: bytes | None
    compressed: bool = False
    transcoded: bool = False
    problem: str = ""


def read_chunks(png: bytes, only: frozenset[bytes] | None = None) -> Iterator[Chunk]:
    """Every chunk of `png`, or those of the types in `only`, to the end of the file, past IEND too.

    Ends after a chunk whose length overshoots the file.
    """
    view = memoryview(png)
    end = len(png)
    position = len(SIGNATURE)
    while position + 8 <= end:
        length, kind = _HEAD(png, position)
        body_end = position + 8 + length
        if body_end + 4 > end:
            yield Chunk(kind, position, view[position + 8 : min(body_end, end)], False, False)
            return
        if only is not None and kind not in only:
            position = body_end + 4
            continue
        right = zlib.crc32(view[position + 4 : body_end]) == _CRC(png, body_end)[0]
        yield Chunk(kind, position, view[position + 8 : body_end], right, True)
        position = body_end + 4


def read_text_chunk(chunk: Chunk, room: int) -> BakedText | None:
    """The badge text of one text chunk, or None when it is no badge chunk. `room`: bytes that may still be inflated."""
    # A keyword has at most 79 bytes, so a text of megabytes is not copied to learn that it is somebody's comment.
    keyword, nul, _ = bytes(chunk.body[:80]).partition(b"\0")
    if not nul or keyword not in KEYWORDS:
        return None
    name = keyword.decode("ascii")
    rest = bytes(chunk.body[len(keyword) + 1 :])
    if chunk.type == b"tEXt":
        return _decoded(chunk, name, rest)
    if chunk.type == b"zTXt":
        return _inflated(chunk, name, [rest[1:]], room)
    candidates = _after_language(rest[2:])
    if rest[:1] in (b"", b"\0"):
        return _decoded(chunk, name, candidates[0])
    return _inflated(chunk, name, candidates, room)


def _after_language(rest: bytes) -> list[bytes]:
    """Where the text of an iTXt chunk may begin, the likeliest first: bakers forget the NUL after the translated keyword."""
    _, nul, after_language = rest.partition(b"\0")
    if not nul:
        return [rest]
    _, nul, after_keyword = after_language.partition(b"\0")
    return [after_keyword, after_language] if nul else [after_language]


def _inflated(chunk: Chunk, name: str, candidates: list[bytes], room: int) -> BakedText:
    problem = "its badge text cannot be unpacked"
    for packed in candidates:
        try:
            inflater = zlib.decompressobj()
            text = inflater.decompress(packed, room + 1)
        except zlib.error:
            continue
        if len(text) > room:
            return BakedText(
                chunk, name, None, compressed=True, problem="its badge text unpacks to more than the limit"
            )
        if inflater.eof:
            return _decoded(chunk, name, text, compressed=True)
        problem = "its packed badge text is cut off"
    return BakedText(chunk, name, None, compressed=True, problem=problem)


def _decoded(chunk: Chunk, name: str, text: bytes, *, compressed: bool = False) -> BakedText:
    """UTF-8 first: much software writes it even into tEXt, which the PNG standard calls Latin-1."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return BakedText(chunk, name, text.decode("latin-1").encode("utf-8"), compressed, transcoded=True)
    return BakedText(chunk, name, text, compressed)
