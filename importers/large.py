"""A large file looked at piece by piece, so that an archive of 256 MB needs no more memory than its largest member.

It answers the few questions that the readers of archives ask of bytes. Read by position from one open descriptor, never mapped:
a mapped file that somebody cuts off would end the program. Nothing is recognised or unpacked here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import TracebackType

_PIECE = 2**20


class LargeFile:
    """The bytes from `start` up to `end` of an open file. Closing is for whoever opened it."""

    def __init__(self, descriptor: int, start: int, end: int) -> None:
        self._descriptor = descriptor
        self._start = start
        self._size = max(end - start, 0)
        self._position = 0

    def __enter__(self) -> LargeFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice[int | None, int | None, None]) -> bytes:
        start, stop, _ = part.indices(self._size)
        wanted = max(stop - start, 0)
        data = os.pread(self._descriptor, wanted, self._start + start)
        while 0 < len(data) < wanted and (
            more := os.pread(self._descriptor, wanted - len(data), self._start + start + len(data))
        ):
            data += more
        return data

    def __contains__(self, mark: bytes) -> bool:
        return any(mark in piece for piece in self._pieces(len(mark)))

    def __bytes__(self) -> bytes:
        return self[:]

    def startswith(self, marks: tuple[bytes, ...] | bytes) -> bool:
        """As for bytes."""
        return self[:_PIECE].startswith(marks)

    def count(self, mark: bytes) -> int:
        """How often `mark`, which cannot overlap itself, stands there."""
        return sum(piece.count(mark) for piece in self._pieces(len(mark)))

    def window(self, start: int, end: int) -> LargeFile:
        """A part of it, not read yet."""
        return LargeFile(self._descriptor, self._start + start, self._start + min(end, self._size))

    def _pieces(self, overlap: int) -> Iterator[bytes]:
        for start in range(0, self._size, _PIECE):
            yield self[start : start + _PIECE + overlap - 1]

    # what `zipfile` asks of a file

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where reading goes on."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go on somewhere else."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._position = base + offset
        return self._position

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all that are left."""
        end = self._size if size < 0 else self._position + size
        data = self[self._position : end]
        self._position += len(data)
        return data


#: The bytes of a file, in memory or not.
Contents = bytes | LargeFile
