"""Planning and records on the command line: what is told, what is written, and what is refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

FILE = """
format = "badge-pathway/1"
id = "urn:test:plan"
name = { en = "Plan", fr = "Projet" }
version = "1"
root = "all"
status = "published"
[publisher]
name = "College"
support_url = "https://college.example/help"
[group.all]
name = "All"
of = ["short", "long", "seen"]
[element.short]
name = { en = "Short course", fr = "Cours bref" }
match = [{ achievement = "https://college.example/short" }]
hours = 3
cost = { value = 20, currency = "CAD" }
delivery = "online"
[element.long]
name = "Long course"
match = [{ achievement = "https://college.example/long" }]
hours = 5
delivery = "in-person"
[element.seen]
name = "Observed"
match = [{ attested = "advisor" }]
hours = 6
"""


@pytest.fixture
def plan(cli, tmp_path: Path):
    path = tmp_path / "plan.pathway.toml"
    path.write_text(FILE, encoding="utf-8")
    assert cli("pathway", "add", path).code == 0
    return path


def folder(home: Path) -> dict[str, bytes]:
    """Every file of the wallet folder itself."""
    return {str(path): path.read_bytes() for path in sorted((home / "wallet").rglob("*")) if path.is_file()}


def test_next_names_each_open_element_with_hours_and_a_link_or_whom_to_ask(cli, plan) -> None:
    out = cli("pathway", "next").out
    assert out.index("Short course") < out.index("Long course") < out.index("Observed")
    assert out.count("ask the publisher: https://college.example/help") == 3


def test_filters_of_next(cli, plan) -> None:
    assert "Long course" not in cli("pathway", "next", "plan", "--delivery", "online").out
    steps = cli("pathway", "next", "plan", "--max-hours", "4", "--json").document["steps"]
    assert [step["element"] for step in steps] == ["short"]
    assert cli("pathway", "next", "--max-hours", "none").code == 2


def test_shortest_tells_weeks_at_a_pace(cli, plan) -> None:
    ended = cli("pathway", "shortest", "plan", "--hours-per-week", "3")
    assert "3 badges, 14 h" in ended.out
    assert "5 weeks with 3 h a week" in ended.out
    assert "a record of your advisor" in ended.out


@pytest.mark.parametrize(
    "line",
    [
        "pathway next",
        "pathway shortest plan",
        "pathway closest",
        "pathway what-if plan --add short --at 2027-01-01",
        "pathway at-risk",
        "pathway diff plan plan",
        "pathway explain plan",
        "pathway progress --at 2027-01-01",
    ],
)
def test_questions_write_nothing(cli, plan, home: Path, line: str) -> None:
    before = folder(home)
    assert cli(*line.split()).code == 0
    assert folder(home) == before


def test_what_if_sets_two_ways_side_by_side(cli, plan) -> None:
    out = cli("pathway", "what-if", "plan", "--add", "short", "--add", "https://college.example/long").out
    assert "0 of 3" in out
    assert "2 of 3" in out
    assert "Nothing was written." in out
    document = cli("pathway", "what-if", "plan", "--add", "short", "--json").document
    assert document["before"]["cost_left"]["sums"] == [{"value": "20", "currency": "CAD"}]
    assert document["after"]["cost_left"]["sums"] == []


def test_a_plan_an_attestation_and_an_exception_are_recorded_and_undone(cli, plan) -> None:
    assert cli("pathway", "plan", "plan", "long").code == 0
    words = ("--who", "Avery Mentor", "--reason", "30 h at the hatchery")
    assert cli("pathway", "attest", "plan", "Observed", *words).code == 0
    assert (
        cli("pathway", "except", "plan", "short", "force-complete", "--who", "A. Advisor", "--reason", "Known").code
        == 0
    )
    shown = cli("pathway", "progress").out
    for part in (
        "counted             2 of 3",
        "verified only       0 of 3",
        "with planned        3 of 3",
        "without exceptions  1 of 3",
        "naming Avery Mentor (advisor)",
        "A. Advisor",
        "[by exception]",
        "[attested]",
    ):
        assert part in shown
    for filled in (1, 0, 0):
        assert cli("undo").code == 0
        assert cli("pathway", "list", "--json").document["pathways"][0]["filled"] == filled
    assert cli("pathway", "plan", "plan", "long", "--off").code == 3


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("pathway plan plan nowhere", 3, "There is no place 'nowhere'"),
        ("pathway plan plan all", 2, "is a group"),
        ("pathway attest plan short --who A --reason B", 2, "filled by a badge"),
        ("pathway attest plan seen --who A --role issuer --reason B", 2, "only an advisor"),
        ("pathway attest plan seen --reason B", 2, "(who)"),
        ("pathway except plan short", 2, "needs its kind"),
        ("pathway except plan short substitute --who A --reason B", 2, "needs a badge"),
        ("pathway except plan short also-allow --allow name=X --who A --reason B", 2, "anybody can make"),
        ("pathway except plan short also-allow --allow nonsense --who A --reason B", 2, "not part of a rule"),
        ("pathway except plan all change-count --count 9 --who A --reason B", 2, "only 3 parts"),
        ("pathway what-if plan", 2, "nothing to compare"),
        ("pathway what-if plan --add seen", 2, "not filled by one badge"),
        ("pathway from-collection nothing", 3, "No badge has the label"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence_and_nothing_is_recorded(
    cli, plan, home: Path, line: str, code: int, said: str
) -> None:
    before = folder(home)
    ended = cli(*line.split())
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert folder(home) == before


def test_names_follow_the_locale_and_the_settings_before_it(cli, plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert "Cours bref" in cli("pathway", "show", "plan").out
    assert "Projet" in cli("pathway", "progress").out
    monkeypatch.setenv("LC_ALL", "C")
    assert "Short course" in cli("pathway", "show", "plan").out


def test_a_newer_version_says_who_drops_from_met(cli, plan, tmp_path: Path) -> None:
    newer = tmp_path / "newer.toml"
    newer.write_text(
        FILE.replace('version = "1"', 'version = "2"').replace('"seen"]', '"seen", "more"]')
        + ('[element.more]\nname = "More"\nmatch = [{ achievement = "https://college.example/more" }]\n')
    )
    for place in ("short", "long", "seen"):
        cli("pathway", "except", "plan", place, "force-complete", "--who", "A", "--reason", "B")
    out = cli("pathway", "diff", "plan", newer).out
    assert "More (more)" in out
    assert "Version 1" in out
    assert "You were done by the old version and are not by the new one." in out


def test_labelled_badges_become_a_draft_that_check_passes(cli, learner, tmp_path: Path) -> None:
    cli("tag", "greenhouse work", "Water", "Nutrient")
    target = tmp_path / "work.pathway.toml"
    assert cli("pathway", "from-collection", "greenhouse work", "-o", target).code == 0
    assert cli("pathway", "check", target).code == 0
    assert cli("pathway", "add", target).code == 0
    (found,) = [one for one in cli("pathway", "list", "--json").document["pathways"] if one["file"].startswith("work")]
    assert (found["required"], found["filled"], found["state"]) == (2, 2, "met")
    assert cli("pathway", "from-collection", "greenhouse work", "-o", target).code == 2


def test_explain_tells_of_one_badge_or_of_all_and_of_open_places(cli, learner) -> None:
    out = cli("pathway", "explain", "aquaponics", "Water").out
    assert "counts as Water Chemistry (by achievement" in out
    assert "Open places" not in out
    everything = cli("pathway", "explain", "aquaponics").out
    assert "nothing in this pathway asks for it" in everything
    assert "would fill it" in everything


def test_at_risk_names_the_badge_that_ends_and_what_it_breaks(cli, learner) -> None:
    out = cli("pathway", "at-risk", "aquaponics", "--days", "3000").out
    assert "Workplace Safety and Chemical Handling" in out
    assert "Stage 1: Foundations" in out


def test_what_to_do_next_is_told_as_of_any_day(cli, learner) -> None:
    before = ("--at", "2001-01-01")
    for question in ("next", "shortest"):
        now, then = (cli("pathway", question, "aquaponics", *day, "--json") for day in ((), before))
        assert now.code == then.code == 0
        assert len(then.document["steps"]) > len(now.document["steps"])
    assert cli("pathway", "closest").out
    assert not cli("pathway", "closest", *before).out.strip()
    assert "Workplace Safety" not in cli("pathway", "at-risk", "aquaponics", "--days", "3000", *before).out
    assert cli("pathway", "next", "--at", "soon").code == 2


def test_an_element_has_a_card_that_names_what_is_not_stated(cli, learner) -> None:
    out = cli("pathway", "show", "aquaponics", "monitoring").out
    assert "Details: 5 of 8 stated" in out
    assert "Criteria" in out
    assert "not stated" in out


def test_row_25_any_pathway_can_be_tried_and_leaving_leaves_the_badges(cli, learner, home: Path) -> None:
    before = cli("list", "--json").document
    assert cli("pathway", "progress").code == 0
    assert cli("pathway", "remove", "aquaponics").code == 0
    assert cli("list", "--json").document == before


def test_row_43_whether_it_counts_is_said_to_be_decided_by_the_awarding_body(cli, learner) -> None:
    for line in ("progress", "show"):
        out = cli("pathway", line, "aquaponics").out
        assert "may count towards it (component, by assessment); decided by Prairie Rivers College" in out


def test_row_48_a_draft_is_marked_wherever_it_is_shown(cli, tmp_path: Path) -> None:
    path = tmp_path / "draft.pathway.toml"
    path.write_text(FILE.replace('"published"', '"draft"'), encoding="utf-8")
    cli("pathway", "add", path)
    for line in ("list", "progress", "show draft"):
        assert "draft" in cli("pathway", *line.split()).out.replace("draft.pathway.toml", "")


def test_an_exception_names_the_badge_that_it_is_about(cli, learner) -> None:
    words = ("--who", "A. Advisor", "--reason", "Same course")
    assert cli("pathway", "except", "aquaponics", "first-aid", "substitute", "--badge", "Forklift", *words).code == 0
    assert "Forklift Basics (" in cli("pathway", "progress").out.partition("exception  ")[2].partition("\n")[0]
