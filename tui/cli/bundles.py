"""A bundle as `verify` looks at it first: for whom it is, and whether its files are those that it lists. Judges no badge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.cli.run import Run
from wallet.bundle import Bundle
from wallet.bundle_check import FileFinding
from wallet.model import Json
from wallet.text import clean, plural

_NAMED = 5
_LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class BundleChecked:
    """bundle: None where the description cannot be read, with why in `broken`. files: how many it holds."""

    source: str
    bundle: Bundle | None
    findings: tuple[FileFinding, ...]
    files: int
    broken: tuple[str, str] | None = None

    @property
    def failed(self) -> bool:
        """Whether a file is not what was listed."""
        return any(finding.failed for finding in self.findings)


def checked_bundle(text: str) -> BundleChecked | None:
    """The files of the bundle at this path against its lists; None for anything that is no bundle."""
    path = Path(text)
    if not path.is_file():
        return None
    from importers.bundles import open_bundle
    from importers.folder import Unread, open_archive, read_file
    from wallet.bundle_check import compare

    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return None
    large = open_archive(str(path))
    if large is not None:
        with large:
            opened = open_bundle(large)
    else:
        data = read_file(str(path))
        opened = open_bundle(data) if not isinstance(data, Unread) else None
    if opened is None:
        return None
    unread = {name or clean(path.name, limit=_LONGEST_PATH): why.detail for name, why in opened.unread}
    broken = (opened.broken.message, opened.broken.remedy) if opened.broken is not None else None
    findings = compare(opened.bundle, opened.contents, opened.listing, unread)
    return BundleChecked(text, opened.bundle, findings, len(opened.contents), broken)


def print_bundle(run: Run, checked: BundleChecked, *, first: bool) -> None:
    """What it says of itself and what is odd; in JSON `badgefolio-bundle-check/1`."""
    out, bundle = run.out, checked.bundle
    if out.json_form:
        out.json(_json(checked))
        return
    if not first:
        out.blank()
    odd = [finding for finding in checked.findings if finding.failed]
    name = clean(checked.source, limit=_LONGEST_PATH)
    if odd:
        state = f"{plural(len(odd), 'file is', 'files are')} not what was listed"
    else:
        state = f"all {plural(checked.files, 'file')} as listed"
    facts: list[tuple[str, str]] = [("bundle", name), ("files", state)]
    if bundle is not None:
        facts += [
            ("made", f"{bundle.created.date().isoformat()} by {clean(bundle.person, limit=120) or 'the learner'}"),
            ("for", clean(bundle.audience, limit=120)),
            ("purpose", clean(bundle.purpose, limit=1_000)),
            ("use until", _until(run, bundle)),
            ("judged for", _whom(bundle)),
        ]
        left = sum(count for _, count in bundle.left_out)
        if left:
            facts.append(("left out", plural(left, "badge")))
    out.facts(facts, indent=0)
    for finding in checked.findings:
        word = "failed" if finding.failed else "warning"
        out.fact(word, f"{clean(finding.path, limit=_LONGEST_PATH)}: {clean(finding.text)}")
    if checked.broken is not None:
        run.err.error(*checked.broken)
    elif bundle is not None:
        run.err.note("Only its originals count: its evidence, and what it says of checks, is the sender's word.")
        if bundle.identities:
            run.err.note("No check shows that these addresses are the sender's: compare them with those that you know.")


def _until(run: Run, bundle: Bundle) -> str:
    if bundle.until is None:
        return "not stated"
    over = " (that day is over: the learner asks you to delete it)" if bundle.until < run.now.date() else ""
    return bundle.until.isoformat() + over


def _whom(bundle: Bundle) -> str:
    named = ", ".join(clean(str(one), limit=120) for one in bundle.identities[:_NAMED])
    more = len(bundle.identities) - _NAMED
    if more > 0:
        # Somebody who tells many addresses may be guessing at other people's.
        return f"{named} and {more:,} more"
    return named or "nobody: the sender told no address, so whose badges these are stays open"


def _json(checked: BundleChecked) -> dict[str, Json]:
    bundle = checked.bundle
    findings: list[Json] = [
        {"path": one.path, "code": one.code, "outcome": "failed" if one.failed else "warning", "summary": one.text}
        for one in checked.findings
    ]
    told: dict[str, Json] | None = None
    if bundle is not None:
        told = {
            "created": bundle.created.isoformat().replace("+00:00", "Z"),
            "for": bundle.audience,
            "purpose": bundle.purpose,
            "until": bundle.until.isoformat() if bundle.until is not None else None,
            "person": bundle.person,
            "identities": [str(one) for one in bundle.identities],
            "left_out": sum(count for _, count in bundle.left_out),
        }
    return {
        "format": "badgefolio-bundle-check/1",
        "input": checked.source,
        "outcome": "failed" if checked.failed else "passed",
        "files": checked.files,
        "findings": findings,
        "bundle": told,
    }
