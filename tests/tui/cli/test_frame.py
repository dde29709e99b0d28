"""The frame of the command line: help, options in common, completion, and the one way out."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tui.cli.frame import COMMANDS
from tui.cli.start import root

ROOT = Path(__file__).parents[3]


def walk(command: click.Command, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield names
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                yield from walk(below, (*names, name))


EVERY = tuple(walk(root))


def process(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui.cli", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "BADGEFOLIO_HOME": str(home), **more},
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


@pytest.mark.parametrize("names", EVERY, ids=" ".join)
def test_every_command_has_help_with_an_example(cli, names: tuple[str, ...]) -> None:
    ended = cli(*names, "--help")
    assert ended.code == 0
    assert "Example" in ended.out
    assert f"badgefolio {' '.join(names)}".strip() in ended.out.split("Example")[1]
    assert all(len(line) <= 120 for line in ended.out.splitlines())


def test_the_list_of_commands_says_what_the_commands_say() -> None:
    for name, entry in COMMANDS.items():
        command = root.get_command(click.Context(root), name)
        assert command is not None
        assert command.help is not None
        assert command.help.partition("\n")[0] == entry.help, name


def test_help_imports_no_command(tmp_path: Path) -> None:
    program = (
        "import sys; from tui.cli.start import start; start(['--help']);"
        "print([m for m in sys.modules if m.startswith(('tui.cli.commands', 'wallet.store', 'rich'))], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_options_of_every_command_may_stand_before_or_after_its_name(cli) -> None:
    assert cli("--json", "paths").document == cli("paths", "--json").document
    assert cli("--plain", "paths").out == cli("paths", "--plain").out


def test_the_wallet_may_be_named_anywhere(cli, tmp_path: Path) -> None:
    for line in (("--wallet", tmp_path / "w", "paths"), ("paths", "--wallet", tmp_path / "w")):
        assert cli(*line, "--json").document["wallet"]["path"] == str(tmp_path / "w")


@pytest.mark.parametrize(("typed", "meant"), [("verfy", "verify"), ("imprt", "import"), ("pathways", "pathway")])
def test_an_unknown_command_is_answered_with_the_nearest(cli, typed: str, meant: str) -> None:
    ended = cli(typed)
    assert ended.code == 2
    assert f"Did you mean '{meant}'" in ended.err
    assert ended.out == ""


def test_an_unknown_word_that_is_near_nothing_is_only_refused(cli) -> None:
    ended = cli("qqqqqq")
    assert ended.code == 2
    assert "Did you mean" not in ended.err
    assert "--help" in ended.err


def test_a_group_without_a_command_shows_its_help(cli) -> None:
    ended = cli("identity")
    assert ended.code == 2
    assert "badgefolio identity add" in ended.err


def test_without_a_terminal_the_program_says_how_it_is_used(cli) -> None:
    ended = cli()
    assert ended.code == 0
    assert "badgefolio demo" in ended.out
    assert "--plain" in ended.out


def test_the_version_is_printed(cli) -> None:
    assert cli("--version").out.startswith("badgefolio 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed_for_each_shell(cli, shell: str) -> None:
    ended = cli("completion", shell)
    assert ended.code == 0
    assert "_BADGEFOLIO_COMPLETE" in ended.out


def complete(home: Path, line: str) -> str:
    words = line.split(" ")
    done = process(
        home=home,
        _BADGEFOLIO_COMPLETE="bash_complete",
        COMP_WORDS=line,
        COMP_CWORD=str(len(words) - 1),
    )
    return done.stdout


def test_completion_knows_commands_and_badges(learner, home: Path) -> None:
    assert "plain,verify" in complete(home, "badgefolio ver")
    badges = complete(home, "badgefolio show ").splitlines()
    assert len(badges) == 9
    assert all(line.startswith("plain,") and len(line) == len("plain,123456") for line in badges)
    assert "plain,aquaponics" in complete(home, "badgefolio pathway progress ")


def test_completion_makes_no_wallet(tmp_path: Path) -> None:
    assert complete(tmp_path / "home", "badgefolio show ").strip() == ""
    assert not (tmp_path / "home").exists()


def test_an_unexpected_error_is_one_sentence_and_a_clean_log(cli, home: Path, monkeypatch) -> None:
    def burst(self: object) -> None:
        raise RuntimeError("burst \x1b[31m of ada@students.example")

    monkeypatch.setattr("tui.cli.run.Run.config", property(burst))
    ended = cli("config")
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert "\x1b" not in ended.err
    (log,) = (home / "state").iterdir()
    assert str(log) in ended.err
    text = log.read_text()
    assert "Traceback" in text
    assert "\x1b" not in text
    assert "ada@" not in text
    assert log.stat().st_mode & 0o077 == 0


def test_stopping_is_130(cli, monkeypatch) -> None:
    def stop(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.cli.run.Run.config", property(stop))
    ended = cli("config")
    assert ended.code == 130
    assert "Stopped" in ended.err


def test_a_reader_that_goes_away_is_no_error(learner, home: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m tui.cli list --json | true",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "BADGEFOLIO_HOME": str(home)},
        timeout=60,
    )
    assert done.stderr == ""


def test_ctrl_c_in_a_real_process_ends_with_130(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and never answers
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        with subprocess.Popen(
            [sys.executable, "-m", "tui.cli", "verify", f"http://{host}/badge", "--allow-host", host],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "BADGEFOLIO_HOME": str(home)},
            text=True,
        ) as running:
            assert running.stderr is not None
            assert running.stderr.readline() == f"Contacting {host}\n"
            with silent.accept()[0]:
                running.send_signal(signal.SIGINT)
                _, err = running.communicate(timeout=30)
    assert running.returncode == 130, err
    assert "Traceback" not in err
