"""`verify` through the real command: verdicts, exit codes, what is recorded, and what is said when nobody answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.generate import badges
from tui.demo.host import LoopbackHost, Page
from tui.demo.sample import EMAIL, SampleWorld

VERDICTS = {
    "water-chemistry.png": ("valid", 0),
    "plant-nutrition.svg": ("valid", 0),
    "nutrient-film.jws": ("valid", 0),
    "raft-systems.png": ("revoked", 1),
    "first-aid.png": ("expired", 1),
    "forklift.json": ("revoked", 1),
    "master-grower.png": ("invalid", 1),
    "field-hours.svg": ("valid", 0),
}
MINE = ("--recipient", f"email:{EMAIL}")


@pytest.mark.parametrize("name", VERDICTS)
def test_every_kind_of_file_gets_its_verdict_without_a_wallet(cli, sample, home: Path, name: str) -> None:
    verdict, code = VERDICTS[name]
    ended = cli("verify", sample.downloads / name, *MINE, "--json", *sample.allow)
    assert (ended.document["verdict"], ended.code) == (verdict, code)
    assert not (home / "wallet").exists()


def test_an_address_and_standard_input_are_verified_alike(cli, sample) -> None:
    linked = cli("verify", sample.world.url, *MINE, "--json", *sample.allow)
    assert (linked.document["verdict"], linked.document["yours"], linked.code) == ("valid", "passed", 0)
    token = (sample.downloads / "nutrient-film.jws").read_bytes()
    piped = cli("verify", "-", "--json", *sample.allow, stdin=token)
    assert (piped.document["verdict"], piped.document["yours"], piped.code) == ("valid", "skipped", 0)


def test_the_recipient_is_asked_about_only_when_named(cli, sample) -> None:
    file = sample.downloads / "water-chemistry.png"
    somebody = cli("verify", file, "--recipient", "email:somebody@else.example", "--json", *sample.allow)
    assert somebody.document["yours"] == "failed"
    both = cli("verify", file, "--recipient", "email:somebody@else.example", *MINE, "--json", *sample.allow)
    assert both.document["matched"] == {"type": "email", "value": EMAIL}


def test_several_inputs_give_a_line_each_in_their_order(cli, sample) -> None:
    names = ["first-aid.png", "water-chemistry.png", "screenshot.png", "master-grower.png"]
    ended = cli("verify", *(sample.downloads / name for name in names), "--json", *sample.allow)
    assert [Path(str(document["input"])).name for document in ended.documents] == names
    assert ended.code == 1


def test_hosts_are_named_before_they_are_asked_and_data_stays_apart(cli, sample) -> None:
    ended = cli("verify", sample.downloads / "water-chemistry.png", *sample.allow)
    assert "Contacting 127.0.0.1:" in ended.err
    assert "Contacting" not in ended.out
    assert ended.out.startswith("✓ valid  Water Chemistry, as of ")
    for question in ("authentic?", "yours?", "still good?"):
        assert question in ended.out
    assert "checks passed" in ended.out
    assert "(-v shows them)" in ended.out


def test_verbose_shows_the_passed_checks(cli, sample) -> None:
    ended = cli("verify", sample.downloads / "water-chemistry.png", "-v", *sample.allow)
    assert "✓ signed.signature: " in ended.out


def test_plain_is_one_fact_a_line(cli, sample) -> None:
    ended = cli("verify", sample.downloads / "first-aid.png", "--plain", *sample.allow)
    assert ended.out.splitlines()[0] == "verdict: expired"
    assert all(": " in line for line in ended.out.splitlines())
    assert "next step: " in ended.out


def test_verifying_a_badge_of_the_wallet_is_recorded(cli, learner) -> None:
    before = len(cli("show", "Water", "--json").document["checks"])
    assert cli("verify", "Water", *learner.allow).code == 0
    assert len(cli("show", "Water", "--json").document["checks"]) == before + 1


def test_a_question_about_somebody_is_not_recorded(cli, learner) -> None:
    ended = cli("verify", "Water", "--recipient", "email:somebody@else.example", *learner.allow)
    assert "Not recorded" in ended.err
    document = cli("show", "Water", "--json").document
    assert (document["yours"], len(document["checks"])) == ("passed", 1)


def test_a_file_that_is_in_the_wallet_is_recorded(cli, learner) -> None:
    ended = cli("verify", learner.downloads / "water-chemistry.png", "--json", *learner.allow)
    shown = cli("show", "Water", "--json").document
    assert ended.document["badge"] == shown["id"]
    assert len(shown["checks"]) == 2


def test_a_file_that_is_not_in_the_wallet_is_judged_and_forgotten(cli, learner) -> None:
    cli("remove", "Water")
    ended = cli("verify", learner.downloads / "water-chemistry.png", "--json", *learner.allow)
    assert ended.document["verdict"] == "valid"
    assert cli("list", "--json").document["total"] == 8


def test_a_forged_copy_is_judged_by_itself_when_it_is_named(cli, learner, tmp_path: Path) -> None:
    token = (learner.downloads / "nutrient-film.jws").read_bytes()
    head, payload, signature = token.split(b".")
    (tmp_path / "forged.jws").write_bytes(b".".join((head, payload, signature[:-8] + b"AAAAAAAA")))
    cli("import", tmp_path / "forged.jws")
    files = (tmp_path / "forged.jws", learner.downloads / "nutrient-film.jws")
    assert [document["verdict"] for document in cli("verify", *files, "--json", "--offline").documents] == [
        "invalid",
        "valid",
    ]
    assert "this is about the one you named" in cli("verify", files[0], "--offline").out
    assert cli("show", "Nutrient", "--json").document["verdict"] == "valid"


def test_all_badges_are_verified_and_counted(cli, learner) -> None:
    ended = cli("verify", "--all", *learner.allow)
    assert ended.code == 1
    assert len([line for line in ended.out.splitlines() if not line.startswith(" ")]) == 9
    assert "9 checked: 5 valid, 1 expired, 2 revoked, 1 invalid." in ended.err


def test_verifying_everything_in_an_empty_wallet_says_how_to_begin(cli) -> None:
    ended = cli("verify", "--all")
    assert ended.code == 0
    assert "badgefolio import" in ended.err


def test_offline_the_evidence_in_the_wallet_answers(cli, learner) -> None:
    ended = cli("verify", "--all", "--offline", "--json")
    assert "Contacting" not in ended.err
    assert [document["verdict"] for document in ended.documents].count("valid") == 5
    assert all(document["offline"] for document in ended.documents)


def test_offline_without_evidence_nothing_is_known(cli, sample) -> None:
    ended = cli("verify", sample.downloads / "water-chemistry.png", "--offline", "--json")
    assert ended.document["verdict"] == "undetermined"
    assert ended.code == 4


def test_when_the_issuer_is_gone_nothing_turns_invalid(cli, home: Path, tmp_path: Path) -> None:
    with SampleWorld(tmp_path / "downloads", datetime.now(UTC)) as world:
        allow = [word for host in world.allow_hosts for word in ("--allow-host", host)]
        file = tmp_path / "downloads" / "field-hours.svg"
        cli("identity", "add", f"email:{EMAIL}")
        assert cli("import", file, "--verify", *allow).code == 0
    gone = cli("verify", "Field", *allow)
    assert gone.code == 4
    assert gone.out.startswith("? undetermined  Field Hours 30")
    assert "earlier" in gone.out
    assert "valid as of" in gone.out
    assert cli("verify", "Field", "--json", *allow).document["earlier"]["verdict"] == "valid"
    assert cli("list", "--json").document["badges"][0]["verdict"] == "valid"
    assert cli("list", "--json").document["badges"][0]["last_attempt"] == "undetermined"
    assert "undetermined: the state above still stands" in cli("show", "Field").out
    offline = cli("verify", "Field", "--offline")
    assert offline.code == 0
    assert "judged from kept evidence" in offline.out


@pytest.mark.parametrize(
    "document",
    [
        badges.assertion(verification={"type": "SignedBadge"}),
        badges.assertion(verification={"type": "somethingElse"}),
        badges.assertion(verification=None),
    ],
    ids=["unsigned but claims a signature", "unknown way", "no way"],
)
def test_what_cannot_be_proven_is_never_valid(cli, tmp_path: Path, document: dict[str, object]) -> None:
    (tmp_path / "a.json").write_bytes(badges.encode(document))
    ended = cli("verify", tmp_path / "a.json", "--offline", "--json")
    assert ended.document["verdict"] != "valid"
    assert ended.code in (1, 4)


def test_the_best_of_several_forms_speaks_and_that_they_disagree_is_said(cli, learner, tmp_path: Path) -> None:
    token = (learner.downloads / "nutrient-film.jws").read_bytes()
    head, payload, signature = token.split(b".")
    forged = b".".join((head, payload, signature[:-8] + b"AAAAAAAA"))
    (tmp_path / "forged.jws").write_bytes(forged)
    assert "another copy of" in cli("import", tmp_path / "forged.jws").out
    ended = cli("verify", "Nutrient", "--offline")
    assert ended.code == 0
    assert ended.out.startswith("✓ valid  Nutrient Film Technique")
    assert "2 copies say different things (invalid, valid); the best counts" in ended.out


def test_a_folder_is_verified_file_by_file(cli, sample) -> None:
    ended = cli("verify", sample.downloads, "--json", *sample.allow)
    assert {Path(str(d["input"])).name: d["verdict"] for d in ended.documents} == {
        name: verdict for name, (verdict, _) in VERDICTS.items()
    }


def test_a_change_of_verdict_is_news(home: Path, tmp_path: Path, cli) -> None:
    with LoopbackHost() as host:
        documents = {
            "/issuer": badges.issuer(id=f"{host.base_url}/issuer", url=host.base_url, publicKey=None),
            "/class": badges.badge_class(
                id=f"{host.base_url}/class", issuer=f"{host.base_url}/issuer", image=f"{host.base_url}/p.png"
            ),
            "/a": badges.assertion(
                id=f"{host.base_url}/a", badge=f"{host.base_url}/class", verification={"type": "HostedBadge"}
            ),
        }
        host.publish("/p.png", Page(badges.png(), "image/png"))
        for path, document in documents.items():
            host.publish(path, Page(badges.encode(document)))
        allow = ("--allow-host", host.allow_host)
        assert cli("import", f"{host.base_url}/a", "--verify", *allow).code == 0
        host.publish("/a", Page(badges.encode({**documents["/a"], "revoked": True}), "application/json", 410))
        (badge,) = cli("list", "--json").document["badges"]
        copies = (badge["short"], badge["id"][:10])
        again = cli("verify", copies[0], copies[1], *allow)
    assert again.code == 1
    assert "revoked" in again.out
