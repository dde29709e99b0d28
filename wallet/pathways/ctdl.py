"""Brings in a pathway that is described in CTDL, in all the dialects that public files use (pathways.md section 11).

A component with conditions or children becomes a group, any other an element. Where the source does not say what badgefolio
needs to know, the stricter reading is taken and the guess is noted; a condition that cannot be read becomes an element which
only an advisor's word fills, so that no group is ever met by accident. Nothing is fetched. Conditions are in
`ctdl_conditions`, order in `ctdl_order`, spellings in `ctdl_graph`, the way back in `ctdl_write`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from wallet.limits import LIMITS, Limits
from wallet.model import Json
from wallet.pathways.ctdl_conditions import Conditions, Part
from wallet.pathways.ctdl_graph import Graph, Node, documents
from wallet.pathways.ctdl_order import apply_order
from wallet.pathways.ctdl_terms import ELEMENT_KEYS, FILE_KEYS, GROUP_KEYS, PUBLISHER_KEYS, ours_of
from wallet.pathways.ctdl_values import credit_of, text_of, web_address
from wallet.pathways.drafting import Draft, Imported, finish, named, refused, slug
from wallet.pathways.tables import ID, LANGUAGE

_PATHWAY_ID = re.compile(r"(https?://|urn:)\S+")
_DESTINATIONS = ("hasDestinationComponent", "hasRoot")
_DESTINATION_OF = ("isDestinationComponentOf", "isDestinationComponentFor")
_BADGES = frozenset({"DigitalBadge", "OpenBadge", "Badge"})
_REGISTRY = "credentialengineregistry.org"


def is_ctdl(values: Sequence[Json]) -> bool:
    """Whether the documents describe a pathway in CTDL."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            types = value.get("@type", value.get("type"))
            if any(str(one).endswith("Pathway") for one in (types if isinstance(types, list) else [types])):
                return True
            waiting += [item for key, item in value.items() if key != "@context"]
        elif isinstance(value, list):
            waiting += value
    return False


def read(data: bytes, name: str, *, today: date, limits: Limits = LIMITS) -> tuple[Imported, ...]:
    """The pathways that the file describes. Raises `DefinitionError` if there is none, or one cannot be used."""
    return from_documents(documents(data, name, limits), data, name, today=today, limits=limits)


def from_documents(
    values: Sequence[Json], data: bytes, name: str, *, today: date, limits: Limits = LIMITS
) -> tuple[Imported, ...]:
    """The same from documents that were parsed already; `data` are their bytes."""
    graph = Graph(values, name, limits)
    pathways = [node for node in graph.nodes.values() if "Pathway" in node.types]
    if not pathways:
        raise refused(name, "it describes no pathway", "A CTDL file holds a thing of the type ceterms:Pathway.")
    return tuple(
        _Reading(graph, node, Draft("CTDL", data, name, limits), number).imported(today)
        for number, node in enumerate(pathways)
    )


class _Reading:
    """One pathway of the file. Components wait in a list, not on the stack: their depth is the file's choice."""

    def __init__(self, graph: Graph, pathway: Node, draft: Draft, number: int) -> None:
        self._graph, self._pathway, self._draft, self._number = graph, pathway, draft, number
        self._ids: dict[str, str] = {}
        self._waiting: deque[Node | str] = deque()
        self._own = "format" in pathway.ours
        self._language = self._told_language()
        self._conditions = Conditions(graph, draft, self._id_of, self._text)
        self._children: dict[str, list[Json]] = {}
        for node in graph.nodes.values():
            for value in node.all("isChildOf"):
                parent = graph.get(value)
                if parent is not None and parent is not pathway:
                    self._children.setdefault(parent.id, []).append(node.id)

    def imported(self, today: date) -> Imported:
        self._head()
        self._draft.top["root"] = self._root()
        self._work()
        for value in self._parts():
            self._id_of(value)
        self._work()
        apply_order(self._graph, self._draft, self._ids, own=self._own)
        return finish(self._draft, today)

    # The file

    def _told_language(self) -> str:
        for value in self._pathway.all("inLanguage"):
            told = [text for _, text in self._graph.texts([value]) if LANGUAGE.fullmatch(text)]
            if told:
                return told[0]
            self._draft.guess(f"{named(value)} is no language tag; it is left out.")
        tags = {
            tag for node in self._graph.nodes.values() for tag, _ in self._graph.texts(node.all("name", "description"))
        }
        only = next(iter(tags)) if len(tags) == 1 else ""
        return "" if self._own else only

    def _text(self, node: Node, *keys: str) -> object:
        return text_of(self._graph.texts(node.all(*keys)), self._language)

    def _head(self) -> None:
        node, draft, top = self._pathway, self._draft, self._draft.top
        top["id"] = node.id
        if not _PATHWAY_ID.fullmatch(node.id):
            top["id"] = f"urn:sha256:{draft.sha256}" + (f":{self._number + 1}" if self._number else "")
            draft.guess("The source gives the pathway no address, so its id is made of the file's hash.")
        name = self._text(node, "name", "title")
        if not name:
            name = "Pathway"
            draft.guess("The source does not name the pathway.")
        top["name"] = name
        top["version"] = self._version()
        for key, value in (
            ("description", self._text(node, "description")),
            ("language", self._language or None),
            ("url", web_address(self._graph, node.all("subjectWebpage"))),
        ):
            if value:
                top[key] = value
        publisher = self._publisher()
        if publisher:
            top["publisher"] = publisher
        top.update(ours_of(node.ours, FILE_KEYS))

    def _version(self) -> str:
        for value in self._pathway.all("versionIdentifier", "versionCode", "version"):
            node = self._graph.get(value) if isinstance(value, Mapping) else None
            said = self._graph.texts(node.all("identifierValueCode", "value")) if node else self._graph.texts([value])
            if said:
                return said[0][1]
        self._draft.guess("The source states no version; this one is called 1.")
        return "1"

    def _publisher(self) -> dict[str, object]:
        for value in self._pathway.all("ownedBy", "offeredBy", "publisher"):
            node = self._graph.get(value)
            said = self._graph.texts(node.all("name", "legalName")) if node else ()
            if node is not None and said:
                publisher: dict[str, object] = {"name": said[0][1]}
                url = web_address(self._graph, node.all("subjectWebpage"))
                email = self._graph.texts(node.all("email"))
                publisher |= {"url": url} if url else {}
                publisher |= {"email": email[0][1]} if email else {}
                return publisher | ours_of(node.ours, PUBLISHER_KEYS)
            reference = self._graph.reference(value)
            host = _host(reference)
            if reference is not None and host is not None:
                self._draft.guess(f"The publisher is only given as an address, so it is called {named(host)}.")
                return {"name": host, "url": reference}
        return {}

    # Where it ends

    def _parts(self) -> list[Json]:
        parts = self._pathway.all("hasChild", "hasPart")
        parts += [
            node.id
            for node in self._graph.nodes.values()
            if any(
                self._graph.get(value) is self._pathway for value in node.all("isPartOf", "isChildOf", "isTopChildOf")
            )
        ]
        return [value for value in parts if not self._is_condition(self._graph.get(value))]

    def _is_condition(self, node: Node | None) -> bool:
        return node is not None and bool(node.types & {"ComponentCondition", "Constraint"})

    def _destinations(self) -> list[Json]:
        found = self._pathway.all(*_DESTINATIONS)
        found += [
            node.id
            for node in self._graph.nodes.values()
            if any(self._graph.get(value) is self._pathway for value in node.all(*_DESTINATION_OF))
        ]
        seen: dict[str, Json] = {}
        for value in found:
            node = self._graph.get(value)
            seen.setdefault(node.id if node else str(self._graph.reference(value)), value)
        return list(seen.values())

    def _root(self) -> str:
        """The id of the root group: the destination, or a group made where the destination is none."""
        destinations, draft = self._destinations(), self._draft
        only = self._graph.get(destinations[0]) if len(destinations) == 1 else None
        if only is not None and self._is_group(only):
            return self._id_of(only.id)
        top = self._top_parts(only)
        name = draft.top["name"]
        if only is not None:
            if not top:
                draft.guess(f"Nothing leads to the destination {self._called(only)}, so it is the only part.")
                return draft.group(draft.id("pathway"), name, [self._id_of(only.id)])
            draft.guess(
                f"The destination {self._called(only)} does not say what leads to it; all other parts are needed."
            )
            key = self._own_id(only)
            badges = self._badges(only)
            award = [{"achievement": badge} for badge in badges]
            return draft.group(key, name, [self._id_of(part) for part in top], award=award)
        if destinations:
            draft.guess("Several destinations are named, or none is described here; all of them are needed.")
            return draft.group(draft.id("pathway"), name, [self._id_of(value) for value in destinations])
        if not top:
            raise refused(draft.file, "the pathway in it has no parts", "Ask its publisher for the whole file.")
        draft.guess("The source names no destination; all parts that are in no other part are needed.")
        return draft.group(draft.id("pathway"), name, [self._id_of(part) for part in top])

    def _top_parts(self, destination: Node | None) -> list[Json]:
        parts = [value for value in self._parts() if self._graph.get(value) is not destination or destination is None]
        parts = parts or [
            node.id
            for node in self._graph.nodes.values()
            if node is not destination and any(kind.endswith("Component") for kind in node.types)
        ]
        below = {
            node.id
            for value in parts
            if (owner := self._graph.get(value)) is not None
            for inner in (*owner.all("hasChild"), *self._children.get(owner.id, ()), *self._conditions.targets(owner))
            if (node := self._graph.get(inner)) is not None
        }
        top = [value for value in parts if (node := self._graph.get(value)) is None or node.id not in below]
        return top or parts

    # Components

    def _called(self, node: Node) -> str:
        said = self._graph.texts(node.all("name"))
        return named(said[0][1] if said else node.id)

    def _own_id(self, node: Node) -> str:
        before = (f"{self._pathway.id}#", f"{self._pathway.id}/")
        tail = next((node.id[len(one) :] for one in before if node.id.startswith(one)), "")
        if tail and ID.fullmatch(tail) and self._own:
            return self._draft.id(tail, exactly=True)
        said = self._graph.texts(node.all("name"))
        return self._draft.id(slug(said[0][1], "part") if said else "part")

    def _id_of(self, value: Json) -> str:
        """The id of the group or element for a component, which is made when its turn comes."""
        node = self._graph.get(value)
        reference = node.id if node is not None else self._graph.reference(value) or ""
        known = self._ids.get(reference)
        if known is None:
            if node is not None:
                known = self._own_id(node)
            else:
                known = self._draft.id(reference.rstrip("/#").rpartition("/")[2] or "part")
            self._ids[reference] = known
            self._waiting.append(node if node is not None else reference)
        return known

    def _work(self) -> None:
        while self._waiting:
            item = self._waiting.popleft()
            if isinstance(item, str):
                self._outside(item)
            elif self._is_group(item):
                self._group(item)
            else:
                self._element(item)

    def _is_group(self, node: Node) -> bool:
        if node.ours.get("kind") == "element":
            return False
        return bool(node.all("hasCondition", "hasChild") or self._children.get(node.id))

    def _outside(self, reference: str) -> None:
        """A part that the file refers to and does not describe."""
        key, name = self._ids[reference], reference.rstrip("/#").rpartition("/")[2] or "A part"
        if reference.startswith(("https://", "http://")):
            self._draft.guess(f"{named(reference)} is not described in the file; its address is taken for the badge's.")
            self._draft.element(key, name, [{"achievement": reference}], url=_plain_url(reference))
        else:
            self._draft.guess(f"{named(reference)} is not described in the file, so an advisor has to attest it.")
            self._draft.attested(key, name, f"The source refers to {reference} and does not describe it.")

    def _requires(self, node: Node) -> list[str]:
        return [one for one in map(self._id_of, node.all("prerequisite")) if one != self._ids.get(node.id)]

    def _name(self, node: Node) -> object:
        name = self._text(node, "name")
        if not name:
            name = self._ids.get(node.id, "part")
            self._draft.guess(f"The source does not name {named(node.id)}; it is called '{name}'.")
        return name

    def _group(self, node: Node) -> None:
        key, draft = self._ids[node.id], self._draft
        children = [self._id_of(value) for value in (*node.all("hasChild"), *self._children.get(node.id, ()))]
        parts = self._conditions.of(node, self._called(node))
        extra = ours_of(node.ours, GROUP_KEYS)
        table: dict[str, object] = {}
        if not parts:
            draft.guess(f"{self._called(node)} has children and no condition; all of them are needed.")
            free = [
                child.id
                for value in (*node.all("hasChild"), *self._children.get(node.id, ()))
                if (child := self._graph.get(value)) is not None
                and str(child.first("requiredForParentCompletion")).lower() == "false"
            ]
            optional = [self._ids[one] for one in free]
            part = Part(tuple(children))
        else:
            part = self._conditions.joined(parts, key, self._name(node))
            asked = self._conditions.named_in(node)
            optional = [child for child in children if child not in asked]
            if optional and not self._own:
                called = ", ".join(f"'{one}'" for one in dict.fromkeys(optional))
                draft.guess(f"No condition of {self._called(node)} asks for {called}: shown, and not counted.")
        # Where the children are listed as well, their order is the one to show.
        needed = set(part.of)
        of = children if needed <= set(children) else [*part.of, *children]
        optional = [one for one in dict.fromkeys(optional) if one not in needed or not parts]
        if optional and set(of) <= set(optional):
            draft.guess(f"No child of {self._called(node)} is required in the source; all of them are counted.")
            optional = []
        if part.need is not None and part.need <= len(set(of) - set(optional)):
            table["need"] = part.need
        badges = self._badges(node) if self._is_credential(node) else []
        draft.group(
            key,
            self._name(node),
            of,
            description=self._text(node, "description"),
            url=web_address(self._graph, node.all("subjectWebpage")),
            need=table.get("need"),
            optional=optional,
            requires=self._requires(node),
            award=[{"achievement": badge} for badge in badges],
        )
        draft.groups[key].update(extra)
        if draft.groups[key].get("need") == "all":
            del draft.groups[key]["need"]

    # What fills an element

    def _is_credential(self, node: Node) -> bool:
        kind = self._graph.concept(node.first("credentialType"))
        return kind in _BADGES or "CredentialComponent" in node.types

    def _badges(self, node: Node) -> list[str]:
        found: dict[str, None] = {}
        for value in node.all("proxyFor", "sourceData", "proxyForItems", "proxyForList"):
            inner = self._graph.get(value) if isinstance(value, Mapping) else None
            target = inner.first("targetNode", "proxyFor", "sourceData") if inner is not None else None
            reference = self._graph.reference(target if target is not None else value)
            if reference is not None:
                found[reference] = None
        return list(found)

    def _element(self, node: Node) -> None:
        key, draft = self._ids[node.id], self._draft
        badges = self._badges(node)
        if node.ours.get("kind") == "element":
            badges += [badge for value in self._conditions.targets(node) for badge in self._badges_of(value)]
        match: list[dict[str, object]] = [{"achievement": badge} for badge in badges]
        extra = ours_of(node.ours, ELEMENT_KEYS)
        description = self._text(node, "description")
        if "match" not in extra:
            self._doubts(node, badges)
            if not match or not (self._is_credential(node) or self._own):
                match = [{"attested": "advisor"}]
        draft.element(
            key,
            self._name(node),
            match,
            description=description,
            url=web_address(self._graph, node.all("subjectWebpage")),
            requires=self._requires(node),
            credit=credit_of(self._graph, node, draft, self._called(node)),
        )
        draft.elements[key].update(extra)

    def _badges_of(self, value: Json) -> list[str]:
        node = self._graph.get(value)
        return self._badges(node) if node is not None else []

    def _doubts(self, node: Node, badges: Sequence[str]) -> None:
        called, guess = self._called(node), self._draft.guess
        kind = self._graph.concept(node.first("credentialType"))
        if self._own:
            return
        if not self._is_credential(node):
            what = next((one.removesuffix("Component").lower() for one in sorted(node.types)), "") or "part"
            guess(f"{called} is no credential ({named(what)}), so an advisor has to attest it.")
        elif not badges:
            guess(f"The source does not say which badge {called} is, so an advisor has to attest it.")
        else:
            if kind and kind not in _BADGES:
                guess(f"The source calls {called} a {named(kind)}; it is taken for a badge.")
            if len(badges) > 1:
                guess(f"{called} stands for {len(badges)} addresses; any one of them is enough.")
            if not node.all("proxyFor"):
                guess(f"The badge of {called} is taken from an older property than proxyFor.")
            for badge in badges:
                if (_host(badge) or "").endswith(_REGISTRY):
                    guess(
                        f"{called} names a page of the registry, not the badge: add the badge's own address to its match."
                    )


def _host(reference: str | None) -> str | None:
    try:
        return urlsplit(reference or "").hostname
    except ValueError:
        return None


def _plain_url(reference: str) -> str | None:
    return reference if re.fullmatch(r"https?://\S+", reference) else None
