"""The wallet as its users see it: what goes in is found again, changes can be taken back, names mean one badge or none."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from tests.generate import badges
from tests.support.wallets import NOW, RecordingDisk, found, later, open_wallet, raw_sha, report
from wallet.errors import NewerFormatError, NotFoundError, StoreDamagedError, StoreError, UsageError
from wallet.found import Carrier, Found, Kind
from wallet.model import Identity
from wallet.paths import Paths
from wallet.store.wallet import Wallet
from wallet.verify.report import Verdict

# what goes in


def test_an_added_badge_is_listed_with_what_it_says_of_itself(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (added,) = wallet.add([found(1)], now=NOW)
        (row,) = wallet.list_badges()
    assert added.outcome == "added" and added.badge == raw_sha(found(1)) == row.id
    assert (row.name, row.issuer_name) == ("Bread Baking", "Rowan College")
    assert row.verdict is None and row.added_at == NOW
    assert row.short == row.id[:6]


def test_what_was_added_is_there_after_opening_again(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1, picture=True)], now=NOW)
    with open_wallet(tmp_path, now=later(days=1)) as wallet:
        (badge,) = [wallet.badge(row.id) for row in wallet.list_badges()]
        (form,) = badge.representations
        assert wallet.read(form.raw_sha) == found(1).raw
        assert form.container_sha is not None
        assert wallet.read(form.container_sha) == found(1, picture=True).container
        assert badge.row.image_sha == form.container_sha
    assert [step.text for step in form.steps] == ["1.json", "JSON"]
    assert form.fetch_url == f"{badges.HOST}/awards/1"
    assert badge.credential is not None and badge.credential.id == f"{badges.HOST}/awards/1"


def test_the_same_bytes_again_are_a_duplicate_and_change_nothing(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        first = wallet.add([found(1)], now=NOW)[0]
        again = wallet.add([found(1)], now=later(hours=1))[0]
        assert (again.outcome, again.badge) == ("duplicate", first.badge)
        assert len(wallet.history()) == 1


def test_a_picture_of_a_known_badge_is_kept_with_it(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1)], now=NOW)
        (again,) = wallet.add([found(1, picture=True)], now=later(hours=1))
        badge = wallet.badge(again.badge)
    assert again.outcome == "duplicate"
    assert badge.row.representations == 1 and badge.row.image_sha is not None


def test_other_bytes_under_the_same_address_become_another_form_of_the_badge(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (first,) = wallet.add([found(1)], now=NOW)
        spelt = f"{badges.HOST.replace('https', 'http')}/awards/1/?v=2_0#top"
        (other,) = wallet.add([found(1, id=spelt)], now=NOW)
        (row,) = wallet.list_badges()
        assert (other.outcome, other.badge) == ("merged", first.badge)
        assert row.representations == 2
        assert wallet.row(raw_sha(found(1, id=spelt))).id == row.id, "any form's hash finds the badge"
        assert len(wallet.subjects(row.id)) == 2


def test_one_award_under_two_addresses_is_one_badge(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        outcomes = wallet.add([found(1), found(1, id=f"{badges.HOST}/other/1")], now=NOW)
    assert [item.outcome for item in outcomes] == ["added", "merged"]


def test_awards_to_two_people_are_two_badges(tmp_path: Path) -> None:
    other = {"type": "email", "hashed": False, "identity": "somebody.else@learner.example"}
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1), found(1, id=f"{badges.HOST}/other/1", recipient=other)], now=NOW)
        assert wallet.count() == 2


def test_two_signed_awards_that_look_alike_stay_two(tmp_path: Path) -> None:
    def signed(number: int) -> Found:
        raw = badges.token(badges.signed_assertion(number, badge=badges.badge_class(issuer=badges.issuer())))
        return Found(Kind.OB2_JWS, Carrier.JWS, raw)

    with open_wallet(tmp_path) as wallet:
        assert [item.outcome for item in wallet.add([signed(1), signed(2)], now=NOW)] == ["added", "added"]


def test_a_batch_answers_in_order_whatever_is_double_in_it(tmp_path: Path) -> None:
    batch = [found(1), found(2), found(1), found(3, id=f"{badges.HOST}/awards/2"), found(4)]
    with open_wallet(tmp_path) as wallet:
        outcomes = wallet.add(batch, now=NOW)
        assert [item.outcome for item in outcomes] == ["added", "added", "duplicate", "merged", "added"]
        assert [item.found for item in outcomes] == batch
        assert wallet.count() == 3


def test_hundreds_of_badges_cost_two_syncs_and_one_append(tmp_path: Path) -> None:
    disk = RecordingDisk()
    with open_wallet(tmp_path, disk=disk) as wallet:
        wallet.add([found(number) for number in range(200)], now=NOW)
        assert wallet.count() == 200
    assert disk.count("syncfs") == 2 and disk.count("append") == 1
    order = [call for call, _ in disk.calls]
    assert max(place for place, call in enumerate(order) if call == "rename" and place < len(order) - 2) > 0
    objects_named = [place for place, (call, name) in enumerate(disk.calls) if call == "rename" and len(name) == 64]
    assert max(objects_named) < order.index("append"), "no line names an object that is not in place"


def test_nothing_is_announced_that_could_not_be_written(tmp_path: Path) -> None:
    for fail_at in range(1, 12):
        disk = RecordingDisk()
        with open_wallet(tmp_path / str(fail_at), disk=disk) as wallet:
            disk.calls.clear()
            disk._fail_at = fail_at
            try:
                announced = wallet.add([found(1), found(2)], now=NOW)
            except (StoreError, OSError):
                announced = ()
        with open_wallet(tmp_path / str(fail_at)) as again:
            assert {item.badge for item in announced} <= {row.id for row in again.list_badges()}


def test_bytes_that_are_no_badge_at_all_are_kept_all_the_same(tmp_path: Path) -> None:
    odd = [
        Found(Kind.OB2_JSON, Carrier.JSON, b"not json"),
        Found(Kind.OB2_URL, Carrier.URL, b"https://badges.example/9", fetch_url="https://badges.example/9"),
        Found(Kind.OB2_JSON, Carrier.JSON, b'{"id": "\\ud800 \\u0000"}'),
        Found(Kind.OB3_JWT, Carrier.JWS, b"a.b.c"),
    ]
    with open_wallet(tmp_path) as wallet:
        assert [item.outcome for item in wallet.add(odd, now=NOW)] == ["added"] * 4
        for row in wallet.list_badges():
            wallet.badge(row.id)


# lists and names


def test_every_word_must_begin_a_word_of_the_badge(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(number) for number in range(5)], now=NOW)
        assert [row.name for row in wallet.list_badges(text="brea bak")] == ["Bread Baking"]
        assert wallet.count(text="rowan") == 5
        assert wallet.count(text="bread knot") == 0
        assert wallet.list_badges(text='"*) OR ((') == ()
        assert wallet.count(text="  ") == 5
        assert len(wallet.list_badges(text="rowan", sort="relevance", limit=2)) == 2


def test_badges_can_be_found_without_accents(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1, name="Pâtisserie élémentaire")], now=NOW)
        assert wallet.count(text="patisserie ELEM") == 1


def test_lists_are_filtered_sorted_and_cut(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(number, issuedOn=f"2026-03-0{number + 1}T00:00:00Z") for number in range(5)], now=NOW)
        newest = [row.name for row in wallet.list_badges()]
        assert newest == ["Bee Keeping", "Sign Language", "Knot Tying", "Bread Baking", "Laboratory Safety"]
        assert [row.name for row in wallet.list_badges(limit=2, offset=1)] == newest[1:3]
        assert [row.name for row in wallet.list_badges(sort="name")] == sorted(newest)
        assert wallet.count(issuer="rowan") == wallet.count(issuer=f"{badges.HOST}/issuer") == 5
        assert wallet.count(issuer="50%_") == 0
        wallet.record(wallet.resolve("Knot").id, report(found(2)), now=NOW)
        assert wallet.count(verdict="valid") == wallet.count(verdict=Verdict.VALID) == 1
        assert wallet.count(verdict="unchecked") == 4
        assert wallet.verdict_counts() == {None: 4, Verdict.VALID: 1}
        with pytest.raises(UsageError):
            wallet.list_badges(sort="colour")
        with pytest.raises(UsageError):
            wallet.count(verdict="splendid")


def test_a_badge_is_named_by_a_prefix_of_its_id_or_by_its_name(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(number) for number in range(5)], now=NOW)
        row = wallet.resolve("Bread Baking")
        for name in (row.id, row.short, row.short.upper(), "bread baking", "Bread", row.credential_id or ""):
            assert wallet.resolve(name).id == row.id


def test_a_name_that_fits_two_badges_is_refused_with_both(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1, name="Bread \x1b[31mRed"), found(2, name="Bread White")], now=NOW)
        with pytest.raises(UsageError) as error:
            wallet.resolve("bread")
        assert all(row.short in error.value.message for row in wallet.list_badges())
        assert "\x1b" not in error.value.message
        with pytest.raises(NotFoundError):
            wallet.resolve("cheese")
        with pytest.raises(NotFoundError):
            wallet.resolve("")


def test_short_names_stay_unique_when_ids_begin_alike(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(number) for number in range(40)], now=NOW)
        wallet._index.query("select 1")
        # No two of a handful of hashes share six digits, so the rule is tried where they share one: with a width of 1.
        rows = wallet.list_badges()
        assert all(len(row.short) >= 6 and row.id.startswith(row.short) for row in rows)
        assert all(wallet.resolve(row.short).id == row.id for row in rows)


# changes


def test_a_removed_badge_is_gone_until_the_removal_is_undone(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (added,) = wallet.add([found(1)], now=NOW)
        wallet.remove([added.badge], now=later(hours=1))
        assert wallet.list_badges() == () and wallet.count(text="bread") == 0
        with pytest.raises(NotFoundError):
            wallet.row(added.badge)
        assert wallet.read(added.badge) == found(1).raw, "bytes are never deleted"
        undone = wallet.undo(now=later(hours=2))
        assert (undone.description, undone.count) == ("removing 1 badge", 1)
        assert [row.id for row in wallet.list_badges()] == [added.badge]


def test_importing_a_removed_badge_again_brings_it_back(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (added,) = wallet.add([found(1)], now=NOW)
        wallet.remove([added.badge], now=later(hours=1))
        (again,) = wallet.add([found(1)], now=later(hours=2))
        assert again.outcome == "added" and wallet.count() == 1


def test_undo_goes_back_command_by_command_and_leaves_verifications(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1), found(2)], now=NOW)
        badge = raw_sha(found(1))
        wallet.tag([badge], "favourite", True, now=later(hours=1))
        wallet.record(badge, report(found(1)), now=later(hours=2))
        wallet.hide([badge], True, now=later(hours=3))
        assert wallet.undo(now=later(hours=4)).description == "hiding 1 badge"
        assert wallet.undo(now=later(hours=5)).description == "tagging 1 badge 'favourite'"
        row = wallet.row(badge)
        assert (row.hidden, row.labels, row.verdict) == (False, (), Verdict.VALID)
        assert wallet.undo(now=later(hours=6)).count == 2
        assert wallet.count() == 0
        assert wallet.undo(now=later(hours=7)).count == 0
        wallet.add([found(1)], now=later(hours=8))
        assert wallet.row(badge).verdict is Verdict.VALID, "what was proven stays proven"


def test_undoing_a_merge_makes_two_badges_of_nothing_but_the_first(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (first,) = wallet.add([found(1)], now=NOW)
        wallet.add([found(1, narrative="another copy")], now=NOW)
        assert wallet.row(first.badge).representations == 2
        wallet.undo(now=NOW)
        assert wallet.row(first.badge).representations == 1 and wallet.count() == 1


def test_hidden_badges_are_listed_only_where_they_are_asked_for(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (added,) = wallet.add([found(1)], now=NOW)
        wallet.hide([added.badge], True, now=NOW)
        assert wallet.count() == 0 and wallet.count(hidden=True) == 1
        assert wallet.resolve("Bread").hidden
        wallet.hide([added.badge], False, now=NOW)
        assert wallet.count() == 1


def test_labels_and_notes_stay_with_the_badge(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (added,) = wallet.add([found(1)], now=NOW)
        wallet.tag([added.badge], "  for   work ", True, now=NOW)
        wallet.set_note(added.badge, "Ask Dr. Rowan for the photos.", now=NOW)
        assert wallet.row(added.badge).labels == ("for work",)
        assert wallet.count(text="work") == 1
        assert wallet.badge(added.badge).note == "Ask Dr. Rowan for the photos."
        wallet.set_note(added.badge, "", now=NOW)
        assert wallet.badge(added.badge).note is None
        for label in ("", "x" * 200, "a\x1b[31m"):
            with pytest.raises(UsageError):
                wallet.tag([added.badge], label, True, now=NOW)


def test_the_log_holds_no_free_text_and_no_name_of_a_person(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        item = found(1, picture=True)
        (added,) = wallet.add([item], now=NOW)
        wallet.set_note(added.badge, "Ask Dr. Rowan.", now=NOW)
        wallet.add_identity(Identity("email", badges.EMAIL), now=NOW)
        wallet.record(added.badge, report(item), now=NOW)
        log = b"".join(path.read_bytes() for path in (tmp_path / "wallet" / "events").iterdir())
    for secret in (b"Rowan", badges.EMAIL.encode(), b"1.json", b"example", b"Bread"):
        assert secret not in log


def test_a_retired_identity_still_matches_old_badges(tmp_path: Path) -> None:
    first, second = Identity("email", badges.EMAIL), Identity("url", "https://mina.example")
    with open_wallet(tmp_path) as wallet:
        wallet.add_identity(first, now=NOW)
        wallet.add_identity(second, now=NOW)
        wallet.add_identity(first, now=NOW)
        assert wallet.identities() == (first, second)
        wallet.retire_identity(first, now=NOW)
        assert wallet.identities() == (second,)
        assert wallet.identities(retired=True) == (first, second)
        wallet.undo(now=NOW)
        assert wallet.identities() == (first, second)
        with pytest.raises(UsageError):
            wallet.retire_identity(Identity("email", "nobody@learner.example"), now=NOW)


def test_two_wallets_name_one_identity_by_different_hashes(tmp_path: Path) -> None:
    identity = Identity("email", badges.EMAIL)
    names: list[set[str]] = []
    for base in (tmp_path / "one", tmp_path / "two"):
        with open_wallet(base) as wallet:
            wallet.add_identity(identity, now=NOW)
            names.append(set(wallet._objects.names()))
    assert not names[0] & names[1]


def test_a_change_of_several_badges_is_all_or_nothing(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        (added,) = wallet.add([found(1)], now=NOW)
        with pytest.raises(NotFoundError):
            wallet.remove([added.badge, "0" * 64], now=NOW)
        assert wallet.count() == 1


def test_history_tells_each_command_once_newest_first(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(number) for number in range(3)], now=NOW)
        badge = raw_sha(found(1))
        wallet.tag([badge], "favourite", True, now=later(hours=1))
        wallet.record(badge, report(found(1)), now=later(hours=2))
        wallet.undo(now=later(hours=3))
        told = [(entry.summary, entry.undone) for entry in wallet.history()]
        assert told == [
            ("undoing 1 change", False),
            ("checking 1 badge: valid", False),
            ("tagging 1 badge 'favourite'", True),
            ("adding 3 badges", False),
        ]
        own = [entry.kind for entry in wallet.history(badge)]
        assert own == ["verified", "tag.added", "badge.added"]
        assert all(entry.badge == badge for entry in wallet.history(badge))


# the learner's own files


def test_a_pathway_file_is_written_read_and_removed(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        path = wallet.save_pathway("nursing", b'id = "n"\n', now=NOW)
        assert path.name == "nursing.pathway.toml" and stat.S_IMODE(path.stat().st_mode) == 0o600
        assert wallet.pathway_files() == (("nursing.pathway.toml", b'id = "n"\n'),)
        wallet.save_pathway("nursing.pathway.toml", b'id = "n2"\n', now=NOW)
        wallet.undo(now=NOW)
        assert wallet.pathway_files()[0][1] == b'id = "n"\n'
        wallet.remove_pathway("n", now=NOW)
        assert wallet.pathway_files() == ()
        wallet.undo(now=NOW)
        assert len(wallet.pathway_files()) == 1
        with pytest.raises(NotFoundError):
            wallet.remove_pathway("absent", now=NOW)


def test_a_version_edited_by_hand_is_kept_when_it_is_replaced(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        path = wallet.save_pathway("nursing", b"first", now=NOW)
        path.write_bytes(b"edited by hand")
        wallet.save_pathway("nursing", b"third", now=NOW)
        contents = {wallet.read(name) for name in wallet._objects.names()}
        assert {b"first", b"edited by hand", b"third"} <= contents


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "", ".hidden", "a/b", "a\nb", "a\\b"])
def test_a_pathway_cannot_be_written_elsewhere(tmp_path: Path, name: str) -> None:
    with open_wallet(tmp_path) as wallet, pytest.raises(UsageError):
        wallet.save_pathway(name, b"", now=NOW)


# the folder


def test_nobody_else_can_read_a_wallet(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1, picture=True)], now=NOW)
        wallet.save_pathway("nursing", b"", now=NOW)
        places = [tmp_path / "wallet", tmp_path / "cache", tmp_path / "state"]
        for path in [inner for place in places for inner in (place, *place.rglob("*"))]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_wallet_of_a_later_format_can_be_read_and_not_written(tmp_path: Path) -> None:
    with open_wallet(tmp_path) as wallet:
        wallet.add([found(1)], now=NOW)
    head = tmp_path / "wallet" / "wallet.toml"
    head.write_text(head.read_text().replace("format = 1", "format = 2"))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "wallet").rglob("*")}
    with open_wallet(tmp_path) as wallet:
        assert wallet.count() == 1 and wallet.read_only
        for change in (
            lambda: wallet.add([found(2)], now=NOW),
            lambda: wallet.hide([raw_sha(found(1))], True, now=NOW),
            lambda: wallet.undo(now=NOW),
            lambda: wallet.save_pathway("nursing", b"", now=NOW),
            lambda: wallet.record_many([], now=NOW),
        ):
            with pytest.raises(NewerFormatError):
                change()
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "wallet").rglob("*")} == before


def test_no_wallet_is_made_where_one_is_only_looked_for(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Wallet.open(Paths.under(tmp_path), now=NOW, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_flipped_bit_in_the_head_never_opens_another_wallet(tmp_path: Path) -> None:
    open_wallet(tmp_path).close()
    head = tmp_path / "wallet" / "wallet.toml"
    whole = head.read_bytes()
    name = tomllib.loads(whole.decode())["id"]
    for place in range(whole.index(name.encode()), whole.index(name.encode()) + len(name)):
        changed = bytearray(whole)
        changed[place] ^= 1
        head.write_bytes(changed)
        with pytest.raises(StoreDamagedError):
            open_wallet(tmp_path)
