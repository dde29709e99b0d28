"""JSON-LD, as far as Open Badges needs it: any allowed spelling of a document becomes the one that the readers know.

Most documents are already spelt that way: their only context is that of Open Badges and no member has a colon in its name.
They are read directly (the *fast path*). All others go through pyld, and only its result is read (the *full path*); both
give the same node. Before pyld sees a document, everything that could make two readers see different badges is refused:
contexts that give a word of Open Badges another meaning, keywords that move or hide members, and contexts that are not
bundled, which are left out and named. Nothing is fetched: the only contexts there are stand in `wallet.documents.contexts`.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

from wallet.documents.contexts.legacy import LEGACY_CONTEXTS
from wallet.documents.contexts.openbadges2 import (
    CLASSES,
    KEYWORDS,
    OB2_ALIASES,
    OB2_CONTEXT,
    PREFIXES,
    PROPERTIES,
    TARGET_FRAMEWORK_VARIANT,
    TERM_OF_IRI,
    VALIDATION,
    iri,
)
from wallet.documents.survey import ExtensionUse, JsonLdProblem, Survey, short_name, survey
from wallet.limits import LIMITS, Limits
from wallet.model import Json, JsonObject
from wallet.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OB2_CONTEXT", "JsonLdProblem", "Normalised", "normalise"]

# A scheme of its own, so that also "//host/path" can be told from an absolute address after pyld has resolved it.
_RELATIVE: Final = "x-relative:"
_BASE: Final = f"{_RELATIVE}//relative.invalid/"
_COMPACT_CONTEXT: Final = f"{_BASE}compact-context"
_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?\S*")
_WORD = re.compile(r"[A-Za-z0-9]+")
_TERMS: Final = frozenset({*KEYWORDS, *PREFIXES, *CLASSES, *VALIDATION, *PROPERTIES})
# Of two terms for one property the first is the specification's own.
_TERM_OF_PROPERTY: Final = {iri(name): term for term, (name, _) in reversed(PROPERTIES.items())}
# Words that name a type: classes, and the properties that say how a recipient is identified.
_TYPE_WORDS: Final = frozenset({*CLASSES, "email", "telephone", "url"})
# pyld stumbles over some shapes with an error of Python instead of its own.
_SLIPS: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A document in the terms of Open Badges.

    node: null members dropped, lists of one unwrapped, nodes of only an id replaced by it, ids and types plain text.
    fast: it was read without pyld. undefined: dotted names of members that no context defines; they are not in `node`.
    unknown_contexts: what was left out. language: the tag of the document's texts. version: "2.0", "1.1", "1.0" or "0.5";
    below 2.0 the members of `node` have the names they were written with. extensions: the objects of extensions as written.
    """

    node: JsonObject
    fast: bool
    undefined: tuple[str, ...] = ()
    unknown_contexts: tuple[str, ...] = ()
    language: str | None = None
    version: str = "2.0"
    extensions: tuple[ExtensionUse, ...] = ()


def normalise(value: JsonObject, limits: Limits = LIMITS) -> Normalised:
    """`value` in the terms of Open Badges. Raises `JsonLdProblem`, and nothing else."""
    contexts = [item for item in _items(value.get("@context")) if isinstance(item, str)]
    tag = value.get("@language")
    language = tag if isinstance(tag, str) else None
    if OB2_ALIASES.isdisjoint(contexts):
        return Normalised(_plain(value), fast=True, language=language, version=_older_version(value, contexts))
    try:
        undefined: set[str] = set()
        node = _read_node(value, undefined, "")
        return Normalised(
            _document(node), fast=True, undefined=tuple(sorted(undefined)) if undefined else (), language=language
        )
    except _NotPlain:
        seen = survey(value, limits)
        return Normalised(
            _document(_read_fully(seen)),
            fast=False,
            undefined=seen.undefined,
            unknown_contexts=seen.unknown_contexts,
            language=language or seen.language,
            extensions=seen.extensions,
        )
    except RecursionError as error:
        raise JsonLdProblem("jsonld.context", "too-deep", "The document is nested too deeply to be read") from error


def _document(node: dict[str, Json]) -> dict[str, Json]:
    """JSON-LD: a document that only names something says nothing about it."""
    return {} if node.keys() == {"id"} else node


# documents older than 2.0


def _older_version(value: JsonObject, contexts: list[str]) -> str:
    if not LEGACY_CONTEXTS.isdisjoint(contexts):
        return "1.1"
    if "@context" not in value and "badge" in value:
        if isinstance(value.get("recipient"), str):
            return "0.5"
        if "verify" in value or "uid" in value:
            return "1.0"
    named = f": {clean(contexts[0], limit=100)}" if contexts else ""
    raise JsonLdProblem("jsonld.context", "context", f"It does not use the vocabulary of Open Badges{named}")


def _plain(value: JsonObject) -> dict[str, Json]:
    """Members as written, without nulls, lists of one unwrapped."""
    plain: dict[str, Json] = {}
    for key, member in value.items():
        items = [_plain(item) if isinstance(item, Mapping) else item for item in _items(member) if item is not None]
        if items and key not in ("@context", "@language"):
            plain[key] = items[0] if len(items) == 1 else items
        elif isinstance(member, list):
            plain[key] = []
    return plain


# the fast path


#: Members of which a text means what it says, and those of which it is an address, by their names: a name that is the very
#: object by which the readers ask is found at once.
_TEXTS: Final = {term: term for term, (_, kind) in PROPERTIES.items() if kind != "@id" and term != "verify"}
_ADDRESSES: Final = {"id": "id", **{term: term for term, (_, kind) in PROPERTIES.items() if kind == "@id"}}
#: What `_read_iri` lets through, mostly.
_USUAL_ADDRESS = re.compile(r"https?://\S*")


class _NotPlain(Exception):  # noqa: N818 - not an error: the document is spelt in a way that only pyld can read
    """Leave the fast path."""


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _read_node(value: JsonObject, undefined: set[str], path: str) -> dict[str, Json]:
    node: dict[str, Json] = {}
    for key, member in value.items():
        # Nearly all members are texts that stay as they are.
        if type(member) is str:
            term = _TEXTS.get(key)
            if term is None:
                term = _ADDRESSES.get(key)
                if term is not None and not _USUAL_ADDRESS.fullmatch(member):
                    term = None
            if term is not None:
                node[term] = member
                continue
            if key == "type" and member in _USUAL_TYPES:
                node["type"] = _USUAL_TYPES[member]
                continue
            if key == "@context" and member == OB2_CONTEXT:
                continue
        known = PROPERTIES.get(key)
        if known is not None:
            if member is None:
                continue
            kind = known[1]
            if type(member) is str:
                read: Json = _read_iri(member) if kind == "@id" else member
            else:
                read = _read_values(member, kind, undefined, path + key)
            if key == "verify":
                key = _verify_term(read, value)
                if isinstance(read, dict) and read.keys() == {"id"}:
                    read = read["id"]
            node[key] = read
        elif member is None and key in KEYWORDS:
            continue
        elif key == "id":
            if not isinstance(member, str):
                raise _NotPlain
            node["id"] = _read_iri(member)
        elif key == "type":
            node["type"] = _read_types(member)
        elif key == "@context":
            if member != OB2_CONTEXT and any(
                not isinstance(item, str) or item not in OB2_ALIASES for item in _items(member)
            ):
                raise _NotPlain
        elif key in _TERMS or (key != "@language" and (key.startswith("@") or ":" in key)):
            raise _NotPlain
        elif key != "@language":
            undefined.add(path + key)
            _must_be_plain(member)
    return node


def _verify_term(read: Json, node: JsonObject) -> str:
    """`verify` is another name for `verification`; pyld gives an object the one and a text the other."""
    if "verification" in node or isinstance(read, list):
        raise _NotPlain
    return "verification" if isinstance(read, Mapping) else "verify"


def _read_values(value: Json, kind: str | None, undefined: set[str], path: str) -> Json:
    if not isinstance(value, list):
        return _read_value(value, kind, undefined, path)
    if any(isinstance(item, list) for item in value):
        raise _NotPlain
    read = [_read_value(item, kind, undefined, path) for item in value if item is not None]
    if not read and kind is not None:
        raise _NotPlain  # nothing has no type, so pyld finds no term for it
    return read[0] if len(read) == 1 else read


def _read_value(value: Json, kind: str | None, undefined: set[str], path: str) -> Json:
    if isinstance(value, str):
        return _read_iri(value) if kind == "@id" else value
    if isinstance(value, dict):
        if kind not in (None, "@id"):
            raise _NotPlain
        node = _read_node(value, undefined, path + ".")
        return node["id"] if kind == "@id" and node.keys() == {"id"} else node
    if kind == "@id":
        raise _NotPlain
    return value


def _read_iri(text: str) -> str:
    match = _ABSOLUTE.fullmatch(text)
    if match is None or (match[1] in PREFIXES and not match[2]) or match[1] == _RELATIVE[:-1]:
        raise _NotPlain
    return text


def _read_types(value: Json) -> Json:
    types = [item for item in _items(value) if isinstance(item, str)]
    if not types or len(types) != len(_items(value)) or len(set(types)) != len(types):
        raise _NotPlain
    read: list[Json] = []
    for name in types:
        if _WORD.fullmatch(name):
            if name in _TERMS and name not in _TYPE_WORDS:
                raise _NotPlain
            read.append(_type_word(name))
        else:
            read.append(_type_word(short_name(_read_iri(name))))
    return read[0] if len(read) == 1 else read


def _type_word(name: str) -> str:
    """The specification's word for a type that has several spellings."""
    if name in ("hosted", "signed"):
        return f"{name.capitalize()}Badge"
    return TERM_OF_IRI.get(name, name)


#: How the types that Open Badges defines are mostly written, and what they are read as: what `_read_types` makes of them.
_USUAL_TYPES: Final = {name: _type_word(name) for name in _TYPE_WORDS}


def _must_be_plain(value: Json) -> None:
    """Members that nobody defines are dropped, but a keyword inside them still means that this is no plain document."""
    if isinstance(value, dict):
        for key, member in value.items():
            if ":" in key or (key.startswith("@") and key != "@language"):
                raise _NotPlain
            _must_be_plain(member)
    elif isinstance(value, list):
        for item in value:
            _must_be_plain(item)


# the full path

# pyld keeps processed contexts in caches that two threads must not touch at once; it is pure Python, so nothing is lost.
_PYLD = Lock()


def _load_bundled(url: str, _options: object) -> dict[str, object]:
    """Answer for the contexts we write ourselves and refuse every other address."""
    from wallet.documents.contexts import extensions, openbadges2

    document: Mapping[str, object]
    if url == OB2_CONTEXT:
        document = openbadges2.context()
    elif url == _COMPACT_CONTEXT:
        document = openbadges2.compact_context()
    elif url in extensions.EXTENSION_CONTEXTS:
        document = extensions.EXTENSION_CONTEXTS[url]
    else:
        raise LookupError("only bundled contexts are read")
    # "static" lets pyld keep the processed context instead of asking again for each document.
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": document}, "tag": "static"}


def _pyld() -> ModuleType:
    """pyld, loaded when the first document needs it: that costs more than listing a thousand badges.

    What it would fetch with is hidden from it meanwhile: loading that takes as long again, and six megabytes for good.
    """
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    hidden = [name for name in ("requests", "aiohttp") if "pyld" not in modules and name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        from pyld import jsonld  # noqa: TID251 - this is the one place
    finally:
        for name in hidden:
            del modules[name]
    loaded: ModuleType = jsonld
    return loaded


def _read_fully(seen: Survey) -> dict[str, Json]:
    with _PYLD:
        jsonld = _pyld()
        # Said about every name that begins with "@"; pyld then ignores it, as it should, and nobody needs to read that.
        warnings.filterwarnings("ignore", category=SyntaxWarning, module=r"pyld\.")
        # Also as the default: should anything else in this process run pyld, it has no way to the network either.
        jsonld.set_document_loader(_load_bundled)
        options = {"base": _BASE, "documentLoader": _load_bundled}
        try:
            expanded = jsonld.expand(seen.document, options)
            compacted = jsonld.compact(expanded, _COMPACT_CONTEXT, {**options, "base": "", "skipExpansion": True})
        except jsonld.JsonLdError as error:
            raise _problem(error.code if isinstance(error.code, str) else "") from error
        except _SLIPS as error:
            raise _problem("") from error
    node = _tidy(compacted)
    if not isinstance(node, Mapping) or "@graph" in compacted:
        raise _problem("")
    return dict(node)


def _problem(code: str) -> JsonLdProblem:
    if code == "invalid @id value":
        return JsonLdProblem("structure.*.id", "id", "An id is not a text", failed=True)
    if code == "invalid type value":
        return JsonLdProblem("structure.*.type", "type", "A type is not a text", failed=True)
    reason = f" ({clean(code)})" if code else ""
    return JsonLdProblem("jsonld.context", "json-ld", f"The document cannot be read as JSON-LD{reason}")


def _tidy(value: Json, *, kind: str | None = None, extension: bool = False) -> Json:
    """Compacted JSON-LD as the fast path would give it."""
    if isinstance(value, list):
        items = [_tidy(item, kind=kind, extension=extension) for item in value if item is not None]
        return items[0] if len(items) == 1 else items
    if isinstance(value, str):
        return _as_written(value) if kind == "@id" else value
    if not isinstance(value, Mapping):
        return value
    node: dict[str, Json] = {}
    for key, member in _renamed(value, extension):
        if member is None:  # what pyld makes of an id that looks like a keyword
            continue
        if key == "id":
            node["id"] = _tidy(member, kind="@id")
        elif key == "type":
            words = [_type_word(short_name(_as_written(item))) for item in _items(member) if isinstance(item, str)]
            node["type"] = words[0] if len(words) == 1 else list(words)
        elif key in PROPERTIES:
            read = _tidy(member, kind=PROPERTIES[key][1], extension=extension)
            node[key] = [*_items(node[key]), *_items(read)] if key in node else read
        elif key != "@context" and (extension or key.startswith(("extensions:", "@"))):
            node[key] = _tidy(member, extension=True)
    return node["id"] if kind == "@id" and node.keys() == {"id"} else node


def _as_written(address: str) -> str:
    """A relative address without the base that pyld has put before it."""
    return address.removeprefix(_BASE).removeprefix(_RELATIVE)


def _renamed(members: JsonObject, extension: bool) -> Iterable[tuple[str, Json]]:
    for key, member in members.items():
        if key == TARGET_FRAMEWORK_VARIANT:
            if "targetFramework" not in members:
                yield "targetFramework", member
        elif extension:
            yield short_name(key), member
        elif member != [] or key not in _TERM_OF_PROPERTY:  # no value has no type, and is none
            # What has another type than its term asks for stays under its address, and would be lost: an expiry, of all things.
            yield _TERM_OF_PROPERTY.get(key) or short_name(key), member
