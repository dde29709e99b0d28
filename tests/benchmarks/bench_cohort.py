"""What a cohort costs: figures and rows of 10,000 learners on five exclusive pathways, the memory that takes, the store.

Beside both networkx finds the same flows for 200 learners, scaled up. It is given which badge fits where; the product
finds that out, judges dates and proofs, and counts by verified badges and by all accepted ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

from importers.learners import handed
from tests.benchmarks.harness import Row, measure
from tests.generate import cohort_folder, crowd
from tests.support.flows import Part, most_filled
from wallet.cohort import table
from wallet.cohort.figuring import standing
from wallet.cohort.model import Thresholds
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import STORE, Cohort
from wallet.pathways.candidates import Candidate, verified_only
from wallet.pathways.figures import Compiled, Quick, compile
from wallet.pathways.fitting import Fitting
from wallet.pathways.model import Pathway
from wallet.pathways.personal import NOBODY

_LEARNERS = 10_000
_BESIDE = 200
_ROUNDS = 2
_MEGABYTES = 500
_STORED = 1_000
_THRESHOLDS = Thresholds()


def rows() -> list[Row]:
    """Seconds and megabytes of one crowd, then what a scan of another leaves behind."""
    return [*_evaluated(), _memory(), _table(), _rescan()]


def _evaluated() -> list[Row]:
    asked = crowd.pathways()
    few = list(crowd.learners(_BESIDE))
    flows = [(_parts(one, held), _keys(held)) for held in few for one in asked]
    flows += [(_parts(one, proven), _keys(proven)) for held in few for one in asked for proven in [verified_only(held)]]
    _same(asked, few, flows)
    limits, products, whole = [], [], []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        for parts, held in flows:
            most_filled(parts, held)
        limits.append((time.perf_counter() - begun) * _LEARNERS / _BESIDE)
        products.append(_seconds(asked, lambda one, held: one.figures(held)))
        whole.append(_seconds(asked, _row))
    many = (
        f"of {_LEARNERS:,} learners x 50 badges x {len(asked)} exclusive pathways, beside networkx on {_BESIDE}, scaled"
    )
    noisy = max(limits) > 2 * min(limits)
    return [
        Row(
            f"figures {many}",
            min(limits),
            min(products),
            gate=0.17,
            stretch=0.1,
            noisy=noisy or max(products) > 2 * min(products),
            note="networkx is told what fits",
        ),
        Row(
            f"whole rows {many}",
            min(limits),
            min(whole),
            gate=0.35,
            stretch=0.17,
            noisy=noisy or max(whole) > 2 * min(whole),
            note="who fills what, states, next steps, what ends; aim: 8 s; networkx finds only how many",
        ),
    ]


def _row(compiled: Compiled, held: Sequence[Candidate]) -> object:
    return standing("", compiled, held, NOBODY, thresholds=_THRESHOLDS)


def _seconds(asked: Sequence[Pathway], act: Callable[[Compiled, Sequence[Candidate]], object]) -> float:
    """Of evaluating the crowd, compiling included. Learners are made in between, a few at a time, and that is not timed."""
    begun = time.perf_counter()
    compiled = [compile(one, crowd.AT) for one in asked]
    spent = time.perf_counter() - begun
    learners = crowd.learners(_LEARNERS)
    while few := list(islice(learners, 500)):
        begun = time.perf_counter()
        for held in few:
            for one in compiled:
                act(one, held)
        spent += time.perf_counter() - begun
    return spent


def _parts(asked: Pathway, held: Sequence[Candidate]) -> tuple[Part, ...]:
    """What networkx is told: for each group of the exclusive root, its need and the keys that fit its elements."""
    fitting = Fitting(asked, held, crowd.AT)
    return tuple(
        Part(
            group.need.children or len(group.of),
            tuple((asked.elements[name].count, tuple(fitting.everything(name))) for name in group.of),
        )
        for group in asked.groups.values()
        if group.id != asked.root
    )


def _keys(held: Iterable[Candidate]) -> frozenset[str]:
    return frozenset(one.achievement_id or "" for one in held)


def _same(
    asked: Sequence[Pathway],
    few: Sequence[Sequence[Candidate]],
    flows: Sequence[tuple[tuple[Part, ...], frozenset[str]]],
) -> None:
    """Both come to the same, or the comparison says nothing."""
    compiled = [compile(one, crowd.AT) for one in asked]
    found: list[Quick] = [one.figures(held) for held in few for one in compiled]
    ours = [quick.accepted.filled for quick in found] + [quick.verified.filled for quick in found]
    if ours != [most_filled(parts, held) for parts, held in flows]:
        raise AssertionError("networkx counts differently")


def _memory() -> Row:
    """Peak of a process that evaluates the crowd and keeps every figure."""
    code = f"""
from tests.generate import crowd
from wallet.pathways.figures import compile
compiled = [compile(one, crowd.AT) for one in crowd.pathways()]
kept = [one.figures(held) for held in crowd.learners({_LEARNERS}) for one in compiled]
print(len(kept))
"""
    peak, alone = _peak(code), _peak("import tests.generate.crowd, wallet.pathways.figures")
    return Row(
        f"peak memory of the same, figures kept, beside a cap of {_MEGABYTES} MB",
        _MEGABYTES,
        peak,
        gate=1,
        stretch=0.5,
        noisy=False,
        note=f"{alone:.0f} MB before the first learner",
        unit="MB",
    )


def _table() -> Row:
    """From a closed store to the rows of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cohort_folder.store(folder, _STORED)
        kept = [one for part in ("*/results/*", "*/learner.json", "scans/*") for one in (folder / STORE).glob(part)]

        def bare() -> None:
            for path in kept:
                json.loads(path.read_bytes())

        def product() -> None:
            with Cohort.open(folder) as cohort:
                found = table.rows(cohort.load(), at=crowd.AT)
            if len(found) != _STORED * 5:
                raise AssertionError(f"{len(found)} rows")

        return measure(
            f"table of {_STORED:,} learners x 5 pathways from the cohort's store, beside read + parse of the same files",
            bare,
            product,
            gate=8,
            stretch=4,
            note="aim: on screen within 1 s",
        )


def _rescan() -> Row:
    """A second scan after one learner handed over another badge, beside the first."""
    used = [UsedPathway(one, one.sha256) for one in crowd.pathways()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cohort_folder.write(folder, _STORED, 1)
        spent: list[float] = []
        with Cohort.open(folder, create=True) as cohort:
            for number in range(4):
                begun = time.perf_counter()
                scan(cohort, handed(folder), used, now=cohort_folder.NOW, at=crowd.AT, fetcher=None)
                spent.append(time.perf_counter() - begun)
                cohort_folder.change(folder / "learner-00007" / "badge-0.json", 1_000_000 + number)
    return Row(
        f"scan again when 1 of {_STORED:,} learners changed, beside the first scan",
        spent[0],
        min(spent[1:]),
        gate=0.3,
        stretch=0.1,
        noisy=max(spent[1:]) > 2 * min(spent[1:]),
        note="every file is hashed",
    )


def _peak(code: str) -> float:
    """Megabytes that a child process had at most; Linux tells that of itself (VmHWM)."""
    code += "\nprint(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path.cwd(), check=True)
    return int(done.stdout.split()[-1]) * 1024 / 1e6
