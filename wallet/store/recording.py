"""From reports to what is stored of them: bodies and facts of the evidence, the report itself, and a log line. Pure.

A document that many badges share (an issuer's profile, a class) was fetched once and is stored once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from wallet.fetch.base import Fetched
from wallet.store.events import Draft, stamp
from wallet.verify.report import Report


class Recording:
    """Collects what is to be stored. `contents`: objects by name; `drafts`: one line a report."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.drafts: list[Draft] = []
        self._stored: dict[int, tuple[Fetched, str]] = {}

    def add(self, raw: str, report: Report) -> None:
        """Add the report on the credential whose bytes are named `raw`."""
        from wallet.verify.report_json import to_json  # brings the document readers along

        evidence: list[Sequence[str]] = []
        for item in report.evidence:
            # An answer that never came proves nothing: the report names it, and there are no bytes to keep.
            if item.fetched.failure is None:
                evidence.append((item.role.value, self._fetched(item.fetched)))
        self.drafts.append(
            Draft(
                "verified",
                raw,
                {
                    "report": self._put(_dumps(to_json(report))),
                    "verdict": report.verdict.value,
                    "as_of": stamp(report.as_of),
                    "evidence": evidence,
                },
            )
        )

    def _fetched(self, fetched: Fetched) -> str:
        from wallet.fetch.recorded import encode

        held = self._stored.get(id(fetched))
        if held is not None:
            return held[1]
        facts, body = encode(fetched)
        self._put(body)
        name = self._put(_dumps(facts))
        self._stored[id(fetched)] = (fetched, name)  # holding it keeps its id from being used again
        return name

    def _put(self, content: bytes) -> str:
        name = sha256(content).hexdigest()
        self.contents[name] = content
        return name


def _dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
