"""Typed access to one table of a pathway file that remembers every mistake instead of stopping at the first.

A mistake is a `Problem`: its dotted key, its line, a sentence and a remedy. Reading goes on with a harmless value, so one
run tells all of them; whoever asked for a pathway then gets none. Nothing here knows what a pathway is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from wallet.model import Text
from wallet.pathways.positions import Path, line_of
from wallet.text import clean

T = TypeVar("T")

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
URL = re.compile(r"https?://\S+")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# A number that a person would write: sums of them stay small integers once they are scaled.
_LARGEST_POWER, _SMALLEST_POWER = 9, -6


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake ("error") or doubt ("warning") about a pathway file. Message and remedy are clean sentences."""

    severity: str
    key: str
    line: int | None
    message: str
    remedy: str


class Log:
    """Collects problems and knows on which line each key stands."""

    def __init__(self, lines: Callable[[], Mapping[Path, int]]) -> None:
        """`lines` is asked only when there is a first problem: most files have none."""
        self._ask = lines
        self._lines: Mapping[Path, int] | None = None
        self.problems: list[Problem] = []

    def add(self, path: Path, message: str, remedy: str, *, severity: str = "error") -> None:
        """Remember a problem with the value at `path`."""
        if self._lines is None:
            self._lines = self._ask()
        self.problems.append(Problem(severity, dotted(path), line_of(self._lines, path), message, remedy))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the file from being used, in the order of the file."""
        found = [problem for problem in self.problems if problem.severity == "error"]
        return tuple(sorted(found, key=lambda problem: problem.line or 0))


def dotted(path: Path) -> str:
    """A path as people write it: `element.water.match[0].issuer`. Cleaned."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return clean(text) or "the file"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    close = difflib.get_close_matches(word.lower()[:100], sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def shown(value: object) -> str:
    """A value as it may stand in a message."""
    return clean(str(value), limit=80)


class Table:
    """One table. Each reader returns the value, or an empty one after it has noted what is wrong."""

    def __init__(
        self, log: Log, path: Path, data: Mapping[str, object], known: Sequence[str], *, extensible: bool = False
    ) -> None:
        """`known` keys are allowed; with `extensible` so is every key that begins with `x-`."""
        self._log, self._path, self._data = log, path, data
        for key in data:
            if key in known or (extensible and key.startswith("x-")):
                continue
            guess = nearest(key, known)
            self.wrong(
                key,
                "is not a key of this table",
                f"Did you mean '{guess}'?" if guess else f"Keys here are {', '.join(sorted(known))}.",
            )

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def wrong(self, key: str, what: str, remedy: str) -> None:
        """Note that the value at `key` is not what it should be."""
        path = (*self._path, key)
        self._log.add(path, f"'{dotted(path)}' {what}.", remedy)

    def raw(self, key: str, *, required: bool = False) -> object | None:
        """The value as parsed, or None."""
        value = self._data.get(key)
        if value is None and required:
            self.wrong(key, "is missing", f"Add '{clean(key)}'.")
        return value

    def string(
        self,
        key: str,
        *,
        required: bool = False,
        among: Sequence[str] = (),
        like: re.Pattern[str] | None = None,
        example: str = "",
    ) -> str | None:
        """A text of at least one character; one of `among`; or one that `like` matches whole."""
        value = self.raw(key, required=required)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "must be a text in quotes", f'Write {clean(key)} = "{example or "text"}".')
            return None
        if among and value not in among:
            guess = nearest(value, among)
            self.wrong(
                key,
                f'cannot be "{shown(value)}"',
                f'Did you mean "{guess}"? Known are {", ".join(among)}.' if guess else f"Known are {', '.join(among)}.",
            )
            return None
        if like is not None and not like.fullmatch(value):
            self.wrong(key, f'cannot be "{shown(value)}"', f'Write it like "{example}".')
            return None
        return value

    def url(self, key: str) -> str | None:
        """An http or https address."""
        return self.string(key, like=URL, example="https://college.example/page")

    def text(self, key: str, *, required: bool = False) -> Text:
        """One text, or one for each language."""
        return read_text(self._log, (*self._path, key), self.raw(key, required=required))

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list of such texts."""
        return self.list(key, lambda path, value: read_text(self._log, path, value))

    def flag(self, key: str) -> bool:
        """`true` or `false`; false when absent."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(key, "must be true or false", f"Write {clean(key)} = true, without quotes.")
        return False

    def integer(self, key: str, *, least: int, most: int) -> int | None:
        """A whole number within bounds."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(key, f"must be a whole number from {least} to {most}", "Write it without quotes and decimals.")
        return None

    def number(self, key: str, *, positive: bool = False, required: bool = False) -> Decimal | None:
        """A number as written, never through a float; zero only without `positive`."""
        value = self.raw(key, required=required)
        if value is None:
            return None
        number = _decimal(value)
        if number is None or number < 0 or (positive and number == 0):
            self.wrong(
                key,
                f"must be a number {'above 0' if positive else 'of 0 or more'}",
                "Write it without quotes, like 7.5.",
            )
            return None
        return number

    def day(self, key: str) -> date | None:
        """A calendar day: a TOML date, or a text like 2027-03-01."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.wrong(key, "is not a date", "Write the day alone, like 2027-03-01.")
        return None

    def strings(self, key: str, *, required: bool = False, least: int = 0, unique: bool = False) -> tuple[str, ...]:
        """A list of texts."""

        def one(path: Path, value: object) -> str | None:
            if isinstance(value, str) and value.strip():
                return value
            self._log.add(path, f"'{dotted(path)}' must be a text in quotes.", "Put each item in quotes.")
            return None

        found = self.list(key, one, required=required, least=least)
        if unique and len(set(found)) != len(found):
            twice = next(item for item in found if found.count(item) > 1)
            self.wrong(key, f'names "{shown(twice)}" twice', "Name it once.")
        return tuple(dict.fromkeys(found)) if unique else found

    def list(
        self, key: str, one: Callable[[Path, object], T | None], *, required: bool = False, least: int = 0
    ) -> tuple[T, ...]:
        """A list, each item read by `one` (None: it was wrong and is left out)."""
        value = self.raw(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            self.wrong(key, "must be a list", f"Write {clean(key)} = [ ... ].")
            return ()
        if len(value) < least:
            self.wrong(key, f"needs at least {least} of them", "Add what is missing, or leave the key out.")
        path = (*self._path, key)
        items = [one((*path, index), item) for index, item in enumerate(value)]
        return tuple(item for item in items if item is not None)

    def table(self, key: str, known: Sequence[str], *, extensible: bool = False) -> Table | None:
        """The table at `key`."""
        value = self.raw(key)
        return None if value is None else as_table(self._log, (*self._path, key), value, known, extensible=extensible)

    def entries(self, key: str, *, required: bool = False) -> tuple[tuple[str, Path, object], ...]:
        """The named tables below `key`: (id, path, value), ids checked."""
        value = self.raw(key, required=required)
        if value is None:
            return ()
        path = (*self._path, key)
        if not isinstance(value, Mapping):
            self.wrong(key, "must be a table", f"Write [{clean(key)}.some-id].")
            return ()
        found: list[tuple[str, Path, object]] = []
        for name, item in value.items():
            if isinstance(name, str) and ID.fullmatch(name):
                found.append((name, (*path, name), item))
            else:
                self._log.add(
                    (*path, str(name)),
                    f"'{dotted((*path, str(name)))}' has an id that cannot be used.",
                    "An id is up to 64 small letters, digits and hyphens, like water-chemistry.",
                )
        if required and not value:
            self.wrong(key, "is empty", f"Write at least one [{clean(key)}.some-id].")
        return tuple(found)


def as_table(log: Log, path: Path, value: object, known: Sequence[str], *, extensible: bool = False) -> Table | None:
    """A value that should be a table, or None after it was noted."""
    if isinstance(value, Mapping):
        return Table(log, path, {str(key): item for key, item in value.items()}, known, extensible=extensible)
    log.add(path, f"'{dotted(path)}' must be a table.", "Write { key = value }.")
    return None


def read_text(log: Log, path: Path, value: object) -> Text:
    """One string, or one string for each language tag; empty after a mistake was noted."""
    if value is None:
        return Text()
    if isinstance(value, str) and value.strip():
        return Text.of(value)
    if isinstance(value, Mapping) and value:
        pairs = tuple((str(tag), text) for tag, text in value.items())
        if all(LANGUAGE.fullmatch(tag) and isinstance(text, str) and text.strip() for tag, text in pairs):
            return Text(tuple((tag, text) for tag, text in pairs if isinstance(text, str)))
    log.add(
        path,
        f"'{dotted(path)}' must be a text, or one text for each language.",
        'Write "Name" or { en = "Name", fr = "Nom" }.',
    )
    return Text()


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    # A JSON number arrives as a float whose shortest spelling is what was written.
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return None
    exponent = number.as_tuple().exponent
    if number and (number.adjusted() > _LARGEST_POWER or not isinstance(exponent, int) or exponent < _SMALLEST_POWER):
        return None
    return number
