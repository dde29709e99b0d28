"""Attacks on documents (security.md T15 to T20): refused by name, without a fetch, without a crash, without a long wait."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tracemalloc

import pytest

from tests.conformance.world import NOW, World
from tests.generate import badges
from wallet.documents import jsonld
from wallet.documents.jsonld import OB2_CONTEXT, JsonLdProblem, normalise
from wallet.documents.openbadges2 import claims
from wallet.documents.strict_json import JsonProblem, parse
from wallet.fetch.base import Fetched, Want
from wallet.found import Kind
from wallet.verify.dossier import Subject
from wallet.verify.service import verify_all

EXTENSIONS = "https://w3id.org/openbadges/extensions"
PLAIN = {
    "id": "https://college.example/a/1",
    "type": "Assertion",
    "badge": "https://college.example/b/1",
    "expires": "2026-01-31T12:00:00Z",
}


def refused(document) -> JsonLdProblem:
    with pytest.raises(JsonLdProblem) as caught:
        normalise(document)
    assert claims(json.dumps(document).encode(), Kind.OB2_JSON) is None
    return caught.value


@pytest.mark.parametrize(
    "inline",
    [
        {"expires": None},
        {"expires": "https://vocabulary.example/ends"},
        {"expires": "sec:expiration"},
        {"expires": {"@id": "sec:expiration", "@type": "xsd:string"}},
        {"expires": {"@id": "sec:expiration", "@type": "xsd:dateTime", "@container": "@list"}},
        {"expires": {"@id": 5}},
        {"expires": {"@id": "sec:expiration", "@type": 5}},
        {"expires": 5},
        {"badge": {"@id": "obi:evidence", "@type": "@id"}},
        {"id": "https://vocabulary.example/id"},
        {"id": None},
        {"type": "obi:badge"},
        {"obi": "https://evil.example/#"},
        {"obi": {"@id": "https://w3id.org/openbadges#"}},
        {"schema": None},
        {"https": "https://evil.example/"},
        {"urn": "https://evil.example/"},
        {"data": "https://evil.example/"},
        {"obi:badge": None},
        {"https://w3id.org/security#expiration": None},
        {"Assertion": "obi:BadgeClass"},
        {"harmless": {"@id": "https://vocabulary.example/h", "@context": {"expires": None}}},
        {"Assertion2": {"@id": "obi:Assertion", "@context": [{"badge": None}]}},
        None,
        5,
        [{"x": "https://vocabulary.example/x"}],
    ],
)
def test_t15_a_context_that_changes_a_word_of_ours_is_refused(inline) -> None:
    problem = refused({"@context": [OB2_CONTEXT, inline], **PLAIN})
    assert (problem.check, problem.failed) == ("jsonld.split", True)


def test_t15_a_context_on_an_inner_object_is_no_way_round() -> None:
    for context in ({"name": None}, None, [OB2_CONTEXT, {"name": "https://vocabulary.example/n"}]):
        badge = {"@context": context, "id": "https://college.example/b/1", "name": "Welding"}
        assert refused({"@context": OB2_CONTEXT, **PLAIN, "badge": badge}).check == "jsonld.split"
        hidden = {"unheard": {"badge": {"@context": context}}}
        assert refused({"@context": OB2_CONTEXT, **PLAIN, **hidden}).check == "jsonld.split"


@pytest.mark.parametrize(
    "name", ["applyLinkExtension", "accessibilityExtension", "endorsement", "issuerAccreditationExtension"]
)
def test_t15_an_extension_may_not_speak_for_the_whole_badge(name) -> None:
    context = [OB2_CONTEXT, f"{EXTENSIONS}/{name}/context.json"]
    assert refused({"@context": context, **PLAIN}).check == "jsonld.split"


def test_t15_an_extension_that_says_the_same_may_stand_at_the_top() -> None:
    context = [OB2_CONTEXT, f"{EXTENSIONS}/geoCoordinatesExtension/context.json"]
    assert normalise({"@context": context, **PLAIN}).node == PLAIN


@pytest.mark.parametrize(
    "inline",
    [
        {"expires": {"@id": "sec:expiration", "@type": "xsd:dateTime"}},
        {"obi": "https://w3id.org/openbadges#", "id": "@id", "type": "@type"},
        {"ends": {"@id": "sec:expiration", "@type": "xsd:dateTime"}},
        {"@version": 1.1, "x": {"@id": "https://vocabulary.example/x", "@container": ["@set"]}},
    ],
)
def test_t15_a_context_that_changes_nothing_is_no_attack(inline) -> None:
    assert normalise({"@context": [OB2_CONTEXT, inline], **PLAIN}).node == PLAIN


@pytest.mark.parametrize(
    "keyword", ["@graph", "@included", "@nest", "@reverse", "@import", "@base", "@vocab", "@propagate"]
)
def test_t15_keywords_that_move_members_are_not_read(keyword) -> None:
    inline = "https://vocabulary.example/"
    for document in (
        {"@context": OB2_CONTEXT, **PLAIN, keyword: []},
        {"@context": OB2_CONTEXT, **PLAIN, "badge": {keyword: {}}},
        {"@context": [OB2_CONTEXT, {keyword: inline}], **PLAIN},
        {"@context": [OB2_CONTEXT, {"other": keyword}], **PLAIN},
        {"@context": [OB2_CONTEXT, {"other": {"@id": keyword}}], **PLAIN},
        {"@context": [OB2_CONTEXT, {"other": {"@id": inline, "@container": ["@set", keyword]}}], **PLAIN},
        {"@context": [OB2_CONTEXT, {"other": {keyword: inline}}], **PLAIN},
    ):
        problem = refused(document)
        assert (problem.check, problem.failed) == ("jsonld.keywords", False)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/context.json",
        "http://127.0.0.1:9/context.json",
        "file:///etc/passwd",
        "/etc/passwd",
        "",
        "https://w3id.org/openbadges/v2#",
        "https://w3id.org/openbadges/v1",
        "x-relative://relative.invalid/compact-context",
    ],
)
def test_t16_a_context_that_is_not_bundled_is_never_asked_for(address, monkeypatch) -> None:
    asked = []
    answer = jsonld._load_bundled

    def spy(url, options):
        asked.append(url)
        return answer(url, options)

    monkeypatch.setattr(jsonld, "_load_bundled", spy)
    normal = normalise({"@context": [OB2_CONTEXT, address], **PLAIN, "evil": 1})
    assert normal.unknown_contexts == (address,) and normal.node == PLAIN
    assert address not in asked or address.startswith("x-relative:")


def test_t16_whoever_runs_pyld_after_us_has_no_network_either() -> None:
    from pyld import jsonld as pyld

    normalise({"@context": [OB2_CONTEXT, {"x": "https://vocabulary.example/x"}], **PLAIN})
    with pytest.raises(pyld.JsonLdError):
        pyld.expand({"@context": "http://127.0.0.1:9/context.json", "@id": "https://college.example/a"})


def test_t16_an_attackers_context_is_not_remembered_for_the_next_document() -> None:
    for name in ("https://evil.example/a", "https://evil.example/b"):
        document = {"@context": [OB2_CONTEXT, {"x": name}], **PLAIN, "extensions:x": {"x": "y"}}
        assert normalise(document).node["extensions:x"] == {name: "y"}


def test_t17_a_poison_graph_is_read_without_being_made_canonical() -> None:
    """Twelve nodes that all know each other would keep a canonicaliser busy for hours; here it is a document like others."""
    names = [f"_:n{n}" for n in range(12)]
    nodes = [{"id": name, "related": [other for other in names if other != name]} for name in names]
    node = normalise({"@context": OB2_CONTEXT, **PLAIN, "related": nodes}).node
    assert len(node["related"]) == 12


def test_t18_many_contexts_are_not_read() -> None:
    many = [{f"t{n}": f"https://vocabulary.example/{n}"} for n in range(2_000)]
    for document in (
        {"@context": [OB2_CONTEXT, *many], **PLAIN},
        {"@context": OB2_CONTEXT, **PLAIN, "evidence": [{"@context": one} for one in many]},
        {"@context": OB2_CONTEXT, **PLAIN, "evidence": [{"@context": f"https://evil.example/{n}"} for n in range(20)]},
    ):
        problem = refused(document)
        assert (problem.cause, problem.failed) == ("too-many-contexts", False)


def test_t18_a_deep_document_is_refused_before_it_is_built() -> None:
    text = '{"badge":' * 3_000 + "1" + "}" * 3_000
    with pytest.raises(JsonProblem) as caught:
        parse(text.encode())
    assert caught.value.limit
    assert claims(text.encode(), Kind.OB2_JSON) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"@context":"https://w3id.org/openbadges/v2","expires":"2020-01-01T00:00:00Z","expires":"2099-01-01T00:00:00Z"}',
        '{"badge":{"id":"https://college.example/b","id":"https://evil.example/b"}}',
        '{"a":NaN}',
        '{"a":1e999}',
        '{"a":' + "1" * 4_301 + "}",
        '{"a":"\\ud800"}',
    ],
)
def test_t19_t20_json_with_two_meanings_is_refused(text) -> None:
    with pytest.raises(JsonProblem) as caught:
        parse(text.encode())
    assert not caught.value.limit
    assert claims(text.encode(), Kind.OB2_JSON) is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-7"])
def test_t20_other_encodings_are_not_guessed(encoding) -> None:
    with pytest.raises(JsonProblem):
        parse('{"name":"é +"}'.encode(encoding) + (b"\xff" if encoding == "utf-7" else b""))


def test_a_hostile_document_costs_little_memory() -> None:
    """Two megabytes of brackets would be a hundred as Python objects; they are counted first."""
    script = (
        "import resource, sys; from wallet.documents.strict_json import parse, JsonProblem\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for unit in (b'[],', b'{},', b'1,', b'[[],{}],'):\n"
        "    try: parse(b'[' + unit * (2_000_000 // len(unit)) + b'1]')\n"
        "    except JsonProblem as problem: assert problem.limit\n"
        "    else: raise SystemExit('accepted')\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "assert grown < 60_000, grown\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("member", ["id", "badge", "creator"])
def test_badges_with_endless_addresses_leave_nothing_in_memory(member: str) -> None:
    def awards() -> list[tuple[str, Subject]]:
        long = [f"https://college.example/{number}/{'x' * 1_000_000}" for number in range(12)]
        made = [badges.signed_assertion(**({member: name} if member in ("id", "badge") else {})) for name in long]
        for award, name in zip(made, long, strict=True):
            award["verification"] = {"type": "SignedBadge", **({"creator": name} if member == "creator" else {})}
        return [(str(n), Subject(badges.encode(award), Kind.OB2_JSON)) for n, award in enumerate(made)]

    class Endless(World):
        def fetch(self, url: str, want: Want = Want.JSON) -> Fetched:
            return super().fetch(url[:100], want)

    world = Endless()
    list(verify_all(awards()[:1], fetcher=world, now=NOW, workers=1))
    tracemalloc.start()
    try:
        for _ in verify_all(awards(), fetcher=world, now=NOW, workers=1):
            pass
        world.asked.clear()
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < 5_000_000
