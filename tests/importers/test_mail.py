"""Badges in mail: what is attached is found byte for byte, links are offered, and nothing is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.find import find
from importers.mail import is_mail
from tests.generate.badges import HOST, JPEG, assertion, cdata, encode, itxt, png, signed_assertion, svg, token
from tests.generate.containers import mail, mbox, zipped
from wallet.found import Carrier

ONE = encode(assertion(1))
PICTURE = png(itxt(encode(assertion(2))))
DRAWING = svg(cdata(encode(assertion(3))))


def test_an_attached_picture_is_found_with_its_exact_bytes() -> None:
    (found,) = find(mail(attach={"badge.png": PICTURE, "photo.jpg": JPEG}), name="award.eml").found
    assert (found.carrier, found.container) == (Carrier.PNG, PICTURE)
    assert found.source == "award.eml!badge.png"
    assert found.steps[0].text.startswith("mail part 2 badge.png application/octet-stream sha256=")


def test_a_picture_within_the_text_is_found() -> None:
    message = mail(html='<p>Well done! <img src="cid:badge.png"></p>', inline={"badge.png": PICTURE})
    assert [found.container for found in find(message).found] == [PICTURE]


def test_every_kind_of_attachment_is_read_by_its_content() -> None:
    message = mail(
        attach={"a.bin": ONE, "b.dat": PICTURE, "c": DRAWING, "d.zip": zipped({"e.json": encode(assertion(4))})}
    )
    report = find(message, name="m.eml")
    assert [found.claimed_id for found in report.found] == [f"{HOST}/awards/{number}" for number in (1, 2, 3, 4)]
    assert report.found[0].raw == ONE
    assert report.found[3].source == "m.eml!d.zip!e.json"


def test_a_forwarded_message_is_searched_too() -> None:
    forwarded = mail(attach={"badge.png": PICTURE})
    assert find(mail(forward=forwarded)).found[0].container == PICTURE
    assert find(mail(attach={"original.eml": forwarded})).found[0].container == PICTURE


def test_a_token_in_the_text_is_found() -> None:
    signed = token(signed_assertion(5))
    assert find(mail(f"Your badge:\n\n{signed.decode()}\n")).found[0].raw == signed


def test_links_are_offered_without_what_names_the_learner_and_the_hosts_are_named() -> None:
    message = mail(
        "Claim it: https://badges.rowan-college.example/claim/1?identity__email=mina%40learner.example&v=2 (or\n"
        "<https://help.rowan-college.example/>).",
        html='<a href="https://badges.rowan-college.example/claim/1?a=1&amp;b=2">Claim</a>'
        ' <a href="mailto:x@y.example">Ask</a> <img src="https://spy.example/pixel.gif">',
    )
    report = find(message, name="award.eml")
    assert [offer.url for offer in report.offers] == [
        "https://badges.rowan-college.example/claim/1?v=2",
        "https://help.rowan-college.example/",
        "https://badges.rowan-college.example/claim/1?a=1&b=2",
    ]
    assert {offer.source for offer in report.offers} == {"award.eml!part 1", "award.eml!part 2"}
    (refused,) = report.refused
    assert refused.message == (
        "award.eml holds 3 links (badges.rowan-college.example, help.rowan-college.example), and no badge itself."
    )


def test_a_mail_with_a_badge_still_offers_its_links() -> None:
    report = find(mail("See https://a.example/1", attach={"badge.png": PICTURE}))
    assert (len(report.found), len(report.offers), report.refused) == (1, 1, ())


def test_all_messages_of_a_mail_folder_are_searched() -> None:
    data = mbox(mail(attach={"a.json": ONE}), mail("nothing"), mail(attach={"b.png": PICTURE}))
    report = find(data, name="Inbox")
    assert [found.original for found in report.found] == [ONE, PICTURE]
    assert report.found[1].steps[0].text == "mbox message 3 of Inbox"
    assert report.found[1].source == "Inbox!message 3!b.png"


def test_a_maildir_is_a_folder_of_messages_with_its_subfolders(tmp_path: Path) -> None:
    for folder, data in {"cur": ONE, "new": PICTURE, ".Archive/cur": DRAWING, ".Archive/new": b""}.items():
        (tmp_path / folder).mkdir(parents=True)
        if data:
            (tmp_path / folder / "1700000000.M1P2.host:2,S").write_bytes(mail(attach={"a": data}))
    (tmp_path / "dovecot.index").write_bytes(b"\0\1")
    assert [found.original for found in find(tmp_path).found] == [DRAWING, ONE, PICTURE]


@pytest.mark.parametrize(
    "head",
    [
        b"Return-Path: <a@b.example>\r\nReceived: by mx\r\n\tfor mina; now\r\nSubject: x\r\n\r\nhello",
        b"DKIM-Signature: v=1;\n a=rsa-sha256;\n b=x\nFrom: a@b.example\nTo: c@d.example\n\nhello",
        b"From a@b.example Mon Mar 2\nFrom: a@b.example\nDate: now\n\nhello",
    ],
)
def test_a_message_is_recognised_by_its_header(head: bytes) -> None:
    assert is_mail(head)


@pytest.mark.parametrize(
    "text",
    [
        b"From: the beginning\nthis is a story",
        b"Subject: x\n\nFrom: y\nTo: z",
        b"To: a\n\tFrom: b",
        b"https://a.example/",
        b"\xff\xfe",
        b"",
    ],
)
def test_a_text_that_is_no_message_is_not_taken_for_one(text: bytes) -> None:
    assert not is_mail(text)


def test_the_senders_encoded_file_name_is_shown_decoded() -> None:
    message = mail(attach={"Abzeichen für Mina.png": PICTURE})
    assert find(message, name="m").found[0].source == "m!Abzeichen für Mina.png"
    old = message.replace(b"filename*=utf-8''Abzeichen%20f%C3%BCr%20Mina.png", b'filename="=?iso-8859-1?Q?f=FCr?="')
    assert find(old, name="m").found[0].source == "m!für"
