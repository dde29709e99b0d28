"""Looks through a document before pyld may: which contexts it uses, and whether they leave the words of Open Badges alone.

A context is a programme that says what the members mean. One that turns `expires` into nothing makes a badge that one
reader sees expire and another does not (security.md T15, verification.md checks 6 to 10). Nothing is expanded here; what is
harmless is handed on with contexts that are not bundled taken out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wallet.documents.commitment import stated
from wallet.documents.contexts.extensions import EXTENSION_CONTEXTS
from wallet.documents.contexts.openbadges2 import (
    CLASSES,
    KEYWORDS,
    OB2_ALIASES,
    OB2_CONTEXT,
    PREFIXES,
    PROPERTIES,
    VALIDATION,
    iri,
)
from wallet.limits import Limits
from wallet.model import Json, JsonObject
from wallet.text import clean

# They move members elsewhere, or decide what a name means.
_REFUSED_KEYWORDS: Final = frozenset(
    {"@graph", "@included", "@nest", "@reverse", "@import", "@base", "@vocab", "@propagate"}
)
_NAMES: Final = frozenset({*KEYWORDS, *KEYWORDS.values()})
_DEFAULTS: Final = frozenset({"@language", "@direction"})
# A term that is called like a scheme would make every address of that scheme another one.
_SCHEMES: Final = frozenset({"http", "https", "urn", "did", "data", "mailto", "tel"})

#: term -> (IRI, type of its values) as the Open Badges context has it.
_MEANING: Final[dict[str, tuple[str, str | None]]] = {
    **{term: (name, None) for term, name in (KEYWORDS | PREFIXES).items()},
    **{term: (iri(name), None) for term, name in (CLASSES | VALIDATION).items()},
    **{term: (iri(name), iri(kind) if kind else None) for term, (name, kind) in PROPERTIES.items()},
}
_IRIS: Final = frozenset(name for name, _ in _MEANING.values())


class JsonLdProblem(Exception):  # noqa: N818 - a finding about a document
    """Why a document is not read.

    check: "jsonld.context", "jsonld.split", "jsonld.keywords", "structure.*.id" or "structure.*.type". cause: a stable name.
    failed: the document breaks a rule; otherwise this version cannot read it. message: a clean sentence without full stop.
    """

    def __init__(self, check: str, cause: str, message: str, *, failed: bool = False) -> None:
        super().__init__(message)
        self.check = check
        self.cause = cause
        self.message = message
        self.failed = failed


@dataclass(frozen=True, slots=True)
class ExtensionUse:
    """One object of an extension: the member that holds it, and the contexts that it names itself.

    contextual: whether it has a context of its own at all, by address or written out.
    """

    member: str
    contextual: bool
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """A harmless document for pyld, and what was noticed. See `wallet.documents.jsonld.Normalised` for the fields."""

    document: Json
    undefined: tuple[str, ...]
    unknown_contexts: tuple[str, ...]
    language: str | None = None
    extensions: tuple[ExtensionUse, ...] = ()


class _Surveyor:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.contexts = 0
        self.unknown: dict[str, None] = {}
        self.undefined: set[str] = set()
        self.extensions: list[ExtensionUse] = []

    def node(self, value: Json, terms: frozenset[str], path: str, *, name: str = "", listed: bool = True) -> Json:
        """`value` with its contexts reduced to bundled and inline ones, and without node-level `@language`.

        terms: names that are defined here. name: that of the extension that `value` is, if it is one. listed: no member
        around it is undefined.
        """
        if isinstance(value, list):
            return [self.node(item, terms, path, name=name, listed=listed) for item in value]
        if not isinstance(value, Mapping):
            return value
        if name:
            named = value.get("@context")
            addresses = tuple(item for item in (named if isinstance(named, list) else [named]) if isinstance(item, str))
            self.extensions.append(ExtensionUse(name, named is not None, addresses))
        reduced: dict[str, Json] = {}
        if "@context" in value:
            context, defined = self.context(value["@context"], extension=bool(name))
            terms |= defined
            if context or not path:
                reduced["@context"] = context
        for key, member in value.items():
            if key in _REFUSED_KEYWORDS:
                raise _keyword(key)
            if key == "@context" or (key == "@language" and "@value" not in value):
                continue
            if member is None and key in _NAMES:
                continue  # no name at all; pyld takes it for a wrong one
            inside = f"{path}.{key}" if path else key
            defined_here = key in terms or ":" in key or key.startswith("@")
            if listed and not defined_here:
                self.undefined.add(inside)
            reduced[key] = self.node(
                member,
                terms,
                inside,
                name=short if (short := short_name(key)).startswith("extensions:") else "",
                listed=listed and defined_here,
            )
        if name:
            reduced.update(stated(name, value))
        return reduced

    def context(self, value: Json, *, extension: bool) -> tuple[list[Json], frozenset[str]]:
        """The part of one `@context` that pyld may see, and the terms that it defines."""
        kept: list[Json] = []
        terms: set[str] = set()
        for item in value if isinstance(value, list) else [value]:
            self.contexts += 1
            if self.contexts > self.limits.contexts_per_document:
                message = f"The document uses more than {self.limits.contexts_per_document} contexts"
                raise JsonLdProblem("jsonld.keywords", "too-many-contexts", message)
            if isinstance(item, str):
                if item in OB2_ALIASES:
                    kept.append(OB2_CONTEXT)
                    terms.update(_MEANING)
                elif item in EXTENSION_CONTEXTS:
                    if not extension:
                        self.definitions(EXTENSION_CONTEXTS[item])
                    kept.append(item)
                    terms.update(EXTENSION_CONTEXTS[item])
                else:
                    self.unknown[item] = None
            elif isinstance(item, Mapping):
                self.definitions(item)
                # A default language would turn every text, also of an address or a salt, into an object.
                kept.append({term: meaning for term, meaning in item.items() if term not in _DEFAULTS})
                terms.update(term for term, meaning in item.items() if meaning is not None)
            else:
                raise _split(
                    "takes all words of Open Badges away" if item is None else "is neither an address nor an object"
                )
        return kept, frozenset(terms)

    def definitions(self, context: JsonObject) -> None:
        """Refuse an inline context, or an extension's in the wrong place, that changes what a word of ours means."""
        for term, meaning in context.items():
            if term in _REFUSED_KEYWORDS:
                raise _keyword(term)
            if term.startswith("@"):
                continue
            if term in _MEANING or term in _SCHEMES or iri(term) in _IRIS:
                if not _says_the_same(term, meaning):
                    raise _split(f"gives “{clean(term, limit=60)}” another meaning")
            elif isinstance(meaning, str) and meaning in _REFUSED_KEYWORDS:
                raise _keyword(meaning)
            elif isinstance(meaning, Mapping):
                self.definition(meaning)

    def definition(self, meaning: JsonObject) -> None:
        for key, value in meaning.items():
            if key == "@context":
                self.context(value, extension=False)
            elif key in _REFUSED_KEYWORDS:
                raise _keyword(key)
            else:
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, str) and item in _REFUSED_KEYWORDS:
                        raise _keyword(item)


def _says_the_same(term: str, meaning: Json) -> bool:
    """Whether a definition only repeats what the term means anyway, in one of the two plain forms of writing it."""
    name, kind = meaning, None
    if isinstance(meaning, Mapping) and meaning.keys() <= {"@id", "@type"} and term not in PREFIXES:
        # A prefix must be plain text: written as an object it names something, but no longer abbreviates.
        name, kind = meaning.get("@id"), meaning.get("@type")
    if not isinstance(name, str) or not (kind is None or isinstance(kind, str)):
        return False
    return _MEANING.get(term) == (iri(name), iri(kind) if kind is not None else None)


def _split(what: str) -> JsonLdProblem:
    return JsonLdProblem("jsonld.split", "context-split", f"A context {what}", failed=True)


def _keyword(name: str) -> JsonLdProblem:
    return JsonLdProblem("jsonld.keywords", "keyword", f"The document uses {name}, which badgefolio does not read")


def survey(value: JsonObject, limits: Limits) -> Survey:
    """Look through `value`. Raises `JsonLdProblem` for what must not reach pyld."""
    surveyor = _Surveyor(limits)
    try:
        document = surveyor.node(value, frozenset(), "")
    except RecursionError as error:
        raise JsonLdProblem("jsonld.context", "too-deep", "The document is nested too deeply to be read") from error
    return Survey(
        document,
        tuple(sorted(surveyor.undefined)),
        tuple(surveyor.unknown),
        _default_language(value),
        tuple(surveyor.extensions),
    )


def short_name(address: str) -> str:
    """The name of an extension's member or type with the usual prefix; every other name as it is."""
    full = PREFIXES["extensions"]
    return f"extensions:{address.removeprefix(full)}" if address.startswith(full) else address


def _default_language(value: JsonObject) -> str | None:
    """The language that the document's own context gives to its texts; the last one counts."""
    contexts = value.get("@context")
    tags = [
        tag
        for context in (contexts if isinstance(contexts, list) else [contexts])
        if isinstance(context, Mapping) and isinstance(tag := context.get("@language"), str)
    ]
    return tags[-1] if tags else None
