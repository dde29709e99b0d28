"""`badgefolio completion`: the script that lets a shell complete commands, options and badge ids."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from tui.cli.frame import COMPLETE_VARIABLE, PROGRAM
from tui.cli.frame import command as make
from tui.cli.run import Run, with_run

_SHELLS = ("bash", "zsh", "fish")


@make(
    "completion",
    examples=(
        "badgefolio completion bash > ~/.local/share/bash-completion/completions/badgefolio",
        "badgefolio completion zsh > ~/.zfunc/_badgefolio",
        "badgefolio completion fish > ~/.config/fish/completions/badgefolio.fish",
    ),
)
@click.argument("shell", metavar="SHELL", type=click.Choice(_SHELLS))
@with_run
def command(run: Run, shell: str) -> None:
    """Print the completion script for your shell: bash, zsh or fish.

    It completes commands, options, and the ids of the badges in your wallet.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    root = click.get_current_context().find_root().command
    # The base class's `source`: bash's own asks the bash on this machine for its version first, and may find none.
    run.out.raw(ShellComplete.source(kind(root, {}, PROGRAM, COMPLETE_VARIABLE)))
