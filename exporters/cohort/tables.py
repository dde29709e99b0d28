"""The rows of a cohort as CSV, TSV and JSON Lines, and the method that belongs beside them as a text file. Pure."""

from __future__ import annotations

from exporters.cells import json_lines, separated
from wallet.cohort.report import COLUMNS, CohortReport

DELIMITERS = {"csv": ",", "tsv": "\t"}


def table(report: CohortReport, form: str, *, bom: bool = True) -> bytes:
    """The table as "csv", "tsv" or "jsonl". The keys of JSON Lines are the stable names of the columns."""
    if form == "jsonl":
        return json_lines({column.key: column.json(line) for column in COLUMNS} for line in report.lines)
    return separated(
        [column.head for column in COLUMNS],
        ([column.text(line) for column in COLUMNS] for line in report.lines),
        delimiter=DELIMITERS[form],
        bom=bom,
    )


def method(report: CohortReport) -> bytes:
    """How the figures were made, one fact a line."""
    return "".join(f"{label}: {text}\n" for label, text in report.method).encode("utf-8", "replace")
