"""What screens read from the wallet beyond one row: issuers with their look-alikes, pathways with their figures, all of a badge.

For workers: on a large wallet each of these takes a moment. Nothing is changed and nobody is asked.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.app.badge_views import IssuerView, Whole
from wallet.errors import WalletError

if TYPE_CHECKING:
    from wallet.pathways.results import Progress
    from wallet.store.wallet import Wallet


def issuers(wallet: Wallet) -> dict[str, IssuerView]:
    """Every issuer by id, in the wallet's order."""
    from wallet.lookalikes import lookalikes

    rows = wallet.issuers()
    alike = lookalikes(rows)
    return {row.id: IssuerView(row, alike.get(row.id, ())) for row in rows}


def figures(wallet: Wallet, now: datetime, language: str | None) -> tuple[list[Progress], list[WalletError]]:
    """How far each pathway of the wallet is filled, and what is wrong with the files that cannot be read."""
    from wallet.pathways.candidates import from_rows
    from wallet.pathways.definition import read
    from wallet.pathways.personal import from_records
    from wallet.pathways.progress import evaluate

    files = wallet.pathway_files()
    if not files:
        return [], []
    candidates, said = from_rows(wallet.list_badges()), wallet.said_of_places()
    at = now.astimezone(UTC).date()
    made, wrong = [], []
    for name, data in files:
        try:
            pathway = read(data, name)
            made.append(evaluate(pathway, candidates, at, personal=from_records(said, pathway), language=language))
        except WalletError as error:
            wrong.append(error)
    return made, wrong


def whole(wallet: Wallet, badge_id: str, now: datetime, language: str | None) -> Whole:
    """All about one badge. Raises `NotFoundError`."""
    from exporters.presentation import build

    badge = wallet.badge(badge_id)
    begun = [progress for progress in figures(wallet, now, language)[0] if progress.accepted.filled]
    shown = build(wallet, [badge_id], person=None, now=now, pathways=begun, language=language)
    return Whole(
        badge,
        wallet.timeline(badge_id),
        issuers(wallet).get(badge.row.issuer_id or ""),
        shown.badges[0].details,
    )
