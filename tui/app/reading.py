"""What screens read from the wallet beyond one row: issuers with their look-alikes, pathways with their figures, all of a badge.

For workers: on a large wallet each of these takes a moment. Nothing is changed and nobody is asked.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.app.badge_views import IssuerView, Whole
from tui.handing import shared_words
from tui.words import day
from wallet.errors import WalletError

if TYPE_CHECKING:
    from wallet.pathways.model import Pathway
    from wallet.pathways.results import Progress
    from wallet.store.wallet import Wallet


def issuers(wallet: Wallet) -> dict[str, IssuerView]:
    """Every issuer by id, in the wallet's order."""
    from wallet.lookalikes import lookalikes

    rows = wallet.issuers()
    alike = lookalikes(rows)
    return {row.id: IssuerView(row, alike.get(row.id, ())) for row in rows}


def pathway_definitions(wallet: Wallet) -> tuple[list[Pathway], list[WalletError]]:
    """The pathways of the wallet, and what is wrong with the files that cannot be read."""
    from wallet.pathways.definition import read

    made: list[Pathway] = []
    wrong: list[WalletError] = []
    for name, data in wallet.pathway_files():
        try:
            made.append(read(data, name))
        except WalletError as error:
            wrong.append(error)
    return made, wrong


def figures(wallet: Wallet, now: datetime, language: str | None) -> list[Progress]:
    """How far each pathway of the wallet is filled; files that cannot be read are left out."""
    from wallet.pathways.candidates import from_rows
    from wallet.pathways.personal import from_records
    from wallet.pathways.progress import evaluate

    pathways, _ = pathway_definitions(wallet)
    if not pathways:
        return []
    candidates, said = from_rows(wallet.list_badges()), wallet.said_of_places()
    at = now.astimezone(UTC).date()
    return [
        evaluate(pathway, candidates, at, personal=from_records(said, pathway), language=language)
        for pathway in pathways
    ]


def whole(wallet: Wallet, badge_id: str, now: datetime, language: str | None) -> Whole:
    """All about one badge. Raises `NotFoundError`."""
    from exporters.presentation import build

    badge = wallet.badge(badge_id)
    begun = [progress for progress in figures(wallet, now, language) if progress.accepted.filled]
    shown = build(wallet, [badge_id], person=None, now=now, pathways=begun, language=language)
    return Whole(
        badge,
        wallet.timeline(badge_id),
        issuers(wallet).get(badge.row.issuer_id or ""),
        shown.badges[0].details,
        tuple((day(one.when), shared_words(one, now.astimezone(UTC).date())) for one in wallet.shared(badge_id)[::-1]),
    )
