"""What CTDL has no word for, and why that matters: such keys travel as properties of badgefolio's own.

`ctdl_write` puts them into the file and into the loss report; `ctdl` takes them back when it meets its own file again.
"""

from __future__ import annotations

from collections.abc import Mapping

from wallet.model import Json
from wallet.pathways.json_form import from_json

FILE_KEYS: Mapping[str, str] = {
    "status": "whether it is a draft, published or retired",
    "supersedes": "which versions it replaces",
    "license": "under which licence it may be used",
    "audience": "whom it is for",
    "partners": "who the partners are",
    "qualification": "what it may count towards",
    "accept": "which badges count: how well proven, how old, how long still good",
    "trusted_issuers": "whose badges count",
    "credit_units": "how many hours a credit is",
    "equivalence": "which badges count as one",
}
GROUP_KEYS: Mapping[str, str] = {
    "need": "that badges are added up",
    "exclusive": "that a badge fills one place only",
    "ordered": "that the order is binding",
    "award": "which badges stand for the whole group",
    "shortcut": "that holding the award is enough",
}
ELEMENT_KEYS: Mapping[str, str] = {
    "match": "which badges fit by issuer, name, tag or alignment, or that somebody attests it",
    "count": "how many badges it takes",
    "repeatable": "that one badge may be earned several times",
    "reuse": "that a badge used elsewhere counts again",
    "accept": "which badges count: how well proven, how old, how long still good",
    "outcomes": "what somebody can do afterwards",
    "competencies": "which competencies it shows",
    "criteria_url": "where its criteria are",
    "facilitation": "how far it is facilitated",
    "facilitator": "who facilitates it",
    "delivery": "whether it is online or in person",
    "pace": "whether it is self-paced",
    "assessment": "how it is assessed",
    "hours": "how many hours it takes, since components have no duration",
    "cost": "what it costs",
    "level": "its level",
    "language": "its language",
    "offering": "when it is offered",
}
PUBLISHER_KEYS: Mapping[str, str] = {
    "orientation_url": "where newcomers begin",
    "support_url": "where there is help",
}


def ours_of(found: Mapping[str, Json], known: Mapping[str, str]) -> dict[str, object]:
    """The properties of our own that belong here, as the file's tables have them; anything else is left out."""
    return from_json({key: value for key, value in found.items() if key in known or key.startswith("x-")})
