"""Many learners with many badges, and the pathways they are on: what an advisor's folder costs to evaluate.

Seeded, so that every run sees the same crowd. The catalogue holds more badges than any pathway asks for, and one badge often
fits several elements of one exclusive group: first come, first served is wrong for many of these learners.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta

from wallet.pathways import definition
from wallet.pathways.candidates import Candidate
from wallet.pathways.model import Pathway

AT = date(2026, 11, 21)
_HOST = "https://badges.college.example/"
_ISSUERS = tuple(f"{_HOST}issuers/{number}" for number in range(4))
_CLASSES = 120
_TAGS = ("water", "soil", "safety", "data", "care")


def pathways(number: int = 5, elements: int = 12) -> tuple[Pathway, ...]:
    """Exclusive pathways: half of the elements are all needed, of the other half any few. Some rules name no achievement."""
    return tuple(_pathway(index, elements) for index in range(number))


def _pathway(index: int, elements: int) -> Pathway:
    dice = random.Random(f"pathway {index}")
    pool = dice.sample(range(_CLASSES), 2 * elements)
    names = [f"e-{number}" for number in range(elements)]
    table = {
        name: {"name": f"Element {name}", "match": [_rule(dice, one) for one in dice.sample(pool, 3)], "hours": 4}
        for name in names
    }
    half = elements // 2
    document = {
        "format": "badge-pathway/1",
        "id": f"{_HOST}pathways/{index}",
        "name": f"Pathway {index}",
        "version": "1",
        "root": "root",
        "group": {
            "root": {"name": "Root", "of": ["core", "choice"], "exclusive": True},
            "core": {"name": "Core", "of": names[:half]},
            "choice": {"name": "Choice", "of": names[half:], "need": half - 2},
        },
        "element": table,
    }
    return definition.read(json.dumps(document).encode(), "crowd.json")


def _rule(dice: random.Random, number: int) -> dict[str, str]:
    """Most rules name the achievement; some name it by what its issuer calls it, or by a tag."""
    way = dice.random()
    if way < 0.8:
        return {"achievement": f"{_HOST}classes/{number}"}
    if way < 0.95:
        return {"issuer": _issuer(number), "name": f"Badge {number}"}
    return {"issuer": _issuer(number), "tag": f"topic-{number % 40}"}


def _issuer(number: int) -> str:
    return _ISSUERS[number % len(_ISSUERS)]


def learners(number: int, badges: int = 50, seed: int = 1) -> Iterator[tuple[Candidate, ...]]:
    """Learner after learner, so that a crowd of any size needs no memory. One badge in ten does not count, for some reason."""
    dice = random.Random(seed)
    for learner in range(number):
        held = dice.sample(range(max(_CLASSES, badges)), badges)
        yield tuple(_badge(dice, f"{learner:05}-{one:03}", one) for one in held)


def _badge(dice: random.Random, name: str, number: int) -> Candidate:
    issued = AT - timedelta(days=dice.randrange(1, 1500))
    fault = dice.random()
    return Candidate(
        id=name,
        achievement_id=f"{_HOST}classes/{number}",
        issuer_id=_issuer(number),
        issuer_name="College",
        name=f"Badge {number}",
        criteria="Show that you can.",
        tags=(_TAGS[number % len(_TAGS)], f"topic-{number % 40}"),
        issued_on=issued,
        expires=issued + timedelta(days=30 if fault < 0.05 else 3000) if fault < 0.3 else None,
        status="unverified" if 0.3 <= fault < 0.4 else "verified-offline" if fault < 0.5 else "verified",
        mine=True,
        revoked=fault > 0.95,
    )
