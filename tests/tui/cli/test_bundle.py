"""A bundle from one end to the other: what goes out, what never does, who is told, and what a reader may believe."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.generate.containers import zipped
from tests.hostile.test_exports import HOSTILE
from tui.demo.sample import EMAIL

UNTIL = "2999-05-31"
TERMS = ("--to", "Riverbend College", "--purpose", "Admission to nursing", "--expires", UNTIL)
NOTE = "privatenote-7c1f-canary"
LABEL = "label-canary-93b"
#: As a file can hold them: a lone surrogate is refused by whoever reads one.
NAMES = [name.encode("utf-8", "replace").decode() for name in HOSTILE]


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def bundle(cli, target: Path, *more: object):
    return cli("export", "bundle", *TERMS, "-o", target, "--yes", *more)


@pytest.fixture
def made(cli, learner, tmp_path: Path) -> Path:
    target = tmp_path / "bundle.zip"
    ended = bundle(cli, target, "--identity", EMAIL, "--json")
    assert ended.code == 0, ended.err
    return target


# -- what goes out


def test_it_holds_originals_byte_for_byte_and_says_for_whom(made: Path, learner) -> None:
    files = members(made)
    told = json.loads(files["bundle.json"])
    assert (told["for"], told["purpose"], told["until"]) == ("Riverbend College", "Admission to nursing", UNTIL)
    assert told["identities"] == [{"type": "email", "value": EMAIL}]
    brought = {sha256(path.read_bytes()).hexdigest() for path in learner.downloads.iterdir()}
    originals = [file for file in told["files"] if file["part"] == "original"]
    assert sum(file["sha256"] in brought for file in originals) >= 4
    for file in told["files"]:
        assert sha256(files[file["path"]]).hexdigest() == file["sha256"]
        assert len(files[file["path"]]) == file["size"]
    evidence = [file for file in told["files"] if file["part"] == "evidence"]
    assert evidence
    assert all(file["url"] and file["status"] == 200 and file["fetched"] for file in evidence)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_invalid_revoked_and_expired_badges_stay_behind_as_one_number(made: Path, cli) -> None:
    told = json.loads(members(made)["bundle.json"])
    assert {badge["verdict"] for badge in told["badges"]} == {"valid"}
    assert list(told["left_out"]) == ["kept back"]
    listed = cli("list", "--hidden", "--json").document["badges"]
    assert told["left_out"]["kept back"] == len(listed) - len(told["badges"])


def test_other_tools_find_every_digest_right(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder)
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_an_expired_badge_goes_along_marked_when_it_is_named(cli, learner, tmp_path: Path) -> None:
    assert bundle(cli, tmp_path / "b.zip", "First Aid").code == 0
    (badge,) = json.loads(members(tmp_path / "b.zip")["bundle.json"])["badges"]
    assert badge["verdict"] == "expired"


def test_a_collection_and_a_pathway_choose_badges(cli, learner, tmp_path: Path) -> None:
    cli("tag", LABEL, "Water")
    assert bundle(cli, tmp_path / "a.zip", "--collection", LABEL).code == 0
    assert len(json.loads(members(tmp_path / "a.zip")["bundle.json"])["badges"]) == 1
    assert bundle(cli, tmp_path / "b.zip", "--pathway", "aquaponics").code == 0
    told = json.loads(members(tmp_path / "b.zip")["bundle.json"])
    progress = cli("pathway", "progress", "aquaponics", "--json").document
    assert told["pathways"] == [progress["pathway"]["id"]]
    assert 0 < len(told["badges"]) <= progress["figures"]["accepted"]["filled"]
    assert bundle(cli, tmp_path / "c.zip", "--collection", "nothing").code == 3


# -- what never does


def test_nothing_private_is_in_any_byte_of_it(cli, learner, home: Path, tmp_path: Path) -> None:
    cli("note", "Water", NOTE)
    cli("tag", LABEL, "Water")
    cli("identity", "add", "email:second-canary@private.example")
    hidden = cli("hide", "Nutrient", "--json").document["badges"][0]
    target = tmp_path / "b.zip"
    assert bundle(cli, target).code == 0
    data = target.read_bytes() + b"".join(members(target).values())
    mine = (NOTE, LABEL, EMAIL, "second-canary", str(home), str(learner.downloads))
    canaries = (*mine, hidden["id"], hidden["credential_id"])
    assert [word for word in canaries if word.encode() in data] == []


def test_an_address_that_opens_an_account_is_neither_told_nor_is_what_it_served(
    cli, home: Path, tmp_path: Path
) -> None:
    from tests.support.wallets import NOW, answer, found, report
    from wallet.paths import Paths
    from wallet.store.wallet import Wallet

    item = found(1)
    url = "https://badges.rowan-college.example/awards/1?access_token=tokencanary5521"
    with Wallet.open(Paths.of_user(None), now=NOW) as wallet:
        (added,) = wallet.add([item], now=NOW)
        made = report(item, evidence=(answer(url, b"{}"), answer("https://badges.rowan-college.example/awards/1")))
        wallet.record(added.badge, made, now=NOW)
    ended = bundle(cli, tmp_path / "b.zip", "--json")
    assert ended.document["warnings"]
    files = members(tmp_path / "b.zip")
    assert b"tokencanary" not in b"".join(files.values())
    assert sum(name.startswith("evidence/") for name in files) == 1


@pytest.mark.parametrize(("name", "prepare"), [("Master", ()), ("Water", ("hide", "Water"))])
def test_invalid_and_hidden_badges_are_refused_even_by_name(cli, learner, tmp_path: Path, name: str, prepare) -> None:
    if prepare:
        cli(*prepare)
    ended = bundle(cli, tmp_path / "b.zip", name)
    assert ended.code == 2
    assert "never handed out" in ended.err
    assert not (tmp_path / "b.zip").exists()


# -- seen first


def test_the_preview_lists_every_personal_field_and_writes_nothing(cli, learner, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    ended = cli("export", "bundle", *TERMS, "--person", "Ada Example", "-o", target, "--preview", "--json")
    assert ended.code == 0
    personal = ended.document["bundle"]["personal"]
    fields = [one["field"] for one in personal]
    assert "your name: Ada Example" in fields
    (hashed,) = [one for one in personal if "salt and hash" in one["field"] and one["where"] == "originals"]
    assert "Water Chemistry" in hashed["badges"]
    assert "confirm" in hashed["remark"]
    assert any("cannot tell whether the badges are yours" in (one["remark"] or "") for one in personal)
    assert not target.exists()
    assert cli("history", "--shared", "--json").document["shared"] == []
    told = cli("export", "bundle", *TERMS, "--identity", EMAIL, "-o", target, "--preview").out
    assert f"your identity: email:{EMAIL}" in told
    assert "cannot tell whether" not in told


def test_without_a_terminal_somebody_has_to_say_yes(cli, learner, tmp_path: Path) -> None:
    ended = cli("export", "bundle", *TERMS, "-o", tmp_path / "b.zip")
    assert ended.code == 2
    assert "--preview" in ended.err
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize(
    "line",
    [
        ("--to", " ", "--purpose", "x", "--expires", UNTIL),
        ("--to", "x" * 200, "--purpose", "x", "--expires", UNTIL),
        ("--to", "x", "--purpose", "x" * 2_000, "--expires", UNTIL),
        ("--to", "x", "--purpose", "x", "--expires", "2020-01-01"),
        ("--to", "x", "--purpose", "x", "--expires", "soon"),
        ("--to", "x", "--purpose", "x"),
        (*TERMS, "--identity", "email:stranger@else.example"),
        (*TERMS, "--identity", "nonsense"),
        (*TERMS, "Water", "--collection", "lab"),
        (*TERMS, "--preview"),
    ],
)
def test_what_is_said_wrongly_gets_a_sentence_and_the_next_step(cli, learner, tmp_path: Path, line) -> None:
    ended = cli("export", "bundle", *line, "-o", tmp_path / "b.zip", "--yes")
    assert ended.code == 2
    assert "Next:" in ended.err or "Error" in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "b.zip").exists()


# -- written well


def test_an_existing_file_stays_unless_forced_and_nothing_is_recorded(cli, learner, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    target.write_bytes(b"old")
    assert bundle(cli, target).code == 2
    assert target.read_bytes() == b"old"
    assert cli("history", "--shared", "--json").document["shared"] == []
    assert bundle(cli, target, "--force").code == 0


def test_two_processes_write_the_same_bytes(learner, home: Path, tmp_path: Path) -> None:
    root = str(Path(__file__).parents[3])
    digests = set()
    for number, zone in enumerate(("UTC", "Pacific/Auckland")):
        target = tmp_path / str(number) / "b.zip"
        target.parent.mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "tui.cli", "export", "bundle", *TERMS, "-o", str(target), "--yes"],
            env={"PYTHONPATH": root, "BADGEFOLIO_HOME": str(home), "SOURCE_DATE_EPOCH": "1790000000", "TZ": zone},
            cwd=target.parent,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        digests.add(sha256(target.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_kill_while_it_is_written_leaves_the_old_file_or_the_new_one(learner, home: Path, tmp_path: Path) -> None:
    root = str(Path(__file__).parents[3])
    target = tmp_path / "b.zip"
    target.write_bytes(b"old")
    script = (
        "import os, sys\nreal = os.fsync\n"
        "def slow(handle):\n    real(handle)\n"
        f"    if any(name.endswith('.part') for name in os.listdir({str(tmp_path)!r})):\n"
        "        print('now', flush=True); import time; time.sleep(60)\n"
        "os.fsync = slow\n"
        "from tui.cli.start import start\nsys.exit(start(sys.argv[1:]))\n"
    )
    line = ["export", "bundle", *TERMS, "-o", str(target), "--yes", "--force"]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *line],
        env={"PYTHONPATH": root, "BADGEFOLIO_HOME": str(home)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"now\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert target.read_bytes() == b"old"


# -- who has my badge


def test_history_and_show_answer_who_has_my_badge_and_undo_leaves_it(cli, made: Path) -> None:
    (one,) = cli("history", "--shared", "--json").document["shared"]
    assert (one["to"], one["purpose"], one["until"]) == ("Riverbend College", "Admission to nursing", UNTIL)
    assert one["sha256"] == sha256(made.read_bytes()).hexdigest()
    assert "Riverbend College" in cli("history", "--shared", "Water").out
    assert "Riverbend College" in cli("history").out
    assert "Riverbend College for Admission to nursing" in cli("show", "Water").out
    assert cli("history", "--shared", "First Aid", "--json").document["shared"] == []
    assert "handing" not in cli("undo").out
    assert len(cli("history", "--shared", "--json").document["shared"]) == 1
    assert cli("doctor").code == 0


# -- what a reader may believe


@pytest.fixture
def reader(cli, made: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The same command line, at a reader's who has no wallet."""
    monkeypatch.setenv("BADGEFOLIO_HOME", str(tmp_path / "reader"))
    return cli


def test_a_reader_proves_every_original_by_themselves(reader, made: Path, learner) -> None:
    ended = reader("verify", made, "--json", *learner.allow)
    checked, *reports = ended.documents
    assert (checked["outcome"], checked["findings"]) == ("passed", [])
    assert checked["bundle"]["for"] == "Riverbend College"
    assert len(reports) >= 4
    assert {(report["verdict"], report["yours"]) for report in reports} == {("valid", "passed")}
    assert ended.code == 0


def test_offline_what_the_sender_captured_proves_nothing(reader, made: Path) -> None:
    ended = reader("verify", made, "--offline", "--json")
    checked, *reports = ended.documents
    assert checked["outcome"] == "passed"
    assert {report["verdict"] for report in reports} == {"undetermined"}
    assert ended.code == 4


def test_verdicts_and_evidence_that_the_sender_forged_change_nothing(reader, made: Path, tmp_path: Path) -> None:
    files = members(made)
    honest = [d for d in reader("verify", made, "--offline", "--json").documents if "verdict" in d]
    told = json.loads(files["bundle.json"])
    for badge in told["badges"]:
        badge |= {"verdict": "valid", "as_of": "2030-01-01T00:00:00Z", "name": "Nobel Prize"}
    for file in told["files"]:
        if file["part"] == "evidence":
            files[file["path"]] = b'{"type": "Issuer", "trusted": true}'
            file |= {"sha256": sha256(files[file["path"]]).hexdigest(), "size": len(files[file["path"]])}
    files["bundle.json"] = json.dumps(told).encode()
    lines = [f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()) if name != "SHA256SUMS"]
    files["SHA256SUMS"] = "".join(lines).encode()
    forged = tmp_path / "forged.zip"
    forged.write_bytes(zipped(files))
    checked, *reports = reader("verify", forged, "--offline", "--json").documents
    assert checked["outcome"] == "passed", "whoever changes all of it can make it agree with itself"
    assert [(r["verdict"], r["raw_sha256"]) for r in reports] == [(r["verdict"], r["raw_sha256"]) for r in honest]


def test_one_flipped_byte_in_any_file_is_named(reader, made: Path, tmp_path: Path) -> None:
    from tui.cli.bundles import checked_bundle

    files = members(made)
    for name, data in files.items():
        for place in (0, len(data) // 2, len(data) - 1):
            flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            target = tmp_path / "flipped.zip"
            target.write_bytes(zipped({**files, name: flipped}))
            checked = checked_bundle(str(target))
            assert checked is not None, name
            assert checked.failed, (name, place)
            assert name in {finding.path for finding in checked.findings}, (name, place)
    ended = reader("verify", target, "--offline")
    assert ended.code == 1
    assert f"failed: {name}" in ended.out


def test_a_bundle_in_a_folder_or_a_pipe_is_pointed_out(reader, made: Path) -> None:
    for ended in (
        reader("verify", made.parent, "--offline"),
        reader("verify", "-", "--offline", stdin=made.read_bytes()),
    ):
        assert "is a bundle: name that file by itself" in ended.err
    assert "name that file by itself" not in reader("verify", made, "--offline").err


def test_several_inputs_keep_their_order_and_a_missing_one_stops_before_anything(reader, made: Path, learner) -> None:
    picture = learner.downloads / "water-chemistry.png"
    formats = [d["format"] for d in reader("verify", picture, made, picture, "--offline", "--json").documents]
    assert formats[1] == "badgefolio-bundle-check/1"
    assert formats.count("badgefolio-bundle-check/1") == 1
    assert formats[-1] == "badgefolio-report/1"
    ended = reader("verify", made, made.parent / "nothere.zip", "--offline")
    assert (ended.code, ended.out) == (2, "")


def test_a_missing_file_fails_and_an_unlisted_one_is_named(reader, made: Path, tmp_path: Path) -> None:
    files = members(made)
    gone = next(name for name in files if name.startswith("evidence/"))
    target = tmp_path / "odd.zip"
    target.write_bytes(zipped({name: data for name, data in files.items() if name != gone}))
    ended = reader("verify", target, "--offline")
    assert ended.code == 1
    assert f"failed: {gone}" in ended.out
    target.write_bytes(zipped({**files, "extra/\x1b[31mred.txt": b"x", ".hidden": b"y"}))
    ended = reader("verify", target, "--offline")
    assert ended.code == 4
    assert "warning: .hidden" in ended.out
    assert "\x1b" not in ended.out


def test_importing_it_brings_the_originals_and_says_for_whom_it_was(reader, made: Path) -> None:
    ended = reader("import", made, "--json")
    outcomes = [document["outcome"] for document in ended.documents]
    told = json.loads(members(made)["bundle.json"])
    assert outcomes.count("added") == len(told["badges"])
    (said,) = [document for document in ended.documents if document["outcome"] == "bundle"]
    assert "Riverbend College" in said["message"]
    listed = reader("list", "--json").document["badges"]
    assert {badge["id"] for badge in listed} <= {badge["id"] for badge in told["badges"]} | {
        sha256(data).hexdigest() for name, data in members(made).items() if name.startswith(("originals", "payloads"))
    }
    assert {badge["verdict"] for badge in listed} == {None}


@pytest.mark.parametrize("told", [b"{", b'{"format": "badgefolio-bundle/7"}', b'{"format":"badgefolio-bundle/1"}'])
def test_a_bundle_that_cannot_be_read_says_so_once(reader, made: Path, tmp_path: Path, told: bytes) -> None:
    target = tmp_path / "broken.zip"
    target.write_bytes(zipped({**members(made), "bundle.json": told}))
    ended = reader("verify", target, "--offline")
    assert ended.code == 1
    assert "failed: bundle.json" in ended.out
    assert "Next:" in ended.err
    assert reader("import", target).code == 3


def test_names_of_any_kind_pass_as_harmless_text(cli, home: Path, tmp_path: Path) -> None:
    from tests.support.wallets import NOW, found
    from wallet.paths import Paths
    from wallet.store.wallet import Wallet

    with Wallet.open(Paths.of_user(None), now=NOW) as wallet:
        wallet.add([found(number, name=name) for number, name in enumerate(NAMES)], now=NOW)
    hostile = NAMES[34]
    line = ("--to", hostile, "--purpose", NAMES[36], "--expires", UNTIL, "--consent", hostile, "--person", hostile)
    ended = cli("export", "bundle", *line, "-o", tmp_path / "b.zip", "--yes")
    assert ended.code == 0, ended.err
    files = members(tmp_path / "b.zip")
    assert all(name.isascii() and ".." not in name and name.isprintable() for name in files)
    for name in ("README.txt", "bundle.json"):
        text = files[name].decode()
        assert all(c.isprintable() or c == "\n" for c in text if c != "\ufffd"), name
    assert len(json.loads(files["bundle.json"])["badges"]) == len(NAMES)
    preview = cli("export", "bundle", *line, "--preview")
    assert "\x1b" not in preview.out + preview.err
    assert "\x1b" not in cli("history", "--shared").out


def test_row_27_an_employer_reads_names_and_dates_and_no_address(cli, learner, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    bundle(cli, target, "Water")
    files = members(target)
    readme = files["README.txt"].decode()
    assert "Water Chemistry" in readme
    assert "badgefolio verify" in readme
    assert not any(EMAIL.encode() in data for data in files.values())


def test_row_28_whoever_gets_it_proves_it_without_us_and_finds_badges_by_framework_code(
    reader, made: Path, learner
) -> None:
    files = members(made)
    readme = files["README.txt"].decode()
    proven = json.dumps(reader("verify", made, "--json", *learner.allow).documents)
    codes = set(re.findall(r'"targetCode": "([^"]+)"', proven))
    assert codes
    assert all(code in readme for code in codes)
    # With the issuer's own answers and nothing of the sender's: every badge is proven again.
    originals = [name for name in files if name.startswith("originals/")]
    for name in originals:
        (folder := made.parent / "other").mkdir(exist_ok=True)
        (folder / Path(name).name).write_bytes(files[name])
        assert reader("verify", folder / Path(name).name, *learner.allow).code == 0


def test_a_picture_that_holds_two_badges_does_not_take_the_hidden_one_along(cli, home: Path, tmp_path: Path) -> None:
    from tests.generate.badges import assertion, badge_class, encode, issuer, itxt, png

    one, two = (
        encode(assertion(n, badge=badge_class(id=f"https://c.example/{n}", name=f"Class {n}", issuer=issuer())))
        for n in (1, 2)
    )
    (tmp_path / "both.png").write_bytes(png(itxt(one), itxt(two)))
    assert cli("import", tmp_path / "both.png", "--json").code == 0
    cli("hide", "Class 2")
    ended = bundle(cli, tmp_path / "b.zip", "--json")
    assert "another badge" in str(ended.document["warnings"])
    files = members(tmp_path / "b.zip")
    assert not any(b"Class 2" in data or two in data for data in files.values())
    assert one in files.values()


def test_offline_a_reader_who_knows_the_issuers_key_proves_a_signed_badge(reader, made: Path, learner) -> None:
    reader("import", learner.downloads / "nutrient-film.jws")
    reader("verify", "--all", *learner.allow)
    verdicts = [d["verdict"] for d in reader("verify", made, "--offline", "--json").documents if "verdict" in d]
    assert verdicts.count("valid") >= 1
    assert "undetermined" in verdicts


def test_whose_address_it_is_stays_the_senders_word_and_none_is_passed_over(reader, made: Path, tmp_path: Path) -> None:
    files = members(made)
    told = json.loads(files["bundle.json"])
    told["identities"] = [{"type": "email", "value": f"person-{number}@learner.example"} for number in range(40)]
    files["bundle.json"] = json.dumps(told).encode()
    (tmp_path / "many.zip").write_bytes(zipped(files))
    ended = reader("verify", tmp_path / "many.zip", "--offline")
    assert "and 35 more" in ended.out
    assert "No check shows that these addresses are the sender's" in ended.err
