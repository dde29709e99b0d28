"""`make bench-compare A=old.json B=new.json`: ratios side by side."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(old: Path, new: Path) -> int:
    """Print each operation of both files with its two ratios."""
    before, after = ({row["operation"]: row["ratio"] for row in json.loads(p.read_text())["rows"]} for p in (old, new))
    for operation in sorted(before | after):
        ratios = [f"{found[operation]:.2f}x" if operation in found else "-" for found in (before, after)]
        print(f"{operation:<60} {ratios[0]:>8} -> {ratios[1]:>8}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("Say which two files to compare: make bench-compare A=old.json B=new.json")
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
