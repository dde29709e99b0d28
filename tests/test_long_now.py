"""The script of docs/long-now.md, run as it stands on the page against a real wallet, without badgefolio at hand."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from importers.intake import take_in
from tests.conformance.world import MINE, NOW, World
from tests.generate import keys
from tests.support.wallets import open_wallet
from wallet.checking import check

PAGE = Path(__file__).parents[1] / "docs" / "long-now.md"


def script() -> str:
    """What the page tells to save as prove.py."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def world() -> World:
    made = World()
    made.signed_award["id"] = "urn:uuid:5e1f"  # another badge than the hosted one
    return made


@pytest.fixture
def proven(tmp_path: Path, world: World):
    """A function that keeps the world's two badges in a wallet, verifies them, and gives the wallet's folder."""

    def keep() -> Path:
        files = tmp_path / "files"
        files.mkdir()
        (files / "hosted.json").write_bytes(world.subject().raw)
        (files / "signed.jws").write_bytes(world.signed_subject().raw)
        with open_wallet(tmp_path) as wallet:
            taken = [one.added.badge for one in take_in(wallet, [files], now=NOW) if getattr(one, "added", None)]
            assert len(taken) == 2
            list(check(wallet, taken, fetcher=world, now=NOW, identities=[MINE]))
        return next(tmp_path.rglob("wallet.toml")).parent

    return keep


def prove(folder: Path, tmp_path: Path, *badge: str) -> tuple[int, str]:
    saved = tmp_path / "prove.py"
    saved.write_text(script(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(saved), str(folder), *badge], cwd="/", capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def objects_with(folder: Path, mark: bytes) -> list[Path]:
    return [path for path in folder.glob("objects/??/*") if mark in path.read_bytes()]


def test_the_script_needs_python_and_one_library() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(script()))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported - sys.stdlib_module_names == {"cryptography"}


@pytest.mark.parametrize(
    ("kind", "method"),
    [("RSA", "RS256"), ("RSA", "PS384"), ("P-256", "ES256"), ("P-521", "ES512"), ("Ed25519", "EdDSA")],
)
def test_a_signed_badge_proves_itself_by_every_kind_of_key(
    kind: str, method: str, world: World, proven, tmp_path
) -> None:
    world.private, public = keys.pair(kind)
    world.key["publicKeyPem"], world.algorithm = public, method
    code, said = prove(proven(), tmp_path)
    assert code == 0, said
    assert said.count("valid as of 2026-11-21") == 2
    assert "ok      the signature was made with a key" in said
    assert "/awards/1 answered 200 on 2026-11-21" in said
    assert "BROKEN" not in said


def test_a_key_inside_the_profile_serves_as_well_and_one_badge_can_be_named(world: World, proven, tmp_path) -> None:
    world.issuer["publicKey"] = {name: value for name, value in world.key.items() if name != "@context"}
    code, said = prove(proven(), tmp_path, sha256(world.signed_subject().raw).hexdigest()[:6])
    assert code == 0, said
    assert said.count("valid as of") == said.count("the signature was made with a key") == 1


@pytest.mark.parametrize(
    "mark", [b"CryptographicKey", b"eyJhbGciOiJSUzI1NiJ9", b"badgefolio-evidence/1", b'"Assertion"']
)
def test_one_changed_byte_in_any_file_is_named(mark: bytes, proven, tmp_path) -> None:
    folder = proven()
    for path in objects_with(folder, mark):
        path.chmod(0o600)
        data = path.read_bytes()
        path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        code, said = prove(folder, tmp_path)
        assert code == 1 and f"changed: {path.name}" in said, said
        path.write_bytes(data)
    assert prove(folder, tmp_path)[0] == 0


def test_a_changed_or_missing_line_of_the_log_is_named(proven, tmp_path) -> None:
    folder = proven()
    (log,) = folder.glob("events/*.jsonl")
    whole = log.read_bytes()
    log.chmod(0o600)
    for changed in (whole.replace(b'"valid"', b'"great"'), b"".join(whole.splitlines(keepends=True)[1:])):
        log.write_bytes(changed)
        code, said = prove(folder, tmp_path)
        assert code == 1 and f"BROKEN  the log {log.name}" in said, said


def test_a_badge_that_was_never_verified_proves_nothing(proven, tmp_path) -> None:
    assert prove(proven(), tmp_path, "ffff")[0] == 1
