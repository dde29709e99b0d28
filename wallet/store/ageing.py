"""A result that was good on its day and is past its date now: read as expired, without being checked again.

What was recorded stays as it was recorded; only the answer to a question changes with the moment at which it is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from wallet.store.events import stamp
from wallet.store.rows import BadgeRow
from wallet.verify.report import Outcome, Verdict

if TYPE_CHECKING:
    from wallet.verify.report_json import ReportSummary

CHECK = "time.expires"


def verdict_sql(now: datetime) -> str:
    """The verdict at `now`, as an SQL expression over table `badge`."""
    # Both times are text of one width, so their order is the order of time.
    return f"iif(verdict = '{Verdict.VALID}' and expires < '{stamp(now)}', '{Verdict.EXPIRED}', verdict)"


def aged(row: BadgeRow, now: datetime) -> BadgeRow:
    """The row as it reads at `now`."""
    if row.verdict is not Verdict.VALID or row.expires is None or row.expires >= now:
        return row
    last = Verdict.EXPIRED if row.last_attempt is Verdict.VALID else row.last_attempt
    return replace(row, verdict=Verdict.EXPIRED, still_good=Outcome.FAILED, last_attempt=last)


def aged_report(report: ReportSummary, row: BadgeRow) -> ReportSummary:
    """The stored report of a row that has aged, with the finding that changed."""
    if report.verdict is not Verdict.VALID or row.verdict is not Verdict.EXPIRED or row.expires is None:
        return report
    from wallet.verify.findings import day, failed

    summary = f"It expired on {day(row.expires)}, after it was last checked."
    expired = failed(CHECK, "expired", summary, found=day(row.expires))
    findings = tuple(expired if finding.check == CHECK else finding for finding in report.findings)
    return replace(report, verdict=Verdict.EXPIRED, still_good=Outcome.FAILED, findings=findings)
