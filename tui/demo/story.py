"""`badgefolio demo`: the whole product at work on a sample learner, told step by step, by the same commands that people type.

Everything happens in a folder of its own: the learner's wallet, cache and settings are not looked at. Two issuers run on
loopback while the story is told; no other host is ever contacted. A step that ends otherwise than it must makes the exit code 1.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tui.demo.sample import EMAIL, LEARNER, SampleWorld
from tui.demo.telling import Say, Step, fresh, moved_to, program, say_next, shown, tell, write_settings
from wallet.config import Config, Network
from wallet.paths import Paths

FOLDER = "badgefolio-demo"
_README = """\
Made by `badgefolio demo`. Everybody in here is invented; delete the folder whenever you like.

portfolio.html           a page to send: open it in a browser
certificate-*.pdf        certificates to print; each carries the badge it certifies
downloads/               the badge files as the sample learner downloaded them
aquaponics.pathway.toml  what the badges add up to
home/wallet/             the sample learner's wallet
"""


def run_demo(out: Path | None, *, tui: bool, say: Say, now: datetime) -> int:
    """Tell the story into `out` (default: `badgefolio-demo` in this folder); the exit code.

    `tui` opens the sample wallet in the app instead, as soon as the badges are there: the college can be asked as long as
    the app is open, the growers are gone already. Raises `TargetExistsError` when the folder is somebody else's.
    """
    folder = fresh(out or Path(FOLDER))
    home = folder / "home"
    downloads = folder / "downloads"
    with moved_to(home), SampleWorld(downloads, now) as world:
        pathway = folder / "aquaponics.pathway.toml"
        pathway.write_text(world.pathway, encoding="utf-8")
        (folder / "README.txt").write_text(_README, encoding="utf-8")
        write_settings(home, LEARNER, world.allow_hosts)
        steps = _story(folder, world)
        if tui:
            return _in_the_app(steps[:4], home, world, say)
        say(
            f"Everything below happens in {shown(folder)}; your own wallet is not touched, no host but this computer is asked."
        )
        failed = tell(steps, say)
    _close(folder, failed, say)
    return 1 if failed else 0


def _story(folder: Path, world: SampleWorld) -> tuple[Step, ...]:
    downloads = shown(folder / "downloads")
    portfolio = shown(folder / "portfolio.html")
    return (
        Step(
            f"{LEARNER} says who she is",
            "Badges name their learner by a hashed address; this one is hers. It stays on this computer.",
            ("identity", "add", f"email:{EMAIL}"),
        ),
        Step(
            "She brings in a link and a folder of downloads",
            "Pictures, SVG, JSON and signed tokens are recognised by what is in them. One picture lost its badge on the way.",
            ("import", world.url, downloads, shown(folder / "downloads" / "screenshot.png")),
            ends=1,
        ),
        Step(
            "She keeps the pathway that the college publishes",
            "A pathway says which badges make up a larger credential.",
            ("pathway", "add", shown(folder / "aquaponics.pathway.toml")),
        ),
        Step(
            "Every badge is verified with its issuer",
            "Signatures, keys, hosted copies, scope, revocation, recipient and dates: bad badges are named, with the reason.",
            ("verify", "--all"),
            ends=1,
        ),
        Step("What she has", "Each verdict is dated.", ("list",)),
        Step(
            "Why one of them is refused",
            "The forged badge says all the right things; the signature is not the college's.",
            ("verify", "Master Grower"),
            ends=1,
        ),
        Step(
            "How far she is",
            "Only badges that still hold count. Each one that does not says why.",
            ("pathway", "progress"),
        ),
        Step("What is missing", "With hours, facilitation and dates where they are known.", ("pathway", "missing")),
        Step(
            "A portfolio for an employer",
            "One page without scripts or outside requests; every badge can be checked from it.",
            ("export", "portfolio", "-o", portfolio),
        ),
        Step(
            "A certificate to print",
            "A tagged PDF that carries the badge itself.",
            ("export", "certificate", "Water Chemistry", "-o", shown(folder / "certificate-water-chemistry.pdf")),
        ),
        Step(
            "The same on the paper that North America uses",
            "",
            (
                "export",
                "certificate",
                "Nutrient Film",
                "--paper",
                "letter",
                "-o",
                shown(folder / "certificate-nutrient-film.pdf"),
            ),
        ),
        Step(
            "An issuer goes out of business",
            "The growers' server is gone now. Unreachable is not invalid: the earlier proof is shown with its date.",
            ("verify", "Field Hours 30"),
            ends=4,
            first=world.close_growers,
        ),
        Step(
            "The proof that was kept",
            "From the evidence in the wallet, without any network.",
            ("verify", "--offline", "Field Hours 30"),
        ),
        Step("Nothing was lost", "Every byte in the wallet is what it was when it came in.", ("doctor",)),
    )


def _in_the_app(steps: Sequence[Step], home: Path, world: SampleWorld, say: Say) -> int:
    from tui.app import run_app

    say("Making the sample wallet …")
    failed = tell(steps, say)
    if failed:
        return 1
    world.close_growers()
    config = Config(person=LEARNER, network=Network(allow_hosts=world.allow_hosts))
    code = run_app(Paths.under(home), config, sample=True)
    say(f"The sample wallet stays in {shown(home)} until the next demo; delete it whenever you like.")
    return code


def _close(folder: Path, failed: int, say: Say) -> None:
    say("")
    if failed:
        say(f"{failed} of the steps did not end as they should.")
        return
    home = shlex.quote(shown(folder / "home"))
    say(f"Done. In {shown(folder)} you find:")
    for name, about in (
        ("portfolio.html", "the page for an employer; open it in a browser"),
        ("certificate-water-chemistry.pdf", "A4, with the badge inside"),
        ("certificate-nutrient-film.pdf", "Letter"),
        ("home/wallet/", "the sample learner's wallet"),
    ):
        say(f"  {name:<34} {about}")
    say_next(
        (
            (f"{program()} demo --tui", "the same wallet in the full-screen app"),
            (f"{program()} demo --advisor", "thirty learners in an advisor's folder"),
            (f"BADGEFOLIO_HOME={home} {program()} list", "look around in the sample wallet"),
            (f"{program()} import FILE-OR-LINK", "begin your own wallet"),
            (f"{program()} --help", "everything else"),
        ),
        say,
    )
