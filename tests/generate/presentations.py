"""Invented badges for the exporters' tests: plain data, no wallet. Everything is on `.example` hosts."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from exporters.model import PathwayShown, PlaceShown, Presentation
from exporters.presentation import BadgeSource, present
from wallet.details import PathwayDetails
from wallet.found import Kind
from wallet.model import Achievement, Alignment, Credential, Criteria, Profile, Recipient, Text
from wallet.verify.report import Finding, Outcome, Verdict

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AS_OF = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
EMAIL_CANARY = "ada.canary@learner.example"
SALT_CANARY = "salt-canary-7781"

_COLOURS = ("#0d5660", "#8a3b12", "#3b3f7a", "#4d6b1e", "#7a2748", "#1f4e79", "#6b4e16", "#444b54")


def badge_png(colour: str = "#0d5660", size: int = 320) -> bytes:
    """A round badge picture, drawn here."""
    from PIL import Image, ImageDraw

    big = Image.new("RGBA", (size * 2, size * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(big)
    s = size * 2
    pen.ellipse((8, 8, s - 8, s - 8), fill=colour)
    pen.ellipse((s * 0.07, s * 0.07, s * 0.93, s * 0.93), outline="#ffffffcc", width=max(2, s // 80))
    import math

    star = [
        (
            s / 2 + s * r * math.sin(math.pi * k / 5),
            s * 0.49 - s * r * math.cos(math.pi * k / 5),
        )
        for k, r in ((k, 0.25 if k % 2 == 0 else 0.11) for k in range(10))
    ]
    pen.polygon(star, fill="#ffffff")
    out = io.BytesIO()
    big.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that only claims its size; its pixels are not there."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    end = b"\x00\x00\x00\x00IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + chunk + end


BADGE_SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="200" height="200">
<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#28518c"/><stop offset="1" stop-color="#16305a"/></linearGradient></defs>
<path d="M100 6l78 34v58c0 48-32 82-78 96-46-14-78-48-78-96V40z" fill="url(#g)"/>
<path d="M100 20l64 28v50c0 40-26 68-64 80-38-12-64-40-64-80V48z" fill="none" stroke="#fff" stroke-opacity=".7"/>
<path d="M70 100l22 24 40-50" fill="none" stroke="#fff" stroke-width="12" stroke-linecap="round"/></svg>"""

_CRITERIA = """Pass **three** practical assessments:

* measure ammonia, nitrite and pH
* keep a week's log
* explain a correction you made"""


def a_source(
    name: str = "Recirculating Aquaponics: Water Quality",
    *,
    number: int = 1,
    issuer: str = "Northgate College",
    host: str = "badges.northgate.example",
    verdict: Verdict | None = Verdict.VALID,
    signed: bool = False,
    criteria: str = _CRITERIA,
    description: str = "Measures, records and corrects the water of a small recirculating fish and plant system.",
    alignments: tuple[Alignment, ...] = (
        Alignment(Text.of("Water testing"), "https://skills.example/w/12", Text(), "Skills Register", "W-12"),
        Alignment(Text.of("System maintenance"), "https://skills.example/w/19", Text(), "Skills Register", "W-19"),
    ),
    picture: bytes | None = None,
) -> BadgeSource:
    """One badge as a wallet would hand it on; its recipient is plain text, so that leaks show."""
    badge_id = sha256(f"{number}{name}".encode("utf-8", "replace")).hexdigest()
    url = f"https://{host}/assertions/{number}"
    profile = Profile(f"https://{host}/issuer", name=Text.of(issuer), url=f"https://{host}/", email="office@" + host)
    achievement = Achievement(
        f"https://{host}/classes/{number}",
        name=Text.of(name),
        description=Text.of(description),
        criteria=Criteria(f"https://{host}/classes/{number}/criteria", Text.of(criteria)),
        issuer_id=profile.id,
        issuer=profile,
        alignments=alignments,
    )
    credential = Credential(
        url,
        recipient=Recipient("email", EMAIL_CANARY, False, SALT_CANARY),
        achievement=achievement,
        achievement_id=achievement.id,
        issued_on=datetime(2026, 1 + number % 10, 3 + number, 12, tzinfo=UTC),
    )
    raw = (
        b"eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IngifQ.c2lnbmF0dXJl"
        if signed
        else b'{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"' + url.encode() + b'"}\n'
    )
    png = picture if picture is not None else badge_png(_COLOURS[number % len(_COLOURS)])
    return BadgeSource(
        badge_id,
        Kind.OB2_JWS if signed else Kind.OB2_JSON,
        credential,
        name=name,
        issuer_name=issuer,
        verdict=verdict,
        as_of=AS_OF if verdict is not None else None,
        authentic=Outcome.PASSED if verdict in (Verdict.VALID, Verdict.EXPIRED, Verdict.REVOKED) else Outcome.FAILED,
        yours=Outcome.PASSED,
        served_by=None if signed else url,
        raw=raw,
        container=png,
        picture=png,
    )


def expired(source: BadgeSource) -> BadgeSource:
    """The same badge, ended on 1 May 2026."""
    assert source.credential is not None
    return replace(
        source, verdict=Verdict.EXPIRED, credential=replace(source.credential, expires=datetime(2026, 5, 1, tzinfo=UTC))
    )


def mixed_sources() -> list[BadgeSource]:
    """Eight badges that stand in all six ways, with long and right-to-left names, PNG, SVG and no picture."""
    revoked = a_source(
        "Workplace First Aid, Level 2",
        number=3,
        issuer="Harbour Safety Institute",
        host="harbour.example",
        verdict=Verdict.REVOKED,
    )
    assert revoked.credential is not None
    revoked = replace(revoked, credential=replace(revoked.credential, revocation_reason="Awarded in error"))
    invalid = replace(
        a_source(
            "Introduction to Data Ethics",
            number=4,
            issuer="Open Data Guild",
            host="guild.example",
            verdict=Verdict.INVALID,
            signed=True,
        ),
        findings=(
            Finding("signed.signature", Outcome.FAILED, "The signature does not fit the badge and the issuer's key."),
        ),
    )
    unknown = replace(
        a_source(
            "מבוא לחקלאות עירונית", number=5, issuer="מכללת הגליל", host="galil.example", verdict=Verdict.UNDETERMINED
        ),
        findings=(Finding("hosted.fetch", Outcome.UNDETERMINED, "galil.example did not answer."),),
    )
    unchecked = a_source(
        "أساسيات الزراعة المائية", number=6, issuer="كلية الواحة التقنية", host="oasis.example", verdict=None
    )
    long_name = a_source(
        "Facilitating Intercultural, Trauma-Informed and Land-Based Learning Experiences with Rural and Remote Communities",
        number=7,
        issuer="Consortium of Prairie Colleges and Community Learning Centres",
        host="xn--prairie-college-consortium-of-learning.example",
        picture=BADGE_SVG,
        signed=True,
    )
    bare = replace(
        a_source(
            "Community Mentor",
            number=8,
            issuer="Rivertown Library",
            host="rivertown.example",
            criteria="",
            description="",
            alignments=(),
        ),
        picture=None,
        container=None,
    )
    assert bare.credential is not None and bare.credential.achievement is not None
    bare = replace(
        bare, credential=replace(bare.credential, achievement=replace(bare.credential.achievement, criteria=None))
    )
    return [
        a_source(number=1),
        expired(a_source("Food Handling Certificate", number=2, issuer="Town Kitchen School", host="kitchen.example")),
        revoked,
        invalid,
        unknown,
        unchecked,
        long_name,
        bare,
    ]


def a_pathway() -> PathwayShown:
    """Three groups, five of eight places filled."""
    return PathwayShown(
        "https://northgate.example/pathways/aquaponics",
        "Aquaponics Technician",
        5,
        8,
        62,
        False,
        "21 November 2026",
        description="A stack of short courses that ends in a technician's award.",
        publisher="Northgate College",
        places=(
            PlaceShown("Foundations", 0, True, 3, 3, True),
            PlaceShown("Water quality", 1, True, 1, 1, badges=("Recirculating Aquaponics: Water Quality",)),
            PlaceShown("Plants without soil", 1, True, 1, 1, badges=("أساسيات الزراعة المائية",)),
            PlaceShown("Safe work", 1, True, 1, 1, badges=("Workplace First Aid, Level 2",)),
            PlaceShown("Choose two", 0, False, 1, 2, True, rule="any 2 of 4"),
            PlaceShown("Community mentoring", 1, True, 1, 1, badges=("Community Mentor",)),
            PlaceShown("Selling what you grow", 1, False, 0, 1),
            PlaceShown("Capstone, 40 hours on a farm", 0, False, 0, 1, state="open"),
        ),
    )


def elements_for(source: BadgeSource) -> dict[str, tuple[PathwayDetails, ...]]:
    """What the pathway states about one badge: all that a badge cannot say itself."""
    return {
        source.id: (
            PathwayDetails(
                "Aquaponics Technician",
                dates=("5 January 2026 to 27 February 2026",),
                time=("6 hours",),
                facilitator="R. Okafor",
                facilitation=("fully facilitated", "in person"),
            ),
        )
    }


def a_presentation(*sources: BadgeSource, person: str | None = "Ada Example", pathway: bool = False) -> Presentation:
    """A presentation of these badges, or of one sample badge."""
    chosen = list(sources) or [a_source()]
    return present(
        chosen,
        person=person,
        now=NOW,
        pathways=(a_pathway(),) if pathway else (),
        elements=elements_for(chosen[0]),
    )
