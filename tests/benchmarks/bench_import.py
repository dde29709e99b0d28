"""A folder of 1,000 signed PNGs, brought in and verified, durable; beside what the same work costs bare.

The limit of the first row is the one that the project set itself: read, hash, walk, parse, prove; expand each document with
pyld; write and sync the files, one log and one full-text index. The second row has no expansion in its limit.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from pathlib import Path
from struct import unpack
from zlib import crc32

from importers.intake import take_in
from tests.benchmarks.harness import Row, measure
from tests.generate import badges
from tests.generate.worlds import LEARNER, NOW, SignedWorld, signed_pngs
from wallet.checking import check
from wallet.documents import jws, strict_json
from wallet.documents.jsonld import _load_bundled as load_bundled
from wallet.paths import Paths
from wallet.store.wallet import Wallet

_BADGES = 1_000


def rows() -> list[Row]:
    """Import + verify, and verify alone, warm."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        world = signed_pngs(base / "badges", _BADGES)
        runs = count()
        return [
            measure(
                f"import + verify {_BADGES:,} signed PNGs, durable, beside bare proof + expand + write + sync + log + FTS",
                lambda: bare(world, base / f"bare-{next(runs)}"),
                lambda: _product(world, base / f"wallet-{next(runs)}"),
                gate=3,
                stretch=1.5,
                rounds=3,
            ),
            measure(
                f"verify {_BADGES:,} signed PNGs, issuer known, beside bare read + hash + parse + RS256",
                lambda: bare(world, None),
                _verifier(world),
                gate=4,
                stretch=1.5,
                rounds=3,
            ),
        ]


def bare(world: SignedWorld, target: Path | None) -> None:
    """The floor: each byte read, hashed, parsed and proven once; with `target` also expanded, written, logged and indexed."""
    key = jws.load_key(badges.key_pair("issuer")[1])
    if target is not None:
        target.mkdir(exist_ok=True)
    log = []
    for path in sorted(world.folder.iterdir()):
        data = path.read_bytes()
        digest = sha256(data).hexdigest()
        token = jws.decode(_baked(data))
        document = strict_json.parse(token.payload).value
        if not jws.verify(token, key):
            raise AssertionError("the sample is not signed by its key")
        if target is not None:
            expand(document)
            (target / digest).write_bytes(data)
            log.append(json.dumps({"sha256": digest, "verdict": "valid"}))
    if target is not None:
        (target / "log").write_text("\n".join(log))
        with sqlite3.connect(target / "index") as index:
            index.execute("create virtual table words using fts5(name)")
            index.executemany("insert into words values (?)", [(line,) for line in log])
        index.close()
        os.sync()


def expand(document: object) -> None:
    """One document through pyld, its context from our own tables, as the full path of JSON-LD does."""
    from pyld import jsonld

    jsonld.expand(document, {"documentLoader": load_bundled})


def _baked(data: bytes) -> bytes:
    """The text of the one `openbadges` chunk, every checksum looked at."""
    position, found = 8, b""
    while position < len(data):
        (length,) = unpack(">I", data[position : position + 4])
        body = data[position + 4 : position + 8 + length]
        if crc32(body) != unpack(">I", data[position + 8 + length : position + 12 + length])[0]:
            raise AssertionError("the sample is damaged")
        if body.startswith(b"iTXtopenbadges\0"):
            found = body.rpartition(b"\0")[2]
        position += 12 + length
    return found


def _product(world: SignedWorld, home: Path) -> None:
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        taken = [item.added.badge for item in take_in(wallet, [world.folder], now=NOW) if getattr(item, "added", None)]
        results = list(check(wallet, taken, fetcher=world.published, now=NOW, identities=[LEARNER]))
    if len(results) != _BADGES or any(result.best.verdict != "valid" for result in results):
        raise AssertionError("the sample does not verify")


def _verifier(world: SignedWorld) -> Callable[[], None]:
    from importers.find import iter_find
    from wallet.verify.dossier import Subject
    from wallet.verify.service import verify_all

    def act() -> None:
        found = [item for report in iter_find([world.folder]) for item in report.found]
        subjects = [(str(number), Subject.of(item)) for number, item in enumerate(found)]
        for _, report in verify_all(
            subjects,
            fetcher=world.published,
            identities=[LEARNER],
            now=NOW,
            offline=True,
            in_copy=lambda: None,
        ):
            if report.verdict != "valid":
                raise AssertionError("the sample does not verify")

    return act
