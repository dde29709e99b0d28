"""The fetcher against a real server on loopback: answers, redirects, manners, certificates."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.support.server import Authority, Request, Server, as_json, raw, redirect
from wallet.config import Network
from wallet.errors import ConfigError
from wallet.fetch.base import Cause, Fetched, Hop, Want
from wallet.fetch.http import HttpFetcher, user_agent
from wallet.limits import Limits

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def fetcher(server: Server):
    with HttpFetcher(allow_hosts=[server.host], environ={}, clock=lambda: NOW) as running:
        yield running


def cause(fetched: Fetched) -> Cause:
    assert fetched.failure is not None
    assert fetched.failure.detail.isprintable()
    assert not fetched.failure.detail.endswith(".")
    assert (fetched.status, fetched.body, fetched.sha256) == (None, b"", None)
    return fetched.failure.cause


def test_a_document_comes_with_its_facts(server: Server, fetcher: HttpFetcher) -> None:
    url = server.add("/badge", (200, {"Content-Type": "application/ld+json", "ETag": '"1"', "X-Other": "x"}, b"{}"))
    assert fetcher.fetch(url) == Fetched(
        url=url,
        final_url=url,
        fetched_at=NOW,
        status=200,
        body=b"{}",
        headers=(("content-type", "application/ld+json"), ("etag", '"1"')),
    )
    assert fetcher.hosts == {server.host}


def test_nothing_is_opened_before_it_is_needed(server: Server) -> None:
    with HttpFetcher(environ={}) as fetcher:
        assert fetcher.hosts == set()
    assert server.connections == 0


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 401, 403, 404, 410, 418, 500, 599])
def test_every_status_is_an_answer_and_not_a_failure(status: int, server: Server, fetcher: HttpFetcher) -> None:
    body = b"" if status in (204, 304) else b'{"a": 1}'
    fetched = fetcher.fetch(server.add("/a", (status, {}, body)))
    assert (fetched.failure, fetched.status, fetched.body) == (None, status, body)
    assert fetched.ok == (status == 200)
    assert fetched.conclusive == (status in (200, 410))


def test_a_huge_error_page_is_still_a_404(server: Server) -> None:
    server.add("/gone", (404, {}, b"<" * 2_000))
    server.add("/badge", (200, {}, b"<" * 2_000))
    with HttpFetcher(allow_hosts=[server.host], environ={}, limits=Limits(json_body_bytes=1_000)) as fetcher:
        assert (fetcher.fetch(server.url("/gone")).status, fetcher.fetch(server.url("/gone")).body) == (404, b"")
        assert cause(fetcher.fetch(server.url("/badge"))) is Cause.TOO_BIG


# --- manners ----------------------------------------------------------------------------------------------------


def test_a_request_says_what_is_wanted_and_nothing_about_the_learner(server: Server, fetcher: HttpFetcher) -> None:
    server.add("/first", (302, {"Location": "/second", "Set-Cookie": "who=ada"}, b""))
    server.add("/second", (200, {"Set-Cookie": "who=ada"}, b"{}"))
    fetcher.fetch(server.url("/first"))
    fetcher.fetch(server.url("/third"))
    assert server.paths() == ["/first", "/second", "/third"]
    for request in server.log:
        assert dict(request.headers) == {
            "host": server.host,
            "user-agent": user_agent(),
            "accept": "application/ld+json, application/json;q=0.9, */*;q=0.1",
            "accept-encoding": "identity",
            "connection": "keep-alive",
        }


@pytest.mark.parametrize(
    ("want", "first"),
    [
        (Want.JSON, "application/ld+json"),
        (Want.KEY, "application/ld+json"),
        (Want.IMAGE, "image/png"),
        (Want.ANYTHING, "application/ld+json"),
    ],
)
def test_the_accept_header_follows_what_is_wanted(want: Want, first: str, server: Server, fetcher: HttpFetcher) -> None:
    fetcher.fetch(server.url("/a"), want)
    accept = server.log[0].headers["accept"]
    assert accept.startswith(first)
    assert ("text/html" in accept) == (want is Want.ANYTHING)


def test_pictures_may_be_bigger_than_documents(server: Server) -> None:
    url = server.add("/a", (200, {}, bytes(500)))
    with HttpFetcher(
        allow_hosts=[server.host], environ={}, limits=Limits(json_body_bytes=100, image_body_bytes=1_000)
    ) as fetcher:
        assert fetcher.fetch(url, Want.IMAGE).ok
        assert fetcher.fetch(url, Want.ANYTHING).ok
        assert cause(fetcher.fetch(url, Want.JSON)) is Cause.TOO_BIG
        assert cause(fetcher.fetch(url, Want.KEY)) is Cause.TOO_BIG


def test_a_url_is_asked_for_once_a_run_whatever_its_fragment(server: Server, fetcher: HttpFetcher) -> None:
    server.add("/issuer", as_json({}))
    server.add("/old", redirect("/issuer", 301))
    for path in ("/issuer", "/issuer#key", "/old", "/issuer", "/gone", "/gone"):
        assert fetcher.fetch(server.url(path)).url == server.url(path)
    fetcher.fetch(server.url("/issuer#key"), Want.KEY)
    assert server.paths() == ["/issuer", "/old", "/gone"]


def test_failures_too_are_met_once_a_run(server: Server, fetcher: HttpFetcher) -> None:
    url = server.add("/a", raw(b"nonsense\r\n\r\n"))
    assert [cause(fetcher.fetch(url)) for _ in range(3)] == [Cause.PROTOCOL] * 3
    assert server.paths() == ["/a"]


def test_connections_are_kept_open_and_never_more_than_two_at_a_time(server: Server, fetcher: HttpFetcher) -> None:
    def slow(request: Request):
        threading.Event().wait(0.01)
        return as_json({})

    paths = [f"/{number}" for number in range(16)]
    for path in paths:
        server.add(path, slow)
    with ThreadPoolExecutor(8) as pool:
        assert all(fetched.ok for fetched in pool.map(fetcher.fetch, map(server.url, paths)))
    assert server.most_at_once == 2
    assert server.connections <= 2


def test_a_connection_that_ended_unnoticed_is_no_news_about_the_document(server: Server, fetcher: HttpFetcher) -> None:
    answers = [raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), as_json({})]
    server.add("/first", as_json({}))
    server.add("/second", lambda _: answers.pop(0))
    assert fetcher.fetch(server.url("/first")).ok
    assert fetcher.fetch(server.url("/second")).ok


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["0", format_datetime(NOW - timedelta(hours=1), usegmt=True)])
def test_a_busy_host_is_asked_again_when_it_says(status: int, after: str, server: Server, fetcher: HttpFetcher) -> None:
    answers = [(status, {"Retry-After": after}, b""), as_json({})]
    url = server.add("/a", lambda _: answers.pop(0))
    assert fetcher.fetch(url).ok
    assert server.paths() == ["/a", "/a"]


@pytest.mark.parametrize(
    "after", [None, "31", "99999999999", "-1", "soon", "٣", format_datetime(NOW + timedelta(hours=1), usegmt=True)]
)
def test_a_busy_host_that_asks_for_too_long_or_nothing_is_left_alone(
    after: str | None, server: Server, fetcher: HttpFetcher
) -> None:
    header = f"Retry-After: {after}\r\n".encode() if after is not None else b""
    url = server.add("/a", raw(b"HTTP/1.1 429 Slow\r\n" + header + b"Content-Length: 0\r\n\r\n"))
    assert fetcher.fetch(url).status == 429
    assert server.paths() == ["/a"]


def test_a_host_that_stays_busy_is_not_waited_for_again(server: Server, fetcher: HttpFetcher) -> None:
    for path in ("/a", "/b"):
        server.add(path, (429, {"Retry-After": "0"}, b""))
        assert fetcher.fetch(server.url(path)).status == 429
    assert server.paths() == ["/a", "/a", "/b"]


def test_waiting_for_a_busy_host_does_not_use_up_the_deadline(server: Server) -> None:
    answers = [(503, {"Retry-After": "1"}, b""), as_json({})]
    url = server.add("/a", lambda _: answers.pop(0))
    with HttpFetcher(allow_hosts=[server.host], environ={}, limits=Limits(resource_seconds=0.8)) as fetcher:
        assert fetcher.fetch(url).ok


def test_closing_ends_the_wait_for_a_busy_host(server: Server) -> None:
    answers = [(503, {"Retry-After": "30"}, b""), as_json({})]
    asked = threading.Event()

    def busy(_: Request):
        asked.set()
        return answers.pop(0)

    url = server.add("/a", busy)
    with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(fetcher.fetch, url)
        assert asked.wait(10)
        fetcher.close()
        waiting.result(10)
        fetcher.close()


# --- redirects --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_remembered(status: int, server: Server, fetcher: HttpFetcher) -> None:
    url = server.add("/old", redirect("new?x=1", status))
    new = server.add("/new?x=1", as_json({}))
    fetched = fetcher.fetch(url)
    assert (fetched.url, fetched.final_url, fetched.status) == (url, new, 200)
    assert fetched.hops == (Hop(url, status, "new?x=1"),)


def test_five_redirects_are_followed_and_a_sixth_is_not(server: Server, fetcher: HttpFetcher) -> None:
    for number in range(7):
        server.add(f"/{number}", redirect(f"/{number + 1}"))
    server.add("/7", as_json({}))
    assert fetcher.fetch(server.url("/2")).ok
    fetched = fetcher.fetch(server.url("/1"))
    assert cause(fetched) is Cause.REDIRECT
    assert len(fetched.hops) == 6


def test_a_redirect_to_another_host_is_followed_if_that_host_may_be_asked(server: Server) -> None:
    with Server({"/b": as_json({})}) as other:
        url = server.add("/a", redirect(other.url("/b")))
        with HttpFetcher(allow_hosts=[server.host], environ={}) as fetcher:
            fetched = fetcher.fetch(url)
            assert cause(fetched) is Cause.PRIVATE_ADDRESS
            assert fetched.final_url == other.url("/b")
            assert other.connections == 0
        with HttpFetcher(allow_hosts=[server.host, other.host], environ={}) as fetcher:
            assert fetcher.fetch(url).ok
            assert fetcher.hosts == {server.host, other.host}


# --- hosts that are not there -----------------------------------------------------------------------------------


def test_a_host_that_refuses_connections_is_named(server: Server, fetcher: HttpFetcher) -> None:
    server.stop()
    fetched = fetcher.fetch(server.url("/a"))
    assert cause(fetched) is Cause.CONNECT
    assert fetched.failure is not None
    assert fetched.failure.detail == f"{server.host} refuses connections"


def test_a_host_that_is_silent_three_times_is_not_asked_again(server: Server) -> None:
    limits = Limits(read_seconds=0.05)
    for path in ("/a", "/b", "/c", "/d"):
        server.add(path, raw(5.0))
    with HttpFetcher(allow_hosts=[server.host], environ={}, limits=limits) as fetcher:
        assert [cause(fetcher.fetch(server.url(path))) for path in ("/a", "/b", "/c", "/d")] == [Cause.TIMEOUT] * 4
    assert server.paths() == ["/a", "/b", "/c"]


def test_an_answer_makes_up_for_earlier_silence(server: Server) -> None:
    for path in ("/a", "/b", "/d", "/e"):
        server.add(path, raw(5.0))
    server.add("/c", as_json({}))
    with HttpFetcher(allow_hosts=[server.host], environ={}, limits=Limits(read_seconds=0.05)) as fetcher:
        for path in "abcde":
            fetcher.fetch(server.url(f"/{path}"))
    assert len(server.paths()) == 5


def test_an_unknown_name_is_a_dns_failure() -> None:
    def lookup(host: str) -> tuple[str, ...]:
        raise OSError

    with HttpFetcher(environ={}, lookup=lookup) as fetcher:
        fetched = fetcher.fetch("https://bücher.example/")
    assert cause(fetched) is Cause.DNS
    assert fetched.failure is not None
    assert fetched.failure.detail == "the host name xn--bcher-kva.example could not be found"
    assert fetched.final_url == "https://xn--bcher-kva.example/"


def test_a_mistake_in_the_allowed_hosts_is_said_at_once() -> None:
    with pytest.raises(ConfigError):
        HttpFetcher(network=Network(allow_hosts=("*",)))


# --- certificates -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secure(authority: Authority):
    with Server(
        {"/a": as_json({}), "/down": redirect("http://localhost/")}, tls=authority.server("localhost")
    ) as running:
        yield running


def test_a_private_authority_is_trusted_when_named(authority: Authority, secure: Server) -> None:
    allowed = [f"localhost:{secure.port}"]
    folder = authority.folder / "hashed"
    folder.mkdir()
    for network, environ in (
        (Network(ca_file=authority.ca_file), {}),
        (Network(), {"SSL_CERT_FILE": str(authority.ca_file)}),
        (Network(ca_file=authority.ca_file), {"SSL_CERT_DIR": str(folder)}),
    ):
        with HttpFetcher(network=network, allow_hosts=allowed, environ=environ) as fetcher:
            fetched = fetcher.fetch(secure.url("/a", "localhost"))
        assert fetched.ok
        assert fetched.tls is not None
        assert fetched.tls.version == "TLSv1.3"
        assert len(fetched.tls.certificate_sha256) == 64
        assert fetched.tls.not_after is not None
        assert fetched.tls.not_after.tzinfo is UTC


def test_the_certificate_of_a_kept_open_connection_is_known_for_every_answer(
    authority: Authority, secure: Server
) -> None:
    with HttpFetcher(
        network=Network(ca_file=authority.ca_file), allow_hosts=[f"localhost:{secure.port}"], environ={}
    ) as fetcher:
        first, second = (fetcher.fetch(secure.url(path, "localhost")) for path in ("/a", "/b"))
    assert first.tls == second.tls
    assert second.status == 404


def test_an_unknown_authority_is_not_trusted(secure: Server) -> None:
    with HttpFetcher(allow_hosts=[f"localhost:{secure.port}"], environ={}) as fetcher:
        fetched = fetcher.fetch(secure.url("/a", "localhost"))
    assert cause(fetched) is Cause.TLS
    assert fetched.failure is not None
    assert "localhost" in fetched.failure.detail


def test_a_certificate_that_has_ended_is_not_trusted(authority: Authority) -> None:
    with (
        Server({"/a": as_json({})}, tls=authority.server("localhost", days=-1)) as old,
        HttpFetcher(network=Network(ca_file=authority.ca_file), allow_hosts=["localhost"], environ={}) as fetcher,
    ):
        fetched = fetcher.fetch(old.url("/a", "localhost"))
    assert cause(fetched) is Cause.TLS
    assert fetched.failure is not None
    assert "expired" in fetched.failure.detail


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_certificate_file_that_cannot_be_read_is_named(content: str | None, tmp_path: Path, secure: Server) -> None:
    path = tmp_path / "campus.pem"
    if content is not None:
        path.write_text(content)
    with HttpFetcher(network=Network(ca_file=path), allow_hosts=["localhost"], environ={}) as fetcher:
        fetched = fetcher.fetch(secure.url("/a", "localhost"))
    assert cause(fetched) is Cause.TLS
    assert fetched.failure is not None
    assert "campus.pem" in fetched.failure.detail


def test_https_never_goes_on_as_http(authority: Authority, secure: Server) -> None:
    with HttpFetcher(network=Network(ca_file=authority.ca_file), allow_hosts=["localhost"], environ={}) as fetcher:
        fetched = fetcher.fetch(secure.url("/down", "localhost"))
    assert cause(fetched) is Cause.REDIRECT
    assert fetched.failure is not None
    assert "https to http" in fetched.failure.detail
