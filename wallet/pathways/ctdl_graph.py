"""The nodes of a CTDL document, whichever way it is spelled. Contexts are never fetched: the spellings in use are known here.

CTDL (the Credential Transparency Description Language) is JSON-LD, and public files differ: an array, an `@graph` or one
object; `ceterms:` prefixes, full addresses or bare words; `@id` or `id`; objects in place or referred to. `Graph` makes one
set of nodes of all of them. What the nodes mean is the affair of `ctdl`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wallet.documents import strict_json
from wallet.errors import DefinitionError
from wallet.limits import Limits
from wallet.model import Json, JsonObject
from wallet.pathways.drafting import refused
from wallet.pathways.tables import LANGUAGE
from wallet.text import clean

OURS = "x-badge-pathway:"
_OURS_EXPANDED = "urn:badge-pathway:"
_HOSTS = ("purl.org/ctdl/terms/", "purl.org/ctdlasn/terms/", "credreg.net/ctdl/terms/", "credreg.net/ctdlasn/terms/")
_NAMESPACES = (
    "ceterms:",
    "ceasn:",
    "asn:",
    "schema:",
    "skos:",
    *(f"{scheme}://{host}" for scheme in ("https", "http") for host in (*_HOSTS, "schema.org/")),
)
_CTID = re.compile(r"ce-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_COMMENT = re.compile(r"\s*(//|/\*)")

#: One text in its languages: (tag or "", text).
Texts = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Node:
    """One described thing. Property names are without their prefix; `ours` are properties of badgefolio's own."""

    id: str
    types: set[str] = field(default_factory=set)
    props: dict[str, list[Json]] = field(default_factory=dict)
    ours: dict[str, Json] = field(default_factory=dict)

    def first(self, *names: str) -> Json:
        """The first value of the first of these properties that has one."""
        return next((value for name in names for value in self.props.get(name, ())), None)

    def all(self, *names: str) -> list[Json]:
        """All values of these properties."""
        return [value for name in names for value in self.props.get(name, ())]


def documents(data: bytes, file: str, limits: Limits) -> tuple[Json, ...]:
    """All JSON documents in the file: mostly one, sometimes several after one another. Raises `DefinitionError`."""
    if len(data) > limits.pathway_bytes:
        raise refused(
            file,
            f"it has {len(data):,} bytes; a definition may have {limits.pathway_bytes:,}",
            "Check that it is the file you meant.",
        )
    wide = replace(
        limits,
        json_nodes=limits.pathway_import_values,
        credential_bytes=limits.pathway_bytes,
        json_depth=limits.pathway_depth,
    )
    try:
        return (strict_json.parse(data, wide).value,)
    except strict_json.JsonProblem as problem:
        pieces = _pieces(data) if problem.code == "syntax" else ()
        if len(pieces) < 2:
            raise _unreadable(data, file, problem) from problem
    found = []
    for piece in pieces:
        try:
            found.append(strict_json.parse(piece, wide).value)
        except strict_json.JsonProblem as problem:
            raise _unreadable(piece, file, problem, f", in part {len(found) + 1} of {len(pieces)}") from problem
    return tuple(found)


def _unreadable(data: bytes, file: str, problem: strict_json.JsonProblem, where: str = "") -> DefinitionError:
    line = data.decode("utf-8", "replace").splitlines()[problem.line - 1 : problem.line] if problem.line else []
    if any(_COMMENT.match(text[max((problem.column or 1) - 1, 0) :]) for text in line):
        return refused(
            file,
            f"it holds a comment, which JSON does not have{where}",
            "Take the comments out, or ask its publisher for plain JSON.",
            line=problem.line,
        )
    at = f", line {problem.line}, column {problem.column}" if problem.line else ""
    return refused(file, f"this is not readable JSON{where}: {problem.message}{at}", line=problem.line)


def _pieces(data: bytes) -> tuple[bytes, ...]:
    """Texts that stand one after the other, each with its brackets closed; strings are skipped whole."""
    text = data.decode("utf-8", "replace").lstrip("\ufeff")
    depth = begin = 0
    found: list[bytes] = []
    for token in _TOKEN.finditer(text):
        if token.group() in ("[", "{"):
            depth += 1
        elif token.group() in ("]", "}"):
            depth -= 1
            if depth == 0:
                found.append(text[begin : token.end()].encode())
                begin = token.end()
            elif depth < 0:
                return ()
    return tuple(found) if depth == 0 and not text[begin:].strip() else ()


class Graph:
    """All nodes of all documents of a file."""

    def __init__(self, values: Sequence[Json], file: str, limits: Limits) -> None:
        """Raises `DefinitionError` for more nodes than the cap."""
        self._file, self._limits = file, limits
        self._prefixes: dict[str, str] = {}
        self._by_object: dict[int, Node] = {}
        self._values = values  # kept alive: nodes without an id are known by their object
        self.nodes: dict[str, Node] = {}
        self.language = ""
        self._count = 0
        self._said: set[tuple[str, str, str]] = set()  # so that what several documents repeat is said once
        for value in _walk(values):
            self._context(value)
        for value in _walk(values):
            self._take(value)
        self._by_ctid = {found.group().lower(): node for id, node in self.nodes.items() if (found := _CTID.search(id))}

    def get(self, value: Json) -> Node | None:
        """The node that a value is or refers to."""
        if isinstance(value, Mapping):
            return self._by_object.get(id(value)) or self.get(self.reference(value))
        if not isinstance(value, str):
            return None
        found = self.nodes.get(value)
        ctid = None if found is not None else _CTID.search(value)
        return self._by_ctid.get(ctid.group().lower()) if ctid else found

    def reference(self, value: Json) -> str | None:
        """The id that a value refers to."""
        if isinstance(value, Mapping):
            value = value.get("@id", value.get("id", value.get("@value")))
        return value.strip() or None if isinstance(value, str) else None

    def term(self, name: str) -> str:
        """A property or class without what says where it is defined; ours keep their prefix."""
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self._prefixes:
            name = self._prefixes[prefix] + rest
        if name.startswith(_OURS_EXPANDED):
            return OURS + name[len(_OURS_EXPANDED) :]
        for namespace in _NAMESPACES:
            if name.startswith(namespace):
                return name[len(namespace) :].lstrip("#")
        return name

    def concept(self, value: Json) -> str:
        """The last word of a concept: "And" of `logicalOperator:And`, of an address, or of an alignment object."""
        node = self.get(value) if isinstance(value, Mapping) else None
        if node is not None and node.props:
            value = node.first("targetNode") or node.first("targetNodeName", "name", "prefLabel")
            if isinstance(value, Mapping):
                value = self.reference(value) or next(iter(value.values()), None)
        text = self.reference(value) or ""
        return re.split(r"[/#:]", text.rstrip("/#"))[-1]

    def texts(self, values: Sequence[Json]) -> Texts:
        """What a property says, with languages: plain, `@value` objects, or maps from language to text."""
        found: dict[str, str] = {}
        for value in values:
            for tag, text in self._texts(value):
                tag = tag.removeprefix("@")
                tag = tag if LANGUAGE.fullmatch(tag) else ""
                if text.strip():
                    found.setdefault(tag, text)
        if len(found) > 1:
            found.pop("", None)
        return tuple(found.items())

    def _texts(self, value: Json) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield self.language, value
        elif isinstance(value, bool | int | float):
            yield "", str(value)
        elif isinstance(value, Mapping):
            inner = value.get("@value")
            if inner is not None:
                language = value.get("@language")
                yield language if isinstance(language, str) else "", str(inner)
                return
            for tag, text in value.items():
                one = text[0] if isinstance(text, Sequence) and not isinstance(text, str) and text else text
                if isinstance(one, str) and tag not in ("@id", "@type", "id", "type"):
                    yield tag, one

    def _context(self, value: JsonObject) -> None:
        contexts = value.get("@context")
        for context in contexts if isinstance(contexts, list) else [contexts]:
            if not isinstance(context, Mapping):
                continue
            for key, meaning in context.items():
                target = self.reference(meaning) if isinstance(meaning, Mapping) else meaning
                if not isinstance(target, str):
                    continue
                if key == "@language":
                    self.language = self.language or (target if LANGUAGE.fullmatch(target) else "")
                elif not key.startswith("@") and "://" in target and target[-1:] in "/#":
                    self._prefixes[key] = target

    def _take(self, value: JsonObject) -> None:
        identifier = self.reference({"@id": value.get("@id", value.get("id"))})
        props = {key: item for key, item in value.items() if key not in ("@id", "id", "@context", "@graph")}
        if not props or (identifier is None and "@value" in props):
            return
        # Maps from language to text are objects too, but describe nothing: they fall under the cap of values alone.
        self._count += identifier is not None or "@type" in props or "type" in props
        if self._count > self._limits.pathway_import_nodes:
            raise refused(
                self._file,
                f"it describes more than {self._limits.pathway_import_nodes:,} things",
                "Ask for the file of one pathway.",
            )
        node = self.nodes.get(identifier) if identifier is not None else None
        if node is None:
            node = Node(identifier or f"_:here-{len(self.nodes)}")
            self.nodes[node.id] = node
        self._by_object[id(value)] = node
        for key, item in props.items():
            if key in ("@type", "type"):
                node.types.update(self.term(one) for one in _listed(item) if isinstance(one, str))
                continue
            term = self.term(key)
            if term.startswith(OURS):
                node.ours[term[len(OURS) :]] = item
            else:
                for one in _listed(item):
                    mark = (node.id, term, strict_json.dumps(one))
                    if mark not in self._said:
                        self._said.add(mark)
                        node.props.setdefault(term, []).append(one)


def _listed(value: Json) -> list[Json]:
    """The values of a property: one alone is a list of one, `@list` and `@set` are lists."""
    if isinstance(value, Mapping) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [one for one in value if one is not None]
    return [value]


def _walk(values: Sequence[Json]) -> Iterator[JsonObject]:
    """Every object, in the order of the file, but not what is inside a context or a property of ours."""
    waiting: list[Json] = list(reversed(values))
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            yield value
            inner = [
                item
                for key, item in value.items()
                if key != "@context" and not key.startswith((OURS, _OURS_EXPANDED)) and isinstance(item, list | dict)
            ]
            waiting += reversed(inner)
        elif isinstance(value, list):
            waiting += reversed(value)


def shown(value: object) -> str:
    """A foreign value as it stands in a message."""
    return clean(str(value), limit=80)
