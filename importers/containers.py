"""What every container has in common: members are read one after another, strangers among them are counted, caps are shared.

An archive, a mail, a PDF and a page each take themselves apart in their own module and hand their members over one by one, so
that no more than one of them is in memory. Nothing is written anywhere, and a member's name is only ever text to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from importers.context import Context
from importers.offers import hosts_of
from importers.refusals import is_no_badge, refuse
from wallet.found import ImportReport, Note
from wallet.text import plural

#: Reads the bytes of a whole file, and gives one report for each file that it holds or the one that it is.
ReadEach = Callable[[bytes, Context], Iterator[ImportReport]]
ReadMembers = Callable[[Context], Iterator[ImportReport]]


def without_strangers(report: ImportReport) -> ImportReport:
    """A member that simply is no badge is counted, not refused: nobody said that it was one."""
    if not report.refused:
        return report
    kept = tuple(refused for refused in report.refused if not is_no_badge(refused))
    notes = tuple(Note("nothing-here", refused.message) for refused in report.refused if is_no_badge(refused))
    alone = not report.found and not kept
    skipped = report.skipped + int(alone)
    return ImportReport(report.found, kept, (*report.notes, *notes), skipped, report.offers, report.bundles)


def read_members(context: Context, what: str, reports: ReadMembers) -> Iterator[ImportReport]:
    """The reports of a container's members; when there is no badge in any of them, also why. `what`: "a ZIP archive".

    `reports` gets the place with the budget that all containers of one source share.
    """
    if context.depth >= context.limits.container_depth:
        yield refuse(context, "too-deep", f"more than {context.limits.container_depth} files inside one another")
        return
    context = replace(context, budget=context.spending)
    budget = context.spending
    found = trouble = members = 0
    links: dict[str, None] = {}
    for report in reports(context):
        # A container inside says at its end that it had nothing; its members were counted already.
        members += all(refused.code != "no-badges-inside" for refused in report.refused)
        report = without_strangers(report)
        trouble += len(report.refused)
        if context.depth == 0:
            budget.finds -= len(report.found)
            if budget.finds < 0:
                kept = report.found[: budget.finds]
                yield replace(report, found=kept)
                yield refuse(context, "too-many", f"the limit is {context.limits.finds:,}")
                return
        found += len(report.found)
        links.update(dict.fromkeys(offer.url for offer in report.offers))
        yield report
    if found or trouble:
        return
    if links:
        yield refuse(context, "only-links", f"{plural(len(links), 'link')} ({hosts_of(links)})", name=next(iter(links)))
    else:
        yield refuse(context, "no-badges-inside", f"{what} without a badge in it ({plural(members, 'part')} looked at)")
