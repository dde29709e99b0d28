"""Accounts under attack (security.md S2-S4): who might steal a sign-in, slip in another, or send a token elsewhere."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importers.accounts import badge_connect, badgr
from importers.accounts.connection import Connection
from importers.accounts.model import Listing, Place, Secrets, SignInError
from importers.accounts.sources import item_of, signed_item
from importers.accounts.vault import KeyringVault, MemoryVault, is_refused, open_vault
from tests.importers.accounts.provider import Browser, Provider
from tests.importers.accounts.store import MemoryKeyring
from tests.support.server import Request, Server, as_json, redirect
from wallet.fetch.base import Cause
from wallet.fetch.http import HttpFetcher
from wallet.fetch.loopback import PATH, Listener
from wallet.fetch.session import AuthorizedSession, Basic, Bearer, origin_of

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PLACE = Place("badge-connect", "badge-connect:rowan.example", "rowan.example")
CANARY = "token-canary-7"


@pytest.fixture
def host() -> Iterator[Provider]:
    with Server() as site, Server() as api:
        yield Provider(site, api)


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """A host that the account has nothing to do with."""
    with Server() as server:
        server.add("/", as_json({"results": []}))
        yield server


@pytest.fixture
def net(host: Provider, elsewhere: Server) -> Iterator[HttpFetcher]:
    with HttpFetcher(allow_hosts=[*host.allow, elsewhere.host], environ={}) as made:
        yield made


@pytest.fixture
def session(net: HttpFetcher) -> AuthorizedSession:
    return AuthorizedSession(net)


def sign_in(host: Provider, net: HttpFetcher, browser: Browser, patience: float = 10.0) -> Secrets:
    session = AuthorizedSession(net)
    manifest = badge_connect.read_manifest(PLACE, host.site.base_url, net, session)
    try:
        return badge_connect.sign_in(PLACE, manifest, session, browser, now=NOW, patience=patience)
    finally:
        browser.done()


def listed(secrets: Secrets, session: AuthorizedSession) -> Listing:
    connection = Connection(PLACE, secrets, session, now=NOW, keep=lambda _: None, forget=lambda: None)
    return badge_connect.list_badges(PLACE, connection, since=None)


def get(address: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


# --- tokens go to their own host only -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_token_is_never_sent_along_a_redirect(
    host: Provider, elsewhere: Server, session: AuthorizedSession, status: int
) -> None:
    host.api.add("/moved", redirect(elsewhere.url("/"), status))
    bearer = Bearer(CANARY, origin_of(host.api.base_url) or "")
    fetched = session.get(host.api.url("/moved"), bearer)
    assert fetched.failure is not None
    assert fetched.failure.cause is Cause.REDIRECT
    assert elsewhere.connections == 0
    posted = session.post_form(host.api.url("/moved"), [("password", CANARY)])
    assert posted.failure is not None
    assert elsewhere.connections == 0


@pytest.mark.parametrize("other", ["{elsewhere}/", "http://localhost:{port}/", "https://127.0.0.1:{port}/"])
def test_a_token_is_not_shown_to_another_origin(
    host: Provider, elsewhere: Server, session: AuthorizedSession, other: str
) -> None:
    address = other.format(elsewhere=elsewhere.base_url, port=host.api.port)
    fetched = session.get(address, Bearer(CANARY, origin_of(host.api.base_url) or ""))
    assert fetched.failure is not None
    assert elsewhere.connections == 0
    assert host.api.connections == 0
    assert session.post_form(address, [], Basic("me", CANARY, origin_of(host.api.base_url) or "")).failure is not None
    assert host.api.connections == 0


def test_nothing_secret_goes_over_plain_http(session: AuthorizedSession) -> None:
    for address in ("http://badges.rowan.example/o/token", "http://127.0.0.1:9/", "http://8.8.8.8/"):
        assert not session.safe(address)
        answers = (
            session.get(address, Bearer(CANARY, origin_of(address) or "")),
            session.post_form(address, [("password", CANARY)]),
            session.post_json(address, {}),
        )
        for fetched in answers:
            assert fetched.failure is not None
            assert fetched.failure.cause is Cause.TLS
            assert CANARY not in fetched.failure.detail


def test_opening_a_host_by_name_does_not_make_plain_http_safe_for_it() -> None:
    with HttpFetcher(allow_hosts=["badges.rowan.example"], environ={}) as net:
        assert not AuthorizedSession(net).safe("http://badges.rowan.example/o/token")


@pytest.mark.parametrize("name", ["apiBase", "authorizationUrl", "tokenUrl", "registrationUrl"])
@pytest.mark.parametrize("address", ["http://rowan.example/x", "file:///etc/passwd", "https://u:p@rowan.example/"])
def test_a_manifest_that_leads_to_an_unsafe_address_is_not_followed(
    host: Provider, net: HttpFetcher, name: str, address: str
) -> None:
    manifest = host.manifest()
    manifest["badgeConnectAPI"][0][name] = address  # type: ignore[index]
    host.site.add("/bc/manifest.json", as_json(manifest))
    browser = Browser()
    with pytest.raises(SignInError, match="not https"):
        sign_in(host, net, browser)
    assert not browser.opened


def test_a_next_page_on_another_host_is_not_asked_for(
    host: Provider, elsewhere: Server, net: HttpFetcher, session: AuthorizedSession
) -> None:
    for number in range(3):
        host.award(number)
    secrets = sign_in(host, net, Browser())
    host.next_link = elsewhere.url("/")
    found = listed(secrets, session)
    assert len(found.items) == 2
    assert not found.complete
    assert "another host" in found.refused[0].message
    assert elsewhere.connections == 0


def test_a_manifest_that_changes_later_moves_no_token(
    host: Provider, elsewhere: Server, net: HttpFetcher, session: AuthorizedSession
) -> None:
    secrets = sign_in(host, net, Browser())
    host.site.add("/bc/manifest.json", as_json({"badgeConnectAPI": [{"apiBase": elsewhere.url("/")}]}))
    host.access.clear()
    listed(secrets, session)  # renews as well
    assert elsewhere.connections == 0


@pytest.mark.parametrize("token", ["a b", "a\r\nX-Evil: 1", "", "ä", 7, None])
def test_a_token_that_could_end_its_header_is_no_token(host: Provider, net: HttpFetcher, token: object) -> None:
    host.site.add("/bc/token", as_json({"access_token": token, "token_type": "Bearer"}))
    with pytest.raises(Exception, match="without a token that could be used") as refused:
        sign_in(host, net, Browser())
    assert "X-Evil" not in str(refused.value)


# --- the answer of the browser ------------------------------------------------------------------------------------------


def test_answers_to_another_request_are_turned_away_and_the_right_one_still_counts(
    host: Provider, net: HttpFetcher
) -> None:
    browser = Browser(
        before=["{at}?code=stolen&state=guess", "{at}?code=stolen", "{at}?code=a&state=b&state=c", "{at}/more?state=x"]
    )
    secrets = sign_in(host, net, browser)
    assert secrets.access in host.access
    assert browser.status == 200


def test_a_host_that_returns_another_state_is_not_believed(host: Provider, net: HttpFetcher) -> None:
    host.state = "swapped"
    with pytest.raises(SignInError, match="No answer came back") as refused:
        sign_in(host, net, Browser(), patience=0.5)
    assert "turned away" in str(refused.value)
    assert not host.access


def test_a_second_answer_finds_nobody() -> None:
    with Listener("right") as listener:
        at = listener.redirect_uri
        assert get(f"{at}?state=right&code=first") == 200
        assert get(f"{at}?state=right&code=second") == 400
        assert listener.wait(5) == {"state": "right", "code": "first"}
        assert listener.foreign == 1
    assert get(f"{at}?state=right&code=third") == 0


def test_the_listener_takes_only_its_own_path_method_and_host() -> None:
    with Listener("right") as listener:
        at = listener.redirect_uri
        assert at.startswith("http://127.0.0.1:")
        assert get(at.replace(PATH, "/favicon.ico")) == 404
        assert get(f"{at}?state=right&code=a", Host="attacker.example") == 404
        assert get(f"{at}?state=right&code={'a' * 9_000}") == 404
        request = urllib.request.Request(f"{at}?state=right", data=b"code=a", method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=5)
        with refused.value:
            assert refused.value.code == 501
        assert listener.wait(0) is None


def test_an_answer_that_says_a_thing_twice_is_no_answer() -> None:
    with Listener("right") as listener:
        for query in ("code=mine&code=theirs&state=right", "code=a&state=wrong&state=right"):
            assert get(f"{listener.redirect_uri}?{query}") == 400
        assert listener.wait(0) is None


def test_a_connection_that_says_nothing_keeps_nobody_waiting() -> None:
    import socket

    with Listener("right") as listener:
        port = int(listener.redirect_uri.split(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port)):
            threading.Thread(target=get, args=(f"{listener.redirect_uri}?state=right&code=a",)).start()
            assert listener.wait(9) is not None


def test_the_page_that_says_thank_you_repeats_nothing_and_runs_nothing() -> None:
    with Listener("right") as listener:
        address = f"{listener.redirect_uri}?state=right&code={CANARY}&error=%3Cscript%3E"
        with urllib.request.urlopen(address, timeout=5) as answer:
            page = answer.read().decode()
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert CANARY not in page
    assert "script" not in page


def test_an_answer_of_another_issuer_is_a_mix_up(host: Provider, elsewhere: Server, net: HttpFetcher) -> None:
    host.issuer = elsewhere.base_url
    with pytest.raises(SignInError, match=r"not rowan\.example's own"):
        sign_in(host, net, Browser())
    assert "/bc/token" not in host.site.paths()


def test_an_answer_that_names_the_right_issuer_is_used(host: Provider, net: HttpFetcher) -> None:
    host.issuer = host.site.base_url
    assert sign_in(host, net, Browser()).access in host.access


def test_a_stolen_code_is_worth_nothing_without_the_verifier(host: Provider, net: HttpFetcher) -> None:
    session = AuthorizedSession(net)
    seen: list[Request] = []
    token = host._token

    def overheard(request: Request):
        seen.append(request)
        return token(Request(request.method, request.path, request.headers, b"".join(_other_verifier(request.body))))

    host.site.add("/bc/token", overheard)
    with pytest.raises(SignInError, match="not accepted"):
        sign_in(host, net, Browser())
    assert session is not None
    assert b"code_verifier=" in seen[0].body


def _other_verifier(body: bytes) -> Iterator[bytes]:
    before, _, _ = body.partition(b"code_verifier=")
    yield before + b"code_verifier=" + b"a" * 43


# --- what a list may point at -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pointer",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "urn:uuid:1",
        "javascript:alert(1)",
        "https://user:password@rowan.example/",
        "https://rowan.example/a b",
        "\\\\host\\share",
        "~/.ssh/id_rsa",
        "-",
        "",
        None,
        7,
        ["https://rowan.example/"],
        "https://rowan.example/" + "a" * 3_000,
    ],
    ids=repr,
)
def test_a_list_cannot_name_anything_but_web_addresses(pointer: object) -> None:
    assert item_of(pointer) is None  # type: ignore[arg-type]
    assert signed_item(pointer) is None  # type: ignore[arg-type]


def test_a_list_cannot_reach_into_the_learners_network(
    host: Provider, session: AuthorizedSession, net: HttpFetcher
) -> None:
    """The pointer is taken, for who knows; the guard then refuses to dial it."""
    from importers.find import find

    host.award(1, id="http://169.254.169.254/latest/meta-data")
    secrets = sign_in(host, net, Browser())
    (item,) = listed(secrets, session).items
    assert [refused.code for refused in find(item.source, net=net).refused] == ["blocked-address"]


def test_a_list_without_end_stops_at_the_cap(host: Provider, session: AuthorizedSession, net: HttpFetcher) -> None:
    many = [{"id": f"https://rowan.example/{number}"} for number in range(1_500)]

    def page(request: Request):
        number = int(request.path.partition("offset=")[2].partition("&")[0])
        items = [{"id": f"{item['id']}/{number}"} for item in many]
        status, headers, body = as_json({"results": items})
        return status, {**headers, "Link": f'<?offset={number + 1}>; rel="next"'}, body

    host.api.add("/bcv1/assertions", page)
    found = listed(sign_in(host, net, Browser()), session)
    assert not found.complete
    assert len(found.items) == 2_000
    assert len(host.api.paths()) <= 4


# --- where secrets are kept ---------------------------------------------------------------------------------------------


def test_password_stores_that_keep_plain_text_or_nothing_are_refused() -> None:
    from keyring.backends import fail, null

    class PlaintextKeyring(MemoryKeyring):
        """As `keyrings.alt` has one."""

    assert is_refused(fail.Keyring())
    assert is_refused(null.Keyring())
    assert is_refused(PlaintextKeyring())
    assert not is_refused(MemoryKeyring())


def test_without_a_store_that_may_be_used_secrets_stay_in_memory() -> None:
    import keyring
    from keyring.backends import null

    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    try:
        vault = open_vault()
    finally:
        keyring.set_keyring(before)
    assert isinstance(vault, MemoryVault)
    assert not vault.lasting
    assert vault.why


def test_a_store_that_locks_half_way_loses_nothing_in_this_run_and_tells_no_secret() -> None:
    backend = MemoryKeyring()
    vault = KeyringVault(backend)
    secrets = Secrets(CANARY, "https://api.rowan.example", refresh="again", expires=NOW, client="c", client_secret="s")
    vault.put("one", secrets)
    assert vault.get("one") == secrets
    assert vault.lasting
    backend.locked = True
    vault.put("two", secrets)
    assert vault.get("two") == secrets
    assert not vault.lasting
    assert "KeyringLocked" in vault.why
    assert "canary" not in vault.why + repr(vault)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"access": 1, "api": "x"}', '{"access": "a"}'])
def test_an_entry_that_is_not_ours_means_signing_in_anew(text: str) -> None:
    backend = MemoryKeyring()
    backend.kept["badgefolio", "one"] = text
    assert KeyringVault(backend).get("one") is None


def test_a_host_that_repeats_secrets_in_its_errors_is_not_repeated(
    host: Provider, session: AuthorizedSession, tmp_path: Path
) -> None:
    echo = as_json({"error": CANARY, "error_description": CANARY, "status": {"error": CANARY}}, 400)
    host.api.add("/o/token", echo)
    place = Place("badgr", "badgr:us", "api.badgr.io")
    with pytest.raises(SignInError) as refused:
        badgr.sign_in(place, host.api.base_url, session, user="mina", password=CANARY, now=NOW)
    host.api.add("/v2/backpack/assertions", echo)
    secrets = badgr.secrets_of_token(host.api.base_url, CANARY)
    connection = Connection(place, secrets, session, now=NOW, keep=lambda _: None, forget=lambda: None)
    with pytest.raises(SignInError) as unlisted:
        badgr.list_badges(place, connection)
    for error in (refused.value, unlisted.value):
        assert CANARY not in error.message + error.remedy

    from tui.crash import write_log

    log = write_log(unlisted.value, tmp_path, NOW)
    assert log is not None
    assert CANARY not in log.read_text()
