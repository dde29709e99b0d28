"""The vocabularies of the published Open Badges extensions, each used inside the object of its own extension.

Written down as data of our own, as in `openbadges2`. Which members an extension needs is the affair of the checks.
"""

from __future__ import annotations

from typing import Final

from wallet.documents.contexts.openbadges2 import PREFIXES

_BASE: Final = {name: PREFIXES[name] for name in ("obi", "extensions")}
_SCHEMA: Final = {"schema": PREFIXES["schema"]}
_CC: Final = "licenses/{}/4.0/"


def _same(prefix: str, names: str) -> dict[str, str]:
    """Terms that are called in the vocabulary as they are here."""
    return {name: f"{prefix}:{name}" for name in names.split()}


def _prefixed(prefix: str, start: str, names: str) -> dict[str, str]:
    """Terms whose name in the vocabulary is `start` followed by their own, its first letter raised."""
    return {name: f"{prefix}:{start}{name[0].upper()}{name[1:]}" for name in names.split()}


_ASSESSMENT: Final = {
    "case": "https://purl.imsglobal.org/spec/case/vocab#",
    **{
        name: f"extensions:AssessmentExtension{name}"
        for name in ("Artifact", "Exam", "ExternalQuestion", "FileQuestion", "Performance", "TextQuestion")
    },
    **_same("extensions", "assessmentEvaluation assessmentExample assessmentOutput assessments"),
    **_prefixed(
        "extensions",
        "assessment",
        "characterLimit evaluationMethod hasGroupEvaluation hasGroupParticipation questions required sections "
        "scoringMethodExampleDescription wordLimit",
    ),
    **_same("case", "category description identifier lastChangeDateTime position quality rubricId rubrics score title"),
    **_same("case", "weight"),
    "caseUri": "case:uri",
    "criterionLevels": "case:CFRubricCriterionLevels",
    "rubricCriteria": "case:CFRubricCriteria",
    "text": "schema:text",
}

_ACCREDITATION: Final = {
    **_prefixed("extensions", "accreditation", "contactInstructions educationalSector"),
    "accreditationDate": "extensions:accreditationDate",
    **_same(
        "schema",
        "name email url address streetAddress addressLocality addressRegion postalCode addressCountry description logo "
        "parentOrganization areaServed",
    ),
}

_LICENSE: Final = {
    "cc": "http://creativecommons.org/ns#",
    "legalCode": "cc:legalcode",
    "License": "cc:License",
    "CC-0": "https://creativecommons.org/publicdomain/zero/1.0/",
    # The published file writes https for the last of these only.
    **{
        f"CC-{name}": "http://creativecommons.org/" + _CC.format(name.lower())
        for name in ("BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND")
    },
    "CC-BY-NC-ND": "https://creativecommons.org/" + _CC.format("by-nc-nd"),
}

_BY_NAME: Final[dict[str, dict[str, str]]] = {
    "accessibilityExtension": {
        # "##" is how the published context spells it.
        "url": "extensions:#accessibility",
        **{
            name: f"https://schema.org/{name}"
            for name in ("accessibilityAPI", "accessibilityControl", "accessibilityFeature", "accessibilityHazard")
        },
    },
    "applyLinkExtension": {"url": "extensions:applyLink"},
    "assessmentExtension": {**_SCHEMA, **_ASSESSMENT},
    "endorsement": {
        "obi": PREFIXES["obi"],
        "endorsement": "https://w3id.org/openbadges/extensions#Endorsement",
        "endorsedObject": "endorsement:/endorsedObject",
    },
    "exampleExtension": {"exampleProperty": "http://schema.org/text"},
    "extraDescription": {},
    "geoCoordinatesExtension": {**_SCHEMA, **_same("schema", "geo name description latitude longitude")},
    "issuerAccreditationExtension": {**_SCHEMA, **_ACCREDITATION},
    "licenseExtension": _LICENSE,
    "originalCreatorExtension": {"url": "extensions:#originalCreator"},
    "recipientProfile": {},
}


def _addresses(name: str) -> tuple[str, ...]:
    hosts = ("https://w3id.org/openbadges", "https://openbadgespec.org")
    return tuple(f"{host}/extensions/{name}/context.json" for host in hosts)


#: Address of a published extension context -> its terms.
EXTENSION_CONTEXTS: Final[dict[str, dict[str, str]]] = {
    address: {**({} if name == "endorsement" else _BASE), **terms}
    for name, terms in _BY_NAME.items()
    for address in (
        *_addresses(name),
        *(
            (f"https://purl.imsglobal.org/spec/ob/{name}/v1p0/context.json",)
            if name in ("assessmentExtension", "issuerAccreditationExtension")
            else ()
        ),
    )
}
