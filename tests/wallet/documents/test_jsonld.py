"""Both ways of reading JSON-LD, and that they agree."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.documents import jsonld
from wallet.documents.contexts.openbadges2 import CLASSES, OB2_ALIASES, PROPERTIES, iri
from wallet.documents.jsonld import OB2_CONTEXT, JsonLdProblem, normalise
from wallet.limits import LIMITS

# An inline context that defines something nobody uses: it changes no meaning, and sends a document down the full path.
HARMLESS = {"unused": "https://vocabulary.example/unused"}

ASSERTION = {
    "@context": OB2_CONTEXT,
    "id": "https://college.example/a/1",
    "type": "Assertion",
    "recipient": {"type": "email", "hashed": True, "salt": "s", "identity": "sha256$00"},
    "badge": {
        "id": "https://college.example/b/1",
        "type": ["BadgeClass"],
        "name": "Welding",
        "image": "data:image/png;base64,AAAA",
        "criteria": {"narrative": "Weld *well*."},
        "issuer": "https://college.example/i",
        "tags": ["metal", "fire"],
    },
    "verification": {"type": "hosted"},
    "issuedOn": "2026-01-31T12:00:00Z",
    "expires": None,
}


def fully(document):
    """The same document with one more context, so that pyld must read it."""
    other = copy.deepcopy(document)
    first = other["@context"]
    other["@context"] = [*(first if isinstance(first, list) else [first]), HARMLESS]
    return other


def refused(document, **limits):
    with pytest.raises(JsonLdProblem) as caught:
        normalise(document, replace(LIMITS, **limits))
    return caught.value


IRIS = st.sampled_from(
    [
        "https://college.example/a/1",
        "http://schema.org/name",
        "https://w3id.org/openbadges#badge",
        "urn:uuid:9b3d2f0c-1111-4222-8333-444455556666",
        "mailto:ada@college.example",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/svg+xml,<svg/>",
        "obi:badge",
        "schema:name",
        "schema://host/x",
        "did:key:z6Mk",
        "_:b0",
        "relative/path",
        "../up",
        "#fragment",
        "//host/x",
        "",
        "https://college.example/with space",
        "https://college.example/a/../b/./c",
        "x-relative://relative.invalid/x",
        "x-relative:x",
        "//[x",
        "name:foo",
        "@id",
        "@foo",
        "Assertion",
    ]
)
TYPES = st.sampled_from(
    [
        *CLASSES,
        "email",
        "url",
        "telephone",
        "id",
        "name",
        "badge",
        "Hosted",
        "HostedVerification",
        "two words",
        "obi:Assertion",
        "schema:email",
        "http://schema.org/email",
        "http://schema.org/telephone",
        "https://w3id.org/openbadges#HostedBadge",
        "https://w3id.org/openbadges/extensions#ApplyLink",
        "extensions:ApplyLink",
        "_:b1",
        "@id",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=5) | IRIS


def _node(values):
    members = st.dictionaries(
        st.sampled_from([*PROPERTIES, "unheard", "Assertion", "schema", "validatesType"]), values, max_size=5
    )
    named = st.fixed_dictionaries(
        {},
        optional={
            "id": IRIS | st.none(),
            "type": TYPES | st.lists(TYPES, max_size=3),
            "@language": st.sampled_from(["en", "de-CH", 5]),
            "@context": st.just(OB2_CONTEXT),
        },
    )
    return st.tuples(members, named).map(lambda pair: pair[0] | pair[1])


VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | _node(inner), max_leaves=12)
DOCUMENTS = _node(VALUES).map(lambda node: node | {"@context": OB2_CONTEXT})


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_the_fast_path_gives_what_the_full_path_gives(document) -> None:
    limits = replace(LIMITS, contexts_per_document=1_000)
    try:
        quick = normalise(document, limits)
    except JsonLdProblem as problem:
        assert refused(fully(document), contexts_per_document=1_000).check == problem.check
        return
    full = normalise(fully(document), limits)
    assert not full.fast
    assert quick.node == full.node
    assert (quick.language, quick.version) == (full.language, full.version)
    assert set(quick.undefined) <= set(full.undefined)
    assert not quick.fast or quick.undefined == full.undefined


@settings(max_examples=50, deadline=None)
@given(DOCUMENTS)
def test_a_normal_node_is_normal_again(document) -> None:
    try:
        node = normalise(document).node
    except JsonLdProblem:
        return
    assert "null" not in json.dumps(node)
    assert normalise({**node, "@context": OB2_CONTEXT}).node == node


def test_a_plain_document_is_read_without_pyld() -> None:
    script = (
        "import sys, json; from wallet.documents.openbadges2 import claims; from wallet.found import Kind;"
        "assert claims(sys.stdin.buffer.read(), Kind.OB2_JSON).name == 'Welding';"
        "assert not {'pyld', 'cryptography', 'joserfc', 'httpx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], input=json.dumps(ASSERTION).encode(), check=True)


def test_a_plain_document_keeps_its_words() -> None:
    normal = normalise(ASSERTION)
    assert normal.fast and not normal.undefined and not normal.unknown_contexts
    assert "expires" not in normal.node and "@context" not in normal.node
    assert normal.node["badge"]["type"] == "BadgeClass"
    assert normal.node["verification"] == {"type": "HostedBadge"}
    assert normalise(fully(ASSERTION)).node == normal.node


@pytest.mark.parametrize("alias", sorted(OB2_ALIASES))
def test_every_address_of_the_context_will_do(alias) -> None:
    for context in (alias, [alias]):
        assert normalise({**ASSERTION, "@context": context}).node == normalise(ASSERTION).node
        assert normalise(fully({**ASSERTION, "@context": context})).node == normalise(ASSERTION).node


@pytest.mark.parametrize(
    "spelling",
    [
        {"obi:issueDate": {"@value": "2026-01-31T12:00:00Z", "@type": "xsd:dateTime"}},
        {"https://w3id.org/openbadges#issueDate": {"@value": "2026-01-31T12:00:00Z", "@type": "xsd:dateTime"}},
        {
            "@context": [OB2_CONTEXT, {"on": {"@id": "obi:issueDate", "@type": "xsd:dateTime"}}],
            "on": "2026-01-31T12:00:00Z",
        },
    ],
)
def test_other_spellings_come_out_the_same(spelling) -> None:
    document = {key: value for key, value in ASSERTION.items() if key != "issuedOn"} | spelling
    normal = normalise(document)
    assert not normal.fast and normal.node == normalise(ASSERTION).node and not normal.undefined


def test_keyword_spellings_come_out_the_same() -> None:
    document = {"@id": ASSERTION["id"], "@type": "obi:Assertion"}
    document |= {key: value for key, value in ASSERTION.items() if key not in ("id", "type")}
    assert normalise(document).node == normalise(ASSERTION).node


def test_verify_is_another_name_for_verification() -> None:
    document = {key: value for key, value in ASSERTION.items() if key != "verification"}
    document["verify"] = {"type": "hosted", "url": "https://college.example/a/1"}
    for spelt in (document, fully(document)):
        assert normalise(spelt).node["verification"] == {"type": "HostedBadge", "url": "https://college.example/a/1"}


def test_a_property_given_plainly_and_by_another_name_has_two_values() -> None:
    normal = normalise({**ASSERTION, "verify": {"type": "signed"}})
    assert [value["type"] for value in normal.node["verification"]] == ["HostedBadge", "SignedBadge"]
    assert len(normalise({**ASSERTION, "obi:badge": {"@id": "https://evil.example/b"}}).node["badge"]) == 2


def test_texts_in_several_languages_are_kept() -> None:
    names = [{"@value": "Welding", "@language": "en"}, {"@value": "Schweissen", "@language": "de-CH"}]
    normal = normalise({**ASSERTION, "narrative": names, "@language": "en"})
    assert normal.language == "en"
    assert [(name["@language"], name["@value"]) for name in normal.node["narrative"]] == [
        ("en", "Welding"),
        ("de-ch", "Schweissen"),
    ]


def test_a_default_language_is_told_and_makes_no_objects_of_texts() -> None:
    context = [OB2_CONTEXT, {"@language": "en"}, {"@language": "fr", "@direction": "ltr"}]
    normal = normalise({**ASSERTION, "@context": context})
    assert normal.language == "fr" and normal.node == normalise(ASSERTION).node
    assert normalise({**ASSERTION, "@context": context, "@language": "de"}).language == "de"


def test_a_word_of_ours_that_names_no_kind_of_thing_is_left_to_pyld() -> None:
    for word in ("obi", "badge", "validation"):
        assert not normalise({**ASSERTION, "type": ["Assertion", word]}).fast


def test_the_standard_name_of_a_framework_wins() -> None:
    alignment = {"targetFramework": "ISO", "http://schema.org/targetFramework": "other"}
    assert normalise({**ASSERTION, "alignment": alignment}).node["alignment"]["targetFramework"] == "ISO"


def test_what_looks_like_a_keyword_is_no_id() -> None:
    document = {**ASSERTION, "id": "@foo", "evidence": ["@foo", "https://college.example/w"], "image": "@foo"}
    node = normalise(document).node
    assert "id" not in node and "image" not in node and node["evidence"] == "https://college.example/w"


def test_members_without_a_definition_are_left_out_and_listed() -> None:
    badge = {**ASSERTION["badge"], "level": 3, "nested": {"@x": 1, "deep": [1]}}
    document = {**ASSERTION, "badge": badge, "score": [1, {"a": 1}]}
    normal = normalise(document)
    assert {"badge.level", "badge.nested", "score"} <= set(normal.undefined)
    assert normal.node == normalise(ASSERTION).node
    plain = normalise({**ASSERTION, "score": [1, {"a": [{"b": 1}]}], "badge": {**ASSERTION["badge"], "level": 3}})
    assert plain.fast and plain.undefined == ("badge.level", "score")


def test_defined_members_of_other_vocabularies_are_left_out_without_a_word() -> None:
    normal = normalise({**fully(ASSERTION), "unused": 1, "https://vocabulary.example/x": 2})
    assert normal.node == normalise(ASSERTION).node and not normal.undefined


def test_an_unknown_context_is_left_out_and_named() -> None:
    document = {**ASSERTION, "@context": [OB2_CONTEXT, "https://vocabulary.example/v1"], "level": 3}
    normal = normalise(document)
    assert normal.unknown_contexts == ("https://vocabulary.example/v1",)
    assert normal.undefined == ("level",)
    assert normal.node == normalise(ASSERTION).node


def test_an_extension_is_read_with_its_own_context() -> None:
    extension = {
        "@context": "https://w3id.org/openbadges/extensions/applyLinkExtension/context.json",
        "type": ["Extension", "extensions:ApplyLink"],
        "url": "https://college.example/apply",
        "more": {"name": "x"},
    }
    normal = normalise({**ASSERTION, "extensions:applyLink": extension})
    read = normal.node["extensions:applyLink"]
    assert read["type"] == ["Extension", "extensions:ApplyLink"]
    assert read["extensions:applyLink"] == "https://college.example/apply"
    assert normal.undefined == ("extensions:applyLink.more",)


def test_an_extension_of_no_bundled_kind_is_kept_by_its_full_name() -> None:
    extension = {
        "@context": {"rank": "https://vocabulary.example/rank"},
        "type": ["Extension", "https://vocabulary.example/Rank"],
        "rank": {"name": "gold"},
    }
    read = normalise({**ASSERTION, "extensions:rank": extension}).node["extensions:rank"]
    assert read["https://vocabulary.example/rank"] == {"name": "gold"}


def test_both_published_names_of_a_framework_are_read() -> None:
    alignment = {"targetName": "Metal", "http://schema.org/targetFramework": "ISO"}
    assert normalise({**ASSERTION, "alignment": alignment}).node["alignment"]["targetFramework"] == "ISO"


def test_a_list_of_revoked_badges_keeps_its_entries() -> None:
    listed = {"@context": OB2_CONTEXT, "id": "https://college.example/r", "type": "RevocationList"}
    entries = [
        "https://college.example/a/1",
        {"id": "https://college.example/a/2"},
        {"uid": "7", "revocationReason": "x"},
    ]
    for spelt in ({**listed, "revokedAssertions": entries}, fully({**listed, "revokedAssertions": entries})):
        assert normalise(spelt).node["revokedAssertions"] == entries


@pytest.mark.parametrize(
    "address", ["x-relative://relative.invalid/x", "relative", "", "../x", "a b", "//college.example/a/1", "///x", "?q"]
)
def test_a_relative_id_stays_relative(address) -> None:
    read = normalise({**ASSERTION, "id": address}).node["id"]
    assert not read.startswith(("https:", "x-relative:"))


@pytest.mark.parametrize("value", [5, True, [], ["https://a.example"], {"x": 1}])
def test_an_id_that_is_no_text_fails(value) -> None:
    problem = refused({**ASSERTION, "id": value})
    assert problem.check == "structure.*.id" and problem.failed


@pytest.mark.parametrize("value", [5, [5], {"x": 1}])
def test_a_type_that_is_no_text_fails(value) -> None:
    problem = refused({**ASSERTION, "type": value})
    assert problem.check == "structure.*.type" and problem.failed


@pytest.mark.parametrize("name", ["id", "type", "@id", "@type"])
def test_an_id_or_a_type_of_nothing_is_none(name) -> None:
    for spelt in (ASSERTION, fully(ASSERTION)):
        work = {name: None, "narrative": "A report."}
        assert normalise({**spelt, "evidence": work}).node["evidence"] == {"narrative": "A report."}


#: Of each of these the vocabulary says that it has a value of another type, or that it is the name of something.
_MISTYPED = {
    "expires": [{"@value": "2020-01-01T00:00:00Z"}, {"id": "urn:x:1"}, {"@value": "x", "@language": "en"}],
    "revocationList": [{"@value": "https://college.example/withdrawn"}, 5],
    "hashed": [{"@value": True}],
    "image": [{"@value": "https://college.example/p.png"}, 5],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in _MISTYPED for value in _MISTYPED[name]])
def test_a_value_of_another_type_than_its_word_has_is_never_lost(name, value) -> None:
    """Otherwise an expiry that only others can read would make a badge that is valid here for ever."""
    bare = {key: member for key, member in ASSERTION.items() if key != name}
    expected = value["@value"] if isinstance(value, dict) and value.keys() == {"@value"} else value
    expected = expected["id"] if name == "image" and isinstance(expected, dict) else expected
    full_name = iri(PROPERTIES[name][0])
    for spelt in (name, PROPERTIES[name][0], full_name):
        assert normalise({**bare, spelt: value}).node[name] == expected
    plain = "https://college.example/x"
    assert len(normalise({**bare, name: plain, full_name: value}).node[name]) == 2


def test_a_property_spelt_with_its_prefix_needs_no_type_of_its_own() -> None:
    renamed = {"issuedOn": "obi:issueDate", "badge": "obi:badge", "verification": "https://w3id.org/openbadges#verify"}
    document = {renamed.get(name, name): value for name, value in ASSERTION.items()}
    document["obi:badge"] = {**ASSERTION["badge"], "image": None, "schema:image": ASSERTION["badge"]["image"]}
    assert normalise(document).node == normalise(ASSERTION).node


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"error": "not found"},
        {"id": "https://college.example/a/1"},
        {**ASSERTION, "@context": "https://vocabulary.example/v1"},
        {**ASSERTION, "@context": "https://purl.imsglobal.org/spec/ob/v3p0/context.json"},
        {**ASSERTION, "@context": {"badge": "obi:badge"}},
        {**ASSERTION, "@context": []},
        {**ASSERTION, "@context": 7},
        {"badge": "https://college.example/b"},
    ],
)
def test_a_document_without_the_vocabulary_is_undetermined(document) -> None:
    problem = refused(document)
    assert problem.check == "jsonld.context" and not problem.failed


def test_older_versions_are_recognised() -> None:
    by_context = {"@context": "https://w3id.org/openbadges/v1", "id": "https://college.example/a", "uid": None}
    assert normalise(by_context).version == "1.1"
    first = {
        "uid": "7",
        "recipient": {"type": "email"},
        "badge": "https://college.example/b",
        "verify": {"type": "hosted"},
    }
    assert normalise(first).version == "1.0"
    beta = {"recipient": "sha256$00", "badge": {"name": "Welding", "tags": [["a"], {"b": None}], "x": []}}
    normal = normalise(beta)
    assert normal.version == "0.5" and normal.fast
    assert normal.node["badge"] == {"name": "Welding", "tags": [["a"], {}], "x": []}


def test_what_only_names_something_says_nothing() -> None:
    document = {"@context": OB2_CONTEXT, "id": "https://college.example/a/1"}
    assert normalise(document).node == {} == normalise(fully(document)).node


def test_what_pyld_refuses_is_undetermined_with_its_reason() -> None:
    problem = refused({**ASSERTION, "narrative": {"@value": "x", "@type": "xsd:string", "@language": "en"}})
    assert problem.check == "jsonld.context" and not problem.failed and "invalid value object" in problem.message
    for value in ({"@value": {"a": 1}}, {"@list": [{"@list": 5}], "id": "x"}, {"@set": 1, "@list": 1}):
        assert refused({**ASSERTION, "narrative": value}).check == "jsonld.context"


def test_what_trips_pyld_is_undetermined() -> None:
    odd = {**ASSERTION, "@context": [OB2_CONTEXT, {"x": {"@id": 0}}], "a:b": {"a:b": 0}}
    problem = refused(odd)
    assert problem.check == "jsonld.context" and isinstance(problem.__cause__, TypeError)


def test_a_name_that_looks_like_a_keyword_is_passed_over_in_silence() -> None:
    inline = {"@foo": "https://vocabulary.example/foo", "foo": "@bar", "bar": {"@id": "@foo"}}
    document = {**ASSERTION, "@context": [OB2_CONTEXT, inline], "foo": 1, "bar": 2}
    assert normalise(document).node == normalise(ASSERTION).node


def test_a_document_of_several_graphs_is_not_read() -> None:
    both = [{**ASSERTION, "@context": []}, {**ASSERTION, "@context": []}]
    assert refused({"@context": OB2_CONTEXT, "@set": both}).check == "jsonld.context"


def test_depth_beyond_the_stack_is_undetermined() -> None:
    deep: dict[str, object] = {}
    for _ in range(5_000):
        deep = {"badge": deep}
    for document in ({**deep, "@context": OB2_CONTEXT}, {"@context": [OB2_CONTEXT, HARMLESS], **deep}):
        assert refused(document).cause == "too-deep"


def test_only_bundled_contexts_are_answered() -> None:
    for address in ("https://w3id.org/openbadges/v1", "file:///etc/passwd", "https://evil.example/c", ""):
        with pytest.raises(LookupError):
            jsonld._load_bundled(address, {})
    assert jsonld._load_bundled(OB2_CONTEXT, {})["tag"] == "static"


def test_nothing_that_could_fetch_is_loaded_to_read_a_document() -> None:
    code = """
import sys
from wallet.documents import jsonld
jsonld.normalise({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "obi:x": {"id": "urn:x"}})
assert "pyld.jsonld" in sys.modules
print(sorted({"requests", "aiohttp", "urllib3"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_fetches_is_hidden_from_pyld_while_it_is_loaded_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*sys.modules]:
        if name.split(".")[0] in ("pyld", "requests", "aiohttp"):
            monkeypatch.delitem(sys.modules, name)
    loaded = jsonld._pyld()
    assert loaded.expand({}) == []
    assert not {"requests", "aiohttp"} & set(sys.modules)
