"""Reads documents older than Open Badges 2.0 as if they were 2.0, and lists each step that this took.

    upgrade(document, "assertion", address)      # what it says, in the words of 2.0; the original stays as it is

0.5 and 1.0 are plain JSON; 1.1 is JSON-LD with one context. Only the members that these versions define are read, by the
names that they define; whatever could make another reader see something else (a context inside the document, full names,
keywords) is refused. Pure: nothing is fetched here, and nothing is judged beyond that; which host may speak for which issuer
is the affair of `wallet.verify.checks.legacy`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from urllib.parse import quote, urljoin

from wallet.documents.contexts.legacy import LEGACY_CONTEXTS
from wallet.documents.contexts.openbadges2 import CLASSES, KEYWORDS, PREFIXES, TERM_OF_IRI, iri
from wallet.documents.dates import parse_datetime
from wallet.documents.survey import JsonLdProblem
from wallet.limits import LIMITS
from wallet.model import Json, JsonObject
from wallet.text import clean

Part = Literal["assertion", "badgeclass", "profile", "revocationlist"]

#: What each class may hold, in 1.0 and 1.1.
_MEMBERS: Final[dict[str, frozenset[str]]] = {
    "assertion": frozenset(
        [
            "id",
            "type",
            "uid",
            "recipient",
            "badge",
            "verify",
            "issuedOn",
            "expires",
            "image",
            "evidence",
            "revoked",
            "revocationReason",
        ]
    ),
    "badgeclass": frozenset(["id", "type", "name", "description", "image", "criteria", "issuer", "alignment", "tags"]),
    "profile": frozenset(["id", "type", "name", "url", "description", "image", "email", "revocationList"]),
    "identity": frozenset(["type", "identity", "hashed", "salt"]),
    "verify": frozenset(["type", "url"]),
    "alignment": frozenset(["name", "url", "description"]),
}
_FIRST: Final[dict[str, frozenset[str]]] = {
    "assertion": frozenset(
        ["recipient", "salt", "badge", "issued_on", "expires", "evidence", "revoked", "revocationReason"]
    ),
    "badge": frozenset(["version", "name", "image", "description", "criteria", "issuer"]),
    "issuer": frozenset(["origin", "name", "contact"]),
}
_WORDS: Final = frozenset().union(*_MEMBERS.values(), CLASSES, KEYWORDS, PREFIXES)
_TYPES: Final = {
    "assertion": "Assertion",
    "badgeclass": "BadgeClass",
    "issuer": "Issuer",
    "issuerorg": "Issuer",
    "profile": "Profile",
    "revocationlist": "RevocationList",
}
_METHODS: Final = {"hosted": "HostedBadge", "signed": "SignedBadge"}
_SIGNED: Final = frozenset({"signed", "Signed", "SignedBadge"})
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH = re.compile(r"\d{10}", re.ASCII)
_LAST_EPOCH: Final = 9_999_999_999
_HASHED = re.compile(r"[a-z0-9]+\$[0-9A-Fa-f]+")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
#: What servers answer instead of a list: members that say so are no uids.
_EXCUSES: Final = frozenset({"error", "errors", "message", "status", "detail", "code", "success"})


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A document in the words of 2.0. steps: what was read otherwise than written. The rest as in `jsonld.Normalised`."""

    node: JsonObject
    version: str
    steps: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()
    unknown_contexts: tuple[str, ...] = ()


def upgrade(value: JsonObject, part: Part, address: str | None = None) -> Upgraded:
    """`value`, an older document that was found at `address`, in the words of 2.0. Raises `JsonLdProblem`, nothing else."""
    version = _version(value, part)
    work = _Upgrade(version)
    if part == "assertion":
        node = work.first(value, address) if version == "0.5" else work.assertion(value)
    elif part == "badgeclass":
        node = work.badge_class(value, address)
    elif part == "profile":
        node = work.profile(value, address)
    else:
        node = work.revocation_list(value)
    return Upgraded(node, version, tuple(work.steps), tuple(sorted(work.undefined)), tuple(work.unknown))


def withdrawn_only(value: JsonObject) -> bool:
    """Whether an old server says nothing but that the badge was withdrawn, without naming a version."""
    return value.get("revoked") is True and value.keys() <= {"revoked", "revocationReason", "id", "uid"}


def _version(value: JsonObject, part: Part) -> str:
    """By context, else by shape."""
    contexts = [item for item in _list(value.get("@context")) if isinstance(item, str)]
    if not LEGACY_CONTEXTS.isdisjoint(contexts):
        return "1.1"
    if "@context" not in value:
        return "0.5" if part == "assertion" and isinstance(value.get("recipient"), str) else "1.0"
    named = f": {clean(contexts[0], limit=100)}" if contexts else ""
    raise JsonLdProblem("jsonld.context", "context", f"It does not use the vocabulary of Open Badges{named}")


def read_time(value: Json) -> datetime | None:
    """A date of 1.x or 0.5: ISO text, or seconds since 1970 as number or ten digits. Without a zone it is UTC."""
    if isinstance(value, str) and not _EPOCH.fullmatch(value):
        if not _TIME.fullmatch(value):
            return None
        try:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):  # no such day, or UTC lies outside the years 1 to 9999
            return None
    if isinstance(value, str | int) and not isinstance(value, bool) and 0 <= int(value) <= _LAST_EPOCH:
        return datetime.fromtimestamp(int(value), UTC)
    return None


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _is_web(value: Json) -> bool:
    return isinstance(value, str) and _SCHEME.match(value) is not None


def _same_place(one: str, other: str) -> bool:
    """Servers moved to https without changing what they had written down."""
    return _SCHEME.sub("", one, count=1) == _SCHEME.sub("", other, count=1)


class _Upgrade:
    """One document on its way: what was done, what was left out."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.steps: dict[str, None] = {}
        self.undefined: set[str] = set()
        self.unknown: dict[str, None] = {}
        self._contexts = 0

    def _step(self, text: str) -> None:
        self.steps[text] = None

    # 1.0 and 1.1

    def assertion(self, value: JsonObject) -> dict[str, Json]:
        node = self._members(value, _MEMBERS["assertion"], "")
        self._type(node, value)
        way = node.pop("verify", None)
        url: Json = None
        signed = False
        if isinstance(way, Mapping):
            said = self._members(way, _MEMBERS["verify"], "verify.")
            kinds = _list(said["type"]) if "type" in said else []
            signed = any(kind in _SIGNED for kind in kinds if isinstance(kind, str))
            named: list[Json] = [_METHODS.get(kind, kind) if isinstance(kind, str) else kind for kind in kinds]
            if named:
                said["type"] = named[0] if len(named) == 1 else named
            url = said.get("url")
            way = said
            self._step("verify read as verification")
        if way is not None:
            node["verification"] = way
        self._id(node, url, signed=signed)
        self._dates(node)
        if isinstance(node.get("recipient"), Mapping):
            node["recipient"] = self._members(_object(node["recipient"]), _MEMBERS["identity"], "recipient.")
        if isinstance(node.get("badge"), Mapping):
            node["badge"] = self.badge_class(_object(node["badge"]), None, "badge.")
        return node

    def _id(self, node: dict[str, Json], url: Json, *, signed: bool) -> None:
        """1.0 has no id: a hosted badge is where it is verified, a signed one is what its issuer counts it as."""
        own, uid = node.get("id"), node.get("uid")
        if signed and uid is not None and (isinstance(uid, bool) or not isinstance(uid, str | int)):
            # Lists of withdrawn badges name them by uid: one that cannot be compared would never be found there.
            raise JsonLdProblem("structure.*.id", "id", "Its uid is neither a text nor a number", failed=True)
        if self.version == "1.0" and own is not None:
            self.undefined.add("id")
            del node["id"]
            own = None
        if isinstance(own, str) and not signed and _is_web(url):
            if not _is_web(own):
                node["id"] = url
                self._step("id from verify.url")
            elif not _same_place(own, str(url)):
                # Two addresses: two readers would look in two places, so that neither is the id.
                node["id"] = [own, url]
        elif own is None and not signed and isinstance(url, str):
            node["id"] = url
            self._step("id from verify.url")
        elif own is None and signed and uid is not None and str(uid).strip():
            node["id"] = f"uid:{quote(str(uid), safe='-._~')}"
            self._step("id from uid")

    def badge_class(self, value: JsonObject, address: str | None, path: str = "") -> dict[str, Json]:
        node = self._members(value, _MEMBERS["badgeclass"], path)
        self._type(node, value)
        self._address(node, address)
        if isinstance(node.get("issuer"), Mapping):
            node["issuer"] = self.profile(_object(node["issuer"]), None, f"{path}issuer.")
        if "alignment" in node:
            read = [self._alignment(item, path) for item in _list(node["alignment"])]
            node["alignment"] = read[0] if len(read) == 1 else read
        return node

    def profile(self, value: JsonObject, address: str | None, path: str = "") -> dict[str, Json]:
        node = self._members(value, _MEMBERS["profile"], path)
        self._type(node, value)
        self._address(node, address)
        return node

    def _address(self, node: dict[str, Json], address: str | None) -> None:
        if address is not None and (self.version == "1.0" or "id" not in node):
            if "id" in node:
                self.undefined.add("id")
            node["id"] = address
            self._step("id from its address")

    def _alignment(self, item: Json, path: str) -> Json:
        if not isinstance(item, Mapping):
            return item
        said = self._members(item, _MEMBERS["alignment"], f"{path}alignment.")
        self._step("alignment name, url and description read as targetName, targetUrl and targetDescription")
        return {f"target{name[0].upper()}{name[1:]}": member for name, member in said.items()}

    def _type(self, node: dict[str, Json], value: JsonObject) -> None:
        """Words of 1.1 in the spelling of 2.0; where there are none, the shape tells, so that a mix-up stays one."""
        shape = _shape(value)
        if "type" in node:
            types: list[Json] = []
            for name in _list(node["type"]):
                word = TERM_OF_IRI.get(iri(name), name) if isinstance(name, str) else name
                types.append(_TYPES.get(word.lower(), word) if isinstance(word, str) else word)
            if types != _list(node["type"]):
                self._step("type spelt as in 2.0")
            node["type"] = types[0] if len(types) == 1 else types
        elif shape is not None:
            node["type"] = shape
            self._step("type inferred")
        elif self.version == "1.0":
            raise JsonLdProblem("jsonld.context", "context", "It does not use the vocabulary of Open Badges")

    def _dates(self, node: dict[str, Json]) -> None:
        for name in ("issuedOn", "expires"):
            value = node.get(name)
            if isinstance(value, str) and parse_datetime(value) is not None:
                continue
            moment = read_time(value)
            if moment is None:
                continue  # as written, for the check of its form
            if isinstance(value, str) and _DAY.fullmatch(value):
                if name == "expires":
                    moment += timedelta(days=1, microseconds=-1)
                    self._step("expires lasts to the end of its day in UTC")
                else:
                    self._step(f"{name} is a day and read as UTC")
            elif isinstance(value, int) or (isinstance(value, str) and _EPOCH.fullmatch(value)):
                self._step(f"{name} in seconds since 1970")
            else:
                self._step(f"{name} without a zone read as UTC")
            node[name] = moment.isoformat()

    def revocation_list(self, value: JsonObject) -> dict[str, Json]:
        """A list of 2.0's shape stays; that of 1.x is an object from uid (or id) to reason."""
        node: dict[str, Json] = {"type": "RevocationList"}
        if "revokedAssertions" in value:
            return node | {name: value[name] for name in ("revokedAssertions", "issuer") if value.get(name) is not None}
        names = {name: why for name, why in value.items() if not name.startswith("@")}
        if "@context" in value:
            names = {name: why for name, why in names.items() if name not in ("id", "type", "issuer")}
        strange = any(why is not None and why is not True and not isinstance(why, str) for why in names.values())
        if strange or not _EXCUSES.isdisjoint(name.lower() for name in names):
            message = "It does not look like a list of withdrawn badges"
            raise JsonLdProblem("jsonld.context", "list-unreadable", message)
        entries: list[Json] = []
        for name, why in names.items():
            entry: dict[str, Json] = {"id": name, "uid": name}
            entries.append({**entry, "revocationReason": why} if isinstance(why, str) else entry)
        self._step("its members read as uids")
        return {**node, "revokedAssertions": entries}

    # 0.5

    def first(self, value: JsonObject, address: str | None) -> dict[str, Json]:
        """0.5: everything stands inside the badge, and only its address can prove it."""
        said = self._members(value, _FIRST["assertion"], "")
        node: dict[str, Json] = {"type": "Assertion", "verification": {"type": "HostedBadge"}}
        if address is not None:
            node["id"] = address
            self._step("id from its address")
        who, salt = str(said.pop("recipient")), said.pop("salt", None)
        person: dict[str, Json] = {"type": "email", "identity": who, "hashed": _HASHED.fullmatch(who) is not None}
        node["recipient"] = {**person, "salt": salt} if salt is not None else person
        self._step("recipient and salt read as one identity")
        if "issued_on" in said:
            said["issuedOn"] = said.pop("issued_on")
            self._step("issued_on read as issuedOn")
        badge = said.pop("badge", None)
        node |= said
        self._dates(node)
        if isinstance(badge, Mapping):
            node["badge"], origin = self._first_badge(badge, address)
            self._complete(node, origin, ("evidence",))
        elif badge is not None:
            node["badge"] = badge  # as written, for the check that misses the issuer inside it
        return node

    def _first_badge(self, value: JsonObject, address: str | None) -> tuple[dict[str, Json], str | None]:
        badge = self._members(value, _FIRST["badge"], "badge.")
        badge.pop("version", None)
        badge["type"] = "BadgeClass"
        issuer = badge.get("issuer")
        origin: str | None = None
        if isinstance(issuer, Mapping):
            said = self._members(issuer, _FIRST["issuer"], "badge.issuer.")
            profile: dict[str, Json] = {"type": "Issuer"}
            named = said.get("origin")
            if named is not None:
                origin = named if isinstance(named, str) else None
                profile |= {"id": named, "url": named}
                self._step("issuer's id and url from origin")
            if "name" in said:
                profile["name"] = said["name"]
            if "contact" in said:
                profile["email"] = said["contact"]
                self._step("contact read as email")
            badge["issuer"] = profile
        place = address or origin
        if place is not None:
            # Below an address that is the issuer's own, so that nobody can take the name of another's achievement.
            badge["id"] = f"{place.partition('#')[0]}#badge"
        self._complete(badge, origin, ("image", "criteria"))
        return badge, origin

    def _complete(self, node: dict[str, Json], origin: str | None, names: tuple[str, ...]) -> None:
        for name in names:
            value = node.get(name)
            if isinstance(value, str) and _is_web(origin) and not _is_web(value) and value[:5].lower() != "data:":
                try:
                    node[name] = urljoin(origin or "", value)
                except ValueError:  # an origin that is no address; the check of the host says so
                    continue
                self._step("relative addresses completed with the issuer's origin")

    # members and contexts

    def _members(self, value: JsonObject, known: frozenset[str], path: str) -> dict[str, Json]:
        """The members of one object that this version defines: nulls dropped, lists of one unwrapped."""
        found: dict[str, list[Json]] = {}
        self._context(value.get("@context"))
        for key, member in value.items():
            name = {"@id": "id", "@type": "type"}.get(key, key)
            if name in ("@context", "@language"):
                continue
            if name.startswith("@"):
                message = f"It uses “{clean(name, limit=40)}”, which is not read in Open Badges {self.version}"
                raise JsonLdProblem("jsonld.keywords", "keyword", message)
            if ":" in name and iri(name) in TERM_OF_IRI:
                message = f"It writes “{clean(name, limit=80)}” for a word of Open Badges, which is not read in {self.version}"
                raise JsonLdProblem("jsonld.keywords", "keyword", message)
            if name in known:
                found.setdefault(name, []).extend(item for item in _list(member) if item is not None)
            else:
                self.undefined.add(path + name)
        return {name: items[0] if len(items) == 1 else items for name, items in found.items() if items}

    def _context(self, value: Json) -> None:
        for item in _list(value):
            if item is None or (isinstance(item, str) and item in LEGACY_CONTEXTS):
                continue
            self._contexts += 1
            if self._contexts > LIMITS.contexts_per_document:
                raise JsonLdProblem("jsonld.keywords", "too-many-contexts", "It uses too many contexts")
            if isinstance(item, str):
                self.unknown[clean(item, limit=200)] = None
            elif isinstance(item, Mapping) and not _WORDS.isdisjoint(item):
                message = "A context gives another meaning to a word of Open Badges"
                raise JsonLdProblem("jsonld.split", "context-split", message, failed=True)
            else:
                # It may be a second name for a word of ours, which another reader would follow.
                message = f"It brings a context of its own, which is not read in Open Badges {self.version}"
                raise JsonLdProblem("jsonld.context", "json-ld", message)


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _shape(node: JsonObject) -> str | None:
    """Which class a document without a type can only be."""
    if "recipient" in node or "badge" in node:
        return "Assertion"
    if "criteria" in node or "issuer" in node:
        return "BadgeClass"
    return "Issuer" if "name" in node or "url" in node else None
