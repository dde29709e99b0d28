"""Begins a run: the root command, the TUI when there is no command, and one way out for every kind of end."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Sequence

import click

from tui.cli.errors import report
from tui.cli.frame import COMPLETE_VARIABLE, PROGRAM, LazyGroup, add_common, options_of
from tui.cli.output import Err
from tui.cli.run import run_of

_HOW = """\
badgefolio keeps your Open Badges on your own disk, proves them, and makes portfolios and certificates of them.

On a terminal, 'badgefolio' without a command opens the full-screen app. This is no terminal, so use a command:

  badgefolio demo                 see everything at work with a sample learner
  badgefolio import FILE          bring in a badge: a picture, JSON, a folder or a link
  badgefolio list --plain         what is in your wallet, one fact a line
  badgefolio verify BADGE         prove a badge
  badgefolio --help               all commands
"""


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version  # 10 ms that other commands do not need

        sys.stdout.write(f"badgefolio {version('badgefolio')}\n")
        context.exit()


@click.group(PROGRAM, cls=LazyGroup, invoke_without_command=True)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version and leave."
)
@click.pass_context
def root(context: click.Context) -> int | None:
    """A wallet for your Open Badges: on your own disk, without an account.

    Without a command, on a terminal, it opens the full-screen app. Screen readers do better with the commands: each prints
    one fact a line with --plain.
    """
    if context.invoked_subcommand is not None:
        return None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stdout.write(_HOW)
        return 0
    from tui.app import run_app  # Textual: only here

    run = run_of(context)
    return run_app(run.paths, run.config)


root.examples = (
    "badgefolio demo                        see it work, without network",
    "badgefolio import ~/Downloads/badges   bring badges in",
    "badgefolio verify --all                prove them",
    "badgefolio export portfolio -o me.html  a page to send",
)
add_common(root)


def start(arguments: Sequence[str]) -> int:
    """Run the command line `arguments`; the exit code. Prints every error, raises none."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal's encoding lacks must not stop a list half way.
            stream.reconfigure(errors="backslashreplace")
    context: click.Context | None = None
    try:
        if _asked_for_completion():
            root.main(list(arguments), PROGRAM, complete_var=COMPLETE_VARIABLE)
        context = root.make_context(PROGRAM, list(arguments))
        with context:
            code = root.invoke(context)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place where everything ends
        return _end(error, context)


def _asked_for_completion() -> bool:
    import os

    return COMPLETE_VARIABLE in os.environ


def _end(error: BaseException, context: click.Context | None) -> int:
    run = run_of(context if context is not None else click.Context(root))
    err = Err(plain=options_of(context).plain if context is not None else False)
    with contextlib.suppress(BrokenPipeError):  # stderr may be gone as well
        return report(error, err, paths=run.paths, now=run.now)
    return 1
