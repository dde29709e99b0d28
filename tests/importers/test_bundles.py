"""A bundle gives its originals and nothing else, whatever it says of itself."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from importers.bundles import bundle_in, open_bundle
from importers.find import find
from tests.generate.badges import assertion, encode
from tests.generate.containers import zipped
from wallet.bundle import MEMBER, SUMS, Bundle, BundleError, BundleFile
from wallet.bundle_check import Held
from wallet.bundle_json import write_bundle

MOMENT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def award(number: int) -> bytes:
    return encode(assertion(number))


def bundled(originals: dict[str, bytes], **others: bytes) -> dict[str, bytes]:
    def listed(name: str, data: bytes, part: str) -> BundleFile:
        return BundleFile(name, sha256(data).hexdigest(), len(data), "application/json", part)

    files = [listed(name, data, "original") for name, data in originals.items()]
    files += [listed(name, data, "evidence") for name, data in others.items()]
    told = write_bundle(Bundle(MOMENT, "Riverbend College", "Recognition", files=tuple(files)))
    return {MEMBER: told, **originals, **others}


def test_only_originals_are_found_and_the_bundle_is_told() -> None:
    members = bundled({"originals/a.json": award(1)}, evidence=award(2)) | {"extra.json": award(3)}
    report = find(zipped(members), name="bundle.zip")
    assert [item.raw for item in report.found] == [award(1)]
    assert [item.source for item in report.found] == ["bundle.zip!originals/a.json"]
    assert [(one.source, one.bundle.audience) for one in report.bundles] == [("bundle.zip", "Riverbend College")]
    assert not report.refused


def test_a_bundle_inside_another_archive_is_one_as_well() -> None:
    inner = zipped(bundled({"originals/a.json": award(1)}, evidence=award(2)))
    report = find(zipped({"from-ada.zip": inner, "plain.json": award(3)}), name="outer.zip")
    assert [item.raw for item in report.found] == [award(1), award(3)]
    assert [one.source for one in report.bundles] == ["outer.zip!from-ada.zip"]


def test_a_plain_archive_is_no_bundle() -> None:
    data = zipped({"a.json": award(1), "bundle.json": b"{}"})
    assert bundle_in(data) is None
    assert open_bundle(data) is None
    assert len(find(data).found) == 1
    assert bundle_in(b"not a zip") is None
    assert bundle_in(b"PK\x03\x04 bundle.json") is None


@pytest.mark.parametrize("told", [b'{"format": "badgefolio-bundle/1"', b'{"format": "badgefolio-bundle/9"}'])
def test_a_bundle_with_a_broken_description_is_refused_with_the_next_step(told: bytes) -> None:
    data = zipped({"originals/a.json": award(1), MEMBER: told})
    with pytest.raises(BundleError):
        bundle_in(data)
    opened = open_bundle(data)
    assert opened is not None
    assert opened.broken is not None
    report = find(data, name="bundle.zip")
    assert not report.found
    assert [refused.code for refused in report.refused] == ["bundle-broken"]


def test_all_files_of_a_bundle_can_be_looked_at_hidden_ones_too() -> None:
    members = bundled({"originals/a.json": award(1)}) | {".hidden": b"x", "__MACOSX/y": b"z", SUMS: b"0"}
    opened = open_bundle(zipped(members))
    assert opened is not None
    assert opened.contents == {name: Held.of(data) for name, data in members.items()}
    assert opened.listing == members[SUMS]
    assert opened.unread == ()


def test_names_that_come_twice_and_bombs_are_named_and_not_read() -> None:
    members = bundled({"originals/a.json": award(1)})
    data = zipped([*members.items(), ("originals/a.json", award(2)), ("bomb", bytes(9 * 2**20))])
    opened = open_bundle(data)
    assert opened is not None
    assert {name: why.code for name, why in opened.unread} == {
        "originals/a.json": "archive-unsafe",
        "bomb": "archive-unsafe",
    }
    assert not find(data).found
