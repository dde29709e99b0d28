"""What is kept of an error that nobody expected: a log for whoever reports it, so that no screen has to show a traceback."""

from __future__ import annotations

import os
import re
import traceback
from datetime import datetime
from pathlib import Path

from wallet.text import clean

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def write_log(error: BaseException, folder: Path, now: datetime) -> Path | None:
    """The traceback, without control characters, addresses and the name of the home folder; None if it cannot be kept."""
    text = clean("".join(traceback.format_exception(error)), lines=True, limit=100_000)
    text = _ADDRESS.sub("<address>", text).replace(str(Path.home()), "~")
    log = folder / f"crash-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError:
        return None
    return log


def sentences(error: BaseException, log: Path | None) -> tuple[str, str]:
    """What happened and the next step, for people."""
    what = clean(str(error), limit=120)
    return (
        f"Something went wrong that badgefolio does not know ({type(error).__name__}{': ' + what if what else ''}).",
        f"Nothing more was changed; please report it with the log in {clean(str(log))}."
        if log is not None
        else "Nothing more was changed; run 'badgefolio doctor', then try again.",
    )
