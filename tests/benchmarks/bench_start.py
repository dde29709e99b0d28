"""How long somebody waits before anything is on the screen: processes from cold, with a warm bytecode cache."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.harness import Row, cold, measure
from tests.generate import badges
from tests.generate.worlds import NOW
from wallet.found import Carrier, Found, Kind
from wallet.paths import Paths
from wallet.store.wallet import Wallet

_BADGES = 10_000
_FRAME = "import json, sqlite3, click, rich.console, rich.table, rich.text"


def rows() -> list[Row]:
    """`--help` and `list` beside the imports that each cannot do without."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        cache = base / "pyc"
        home = base / "home"
        fill(Paths.under(home))
        env = {"BADGEFOLIO_HOME": str(home)}
        return [
            measure(
                "--help, cold, beside python + click",
                lambda: cold("import click", cache=cache),
                lambda: cold("from tui.cli.start import start; start(['--help'])", cache=cache, env=env),
                gate=3,
                stretch=1.5,
            ),
            measure(
                f"list first 50 of {_BADGES:,}, cold, beside python + sqlite3 + rich + click",
                lambda: cold(_FRAME, cache=cache),
                lambda: cold(
                    "from tui.cli.start import start; start(['list', '--limit', '50', '--json'])", cache=cache, env=env
                ),
                gate=3,
                stretch=1.5,
            ),
        ]


def fill(paths: Paths, *, picture: int = 0) -> None:
    """A wallet of 10,000 hosted badges, each with a picture of about `picture` bytes if that is not 0."""
    found = [
        Found(
            Kind.OB2_JSON,
            Carrier.PNG if picture else Carrier.JSON,
            json.dumps(
                badges.assertion(
                    number,
                    issuedOn=(NOW - timedelta(days=number % 900)).isoformat(),
                    badge=badges.badge_class(id=f"{badges.HOST}/classes/{number}", name=f"Class {number}"),
                )
            ).encode(),
            container=number.to_bytes(4, "big") * (picture // 4) if picture else None,
            claimed_id=f"{badges.HOST}/awards/{number}",
        )
        for number in range(_BADGES)
    ]
    with Wallet.open(paths, now=NOW) as wallet:
        for start in range(0, _BADGES, 1_000):
            wallet.add(found[start : start + 1_000], now=NOW)
