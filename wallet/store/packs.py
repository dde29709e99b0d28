"""Many small facts of one batch in one object, one JSON object a line: a thousand files would cost more than what they say.

Lines are numbered from 1, as editors number them; an event names the object and the line. A report that shares its findings
with others of its batch names them by their numbers; line 1 of such a pack lists them, each once. Knows text, no meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from wallet.model import Json, JsonObject

REPORTS = "badgefolio-reports/1"
REPORT = "badgefolio-report/1"
# One for all: `json.dumps` makes a new one each time.
_encode = json.JSONEncoder(separators=(",", ":")).encode
_HOW = "One report a line from line 2 on. The numbers under 'findings' count in the list of this line, from 0."


def dumps(value: object) -> bytes:
    """One compact ASCII line without its end."""
    return _encode(value).encode("ascii")


def pack(lines: Iterable[bytes]) -> bytes:
    """The object that holds these lines."""
    return b"".join(line + b"\n" for line in lines)


def lines_of(content: bytes) -> Sequence[bytes]:
    """The lines of a pack; the first one is at index 0."""
    return content.split(b"\n")[:-1]


def head(findings: Sequence[Json]) -> bytes:
    """Line 1 of a pack of reports."""
    return dumps({"format": REPORTS, "how": _HOW, "findings": findings})


def whole_report(report: JsonObject, first: JsonObject) -> Mapping[str, Json]:
    """The documented shape of a report again, from its line and line 1 of its pack."""
    shared, numbers = first.get("findings"), report.get("findings")
    if not isinstance(shared, list) or not isinstance(numbers, list):
        return {**report, "format": REPORT}
    findings = [shared[n] for n in numbers if isinstance(n, int) and 0 <= n < len(shared)]
    return {**report, "format": REPORT, "findings": findings}
