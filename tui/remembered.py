"""Which cohort is meant when none is named: the folder scanned last and the pathway files named then.

Kept in this computer's state folder, never in a wallet: an advisor may have none, and a learner's wallet is none of theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wallet.errors import NotFoundError, WalletError

if TYPE_CHECKING:
    from wallet.paths import Paths
    from wallet.pathways.model import Pathway

HOW_TO_SCAN = "Scan the folder with what learners handed over: badgefolio cohort scan FOLDER"
_STORE = ".badgefolio-cohort"
_FILE = "cohort.json"
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """pathways: absolute paths of the files that were named with the last scan."""

    folder: Path | None = None
    pathways: tuple[str, ...] = ()


def remembered(state: Path) -> Remembered:
    """What is kept in the folder `state`; nothing where that cannot be read."""
    from wallet.documents.strict_json import JsonProblem, parse_object

    try:
        with (state / _FILE).open("rb") as file:
            found = parse_object(file.read(_LARGEST))
    except (OSError, JsonProblem):
        return Remembered()
    folder, pathways = found.get("folder"), found.get("pathways")
    return Remembered(
        Path(folder) if isinstance(folder, str) else None,
        tuple(one for one in pathways if isinstance(one, str)) if isinstance(pathways, list) else (),
    )


def remember(state: Path, folder: Path, pathways: Sequence[str]) -> None:
    """Make this folder the one that is meant from now on. Raises `OSError` and `WalletError` where it cannot be kept."""
    from exporters.atomic import write_file

    files = [str(Path(one).expanduser().resolve()) for one in pathways if is_file(one)]
    data = json.dumps({"folder": str(folder.resolve()), "pathways": files}, ensure_ascii=True).encode("ascii")
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(state / _FILE, data, force=True)


def cohort_folder(state: Path, named: str | None) -> Path:
    """The folder that is meant: the one named, the one scanned last, or this one. Raises `NotFoundError` with the next step."""
    if named is not None:
        return Path(named).expanduser()
    for folder in (remembered(state).folder, Path()):
        if folder is not None and (folder / _STORE).is_dir():
            return folder
    raise NotFoundError("No cohort was scanned yet, and this folder holds none.", f"{HOW_TO_SCAN}.")


def is_file(name: str) -> bool:
    """Whether a pathway is named by a file."""
    return Path(name).expanduser().is_file()


def read_pathway(name: str) -> Pathway:
    """The pathway in a file. Raises `DefinitionError`, and `OSError`."""
    from wallet.limits import LIMITS
    from wallet.pathways.definition import read

    path = Path(name).expanduser()
    with path.open("rb") as file:
        return read(file.read(LIMITS.pathway_bytes + 1), path.name)


def at_hand(
    paths: Paths, names: Sequence[str] = (), say: Callable[[str, WalletError], None] | None = None
) -> list[Pathway]:
    """Definitions at hand: in the files named now, in those named at the last scan, and in the wallet where there is one.

    say: told of each file that cannot be read as a pathway, with the reason; such a file is left out.
    """
    from wallet.pathways.definition import read

    found: list[Pathway] = []
    for name in dict.fromkeys((*names, *remembered(paths.state).pathways)):
        if is_file(name):
            try:
                found.append(read_pathway(name))
            except OSError:
                continue  # it was there a moment ago
            except WalletError as error:
                if say is not None:
                    say(name, error)
    for name, data in _kept(paths):
        try:
            found.append(read(data, name))
        except WalletError as error:
            if say is not None:
                say(name, error)
    return found


def _kept(paths: Paths) -> tuple[tuple[str, bytes], ...]:
    """Pathway files of the wallet. The wallet is not opened: an advisor's look makes none and waits for none."""
    from wallet.store.disk import Disk
    from wallet.store.files import OwnFiles

    try:
        return OwnFiles(paths.wallet, Disk()).all()
    except OSError:
        return ()
