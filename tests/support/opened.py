"""Which files below a folder are opened while a test looks, by whatever call."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_watching: list[tuple[str, list[str]]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _watching and isinstance(arguments[0], str | bytes | os.PathLike):
        path = os.fsdecode(arguments[0])
        for folder, opened in _watching:
            if path.startswith(folder + os.sep):
                opened.append(os.path.relpath(path, folder))


# An audit hook cannot be taken away again, so it is put in once and looks at nothing most of the time.
sys.addaudithook(_hook)


@contextmanager
def opened_below(folder: Path) -> Iterator[list[str]]:
    """Relative paths of the files opened below `folder`, as often as they were."""
    opened: list[str] = []
    _watching.append((str(folder), opened))
    try:
        yield opened
    finally:
        _watching.remove((str(folder), opened))
