"""A folder of many learners with a few hosted badges each, and a store in which a scan of very many learners already lies.

For measurements of what the cohort's own store costs, so nothing here is signed: signing tens of thousands of badges would take
longer than all that is measured. `tests.generate.cohorts` has learners with real signed badges.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

from tests.generate import badges, crowd
from wallet.cohort import forms
from wallet.cohort.figuring import UsedPathway, standing
from wallet.cohort.kept import Card
from wallet.cohort.model import CheckedBadge, Consent, Proof, Thresholds
from wallet.cohort.scan_file import Entry, ScanFile
from wallet.cohort.store import Cohort
from wallet.model import Identity
from wallet.pathways.figures import Compiled
from wallet.pathways.personal import NOBODY

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def write(folder: Path, learners: int, each: int) -> None:
    """One sub-folder a learner, with `each` hosted assertions as JSON files."""
    for number in range(learners):
        own = folder / f"learner-{number:05}"
        own.mkdir()
        for index in range(each):
            change(own / f"badge-{index}.json", number * each + index)


def change(path: Path, number: int) -> None:
    """Write one badge, a new one where there was one."""
    path.write_bytes(badges.encode(badges.assertion(number, badge=badges.badge_class(issuer=badges.issuer()))))


def store(folder: Path, learners: int, *, different: int = 100) -> None:
    """A store with one scan of `learners` with 50 badges each on five pathways; `different` of them differ in their figures."""
    used = [UsedPathway(one, one.sha256) for one in crowd.pathways()]
    compiled = [Compiled(one.pathway, crowd.AT) for one in used]
    some = [tuple(held) for held in islice(crowd.learners(different), different)]
    rows = [[standing("", one, held, NOBODY, thresholds=Thresholds()) for one in compiled] for held in some]
    entries = []
    with Cohort.open(folder, create=True) as cohort:
        for number in range(learners):
            drawer = cohort.register(f"learner-{number:05}")
            held, own = some[number % different], rows[number % different]
            card = Card(
                drawer.number,
                f"Learner {number:05}",
                f"learner-{number:05}",
                sha256(str(number).encode()).hexdigest(),
                (f"learner-{number:05}/bundle.zip",),
                (Identity("email", f"learner-{number:05}@learner.example"),),
                Consent("My advisor may look at these badges.", crowd.AT, None, "Advice"),
            )
            drawer.put_card(card)
            checked = [
                CheckedBadge(sha256(one.id.encode()).hexdigest(), one.id, one, Proof.NOW, checked=NOW) for one in held
            ]
            key = drawer.put_badges(checked)
            result = [key, [], crowd.AT.isoformat(), 0, used[0].pathway.id, [], NOW.isoformat()]
            drawer.put_result(key, [*result, [forms.write_standing(one) for one in own]])
            entries.append(Entry(drawer.number, key))
        summaries = tuple(one.summary() for one in used)
        cohort.scan_files.put(
            ScanFile(
                "S-0001",
                crowd.AT,
                NOW,
                summaries,
                Thresholds(),
                "bench",
                tuple(sorted(entries, key=lambda e: e.number)),
            )
        )
