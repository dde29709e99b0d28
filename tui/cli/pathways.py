"""The pathways in the wallet as commands need them: read, named, and evaluated over the wallet's badges."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from tui.cli.run import Run, run_of
from wallet.errors import NotFoundError, UsageError
from wallet.limits import LIMITS
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.pathways.candidates import Candidate
    from wallet.pathways.model import Pathway
    from wallet.pathways.personal import Personal
    from wallet.pathways.progress import Progress

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
HOW_TO_ADD = "Bring one in with 'badgefolio pathway add FILE', or name the file to try it."


@dataclass(frozen=True, slots=True)
class Kept:
    """One pathway file of the wallet."""

    file: str
    pathway: Pathway


def kept_pathways(run: Run) -> tuple[Kept, ...]:
    """All pathways of the wallet by name. A file that cannot be read is named on stderr and left out."""
    from wallet.errors import DefinitionError
    from wallet.pathways.definition import read

    wallet = run.wallet_if_any
    kept = []
    for file, data in wallet.pathway_files() if wallet is not None else ():
        try:
            kept.append(Kept(file, read(data, file)))
        except DefinitionError as error:
            run.err.error(f"{clean(file)}: {error.message}", error.remedy)
    return tuple(sorted(kept, key=lambda one: (str(one.pathway.name).casefold(), one.file)))


def find_pathway(run: Run, name: str) -> Kept:
    """The pathway of that id, file name or name, or an unambiguous beginning of its id or name."""
    kept = kept_pathways(run)
    wanted = name.casefold()

    def names(one: Kept) -> tuple[str, ...]:
        return (one.pathway.id.casefold(), one.file.casefold(), str(one.pathway.name).casefold())

    exact = [one for one in kept if wanted in names(one) or f"{wanted}.pathway.toml" == one.file.casefold()]
    near = exact or [one for one in kept if any(each.startswith(wanted) for each in names(one))]
    if len(near) == 1:
        return near[0]
    if near:
        fitting = ", ".join(clean(one.pathway.id) for one in near[:5])
        raise UsageError(f"'{clean(name, limit=80)}' fits several pathways: {fitting}.", "Write more of its id.")
    remedy = "'badgefolio pathway list' shows those you have." if kept else HOW_TO_ADD
    raise NotFoundError(f"There is no pathway '{clean(name, limit=80)}' in your wallet.", remedy)


def asked_pathway(run: Run, name: str) -> Kept:
    """As `find_pathway`, or the file of that name: any pathway can be tried without keeping it."""
    from wallet.pathways.definition import read

    path = Path(name).expanduser()
    if not path.is_file():
        return find_pathway(run, name)
    with path.open("rb") as file:
        return Kept(path.name, read(file.read(LIMITS.pathway_bytes + 1), path.name))


def chosen_pathways(run: Run, name: str | None) -> tuple[Kept, ...]:
    """The named pathway or pathway file, or all that are kept; says so where there is none."""
    kept = (asked_pathway(run, name),) if name is not None else kept_pathways(run)
    if not kept:
        run.err.note(f"No pathway yet. {HOW_TO_ADD}")
    return kept


def complete_pathways(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """File names of the wallet's pathways that begin like this, with their names beside them."""
    names = [
        (kept.file.removesuffix(".pathway.toml"), str(kept.pathway.name)) for kept in kept_pathways(run_of(context))
    ]
    return [CompletionItem(file, help=clean(name, limit=60)) for file, name in names if file.startswith(incomplete)]


def day_option(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """A callback for options that take a day."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, without time or zone
    except ValueError:
        raise click.BadParameter(
            f"'{clean(value, limit=40)}' is not a day such as 2027-01-31", param=parameter
        ) from None


def find_place(kept: Kept, name: str) -> str:
    """The id of the group or element that is called so: its id, its name, or an unambiguous beginning of either."""
    pathway = kept.pathway
    wanted = name.casefold()
    named = {one.id: one.name for one in pathway.elements.values()} | {
        one.id: one.name for one in pathway.groups.values()
    }
    names = {place: [place, *(text.casefold() for _, text in each.values)] for place, each in named.items()}
    exact = [place for place, each in names.items() if wanted in each]
    near = exact or [place for place, each in names.items() if any(one.startswith(wanted) for one in each)]
    if len(near) == 1:
        return near[0]
    shown = clean(name, limit=80)
    if near:
        raise UsageError(f"'{shown}' fits several places: {', '.join(near[:5])}.", "Write more of its id.")
    raise NotFoundError(
        f"There is no place '{shown}' in {clean(str(pathway.name))}.",
        f"Its elements are {', '.join(list(pathway.elements)[:12])}.",
    )


def candidates(run: Run) -> tuple[Candidate, ...]:
    """The wallet's badges as pathways see them."""
    from wallet.pathways.candidates import from_rows

    wallet = run.wallet_if_any
    return from_rows(wallet.list_badges()) if wallet is not None else ()


def languages(run: Run) -> tuple[str, ...]:
    """In which languages names are wanted: that of the settings, else that of the locale."""
    if run.config.language:
        return (run.config.language,)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            tag = value.partition(".")[0].partition("@")[0].replace("_", "-")
            return (tag,) if _LANGUAGE.fullmatch(tag) else ()
    return ()


def personal(run: Run, pathway: Pathway) -> Personal:
    """What is planned, attested and excepted for it."""
    from wallet.pathways.personal import from_records

    wallet = run.wallet_if_any
    return from_records(wallet.said_of_places(pathway.id) if wallet is not None else (), pathway)


def today(run: Run) -> date:
    """The day of this run, in UTC as all days of pathways are."""
    return run.now.astimezone(UTC).date()


def evaluated(run: Run, pathway: Pathway, at: date | None = None) -> Progress:
    """How far the wallet's badges fill it on that day (default: today)."""
    from wallet.pathways.progress import evaluate

    return evaluate(
        pathway,
        candidates(run),
        at or today(run),
        personal=personal(run, pathway),
        language=next(iter(languages(run)), None),
    )


def figures(run: Run, chosen: Sequence[str] = ()) -> tuple[Progress, ...]:
    """How far the chosen pathways are filled, for an export; without a choice all those that have begun."""
    if chosen:
        return tuple(evaluated(run, find_pathway(run, name).pathway) for name in chosen)
    every = (evaluated(run, kept.pathway) for kept in kept_pathways(run))
    return tuple(progress for progress in every if progress.accepted.filled)
