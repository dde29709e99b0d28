"""One learner's directory in the store of a cohort: everything that names or concerns them, and nobody else.

`learner.json` (who), `handed.json` (what they gave, by sha256), `originals` (its bytes, one after the other: a file for each
took ten times as long to write and to purge), `documents/` (answers of hosts that speak of them alone), `reports/` (online
checks), `results/` and `badges/` (what scans found), `records.jsonl`. What is written here can be made again from the learner's
files, but for `records.jsonl`, which is synced line by line; so a torn file counts as absent.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from wallet.cohort import forms, records
from wallet.cohort.kept import (
    Card,
    Given,
    Item,
    Online,
    document_name,
    online_of,
    read_card,
    read_document,
    read_given,
    read_online,
    write_card,
    write_document,
    write_given,
    write_online,
)
from wallet.cohort.model import CheckedBadge, Handed
from wallet.cohort.records import Record, Records
from wallet.fetch.base import Fetched
from wallet.model import Json, JsonObject
from wallet.store.disk import Disk
from wallet.store.sameness import normal_id
from wallet.verify.dossier import Subject
from wallet.verify.report import Report
from wallet.verify.report_json import to_json

#: How many things a result tells: see `wallet.cohort.scan`.
RESULT_PARTS = 8
#: Nanoseconds within which two changes of a file may bear one time; that of FAT, which USB sticks have, is the coarsest.
_COARSE = 2_000_000_000


class Drawer:
    """Reads and writes one learner's directory."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path, self._disk = path, disk
        self.number = path.name

    def make(self) -> None:
        """Make the directory and its parts."""
        for part in ("documents", "reports", "results", "badges"):
            self._disk.make_directory(self.path / part)

    # who, and what they gave

    def card(self) -> Card | None:
        """Who it is; None where that cannot be read."""
        return forms.read(self._bytes("learner.json"), lambda value: read_card(self.number, value))

    def put_card(self, card: Card) -> None:
        """Keep who it is."""
        self._put("learner.json", forms.dumps(write_card(card)))

    def looks(self, card: Card) -> str:
        """How the files looked when they were read; "" where they were so new that a change since might look the same."""
        try:
            written = (self.path / "learner.json").stat().st_mtime_ns
        except OSError:
            return ""
        return card.stamp.digest if card.stamp.newest < written - _COARSE else ""

    def given(self) -> Given | None:
        """What they gave."""
        return forms.read(self._bytes("handed.json"), read_given)

    def keeps(self) -> bool:
        """Whether what they gave is there in full length, so that it need not be taken in again."""
        given = self.given()
        if given is None:
            return False
        try:
            size = (self.path / "originals").stat().st_size
        except OSError:
            return False
        return all(sum(place) <= size for one in given.items for place in (one.original_at, one.raw_at))

    def put_given(self, given: Given, handed: Handed) -> None:
        """Keep what they gave: first the bytes, then the list of them."""
        contents = {
            sha256(content).hexdigest(): content
            for found in handed.found
            for content in (found.raw, found.container)
            if content is not None
        }
        places: dict[str, tuple[int, int]] = {}
        offset = 0
        for name, content in contents.items():
            places[name] = (offset, len(content))
            offset += len(content)
        items = tuple(replace(one, original_at=places[one.original], raw_at=places[one.raw]) for one in given.items)
        self._put("originals", b"".join(contents.values()))
        self._put("handed.json", forms.dumps(write_given(replace(given, items=items))))

    def subject(self, item: Item) -> Subject | None:
        """What a verification needs; None where the bytes are missing or changed."""
        raw = self.original(item.raw, item.raw_at)
        container = self.original(item.original, item.original_at) if item.original != item.raw else None
        if raw is None or (container is None and item.original != item.raw):
            return None
        return Subject(raw, item.kind, item.fetch_url, container)

    def original(self, name: str, at: tuple[int, int]) -> bytes | None:
        """Bytes that were handed over, by sha256 and place; None where they are missing or changed."""
        try:
            with (self.path / "originals").open("rb") as file:
                file.seek(at[0])
                content = file.read(at[1])
        except OSError:
            return None
        return content if sha256(content).hexdigest() == name else None

    # what hosts said

    def document(self, url: str) -> Fetched | None:
        """The kept answer for this URL."""
        return read_document(self._bytes(f"documents/{document_name(url)}"))

    def put_document(self, fetched: Fetched) -> None:
        """Keep an answer in place of an older one."""
        self._put(f"documents/{document_name(fetched.url)}", write_document(fetched))

    def report(self, raw: str) -> JsonObject | None:
        """The newest report of an online check of these bytes, as `wallet.verify.report_json` writes it."""
        packed = self._bytes(f"reports/{raw}")
        if packed is None:
            return None
        try:
            return forms.read(zlib.decompress(packed), forms.members)
        except zlib.error:
            return None

    def online(self) -> dict[str, Online]:
        """What online checks said, by the bytes that were checked."""
        found = forms.read(self._bytes("online.json"), lambda value: [read_online(one) for one in forms.items(value)])
        return {one.raw: one for one in found or ()}

    def put_online(self, reports: Sequence[Report]) -> None:
        """Keep the reports of online checks in place of older ones, and what they come to."""
        said = self.online()
        for report in reports:
            content = forms.dumps(to_json(report))
            one = online_of(report, sha256(content).hexdigest())
            held = said.get(one.raw)
            # A host that is silent today takes back nothing of what it said before.
            if held is None or one.settled or not held.settled:
                self._put(f"reports/{one.raw}", zlib.compress(content, 6))
                said[one.raw] = one
        self._put("online.json", forms.dumps([write_online(said[raw]) for raw in sorted(said)]))

    # what scans found

    def result(self, key: str) -> Sequence[Json] | None:
        """A result; None where it is not there or not one."""
        return forms.read(self._bytes(f"results/{key}"), _read_result)

    def put_result(self, key: str, value: Json) -> None:
        """Keep a result."""
        self._put(f"results/{key}", forms.dumps(value))

    def badges(self, key: str) -> tuple[CheckedBadge, ...] | None:
        """Badges as they were checked."""
        return forms.read(
            self._bytes(f"badges/{key}"), lambda value: tuple(forms.read_badge(one) for one in forms.items(value))
        )

    def has_badges(self, key: str) -> bool:
        """Whether they are there as they were written."""
        content = self._bytes(f"badges/{key}")
        return content is not None and sha256(content).hexdigest() == key

    def put_badges(self, badges: Sequence[CheckedBadge]) -> str:
        """Keep badges as they were checked; gives their key."""
        content = forms.dumps([forms.write_badge(one) for one in badges])
        key = sha256(content).hexdigest()
        if not self.has_badges(key):
            self._put(f"badges/{key}", content)
        return key

    def checks(self) -> tuple[str, str] | None:
        """What the last check rested on, and the key of the badges that came of it."""
        return forms.read(self._bytes("checks.json"), lambda value: _read_checks(value)[:2])

    def marks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Of each badge of the last check its original, and the marks by which another learner's copy is known."""
        return forms.read(self._bytes("checks.json"), lambda value: _read_checks(value)[2]) or ()

    def put_checks(self, basis: str, badges: str, found: Sequence[CheckedBadge]) -> None:
        """Keep what the last check rested on."""
        marks: Json = [[one.original, list(marks_of(one))] for one in found if one.original]
        self._put("checks.json", forms.dumps([basis, badges, marks]))

    def uses(self) -> frozenset[str]:
        """Names of the shared documents that were asked for when this learner's badges were checked, had or not."""
        found = forms.read(
            self._bytes("uses.json"), lambda value: frozenset(forms.text(one) for one in forms.items(value))
        )
        return found or frozenset()

    def put_uses(self, names: Iterable[str]) -> None:
        """Keep which shared documents are used."""
        wanted = sorted(names)
        if wanted != sorted(self.uses()):
            self._put("uses.json", forms.dumps(wanted))

    # what the advisor recorded

    def records(self) -> Records:
        """What holds."""
        content = self._bytes("records.jsonl")
        return records.parse(content) if content is not None else records.NOTHING

    def append(self, record: Record) -> None:
        """Record something, durably. Starts a new line if the last one is torn."""
        path = self.path / "records.jsonl"
        before = self._bytes("records.jsonl")
        torn = b"\n" if before is not None and before and not before.endswith(b"\n") else b""
        self._disk.append(path, torn + records.write(record))
        if before is None:
            self._disk.sync_directory(self.path)

    # bytes

    def all_files(self) -> Iterator[Path]:
        """Every file in it."""
        return (path for path in sorted(self.path.rglob("*")) if path.is_file())

    def _bytes(self, name: str) -> bytes | None:
        try:
            return self._disk.read(self.path / name)
        except OSError:
            return None

    def _put(self, name: str, content: bytes) -> None:
        self._disk.replace(self.path / name, content, durable=False)


def marks_of(badge: CheckedBadge) -> tuple[str, ...]:
    """Eight bytes each of the names under which two copies of a credential are one: its id, its bytes, its carrier's.

    Short, because half a million of them are compared; two that are alike by chance are not to be expected.
    """
    names = [badge.candidate.id, badge.original]
    if badge.credential_id:
        names.append(f"id {normal_id(badge.credential_id)}")
    return tuple(sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16] for name in dict.fromkeys(names))


def _read_checks(value: Json) -> tuple[str, str, tuple[tuple[str, tuple[str, ...]], ...]]:
    basis, badges, marks = forms.items(value)
    pairs = (forms.items(one) for one in forms.items(marks))
    known = tuple((forms.text(name), tuple(_read_mark(one) for one in forms.items(each))) for name, each in pairs)
    return forms.text(basis), forms.text(badges), known


def _read_mark(value: Json) -> str:
    int(forms.text(value), 16)
    return forms.text(value)


def _read_result(value: Json) -> Sequence[Json]:
    found = forms.items(value)
    if len(found) != RESULT_PARTS:
        raise ValueError("no result")
    forms.text(found[0])
    forms.items(found[-1])
    return found
