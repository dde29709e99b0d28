"""The line commands: the complete and accessible face of badgefolio. `main` is the entry point; no logic lives here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code."""
    from tui.cli.start import start  # so that importing this package costs nothing

    sys.exit(start(sys.argv[1:] if arguments is None else list(arguments)))
