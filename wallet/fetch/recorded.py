"""Answers from the wallet's own evidence instead of the network, and the form in which evidence is written down.

`encode` gives the facts about an answer as a JSON object and its body as bytes; `decode` is the inverse and refuses a body
that is not the recorded one. Where evidence lies, and which of several answers counts, is the store's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from wallet.errors import StoreDamagedError
from wallet.fetch.base import Cause, Failure, Fetched, Hop, Tls, Want
from wallet.fetch.once import Once
from wallet.fetch.urls import BadUrlError, parse_target
from wallet.model import Json, JsonObject
from wallet.text import clean

FORMAT = "badgefolio-evidence/1"


#: What is kept at hand in one run, and what an answer takes besides its body: an issuer and its classes are asked for by many.
_KEPT_BYTES = 8 * 2**20
_ANSWER_BYTES = 2 * 2**10


class RecordedFetcher:
    """A `Fetcher` that contacts nobody. What was never recorded is a failure with cause `offline`.

    Made for one run: what it answered, it may answer again without looking.
    """

    def __init__(self, lookup: Callable[[str], Fetched | None], *, now: datetime) -> None:
        """`lookup` finds the evidence for a URL; `now` stamps what it does not find. As safe for threads as `lookup`."""
        self._lookup = lookup
        self._now = now
        self._kept: Once[str, Fetched] = Once(_size, _KEPT_BYTES, lambda _: None)

    def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:  # noqa: ARG002 - evidence is what it is
        """The recorded answer for `url`, with or without its fragment."""
        return self._kept.get(url, lambda: self._answer(url))

    def _answer(self, url: str) -> Fetched:
        found = self._lookup(url)
        if found is None and "#" in url:
            found = self._lookup(url.partition("#")[0])
        if found is not None:
            return replace(found, url=url, recorded=True)
        try:
            where = parse_target(url).host
        except BadUrlError:
            where = clean(url, limit=80)
        detail = f"no earlier answer of {where} is in the wallet"
        return Fetched(url=url, final_url=url, fetched_at=self._now, failure=Failure(Cause.OFFLINE, detail))


def _size(answer: Fetched) -> int:
    return _ANSWER_BYTES + len(answer.body)


def encode(fetched: Fetched) -> tuple[dict[str, Json], bytes]:
    """The facts as JSON and the body. That it was read from evidence (`recorded`) is not a fact about the answer."""
    tls, failure = fetched.tls, fetched.failure
    return {
        "format": FORMAT,
        "url": fetched.url,
        "final_url": fetched.final_url,
        "fetched_at": fetched.fetched_at.isoformat(),
        "status": fetched.status,
        "sha256": fetched.sha256,
        "headers": [[name, value] for name, value in fetched.headers],
        "hops": [{"url": hop.url, "status": hop.status, "location": hop.location} for hop in fetched.hops],
        "tls": None
        if tls is None
        else {
            "version": tls.version,
            "certificate_sha256": tls.certificate_sha256,
            "not_after": None if tls.not_after is None else tls.not_after.isoformat(),
        },
        "failure": None if failure is None else {"cause": failure.cause.value, "detail": failure.detail},
        "proxied": fetched.proxied,
    }, fetched.body


def decode(meta: JsonObject, body: bytes) -> Fetched:
    """What `encode` was given. Raises `StoreDamagedError` when the facts or the body are not what was written."""
    try:
        fetched = Fetched(
            url=_text(meta["url"]),
            final_url=_text(meta["final_url"]),
            fetched_at=_moment(meta["fetched_at"]),
            status=None if meta["status"] is None else _integer(meta["status"]),
            body=body,
            headers=tuple(_header(item) for item in _items(meta["headers"])),
            hops=tuple(_hop(_fields(item)) for item in _items(meta["hops"])),
            tls=None if meta["tls"] is None else _tls(_fields(meta["tls"])),
            failure=None if meta["failure"] is None else _failure(_fields(meta["failure"])),
            proxied=meta["proxied"] is True,
        )
        recorded = meta["sha256"]
    except (KeyError, ValueError) as error:
        raise StoreDamagedError(
            "A record of what an issuer answered cannot be read.",
            "Run 'badgefolio doctor'; verifying online again makes a new record.",
        ) from error
    if fetched.sha256 != recorded or (fetched.failure is None and fetched.status is None):
        raise StoreDamagedError(
            f"The kept answer of {clean(fetched.url, limit=120)} is not the one that was recorded.",
            "Run 'badgefolio doctor'; verifying online again makes a new record.",
        )
    return fetched


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value


def _integer(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not an integer")
    return value


def _moment(value: Json) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment


def _items(value: Json) -> Sequence[Json]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError("not a list")
    return value


def _fields(value: Json) -> JsonObject:
    if isinstance(value, Sequence | bool | int | float) or value is None:
        raise ValueError("not an object")
    return value


def _header(value: Json) -> tuple[str, str]:
    name, text = _items(value)
    return _text(name), _text(text)


def _hop(value: JsonObject) -> Hop:
    location = value["location"]
    return Hop(_text(value["url"]), _integer(value["status"]), None if location is None else _text(location))


def _tls(value: JsonObject) -> Tls:
    end = value["not_after"]
    return Tls(_text(value["version"]), _text(value["certificate_sha256"]), None if end is None else _moment(end))


def _failure(value: JsonObject) -> Failure:
    return Failure(Cause(_text(value["cause"])), _text(value["detail"]))
