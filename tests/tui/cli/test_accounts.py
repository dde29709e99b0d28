"""`import --account` and `account` through the real command line, against a host on loopback and a password store in memory."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from importers.accounts.model import KINDS
from tests.importers.accounts.provider import PASSWORD, USER, Browser, Provider
from tests.importers.accounts.store import MemoryKeyring
from tests.support.server import Server
from tui.cli import accounts


@pytest.fixture
def host() -> Iterator[Provider]:
    with Server() as site, Server() as api:
        yield Provider(site, api)


@pytest.fixture
def store() -> Iterator[MemoryKeyring]:
    """The password store of this computer, for this test."""
    before = keyring.get_keyring()
    made = MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The learner's browser: it follows where the sign-in leads."""
    made = Browser()
    monkeypatch.setenv("BROWSER", "test")
    monkeypatch.setattr(webbrowser, "open", lambda address: made.open(address, waits=True))
    yield made
    made.done()


def allow(host: Provider) -> list[str]:
    return [word for name in host.allow for word in ("--allow-host", name)]


def connect(cli, host: Provider, *more: str):
    return cli("import", "--account", "badge-connect", host.site.base_url, *allow(host), *more)


def backpack(cli, host: Provider, *more: str, stdin: bytes = b""):
    return cli("import", "--account", "badgr", host.api.base_url, *allow(host), *more, stdin=stdin)


def leaks(host: Provider, ended, home: Path) -> set[str]:
    """Secrets that can be read in what was printed or in any file of badgefolio's."""
    seen = [(ended.out + ended.err).encode(), *(path.read_bytes() for path in home.rglob("*") if path.is_file())]
    return {secret for secret in host.secrets if any(secret.encode() in data for data in seen)}


def test_the_kinds_of_accounts_are_those_of_the_importers() -> None:
    assert accounts.KINDS == KINDS


def test_a_browser_signs_in_and_every_badge_is_fetched_from_its_own_address(
    cli, host: Provider, store: MemoryKeyring, browser: Browser, home: Path
) -> None:
    awarded = [host.award(number) for number in range(3)]
    ended = connect(cli, host, "--json")
    assert ended.code == 0, ended.err
    assert [document["claimed_id"] for document in ended.documents] == awarded
    assert {document["outcome"] for document in ended.documents} == {"added"}
    # The poor copy in the list names another class: what is kept is the hosted one.
    assert "copy.example" not in cli("list", "--json").out
    assert f"Contacting {host.site.host}" in ended.err
    assert f"Contacting {host.api.host}" in ended.err
    assert leaks(host, ended, home) == set()
    assert list(store.kept) == [("badgefolio", f"badge-connect:{host.site.host}")]


def test_the_second_time_asks_nobody_to_sign_in_and_only_for_what_is_new(
    cli, host: Provider, store: MemoryKeyring, browser: Browser
) -> None:
    host.award(1)
    connect(cli, host)
    again = connect(cli, host)
    assert again.code == 0
    assert len(browser.opened) == 1
    assert "since=" in host.api.paths()[-1]
    assert host.site.paths().count("/awards/1") == 1
    new = host.award(2, updated="2999-01-01T00:00:00Z")
    more = connect(cli, host, "--json")
    assert [document["claimed_id"] for document in more.documents] == [new]
    assert connect(cli, host, "--anew").code == 0
    assert "since=" not in host.api.paths()[-1]


def test_what_could_not_be_fetched_is_asked_for_again(
    cli, host: Provider, store: MemoryKeyring, browser: Browser
) -> None:
    host.award(1)
    good = host.site.routes["/awards/1"]
    host.site.add("/awards/1", (503, {}, b""))
    assert connect(cli, host).code == 4
    host.site.add("/awards/1", good)
    assert "1 added" in connect(cli, host).err
    assert "since=" not in host.api.paths()[-1]


def test_a_withdrawn_sign_in_is_forgotten_and_the_next_run_signs_in_anew(
    cli, host: Provider, store: MemoryKeyring, browser: Browser
) -> None:
    host.award(1)
    connect(cli, host)
    host.access.clear()
    host.refresh.clear()
    ended = connect(cli, host)
    assert ended.code == 1
    assert "no longer accepts" in ended.err
    assert not store.kept
    assert cli("account", "list", "--json").document["accounts"][0]["kept"] is False  # type: ignore[index]
    assert connect(cli, host).code == 0
    assert len(browser.opened) == 2


def test_a_renewed_token_is_the_one_that_is_kept(
    cli, host: Provider, store: MemoryKeyring, browser: Browser, home: Path
) -> None:
    host.award(1)
    connect(cli, host)
    for dry in (["--dry-run"], []):
        host.access.clear()
        assert connect(cli, host, *dry).code == 0
    (kept,) = store.kept.values()
    assert any(token in kept for token in host.refresh)


def test_a_pasted_token_comes_by_standard_input(cli, host: Provider, store: MemoryKeyring, home: Path) -> None:
    host.award(1)
    ended = backpack(cli, host, "--token-stdin", stdin=host.token().encode() + b"\n")
    assert ended.code == 0
    assert "1 added" in ended.err
    assert leaks(host, ended, home) == set()
    assert backpack(cli, host).code == 0  # the token was kept


def test_a_password_is_used_once_and_kept_nowhere(cli, host: Provider, store: MemoryKeyring, home: Path) -> None:
    host.award(1)
    ended = backpack(cli, host, "--user", USER, "--token-stdin", stdin=PASSWORD.encode())
    assert ended.code == 0
    assert leaks(host, ended, home) == set()
    assert not any(PASSWORD in kept for kept in store.kept.values())


def test_a_wrong_password_keeps_nothing_and_repeats_nothing(
    cli, host: Provider, store: MemoryKeyring, home: Path
) -> None:
    ended = backpack(cli, host, "--user", USER, "--token-stdin", stdin=b"wrong-canary")
    assert ended.code == 1
    assert "did not let you in" in ended.err
    assert "wrong-canary" not in ended.err
    assert not store.kept


def test_badges_that_wait_for_a_yes_stay_out_until_it_is_given(cli, host: Provider, store: MemoryKeyring) -> None:
    host.award(1, acceptance="Unaccepted")
    host.award(2, acceptance="Rejected")
    host.award(3)
    ended = backpack(cli, host, "--token-stdin", stdin=host.token().encode())
    assert "1 added" in ended.err
    assert "1 badge that you have not accepted there left out" in ended.err
    assert "1 badge that you turned down there left out" in ended.err
    assert "1 added" in backpack(cli, host, "--unaccepted").err


def test_what_is_proven_is_not_fetched_again_but_a_forgery_keeps_nothing_out(
    cli, host: Provider, store: MemoryKeyring, tmp_path: Path
) -> None:
    url = host.award(1)
    forged = tmp_path / "forged.json"
    forged.write_text(f'{{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "{url}"}}')
    cli("import", forged)
    assert "1 merged" in backpack(cli, host, "--token-stdin", stdin=host.token().encode()).err


def test_a_dry_run_keeps_neither_badge_nor_sign_in(cli, host: Provider, store: MemoryKeyring, home: Path) -> None:
    host.award(1)
    ended = backpack(cli, host, "--token-stdin", "--dry-run", "--json", stdin=host.token().encode())
    assert ended.document["outcome"] == "found"
    assert not store.kept
    assert not home.exists()


def test_without_a_password_store_the_sign_in_lasts_one_run_and_that_is_said(cli, host: Provider, home: Path) -> None:
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        host.award(1)
        ended = backpack(cli, host, "--token-stdin", stdin=host.token().encode())
        assert ended.code == 0
        assert "for this run only" in ended.err
        assert leaks(host, ended, home) == set()
        listed = cli("account", "list")
        assert "not kept" in listed.out
        assert backpack(cli, host).code == 2  # nobody is there to be asked
    finally:
        keyring.set_keyring(before)


def test_an_account_is_listed_and_removed_with_what_signs_in(cli, host: Provider, store: MemoryKeyring) -> None:
    host.award(1)
    backpack(cli, host, "--token-stdin", stdin=host.token().encode())
    name = f"badgr:{host.api.host}"
    (account,) = cli("account", "list", "--json").document["accounts"]  # type: ignore[misc]
    assert account["name"] == name
    assert account["kept"] is True
    assert account["read"] is not None
    assert cli("account", "remove", "badgr:nowhere").code == 3
    assert cli("account", "remove", name).code == 0
    assert not store.kept
    assert cli("account", "list", "--json").document["accounts"] == []
    assert cli("list", "--json").document["total"] == 1


def test_removing_is_not_claimed_while_the_store_is_locked(cli, host: Provider, store: MemoryKeyring) -> None:
    backpack(cli, host, "--token-stdin", stdin=host.token().encode())
    store.locked = True
    ended = cli("account", "remove", f"badgr:{host.api.host}")
    assert ended.code == 4
    assert "could not be taken out" in ended.err
    assert store.kept


def test_a_damaged_list_of_accounts_is_named(cli, home: Path) -> None:
    (home / "state").mkdir(parents=True)
    (home / "state" / "accounts.json").write_text('{"accounts": [{"name": 1}]}')
    ended = cli("account", "list")
    assert ended.code == 5
    assert "accounts.json" in ended.err


def test_an_empty_account_names_the_other_regions(cli, host: Provider, store: MemoryKeyring) -> None:
    ended = backpack(cli, host, "--token-stdin", stdin=host.token().encode())
    assert ended.code == 3
    assert "region" not in ended.err  # a host of its own has none


@pytest.mark.parametrize(
    "line",
    [
        ("--account", "badge-connect"),
        ("--account", "badge-connect", "one.example", "two.example"),
        ("--account", "badge-connect", "h.example", "--region", "eu"),
        ("--account", "badgr", "--region", "atlantis"),
        ("--account", "badgr", "h.example", "--region", "eu"),
        ("--account", "badgr", "--offline"),
        ("--account", "badgr"),
        ("--account", "badgr", "--clipboard"),
        ("badge.png", "--region", "eu"),
        ("--account", "elsewhere"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_2_and_contacts_nobody(cli, line: tuple[str, ...], store: MemoryKeyring) -> None:
    ended = cli("import", *line)
    assert ended.code == 2
    assert "Contacting" not in ended.err


def test_no_secret_can_be_an_argument() -> None:
    from tui.cli.commands.import_ import command

    named = {option for parameter in command.params for option in parameter.opts}
    assert named.isdisjoint({"--token", "--password", "--secret", "--code"})
    assert "keyring" in sys.modules
