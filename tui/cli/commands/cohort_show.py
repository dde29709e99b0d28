"""`badgefolio cohort show`: one learner, one pathway, one requirement; and what the advisor records about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.cohort import (
    complete_learners,
    folder_option,
    opened,
    pathway_of,
    pseudonyms_option,
    scan_option,
)
from tui.cli.cohort_json import Told, learner_json, method_json, print_json
from tui.cli.cohort_learner import look_at, report_of
from tui.cli.cohort_records import Saying, record
from tui.cli.cohort_text import CONSENT_ENDED, print_learner, print_one_place, print_pathway
from tui.cli.frame import command as make
from tui.cli.output import Cell
from tui.cli.pathways import day_option
from tui.cli.run import Run, with_run
from tui.cohort_figures import Looked
from wallet.errors import NotFoundError, UsageError
from wallet.pathways.personal import KINDS
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.cohort.learner_report import LearnerReport, PlaceTold
    from wallet.cohort.model import Scan


@make(
    "show",
    examples=(
        'badgefolio cohort show "Ada Example"',
        "badgefolio cohort show L-482913 aquaponics water",
        'badgefolio cohort show L-482913 --note "Prefers evenings"',
        'badgefolio cohort show L-482913 --feedback "Well done. Shall we talk about water?"',
        "badgefolio cohort show L-482913 aquaponics --target",
        'badgefolio cohort show L-482913 aquaponics water --except force-complete --who "A. Advisor" --reason "Transfer"',
        'badgefolio cohort show L-482913 --consent "Agreed at intake" --until 2027-06-30',
    ),
)
@click.argument("learner", metavar="LEARNER", shell_complete=complete_learners)
@click.argument("pathway", metavar="[PATHWAY", required=False)
@click.argument("place", metavar="[PLACE]]", required=False)
@click.option("--note", metavar="TEXT", help="Record a private note. It is in no report and no letter.")
@click.option("--feedback", metavar="TEXT", help="Record a word for the learner: letters and pages carry it.")
@click.option("--target", is_flag=True, help="Record that the learner aims at PATHWAY.")
@click.option(
    "--appointment", metavar="DAY", callback=day_option, help="Record the next appointment; --reason for what."
)
@click.option(
    "--except", "exception", type=click.Choice(KINDS), help="Record an exception at PLACE, with --who and --reason."
)
@click.option("--attest", is_flag=True, help="Record somebody's word that PLACE is done, with --who and --reason.")
@click.option("--consent", metavar="TEXT", help="Record what the learner agreed to, with --until and --scope.")
@click.option("--identity", metavar="TYPE:VALUE", help="Record an address that the learner's badges may name.")
@click.option("--badge", metavar="BADGE", help="For --except substitute, apply-here, exclude-here.")
@click.option("--allow", metavar="KEY=VALUE", multiple=True, help="For --except also-allow; may be repeated.")
@click.option("--count", type=click.IntRange(1, 1000), help="For --except change-count.")
@click.option("--who", metavar="NAME", help="Who grants or attests it.")
@click.option("--role", type=click.Choice(("advisor", "issuer")), help="For --attest (default: as the element asks).")
@click.option("--reason", metavar="TEXT", help="Why, or what was seen.")
@click.option("--scope", metavar="TEXT", help="For --consent: what it covers.")
@click.option("--until", metavar="DAY", callback=day_option, help="The last day on which it holds.")
@click.option("--off", is_flag=True, help="Take back what --target, --consent, --except, --attest or --identity said.")
@click.option("--pathway-file", "files", metavar="FILE", multiple=True, help="Where a pathway's definition lies now.")
@scan_option
@folder_option
@pseudonyms_option
@with_run
def show(
    run: Run,
    *,
    learner: str,
    pathway: str | None,
    place: str | None,
    note: str | None,
    feedback: str | None,
    target: bool,
    appointment: date | None,
    exception: str | None,
    attest: bool,
    consent: str | None,
    identity: str | None,
    badge: str | None,
    allow: tuple[str, ...],
    count: int | None,
    who: str | None,
    role: str | None,
    reason: str | None,
    scope: str | None,
    until: date | None,
    off: bool,
    files: tuple[str, ...],
    scan_id: str | None,
    folder: str | None,
    pseudonyms: bool,
) -> int:
    """Show one learner, one pathway of theirs, or one requirement with its badges and their checks; or record something.

    Notes are private and feedback is for the learner; they never mix. An exception needs a name and a reason, and every figure
    then stands beside the one without it.
    """
    with opened(run, folder, scan_id) as (cohort, scan):
        looked = look_at(run, cohort, scan, learner, files)
        chosen = pathway_of(scan, pathway) if pathway is not None else None
        saying = Saying(
            chosen, place, note, feedback, target, appointment, exception, attest, consent, identity,
            badge, allow, count, who, role, reason, scope, until, off,
        )  # fmt: skip
        if saying.kinds:
            recorded = record(run, cohort, looked, saying)
            print_json(run, Told("show", cohort.folder, scan, pseudonyms, {"recorded": list(recorded)}))
            return 0
        report = report_of(run, looked, pathways=() if chosen is None else (chosen,), pseudonyms=pseudonyms)
        _print_json(run, cohort.folder, scan, looked, report)
        if not run.out.json_form:
            _show(run, looked, report, chosen, place)
    return 0


def _print_json(run: Run, folder: Path, scan: Scan, looked: Looked, report: LearnerReport) -> None:
    told = learner_json(report, alone=looked.ended)
    if not report.pseudonyms and not looked.ended:
        # The advisor's own screen may show their private notes; no report is made from this.
        told["notes"] = [{"day": one.day.isoformat(), "text": one.text} for one in looked.records.notes]
        told["appointments"] = [{"day": one.day.isoformat(), "text": one.text} for one in looked.records.appointments]
    print_json(
        run,
        Told(
            "show",
            folder,
            scan,
            report.pseudonyms,
            {"learner": told, "method": method_json(report.method)},
        ),
    )


def _show(run: Run, looked: Looked, report: LearnerReport, chosen: str | None, place: str | None) -> None:
    if looked.ended:
        run.out.facts([(report.shown, CONSENT_ENDED)], indent=0)
        run.err.note(
            "Nothing else may be shown. Record a new consent with --consent, or delete all with 'cohort purge'."
        )
        return
    missing = [one.name for one in report.pathways if one.id not in looked.progresses]
    if missing:
        run.err.note(
            f"The file of {', '.join(missing)} is not at hand as it was scanned, so reasons are missing."
            " Name it with --pathway-file, or scan again."
        )
    for one in report.pathways:
        lost = _without_effect(looked, one.id)
        if lost:
            run.err.note(
                f"What was recorded at {', '.join(lost)} of {one.name} has no effect: its definition has no such place any"
                " more, or another kind of one."
            )
    if chosen is None:
        print_learner(run.out, report, _records(looked, report))
    elif place is None:
        print_pathway(run.out, report.pathways[0])
    else:
        _show_place(run, looked, report, chosen, place)


def _without_effect(looked: Looked, pathway: str) -> list[str]:
    """Places of a pathway with an exception or a word that its present definition takes no notice of."""
    used = looked.definitions.get(pathway)
    if used is None:
        return []
    heard = looked.records.personal(used.pathway)
    places = {one.place for one in heard.attested} | {one.place for one in heard.excepted}
    recorded = dict.fromkeys(one.place for one in looked.records.places if one.pathway == pathway)
    return [f"'{clean(place, limit=80)}'" for place in recorded if place not in places]


def _records(looked: Looked, report: LearnerReport) -> list[tuple[str, str | Cell]]:
    if report.pseudonyms:
        return []
    kept = looked.records
    return [
        *(("identity", clean(str(one), limit=200)) for one in looked.learner.identities),
        *((("kept back", f"{looked.learner.left_out} badges"),) if looked.learner.left_out else ()),
        *(("appointment", f"{one.day} {clean(one.text, limit=300)}".rstrip()) for one in kept.appointments[-1:]),
        *(("private note", f"{one.day} {clean(one.text, limit=500)}") for one in kept.notes),
        *(("feedback", f"{one.day} {clean(one.text, limit=500)}") for one in kept.feedback),
    ]


def place_called(places: tuple[PlaceTold, ...], name: str) -> PlaceTold:
    """The group or element that is called so: by id or name, or an unambiguous beginning of either."""
    wanted = name.casefold()
    exact = [one for one in places if wanted in (one.id.casefold(), one.name.casefold())]
    near = exact or [one for one in places if one.id.startswith(wanted) or one.name.casefold().startswith(wanted)]
    if len({one.id for one in near}) == 1:
        return near[0]
    shown = clean(name, limit=80)
    if near:
        raise UsageError(
            f"'{shown}' fits several places: {', '.join(one.id for one in near[:6])}.", "Write more of its id."
        )
    raise NotFoundError(f"There is no place '{shown}'.", f"There are {', '.join(one.id for one in places[:12])}.")


def _show_place(run: Run, looked: Looked, report: LearnerReport, chosen: str, name: str) -> None:
    one = place_called(report.pathways[0].places, name)
    progress = looked.progresses.get(chosen)
    if progress is None:
        print_one_place(run.out, one, (), ())
        return
    node = progress.node(one.id)
    filling = set(node.by) if node is not None else set()
    held = sorted(looked.learner.badges, key=lambda badge: (badge.candidate.name.casefold(), badge.candidate.id))
    names = {badge.candidate.id: told.name for badge, told in zip(held, report.badges, strict=True)}
    fills = tuple(told for badge, told in zip(held, report.badges, strict=True) if badge.candidate.id in filling)
    refused = tuple(
        f"{names.get(use.id, use.id[:6])}: {_note(use.note, report)}"
        for use in progress.badges
        if use.place == one.id and use.refused is not None
    )
    print_one_place(run.out, one, fills, refused)


def _note(text: str, report: LearnerReport) -> str:
    from wallet.cohort.wording import to_months

    shown = clean(text, limit=400)
    return to_months(shown) if report.pseudonyms else shown
