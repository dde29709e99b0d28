"""What docs/json.md promises is what the commands print, key for key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DOC = Path(__file__).parents[3] / "docs" / "json.md"
# Documented as a whole: their members are those of Open Badges, or counts by name.
OPAQUE = ("credential", "left_out", "about")


def rows() -> Iterator[tuple[str, str, str]]:
    """Title, key and words of every line of every table."""
    title = ""
    for line in DOC.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            title = line.lstrip("# ")
        row = re.match(r"\| `([^`]+)` \| (.*)\|", line)
        if row and title:
            yield title, row[1], row[2]


def documented() -> dict[str, set[str]]:
    tables: dict[str, set[str]] = {}
    for title, key, _ in rows():
        tables.setdefault(title, set()).add(key)
    shared = {"*": "A badge", "badges[]": "A badge", "*issuer": "An issuer", "issuers[]": "An issuer"}
    for keys in tables.values():
        for key in keys & shared.keys():
            keys.remove(key)
            members = tables[shared[key]]
            keys |= members if key[0] == "*" else {f"{key}.{name}" for name in members}
    return tables


def opaque(title: str) -> set[str]:
    """Keys whose members are documented elsewhere."""
    return {*OPAQUE, *(key for table, key, words in rows() if table == title and "members as in" in words)}


def paths(value: object, hidden: set[str], path: str = "") -> Iterator[str]:
    if path.removesuffix("[]") in hidden:
        return
    if isinstance(value, dict):
        for key, member in value.items():
            here = f"{path}.{key}" if path else key
            yield here
            yield from paths(member, hidden, here)
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, hidden, f"{path}[]")


def compare(document: dict[str, object]) -> None:
    promised = documented()[str(document["format"])]
    printed = set(paths(document, opaque(str(document["format"]))))
    assert printed <= promised, f"not documented: {sorted(printed - promised)}"
    missing = {key for key in promised if "." not in key} - printed
    assert not missing, f"documented, not printed: {sorted(missing)}"


COMMANDS = (
    ("badgefolio-list/1", "list"),
    ("badgefolio-list/1", "search water"),
    ("badgefolio-badge/1", "show Water"),
    ("badgefolio-badge/1", "show Forklift"),
    ("badgefolio-change/1", "tag lab Water"),
    ("badgefolio-change/1", "note Water mine"),
    ("badgefolio-change/1", "hide Water"),
    ("badgefolio-change/1", "remove Water"),
    ("badgefolio-undo/1", "undo"),
    ("badgefolio-history/1", "history"),
    ("badgefolio-history/1", "history Raft"),
    ("badgefolio-shared/1", "history --shared"),
    ("badgefolio-issuers/1", "issuer list"),
    ("badgefolio-issuer/1", "issuer show Prairie"),
    ("badgefolio-issuer/1", "issuer trust Growers --note mine"),
    ("badgefolio-identities/1", "identity list"),
    ("badgefolio-pathways/1", "pathway list"),
    ("badgefolio-pathway-change/1", "pathway remove aquaponics"),
    ("badgefolio-pathway/1", "pathway show aquaponics"),
    ("badgefolio-progress/1", "pathway progress"),
    ("badgefolio-progress/1", "pathway missing"),
    ("badgefolio-pathway-next/1", "pathway next aquaponics"),
    ("badgefolio-pathway-finish/1", "pathway shortest aquaponics --hours-per-week 3"),
    ("badgefolio-pathway-closest/1", "pathway closest"),
    ("badgefolio-pathway-what-if/1", "pathway what-if aquaponics --add raft --drop Water"),
    ("badgefolio-pathway-what-if/1", "pathway what-if aquaponics --add raft --or nft"),
    ("badgefolio-pathway-credit/1", "pathway credit aquaponics"),
    ("badgefolio-pathway-risk/1", "pathway at-risk aquaponics --days 3000"),
    ("badgefolio-pathway-diff/1", "pathway diff aquaponics aquaponics"),
    ("badgefolio-pathway-explain/1", "pathway explain aquaponics"),
    ("badgefolio-pathway-record/1", "pathway plan aquaponics raft"),
    ("badgefolio-pathway-record/1", "pathway except aquaponics raft force-complete --who A --reason B"),
    ("badgefolio-doctor/1", "doctor"),
    ("badgefolio-paths/1", "paths"),
    ("badgefolio-config/1", "config"),
    ("badgefolio-accounts/1", "account list"),
    ("badgefolio-report/1", "verify Water --offline"),
    ("badgefolio-checks/1", "verify --list-checks"),
    ("badgefolio-letter/1", "verify Master --offline --letter"),
    ("badgefolio-letter/1", "verify Water --offline --letter"),
)


@pytest.mark.parametrize(("shape", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_a_command_prints_the_documented_shape(cli, learner, shape: str, line: str) -> None:
    ended = cli(*line.split(), "--json")
    assert ended.document["format"] == shape, ended.err
    compare(ended.document)


def test_every_kind_of_input_gives_the_documented_report(cli, learner) -> None:
    ended = cli("verify", learner.downloads, learner.downloads / "screenshot.png", "--json", *learner.allow)
    assert len(ended.documents) == 9
    for document in ended.documents:
        compare(document)


def test_every_item_of_an_import_gives_the_documented_line(cli, sample) -> None:
    ended = cli("import", sample.downloads, sample.downloads / "screenshot.png", "--json")
    assert [document["outcome"] for document in ended.documents].count("added") == 8
    for document in ended.documents:
        compare(document)


def test_pathway_files_and_exports_give_the_documented_shapes(cli, learner, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(learner.world.pathway)
    bad.write_text(learner.world.pathway.replace("need", "neeed", 1))
    for document in cli("pathway", "check", good, bad, "--json").documents:
        compare(document)
    compare(cli("pathway", "add", good, "--json").document)
    terms = ["--to", "A", "--purpose", "B", "--expires", "2999-01-01", "--yes"]
    for line in (["portfolio"], ["certificate", "Water"], ["originals"], ["bundle", *terms]):
        compare(cli("export", *line, "-o", tmp_path / line[0], "--json").document)
    for line in (["history", "--shared"], ["show", "Water"]):
        compare(cli(*line, "--json").document)
    checked, *reports = cli("verify", tmp_path / "bundle", "--offline", "--json").documents
    compare(checked)
    for report in reports:
        compare(report)


def test_pathways_begun_brought_in_and_handed_out_give_the_documented_shapes(cli, learner, tmp_path: Path) -> None:
    source = tmp_path / "canvas.json"
    source.write_text('{"name": "Care", "badgeRequirements": {"requiredBadges": ["https://college.example/b/1"]}}')
    compare(cli("pathway", "new", "Care", "-o", tmp_path / "care.pathway.toml", "--json").document)
    compare(cli("pathway", "import", source, "--json").document)
    compare(cli("pathway", "export", "aquaponics", "--to", "ctdl", "-o", tmp_path / "a.json", "--json").document)


def test_every_documented_shape_is_tested_here() -> None:
    tested = {shape for shape, _ in COMMANDS} | {
        "badgefolio-import/1",
        "badgefolio-export/1",
        "badgefolio-bundle-check/1",
        "badgefolio-cohort/1",  # in test_cohort
        "badgefolio-pathway-check/1",
        "badgefolio-pathway-new/1",
        "badgefolio-pathway-import/1",
        "badgefolio-pathway-export/1",
    }
    assert {title for title in documented() if "/" in title} == tested


def test_json_holds_nothing_but_ascii(cli, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"name": "\\u001b]52;c;aGk=\\u0007 é \\u202e"}', encoding="utf-8")
    ended = cli("import", tmp_path / "b.json", "--json")
    assert ended.out.isascii()
    assert ended.out.replace("\n", "").isprintable()
