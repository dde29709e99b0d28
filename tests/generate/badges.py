"""Builds badges, and the pictures, tokens and pages that carry them, for invented people and colleges.

    assertion()                               a hosted Open Badges 2.0 award that lacks nothing, as a dict
    assertion(badge=badge_class())            the same with the achievement embedded; None as a value leaves a member out
    encode(document)                          its bytes as JSON
    token(assertion(...))                     signed with the test issuer's key, compact
    png(itxt(encode(assertion())))            baked the usual way
    png(after=[ztxt(b"...", crc=0)])          baked the wrong way
    svg(cdata(...), verify="https://...")     a picture of the other kind

Everything is deterministic but the keys, which are made once a run. Nothing here uses our own readers or writers of pictures:
what is tested must not build its own test.
"""

from __future__ import annotations

import json
import random
import struct
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape

from wallet.documents import jws

OB2 = "https://w3id.org/openbadges/v2"
HOST = "https://badges.rowan-college.example"
PERSON = "Mina Okafor"
EMAIL = "mina.okafor@learner.example"

Document = dict[str, object]


def _with(document: Document, changes: Mapping[str, object]) -> Document:
    changed = {**document, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def issuer(**changes: object) -> Document:
    """A Profile of an issuer."""
    return _with(
        {
            "@context": OB2,
            "type": "Profile",
            "id": f"{HOST}/issuer",
            "name": "Rowan College",
            "url": "https://rowan-college.example",
            "email": "badges@rowan-college.example",
        },
        changes,
    )


def badge_class(**changes: object) -> Document:
    """A BadgeClass: what is awarded, to nobody yet."""
    return _with(
        {
            "@context": OB2,
            "type": "BadgeClass",
            "id": f"{HOST}/classes/lab-safety",
            "name": "Laboratory Safety",
            "description": "Works safely in a teaching laboratory.",
            "image": f"{HOST}/images/lab-safety.png",
            "criteria": {"narrative": "Passed the **practical** test."},
            "issuer": f"{HOST}/issuer",
        },
        changes,
    )


def assertion(number: int = 1, **changes: object) -> Document:
    """An award, hosted, with a plain e-mail address as its recipient. `number` makes its id."""
    return _with(
        {
            "@context": OB2,
            "type": "Assertion",
            "id": f"{HOST}/awards/{number}",
            "recipient": {"type": "email", "hashed": False, "identity": EMAIL},
            "badge": f"{HOST}/classes/lab-safety",
            "verification": {"type": "HostedBadge"},
            "issuedOn": "2026-03-02T09:30:00Z",
        },
        changes,
    )


def signed_assertion(number: int = 1, **changes: object) -> Document:
    """An award to be signed; its key is listed at `HOST/key`."""
    return assertion(number, **{"verification": {"type": "SignedBadge", "creator": f"{HOST}/key"}, **changes})


def assertion_1_1(**changes: object) -> Document:
    """An award as Open Badges 1.1 wrote it."""
    return _with(
        {
            "@context": "https://w3id.org/openbadges/v1",
            "type": "Assertion",
            "id": f"{HOST}/v1/awards/1",
            "uid": "award-1",
            "recipient": {"type": "email", "hashed": False, "identity": EMAIL},
            "badge": f"{HOST}/v1/classes/1",
            "verify": {"type": "hosted", "url": f"{HOST}/v1/awards/1"},
            "issuedOn": "2016-05-01",
        },
        changes,
    )


def assertion_1_0(**changes: object) -> Document:
    """An award as Open Badges 1.0 wrote it: no context, no id, seconds since 1970."""
    return _with(
        {
            "uid": "award-10",
            "recipient": {"type": "email", "hashed": True, "salt": "s4lt", "identity": "sha256$" + "0" * 64},
            "badge": f"{HOST}/v1/classes/1",
            "verify": {"type": "hosted", "url": f"{HOST}/v1/awards/10"},
            "issuedOn": 1360000000,
        },
        changes,
    )


def assertion_0_5(**changes: object) -> Document:
    """An award as the first version wrote it: the recipient is a text, the badge is embedded."""
    return _with(
        {
            "recipient": EMAIL,
            "issued_on": "2012-06-01",
            "badge": {
                "version": "0.5.0",
                "name": "Web Basics",
                "image": "/images/web.png",
                "description": "Built a page.",
                "criteria": "/web",
                "issuer": {"origin": "https://old-club.example", "name": "Old Code Club"},
            },
        },
        changes,
    )


def open_badge_3(**changes: object) -> Document:
    """An Open Badges 3.0 credential without a proof."""
    return _with(
        {
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "id": "urn:uuid:6f2b7a9e-1111-4222-8333-444455556666",
            "issuer": {"id": f"{HOST}/issuers/3", "type": ["Profile"], "name": "Rowan College"},
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"name": "Laboratory Safety"}},
        },
        changes,
    )


def encode(document: object) -> bytes:
    """`document` as the JSON bytes that an issuer would serve."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")


@lru_cache(maxsize=2)
def key_pair(name: str = "issuer") -> tuple[bytes, str]:
    """A private key (PEM) and its public key (PEM) for `name`, made once a run."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    del name
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public.decode("ascii")


def token(document: object, key: str = "issuer") -> bytes:
    """`document` signed by the key of `key`, as a compact JWS."""
    return jws.sign(document if isinstance(document, bytes) else encode(document), key_pair(key)[0])


# Pictures


def chunk(kind: bytes, body: bytes, *, crc: int | None = None, length: int | None = None) -> bytes:
    """One PNG chunk; `crc` and `length` lie when they are given."""
    right = zlib.crc32(kind + body)
    return (
        struct.pack(">I", len(body) if length is None else length)
        + kind
        + body
        + struct.pack(">I", right if crc is None else crc)
    )


def itxt(
    text: bytes,
    keyword: bytes = b"openbadges",
    *,
    compressed: bool = False,
    language: bytes = b"",
    translated: bytes | None = b"",
    crc: int | None = None,
) -> bytes:
    """An international text chunk; `translated=None` forgets the NUL after the translated keyword."""
    middle = language + b"\0" + (b"" if translated is None else translated + b"\0")
    body = keyword + b"\0" + (b"\1\0" if compressed else b"\0\0") + middle
    return chunk(b"iTXt", body + (zlib.compress(text) if compressed else text), crc=crc)


def text_chunk(text: bytes, keyword: bytes = b"openbadges") -> bytes:
    """A plain text chunk (tEXt)."""
    return chunk(b"tEXt", keyword + b"\0" + text)


def ztxt(text: bytes, keyword: bytes = b"openbadges") -> bytes:
    """A compressed text chunk (zTXt)."""
    return chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(text))


def png(*before: bytes, after: Sequence[bytes] = (), trailing: bytes = b"", size: int = 0, seed: int = 0) -> bytes:
    """A picture of 8 by 8 that every viewer opens: chunks `before` the image data and `after` it, bytes `trailing` the end.

    `size`: about how many bytes of noise the picture shall hold instead, as a large picture does.
    """
    side = max(8, round((size / 3) ** 0.5))
    generator = random.Random(seed)
    if size:
        rows = b"".join(b"\0" + generator.randbytes(side * 3) for _ in range(side))
    else:
        colour = bytes(generator.randrange(256) for _ in range(3))
        rows = (b"\0" + colour * side) * side
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    image = chunk(b"IDAT", zlib.compress(rows, 1))
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", header, *before, image, *after, chunk(b"IEND", b""), trailing],
    )


def cdata(text: bytes | str) -> str:
    """`text` as a CDATA section."""
    return f"<![CDATA[{text if isinstance(text, str) else text.decode('utf-8')}]]>"


def svg(
    body: str = "",
    *,
    verify: str | None = None,
    prefix: str = "openbadges",
    namespace: str | None = "http://openbadges.org",
    name: str = "assertion",
    prolog: str = "",
    baked: bool = True,
) -> bytes:
    """A picture with a badge element; `namespace=None` leaves its declaration out, `baked=False` the whole element."""
    declared = "" if namespace is None else f' xmlns:{prefix}="{namespace}"'
    verifying = "" if verify is None else f' verify="{escape(verify)}"'
    element = f"<{prefix}:{name}{declared}{verifying}>{body}</{prefix}:{name}>" if baked else ""
    return (
        f'{prolog}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{element}'
        '<circle cx="4" cy="4" r="3" fill="#15616d"/></svg>'
    ).encode()


# What is not a badge


LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Rowan College: sign in</title></head><body><form>"
    b'<input name="user"><input type="password" name="word"></form></body></html>'
)
WEB_PAGE = (
    b"<!doctype html><html><head><title>Rowan College &amp; friends</title></head><body><h1>Hello</h1></body></html>"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
ZIP = b"PK\x05\x06" + bytes(18)
