"""Verifying again: from the evidence in the wallet, and from a host on this computer, beside what cannot be spared."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

from importers.intake import take_in
from tests.benchmarks.bench_import import bare, expand
from tests.benchmarks.harness import Row, measure
from tests.benchmarks.issuer import documents
from tests.generate.worlds import LEARNER, NOW, SignedWorld, signed_pngs
from wallet.checking import check
from wallet.documents import strict_json
from wallet.fetch.base import Want
from wallet.fetch.http import HttpFetcher
from wallet.fetch.recorded import RecordedFetcher
from wallet.found import Kind
from wallet.limits import LIMITS
from wallet.paths import Paths
from wallet.store.wallet import Wallet
from wallet.verify.dossier import Subject
from wallet.verify.service import verify_all

_BADGES = 1_000
_CLASSES = 20


def rows() -> list[Row]:
    """Offline from a wallet, durable; hosted over loopback, without a wallet."""
    return [_offline(), _hosted()]


def _offline() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        world = signed_pngs(base / "badges", _BADGES, classes=_CLASSES)
        with Wallet.open(Paths.under(base / "home"), now=NOW) as wallet:
            names = _verified(wallet, world)
            days = count(1)

            def again() -> None:
                moment = NOW + timedelta(days=next(days))
                recorded = RecordedFetcher(wallet.evidence, now=moment)
                done = check(wallet, names, fetcher=recorded, now=moment, identities=[LEARNER], offline=True)
                _expect(sum(item.best.verdict == "valid" for item in done))

            return measure(
                f"verify {_BADGES:,} signed PNGs of the wallet offline and record it, beside bare read + hash + parse + RS256",
                lambda: bare(world, None),
                again,
                gate=4,
                stretch=2,
                rounds=2,
            )


def _verified(wallet: Wallet, world: SignedWorld) -> list[str]:
    taken = [item.added.badge for item in take_in(wallet, [world.folder], now=NOW) if getattr(item, "added", None)]
    list(check(wallet, taken, fetcher=world.published, now=NOW, identities=[LEARNER]))
    return taken


def _hosted() -> Row:
    with _issuer() as base:
        published = documents(base, _BADGES, _CLASSES)
        allowed = [base.removeprefix("http://")]
        subjects = [
            (path, Subject(body, Kind.OB2_JSON)) for path, body in published.items() if path.startswith("/awards/")
        ]

        def gets() -> None:
            urls = [base + path for path in published]
            with HttpFetcher(allow_hosts=allowed) as net, ThreadPoolExecutor(LIMITS.workers) as pool:
                answers = list(pool.map(lambda url: net.fetch(url, _want(url)), urls))
            _expect(sum(answer.ok for answer in answers), len(urls))
            for answer in answers:
                if _want(answer.url) is Want.JSON:
                    expand(strict_json.parse(answer.body).value)

        def product() -> None:
            with HttpFetcher(allow_hosts=allowed) as net:
                _expect(sum(report.verdict == "valid" for _, report in verify_all(subjects, fetcher=net, now=NOW)))

        return measure(
            f"verify {_BADGES:,} hosted badges of {_CLASSES} classes over loopback, beside bare GETs by the same client + expand",
            gets,
            product,
            gate=2.5,
            stretch=1.4,
            rounds=2,
        )


def _want(url: str) -> Want:
    return Want.IMAGE if url.endswith(".png") else Want.JSON


def _expect(got: int, wanted: int = _BADGES) -> None:
    if got != wanted:
        raise AssertionError(f"{got} instead of {wanted}")


@contextmanager
def _issuer() -> Iterator[str]:
    command: Sequence[str] = (sys.executable, "-m", "tests.benchmarks.issuer", str(_BADGES), str(_CLASSES))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()
