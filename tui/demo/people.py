"""The thirty learners of the sample cohort: who holds what, since when, and what is odd about it. All of them are invented.

An award is a slug of `offers` with the days since it was made; a badge of first aid is good for two years.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

Held = tuple[tuple[str, int], ...]


class Form(StrEnum):
    """How a learner handed badges over."""

    BUNDLE = "bundle"
    FOLDER = "folder"
    PICTURE = "picture"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Person:
    """One learner. tells: whether the bundle says whose badges they are. ends: days until the consent ends.

    others: badges of somebody else among them, as (name, slug). forged, revoked: slugs. described: slugs told of without
    the badge itself. left_out: badges kept back.
    """

    name: str
    held: Held
    form: Form = Form.BUNDLE
    tells: bool = True
    ends: int = 365
    others: tuple[tuple[str, str], ...] = ()
    forged: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def email(self) -> str:
        """Where nobody reads it."""
        words = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode("ascii").lower().split()
        return ".".join(words or ["learner"]).replace("'", "") + "@learner.example"

    @property
    def file_name(self) -> str:
        """As they named it, without an ending."""
        return self.name.replace(" ", "-").replace("'", "")


def _held(words: str) -> Held:
    """`water-chem 120, nft 60`."""
    pairs = (part.rsplit(" ", 1) for part in words.split(", "))
    return tuple((slug, int(days)) for slug, days in pairs)


_STAGE_1 = "chem-safety 300, water-chem 280, plant-nutrition 250"

PEOPLE = (
    Person("Ada Example", _held(f"{_STAGE_1}, nft 200, raft 150, first-aid 100, field-hours-30 30")),
    Person("Bram Muster", _held(f"{_STAGE_1}, nft 140, sensors 90, first-aid 80"), left_out=2),
    Person("Chidi Specimen", _held(f"{_STAGE_1}, raft 120, field-hours-30 60")),
    Person("Dana Placeholder", _held("chem-safety 420, water-chem 400, plant-nutrition 390")),
    Person("Élodie Modèle", _held(f"{_STAGE_1}, nft 200, sensors 150, first-aid 800, field-hours-30 40")),
    Person("Farid Namuna", _held(f"{_STAGE_1}, nft 180, raft 170, first-aid 690, field-hours-30 55")),
    Person("Gita Udaharan", _held(f"{_STAGE_1}, nft 110, raft 100"), revoked=("raft",)),
    Person("Hana Mihon", _held("water-chem 90, plant-nutrition 60, master-grower 5"), forged=("master-grower",)),
    Person("Ivo Primer", _held("chem-safety 130, plant-nutrition 70"), others=(("Ada Example", "water-chem"),)),
    Person("Jun Yangben", _held("chem-safety 210, water-chem 190, plant-nutrition 160, nft 50")),
    Person("Kaya Ornek", _held("chem-safety 95"), tells=False, others=(("Jun Yangben", "nft"),)),
    Person("Lina Beispiel", _held("chem-safety 85, water-chem 45"), described=("plant-nutrition",)),
    Person("Mato Sample", _held("chem-safety 160, water-chem 140"), form=Form.FOLDER),
    Person("Nora Exempel", _held(f"{_STAGE_1}, nft 220"), ends=-12),
    Person("Otis Ledger", (), form=Form.BROKEN),
    Person("ᐊᓇ ᑕᑯᒃᓴᖅ", _held(f"{_STAGE_1}, raft 75, first-aid 65")),
    Person("Pia Mallinen", _held("forklift 100")),
    Person("Quinn Template", _held("water-chem 20"), form=Form.PICTURE),
    Person("رانيا مثال", _held("chem-safety 150, plant-nutrition 130, first-aid 120")),
    Person("Sefa Faataitai", _held("chem-safety 40, water-chem 25")),
    Person("Tomás Ejemplo", _held(f"{_STAGE_1}, sensors 100")),
    Person("Uma Nidarshan", _held("plant-nutrition 35, first-aid 30, forklift 200"), left_out=1),
    Person("Viktor Obrazec", _held("chem-safety 330, water-chem 310, first-aid 705, forklift 500")),
    Person("Wanda Przyklad", _held(f"{_STAGE_1}, nft 90, sensors 70, field-hours-30 15")),
    Person("Xia Fanli", _held("water-chem 60, plant-nutrition 50, nft 30")),
    Person("Yusuf Mithali", _held("chem-safety 260, first-aid 240")),
    Person("Zoe Paradeigma", _held(f"{_STAGE_1}, raft 65, sensors 45, first-aid 30, field-hours-30 10")),
    Person("Aiko Reidai", _held("chem-safety 28, water-chem 14, plant-nutrition 7")),
    Person("Ben Voorbeeld", _held("forklift 365, chem-safety 350")),
    Person("Carla Exemplu", _held("first-aid 55, water-chem 35"), ends=20),
)
