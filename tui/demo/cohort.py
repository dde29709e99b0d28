"""The sample cohort: two issuers on loopback, and the folder of what thirty learners handed to their advisor.

Like `sample`, nothing here is imported or verified. What the learners are is told in `people`; here it becomes real badges,
signed, hosted, baked, withdrawn or forged, in bundles, sub-folders and single pictures.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from exporters.bake import bake_png, bake_svg
from tui.demo.issuer import Award, BadgeClass, SampleIssuer, new_private_key
from tui.demo.offers import COLLEGE, FIELD_HOURS, GROWERS, aquaponics, greenhouse_assistant, sample_classes
from tui.demo.people import PEOPLE, Form, Person
from tui.demo.two_issuers import TwoIssuers
from wallet.bundle import MEMBER, Bundle, BundleBadge, BundleFile
from wallet.bundle_json import write_bundle
from wallet.model import Identity

ADVISOR = "Sam Guide, Prairie Rivers College"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_FIRST_AID_DAYS = 730
#: Signed badges prove themselves; the others are asked of their host. A real folder has both.
_HOSTED = frozenset({"chem-safety", "plant-nutrition", "first-aid", "forklift", "field-hours-30"})


class SampleCohort(TwoIssuers):
    """Two issuers on loopback while the `with` block lasts, and what the learners handed over in `folder`.

    `now` dates every award. pathways: names and texts of the definitions that the advisor asks about.
    """

    def __init__(self, folder: Path, now: datetime, people: Sequence[Person] = PEOPLE) -> None:
        super().__init__()
        self._folder, self._now, self._people = folder, now, people
        self._classes = {**sample_classes(), FIELD_HOURS.slug: FIELD_HOURS}
        self._awards: dict[tuple[str, str], Award] = {}
        self.pathways: tuple[tuple[str, str], ...] = ()

    def _begin(self) -> None:
        self._open()
        self._folder.mkdir(parents=True, exist_ok=True)
        for person in self._people:
            self._award(person)
        for person in self._people:
            self.hand_over(person)

    def earn(self, name: str, slug: str) -> None:
        """A learner earns one more badge today and hands a new bundle over in the place of the old one."""
        person = next(one for one in self._people if one.name == name)
        grown = replace(person, held=(*person.held, (slug, 0)))
        self._people = tuple(grown if one is person else one for one in self._people)
        self._award(grown)
        self.hand_over(grown)

    def _open(self) -> None:
        self._college = SampleIssuer(
            self._college_host,
            COLLEGE,
            "badges@prairierivers.example",
            "A community college that exists only in samples.",
        )
        self._growers = SampleIssuer(
            self._growers_host, GROWERS, "office@growers.example", "A co-operative of greenhouse growers, for samples."
        )
        for badge_class in self._classes.values():
            self._issuer_of(badge_class).offer(badge_class)
        self.pathways = (
            (
                "aquaponics.pathway.toml",
                aquaponics(self._college, self._growers, self._classes, self._now),
            ),
            ("greenhouse-assistant.pathway.toml", greenhouse_assistant(self._college)),
        )

    def _issuer_of(self, badge_class: BadgeClass) -> SampleIssuer:
        return self._growers if badge_class is FIELD_HOURS else self._college

    def _award(self, person: Person) -> None:
        for slug, days in person.held:
            if (person.name, slug) not in self._awards:
                self._awards[person.name, slug] = self._awarded(person, slug, days)

    def _awarded(self, person: Person, slug: str, days: int) -> Award:
        badge_class = self._classes[slug]
        issuer, on = self._issuer_of(badge_class), self._now - timedelta(days=days)
        expires = on + timedelta(days=_FIRST_AID_DAYS) if slug == "first-aid" else None
        if slug in _HOSTED:
            return issuer.award_hosted(badge_class, person.email, on, expires=expires)
        forger = new_private_key() if slug in person.forged else None
        award = issuer.award_signed(badge_class, person.email, on, with_key=forger)
        if slug in person.revoked:
            issuer.withdraw_signed(award, "Awarded by mistake: the records were another learner's")
        return award

    def hand_over(self, person: Person) -> None:
        """Write what one learner hands to the advisor."""
        held = [self._awards[person.name, slug] for slug, _ in person.held]
        held += [self._awards[owner, slug] for owner, slug in person.others]
        files = [(f"{award.badge_class.slug}.{award.badge_class.suffix}", award, _baked(award)) for award in held]
        if person.form is Form.FOLDER:
            folder = self._folder / person.file_name
            folder.mkdir(exist_ok=True)
            for name, _, content in files:
                (folder / name).write_bytes(content)
        elif person.form is Form.PICTURE:
            (self._folder / f"{person.file_name}.png").write_bytes(files[0][2])
        elif person.form is Form.BROKEN:
            # What a download that stopped half-way leaves.
            (self._folder / f"{person.file_name}.zip").write_bytes(_bundle(person, files, self._now)[:100])
        else:
            (self._folder / f"{person.file_name}.zip").write_bytes(self._bundle_of(person, files))

    def _bundle_of(self, person: Person, files: Sequence[tuple[str, Award, bytes]]) -> bytes:
        told = [(self._classes[slug], self._issuer_of(self._classes[slug]).name) for slug in person.described]
        return _bundle(person, files, self._now, told)


def _baked(award: Award) -> bytes:
    picture, signed = award.badge_class.picture, not award.text.startswith("{")
    if award.badge_class.suffix == "png":
        return bake_png(picture, award.text)
    return bake_svg(picture, award.text, award.text if signed else award.id)


def _bundle(
    person: Person,
    files: Sequence[tuple[str, Award, bytes]],
    now: datetime,
    described: Sequence[tuple[BadgeClass, str]] = (),
) -> bytes:
    """The zip that a learner's own badgefolio would have written, without captured evidence."""
    made = now - timedelta(days=3)
    members = [
        BundleFile(
            f"badges/{name}",
            sha256(content).hexdigest(),
            len(content),
            "image/png" if name.endswith(".png") else "image/svg+xml",
            "original",
        )
        for name, _, content in files
    ]
    badges = [
        BundleBadge(sha256(content).hexdigest(), award.badge_class.name, COLLEGE, files=(f"badges/{name}",))
        for name, award, content in files
    ]
    badges += [BundleBadge(sha256(one.slug.encode()).hexdigest(), one.name, issuer) for one, issuer in described]
    bundle = Bundle(
        created=made,
        audience=ADVISOR,
        purpose="Advice on what to take next",
        consent="My advisor may keep these badges and count them in figures of the group.",
        given=made.date(),
        until=(now + timedelta(days=person.ends)).date(),
        person=person.name,
        identities=(Identity("email", person.email),) if person.tells else (),
        badges=tuple(badges),
        files=tuple(members),
        left_out=(("kept back by the learner", person.left_out),) if person.left_out else (),
        tool="badgefolio sample",
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo(MEMBER, _EARLIEST), write_bundle(bundle))
        for name, _, content in files:
            archive.writestr(zipfile.ZipInfo(f"badges/{name}", _EARLIEST), content)
    return target.getvalue()
