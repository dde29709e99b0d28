"""Takes a mail apart by the standard library, without handing it the bodies: these it would hold line by line, many times over.

What is longer than a part's header and a little more is left out of what the library reads, with a mark in its place. Of a part
the bytes are then put together from the mail itself. What comes out is what the library would have given.
"""

from __future__ import annotations

import binascii
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesFeedParser

_FED_BYTES = 65_536
# Where a part may begin or end; the rest is told from it by the library.
_DASHES = re.compile(rb"^--", re.M)
_BLANK = re.compile(rb"(?>\r\n|\r|\n){2}")
_HEADER_BYTES = 2**20
# A message that is attached begins with a header of its own, after that of its part.
_KEPT_BYTES = 65_536
_CODING = "content-transfer-encoding"
_UUENCODED = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_CODINGS = _UUENCODED | {"quoted-printable", "base64"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail without its bodies. `data` is all of it; `left_out` says where in it each thing lies that has a mark."""

    leaves: tuple[Message, ...]
    _data: bytes
    _mark: bytes
    _left_out: tuple[tuple[int, int], ...]

    def content(self, leaf: Message) -> bytes | memoryview | None:
        """The bytes of one of `leaves`, decoded; None for what has none. They can be had once.

        A long text that is written as it is comes as a part of `data`, without another copy of it.
        """
        coding = str(leaf.get(_CODING, "")).lower()
        del leaf[_CODING]  # so that the library gives what is written there, byte for byte
        raw = leaf.get_payload(decode=True)
        leaf.set_payload("")
        if not isinstance(raw, bytes):
            return None
        view = memoryview(self._data)
        first, *others = raw.split(self._mark)
        if len(others) == 1 and coding not in _CODINGS:
            number, _, after = others[0].partition(b"\n")
            start, end = self._left_out[int(number)]
            if self._data.endswith(first, 0, start) and self._data.startswith(after, end):
                return view[start - len(first) : end + len(after)]
        parts: list[bytes | memoryview] = [first]
        for other in others:
            number, _, after = other.partition(b"\n")
            start, end = self._left_out[int(number)]
            parts += [view[start:end], after]
        return _decoded(b"".join(parts), coding)


def _decoded(body: bytes, coding: str) -> bytes:
    """As the library does it, but without a copy of each line."""
    if coding == "quoted-printable":
        return binascii.a2b_qp(body)
    if coding == "base64":
        with suppress(binascii.Error):
            return binascii.a2b_base64(body)
    elif coding not in _UUENCODED:
        return body
    alone = Message()
    alone[_CODING] = coding
    alone.set_payload(body.decode("ascii", "surrogateescape"))
    content = alone.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def parsed(data: bytes) -> Parsed:
    """The mail `data`. Raises what the library raises for one that it cannot take apart."""
    mark = f"{secrets.token_hex(16)}:".encode("ascii")
    parser = BytesFeedParser()
    left_out: list[tuple[int, int]] = []
    for start, end, whole in _pieces(data):
        if whole:
            for fed in range(start, end, _FED_BYTES):
                parser.feed(data[fed : min(fed + _FED_BYTES, end)])
        else:
            parser.feed(mark + b"%d\n" % len(left_out))
            left_out.append((start, end))
    message = parser.close()
    leaves = tuple(part for part in message.walk() if not part.is_multipart())
    return Parsed(leaves, data, mark, tuple(left_out))


def _pieces(data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each piece of `data`, and whether the library is to read it. A piece that it is not ends with a line."""
    start = 0
    for end in (*(found.start() for found in _DASHES.finditer(data)), len(data)):
        blank = _BLANK.search(data, start, min(start + _HEADER_BYTES, end))
        kept = data.find(b"\n", (blank.end() if blank is not None else start) + _KEPT_BYTES, end) + 1
        # The line break before the next part belongs to that one, as far as the library is concerned.
        last = data.rfind(b"\n", kept, end - 2) + 1 if kept else 0
        if last - kept > _KEPT_BYTES:
            yield start, kept, True
            yield kept, last, False
            start = last
        yield start, end, True
        start = end
