"""Which achievement is which, and which rule fits it (pathways.md sections 2 and 3).

`key_of` gives every credential of one achievement the same key, `Keys` merges what a file calls equivalent, and `fit`
answers with the strength of the strongest rule that matches. Whether a matching credential *counts* is the affair of
`candidates`. Pure: text in, text out.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from wallet.model import Alignment
from wallet.pathways.model import Pathway, Rule

#: From the surest to the weakest; shown beside each badge that counts.
STRENGTHS = (
    "achievement",
    "equivalence",
    "framework-code",
    "alignment",
    "name",
    "tag",
    "issuer",
    "achievement-glob",
    "any-issuer",
    "attested",
)
_RANK = {strength: rank for rank, strength in enumerate(STRENGTHS)}
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Described(Protocol):
    """What a rule looks at: a candidate, or an achievement that is only known of."""

    @property
    def achievement_id(self) -> str | None: ...
    @property
    def issuer_id(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def criteria(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def alignments(self) -> tuple[Alignment, ...]: ...


@lru_cache(maxsize=16_384)
def normal_id(written: str) -> str:
    """An id as it is compared: http is https, host in lower case, no default port, empty fragment or trailing slash.

    The path, the query and a real fragment stay as they are: some issuers keep many achievements in one document.
    """
    written = written.strip()
    scheme, mark, _ = written.partition("://")
    if not mark or scheme.lower() not in _DEFAULT_PORTS:
        return written
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        return written
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _DEFAULT_PORTS[scheme.lower()]:
        host += f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    normal = f"https://{host}{parts.path.rstrip('/')}{query}{fragment}"
    # What was cut off may have hidden more of the same, such as a space before an empty fragment.
    return normal if normal == written else normal_id(normal)


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """Text as it is compared: NFC, without case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def key_of(badge: Described) -> str:
    """The key that all credentials of one achievement share."""
    if badge.achievement_id:
        return normal_id(badge.achievement_id)
    said = json.dumps([normal_id(badge.issuer_id or ""), folded(badge.name), badge.criteria or ""])
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()


class Keys:
    """Merges the keys that a file's `equivalence` lists name together, as far as they hold on that day."""

    def __init__(self, pathway: Pathway, at: date) -> None:
        self._parent: dict[str, str] = {}
        for same in pathway.equivalence:
            if same.until is None or at <= same.until:
                roots = sorted({self.root(normal_id(one)) for one in same.achievements})
                for other in roots[1:]:
                    self._parent[other] = roots[0]

    def root(self, key: str) -> str:
        """The one key that stands for all that are equivalent to this."""
        while (parent := self._parent.get(key)) is not None:
            key = parent
        return key


def wild(pattern: str, text: str) -> bool:
    """Whether `text` as a whole fits `pattern`, where `*` is any text and `?` any one character.

    Looks for the pieces between stars from left to right and never goes back further than the last star.
    """
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    at = start = 0
    star, resume = -1, 0
    while at < len(text):
        if start < len(pattern) and pattern[start] == "*":
            star, resume = start, at
            start += 1
        elif start < len(pattern) and pattern[start] in ("?", text[at]):
            at += 1
            start += 1
        elif star >= 0:
            resume += 1
            at, start = resume, star + 1
        else:
            return False
    return all(character == "*" for character in pattern[start:])


def strength(rule: Rule, badge: Described, key: str, keys: Keys, trusted: frozenset[str]) -> str | None:
    """How `rule` matches the badge with that key, or None. All keys of the rule must fit."""
    if rule.attested is not None or not rule.anchored:
        return None
    issuer = normal_id(badge.issuer_id) if badge.issuer_id else None
    if rule.issuer is not None and issuer != normal_id(rule.issuer):
        return None
    if rule.any_issuer and trusted and issuer not in trusted:
        return None
    wanted = normal_id(rule.achievement) if rule.achievement is not None else None
    if wanted is not None and keys.root(wanted) != key:
        return None
    if rule.achievement_glob is not None and not wild(
        _glob(rule.achievement_glob), normal_id(badge.achievement_id or "")
    ):
        return None
    if rule.name is not None and not wild(folded(rule.name), folded(badge.name)):
        return None
    if rule.tag is not None and folded(rule.tag) not in {folded(tag) for tag in badge.tags}:
        return None
    if rule.alignment is not None:
        target = normal_id(rule.alignment)
        if not any(one.target_url and normal_id(one.target_url) == target for one in badge.alignments):
            return None
    if rule.code is not None and not _has_code(rule, badge.alignments):
        return None
    if wanted is not None:
        return "achievement" if wanted == key_of(badge) else "equivalence"
    return _weaker(rule)


def _weaker(rule: Rule) -> str:
    """The strength of a rule that names no achievement."""
    if rule.issuer is not None:
        qualifiers = (
            (rule.code, "framework-code"),
            (rule.alignment, "alignment"),
            (rule.name, "name"),
            (rule.tag, "tag"),
        )
        return next((named for value, named in qualifiers if value is not None), "issuer")
    return "achievement-glob" if rule.achievement_glob is not None else "any-issuer"


def _has_code(rule: Rule, alignments: Iterable[Alignment]) -> bool:
    """Whether one and the same alignment names the framework and the code."""
    return any(
        folded(one.target_framework or "") == folded(rule.framework or "")
        and folded(one.target_code or "") == folded(rule.code or "")
        for one in alignments
    )


def _glob(pattern: str) -> str:
    """The pattern with its literal beginning normalised as ids are."""
    scheme, _, rest = pattern.partition("://")
    host, _, path = rest.partition("/")
    return f"{normal_id(f'{scheme}://{host}')}/{path}"


def fit(
    rules: Sequence[Rule], badge: Described, key: str, keys: Keys, trusted: frozenset[str]
) -> tuple[str, Rule] | None:
    """The strength and the rule of the strongest match; between equals the rule that spells first."""
    best: tuple[int, str, Rule] | None = None
    for rule in rules:
        found = strength(rule, badge, key, keys, trusted)
        if found is not None:
            entry = (_RANK[found], rule.spelled(), rule)
            if best is None or entry[:2] < best[:2]:
                best = entry
    return None if best is None else (STRENGTHS[best[0]], best[2])


def trusted_issuers(pathway: Pathway) -> frozenset[str]:
    """The issuers that `any_issuer` means, normalised; empty: anybody."""
    return frozenset(normal_id(issuer) for issuer in pathway.trusted_issuers)


def could_match(pathway: Pathway, rule: Rule, known: Iterable[Described]) -> bool:
    """Whether one of the known achievements fits the rule on some day or other."""
    keys, trusted = Keys(pathway, date.min), trusted_issuers(pathway)
    return any(strength(rule, badge, keys.root(key_of(badge)), keys, trusted) is not None for badge in known)
