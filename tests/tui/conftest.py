"""Asynchronous tests: each runs in an event loop of its own."""

from __future__ import annotations

import asyncio
import inspect
import warnings

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine function."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}))
    return True


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same terminal for every test, whatever it is started from: one that draws no pictures, which most tests need not."""
    for name in ("NO_COLOR", "TMUX", "COLORTERM", "TEXTUAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "linux")
    # textual-image asks Pillow for pixels by a name that Pillow 14 will drop; nothing of ours can change that.
    warnings.filterwarnings("ignore", message=".*getdata is deprecated", category=DeprecationWarning)
