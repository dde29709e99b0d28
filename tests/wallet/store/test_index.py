"""The index is never the truth: it can be deleted, damaged or impossible to write, and the wallet says the same."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.generate import badges
from tests.support.wallets import NOW, HastyDisk, answer, found, later, open_wallet, raw_sha, report
from wallet.paths import Paths
from wallet.store.describe import Description, Reader, describe
from wallet.store.doctor import examine
from wallet.store.events import LogEvent
from wallet.store.index import Index
from wallet.store.state import BadgeState, State, fold
from wallet.store.wallet import Wallet
from wallet.verify.report import Verdict

URL = f"{badges.HOST}/awards/1"


def filled(base: Path) -> Wallet:
    """A wallet in which something of everything happened."""
    wallet = open_wallet(base, disk=HastyDisk())
    wallet.add([found(number, picture=number % 2 == 0) for number in range(12)], now=NOW)
    wallet.add([found(1, narrative="copy")], now=later(minutes=1))
    wallet.record(raw_sha(found(1)), report(found(1), evidence=(answer(URL),)), now=later(minutes=2))
    wallet.tag([raw_sha(found(2))], "favourite", True, now=later(minutes=3))
    wallet.hide([raw_sha(found(3))], True, now=later(minutes=4))
    wallet.remove([raw_sha(found(4))], now=later(minutes=5))
    wallet.undo(now=later(minutes=6))
    wallet.remove([raw_sha(found(5))], now=later(minutes=7))
    return wallet


def everything(wallet: Wallet) -> object:
    rows = wallet.list_badges(hidden=True)
    return rows, wallet.history(), [wallet.badge(row.id) for row in rows], wallet.evidence(URL)


def index_file(base: Path) -> Path:
    (path,) = (base / "cache").glob("*/index-v*.db")
    return path


def test_a_deleted_index_is_made_again_and_says_the_same(tmp_path: Path) -> None:
    with filled(tmp_path) as wallet:
        before = everything(wallet)
    for path in index_file(tmp_path).parent.iterdir():
        path.unlink()
    with open_wallet(tmp_path) as wallet:
        assert everything(wallet) == before
    assert [item for item in examine(Paths.under(tmp_path), now=later(days=1)) if item.severity != "ok"] == []


def test_opening_an_unchanged_wallet_reads_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path).close()
    (log,) = (tmp_path / "wallet" / "events").iterdir()
    read: list[str] = []
    opened = Path.open

    def watched(self: Path, *args: object, **kwargs: object) -> object:
        read.append(self.name)
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", watched)
    with open_wallet(tmp_path) as wallet:
        assert len(wallet.list_badges(limit=50)) == 10
    assert log.name not in read and not any(len(name) == 64 for name in read)


@pytest.mark.parametrize(
    "how", ["no database", "zeros in the middle", "empty", *(f"flipped bytes {n}" for n in range(12))]
)
def test_a_malformed_index_is_replaced_unasked(tmp_path: Path, how: str) -> None:
    with filled(tmp_path) as wallet:
        before = everything(wallet)
        wallet._index.query("pragma wal_checkpoint(truncate)")
    path = index_file(tmp_path)
    data = bytearray(path.read_bytes())
    match how:
        case "empty":
            data = bytearray()
        case "no database":
            data = bytearray(b"this is no database" * 500)
        case "zeros in the middle":
            data[4096:-4096] = bytes(len(data) - 8192)
        case _:
            picked = random.Random(how)
            for _ in range(len(data) // 10):
                data[picked.randrange(100, len(data))] ^= 0xFF
    path.write_bytes(data)
    with open_wallet(tmp_path) as wallet:
        assert everything(wallet) == before


def test_a_wallet_works_where_the_cache_cannot_be_written(tmp_path: Path) -> None:
    with filled(tmp_path) as wallet:
        before = everything(wallet)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the cache directory should be")
    paths = Paths(tmp_path / "wallet", blocked, tmp_path / "state", tmp_path / "config.toml")
    with Wallet.open(paths, now=NOW) as wallet:
        assert everything(wallet) == before
        wallet.hide([raw_sha(found(1))], True, now=later(days=1))
        assert wallet.row(raw_sha(found(1))).hidden


def test_a_log_that_arrives_from_another_device_is_taken_in(tmp_path: Path) -> None:
    with open_wallet(tmp_path / "one") as one:
        one.add([found(1)], now=NOW)
    copied = tmp_path / "two" / "wallet"
    subprocess.run(["cp", "-a", str(tmp_path / "one" / "wallet"), str(copied.parent.mkdir() or copied)], check=True)
    with open_wallet(tmp_path / "two") as two, open_wallet(tmp_path / "one") as one:
        two.add([found(2)], now=later(hours=1))
        two.tag([raw_sha(found(1))], "seen", True, now=later(hours=2))
        assert len(list((copied / "events").iterdir())) == 2, "a copy is another device and writes its own log"
        subprocess.run(["cp", "-an", f"{copied}/.", str(tmp_path / "one" / "wallet")], check=True)
        assert one.refresh()
        assert {row.id for row in one.list_badges()} == {row.id for row in two.list_badges()}
        assert one.row(raw_sha(found(1))).labels == ("seen",)


def test_a_log_that_was_rolled_back_is_read_again_from_the_start(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1)], now=NOW)
        (log,) = (tmp_path / "wallet" / "events").iterdir()
        early = log.read_bytes()
        wallet.add([found(2)], now=NOW)
    log.write_bytes(early)
    with open_wallet(tmp_path) as wallet:
        assert [row.id for row in wallet.list_badges()] == [raw_sha(found(1))]
        wallet.add([found(3)], now=NOW)
        assert log.read_bytes() == early, "a log that is not as remembered is never written again"
        assert wallet.count() == 2


def test_a_list_loads_nothing_heavy(tmp_path: Path) -> None:
    filled(tmp_path).close()
    script = (
        "import sys\nfrom datetime import datetime, UTC\nfrom pathlib import Path\n"
        "from wallet.paths import Paths\nfrom wallet.store.wallet import Wallet\n"
        f"with Wallet.open(Paths.under(Path({str(tmp_path)!r})), now=datetime(2027, 1, 1, tzinfo=UTC)) as wallet:\n"
        "    assert len(wallet.list_badges(limit=50)) == 10\n"
        "heavy = {'httpx', 'pyld', 'cryptography', 'textual', 'joserfc', 'ctypes', 'wallet.documents.jsonld'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.strip() == "[]"


def test_a_badge_whose_bytes_arrive_after_its_line_gets_its_name(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1)], now=NOW)
    (index_file(tmp_path)).unlink()
    late = tmp_path / "wallet" / "objects" / raw_sha(found(1))[:2] / raw_sha(found(1))
    late.rename(tmp_path / "late")
    with open_wallet(tmp_path) as wallet:
        assert wallet.row(raw_sha(found(1))).name == ""
        (tmp_path / "late").rename(late)
        assert wallet.refresh()
        assert wallet.row(raw_sha(found(1))).name == "Bread Baking"


def test_a_row_after_many_runs_is_that_of_an_index_made_anew(tmp_path: Path) -> None:
    chance = random.Random(3)
    words = [*Verdict]
    with open_wallet(tmp_path, disk=HastyDisk()) as wallet:
        wallet.add([found(number) for number in range(6)], now=NOW)
        wallet.add([found(0, narrative="copy")], now=later(minutes=1))
        wallet.tag([raw_sha(found(1))], "favourite", True, now=later(minutes=2))
        for day in range(1, 9):
            runs = [
                (
                    raw_sha(item),
                    report(
                        item,
                        chance.choice(words),
                        at=later(days=chance.randrange(day + 1)),
                        offline=chance.random() < 0.5,
                        name=chance.choice(("", "One name", "Another name")),
                    ),
                )
                for item in (found(number) for number in range(6))
            ]
            wallet.record_many([*runs, *runs[: day % 2]], now=later(days=day))
            if day % 3 == 0:
                wallet.tag([raw_sha(found(day % 6))], f"day {day}", True, now=later(days=day, hours=1))
            before = everything(wallet)
            followed = wallet._index
            wallet._index = Index(None, followed._events, followed._objects)
            wallet._index.refresh()
            assert everything(wallet) == before
            wallet._index.close()
            wallet._index = followed


def test_a_run_that_settles_a_badge_reads_none_of_the_runs_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: list[int] = []

    def watched(lines: Iterable[LogEvent]) -> State:
        some = list(lines)
        folded.append(len(some))
        return fold(some)

    with open_wallet(tmp_path, disk=HastyDisk()) as wallet:
        wallet.add([found(number) for number in range(3)], now=NOW)
        monkeypatch.setattr("wallet.store.derive.fold", watched)
        for day in range(1, 5):
            runs = [(raw_sha(found(n)), report(found(n), at=later(days=day), name=f"Day {day}")) for n in range(3)]
            wallet.record_many(runs, now=later(days=day))
    assert folded == [6] * 4


def test_a_run_that_says_what_the_last_one_said_changes_how_it_ended_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[str] = []

    def watched(badge: BadgeState, reader: Reader, held: frozenset[str] = frozenset()) -> Description:
        described.append(badge.id)
        return describe(badge, reader, held)

    item = found(1)
    with open_wallet(tmp_path, disk=HastyDisk()) as wallet:
        wallet.add([item], now=NOW)
        wallet.record(raw_sha(item), report(item, at=NOW, name="Welding"), now=NOW)
        monkeypatch.setattr("wallet.store.derive.describe", watched)
        wallet.record(raw_sha(item), report(item, Verdict.REVOKED, at=later(days=1), name="Welding"), now=later(days=1))
        row = wallet.row(raw_sha(item))
        assert described == []
        assert (row.name, row.verdict, row.revoked, row.as_of) == ("Welding", Verdict.REVOKED, True, later(days=1))
        wallet.record(raw_sha(item), report(item, at=later(days=2), name="Welding, again"), now=later(days=2))
        assert described == [raw_sha(item)]
        assert wallet.row(raw_sha(item)).name == "Welding, again"
    assert [one for one in examine(Paths.under(tmp_path), now=later(days=3)) if one.severity != "ok"] == []
