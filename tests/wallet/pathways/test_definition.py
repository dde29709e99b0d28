"""Reading pathway files: every key arrives, every mistake has its line, its key and a guess."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.support.pathways import element, group, pathway_table
from wallet.errors import DefinitionError
from wallet.limits import Limits
from wallet.pathways import definition
from wallet.pathways.model import Accept, Duration, Pathway

TOML = """\
format  = "badge-pathway/1"
id      = "https://college.example/pathways/water"
name    = { en = "Water", fr = "Eau" }
version = "2"
root    = "program"
award   = [{ achievement = "https://college.example/b/water-program" }]
x-colour = "blue"

[publisher]
name = "College"

[[qualification]]
name = "Certificate"
relation = "component"
credit = { value = 1.5, unit = "credit" }

[credit_units.credit]
name = "College credit"
hours = 15

[accept]
verification = ["verified"]
max_age = "P5Y"

[group.program]
name = "Program"
of = ["chemistry", "practice"]   # a comment with [brackets] and "quotes"
optional = ["practice"]

[element.chemistry]
name = "Water Chemistry"
match = [
  { achievement = "https://college.example/b/chemistry" },
  { issuer = "https://college.example/issuer", name = "Water*" },
]
hours = 7.5
facilitation = "supervised"
delivery = "online"
pace = "self-paced"
outcomes = ["Measure pH"]

[element.chemistry.accept]
min_remaining = "P1M"

[element.practice]
name = "Practice"
match = [{ attested = "advisor" }]

[[element.practice.offering]]
begins = 2027-03-01
ends = "2027-03-26"

[[equivalence]]
achievements = ["https://college.example/b/chemistry", "https://college.example/b/chemistry-1"]
until = 2027-12-31
"""


def read(text: str = TOML) -> Pathway:
    return definition.read(text.encode(), "water.pathway.toml")


def fault(text: str) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return caught.value


def swapped(old: str, new: str) -> str:
    assert old in TOML
    return TOML.replace(old, new, 1)


def test_all_that_a_file_says_arrives_in_the_model() -> None:
    pathway = read()
    assert (pathway.name.pick("fr"), pathway.version, pathway.status) == ("Eau", "2", "draft")
    assert pathway.publisher is not None and pathway.publisher.name == "College"
    assert pathway.qualifications[0].credit is not None and pathway.qualifications[0].credit.value == Decimal("1.5")
    assert pathway.accept == Accept(verification=("verified",), max_age=Duration(years=5))
    chemistry, practice = pathway.elements["chemistry"], pathway.elements["practice"]
    assert (chemistry.hours, chemistry.facilitation, chemistry.delivery, chemistry.pace) == (
        Decimal("7.5"),
        "supervised",
        "online",
        "self-paced",
    )
    assert chemistry.accept.over(pathway.accept).max_age == Duration(years=5)
    assert chemistry.accept.over(pathway.accept).min_remaining == Duration(months=1)
    assert [str(outcome) for outcome in chemistry.outcomes] == ["Measure pH"]
    assert (practice.offering[0].begins, practice.offering[0].ends) == (date(2027, 3, 1), date(2027, 3, 26))
    assert pathway.groups["program"].counted == ("chemistry",)
    assert pathway.equivalence[0].until == date(2027, 12, 31)
    assert len(pathway.sha256) == 64


def test_an_award_at_the_top_belongs_to_the_root_group() -> None:
    assert read().groups["program"].award[0].achievement == "https://college.example/b/water-program"


def test_json_reads_as_toml_does() -> None:
    table = pathway_table(
        {"root": group("a", need={"hours": 1.5})},
        {"a": element("a", hours=0.1, offering=[{"begins": "2027-03-01"}])},
    )
    pathway = definition.read(json.dumps(table).encode(), "p.json")
    assert pathway.groups["root"].need.hours == Decimal("1.5")
    assert pathway.elements["a"].hours == Decimal("0.1")
    assert pathway.elements["a"].offering[0].begins == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ('max_age = "P5Y"', 'maxage = "P5Y"', "accept.maxage", "'max_age'"),
        ("facilitation =", "faciltation =", "element.chemistry.faciltation", "'facilitation'"),
        ('"supervised"', '"supervized"', "element.chemistry.facilitation", '"supervised"'),
        ('name = "Water*" }', 'nam = "Water*" }', "element.chemistry.match[1].nam", "'name'"),
        (
            "begins = 2027-03-01",
            "begins = 2027-03-01T10:00:00Z",
            "element.practice.offering[0].begins",
            "2027-03-01",
        ),
        ('ends = "2027-03-26"', 'ends = "2027-02-30"', "element.practice.offering[0].ends", "2027-03-01"),
        ("hours = 7.5", 'hours = "7.5"', "element.chemistry.hours", "quotes"),
        ("hours = 7.5", "hours = nan", "element.chemistry.hours", "7.5"),
        ("hours = 7.5", "hours = 1e900", "element.chemistry.hours", "7.5"),
        ("hours = 7.5", "hours = -1", "element.chemistry.hours", "7.5"),
        ("hours = 15", "hours = 0", "credit_units.credit.hours", "7.5"),
        ('min_remaining = "P1M"', 'min_remaining = "1 month"', "element.chemistry.accept.min_remaining", "P3Y"),
        ('["verified"]', '["proven"]', "accept.verification", "verified-offline"),
        ('version = "2"', "version = 2", "version", "version ="),
        ('name    = { en = "Water", fr = "Eau" }', "name = 7", "name", "fr ="),
        ('of = ["chemistry", "practice"]', 'of = "chemistry"', "group.program.of", "["),
        ('of = ["chemistry", "practice"]', 'of = ["practice", "practice"]', "group.program.of", "once"),
        ('of = ["chemistry", "practice"]', "of = [1]", "group.program.of[0]", "quotes"),
        ("optional = [", "exclusive = 1\noptional = [", "group.program.exclusive", "true"),
        ("optional = [", "need = 0\noptional = [", "group.program.need", "need = 2"),
        ("optional = [", "need = {}\noptional = [", "group.program.need", "hours"),
        ("optional = [", "need = { credits = 3 }\noptional = [", "group.program.need", "unit"),
        ('{ attested = "advisor" }', '{ attested = "friend" }', "element.practice.match[0].attested", "advisor"),
        ("hours = 7.5", "count = 2000", "element.chemistry.count", "decimals"),
        ('root    = "program"', 'root    = "Program"', "root", "program"),
        ("[element.practice]", "[element.Practice]", "element.Practice", "small letters"),
        ('version = "2"', "", "version", "Add"),
        ('"badge-pathway/1"', '"badge-pathway/2"', "format", "badge-pathway/1"),
        ("[publisher]", "publisher = 1\n[x-publisher]", "publisher", "{ key"),
        (
            'issuer = "https://college.example/issuer", name',
            'issuer = "", name',
            "element.chemistry.match[1].issuer",
            "issuer",
        ),
    ],
)
def test_a_mistake_has_its_line_its_key_and_a_hint(old: str, new: str, key: str, hint: str) -> None:
    text = swapped(old, new)
    error = fault(text)
    assert error.key == key
    # A key that is missing at the top of the file stands on no line.
    line = text.splitlines()[error.line - 1] if error.line is not None else ""
    assert line.find(new.splitlines()[0] if new else "") >= 0
    assert (error.line is None) == (new == "")
    assert hint in error.remedy
    assert str(error).startswith("water.pathway.toml")


def test_a_dotted_or_quoted_key_keeps_its_line() -> None:
    text = swapped("[element.chemistry.accept]\nmin_remaining", '[element."chemistry"]\naccept.min_remaining')
    text = text.replace('[element."chemistry"]\n', "", 1).replace('"P1M"', '"P1X"')
    assert "P1X" in text.splitlines()[(fault(text).line or 0) - 1]


def test_text_over_several_lines_does_not_shift_the_lines_behind_it() -> None:
    text = swapped('version = "2"', 'version = "2"\ndescription = """one [x]\ntwo = 3\n"""')
    error = fault(text.replace("delivery =", "delivry ="))
    assert (error.line, error.key) == (TOML[: TOML.index("delivery =")].count("\n") + 4, "element.chemistry.delivry")


def test_a_mistake_in_json_has_its_line() -> None:
    table = pathway_table({"root": group("a")}, {"a": element("a", hour=3)})
    text = json.dumps(table, indent=1)
    with pytest.raises(DefinitionError) as caught:
        definition.read(text.encode(), "p.json")
    assert caught.value.key == "element.a.hour"
    assert '"hour"' in text.splitlines()[(caught.value.line or 0) - 1]


def test_all_mistakes_are_told_at_once() -> None:
    text = swapped("hours = 7.5", 'hours = "7"').replace("relation =", "relaton =")
    found = definition.check(text.encode(), "p")
    assert [problem.key for problem in found] == [
        "qualification[0].relation",
        "qualification[0].relaton",
        "element.chemistry.hours",
    ]
    assert "2 more" in str(fault(text))


def test_a_broken_file_says_where() -> None:
    error = fault(swapped("[publisher]", "[publisher"))
    assert error.line == 9
    assert "TOML" in str(error)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"{",
        b'{"a": 1, "a": 2}',
        b"",
        b"a = " + b"[" * 5000,
        b"[]",
        b"a = 1" + b"0" * 5000,
        b"{" + b'"a":{' * 500,
    ],
)
def test_hostile_or_empty_files_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(DefinitionError):
        definition.read(data, "bad")


def test_a_file_over_the_cap_is_not_read() -> None:
    with pytest.raises(DefinitionError, match="bytes"):
        definition.read(TOML.encode(), "big", Limits(pathway_bytes=10))


def test_foreign_text_in_messages_is_harmless() -> None:
    error = fault(swapped('max_age = "P5Y"', '"max\\u001b[31m" = 1'))
    assert "\x1b" not in str(error) + error.remedy + str(error.key)


def test_names_in_a_message_are_those_of_the_file_and_extensions_are_left_alone() -> None:
    assert read(swapped('x-colour = "blue"', "x-anything = { deep = [1] }")).version == "2"


def test_the_reader_accepts_what_the_schema_accepts() -> None:
    from pathlib import Path

    jsonschema = pytest.importorskip("jsonschema")
    file = Path(__file__).resolve().parents[4] / "shared" / "pathways" / "pathway.schema.json"
    if not file.exists():
        pytest.skip("the folder ../shared/pathways is not here")
    validator = jsonschema.Draft202012Validator(json.loads(file.read_bytes()))
    good = pathway_table({"root": group("a")}, {"a": element("a")})
    for change in (
        {},
        {"status": "gone"},
        {"language": "en CA"},
        {"url": "ftp://x"},
        {"trusted_issuers": []},
        {"supersedes": "1"},
        {"group": {"root": group("a", ordered="maybe")}},
        {"group": {"root": group("a", need={"unit": "ects"})}},
        {"element": {"a": element("a", cost={"value": 5, "currency": "cad"})}},
        {"element": {"a": element("a", cost={"value": 5, "currency": "CAD"})}},
        {"element": {"a": {"name": "A", "match": []}}},
        {"element": {"a": {"name": "A", "match": [{"name": "Water"}]}}},
        {"element": {"a": {"name": "A", "match": [{"achievement_glob": "https://*.example/x"}]}}},
        {"element": {"a": {"name": "A", "match": [{"issuer": "x", "framework": "F"}]}}},
        {"element": {"a": {"name": "A", "match": [{"attested": "advisor", "tag": "x"}]}}},
        {"equivalence": [{"achievements": ["a"]}]},
    ):
        table = {**good, **change}
        accepted = not any(problem.severity == "error" for problem in definition.check(json.dumps(table).encode(), "p"))
        assert accepted == validator.is_valid(table), change
