"""Copies of one badge become one badge with several originals, and that is said; what only looks alike stays apart."""

from __future__ import annotations

from pathlib import Path

from tests.generate import badges

UUID = "0f0f0f0f-1234-4abc-8def-0123456789ab"


def write(folder: Path, **files: bytes) -> list[Path]:
    """Files by name; the last underscore is the dot before the suffix."""
    made = []
    for name, data in files.items():
        made.append(folder / ".".join(name.rsplit("_", 1)))
        made[-1].write_bytes(data)
    return made


def originals(cli) -> list[int]:
    """How many originals each badge in the wallet has."""
    listed = cli("list", "--json").document["badges"]
    return sorted(len(cli("show", badge["id"], "--json").document["originals"]) for badge in listed)


def test_a_thumbnail_and_the_full_picture_are_one_badge(cli, tmp_path: Path) -> None:
    text = badges.encode(badges.assertion())
    full, small = write(
        tmp_path,
        full_png=badges.png(badges.itxt(text), size=5_000),
        small_png=badges.png(badges.itxt(text), size=100),
    )
    ended = cli("import", full, small)
    assert ended.code == 0
    assert "1 added, 1 already there." in ended.err
    assert "already there" in ended.out
    assert cli("list", "--json").document["total"] == 1
    # Both pictures can be handed out again, byte for byte.
    cli("export", "originals", "-o", tmp_path / "out")
    kept = [file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert full.read_bytes() in kept and small.read_bytes() in kept


def test_a_picture_and_its_json_with_other_bytes_are_one_badge(cli, tmp_path: Path) -> None:
    baked = badges.encode(badges.assertion(narrative="As baked."))
    sources = write(tmp_path, a_png=badges.png(badges.itxt(baked)), b_json=badges.encode(badges.assertion()))
    ended = cli("import", *sources)
    assert "1 added, 1 merged as further copies." in ended.err
    (line,) = [line for line in ended.out.splitlines() if line.startswith(("another copy of", "merged"))]
    short = cli("list", "--json").document["badges"][0]["short"]
    assert short in line and "b.json" in line
    assert originals(cli) == [2]


def test_three_host_names_of_one_badge_are_one_badge(cli, tmp_path: Path) -> None:
    ids = (
        f"https://api.credly.com/v1/obi/v2/badge_assertions/{UUID}",
        f"https://www.credly.com/api/v1/obi/v2/badge_assertions/{UUID.upper()}",
        f"https://www.youracclaim.com/badges/{UUID}",
    )
    sources = write(
        tmp_path, **{f"f{number}_json": badges.encode(badges.assertion(id=url)) for number, url in enumerate(ids)}
    )
    ended = cli("import", *sources, "--json")
    assert [document["outcome"] for document in ended.documents] == ["added", "merged", "merged"]
    assert len({document["badge"] for document in ended.documents}) == 1
    assert originals(cli) == [3]


def test_spellings_of_one_address_are_one_badge(cli, tmp_path: Path) -> None:
    ids = ("https://A.example/1", "http://a.example/1/", "https://a.example:443/1?v=2_0", "https://a.example/1#x")
    sources = write(
        tmp_path, **{f"f{number}_json": badges.encode(badges.assertion(id=url)) for number, url in enumerate(ids)}
    )
    assert "1 added, 3 merged as further copies." in cli("import", *sources).err


def test_badges_of_the_same_name_issuer_and_day_for_two_people_stay_apart(cli, tmp_path: Path) -> None:
    people = ({"type": "email", "hashed": False, "identity": f"{name}@learner.example"} for name in ("mina", "noor"))
    sources = write(
        tmp_path,
        **{
            f"f{number}_json": badges.encode(
                badges.assertion(number, recipient=person, badge=badges.badge_class(issuer=badges.issuer()))
            )
            for number, person in enumerate(people)
        },
    )
    assert "2 added." in cli("import", *sources).err


def test_a_copy_is_taken_apart_again_by_undo(cli, tmp_path: Path) -> None:
    first, second = write(
        tmp_path,
        a_json=badges.encode(badges.assertion()),
        b_json=badges.encode(badges.assertion(narrative="More")),
    )
    cli("import", first)
    cli("import", second)
    assert originals(cli) == [2]
    cli("undo")
    assert originals(cli) == [1]


class TestTwoVersionsOfOneAward:
    """Open Badges 2.0 and 3.0 have ids of their own: two badges, and a word about it."""

    def older(self, **changes: object) -> bytes:
        award = {"badge": badges.badge_class(issuer=badges.issuer(name="Rowan College")), **changes}
        return badges.encode(badges.assertion(**award))

    def newer(self, **changes: object) -> bytes:
        return badges.encode(badges.open_badge_3(**{"validFrom": "2026-03-02T12:00:00Z", **changes}))

    def test_both_are_kept_and_it_is_said_that_they_look_alike(self, cli, tmp_path: Path) -> None:
        older, newer = write(tmp_path, old_json=self.older(), new_json=self.newer())
        assert "looks like" not in cli("import", older).err
        ended = cli("import", newer)
        assert "1 added." in ended.err
        assert "Laboratory Safety looks like the same award as" in ended.err
        assert cli("list", "--json").document["total"] == 2

    def test_it_is_said_once_when_both_come_together(self, cli, tmp_path: Path) -> None:
        sources = write(tmp_path, old_json=self.older(), new_json=self.newer())
        assert cli("import", *sources).err.count("looks like the same award") == 1
        assert "looks like" not in cli("import", *sources).err

    def test_the_name_alone_is_not_enough(self, cli, tmp_path: Path) -> None:
        sources = write(
            tmp_path,
            old_json=self.older(),
            day_json=self.newer(id="urn:uuid:1", validFrom="2025-03-02T12:00:00Z"),
            issuer_json=badges.encode(
                badges.open_badge_3(
                    id="urn:uuid:2",
                    validFrom="2026-03-02T12:00:00Z",
                    issuer={"id": "https://other.example/i", "type": ["Profile"], "name": "Another College"},
                )
            ),
        )
        ended = cli("import", *sources)
        assert "3 added." in ended.err
        assert "looks like" not in ended.err
