"""What a picture carries as a baked badge, and how it was baked (Open Badges Baking 2.0). Nothing is judged here.

For finding badges in pictures of any kind, with all repairs, see `importers`; this reads only what stands there as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wallet.documents.png import SIGNATURE, TEXT_TYPES, read_chunks, read_text_chunk
from wallet.documents.svg import BADGE_NAMESPACE, parse_svg
from wallet.limits import LIMITS, Limits

_KEYWORD = "openbadges"
_TAG = f"{{{BADGE_NAMESPACE}}}assertion"


@dataclass(frozen=True, slots=True)
class BakedBadge:
    """One badge in a picture. `text` as UTF-8 bytes, None when it cannot be had; `verify` is the attribute of an SVG element.

    faults: what is unusual about its form, each a clean sentence part that goes on after "the badge in it".
    """

    text: bytes | None
    verify: bytes = b""
    faults: tuple[str, ...] = ()


def read_baked(picture: bytes, limits: Limits = LIMITS) -> tuple[BakedBadge, ...]:
    """The badges baked into a PNG or SVG picture, in the order in which they stand; none for anything else."""
    if picture.startswith(SIGNATURE):
        return tuple(_in_png(picture, limits))
    return tuple(_in_svg(picture, limits)) if b"<" in picture[:1024] else ()


def _in_png(picture: bytes, limits: Limits) -> Iterator[BakedBadge]:
    room = limits.png_text_bytes
    for chunk in read_chunks(picture, TEXT_TYPES):
        if not chunk.whole:
            continue
        baked = read_text_chunk(chunk, room)
        if baked is None:
            continue
        room -= len(baked.text) if baked.compressed and baked.text is not None else 0
        faults = (
            ("stands in a text chunk of another type than iTXt", chunk.type != b"iTXt"),
            ("is compressed", baked.compressed),
            ("has a wrong checksum", not chunk.crc_ok),
            ("goes by another keyword than openbadges", baked.keyword != _KEYWORD),
            ("is not written in UTF-8", baked.transcoded),
        )
        yield BakedBadge(baked.text, faults=tuple(words for words, found in faults if found))


def _in_svg(picture: bytes, limits: Limits) -> Iterator[BakedBadge]:
    for element in parse_svg(picture, limits).baked:
        text = element.text.encode("utf-8", "replace")
        verify = element.verify.encode("utf-8", "replace")
        faults = () if element.tag == _TAG else ("stands in an element of another name or namespace",)
        yield BakedBadge(text or verify or None, verify, faults)
