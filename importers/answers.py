"""What one answer from a host is worth: the badges in its body, or why there is none, with every hop written down.

What answers is recognised by content, whatever type the host gives it. Nothing is asked for here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from importers.context import Context
from importers.personal import without_secrets
from importers.refusals import refuse
from importers.text import is_html
from wallet.fetch.base import Cause, Failure, Fetched
from wallet.found import Carrier, Found, ImportReport, Step
from wallet.text import clean

Read = Callable[[bytes, Context], ImportReport]

_ADDRESS_CHARACTERS = 160
#: Whoever tries again later may get another answer.
TRANSIENT = frozenset({"host-unreachable", "offline", "blocked-address", "http-429", "http-5xx"})
_SAID = {
    "auth-required": "asks for a login",
    "html-instead-of-json": "a web page",
    "host-unreachable": "not reached",
    "blocked-address": "not allowed",
    "offline": "not asked, offline",
    "too-big": "too big",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One address that was asked for, and what came of it."""

    fetched: Fetched
    report: ImportReport
    context: Context

    @property
    def code(self) -> str:
        """The code of its refusal, or "" when it gave a badge."""
        return self.report.refused[0].code if self.report.refused and not self.report.found else ""

    @property
    def page(self) -> bool:
        """Whether a web page answered."""
        return is_html(body_of(self.fetched))

    @property
    def shown(self) -> str:
        """The address and its status, as a list of tries says them."""
        status = self.fetched.status if self.fetched.failure is None else None
        said = str(status) if status not in (None, 200) else _SAID.get(self.code, "no badge")
        return f"{clean(without_secrets(self.fetched.url), limit=_ADDRESS_CHARACTERS)} ({said})"


def judge(fetched: Fetched, context: Context, read: Read) -> Tried:
    """What `fetched` is worth. `read` recognises a body by its content."""
    context = _with_hops(context, fetched)
    return Tried(fetched, _read(fetched, context, read), context)


def body_of(fetched: Fetched) -> bytes:
    """The body of an answer with status 200 without what may stand before it, else nothing."""
    return fetched.body.removeprefix(b"\xef\xbb\xbf").lstrip() if fetched.ok else b""


def _with_hops(context: Context, fetched: Fetched) -> Context:
    """`context` with one step a request, so that the whole chain can be shown."""
    steps = [
        Step(f"GET {without_secrets(hop.url)} {hop.status}, to {without_secrets(hop.location or '')}")
        for hop in fetched.hops
        if hop.location is not None
    ]
    if fetched.failure is None:
        kind = fetched.header("content-type") or "no content type"
        at = fetched.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        address = without_secrets(fetched.final_url)
        steps.append(Step(f"GET {address} {fetched.status} {kind} sha256={fetched.sha256} {at}"))
    return replace(context, steps=(*context.steps, *steps))


def _read(fetched: Fetched, context: Context, read: Read) -> ImportReport:
    if fetched.failure is not None:
        return _failed(fetched.failure, context)
    status = fetched.status or 0
    if status != 200:
        return _refused_status(status, context)
    report = read(fetched.body, replace(context, carrier=Carrier.URL))
    if not report.found:
        return report
    return replace(report, found=tuple(_from_host(found, fetched.final_url) for found in report.found))


def _from_host(found: Found, final_url: str) -> Found:
    """An old badge has no address of its own inside, so where it was found is where its hosted copy is."""
    if found.fetch_url is None and found.kind.value in ("ob05-json", "ob1-json") and found.container is None:
        return replace(found, fetch_url=without_secrets(final_url))
    return found


def _failed(failure: Failure, context: Context) -> ImportReport:
    if failure.cause is Cause.OFFLINE:
        return refuse(context, "offline")
    if failure.cause in (Cause.PRIVATE_ADDRESS, Cause.BLOCKED_PORT):
        return refuse(context, "blocked-address", failure.detail)
    if failure.cause is Cause.BAD_URL:
        return refuse(context, "bad-url", failure.detail)
    if failure.cause is Cause.TOO_BIG:
        return refuse(context, "too-big", failure.detail)
    return refuse(context, "host-unreachable", failure.detail)


def _refused_status(status: int, context: Context) -> ImportReport:
    if status in (401, 403):
        return refuse(context, "auth-required", f"status {status}")
    if status in (404, 410, 429):
        return refuse(context, f"http-{status}")
    return refuse(context, "http-5xx" if status >= 500 else "http-4xx", f"status {status}")
