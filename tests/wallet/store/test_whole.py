"""An index that is made anew says what the one says that followed the lines, however the work is done."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.wallets import NOW, HastyDisk, answer, found, later, open_wallet, raw_sha, report
from wallet.store.tables import COLUMNS, NAMES
from wallet.store.wallet import Wallet
from wallet.verify.report import Verdict

ROOT = Path(__file__).parents[3]
#: Two of each pair are one badge.
ITEMS = [found(number, **extra) for number in range(4) for extra in ({}, {"narrative": "copy"})]


def everything(wallet: Wallet) -> dict[str, list[tuple[object, ...]]]:
    """All that an index says, in an order of its own; where in a table a row lies is nobody's affair."""
    # What the runs said that rows were made from is only known of runs that were made while the index was there.
    tables = {name: f"select * from {name}" for name in NAMES if name != "said"}
    tables["badge"] = f"select {COLUMNS}, name_sort, issuer_sort from badge"
    tables["words"] = "select id, words.* from badge join words on words.rowid = n"
    return {name: sorted(wallet._index.query(sql), key=repr) for name, sql in tables.items()}


def do(wallet: Wallet, word: str, number: int, hour: int) -> None:
    """One command about one item, whether or not it is in the wallet."""
    item, now = ITEMS[number], later(hours=hour)
    here = {row.id for row in wallet.list_badges(hidden=True)}
    badge = wallet._index.forms([raw_sha(item)]).get(raw_sha(item))
    if word == "add":
        wallet.add([item, ITEMS[(number + 3) % len(ITEMS)]], now=now)
    elif word == "undo":
        wallet.undo(now=now)
    elif badge not in here:
        return
    elif word == "remove":
        wallet.remove([badge], now=now)
    elif word == "hide":
        wallet.hide([badge], hour % 2 == 0, now=now)
    elif word == "tag":
        wallet.tag([badge], "a label", hour % 3 > 0, now=now)
    else:
        fetched = answer(f"https://{number}.example", b"%d" % hour, at=now, status=200 if hour % 2 else 410)
        name = "" if hour % 4 == 0 else f"Name {hour}"
        one = report(item, Verdict(word), at=now - timedelta(hours=hour % 3), evidence=(fetched,), name=name)
        wallet.record_many([(badge, one)], now=now)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "add", "undo", "remove", "hide", "tag", *map(str, Verdict)]),
            st.integers(0, len(ITEMS) - 1),
        ),
        min_size=3,
        max_size=14,
    )
)
def test_whatever_happened_an_index_made_anew_says_the_same(history: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_wallet(Path(folder), disk=HastyDisk()) as wallet:
        wallet.add(ITEMS[:3], now=NOW)
        for hour, (word, number) in enumerate(history, 1):
            do(wallet, word, number, hour)
        followed = everything(wallet)
        wallet._index.rebuild()
        assert everything(wallet) == followed


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_copies_of_this_process_make_the_same_index_and_find_the_same_damage(tmp_path: Path) -> None:
    program = f"""
import os, resource
from pathlib import Path
from tests.support.wallets import NOW, HastyDisk, answer, found, later, open_wallet, raw_sha, report
from tests.wallet.store.test_whole import everything
from wallet.paths import Paths
from wallet.store import audit, whole
from wallet.store.doctor import examine
base = Path({str(tmp_path)!r})
items = [found(number, picture=number % 2 == 0) for number in range(30)]
with open_wallet(base, disk=HastyDisk()) as wallet:
    wallet.add(items, now=NOW)
    runs = [(raw_sha(one), report(one, evidence=(answer("https://a.example"),))) for one in items[:9]]
    wallet.record_many(runs, now=later(hours=1))
    wallet.tag([raw_sha(items[4])], "a label", True, now=later(hours=2))
    wallet._objects.path(raw_sha(items[20])).unlink()
    changed = wallet._objects.path(raw_sha(items[3]))
    changed.chmod(0o600)
    changed.write_bytes(b"not what it was")
    wallet._index.rebuild()
    alone, found_alone = everything(wallet), examine(Paths.under(base), now=later(days=9))
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss == 0
    whole._PIECE = audit._PIECE = 4
    wallet._index.rebuild()
    together, found_together = everything(wallet), examine(Paths.under(base), now=later(days=9))
    shared = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
    print(alone == together, len(alone["gap"]), shared or len(os.sched_getaffinity(0)) == 1)
    print(found_alone == found_together, {{"changed", "missing"}} <= {{one.code for one in found_alone}})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.stdout.split(), done.stderr) == (["True", "2", "True", "True", "True"], "")
