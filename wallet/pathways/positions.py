"""Which line of a TOML or JSON text each key stands on. Only for messages: values are read by real parsers.

`tomllib` tells no positions, so this scans the text once more, after the parser has found it well-formed. It keeps a
path of keys and array indexes to the line (from 1) where that key or item begins. Where the scan gets lost it stops, and
the caller falls back to the nearest parent: a message without a line is a smaller loss than a second parser's opinion.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_DEPTH = 200


class _LostError(Exception):
    """The text is not as expected from here on."""


def toml_lines(text: str) -> dict[Path, int]:
    """Key path -> line of a TOML document."""
    scan = _Scan(text)
    with suppress(_LostError):
        scan.document()
    return scan.lines


def json_lines(text: str) -> dict[Path, int]:
    """Key path -> line of a JSON document."""
    scan = _Scan(text)
    with suppress(_LostError):
        scan.value((), 0)
    return scan.lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of `path`, or of the nearest parent that has one."""
    for end in range(len(path), 0, -1):
        line = lines.get(path[:end])
        if line is not None:
            return line
    return None


class _Scan:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._items: dict[Path, int] = {}

    def document(self) -> None:
        """A whole TOML document: table headers and key/value lines."""
        table: Path = ()
        self._blank()
        while self._at < len(self._text):
            start = self._at
            if self._text.startswith("[", self._at):
                array = self._text.startswith("[[", self._at)
                self._at += 2 if array else 1
                table = self._resolve(self._key(), array)
                self._expect("]]" if array else "]")
                self._mark(table, start, 0)
            else:
                path = self._resolve(self._key(), False, table)
                self._mark(path, start, len(table))
                self._expect("=")
                self.value(path, 0)
            self._blank()

    def value(self, path: Path, depth: int) -> None:
        """One value, and the lines of all that stands inside it."""
        if depth > _DEPTH:
            raise _LostError
        self._blank()
        self.lines.setdefault(path, self._line(self._at))
        if self._take("["):
            index = 0
            while not self._take("]"):
                self.value((*path, index), depth + 1)
                index += 1
                self._take(",")
        elif self._take("{"):
            while not self._take("}"):
                self._blank()
                start = self._at
                inner = (*path, *self._key())
                self._mark(inner, start, len(path))
                if not self._take(":"):
                    self._expect("=")
                self.value(inner, depth + 1)
                self._take(",")
        elif self._string() is None:
            match = _SCALAR.match(self._text, self._at)
            if match is None or match.end() == self._at:
                raise _LostError
            self._at = match.end()

    def _mark(self, path: Path, start: int, above: int) -> None:
        """Remember the line for each part of a header or dotted key that was not seen before."""
        for end in range(above + 1, len(path) + 1):
            self.lines.setdefault(path[:end], self._line(start))

    def _resolve(self, keys: tuple[str, ...], array: bool, table: Path = ()) -> Path:
        """The full path of a header or key: arrays of tables on the way get the index of their newest item."""
        path: Path = table
        for position, key in enumerate(keys):
            path = (*path, key)
            if array and position == len(keys) - 1:
                self._items[path] = self._items.get(path, -1) + 1
                return (*path, self._items[path])
            if path in self._items:
                path = (*path, self._items[path])
        return path

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._blank()
            quoted = self._string()
            if quoted is not None:
                parts.append(quoted)
            else:
                match = _BARE_KEY.match(self._text, self._at)
                if match is None:
                    raise _LostError
                parts.append(match.group())
                self._at = match.end()
            if not self._take("."):
                return tuple(parts)

    def _string(self) -> str | None:
        """Step over a string; its text without quotes (escapes as written), or None when there is none here."""
        for pattern in _STRINGS:
            match = pattern.match(self._text, self._at)
            if match is not None:
                self._at = match.end()
                quotes = 3 if match.group()[:3] in ('"""', "'''") and len(match.group()) >= 6 else 1
                return match.group()[quotes:-quotes]
        return None

    def _take(self, mark: str) -> bool:
        self._blank()
        if self._text.startswith(mark, self._at):
            self._at += len(mark)
            return True
        if self._at >= len(self._text):
            raise _LostError
        return False

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise _LostError

    def _blank(self) -> None:
        match = _BLANK.match(self._text, self._at)
        if match is not None:
            self._at = match.end()

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1
