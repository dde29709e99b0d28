"""The wallet: what faces, exporters and scripts use. Every change is durable before it is announced.

A method that changes something stores objects first, then, under the lock of this device, catches up with the logs, decides,
appends and syncs its lines; the index follows and may fail without loss. `now` is always passed in. Nothing here talks to the
network, prints or asks.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from wallet.errors import NewerFormatError, UsageError
from wallet.found import Found
from wallet.model import Identity, Json
from wallet.paths import Paths
from wallet.store.adding import Incoming, make_plan
from wallet.store.describe import Reader
from wallet.store.disk import Disk, cannot_write
from wallet.store.events import Draft, LogEvent
from wallet.store.files import OwnFiles, sha_of
from wallet.store.folder import Folder, open_folder
from wallet.store.index import Index
from wallet.store.issuers import ID_CHARACTERS, IssuerRow, check_word, note_object, pins, trust_draft
from wallet.store.journal import BUSY_SECONDS, Journal
from wallet.store.objects import Objects
from wallet.store.packs import pack
from wallet.store.places import PlaceRecord, content_of, draft
from wallet.store.proof import Proof
from wallet.store.reading import no_badge, summary_of
from wallet.store.rows import Added, Attempt, Badge, BadgeRow, HistoryEntry, Representation, TimelineEntry, Undone
from wallet.store.search import SORTS, UNCHECKED
from wallet.store.shared import Disclosure, drafts
from wallet.store.shared import content_of as disclosure_object
from wallet.store.state import LASTING, SavedFile, undone_ops
from wallet.store.tables import SCHEMA
from wallet.text import clean
from wallet.verify.report import Report

LABEL_CHARACTERS = 80

__all__ = [
    "SORTS",
    "UNCHECKED",
    "Added",
    "Attempt",
    "Badge",
    "BadgeRow",
    "HistoryEntry",
    "IssuerRow",
    "PlaceRecord",
    "Representation",
    "TimelineEntry",
    "Undone",
    "Wallet",
]


class Wallet(Proof):
    """One open wallet. Use it as a context manager, or call `close`. Safe to use from several threads."""

    def __init__(
        self,
        paths: Paths,
        folder: Folder,
        *,
        index: Index,
        objects: Objects,
        journal: Journal,
        disk: Disk,
        now: datetime,
    ) -> None:
        """Use `open`."""
        self._now = now
        self._answers = {}
        self.paths = paths
        self.id = folder.id
        self.read_only = folder.newer
        self._index, self._objects, self._journal = index, objects, journal
        self._files = OwnFiles(folder.root, disk)

    @classmethod
    def open(
        cls,
        paths: Paths,
        *,
        now: datetime,
        create: bool = True,
        disk: Disk | None = None,
        patience: float = BUSY_SECONDS,
    ) -> Wallet:
        """Open the wallet, making one if there is none and `create`.

        now: the moment for which questions are answered, until `refresh` or a change names a later one. patience: seconds to
        wait for another process that is writing. Raises `NotFoundError` where there is no wallet and `StoreError` where the
        folder cannot be used.
        """
        disk = disk or Disk()
        try:
            folder = open_folder(paths.wallet, now=now, create=create, disk=disk)
            events = folder.root / "events"
            journal = Journal(events, paths.state, folder.id, disk, patience=patience)
        except OSError as error:
            raise cannot_write(error) from error
        objects = Objects(folder.root, disk)
        index = Index(paths.cache / folder.id / f"index-v{SCHEMA}.db", events, objects)
        try:
            index.refresh()
            index.changed_elsewhere()  # from here on: what is news to this handle
        except BaseException:
            index.close()
            raise
        return cls(paths, folder, index=index, objects=objects, journal=journal, disk=disk, now=now)

    def close(self) -> None:
        """Let go of the index. Nothing is lost without it."""
        self._index.close()

    @property
    def in_copy(self) -> Callable[[], None] | None:
        """What to call first in a copy of this process that only reads; None where a copy could not read."""
        return self._index.open_in_copy if self._index.is_file else None

    def __enter__(self) -> Wallet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def refresh(self, *, now: datetime | None = None) -> bool:
        """Take in what other processes and devices have written; whether there was anything since this was last asked.

        now: answer questions for this moment from here on.
        """
        self._now = now or self._now
        followed = self._index.refresh()
        return self._index.changed_elsewhere() or followed

    # writing

    def _record(
        self,
        decide: Callable[[], Sequence[Draft]],
        *,
        now: datetime,
        reader: Reader | None = None,
    ) -> tuple[LogEvent, ...]:
        """Append what `decide` says after this process has seen everything that was written so far.

        `reader` has at hand what was stored for these lines.
        """
        self._writable()
        self._now = max(self._now, now)
        with self._journal.locked():
            self._index.refresh()
            events = self._journal.append(decide(), now=now, newest=self._index.newest())
        if events:
            reader = reader or Reader(self._objects.read)
            reader.lines = {event.sum: event for event in events}
            self._index.refresh(reader)
        return events

    def _writable(self) -> None:
        if self.read_only:
            raise NewerFormatError(
                "This wallet was written by a later version of badgefolio; nothing was changed.",
                "Install that version, or go on reading with this one.",
            )

    def add(self, found: Sequence[Found], *, now: datetime, source: str = "import") -> tuple[Added, ...]:
        """Store what was found, as one durable batch; answers in the order given.

        A badge that is already there gets another representation or, for the same bytes, another origin. `source` is a
        short word for the way in.
        """
        if not found:
            return ()
        self._writable()
        from wallet.documents.openbadges2 import claims_of  # only needed where something is brought in

        said = claims_of([(item.raw, item.kind) for item in found])
        items = [Incoming.of(item, credential, source) for item, credential in zip(found, said, strict=True)]
        reader = Reader(self._objects.read, claimed={item.raw: item.credential for item in items})
        extent = self._index.extent()
        plan = make_plan(self._index, reader, items)
        originals = [original for item in items for original in item.originals()]
        places = self._put_origins(items, plan.recorded, originals)

        def decide() -> list[Draft]:
            nonlocal plan
            if self._index.extent() != extent:  # somebody wrote meanwhile
                plan = make_plan(self._index, Reader(self._objects.read), items)
                places.update(self._put_origins(items, plan.recorded.keys() - places.keys()))
            return plan.drafts(items, places)

        self._record(decide, now=now, reader=reader)
        return tuple(plan.outcomes)

    def _put_origins(
        self, items: Sequence[Incoming], wanted: Collection[int], originals: Sequence[tuple[str, bytes]] = ()
    ) -> dict[int, tuple[str, int]]:
        """Store the originals, and where the wanted ones came from; say where that is told."""
        positions = sorted(wanted)
        origins = pack(items[position].origin for position in positions)
        name = sha256(origins).hexdigest()
        self._objects.put_named([*originals, (name, origins)] if positions else originals)
        return {position: (name, line) for line, position in enumerate(positions, 1)}

    def record(self, badge_id: str, report: Report, *, now: datetime) -> None:
        """Keep a report and its evidence."""
        self.record_many([(badge_id, report)], now=now)

    def record_many(self, items: Sequence[tuple[str, Report]], *, now: datetime) -> None:
        """Keep reports and their evidence as one durable batch. Raises `NotFoundError` for a badge that is not there."""
        self._writable()
        if not items:
            return
        from wallet.store.recording import Recording  # brings the document readers along

        forms = self._index.forms([sha for badge, report in items for sha in (badge, report.raw_sha256)])
        reports: list[tuple[str, Report]] = []
        for badge_id, report in items:
            if badge_id not in forms:
                raise no_badge(badge_id)
            same = forms.get(report.raw_sha256) == forms[badge_id]
            reports.append((report.raw_sha256 if same else badge_id, report))
        recording = Recording(reports)
        self._objects.put_named(recording.contents.items())
        reader = Reader(self._objects.read, known=recording.contents, facts=recording.facts)

        def decide() -> list[Draft]:
            return [*recording.drafts, *pins([report for _, report in reports], self._issuer_states())]

        self._record(decide, now=now, reader=reader)

    def set_trust(self, issuer: str, word: str, *, now: datetime, note: str | None = None) -> None:
        """Keep the learner's word about an issuer (`wallet.store.issuers.WORDS`) and why; no verdict changes by it."""
        self._writable()
        check_word(word)
        if not issuer or len(issuer) > ID_CHARACTERS:
            raise UsageError("That is no id of an issuer.", "See them: badgefolio issuer list")
        names = self._objects.put([note_object(note)] if note else [])
        self._record(lambda: [trust_draft(issuer, word, names[0] if names else None)], now=now)

    def add_identity(self, identity: Identity, *, now: datetime) -> None:
        """Add one of the learner's own names, by which badges are recognised as theirs."""
        self._writable()
        # Salted: the name of an object is the hash of its bytes, and an address could be guessed from a bare hash.
        content = _dumps(
            {
                "format": "badgefolio-identity/1",
                "type": identity.type,
                "value": identity.value,
                "salt": secrets.token_hex(16),
            }
        )
        (name,) = self._objects.put([content])

        def decide() -> list[Draft]:
            return [] if identity in self.identities() else [Draft("identity.added", name, {})]

        self._record(decide, now=now)

    def retire_identity(self, identity: Identity, *, now: datetime) -> None:
        """Give a name up. Badges awarded to it stay the learner's. Raises `UsageError` if it is not there."""

        def decide() -> list[Draft]:
            if identity not in self.identities():
                raise UsageError(
                    f"'{clean(str(identity), limit=120)}' is none of your identities.",
                    "See them: badgefolio identity list",
                )
            state = self._index.state_of("identity.added", "identity.retired")
            return [
                Draft("identity.retired", sha, {})
                for sha, gone in state.identities
                if not gone and _is_identity(self._objects.read(sha), identity)
            ]

        self._record(decide, now=now)

    def remove(self, ids: Sequence[str], *, now: datetime) -> None:
        """Take badges out of the wallet. Their bytes stay, and `undo` brings them back."""

        def decide() -> list[Draft]:
            seen = {
                str(dev): int(str(seq))
                for dev, seq in self._index.query("select dev, max(seq) from event group by dev")
            }
            return [
                Draft("badge.removed", row.id, {"seen": seen, "raws": self._state(row.id).raws})
                for row in map(self.row, ids)
            ]

        self._record(decide, now=now)

    def hide(self, ids: Sequence[str], hidden: bool, *, now: datetime) -> None:
        """Keep badges out of lists and exports, or show them again."""

        def decide() -> list[Draft]:
            return [
                Draft("badge.set", row.id, {"field": "hidden", "value": hidden})
                for row in map(self.row, ids)
                if row.hidden is not hidden
            ]

        self._record(decide, now=now)

    def tag(self, ids: Sequence[str], label: str, on: bool, *, now: datetime) -> None:
        """Put a label of the learner's own on badges, or take it off."""
        label = " ".join(label.split())
        if not label or len(label) > LABEL_CHARACTERS or clean(label, limit=LABEL_CHARACTERS) != label:
            raise UsageError(
                f"'{clean(label, limit=40)}' cannot be a label.",
                f"Use 1 to {LABEL_CHARACTERS} letters, digits, spaces and signs.",
            )

        def decide() -> list[Draft]:
            return [
                Draft("tag.added" if on else "tag.removed", row.id, {"label": label})
                for row in map(self.row, ids)
                if (label in row.labels) is not on
            ]

        self._record(decide, now=now)

    def set_note(self, badge_id: str, text: str, *, now: datetime) -> None:
        """Write a note on a badge; an empty one removes it."""
        self._writable()
        name: str | None = None
        if text:
            (name,) = self._objects.put([note_object(text)])
        self._record(
            lambda: [Draft("badge.set", self.row(badge_id).id, {"field": "note", "value": name})],
            now=now,
        )

    def say_of_place(
        self,
        kind: str,
        pathway: str,
        place: str,
        about: Mapping[str, Json] | None,
        *,
        until: date | None = None,
        now: datetime,
    ) -> None:
        """Record something about a place of a pathway in place of what was said before; None takes it back.

        kind: "planned", "attested" or "excepted". `until`: the last day on which it holds.
        """
        self._writable()
        sha: str | None = None
        if about is not None:
            (sha,) = self._objects.put([content_of(about)])
        self._record(lambda: [draft(kind, pathway, place, on=sha is not None, sha=sha, until=until)], now=now)

    def plan_places(self, pathway: str, counts: Mapping[str, int], *, now: datetime) -> int:
        """Make this the plan for a pathway, places by element, in one change; how many elements it differs in."""
        self._writable()
        before = {one.place: one.about for one in self.said_of_places(pathway) if one.kind == "planned"}
        wanted = {place: many for place, many in sorted(counts.items()) if before.get(place) != {"count": many}}
        made = self._objects.put([content_of({"count": many}) for many in wanted.values()])
        lines = [
            draft("planned", pathway, place, on=True, sha=sha, until=None)
            for place, sha in zip(wanted, made, strict=True)
        ]
        gone = sorted(set(before) - set(counts))
        lines += [draft("planned", pathway, place, on=False, sha=None, until=None) for place in gone]
        if lines:
            self._record(lambda: lines, now=now)
        return len(lines)

    def record_shared(self, disclosure: Disclosure, *, now: datetime) -> None:
        """Record what was handed to whom. Raises `NotFoundError` for a badge that is not there."""
        self._writable()
        (about,) = self._objects.put([disclosure_object(disclosure)])
        self._record(lambda: drafts([self.row(badge).id for badge in disclosure.badges], about), now=now)

    def undo(self, *, now: datetime) -> Undone:
        """Take back this device's last change that is not taken back yet. What was found and what was handed out stays."""
        found: list[LogEvent] = []

        def decide() -> list[Draft]:
            device = self._journal.remembered_id() or ""
            undone = undone_ops(self._index.events("kind = 'undone'"))
            rows = self._index.query("select distinct op from event where dev = ? order by op desc", (device,))
            for (op,) in rows:
                if (device, op) in undone:
                    continue
                events = self._index.events("dev = ? and op = ?", (device, op))
                if any(event.kind not in LASTING for event in events):
                    found.extend(events)
                    return [Draft("undone", None, {"dev": device, "op": int(str(op))})]
            return []

        before = self._saved()
        self._record(decide, now=now)
        if not found:
            return Undone("", 0)
        self._restore_files(before)
        _, description = summary_of(found)
        return Undone(description, len([event for event in found if event.kind != "badge.joined"]))

    # the learner's own files

    def pathway_files(self) -> tuple[tuple[str, bytes], ...]:
        """File names, such as "nursing.pathway.toml", and bytes of the pathways in the wallet."""
        return self._files.all()

    def save_pathway(self, name: str, data: bytes, *, now: datetime, original: bytes | None = None) -> Path:
        """Write a pathway file and keep this version and the one it replaces. `name` may leave the suffix out.

        `original`: the foreign file that it was made from, kept as the version before it.
        """
        path = self._files.path(name)
        self._save(path, data, now=now, original=original)
        return path

    def remove_pathway(self, name: str, *, now: datetime) -> None:
        """Remove a pathway, named by file or by id; its last version is kept. Raises `NotFoundError`."""
        self._save(self._files.find(name), None, now=now)

    def _save(self, path: Path, data: bytes | None, *, now: datetime, original: bytes | None = None) -> None:
        self._writable()
        current = self._files.read(path)
        versions = (current, data) if original is None else (current, original, data)
        self._objects.put([content for content in versions if content is not None])

        def decide() -> list[Draft]:
            saved = self._saved().get(path.name)
            base = saved.sha if saved is not None else None
            drafts: list[Draft] = []
            # A file that was edited by hand since: that version is kept as well.
            for content in versions:
                sha = sha_of(content)
                if sha != base:
                    drafts.append(Draft("file.saved", None, {"name": path.name, "sha": sha, "base": base}))
                    base = sha
            return drafts

        self._record(decide, now=now)
        self._put_file(path, data)

    def _put_file(self, path: Path, data: bytes | None) -> None:
        try:
            if data is None:
                self._files.remove(path)
            else:
                self._files.write(path, data)
        except OSError as error:
            raise cannot_write(error) from error

    def _saved(self) -> Mapping[str, SavedFile]:
        return self._index.state_of("file.saved").files

    def _restore_files(self, before: Mapping[str, SavedFile]) -> None:
        """After an undo: give files that it concerns the version that counts again."""
        after = self._saved()
        for name in before.keys() | after.keys():
            old, new = before.get(name), after.get(name)
            if (old.sha if old else None) != (new.sha if new else None):
                path = self._files.path(name)
                self._put_file(path, self._objects.read(new.sha) if new is not None and new.sha is not None else None)


def _is_identity(content: bytes, identity: Identity) -> bool:
    with contextlib.suppress(ValueError):
        value: object = json.loads(content)  # noqa: TID251 - written by us and hashed on reading
        return isinstance(value, dict) and (value.get("type"), value.get("value")) == (identity.type, identity.value)
    return False


def _dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
