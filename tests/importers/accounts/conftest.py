"""A host to sign in to, the session that asks it, and a password store of this test's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from importers.accounts.model import Place
from tests.importers.accounts.provider import Provider
from tests.support.server import Server
from wallet.fetch.http import HttpFetcher
from wallet.fetch.session import AuthorizedSession

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PLACE = Place("badge-connect", "badge-connect:rowan.example", "rowan.example")


@pytest.fixture
def host() -> Iterator[Provider]:
    with Server() as site, Server() as api:
        yield Provider(site, api)


@pytest.fixture
def net(host: Provider) -> Iterator[HttpFetcher]:
    with HttpFetcher(allow_hosts=host.allow, environ={}) as made:
        yield made


@pytest.fixture
def session(net: HttpFetcher) -> AuthorizedSession:
    return AuthorizedSession(net)
