"""Settings and places."""

from __future__ import annotations

from pathlib import Path

import pytest

from wallet.config import Config, read_config
from wallet.errors import ConfigError
from wallet.paths import Paths


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_config(tmp_path / "config.toml") == Config()


def test_all_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'person = "Ada Example"\nlanguage = "fr"\n[network]\nproxy = "http://p.example:1"\n'
        'ca_file = "/x/ca.pem"\nallow_hosts = ["a.example", "b.example:8443"]\n'
    )
    config = read_config(file)
    assert (config.person, config.language) == ("Ada Example", "fr")
    assert config.network.ca_file == Path("/x/ca.pem")
    assert config.network.allow_hosts == ("a.example", "b.example:8443")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("persn = 'x'", "persn"),
        ("person = 5", "person"),
        ("[network]\nallow_hosts = 'a'", "network.allow_hosts"),
        ("[network]\nallow_hosts = [1]", "network.allow_hosts"),
        ("network = 1", "network"),
        ("person = ", "cannot be read"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content)
    with pytest.raises(ConfigError) as caught:
        read_config(file)
    assert named in caught.value.message
    assert caught.value.exit_code == 2
    assert caught.value.remedy


def test_the_page_for_sign_ins_is_read_and_must_be_https(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[accounts]\npage = "https://wallet.college.example/answer.html"\n')
    assert read_config(file).account_page == "https://wallet.college.example/answer.html"
    file.write_text('[accounts]\npage = "http://wallet.college.example/"\n')
    with pytest.raises(ConfigError, match=r"accounts\.page"):
        read_config(file)


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = Paths.of_user(environ={"BADGEFOLIO_HOME": str(tmp_path)})
    assert paths == Paths.under(tmp_path)


def test_the_wallet_alone_can_be_elsewhere(tmp_path: Path) -> None:
    usual = Paths.of_user(environ={})
    moved = Paths.of_user(tmp_path, environ={})
    assert moved.wallet == tmp_path
    assert (moved.cache, moved.state, moved.config) == (usual.cache, usual.state, usual.config)
