"""An issuer's name and the learner's own word about it, in every face alike. Pure; what it returns is clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.words import named
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.store.issuers import IssuerRow

#: What each kept word means, said as the learner's: no verdict hangs on it.
WORDS = {"trusted": "you trust it", "distrusted": "you distrust it"}


def title(row: IssuerRow) -> str:
    """The name that its badges give it most, or its address."""
    return named(row.names[0] if row.names else "", clean(row.id, limit=80))


def own_word(row: IssuerRow) -> str:
    """What the learner thinks of it, as the learner's word; "" for nothing."""
    said = WORDS.get(row.trust, "")
    return said + (f": {clean(row.note)}" if said and row.note else "")
