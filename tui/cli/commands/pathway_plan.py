"""`badgefolio pathway next`, `shortest`, `closest`, `what-if`, `at-risk`, `diff` and `explain`: questions; nothing is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from tui.cli import plan_json, plan_text
from tui.cli.badges import complete_badges, resolve
from tui.cli.frame import command as make
from tui.cli.output import Out
from tui.cli.pathway_text import badge_names
from tui.cli.pathways import (
    Kept,
    asked_pathway,
    candidates,
    chosen_pathways,
    complete_pathways,
    day_option,
    evaluated,
    find_place,
    kept_pathways,
    languages,
    personal,
    today,
)
from tui.cli.run import Run, with_run
from wallet.errors import NotFoundError, UsageError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.pathways.candidates import Candidate
    from wallet.pathways.plan import WhatIf


def _hours(_: click.Context, parameter: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        hours = Decimal(value)
    except InvalidOperation:
        hours = Decimal(0)
    if not hours.is_finite() or not 0 < hours <= 10_000:
        raise click.BadParameter(f"'{clean(value, limit=40)}' is not a number of hours above 0", param=parameter)
    return hours


#: For every question whose answer hangs on the day.
_at = click.option("--at", metavar="DAY", callback=day_option, help="As of this day (default: today).")


def _apart(out: Out, number: int) -> None:
    if number:
        out.blank()


@make(
    "next", examples=("badgefolio pathway next", "badgefolio pathway next aquaponics --delivery online --max-hours 4")
)
@click.argument("name", metavar="[PATHWAY]", required=False, shell_complete=complete_pathways)
@click.option("--delivery", type=click.Choice(("online", "in-person", "blended")), help="Only what is given like this.")
@click.option("--max-hours", metavar="HOURS", callback=_hours, help="Only what takes no longer.")
@_at
@with_run
def next_command(
    run: Run, *, name: str | None, delivery: str | None, max_hours: Decimal | None, at: date | None
) -> None:
    """Tell what could be begun now, with hours, cost, dates and where to enrol.

    What does not say how it is given, or how long it takes, comes last instead of being left out.
    """
    from wallet.pathways.plan import next_steps

    for number, one in enumerate(chosen_pathways(run, name)):
        progress = evaluated(run, one.pathway, at)
        steps = next_steps(progress, delivery=delivery, max_hours=max_hours)
        run.out.json(plan_json.next_json(progress, steps, languages(run)))
        if not run.out.json_form:
            _apart(run.out, number)
            plan_text.print_next(run.out, progress, steps, languages(run))


@make(
    "shortest",
    examples=(
        "badgefolio pathway shortest aquaponics",
        "badgefolio pathway shortest aquaponics --by hours --hours-per-week 3",
    ),
)
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.option(
    "--by",
    type=click.Choice(("badges", "hours", "days")),
    default="badges",
    show_default=True,
    help="Fewest badges, fewest hours, or the earliest end of the offerings.",
)
@click.option("--hours-per-week", metavar="HOURS", callback=_hours, help="How many weeks that takes at your pace.")
@_at
@with_run
def shortest_command(run: Run, *, name: str, by: str, hours_per_week: Decimal | None, at: date | None) -> None:
    """Find the shortest way to finish from what you hold. An answer that may not be the shortest is called an estimate."""
    from wallet.pathways.shortest import shortest

    one = asked_pathway(run, name)
    mine = personal(run, one.pathway)
    finish = shortest(one.pathway, candidates(run), at or today(run), personal=mine, by=by)
    weeks = finish.weeks(Fraction(hours_per_week)) if hours_per_week is not None else None
    progress = evaluated(run, one.pathway, at)
    run.out.json(plan_json.finish_json(progress, finish, languages(run), weeks))
    if not run.out.json_form:
        pace = (weeks, f"{hours_per_week:f}") if weeks is not None else None
        plan_text.print_finish(run.out, progress, finish, languages(run), pace)


@make("closest", examples=("badgefolio pathway closest",))
@_at
@with_run
def closest_command(run: Run, *, at: date | None) -> None:
    """List the pathways that you have begun, the one with least to go first."""
    from wallet.pathways.plan import closest

    found = closest([evaluated(run, one.pathway, at) for one in chosen_pathways(run, None)])
    run.out.json(plan_json.closest_json(found, languages(run)))
    plan_text.print_closest(run.out, found, languages(run))
    if not found and kept_pathways(run):
        run.err.note("No badge of yours counts on any of your pathways yet.")


@make(
    "what-if",
    examples=(
        "badgefolio pathway what-if aquaponics --add raft --or nft",
        "badgefolio pathway what-if aquaponics --drop 3f9a2c --at 2027-06-30",
    ),
)
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.option(
    "--add", "added", metavar="PLACE|URL", multiple=True, help="As if you held this; an element or an achievement."
)
@click.option(
    "--drop",
    "dropped",
    metavar="BADGE",
    multiple=True,
    shell_complete=complete_badges,
    help="As if you did not hold this badge.",
)
@click.option(
    "--or", "instead", metavar="PLACE|URL", multiple=True, help="The other way: as if you held this instead of --add."
)
@click.option("--at", metavar="DAY", callback=day_option, help="As it would be on this day.")
@with_run
def what_if_command(
    run: Run,
    *,
    name: str,
    added: tuple[str, ...],
    dropped: tuple[str, ...],
    instead: tuple[str, ...],
    at: date | None,
) -> None:
    """Compare how far you are with how far you would be, one way or the other. Nothing is written."""
    from wallet.pathways.plan import what_if

    one = asked_pathway(run, name)
    if instead and not added:
        raise UsageError("There is no first way to set --or beside.", "Say with --add what the first way holds.")
    if not (added or dropped or at):
        raise UsageError("There is nothing to compare with.", "Say what would be different: --add, --drop or --at.")

    def way(imagined: tuple[str, ...]) -> WhatIf:
        return what_if(
            one.pathway,
            candidates(run),
            today(run),
            add=[_imagined(run, one, each, number) for number, each in enumerate(imagined)],
            drop=[row.id for row in resolve(run, dropped)] if dropped else (),
            then=at,
            personal=personal(run, one.pathway),
            language=next(iter(languages(run)), None),
        )

    found, other = way(added), way(instead) if instead else None
    run.out.json(plan_json.what_if_json(found, languages(run), other))
    if not run.out.json_form:
        plan_text.print_what_if(run.out, found, languages(run), other)


def _imagined(run: Run, kept: Kept, given: str, number: int) -> Candidate:
    """A badge as it would be: of an achievement by its address, or one that the named element asks for."""
    from wallet.pathways.options import for_rules, of_achievement

    if "://" in given or given.startswith("urn:"):
        return of_achievement(given, today(run))
    place = find_place(kept, given)
    element = kept.pathway.elements.get(place)
    made = for_rules(kept.pathway, element, today(run), f"new:{place}:{number}") if element is not None else None
    if made is None:
        raise UsageError(
            f"'{clean(given, limit=80)}' is not filled by one badge.",
            "Name an element that a badge fills, or an achievement.",
        )
    return made


@make("at-risk", examples=("badgefolio pathway at-risk", "badgefolio pathway at-risk aquaponics --days 365"))
@click.argument("name", metavar="[PATHWAY]", required=False, shell_complete=complete_pathways)
@_at
@click.option("--days", type=click.IntRange(1, 36_500), default=90, show_default=True, help="How far to look ahead.")
@with_run
def at_risk_command(run: Run, *, name: str | None, days: int, at: date | None) -> None:
    """Tell which places you will lose because a badge ends, and what that breaks."""
    from wallet.pathways.plan import at_risk

    names = badge_names(run)
    for number, one in enumerate(chosen_pathways(run, name)):
        found = at_risk(
            one.pathway,
            candidates(run),
            at or today(run),
            days=days,
            personal=personal(run, one.pathway),
            language=next(iter(languages(run)), None),
        )
        run.out.json(plan_json.risk_json(found, days, languages(run)))
        if not run.out.json_form:
            _apart(run.out, number)
            plan_text.print_risk(run.out, found, names, languages(run))


@make("diff", examples=("badgefolio pathway diff aquaponics newer.pathway.toml",))
@click.argument("old", metavar="OLD", shell_complete=complete_pathways)
@click.argument("new", metavar="NEW")
@with_run
def diff_command(run: Run, *, old: str, new: str) -> None:
    """Compare two versions of a pathway, each a file or one of yours: what is asked otherwise, and what that means for you."""
    from wallet.pathways.plan import differences

    before, after = asked_pathway(run, old).pathway, asked_pathway(run, new).pathway
    found = differences(
        before,
        after,
        candidates(run),
        today(run),
        personal=(personal(run, before), personal(run, after)),
        language=next(iter(languages(run)), None),
    )
    run.out.json(plan_json.diff_json(found, languages(run)))
    if not run.out.json_form:
        plan_text.print_diff(run.out, found, languages(run))


@make("explain", examples=("badgefolio pathway explain aquaponics", "badgefolio pathway explain aquaponics 3f9a2c"))
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.argument("badge", metavar="[BADGE]", required=False, shell_complete=complete_badges)
@_at
@with_run
def explain_command(run: Run, *, name: str, badge: str | None, at: date | None) -> None:
    """Say of each badge why it counts where it does or why not, and of each open place what would fill it."""
    one = asked_pathway(run, name)
    wanted = resolve(run, [badge])[0].id if badge is not None else None
    progress = evaluated(run, one.pathway, at)
    if wanted is not None and all(use.id != wanted for use in progress.badges):
        raise NotFoundError(
            "That badge is hidden, so no pathway looks at it.", "Show it again: badgefolio hide --off BADGE"
        )
    run.out.json(plan_json.explain_json(progress, wanted, languages(run)))
    if not run.out.json_form:
        plan_text.print_explained(run.out, progress, wanted, badge_names(run), languages(run))


COMMANDS = (
    next_command,
    shortest_command,
    closest_command,
    what_if_command,
    at_risk_command,
    diff_command,
    explain_command,
)
