"""What the founding documents ask of pathways, asked of the commands: from files to what is printed, one test for each row."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.generate import badges
from tests.support.wallets import NOW, found, open_wallet, raw_sha, report
from tests.test_seeds_pathways import SHARED, needs_examples
from tests.tui.cli.conftest import Cli, cli, home  # noqa: F401 - fixtures
from tests.tui.cli.test_json import compare
from wallet.model import Achievement, Alignment, Commitment, Criteria, Profile, Text
from wallet.verify.report import Outcome

COLLEGE = "https://college.example"
HELP = f"{COLLEGE}/help"
EMAIL = "ada@learner.example"
PATHWAY = f"""
format = "badge-pathway/1"
id = "urn:test:lab"
name = {{ en = "Laboratory Hand", fr = "Aide de laboratoire" }}
version = "3"
status = "draft"
license = "CC-BY-NC-4.0"
root = "all"
[publisher]
name = "Rowan College"
support_url = "{HELP}"
[credit_units.credit]
name = "credits"
hours = 15
[[qualification]]
name = "Diploma of Laboratories"
relation = "component"
recognition = "by-assessment"
credit = {{ value = 3, unit = "credit" }}
awarded_by = "Rowan College Senate"
[group.all]
name = "All of it"
of = ["safety", "water", "knots"]
award = [{{ achievement = "{COLLEGE}/award" }}]
[element.safety]
name = {{ en = "Safety", fr = "Sécurité" }}
description = "Work without harm."
match = [{{ achievement = "{COLLEGE}/safety" }}]
hours = 30
facilitator = "R. Okafor"
facilitation = "fully-facilitated"
outcomes = ["Works safely with acids"]
criteria_url = "{COLLEGE}/safety/criteria"
offering = [{{ begins = 2027-01-18, ends = 2027-02-12 }}]
cost = {{ value = 10, currency = "CAD" }}
[element.water]
name = "Water"
match = [{{ achievement = "{COLLEGE}/water" }}]
hours = 15
facilitation = "supervised"
url = "{COLLEGE}/water/enrol"
[element.knots]
name = "Knots"
match = [{{ achievement = "{COLLEGE}/knots" }}]
hours = 6
facilitation = "supervised"
cost = {{ value = 40, currency = "CAD" }}
"""
#: Every question that can be asked about a pathway, beside what it needs.
QUESTIONS = {
    "show": (),
    "progress": (),
    "missing": (),
    "next": (),
    "shortest": (),
    "what-if": ("--add", "knots"),
    "at-risk": (),
    "explain": (),
    "credit": (),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The pathway as its publisher hands it out."""
    path = tmp_path / "lab.pathway.toml"
    path.write_text(PATHWAY, encoding="utf-8")
    return path


def hold(base: Path, slug: str, number: int, *, mine: bool = True, **more: object) -> str:
    """Put a badge of that achievement into the wallet, checked with its issuer; gives its id. more: of the achievement."""
    item = found(number)
    made = report(item, name=slug.title(), issuer=f"{COLLEGE}/issuer")
    assert made.credential is not None
    issuer = Profile(
        id=f"{COLLEGE}/issuer", types=("Profile",), name=Text.of("Rowan College"), email="help@rowan.example"
    )
    achievement = Achievement(
        id=f"{COLLEGE}/{slug}", types=("BadgeClass",), name=Text.of(slug.title()), issuer_id=issuer.id, issuer=issuer
    )
    credential = replace(
        made.credential,
        achievement_id=achievement.id,
        achievement=replace(achievement, **more),  # type: ignore[arg-type]  # a builder for tests
        issued_on=datetime(2026, 5, number, tzinfo=UTC),
    )
    yours = Outcome.PASSED if mine else Outcome.FAILED
    with open_wallet(base) as wallet:
        badge = wallet.add([item], now=NOW)[0].badge
        wallet.record(badge, replace(made, credential=credential, yours=yours), now=NOW)
    return badge


@pytest.fixture
def learner(home: Path, cli: Cli, file: Path) -> dict[str, str]:  # noqa: F811 - the fixtures
    """A wallet with two checked badges and the pathway; ids by achievement."""
    held = {slug: hold(home, slug, number) for number, slug in enumerate(("safety", "water"), 1)}
    assert cli("pathway", "add", file).code == 0
    return held


def everything(base: Path) -> dict[str, bytes]:
    """Every file that belongs to a learner; the index is only a cache."""
    return {str(path): path.read_bytes() for path in sorted((base / "wallet").rglob("*")) if path.is_file()}


@needs_examples
def test_row_02_component_and_alternate_are_printed_and_an_unknown_relation_is_refused_with_its_line(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
) -> None:
    source = SHARED / "aquaponics.pathway.toml"
    shown = re.findall(
        r"^counts towards: .*\((component|alternate),", cli("pathway", "show", source, "--plain").out, re.M
    )
    assert shown == ["component", "alternate"]
    bad = tmp_path / "bad.pathway.toml"
    text = source.read_text("utf-8").replace('relation = "component"', 'relation = "part"')
    bad.write_text(text, encoding="utf-8")
    ended = cli("pathway", "check", bad)
    assert ended.code == 1
    line = text.splitlines().index('relation = "part"') + 1
    assert re.search(rf"line {line}\b", ended.out)


def test_row_03_what_remains_adds_up_and_an_unknown_cost_is_at_least(cli: Cli, file: Path) -> None:  # noqa: F811
    out = " ".join(cli("pathway", "progress", file).out.split())
    assert "hours to go 51 h" in out
    assert "cost to go at least 50 CAD" in out


def test_row_04_a_badge_in_no_pathway_stands_once_in_the_list(home: Path, cli: Cli, learner) -> None:  # noqa: F811
    alone = hold(home, "bees", 3)
    document = cli("pathway", "list", "--json").document
    assert document["stand_alone"] == [{"id": alone, "name": "Bees"}]
    assert cli("pathway", "list").out.count("Bees") == 1


def test_row_05_a_badge_hashed_to_another_address_fills_no_place(home: Path, cli: Cli, file: Path) -> None:  # noqa: F811
    hold(home, "safety", 1, mine=False)
    document = cli("pathway", "progress", file, "--json").document
    assert [use["refused"] for use in document["badges"]] == ["not-yours"]
    assert document["figures"]["accepted"]["filled"] == 0


def test_row_10_every_open_element_prints_a_link_or_whom_to_ask(cli: Cli, file: Path) -> None:  # noqa: F811
    steps = cli("pathway", "next", file, "--json").document["steps"]
    assert {step["element"] for step in steps} == {"safety", "water", "knots"}
    out = cli("pathway", "next", file, "--plain").out
    assert re.findall(r"^enrol: (.*)$", out, re.M) == [
        f"ask the publisher: {HELP}",
        f"{COLLEGE}/water/enrol",
        f"ask the publisher: {HELP}",
    ]


def test_row_12_hours_are_credits_only_where_the_unit_says_how_long_it_is(cli: Cli, file: Path) -> None:  # noqa: F811
    longer = PATHWAY.replace("hours = 6", "hours = 0")
    file.write_text(longer, encoding="utf-8")
    assert "45 h = 3 credits" in cli("pathway", "show", file, "--plain").out
    file.write_text(longer.replace("hours = 15\n[[", "[["), encoding="utf-8")
    out = cli("pathway", "show", file, "--plain").out
    assert "= " not in out
    assert "45 h" in " ".join(cli("pathway", "progress", file).out.split())


def test_row_14_and_row_60_all_parts_without_the_award_give_a_text_that_names_the_contact(
    home: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    learner,
) -> None:
    hold(home, "knots", 3)
    shown = cli("pathway", "progress", "urn:test:lab", "--plain").out
    assert "state: eligible" in shown
    (text,) = re.findall(r"^ask for it: (.*)$", shown, re.M)
    assert HELP in text
    assert "Laboratory Hand, version 3" in text


@pytest.mark.parametrize("question", QUESTIONS)
def test_row_16_and_row_25_any_pathway_can_be_tried_and_nothing_is_written(
    home: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    file: Path,
    question: str,
) -> None:
    hold(home, "safety", 1)
    before = everything(home)
    assert before
    ended = cli("pathway", question, file, *QUESTIONS[question])
    assert ended.code == 0, ended.err
    assert "Laboratory Hand" in ended.out
    assert everything(home) == before
    assert cli("pathway", "list", "--json").document["pathways"] == []


def test_row_34_the_locale_chooses_the_names(
    cli: Cli,  # noqa: F811
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    shown = cli("pathway", "show", file).out
    assert "Aide de laboratoire" in shown
    assert "Sécurité" in shown
    monkeypatch.setenv("LANG", "en_CA.UTF-8")
    assert "Laboratory Hand" in cli("pathway", "show", file).out


def test_row_35_the_four_degrees_of_facilitation_are_told_in_the_help_and_a_fifth_is_refused(
    cli: Cli,  # noqa: F811
    file: Path,
) -> None:
    said = " ".join(cli("pathway", "show", "--help").out.split())
    for degree in ("self-directed", "supervised", "lightly-facilitated", "fully-facilitated"):
        assert re.search(rf"{degree} \([a-z ]+", said), degree
    file.write_text(PATHWAY.replace('"supervised"', '"guided"'), encoding="utf-8")
    ended = cli("pathway", "check", file)
    assert ended.code == 1
    assert "facilitation" in ended.out
    assert cli("pathway", "add", file).code != 0


def test_row_38_a_note_becomes_a_message_to_the_issuer_and_nothing_is_sent(
    home: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    learner: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr("wallet.fetch.http.HttpFetcher.fetch", refuse)
    assert cli("note", "Safety", "--letter").code == 3
    assert cli("note", "Safety", "The second exercise\nneeds more time.").code == 0
    before = everything(home)
    document = cli("note", "Safety", "--letter", "--json").document
    assert document["to"] == ["Rowan College", "help@rowan.example", f"{COLLEGE}/issuer"]
    assert "The second exercise\nneeds more time." in document["text"]
    compare(document)
    shown = cli("note", "Safety", "--letter")
    assert "needs more time." in shown.out
    assert "help@rowan.example" in shown.out
    assert "Nothing was sent" in shown.err
    assert everything(home) == before
    assert cli("note", "Safety", "more", "--letter").code == 2
    assert cli("note", "Safety").code == 2


def test_row_39_a_retired_definition_says_so(cli: Cli, file: Path) -> None:  # noqa: F811
    file.write_text(PATHWAY.replace('"draft"', '"retired"'), encoding="utf-8")
    assert "retired" in cli("pathway", "check", file).out
    assert "this pathway is retired" in cli("pathway", "progress", file).out


def test_row_43_the_route_to_credit_is_decided_by_the_institution(cli: Cli, file: Path) -> None:  # noqa: F811
    for command in ("show", "progress"):
        (words,) = re.findall(r"^counts towards: (.*)$", cli("pathway", command, file, "--plain").out, re.M)
        assert "may count towards it (component, by assessment, 3 credits)" in words
        assert "decided by Rowan College Senate" in words


def test_row_44_a_credit_request_has_badges_proofs_outcomes_hours_and_check_dates(
    cli: Cli,  # noqa: F811
    learner: dict[str, str],
    tmp_path: Path,
) -> None:
    target = tmp_path / "request.txt"
    ended = cli("pathway", "credit", "urn:test:lab", "-o", target, "--json")
    assert ended.code == 0, ended.err
    document = ended.document
    assert [one["id"] for one in document["badges"]] == [learner["safety"], learner["water"]]
    assert [one["hours"] for one in document["badges"]] == [30, 15]
    assert (document["hours"], document["credits"], document["at_least"]) == (45, ["3 credits"], False)
    safety, water = document["badges"]
    assert safety["outcomes"] == ["Works safely with acids"]
    assert water["outcomes"] == []
    assert safety["proof"].startswith("proven, and the issuer was asked")
    assert {one["checked"] for one in document["badges"]} == {"2026-11-21T10:00:00Z"}
    assert [one["originals"] for one in document["badges"]] == [[raw_sha(found(1))], [raw_sha(found(2))]]
    assert [one["address"] for one in document["badges"]] == [f"{badges.HOST}/awards/{number}" for number in (1, 2)]
    assert ["decided by Rowan College Senate" in words for words in document["qualifications"]] == [True]

    text = target.read_text("utf-8")
    assert target.stat().st_mode & 0o777 == 0o600
    for words in (
        "to: Rowan College Senate",
        "hours: 45 hours = 3 credits",
        "checked on 2026-11-21",
        "outcomes: Works safely with acids",
        "outcomes: not stated",
        raw_sha(found(1)),
    ):
        assert words in text
    assert EMAIL not in text
    assert cli("pathway", "credit", "urn:test:lab", "-o", target).code != 0
    assert target.read_text("utf-8") == text


def test_row_44_what_is_not_proven_is_not_called_so_and_nothing_held_asks_for_nothing(
    home: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    file: Path,
) -> None:
    assert cli("pathway", "credit", file).code == 3
    with open_wallet(home) as wallet:
        wallet.add([found(1, badge=f"{COLLEGE}/safety")], now=NOW)
    hold(home, "water", 2, commitment=Commitment(hours=20))  # type: ignore[arg-type]  # whole hours
    ended = cli("pathway", "credit", file, "--plain")
    assert ended.code == 0, ended.err
    assert re.findall(r"^proof: (.*)$", ended.out, re.M) == [
        "not proven, never checked",
        "proven, and the issuer was asked whether it still stands, checked on 2026-11-21",
    ]
    assert re.findall(r"^hours: (.*)$", ended.out, re.M) == ["50 hours = 3.33 credits", "30 hours", "20 hours"]


def test_row_45_facilitator_and_contact_are_shown_or_not_stated(cli: Cli, file: Path) -> None:  # noqa: F811
    told = " ".join(cli("pathway", "show", file, "safety").out.split())
    assert f"Facilitator R. Okafor; questions to {HELP}" in told
    silent = cli("pathway", "show", file, "water", "--plain").out
    assert "Facilitator: not stated" in silent
    assert f"questions to: {HELP}" in silent
    file.write_text(PATHWAY.replace(f'support_url = "{HELP}"', "").replace('[publisher]\nname = "Rowan College"', ""))
    assert "questions to: not stated" in cli("pathway", "show", file, "water", "--plain").out


def test_row_46_hours_by_facilitation_add_up_to_those_of_the_elements(cli: Cli, file: Path) -> None:  # noqa: F811
    document = cli("pathway", "show", file, "--json").document
    sums = {one["facilitation"]: (one["hours"], one["at_least"]) for one in document["hours_by_facilitation"]}
    assert sums == {"supervised": ("21", False), "fully-facilitated": ("30", False)}
    assert sum(int(one["hours"]) for one in document["elements"]) == 51
    assert "hours: 21 h supervised; 30 h fully-facilitated" in cli("pathway", "show", file, "--plain").out


@pytest.mark.parametrize("question", [*QUESTIONS, "list", "closest", "diff"])
def test_row_48_a_draft_is_marked_everywhere(cli: Cli, learner, file: Path, question: str) -> None:  # noqa: F811
    arguments = {"list": (), "closest": (), "diff": ("urn:test:lab", file)}
    asked = arguments.get(question, ("urn:test:lab", *QUESTIONS.get(question, ())))
    ended = cli("pathway", question, *asked, "--plain")
    assert ended.code == 0, ended.err
    assert "draft" in ended.out


def test_row_48_a_draft_is_marked_in_a_portfolio(cli: Cli, learner, tmp_path: Path) -> None:  # noqa: F811
    assert cli("export", "portfolio", "-o", tmp_path / "me.html").code == 0
    assert re.search(r"Laboratory Hand.{0,400}draft", (tmp_path / "me.html").read_text("utf-8"), re.S | re.I)


def test_row_58_two_ways_stand_side_by_side_with_hours_cost_and_missing(
    home: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    learner,
) -> None:
    before = everything(home)
    line = ("what-if", "urn:test:lab", "--drop", learner["safety"], "--add", "knots", "--or", "safety", "--or", "knots")
    document = cli("pathway", *line, "--json").document
    ways = (document["before"], document["after"], document["other"]["after"])
    assert [way["accepted"]["missing"] for way in ways] == [1, 1, 0]
    assert [way["hours_left"]["hours"] for way in ways] == [6, 30, 0]
    assert [[one["value"] for one in way["cost_left"]["sums"]] for way in ways] == [["40"], ["10"], []]
    shown = [re.split(r" {2,}", one.strip()) for one in cli("pathway", *line).out.splitlines()]
    assert ["missing", "1", "1", "0"] in shown
    assert ["hours to go", "6 h", "30 h", "0 h"] in shown
    assert any(row[0] == "cost to go" and row[1:3] == ["40 CAD", "10 CAD"] for row in shown)
    assert everything(home) == before
    assert cli("pathway", "what-if", "urn:test:lab", "--or", "knots").code == 2


SKILL = (Alignment(Text.of("Laboratory work"), "https://skills.example/1", target_code="LAB-1"),)
CRITERIA = Criteria(f"{COLLEGE}/criteria", Text.of("Pass the quiz."))
ABSENT = {
    3: ("Pathways", "Course dates", "Time commitment", "Facilitator", "Degree of facilitation"),
    1: (
        "Outcomes or competencies",
        "Criteria",
        "Pathways",
        "Course dates",
        "Time commitment",
        "Facilitator",
        "Degree of facilitation",
    ),
}


@pytest.mark.parametrize(
    ("slug", "says", "many"),
    [
        ("safety", {"alignments": SKILL, "criteria": CRITERIA, "commitment": Commitment(hours=30)}, 8),
        ("bees", {"alignments": SKILL, "criteria": CRITERIA}, 3),
        ("bees", {}, 1),
    ],
)
def test_row_64_the_card_prints_eight_three_and_one_of_eight_with_every_absent_detail_named(
    home: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    file: Path,
    tmp_path: Path,
    slug: str,
    says: dict[str, object],
    many: int,
) -> None:
    badge = hold(home, slug, 1, **says)
    assert cli("pathway", "add", file).code == 0
    document = cli("show", badge, "--json").document
    assert (len(document["details"]), document["details_stated"]) == (8, many)
    absent = tuple(one["label"] for one in document["details"] if not one["values"])
    assert absent == ABSENT.get(many, ())
    assert all((one["source"] is None) == (not one["values"]) for one in document["details"])
    shown = cli("show", badge, "--plain").out
    for label in absent:
        assert f"{label}: not stated" in shown
    assert f"Details: {many} of 8 stated" in cli("show", badge).out
    assert cli("export", "portfolio", badge, "-o", tmp_path / "me.html").code == 0
    assert f"{many} of 8" in (tmp_path / "me.html").read_text("utf-8")


def test_row_64_where_a_badge_says_that_it_leads_stands_beside_what_pathways_say(
    home: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
    file: Path,
) -> None:
    badge = hold(home, "safety", 1, related=(f"{COLLEGE}/pathways/lab", "urn:not:a:link"))
    for said in ([f"related: {COLLEGE}/pathways/lab"], ["Laboratory Hand"]):
        detail = cli("show", badge, "--json").document["details"][2]
        assert detail["label"] == "Pathways"
        assert set(said) <= set(detail["values"])
        assert f"related: {COLLEGE}/pathways/lab" in detail["values"]
        assert not any("urn:" in value for value in detail["values"])
        assert cli("pathway", "add", file).code == 0
    assert detail["source"].startswith("the badge and the pathway")
    told = badges.badge_class(issuer=badges.issuer(), related={"id": f"{COLLEGE}/classes/2", "type": "BadgeClass"})
    with open_wallet(home) as wallet:
        (added,) = wallet.add([found(4, badge=told)], now=NOW)
    values = cli("show", added.badge, "--json").document["details"][2]["values"]
    assert values == [f"related: {COLLEGE}/classes/2"]


def test_row_67_every_problem_on_a_pathway_names_a_contact(home: Path, cli: Cli, file: Path) -> None:  # noqa: F811
    hold(home, "safety", 1, mine=False)
    for command in ("progress", "missing"):
        shown = cli("pathway", command, file, "--plain").out
        assert f"questions to: {HELP}" in shown
    assert all(step["ask"] == HELP for step in cli("pathway", "next", file, "--json").document["steps"])


def test_row_67_the_report_of_the_doctor_has_no_name_no_address_and_no_id(home: Path, cli: Cli, learner) -> None:  # noqa: F811
    assert cli("identity", "add", f"email:{EMAIL}").code == 0
    objects = [path for path in (home / "wallet" / "objects").rglob("*") if path.is_file()]
    assert objects
    for path in objects:
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    said = ""
    for form in ([], ["--plain"], ["--json"]):
        ended = cli("doctor", *form)
        assert ended.code in (1, 5)
        said += ended.out + ended.err
    assert EMAIL not in said
    # Damaged bytes are named by the first letters of their hash: otherwise nobody could bring them back.
    for text in ("Safety", "Rowan", *learner.values(), f"{badges.HOST}/awards/1"):
        assert text not in said, text
