"""Objects: named by their bytes, written once, synced before they get their name."""

from __future__ import annotations

import contextlib
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.wallets import RecordingDisk
from wallet.errors import NotFoundError, StoreDamagedError, StoreError
from wallet.store.disk import Disk
from wallet.store.objects import Objects


@pytest.fixture
def disk() -> RecordingDisk:
    return RecordingDisk()


@pytest.fixture
def objects(tmp_path: Path, disk: RecordingDisk) -> Objects:
    for name in ("objects", ".stage"):
        (tmp_path / name).mkdir()
    return Objects(tmp_path, disk)


def test_an_object_is_found_again_under_the_hash_of_its_bytes(objects: Objects) -> None:
    (name,) = objects.put([b"a badge"])
    assert name == sha256(b"a badge").hexdigest()
    assert objects.read(name) == b"a badge"
    assert list(objects.names()) == [name]


def test_objects_cannot_be_written_by_anybody(objects: Objects) -> None:
    (name,) = objects.put([b"a badge"])
    assert stat.S_IMODE(objects.path(name).stat().st_mode) == 0o400


def test_equal_bytes_are_stored_once(objects: Objects, disk: RecordingDisk) -> None:
    names = objects.put([b"same", b"other", b"same"])
    objects.put([b"same"])
    assert names[0] == names[2]
    assert disk.count("write") == 2


def test_a_batch_costs_two_syncs_of_the_file_system(objects: Objects, disk: RecordingDisk) -> None:
    objects.put([str(number).encode() for number in range(200)])
    assert disk.count("syncfs") == 2 and disk.count("fsync") == 0


def test_bytes_are_synced_before_they_get_their_name(objects: Objects, disk: RecordingDisk, tmp_path: Path) -> None:
    objects.put([str(number).encode() for number in range(20)])
    order = [call for call, _ in disk.calls]
    assert max(place for place, call in enumerate(order) if call == "write") < order.index("syncfs")
    assert order.index("syncfs") < order.index("rename")
    last_rename = max(place for place, call in enumerate(order) if call == "rename")
    assert "syncfs" in order[last_rename:], "the names are synced after the renames"


def test_the_directories_of_a_few_objects_are_synced_one_by_one(objects: Objects, disk: RecordingDisk) -> None:
    (name,) = objects.put([b"a badge"])
    last_rename = [call for call, _ in disk.calls].index("rename")
    assert disk.calls[last_rename + 1 :] == [("fsync", name[:2]), ("fsync", "objects")]


def test_files_are_synced_one_by_one_where_the_file_system_cannot_be(tmp_path: Path) -> None:
    class WithoutSyncfs(RecordingDisk):
        def sync_file_system(self, path: Path) -> bool:
            return False

    disk = WithoutSyncfs()
    for name in ("objects", ".stage"):
        (tmp_path / name).mkdir()
    Objects(tmp_path, disk).put([str(number).encode() for number in range(20)])
    synced = {name for call, name in disk.calls[:40] if call == "fsync"}
    assert len(synced) == 20


def test_changed_bytes_are_never_handed_out(objects: Objects) -> None:
    (name,) = objects.put([b"a badge"])
    path = objects.path(name)
    path.chmod(0o600)
    path.write_bytes(b"a bodge")
    with pytest.raises(StoreDamagedError):
        objects.read(name)


def test_bringing_the_bytes_again_heals_a_changed_object(objects: Objects) -> None:
    (name,) = objects.put([b"a badge"])
    path = objects.path(name)
    path.chmod(0o600)
    path.write_bytes(b"a bodge")
    objects.put([b"a badge"])
    assert objects.read(name) == b"a badge"


def test_what_is_not_there_is_said_to_be_missing(objects: Objects) -> None:
    with pytest.raises(NotFoundError):
        objects.read("0" * 64)
    with pytest.raises(NotFoundError):
        objects.read("../../etc/passwd")


def test_a_full_disk_leaves_no_object_half_written(tmp_path: Path) -> None:
    for name in ("objects", ".stage"):
        (tmp_path / name).mkdir()
    contents = [bytes([number]) * 100 for number in range(20)]
    for fail_at in range(1, 30):
        objects = Objects(tmp_path, RecordingDisk(fail_at))
        with contextlib.suppress(StoreError):
            objects.put(contents)
        for name in Objects(tmp_path, Disk()).names():
            assert objects.read(name) in contents
