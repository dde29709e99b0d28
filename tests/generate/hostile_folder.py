"""A folder of files made to take all the memory there is: each kind that is read, right at its cap or far beyond it.

    hostile_folder(tmp_path / "hostile")      writes about 650 MB and says which files there are

One honest badge lies among them, so that whoever reads the folder can tell that it was read to the end.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from tests.generate import badges, keys
from tests.generate.badges import OB2, cdata, chunk, encode, itxt, png, svg, ztxt
from tests.generate.containers import mail, mbox, pdf, tarred, zipped
from wallet.documents import jws
from wallet.limits import LIMITS

MB = 2**20
HONEST = encode(badges.assertion(1))
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">'
_HEAD = b"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n"


def hostile_folder(folder: Path) -> tuple[Path, ...]:
    """Write the files; the honest badge is `honest.json`."""
    folder.mkdir(parents=True)
    (folder / "honest.json").write_bytes(HONEST)
    for kind in (_pictures, _drawings, _documents, _tokens, _archives, _pdfs, _mails):
        for name, data in kind():
            (folder / name).write_bytes(data)
    return tuple(sorted(folder.iterdir()))


Files = Iterator[tuple[str, bytes]]


def _pictures() -> Files:
    bomb = zlib.compress(bytes(200 * MB), 9)
    small = zlib.compress(bytes(3 * MB), 9)
    yield "text-bomb.png", png(chunk(b"iTXt", b"openbadges\0\1\0\0\0" + bomb))
    yield "many-bombs.png", png(itxt(HONEST), *(ztxt(bytes(3 * MB) + bytes([n])) for n in range(50)))
    yield "profile-bomb.png", png(chunk(b"iCCP", b"icc\0\0" + bomb), itxt(HONEST), chunk(b"zTXt", b"c\0\0" + small))
    yield "giant-chunk.png", png(chunk(b"junk", bytes(9 * MB)), itxt(HONEST))
    yield "lying-chunk.png", png(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + HONEST, length=2**32 - 1))
    yield "too-many-chunks.png", png(*[chunk(b"tEXt", b"openbadges\0{}")] * 200_000)
    header = chunk(b"IHDR", b"\0\0\xff\xff\0\0\xff\xff\x08\2\0\0\0")
    whole = png(itxt(HONEST))
    yield "pixels-65535.png", whole[:8] + header + whole[33:]
    yield "pixels-4096.png", pixels(4096)
    yield "long-badge.png", png(itxt(_award(evidence={"narrative": "x" * (3 * MB)})))


def pixels(side: int) -> bytes:
    """A picture of `side` times `side` black pixels with all four channels, in a few kilobytes, with a badge in it."""
    header = chunk(b"IHDR", side.to_bytes(4, "big") * 2 + b"\x08\6\0\0\0")
    rows = zlib.compress(bytes((side * 4 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + header + itxt(HONEST) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _drawings() -> Files:
    laughs = '<!DOCTYPE svg [<!ENTITY a "haha">'
    laughs += "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"
    yield "laughs.svg", svg("&i;", prolog=laughs)
    yield "quadratic.svg", svg("&a;" * 100_000, prolog=f'<!DOCTYPE svg [<!ENTITY a "{"x" * 100_000}">]>')
    yield "deep.svg", _SVG + b"<g>" * 50_000 + b"</g>" * 50_000 + b"</svg>"
    yield "elements.svg", _SVG + b'<g a="b"/>' * (9 * MB // 10) + b"</svg>"
    for name, count in (("attributes", LIMITS.svg_attributes - 10), ("more-attributes", 600_000)):
        yield f"{name}.svg", _SVG + b"<g " + b" ".join(b'a%d="b"' % n for n in range(count)) + b"/></svg>"
    numbered = b" ".join(b'a%d="b"' % n for n in range(LIMITS.svg_attributes // 2))
    yield "attributes-16.svg", (_SVG + b"<g " + numbered + b"/></svg>").decode().encode("utf-16")
    given = b"".join(b'<!ATTLIST g a%d CDATA "b">' % n for n in range(2_000))
    yield "defaults.svg", b"<!DOCTYPE svg [" + given + b"]>" + _SVG + b"<g/>" * 99_000 + b"</svg>"
    yield "names.svg", _SVG + b"".join(b"<g%d/>" % n for n in range(99_000)) + b"</svg>"
    yield "entities.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + _SVG + b"&a;" * (3 * MB) + b"</svg>"
    wide = "\N{DIRECT HIT}".encode() + b"x" * (9 * MB)
    yield "wide-attribute.svg", _SVG + b'<g a="' + wide + b'"/></svg>'
    yield "comment.svg", _SVG + b"<!--" + wide + b"--></svg>"
    yield "text.svg", _SVG + b"<text>" + b"x" * (9 * MB) + b"</text></svg>"
    yield "wide-text.svg", _SVG + b"<text>" + "\N{DIRECT HIT}".encode() + b"x" * (9 * MB) + b"</text></svg>"
    yield "long-badge.svg", svg(cdata(_award(narrative="x" * (3 * MB))))
    yield "badges.svg", _SVG + b'<openbadges:assertion verify="https://x.example"/>' * 99_000 + b"</svg>"


def _documents() -> Files:
    yield "brackets.json", b"[" * (4 * MB)
    yield "objects.json", b"[" + b",".join([b"{}"] * MB) + b"]"
    yield "zeros.json", b"[" + b",".join([b"0"] * (2 * MB - 1)) + b"]"
    yield "text.json", json.dumps({"@context": OB2, "x": "x" * (4 * MB - 60)}).encode()
    yield "wide-text.json", '{"x":"\N{DIRECT HIT}'.encode() + b"x" * (4 * MB - 20) + b'"}'
    yield "escapes.json", b'{"x":"' + b"\\ud83c" * (MB // 2) + b'"}'
    yield "long-award.json", _award(narrative="\N{DIRECT HIT}" + "x" * (3 * MB))
    yield "many-members.json", _award(**{f"x{number}": number for number in range(49_000)})
    # An unknown prefix takes the long way through JSON-LD.
    yield "many-terms.json", _award(**{f"obi:x{number}": {"id": f"urn:x:{number}"} for number in range(16_000)})
    yield "many-works.json", _award(evidence=[{"narrative": "x" * 50} for _ in range(24_000)])
    yield "many-endorsements.json", _award(endorsement=[f"{badges.HOST}/e/{number}" for number in range(49_000)])
    wide = "".join(f"{badges.HOST}/awards/{number}\n" for number in range(200_000))
    yield "addresses.txt", wide.encode()
    yield "addresses.csv", wide.replace("\n", ",Mina,\n").encode()
    yield (
        "addresses.html",
        b"<html>" + b"".join(b'<a href="%s/%d">x</a>' % (b"https://x.example", n) for n in range(99_000)),
    )


def _award(**changes: object) -> bytes:
    return json.dumps(badges.assertion(2, **changes), ensure_ascii=False).encode()


def _tokens() -> Files:
    private = keys.pair("RSA")[0]
    long = json.dumps(badges.signed_assertion(3, narrative="x" * (2 * MB))).encode()
    yield "long.jws", jws.sign(long, private)
    many = json.dumps(badges.signed_assertion(4, evidence=[{"narrative": "x"} for _ in range(24_000)])).encode()
    yield "many.jws", jws.sign(many, private)
    yield "header.jws", keys.forged(b'{"alg":"RS256","x5c":["' + b"A" * (2 * MB) + b'"]}', HONEST)
    yield "signature.jws", keys.forged(b'{"alg":"RS256"}', HONEST, b"\1" * (2 * MB))


def _archives() -> Files:
    zeros = bytes(10 * MB)
    yield "bomb.zip", zipped({f"{number}.json": zeros for number in range(60)})
    # As large as an archive may be, and nothing in it is packed.
    yield "large.zip", _stored(24)
    yield "nested.zip", zipped({"a.zip": zipped({"b.zip": zipped({"c.json": HONEST, "d.json": zeros})})})
    yield "many-nested.zip", zipped({f"{n}.zip": zipped({"a.json": zeros[: 5 * MB]}) for n in range(50)})
    yield "entries.zip", zipped({f"{number}.json": b"{}" for number in range(3_000)})
    yield "bomb.tar.gz", gzip.compress(tarred({f"{number}.json": zeros for number in range(30)}))
    yield "large.tar", tarred({f"{number}.png": _not_packed(number) for number in range(24)})
    yield "random.tar.gz", gzip.compress(tarred({f"{number}.png": _not_packed(number) for number in range(6)}), 1)
    yield "endless.gz", gzip.compress(bytes(300 * MB))


def _stored(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number in range(count):
            archive.writestr(f"{number}.png", _not_packed(number))
    return out.getvalue()


def _not_packed(number: int) -> bytes:
    """A picture of noise, as large as a member of an archive may be."""
    return png(chunk(b"junk", random.Random(number).randbytes(10 * MB - 2_000)))


def _pdfs() -> Files:
    yield "attachment.pdf", pdf({"0.json": bytes(9 * MB)})
    yield "attachments.pdf", _packed(zlib.compress(bytes(10 * MB), 9), b"/FlateDecode", 12)
    yield "badges.pdf", pdf({f"{number}.png": png(itxt(encode(badges.assertion(number)))) for number in range(150)})
    yield "links.pdf", pdf(links=[f"https://x.example/{number}" for number in range(5_000)])
    yield (
        "metadata.pdf",
        pdf(xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>openbadges" + b"<a/>" * 900_000 + b"</x:xmpmeta>"),
    )
    yield "stream-bomb.pdf", _packed(zlib.compress(zlib.compress(bytes(2**30), 9), 9), b"/FlateDecode /FlateDecode", 1)


def _packed(data: bytes, filters: bytes, count: int) -> bytes:
    """A PDF with `count` attached files, each the same packed data."""
    names = b" ".join(b"(%d.json) %d 0 R" % (n, 2 * n + 4) for n in range(count))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 3 0 R >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Names [%s] >>" % names,
    ]
    for number in range(count):
        parts.append(b"<< /Type /Filespec /F (%d.json) /EF << /F %d 0 R >> >>" % (number, 2 * number + 5))
        head = b"<< /Type /EmbeddedFile /Length %d /Filter [%s] >>" % (len(data), filters)
        parts.append(b"%s\nstream\n%s\nendstream" % (head, data))
    out = b"%PDF-1.7\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table + end


def _mails() -> Files:
    large = {f"{number}.png": png(itxt(HONEST), chunk(b"junk", bytes(5 * MB))) for number in range(3)}
    yield "large.eml", mail(attach=large)
    yield "line.eml", _HEAD + b"\n" + b"https://x.example/a " * (MB + MB // 8)
    yield "lines.eml", _HEAD + b"\n" + (b"https://x.example/a " * 40 + b"\n") * (24 * MB // 801)
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5_000))
    yield "deep.eml", _HEAD + deep
    yield "parameters.eml", _HEAD + b"Content-Type: multipart/mixed; " + b";" * (2 * MB) + b"\n\nhello"
    yield "parts.eml", _HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\n{}\n" * 300_000
    for name, count in (("headers", LIMITS.mail_headers - 10), ("more-headers", 2 * MB)):
        yield f"{name}.eml", _HEAD + b"X: y\n" * count + b"\nhello"
    yield "many.mbox", mbox(*[mail(attach={"a.json": HONEST})] * 2_000)
