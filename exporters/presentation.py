"""From a wallet to the one frozen presentation that all exports read.

Here foreign text is cleaned, links are checked, Markdown is made safe, and what must not leave stays behind: recipient,
salt, e-mail addresses, notes. The exact originals travel as they are; `Presentation.warnings` says when one of them names
its recipient in plain text. Nothing is fetched and nothing is judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from exporters.model import AlignmentShown, BadgeShown, IssuerShown, Original, Part, PathwayShown, Presentation
from exporters.narrative import Narrative, narrative
from exporters.pictures import PNG_MAGIC, picture
from exporters.statements import statement
from exporters.words import host_of, long_date, public_link, slug
from wallet.details import BadgeDetails, PathwayDetails, card, commitment_words, shortened
from wallet.found import Kind
from wallet.model import Achievement, Alignment, Credential, Recipient
from wallet.progress import Event, silent
from wallet.progress import Progress as Telling
from wallet.text import clean, plural
from wallet.verify.report import Finding, Outcome, Role, Verdict

if TYPE_CHECKING:
    from wallet.pathways.results import Progress
    from wallet.store.rows import Badge
    from wallet.store.wallet import Wallet

WITHHELD = "[address withheld]"
_SIGNED = frozenset({Kind.OB2_JWS, Kind.OB3_JWT, Kind.CLR2_JWT})
_NAME_CHARACTERS = 200
_TEXT_CHARACTERS = 4_000
_SHOWN_ALIGNMENTS = 50
_PLAIN_ADDRESS = re.compile(rb'"identity"\s*:\s*"(?![A-Za-z0-9]+\$)[^"]*@')


@dataclass(frozen=True, slots=True)
class BadgeSource:
    """What is known of one badge, raw: foreign text uncleaned, bytes exact.

    `credential` is what the report proved, else what the original claims. `name`, `issuer_name` are what a list shows,
    used where there is no credential. `served_by` is where the hosted assertion came from.
    """

    id: str
    kind: Kind
    credential: Credential | None = None
    name: str = ""
    issuer_name: str = ""
    verdict: Verdict | None = None
    as_of: datetime | None = None
    authentic: Outcome | None = None
    yours: Outcome | None = None
    findings: tuple[Finding, ...] = ()
    served_by: str | None = None
    last_attempt: Verdict | None = None
    raw: bytes | None = None
    container: bytes | None = None
    captured: bytes | None = None
    picture: bytes | None = None


def present(
    sources: Sequence[BadgeSource],
    *,
    person: str | None,
    now: datetime,
    pathways: Sequence[PathwayShown] = (),
    elements: Mapping[str, tuple[PathwayDetails, ...]] | None = None,
    language: str | None = None,
    left_out: Sequence[tuple[str, int]] = (),
) -> Presentation:
    """The presentation of `sources`, newest badge first. `elements`: what pathways say about each badge, by its id."""
    from wallet import __version__

    known = elements or {}
    badges = [shown(source, now=now, elements=known.get(source.id, ()), language=language) for source in sources]
    badges.sort(key=lambda b: (-(b.issued_on.timestamp()) if b.issued_on else float("inf"), b.name.casefold(), b.id))
    plain = sum(1 for source in sources if names_recipient(source))
    warnings = (
        (f"{plural(plain, 'original')} to be written {'name' if plain > 1 else 'names'} the recipient in plain text.",)
        if plain
        else ()
    )
    return Presentation(
        person=clean(person, limit=_NAME_CHARACTERS) or None if person else None,
        badges=tuple(badges),
        now=now,
        pathways=tuple(pathways),
        version=__version__,
        left_out=tuple(left_out),
        warnings=warnings,
    )


def shown(
    source: BadgeSource, *, now: datetime, elements: Sequence[PathwayDetails] = (), language: str | None = None
) -> BadgeShown:
    """One badge made ready to be shown."""
    credential = source.credential
    achievement = credential.achievement if credential is not None else None
    issuer = achievement.issuer if achievement is not None else None
    wanted = (language,) if language else ()
    tidy = _Tidy(credential.recipient if credential is not None else None)

    name = (
        tidy(str(achievement.name.pick(*wanted)) if achievement is not None else "")
        or tidy(source.name)
        or "Unnamed badge"
    )
    issuer_name = tidy(issuer.name.pick(*wanted) if issuer is not None else "") or tidy(source.issuer_name)
    issuer_id = (achievement.issuer_id if achievement is not None else None) or (
        issuer.id if issuer is not None else None
    )
    host = host_of(issuer_id) or host_of(issuer.url if issuer is not None else None)
    criteria = achievement.criteria if achievement is not None else None
    criteria_text = _told(criteria.narrative.pick(*wanted), tidy) if criteria is not None else None
    criteria_url = tidy.link(criteria.id) if criteria is not None else None
    alignments = tuple(
        _alignment(a, tidy, wanted) for a in (achievement.alignments if achievement else ())[:_SHOWN_ALIGNMENTS]
    )
    signed = source.kind in _SIGNED
    issuer_shown = IssuerShown(
        issuer_name or host or "Issuer not known", tidy.link(issuer.url) if issuer else None, host
    )
    issued_on = credential.issued_on if credential is not None else None
    badge_slug = slug(name, source.id)
    return BadgeShown(
        id=source.id,
        slug=badge_slug,
        name=name,
        issuer=issuer_shown,
        statement=statement(
            verdict=source.verdict,
            as_of=source.as_of,
            now=now,
            signed=signed,
            host=host_of(source.served_by),
            expires=credential.expires if credential is not None else None,
            reason=tidy(credential.revocation_reason)
            if credential is not None and credential.revocation_reason
            else None,
            authentic=source.authentic,
            yours=source.yours,
            findings=source.findings,
            last_attempt=source.last_attempt,
        ),
        signed=signed,
        recipient_matched=source.yours is Outcome.PASSED and source.authentic is Outcome.PASSED,
        description=tidy(achievement.description.pick(*wanted), _TEXT_CHARACTERS) if achievement is not None else "",
        issued_on=issued_on,
        expires=credential.expires if credential is not None else None,
        criteria=criteria_text,
        criteria_url=criteria_url,
        reason=_told(credential.narrative.pick(*wanted), tidy) if credential is not None else None,
        alignments=alignments,
        tags=tuple(tidy(tag) for tag in (achievement.tags if achievement is not None else ())[:_SHOWN_ALIGNMENTS]),
        verify_url=_verify_url(source, tidy, signed=signed),
        picture=picture(source.picture) if source.picture else None,
        originals=_originals(source, badge_slug, signed=signed),
        details=card(
            BadgeDetails(
                outcomes=tuple(f"{a.name} ({a.code})" if a.code else a.name for a in alignments),
                criteria=tuple(
                    text
                    for text in (shortened(criteria_text.text) if criteria_text is not None else None, criteria_url)
                    if text
                ),
                known=_known(name, issuer_name or host or "", issued_on),
                time=commitment_words(achievement.commitment if achievement is not None else None),
                related=_related(achievement, tidy),
            ),
            elements,
        ),
    )


def _related(achievement: Achievement | None, tidy: _Tidy) -> tuple[str, ...]:
    links = (tidy.link(url) for url in (achievement.related if achievement is not None else ())[:_SHOWN_ALIGNMENTS])
    return tuple(f"related: {link}" for link in links if link)


def _known(name: str, issuer: str, issued_on: datetime | None) -> tuple[str, ...]:
    """The details of the badge itself; one alone is none."""
    return (name, f"by {issuer}", f"on {long_date(issued_on)}") if name and issuer and issued_on is not None else ()


def shown_name(source: BadgeSource, language: str | None = None) -> str:
    """The badge's name as it is shown."""
    credential = source.credential
    tidy = _Tidy(credential.recipient if credential is not None else None)
    written = (
        credential.achievement.name.pick(*((language,) if language else ()))
        if credential and credential.achievement
        else ""
    )
    return tidy(written) or tidy(source.name) or "Unnamed badge"


class _Tidy:
    """A cleaner that also takes out the recipient's plain address and salt, wherever an issuer wrote them into a text."""

    def __init__(self, recipient: Recipient | None) -> None:
        secrets: list[str] = []
        if recipient is not None:
            if "$" not in recipient.identity and len(recipient.identity) > 3:
                secrets.append(recipient.identity)
            if recipient.salt and len(recipient.salt) > 3:
                secrets.append(recipient.salt)
        self._secret = re.compile("|".join(re.escape(s) for s in secrets), re.IGNORECASE) if secrets else None

    def __call__(self, text: str | None, limit: int = _NAME_CHARACTERS, *, lines: bool = False) -> str:
        if self._secret is not None and text:
            text = self._secret.sub(WITHHELD, text)
        return clean(text or "", limit=limit, lines=lines)

    def link(self, url: str | None) -> str | None:
        """`url` as it may be printed, or None when it may not; an address that holds the recipient's may not."""
        if url and self._secret is not None and self._secret.search(unquote(url)):
            return None
        return public_link(url)


def _told(markdown: str, tidy: _Tidy) -> Narrative | None:
    from exporters.narrative import NARRATIVE_CHARACTERS

    return narrative(tidy(markdown, NARRATIVE_CHARACTERS, lines=True)) if markdown else None


def _alignment(alignment: Alignment, tidy: _Tidy, wanted: tuple[str, ...]) -> AlignmentShown:
    url = tidy.link(alignment.target_url)
    return AlignmentShown(
        name=tidy(alignment.target_name.pick(*wanted)) or tidy(alignment.target_code) or url or "Unnamed entry",
        code=tidy(alignment.target_code) or None,
        framework=tidy(alignment.target_framework) or None,
        url=url,
        description=tidy(alignment.target_description.pick(*wanted), _TEXT_CHARACTERS) or None,
    )


def _verify_url(source: BadgeSource, tidy: _Tidy, *, signed: bool) -> str | None:
    claimed = source.credential.id if source.credential is not None else None
    return tidy.link(claimed if claimed is not None or signed else source.served_by)


def _originals(source: BadgeSource, stem: str, *, signed: bool) -> tuple[Original, ...]:
    kept: list[Original] = []
    if source.raw is not None and source.kind is not Kind.OB2_URL:
        kept.append(_assertion(source.raw, stem, signed=signed, captured=False))
    elif source.captured is not None:
        kept.append(_assertion(source.captured, stem, signed=signed, captured=True))
    if source.container is not None:
        is_png = source.container.startswith(PNG_MAGIC)
        kept.append(
            Original(
                Part.PICTURE,
                f"{stem}.{'png' if is_png else 'svg'}",
                "image/png" if is_png else "image/svg+xml",
                source.container,
            )
        )
    return tuple(kept)


def _assertion(data: bytes, stem: str, *, signed: bool, captured: bool) -> Original:
    if signed:
        return Original(Part.ASSERTION, f"{stem}.jws", "application/jose", data, captured)
    return Original(Part.ASSERTION, f"{stem}.json", "application/json", data, captured)


def names_recipient(source: BadgeSource) -> bool:
    """Whether an original of this badge says in plain text to whom it was awarded."""
    recipient = source.credential.recipient if source.credential is not None else None
    if recipient is not None and "$" not in recipient.identity and recipient.hashed is not True:
        return True
    return any(data is not None and _PLAIN_ADDRESS.search(data) is not None for data in (source.raw, source.captured))


def source_of(wallet: Wallet, badge: Badge) -> BadgeSource:
    """What the wallet holds of one badge, as an export needs it. Reads objects; fetches nothing."""
    row, report = badge.row, badge.report
    # A signed form proves itself for ever; a picture is the form that people know. Both are chosen before mere data.
    best = min(
        badge.representations, key=lambda r: (r.kind not in _SIGNED, r.container_sha is None, r.added_at, r.raw_sha)
    )
    served = (
        next((e for e in report.evidence if e.role is Role.ASSERTION and e.sha256), None)
        if report is not None
        else None
    )
    container_sha = best.container_sha or next(
        (r.container_sha for r in badge.representations if r.container_sha), None
    )
    return BadgeSource(
        row.id,
        best.kind,
        badge.credential,
        name=row.name,
        issuer_name=row.issuer_name,
        verdict=row.verdict or row.last_attempt,
        as_of=row.as_of if row.verdict is not None or report is None else report.as_of,
        authentic=row.authentic,
        yours=row.yours,
        findings=report.findings if report is not None else (),
        served_by=served.final_url if served is not None else best.fetch_url,
        last_attempt=row.last_attempt,
        raw=wallet.read(best.raw_sha),
        container=wallet.read(container_sha) if container_sha is not None else None,
        captured=wallet.read(served.sha256)
        if served is not None and served.sha256 is not None and served.status == 200
        else None,
        picture=wallet.read(row.image_sha) if row.image_sha is not None else None,
    )


def build(
    wallet: Wallet,
    badge_ids: Sequence[str],
    *,
    person: str | None,
    now: datetime,
    pathways: Sequence[Progress] = (),
    language: str | None = None,
    left_out: Sequence[tuple[str, int]] = (),
    progress: Telling = silent,
) -> Presentation:
    """The presentation of these badges of `wallet`, by full id, in the order of their dates; each once.

    `pathways`: progress over the whole wallet, as evaluated for `now`. Hidden badges are shown only because they were named.
    """
    from exporters.pathways import shown_pathways

    chosen = tuple(dict.fromkeys(badge_ids))
    sources: list[BadgeSource] = []
    for badge_id in chosen:
        sources.append(source_of(wallet, wallet.badge(badge_id)))
        progress(Event("badges", len(sources), len(chosen)))
    figures, elements = shown_pathways(pathways, {s.id: shown_name(s, language) for s in sources}, language)
    return present(
        sources, person=person, now=now, pathways=figures, elements=elements, language=language, left_out=left_out
    )
