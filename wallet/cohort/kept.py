"""What a learner's directory in the store of a cohort holds, and how it is written down there. Opens no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from wallet.cohort import forms
from wallet.cohort.model import NO_STAMP, CheckedBadge, Consent, Problem, Stamp
from wallet.errors import StoreDamagedError
from wallet.fetch.base import Fetched
from wallet.fetch.recorded import decode, encode
from wallet.found import Kind
from wallet.model import Identity, Json
from wallet.text import clean
from wallet.verify.report import Outcome, Report, Verdict


@dataclass(frozen=True, slots=True)
class Card:
    """Who a learner is. Foreign text, but for the number. files: relative to the cohort's folder."""

    number: str
    name: str
    source: str
    sha256: str
    files: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    consent: Consent | None = None
    stamp: Stamp = NO_STAMP


@dataclass(frozen=True, slots=True)
class Item:
    """One credential that was handed over. original, raw: names of its bytes, which are the same where nothing carried it.

    original_at, raw_at: where these lie among the kept bytes, and how many they are.
    """

    original: str
    raw: str
    kind: Kind
    fetch_url: str | None = None
    original_at: tuple[int, int] = (0, 0)
    raw_at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Given:
    """All that a learner handed over, as it is kept. described: entries of a bundle that came without an original."""

    items: tuple[Item, ...] = ()
    described: tuple[CheckedBadge, ...] = ()
    problems: tuple[Problem, ...] = ()
    bundle_date: date | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Online:
    """What an online check of one credential came to. raw: its bytes. made: when; as_of: what it rests on.

    Whose badge it is was not asked: that is compared each time with the identities that are known by then. report: its sha256.
    why: a clean sentence where it is not good.
    """

    raw: str
    made: datetime
    as_of: datetime
    authentic: Outcome
    verdict: Verdict
    report: str
    why: str = ""

    @property
    def settled(self) -> bool:
        """Whether it gave an answer, good or bad."""
        return self.verdict is not Verdict.UNDETERMINED


def online_of(report: Report, sha: str) -> Online:
    """What a report comes to."""
    said = report.troubles[0].summary if report.verdict is not Verdict.VALID and report.troubles else ""
    return Online(
        report.raw_sha256, report.now, report.as_of, report.authentic, report.verdict, sha, clean(said, limit=200)
    )


def write_online(one: Online) -> Json:
    """What an online check came to."""
    return [
        one.raw,
        forms.iso(one.made),
        forms.iso(one.as_of),
        one.authentic.value,
        one.verdict.value,
        one.report,
        one.why,
    ]


def read_online(value: Json) -> Online:
    """The same back."""
    raw, made, as_of, authentic, verdict, report, why = forms.items(value)
    times = forms.moment(made), forms.moment(as_of)
    if times[0] is None or times[1] is None:
        raise ValueError("no time")
    return Online(
        forms.text(raw),
        times[0],
        times[1],
        Outcome(forms.text(authentic)),
        Verdict(forms.text(verdict)),
        forms.text(report),
        forms.text(why),
    )


def document_name(url: str) -> str:
    """The name under which the answer of a URL is kept."""
    return sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def write_document(fetched: Fetched) -> bytes:
    """An answer: one line of facts, then the body."""
    facts, body = encode(fetched)
    return forms.dumps(facts) + b"\n" + body


def read_document(content: bytes | None) -> Fetched | None:
    """The same back; None where it is not there or not as it was written."""
    if content is None:
        return None
    head, _, body = content.partition(b"\n")
    facts = forms.read(head, forms.members)
    try:
        return decode(facts, body) if facts is not None else None
    except StoreDamagedError:
        return None


def write_card(card: Card) -> Json:
    """Who it is, but for the number."""
    return [
        card.name,
        card.source,
        card.sha256,
        list(card.files),
        [[one.type, one.value] for one in card.identities],
        forms.write_consent(card.consent),
        [card.stamp.digest, card.stamp.newest],
    ]


def read_card(number: str, value: Json) -> Card:
    """The same back."""
    name, source, sha, files, identities, consent, *stamps = forms.items(value)  # cards of before have no stamp
    stamp = [Stamp(forms.text(digest), forms.number(newest)) for digest, newest in map(forms.items, stamps)]
    return Card(
        number,
        forms.text(name),
        forms.text(source),
        forms.text(sha),
        tuple(forms.text(one) for one in forms.items(files)),
        tuple(
            Identity(forms.text(forms.items(one)[0]), forms.text(forms.items(one)[1]))
            for one in forms.items(identities)
        ),
        forms.read_consent(consent),
        *stamp,
    )


def write_given(given: Given) -> Json:
    """What was handed over."""
    return [
        [[one.original, one.raw, one.kind.value, one.fetch_url, *one.original_at, *one.raw_at] for one in given.items],
        [forms.write_badge(one) for one in given.described],
        [forms.write_problem(one) for one in given.problems],
        forms.iso(given.bundle_date),
        given.left_out,
    ]


def read_given(value: Json) -> Given:
    """The same back."""
    found, described, problems, made, left_out = forms.items(value)
    return Given(
        tuple(_read_item(one) for one in forms.items(found)),
        tuple(forms.read_badge(one) for one in forms.items(described)),
        tuple(forms.read_problem(one) for one in forms.items(problems)),
        forms.day(made),
        forms.number(left_out),
    )


def _read_item(value: Json) -> Item:
    original, raw, kind, url, *places = forms.items(value)
    begin, size, raw_begin, raw_size = (forms.number(one) for one in places)
    return Item(
        forms.text(original),
        forms.text(raw),
        Kind(forms.text(kind)),
        forms.maybe(url),
        (begin, size),
        (raw_begin, raw_size),
    )
