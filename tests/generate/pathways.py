"""Pathway files: one with every key there is, random ones, and foreign ones in the dialects that exist."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

HOST = "https://badges.college.example/"

FULL = b"""\
format = "badge-pathway/1"
id = "https://badges.college.example/pathways/water"
name = { en = "Water", fr = "Eau" }
description = "For all who work with water"
version = "2026.2"
status = "published"
supersedes = ["2026.1"]
language = "en-CA"
url = "https://college.example/water"
license = "CC-BY-4.0"
audience = "Technicians"
root = "program"
partners = ["Growers"]
award = [{ achievement = "https://badges.college.example/program" }]
shortcut = true
trusted_issuers = ["https://badges.college.example/issuer"]
x-colour = { name = "blue", shades = [1, 2.5] }

[publisher]
name = "College"
url = "https://college.example/"
email = "hello@college.example"
orientation_url = "https://college.example/start"
support_url = "https://college.example/help"

[[qualification]]
name = "Certificate"
relation = "component"
awarded_by = "College"
credit = { value = 1.5, unit = "credit" }
recognition = "on-application"
note = { en = "Ask first", fr = "Demander" }

[accept]
verification = ["verified"]
max_age = "P5Y"
earned_after = 2020-01-01

[credit_units.credit]
name = "College credit"
hours = 15

[group.program]
name = "Program"
of = ["stages", "practice", "extra"]
optional = ["extra"]
exclusive = true

[group.stages]
name = "Stages"
description = "In this order"
url = "https://college.example/stages"
of = ["chemistry", "safety"]
ordered = "strict"

[group.practice]
name = "Practice"
of = ["hours", "mentor"]
need = { count = 2, hours = 7.5, credits = 3, unit = "credit" }
requires = ["stages"]

[element.chemistry]
name = "Chemistry"
match = [
  { achievement = "https://badges.college.example/chemistry" },
  { issuer = "https://badges.college.example/issuer", name = "Water*" },
]
outcomes = ["Measure pH", { en = "Log", fr = "Noter" }]
competencies = [{ name = "measure", framework = "F", code = "1" }]
criteria_url = "https://badges.college.example/chemistry#criteria"
url = "https://college.example/chemistry"
facilitation = "supervised"
facilitator = "Somebody"
delivery = "online"
pace = "self-paced"
assessment = "Quiz"
hours = 7.5
credit = { value = 0.5, unit = "credit" }
cost = { value = 20, currency = "CAD" }
level = "1"
language = "fr"

[element.chemistry.accept]
min_remaining = "P1M"
expired = "accept-if-earned-valid"
earned_before = 2030-01-01

[[element.chemistry.offering]]
begins = 2027-03-01
ends = 2027-03-26
enrol_by = 2027-02-01
place = "Main"
url = "https://college.example/enrol"

[[element.chemistry.offering]]
begins = 2028-03-01

[element.safety]
name = "Safety"
match = [
  { achievement = "https://badges.college.example/safety" },
  { achievement = "https://badges.college.example/safety-2" },
]
requires = ["chemistry"]

[element.hours]
name = "Hours"
match = [{ any_issuer = true, tag = "field" }]
count = 3
repeatable = true
reuse = true

[element.mentor]
name = "Mentor"
match = [{ attested = "advisor" }]

[element.extra]
name = "Extra"
match = [{ achievement = "https://badges.college.example/extra" }]

[[equivalence]]
achievements = ["https://badges.college.example/safety", "https://badges.college.example/safety-2"]
note = "The same"
until = 2027-12-31
"""


def text() -> st.SearchStrategy[str]:
    """Any text that a file can hold: all scripts, controls and quotes, no half characters."""
    return st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(lambda one: one.strip())


def _named() -> st.SearchStrategy[object]:
    return st.one_of(text(), st.fixed_dictionaries({"en": text(), "fr": text()}))


@st.composite
def tables(draw: st.DrawFn, *, mapped: bool = False) -> dict[str, object]:
    """The tables of a valid pathway. `mapped`: only what CTDL has words for, so that no other word is needed."""
    language = draw(st.sampled_from([None, "en-CA"]))
    names = _named()
    elements: dict[str, dict[str, object]] = {}
    groups: dict[str, dict[str, object]] = {}
    for number in range(draw(st.integers(1, 5))):
        badges = draw(st.lists(st.integers(0, 30), min_size=1, max_size=3, unique=True))
        one: dict[str, object] = {
            "name": draw(names),
            "match": [{"achievement": f"{HOST}{badge}"} for badge in badges],
        }
        if draw(st.booleans()):
            one["description"] = draw(names)
        if draw(st.booleans()):
            value = draw(st.decimals(0, 100, places=2))
            one["credit"] = {"value": value, "unit": "ects"}
        if elements and draw(st.booleans()):
            one["requires"] = [draw(st.sampled_from(sorted(elements)))]
        if not mapped:
            one |= draw(_element_extras())
        elements[f"e-{number}"] = one
    below = list(elements)
    for number in range(draw(st.integers(1, 3))):
        of = draw(st.lists(st.sampled_from(below), min_size=1, max_size=4, unique=True))
        group: dict[str, object] = {"name": draw(names), "of": of}
        if draw(st.booleans()):
            group["url"] = f"{HOST}page"
        if len(of) > 1 and draw(st.booleans()):
            group["optional"] = of[: draw(st.integers(1, len(of) - 1))]
        counted = len(of) - len(group.get("optional", []))  # type: ignore[arg-type]
        kind = draw(st.sampled_from(["all", "some", "advice", "sum"]))
        if kind == "some":
            group["need"] = draw(st.integers(1, counted))
        elif kind == "advice":
            group["ordered"] = "advice"
        elif kind == "sum" and not mapped and not any(child in groups for child in of):
            group["need"] = {"hours": draw(st.decimals("0.25", 60, places=2))}
        if draw(st.booleans()):
            group["award"] = [{"achievement": f"{HOST}award-{number}"}]
            if not mapped and draw(st.booleans()):
                group["shortcut"] = True
        groups[f"g-{number}"] = group
        below.append(f"g-{number}")
    root = f"g-{len(groups) - 1}"
    made: dict[str, object] = {
        "format": "badge-pathway/1",
        "id": draw(st.sampled_from([f"{HOST}pathways/1", "urn:uuid:1", f"{HOST}all#one"])),
        "name": draw(names),
        "version": draw(text()),
        **({"language": language} if language else {}),
        "root": root,
    }
    if draw(st.booleans()):
        made["publisher"] = {"name": draw(text()), "url": f"{HOST}us"}
    if mapped:
        units = {"ects": {"name": "ECTS credit"}} if any("credit" in one for one in elements.values()) else {}
    else:
        units = {"ects": {"name": "ECTS credit", "hours": 27}}
        made |= draw(_top_extras())
    if units:
        made["credit_units"] = units
    return {**made, "group": groups, "element": elements}


def _element_extras() -> st.SearchStrategy[dict[str, object]]:
    days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
    return st.fixed_dictionaries(
        {},
        optional={
            "hours": st.one_of(st.integers(0, 100), st.decimals(0, 100, places=1)),
            "count": st.integers(2, 5),
            "reuse": st.just(True),
            "facilitation": st.sampled_from(["self-directed", "fully-facilitated"]),
            "outcomes": st.lists(text(), min_size=1, max_size=2),
            "accept": st.fixed_dictionaries({"earned_after": days}),
            "offering": st.lists(st.fixed_dictionaries({"begins": days, "place": text()}), min_size=1, max_size=2),
        },
    )


def _top_extras() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["draft", "published"]),
            "partners": st.lists(text(), min_size=1, max_size=2),
            "accept": st.just({"max_age": "P5Y"}),
            "x-own": st.dictionaries(text(), st.one_of(text(), st.integers(-5, 5), st.booleans())),
            "qualification": st.just(
                [{"name": "Q", "relation": "component", "credit": {"value": Decimal("1.5"), "unit": "ects"}}]
            ),
            "equivalence": st.just([{"achievements": [HOST + "0", HOST + "1"], "until": date(2027, 12, 31)}]),
        },
    )
