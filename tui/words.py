"""How states, times and absent values read, on the command line and in the app alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wallet.text import clean
from wallet.verify.report import Outcome, Verdict, Who

if TYPE_CHECKING:
    from wallet.bundle import Bundle
    from wallet.pathways.model import Pathway
    from wallet.pathways.plan import Ending

NOT_STATED = "not stated"
NOT_CHECKED = "not checked"

# Blue and orange differ for every kind of colour vision; the glyph and the word say the same without any colour.
_STATES: dict[str, tuple[str, str, str]] = {
    "valid": ("✓", "+", "bold blue"),
    "invalid": ("✗", "x", "bold dark_orange"),
    "revoked": ("⊘", "R", "bold dark_orange"),
    "expired": ("◷", "E", "dark_orange"),
    "undetermined": ("?", "?", "bold"),
    NOT_CHECKED: ("·", ".", ""),
}
_OUTCOMES: dict[Outcome, tuple[str, str, str, str]] = {
    Outcome.PASSED: ("✓", "+", "blue", "yes"),
    Outcome.FAILED: ("✗", "x", "bold dark_orange", "no"),
    Outcome.WARNING: ("!", "!", "dark_orange", "with a remark"),
    Outcome.SKIPPED: ("·", ".", "", "not asked"),
    Outcome.UNDETERMINED: ("?", "?", "bold", "not known"),
}
#: The three questions, by the names that a catalogue and JSON give them.
QUESTION_WORDS = {"authentic": "authentic?", "yours": "yours?", "still_good": "still good?"}
_WHO = {Who.YOU: "you", Who.ISSUER: "the issuer", Who.NETWORK: "nobody: the network, try later"}


def state_word(verdict: Verdict | None) -> str:
    """The word of a verdict; None is a badge that was never checked."""
    return verdict.value if verdict is not None else NOT_CHECKED


def state_glyph(verdict: Verdict | None, *, ascii_only: bool) -> str:
    """The mark of a verdict."""
    shown, plain, _ = _STATES[state_word(verdict)]
    return plain if ascii_only else shown


def state_style(verdict: Verdict | None) -> str:
    """The colour of a verdict, as a rich style."""
    return _STATES[state_word(verdict)][2]


def outcome_glyph(outcome: Outcome, *, ascii_only: bool) -> str:
    """The mark of a finding or an answer."""
    shown, plain, _, _ = _OUTCOMES[outcome]
    return plain if ascii_only else shown


def outcome_style(outcome: Outcome) -> str:
    """Its colour, as a rich style."""
    return _OUTCOMES[outcome][2]


def answer_word(outcome: Outcome) -> str:
    """How an answer to one of the three questions reads."""
    return _OUTCOMES[outcome][3]


def who_word(who: Who) -> str:
    """Who can mend it."""
    return _WHO[who]


def about_bundle(bundle: Bundle) -> str:
    """For whom a bundle was made, until when, and what its sender's word about it is worth."""
    whom = clean(bundle.audience, limit=120) or "somebody it does not name"
    why = f" ({clean(bundle.purpose, limit=200)})" if bundle.purpose.strip() else ""
    until = f", to be used until {bundle.until.isoformat()}" if bundle.until is not None else ""
    sender = f" by {clean(bundle.person, limit=120)}" if bundle.person.strip() else ""
    return (
        f"This bundle was made{sender} for {whom}{why}{until}. Only its originals count:"
        " what it says of checks is its sender's word."
    )


def day(moment: datetime | None, absent: str = "") -> str:
    """The date in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d") if moment is not None else absent


def minute(moment: datetime | None, absent: str = "") -> str:
    """Date and time in UTC, to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if moment is not None else absent


def iso(moment: datetime | None) -> str | None:
    """As JSON documents spell it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None


def named(name: str, absent: str = "(no name yet)") -> str:
    """A foreign name on one line, or a word for its absence."""
    return clean(name) or absent


def host(url: str | None) -> str:
    """The ASCII host of an address, for display beside a name: names can be borrowed, hosts cannot. "" when there is none."""
    try:
        name = urlsplit(url or "").netloc.rpartition("@")[2]
    except ValueError:
        return ""
    try:
        return clean(name if name.isascii() else name.encode("idna").decode("ascii"))
    except UnicodeError:
        return clean(name.encode("ascii", "backslashreplace").decode("ascii"))


def title(name: str, address: str | None, short: str) -> str:
    """The badge's name; before the first verification of a badge that only links to its class, where it comes from."""
    shown = clean(name)
    if shown:
        return shown
    where = host(address)
    tail = clean((address or "").rstrip("/").rpartition("/")[2], limit=40)
    return f"no name yet: {where}/…/{tail}" if where else f"no name yet: {tail or short}"


def what_ends(ending: Ending, names: Mapping[str, str]) -> str:
    """Who or what will not count any more: the badge by its name, or the kind of record. `names`: clean, by id of badges."""
    return f"the {ending.record}" if ending.badge is None else names.get(ending.badge, ending.badge[:6])


def status_words(pathway: Pathway) -> str:
    """What stands behind the name of a pathway that is not published: ` (draft)`, ` (retired)`."""
    return f" ({clean(pathway.status)})" if pathway.status != "published" else ""


def joined(parts: Sequence[str], absent: str = NOT_STATED) -> str:
    """Foreign texts in one line."""
    return ", ".join(clean(part) for part in parts if part.strip()) or absent
