"""Several processes at once, and processes that are killed: what was announced is there, and nobody is turned away."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.wallets import NOW, found, later, open_wallet, raw_sha
from wallet.errors import StoreBusyError
from wallet.paths import Paths
from wallet.store.doctor import examine
from wallet.store.wallet import Wallet

WRITER = """
import sys
from pathlib import Path
from tests.support.wallets import NOW, found, open_wallet
base, first, count, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with open_wallet(base) as wallet:
    print("ready", flush=True)
    for start in range(first, first + count, size):
        for item in wallet.add([found(number, picture=True) for number in range(start, start + size)], now=NOW):
            print(item.badge, flush=True)
"""


def start(base: Path, first: int, count: int, size: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(base), str(first), str(count), str(size)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )


def announced(process: subprocess.Popen[str]) -> set[str]:
    assert process.stdout is not None
    with process.stdout as lines:
        names = {line.strip() for line in lines if len(line) == 65}
    process.wait()
    return names


def test_two_processes_write_one_wallet_at_once(tmp_path: Path) -> None:
    open_wallet(tmp_path).close()
    writers = [start(tmp_path, first, 30, 3) for first in (0, 15)]  # half of their badges are the same
    names = set().union(*(announced(writer) for writer in writers))
    assert [writer.returncode for writer in writers] == [0, 0]
    with open_wallet(tmp_path) as wallet:
        assert {row.id for row in wallet.list_badges()} == names
        assert len(names) == 45
    assert [item for item in examine(Paths.under(tmp_path), now=later(hours=1)) if item.severity != "ok"] == []


def test_two_processes_begin_one_wallet_at_once(tmp_path: Path) -> None:
    writers = [start(tmp_path, first, 2, 1) for first in (0, 2)]
    names = set().union(*(announced(writer) for writer in writers))
    with open_wallet(tmp_path) as wallet:
        assert {row.id for row in wallet.list_badges()} == names and len(names) == 4


def test_what_was_announced_survives_kill_and_torn_lines(tmp_path: Path) -> None:
    picked = random.Random(11)
    acknowledged: set[str] = set()
    for round_number in range(6):
        writer = start(tmp_path, round_number * 1_000, 400, 5)
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
        if round_number == 0:  # on a busy computer the others may be killed before they announced anything
            acknowledged.add(writer.stdout.readline().strip())
        time.sleep(picked.uniform(0.0, 0.15))
        writer.send_signal(signal.SIGKILL)
        acknowledged |= announced(writer)
        for log in (tmp_path / "wallet" / "events").glob("*.jsonl"):
            if picked.random() < 0.5:
                with log.open("ab") as file:
                    file.write(b'{"v":1,"dev":"torn by the power cut","seq"')
        with open_wallet(tmp_path) as wallet:
            wallet.add([found(900_000 + round_number)], now=later(minutes=round_number))
            listed = {row.id for row in wallet.list_badges()}
            assert acknowledged <= listed
            for name in listed:
                wallet.badge(name)
    findings = examine(Paths.under(tmp_path), now=later(hours=1), fix=True)
    assert not [item for item in findings if item.severity in ("damage", "decide")]
    assert acknowledged


def test_a_busy_wallet_names_who_is_writing(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        with wallet._journal.locked(), Wallet.open(Paths.under(tmp_path), now=NOW, patience=0.05) as other:
            assert other.count() == 0, "reading never waits"
            with pytest.raises(StoreBusyError) as error:
                other.add([found(1)], now=NOW)
        assert f"process {os.getpid()}" in error.value.message
        assert wallet.add([found(1)], now=NOW)[0].outcome == "added"


def test_threads_share_one_open_wallet(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with open_wallet(tmp_path) as wallet, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: wallet.add([found(number)], now=NOW), range(12)))
        assert all(pool.map(lambda number: wallet.row(raw_sha(found(number))).name, range(12)))
        assert wallet.count() == 12
