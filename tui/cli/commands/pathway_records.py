"""`badgefolio pathway plan`, `attest` and `except`: what a learner or an advisor says about places. The file stays as it is.

`from-collection` is here too: a learner's own label becomes a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from tui.cli.badges import complete_badges, resolve
from tui.cli.frame import command as make
from tui.cli.pathways import (
    Kept,
    complete_pathways,
    day_option,
    evaluated,
    find_pathway,
    find_place,
    languages,
    today,
)
from tui.cli.plan_json import short, which
from tui.cli.run import Run, with_run
from wallet.errors import NotFoundError, UsageError
from wallet.model import Json
from wallet.pathways.personal import KINDS, OF_BADGES
from wallet.pathways.saying import attestation, exception
from wallet.text import clean, plural


def _say(
    run: Run, kept: Kept, kind: str, place: str, *, about: Mapping[str, Json] | None = None, until: date | None = None
) -> None:
    """Record it, and tell what the figures are now."""
    run.wallet.say_of_place(kind, kept.pathway.id, place, about, until=until, now=run.now)
    progress = evaluated(run, kept.pathway)
    run.out.json(
        {
            "format": "badgefolio-pathway-record/1",
            "pathway": which(kept.pathway, languages(run)),
            "kind": kind,
            "place": place,
            "on": about is not None,
            "about": dict(about) if about is not None else None,
            "until": until.isoformat() if until is not None else None,
            "figures": short(progress),
        }
    )
    figures = [("accepted", progress.accepted), ("with planned", progress.planned)]
    if progress.without_exceptions is not None:
        figures.append(("without exceptions", progress.without_exceptions[1]))
    run.out.facts(
        [
            (kind if about is not None else f"no longer {kind}", clean(kept.pathway.name_of(place, *languages(run)))),
            *((name, f"{each.filled} of {each.required}") for name, each in figures),
        ],
        indent=0,
    )
    run.err.note("'badgefolio undo' takes it back.")


def _element(kept: Kept, name: str) -> str:
    place = find_place(kept, name)
    if place not in kept.pathway.elements:
        raise UsageError(
            f"'{clean(place)}' is a group.", f"Name an element: {', '.join(list(kept.pathway.elements)[:12])}."
        )
    return place


def _held(kept: Kept, run: Run, kind: str, place: str) -> None:
    """Refuse to take back what was never said."""
    said = run.wallet.said_of_places(kept.pathway.id)
    if not any((one.kind, one.place) == (kind, place) for one in said):
        raise NotFoundError(
            f"Nothing is {kind} for '{clean(place)}'.", "'badgefolio pathway progress' lists what is recorded."
        )


@make("plan", examples=("badgefolio pathway plan aquaponics raft", "badgefolio pathway plan aquaponics raft --off"))
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.argument("place", metavar="ELEMENT")
@click.option("--count", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many of its places.")
@click.option("--off", is_flag=True, help="Not planned any more.")
@with_run
def plan_command(run: Run, *, name: str, place: str, count: int, off: bool) -> None:
    """Mark a place that you mean to fill. It shows in a figure of its own and never counts as done."""
    kept = find_pathway(run, name)
    place = _element(kept, place)
    if off:
        _held(kept, run, "planned", place)
    _say(run, kept, "planned", place, about=None if off else {"count": count})


@make(
    "attest",
    examples=(
        'badgefolio pathway attest aquaponics field-hours --who "Avery Mentor" --role advisor --reason "30 h at the hatchery"',
        "badgefolio pathway attest aquaponics field-hours --off",
    ),
)
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.argument("place", metavar="ELEMENT")
@click.option("--who", metavar="NAME", help="Whose word it is.")
@click.option(
    "--role", type=click.Choice(("advisor", "issuer")), help="In which role, as the element asks (default: its own)."
)
@click.option("--reason", metavar="TEXT", help="What was seen or done.")
@click.option("--date", "day", metavar="DAY", callback=day_option, help="When it was said (default: today).")
@click.option("--evidence", metavar="URL", help="Where the work can be seen.")
@click.option("--until", metavar="DAY", callback=day_option, help="The last day on which it holds.")
@click.option("--off", is_flag=True, help="Take it back.")
@with_run
def attest_command(
    run: Run,
    *,
    name: str,
    place: str,
    who: str | None,
    role: str | None,
    reason: str | None,
    day: date | None,
    evidence: str | None,
    until: date | None,
    off: bool,
) -> None:
    """Record somebody's word that an element is done. It has a mark of its own and is never called verified."""
    kept = find_pathway(run, name)
    place = _element(kept, place)
    if off:
        _held(kept, run, "attested", place)
        _say(run, kept, "attested", place)
        return
    about = attestation(
        kept.pathway, place, who=who, role=role, reason=reason, day=day or today(run), evidence=evidence
    )
    _say(run, kept, "attested", place, about=about, until=until)


@make(
    "except",
    examples=(
        'badgefolio pathway except aquaponics water substitute --badge 3f9a --who "A. Advisor" --reason "Same course"',
        'badgefolio pathway except aquaponics systems change-count --count 1 --who "A. Advisor" --reason "Transfer agreement"',
        "badgefolio pathway except aquaponics water --off",
    ),
)
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.argument("place", metavar="PLACE")
@click.argument("kind", metavar="[KIND]", required=False, type=click.Choice(KINDS))
@click.option(
    "--badge", metavar="BADGE", shell_complete=complete_badges, help="For substitute, apply-here, exclude-here."
)
@click.option("--allow", metavar="KEY=VALUE", multiple=True, help="For also-allow; may be repeated, all must fit.")
@click.option("--count", type=click.IntRange(1, 1000), help="For change-count.")
@click.option("--who", metavar="NAME", help="Who grants it.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--until", metavar="DAY", callback=day_option, help="The last day on which it holds.")
@click.option("--off", is_flag=True, help="Take it back.")
@with_run
def except_command(
    run: Run,
    *,
    name: str,
    place: str,
    kind: str | None,
    badge: str | None,
    allow: tuple[str, ...],
    count: int | None,
    who: str | None,
    reason: str | None,
    until: date | None,
    off: bool,
) -> None:
    """Record an exception for one place; every report lists it, with the figure as it is without.

    KIND: substitute (this badge stands for what is asked), also-allow (one rule more), apply-here (use this badge here),
    exclude-here (not this one), change-count (so many are enough), force-complete (done without badges). One for a place: a
    later one replaces it.
    """
    kept = find_pathway(run, name)
    place = find_place(kept, place)
    if off:
        _held(kept, run, "excepted", place)
        _say(run, kept, "excepted", place)
        return
    about = exception(
        kept.pathway,
        place,
        kind,
        who=who,
        reason=reason,
        at=today(run),
        badge=resolve(run, [badge])[0].id if kind in OF_BADGES and badge is not None else None,
        allow=allow,
        count=count,
    )
    _say(run, kept, "excepted", place, about=about, until=until)


@make(
    "from-collection",
    examples=("badgefolio pathway from-collection lab", "badgefolio pathway from-collection lab -o lab.toml"),
)
@click.argument("label", metavar="LABEL")
@click.option("-o", "--output", metavar="FILE", help="Where to write (default: named after the label).")
@with_run
def from_collection(run: Run, *, label: str, output: str | None) -> None:
    """Write a draft pathway that asks for all badges with a label of yours. 'badgefolio tag' puts labels on badges."""
    from uuid import uuid4

    from exporters.atomic import write_file
    from wallet.pathways.candidates import from_rows
    from wallet.pathways.collecting import collect
    from wallet.pathways.drafting import slug
    from wallet.pathways.emit import emit

    wallet = run.wallet_if_any
    rows = [row for row in wallet.list_badges() if label in row.labels] if wallet is not None else []
    if not rows:
        raise NotFoundError(
            f"No badge has the label '{clean(label, limit=80)}'.",
            f"Put it on: badgefolio tag '{clean(label, limit=80)}' BADGE",
        )
    found = collect(clean(label, limit=200), f"urn:uuid:{uuid4()}", from_rows(rows))
    if not found.tables["element"]:
        raise UsageError(
            "None of these badges says who issued it, so no rule can name one.", "Verify them first: badgefolio verify"
        )
    target = Path(output).expanduser() if output else Path(f"{slug(label, 'collection')}.pathway.toml")
    data = emit(
        found.tables,
        (f"A draft made from the badges labelled {label}.", "Add hours, outcomes and links as you know them."),
    )
    path = write_file(target, data)
    run.out.json(
        {
            "format": "badgefolio-pathway-new/1",
            "id": str(found.tables["id"]),
            "name": str(found.tables["name"]),
            "path": str(path),
        }
    )
    run.out.facts([("pathway", clean(label)), ("badges", plural(len(rows), "badge")), ("file", str(path))], indent=0)
    for badge in found.nameless:
        run.err.note(f"Left out: {clean(badge.name) or badge.id[:6]}, for nobody says who issued it.")
    run.err.note(
        f"Next: 'badgefolio pathway check {clean(str(path))}', then 'badgefolio pathway add {clean(str(path))}'."
    )


COMMANDS = (plan_command, attest_command, except_command, from_collection)
