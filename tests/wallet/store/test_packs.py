"""Packs: what a batch says lies in one object, readable by anybody, and each line is found again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.conformance.world import World
from tests.support.wallets import NOW, HastyDisk, found, later, open_wallet, raw_sha
from wallet.paths import Paths
from wallet.store.doctor import examine
from wallet.store.events import decode
from wallet.store.packs import dumps
from wallet.store.recording import Recording
from wallet.store.wallet import Wallet
from wallet.verify.report import Report
from wallet.verify.report_json import finding_to_json, to_json


def events(wallet: Wallet) -> list[dict[str, object]]:
    (log,) = (wallet.paths.wallet / "events").iterdir()
    return [dict(event.data) for line in log.read_bytes().splitlines() if (event := decode(line)) is not None]


def reports(count: int) -> list[tuple[str, Report]]:
    world = World()
    world.class_["criteria"] = None
    return [
        (raw_sha(found(number)), replace(world.hosted(), raw_sha256=raw_sha(found(number)))) for number in range(count)
    ]


def test_origins_of_a_batch_are_lines_of_one_object(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(number) for number in range(3)], now=NOW)
        said = events(wallet)
        assert len({event["provenance"] for event in said}) == 1 and [event["line"] for event in said] == [1, 2, 3]
        lines = wallet.read(str(said[0]["provenance"])).decode("ascii").splitlines()
        assert [json.loads(line)["source"] for line in lines] == ["0.json", "1.json", "2.json"]
        assert [json.loads(line)["raw"] for line in lines] == [raw_sha(found(number)) for number in range(3)]


def test_a_line_of_a_pack_is_the_report_as_it_is_documented(tmp_path: Path) -> None:
    world = World()
    world.class_["name"] = 'A "badge":"" by name'
    hosted, signed = world.hosted(), world.signed()
    assert hosted.credential is not None and signed.credential is not None
    bare = replace(hosted, credential=None)
    classless = replace(hosted, credential=replace(hosted.credential, achievement=None))
    made = [(raw_sha(found(n)), report) for n, report in enumerate((hosted, signed, bare, classless, hosted))]
    recording = Recording(made)
    first, *lines = recording.contents[str(recording.drafts[0].data["report"])].splitlines()
    shared = json.loads(first)["findings"]
    for (_, report), line in zip(made, lines, strict=True):
        whole = to_json(report)
        numbers = [shared.index(finding_to_json(finding)) for finding in report.findings]
        assert line == dumps({**{k: v for k, v in whole.items() if k != "format"}, "findings": numbers})


def test_reports_of_a_batch_share_their_findings_and_read_back_whole(tmp_path: Path) -> None:
    made = reports(3)
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(number) for number in range(3)], now=NOW)
        wallet.record_many(made, now=NOW)
        said = events(wallet)[3:]
        first, *lines = wallet.read(str(said[0]["report"])).decode("ascii").splitlines()
        assert [event["line"] for event in said] == [2, 3, 4]
        shared = json.loads(first)["findings"]
        for (badge, report), line in zip(made, lines, strict=True):
            whole = json.loads(line)
            assert [shared[number] for number in whole["findings"]] == to_json(report)["findings"]
            summary = wallet.badge(badge).report
            assert summary is not None and summary.findings == report.findings
            assert (summary.verdict, summary.as_of, summary.credential) == (
                report.verdict,
                report.as_of,
                report.credential,
            )
        assert len(shared) == len({finding for _, report in made for finding in report.findings})


def test_bringing_the_same_batch_again_writes_nothing(tmp_path: Path) -> None:
    batch = [found(number) for number in range(3)]
    with open_wallet(tmp_path) as wallet:
        wallet.add(batch, now=NOW)
        before = sorted(path.name for path in (tmp_path / "wallet").rglob("*"))
        assert {item.outcome for item in wallet.add(batch[1:], now=later(days=1))} == {"duplicate"}
        assert sorted(path.name for path in (tmp_path / "wallet").rglob("*")) == before
        again = replace(batch[1], source="elsewhere.json")
        wallet.add([batch[0], again], now=later(days=2))
        assert [form.source for form in wallet.badge(raw_sha(batch[1])).representations] == ["1.json", "elsewhere.json"]
        assert len(wallet.badge(raw_sha(batch[0])).representations) == 1


def test_a_batch_planned_while_another_process_wrote_is_planned_again(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as other, open_wallet(tmp_path) as wallet:
        wallet.add([found(1)], now=NOW)
        wallet.remove([raw_sha(found(1))], now=NOW)
        # This one has not seen the removal when it plans, and would call the badge a duplicate.
        other.add([found(2)], now=NOW)
        assert other.refresh() or True
        wallet.add([found(1)], now=NOW)
        wallet.remove([raw_sha(found(1))], now=NOW)
        (again,) = other.add([found(1)], now=NOW)
        assert again.outcome == "added" and other.count() == 2


def test_the_half_of_a_batch_whose_lines_were_torn_off_is_adopted(tmp_path: Path) -> None:
    with open_wallet(tmp_path, disk=HastyDisk()) as wallet:
        wallet.add([found(number, picture=True) for number in range(4)], now=NOW)
        (log,) = (tmp_path / "wallet" / "events").iterdir()
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:2]))
    for path in (*(tmp_path / "state").glob("*.json"), *(tmp_path / "cache").rglob("*.db*")):
        path.unlink()
    assert [item.code for item in examine(Paths.under(tmp_path), now=NOW, fix=True) if item.severity != "ok"] == [
        "adopted"
    ]
    with open_wallet(tmp_path) as wallet:
        assert wallet.count() == 4
        assert all(wallet.badge(row.id).representations[0].source for row in wallet.list_badges())
    assert not [item for item in examine(Paths.under(tmp_path), now=later(days=1)) if item.severity != "ok"]
