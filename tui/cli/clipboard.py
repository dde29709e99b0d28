"""What lies on the clipboard, asked of the program that the system has for it. No shell, and nothing is ever put there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from wallet.errors import UsageError
from wallet.limits import LIMITS

_SECONDS = 10
_POWERSHELL = ("-NoProfile", "-NonInteractive", "-Command", "Get-Clipboard -Raw")


def read_clipboard() -> bytes:
    """The text on the clipboard. Raises `UsageError` when there is none, or no program to ask."""
    asked = False
    for command in _commands():
        program = shutil.which(command[0])
        if program is None:
            continue
        asked = True
        try:
            answer = subprocess.run(  # noqa: S603 - a fixed list of arguments, no shell
                [program, *command[1:]], stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout[: LIMITS.credential_bytes + 1]
    if asked:
        raise UsageError(
            "There is no text on the clipboard.",
            "Copy the badge's link, JSON or token again. Save a picture as a file: copying it drops the badge.",
        )
    raise UsageError(
        "No program that reads the clipboard was found (wl-paste, xclip, xsel, pbpaste, powershell).",
        "Install wl-clipboard or xclip; or run 'badgefolio import -', paste, and press Enter and Ctrl-D.",
    )


def _commands() -> Iterator[tuple[str, ...]]:
    """The programs that may be there, the likeliest first."""
    if sys.platform == "darwin":
        yield ("pbpaste",)
    elif sys.platform == "win32":
        yield ("powershell", *_POWERSHELL)
    else:
        if os.environ.get("WAYLAND_DISPLAY"):
            yield ("wl-paste", "--no-newline")
        if os.environ.get("DISPLAY"):
            yield ("xclip", "-selection", "clipboard", "-out")
            yield ("xsel", "--clipboard", "--output")
        yield ("powershell.exe", *_POWERSHELL)  # Linux within Windows
