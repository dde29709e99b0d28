"""What the pathway screens read: every pathway with its figures, its forecast and its records, and the badges beside them.

For workers, as `reading` is: nothing is changed and nobody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tui.app.reading import pathway_definitions
from wallet.errors import WalletError
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.details import Detail
    from wallet.pathways.advice import Similar
    from wallet.pathways.candidates import Candidate
    from wallet.pathways.model import Pathway
    from wallet.pathways.personal import Personal
    from wallet.pathways.plan import AtRisk, NextStep
    from wallet.pathways.results import NodeState, Progress
    from wallet.store.wallet import Wallet

#: How far a forecast may look ahead, in days.
HORIZONS = (90, 365, 30)


@dataclass(frozen=True, slots=True)
class Way:
    """One pathway for this learner. pathway: as its file has it, without exceptions.

    proven: places that verified badges fill, by path of the node; None where that is the same everywhere.
    """

    pathway: Pathway
    personal: Personal
    progress: Progress
    risk: AtRisk
    steps: tuple[NextStep, ...]
    alike: tuple[Similar, ...]
    proven: Mapping[tuple[str, ...], int] | None

    def proven_at(self, node: NodeState) -> int:
        """How many of its places verified badges fill."""
        return self.proven.get(node.path, 0) if self.proven is not None else node.filled


@dataclass(frozen=True, slots=True)
class Outlook:
    """All ways by name, nearest: their indexes with the least to go first, badges in no pathway, and names of badges by id."""

    ways: tuple[Way, ...]
    nearest: tuple[int, ...]
    alone: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]
    names: Mapping[str, str]
    wrong: tuple[WalletError, ...]
    at: date
    days: int


def outlook(wallet: Wallet, now: datetime, language: str | None, days: int) -> Outlook:
    """Everything about every pathway; a file that cannot be read is among `wrong`."""
    from wallet.pathways.advice import similar
    from wallet.pathways.candidates import from_rows
    from wallet.pathways.personal import from_records
    from wallet.pathways.plan import at_risk, closest, next_steps, stand_alone
    from wallet.pathways.scenario import proven_places

    rows = wallet.list_badges(hidden=True)
    candidates = from_rows(wallet.list_badges())
    at = now.astimezone(UTC).date()
    said = wallet.said_of_places()
    definitions, wrong = pathway_definitions(wallet)
    ways: list[Way] = []
    for pathway in definitions:
        personal = from_records(said, pathway)
        try:
            risk = at_risk(pathway, candidates, at, days=days, personal=personal, language=language)
            progress = risk.now
            differ = progress.verified != progress.accepted
            ways.append(
                Way(
                    pathway,
                    personal,
                    progress,
                    risk,
                    next_steps(progress),
                    similar(progress, candidates),
                    proven_places(pathway, candidates, at, personal) if differ else None,
                )
            )
        except WalletError as error:
            wrong.append(error)
    ways.sort(key=lambda one: (clean(one.pathway.name.pick(language or "")).casefold(), one.pathway.id))
    progresses = [one.progress for one in ways]
    begun = [next(i for i, each in enumerate(progresses) if each is one) for one in closest(progresses)]
    return Outlook(
        tuple(ways),
        (*begun, *(number for number in range(len(ways)) if number not in begun)),
        stand_alone(candidates, progresses),
        candidates,
        {row.id: clean(row.name) or row.short for row in rows},
        tuple(wrong),
        at,
        days,
    )


def eight_details(wallet: Wallet, way: Way, node: NodeState, now: datetime, language: str | None) -> tuple[Detail, ...]:
    """The card of one element: with what the badge that fills it says, where one does, as `show` and portfolios have it."""
    from wallet.details import card, of_element

    element = way.progress.pathway.elements[node.id]
    if not node.by:
        return card(None, [of_element(way.progress.pathway, element, language)])
    from exporters.presentation import build

    # Only this element's words: a badge that fills another place as well has a card there.
    shown = build(wallet, [node.by[0]], person=None, now=now, pathways=[_only(way.progress, node)], language=language)
    return shown.badges[0].details


def _only(progress: Progress, node: NodeState) -> Progress:
    from dataclasses import replace

    return replace(progress, root=replace(node, children=()))
