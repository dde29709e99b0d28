"""The table of platforms (`hosts.toml`): which pages people paste, and where the badge behind each of them may be.

    propose("https://www.credly.com/badges/UUID")   -> the row "credly" and its addresses, in the order to try

Pure: asks for nothing and judges nothing. A proposal is an address to try and never a badge. A mistake in the table is a
`TableError` that names the row and the key, so that whoever adds a platform sees it in the first test.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

from wallet.fetch.urls import BadUrlError, parse_target

_SORTS = {
    "uuid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "number": r"[0-9]{1,20}",
    "id": r"[A-Za-z0-9_~-]{1,200}",
    "word": r"[A-Za-z0-9_.~-]{1,200}",
    "dir": r"(?:/[A-Za-z0-9_.~%+-]{1,200}){0,6}",
    "rest": r"[A-Za-z0-9_.~!$&'()*+,;=:@%/-]{1,1500}",
}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
_TEMPLATE = re.compile(r"(?:https://[a-z0-9.{}-]+/|\{origin\})[^\s\\]*")
_TEXTS = ("name", "title", "advice", "dead", "note")
_LISTS = ("hosts", "paths", "rewrites", "pictures")
_FLAGS = ("page", "elsewhere", "linked")
_KEYS = frozenset({*_TEXTS, *_LISTS, *_FLAGS, "query", "regions", "examples"})


class TableError(Exception):
    """The table has a mistake; the text names the row and the key."""


@dataclass(frozen=True, slots=True)
class Example:
    """A link as people paste it, and the addresses that come of it."""

    pasted: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One platform. The head of `hosts.toml` says what each member means."""

    name: str
    title: str
    hosts: tuple[re.Pattern[str], ...]
    any_host: bool
    paths: tuple[re.Pattern[str], ...]
    query: tuple[tuple[str, re.Pattern[str]], ...]
    page: bool
    rewrites: tuple[str, ...]
    pictures: tuple[str, ...]
    regions: tuple[tuple[str, tuple[str, ...]], ...]
    elsewhere: bool
    linked: bool
    advice: str
    dead: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the table says about one address."""

    row: Row
    rewrites: tuple[str, ...]
    pictures: tuple[str, ...]


@lru_cache(maxsize=1)
def table() -> tuple[Row, ...]:
    """The rows of the table that comes with the program."""
    return load(files("importers").joinpath("hosts.toml").read_text("utf-8"))


def propose(url: str, rows: Sequence[Row] | None = None) -> Proposal | None:
    """What the first row that fits says about `url`; None when none does or `url` is no web address."""
    try:
        target = parse_target(url)
        parts = urlsplit(target.url)
    except (BadUrlError, ValueError):
        return None
    usual_port = target.port in (80, 443)
    known = {"host": target.host, "origin": f"{parts.scheme}://{parts.netloc}"}
    for row in table() if rows is None else rows:
        if not usual_port and not row.any_host:
            continue
        host = next((match for pattern in row.hosts if (match := pattern.fullmatch(target.host))), None)
        captured = _captured(row, parts.path, parts.query) if host is not None else None
        if host is None or captured is None:
            continue
        values = {**known, **captured}
        apis = _apis(row, host.groupdict().get("region"))
        return Proposal(row, _filled(row.rewrites, values, apis), _filled(row.pictures, values, apis))
    return None


def _captured(row: Row, path: str, query: str) -> dict[str, str] | None:
    """The values of the placeholders of path and query, or None when the row does not fit."""
    if not row.paths:
        return {}
    match = next((match for pattern in row.paths if (match := pattern.fullmatch(path))), None)
    if match is None:
        return None
    # A UUID has one spelling in lower case, and hosts compare it letter by letter.
    values = {name: value.lower() if name == "uuid" else value for name, value in match.groupdict("").items()}
    try:
        given = dict(parse_qsl(query, max_num_fields=50))
    except ValueError:
        given = {}
    for name, pattern in row.query:
        if not pattern.fullmatch(given.get(name, "")):
            return None
        values[name] = given[name]
    return values


def _apis(row: Row, region: str | None) -> tuple[str, ...]:
    """The API hosts to try: all of the page's own region, then the first of each other region, then the rest."""
    if not row.regions:
        return ()
    regions = dict(row.regions)
    own = regions[region if region is not None else row.regions[0][0]]
    if not row.elsewhere:
        return own
    others = [hosts for hosts in regions.values() if hosts is not own]
    depth = max(len(hosts) for hosts in regions.values())
    return (*own, *(hosts[level] for level in range(depth) for hosts in others if level < len(hosts)))


def _filled(templates: Sequence[str], values: Mapping[str, str], apis: Sequence[str]) -> tuple[str, ...]:
    def fill(template: str, api: str) -> str:
        return _PLACEHOLDER.sub(lambda found: api if found[1] == "api" else values[found[1]], template)

    urls = (fill(template, api) for template in templates for api in (apis if "{api}" in template else ("",)))
    return tuple(dict.fromkeys(urls))


# --- reading the table -------------------------------------------------------------------------------------------


def load(text: str) -> tuple[Row, ...]:
    """The rows that `text` (TOML) describes. Raises `TableError` for the first mistake."""
    try:
        document: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"not TOML: {error}") from error
    rows = tuple(_row(_Reader(values)) for values in _tables(document.get("row")))
    names = [row.name for row in rows]
    if not rows or document.keys() != {"row"} or len(set(names)) != len(names):
        raise TableError("the table is a list of [[row]], each with a name of its own")
    return rows


class _Reader:
    """The members of one row, each checked for its kind."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self.name = str(values.get("name", "without a name"))
        if unknown := values.keys() - _KEYS:
            raise self.mistake(min(unknown), "is not a key of a row")

    def mistake(self, key: str, what: str) -> TableError:
        return TableError(f"row {self.name}: {key} {what}")

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self._values.get(key, "")
        if not isinstance(value, str) or (needed and not value) or value != value.strip():
            raise self.mistake(key, "has to be a text")
        return value

    def flag(self, key: str, *, otherwise: bool) -> bool:
        value = self._values.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.mistake(key, "has to be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return self._texts(key, self._values.get(key, []))

    def _texts(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.mistake(key, "has to be a list of texts")
        return tuple(value)

    def pairs(self, key: str) -> dict[str, object]:
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.mistake(key, "has to be a table")
        return value

    def regions(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        regions = tuple((name, self._texts(f"regions.{name}", hosts)) for name, hosts in self.pairs("regions").items())
        for name, hosts in regions:
            if not hosts or not all(re.fullmatch(r"[a-z0-9.-]+", host) for host in hosts):
                raise self.mistake(f"regions.{name}", "has to list host names")
        return regions

    def examples(self) -> tuple[Example, ...]:
        found = []
        for value in _tables(self._values.get("examples")):
            pasted, asks = value.get("pasted"), value.get("asks")
            if not isinstance(pasted, str) or value.keys() != {"pasted", "asks"}:
                raise self.mistake("examples", "have `pasted` and `asks`")
            found.append(Example(pasted, self._texts("examples", asks)))
        if not found:
            raise self.mistake("examples", "are missing: they are the row's test")
        return tuple(found)


def _row(read: _Reader) -> Row:
    hosts, paths = read.texts("hosts"), read.texts("paths")
    regions = read.regions()
    query: list[tuple[str, re.Pattern[str]]] = []
    for name, sort in read.pairs("query").items():
        if not isinstance(sort, str) or sort not in _SORTS:
            raise read.mistake(f"query.{name}", f"is none of {', '.join(_SORTS)}")
        query.append((name, re.compile(_SORTS[sort])))
    row = Row(
        name=read.text("name", needed=True),
        title=read.text("title", needed=True),
        hosts=tuple(_host_pattern(host, [name for name, _ in regions], read) for host in hosts),
        any_host="**" in hosts,
        paths=tuple(_path_pattern(path, read) for path in paths),
        query=tuple(query),
        page=read.flag("page", otherwise=False),
        rewrites=read.texts("rewrites"),
        pictures=read.texts("pictures"),
        regions=regions,
        elsewhere=read.flag("elsewhere", otherwise=True),
        linked=read.flag("linked", otherwise=True),
        advice=_sentence("advice", read),
        dead=_sentence("dead", read),
        examples=read.examples(),
    )
    read.text("note")
    if not hosts:
        raise read.mistake("hosts", "are missing")
    if row.dead and (row.rewrites or row.pictures or row.page):
        raise read.mistake("dead", "stands alone: there is nothing to ask a dead host")
    if row.page and not row.rewrites:
        raise read.mistake("page", "needs rewrites, which are asked for first")
    if row.any_host and not row.paths:
        raise read.mistake("paths", "are needed where any host fits")
    for template in (*row.rewrites, *row.pictures):
        _check_template(template, row, read)
    return row


def _sentence(key: str, read: _Reader) -> str:
    text = read.text(key)
    if text and not (text[0].isupper() and text.endswith(".")):
        raise read.mistake(key, "has to be a whole sentence")
    return text


def _host_pattern(host: str, regions: Sequence[str], read: _Reader) -> re.Pattern[str]:
    if not re.fullmatch(r"(?:[a-z0-9-]+|\*\*?|\{region\})(?:\.(?:[a-z0-9-]+|\*\*?|\{region\}))*", host):
        raise read.mistake("hosts", f"holds {host!r}, which is no pattern of a host")
    if "{region}" in host and not regions:
        raise read.mistake("hosts", "name a {region}, and the row has none")
    labels = {"*": r"[a-z0-9_-]+", "**": r"[a-z0-9_:-]+(?:\.[a-z0-9_-]+)*"}
    labels["{region}"] = f"(?P<region>{'|'.join(map(re.escape, regions))})"
    return re.compile(r"\.".join(labels.get(label) or re.escape(label) for label in host.split(".")))


def _path_pattern(path: str, read: _Reader) -> re.Pattern[str]:
    if not path.startswith(("/", "{dir}/")) or "*" in path[:-1]:
        raise read.mistake("paths", f"holds {path!r}: a path begins with a slash, and only its end may be a *")
    pattern, position = "", 0
    for found in _PLACEHOLDER.finditer(path):
        sort = found[2] or found[1]
        if sort not in _SORTS:
            raise read.mistake("paths", f"holds {found[0]}, which is none of {', '.join(_SORTS)}")
        pattern += re.escape(path[position : found.start()]) + f"(?P<{found[1]}>{_SORTS[sort]})"
        position = found.end()
    end = path[position:]
    pattern += re.escape(end.removesuffix("*")) + (".*" if end.endswith("*") else "")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise read.mistake("paths", f"holds {path!r}: {error}") from error


def _check_template(template: str, row: Row, read: _Reader) -> None:
    if not _TEMPLATE.fullmatch(template):
        raise read.mistake(
            "rewrites", f"hold {template!r}: an address begins with https:// and its host, or with {{origin}}"
        )
    known = {"origin", "host", *(["api"] if row.regions else []), *(name for name, _ in row.query)}
    named = [known | pattern.groupindex.keys() for pattern in row.paths] or [known]
    for found in _PLACEHOLDER.finditer(template):
        if not all(found[1] in names for names in named):
            raise read.mistake("rewrites", f"name {found[0]}, which not every path or query of the row gives")


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    for item in value if isinstance(value, list) else ():
        if not isinstance(item, dict):
            raise TableError("the table is a list of [[row]], and examples are tables")
        yield item
