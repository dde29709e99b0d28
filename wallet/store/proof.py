"""What a wallet remembers of what was proven: evidence, earlier results, issuers, and how verdicts went over time.

Changes nothing, contacts nobody. What it answers is what a verification may be told of the past.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wallet.errors import StoreError
from wallet.fetch.base import Fetched
from wallet.store.describe import Reader, verdict_of
from wallet.store.events import stamp, unstamp
from wallet.store.issuers import IssuerRow, row_of
from wallet.store.reading import Reading, no_badge
from wallet.store.rows import TimelineEntry
from wallet.store.state import IssuerState, Verified
from wallet.verify.report import DEPENDS, Earlier, Finding, Outcome, Verdict

if TYPE_CHECKING:
    from wallet.verify.dossier import Memory

#: Answers kept at hand, and how big one may be for that.
ANSWERS = 256
ANSWER_BYTES = 128 * 1024
_TICK = timedelta(microseconds=1)


class Proof(Reading):
    """The part of a wallet that a verification asks."""

    _answers: dict[str, Fetched]

    def evidence(self, url: str, *, at: datetime | None = None) -> Fetched | None:
        """The newest conclusive answer that was ever recorded for this URL, as asked: 200, or 410 for an assertion.

        at: leave out what was fetched after this moment.
        """
        sql = "select meta, body from evidence where url = ? and conclusive = 1"
        values = [url]
        if at is not None:
            sql += " and fetched_at <= ?"
            values.append(stamp(at))
        for meta, body in self._index.query(f"{sql} order by fetched_at desc, meta", values):
            found = self._answer(str(meta), str(body))
            # The record itself says what it answers; the index is only a way to it.
            if found is not None and found.url == url:
                return found  # else damaged or not synced yet: an older answer is better than none
        return None

    def _answer(self, meta: str, body: str) -> Fetched | None:
        """The recorded answer; those asked for again and again, an issuer's and its classes', are read once."""
        from wallet.fetch.recorded import decode

        held = self._answers.get(meta)
        if held is not None:
            return held
        reader = Reader(self._objects.read)
        facts, content = reader.json(meta), reader.content(body)
        if facts is None or content is None:
            return None
        try:
            found = decode(facts, content)
        except StoreError:
            return None
        if len(content) <= ANSWER_BYTES:
            if len(self._answers) >= ANSWERS:
                self._answers.pop(next(iter(self._answers)), None)
            self._answers[meta] = found
        return found

    def earlier(self, badge_id: str) -> Earlier | None:
        """The newest conclusive result so far, as it was on its day. Raises `NotFoundError`."""
        forms = self._index.forms([badge_id])
        if not forms:
            raise no_badge(badge_id)
        return self.earlier_of([forms[badge_id]]).get(forms[badge_id])

    def earlier_of(self, badges: Sequence[str]) -> dict[str, Earlier]:
        """The newest conclusive results of these badges (full ids) that have one."""
        sql = (
            "select id, verdict, as_of from badge where id in (select value from json_each(?))"
            " and verdict <> ? and as_of is not null"
        )
        rows = self._index.query(sql, (json.dumps(badges), Verdict.UNDETERMINED))
        return {str(name): Earlier(Verdict(str(verdict)), unstamp(str(as_of))) for name, verdict, as_of in rows}

    def concluded(self, badges: Sequence[str]) -> dict[str, datetime]:
        """When each of these badges (full ids) was last checked with a conclusive answer; others are left out."""
        sql = (
            "select id, checked_at from badge where id in (select value from json_each(?))"
            " and verdict <> ? and checked_at is not null"
        )
        rows = self._index.query(sql, (json.dumps(badges), Verdict.UNDETERMINED))
        return {str(name): unstamp(str(moment)) for name, moment in rows}

    def memory(self, *, before: datetime | None = None) -> Memory:
        """What a run may be told of earlier ones: pinned issuers, and the last answers before it began.

        before: when it began, by default the moment for which this wallet answers.
        """
        from wallet.verify.dossier import Memory, Pin

        pins = {
            issuer: Pin(
                issuer,
                state.pins[0].host,
                state.pins[0].event.when,
                tuple(dict.fromkeys(key for pin in state.pins for key in pin.keys)),
                self._names_of(issuer)[0],
            )
            for issuer, state in self._issuer_states().items()
            if state.pins
        }
        return Memory(pins, _Answers(self, (before or self._now) - _TICK))

    def issuers(self) -> tuple[IssuerRow, ...]:
        """Every issuer that was proven, judged by the learner, or named by a badge; in order of id."""
        states = self._issuer_states()
        rows = self._index.query("select distinct issuer_id from badge where issuer_id is not null")
        reader = Reader(self._objects.read)
        found: list[IssuerRow] = []
        for issuer in sorted({str(row[0]) for row in rows} | states.keys()):
            names = self._names_of(issuer)
            count = self._counted("issuer_id = ?", (issuer,))
            found.append(row_of(issuer, states.get(issuer), names, count, reader))
        return tuple(found)

    def _issuer_states(self) -> Mapping[str, IssuerState]:
        return self._index.state_of("issuer.pinned", "issuer.trusted").issuers

    def _names_of(self, issuer: str) -> tuple[str, ...]:
        sql = "select issuer_name from badge where issuer_id = ? group by 1 order by count(*) desc, 1"
        return tuple(str(row[0]) for row in self._index.query(sql, (issuer,))) or ("",)

    def timeline(self, badge_id: str) -> tuple[TimelineEntry, ...]:
        """How the verdict of a badge went, earliest first; results in a row that are alike are one entry."""
        reader = Reader(self._objects.read)
        groups: list[list[Verified]] = []
        for run in self._state(self.row(badge_id).id).verified:
            if groups and verdict_of(groups[-1][0]) is verdict_of(run):
                groups[-1].append(run)
            else:
                groups.append([run])
        return tuple(_entry(group, reader) for group in groups)


def _entry(group: Sequence[Verified], reader: Reader) -> TimelineEntry:
    last = group[-1]
    report = reader.full_report(last) if verdict_of(last) is not Verdict.VALID else None
    why = _against(report.findings) if report is not None else None
    return TimelineEntry(
        verdict=verdict_of(last),
        first=group[0].event.when,
        last=last.event.when,
        count=len(group),
        reason=why.summary if why is not None else None,
        cause=why.cause if why is not None else None,
    )


def _against(findings: Sequence[Finding]) -> Finding | None:
    for outcome in (Outcome.FAILED, Outcome.UNDETERMINED):
        for finding in findings:
            if finding.outcome is outcome and finding.cause != DEPENDS:
                return finding
    return None


class _Answers(Mapping[str, Fetched]):
    """The newest conclusive answer of each URL up to a moment, looked up when asked for."""

    def __init__(self, wallet: Proof, at: datetime) -> None:
        self._wallet, self._at = wallet, at
        self._known: dict[str, Fetched | None] = {}
        self._any: bool | None = None

    def __bool__(self) -> bool:
        # Asked for each badge of a run, and what was there before the run began does not go away.
        if self._any is None:
            self._any = bool(self._urls())
        return self._any

    def __getitem__(self, url: str) -> Fetched:
        if url not in self._known:
            self._known[url] = self._wallet.evidence(url, at=self._at)
        found = self._known[url]
        if found is None:
            raise KeyError(url)
        return found

    def _urls(self) -> list[str]:
        sql = "select distinct url from evidence where conclusive = 1 and fetched_at <= ?"
        return [str(row[0]) for row in self._wallet._index.query(sql, (stamp(self._at),))]

    def __iter__(self) -> Iterator[str]:
        return iter(self._urls())

    def __len__(self) -> int:
        return len(self._urls())
