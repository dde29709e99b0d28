"""The frame that all commands stand in: their options in common, their help with examples, loading them only when asked.

A command module is imported when its command runs. The list of commands and their one-line help therefore stands here, and
a test compares it with what the commands say of themselves. Nothing here touches the wallet.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import ParamSpec

import click

from wallet.text import clean

P = ParamSpec("P")

PROGRAM = "badgefolio"
COMPLETE_VARIABLE = "_BADGEFOLIO_COMPLETE"
_META = "badgefolio.options"


@dataclass(slots=True)
class Options:
    """The options that every command knows, filled while click reads the line, before or after the command's name."""

    wallet: Path | None = None
    json: bool = False
    plain: bool = False
    ascii: bool = False
    allow_hosts: tuple[str, ...] = ()
    offline: bool = False


def options_of(context: click.Context) -> Options:
    """The one `Options` of this run; click shares `meta` between a command and the groups it stands in."""
    found = context.meta.get(_META)
    if isinstance(found, Options):
        return found
    made = Options()
    context.meta[_META] = made
    return made


def _set_wallet(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        options_of(context).wallet = Path(value).expanduser()


def _set_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        options_of(context).json = True


def _set_plain(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        options_of(context).plain = True


def _set_ascii(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        options_of(context).ascii = True


def _set_offline(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        options_of(context).offline = True


def _set_allow_hosts(context: click.Context, _: click.Parameter, value: tuple[str, ...]) -> None:
    options = options_of(context)
    options.allow_hosts = (*options.allow_hosts, *(value or ()))


def _common(network: bool) -> list[click.Parameter]:
    made: list[click.Parameter] = [
        click.Option(
            ["--wallet"], metavar="DIR", expose_value=False, callback=_set_wallet, help="Use the wallet in this folder."
        ),
        click.Option(
            ["--json"], is_flag=True, expose_value=False, callback=_set_json, help="Print JSON (see docs/json.md)."
        ),
        click.Option(
            ["--plain"],
            is_flag=True,
            expose_value=False,
            callback=_set_plain,
            help="One fact a line, 'name: value': for screen readers and pipes.",
        ),
        click.Option(
            ["--ascii"], is_flag=True, expose_value=False, callback=_set_ascii, help="Marks in plain ASCII: + x R E ? ."
        ),
    ]
    if network:
        made += [
            click.Option(
                ["--offline"],
                is_flag=True,
                expose_value=False,
                callback=_set_offline,
                help="Ask nobody: use what the wallet kept.",
            ),
            click.Option(
                ["--allow-host"],
                multiple=True,
                metavar="HOST[:PORT]",
                expose_value=False,
                callback=_set_allow_hosts,
                help="Contact this host although it is in a private network; may be repeated.",
            ),
        ]
    return made


class _Helpful:
    """Help with the command's own options first, those of every command apart, and examples at the end."""

    examples: tuple[str, ...] = ()
    common: tuple[click.Parameter, ...] = ()

    def write_options(self, context: click.Context, formatter: click.HelpFormatter, own: list[click.Parameter]) -> None:
        for title, params in (("Options", own), ("Options of every command", list(self.common))):
            options = [param for param in params if isinstance(param, click.Option)]
            records = [record for option in options if (record := option.get_help_record(context)) is not None]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def write_examples(self, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("Examples" if len(self.examples) > 1 else "Example"):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")


class Command(_Helpful, click.Command):
    """One command. Its function returns the exit code, or None for 0."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Own options, then common ones."""
        self.write_options(ctx, formatter, [p for p in self.get_params(ctx) if p not in self.common])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The examples."""
        self.write_examples(formatter)


class Group(_Helpful, click.Group):
    """A command that has commands of its own, such as `identity`. Suggests what an unknown word may have meant."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Own options, then common ones, then the commands."""
        self.write_options(ctx, formatter, [p for p in self.get_params(ctx) if p not in self.common])
        self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The examples."""
        self.write_examples(formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, but an unknown word is answered with the nearest ones. Nothing is guessed and run."""
        if args and not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None and args[0][:1] != "-":
            near = difflib.get_close_matches(args[0].lower(), self.list_commands(ctx), n=3, cutoff=0.5)
            hint = f" Did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
            raise click.UsageError(f"There is no command '{clean(args[0], limit=60)}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives (module below `tui.cli.commands`, attribute), under which heading, and its one-line help."""

    module: str
    section: str
    help: str


COMMANDS: dict[str, Entry] = {
    "demo": Entry("demo", "Begin", "See everything at work with a sample learner, without network."),
    "import": Entry("import_", "Begin", "Bring badges into the wallet from files, folders and links."),
    "account": Entry("account", "Begin", "See which accounts badges were brought in from, and forget them."),
    "identity": Entry("identity", "Begin", "Keep the names that badges are awarded to: your addresses."),
    "list": Entry("list_", "Look", "List the badges in the wallet."),
    "show": Entry("show", "Look", "Show all that is known of one badge, without asking anybody."),
    "search": Entry(
        "search",
        "Look",
        "Find badges by words in their name, issuer, criteria and tags.",
    ),
    "history": Entry("history", "Look", "Tell what happened in the wallet, or to one badge, newest first."),
    "verify": Entry("verify", "Prove", "Prove badges: are they authentic, yours, still good?"),
    "issuer": Entry("issuer", "Prove", "See whom your badges come from, and keep your own word about them."),
    "tag": Entry("tag", "Arrange", "Put a label of your own on badges, or take it off."),
    "note": Entry(
        "note",
        "Arrange",
        "Keep a note of your own with a badge.",
    ),
    "hide": Entry("hide", "Arrange", "Keep badges out of lists and exports; nothing is deleted."),
    "remove": Entry("remove", "Arrange", "Take badges out of the wallet; 'undo' brings them back."),
    "undo": Entry(
        "undo",
        "Arrange",
        "Take back the last change.",
    ),
    "pathway": Entry("pathway", "Arrange", "See how far you are on a pathway, and what is missing."),
    "export": Entry("export", "Hand out", "Write a portfolio, a certificate, the originals or a bundle for somebody."),
    "cohort": Entry(
        "cohort",
        "Advise",
        "See where a whole group of learners stands, from what they handed over.",
    ),
    "doctor": Entry("doctor", "Care", "Examine the wallet folder and mend what can be mended."),
    "paths": Entry("paths", "Care", "Tell where everything is kept."),
    "config": Entry("config", "Care", "Show the settings and where they come from."),
    "completion": Entry("completion", "Care", "Print the completion script for your shell: bash, zsh or fish."),
}
_SECTIONS = ("Begin", "Look", "Prove", "Arrange", "Hand out", "Advise", "Care")


class LazyGroup(Group):
    """The root: knows its commands by name and imports one only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """All names, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        found = getattr(import_module(f"tui.cli.commands.{entry.module}"), "command", None)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The table above by sections: no command is imported to print its help line."""
        for section in _SECTIONS:
            with formatter.section(section):
                formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items() if entry.section == section])


def command(
    name: str, *, examples: Sequence[str], network: bool = False
) -> Callable[[Callable[P, int | None]], Command]:
    """Make a function a command with the common options; `network` adds `--offline` and `--allow-host`."""

    def wrap(function: Callable[P, int | None]) -> Command:
        made = click.command(name, cls=Command)(function)
        made.examples = tuple(examples)
        made.common = tuple(_common(network))
        made.params.extend(made.common)
        return made

    return wrap


def group(name: str, *, examples: Sequence[str]) -> Callable[[Callable[P, None]], Group]:
    """Make a function a group of commands; without a command it prints its help."""

    def wrap(function: Callable[P, None]) -> Group:
        made = click.group(name, cls=Group)(function)
        made.examples = tuple(examples)
        made.common = tuple(_common(network=False))
        made.params.extend(made.common)
        return made

    return wrap


def add_common(made: LazyGroup) -> None:
    """Give the root the common options too, so that they may stand before the command's name."""
    made.common = tuple(_common(network=True))
    made.params.extend(made.common)
