"""From reports to what is stored of them: bodies and facts of the evidence, one pack of reports, and log lines. Pure.

A document that many badges share (an issuer's profile, a class) was fetched once and is stored once; so is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from wallet.fetch.base import Fetched
from wallet.fetch.recorded import encode
from wallet.model import Json
from wallet.store.events import Draft, stamp
from wallet.store.facts import Facts, facts_of
from wallet.store.packs import dumps, head, pack
from wallet.verify.report import Finding, Report
from wallet.verify.report_json import finding_to_json, to_json

FIRST_LINE = 2


class Recording:
    """What is to be stored of one batch.

    contents: objects by name. drafts: one line a report. facts: what an index needs of each report, by pack and line, so that
    nothing is read back that is in hand.
    """

    def __init__(self, reports: Sequence[tuple[str, Report]]) -> None:
        """`reports`: names of the credentials' bytes, with the reports on them."""
        self.contents: dict[str, bytes] = {}
        self._answers: dict[Fetched, str] = {}
        self._numbers: dict[Finding, int] = {}
        self._by_identity: dict[int, int] = {}
        lines = [self._line(report) for _, report in reports]
        name = self._put(pack([head([finding_to_json(finding) for finding in self._numbers]), *lines]))
        self.drafts: list[Draft] = []
        self.facts: dict[tuple[str, int], Facts] = {}
        for line, (raw, report) in enumerate(reports, FIRST_LINE):
            self.drafts.append(self._draft(raw, report, name, line))
            self.facts[name, line] = facts_of(report)

    def _line(self, report: Report) -> bytes:
        value = to_json(replace(report, findings=()))
        del value["format"]
        # Badges checked together share most findings as objects; the identity of an object spares comparing its texts.
        known = self._by_identity
        value["findings"] = [known.get(id(finding)) or self._number(finding) for finding in report.findings]
        return dumps(value)

    def _number(self, finding: Finding) -> int:
        number = self._numbers.setdefault(finding, len(self._numbers))
        self._by_identity[id(finding)] = number
        return number

    def _draft(self, raw: str, report: Report, name: str, line: int) -> Draft:
        evidence: list[Json] = []
        for item in report.evidence:
            # An answer that never came proves nothing: the report names it, and there are no bytes to keep.
            if item.fetched.failure is None:
                evidence.append((item.role.value, self._fetched(item.fetched)))
        return Draft(
            "verified",
            raw,
            {
                "report": name,
                "line": line,
                "verdict": report.verdict.value,
                "as_of": stamp(report.as_of),
                "evidence": evidence,
            },
        )

    def _fetched(self, fetched: Fetched) -> str:
        held = self._answers.get(fetched)
        if held is None:
            facts, body = encode(fetched)
            self._put(body)
            held = self._answers[fetched] = self._put(dumps(facts))
        return held

    def _put(self, content: bytes) -> str:
        name = sha256(content).hexdigest()
        self.contents[name] = content
        return name
