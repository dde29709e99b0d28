"""What every demo does: a fresh folder of its own, settings of its own, and a story told by the commands that people type.

Each step knows how it must end, so a story is a check of the product as well: a step that ends otherwise is said.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wallet.errors import TargetExistsError
from wallet.text import clean

#: Only a folder that holds this file is ever replaced.
_MARKER = ".badgefolio-demo"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is about to happen, the command, and how it must end. Without a title it belongs to the one before.

    first: what the world does just before.
    """

    title: str
    why: str
    arguments: tuple[str, ...]
    ends: int = 0
    first: Callable[[], None] | None = None


def tell(steps: Sequence[Step], say: Say) -> int:
    """Tell the steps; how many did not end as they should."""
    from tui.cli.start import start  # the same door as the command line's

    failed = number = 0
    titled = sum(1 for step in steps if step.title)
    for step in steps:
        if step.first is not None:
            step.first()
        say("")
        if step.title:
            number += 1
            say(f"── {number} of {titled} ─ {step.title}")
        if step.why:
            say(f"   {step.why}")
        say(f"$ badgefolio {shlex.join(step.arguments)}")
        sys.stdout.flush()  # a command may write to stderr, and the two should meet in the right order in a file as well
        code = start(step.arguments)
        sys.stderr.flush()
        if code != step.ends:
            failed += 1
            say(f"This step ended with {code} instead of {step.ends}: please report it with the lines above.")
    return failed


@contextmanager
def moved_to(home: Path) -> Iterator[None]:
    """All of badgefolio's folders under `home` while this lasts, whatever the learner's own settings are."""
    before = os.environ.get("BADGEFOLIO_HOME")
    os.environ["BADGEFOLIO_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["BADGEFOLIO_HOME"]
        else:
            os.environ["BADGEFOLIO_HOME"] = before


def write_settings(home: Path, person: str, allow_hosts: Sequence[str]) -> None:
    """Settings of a sample: loopback is refused as any private address is, unless it is allowed by name."""
    home.mkdir(parents=True, exist_ok=True)
    allowed = ", ".join(f'"{host}"' for host in allow_hosts)
    (home / "config.toml").write_text(
        f'person = "{person}"\n\n[network]\nallow_hosts = [{allowed}]  # the two sample issuers\n', encoding="utf-8"
    )


def fresh(folder: Path) -> Path:
    """An empty folder of ours: made, or emptied when an earlier demo made it."""
    if folder.exists():
        if not (folder / _MARKER).is_file():
            raise TargetExistsError(
                f"{clean(str(folder))} is there already and was not made by the demo; nothing was changed.",
                "Give another folder: badgefolio demo -o FOLDER",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARKER).write_text("badgefolio demo made this folder and may replace it.\n", encoding="utf-8")
    return folder


def shown(path: Path) -> str:
    """A path as people would type it here."""
    full = path.absolute()
    here = Path.cwd()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(full)


def program() -> str:
    """How the program is called from here."""
    return "badgefolio" if shutil.which("badgefolio") else ".venv/bin/badgefolio"


def say_next(commands: Sequence[tuple[str, str]], say: Say) -> None:
    """What to type next, in two columns: a command, and what it is for."""
    say("")
    say("What to type next:")
    width = max(len(command) for command, _ in commands)
    for command, about in commands:
        say(f"  {command:<{width}}  {about}")
