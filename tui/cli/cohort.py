"""What all `cohort` commands share: their options, which folder and which pathways are meant, and the cohort opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

from tui import remembered
from tui.cli.pathways import kept_pathways
from tui.cli.run import Run, run_of
from tui.cli.sources import no_such_file
from tui.cohort_figures import definitions
from wallet.errors import NotFoundError, UsageError, WalletError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.cohort.figuring import UsedPathway
    from wallet.cohort.model import Learner, Scan
    from wallet.cohort.store import Cohort
    from wallet.pathways.figures import Compiled

P = ParamSpec("P")
R = TypeVar("R")


def folder_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--folder`, for commands that do not name it as their argument."""
    return click.option("--folder", metavar="DIR", help="The cohort's folder (default: the one scanned last).")(
        function
    )


def pseudonyms_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--pseudonyms`."""
    return click.option(
        "--pseudonyms",
        is_flag=True,
        help="Numbers for names, months for days, no address of a person: for shared screens.",
    )(function)


def sort_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--sort`."""
    return click.option(
        "--sort",
        metavar="COLUMN",
        default="name",
        show_default=True,
        help="name, number, pathway, missing, hours, percent, last, risk, problems, bundle or consent.",
    )(function)


def scan_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--scan`."""
    return click.option("--scan", "scan_id", metavar="SCAN", help="An earlier scan, such as S-0001.")(function)


def remember(run: Run, folder: Path, pathways: Sequence[str]) -> None:
    """Make this folder the one that is meant from now on. Not being able to is no reason to fail."""
    try:
        remembered.remember(run.paths.state, folder, pathways)
    except (OSError, WalletError):
        run.err.note("The folder could not be remembered; name it with --folder next time.")


def cohort_folder(run: Run, named: str | None) -> Path:
    """The folder that is meant. Raises `NotFoundError` with the next step where there is none."""
    return remembered.cohort_folder(run.paths.state, named)


@contextmanager
def opened(run: Run, named: str | None, scan: str | None = None) -> Iterator[tuple[Cohort, Scan]]:
    """The cohort with one of its scans."""
    from wallet.cohort.store import Cohort

    with Cohort.open(cohort_folder(run, named)) as cohort:
        yield cohort, cohort.load(scan)


def learner_of(cohort: Cohort, scan: Scan, name: str) -> Learner:
    """The learner of the scan who is called so, without badges. Raises `NotFoundError` and `UsageError`."""
    number = cohort.find(name)
    found = next((one for one in scan.learners if one.number == number), None)
    if found is None:
        raise NotFoundError(
            f"{number} is not in scan {clean(scan.id)}.", "Scan the folder again, or name another scan."
        )
    return found


def complete_learners(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Numbers of the learners in the folder that is meant. Names stay out: a completion is seen by whoever looks on."""
    from wallet.cohort.store import Cohort

    folder = context.params.get("folder")
    try:
        with Cohort.open(cohort_folder(run_of(context), folder if isinstance(folder, str) else None)) as cohort:
            return [CompletionItem(number) for number in cohort.numbers() if number.startswith(incomplete)]
    except WalletError:
        return []


def complete_filters(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Names of the filters."""
    from wallet.cohort.table import FILTERS

    return [CompletionItem(one.name) for one in FILTERS if one.name.startswith(incomplete)]


def used_pathways(run: Run, names: Sequence[str]) -> tuple[UsedPathway, ...]:
    """The named pathways (of the wallet, or files), or all of the wallet. Raises `UsageError` where there is none at all."""
    from tui.cli.pathways import find_pathway
    from wallet.cohort.figuring import UsedPathway

    found: dict[str, UsedPathway] = {}
    for name in names:
        if Path(name).suffix in (".toml", ".json") and "://" not in name and not remembered.is_file(name):
            raise no_such_file(name)
        pathway = remembered.read_pathway(name) if remembered.is_file(name) else find_pathway(run, name).pathway
        found.setdefault(pathway.id, UsedPathway(pathway, pathway.sha256))
    if not names:
        found = {one.pathway.id: UsedPathway(one.pathway, one.pathway.sha256) for one in kept_pathways(run)}
    if not found:
        raise UsageError(
            "There is no pathway to evaluate.",
            "Name a file with --pathway FILE, or keep pathways for good: badgefolio pathway add FILE.",
        )
    return tuple(sorted(found.values(), key=lambda one: (str(one.pathway.name).casefold(), one.pathway.id)))


def library(run: Run, scan: Scan, names: Sequence[str] = ()) -> dict[str, Compiled]:
    """Definitions of the scan's pathways by id, as far as they are at hand in the version that the scan used, made ready."""
    return definitions(run.paths, scan, names, lambda name, error: run.err.note(f"{clean(name)}: {error.message}"))


def pathway_of(scan: Scan, name: str) -> str:
    """The id of the scan's pathway that is called so: its id, its name, or an unambiguous beginning of either."""
    wanted = name.casefold()

    def names(number: int) -> tuple[str, ...]:
        one = scan.pathways[number]
        return (one.id.casefold(), clean(one.name).casefold(), one.id.rstrip("/").rpartition("/")[2].casefold())

    every = range(len(scan.pathways))
    near = [n for n in every if wanted in names(n)] or [
        n for n in every if any(each.startswith(wanted) for each in names(n))
    ]
    if len(near) == 1:
        return scan.pathways[near[0]].id
    known = ", ".join(clean(one.name) for one in scan.pathways[:8])
    if near:
        raise UsageError(f"'{clean(name, limit=80)}' fits several pathways.", f"There are {known}: write more of one.")
    raise NotFoundError(f"'{clean(name, limit=80)}' is no pathway of this scan.", f"It used {known}.")
