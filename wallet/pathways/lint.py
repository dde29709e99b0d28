"""Judges a pathway as a whole: ids that lead nowhere, circles, needs that nobody can meet (pathways.md section 10).

`errors` are mistakes that make counting meaningless, so `definition.read` refuses them. `warnings` are doubts about a file
that can be counted; among them are remarks, which no file has to heed. Both write into a `Log`; nothing is fetched, and today's
date is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import TypeAlias

from wallet.limits import Limits
from wallet.pathways.counting import missing_with_everything
from wallet.pathways.matching import Described, could_match
from wallet.pathways.model import Credit, Element, Group, Pathway, Rule
from wallet.pathways.positions import Path
from wallet.pathways.tables import Log, nearest
from wallet.text import clean

Known: TypeAlias = Sequence[Described]

_OLD = timedelta(days=365)
_GUESSES = 50
_REMARK = "remark"
_MANY = 5
_SHOWN = 3


def errors(pathway: Pathway, log: Log, limits: Limits) -> None:
    """Everything that keeps the pathway from being counted."""
    for shared in sorted(pathway.groups.keys() & pathway.elements.keys()):
        log.add(("element", shared), f"'{shared}' is a group and an element.", "Rename one of them.")
    if len(pathway.groups) + len(pathway.elements) > limits.pathway_places:
        log.add((), f"The file has more than {limits.pathway_places:,} groups and elements.", "Split it.")
        return
    if pathway.root not in pathway.groups:
        _unknown(log, ("root",), pathway.root, pathway.groups, "group")
    for group in pathway.groups.values():
        _group_errors(pathway, group, log)
    for element in pathway.elements.values():
        _element_errors(pathway, element, log, limits)
    for index, qualification in enumerate(pathway.qualifications):
        for key, credit in (("credit", qualification.credit), ("total", qualification.total)):
            _credit_error(pathway, credit, ("qualification", index, key), log)
    if not log.errors and not _circles(pathway, log):
        _size_errors(pathway, log, limits)


def _unknown(log: Log, path: Path, name: str, known: Iterable[str], what: str) -> None:
    # A guess looks at all names, so a file full of mistakes gets guesses only for the first of them.
    guess = nearest(name, known) if len(log.problems) < _GUESSES else None
    remedy = f"Did you mean '{guess}'?" if guess else "Add it, or take the name out."
    log.add(path, f"There is no {what} '{clean(name)}'.", remedy)


def _group_errors(pathway: Pathway, group: Group, log: Log) -> None:
    here: Path = ("group", group.id)
    for key, names in (("of", group.of), ("requires", group.requires)):
        for index, name in enumerate(names):
            if name not in pathway.groups and name not in pathway.elements:
                _unknown(log, (*here, key, index), name, chain(pathway.groups, pathway.elements), "group or element")
    for index, name in enumerate(group.optional):
        if name not in group.of:
            _unknown(log, (*here, "optional", index), name, set(group.of), f"child of '{group.id}' called")
    counted = group.counted
    if not counted:
        log.add((*here, "optional"), f"All children of '{group.id}' are optional.", "Leave at least one that counts.")
    elif group.need.children is not None and group.need.children > len(counted):
        log.add(
            (*here, "need"),
            f"'{group.id}' needs {group.need.children} of {len(counted)} children that count.",
            "Lower the need, or add children.",
        )
    if group.need.table:
        inner = [name for name in counted if name in pathway.groups]
        if inner:
            log.add(
                (*here, "need"),
                f"'{group.id}' adds up badges, so its children must be elements; '{inner[0]}' is a group.",
                "Name the elements of that group here.",
            )
        if group.need.unit is not None and group.need.unit not in pathway.credit_units:
            _unknown(log, (*here, "need"), group.need.unit, pathway.credit_units, "credit unit")
    if group.ordered == "strict" and not group.need.all:
        log.add(
            (*here, "ordered"),
            f"'{group.id}' is strict, which needs every child in turn, but asks for less than all.",
            'Use need = "all", or ordered = "advice".',
        )
    for index, rule in enumerate(group.award):
        top = group.id == pathway.root and ("award", index)
        _rule_errors(rule, top or (*here, "award", index), log)
        if rule.attested is not None:
            log.add((*here, "award", index), "An award is a badge and cannot be attested.", "Name the badge.")
    if group.shortcut and not group.award:
        log.add(
            (*here, "shortcut"), f"'{group.id}' has a shortcut but no award.", "Add award = [{ achievement = ... }]."
        )


def _element_errors(pathway: Pathway, element: Element, log: Log, limits: Limits) -> None:
    here: Path = ("element", element.id)
    for index, name in enumerate(element.requires):
        if name not in pathway.groups and name not in pathway.elements:
            known = chain(pathway.groups, pathway.elements)
            _unknown(log, (*here, "requires", index), name, known, "group or element")
    for index, rule in enumerate(element.match):
        _rule_errors(rule, (*here, "match", index), log)
        for key, pattern in (("name", rule.name), ("achievement_glob", rule.achievement_glob)):
            if pattern is not None and pattern.count("*") > limits.pathway_stars_per_pattern:
                log.add(
                    (*here, "match", index, key),
                    f"The pattern has more than {limits.pathway_stars_per_pattern} stars.",
                    "Shorten it.",
                )
    _credit_error(pathway, element.credit, (*here, "credit"), log)


def _rule_errors(rule: Rule, path: Path, log: Log) -> None:
    others = (rule.anchored, rule.name, rule.tag, rule.alignment, rule.code)
    if rule.attested is not None:
        if any(others):
            log.add(path, "An attested rule stands alone.", "Make two alternatives of it.")
    elif not rule.anchored:
        log.add(
            path,
            "The rule does not say who must have issued the badge, so anybody could make one that fits.",
            "Add issuer, achievement, achievement_glob, or any_issuer = true.",
        )
    elif rule.any_issuer and not any(others[1:]) and not rule.achievement and not rule.achievement_glob:
        log.add(path, "any_issuer alone would take every badge.", "Add a name, tag, alignment, or framework and code.")


def _credit_error(pathway: Pathway, credit: Credit | None, path: Path, log: Log) -> None:
    if credit is not None and credit.unit not in pathway.credit_units:
        _unknown(log, (*path, "unit"), credit.unit, pathway.credit_units, "credit unit")


def _circles(pathway: Pathway, log: Log) -> bool:
    """Whether `of` and `requires` together lead back to where they began. Walks with a list: depth is the file's choice."""
    done: set[str] = set()
    for start in (*pathway.groups, *pathway.elements):
        trail: dict[str, None] = {}  # a list that also answers "in" at once
        ways: list[Iterator[str]] = [iter((start,))]
        while ways:
            name = next(ways[-1], None)
            if name is None:
                ways.pop()
                if trail:
                    done.add(trail.popitem()[0])
            elif name in trail:
                path = list(trail)
                circle = clean(" -> ".join([*path[path.index(name) :], name]))
                kind = "group" if path[-1] in pathway.groups else "element"
                log.add((kind, path[-1]), f"This goes in a circle: {circle}.", "Take one of these references out.")
                return True
            elif name not in done:
                trail[name] = None
                ways.append(iter(_leads_to(pathway, name)))
    return False


def _leads_to(pathway: Pathway, name: str) -> tuple[str, ...]:
    group = pathway.groups.get(name)
    return (*group.of, *group.requires) if group is not None else pathway.elements[name].requires


def _size_errors(pathway: Pathway, log: Log, limits: Limits) -> None:
    """Places and depth after every reference is followed: a graph can double at each level."""
    sizes: dict[str, tuple[int, int]] = {name: (element.count, 1) for name, element in pathway.elements.items()}
    waiting = [pathway.root]
    while waiting:
        group = pathway.groups[waiting[-1]]
        open_children = [name for name in group.of if name not in sizes]
        if open_children:
            waiting.extend(open_children)
            continue
        waiting.pop()
        inner = [sizes[name] for name in group.of]
        # Cut off just above the limit: the true number of a hostile file has as many digits as the file has groups.
        total = min(sum(places for places, _ in inner), limits.pathway_places + 1)
        sizes[group.id] = (total, 1 + max(depth for _, depth in inner))
    places, depth = sizes[pathway.root]
    if places > limits.pathway_places:
        log.add(
            ("group", pathway.root),
            f"With every reference followed the pathway has more than {limits.pathway_places:,} places, which is the limit.",
            "Split it into several pathways.",
        )
    if depth > limits.pathway_depth:
        log.add(
            ("group", pathway.root),
            f"Groups are nested {depth} deep; {limits.pathway_depth} is the limit.",
            "Flatten some of them.",
        )


def warnings(
    pathway: Pathway, log: Log, *, today: date | None, known: Known | None, changed: date | None = None
) -> None:
    """Doubts about a pathway without errors. `known`: achievements of the wallet, to find rules that fit none.

    changed: the day of the file's last change.
    """

    def warn(path: Path, message: str, remedy: str) -> None:
        log.add(path, message, remedy, severity="warning")

    if pathway.status == "retired":
        warn(("status",), "This pathway is retired.", "Look for the version that replaces it.")
    if today is not None and changed is not None and today - changed > _OLD:
        warn(
            ("version",),
            f"This file was last changed on {changed}, over a year ago.",
            "Look for a newer version of it.",
        )
    used = _used(pathway)
    for kind, names in (("group", pathway.groups.keys()), ("element", pathway.elements.keys())):
        for name in names:
            if name not in used:
                warn(
                    (kind, name), f"'{name}' is used by no group that leads to the root.", "Refer to it, or remove it."
                )
    for element in pathway.elements.values():
        _element_warnings(pathway, element, warn, today, known)
    _outcome_remarks(pathway, log)
    _own_awards(pathway, warn)
    for group in pathway.groups.values():
        if group.id in used and group.exclusive and _impossible(pathway, group):
            warn(
                ("group", group.id),
                f"'{group.id}' is exclusive, and all badges it names together cannot fill it.",
                "Add alternatives, lower a need, or mark an element with reuse = true.",
            )


Warn: TypeAlias = Callable[[Path, str, str], None]


def _used(pathway: Pathway) -> set[str]:
    used, waiting = {pathway.root}, [pathway.root]
    while waiting:
        group = pathway.groups.get(waiting.pop())
        fresh = [name for name in (group.of if group is not None else ()) if name not in used]
        used.update(fresh)
        waiting.extend(fresh)
    return used


def _element_warnings(pathway: Pathway, element: Element, warn: Warn, today: date | None, known: Known | None) -> None:
    here: Path = ("element", element.id)
    for index, rule in enumerate(element.match):
        if rule.any_issuer and not pathway.trusted_issuers:
            warn(
                (*here, "match", index),
                f"'{element.id}' takes a badge from anybody, because the file names no trusted issuers.",
                "Add trusted_issuers = [ ... ].",
            )
        if known is not None and rule.attested is None and not could_match(pathway, rule, known):
            warn((*here, "match", index), "No badge known here fits this alternative.", "Check its spelling.")
    for index, offering in enumerate(element.offering):
        last = offering.ends or offering.begins
        if today is not None and last is not None and last < today:
            warn((*here, "offering", index), f"This offering of '{element.id}' is over ({last}).", "Add the next one.")


def _outcome_remarks(pathway: Pathway, log: Log) -> None:
    """A micro-credential is about one or two things that one can do afterwards; what else is no mistake, only remarked."""
    silent = [each.id for each in pathway.elements.values() if not each.outcomes and not each.competencies]
    if silent:
        shown = ", ".join(f"'{clean(name)}'" for name in silent[:_SHOWN])
        more = f" and {len(silent) - _SHOWN} more" if len(silent) > _SHOWN else ""
        log.add(
            ("element", silent[0]),
            f"No outcome and no competency is stated for {shown}{more}.",
            "Add outcomes = [ ... ]: one or two say what a badge is about.",
            severity=_REMARK,
        )
    for element in pathway.elements.values():
        stated = max(len(element.outcomes), len(element.competencies))
        if stated >= _MANY:
            log.add(
                ("element", element.id),
                f"'{clean(element.id)}' states {stated} outcomes or competencies.",
                "A badge about one or two is easier to understand; perhaps these are several badges.",
                severity=_REMARK,
            )


def _own_awards(pathway: Pathway, warn: Warn) -> None:
    """An element whose only badge is the award of a group it is part of can never be filled there."""
    for group in pathway.groups.values():
        awards = {rule.achievement for rule in group.award if rule.achievement is not None}
        if not awards:
            continue
        inside, waiting = set[str](), [group.id]
        while waiting:
            found = pathway.groups.get(waiting.pop())
            fresh = [name for name in (found.of if found is not None else ()) if name not in inside]
            inside.update(fresh)
            waiting.extend(fresh)
        for name in sorted(inside & pathway.elements.keys()):
            if all(
                rule.achievement is not None and rule.achievement in awards for rule in pathway.elements[name].match
            ):
                warn(
                    ("element", name),
                    f"'{name}' is filled only by the award of '{group.id}', which never counts inside that group.",
                    "Name another badge.",
                )


def _impossible(pathway: Pathway, group: Group) -> bool:
    """Whether a learner who holds every badge the group names would still lack one. False where a rule names no badge."""
    missing = missing_with_everything(pathway, group.id)
    return missing is not None and missing > 0
