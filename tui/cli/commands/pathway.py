"""`badgefolio pathway`: what the badges add up to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from tui.cli.commands import pathway_credit, pathway_files, pathway_plan, pathway_records
from tui.cli.definition_text import definition_json, print_definition, print_element
from tui.cli.frame import command as make
from tui.cli.frame import group
from tui.cli.output import Cell
from tui.cli.pathway_text import print_missing, print_progress
from tui.cli.pathways import (
    HOW_TO_ADD,
    asked_pathway,
    candidates,
    chosen_pathways,
    complete_pathways,
    day_option,
    evaluated,
    find_pathway,
    find_place,
    kept_pathways,
    languages,
    today,
)
from tui.cli.run import Run, with_run
from tui.cli.sources import no_such_file
from tui.words import named, status_words
from wallet.errors import UsageError
from wallet.limits import LIMITS
from wallet.model import Json
from wallet.text import clean, plural


@group(
    "pathway",
    examples=(
        "badgefolio pathway add aquaponics.pathway.toml",
        "badgefolio pathway progress",
        "badgefolio pathway missing aquaponics",
    ),
)
def command() -> None:
    """See how far you are on a pathway, and what is missing.

    A pathway is a file that says which badges make up a larger credential. Anybody can write one; any issuer's badges count.
    """


def _read(text: str) -> tuple[str, bytes]:
    path = Path(text).expanduser()
    if not path.is_file():
        raise no_such_file(text)
    with path.open("rb") as file:
        return path.name, file.read(LIMITS.pathway_bytes + 1)


@make("add", examples=("badgefolio pathway add aquaponics.pathway.toml",))
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@with_run
def add(run: Run, *, files: tuple[str, ...]) -> None:
    """Keep pathways in the wallet. A newer version of the same pathway takes the place of the older one."""
    from wallet.keeping import keep_pathway
    from wallet.pathways.definition import read

    # All are read before the first is kept: a mistake in the last one changes nothing.
    given = [_read(file) for file in files]
    for name, data in given:
        read(data, name)
    added: list[Json] = []
    for name, data in given:
        kept = keep_pathway(run.wallet, name, data, now=run.now)
        pathway, file = kept.pathway, kept.path.name
        added.append({"id": pathway.id, "name": str(pathway.name), "version": pathway.version, "file": file})
        words = f"version {clean(pathway.version)}"
        if kept.before is not None:
            words += f", in place of version {clean(kept.before.version)}"
        run.out.facts([("pathway", clean(str(pathway.name))), ("kept", words), ("file", file)], indent=0)
    run.out.json({"format": "badgefolio-pathway-change/1", "change": "added", "pathways": added})
    run.err.note("Next: 'badgefolio pathway progress' tells how far you are.")


@make("list", examples=("badgefolio pathway list",))
@with_run
def list_command(run: Run) -> None:
    """List the pathways in the wallet, with how far you are on each, and the badges that stand alone."""
    from wallet.pathways.plan import stand_alone

    kept = kept_pathways(run)
    progress = [evaluated(run, one.pathway) for one in kept]
    alone = stand_alone(candidates(run), progress)
    run.out.json(
        {
            "format": "badgefolio-pathways/1",
            "pathways": [
                {
                    "id": one.pathway.id,
                    "name": str(one.pathway.name),
                    "version": one.pathway.version,
                    "file": one.file,
                    "filled": figure.filled,
                    "required": figure.required,
                    "missing": figure.missing,
                    "percent": figure.percent,
                    "state": each.state,
                    "verified": each.verified.filled,
                    "planned": each.planned.filled,
                }
                for one, each, figure in ((one, each, each.accepted) for one, each in zip(kept, progress, strict=True))
            ],
            "stand_alone": [{"id": badge.id, "name": badge.name} for badge in alone],
        }
    )
    run.out.rows(
        ("Pathway", "Filled", "Percent", "Missing", "Name"),
        [
            (
                Cell(one.file.removesuffix(".pathway.toml"), "bold"),
                f"{each.accepted.filled} of {each.accepted.required}",
                f"{each.accepted.percent} %",
                str(each.accepted.missing),
                clean(one.pathway.name.pick(*languages(run))) + status_words(one.pathway),
            )
            for one, each in zip(kept, progress, strict=True)
        ],
        cut=("Pathway", "Name"),
    )
    if kept and alone:
        run.out.heading("Badges in no pathway")
        run.out.facts([(one.id[:6], named(one.name)) for one in alone])
    if not kept:
        run.err.note(f"No pathway yet. {HOW_TO_ADD}")


@make("show", examples=("badgefolio pathway show aquaponics", "badgefolio pathway show aquaponics water"))
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.argument("element", metavar="[ELEMENT]", required=False)
@with_run
def show(run: Run, *, name: str, element: str | None) -> None:
    """Show what a pathway asks for, with hours, facilitation and dates where they are stated; or all about one element.

    Degrees of facilitation: self-directed (you work alone and nobody answers), supervised (alone; somebody answers what is not
    about the subject, and no feedback is needed), lightly-facilitated (alone; a facilitator answers, follows your progress and
    gives feedback), fully-facilitated (alone and with others; a facilitator leads, and gives feedback on the way and at the end).
    """
    kept = asked_pathway(run, name)
    if element is None:
        run.out.json(definition_json(kept, languages(run)))
        print_definition(run.out, kept, languages(run))
        return
    place = find_place(kept, element)
    if place not in kept.pathway.elements:
        raise UsageError(f"'{clean(place)}' is a group.", "Leave it out to see the whole pathway, or name an element.")
    document = definition_json(kept, languages(run))
    every = document["elements"]
    assert isinstance(every, list)
    document["elements"] = [one for one in every if isinstance(one, dict) and one["id"] == place]
    run.out.json(document)
    print_element(run.out, kept, place, languages(run))


@make(
    "progress",
    examples=("badgefolio pathway progress", "badgefolio pathway progress aquaponics --at 2027-06-30"),
)
@click.argument("name", metavar="[PATHWAY]", required=False, shell_complete=complete_pathways)
@click.option("--at", metavar="DAY", callback=day_option, help="As of this day (default: today).")
@with_run
def progress(run: Run, *, name: str | None, at: date | None) -> None:
    """Tell how far you are: which place is filled by which badge, and why others do not count."""
    from wallet.pathways.progress import to_json

    for number, one in enumerate(chosen_pathways(run, name)):
        result = evaluated(run, one.pathway, at)
        run.out.json(to_json(result))
        if number:
            run.out.blank()
        print_progress(run, result, languages(run))


@make("missing", examples=("badgefolio pathway missing", "badgefolio pathway missing aquaponics"))
@click.argument("name", metavar="[PATHWAY]", required=False, shell_complete=complete_pathways)
@with_run
def missing(run: Run, *, name: str | None) -> None:
    """List the open places and what would fill them, with hours, facilitation, dates and where to enrol."""
    for number, one in enumerate(chosen_pathways(run, name)):
        if number:
            run.out.blank()
        print_missing(run, evaluated(run, one.pathway), languages(run))


@make("check", examples=("badgefolio pathway check my.pathway.toml",))
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@with_run
def check_command(run: Run, *, files: tuple[str, ...]) -> int:
    """Read pathway files and name every mistake with its line. Exit code 1 when a file cannot be used."""
    from wallet.pathways.definition import check

    bad = False
    for file, (name, data) in zip(files, map(_read, files), strict=True):
        changed = datetime.fromtimestamp(Path(file).expanduser().stat().st_mtime, UTC).date()
        problems = check(data, name, today=today(run), changed=changed, known=candidates(run))
        errors = sum(problem.severity == "error" for problem in problems)
        bad = bad or errors > 0
        run.out.json(
            {
                "format": "badgefolio-pathway-check/1",
                "file": name,
                "usable": errors == 0,
                "problems": [
                    {
                        "severity": problem.severity,
                        "line": problem.line,
                        "key": problem.key,
                        "message": problem.message,
                        "remedy": problem.remedy,
                    }
                    for problem in problems
                ],
            }
        )
        for problem in problems:
            where = f"{clean(name)}, line {problem.line}" if problem.line is not None else clean(name)
            run.out.line(f"{problem.severity}: {where}: {problem.message} {problem.remedy}")
        run.err.note(
            f"{clean(name)}: {plural(errors, 'mistake')}, {plural(len(problems) - errors, 'remark')}."
            if problems
            else f"{clean(name)} is as it should be."
        )
    return 1 if bad else 0


@make("remove", examples=("badgefolio pathway remove aquaponics",))
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@with_run
def remove(run: Run, *, name: str) -> None:
    """Take a pathway out of the wallet; your badges stay. 'badgefolio undo' brings it back."""
    kept = find_pathway(run, name)
    run.wallet.remove_pathway(kept.file, now=run.now)
    gone: Json = {
        "id": kept.pathway.id,
        "name": str(kept.pathway.name),
        "version": kept.pathway.version,
        "file": kept.file,
    }
    run.out.json({"format": "badgefolio-pathway-change/1", "change": "removed", "pathways": [gone]})
    run.out.facts([("removed", clean(str(kept.pathway.name))), ("file", clean(kept.file))], indent=0)
    run.err.note("'badgefolio undo' brings it back.")


for _made in (pathway_files.new, pathway_files.import_, pathway_files.export):
    command.add_command(_made)
for _made in (*pathway_plan.COMMANDS, pathway_credit.credit, *pathway_records.COMMANDS):
    command.add_command(_made)
for _made in (add, list_command, show, progress, missing, check_command, remove):
    command.add_command(_made)
