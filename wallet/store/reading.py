"""The questions a wallet answers: lists, one badge, names, evidence, history. Changes nothing, contacts nobody.

Base of `wallet.store.wallet.Wallet`, kept apart from it because questions and changes have different reasons to change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from wallet.errors import NotFoundError, UsageError
from wallet.found import Carrier, Kind, Note, Step
from wallet.model import Identity, Json, JsonObject
from wallet.store.ageing import aged, aged_report, verdict_sql
from wallet.store.describe import Reader, choose, credential_of, verdict_of
from wallet.store.events import LogEvent, unstamp
from wallet.store.index import Index
from wallet.store.objects import Objects
from wallet.store.places import PlaceRecord, records
from wallet.store.rows import Attempt, Badge, BadgeRow, Form, HistoryEntry, Representation
from wallet.store.search import RANKED_AT_MOST, Filter, match_expression, order, where
from wallet.store.shared import Disclosure, disclosures
from wallet.store.state import ABOUT_PLACES, LASTING, BadgeState, Presence, undone_ops
from wallet.store.tables import COLUMNS, Value, badge_row
from wallet.text import clean, plural
from wallet.verify.report import Verdict

if TYPE_CHECKING:
    from wallet.verify.dossier import Subject

_HEX = re.compile(r"[0-9a-f]{1,64}")
_NAMED_AT_MOST = 5


class Reading:
    """Everything that can be asked of a wallet. `_index` is up to date with the logs when a method is called.

    `_now`: the moment for which questions are answered; a badge whose date has passed by then reads as expired.
    """

    _index: Index
    _objects: Objects
    _now: datetime

    # lists

    def list_badges(
        self,
        *,
        text: str | None = None,
        verdict: Verdict | str | None = None,
        issuer: str | None = None,
        hidden: bool = False,
        label: str | None = None,
        sort: str = "issued",
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[BadgeRow, ...]:
        """Rows that fit, newest first unless `sort` says otherwise (`wallet.store.search.SORTS`).

        text: every word must begin a word of the badge. verdict: a verdict or "unchecked". issuer: an id, or part of a name.
        hidden: hidden badges too. label: one of the learner's own.
        """
        condition, values = where(Filter(text, verdict, issuer, hidden, label), self._now)
        by = order(sort, self._now)
        ranked = sort == "relevance" and text is not None and match_expression(text)
        # Ranking reads every match: beyond some thousands the newest are the better answer and a hundred times cheaper.
        if ranked and self._counted(condition, values) <= RANKED_AT_MOST:
            sql = (
                f"select {COLUMNS} from badge join (select rowid as word, rank from words where words match ?)"  # noqa: S608
                f" on word = n where {condition} order by rank, {by}"
            )
            values = (match_expression(text or ""), *values)
        else:
            sql = f"select {COLUMNS} from badge where {condition} order by {by}"  # noqa: S608 - made of constants
        return self._rows(f"{sql} limit ? offset ?", (*values, -1 if limit is None else limit, offset))

    def resolve_raw(self, sha: str) -> str | None:
        """The badge, by full id, of which a credential with bytes of this sha256 is a form; None if there is none."""
        return self._index.forms([sha]).get(sha)

    def _rows(self, sql: str, values: Sequence[Value]) -> tuple[BadgeRow, ...]:
        """Rows of `COLUMNS` as they read now: the one door through which rows leave the index."""
        return tuple(aged(badge_row(row), self._now) for row in self._index.query(sql, values))

    def count(
        self,
        *,
        text: str | None = None,
        verdict: Verdict | str | None = None,
        issuer: str | None = None,
        hidden: bool = False,
        label: str | None = None,
    ) -> int:
        """How many badges fit."""
        return self._counted(*where(Filter(text, verdict, issuer, hidden, label), self._now))

    def _counted(self, condition: str, values: Sequence[Value]) -> int:
        return _number(self._index.query(f"select count(*) from badge where {condition}", values)[0][0])  # noqa: S608

    def verdict_counts(self, *, hidden: bool = False) -> dict[Verdict | None, int]:
        """How many badges have each verdict; None: never checked."""
        condition, values = where(Filter(hidden=hidden), self._now)
        sql = f"select {verdict_sql(self._now)}, count(*) from badge where {condition} group by 1"  # noqa: S608 - constants
        rows = self._index.query(sql, values)
        return {Verdict(str(verdict)) if verdict is not None else None: _number(count) for verdict, count in rows}

    # one badge

    def row(self, badge_id: str) -> BadgeRow:
        """The row of the badge that has, or once had, this full id. Raises `NotFoundError`."""
        sql = f"select {COLUMNS} from badge where id = (select badge from form where raw = ?)"  # noqa: S608 - constants
        rows = self._rows(sql, (badge_id,))
        if not rows:
            raise no_badge(badge_id)
        return rows[0]

    def resolve(self, name: str) -> BadgeRow:
        """The badge that a learner means: a prefix of its id, its whole name, its address, or part of its name.

        Raises `UsageError` if several fit equally well and `NotFoundError` if none does.
        """
        name = name.strip()
        for condition, values in _meanings(name):
            sql = f"select {COLUMNS} from badge where {condition} order by id limit 100"  # noqa: S608 - constants
            rows = self._rows(sql, values)
            if len(rows) == 1:
                return rows[0]
            if rows:
                raise _ambiguous(name, rows)
        raise no_badge(name)

    def badge(self, badge_id: str) -> Badge:
        """Everything known of one badge. Raises `NotFoundError`."""
        row = self.row(badge_id)
        state = self._state(row.id)
        reader = Reader(self._objects.read)
        choice = choose(state, reader)
        shown = choice.shown or choice.newest
        report = reader.full_report(shown) if shown is not None else None
        return Badge(
            row=row,
            representations=tuple(self._representation(presence, reader) for presence in state.presences),
            credential=credential_of(state, choice, reader),
            report=aged_report(report, row) if report is not None else None,
            attempts=tuple(
                Attempt(item.raw, item.report, item.line, verdict_of(item), unstamp(item.as_of), item.event.when)
                for item in reversed(state.verified)
            ),
            note=_member(reader.json(state.note), "text") if state.note is not None else None,
        )

    def _state(self, badge_id: str) -> BadgeState:
        states = self._index.badge_states([badge_id])
        if badge_id not in states:
            raise no_badge(badge_id)
        return states[badge_id]

    def _representation(self, presence: Presence, reader: Reader) -> Representation:
        facts = (reader.line(presence.provenance, presence.line) if presence.provenance is not None else None) or {}
        return Representation(
            raw_sha=presence.raw,
            container_sha=presence.container,
            kind=Kind(presence.kind),
            carrier=Carrier(presence.carrier),
            source=_member(facts, "source") or "",
            steps=tuple(Step(text) for text in _strings(facts.get("steps"))),
            notes=tuple(Note(code, text) for code, text in _pairs(facts.get("notes"))),
            fetch_url=_member(facts, "fetch_url"),
            added_at=presence.event.when,
        )

    def subjects(self, badge_id: str) -> tuple[Subject, ...]:
        """What can be verified of a badge: one subject for each representation, the first one brought first."""
        name = self.row(badge_id).id
        return tuple(self.subject(form) for form in self.forms_of([name])[name])

    def forms_of(self, badges: Sequence[str]) -> dict[str, tuple[Form, ...]]:
        """What can be verified of many badges, by full id, each representation once; what is not there is left out."""
        reader = Reader(self._objects.read)
        found: dict[str, tuple[Form, ...]] = {}
        for badge, state in self._index.badge_states(badges, runs=False).items():
            forms: dict[str, Presence] = {}
            for presence in state.presences:
                # Of several times that the same bytes were brought, one with a picture tells most.
                held = forms.get(presence.raw)
                if held is None or (held.container is None and presence.container is not None):
                    forms[presence.raw] = presence
            found[badge] = tuple([_form(presence, reader) for presence in forms.values()])
        return found

    def subject(self, form: Form) -> Subject:
        """The bytes of a representation. Raises `NotFoundError` or `StoreDamagedError` if they are missing or have changed."""
        from wallet.verify.dossier import Subject  # brings the document readers along

        picture = self.read(form.container) if form.container is not None else None
        return Subject(self.read(form.raw), form.kind, form.fetch_url, picture)

    def form_counts(self, badges: Sequence[str]) -> dict[str, int]:
        """How many representations each of these badges (full ids) has; what is not in the wallet is left out."""
        sql = "select badge, count(*) from form where badge in (select value from json_each(?)) group by 1"
        return {str(badge): _number(count) for badge, count in self._index.query(sql, (json.dumps(badges),))}

    def read(self, sha: str) -> bytes:
        """The bytes of an object, hashed again. Raises `NotFoundError` or `StoreDamagedError`."""
        return self._objects.read(sha)

    def identities(self, *, retired: bool = False) -> tuple[Identity, ...]:
        """The learner's identities, in the order in which they were added.

        With `retired` also those given up, which badges awarded long ago still name: what a verification must be given.
        """
        reader = Reader(self._objects.read)
        active: dict[Identity, bool] = {}
        for sha, gone in self._index.state_of("identity.added", "identity.retired").identities:
            facts = reader.json(sha)
            kind, value = _member(facts, "type"), _member(facts, "value")
            if kind is not None and value is not None:
                identity = Identity(kind, value)
                active[identity] = active.get(identity, False) or not gone
        return tuple(identity for identity, is_active in active.items() if is_active or retired)

    def said_of_places(self, pathway: str | None = None) -> tuple[PlaceRecord, ...]:
        """What is planned, attested or excepted, for one pathway or all; the latest of each kind and place."""
        words = self._index.state_of(*sorted(ABOUT_PLACES)).places.values()
        wanted = [word for word in words if pathway is None or word.pathway == pathway]
        return records(wanted, Reader(self._objects.read))

    def shared(self, badge_id: str | None = None) -> tuple[Disclosure, ...]:
        """What was handed to whom, earliest first; all of it, or what one badge was part of."""
        found = disclosures(self._index.state_of("shared").shared, Reader(self._objects.read))
        if badge_id is None:
            return found
        raws = set(self._state(self.row(badge_id).id).raws)
        return tuple(one for one in found if raws.intersection(one.badges))

    # history

    def history(self, badge_id: str | None = None) -> tuple[HistoryEntry, ...]:
        """Commands, newest first; for one badge, each change of it."""
        undone = undone_ops(self._index.events("kind = 'undone'"))
        newest = "time desc, dev desc, seq desc, sum desc"
        if badge_id is not None:
            raws = self._state(self.row(badge_id).id).raws
            marks = ", ".join("?" * len(raws))
            found = f"sum in (select sum from touch where raw in ({marks}))"  # noqa: S608 - question marks
            events = [*self._index.events(found, raws, order=newest), *self._handing_out(raws)]
            events.sort(key=lambda event: event.order, reverse=True)
            return tuple(self._entry([event], undone, badge_id) for event in events)
        groups: dict[tuple[str, int], list[LogEvent]] = {}
        for event in self._index.events("1", order=newest):
            groups.setdefault((event.dev, event.op), []).append(event)
        return tuple(self._entry(group, undone, self._only_badge(group)) for group in groups.values())

    def _handing_out(self, raws: Sequence[str]) -> list[LogEvent]:
        # Not in `touch`: handing badges out together must not make them one another's concern whenever one of them changes.
        lines = self._index.state_of("shared").shared
        return [line.event for line in lines if not set(raws).isdisjoint(line.badges)]

    def _entry(self, group: Sequence[LogEvent], undone: frozenset[tuple[str, int]], badge: str | None) -> HistoryEntry:
        entry = _entry(group, undone, badge)
        if entry.kind != "shared":
            return entry
        # To whom stands in an object, which `_entry` cannot read.
        reader = Reader(self._objects.read)
        whom = _member(reader.json(str(group[0].data.get("about"))), "to")
        count = (
            "it" if badge is not None else plural(sum(len(_strings(line.data.get("raws"))) for line in group), "badge")
        )
        return replace(entry, summary=f"handing {count} to {clean(whom, limit=80) if whom else 'somebody'}")

    def _only_badge(self, group: Sequence[LogEvent]) -> str | None:
        names = {event.on for event in group if event.kind.startswith(("badge.", "tag.", "verified"))}
        if len(names) != 1:
            return None
        name = names.pop()
        rows = self._index.query("select badge from form where raw = ?", (name,))
        return str(rows[0][0]) if rows else name


def _form(presence: Presence, reader: Reader) -> Form:
    facts = reader.line(presence.provenance, presence.line) if presence.provenance is not None else None
    return Form(presence.raw, presence.container, Kind(presence.kind), _member(facts, "fetch_url"))


def _meanings(name: str) -> Iterable[tuple[str, tuple[Value, ...]]]:
    """Conditions on table `badge`, the surest meaning first."""
    prefix = name.lower()
    if _HEX.fullmatch(prefix):
        yield "id >= ? and id < ?", (prefix, prefix + "g")
        if len(prefix) >= 6:
            yield "id in (select badge from form where raw >= ? and raw < ?)", (prefix, prefix + "g")
    if name:
        yield "name_sort = ?", (name.casefold(),)
        yield "credential_id = ?", (name,)
        yield "instr(name_sort, ?) > 0", (name.casefold(),)


def _ambiguous(name: str, rows: Sequence[BadgeRow]) -> UsageError:
    some = "; ".join(f"{row.short} {clean(row.name, limit=60)}".strip() for row in rows[:_NAMED_AT_MOST])
    more = f"; and {len(rows) - _NAMED_AT_MOST} more" if len(rows) > _NAMED_AT_MOST else ""
    return UsageError(
        f"'{clean(name, limit=80)}' fits {plural(len(rows), 'badge')}: {some}{more}.",
        "Name one by the beginning of its id.",
    )


def no_badge(name: str) -> NotFoundError:
    """What is said of a name that no badge has."""
    return NotFoundError(
        f"There is no badge '{clean(name, limit=80)}' in the wallet.", "See what there is: badgefolio list"
    )


_WORDS = {
    "badge.added": ("adding", "badge"),
    "badge.joined": ("joining", "badge"),
    "badge.split": ("splitting", "badge"),
    "badge.removed": ("removing", "badge"),
    "tag.added": ("tagging", "badge"),
    "tag.removed": ("untagging", "badge"),
    "verified": ("checking", "badge"),
    "identity.added": ("adding", "identity"),
    "identity.retired": ("retiring", "identity"),
    "planned": ("planning", "place"),
    "attested": ("attesting", "place"),
    "excepted": ("an exception for", "place"),
    "issuer.pinned": ("remembering", "issuer"),
    "shared": ("handing out", "badge"),
    "undone": ("undoing", "change"),
}


def summary_of(events: Sequence[LogEvent]) -> tuple[str, str]:
    """Kind and phrase of one command's lines, such as ("badge.added", "adding 3 badges")."""
    lead = next((event for event in events if event.kind == "badge.added"), events[-1])
    same = [event for event in events if event.kind == lead.kind]
    count = len({event.on for event in same})
    if lead.kind == "badge.set" and lead.data.get("field") == "hidden":
        return lead.kind, f"{'hiding' if lead.data.get('value') is True else 'showing'} {plural(count, 'badge')}"
    if lead.kind == "badge.set":
        return lead.kind, f"a note on {plural(count, 'badge')}"
    if lead.kind == "file.saved":
        verb = "saving" if lead.data.get("sha") is not None else "removing"
        return lead.kind, f"{verb} {clean(str(lead.data.get('name')), limit=80)}"
    if lead.kind == "issuer.trusted":
        return lead.kind, f"calling {clean(str(lead.data.get('issuer')), limit=80)} {_trust(lead)}"
    if lead.kind in ABOUT_PLACES:
        verb, noun = _WORDS[lead.kind]
        if len(same) > 1:
            return lead.kind, f"changing the plan for {plural(len(same), noun)}"
        back = "taking back " if lead.data.get("on") is not True else ""
        return lead.kind, f"{back}{verb} {noun} '{clean(str(lead.data.get('place')), limit=64)}'"
    verb, noun = _WORDS.get(lead.kind, ("recording", "change"))
    words = f"{verb} {plural(count, noun, 'identities' if noun == 'identity' else None)}"
    label = lead.data.get("label")
    return lead.kind, f"{words} '{clean(label, limit=40)}'" if isinstance(label, str) else words


def _trust(line: LogEvent) -> str:
    word = str(line.data.get("word"))
    return clean(word, limit=40) if word != "none" else "neither trusted nor distrusted"


def _entry(group: Sequence[LogEvent], undone: frozenset[tuple[str, int]], badge: str | None) -> HistoryEntry:
    kind, summary = summary_of(group)
    verdict = group[0].data.get("verdict")
    if kind == "verified" and len(group) == 1 and isinstance(verdict, str):
        summary = f"{summary}: {clean(verdict, limit=40)}"
    last = group[0]
    lasting = kind in LASTING
    return HistoryEntry(
        last.when, kind, summary, badge, last.op, last.dev, undone=(last.dev, last.op) in undone and not lasting
    )


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _member(facts: JsonObject | None, key: str) -> str | None:
    value = facts.get(key) if facts is not None else None
    return value if isinstance(value, str) else None


def _strings(value: Json) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [item for item in value if isinstance(item, str)]


def _pairs(value: Json) -> list[tuple[str, str]]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    texts = [_strings(item) for item in value]
    return [(pair[0], pair[1]) for pair in texts if len(pair) == 2]
