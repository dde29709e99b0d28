"""The garbage collector during tests: what is imported and collected stays to the end, so it need not be looked through again."""

from __future__ import annotations

import gc


def pytest_configure() -> None:
    """Let modules and tests pile up: none of it is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave all that to itself, and look for cycles of what tests make less often than Python would."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
