"""Hours and credits that a badge states, from the extensions as issuers write them; whatever is odd is no figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate import badges
from tests.support.wallets import NOW, found, open_wallet
from wallet.documents.commitment import read_commitment, stated, write_commitment
from wallet.documents.openbadges2 import claims
from wallet.found import Kind
from wallet.model import Commitment
from wallet.pathways.candidates import from_row

NETHERLANDS = "https://api.edubadges.nl/static/extensions/{}/context.json"
GERMANY = "https://api.openbadges.education/static/extensions/{}/context.json"
IRI = "https://w3id.org/openbadges/extensions#"
ELSEWHERE = "https://college.example/extensions/{}/context.json"


def extension(name: str, value: object, host: str = ELSEWHERE) -> dict[str, object]:
    """One extension as its issuers write it."""
    member = f"extensions:{name}Extension"
    return {member: {"@context": host.format(f"{name}Extension"), "type": ["Extension", member], name: value}}


def said(*extensions: dict[str, object]) -> Commitment | None:
    """What an award says whose achievement has these extensions."""
    achievement = badges.badge_class(issuer=badges.issuer(), **{k: v for one in extensions for k, v in one.items()})
    credential = claims(badges.encode(badges.assertion(badge=achievement)), Kind.OB2_JSON)
    assert credential is not None and credential.achievement is not None
    return credential.achievement.commitment


def hours(*extensions: dict[str, object]) -> Fraction | None:
    found = said(*extensions)
    return found.hours if found is not None else None


def test_time_investment_is_in_hours_and_ects_in_credits() -> None:
    both = said(extension("TimeInvestment", 7.5), extension("ECTS", 2.5))
    assert both == Commitment(hours=Fraction(15, 2), ects=Decimal("2.5"))


def test_the_unit_of_a_study_load_is_decided_by_whose_extension_it_is() -> None:
    assert hours(extension("StudyLoad", 56, NETHERLANDS)) == 56
    assert hours(extension("StudyLoad", 50, GERMANY)) == Fraction(5, 6)
    assert hours(extension("StudyLoad", 56)) is None
    assert hours(extension("StudyLoad", 56, "https://api.edubadges.nl.example/{}")) is None
    assert hours(extension("StudyLoad", 56, "https://[broken/{}")) is None


def test_of_two_contexts_neither_says_what_the_unit_is() -> None:
    one = extension("StudyLoad", 60, NETHERLANDS)
    for member in one.values():
        member["@context"] = [NETHERLANDS.format("x"), GERMANY.format("x")]
    assert hours(one) is None


def test_two_figures_that_differ_are_none() -> None:
    assert hours(extension("TimeInvestment", 4), extension("StudyLoad", 4, NETHERLANDS)) == 4
    assert hours(extension("TimeInvestment", 4), extension("StudyLoad", 5, NETHERLANDS)) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (4, 4),
        ([4], 4),
        ("4", 4),
        ("4.5", Fraction(9, 2)),
        ("PT4H", 4),
        ("PT90M", Fraction(3, 2)),
        ("PT1H20M", Fraction(4, 3)),
        (0.1 + 0.2, Fraction(3, 10)),
        ("P1D", None),
        ("PT", None),
        ("P2W", None),
        ("PT4H30", None),
        ("4 hours", None),
        ("4,5", None),
        ("٤", None),
        ("-4", None),
        (-4, None),
        (0, None),
        (1e-9, None),
        ("NaN", None),
        (float("nan"), None),
        (float("inf"), None),
        (100_001, None),
        (10**300, None),
        ("9" * 5_000, None),
        ("1/0", None),
        (True, None),
        (None, None),
        ([4, 5], None),
        ({"@value": 4}, None),
    ],
)
def test_odd_figures_are_none(written: object, read: Fraction | int | None) -> None:
    put = stated("extensions:TimeInvestment", {"TimeInvestment": written})
    node = {"extensions:TimeInvestment": {name.replace(IRI, "extensions:"): value for name, value in put.items()}}
    known = read_commitment(node)
    assert (known.hours if known is not None else None) == read


@settings(deadline=None, max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
        lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
        max_leaves=6,
    )
)
def test_nothing_that_a_badge_may_say_raises(value: object) -> None:
    for name in ("TimeInvestment", "StudyLoad", "ECTS"):
        stated(f"extensions:{name}", {name: value, "@context": value})
    read_commitment({"extensions:timeCommitment": value, "creditsAvailable": value})


def test_credits_of_open_badges_3_have_no_unit() -> None:
    document = badges.open_badge_3(credentialSubject={"achievement": {"name": "Weaving", "creditsAvailable": 3.0}})
    credential = claims(badges.encode(document), Kind.OB3_JSON)
    assert credential is not None and credential.achievement is not None
    assert credential.achievement.commitment == Commitment(credits=Decimal(3))


def test_figures_reach_the_row_of_a_badge_and_the_pathways_before_and_after_the_index_is_made_again(
    tmp_path: Path,
) -> None:
    achievement = badges.badge_class(
        issuer=badges.issuer(), **extension("StudyLoad", 20, GERMANY), **extension("ECTS", "2.5")
    )
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1, badge=achievement)], now=NOW)
        wallet.add([found(2)], now=NOW)
        before = wallet.list_badges()
    for part in (tmp_path / "cache").rglob("index-*"):
        part.unlink()
    with open_wallet(tmp_path) as wallet:
        assert wallet.list_badges() == before
    own = {(row.commitment, from_row(row).hours) for row in before}
    assert own == {(None, None), (Commitment(Fraction(1, 3), Decimal("2.5")), Fraction(1, 3))}


def test_credits_without_hours_are_written_without_hours() -> None:
    for credits in (Commitment(ects=Decimal("2.5")), Commitment(credits=Decimal(3)), Commitment(hours=Fraction(5, 6))):
        assert read_commitment(write_commitment(credits)) == credits
    assert write_commitment(None) == {}
