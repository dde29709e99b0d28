"""An advisor's folder of learners with real signed badges, each learner with one thing the matter; and what the issuer serves.

    world = write(folder)            bundles, single files and sub-folders, as learners hand them over
    world.published                  a fetcher over what the issuer publishes: class, profile, key and revocation documents
    world.pathways                   "Water Technician" (all of four, with an award) and "Gardener" (two of three)
    crowd(folder, 1_000, 50)         many learners with many badges each, for measurements

Nobody here exists. What every figure, filter and pivot must be was worked out by hand; see `tests/wallet/cohort`. Everything
is the same each time apart from the keys. The verdicts in the bundles are made up: all of them claim that all is well.
"""

from __future__ import annotations

import io
import json
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.generate import badges
from tests.generate.worlds import Published
from wallet.bundle import MEMBER, ORIGINAL, Bundle, BundleBadge, BundleFile
from wallet.bundle_json import write_bundle
from wallet.model import Identity
from wallet.pathways import definition
from wallet.pathways.model import Pathway

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AT = date(2026, 11, 21)
HOST = badges.HOST
WATER, GARDEN = f"{HOST}/pathways/water", f"{HOST}/pathways/garden"
SYLLABICS = "ᒪᕐᔭ ᐊᓂᓯᓇᐯ"
CLASSES = {
    "lab": "Laboratory Safety",
    "water": "Water Chemistry",
    "soil": "Soil Science",
    "aid": "First Aid",
    "technician": "Water Technician",
    "bees": "Bee Keeping",
    "compost": "Compost",
    "knots": "Knot Tying",
}
_SKILLS = {"lab": "SAFE-1", "water": "CHEM-2", "soil": "EARTH-3"}


@dataclass(frozen=True, slots=True)
class Award:
    """One award. to: whose address it names, by default the learner's own. number: makes its id."""

    slug: str
    issued: str = "2026-08-01"
    expires: str | None = None
    to: str | None = None
    hosted: bool = False
    forged: bool = False
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One learner. form: "bundle", "picture" (a single file) or "folder". told: whether the bundle names an address."""

    name: str
    key: str
    awards: tuple[Award, ...]
    form: str = "bundle"
    told: bool = True
    until: date | None = date(2027, 6, 30)
    consent: str = "My advisor may look at these badges."
    described: tuple[str, ...] = ()
    file: str | None = None
    left_out: int = 0

    @property
    def email(self) -> str:
        """The address that badges are awarded to."""
        return f"{self.key}@learner.example"

    @property
    def entry(self) -> str:
        """The name of the file or sub-folder."""
        return self.file or {"bundle": f"{self.key}.zip", "picture": f"{self.key}.png", "folder": self.key}[self.form]


def _all(*slugs: str, issued: str = "2026-08-01") -> tuple[Award, ...]:
    return tuple(Award(slug, issued) for slug in slugs)


#: The learners, by what is the matter with them.
PEOPLE: Mapping[str, Person] = {
    "complete": Person("Ada Complete", "ada", _all("lab", "water", "soil", "aid", "technician")),
    "close": Person("Ben Close", "ben", _all("lab", "water", "soil"), left_out=2),
    "stuck": Person("Cem Stuck", "cem", _all("lab", issued="2026-01-10")),
    "expired": Person("Dina Ticket", "dina", (*_all("lab", "water", "soil"), Award("aid", "2024-10-01", "2026-10-01"))),
    "revoked": Person("Eve Revoked", "eve", _all("lab", "water")),
    "mismatch": Person("Finn Other", "finn", (Award("lab"), Award("water", to="ada@learner.example", number="finn-2"))),
    "first": Person("Gus First", "gus", _all("lab")),
    "second": Person("Hana Second", "hana", (Award("lab", to="gus@learner.example", number="gus-lab"),), told=False),
    "described": Person("Ivo Told", "ivo", _all("lab"), described=("soil",)),
    "no-consent": Person("", "jo", _all("lab"), form="picture"),
    "unreadable": Person("", "kim", _all("lab", "bees"), form="folder"),
    "syllabics": Person(SYLLABICS, "marja", _all("lab", "water"), file=f"{SYLLABICS}.zip"),
    "nothing": Person("Lou Nothing", "lou", _all("knots")),
    "ended": Person("Mo Ended", "mo", _all("lab", "water", "soil", "aid"), until=date(2026, 11, 1)),
    "eligible": Person("Nia Eligible", "nia", (*_all("lab", "water", "aid"), Award("soil", hosted=True))),
    "risk": Person("Ola Risk", "ola", (*_all("lab", "water", "soil"), Award("aid", "2024-12-31", "2026-12-31"))),
    "forger": Person("Pia Forger", "pia", tuple(Award(one, forged=True) for one in ("lab", "water", "soil", "aid"))),
}


@dataclass(frozen=True, slots=True)
class World:
    """A written folder, what the issuer publishes, and the pathways that are asked about."""

    folder: Path
    published: Published
    documents: dict[str, bytes]
    pathways: tuple[Pathway, ...]
    people: Mapping[str, Person] = field(default_factory=dict)


def pathways() -> tuple[Pathway, ...]:
    """The two pathways."""
    return tuple(definition.read(json.dumps(table).encode(), "cohort.json") for table in (_water(), _garden()))


def _element(slug: str, hours: int) -> dict[str, object]:
    return {
        "name": CLASSES[slug],
        "hours": hours,
        "url": f"https://rowan-college.example/{slug}",
        "match": [{"achievement": f"{HOST}/classes/{slug}"}],
    }


def _water(version: str = "1", **elements: object) -> dict[str, object]:
    return {
        "format": "badge-pathway/1",
        "status": "published",
        "id": WATER,
        "name": "Water Technician",
        "version": version,
        "root": "root",
        "award": [{"achievement": f"{HOST}/classes/technician"}],
        "group": {"root": {"name": "Water Technician", "of": ["lab", "water", "soil", "aid"]}},
        "element": {
            "lab": _element("lab", 8),
            "water": _element("water", 10),
            "soil": _element("soil", 12),
            "aid": _element("aid", 4),
        },
    }


def _garden() -> dict[str, object]:
    return {
        "format": "badge-pathway/1",
        "status": "published",
        "id": GARDEN,
        "name": "Gardener",
        "version": "1",
        "root": "root",
        "group": {"root": {"name": "Gardener", "of": ["soil", "bees", "compost"], "need": 2}},
        "element": {"soil": _element("soil", 12), "bees": _element("bees", 30), "compost": _element("compost", 30)},
    }


def shorter_water() -> Pathway:
    """The next version of the first pathway: without the ticket."""
    table = _water("2")
    table["group"] = {"root": {"name": "Water Technician", "of": ["lab", "water", "soil"]}}
    elements = table["element"]
    assert isinstance(elements, dict)
    del elements["aid"]
    return definition.read(json.dumps(table).encode(), "cohort.json")


def write(folder: Path, people: Mapping[str, Person] = PEOPLE) -> World:
    """Write what all learners hand over into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = _documents()
    revoked = [f"{HOST}/awards/eve-water"] if "revoked" in people else []
    documents[f"{HOST}/revoked"] = badges.encode(
        {
            "@context": badges.OB2,
            "type": "RevocationList",
            "id": f"{HOST}/revoked",
            "issuer": f"{HOST}/issuer",
            "revokedAssertions": [{"id": one, "revocationReason": "Handed back"} for one in revoked],
        }
    )
    for person in people.values():
        hand_over(folder, person, documents)
    return World(folder, Published(documents), documents, pathways(), people)


def hand_over(folder: Path, person: Person, documents: dict[str, bytes] | None = None) -> None:
    """Write, or write anew, what one learner hands over. documents: where hosted awards are published."""
    made = [(award, _made(person, award, documents)) for award in person.awards]
    target = folder / person.entry
    if person.form == "picture":
        target.write_bytes(made[0][1])
    elif person.form == "folder":
        target.mkdir(exist_ok=True)
        for award, content in made:
            (target / f"{award.slug}.png").write_bytes(content)
        (target / "scan.zip").write_bytes(b"PK\x03\x04 this is torn")
    else:
        target.write_bytes(_bundle(person, made))


def award_id(person: Person, award: Award) -> str:
    """The id of an award's credential."""
    return f"{HOST}/awards/{award.number or f'{person.key}-{award.slug}'}"


def salted(email: str) -> str:
    """The recipient as the badges name it."""
    return "sha256$" + sha256(f"{email}salt".encode()).hexdigest()


def _made(person: Person, award: Award, documents: dict[str, bytes] | None = None, *, size: int = 0) -> bytes:
    """The file of one award: a picture with the signed badge in it, or the hosted badge as JSON."""
    document = (badges.assertion if award.hosted else badges.signed_assertion)(
        id=award_id(person, award),
        badge=f"{HOST}/classes/{award.slug}",
        recipient={
            "type": "email",
            "hashed": True,
            "salt": "salt",
            "identity": salted(award.to or person.email),
        },
        issuedOn=f"{award.issued}T09:00:00Z",
        expires=f"{award.expires}T09:00:00Z" if award.expires else None,
    )
    if award.hosted:
        content = badges.encode(document)
        if documents is not None:
            documents[award_id(person, award)] = content
        return content
    token = _token(badges.encode(document), "forger" if award.forged else "issuer")
    return badges.png(badges.itxt(token), size=size)


@lru_cache(maxsize=2)
def _key(name: str) -> RSAPrivateKey:
    key = load_pem_private_key(badges.key_pair(name)[0], None)
    assert isinstance(key, RSAPrivateKey)
    return key


def _token(document: bytes, name: str) -> bytes:
    """What `badges.token` makes, with a key that is read once: reading it takes a hundred times as long as signing."""
    head, body = (urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"RS256"}', document))
    mark = _key(name).sign(head + b"." + body, PKCS1v15(), SHA256())
    return head + b"." + body + b"." + urlsafe_b64encode(mark).rstrip(b"=")


def _bundle(person: Person, made: Sequence[tuple[Award, bytes]]) -> bytes:
    files = [
        BundleFile(f"originals/{award.slug}.png", sha256(content).hexdigest(), len(content), "image/png", ORIGINAL)
        for award, content in made
    ]
    entries = [
        _entry(award.slug, sha256(content).hexdigest(), (file.path,))
        for (award, content), file in zip(made, files, strict=True)
    ]
    entries += [_entry(slug, sha256(f"{person.key} {slug}".encode()).hexdigest(), ()) for slug in person.described]
    bundle = Bundle(
        created=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        audience="Sam Guide",
        purpose="Advice",
        consent=person.consent,
        given=date(2026, 11, 1) if person.consent else None,
        until=person.until,
        person=person.name,
        identities=(Identity("email", person.email),) if person.told else (),
        pathways=(WATER,),
        badges=tuple(entries),
        files=tuple(files),
        left_out=(("left out by choice", person.left_out),) if person.left_out else (),
        tool="badgefolio 0",
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in [
            (MEMBER, write_bundle(bundle)),
            *((f.path, c) for f, (_, c) in zip(files, made, strict=True)),
        ]:
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0)), content)
    return stream.getvalue()


def _entry(slug: str, name: str, files: tuple[str, ...]) -> BundleBadge:
    return BundleBadge(
        name,
        CLASSES[slug],
        "Rowan College",
        f"{HOST}/issuer",
        f"{HOST}/classes/{slug}",
        date(2026, 8, 1),
        verdict="valid",
        as_of=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        files=files,
    )


def _documents(classes: Mapping[str, str] = CLASSES) -> dict[str, bytes]:
    """What the issuer publishes, but for its revocation list and hosted awards."""
    _, public = badges.key_pair("issuer")
    documents = {
        f"{HOST}/issuer": badges.encode(badges.issuer(publicKey=f"{HOST}/key", revocationList=f"{HOST}/revoked")),
        f"{HOST}/key": badges.encode(
            {
                "@context": badges.OB2,
                "type": "CryptographicKey",
                "id": f"{HOST}/key",
                "owner": f"{HOST}/issuer",
                "publicKeyPem": public,
            }
        ),
    }
    for slug, name in classes.items():
        code = _SKILLS.get(slug)
        skill = {
            "targetName": name,
            "targetUrl": f"https://skills.example/{code}",
            "targetFramework": "Skills",
            "targetCode": code,
        }
        documents[f"{HOST}/classes/{slug}"] = badges.encode(
            badges.badge_class(
                id=f"{HOST}/classes/{slug}",
                name=name,
                image=f"{HOST}/classes/{slug}.png",
                alignment=[skill] if code is not None else None,
            )
        )
        documents[f"{HOST}/classes/{slug}.png"] = badges.png(seed=len(slug))
    return documents


def crowd(folder: Path, learners: int, each: int, *, classes: int = 120, size: int = 0) -> World:
    """Many learners with `each` signed badges in bundles; size: of each picture, in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = _documents({f"c{number}": f"Class {number}" for number in range(classes)})
    documents[f"{HOST}/revoked"] = badges.encode(
        {"@context": badges.OB2, "type": "RevocationList", "id": f"{HOST}/revoked", "issuer": f"{HOST}/issuer",
         "revokedAssertions": []}
    )  # fmt: skip
    for number in range(learners):
        person = Person(f"Learner {number:05}", f"learner-{number:05}", ())
        made = []
        for index in range(each):
            slug = f"c{(number * 7 + index * (1 + number % 5)) % classes}"
            award = Award(
                slug, (AT - timedelta(days=1 + (number + index) % 900)).isoformat(), number=f"{number}-{index}"
            )
            made.append((replace(award, slug=f"{slug}-{index}"), _made(person, award, size=size)))
        (folder / person.entry).write_bytes(_crowd_bundle(person, made))
    return World(folder, Published(documents), documents, pathways())


def _crowd_bundle(person: Person, made: Sequence[tuple[Award, bytes]]) -> bytes:
    files = [
        BundleFile(f"originals/{award.slug}.png", sha256(content).hexdigest(), len(content), "image/png", ORIGINAL)
        for award, content in made
    ]
    bundle = Bundle(
        created=NOW, audience="Sam Guide", purpose="Advice", consent="Yes", until=date(2027, 6, 30), person=person.name,
        identities=(Identity("email", person.email),), files=tuple(files),
    )  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(MEMBER, write_bundle(bundle))
        for file, (_, content) in zip(files, made, strict=True):
            archive.writestr(file.path, content)
    return stream.getvalue()
