"""Reading the inputs of `import` and `verify`: files, folders, links and standard input become what importers found there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from wallet.errors import UsageError
from wallet.fetch.base import Fetcher
from wallet.found import ImportReport
from wallet.limits import LIMITS
from wallet.text import clean

STDIN = "-"
STDIN_NAME = "standard input"


def is_link(text: str) -> bool:
    """Whether this is an address and not a file."""
    return text.lower().startswith(("http://", "https://"))


def looks_like_file(text: str) -> bool:
    """Whether somebody who wrote this meant a file: the ids and names of badges have neither a slash nor such an end."""
    return "/" in text or Path(text).suffix.lower() in (
        ".png",
        ".svg",
        ".json",
        ".jws",
        ".jwt",
        ".jsonld",
        ".txt",
        ".zip",
    )


def no_such_file(text: str) -> UsageError:
    """The sentence for a path that leads nowhere."""
    return UsageError(
        f"There is no file or folder '{clean(text, limit=200)}'.",
        "Check the spelling and the folder; nothing was changed.",
    )


def check_sources(sources: Sequence[str]) -> None:
    """Refuse the whole line if one source is not there: before anything was done."""
    for source in sources:
        if source != STDIN and not is_link(source) and not Path(source).exists():
            raise no_such_file(source)


def read_source(source: str, net: Fetcher | None) -> Iterator[ImportReport]:
    """What importers find in one source: one report a file, as they are read. `net` is asked only for links."""
    from importers.find import find, iter_find

    if source == STDIN:
        data = sys.stdin.buffer.read(LIMITS.archive_bytes + 1)
        yield find(data, name=STDIN_NAME)
    elif is_link(source):
        yield find(source, net=net)
    else:
        yield from iter_find([Path(source)])
