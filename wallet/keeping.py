"""Keeping a pathway's file in the wallet: what `pathway add` and the app's import dialog do.

A newer version takes the place of the older one under the same file name; the store keeps the older bytes, so `undo` brings
them back. Reads and judges the file by `wallet.pathways`; decides nothing about progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wallet.errors import DefinitionError
from wallet.pathways.definition import read

if TYPE_CHECKING:
    from wallet.pathways.model import Pathway
    from wallet.store.wallet import Wallet


@dataclass(frozen=True, slots=True)
class KeptPathway:
    """A pathway that was just kept: where, and the version whose place it took, if there was one."""

    pathway: Pathway
    path: Path
    before: Pathway | None


def keep_pathway(wallet: Wallet, name: str, data: bytes, *, now: datetime) -> KeptPathway:
    """Keep the definition `data`, which came as the file `name`. Raises `DefinitionError` and `StoreError`."""
    pathway = read(data, name)
    file, before = name, None
    for kept, older in wallet.pathway_files():
        try:
            known = read(older, kept)
        except DefinitionError:
            continue  # a broken file that is kept already is not this one's fault; whoever lists pathways names it
        if known.id == pathway.id:
            file, before = kept, known
            break
    stem = file.removesuffix(".json").removesuffix(".toml").removesuffix(".pathway")
    return KeptPathway(pathway, wallet.save_pathway(stem, data, now=now), before)
