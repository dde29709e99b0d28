"""Two processes, two folders: the same badges give the same bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from exporters.certificate import render_certificate
from exporters.portfolio import render_portfolio
from tests.generate.presentations import a_presentation, a_source, mixed_sources

_SCRIPT = """
import sys, hashlib
from exporters.certificate import render_certificate
from exporters.portfolio import render_portfolio
from tests.generate.presentations import a_presentation, a_source, mixed_sources
shown = a_presentation(*mixed_sources())
print(hashlib.sha256(render_portfolio(shown)).hexdigest())
one = a_presentation(a_source())
print(hashlib.sha256(render_certificate(one, one.badges[0].id)).hexdigest())
"""


def test_another_process_in_another_time_zone_writes_the_same_bytes(tmp_path: Path) -> None:
    from hashlib import sha256

    shown, one = a_presentation(*mixed_sources()), a_presentation(a_source())
    here = [
        sha256(render_portfolio(shown)).hexdigest(),
        sha256(render_certificate(one, one.badges[0].id)).hexdigest(),
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(root),
            "TZ": "Pacific/Auckland",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "7",
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == here, done.stderr
