"""What the founding documents ask for advisors: one test for each row of the seeds page that is about them, named after it.

Twelve learners, each with one thing the matter, were checked with what their issuer publishes on two days: before the ticket
of one ran out, and after. Everything is then asked through the commands, and counted by hand here.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from importers.learners import handed
from tests.generate import cohorts
from tests.generate.cohorts import AT, GARDEN, HOST, NOW, PEOPLE, SYLLABICS, WATER, World
from tests.tui.cli.conftest import Cli, cli, home  # noqa: F401 - fixtures
from wallet.cohort.scan import UsedPathway, scan
from wallet.cohort.store import Cohort
from wallet.pathways import definition

BEFORE = date(2026, 9, 15)
MATTER = ("complete", "close", "stuck", "expired", "revoked", "mismatch", "described", "syllabics", "nothing", "ended")
TWELVE = {name: PEOPLE[name] for name in (*MATTER, "eligible", "risk")}
#: Of Water Technician's four: filled before the ticket ran out, filled after it.
FILLED = {
    "Ada Complete": (4, 4),
    "Ben Close": (3, 3),
    "Cem Stuck": (1, 1),
    "Dina Ticket": (4, 3),
    "Eve Revoked": (1, 1),
    "Finn Other": (1, 1),
    "Ivo Told": (1, 1),
    SYLLABICS: (2, 2),
    "Lou Nothing": (0, 0),
    "Nia Eligible": (4, 4),
    "Ola Risk": (4, 4),
}
SKILLS = "urn:test:skills"
VISIT = "urn:test:visit"
Doc = dict[str, object]


def profile() -> dict[str, object]:
    """A job profile: five codes of a framework, three of which some badges of the issuer are aligned to."""
    codes = ("SAFE-1", "CHEM-2", "EARTH-3", "DATA-4", "LEAD-5")
    rule = {"issuer": f"{HOST}/issuer", "framework": "Skills"}
    return {
        "format": "badge-pathway/1",
        "status": "published",
        "id": SKILLS,
        "name": "Field Assistant",
        "version": "1",
        "root": "root",
        "group": {"root": {"name": "Field Assistant", "of": [code.lower() for code in codes]}},
        "element": {code.lower(): {"name": code, "match": [{**rule, "code": code}]} for code in codes},
    }


def visit() -> dict[str, object]:
    """A draft: a badge, and hours at a workplace that an advisor vouches for."""
    elements = {
        "lab": {"name": "Laboratory Safety", "match": [{"achievement": f"{HOST}/classes/lab"}]},
        "hours": {"name": "Workplace hours", "match": [{"attested": "advisor"}]},
    }
    groups = {"root": {"name": "Placement", "of": ["lab", "hours"]}}
    head = {"format": "badge-pathway/1", "status": "draft", "id": VISIT, "name": "Placement", "version": "1"}
    return {**head, "root": "root", "group": groups, "element": elements}


TABLES = {
    "water": cohorts._water(),
    "garden": cohorts._garden(),
    "skills": profile(),
    "visit": visit(),
}


def used(*tables: dict[str, object]) -> list[UsedPathway]:
    read = [definition.read(json.dumps(table).encode(), "cohort.json") for table in tables or TABLES.values()]
    return [UsedPathway(one, one.sha256) for one in read]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Twelve learners whose consent holds for long, but for one; scanned on two days."""
    base = tmp_path_factory.mktemp("advisor")
    people = {
        name: person if name == "ended" else replace(person, until=date(2090, 1, 1)) for name, person in TWELVE.items()
    }
    world = cohorts.write(base / "autumn", people)
    for name, table in TABLES.items():
        (base / f"{name}.pathway.json").write_text(json.dumps(table), encoding="utf-8")
    with Cohort.open(world.folder, create=True) as cohort:
        for hours, day in enumerate((BEFORE, AT)):
            now = NOW + timedelta(hours=hours)
            scan(cohort, handed(world.folder), used(), now=now, at=day, fetcher=world.published)
    return world


@pytest.fixture
def ask(made: World, tmp_path: Path, cli: Cli):  # noqa: F811 - the fixture
    """Ask a cohort command about a copy of that folder, with its pathway files at hand."""
    shutil.copytree(made.folder.parent, tmp_path / "advisor")
    base = tmp_path / "advisor"

    def run(command: str, *arguments: object):
        files = [word for name in TABLES for word in ("--pathway-file", base / f"{name}.pathway.json")]
        more = files if command in ("show", "report") else []
        return cli("cohort", command, *arguments, "--folder", base / "autumn", *more)

    return run


def rows(document: Doc, pathway: str = WATER) -> dict[str, Doc]:
    found = document["rows"]
    assert isinstance(found, list)
    return {row["learner"]: row for row in found if row["pathway_id"] == pathway}


def lines(document: Doc) -> dict[tuple[str, str], Doc]:
    return {(line["pathway"] or "", line["label"]): line for line in document["pivot"]["lines"]}


def told(out: Path) -> dict[str, bytes]:
    """Everything that was written, by name."""
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_row_05_somebody_elses_badge_is_in_red_and_fills_no_place(ask) -> None:
    row = rows(ask("table", "--json").document)["Finn Other"]
    assert (row["filled"], row["required"]) == (1, 4)
    assert "Finn Other" in rows(ask("table", "problem", "--json").document)
    assert "Water Chemistry ALARM: awarded to somebody else" in " ".join(ask("show", "Finn Other").out.split())


def test_row_14_who_has_all_parts_without_the_award_is_found_as_eligible(ask) -> None:
    eligible = rows(ask("table", "eligible", "--json").document)
    assert set(eligible) == {"Nia Eligible", "Ola Risk"}
    assert "Ada Complete" not in eligible  # she holds the award


def test_row_17_one_badge_counts_for_two_pathways_of_a_learner(ask) -> None:
    document = ask("table", "--json").document
    assert [rows(document, one)["Ben Close"]["filled"] for one in (WATER, GARDEN)] == [3, 1]
    for pathway in ("water", "garden"):
        assert "Soil Science" in ask("show", "Ben Close", pathway, "soil", "--plain").out


def test_row_21_a_job_profile_counts_skills_with_the_badges_that_prove_them(ask) -> None:
    row = rows(ask("table", "--json").document, SKILLS)["Ben Close"]
    assert (row["filled"], row["required"], row["verified_percent"]) == (3, 5, 60)
    (way,) = ask("show", "Ben Close", "Field", "--json").document["learner"]["pathways"]
    proofs = {place["name"]: place["by"] for place in way["places"] if place["by"]}
    assert proofs == {
        code: [f"{name} (verified 2026-11-21)"]
        for code, name in (("SAFE-1", "Laboratory Safety"), ("CHEM-2", "Water Chemistry"), ("EARTH-3", "Soil Science"))
    }


def test_row_29_a_ticket_that_ends_soon_names_the_place_lost(ask) -> None:
    assert set(rows(ask("table", "at-risk", "--json").document)) == {"Ola Risk"}
    (way,) = ask("show", "Ola Risk", "water", "--json").document["learner"]["pathways"]
    assert way["losses"] == [{"place": "First Aid", "day": "2026-12-31", "what": "badge"}]


@pytest.mark.parametrize("form", [[], ["--plain"], ["--json"]])
def test_row_30_the_pivot_of_skills_with_pseudonyms_holds_no_names(ask, form: list[str]) -> None:
    named = ask("table", "--pivot", "skills", "--who").out
    assert "Ben Close" in named
    for pivot in ("skills", "missing", "states"):
        ended = ask("table", "--pivot", pivot, "--who", "--pseudonyms", *form)
        assert ended.code == 0
        assert re.search(r"L-[0-9]{4,}", ended.out)
        for person in TWELVE.values():
            said = (ended.out + ended.err).casefold()
            assert not any(text.casefold() in said for text in (person.name, person.email, person.entry)), person
    document = ask("table", "--pivot", "skills", "--json").document
    assert {key[1]: line["cells"] for key, line in lines(document).items()} == {
        "Laboratory Safety": [10],
        "Water Chemistry": [6],
        "Soil Science": [5],
    }


def test_row_32_the_pivot_of_what_is_missing_equals_a_count_by_hand_and_hides_small_cells(ask) -> None:
    document = ask("table", "--pivot", "missing", "--pathway", WATER, "--anonymous", "--json").document
    assert document["pivot"]["of"] == 11
    # That eight of eleven lack the ticket would tell of the three who do not; and one alone lacks the laboratory.
    assert {key[1]: line["cells"] for key, line in lines(document).items()} == {
        "First Aid": [None],
        "Soil Science": [6],
        "Water Chemistry": [5],
        "Laboratory Safety": [None],
    }


def test_row_33_a_new_element_names_who_drops_from_met(ask, tmp_path: Path) -> None:
    longer = cohorts._water("2")
    longer["group"] = {"root": {"name": "Water Technician", "of": ["lab", "water", "soil", "aid", "bees"]}}
    elements = longer["element"]
    assert isinstance(elements, dict)
    longer["element"] = {**elements, "bees": cohorts._element("bees", 30)}
    with Cohort.open(tmp_path / "advisor" / "autumn") as cohort:
        found = handed(cohort.folder)
        scan(cohort, found, used(longer), now=NOW + timedelta(hours=2), at=AT, fetcher=None)
    changes = ask("diff", "--json").document["changes"]
    assert isinstance(changes, list)
    lost = {one["learner"] for one in changes if one["kind"] == "lost-by-definition" and one["pathway"] == WATER}
    assert lost >= {"Ada Complete", "Nia Eligible", "Ola Risk"}
    assert not any(one["kind"] == "lost-place" for one in changes)


def test_row_36_figures_at_two_dates_and_what_lies_between(ask) -> None:
    for place, name in enumerate(("S-0001", "S-0002")):
        figures = {who: row["filled"] for who, row in rows(ask("table", "--scan", name, "--json").document).items()}
        assert figures == {who: filled[place] for who, filled in FILLED.items()}
    changes = ask("diff", "--json").document["changes"]
    assert isinstance(changes, list)
    lost = [(one["learner"], one["text"]) for one in changes if one["kind"] == "lost-place"]
    assert lost == [("Dina Ticket", "First Aid is not filled any more: First Aid expired on 2026-10-01.")]


def test_row_37_a_letter_has_the_next_two_steps_each_with_hours_and_a_link(ask, tmp_path: Path) -> None:
    target = tmp_path / "letter.md"
    ended = ask("report", "Cem Stuck", "--to", "letter-md", "--pathway", WATER, "-o", target)
    assert ended.code == 0, ended.err
    text = target.read_text("utf-8")
    assert re.findall(r"^(\d)\. \*\*(.+?)\*\*: takes (\d+) h;", text, re.M) == [
        ("1", "First Aid", "4"),
        ("2", "Water Chemistry", "10"),
    ]
    for slug in ("aid", "water"):
        assert f"<https://rowan-college.example/{slug}>" in text
    assert not re.search(r"streak|in a row|days since|hurry", text, re.I)


def test_row_40_how_many_lack_a_requirement_and_who(ask) -> None:
    document = ask("table", "--pivot", "missing", "--pathway", WATER, "--json").document
    assert {key[1]: line["cells"] for key, line in lines(document).items()} == {
        "First Aid": [8],  # Ada, Nia and Ola hold one that is valid
        "Soil Science": [6],  # Ada, Ben, Dina, Nia and Ola; Ivo's is only described
        "Water Chemistry": [5],  # these and Marja; Eve's is revoked, Finn's is somebody else's
        "Laboratory Safety": [1],  # Lou
    }
    shown = ask("table", "--pivot", "missing", "--pathway", WATER, "--who", "--plain").out
    assert "Lou Nothing" in shown
    assert "Mo Ended" not in shown


def test_row_47_a_private_note_is_in_no_output_for_a_learner_and_feedback_is(ask, tmp_path: Path) -> None:
    private, word = "NEVER-TELL-THIS", "Well done, shall we talk"
    assert ask("show", "Ben Close", "--note", private).code == 0
    assert ask("show", "Ben Close", "--feedback", word).code == 0
    assert private in ask("show", "Ben Close").out
    out = tmp_path / "out"
    out.mkdir()
    for form in ("html", "letter", "letter-html", "letter-md"):
        assert ask("report", "Ben Close", "--to", form, "-o", out / f"one.{form}").code == 0
    for form in ("html", "csv", "jsonl"):
        assert ask("report", "--to", form, "-o", out / f"all.{form}").code == 0
    written = told(out)
    assert not [name for name, data in written.items() if private.encode() in data]
    assert word.encode() in written["one.letter-md"]
    assert word.encode() in written["one.letter-html"]


def test_row_48_a_draft_is_marked_wherever_an_advisor_sees_it(ask, tmp_path: Path) -> None:
    assert "Placement (draft)" in ask("table", "--plain").out
    assert "Water Technician (draft)" not in ask("table", "--plain").out
    assert "Placement (draft)" in ask("show", "Ben Close").out
    for form in ("html", "csv"):
        assert ask("report", "--to", form, "-o", tmp_path / f"all.{form}").code == 0
        assert "Placement (draft)" in (tmp_path / f"all.{form}").read_text("utf-8-sig")


def test_row_52_learners_stand_by_name_and_are_never_ranked(ask, tmp_path: Path) -> None:
    document = ask("table", "--pathway", WATER, "--json").document
    # One whose consent has ended is only named, below the others.
    shown = [row["learner"] for row in document["rows"] if not row["consent_ended"]]
    assert shown == sorted(shown, key=str.casefold)
    assert len(shown) == 11
    filled = [row["filled"] for row in document["rows"] if row["filled"] is not None]
    assert filled != sorted(filled)
    assert filled != sorted(filled, reverse=True)
    assert ask("report", "--to", "csv", "--pathway", WATER, "-o", tmp_path / "all.csv").code == 0
    with io.StringIO((tmp_path / "all.csv").read_text("utf-8-sig"), newline="") as file:
        reader = csv.DictReader(file)
        assert [row["Learner"] for row in reader] == shown
    assert not {"rank", "photo", "gender", "born", "age"} & {name.casefold() for name in reader.fieldnames or ()}
    assert ask("table", "--sort", "rank").code == 2


def test_row_53_a_name_in_syllabics_survives_everywhere(ask, tmp_path: Path) -> None:
    assert SYLLABICS in ask("table").out
    assert SYLLABICS in ask("table", "--plain").out
    assert SYLLABICS in rows(ask("table", "--json").document)
    assert SYLLABICS in ask("show", SYLLABICS).out
    for form in ("html", "csv", "tsv", "jsonl"):
        assert ask("report", "--to", form, "-o", tmp_path / f"all.{form}").code == 0
        written = (tmp_path / f"all.{form}").read_text("utf-8-sig")
        # JSON may write any letter as an escape.
        assert SYLLABICS in (written if form != "jsonl" else str([json.loads(line) for line in written.splitlines()]))
    for form in ("letter", "letter-html", "letter-md"):
        assert ask("report", SYLLABICS, "--to", form, "-o", tmp_path / form).code == 0
    assert SYLLABICS in (tmp_path / "letter-md").read_text("utf-8")
    assert SYLLABICS in (tmp_path / "letter-html").read_text("utf-8")

    from pypdf import PdfReader

    page = PdfReader(tmp_path / "letter").pages[0].extract_text()
    assert all(word in page for word in SYLLABICS.split())


def test_row_54_attested_hours_have_a_mark_of_their_own_and_are_never_called_verified(ask) -> None:
    line = ["Ben Close", "Placement", "hours", "--attest", "--who", "R. Lee", "--reason", "30 h at the farm"]
    assert ask("show", *line).code == 0
    (way,) = ask("show", "Ben Close", "Placement", "--json").document["learner"]["pathways"]
    assert (way["filled"], way["percent"], way["verified_percent"]) == (2, 100, 50)
    (place,) = [one for one in way["places"] if one["name"] == "Workplace hours"]
    assert (place["by"], place["state"]) == ([], "met")
    shown = " ".join(ask("show", "Ben Close", "Placement", "hours").out.split())
    assert "attested" in shown
    assert "R. Lee" in shown
    assert "verified" not in shown


def test_row_56_the_same_folder_gives_the_same_bytes(ask, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert ask("report", "--to", "html", "-o", tmp_path / name).code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
