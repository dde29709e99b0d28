"""The two blocks of data inside a portfolio page: what it contains (for badgefolio) and what it means (for machines). Pure."""

from __future__ import annotations

import json
from hashlib import sha256

from exporters.model import BadgeShown, Presentation, Standing
from exporters.words import iso_date
from wallet.model import Json

FORMAT = "badgefolio-portfolio/1"
_CTDL = "https://purl.org/ctdl/terms/"


def manifest(presentation: Presentation) -> dict[str, Json]:
    """Every file of the page with its digest, and what was said of each badge when the page was made."""
    return {
        "format": FORMAT,
        "created": presentation.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tool": f"badgefolio {presentation.version}".strip(),
        "badges": [_entry(badge) for badge in presentation.badges],
        "left_out": dict(presentation.left_out),
    }


def _entry(badge: BadgeShown) -> dict[str, Json]:
    as_of = badge.statement.as_of
    return {
        "id": badge.id,
        "name": badge.name,
        "issuer": badge.issuer.name,
        "verify_url": badge.verify_url,
        "verdict": badge.statement.standing.value if badge.statement.standing is not Standing.UNCHECKED else None,
        "as_of": as_of.strftime("%Y-%m-%dT%H:%M:%SZ") if as_of is not None else None,
        "files": [
            {
                "path": original.file_name,
                "part": original.part.value,
                "sha256": sha256(original.data).hexdigest(),
                "size": len(original.data),
                "media_type": original.media_type,
                "captured": original.captured,
            }
            for original in badge.originals
        ],
    }


def linked_data(presentation: Presentation) -> dict[str, Json]:
    """The page as schema.org data. Only badges that still stand are claimed as the person's credentials."""
    person: dict[str, Json] = {"@type": "Person"}
    if presentation.person:
        person["name"] = presentation.person
    good = [badge for badge in presentation.badges if badge.statement.standing is Standing.VALID]
    person["hasCredential"] = [_credential(badge) for badge in good]
    return {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "dateModified": presentation.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mainEntity": person,
    }


def _credential(badge: BadgeShown) -> dict[str, Json]:
    data: dict[str, Json] = {
        "@type": "EducationalOccupationalCredential",
        "name": badge.name,
        "credentialCategory": {
            "@type": "DefinedTerm",
            "name": "Digital badge",
            "termCode": "DigitalBadge",
            "inDefinedTermSet": _CTDL,
        },
        "recognizedBy": {"@type": "Organization", "name": badge.issuer.name, **_maybe("url", badge.issuer.url)},
    }
    data.update(_maybe("@id", badge.verify_url))
    data.update(_maybe("url", badge.verify_url))
    data.update(_maybe("description", badge.description))
    if badge.issued_on is not None:
        data["dateCreated"] = iso_date(badge.issued_on)
    if badge.expires is not None:
        data["expires"] = iso_date(badge.expires)
    if badge.alignments:
        data["competencyRequired"] = [
            {
                "@type": "DefinedTerm",
                "name": a.name,
                **_maybe("termCode", a.code),
                **_maybe("inDefinedTermSet", a.framework),
                **_maybe("url", a.url),
            }
            for a in badge.alignments
        ]
    return data


def _maybe(key: str, value: str | None) -> dict[str, Json]:
    return {key: value} if value else {}


def inert(value: Json) -> str:
    """JSON that may stand inside a script element: nothing in it can end the element or a line of JavaScript."""
    text = json.dumps(value, ensure_ascii=True, indent=None, separators=(",", ":"))
    # ASCII output has U+2028 and U+2029 escaped already; the three below are what HTML itself would react to.
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
