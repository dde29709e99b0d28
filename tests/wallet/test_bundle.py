"""What a bundle says of itself survives writing and reading, and nonsense gets one sentence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.bundle import Bundle, BundleBadge, BundleError, BundleFile
from wallet.bundle_json import read_bundle, write_bundle
from wallet.errors import WalletError
from wallet.model import Identity

MOMENT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
SHA = "ab" * 32
FULL = Bundle(
    created=MOMENT,
    audience="Riverbend College",
    purpose="Recognition of earlier learning",
    consent="I agree.",
    given=date(2026, 11, 21),
    until=date(2027, 5, 31),
    person="Ada Example",
    identities=(Identity("email", "ada@students.example"),),
    pathways=("water-steward",),
    badges=(
        BundleBadge(
            id=SHA,
            name="Water Chemistry",
            issuer="Riverbend College",
            issuer_id="https://badges.riverbend.example/issuer",
            achievement_id="https://badges.riverbend.example/class",
            issued=date(2026, 5, 1),
            expires=date(2028, 5, 1),
            verdict="valid",
            as_of=MOMENT,
            files=("originals/water.png", "evidence/ab.json"),
        ),
    ),
    files=(
        BundleFile("originals/water.png", SHA, 12, "image/png", "original"),
        BundleFile(
            "evidence/ab.json",
            SHA,
            3,
            "application/json",
            "evidence",
            "https://badges.riverbend.example/a",
            200,
            MOMENT,
        ),
    ),
    left_out=(("hidden", 2), ("invalid", 1)),
    tool="badgefolio 0.1",
)
texts = st.text(max_size=20).filter(lambda text: "\x00" not in text and text.isprintable())


def test_what_is_written_is_read_again() -> None:
    assert read_bundle(write_bundle(FULL)) == FULL
    assert write_bundle(read_bundle(write_bundle(FULL))) == write_bundle(FULL)


@settings(max_examples=40, deadline=None)
@given(texts, texts, texts, st.lists(st.tuples(texts, st.integers(0, 9)), max_size=3, unique_by=lambda pair: pair[0]))
def test_any_words_come_back_as_they_were(audience: str, purpose: str, name: str, left: list[tuple[str, int]]) -> None:
    bundle = Bundle(MOMENT, audience, purpose, badges=(BundleBadge(SHA, name, ""),), left_out=tuple(left))
    assert read_bundle(write_bundle(bundle)) == bundle


def test_members_that_nobody_knows_are_left_alone() -> None:
    value = json.loads(write_bundle(FULL)) | {"later": {"version": [1, 2]}}
    assert read_bundle(json.dumps(value).encode()) == FULL


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("format", None),
        ("format", "badgefolio-bundle/2"),
        ("format", 7),
        ("created", None),
        ("created", "yesterday"),
        ("created", "0001-01-01T00:00:00+23:59"),
        ("for", ["a"]),
        ("purpose", "x" * 100_000),
        ("until", "2027-02-30"),
        ("consent", "yes"),
        ("consent", {"given": 5}),
        ("identities", {"email": "x"}),
        ("identities", ["email:x"]),
        ("badges", "none"),
        ("badges", [1]),
        ("badges", [{"as_of": "x"}]),
        ("files", [{"path": "a", "size": 1, "sha256": "AB"}]),
        ("files", [{"path": "a", "size": -1, "sha256": SHA}]),
        ("files", [{"path": "a", "size": True, "sha256": SHA}]),
        ("files", [{"size": 1, "sha256": SHA}]),
        ("files", [{"path": "a", "size": 1, "sha256": SHA}] * 2),
        ("files", [{}] * 3_000),
        ("left_out", {"hidden": "two"}),
        ("pathways", [7]),
    ],
)
def test_a_wrong_member_is_named_with_a_next_step(member: str, value: object) -> None:
    broken = json.loads(write_bundle(FULL)) | {member: value}
    with pytest.raises(BundleError) as error:
        read_bundle(json.dumps(broken).encode())
    assert error.value.remedy
    assert "bundle.json" in error.value.message


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 2_000))
def test_no_bytes_raise_anything_else(noise: bytes, at: int) -> None:
    data = write_bundle(FULL)
    for bad in (noise, data[:at] + noise + data[at + len(noise) :], data[:at]):
        try:
            read_bundle(bad)
        except WalletError as error:
            assert error.remedy
