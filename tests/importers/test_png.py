"""Badges in PNG pictures: every form of chunk that was seen in the wild, told apart by steps and notes."""

from __future__ import annotations

import pytest

from importers.find import find
from importers.png import read_chunks
from tests.generate.badges import (
    HOST,
    assertion,
    chunk,
    encode,
    itxt,
    open_badge_3,
    png,
    signed_assertion,
    text_chunk,
    token,
    ztxt,
)
from wallet.found import Carrier, Found, Kind

JSON = encode(assertion(narrative="Zażółć"))
URL = f"{HOST}/awards/77".encode()


def only(data: bytes) -> Found:
    report = find(data)
    assert not report.refused, report.refused
    assert len(report.found) == 1
    return report.found[0]


def notes(found: Found) -> set[str]:
    return {note.code for note in found.notes}


@pytest.mark.parametrize(
    ("picture", "expected_notes"),
    [
        pytest.param(png(itxt(JSON)), set(), id="iTXt"),
        pytest.param(png(itxt(JSON, language=b"pl", translated=b"odznaki")), set(), id="iTXt with language"),
        pytest.param(png(itxt(JSON, translated=None)), set(), id="iTXt without its third NUL"),
        pytest.param(png(itxt(JSON, compressed=True)), {"compressed-chunk"}, id="compressed iTXt"),
        pytest.param(
            png(itxt(JSON, compressed=True, translated=None)), {"compressed-chunk"}, id="compressed, no third NUL"
        ),
        pytest.param(png(after=[itxt(JSON)]), {"late-chunk"}, id="after the image data"),
        pytest.param(png(text_chunk(JSON)), set(), id="UTF-8 in tEXt"),
        pytest.param(png(text_chunk(JSON, b"openbadge")), set(), id="tEXt named in the singular"),
        pytest.param(png(ztxt(JSON)), {"compressed-chunk"}, id="zTXt"),
        pytest.param(png(itxt(JSON, crc=1)), {"chunk-damaged"}, id="wrong checksum"),
        pytest.param(png(itxt(JSON), trailing=b"more"), {"data-after-iend"}, id="bytes after the end"),
        pytest.param(png(trailing=itxt(JSON)), {"data-after-iend", "late-chunk"}, id="chunk after the end"),
        pytest.param(png(itxt(JSON))[:-12], {"chunk-damaged"}, id="without its end"),
        pytest.param(
            png(chunk(b"tEXt", b"no NUL in here"), itxt(JSON)), set(), id="beside a text chunk without any NUL"
        ),
        pytest.param(png(itxt(b"2020", b"baked-at"), itxt(JSON)), set(), id="beside other texts"),
    ],
)
def test_a_baked_award_is_found_with_its_exact_bytes(picture: bytes, expected_notes: set[str]) -> None:
    found = only(picture)
    assert (found.raw, found.container) == (JSON, picture)
    assert (found.kind, found.carrier) == (Kind.OB2_JSON, Carrier.PNG)
    assert found.claimed_id == found.fetch_url == f"{HOST}/awards/1"
    assert notes(found) == expected_notes


def test_latin_1_text_is_turned_into_utf_8_and_noted() -> None:
    document = encode(assertion(narrative="Café"))
    found = only(png(text_chunk(document.decode("utf-8").encode("latin-1"))))
    assert found.raw == document
    assert notes(found) == {"not-utf8"}


def test_a_baked_address_is_found_without_asking_the_network() -> None:
    found = only(png(itxt(URL)))
    assert (found.kind, found.raw, found.fetch_url) == (Kind.OB2_URL, URL, URL.decode())


def test_a_baked_token_is_found_with_its_exact_bytes() -> None:
    signed = token(signed_assertion(5))
    found = only(png(itxt(signed)))
    assert (found.kind, found.raw, found.claimed_id, found.fetch_url) == (
        Kind.OB2_JWS,
        signed,
        f"{HOST}/awards/5",
        None,
    )


def test_open_badges_3_is_found_under_its_own_keyword() -> None:
    assert only(png(itxt(encode(open_badge_3()), b"openbadgecredential"))).kind is Kind.OB3_JSON


def test_the_steps_name_chunk_offset_and_checksum() -> None:
    found = only(png(itxt(JSON)))
    assert [step.text for step in found.steps] == ["PNG iTXt openbadges #1 offset 33 crc ok", "JSON"]


def test_different_awards_in_one_picture_are_all_found_first_one_first() -> None:
    second = encode(assertion(2))
    report = find(png(itxt(JSON), text_chunk(second), after=[itxt(JSON)]))
    assert [found.raw for found in report.found] == [JSON, second]
    assert all("several-credentials" in notes(found) for found in report.found)


def test_the_same_award_twice_is_one_find_without_a_note() -> None:
    assert notes(only(png(itxt(JSON), text_chunk(JSON)))) == set()


def test_one_bad_chunk_does_not_hide_the_good_one() -> None:
    report = find(png(itxt(b'{"type": "Assertion",'), itxt(JSON)))
    assert [found.raw for found in report.found] == [JSON]
    assert [refused.code for refused in report.refused] == ["json-broken"]


def test_a_cut_compressed_text_is_refused_by_cause() -> None:
    whole = ztxt(JSON)
    cut = chunk(b"zTXt", whole[8:-24])
    (refused,) = find(png(cut), name="award.png").refused
    assert refused.code == "picture-damaged"
    assert (
        refused.message
        == "award.png is a damaged PNG picture (its packed badge text is cut off), and no badge could be read from it."
    )


def test_every_chunk_is_walked() -> None:
    kinds = [chunk.type for chunk in read_chunks(png(itxt(JSON), trailing=text_chunk(b"x")))]
    assert kinds == [b"IHDR", b"iTXt", b"IDAT", b"IEND", b"tEXt"]
