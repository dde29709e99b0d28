"""What the certificate's template is told, as JSON: only values, never markup. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from exporters.model import BadgeShown, Original, Part, Presentation, Standing
from exporters.narrative import Narrative
from exporters.words import direction, long_date
from wallet.model import Json

_TONES = {
    Standing.VALID: "#1b6340",
    Standing.EXPIRED: "#7d4a00",
    Standing.REVOKED: "#9a1f2b",
    Standing.INVALID: "#9a1f2b",
    Standing.UNDETERMINED: "#475264",
    Standing.UNCHECKED: "#475264",
}
_SHORT_NAME = 90


def template_data(
    presentation: Presentation,
    badge: BadgeShown,
    *,
    paper: str,
    landscape: bool,
    picture: str | None,
    qr: str | None,
    attachments: list[Json],
    families: tuple[str, ...],
    system_fonts: bool,
) -> dict[str, Json]:
    """The values for one certificate. `picture` and `qr` are paths inside the document's private folder."""
    person, status = presentation.person, badge.statement
    return {
        "title": f"{badge.name}, {person}" if person else badge.name,
        "author": [person] if person else [],
        "about": f"Digital badge issued by {badge.issuer.name}. {status.sentence}",
        # Said inside the file, because the same wallet may give other bytes on another computer.
        "keywords": ["Open Badges", *(["drawn with this computer's fonts: not reproducible"] if system_fonts else [])],
        "fonts": list(families),
        "paper": {"a4": "a4", "letter": "us-letter"}[paper],
        "landscape": landscape,
        "colours": {"accent": "#0d5660", "tone": _TONES[status.standing]},
        "attachments": attachments,
        "heading": "Certificate of achievement" if status.standing is Standing.VALID else "Record of a digital badge",
        "person": person,
        "person_dir": direction(person or ""),
        "verb": _verb(badge),
        "name": badge.name,
        "name_dir": direction(badge.name),
        "short_name": badge.name if len(badge.name) <= _SHORT_NAME else badge.name[: _SHORT_NAME - 1] + "…",
        "issuer": badge.issuer.name,
        "issuer_dir": direction(badge.issuer.name),
        "host": badge.issuer.host if badge.issuer.host != badge.issuer.name else None,
        "dates": _dates(badge),
        "picture": picture,
        "picture_alt": f"Badge image: {badge.name}",
        "status": {"sentence": status.sentence, "more": " ".join(status.more)},
        "url": badge.verify_url,
        "qr": qr,
        "qr_alt": f"QR code that leads to the badge at its issuer: {badge.verify_url}",
        "recorded": _recorded(presentation, badge),
        "footer": f"Recorded by badgefolio {presentation.version}, {long_date(presentation.now)}",
        "sections": _sections(badge),
    }


def _verb(badge: BadgeShown) -> str:
    """An award is claimed only where the recipient was compared with the learner's own identity and the badge is sound."""
    if badge.recipient_matched and badge.statement.standing is Standing.VALID:
        return "has been awarded"
    if badge.recipient_matched and badge.statement.standing is Standing.EXPIRED:
        return "was awarded"
    return "presents the digital badge"


def _dates(badge: BadgeShown) -> str:
    issued = f"on {long_date(badge.issued_on)}" if badge.issued_on is not None else "date of issue not stated"
    return f"{issued}, until {long_date(badge.expires)}" if badge.expires is not None else issued


def _recorded(presentation: Presentation, badge: BadgeShown) -> str:
    by = f"Recorded by badgefolio {presentation.version} at the learner's request on {long_date(presentation.now)}."
    if badge.assertion is None:
        return by
    kind = "signed badge" if badge.signed else "badge data"
    return f"{by} The {kind} is attached to this PDF, to be checked afresh."


def _sections(badge: BadgeShown) -> list[Json]:
    sections: list[Json] = []
    if badge.description:
        sections.append(
            {"title": "About", "kind": "narrative", "blocks": [_block(badge.description, direction(badge.description))]}
        )
    criteria = _blocks(badge.criteria) if badge.criteria is not None else []
    if badge.criteria_url is not None:
        criteria.append(_block(f"The issuer's criteria: {badge.criteria_url}", "ltr"))
    sections.append(
        {
            "title": "How it was earned",
            "kind": "narrative",
            "blocks": criteria or [_block("Criteria: not stated.", "ltr")],
        }
    )
    if badge.reason is not None:
        sections.append(
            {"title": "What the issuer says of this award", "kind": "narrative", "blocks": _blocks(badge.reason)}
        )
    if badge.alignments:
        rows: list[Json] = [
            {
                "label": a.framework or "Outcome or competency",
                "values": [_directed(f"{a.name} ({a.code})" if a.code else a.name)],
                "note": a.url,
            }
            for a in badge.alignments
        ]
        sections.append({"title": "Outcomes and competencies", "kind": "table", "last": False, "rows": rows})
    rows = [
        {
            "label": detail.label,
            "values": [_directed(value) for value in detail.values],
            "note": f"from {detail.source}" if detail.source else None,
        }
        for detail in badge.details
    ]
    title = f"Eight details: {badge.details_stated} of {len(badge.details)} stated"
    sections.append({"title": title, "kind": "table", "last": True, "rows": rows})
    return sections


def _directed(text: str) -> Json:
    return {"text": text, "dir": direction(text)}


def _block(text: str, dir: str) -> Json:
    return {"spans": [{"text": text, "strong": False, "emphasis": False}], "mark": "", "level": 0, "dir": dir}


def _blocks(narrative: Narrative) -> list[Json]:
    return [
        {
            "spans": [{"text": s.text, "strong": s.strong, "emphasis": s.emphasis} for s in block.spans],
            "mark": block.mark,
            "level": block.level,
            "dir": direction("".join(s.text for s in block.spans)),
        }
        for block in narrative.blocks
    ]


def attachment(original: Original, path: str, *, signed: bool) -> dict[str, Json]:
    """How one original is attached: `path` is where it lies, the name is what a reader of the PDF sees."""
    if original.part is Part.ASSERTION:
        name = "assertion.jws" if signed else "assertion.json"
        what = "as its issuer served it" if original.captured else "as its holder brought it"
        said = f"The badge itself, {what}: exact bytes"
    else:
        name = "badge.png" if original.media_type == "image/png" else "badge.svg"
        said = "The badge picture as its holder brought it: exact bytes"
    return {
        "name": name,
        "path": path,
        "media_type": original.media_type,
        "relationship": "source",
        "description": said,
    }


def texts_of(presentation: Presentation, badge: BadgeShown) -> Iterator[tuple[str, str]]:
    """All foreign texts of a certificate with a name for each, to say where a character stands."""
    yield "holder's name", presentation.person or ""
    yield "badge name", badge.name
    yield "issuer's name", badge.issuer.name
    yield "description", badge.description
    yield "criteria", badge.criteria.text if badge.criteria is not None else ""
    yield "issuer's words on this award", badge.reason.text if badge.reason is not None else ""
    for entry in badge.alignments:
        yield "outcomes", " ".join(filter(None, (entry.name, entry.code, entry.framework)))
    for detail in badge.details:
        yield f'detail "{detail.label.lower()}"', " ".join(detail.values)
    yield "verification statement", " ".join((badge.statement.sentence, *badge.statement.more))
