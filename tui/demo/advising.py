"""`badgefolio demo --advisor`: thirty learners hand their badges over, and an advisor asks who is how far.

Told like `story`, in a folder of its own, by the commands that people type. Two issuers run on loopback while it lasts.
"""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path

from tui.demo.cohort import SampleCohort
from tui.demo.telling import Say, Step, fresh, moved_to, program, say_next, shown, tell, write_settings
from wallet.config import Config, Network
from wallet.paths import Paths

FOLDER = "badgefolio-demo-advisor"
ADVISOR = "Sam Guide"
_LEARNER = "Chidi Specimen"
_README = """\
Made by `badgefolio demo --advisor`. Everybody in here is invented; delete the folder whenever you like.

autumn-2026/        what thirty learners handed over, one file or sub-folder each, and what the scan made of it
*.pathway.toml      what the advisor asks about
reports/            the cohort as a page and a workbook, a learner's page, a letter
"""


def run_advisor_demo(out: Path | None, *, tui: bool, say: Say, now: datetime) -> int:
    """Tell the story into `out` (default: `badgefolio-demo-advisor` in this folder); the exit code.

    `tui` opens the cohort in the app instead, once it is scanned; the issuers can be asked as long as the app is open.
    Raises `TargetExistsError` when the folder is somebody else's.
    """
    folder = fresh(out or Path(FOLDER))
    home, cohort = folder / "home", folder / "autumn-2026"
    say("Thirty learners are awarded badges and hand them over …")
    with moved_to(home), SampleCohort(cohort, now) as world:
        for name, text in world.pathways:
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "README.txt").write_text(_README, encoding="utf-8")
        (folder / "reports").mkdir()
        write_settings(home, ADVISOR, world.allow_hosts)
        steps = _story(folder, cohort, world)
        if tui:
            return _in_the_app(steps[:1], home, cohort, world, say)
        say(
            f"Everything below happens in {shown(folder)}; your own wallet is not touched, no host but this computer is asked."
        )
        failed = tell(steps, say)
    _close(folder, home, failed, say)
    return 1 if failed else 0


def _story(folder: Path, cohort: Path, world: SampleCohort) -> tuple[Step, ...]:
    pathways = [word for name, _ in world.pathways for word in ("--pathway", shown(folder / name))]
    reports = folder / "reports"
    scan = ("cohort", "scan", shown(cohort), "--verify", *pathways)
    return (
        Step(
            "The folder is scanned, and issuers are asked",
            "Nothing that a bundle says of itself counts. One file is damaged, some badges are not what they seem: they are "
            "named, and stop nobody.",
            scan,
            ends=1,
        ),
        Step("Who is how far", "By name: people are not ranked.", ("cohort", "table")),
        Step("Who is close", "One place is missing, or two that take a day or two.", ("cohort", "table", "close")),
        Step(
            "What most of them lack",
            "Which course should run next? Only learners who hold consent are counted.",
            ("cohort", "table", "--pivot", "missing"),
        ),
        Step(
            "One learner",
            "Every place with the badge that fills it, or the reason why none does.",
            ("cohort", "show", _LEARNER, "aquaponics"),
        ),
        Step(
            "A private note, and a word for the learner",
            "They are never mixed: the note is in no report.",
            ("cohort", "show", _LEARNER, "--note", "Works nights until March; ask again then."),
        ),
        Step("", "", ("cohort", "show", _LEARNER, "--feedback", "Your raft records were a pleasure to read.")),
        Step(
            "The cohort as a page and as a workbook",
            "The page prints well and runs no script; no cell of the workbook can act as a formula.",
            ("cohort", "report", "--to", "html", "-o", shown(reports / "cohort.html")),
        ),
        Step("", "", ("cohort", "report", "--to", "xlsx", "-o", shown(reports / "cohort.xlsx"))),
        Step(
            "A letter to take home",
            "Two next steps with hours and dates, and the feedback.",
            ("cohort", "report", _LEARNER, "--to", "letter", "-o", shown(reports / "letter-chidi-specimen.pdf")),
        ),
        Step(
            f"{_LEARNER} earns one more badge and hands in a new bundle",
            "Only what changed is read and evaluated again; answers of the issuers that are new enough are not asked for twice.",
            (*scan, "--max-age", "1d"),
            ends=1,
            first=lambda: world.earn(_LEARNER, "first-aid"),
        ),
        Step("Who moved", "", ("cohort", "diff")),
        Step(
            "For a screen that others see",
            "Numbers for names, and no number that would tell of a few people.",
            ("cohort", "table", "--pivot", "skills", "--anonymous"),
        ),
        Step(
            "Whose consent has ended",
            "All that was derived from those learners goes, in every scan; their own files stay until you say otherwise.",
            ("cohort", "purge", "--expired", "--yes"),
        ),
    )


def _in_the_app(steps: tuple[Step, ...], home: Path, cohort: Path, world: SampleCohort, say: Say) -> int:
    from tui.app import run_app

    failed = tell(steps, say)
    if failed:
        return 1
    config = Config(person=ADVISOR, network=Network(allow_hosts=world.allow_hosts))
    code = run_app(Paths.under(home), config, sample=True, cohort=cohort)
    say(f"The sample cohort stays in {shown(cohort)} until the next demo; delete it whenever you like.")
    return code


def _close(folder: Path, home: Path, failed: int, say: Say) -> None:
    say("")
    if failed:
        say(f"{failed} of the steps did not end as they should.")
        return
    say(f"Done. In {shown(folder)} you find:")
    for name, about in (
        ("reports/cohort.html", "open it in a browser, or print it"),
        ("reports/cohort.xlsx", "for a spreadsheet"),
        ("reports/letter-chidi-specimen.pdf", "for the learner"),
        ("autumn-2026/", "what learners handed over"),
    ):
        say(f"  {name:<34} {about}")
    at_home = f"BADGEFOLIO_HOME={shlex.quote(shown(home))}"
    say_next(
        (
            (f"{program()} demo --advisor --tui", "the same cohort in the full-screen app"),
            (f"{at_home} {program()} cohort table problem", "look around in the sample cohort"),
            (f"{program()} cohort scan FOLDER --pathway FILE", "begin with your own learners"),
        ),
        say,
    )
