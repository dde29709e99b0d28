"""Turns the parsed tables of a pathway file into the model; every mistake goes to the log, with a harmless value instead.

One method for each table of `badge-pathway/1`. What the whole must fulfil (ids that exist, no circles) is judged by `lint`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from wallet.limits import Limits
from wallet.model import Alignment, Text
from wallet.pathways.model import (
    Accept,
    Cost,
    Credit,
    CreditUnit,
    Duration,
    Element,
    Equivalence,
    Group,
    Need,
    Offering,
    Pathway,
    Publisher,
    Qualification,
    Rule,
)
from wallet.pathways.positions import Path
from wallet.pathways.tables import ID, LANGUAGE, URL, Log, Table, as_table
from wallet.text import clean

FORMAT = "badge-pathway/1"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TOP = _words(
    "format id name description version status supersedes language url license audience root award shortcut publisher"
    " partners qualification accept trusted_issuers credit_units group element equivalence"
)
_GROUP = _words("name description url of need optional exclusive ordered requires award shortcut")
_ELEMENT = _words(
    "name description match count repeatable reuse requires accept outcomes competencies criteria_url url facilitation"
    " facilitator delivery pace assessment hours credit cost level language offering"
)
_RULE = _words("achievement achievement_glob issuer any_issuer name tag alignment framework code attested")
_ACCEPT = _words("verification max_age earned_after earned_before expired min_remaining")
_QUALIFICATION = _words("name relation awarded_by type level url credit total recognition note")

_VERIFICATION = ("verified", "verified-offline", "unverified", "self-asserted")
_GLOB = re.compile(r"https?://[^*?/]+/.*", re.DOTALL)
_DURATION = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?")
_PATHWAY_ID = re.compile(r"(https?://|urn:)\S+")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Reader:
    """Turns parsed tables into the model; every mistake goes to the log."""

    def __init__(self, log: Log, limits: Limits) -> None:
        self._log = log
        self._limits = limits

    def pathway(self, data: Mapping[str, object], sha256: str) -> Pathway:
        top = Table(self._log, (), data, _TOP, extensible=True)
        top.string("format", required=True, among=(FORMAT,))
        groups = {name: self._group(name, path, item) for name, path, item in top.entries("group", required=True)}
        elements = {name: self._element(name, path, item) for name, path, item in top.entries("element", required=True)}
        root = top.string("root", required=True, like=ID, example="program") or ""
        return Pathway(
            id=top.string("id", required=True, like=_PATHWAY_ID, example="urn:uuid:...") or "",
            name=top.text("name", required=True),
            version=top.string("version", required=True, example="1") or "",
            root=root,
            groups=self._with_top_award(top, root, groups),
            elements=elements,
            description=top.text("description"),
            status=top.string("status", among=("draft", "published", "retired")) or "draft",
            supersedes=top.strings("supersedes"),
            language=top.string("language", like=LANGUAGE, example="en-CA"),
            url=top.url("url"),
            license=top.string("license"),
            audience=top.text("audience"),
            publisher=self._publisher(top),
            partners=top.strings("partners"),
            qualifications=top.list("qualification", self._qualification),
            accept=self._accept(top),
            trusted_issuers=top.strings("trusted_issuers", least=1),
            credit_units=self._units(top),
            equivalence=top.list("equivalence", self._equivalence),
            sha256=sha256,
        )

    def _with_top_award(self, top: Table, root: str, groups: dict[str, Group]) -> dict[str, Group]:
        """`award` and `shortcut` at the top of the file belong to the root group."""
        award, shortcut = self._rules(top, "award", least=1), top.flag("shortcut")
        group = groups.get(root)
        if group is None or ("award" not in top and "shortcut" not in top):
            return groups
        for key, taken in (("award", bool(group.award)), ("shortcut", group.shortcut)):
            if taken and key in top:
                top.wrong(key, f"is given here and in group.{root}", "Keep one of them.")
        both = replace(group, award=award or group.award, shortcut=shortcut or group.shortcut)
        return {**groups, root: both}

    def _group(self, name: str, path: Path, value: object) -> Group:
        table = as_table(self._log, path, value, _GROUP, extensible=True)
        if table is None:
            return Group(name, Text(), ())
        return Group(
            id=name,
            name=table.text("name", required=True),
            of=table.strings("of", required=True, least=1, unique=True),
            description=table.text("description"),
            url=table.url("url"),
            need=self._need(table),
            optional=table.strings("optional", unique=True),
            exclusive=table.flag("exclusive"),
            ordered=table.string("ordered", among=("no", "advice", "strict")) or "no",
            requires=table.strings("requires", unique=True),
            award=self._rules(table, "award", least=1),
            shortcut=table.flag("shortcut"),
        )

    def _need(self, table: Table) -> Need:
        value = table.raw("need")
        if value is None or value == "all":
            return Need()
        if isinstance(value, Mapping):
            inner = table.table("need", ("count", "hours", "credits", "unit"))
            if inner is None or not value:
                table.wrong(
                    "need", "is empty", 'Write { count = 3 }, { hours = 60 } or { credits = 6, unit = "ects" }.'
                )
                return Need()
            if ("credits" in inner) != ("unit" in inner):
                table.wrong("need", "has credits or unit without the other", 'Write { credits = 6, unit = "ects" }.')
            return Need(
                count=inner.integer("count", least=1, most=1000),
                hours=inner.number("hours", positive=True),
                credits=inner.number("credits", positive=True),
                unit=inner.string("unit", like=ID, example="ects"),
            )
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return Need(children=value)
        table.wrong("need", "is no need", 'Write need = "all", need = 2, or need = { hours = 60 }.')
        return Need()

    def _element(self, name: str, path: Path, value: object) -> Element:
        table = as_table(self._log, path, value, _ELEMENT, extensible=True)
        if table is None:
            return Element(name, Text(), ())
        levels = ("self-directed", "supervised", "lightly-facilitated", "fully-facilitated")
        return Element(
            id=name,
            name=table.text("name", required=True),
            match=self._rules(table, "match", required=True, least=1),
            description=table.text("description"),
            count=table.integer("count", least=1, most=1000) or 1,
            repeatable=table.flag("repeatable"),
            reuse=table.flag("reuse"),
            requires=table.strings("requires", unique=True),
            accept=self._accept(table),
            outcomes=table.texts("outcomes"),
            competencies=table.list("competencies", self._competency),
            criteria_url=table.url("criteria_url"),
            url=table.url("url"),
            facilitation=table.string("facilitation", among=levels),
            facilitator=table.string("facilitator"),
            delivery=table.string("delivery", among=("online", "in-person", "blended")),
            pace=table.string("pace", among=("self-paced", "scheduled")),
            assessment=table.text("assessment"),
            hours=table.number("hours"),
            credit=self._credit(table, "credit"),
            cost=self._cost(table),
            level=table.string("level"),
            language=table.string("language", like=LANGUAGE, example="en-CA"),
            offering=table.list("offering", self._offering),
        )

    def _rules(self, table: Table, key: str, *, required: bool = False, least: int = 0) -> tuple[Rule, ...]:
        rules = table.list(key, self._rule, required=required, least=least)
        if len(rules) > self._limits.pathway_rules_per_element:
            table.wrong(
                key, f"has {len(rules)} rules, more than {self._limits.pathway_rules_per_element}", "Use a tag."
            )
        return rules

    def _rule(self, path: Path, value: object) -> Rule | None:
        table = as_table(self._log, path, value, _RULE)
        if table is None:
            return None
        if "any_issuer" in table and table.raw("any_issuer") is not True:
            table.wrong("any_issuer", "can only be true", "Write any_issuer = true, or leave it out.")
        if ("framework" in table) != ("code" in table):
            table.wrong("framework", "and code belong together", "Give both, or neither.")
        return Rule(
            achievement=table.string("achievement"),
            achievement_glob=table.string(
                "achievement_glob", like=_GLOB, example="https://college.example/badges/data-*"
            ),
            issuer=table.string("issuer"),
            any_issuer=table.flag("any_issuer"),
            name=table.string("name"),
            tag=table.string("tag"),
            alignment=table.string("alignment"),
            framework=table.string("framework"),
            code=table.string("code"),
            attested=table.string("attested", among=("advisor", "issuer")),
        )

    def _accept(self, above: Table) -> Accept:
        table = above.table("accept", _ACCEPT)
        if table is None:
            return Accept()
        statuses = table.strings("verification", least=1, unique=True)
        for status in statuses:
            if status not in _VERIFICATION:
                table.wrong("verification", f'cannot hold "{clean(status)}"', f"Known are {', '.join(_VERIFICATION)}.")
        return Accept(
            verification=statuses if "verification" in table else None,
            max_age=self._duration(table, "max_age"),
            earned_after=table.day("earned_after"),
            earned_before=table.day("earned_before"),
            expired=table.string("expired", among=("reject", "accept-if-earned-valid")),
            min_remaining=self._duration(table, "min_remaining"),
        )

    def _duration(self, table: Table, key: str) -> Duration | None:
        text = table.string(key, like=_DURATION, example="P3Y")
        match = _DURATION.fullmatch(text) if text is not None else None
        return Duration(*(int(part or 0) for part in match.groups())) if match is not None else None

    def _credit(self, above: Table, key: str) -> Credit | None:
        table = above.table(key, ("value", "unit"))
        if table is None:
            return None
        value, unit = table.number("value", required=True), table.string("unit", required=True, like=ID, example="ects")
        return Credit(value, unit) if value is not None and unit is not None else None

    def _cost(self, above: Table) -> Cost | None:
        table = above.table("cost", ("value", "currency"))
        if table is None:
            return None
        value = table.number("value", required=True)
        currency = table.string("currency", required=True, like=_CURRENCY, example="CAD")
        return Cost(value, currency) if value is not None and currency is not None else None

    def _offering(self, path: Path, value: object) -> Offering | None:
        table = as_table(self._log, path, value, ("begins", "ends", "enrol_by", "place", "url"))
        if table is None:
            return None
        return Offering(
            table.day("begins"), table.day("ends"), table.day("enrol_by"), table.string("place"), table.url("url")
        )

    def _competency(self, path: Path, value: object) -> Alignment | None:
        table = as_table(self._log, path, value, ("name", "url", "framework", "code"))
        if table is None:
            return None
        return Alignment(
            target_name=Text.of(table.string("name", required=True) or ""),
            target_url=table.url("url"),
            target_framework=table.string("framework"),
            target_code=table.string("code"),
        )

    def _units(self, top: Table) -> dict[str, CreditUnit]:
        units: dict[str, CreditUnit] = {}
        for name, path, value in top.entries("credit_units"):
            table = as_table(self._log, path, value, ("name", "hours"))
            if table is not None:
                units[name] = CreditUnit(table.text("name", required=True), table.number("hours", positive=True))
        return units

    def _equivalence(self, path: Path, value: object) -> Equivalence | None:
        table = as_table(self._log, path, value, ("achievements", "note", "until"))
        if table is None:
            return None
        same = table.strings("achievements", required=True, least=2, unique=True)
        return Equivalence(same, table.string("note"), table.day("until"))

    def _publisher(self, top: Table) -> Publisher | None:
        known = ("name", "url", "email", "orientation_url", "support_url")
        table = top.table("publisher", known, extensible=True)
        if table is None:
            return None
        return Publisher(
            table.string("name", required=True) or "",
            table.url("url"),
            table.string("email"),
            table.url("orientation_url"),
            table.url("support_url"),
        )

    def _qualification(self, path: Path, value: object) -> Qualification | None:
        table = as_table(self._log, path, value, _QUALIFICATION, extensible=True)
        if table is None:
            return None
        relations = ("standalone", "additional", "alternate", "complementary", "component")
        routes = ("automatic", "on-application", "by-assessment", "none")
        return Qualification(
            name=table.text("name", required=True),
            relation=table.string("relation", required=True, among=relations) or "standalone",
            awarded_by=table.string("awarded_by"),
            type=table.string("type"),
            level=table.string("level"),
            url=table.string("url", like=URL, example="https://college.example/certificate"),
            credit=self._credit(table, "credit"),
            total=self._credit(table, "total"),
            recognition=table.string("recognition", among=routes),
            note=table.text("note"),
        )
