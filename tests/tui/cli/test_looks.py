"""What the screen gets: tables, plain facts, marks without colour, and nothing dangerous out of foreign text."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.generate import badges

ROOT = Path(__file__).parents[3]
HOSTILE = (
    "\x1b]52;c;aGFjaw==\x07\x1b[2J\x1b]0;title\x07",
    "[bold red]loud[/bold red][/oops][link=javascript:alert(1)]x[/link]",
    "[@click=app.quit]quit[/]",
    "\u202egnp.exe\u202c \u2066inside\u2069 \u200b\ufeff",
    "Z" + "\u0301" * 1_000,
    "A\r\nverdict: valid\x0b\x85\u2028B",
    "\x9b31m C1 \x90",
    "名" * 3_000,
)
_SGR = re.compile(r"\x1b\[[0-9;]*m")
_BOXES = re.compile("[\u2500-\u259f]")


def screen(home: Path, *arguments: str, **more: str) -> str:
    """What a terminal of 100 columns is sent on stdout and stderr."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli", *arguments],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={
            "PATH": os.environ["PATH"],
            "BADGEFOLIO_HOME": str(home),
            "TERM": "xterm-256color",
            "COLUMNS": "100",
            "LANG": "C.UTF-8",
            **more,
        },
    ) as running:
        os.close(slave)
        shown = b""
        while select.select([master], [], [], 30)[0]:
            try:
                part = os.read(master, 65_536)
            except OSError:
                break
            if not part:
                break
            shown += part
        running.wait(30)
    os.close(master)
    return shown.decode()


@pytest.fixture
def hostile(cli, tmp_path: Path) -> None:
    """A wallet of badges whose every text is hostile."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for number, text in enumerate(HOSTILE):
        issuer = badges.issuer(id=f"https://h{number}.example/i", name=text, description=text)
        made = badges.badge_class(
            id=f"https://h{number}.example/c", name=text, description=text, tags=[text], issuer=issuer
        )
        document = badges.assertion(
            number, id=f"https://h{number}.example/a", badge=made, narrative=text, evidence=[{"name": text, "id": text}]
        )
        (folder / f"{number}.json").write_bytes(badges.encode(document))
    assert cli("import", folder).code == 0


def harmless(text: str) -> None:
    for character in text:
        assert character == "\n" or character.isprintable(), repr(character)
    assert "\u202e" not in text


def test_hostile_texts_are_shown_as_harmless_text(cli, hostile) -> None:
    for form in ((), ("--plain",)):
        listed = cli("list", *form).out
        harmless(listed)
        assert "[bold red]loud[/bold red]" in listed
        assert "[@click=app.quit]quit[/]" in listed
        for badge in cli("list", "--json").document["badges"]:
            for line in (["show", badge["id"]], ["verify", "--offline", badge["id"]], ["history", badge["id"]]):
                ended = cli(*line, *form)
                harmless(ended.out + ended.err)


def test_a_name_cannot_add_a_line_of_its_own(cli, hostile) -> None:
    for badge in cli("list", "--json").document["badges"]:
        ended = cli("show", badge["id"], "--plain")
        assert not any(line.startswith("verdict: valid") for line in ended.out.splitlines())


def test_hostile_texts_reach_a_terminal_without_escape_codes_of_theirs(hostile, home: Path) -> None:
    shown = screen(home, "list")
    rest = _SGR.sub("", shown)
    assert "\x1b" not in rest
    assert "\x9b" not in rest
    assert all(cell_len(line) <= 100 for line in rest.splitlines())


def test_a_hostile_file_name_is_harmless(cli, tmp_path: Path) -> None:
    file = tmp_path / "\x1b[2Jbad\u202e.json"
    file.write_text("{")
    ended = cli("import", file)
    harmless(ended.err)
    assert ended.code == 3


def test_a_terminal_gets_colour_unless_it_wants_none(learner, home: Path) -> None:
    assert _SGR.search(screen(home, "list"))
    assert "\x1b" not in screen(home, "list", NO_COLOR="1")
    assert "\x1b" not in screen(home, "verify", "--offline", "Water", NO_COLOR="1").replace("\x1b[?25", "").replace(
        "\x1b[2K", ""
    ).replace("\x1b[1A", "")


def test_a_terminal_too_narrow_for_a_table_gets_whole_facts(learner, home: Path) -> None:
    shown = screen(home, "list", COLUMNS="40")
    assert "…" not in shown
    assert "Nutrient Film Technique" in shown
    assert "✓ valid" in shown and "⊘ revoked" in shown


def test_plain_has_no_boxes_no_colour_and_no_columns_on_a_terminal_either(learner, home: Path) -> None:
    for line in (["list"], ["show", "Water"], ["verify", "--offline", "Water"], ["pathway", "progress"], ["history"]):
        shown = screen(home, *line, "--plain")
        assert "\x1b" not in shown, line
        assert not _BOXES.search(shown), line
        assert all(": " in row or row.strip() == "" for row in shown.splitlines()), line


def test_a_pipe_gets_whole_values_and_no_decoration(cli, learner) -> None:
    ended = cli("list")
    assert "Workplace Safety and Chemical Handling" in ended.out
    assert "\x1b" not in ended.out
    assert not _BOXES.search(ended.out)


@pytest.mark.parametrize(
    ("state", "shown", "ascii_only"),
    [
        ("valid", "✓ valid", "+ valid"),
        ("invalid", "✗ invalid", "x invalid"),
        ("revoked", "⊘ revoked", "R revoked"),
        ("expired", "◷ expired", "E expired"),
    ],
)
def test_a_state_is_a_mark_and_a_word(cli, learner, state: str, shown: str, ascii_only: str) -> None:
    assert shown in cli("list", "--state", state).out
    ended = cli("list", "--state", state, "--ascii")
    assert ascii_only in ended.out
    assert shown not in ended.out


def test_a_terminal_that_knows_only_ascii_gets_ascii(learner, home: Path) -> None:
    shown = screen(home, "list", LANG="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", NO_COLOR="1")
    assert "+ valid" in shown
    assert shown.isascii()


def test_a_list_can_be_narrowed_sorted_and_paged(cli, learner) -> None:
    assert cli("list", "--issuer", "growers", "--json").document["total"] == 1
    names = [badge["name"] for badge in cli("list", "--sort", "name", "--json").document["badges"]]
    assert names == sorted(names, key=str.casefold)
    page = cli("list", "--limit", "2", "--offset", "8")
    assert len(page.out.splitlines()) == 2
    assert "7 more" in cli("list", "--limit", "2").err
    cli("tag", "lab", "Water", "Plant")
    assert cli("list", "--label", "lab", "--json").document["total"] == 2
    assert cli("list", "--label", "lab", "--limit", "1", "--json").document["total"] == 2
    cli("hide", "Water")
    assert cli("list", "--json").document["total"] == 8
    assert cli("list", "--hidden", "--json").document["total"] == 9


def test_fresh_badges_are_listed_as_not_checked(cli, sample) -> None:
    cli("import", sample.downloads)
    assert cli("list", "--state", "not-checked", "--json").document["total"] == 8
    assert "· not checked" in cli("list").out
    assert "'badgefolio verify" in cli("show", cli("list", "--json").document["badges"][0]["short"]).err


def test_search_finds_words_and_says_when_there_are_none(cli, learner) -> None:
    assert cli("search", "chem", "--json").document["total"] == 2
    ended = cli("search", "welding")
    assert ended.code == 3
    assert "welding" in ended.err


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("list", "badgefolio import"),
        ("history", "badgefolio import"),
        ("identity list", "badgefolio identity add"),
        ("pathway list", "badgefolio pathway add"),
        ("pathway progress", "badgefolio pathway add"),
        ("doctor", "badgefolio import"),
        ("verify --all", "badgefolio import"),
    ],
)
def test_an_empty_wallet_says_what_to_do_next_and_is_not_made(cli, home: Path, line: str, hint: str) -> None:
    ended = cli(*line.split())
    assert ended.code == 0
    assert ended.out == ""
    assert hint in ended.err
    assert not home.exists()


def test_show_names_what_the_badge_does_not_state(cli, learner) -> None:
    ended = cli("show", "Forklift", "--plain")
    for label in ("Outcomes or competencies", "Course dates", "Time commitment", "Facilitator"):
        assert f"{label}: not stated" in ended.out


def test_show_keeps_the_learners_words_apart_from_the_issuers(cli, learner, tmp_path: Path) -> None:
    cli("note", "Water", "Used it at the hatchery.")
    cli("tag", "favourite", "Water")
    theirs, mine = cli("show", "Water").out.split("In my words")
    assert "In the issuer's words" in theirs
    assert "Used it at the hatchery." in mine
    assert "Used it" not in theirs
    assert "favourite" in mine
    cli("export", "portfolio", "-o", tmp_path / "p.html")
    assert "Used it" not in (tmp_path / "p.html").read_text()


def test_every_change_can_be_taken_back(cli, learner) -> None:
    before = cli("list", "--hidden", "--json").document
    for line in ("tag lab Water", "hide Water", "remove Water Plant", "note Water x"):
        assert cli(*line.split()).code == 0
        assert cli("undo").code == 0
        assert cli("list", "--hidden", "--json").document == before
    cli("identity", "add", "url:https://ada.example/")
    cli("identity", "remove", "url:https://ada.example/")
    assert "url" in cli("undo").out + cli("identity", "list").out


def test_a_note_can_come_from_standard_input_and_be_taken_away(cli, learner) -> None:
    cli("note", "Water", "-", stdin="Zwei Zeilen\nmit Ümlaut".encode())
    assert "mit Ümlaut" in cli("show", "Water").out
    cli("note", "Water", "")
    assert "In my words" not in cli("show", "Water").out


def test_exports_leave_out_what_is_not_for_show_unless_named(cli, learner, tmp_path: Path) -> None:
    ended = cli("export", "portfolio", "-o", tmp_path / "p.html", "--json")
    assert ended.document["left_out"] == {"invalid": 1, "revoked": 2, "expired": 1}
    assert len(ended.document["badges"]) == 5
    named = cli("export", "portfolio", "Forklift", "-o", tmp_path / "q.html", "--json")
    assert len(named.document["badges"]) == 1


def test_originals_come_out_as_they_came_in(cli, learner, tmp_path: Path) -> None:
    assert cli("export", "originals", "-o", tmp_path / "out").code == 0
    written = {file.read_bytes() for file in (tmp_path / "out").iterdir()}
    for file in learner.downloads.iterdir():
        assert (file.read_bytes() in written) is (file.name != "screenshot.png")


def test_the_same_moment_gives_the_same_portfolio(cli, learner, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    for name in ("a.html", "b.html"):
        assert cli("export", "portfolio", "-o", tmp_path / name).code == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert cli("export", "portfolio", "-o", tmp_path / "c.html").code == 2


def test_pathways_tell_what_is_filled_and_what_is_missing(cli, learner) -> None:
    progress = cli("pathway", "progress").out
    assert "5 of 7 places filled, 2 missing (71 %)" in progress
    assert "Raft Systems would count but: the issuer revoked it" in progress
    missing = cli("pathway", "missing", "aquaponics").out
    assert "fully-facilitated" in missing
    assert "ask the publisher" in missing
    assert "not stated" in missing
    assert "5 of 7" in cli("pathway", "list").out
    assert cli("pathway", "progress", "--at", "2020-01-01").code == 0
    assert "Stage 2" in cli("pathway", "show", "Aqua").out
