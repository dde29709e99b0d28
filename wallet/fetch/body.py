"""Reads a response body under a cap, and undoes one compression by itself.

httpx would inflate a whole chunk before its caller sees a byte, so a small answer could fill the memory. Here the output
never grows beyond the cap, whatever the input claims. Knows nothing of connections: it takes pieces, gives bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from wallet.fetch.base import Cause
from wallet.text import clean

_GZIP = 16 + zlib.MAX_WBITS


class BodyError(Exception):
    """The body cannot be used. `detail` is a clean phrase that follows the name of the host."""

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


def _too_big(cap: int) -> BodyError:
    return BodyError(Cause.TOO_BIG, f"sent more than {cap / 2**20:.3g} MiB")


def read_body(pieces: Iterable[bytes], *, length: str | None, coding: str | None, cap: int) -> bytes:
    """The body in clear, at most `cap` bytes, raw and inflated alike. Raises `BodyError`.

    length: the Content-Length header, believed only when it says "too big". coding: the Content-Encoding header.
    """
    if length is not None and length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > cap):
        raise _too_big(cap)
    name = (coding or "").strip().lower()
    if name in ("", "identity"):
        return _plain(pieces, cap)
    if name in ("gzip", "x-gzip"):
        return _inflated(pieces, cap, _GZIP)
    if name == "deflate":
        return _inflated(pieces, cap, None)
    raise BodyError(Cause.ENCODING, f"sent its answer in a packing nobody asked for ({clean(name, limit=60)})")


def _plain(pieces: Iterable[bytes], cap: int) -> bytes:
    out = bytearray()
    for piece in pieces:
        if len(out) + len(piece) > cap:
            raise _too_big(cap)
        out += piece
    return bytes(out)


def _inflated(pieces: Iterable[bytes], cap: int, bits: int | None) -> bytes:
    out = bytearray()
    inflate = None if bits is None else zlib.decompressobj(bits)
    received = 0
    for piece in pieces:
        received += len(piece)
        if received > cap:
            raise _too_big(cap)
        if not piece:
            continue
        if inflate is None:
            # "deflate" means the zlib format; some servers send the bare stream. The first byte tells them apart.
            inflate = zlib.decompressobj(zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        try:
            out += inflate.decompress(piece, cap - len(out) + 1)
        except zlib.error:
            raise BodyError(Cause.ENCODING, "sent a compressed answer that is damaged") from None
        if inflate.unconsumed_tail or len(out) > cap:
            raise _too_big(cap)
        if inflate.unused_data:
            raise BodyError(Cause.ENCODING, "sent something behind its compressed answer")
    if received and (inflate is None or not inflate.eof):
        raise BodyError(Cause.ENCODING, "sent a compressed answer that breaks off")
    return bytes(out)
