"""From what a learner types to what SQLite is asked. Pure: builds text and parameters, runs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from wallet.errors import UsageError
from wallet.store.ageing import verdict_sql
from wallet.verify.report import Verdict

UNCHECKED = "unchecked"
RANKED_AT_MOST = 5_000

_WORD = re.compile(r"\w+", re.UNICODE)
_NEWEST = "issued_on is null, issued_on desc, name_sort, id"
_ORDERS = {
    "issued": _NEWEST,
    "name": "name_sort, id",
    "issuer": f"issuer_sort, {_NEWEST}",
    "added": "added_at desc, id",
    "expires": "expires is null, expires, name_sort, id",
    "verdict": f"verdict is not null, {{verdict}}, {_NEWEST}",
    "relevance": _NEWEST,
}
SORTS = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which badges. `verdict`: a verdict or "unchecked"; `hidden`: hidden ones too; `issuer`: an id or part of a name.

    label: one of the learner's own, in full.
    """

    text: str | None = None
    verdict: Verdict | str | None = None
    issuer: str | None = None
    hidden: bool = False
    label: str | None = None


def match_expression(text: str) -> str:
    """An FTS5 expression: every word must begin some word of the badge. "" if there is no word in `text`."""
    # Quoted, so that no character of the learner's is an operator.
    return " AND ".join(f'"{word}"*' for word in _WORD.findall(text))


def where(wanted: Filter, now: datetime) -> tuple[str, tuple[str, ...]]:
    """A condition on table `badge` as it reads at `now`, and its parameters."""
    parts: list[str] = []
    values: list[str] = []
    if not wanted.hidden:
        parts.append("hidden = 0")
    if wanted.verdict == UNCHECKED:
        parts.append("verdict is null")
    elif wanted.verdict is not None:
        parts.append(f"{verdict_sql(now)} = ?")
        values.append(_verdict(wanted.verdict))
    if wanted.issuer:
        parts.append("(issuer_id = ? or instr(issuer_sort, ?) > 0)")
        values += [wanted.issuer, wanted.issuer.casefold()]
    if wanted.label is not None:
        # No labels are written as no text, which is no JSON.
        parts.append("iif(labels = '', 0, exists (select 1 from json_each(labels) where value = ?))")
        values.append(" ".join(wanted.label.split()))
    if wanted.text is not None and wanted.text.strip():
        expression = match_expression(wanted.text)
        parts.append("n in (select rowid from words where words match ?)" if expression else "0")
        values += [expression] if expression else []
    return " and ".join(parts) or "1", tuple(values)


def _verdict(word: Verdict | str) -> str:
    try:
        return Verdict(word).value
    except ValueError:
        known = ", ".join((*(verdict.value for verdict in Verdict), UNCHECKED))
        raise UsageError("There is no verdict of that name.", f"Use one of: {known}.") from None


def order(sort: str, now: datetime) -> str:
    """An order of table `badge` as it reads at `now`. Raises `UsageError` for a name that is none of `SORTS`."""
    if sort not in _ORDERS:
        raise UsageError("Badges cannot be sorted like that.", f"Use one of: {', '.join(SORTS)}.")
    return _ORDERS[sort].format(verdict=verdict_sql(now))
