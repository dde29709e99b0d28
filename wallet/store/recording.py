"""From reports to what is stored of them: bodies and facts of the evidence, one pack of reports, and log lines. Pure.

A document that many badges share (an issuer's profile, a class) was fetched once and is stored once; so is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from wallet.documents.openbadges2 import write_achievement, write_credential
from wallet.fetch.base import Fetched
from wallet.fetch.recorded import encode
from wallet.model import Credential, Json
from wallet.store.events import Draft, stamp
from wallet.store.facts import Facts, facts_of
from wallet.store.packs import dumps, head, pack
from wallet.verify.report import Evidence, Finding, Findings, Report
from wallet.verify.report_json import evidence_to_json, finding_to_json, members_to_json

FIRST_LINE = 2


class Recording:
    """What is to be stored of one batch.

    contents: objects by name. drafts: one line a report. facts: what an index needs of each report, by pack and line, so that
    nothing is read back that is in hand.
    """

    def __init__(self, reports: Sequence[tuple[str, Report]]) -> None:
        """`reports`: names of the credentials' bytes, with the reports on them."""
        self.contents: dict[str, bytes] = {}
        self._numbers: dict[Finding, bytes] = {}
        self._names: dict[Fetched, str] = {}
        # Badges checked together share most of what is said of them as objects. What was made of an object is found again by
        # its identity, which spares comparing texts; the reports keep the objects alive.
        self._number_of: dict[int, bytes] = {}
        self._numbers_in: dict[int, bytes] = {}
        self._name_of: dict[int, str] = {}
        self._written: dict[tuple[str, int], bytes] = {}
        self._evidence_of: dict[int, bytes] = {}
        self._kept_of: dict[int, list[Json]] = {}
        credentials = [self._credential(report.credential) for _, report in reports]
        lines = [self._line(report, said) for (_, report), said in zip(reports, credentials, strict=True)]
        name = self._put(pack([head([finding_to_json(finding) for finding in self._numbers]), *lines]))
        self.drafts: list[Draft] = []
        self.facts: dict[tuple[str, int], Facts] = {}
        for line, ((raw, report), said) in enumerate(zip(reports, credentials, strict=True), FIRST_LINE):
            self.drafts.append(self._draft(raw, report, name, line))
            self.facts[name, line] = facts_of(report, said)

    def _line(self, report: Report, credential: bytes) -> bytes:
        """What `to_json` says of it but for the format, with the numbers of its findings, as one line."""
        known = self._numbers_in
        # Parts that badges share are shared as objects, too.
        parts = report.findings.parts if isinstance(report.findings, Findings) else (report.findings,)
        return b'%b,"credential":%b,"findings":[%b],"evidence":[%b]}' % (
            dumps(members_to_json(report))[:-1],
            credential,
            b",".join([known.get(id(part)) or self._numbers_of(part) for part in parts if part]),
            self._evidence(report.evidence),
        )

    def _numbers_of(self, part: tuple[Finding, ...]) -> bytes:
        known = self._number_of
        numbers = b",".join([known.get(id(finding)) or self._number(finding) for finding in part])
        self._numbers_in[id(part)] = numbers
        return numbers

    def _number(self, finding: Finding) -> bytes:
        number = self._number_of[id(finding)] = self._numbers.setdefault(finding, b"%d" % len(self._numbers))
        return number

    def _credential(self, credential: Credential | None) -> bytes:
        if credential is None:
            return b"null"
        achievement = credential.achievement
        if achievement is None:
            return dumps(write_credential(credential))
        place = ("achievement", id(achievement))
        inside = self._written.get(place)
        if inside is None:
            inside = self._written[place] = dumps(write_achievement(achievement))
        # In JSON no quotation mark stands bare inside a text, and nothing before has a member of this name.
        before, _, after = dumps(write_credential(credential, inside="")).partition(b'"badge":""')
        return b'%b"badge":%b%b' % (before, inside, after)

    def _evidence(self, evidence: tuple[Evidence, ...]) -> bytes:
        """What the report says of it. Badges of one class rest on the very same."""
        written = self._evidence_of.get(id(evidence))
        if written is None:
            written = self._evidence_of[id(evidence)] = b",".join([self._item(item) for item in evidence])
        return written

    def _item(self, item: Evidence) -> bytes:
        place = (item.role.value, id(item.fetched))
        written = self._written.get(place)
        if written is None:
            written = self._written[place] = dumps(evidence_to_json(item))
        return written

    def _draft(self, raw: str, report: Report, name: str, line: int) -> Draft:
        return Draft(
            "verified",
            raw,
            {
                "report": name,
                "line": line,
                "verdict": report.verdict.value,
                "as_of": stamp(report.as_of),
                "evidence": self._kept(report.evidence),
            },
        )

    def _kept(self, evidence: tuple[Evidence, ...]) -> list[Json]:
        """Roles and names of what was fetched."""
        kept = self._kept_of.get(id(evidence))
        if kept is None:
            # An answer that never came proves nothing: the report names it, and there are no bytes to keep.
            answered = [item for item in evidence if item.fetched.failure is None]
            kept = self._kept_of[id(evidence)] = [[item.role.value, self._fetched(item.fetched)] for item in answered]
        return kept

    def _fetched(self, fetched: Fetched) -> str:
        name = self._name_of.get(id(fetched))
        if name is None:
            name = self._names.get(fetched)
            if name is None:
                facts, body = encode(fetched)
                self._put(body)
                name = self._names[fetched] = self._put(dumps(facts))
            self._name_of[id(fetched)] = name
        return name

    def _put(self, content: bytes) -> str:
        name = sha256(content).hexdigest()
        self.contents[name] = content
        return name
