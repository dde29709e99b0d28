"""Finds badges in a bundle that somebody handed over: its originals, and nothing else that lies in it.

What the sender kept as evidence is not brought in as badges, and what they say of verdicts is not read at all. `bundle_in` tells
whether a file is a bundle; `open_bundle` gives all files of one to who wants to compare them with its description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from importers.archive import read_zip as read_plain_zip
from importers.archive import zip_contents
from importers.containers import ReadEach
from importers.context import Context
from importers.folder import Unread
from importers.large import Contents
from importers.refusals import refuse
from wallet.bundle import MEMBER, ORIGINAL, SUMS, Bundle, BundleError
from wallet.bundle_check import Held
from wallet.bundle_json import is_bundle, read_bundle
from wallet.found import FromBundle, ImportReport
from wallet.limits import LIMITS, Limits

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Opened:
    """All of one bundle. contents: by name, not their bytes; listing: the bytes of its list of digests; unread: names, or None
    for the whole, with why they were not read.

    bundle: None where the description cannot be read, for the reason in `broken`.
    """

    contents: Mapping[str, Held]
    listing: bytes | None = None
    unread: tuple[tuple[str | None, Unread], ...] = ()
    bundle: Bundle | None = None
    broken: BundleError | None = None


def bundle_in(data: bytes, limits: Limits = LIMITS) -> Bundle | None:
    """What the bundle `data` says of itself; None for anything that is no bundle. Reads no other file in it.

    Raises `BundleError` for a bundle whose description cannot be read, and nothing else.
    """
    told = _description(data, Context("", limits))
    return read_bundle(told, limits) if told is not None else None


def open_bundle(data: Contents, limits: Limits = LIMITS) -> Opened | None:
    """All files of the bundle `data`, within the caps of archives; None for anything that is no bundle. Never raises.

    One after another: no two of them are in memory at once.
    """
    told = _description(data, Context("", limits))
    if told is None:
        return None
    contents: dict[str, Held] = {}
    listing: bytes | None = None
    unread: list[tuple[str | None, Unread]] = []
    context = Context("", limits)
    # Hidden files too: what is not in the description is to be named, and hiding it must not help.
    for name, content in zip_contents(data, replace(context, budget=context.spending), bool):
        if isinstance(content, Unread):
            unread.append((name, content))
        elif name is not None:
            contents[name] = Held.of(content)
            listing = content if name == SUMS else listing
    try:
        return Opened(contents, listing, tuple(unread), read_bundle(told, limits))
    except BundleError as error:
        return Opened(contents, listing, tuple(unread), broken=error)


def read_zip(data: Contents, context: Context, read: ReadEach) -> Iterator[ImportReport]:
    """The badges in the ZIP archive `data`; if it is a bundle, those that it calls originals."""
    told = _description(data, context)
    if told is None:
        yield from read_plain_zip(data, context, read)
        return
    try:
        bundle = read_bundle(told, context.limits)
    except BundleError as error:
        yield refuse(context, "bundle-broken", error.message.rstrip("."), characters=400)
        return
    yield ImportReport(bundles=(FromBundle(context.source, bundle),))
    originals = {file.path for file in bundle.files if file.part == ORIGINAL}
    yield from read_plain_zip(data, context, read, originals.__contains__)


def _description(data: Contents, context: Context) -> bytes | None:
    """The bytes of the description in `data`, or None where it is no bundle."""
    if not data.startswith(_ZIP) or MEMBER.encode() not in data:
        return None
    # A budget of its own: looking at one small file first must not use up what the reading of all of them may cost.
    alone = Context(context.source, context.limits)
    found: dict[str | None, bytes | Unread] = dict(
        zip_contents(data, replace(alone, budget=alone.spending), lambda name: name in (MEMBER, SUMS))
    )
    told = found.get(MEMBER)
    if not isinstance(told, bytes):
        return None
    # With the digests beside it, it was a bundle whatever has happened to its description since.
    return told if is_bundle(told, context.limits) or SUMS in found else None
