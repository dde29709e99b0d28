"""Offline, copies of the process share the work: what they say, what is recorded and what is raised is as if there were one.

Each program runs in a process of its own, because only one without other threads makes copies of itself.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
ROOT = Path(__file__).parents[3]

BEGIN = """
import os, resource, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from importers.intake import take_in
from tests.generate.worlds import LEARNER, NOW, signed_pngs
from wallet import forks
from wallet.checking import check
from wallet.errors import WalletError
from wallet.fetch.recorded import RecordedFetcher
from wallet.paths import Paths
from wallet.store.wallet import Wallet

forks.workers = lambda: 3
base = Path(sys.argv[1])
world = signed_pngs(base / "badges", 130, classes=3)
wallet = Wallet.open(Paths.under(base / "home"), now=NOW)
names = [item.added.badge for item in take_in(wallet, [world.folder], now=NOW)]
list(check(wallet, names, fetcher=world.published, now=NOW, identities=[LEARNER]))

def offline(days, **how):
    moment = NOW + timedelta(days=days)
    fetcher = RecordedFetcher(wallet.evidence, now=moment)
    return check(wallet, names, fetcher=fetcher, now=moment, identities=[LEARNER], offline=True, **how)

def copied():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > 0
"""


def run(tmp_path: Path, program: str) -> str:
    """What a program prints in a wallet of 130 badges that were verified once."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEGIN + program, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_copies_say_and_record_what_one_process_does(tmp_path: Path) -> None:
    program = """
shared = list(offline(1))
print(copied(), len(shared), {item.best.verdict.value for item in shared})
rows = {row.id: row for row in wallet.list_badges()}
forks.workers = lambda: 1
alone = list(offline(1, keep=False))
print([item.badge for item in shared] == [item.badge for item in alone])
print([replace(item.best, earlier=None) for item in shared] == [replace(item.best, earlier=None) for item in alone])
print(min(row.checked_at for row in rows.values()) >= NOW + timedelta(days=1))
"""
    assert run(tmp_path, program).splitlines() == ["True 130 {'valid'}", "True", "True", "True"]


def test_a_damaged_original_is_told_after_all_others_were_checked(tmp_path: Path) -> None:
    program = """
form = wallet.forms_of([names[70]])[names[70]][0]
path = next((base / "home").rglob(f"*{form.container[4:]}*"))
path.chmod(0o600)
path.write_bytes(path.read_bytes()[:-1] + b"?")
came = []
try:
    for item in offline(1):
        came.append(item.badge)
except WalletError as error:
    print(copied(), type(error).__name__, len(came), names[70] in came)
"""
    assert run(tmp_path, program) == "True StoreDamagedError 129 False"


def test_what_was_answered_before_a_stop_is_recorded(tmp_path: Path) -> None:
    program = """
from wallet.progress import Cancelled
def progress(event):
    if event.done == 60:
        raise Cancelled
came = []
try:
    for item in offline(1, progress=progress):
        came.append(item.badge)
except Cancelled:
    checked = [row for row in wallet.list_badges() if row.checked_at >= NOW + timedelta(days=1)]
    print(copied(), len(came), len(checked))
"""
    assert run(tmp_path, program) == "True 60 60"


def test_badges_of_files_are_shared_out_too(tmp_path: Path) -> None:
    program = """
from importers.find import iter_find
from wallet.verify.dossier import Subject
from wallet.verify.service import verify_all
subjects = [(str(n), Subject.of(item)) for n, item in enumerate(i for r in iter_find([world.folder]) for i in r.found)]
how = dict(fetcher=world.published, identities=[LEARNER], now=NOW, offline=True)
shared = list(verify_all(subjects, in_copy=lambda: None, **how))
print(copied(), shared == list(verify_all(subjects, **how)), len(shared))
"""
    assert run(tmp_path, program) == "True True 130"
