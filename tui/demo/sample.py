"""The sample learner and what two sample issuers awarded her: a badge for every answer that the wallet can give.

Nothing here is imported or verified: `SampleWorld` publishes, signs and bakes, and hands out files and addresses, as real
issuers would. People, colleges and badges are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from exporters.bake import bake_png, bake_svg
from tui.demo import art
from tui.demo.host import LoopbackHost
from tui.demo.issuer import Award, BadgeClass, SampleIssuer, new_private_key

LEARNER = "Robin Sample"
EMAIL = "robin.sample@learner.example"
COLLEGE = "Prairie Rivers College"
GROWERS = "Growers' Co-operative"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file that the learner downloaded, and what there is to know about it."""

    path: Path
    about: str


def _classes() -> dict[str, BadgeClass]:
    """What can be earned, by slug."""
    classes = (
        BadgeClass(
            "chem-safety",
            "Workplace Safety and Chemical Handling",
            "Handles, stores and disposes of water-treatment chemicals safely.",
            "Pass the safety quiz with **80 %** and show safe handling to a supervisor.",
            art.medal_png("shield", art.CLAY, 1),
            ("safety", "aquaponics"),
        ),
        BadgeClass(
            "water-chem",
            "Water Chemistry",
            "Measures and adjusts pH, ammonia, nitrite and nitrate in a living system.",
            "Keep a water log for two weeks that an inspector can follow.",
            art.medal_png("drop", art.LAKE, 1),
            ("water", "aquaponics"),
            {
                "type": "AlignmentObject",
                "targetName": "Monitor water quality",
                "targetUrl": "https://skills.prairierivers.example/framework/WQ-2",
                "targetFramework": "Controlled Environment Skills",
                "targetCode": "WQ-2",
            },
        ),
        BadgeClass(
            "plant-nutrition",
            "Plant Nutrition in Soilless Systems",
            "Recognises and mends nutrient deficiencies in soilless crops.",
            "Diagnose five crops from pictures and plan a feed for one of them.",
            art.medal_svg("leaf", art.FIELD, 1),
            ("plants", "aquaponics"),
        ),
        BadgeClass(
            "nft",
            "Nutrient Film Technique",
            "Builds and runs a nutrient film channel for leafy greens.",
            "Run a channel for one crop cycle and hand in the records.",
            art.medal_png("waves", art.LAKE, 2),
            ("systems", "aquaponics"),
        ),
        BadgeClass(
            "raft",
            "Raft Systems",
            "Runs a deep-water raft system.",
            "Run a raft for one crop cycle and hand in the records.",
            art.medal_png("raft", art.LAKE, 2),
            ("systems", "aquaponics"),
        ),
        BadgeClass(
            "first-aid",
            "First Aid at Work",
            "Gives first aid until help arrives. To be renewed every two years.",
            "Attend the course and pass the practical test.",
            art.medal_png("cross", art.CLAY),
            ("safety",),
        ),
        BadgeClass(
            "forklift",
            "Forklift Basics",
            "Moves pallets safely in a greenhouse.",
            "Pass the driving test.",
            art.medal_png("truck", art.SLATE),
            ("safety",),
        ),
        BadgeClass(
            "master-grower",
            "Master Grower",
            "Leads a growing team through a season.",
            "Awarded by a panel of three growers.",
            art.medal_png("star", art.DUSK, 5),
            ("leadership",),
        ),
    )
    return {badge_class.slug: badge_class for badge_class in classes}


_FIELD_HOURS = BadgeClass(
    "field-hours-30",
    "Field Hours 30",
    "Thirty supervised hours in a member's greenhouse.",
    "Thirty hours, signed off by the grower in charge.",
    art.medal_svg("sprout", art.DUSK, 3),
    ("field", "aquaponics"),
)


class SampleWorld:
    """Two issuers on loopback while the `with` block lasts, and the learner's downloads in `downloads`.

    `now` dates every award, so the expired badge is expired on any day the sample is run.
    """

    def __init__(self, downloads: Path, now: datetime) -> None:
        self._college_host, self._growers_host = LoopbackHost(), LoopbackHost()
        self._downloads, self._now = downloads, now
        self.files: tuple[SampleFile, ...] = ()
        self.url = ""
        self.pathway = ""

    @property
    def allow_hosts(self) -> tuple[str, str]:
        """What `--allow-host` must name: loopback is refused otherwise, as for any address from outside."""
        return (self._college_host.allow_host, self._growers_host.allow_host)

    @property
    def requests(self) -> tuple[str, ...]:
        """What both issuers were asked for so far."""
        return (*self._college_host.requests, *self._growers_host.requests)

    def close_growers(self) -> None:
        """The second issuer goes out of business: its host no longer answers."""
        self._growers_host.stop()

    def __enter__(self) -> SampleWorld:
        self._college_host.__enter__()
        self._growers_host.__enter__()
        try:
            self._award_everything()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._college_host.stop()
        self._growers_host.stop()

    def _ago(self, days: int) -> datetime:
        return self._now - timedelta(days=days)

    def _award_everything(self) -> None:
        college = SampleIssuer(
            self._college_host,
            COLLEGE,
            "badges@prairierivers.example",
            "A community college that exists only in samples.",
        )
        growers = SampleIssuer(
            self._growers_host, GROWERS, "office@growers.example", "A co-operative of greenhouse growers, for samples."
        )
        classes = _classes()
        for badge_class in classes.values():
            college.offer(badge_class)
        growers.offer(_FIELD_HOURS)

        self._downloads.mkdir(parents=True, exist_ok=True)
        safety = college.award_hosted(classes["chem-safety"], EMAIL, self._ago(200), expires=self._ago(-500))
        self.url = safety.id
        water = college.award_signed(classes["water-chem"], EMAIL, self._ago(170))
        plants = college.award_hosted(classes["plant-nutrition"], EMAIL, self._ago(120))
        nft = college.award_signed(classes["nft"], EMAIL, self._ago(60))
        raft = college.award_signed(classes["raft"], EMAIL, self._ago(50))
        college.withdraw_signed(raft, "Awarded by mistake: the records were another learner's")
        first_aid = college.award_hosted(classes["first-aid"], EMAIL, self._ago(800), expires=self._ago(70))
        forklift = college.award_hosted(classes["forklift"], EMAIL, self._ago(300))
        college.withdraw_hosted(forklift, "The test was not supervised")
        forged = college.award_signed(classes["master-grower"], EMAIL, self._ago(5), with_key=new_private_key())
        hours = growers.award_hosted(_FIELD_HOURS, EMAIL, self._ago(20))
        self.files = (
            self._baked("water-chemistry.png", water, "signed, baked into a PNG"),
            self._baked("plant-nutrition.svg", plants, "hosted, baked into an SVG"),
            self._text("nutrient-film.jws", nft, "signed, a bare JWS"),
            self._baked("raft-systems.png", raft, "signed, but on the issuer's revocation list"),
            self._baked("first-aid.png", first_aid, "hosted, and its time has run out"),
            self._text("forklift.json", forklift, "hosted JSON, withdrawn: its address answers 410"),
            self._baked("master-grower.png", forged, "a forgery: signed with a key of somebody else's"),
            self._baked("field-hours.svg", hours, "hosted by an issuer that will soon be gone"),
        )
        # What a photo app leaves of a badge: the picture, without the badge.
        self._write("screenshot.png", art.medal_png("star", art.CLAY, 2), "a picture that lost its badge")
        self.pathway = _pathway(college, growers, classes, self._now)

    def _baked(self, name: str, award: Award, about: str) -> SampleFile:
        picture = award.badge_class.picture
        signed = not award.text.startswith("{")
        baked = (
            bake_png(picture, award.text)
            if award.badge_class.suffix == "png"
            else bake_svg(picture, award.text, award.text if signed else award.id)
        )
        return self._write(name, baked, about)

    def _text(self, name: str, award: Award, about: str) -> SampleFile:
        return self._write(name, award.text.encode("utf-8"), about)

    def _write(self, name: str, content: bytes, about: str) -> SampleFile:
        path = self._downloads / name
        path.write_bytes(content)
        return SampleFile(path, about)


def _pathway(college: SampleIssuer, growers: SampleIssuer, classes: dict[str, BadgeClass], now: datetime) -> str:
    """A stack of three stages with hours, facilitation and dates, as TOML for these issuers' addresses."""
    begins = (now + timedelta(days=60)).date()
    ends = (now + timedelta(days=85)).date()
    url = {slug: college.class_url(badge_class) for slug, badge_class in classes.items()}
    root = college.id.removesuffix("/issuer")
    return f"""\
# A sample pathway: what the badges of two issuers add up to.
format   = "badge-pathway/1"
id       = "{root}/pathways/aquaponics"
name     = {{ en = "Aquaponics Technician", fr = "Technique aquaponique" }}
version  = "3"
status   = "published"
language = "en-CA"
license  = "CC-BY-4.0"
audience = "People who want to work in a controlled environment greenhouse"
root     = "stack"

[publisher]
name = "{college.name}, School of Agriculture"
url  = "https://prairierivers.example/agriculture"
support_url = "https://prairierivers.example/agriculture/help"

[[qualification]]
name = "Diploma in Controlled Environment Agriculture"
relation = "component"
awarded_by = "{college.name}"
recognition = "by-assessment"

[group.stack]
name = "Aquaponics Technician"
of   = ["foundations", "systems", "workplace"]

[group.foundations]
name = "Stage 1: Foundations"
of   = ["safety", "water", "plants"]

[group.systems]
name = "Stage 2: Systems, two of three"
of   = ["nft", "raft", "monitoring"]
need = 2

[group.workplace]
name = "Stage 3: Workplace"
of   = ["first-aid", "field-hours"]

[element.safety]
name = "Workplace Safety and Chemical Handling"
match = [{{ achievement = "{url["chem-safety"]}" }}]
hours = 4
facilitation = "supervised"
delivery = "in-person"

[element.water]
name = "Water Chemistry"
match = [{{ achievement = "{url["water-chem"]}" }}]
hours = 6
facilitation = "lightly-facilitated"
delivery = "online"
pace = "self-paced"
outcomes = ["Measure and adjust pH, ammonia, nitrite and nitrate", "Keep a water log that an inspector can follow"]

[element.plants]
name = "Plant Nutrition in Soilless Systems"
match = [{{ achievement = "{url["plant-nutrition"]}" }}]
hours = 6
facilitation = "self-directed"
delivery = "online"
pace = "self-paced"

[element.nft]
name = "Nutrient Film Technique"
match = [{{ achievement = "{url["nft"]}" }}]
hours = 8
requires = ["water"]

[element.raft]
name = "Raft Systems"
match = [{{ achievement = "{url["raft"]}" }}]
hours = 8
requires = ["water"]

[element.monitoring]
name = "Sensors and Monitoring"
match = [{{ issuer = "{college.id}", name = "Sensors and Monitoring" }}]
hours = 10
facilitation = "fully-facilitated"
facilitator = "Greenhouse technician, named at enrolment"
delivery = "blended"
pace = "scheduled"

[[element.monitoring.offering]]
begins = {begins}
ends   = {ends}
place  = "Teaching greenhouse"
url    = "https://prairierivers.example/courses/monitoring"

[element.first-aid]
name = "First Aid at Work, in date"
match = [{{ achievement = "{url["first-aid"]}" }}]
hours = 7
delivery = "in-person"

[element.field-hours]
name = "Supervised field experience (30 h)"
match = [{{ issuer = "{growers.id}", name = "Field Hours 30" }}]
hours = 30
facilitation = "supervised"
delivery = "in-person"
"""
