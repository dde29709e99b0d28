"""The sample issuers: what they publish is served exactly, can be withdrawn while they run, and is never anybody else's."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.wallets import NOW
from tui.demo import art
from tui.demo.host import LoopbackHost, Page
from tui.demo.issuer import BadgeClass, SampleIssuer, new_private_key, public_pem
from tui.demo.sample import EMAIL, SampleWorld
from wallet.documents import jws, strict_json


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def a_class() -> BadgeClass:
    return BadgeClass("knots", "Knot Tying", "Ties knots.", "Tie ten.", art.medal_svg("star", art.LAKE))


def test_a_host_serves_what_was_published_and_logs_what_was_asked() -> None:
    with LoopbackHost() as host:
        url = host.publish("/a", Page(b"{}", "application/json", 410))
        assert get(url) == (410, b"{}")
        assert get(host.base_url + "/b")[0] == 404
        assert host.requests == ("/a", "/b")
    with pytest.raises(urllib.error.URLError):
        get(url)
    host.stop()


def test_a_hosted_award_is_served_until_it_is_withdrawn() -> None:
    with LoopbackHost() as host:
        issuer = SampleIssuer(host, "Rowan College", "badges@rowan-college.example", "Invented.")
        issuer.offer(a_class())
        award = issuer.award_hosted(a_class(), EMAIL, NOW)
        assert get(award.id) == (200, award.text.encode())
        assert EMAIL not in award.text, "the recipient is hashed"
        issuer.withdraw_hosted(award, "by mistake")
        status, body = get(award.id)
        assert status == 410
        assert b"by mistake" in body


def test_a_signed_award_bears_the_issuers_key_and_a_forgery_does_not() -> None:
    with LoopbackHost() as host:
        issuer = SampleIssuer(host, "Rowan College", "badges@rowan-college.example", "Invented.")
        key = jws.load_key(str(strict_json.parse_object(get(host.base_url + "/key")[1])["publicKeyPem"]))
        genuine = jws.decode(issuer.award_signed(a_class(), EMAIL, NOW).text.encode())
        forged = jws.decode(issuer.award_signed(a_class(), EMAIL, NOW, with_key=new_private_key()).text.encode())
        assert jws.verify(genuine, key)
        assert not jws.verify(forged, key)
        award = issuer.award_signed(a_class(), EMAIL, NOW)
        issuer.withdraw_signed(award, "by mistake")
        assert award.id.encode() in get(host.base_url + "/revoked")[1]


def test_every_key_is_fresh() -> None:
    assert public_pem(new_private_key()) != public_pem(new_private_key())


@pytest.mark.parametrize("symbol", art.SYMBOLS)
def test_every_medal_is_a_picture_that_can_be_drawn_safely(symbol: str) -> None:
    from exporters.pictures import raster

    assert raster(art.medal_png(symbol, art.DUSK, 3)) is not None
    assert b"<script" not in art.medal_svg(symbol, art.DUSK)


def test_the_world_hands_out_one_file_for_every_answer(tmp_path: Path) -> None:
    with SampleWorld(tmp_path / "downloads", NOW) as world:
        names = {file.path.name for file in world.files}
        assert all(file.path.is_file() and file.about for file in world.files)
        assert len(names) == 8
        assert (tmp_path / "downloads" / "screenshot.png").is_file()
        world.close_growers()
        world.close_growers()
