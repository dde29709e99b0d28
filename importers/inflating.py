"""Unpacks gzip files piece by piece, and looks at what is inside one as if it lay there unpacked. Keeps to no cap itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from importers.large import Contents, LargeFile

_PIECE = 2**20
MAGIC = b"\x1f\x8b"


class GzipError(Exception):
    """It cannot be unpacked; the text says why."""


def inflate(data: Contents) -> Iterator[tuple[bytes, int]]:
    """What every gzip stream in `data` unpacks to, one after another as the format allows, with how much was read for it.

    Bytes after the last stream are left alone. Raises `GzipError`.
    """
    rest, position = data[:_PIECE], _PIECE
    while rest.startswith(MAGIC):
        inflater = zlib.decompressobj(wbits=31)
        while not inflater.eof:
            if not rest:
                rest, position = data[position : position + _PIECE], position + _PIECE
            ended = not rest
            try:
                part = inflater.decompress(rest, _PIECE)
            except zlib.error as error:
                raise GzipError("it cannot be unpacked") from error
            rest = inflater.unconsumed_tail
            yield part, min(position, len(data)) - len(rest)
            if ended and not part and not inflater.eof:
                raise GzipError("its end is missing")
        rest = inflater.unused_data
        if len(rest) < 2:
            rest, position = rest + data[position : position + _PIECE], position + _PIECE


class Inflated(LargeFile):
    """What the gzip file `data` unpacks to, `size` bytes. It is meant to be read forward: going back begins again."""

    def __init__(self, data: Contents, size: int) -> None:
        super().__init__(-1, 0, size)
        self._data = data
        self._begin()

    def _begin(self) -> None:
        self._parts = inflate(self._data)
        self._at, self._part = 0, b""

    def __getitem__(self, part: slice[int | None, int | None, None]) -> bytes:
        start, stop, _ = part.indices(len(self))
        if start < self._at:
            self._begin()
        out = bytearray()
        while True:
            end = self._at + len(self._part)
            if start < end:
                out += self._part[max(start - self._at, 0) : max(stop - self._at, 0)]
            if stop <= end:
                return bytes(out)
            try:
                following, _ = next(self._parts)
            except (StopIteration, GzipError):  # the file is another one than it was when it was looked through
                return bytes(out)
            self._at, self._part = end, following

    def window(self, start: int, end: int) -> LargeFile:
        """A part of it, not unpacked yet."""
        return _Window(self, start, end)


class _Window(LargeFile):
    def __init__(self, whole: Inflated, start: int, end: int) -> None:
        super().__init__(-1, start, end)
        self._whole = whole
        self._from = start

    def __getitem__(self, part: slice[int | None, int | None, None]) -> bytes:
        start, stop, _ = part.indices(len(self))
        return self._whole[self._from + start : self._from + max(start, stop)]
