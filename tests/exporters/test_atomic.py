"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from exporters.atomic import write_file
from wallet.errors import ExportError, TargetExistsError


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    target = write_file(tmp_path / "a", b"x")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes() == b"x"


def test_an_existing_file_stays_unless_forced(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(TargetExistsError) as caught:
        write_file(target, b"new")
    assert caught.value.exit_code == 2
    assert target.read_bytes() == b"old"
    write_file(target, b"new", force=True)
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TargetExistsError):
        write_file(target, b"x")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a"
    real = os.fsync

    def somebody_is_faster(handle: int) -> None:
        target.write_bytes(b"theirs")
        real(handle)

    monkeypatch.setattr(os, "fsync", somebody_is_faster)
    with pytest.raises(TargetExistsError):
        write_file(target, b"ours")
    assert target.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["a"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match="No space left"):
        write_file(target, b"new", force=True)
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_what_has_to_happen_first_happens_while_the_name_is_still_free(tmp_path: Path) -> None:
    target = tmp_path / "a"
    seen: list[bool] = []
    write_file(target, b"x", ready=lambda: seen.append(target.exists()))
    assert (seen, target.read_bytes()) == ([False], b"x")


def test_when_that_fails_the_old_file_stays_and_nothing_is_left_behind(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def busy() -> None:
        raise ExportError("busy", "wait")

    with pytest.raises(ExportError, match="busy"):
        write_file(target, b"new", force=True, ready=busy)
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_missing_folder_and_a_folder_in_place_of_a_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="missing"):
        write_file(tmp_path / "missing" / "a", b"x")
    with pytest.raises(ExportError, match="is a folder"):
        write_file(tmp_path, b"x", force=True)
