"""A pathway in the making, out of a definition that other software wrote: ids, guesses, circles, and the finished file.

What the importers have in common. A draft holds the tables of a pathway file; whatever had to be guessed is noted in a
sentence. `finish` cuts circles, writes the TOML and has it judged like any file, so nothing that an importer makes is
trusted more than what a person writes. Does not know any foreign format.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wallet.errors import DefinitionError
from wallet.limits import Limits
from wallet.pathways import definition, emit
from wallet.pathways.model import Pathway
from wallet.pathways.reader import FORMAT
from wallet.pathways.tables import ID, Problem
from wallet.text import clean

_OTHER = re.compile(r"[^a-z0-9]+")
_SLUG_CHARACTERS = 48


@dataclass(frozen=True, slots=True)
class Imported:
    """A pathway made from a foreign definition. `toml` is the file; `guesses` are clean sentences about what was guessed.

    source: "CTDL" or "Badgr"; sha256: of the bytes it was made from; remarks: what `pathway check` would warn about.
    """

    source: str
    sha256: str
    pathway: Pathway
    toml: bytes
    guesses: tuple[str, ...]
    remarks: tuple[Problem, ...]


def slug(text: str, default: str) -> str:
    """An id made of a name: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-")[:_SLUG_CHARACTERS].strip("-") or default


def named(text: object) -> str:
    """Foreign text as it stands in a guess."""
    return f"'{clean(str(text), limit=80)}'"


class Draft:
    """Tables that grow. Ids are given out once; `top` holds the keys of the file itself."""

    def __init__(self, source: str, data: bytes, name: str, limits: Limits) -> None:
        self.source, self.file, self.limits = source, name, limits
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.top: dict[str, object] = {}
        self.groups: dict[str, dict[str, object]] = {}
        self.elements: dict[str, dict[str, object]] = {}
        self.guesses: dict[str, None] = {}
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}
        self._steps = 0

    def guess(self, sentence: str) -> None:
        """Note what was guessed. Foreign text in it went through `named`."""
        self.guesses[sentence] = None

    def spend(self, steps: int) -> None:
        """Count work; a file whose parts all refer to each other costs the square of its size."""
        self._steps += steps
        if self._steps > self.limits.pathway_import_steps:
            raise refused(
                self.file, "its parts refer to each other too often to be followed", "Ask for the file of one pathway."
            )

    def id(self, wanted: str, *, exactly: bool = False) -> str:
        """A free id like `wanted`, which is a name, or with `exactly` an id of ours."""
        base = wanted if exactly and ID.fullmatch(wanted) else slug(wanted, "part")
        free = base
        while free in self._taken:
            # Counted from where the last one of that name ended: ten thousand parts may all be called alike.
            self._next[base] = self._next.get(base, 1) + 1
            free = f"{base}-{self._next[base]}"
        self._taken.add(free)
        return free

    def group(self, key: str, name: object, of: Sequence[str], **more: object) -> str:
        """Add a group. Values that are None, empty or false are left out."""
        self.spend(len(of))
        self.groups[key] = {"name": name, "of": list(dict.fromkeys(of)), **_said(more)}
        return key

    def element(self, key: str, name: object, match: Sequence[Mapping[str, object]], **more: object) -> str:
        """Add an element."""
        if len(match) > self.limits.pathway_rules_per_element:
            raise refused(
                self.file,
                f"{named(name)} names {len(match):,} badges, more than the {self.limits.pathway_rules_per_element}"
                " that one element may have",
            )
        self.elements[key] = {"name": name, "match": [dict(rule) for rule in match], **_said(more)}
        return key

    def attested(self, key: str, name: object, description: object) -> str:
        """Add an element that no badge fills: somebody has to say that the source's text is fulfilled."""
        return self.element(key, name, [{"attested": "advisor"}], description=description)


def _said(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value not in (None, "", False, [], {}, ())}


def refused(file: str, what: str, remedy: str = "", *, line: int | None = None) -> DefinitionError:
    """The error that says why a foreign definition cannot be brought in. `what` is a clean sentence without its stop."""
    return DefinitionError(
        f"{clean(file)}: {what}.", remedy or "Ask its publisher for another form of it; nothing was kept.", line=line
    )


def finish(draft: Draft, today: date) -> Imported:
    """The file that came of it. Raises `DefinitionError` where what was brought in makes no pathway."""
    _cut_circles(draft)
    _sort(draft)
    # Judged before it is written out, so that no guess is lost; each guess also stands in the file as a comment.
    guesses = tuple(draft.guesses)
    table = {
        "format": FORMAT,
        **draft.top,
        "x-source": {"format": draft.source, "sha256": draft.sha256, "imported": today},
        "group": draft.groups,
        "element": draft.elements,
    }
    comments = [f"Made from {draft.source} by badgefolio on {today.isoformat()}. Change it as you like."]
    if guesses:
        comments += ["What had to be guessed:", *(f"* {guess}" for guess in guesses)]
    toml = emit.emit(table, comments)
    problems = definition.check(toml, draft.file, today=today, limits=draft.limits)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise DefinitionError(
            f"{clean(draft.file)} cannot become a pathway: {errors[0].message}{more}",
            errors[0].remedy,
            key=errors[0].key,
        )
    pathway = definition.read(toml, draft.file, draft.limits)
    return Imported(draft.source, draft.sha256, pathway, toml, guesses, problems)


# Circles


def _cut_circles(draft: Draft) -> None:
    """Take out every reference that leads back to where it came from. What is then left without parts is attested."""
    done: set[str] = set()
    for start in (*draft.groups, *draft.elements):
        trail: dict[str, None] = {}
        ways: list[Iterator[tuple[str, str]]] = [iter((("", start),))]
        while ways:
            step = next(ways[-1], None)
            if step is None:
                ways.pop()
                if trail:
                    done.add(trail.popitem()[0])
                continue
            key, name = step
            if name in trail:
                _cut(draft, next(reversed(trail)), key, name)
            elif name not in done:
                trail[name] = None
                ways.append(iter(_leads_to(draft, name)))
    for name in [name for name, group in draft.groups.items() if not group["of"]]:
        group = draft.groups.pop(name)
        draft.attested(name, group["name"], group.get("description"))
        draft.guess(f"Nothing is left below '{name}', so an advisor has to attest it.")
    root = str(draft.top["root"])
    if root in draft.elements:
        draft.top["root"] = draft.group(draft.id("pathway"), draft.top["name"], [root])


def _sort(draft: Draft) -> None:
    """The order in which a person would read it: from the root down, what no group names at the end."""
    order: dict[str, None] = {}
    waiting = [str(draft.top["root"])]
    while waiting:
        name = waiting.pop()
        if name not in order:
            order[name] = None
            waiting += reversed(strings(draft.groups.get(name, {}).get("of")))
    for tables in (draft.groups, draft.elements):
        sorted_tables = {name: tables[name] for name in (*order, *tables) if name in tables}
        tables.clear()
        tables.update(sorted_tables)


def _leads_to(draft: Draft, name: str) -> tuple[tuple[str, str], ...]:
    table = draft.groups.get(name) or draft.elements.get(name) or {}
    return tuple((key, target) for key in ("of", "requires") for target in strings(table.get(key)))


def _cut(draft: Draft, name: str, key: str, target: str) -> None:
    table = draft.groups.get(name) or draft.elements[name]
    table[key] = [one for one in strings(table[key]) if one != target]
    if not table[key] and key == "requires":
        del table[key]
    if key == "of":
        counted = [one for one in strings(table["of"]) if one not in strings(table.get("optional"))]
        table["optional"] = [one for one in strings(table.get("optional")) if one in strings(table["of"])]
        need = table.get("need")
        if isinstance(need, int) and need >= len(counted):
            del table["need"]
        if not counted or not table["optional"]:
            del table["optional"]
    draft.guess(f"'{name}' leads in a circle to '{target}'; that reference was cut.")


def strings(value: object) -> list[str]:
    """The texts of a list, if it is one."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
