"""QR codes as SVG: black on white, quiet zone of four modules. They lead to the issuer, never to us."""

from __future__ import annotations

import io


def qr_svg(url: str) -> bytes | None:
    """A QR code of `url` at error level M, or None when it is too long for one."""
    import segno  # 15 ms, only where a certificate is drawn

    try:
        code = segno.make(url, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError:
        return None
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, dark="#000000", light="#ffffff", xmldecl=False, nl=False)
    return out.getvalue()
