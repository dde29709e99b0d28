"""Writes a pathway in CTDL, and says line by line what readers of CTDL will not see (pathways.md section 11).

CTDL describes: conditions, components, credit. It has no word for exclusivity, validity, attestation and more; those travel
as properties of our own, which badgefolio reads back, and each has its line in the loss report. Works on the tables of the
file, so that nothing which the model leaves out is lost without a word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wallet.model import Json
from wallet.pathways.ctdl_graph import OURS
from wallet.pathways.ctdl_terms import ELEMENT_KEYS, FILE_KEYS, GROUP_KEYS, PUBLISHER_KEYS
from wallet.pathways.drafting import strings
from wallet.pathways.json_form import to_json
from wallet.pathways.reader import FORMAT
from wallet.text import clean

_CONTEXT: Json = ["https://credreg.net/ctdl/schema/context/json", {"x-badge-pathway": "urn:badge-pathway:"}]
_BADGE = "ceterms:DigitalBadge"


@dataclass(frozen=True, slots=True)
class Exported:
    """The CTDL file, and one clean sentence for each thing that CTDL cannot say."""

    data: bytes
    losses: tuple[str, ...]

    @property
    def report(self) -> bytes:
        """The loss report as a text file."""
        head = "What readers of CTDL will not see. Badgefolio finds it in the file's x-badge-pathway properties.\n"
        none = "CTDL can say all of it: nothing is lost.\n"
        return ("".join([head, "\n", *(f"* {loss}\n" for loss in self.losses)]) if self.losses else none).encode()


def write(tables: Mapping[str, object]) -> Exported:
    """The pathway of these tables, which `definition.read` has accepted."""
    return _Writing(to_json(tables)).exported()


class _Writing:
    def __init__(self, table: Mapping[str, Json]) -> None:
        self._table = table
        self._id = str(table["id"])
        language = table.get("language")
        self._language = language if isinstance(language, str) else None
        self._losses: list[str] = []
        self._groups, self._elements = _tables(table.get("group")), _tables(table.get("element"))
        self._ordered = any(group.get("ordered", "no") != "no" for group in self._groups.values())
        self._before: dict[str, list[Json]] = {}

    def exported(self) -> Exported:
        pathway = self._pathway()
        groups = [self._group(key, dict(group)) for key, group in self._groups.items()]
        elements = [self._element(key, dict(element)) for key, element in self._elements.items()]
        nodes = [pathway, *groups, *elements]
        for key, node in zip((*self._groups, *self._elements), nodes[1:], strict=True):
            if key in self._before:
                node["ceterms:precededBy"] = self._before[key]
        document: Json = {"@context": _CONTEXT, "@graph": nodes}
        return Exported((json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(), tuple(self._losses))

    def _ref(self, key: str) -> str:
        return self._id + ("/" if "#" in self._id else "#") + key

    def _refs(self, value: Json) -> list[Json]:
        return [self._ref(str(key)) for key in value] if isinstance(value, list) else []

    def _text(self, value: Json) -> Json:
        """Plain text gets the file's language; texts in languages are a map already."""
        return {self._language: value} if isinstance(value, str) and self._language is not None else value

    def _common(self, node: dict[str, Json], table: dict[str, Json]) -> None:
        for key, term in (("name", "name"), ("description", "description"), ("url", "subjectWebpage")):
            value = table.pop(key, None)
            if value is not None:
                node[f"ceterms:{term}"] = value if key == "url" else self._text(value)
        requires = table.pop("requires", None)
        if requires:
            node["ceterms:prerequisite"] = self._refs(requires)

    def _rest(self, where: str, node: dict[str, Json], table: Mapping[str, Json], known: Mapping[str, str]) -> None:
        """What is left over has no home in CTDL."""
        for key, value in table.items():
            node[OURS + key] = value
            why = known.get(key)
            self._losses.append(f"{where}: {clean(key)} is not said{f' ({why})' if why else ''}.")

    def _pathway(self) -> dict[str, Json]:
        table = {key: value for key, value in self._table.items() if key not in ("format", "id", "group", "element")}
        root, version = str(table.pop("root")), table.pop("version")
        node: dict[str, Json] = {"@id": self._id, "@type": "ceterms:Pathway"}
        self._common(node, table)
        node["ceterms:versionIdentifier"] = [
            {"@type": "ceterms:IdentifierValue", "ceterms:identifierValueCode": version}
        ]
        if table.pop("language", None) is not None:
            node["ceterms:inLanguage"] = [self._language]
        publisher = table.pop("publisher", None)
        if isinstance(publisher, Mapping):
            node["ceterms:ownedBy"] = [self._publisher(dict(publisher))]
        node["ceterms:hasDestinationComponent"] = [self._ref(root)]
        node["ceterms:hasPart"] = [self._ref(key) for key in (*self._groups, *self._elements)]
        # These two stand for the root group, where they are written.
        for key in ("award", "shortcut"):
            if key in table:
                self._groups[root] = {**self._groups[root], key: table.pop(key)}
        node[OURS + "format"] = FORMAT
        units = _tables(table.get("credit_units"))
        if units and not any("hours" in unit for unit in units.values()):
            node[OURS + "credit_units"] = table.pop("credit_units")  # the names are said beside each credit
        self._rest("The pathway", node, table, FILE_KEYS)
        return node

    def _publisher(self, table: dict[str, Json]) -> dict[str, Json]:
        node: dict[str, Json] = {"@type": "ceterms:CredentialOrganization", "ceterms:name": table.pop("name")}
        for key, term in (("url", "subjectWebpage"), ("email", "email")):
            if key in table:
                node[f"ceterms:{term}"] = table.pop(key)
        self._rest("The publisher", node, table, PUBLISHER_KEYS)
        return node

    def _group(self, key: str, table: dict[str, Json]) -> dict[str, Json]:
        node: dict[str, Json] = {"@id": self._ref(key), "@type": "ceterms:BasicComponent"}
        self._common(node, table)
        of, optional = strings(table.pop("of")), strings(table.pop("optional", None))
        counted = [child for child in of if child not in optional]
        need = table.get("need", "all")
        number = len(counted)
        # A number in place of "all" means the same here; kept so that the file comes back as it was.
        whole = need in (number, "all")
        if isinstance(need, int) and not whole:
            number = need
        if not isinstance(need, Mapping):
            table.pop("need", None)
            if need == number and "need" in self._groups[key]:
                node[OURS + "need"] = need
        award = _badge(table.get("award"))
        if award is not None:
            del table["award"]
            node |= {"@type": "ceterms:CredentialComponent", "ceterms:credentialType": _BADGE}
            node["ceterms:proxyFor"] = award
        node["ceasn:hasChild"] = [self._ref(child) for child in of]
        node["ceterms:hasCondition"] = [
            {
                "@type": "ceterms:ComponentCondition",
                "ceterms:requiredNumber": number,
                "ceterms:targetComponent": [self._ref(child) for child in counted],
            }
        ]
        self._order(node, table, of)
        self._rest(f"Group '{clean(key)}'", node, table, GROUP_KEYS)
        return node

    def _order(self, node: dict[str, Json], table: dict[str, Json], of: Sequence[str]) -> None:
        ordered = table.get("ordered", "no")
        if ordered != "no":
            for first, then in pairwise(of):
                before = self._before.setdefault(then, [])
                if self._ref(first) not in before:
                    before.append(self._ref(first))
        if ordered != "strict":
            table.pop("ordered", None)
            # Which group an order belongs to shows on its parts only: said here for the way back, lost to nobody.
            if self._ordered:
                node[OURS + "ordered"] = ordered

    def _element(self, key: str, table: dict[str, Json]) -> dict[str, Json]:
        node: dict[str, Json] = {"@id": self._ref(key), "@type": "ceterms:CredentialComponent"}
        self._common(node, table)
        badges = [_badge([rule]) for rule in _list(table.get("match"))]
        known = [badge for badge in badges if badge is not None]
        if len(known) == len(badges):
            del table["match"]
        if len(badges) == 1 and known:
            node |= {"ceterms:credentialType": _BADGE, "ceterms:proxyFor": known[0]}
        else:
            node |= {"@type": "ceterms:BasicComponent", OURS + "kind": "element"}
        if known and len(badges) > 1:
            node["ceterms:hasCondition"] = [
                {
                    "@type": "ceterms:ComponentCondition",
                    "ceterms:requiredNumber": 1,
                    "ceterms:targetComponent": [self._alternative(key, node, *one) for one in enumerate(known, 1)],
                }
            ]
        credit = table.pop("credit", None)
        if isinstance(credit, Mapping):
            node["ceterms:creditValue"] = [self._credit(credit)]
        self._rest(f"Element '{clean(key)}'", node, table, ELEMENT_KEYS)
        return node

    def _alternative(self, key: str, node: Mapping[str, Json], number: int, badge: str) -> Json:
        return {
            "@id": f"{self._ref(key)}/{number}",
            "@type": "ceterms:CredentialComponent",
            "ceterms:name": node["ceterms:name"],
            "ceterms:credentialType": _BADGE,
            "ceterms:proxyFor": badge,
        }

    def _credit(self, credit: Mapping[str, Json]) -> Json:
        unit = str(credit["unit"])
        name = _tables(self._table.get("credit_units")).get(unit, {}).get("name", unit)
        return {
            "@type": "ceterms:ValueProfile",
            "schema:value": credit["value"],
            "ceterms:creditUnitType": [
                {
                    "@type": "ceterms:CredentialAlignmentObject",
                    "ceterms:codedNotation": unit,
                    "ceterms:targetNodeName": self._text(name),
                }
            ],
        }


def _badge(rules: Json) -> str | None:
    """The achievement, where the rules are one rule that names nothing else."""
    found = _list(rules)
    if len(found) == 1 and isinstance(found[0], Mapping) and found[0].keys() == {"achievement"}:
        return str(found[0]["achievement"])
    return None


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []


def _tables(value: Json) -> dict[str, dict[str, Json]]:
    """Tables by id. Read from an accepted file, so anything else is nothing."""
    if not isinstance(value, Mapping):
        return {}
    return {key: dict(item) for key, item in value.items() if isinstance(item, Mapping)}
