"""From what the logs and the reports say of one badge to the row that a list shows and the words that a search finds.

Pure but for the reader it is given: bytes by their name. Rows come from the newest conclusive report; what a badge says of
itself is used only while there is none. Objects that are missing or damaged leave gaps here; naming them is doctor's affair.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wallet.errors import NotFoundError, StoreError
from wallet.found import Carrier, Kind
from wallet.model import Credential, Json, Text
from wallet.store.events import LogEvent, unstamp
from wallet.store.facts import Facts, read_facts
from wallet.store.packs import lines_of, whole_report
from wallet.store.rows import BadgeRow
from wallet.store.sameness import keys
from wallet.store.state import BadgeState, Presence, Verified
from wallet.verify.report import Verdict

if TYPE_CHECKING:
    from wallet.verify.report_json import ReportSummary

PROVEN = frozenset({Verdict.VALID, Verdict.EXPIRED, Verdict.REVOKED})
PICTURES = frozenset({Carrier.PNG, Carrier.SVG})
PACKS = 8
#: What a credential of more bytes says of itself is not kept at hand.
KEPT_BYTES = 64 * 1024
#: How many bytes of credentials are read ahead.
_AHEAD_BYTES = 2 * 2**20
# Asked several times for each badge: a look into a table takes a quarter of what making a member of an enumeration does.
_KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
_CARRIERS: Mapping[str, Carrier] = {carrier.value: carrier for carrier in Carrier}
_VERDICTS: Mapping[str, Verdict] = {verdict.value: verdict for verdict in Verdict}


@dataclass(slots=True)
class Reader:
    """Reads objects for descriptions. What is at hand is not read again: bytes, claims, facts of reports, and log lines.

    `missing` collects what could not be read: a row that was made without it can be made better later.
    """

    read: Callable[[str], bytes]
    known: Mapping[str, bytes] = field(default_factory=dict)
    claimed: Mapping[str, Credential | None] = field(default_factory=dict)
    facts: dict[tuple[str, int], Facts] = field(default_factory=dict)
    lines: Mapping[str, LogEvent] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    _packs: dict[str, Sequence[bytes]] = field(default_factory=dict)
    _reports: dict[tuple[str, int], Facts | None] = field(default_factory=dict)
    _claims: dict[str, Credential | None] = field(default_factory=dict)

    def content(self, sha: str) -> bytes | None:
        """The object, or None if it is missing or damaged."""
        known = self.known.get(sha)
        if known is not None:
            return known
        try:
            return self.read(sha)
        except (NotFoundError, StoreError, OSError):
            self.missing.add(sha)
            return None

    def json(self, sha: str) -> Mapping[str, Json] | None:
        """A JSON object that the wallet itself wrote."""
        return _object(self.content(sha))

    def line_bytes(self, sha: str, number: int) -> bytes | None:
        """A line of a pack."""
        lines = self._packs.get(sha)
        if lines is None:
            content = self.content(sha)
            lines = lines_of(content) if content is not None else ()
            # Badges that came together are asked for together: a few packs are enough to read each once.
            if len(self._packs) >= PACKS:
                self._packs.pop(next(iter(self._packs)))
            self._packs[sha] = lines
        return lines[number - 1] if 1 <= number <= len(lines) else None

    def line(self, sha: str, number: int) -> Mapping[str, Json] | None:
        """A line of a pack that the wallet itself wrote."""
        return _object(self.line_bytes(sha, number))

    def report(self, run: Verified) -> Facts | None:
        """What a row needs of a stored report."""
        place = (run.report, run.line)
        if place in self.facts:
            return self.facts[place]
        if place not in self._reports:
            value = self.line(*place)
            self._reports[place] = read_facts(value) if value is not None else None
        return self._reports[place]

    def full_report(self, run: Verified) -> ReportSummary | None:
        """A stored report with its findings."""
        # Reports bring the document readers along, which a wallet without reports does not need.
        from wallet.verify.report_json import summary_from_json

        value, first = self.line(run.report, run.line), self.line(run.report, 1)
        if value is None or first is None:
            return None
        try:
            return summary_from_json(whole_report(value, first))
        except StoreError:
            return None

    def read_ahead(self, badges: Iterable[BadgeState]) -> None:
        """Read what the credentials of these say of themselves: one step for all and then the next is faster by a third."""
        from wallet.documents.openbadges2 import claims_of

        kinds = {one.raw: _kind(one) for badge in badges for one in badge.presences if one.raw not in self.claimed}
        held: dict[str, tuple[bytes, Kind]] = {}
        room = _AHEAD_BYTES
        for raw, kind in kinds.items():
            content = self.content(raw)
            if content is None:
                self._claims[raw] = None
            elif len(content) <= KEPT_BYTES:
                held[raw] = content, kind
                room -= len(content)
            if room < 0:
                break  # what is left is read when it is asked for
        self._claims.update(zip(held, claims_of(list(held.values())), strict=True))

    def forget(self) -> None:
        """Let go of what the badges so far needed."""
        self._reports.clear()
        self._claims.clear()

    def claims(self, raw: str, kind: Kind) -> Credential | None:
        """What a credential says of itself."""
        if raw in self.claimed:
            return self.claimed[raw]
        if raw not in self._claims:
            from wallet.documents.openbadges2 import claims

            content = self.content(raw)
            said = claims(content, kind) if content is not None else None
            if content is not None and len(content) > KEPT_BYTES:
                return said  # a badge may have many forms of megabytes: each is read when it is asked for
            self._claims[raw] = said
        return self._claims[raw]


def _object(content: bytes | None) -> Mapping[str, Json] | None:
    if content is None:
        return None
    try:
        value: object = json.loads(content)  # noqa: TID251 - written by us and hashed on reading
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True)
class Description:
    """A row without its short name, the texts to search (name, issuer, tags, criteria, alignments), and keys.

    keys: credential, key, and whether the key follows from what the credential says of itself. said: of the run that it rests on,
    as in `Facts`; "" where it rests on something else.
    """

    row: BadgeRow
    texts: tuple[str, str, str, str, str]
    keys: tuple[tuple[str, str, bool], ...]
    said: str


def verdict_of(verified: Verified) -> Verdict:
    """The verdict of a recorded run; a word of a later version counts as undetermined."""
    return _VERDICTS.get(verified.verdict, Verdict.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class Choice:
    """The run that a badge is shown by, if any was conclusive; the newest run; whether representations disagree."""

    shown: Verified | None
    newest: Verified | None
    disagree: bool


_UNCHECKED = Choice(None, None, disagree=False)


def choose(badge: BadgeState, reader: Reader) -> Choice:
    """Pick the run to show.

    For each representation its newest conclusive one. Among these a proven credential goes before a refuted one, and only
    those of the first proven representation's issuer are weighed: a forgery under the same id, "revoked" by its own maker,
    must not speak for the badge.
    """
    if not badge.verified:
        return _UNCHECKED
    conclusive: dict[str, Verified] = {}
    for item in badge.verified:
        if verdict_of(item) is Verdict.UNDETERMINED:
            continue
        held = conclusive.get(item.raw)
        if held is None or item.as_of >= held.as_of:
            conclusive[item.raw] = item
    candidates = [conclusive[raw] for raw in badge.raws if raw in conclusive]
    proven = [item for item in candidates if verdict_of(item) in PROVEN]
    if len(proven) > 1:
        issuers = [_issuer_of(reader.report(item)) for item in proven]
        proven = [item for item, issuer in zip(proven, issuers, strict=True) if issuer == issuers[0]]
    shown = max(proven or candidates, key=lambda item: (item.as_of, item.event.order), default=None)
    disagree = len({item.verdict for item in candidates}) > 1
    return Choice(shown, badge.verified[-1], disagree)


def _issuer_of(report: Facts | None) -> str | None:
    return _issuer_id(report.credential) if report is not None else None


def _issuer_id(credential: Credential | None) -> str | None:
    achievement = credential.achievement if credential is not None else None
    if achievement is None:
        return None
    return (achievement.issuer.id if achievement.issuer is not None else None) or achievement.issuer_id


def credential_of(badge: BadgeState, choice: Choice, reader: Reader) -> Credential | None:
    """The badge's content from the best source that knows its name: the shown run, its own claims, the newest run."""
    best: Credential | None = None
    for candidate in _credentials(badge, choice, reader):
        if candidate is not None and candidate.name:
            return candidate
        best = best or candidate
    return best


def _credentials(badge: BadgeState, choice: Choice, reader: Reader) -> Iterator[Credential | None]:
    """Read as they are asked for: each may be megabytes, and mostly the first knows the name."""
    if choice.shown is not None:
        report = reader.report(choice.shown)
        yield report.credential if report is not None else None
    yield from (reader.claims(presence.raw, _kind(presence)) for presence in badge.presences)
    # A withdrawn badge is served without its content: then what was recorded before tells what it was.
    for item in reversed(badge.verified):
        if item is not choice.shown:
            report = reader.report(item)
            yield report.credential if report is not None else None


def _kind(presence: Presence) -> Kind:
    return _KINDS.get(presence.kind, Kind.OB2_JSON)


def _carrier(presence: Presence) -> Carrier:
    return _CARRIERS.get(presence.carrier, Carrier.JSON)


def describe(badge: BadgeState, reader: Reader, held: frozenset[str] = frozenset()) -> Description:
    """The row of one badge, its words, and the keys by which other forms of it are recognised.

    held: credentials whose own keys are known already; they are not read again for these.
    """
    choice = choose(badge, reader)
    deciding = choice.shown or choice.newest
    report = reader.report(deciding) if deciding is not None else None
    credential = credential_of(badge, choice, reader)
    achievement = credential.achievement if credential is not None else None
    issuer = achievement.issuer if achievement is not None else None
    verdict = verdict_of(deciding) if deciding is not None else None
    lead = badge.presences[0]
    if deciding is not None and lead.raw != deciding.raw:
        lead = next((presence for presence in badge.presences if presence.raw == deciding.raw), lead)
    criteria = achievement.criteria if achievement is not None else None
    row = BadgeRow(
        id=badge.id,
        short="",
        name=credential.name if credential is not None else "",
        issuer_name=str(issuer.name) if issuer is not None else "",
        issuer_id=_issuer_id(credential),
        achievement_id=(credential.achievement_id or (achievement.id if achievement else None)) if credential else None,
        credential_id=credential.id if credential is not None else None,
        issued_on=credential.issued_on if credential is not None else None,
        expires=credential.expires if credential is not None else None,
        verdict=verdict,
        as_of=report.as_of if report is not None else None,
        checked_at=deciding.event.when if deciding is not None else None,
        authentic=report.authentic if report is not None else None,
        yours=report.yours if report is not None else None,
        still_good=report.still_good if report is not None else None,
        revoked=verdict is Verdict.REVOKED,
        online=choice.shown is not None and report is not None and not report.offline,
        last_attempt=verdict_of(choice.newest) if choice.newest is not None else None,
        carrier=_carrier(lead),
        kind=_kind(lead),
        tags=achievement.tags if achievement is not None else (),
        labels=badge.labels,
        alignments=achievement.alignments if achievement is not None else (),
        criteria=(criteria.id or str(criteria.narrative) or None) if criteria is not None else None,
        image_sha=_picture(badge, lead, report),
        hidden=badge.hidden,
        added_at=unstamp(min([presence.event.time for presence in badge.presences])),
        disagree=choice.disagree,
        representations=len(badge.raws),
        commitment=achievement.commitment if achievement is not None else None,
    )
    rests = choice.shown is not None and report is not None and report.credential is credential
    said = report.said if report is not None and rests else ""
    return Description(row, _texts(row, credential), _keys(badge, credential, lead, reader, held), said)


def _picture(badge: BadgeState, lead: Presence, report: Facts | None) -> str | None:
    presences: Sequence[Presence] = badge.presences
    if len(presences) > 1:
        # Those of the leading form first; sorting keeps the order among equals.
        presences = sorted(presences, key=lambda presence: presence.raw != lead.raw)
    for presence in presences:
        if presence.container is not None and _carrier(presence) in PICTURES:
            return presence.container
    return report.picture if report is not None else None


def _texts(row: BadgeRow, credential: Credential | None) -> tuple[str, str, str, str, str]:
    achievement = credential.achievement if credential is not None else None
    if achievement is None:
        return (row.name, row.issuer_name, " ".join(row.labels), "", "")
    issuer, criteria = achievement.issuer, achievement.criteria
    codes = [
        part
        for one in achievement.alignments
        for part in (_every(one.target_name), one.target_code, one.target_framework, one.target_url)
        if part
    ]
    return (
        _every(achievement.name),
        _every(issuer.name) if issuer is not None else "",
        " ".join((*achievement.tags, *row.labels)),
        " ".join((_every(criteria.narrative) if criteria else "", _every(achievement.description))).strip(),
        " ".join(codes),
    )


def _every(text: Text) -> str:
    if len(text.values) == 1:
        return text.values[0][1]
    return " ".join(value for _, value in text.values)


def _keys(
    badge: BadgeState, credential: Credential | None, lead: Presence, reader: Reader, held: frozenset[str]
) -> tuple[tuple[str, str, bool], ...]:
    found: dict[tuple[str, str], bool] = {}
    own = {presence.raw: _kind(presence) for presence in badge.presences if presence.raw not in held}
    for raw, kind in own.items():
        for key in keys(reader.claims(raw, kind), kind):
            found[raw, key] = True
    if lead.raw in held or credential is not reader.claims(lead.raw, _kind(lead)):
        for key in keys(credential, _kind(lead)):
            found.setdefault((lead.raw, key), False)
    return tuple([(*pair, found[pair]) for pair in sorted(found)])
