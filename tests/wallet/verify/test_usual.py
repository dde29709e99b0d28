"""The short way through an object says nothing that the long way would not say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate import badges
from wallet.documents.jsonld import OB2_CONTEXT, normalise
from wallet.model import Json, JsonObject
from wallet.verify import tables, walk
from wallet.verify.tables import DataClass

NAMES = sorted(
    {prop.name for one in tables.CLASSES.values() for prop in one.properties} | {"verify", "other", "@value"}
)
VALUES: list[Json] = [
    None,
    "",
    "x",
    "id",
    "Assertion",
    "email",
    "ada@students.example",
    f"sha256${'0' * 64}",
    "https://badges.rowan-college.example/1",
    "2026-01-31T12:00:00Z",
    "20260131T120000Z",
    True,
    False,
    3,
    [],
    {},
    {"id": "https://badges.rowan-college.example/1"},
    {"@value": "x", "@language": "en"},
]
MEMBERS: st.SearchStrategy[JsonObject] = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=6),
    lambda inner: st.dictionaries(
        st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), inner, st.lists(inner, max_size=2)), max_size=6
    ),
    max_leaves=4,
)


def both_ways_agree(node: JsonObject, data_class: DataClass) -> bool:
    """Compare them, and say whether the short way had something to say."""
    long: tuple[set[str], list[object]] = (set(), [])
    walk.walk(node, data_class, *long)
    short: set[str] = set()
    if not walk.is_usual(node, data_class, short):
        return False
    assert (short, []) == long
    return True


@settings(max_examples=300, deadline=None)
@given(MEMBERS, st.sampled_from(sorted(tables.CLASSES)), st.sampled_from(["", "assertion", "class", "issuer"]))
def test_whatever_stands_in_an_object_both_ways_agree(members: JsonObject, name: str, base: str) -> None:
    good = {"": {}, "assertion": badges.assertion(), "class": badges.badge_class(), "issuer": badges.issuer()}
    node = normalise({"@context": OB2_CONTEXT, **good[base]}).node
    both_ways_agree({**node, **members}, tables.CLASSES[name])


def test_an_ordinary_award_takes_the_short_way() -> None:
    assert both_ways_agree(normalise(badges.signed_assertion()).node, tables.ASSERTION)
