"""The files as the learner brought them, byte for byte, into a folder. Nothing is added, converted or left out of one.

`planned` decides the names and writes nothing, so that a learner can see them first; `write_originals` puts them on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exporters.atomic import write_file
from exporters.words import slug
from wallet.errors import ExportError
from wallet.progress import Event, Progress, silent
from wallet.text import clean

if TYPE_CHECKING:
    from wallet.found import Kind
    from wallet.store.wallet import BadgeRow, Wallet

_SUFFIX = {"png": ".png", "svg": ".svg", "json": ".json", "jws": ".jws", "url": ".url.txt", "pdf": ".pdf"}


@dataclass(frozen=True, slots=True)
class Brought:
    """One file: under which name it will lie, the digest of its bytes, and what the badge in it is."""

    badge: str
    name: str
    sha256: str
    kind: Kind
    raw_sha256: str


def planned(wallet: Wallet, rows: Sequence[BadgeRow]) -> tuple[Brought, ...]:
    """Every file that was brought for these badges, in their order. Forms that came in one file are one file."""
    found = []
    for row in rows:
        forms = {form.container_sha or form.raw_sha: form for form in wallet.badge(row.id).representations}
        for number, (sha, form) in enumerate(forms.items(), 1):
            more = f"-{number}" if number > 1 else ""
            name = f"{slug(row.name, row.id)}{more}{_SUFFIX.get(form.carrier.value, '.bin')}"
            found.append(Brought(row.id, name, sha, form.kind, form.raw_sha))
    return tuple(found)


def write_originals(
    wallet: Wallet, files: Sequence[Brought], folder: Path, *, force: bool = False, progress: Progress = silent
) -> tuple[Path, ...]:
    """Write them into `folder`, made if needed. Raises `TargetExistsError` unless `force`; what is written by then stays."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"The folder {clean(str(folder))} could not be made; nothing was written.",
            "Name a folder that you may write to.",
        ) from error
    written = []
    for number, file in enumerate(files, 1):
        written.append(write_file(folder / file.name, wallet.read(file.sha256), force=force))
        progress(Event("originals", number, len(files)))
    return tuple(written)
