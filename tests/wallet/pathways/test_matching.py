"""Which achievement is which, and how surely a rule fits a badge."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.pathways import HERE, ISSUER, TODAY, badge, element, group, pathway
from wallet.model import Alignment, Text
from wallet.pathways.matching import Keys, fit, key_of, normal_id, trusted_issuers
from wallet.pathways.model import Rule

SKILL = Alignment(Text.of("Data"), "https://skills.example/DA-2/", Text(), "Skills", "DA-2.1")
OTHER = Alignment(Text.of("Other"), "https://skills.example/X", Text(), "Skills", "X")
WATER = badge("water", name="Water Chemistry", tags=("Lab", "water"), alignments=(OTHER, SKILL))


def strength(rule: Rule, *others: Rule, **more: object) -> str | None:
    asked = pathway({"root": group("a")}, {"a": element("a")}, **more)
    keys = Keys(asked, TODAY)
    found = fit((rule, *others), WATER, keys.root(key_of(WATER)), keys, trusted_issuers(asked))
    return found[0] if found is not None else None


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(achievement=HERE + "water"), "achievement"),
        (Rule(achievement="http://BADGES.college.example:80/classes/water/"), "achievement"),
        (Rule(achievement=HERE + "Water"), None),
        (Rule(issuer=ISSUER, framework="skills", code="da-2.1"), "framework-code"),
        (Rule(issuer=ISSUER, framework="Other", code="DA-2.1"), None),
        (Rule(issuer=ISSUER, alignment="http://skills.example/DA-2"), "alignment"),
        (Rule(issuer=ISSUER, name="water CHEMISTRY"), "name"),
        (Rule(issuer=ISSUER, name="Water"), None),
        (Rule(issuer=ISSUER, name="Water*"), "name"),
        (Rule(issuer=ISSUER, tag="lab"), "tag"),
        (Rule(issuer=ISSUER, tag="la*"), None),
        (Rule(issuer=ISSUER), "issuer"),
        (Rule(issuer=ISSUER, name="Air", tag="lab"), None),
        (Rule(issuer="https://other.example/issuer"), None),
        (Rule(achievement_glob="http://Badges.College.example/classes/wat*"), "achievement-glob"),
        (Rule(achievement_glob="https://badges.college.example/classes/?"), None),
        (Rule(achievement_glob="https://badges.college.example/*"), "achievement-glob"),
        (Rule(any_issuer=True, tag="lab"), "any-issuer"),
        (Rule(achievement=HERE + "water", issuer="https://other.example/"), None),
        (Rule(attested="advisor"), None),
        (Rule(name="Water Chemistry"), None),
    ],
)
def test_a_rule_fits_with_its_strength(rule: Rule, expected: str | None) -> None:
    assert strength(rule) == expected


def test_the_strongest_alternative_is_shown() -> None:
    weaker = Rule(any_issuer=True, tag="lab"), Rule(issuer=ISSUER), Rule(issuer=ISSUER, tag="lab")
    assert strength(*weaker) == "tag"
    assert strength(*weaker, Rule(achievement=HERE + "water")) == "achievement"


def test_an_equivalent_achievement_fits_while_the_list_holds() -> None:
    same = {"achievements": [HERE + "water", HERE + "water-2", HERE + "aqua"]}
    assert strength(Rule(achievement=HERE + "aqua"), equivalence=[same]) == "equivalence"
    assert (
        strength(Rule(achievement=HERE + "aqua"), equivalence=[{**same, "until": TODAY.isoformat()}]) == "equivalence"
    )
    assert strength(Rule(achievement=HERE + "aqua"), equivalence=[{**same, "until": "2026-11-20"}]) is None


def test_lists_that_share_an_achievement_are_one() -> None:
    lists = [{"achievements": [HERE + one, HERE + two]} for one, two in (("c", "d"), ("a", "b"), ("b", "c"))]
    keys = Keys(pathway({"root": group("a")}, {"a": element("a")}, equivalence=lists), date(2026, 1, 1))
    assert {keys.root(normal_id(HERE + letter)) for letter in "abcd"} == {normal_id(HERE + "a")}


def test_any_issuer_means_the_trusted_ones_where_they_are_named() -> None:
    rule = Rule(any_issuer=True, tag="lab")
    assert strength(rule, trusted_issuers=[ISSUER + "/"]) == "any-issuer"
    assert strength(rule, trusted_issuers=["https://other.example/"]) is None


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Host.Example:80/Path/", "https://host.example/Path"),
        ("https://host.example:443", "https://host.example"),
        ("https://host.example:8443/a?b=C#", "https://host.example:8443/a?b=C"),
        ("https://host.example/doc#one", "https://host.example/doc#one"),
        ("https://[::1]:443/a", "https://[::1]/a"),
        ("https://[bad", "https://[bad"),
        ("https://host.example:port/", "https://host.example:port/"),
        ("urn:uuid:ABC", "urn:uuid:ABC"),
        (" ftp://Host/ ", "ftp://Host/"),
    ],
)
def test_ids_are_compared_after_normalisation(written: str, normal: str) -> None:
    assert normal_id(written) == normal


def test_a_badge_without_an_id_is_known_by_issuer_name_and_criteria() -> None:
    first = badge("x", id="1", achievement_id=None, name="Water", criteria="do it")
    assert key_of(first) == key_of(badge("x", id="2", achievement_id=None, name="WATER", criteria="do it"))
    for change in ({"name": "Air"}, {"criteria": "do more"}, {"issuer_id": "https://other.example/"}):
        assert key_of(first) != key_of(
            badge("x", **{"achievement_id": None, "name": "Water", "criteria": "do it", **change})
        )
