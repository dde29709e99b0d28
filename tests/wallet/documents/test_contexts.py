"""Our term tables say what the published contexts say. Compared only where copies of those are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyld import jsonld as pyld

from wallet.documents.contexts import extensions, openbadges2
from wallet.documents.contexts.legacy import LEGACY_CONTEXTS

REFERENCE = Path(__file__).parents[4] / "shared" / "contexts"
INDEX = json.loads((REFERENCE / "index.json").read_text()) if (REFERENCE / "index.json").is_file() else []
CONTEXTS = {entry["url"]: entry for entry in INDEX if entry["kind"] == "context"}

needs_reference = pytest.mark.skipif(not CONTEXTS, reason="no copies of the published contexts here")


def published(url):
    return json.loads((REFERENCE / CONTEXTS[url]["file"]).read_text())["@context"]


def rdf(document, context):
    """The quads of `document` under `context`, in a stable order."""

    def refuse(url, options):
        raise LookupError(url)

    quads = pyld.to_rdf(
        {**document, "@context": context},
        {"format": "application/n-quads", "documentLoader": refuse, "base": "https://x.example/"},
    )
    return sorted(quads.splitlines())


def example(terms):
    """A document that uses every term, as member and as type."""
    values = ["text", "https://college.example/x", True, 5, {"id": "https://college.example/y", "name": "n"}]
    members = {
        term: [f"{term}-1", *values] for term in terms if term not in ("id", "type") and not term.startswith("@")
    }
    return {"@id": "https://college.example/a", "@type": list(members), **members}


@needs_reference
def test_the_context_of_open_badges_2_says_what_ours_says() -> None:
    theirs = published(openbadges2.OB2_CONTEXT)
    assert theirs.keys() == openbadges2.context().keys()
    assert rdf(example(theirs), openbadges2.context()) == rdf(example(theirs), theirs)
    assert len(rdf(example(theirs), theirs)) > 100


@needs_reference
def test_the_context_for_writing_means_the_same() -> None:
    terms = openbadges2.compact_context()
    assert rdf(example(terms), terms) == rdf(example(terms), openbadges2.context())


@needs_reference
@pytest.mark.parametrize("url", sorted(extensions.EXTENSION_CONTEXTS))
def test_the_context_of_each_extension_says_what_ours_says(url) -> None:
    ours, theirs = extensions.EXTENSION_CONTEXTS[url], published(url)
    assert theirs.keys() == ours.keys()
    assert rdf(example(theirs), ours) == rdf(example(theirs), theirs)


@needs_reference
def test_every_published_context_of_these_families_is_known() -> None:
    known = {*openbadges2.OB2_ALIASES, *extensions.EXTENSION_CONTEXTS, *LEGACY_CONTEXTS}
    families = {"OB2.0", "OB1.1", "OB1.0", "OB0.5", "OB2-ext"}
    assert {url for url, entry in CONTEXTS.items() if entry["family"] in families} == known - {
        "https://purl.imsglobal.org/spec/ob/assessmentExtension/v1p0/context.json",
        "https://purl.imsglobal.org/spec/ob/issuerAccreditationExtension/v1p0/context.json",
        # Where drafts of 1.1 had theirs; it is published there no more.
        "http://standard.openbadges.org/1.1/context.json",
        "https://standard.openbadges.org/1.1/context.json",
    }
    assert {entry["alias_of"] or url for url, entry in CONTEXTS.items() if url in openbadges2.OB2_ALIASES} == {
        openbadges2.OB2_CONTEXT
    }


def test_every_term_has_an_address() -> None:
    for name, _ in openbadges2.PROPERTIES.values():
        assert openbadges2.iri(name).startswith(("http://", "https://"))
    assert openbadges2.iri("https://college.example") == "https://college.example"
    assert openbadges2.iri("schema://x") == "schema://x"
