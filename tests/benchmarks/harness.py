"""How benchmarks measure: the product beside what the parts can do at best, alternately, in the same run.

A figure in seconds says how busy this computer is; a ratio says how good the code is. Only ratios are judged, and a row
whose rounds differ by more than a factor of two is not judged at all.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One operation: seconds at best for the limit and the product (or `unit`), and what the ratio may be at most."""

    operation: str
    limit: float
    product: float
    gate: float
    stretch: float
    noisy: bool
    note: str = ""
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times the limit the product takes."""
        return self.product / self.limit

    @property
    def result(self) -> str:
        """`stretch`, `gate`, `MISSED`, or `noisy` when it cannot be judged."""
        if self.ratio <= self.stretch:
            return "stretch"
        if self.ratio <= self.gate:
            return "gate"
        return "noisy" if self.noisy else "MISSED"


def measure(
    operation: str,
    limit: Callable[[], object],
    product: Callable[[], object],
    *,
    gate: float,
    stretch: float,
    rounds: int = ROUNDS,
    note: str = "",
) -> Row:
    """The best of `rounds` of both, taken in turns after one warm-up each."""
    limit()
    product()
    limits, products = [], []
    for _ in range(rounds):
        limits.append(_seconds(limit))
        products.append(_seconds(product))
    noisy = max(limits) > 2 * min(limits) or max(products) > 2 * min(products)
    return Row(operation, min(limits), min(products), gate, stretch, noisy, note)


def _seconds(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def cold(code: str, *, cache: Path, env: dict[str, str] | None = None) -> None:
    """Run `code` in a new interpreter with a warm bytecode cache of its own, as a second start on a desktop would be."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": str(cache), **(env or {})}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=Path.cwd())
    if done.returncode:
        raise RuntimeError(done.stderr)


def table(rows: Sequence[Row]) -> str:
    """The rows as people read them."""
    head = ("operation", "limit", "product", "ratio", "gate", "stretch", "result")
    lines = [
        (
            row.operation,
            _spelled(row.limit, row.unit),
            _spelled(row.product, row.unit),
            f"{row.ratio:.2f}x",
            f"{row.gate:g}x",
            f"{row.stretch:g}x",
            row.result + (f" ({row.note})" if row.note else ""),
        )
        for row in rows
    ]
    widths = [max(len(line[n]) for line in (head, *lines)) for n in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *lines)
    )


def _spelled(value: float, unit: str) -> str:
    return f"{value * 1000:,.0f} ms" if unit == "s" else f"{value:,.0f} {unit}"


def save(rows: Sequence[Row], folder: Path) -> Path:
    """Keep the figures with what they were measured on (`badgefolio-bench/1`)."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    document = {
        "format": "badgefolio-bench/1",
        "taken_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": commit,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("httpx", "pyld", "cryptography", "textual", "click", "rich")},
        "cpu": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": os.getloadavg()[0],
        "rows": [asdict(row) | {"ratio": row.ratio, "result": row.result} for row in rows],
    }
    target = folder / f"{now:%Y-%m-%dT%H%M%S}.json"
    target.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return target
