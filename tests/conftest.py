"""The garbage collector during tests: what is imported and collected stays to the end, so it need not be looked through again."""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """Leave everything there is to itself, and look for cycles of what tests make less often than Python would."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
