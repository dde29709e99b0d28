"""The one place that turns what went wrong into words and an exit code. Nobody ever sees a traceback on a screen."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import click

from tui.cli.output import Err
from tui.crash import sentences, write_log
from wallet.errors import WalletError
from wallet.paths import Paths
from wallet.progress import Cancelled
from wallet.text import clean

CANCELLED = 130


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
    err.error(*sentences(error, write_log(error, paths.state, now)))
    return 1
