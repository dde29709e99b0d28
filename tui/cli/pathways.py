"""The pathways in the wallet as commands need them: read, named, and evaluated over the wallet's badges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING

from tui.cli.run import Run
from wallet.errors import NotFoundError, UsageError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.pathways.candidates import Candidate
    from wallet.pathways.model import Pathway
    from wallet.pathways.progress import Progress

HOW_TO_ADD = "Bring one in with 'badgefolio pathway add FILE'."


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


def candidates(run: Run) -> tuple[Candidate, ...]:
    """The wallet's badges as pathways see them."""
    from wallet.pathways.candidates import from_rows

    wallet = run.wallet_if_any
    return from_rows(wallet.list_badges()) if wallet is not None else ()


def today(run: Run) -> date:
    """The day of this run, in UTC as all days of pathways are."""
    return run.now.astimezone(UTC).date()


def evaluated(run: Run, pathway: Pathway, at: date | None = None) -> Progress:
    """How far the wallet's badges fill it on that day (default: today)."""
    from wallet.pathways.progress import evaluate

    return evaluate(pathway, candidates(run), at or today(run))


def figures(run: Run, chosen: Sequence[str] = ()) -> tuple[Progress, ...]:
    """How far the chosen pathways are filled, for an export; without a choice all those that have begun."""
    if chosen:
        return tuple(evaluated(run, find_pathway(run, name).pathway) for name in chosen)
    every = (evaluated(run, kept.pathway) for kept in kept_pathways(run))
    return tuple(progress for progress in every if progress.accepted.filled)
