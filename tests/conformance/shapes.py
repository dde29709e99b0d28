"""For each property of each class a good and a bad value, made from the tables: what stands there, and where in the world.

The good world of `tests.conformance.world` is first given one instance of every class; a case then spoils one property.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.conformance.world import CLASS, HOST, OB2, OTHER, PICTURE, World
from tests.generate import badges
from wallet.verify import tables
from wallet.verify.report import Outcome
from wallet.verify.tables import DataClass, Defect, Form, Property

Node = dict[str, object]

ENDORSEMENT, GUILD = f"{OTHER}/endorsements/1", f"{OTHER}/guild"


def endorsement(target: str = CLASS, **changes: object) -> Node:
    """A hosted endorsement by the guild, with the guild's profile inside."""
    return {
        "@context": OB2,
        "id": ENDORSEMENT,
        "type": "Endorsement",
        "claim": {"id": target, "endorsementComment": "Taught with care."},
        "issuer": {"id": GUILD, "type": "Profile", "name": "Guild of Laboratories"},
        "issuedOn": "2026-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
        **changes,
    }


def guild(**changes: object) -> Node:
    """The endorser's profile."""
    return badges.issuer(id=GUILD, name="Guild of Laboratories", **changes)


def endorsed(world: World, **changes: object) -> None:
    """Let the guild endorse the achievement, by address."""
    world.class_["endorsement"] = ENDORSEMENT
    world.serve(ENDORSEMENT, endorsement(**changes))
    world.serve(GUILD, guild())


def full(world: World) -> dict[str, Node]:
    """Give the world one instance of every class, and say where each stands."""
    world.withdraw(f"{HOST}/awards/99")
    inside = {name: value for name, value in endorsement().items() if name != "@context"}
    world.serve(ENDORSEMENT, endorsement())
    world.serve(GUILD, guild())
    nodes: dict[str, Node] = {
        "assertion": world.award,
        "badgeclass": world.class_,
        "profile": world.issuer,
        "identity": world.award["recipient"],
        "verification": world.award["verification"],
        "hosting": {"type": "VerificationObject", "startsWith": f"{HOST}/", "allowedOrigins": HOST[8:]},
        "evidence": {"id": f"{HOST}/pieces/1", "name": "A report"},
        "alignment": {"targetName": "Safety", "targetUrl": "https://frameworks.example/1"},
        "criteria": {"id": f"{HOST}/criteria", "narrative": "Passed."},
        "image": {"id": PICTURE, "caption": "A flask"},
        "endorsement": inside,
        "claim": inside["claim"],
        "endorser": inside["issuer"],
        "key": world.key,
        "revocationlist": world.documents[f"{HOST}/withdrawn"],
    }
    world.issuer["verification"] = nodes["hosting"]
    world.award["evidence"] = nodes["evidence"]
    world.class_.update(
        alignment=nodes["alignment"], criteria=nodes["criteria"], image=nodes["image"], endorsement=inside
    )
    return nodes


#: A value that no property of this form may have.
_BAD: dict[Form, object] = {
    Form.TEXT: 7,
    Form.MARKDOWN: {"en": "x"},
    Form.WORD: 7,
    Form.IRI: "no address",
    Form.LINK: "urn:x:1",
    Form.CLASS_ID: "tag:x.example,2026:1",
    Form.PICTURE: "urn:x:1",
    Form.DATE: "yesterday",
    Form.BOOLEAN: "no",
    Form.HOST: "https://a.example",
    Form.OBJECT: "text",
    Form.IRI_OR_OBJECT: "no address",
    Form.ENTRY: 17,
    Form.TYPE: "https://x.example/Thing",
    Form.HASHED_OR_PLAIN: 5,
    Form.LETTERS: {"@value": "s", "@language": "en"},
    Form.VERSION: True,
    Form.REFERENCE: {"name": "x"},
    Form.LANGUAGE: "in English",
}
#: Types that are no text are found before anything else, at the document that holds them; any text is one for these.
ANY_TYPE = frozenset(f"structure.{name}.type" for name in ("identity", "verification", "hosting", "evidence"))
#: What spoils a property for which every form is bad in a way of its own.
_SPOILT: dict[str, object] = {
    "structure.hosting.verificationProperty": "url",
}
_OUTCOMES = {
    Defect.FAILED: Outcome.FAILED,
    Defect.UNDETERMINED: Outcome.UNDETERMINED,
    Defect.WARNING: Outcome.WARNING,
}


@dataclass(frozen=True)
class ShapeCase:
    """One property that is spoilt: by a bad value, or by not being there."""

    name: str
    check: str
    outcome: Outcome
    way: str
    spoil: Callable[[dict[str, Node]], None]

    def world(self) -> World:
        """The full world, with this one fault."""
        world = World()
        self.spoil(full(world))
        return world


def shape_cases() -> Iterator[ShapeCase]:
    """A bad value for every property, and the absence of every required one."""
    for data_class in tables.CLASSES.values():
        for prop in data_class.properties:
            check = data_class.check(prop.name)
            if check not in ANY_TYPE:
                yield _case(data_class, prop, _SPOILT.get(check, _BAD[prop.form]), prop.malformed, "bad")
            if prop.required:
                yield _case(data_class, prop, None, prop.missing, "missing")


def _case(data_class: DataClass, prop: Property, value: object, defect: Defect, how: str) -> ShapeCase:
    def spoil(nodes: dict[str, Node]) -> None:
        if value is None:
            nodes[data_class.name].pop(prop.name, None)
        else:
            nodes[data_class.name][prop.name] = value

    check = data_class.check(prop.name)
    signed = data_class.name in ("key", "revocationlist")
    note = ".note" if defect is Defect.WARNING else ""
    name = f"{how} {check}"
    return ShapeCase(name, f"{check}{note}", _OUTCOMES[defect], "signed" if signed else "hosted", spoil)
