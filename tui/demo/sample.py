"""The sample learner and what two sample issuers awarded her: a badge for every answer that the wallet can give.

Nothing here is imported or verified: `SampleWorld` publishes, signs and bakes, and hands out files and addresses, as real
issuers would. People, colleges and badges are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from exporters.bake import bake_png, bake_svg
from tui.demo import art
from tui.demo.issuer import Award, SampleIssuer, new_private_key
from tui.demo.offers import COLLEGE, FIELD_HOURS, GROWERS, aquaponics, sample_classes
from tui.demo.two_issuers import TwoIssuers

LEARNER = "Robin Sample"
EMAIL = "robin.sample@learner.example"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file that the learner downloaded, and what there is to know about it."""

    path: Path
    about: str


class SampleWorld(TwoIssuers):
    """Two issuers on loopback while the `with` block lasts, and the learner's downloads in `downloads`.

    `now` dates every award, so the expired badge is expired on any day the sample is run.
    """

    def __init__(self, downloads: Path, now: datetime) -> None:
        super().__init__()
        self._downloads, self._now = downloads, now
        self.files: tuple[SampleFile, ...] = ()
        self.url = ""
        self.pathway = ""

    def _ago(self, days: int) -> datetime:
        return self._now - timedelta(days=days)

    def _begin(self) -> None:
        college = SampleIssuer(
            self._college_host,
            COLLEGE,
            "badges@prairierivers.example",
            "A community college that exists only in samples.",
        )
        growers = SampleIssuer(
            self._growers_host, GROWERS, "office@growers.example", "A co-operative of greenhouse growers, for samples."
        )
        classes = sample_classes()
        for badge_class in classes.values():
            college.offer(badge_class)
        growers.offer(FIELD_HOURS)

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
        hours = growers.award_hosted(FIELD_HOURS, EMAIL, self._ago(20))
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
        self.pathway = aquaponics(college, growers, classes, self._now)

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
