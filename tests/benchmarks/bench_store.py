"""What a big wallet costs: searching it, making its index anew, and examining every byte of it."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.benchmarks.bench_start import fill
from tests.benchmarks.harness import Row, measure
from tests.generate.worlds import NOW
from wallet.paths import Paths
from wallet.store.doctor import examine
from wallet.store.events import read_log
from wallet.store.wallet import Wallet

_BADGES = 10_000
_KEYS = ("c", "cl", "cla", "clas", "class", "class 1", "class 12", "class 123", "rowan", "rowan class 7")


def rows() -> list[Row]:
    """One wallet of 10,000 badges, three questions."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.under(Path(folder))
        fill(paths, picture=20_000)
        with Wallet.open(paths, now=NOW) as wallet:
            return [
                measure(
                    f"{len(_KEYS)} search keystrokes in {_BADGES:,} badges, 50 rows each, beside FTS5 alone",
                    _plain_search(wallet),
                    lambda: [wallet.list_badges(text=text, limit=50) for text in _KEYS],
                    gate=4,
                    stretch=2,
                ),
                measure(
                    f"index of {_BADGES:,} badges made anew, beside read + hash + parse + log + FTS5",
                    lambda: _plain_rebuild(paths.wallet),
                    wallet._index.rebuild,
                    gate=2,
                    stretch=1.3,
                    rounds=4,
                ),
                measure(
                    f"doctor on {_BADGES:,} originals, 240 MB, beside read + hash of the same files",
                    lambda: _hashed(paths.wallet),
                    lambda: _healthy(paths),
                    gate=6,
                    stretch=2,
                    rounds=3,
                    note="doctor also makes a second index",
                ),
            ]


def _plain_search(wallet: Wallet) -> Callable[[], object]:
    matches = [" AND ".join(f'"{word}"*' for word in text.split()) for text in _KEYS]
    sql = (
        "select * from badge where n in (select rowid from words where words match ?) order by issued_on desc limit 50"
    )
    return lambda: [wallet._index.query(sql, (match,)) for match in matches]


def _plain_rebuild(root: Path) -> None:
    events = [event for log in (root / "events").iterdir() for event in read_log(log.read_bytes()).events]
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table words using fts5 (name, issuer, criteria, prefix = '2 3')")
    connection.execute("create table event (sum text primary key, data text)")
    for event in events:
        content = (root / "objects" / str(event.on)[:2] / str(event.on)).read_bytes()
        if sha256(content).hexdigest() != event.on:
            raise AssertionError("the sample is damaged")
        badge = json.loads(content)["badge"]
        connection.execute("insert into event values (?, ?)", (event.sum, json.dumps(event.data)))
        values = (badge["name"], str(badge["issuer"]), badge["criteria"]["narrative"])
        connection.execute("insert into words values (?, ?, ?)", values)
    connection.commit()
    connection.close()


def _hashed(root: Path) -> None:
    for path in (root / "objects").rglob("*"):
        if path.is_file() and sha256(path.read_bytes()).hexdigest() != path.name:
            raise AssertionError("the sample is damaged")


def _healthy(paths: Paths) -> None:
    if [item for item in examine(paths, now=NOW) if item.severity not in ("ok", "note")]:
        raise AssertionError("the sample is not healthy")
