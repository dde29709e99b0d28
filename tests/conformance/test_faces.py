"""The same cases over a real socket, through both faces: the command's exit code and JSON, and the app's screen.

The issuer of each case moves to loopback; what a case says of the library has to be said by the faces too.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path

import pytest

from importers.find import find
from tests.conformance.cases import (
    DOCUMENTS,
    HOSTED,
    ISSUERS,
    PICTURES,
    REVOKED_CASES,
    SCOPE,
    SIGNED,
    STRUCTURE,
    Case,
)
from tests.conformance.world import HOST, NOW, OTHER, World
from tests.support.screens import WIDE, opened, screen
from tui.cli.start import start
from tui.demo.host import LoopbackHost, Page
from wallet.documents import jws
from wallet.fetch.base import Fetched
from wallet.paths import Paths
from wallet.store.wallet import Wallet
from wallet.verify.report import Verdict

_EXIT = {
    Verdict.VALID: 0,
    Verdict.INVALID: 1,
    Verdict.REVOKED: 1,
    Verdict.EXPIRED: 1,
    Verdict.UNDETERMINED: 4,
}
_FAMILIES = (STRUCTURE, DOCUMENTS, HOSTED, ISSUERS, SCOPE, SIGNED, REVOKED_CASES, PICTURES)


class Moved:
    """A case's world, served from loopback. `file` is what the learner brings."""

    def __init__(self, case: Case, host: LoopbackHost) -> None:
        self.world = World()
        case.change(self.world)
        self._host = host
        for url, document in self.world.documents.items():
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            self._publish(url, body, 200, "image/png" if url.endswith(".png") else "application/ld+json")
        for url, answer in self.world.answers.items():
            self._publish(url, answer.body, answer.status or 500, "application/ld+json")
        if case.way == "signed":
            claims = json.dumps(self.world.signed_award).encode()
            self.file = self.world.token or jws.sign(self._here(claims), self.world.private, self.world.algorithm)
        else:
            brought = self.world.brought
            self.file = self._here(json.dumps(self.world.award).encode() if brought is None else brought)

    def _here(self, body: bytes) -> bytes:
        return body.replace(HOST.encode(), self._host.base_url.encode())

    def _publish(self, url: str, body: bytes, status: int, label: str) -> None:
        if url.startswith(HOST):
            path = url.removeprefix(HOST).partition("#")[0]
            self._host.publish(path, Page(self._here(body), label, status))


def movable(case: Case) -> bool:
    """Whether a case needs one host only, and nothing that its own address says about it."""
    world = World()
    case.change(world)
    texts = [json.dumps(d) for d in world.documents.values() if not isinstance(d, bytes)]
    texts += [json.dumps(world.award), json.dumps(world.signed_award)]
    plain = all(url.startswith(f"{HOST}/") for url in (*world.documents, *world.answers))
    answers = all(isinstance(a, Fetched) and a.failure is None and a.url == a.final_url for a in world.answers.values())
    host = HOST.removeprefix("https://")
    alone = not any(
        OTHER in text or host in text.lower().replace(HOST, "").replace("badges@" + host[7:], "") for text in texts
    )
    return plain and answers and alone and world.token is None and not case.check.startswith("fetch.")


MOVABLE = [case for family in _FAMILIES for case in [c for c in family if movable(c)][:6]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BADGEFOLIO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize("case", MOVABLE, ids=lambda case: f"{case.way}: {case.name}")
def test_the_command_says_what_the_library_says(
    case: Case, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackHost() as host:
        brought = tmp_path / ("badge.jws" if case.way == "signed" else "badge.json")
        brought.write_bytes(Moved(case, host).file)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8"))
        code = start(["verify", str(brought), "--json", "--allow-host", host.allow_host])
    out = capsys.readouterr().out
    report = json.loads(out)
    found = [finding for finding in report["findings"] if finding["check"] == case.check]
    assert case.outcome.value in [finding["outcome"] for finding in found], out
    assert report["verdict"] == case.verdict.value, out
    assert code == _EXIT[case.verdict]


def test_enough_cases_are_tried_through_the_command() -> None:
    assert len(MOVABLE) > 25
    assert {case.verdict for case in MOVABLE} >= {Verdict.VALID, Verdict.INVALID, Verdict.REVOKED, Verdict.UNDETERMINED}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the library that draws pictures
@pytest.mark.parametrize("number", range(4))
def test_the_app_shows_each_verdict_without_a_crash(number: int, home: Path) -> None:
    verdicts = (Verdict.VALID, Verdict.INVALID, Verdict.REVOKED, Verdict.UNDETERMINED)
    case = next(case for case in MOVABLE if case.verdict is verdicts[number] and case.way == "hosted")
    world = World()
    case.change(world)
    with Wallet.open(Paths.under(home), now=NOW) as wallet:
        (added,) = wallet.add(find(world.subject().raw, name="badge.json").found, now=NOW)
        wallet.record(added.badge, world.hosted(), now=NOW)

    async def shown() -> str:
        async with opened(home, WIDE) as pilot:
            return screen(pilot)

    mark = {"valid": "✓", "invalid": "✗", "revoked": "⊘", "undetermined": "?"}[case.verdict.value]
    assert mark in asyncio.run(shown())
