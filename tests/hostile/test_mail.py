"""Mail made to harm: deep, endless, broken and lying messages end with a refusal by name, links in them stay closed."""

from __future__ import annotations

import pytest

from importers.find import find
from tests.generate.badges import assertion, encode, itxt, png
from tests.generate.containers import mail, mbox, zipped
from wallet.limits import Limits

ONE = encode(assertion(1))
HEAD = b"From: a@b.example\nTo: c@d.example\n"


def nested(depth: int) -> bytes:
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(depth)
    )
    return HEAD + b"MIME-Version: 1.0\n" + parts + b"Content-Type: text/plain\n\nhello"


@pytest.mark.parametrize(
    ("message", "limits", "code"),
    [
        pytest.param(nested(5_000), Limits(), "too-deep", id="5,000 levels"),
        pytest.param(nested(3_000), Limits(mail_boundaries=1_000_000), "file-damaged", id="deeper than Python's stack"),
        pytest.param(HEAD + b"X: y\n" * 10 + b"\n" + b"a" * 2_000, Limits(mail_bytes=1_000), "too-big", id="size"),
        pytest.param(
            HEAD + b"Content-Type: multipart/mixed; " + b";" * 1_000_000 + b"\n\nhello", Limits(), "file-damaged",
            id="a million parameters",
        ),
        pytest.param(
            HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\n{}\n" * 3_000, Limits(), "too-many",
            id="3,000 parts",
        ),
        pytest.param(HEAD + b"Content-Type: text/plain; charset=klingon\n\nhello", Limits(), "no-badges-inside", id="charset"),
        pytest.param(
            HEAD + b"Content-Type: text/plain; charset*=x''%ff\n\nhello", Limits(), "no-badges-inside", id="coded charset"
        ),
        pytest.param(HEAD + b"Content-Transfer-Encoding: base64\n\n!!!!", Limits(), "no-badges-inside", id="no base64"),
        pytest.param(HEAD + b"\n", Limits(), "no-badges-inside", id="nothing after the header"),
        pytest.param(
            HEAD + b'Content-Type: application/x; name="=?utf-8?B?////?="\n\n{}', Limits(), "no-badges-inside",
            id="a name that cannot be decoded",
        ),
    ],
)  # fmt: skip
def test_a_hostile_message_is_refused_by_cause(message: bytes, limits: Limits, code: str) -> None:
    report = find(message, name="x", limits=limits)
    assert not report.found
    assert [refused.code for refused in report.refused] == [code]


def test_a_bad_message_does_not_hide_the_next_one() -> None:
    report = find(mbox(nested(5_000), mail(attach={"a.json": ONE})), name="x")
    assert [found.raw for found in report.found] == [ONE]
    assert [refused.code for refused in report.refused] == ["too-deep"]


def test_mail_in_mail_in_mail_ends_at_the_limit() -> None:
    message = mail(attach={"a.json": ONE})
    for _ in range(3):
        message = mail(attach={"m.eml": message})
    assert len(find(message).found) == 1
    report = find(mail(attach={"m.eml": message}))
    assert [refused.code for refused in report.refused] == ["too-deep"]


def test_a_bomb_in_a_mail_counts_like_any_other() -> None:
    bomb = zipped({"z": bytes(4 * 2**20)})
    report = find(mail(attach={"z.zip": bomb, "p.png": png(itxt(ONE))}))
    assert (len(report.found), [refused.code for refused in report.refused]) == (1, ["archive-unsafe"])


def test_more_links_than_the_limit_are_left_out() -> None:
    text = "\n".join(f"https://a.example/{number}" for number in range(50))
    assert len(find(mail(text), limits=Limits(offers=20)).offers) == 20


def test_links_with_other_schemes_are_not_offered() -> None:
    page = "".join(
        f'<a href="{link}">x</a>' for link in ("javascript:alert(1)", "file:///etc", "//a.example", "data:,x")
    )
    assert find(mail("x", html=page)).offers == ()
