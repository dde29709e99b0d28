"""The one place that turns what went wrong into words and an exit code. Nobody ever sees a traceback on a screen."""

from __future__ import annotations

import os
import re
import sys
import traceback
from datetime import datetime
from pathlib import Path

import click

from tui.cli.output import Err
from wallet.errors import WalletError
from wallet.paths import Paths
from wallet.progress import Cancelled
from wallet.text import clean

CANCELLED = 130
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def report(error: BaseException, err: Err, *, paths: Paths, now: datetime) -> int:
    """Say `error` on stderr; the exit code that belongs to it."""
    match error:
        case WalletError():
            err.error(error.message, error.remedy)
            return error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            sys.stderr.write(error.format_message() + "\n")
            return 2
        case click.UsageError():
            where = error.ctx.command_path if error.ctx is not None else "badgefolio"
            err.error(_sentence(error.format_message()), f"'{where} --help' shows how it is used, with an example.")
            return 2
        case click.ClickException():
            err.error(_sentence(error.format_message()), "")
            return 2
        case KeyboardInterrupt() | Cancelled() | click.Abort():
            err.note("Stopped. What was reported as done stays done.")
            return CANCELLED
        case BrokenPipeError():
            return _quiet_pipe()
        case OSError() if error.errno is not None and error.strerror:
            name = f" ({clean(str(error.filename))})" if error.filename else ""
            err.error(
                f"The computer refused: {clean(error.strerror)}{name}.",
                "Check the place, its free space and your rights to it, then run this again.",
            )
            return 1
        case _:
            return _unexpected(error, err, paths=paths, now=now)


def _sentence(text: str) -> str:
    text = clean(text).rstrip()
    return text if text.endswith((".", "!", "?")) else text + "."


def _quiet_pipe() -> int:
    """The reader of stdout has gone, as `head` does: nothing to say, and Python must not try to flush at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    finally:
        os.close(nowhere)
    return 0


def _unexpected(error: BaseException, err: Err, *, paths: Paths, now: datetime) -> int:
    what = clean(str(error), limit=120)
    log = _write_log(error, paths.state, now)
    err.error(
        f"Something went wrong that badgefolio does not know ({type(error).__name__}{': ' + what if what else ''}).",
        f"Nothing more was changed; please report it with the log in {clean(str(log))}."
        if log is not None
        else "Nothing more was changed; run 'badgefolio doctor', then try again.",
    )
    return 1


def _write_log(error: BaseException, folder: Path, now: datetime) -> Path | None:
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
