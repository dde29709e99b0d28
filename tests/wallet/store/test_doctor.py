"""Doctor: one flipped bit anywhere is named, what a crash left is adopted, and nothing is ever deleted."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.generate import badges
from tests.support.wallets import NOW, HastyDisk, answer, found, later, open_wallet, raw_sha, report
from wallet.errors import NotFoundError, StoreError
from wallet.paths import Paths
from wallet.store.doctor import Ailment, examine

SOON = later(hours=1)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    with open_wallet(tmp_path, disk=HastyDisk()) as wallet:
        wallet.add([found(number, picture=True) for number in range(4)], now=NOW)
        wallet.record(
            raw_sha(found(1)), report(found(1), evidence=(answer(f"{badges.HOST}/awards/1", b"{}"),)), now=NOW
        )
        wallet.set_note(raw_sha(found(2)), "mine", now=NOW)
    return tmp_path


def trouble(base: Path, *, fix: bool = False) -> list[tuple[str, str]]:
    return [(item.code, item.severity) for item in everything(base, fix=fix) if item.severity != "ok"]


def everything(base: Path, *, fix: bool = False) -> tuple[Ailment, ...]:
    return examine(Paths.under(base), now=SOON, fix=fix)


def files(base: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (base / "wallet").rglob("*") if path.is_file()}


def flip(path: Path, place: int, bit: int) -> None:
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


def test_a_healthy_wallet_passes_all_seven_steps(base: Path) -> None:
    found_here = everything(base)
    assert [(item.step, item.severity) for item in found_here] == [(step, "ok") for step in range(1, 8)]


def test_where_there_is_no_wallet_there_is_nothing_to_examine(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        examine(Paths.under(tmp_path), now=NOW)


def test_one_flipped_bit_in_any_object_is_named(base: Path) -> None:
    picked = random.Random(1)
    objects = sorted(path for path in (base / "wallet" / "objects").rglob("*") if path.is_file())
    for path in picked.sample(objects, 8):
        place, bit = picked.randrange(path.stat().st_size), picked.randrange(8)
        flip(path, place, bit)
        damage = [item for item in everything(base) if item.severity == "damage"]
        assert [item.step for item in damage] == [2] and path.name[:12] in damage[0].message
        flip(path, place, bit)


def test_one_flipped_bit_in_the_log_is_named(base: Path) -> None:
    picked = random.Random(2)
    (log,) = (base / "wallet" / "events").iterdir()
    size = log.stat().st_size
    whole = log.read_bytes()
    for place in [0, size - 1, size - 2, *(picked.randrange(size) for _ in range(12))]:
        flip(log, place, picked.randrange(8))
        assert any(severity == "damage" for _, severity in trouble(base)), place
        log.write_bytes(whole)
        assert trouble(base) == []


def test_one_flipped_bit_in_the_head_is_named(base: Path) -> None:
    head = base / "wallet" / "wallet.toml"
    whole = head.read_bytes()
    for place in range(whole.index(b'"'), len(whole) - 1):
        flip(head, place, 0)
        assert trouble(base) != [], place
        head.write_bytes(whole)


def test_a_lost_object_is_damage(base: Path) -> None:
    path = base / "wallet" / "objects" / raw_sha(found(3))[:2] / raw_sha(found(3))
    path.unlink()
    assert trouble(base) == [("missing", "damage")]


def test_an_object_of_another_device_may_still_be_on_its_way(base: Path) -> None:
    for path in (base / "state").iterdir():
        path.unlink()
    path = base / "wallet" / "objects" / raw_sha(found(3))[:2] / raw_sha(found(3))
    path.unlink()
    assert trouble(base) == [("syncing", "note")]


def test_badges_whose_import_was_cut_short_are_adopted(base: Path) -> None:
    before = files(base)

    class Cut(HastyDisk):
        def append(self, path: Path, data: bytes) -> None:
            raise OSError(5, "cut short")

    with open_wallet(base, disk=Cut()) as wallet, pytest.raises(StoreError, match="cut short"):
        wallet.add([found(7, picture=True), found(8)], now=NOW)
    assert trouble(base) == [("adoptable", "decide")]
    assert trouble(base, fix=True) == [("adopted", "note")]
    assert trouble(base) == []
    with open_wallet(base) as wallet:
        assert wallet.count() == 6
        badge = wallet.badge(raw_sha(found(7)))
        assert badge.representations[0].container_sha is not None and badge.representations[0].source == "7.json"
    after = files(base)
    assert all(after[name].startswith(content) for name, content in before.items())


def test_what_cannot_be_adopted_is_kept(base: Path) -> None:
    with open_wallet(base) as wallet:
        (name,) = wallet._objects.put([b"nobody knows what this is"])
    assert trouble(base, fix=True) == [("unused", "note")]
    with open_wallet(base) as wallet:
        assert wallet.read(name) == b"nobody knows what this is"


def test_modes_are_set_when_asked(base: Path) -> None:
    original = base / "wallet" / "objects" / raw_sha(found(1))[:2] / raw_sha(found(1))
    original.chmod(0o644)
    (base / "wallet").chmod(0o755)
    assert trouble(base) == [("modes", "decide")]
    assert trouble(base, fix=True) == [("modes-set", "note")]
    assert trouble(base) == []
    assert original.stat().st_mode & 0o777 == 0o400


def test_half_written_files_are_cleared_after_a_day(base: Path) -> None:
    old, young = base / "wallet" / ".stage" / "1-old", base / "wallet" / ".stage" / "1-young"
    for path, age in ((old, 2 * 86_400), (young, 60)):
        path.touch(mode=0o600)
        os.utime(path, (SOON.timestamp() - age,) * 2)
    assert trouble(base) == [("stage", "decide")]
    assert trouble(base, fix=True) == [("stage-cleared", "note")]
    assert not old.exists() and young.exists()


@pytest.mark.parametrize(
    "change",
    [
        "update badge set width = 7 where n = 1",
        "update badge set commitment = '4 - -' where n = 2",
        "insert into badge select 99, 'x' || id, ROW from badge where n = 1",
        "delete from badge where n = 3",
        "delete from words where rowid = 2",
        "delete from form where raw in (select raw from form limit 1)",
        "insert into same values ('id //forged.example', 'x', 1)",
        "delete from same where key in (select key from same limit 1)",
        "update evidence set conclusive = 0",
        "delete from evidence",
        "delete from touch",
        "delete from event where kind = 'badge.set'",
    ],
)
def test_whatever_an_index_says_otherwise_is_noticed(base: Path, change: str) -> None:
    with open_wallet(base) as wallet:
        columns = [str(row[0]) for row in wallet._index.query("select name from pragma_table_info('badge')")]
        wallet._index.query(change.replace("ROW", ", ".join(columns[2:])))
    assert trouble(base) == [("index", "decide")]
    assert trouble(base, fix=True) == [("index-rebuilt", "note")]
    assert trouble(base) == []


def test_an_index_that_followed_step_by_step_is_the_one_that_is_made_at_once(tmp_path: Path) -> None:
    with open_wallet(tmp_path, disk=HastyDisk()) as wallet:
        for number in (3, 1, 2):
            wallet.add([found(number, picture=True)], now=NOW)
            wallet.tag([raw_sha(found(number))], "kept", True, now=NOW)
        wallet.record(raw_sha(found(1)), report(found(1), evidence=(answer("https://a.example/1"),)), now=NOW)
        wallet.remove([raw_sha(found(3))], now=later(minutes=1))
        before = wallet.list_badges()
    assert trouble(tmp_path) == []
    with open_wallet(tmp_path) as wallet:
        wallet._index.rebuild()
        assert wallet.list_badges() == before
        indexes = {
            str(row[0]) for row in wallet._index.query("select name from sqlite_master where sql like '%index%'")
        }
        assert {"badge_name", "event_time", "same_raw", "evidence_url"} <= indexes


def test_an_index_that_says_something_else_is_rebuilt_when_asked(base: Path) -> None:
    with open_wallet(base) as wallet:
        wallet._index.query("update badge set name = 'Doctor of Everything'")
    assert trouble(base) == [("index", "decide")]
    assert trouble(base, fix=True) == [("index-rebuilt", "note")]
    assert trouble(base) == []


def test_a_torn_line_is_no_damage(base: Path) -> None:
    (log,) = (base / "wallet" / "events").iterdir()
    with log.open("ab") as file:
        file.write(b'{"v":1,"dev":"torn')
    assert trouble(base) == [("unfinished", "note")]
    with open_wallet(base) as wallet:
        wallet.hide([raw_sha(found(1))], True, now=NOW)
    assert trouble(base) == [("torn", "note")]


def test_a_pathway_that_cannot_be_read_is_named_with_its_line(base: Path) -> None:
    with open_wallet(base) as wallet:
        wallet.save_pathway("broken", b"this = is not [toml", now=NOW)
    (problem,) = [item for item in everything(base) if item.severity != "ok"]
    assert (problem.step, problem.severity) == (7, "decide") and "broken" in problem.message


def test_strangers_are_listed_and_left_alone(base: Path) -> None:
    (base / "wallet" / "holiday\x1b[31m.jpg").write_bytes(b"")
    (base / "wallet" / "holiday\x1b[31m.jpg").chmod(0o600)
    (base / "wallet" / "pathways" / "a.sync-conflict-1.pathway.toml").write_bytes(b"")
    (base / "wallet" / "pathways" / "a.sync-conflict-1.pathway.toml").chmod(0o600)
    assert trouble(base, fix=True) == [("conflict-copy", "decide"), ("stranger", "note")]
    assert all("\x1b" not in item.message for item in everything(base))


def test_a_newer_format_is_examined_and_not_mended(base: Path) -> None:
    head = base / "wallet" / "wallet.toml"
    head.write_text(head.read_text().replace("format = 1", "format = 7"))
    (base / "wallet").chmod(0o755)
    assert trouble(base, fix=True) == [("newer-format", "decide"), ("modes", "decide")]
