"""One run of the program: where things are, what time it is, where words go, and the wallet once somebody needs it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property, update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec

import click

from tui.cli.frame import Options, options_of
from tui.cli.output import Err, Out
from wallet.paths import Paths

if TYPE_CHECKING:
    from wallet.config import Config
    from wallet.store.wallet import Wallet

P = ParamSpec("P")
_META = "badgefolio.run"


class Run:
    """Made once for a command line. Everything costly is made when it is first asked for."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the one clock of this run
        self._stack = ExitStack()
        self._wallet: Wallet | None = None

    @cached_property
    def paths(self) -> Paths:
        """Where things lie."""
        return Paths.of_user(self.options.wallet)

    @cached_property
    def config(self) -> Config:
        """The learner's settings."""
        from wallet.config import read_config

        return read_config(self.paths.config)

    @cached_property
    def out(self) -> Out:
        """Data."""
        return Out(self.err, json_form=self.options.json, plain=self.options.plain, ascii_only=self.options.ascii)

    @cached_property
    def err(self) -> Err:
        """Notes, progress, errors."""
        return Err(plain=self.options.plain)

    @property
    def has_wallet(self) -> bool:
        """Whether there is a wallet yet; looking for one creates none."""
        return (self.paths.wallet / "wallet.toml").is_file()

    @property
    def wallet(self) -> Wallet:
        """The wallet, opened once; created if there is none: for commands that put something in."""
        if self._wallet is None:
            from wallet.store.wallet import Wallet

            self._wallet = self._stack.enter_context(Wallet.open(self.paths, now=self.now, create=True))
        return self._wallet

    @property
    def wallet_if_any(self) -> Wallet | None:
        """The wallet if there is one: for commands that only read."""
        return self.wallet if self._wallet is not None or self.has_wallet else None

    def close(self) -> None:
        """Let go of what was opened."""
        self._stack.close()


def run_of(context: click.Context) -> Run:
    """The run that this context belongs to."""
    found = context.meta.get(_META)
    if isinstance(found, Run):
        return found
    made = Run(options_of(context))
    context.meta[_META] = made
    context.find_root().call_on_close(made.close)
    return made


def with_run(function: Callable[Concatenate[Run, P], int | None]) -> Callable[P, int | None]:
    """Give a command its `Run` as first argument."""

    def call(*args: P.args, **kwargs: P.kwargs) -> int | None:
        return function(run_of(click.get_current_context()), *args, **kwargs)

    return update_wrapper(call, function)
