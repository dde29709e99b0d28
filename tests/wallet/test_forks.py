"""Work over the cores: the same results in the same order whatever becomes of the workers, and nobody left behind.

Each program runs in a process of its own, because only one without other threads makes copies of itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
ROOT = Path(__file__).parents[2]


def run(program: str) -> str:
    """What a program prints that has `spread`."""
    lines = "import os, signal, sys, threading, time\nfrom wallet.forks import light, spread, workers\n" + program
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", lines], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip()


def test_what_comes_of_it_comes_in_order_from_other_processes() -> None:
    program = """
def act(number):
    time.sleep(0.02 if number % 3 == 0 else 0)
    return number * number, os.getpid()
came = list(spread(act, range(40), processes=3))
pids = {pid for _, pid in came}
print([square for square, _ in came] == [n * n for n in range(40)], os.getpid() in pids, len(pids))
"""
    assert run(program) == "True False 3"


def test_only_a_few_pieces_are_read_ahead() -> None:
    program = """
read = []
def pieces():
    for number in range(1000):
        read.append(number)
        yield number
results = spread(abs, pieces(), processes=2)
next(results)
results.close()
print(len(read) < 10, threading.active_count())
"""
    assert run(program) == "True 1"


def test_a_worker_that_is_killed_costs_time_and_nothing_else() -> None:
    program = """
here = os.getpid()
def act(number):
    if number == 5 and os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
print(list(spread(act, range(30), processes=2)) == list(range(30)))
"""
    assert run(program) == "True"


def test_what_is_raised_there_is_raised_here_after_all_that_came_before() -> None:
    program = """
def act(number):
    if number == 7:
        raise KeyError(number, os.getpid())
    return number
came = []
try:
    for one in spread(act, range(30), processes=2):
        came.append(one)
except KeyError as error:
    print(came == list(range(7)), error.args == (7, os.getpid()))
"""
    assert run(program) == "True True"


def test_what_cannot_be_copied_is_made_here() -> None:
    program = """
def act(number):
    return (lambda: number) if number == 2 else number
came = list(spread(act, range(6), processes=2))
print(came[2](), came[:2] + came[3:])
"""
    assert run(program) == "2 [0, 1, 3, 4, 5]"


def test_what_results_share_is_sent_once_and_arrives_whole_each_time() -> None:
    program = """
import wallet.forks as forks
forks._REMEMBERED = 40_000
shared = ("x" * 5000, "y" * 5000)
def act(number):
    if number % 7 == 3:
        return shared, lambda: number
    return shared, number, str(number) * 300
came = list(spread(act, range(200), processes=2))
print(all(one[0] == shared for one in came))
print([one[1] for one in came if one[2:]] == [n for n in range(200) if n % 7 != 3])
print([one[1]() for one in came if not one[2:]] == list(range(3, 200, 7)))
print(len({id(one[0]) for one in came}) < 100)
"""
    assert run(program) == "True\nTrue\nTrue\nTrue"


def test_pieces_and_results_larger_than_any_pipe_get_through() -> None:
    program = """
print([len(one) for one in spread(lambda piece: piece + piece, [bytes(3_000_000 + n) for n in range(12)], processes=2)]
    == [2 * (3_000_000 + n) for n in range(12)])
"""
    assert run(program) == "True"


def test_each_worker_enters_first_and_one_that_cannot_is_done_without() -> None:
    program = """
entered = []
print(list(spread(lambda number: (number, list(entered)), range(3), enter=lambda: entered.append("x"), processes=2)), entered)
def refuse():
    os._exit(3)
print(list(spread(abs, range(3), enter=refuse, processes=2)))
"""
    assert run(program) == "[(0, ['x']), (1, ['x']), (2, ['x'])] []\n[0, 1, 2]"


def test_one_process_or_another_thread_means_that_all_is_done_here() -> None:
    program = """
print(set(spread(lambda _: os.getpid(), range(5), processes=1)) == {os.getpid()})
stop = threading.Event()
threading.Thread(target=stop.wait).start()
print(workers())
stop.set()
"""
    assert run(program) == "True\n1"


def test_light_classes_come_back_equal() -> None:
    program = """
import pickle
from datetime import UTC, datetime
from wallet.fetch.base import Fetched
from wallet.verify.report import Evidence, Finding, Outcome, Role
url = "https://a.example/key"
whole = Evidence(Role.KEY, Fetched(url, url, datetime(2026, 1, 1, tzinfo=UTC), 200, b"key"))
finding = Finding("signed.form", Outcome.PASSED, "Good.")
heavy = len(pickle.dumps((whole, finding)))
light(Evidence, Fetched, Finding)
print(pickle.loads(pickle.dumps((whole, finding))) == (whole, finding), len(pickle.dumps((whole, finding))) < heavy)
"""
    assert run(program) == "True True"


#: Tells the workers' process ids to the file named, and works for minutes unless it is interrupted.
ENDLESS = """
import os, sys, time
from pathlib import Path
from wallet.forks import spread
def act(number):
    with Path(sys.argv[1]).open("a") as file:
        file.write(str(os.getpid()) + "\\n")
    time.sleep(0.05)
    return number
try:
    list(spread(act, range(10_000), processes=2))
except KeyboardInterrupt:
    print("stopped")
"""


def test_workers_do_not_outlive_a_process_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    with subprocess.Popen([sys.executable, "-c", ENDLESS, str(told)], cwd=ROOT) as process:
        pids = wait_for_two(told)
        process.send_signal(signal.SIGKILL)
    end = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(alive, pids))


def test_an_interrupt_ends_all_of_them_at_once(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    # A group of its own, all of which is interrupted, as a terminal does it.
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(told)], cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE, text=True
    ) as process:
        pids = wait_for_two(told)
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert out == "stopped\n"
    assert process.returncode == 0
    assert not any(map(alive, pids))


def wait_for_two(told: Path) -> set[int]:
    """The two workers, once both have begun."""
    end = time.monotonic() + 30
    pids: set[int] = set()
    while len(pids) < 2 and time.monotonic() < end:
        time.sleep(0.02)
        pids = {int(line) for line in told.read_text().split()} if told.exists() else set()
    assert len(pids) == 2
    return pids


def alive(pid: int) -> bool:
    """Whether there is such a process that is more than a name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
