"""`make bench`: run every benchmark, print the table, keep the figures, and end with 1 when a gate was missed."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.harness import Row, save, table


def main(wanted: list[str]) -> int:
    """Run the benchmarks whose module name holds one of `wanted`, or all."""
    here = Path(__file__).parent
    names = sorted(path.stem for path in here.glob("bench_*.py"))
    rows: list[Row] = []
    for name in names:
        if wanted and not any(word in name for word in wanted):
            continue
        print(f"{name} …", file=sys.stderr)
        rows.extend(import_module(f"tests.benchmarks.{name}").rows())
    print(table(rows))
    print(f"\nkept in {save(rows, Path('build/bench'))}")
    missed = [row.operation for row in rows if row.result == "MISSED"]
    for operation in missed:
        print(f"gate missed: {operation}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
