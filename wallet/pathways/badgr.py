"""Brings in a pathway from the JSON of Badgr and Canvas Credentials (pathways.md section 11).

There a pathway is a tree of elements, each with up to three blocks that must all be fulfilled: children, badges, and
elements elsewhere. The first two become groups, the third is advice here, because nothing earned is ever un-counted. The
flag for shortcuts is set on nearly every element and counts only beside a completion badge. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from wallet.limits import LIMITS, Limits
from wallet.model import Json, JsonObject
from wallet.pathways.ctdl_graph import documents
from wallet.pathways.drafting import Draft, Imported, finish, named, refused, strings

_WRAPPERS = ("result", "data", "pathway", "pathways", "rootElement", "rootPathwayElement", "structure", "tree")
_CHILDREN = ("children", "childElements", "elements", "pathwayElements")
_BLOCKS = ("childElementRequirements", "badgeRequirements", "nonChildElementRequirements")
_IDS = ("entityId", "elementId", "id", "@id", "elementIdentifier", "slug")
_BADGE_URLS = ("badgeUrl", "badgeClassOpenBadgeId", "openBadgeId", "url", "@id", "id", "badgeClassUrl")
_PATHWAY_ID = re.compile(r"(https?://|urn:)\S+")
_URL = re.compile(r"https?://\S+")
_LOOKED_AT = 100
_LEFT_HOST = "api.badgr.io"


def is_badgr(values: Sequence[Json]) -> bool:
    """Whether the documents hold such an element."""
    return _root_of(values) is not None


def read(data: bytes, name: str, *, today: date, limits: Limits = LIMITS) -> tuple[Imported, ...]:
    """The pathway that the file describes. Raises `DefinitionError` if there is none, or it cannot be used."""
    return from_documents(documents(data, name, limits), data, name, today=today, limits=limits)


def from_documents(
    values: Sequence[Json], data: bytes, name: str, *, today: date, limits: Limits = LIMITS
) -> tuple[Imported, ...]:
    """The same from documents that were parsed already; `data` are their bytes."""
    root = _root_of(values)
    if root is None:
        raise refused(
            name, "it describes no pathway", "A Badgr file holds elements with badgeRequirements or children."
        )
    draft = Draft("Badgr", data, name, limits)
    reading = _Reading(root, draft)
    reading.head()
    draft.top["root"] = reading.work()
    return (finish(draft, today),)


def _root_of(values: Sequence[Json]) -> JsonObject | None:
    """The outermost object that looks like an element, below the wrappers that the interfaces put around it."""
    waiting: deque[tuple[Json, JsonObject]] = deque((value, {}) for value in values)
    for _ in range(_LOOKED_AT):
        if not waiting:
            break
        value, around = waiting.popleft()
        if isinstance(value, list):
            waiting.extend((one, around) for one in value)
        elif isinstance(value, Mapping):
            if any(block in value for block in _BLOCKS) or any(
                isinstance(child, Mapping) and any(key in child for key in (*_BLOCKS, "requiredForParentCompletion"))
                for key in _CHILDREN
                for child in _list(value.get(key))
            ):
                # The wrapper may be the one that has the name.
                return {**{key: around[key] for key in ("name", "description", "id") if key in around}, **value}
            waiting.extend((value[key], value if _name(value) else around) for key in _WRAPPERS if key in value)
    return None


@dataclass(frozen=True, slots=True)
class _Made:
    """An element of the source, the id of what it becomes, and its children with theirs."""

    source: JsonObject
    key: str
    children: tuple[tuple[JsonObject, str], ...]


class _Reading:
    def __init__(self, root: JsonObject, draft: Draft) -> None:
        self._root, self._draft = root, draft
        self._made: list[_Made] = []
        self._by_id: dict[str, str] = {}
        self._flat = {
            identifier: item
            for key in _CHILDREN
            for item in _list(root.get(key))
            if isinstance(item, Mapping)
            for identifier in _identifiers(item)
        }
        self._equal: dict[frozenset[str], None] = {}

    def head(self) -> None:
        """The keys of the file itself."""
        root, draft, top = self._root, self._draft, self._draft.top
        identifier = next((one for one in _identifiers(root) if _PATHWAY_ID.fullmatch(one)), None)
        if identifier is None:
            identifier = f"urn:sha256:{draft.sha256}"
            draft.guess("The source gives the pathway no address, so its id is made of the file's hash.")
        top["id"] = identifier
        top["name"] = _name(root) or "Pathway"
        if not _name(root):
            draft.guess("The source does not name the pathway.")
        top["version"] = "1"
        draft.guess("The source states no version; this one is called 1.")
        description = _string(root.get("description"))
        if description:
            top["description"] = description

    def work(self) -> str:
        """Make everything; the id of the root group."""
        self._walk()
        for made in self._made:
            self._make(made)
        root = self._made[0].key
        if root not in self._draft.groups:
            root = self._draft.group(self._draft.id("pathway"), self._draft.top["name"], [root])
        counted = self._counted(root)
        for made in self._made:
            self._elsewhere(made, counted)
        if self._equal:
            self._draft.top["equivalence"] = [
                {"achievements": sorted(same), "note": "Both addresses are given for one badge"} for same in self._equal
            ]
        return root

    def _walk(self) -> None:
        """Give ids from the root down, without the stack: the depth of the tree is the file's choice."""
        most = self._draft.limits.pathway_import_nodes
        waiting: list[tuple[JsonObject, str]] = [(self._root, self._new_id(self._root))]
        while waiting:
            source, key = waiting.pop()
            children = tuple((child, self._new_id(child)) for child in self._children_of(source))
            self._made.append(_Made(source, key, children))
            if len(self._made) + len(waiting) + len(children) > most:
                raise refused(
                    self._draft.file, f"it has more than {most:,} elements", "Ask for the file of one pathway."
                )
            waiting += reversed(children)

    def _new_id(self, source: JsonObject) -> str:
        key = self._draft.id(_name(source) or "part")
        for identifier in _identifiers(source):
            self._by_id.setdefault(identifier, key)
        return key

    def _children_of(self, source: JsonObject) -> list[JsonObject]:
        found: list[JsonObject] = []
        here: set[str] = set()
        # Where children are named by their ids, the other lists only say what these are.
        key = next((key for key in _CHILDREN if source.get(key)), _CHILDREN[0])
        for child in _list(source.get(key)):
            inner = child if isinstance(child, Mapping) else self._flat.get(str(child))
            if inner is None:
                self._draft.guess(f"{named(child)} is a child and not described: an advisor has to attest it.")
                found.append({"name": _tail(str(child)), "description": f"The source calls it {child}."})
                continue
            known = _identifiers(inner)
            if any(one in self._by_id or one in here for one in known):
                called = named(_name(inner) or known[0])
                self._draft.guess(f"{called} is a child in two places or in a circle; only the first one counts.")
                continue
            here.update(known)
            found.append(inner)
        return found

    # One element

    def _make(self, made: _Made) -> None:
        source, draft = made.source, self._draft
        name = _name(source)
        if not name:
            name = made.key
            draft.guess(f"The source does not name an element; it is called '{made.key}'.")
        block = _block(source, "badgeRequirements")
        badges = self._badges(block, name)
        description = _string(source.get("description"))
        url, competencies = _web(source.get("alignmentUrl")), _competencies(source)
        award, shortcut = self._award(source, name)
        if not made.children and (not badges or (len(badges) == 1 and not award)):
            match = [{"achievement": badge} for badge, _ in badges if badge] or award[:1]
            if not match:
                draft.guess(f"{named(name)} names no badge, so an advisor has to attest it.")
            elif not badges:
                draft.guess(f"{named(name)} asks for nothing but its own badge, so that badge fills it.")
            draft.element(
                made.key,
                name,
                match or [{"attested": "advisor"}],
                description=description,
                url=url,
                competencies=competencies,
            )
            return
        if competencies:
            draft.guess(f"The alignment of {named(name)} belongs to a group here and is left out.")
        of, optional, need = self._children(made, name, badges)
        if badges:
            keys = [self._badge(badge, label) for badge, label in badges]
            badge_need = self._need(block, len(keys), name)
            if not of:
                of, need = keys, badge_need
            else:
                # Both blocks have to be fulfilled. Optional children stay where they are shown.
                counted = [child for child in of if child not in optional]
                parts = self._inner(f"{made.key}-parts", f"{name}: parts", counted, need)
                of = [*parts, *self._inner(f"{made.key}-badges", f"{name}: badges", keys, badge_need), *optional]
                need = None
        draft.group(
            made.key,
            name,
            of,
            need=need,
            optional=optional,
            award=award,
            shortcut=shortcut,
            description=description,
            url=url,
        )

    def _children(self, made: _Made, name: str, badges: Sequence[object]) -> tuple[list[str], list[str], int | None]:
        """(all children, those that do not count, how many are needed)."""
        optional = [key for child, key in made.children if child.get("requiredForParentCompletion") is False]
        if optional and len(optional) == len(made.children) and not badges:
            self._draft.guess(f"No child of {named(name)} is required in the source; all of them are counted.")
            optional = []
        need = self._need(_block(made.source, "childElementRequirements"), len(made.children) - len(optional), name)
        return [key for _, key in made.children], optional, need

    def _inner(self, key: str, name: str, of: list[str], need: int | None) -> list[str]:
        """These as they are, or as one group where not all of them are needed."""
        return of if need is None else [self._draft.group(self._draft.id(key), name, of, need=need)]

    def _need(self, block: JsonObject, parts: int, name: str) -> int | None:
        rule = str(block.get("countRule", "all"))
        if rule == "all":
            return None
        number = block.get("requiredCount")
        if rule == "atLeastN" and isinstance(number, int) and not isinstance(number, bool) and number >= 1:
            if number > parts:
                self._draft.guess(f"{named(name)} asks for {number} of {parts}; all are needed.")
            return number if number < parts else None
        # "At least 0" of an empty list is how the source says that the block is not used.
        if parts:
            self._draft.guess(f"{named(name)} asks for {named(f'{rule} {number}')}; all {parts} are needed.")
        return None

    def _badges(self, block: JsonObject, name: str) -> list[tuple[str | None, str]]:
        """(address, name) of each required badge, once each."""
        found: dict[str, tuple[str | None, str]] = {}
        for entry in (*_list(block.get("requiredBadges")), *_list(block.get("badgeUrls"))):
            badge, label = self._entry(entry)
            if badge is None:
                self._draft.guess(f"A badge of {named(name)} has no address; an advisor has to attest it.")
            elif _host(badge) == _LEFT_HOST:
                self._draft.guess(
                    f"{named(badge)} is an old address; if yours names another host, add both to an [[equivalence]]."
                )
            found.setdefault(badge or f"{len(found)}", (badge, label or name))
        return list(found.values())

    def _entry(self, entry: Json) -> tuple[str | None, str]:
        """A badge may be given by its address alone or as an object."""
        if isinstance(entry, str):
            return entry.strip() or None, _tail(entry)
        if not isinstance(entry, Mapping):
            return None, ""
        urls = [url for key in _BADGE_URLS if (url := _web(entry.get(key))) is not None]
        inner = entry.get("badgeClass", entry.get("badge"))
        if not urls and isinstance(inner, str | Mapping):
            return self._entry(inner)
        if not urls:
            return None, _name(entry)
        for other in urls[1:]:
            if _host(other) != _host(urls[0]):
                self._equal[frozenset((urls[0], other))] = None
                self._draft.guess(f"{named(urls[0])} and {named(other)} are given for one badge and count as one.")
        return urls[0], _name(entry) or _tail(urls[0])

    def _badge(self, badge: str | None, label: str) -> str:
        draft = self._draft
        if badge is None:
            return draft.attested(draft.id(label), label, "The source names this badge without its address.")
        return draft.element(draft.id(label), label, [{"achievement": badge}])

    def _award(self, source: JsonObject, name: str) -> tuple[list[dict[str, object]], bool]:
        completion = source.get("completionBadge")
        badge = self._entry(completion)[0] if completion is not None else None
        more = [one for entry in _list(source.get("shortcutBadges")) if (one := self._entry(entry)[0]) is not None]
        allowed = source.get("allowCompletionBadgeShortcut") is True
        if more and not allowed:
            self._draft.guess(f"{named(name)} has shortcut badges and allows no shortcut: they are left out.")
            more = []
        award = list(dict.fromkeys([*([badge] if badge else []), *more]))
        return [{"achievement": one} for one in award], bool(award) and allowed

    def _elsewhere(self, made: _Made, counted: set[str]) -> None:
        """`nonChildElementRequirements`: advice here; in the source it blocks completion."""
        block = _block(made.source, "nonChildElementRequirements")
        for value in (*_list(block.get("elementIds")), *_list(block.get("requiredElementIds"))):
            target = self._by_id.get(str(value))
            if target is None:
                self._draft.guess(f"'{made.key}' requires {named(value)}, which is not in the file; left out.")
                continue
            table = self._draft.groups.get(made.key) or self._draft.elements[made.key]
            table["requires"] = list(dict.fromkeys([*strings(table.get("requires")), target]))
            if target not in counted:
                self._draft.guess(
                    f"'{made.key}' requires '{target}', which counts nowhere else: in the source it blocks completion,"
                    " here it is advice."
                )

    def _counted(self, root: str) -> set[str]:
        found, waiting = {root}, [root]
        while waiting:
            group = self._draft.groups.get(waiting.pop(), {})
            fresh = [
                one
                for one in strings(group.get("of"))
                if one not in found and one not in strings(group.get("optional"))
            ]
            found.update(fresh)
            waiting += fresh
        return found


def _block(source: JsonObject, key: str) -> JsonObject:
    value = source.get(key)
    return value if isinstance(value, Mapping) else {}


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []


def _string(value: Json) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _name(source: JsonObject) -> str:
    return next((text for key in ("name", "title", "shortName") if (text := _string(source.get(key)))), "")


def _identifiers(source: JsonObject) -> list[str]:
    return [text for key in _IDS if (text := _string(source.get(key)))]


def _web(value: Json) -> str | None:
    text = _string(value)
    return text if text is not None and _URL.fullmatch(text) else None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _tail(url: str) -> str:
    return url.rstrip("/#").rpartition("/")[2] or "Badge"


def _competencies(source: JsonObject) -> list[dict[str, object]]:
    url, framework = _web(source.get("alignmentUrl")), _string(source.get("frameworkName"))
    code = _string(source.get("targetCode"))
    if not (url or framework or code):
        return []
    name = _string(source.get("targetName")) or code or framework or url
    found = {"name": name, "url": url, "framework": framework, "code": code}
    return [{key: value for key, value in found.items() if value}]
