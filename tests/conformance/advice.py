"""Cases for what surrounds a badge: extensions, endorsements, baking, what earlier runs saw. In pairs, as in `cases`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.conformance.cases import VALID, F, P, W
from tests.conformance.shapes import ENDORSEMENT, GUILD, endorsed, endorsement, guild
from tests.conformance.world import AWARD, CLASS, HOST, ISSUER, NOW, OTHER, PICTURE, World
from tests.generate import badges, keys
from wallet.fetch.base import Fetched
from wallet.verify.dossier import NO_MEMORY, Memory, Pin
from wallet.verify.report import Outcome, Report, Verdict
from wallet.verify.service import verify

EXTENSIONS = "https://w3id.org/openbadges/extensions"


@dataclass(frozen=True)
class Scene:
    """What a case judges: a world, and what an earlier run saw. `container`: the picture that carried the badge."""

    world: World
    signed: bool = False
    container: bytes | None = None
    memory: Memory = NO_MEMORY

    def report(self) -> Report:
        """The report on this scene."""
        subject = self.world.signed_subject() if self.signed else self.world.subject()
        subject = replace(subject, container=self.container)
        return verify(subject, fetcher=self.world, now=NOW, memory=self.memory)


@dataclass(frozen=True)
class AdviceCase:
    """One scene, and how a check ends in it; `outcome` None: the check has nothing to say."""

    name: str
    scene: Callable[[], Scene]
    check: str
    outcome: Outcome | None
    verdict: Verdict = VALID


def world_with(change: Callable[[World], None], *, signed: bool = False, **more: object) -> Callable[[], Scene]:
    def scene() -> Scene:
        world = World()
        change(world)
        return Scene(world, signed, **more)

    return scene


def extension(value: object, name: str = "applyLink") -> Callable[[], Scene]:
    return world_with(lambda world: world.class_.update({f"extensions:{name}": value}))


def apply_link(**changes: object) -> dict[str, object]:
    made = {
        "@context": f"{EXTENSIONS}/applyLinkExtension/context.json",
        "type": ["Extension", "extensions:ApplyLink"],
        "url": f"{HOST}/apply",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


EXTENSION_CASES = [
    AdviceCase("a known extension", extension(apply_link()), "extension.shape", P),
    AdviceCase("an extension that is text", extension("https://x.example"), "extension.shape", F, Verdict.INVALID),
    AdviceCase(
        "an extension without a context",
        extension(apply_link(**{"@context": None})),
        "extension.shape",
        F,
        Verdict.INVALID,
    ),
    AdviceCase(
        "an extension of another type",
        extension(apply_link(type="extensions:ApplyLink")),
        "extension.shape",
        F,
        Verdict.INVALID,
    ),
    AdviceCase("an extension as its rules ask", extension(apply_link()), "extension.schema", P),
    AdviceCase(
        "an extension without its link", extension(apply_link(url=None)), "extension.schema", F, Verdict.INVALID
    ),
    AdviceCase(
        "an extension whose link is none", extension(apply_link(url="here")), "extension.schema", F, Verdict.INVALID
    ),
    AdviceCase("no unknown extension", extension(apply_link()), "extension.unknown", None),
    AdviceCase(
        "an unknown extension",
        extension({"@context": "https://x.example/context.json", "type": "Extension"}, "unheardOf"),
        "extension.unknown",
        W,
    ),
]


def with_endorsement(**changes: object) -> Callable[[], Scene]:
    return world_with(lambda world: endorsed(world, **changes))


def endorsement_and(change: Callable[[World], None]) -> Callable[[], Scene]:
    def both(world: World) -> None:
        endorsed(world)
        change(world)

    return world_with(both)


def list_of_the_guild(*entries: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.withdraw(*entries)
        world.serve(f"{OTHER}/withdrawn", world.documents.pop(f"{HOST}/withdrawn"))
        del world.issuer["revocationList"]
        world.serve(GUILD, guild(revocationList=f"{OTHER}/withdrawn"))

    return change


ENDORSEMENT_CASES = [
    AdviceCase("an endorsement of the achievement", with_endorsement(), "endorsement.claim", P),
    AdviceCase("an endorsement of something else", with_endorsement(claim={"id": OTHER}), "endorsement.claim", W),
    AdviceCase("an endorsement of nothing", with_endorsement(claim={}), "endorsement.claim", W),
    AdviceCase("a proven endorsement", with_endorsement(), "endorsement.proven", P),
    AdviceCase(
        "an endorsement of the issuer",
        world_with(
            lambda w: (
                w.issuer.update(endorsement=ENDORSEMENT),
                w.serve(ENDORSEMENT, endorsement(ISSUER)),
                w.serve(GUILD, guild()),
            )
        ),
        "endorsement.proven",
        P,
    ),
    AdviceCase("a list that does not name it", endorsement_and(list_of_the_guild(AWARD)), "endorsement.proven", P),
    *(
        AdviceCase(f"an endorsement that {name}", scene, "endorsement.proven", W)
        for name, scene in (
            ("is gone", endorsement_and(lambda w: w.status(ENDORSEMENT, 404))),
            ("was withdrawn", endorsement_and(lambda w: w.status(ENDORSEMENT, 410))),
            ("calls itself withdrawn", with_endorsement(revoked=True)),
            ("is on its endorser's list", endorsement_and(list_of_the_guild(ENDORSEMENT))),
            ("is a list", endorsement_and(lambda w: w.serve(ENDORSEMENT, [1]))),
            ("is something else", with_endorsement(type="https://x.example/Thing")),
            ("has no date", with_endorsement(issuedOn="soon")),
            ("lies elsewhere", with_endorsement(id=f"{OTHER}/other")),
            ("asks for a signature", with_endorsement(verification={"type": "SignedBadge"})),
            ("asks for nothing known", with_endorsement(verification={"type": "TrustMe"})),
            ("has an endorser without address", with_endorsement(issuer="urn:x:1")),
            ("has an endorser that is gone", endorsement_and(lambda w: w.status(GUILD, 404))),
            ("has an endorser that is a list", endorsement_and(lambda w: w.serve(GUILD, [1]))),
            (
                "has an endorser of another address",
                endorsement_and(lambda w: w.serve(GUILD, {**guild(), "id": ISSUER})),
            ),
            (
                "lies on another host than its endorser",
                endorsement_and(
                    lambda w: (
                        w.serve(ENDORSEMENT, endorsement(issuer=f"{HOST}/guild")),
                        w.serve(f"{HOST}/guild", {**guild(), "id": f"{HOST}/guild"}),
                    )
                ),
            ),
            ("has no address", world_with(lambda w: w.class_.update(endorsement="urn:x:1"))),
        )
    ),
]


def baked(*chunks: bytes) -> Callable[[], Scene]:
    return world_with(lambda world: None, container=badges.png(*chunks))


def svg(body: str, **how: object) -> Callable[[], Scene]:
    return world_with(lambda world: None, container=badges.svg(body, **how))


RAW = json.dumps(badges.assertion()).encode()
TEXT = badges.cdata(RAW)


def pictured(picture: bytes, *, signed: bool = False) -> Callable[[], Scene]:
    """The award names a picture of its own."""

    def change(world: World) -> None:
        for award in (world.award, world.signed_award):
            award["image"] = f"{HOST}/own.png"
        world.serve(f"{HOST}/own.png", picture)

    return world_with(change, signed=signed)


def own_token() -> Scene:
    world = World()
    world.signed_award["image"] = f"{HOST}/own.png"
    world.token = world.signed_subject().raw
    world.serve(f"{HOST}/own.png", badges.png(badges.itxt(world.token)))
    return Scene(world, signed=True)


BAKING_CASES = [
    AdviceCase("one badge in a PNG", baked(badges.itxt(RAW)), "baking.single", P),
    AdviceCase("two equal badges in a PNG", baked(badges.itxt(RAW), badges.text_chunk(RAW)), "baking.single", W),
    AdviceCase("two badges in a PNG", baked(badges.itxt(RAW), badges.itxt(b"https://x.example/1")), "baking.single", W),
    AdviceCase(
        "two badges in an SVG", svg(f"{TEXT}</openbadges:assertion><openbadges:assertion>x"), "baking.single", P
    ),
    AdviceCase("no badge in a PNG", baked(), "baking.single", None),
    AdviceCase("a badge of a PDF", world_with(lambda w: None, container=b"%PDF-1.7"), "baking.single", None),
    AdviceCase("baked as the standard says", baked(badges.itxt(RAW)), "baking.form", P),
    *(
        AdviceCase(f"baked {name}", scene, "baking.form", W)
        for name, scene in (
            ("compressed", baked(badges.itxt(RAW, compressed=True))),
            ("cut off", baked(badges.chunk(b"iTXt", b"openbadges\0\1\0\0\0garbage"))),
            ("as tEXt", baked(badges.text_chunk(RAW))),
            ("as zTXt", baked(badges.ztxt(RAW))),
            ("with a wrong checksum", baked(badges.itxt(RAW, crc=1))),
            ("under another keyword", baked(badges.itxt(RAW, keyword=b"openbadge"))),
            ("in Latin-1", baked(badges.itxt("é".encode("latin-1")))),
            ("under a slash", svg(TEXT, namespace="http://openbadges.org/")),
            ("with another address", svg(TEXT, verify=f"{OTHER}/1")),
        )
    ),
    AdviceCase("baked into an SVG", svg(TEXT, prefix="ob"), "baking.form", P),
    AdviceCase("baked with its own address", svg(TEXT, verify=AWARD), "baking.form", P),
    AdviceCase("baked as an address only", svg("", verify=AWARD), "baking.form", P),
    AdviceCase("its picture carries it", pictured(badges.png(badges.itxt(RAW))), "image.baked-match", P),
    AdviceCase(
        "its picture carries its address", pictured(badges.png(badges.itxt(AWARD.encode()))), "image.baked-match", P
    ),
    AdviceCase("its picture carries its token", own_token, "image.baked-match", P),
    AdviceCase(
        "its picture carries a token of it",
        pictured(badges.png(badges.itxt(badges.token(RAW)))),
        "image.baked-match",
        P,
    ),
    AdviceCase("its picture carries nothing", pictured(badges.png()), "image.baked-match", W),
    *(
        AdviceCase(f"its picture carries {name}", pictured(badges.png(badges.itxt(text))), "image.baked-match", W)
        for name, text in (
            ("another badge", json.dumps(badges.assertion(2)).encode()),
            ("a list", b"[1]"),
            ("rubbish", b"\xc3\xa9!"),
        )
    ),
]


def key_sha(which: int) -> str:
    from wallet.documents import jws

    public = keys.pair("RSA", which)[1] if which else World().public
    return jws.load_key(public).spki_sha256


def pin(**changes: object) -> Pin:
    known = Pin(ISSUER, HOST[8:], NOW - timedelta(days=300), (key_sha(0),), "Rowan College")
    return replace(known, **changes)


def remembering(
    *pins: Pin, signed: bool = True, change: Callable[[World], None] = lambda world: None
) -> Callable[[], Scene]:
    return world_with(change, signed=signed, memory=Memory({known.issuer_id: known for known in pins}))


def on_shared_host(**rule: object) -> Callable[[], Scene]:
    def change(world: World) -> None:
        place = "https://raw.githubusercontent.com/rowan"
        renamed = {
            url.replace(HOST, place): json.loads(json.dumps(document).replace(HOST, place))
            if isinstance(document, dict)
            else document
            for url, document in world.documents.items()
        }
        world.documents = renamed
        world.award = renamed[AWARD.replace(HOST, place)]
        issuer = renamed[ISSUER.replace(HOST, place)]
        if rule:
            issuer["verification"] = {"type": "VerificationObject", "startsWith": f"{place}/"}

    return world_with(change)


TRUST_CASES = [
    AdviceCase("the key that is known", remembering(pin()), "trust.key-changed", None),
    AdviceCase("a key that is new", remembering(pin(keys=(key_sha(1),))), "trust.key-changed", W),
    AdviceCase("an issuer known without a key", remembering(pin(keys=())), "trust.key-changed", None),
    AdviceCase(
        "an issuer like no other",
        remembering(pin(issuer_id=OTHER, host="elm.example", name="Elm")),
        "trust.lookalike",
        None,
    ),
    AdviceCase(
        "an issuer of the same name elsewhere",
        remembering(pin(issuer_id=f"{OTHER}/issuer", host=OTHER[8:], name="ROWAN Cоllege")),
        "trust.lookalike",
        W,
    ),
    AdviceCase(
        "an issuer on a host one letter off",
        remembering(pin(issuer_id="x", host="badges.rowan-colege.example", name="Elm")),
        "trust.lookalike",
        W,
    ),
    AdviceCase("an issuer on its own host", world_with(lambda world: None), "trust.shared-host", None),
    AdviceCase("an issuer on a shared host", on_shared_host(), "trust.shared-host", W),
    AdviceCase("an issuer with its part of a shared host", on_shared_host(startsWith=True), "trust.shared-host", None),
]


def answered(url: str, body: bytes, status: int = 200) -> Fetched:
    return Fetched(url, url, NOW - timedelta(days=200), status=status, body=body)


def published_before(*answers: Fetched) -> Callable[[], Scene]:
    return world_with(lambda world: None, memory=Memory(answers={answer.url: answer for answer in answers}))


DRIFT_CASES = [
    AdviceCase(
        "the same as before",
        published_before(answered(CLASS, badges.encode(badges.badge_class())), answered(PICTURE, badges.png())),
        "drift.hosted",
        None,
    ),
    AdviceCase(
        "written otherwise, saying the same",
        published_before(answered(CLASS, json.dumps(badges.badge_class()).encode())),
        "drift.hosted",
        None,
    ),
    AdviceCase(
        "another name before",
        published_before(answered(CLASS, badges.encode(badges.badge_class(name="Lab Safety")))),
        "drift.hosted",
        W,
    ),
    AdviceCase(
        "other criteria before",
        published_before(answered(CLASS, badges.encode(badges.badge_class(criteria={"narrative": "Came."})))),
        "drift.hosted",
        W,
    ),
    AdviceCase("another picture before", published_before(answered(PICTURE, badges.png(seed=3))), "drift.hosted", W),
    AdviceCase("nothing before", published_before(answered(CLASS, b"", 404)), "drift.hosted", None),
    AdviceCase("rubbish before", published_before(answered(CLASS, b"{")), "drift.hosted", None),
]

ADVICE_CASES = [*EXTENSION_CASES, *ENDORSEMENT_CASES, *BAKING_CASES, *TRUST_CASES, *DRIFT_CASES]
