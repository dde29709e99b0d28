"""A bundle: the badges that a learner hands to one reader, with their originals, what was captured as evidence, and for whom.

Originals are whole or absent, byte for byte. What must not leave is never looked up: notes, labels, where a file came from.
Hidden badges, invalid ones and those of somebody else are refused here, whoever asks. What was left out is one number.
`prepare` decides everything and writes nothing, so that a learner can see what would go out; `write` puts it on disk.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from exporters.atomic import write_file
from exporters.disclosing import Personal, Seen, Withholding, personal_fields
from exporters.words import long_day, public_link, slug
from wallet.bundle import (
    EVIDENCE,
    MEMBER,
    ORIGINAL,
    PAYLOAD,
    README,
    SUMS,
    Bundle,
    BundleBadge,
    BundleError,
    BundleFile,
)
from wallet.bundle_check import sums
from wallet.bundle_json import read_bundle, write_bundle
from wallet.documents.baked import read_baked
from wallet.documents.jws import COMPACT
from wallet.errors import ExportError, NotFoundError, StoreError
from wallet.found import Kind
from wallet.limits import LIMITS
from wallet.model import Identity
from wallet.progress import Event, Progress, silent
from wallet.text import clean, plural
from wallet.verify.report import Outcome, Verdict

if TYPE_CHECKING:
    from wallet.store.rows import Badge, Representation
    from wallet.store.wallet import BadgeRow, Wallet
    from wallet.verify.report_json import EvidenceSummary

KEPT_BACK = "kept back"
_README = "README.txt"
_MOST_SKILLS = 50
_SIGNED = frozenset({Kind.OB2_JWS, Kind.OB3_JWT, Kind.CLR2_JWT})
_TYPES = {
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".jws": "application/jose",
    ".pem": "application/x-pem-file",
    ".url.txt": "text/plain",
    ".bin": "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the learner says about a bundle. until: the last day of use. identities: told so that the reader can match them."""

    audience: str
    purpose: str
    until: date
    consent: str = ""
    person: str = ""
    identities: tuple[Identity, ...] = ()
    pathways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bundle that is ready to be written. contents: names and bytes of all its files, sorted. data: the zip."""

    bundle: Bundle
    contents: tuple[tuple[str, bytes], ...]
    personal: tuple[Personal, ...]
    warnings: tuple[str, ...]
    data: bytes

    @property
    def sha256(self) -> str:
        """Hex digest of the zip."""
        return sha256(self.data).hexdigest()


def kept_back(row: BadgeRow) -> str | None:
    """Why a badge is never handed out, in a word or two; None for one that may be."""
    if row.hidden:
        return "hidden"
    if row.yours is Outcome.FAILED:
        return "not yours"
    return "invalid" if row.verdict is Verdict.INVALID else None


def prepare(
    wallet: Wallet,
    badge_ids: Sequence[str],
    terms: Terms,
    *,
    left_out: int,
    now: datetime,
    progress: Progress = silent,
) -> Prepared:
    """Everything that a bundle of these badges (full ids) would hold. Reads the wallet, fetches nothing, writes nothing.

    left_out: how many badges of the wallet stay behind. Raises `ExportError` for a badge that is never handed out, and where it
    would be more than a reader takes.
    """
    packing = _Packing(wallet, terms, frozenset(badge_ids))
    chosen = sorted(set(badge_ids))
    badges: list[BundleBadge] = []
    for badge_id in chosen:
        badges.append(packing.take(wallet.badge(badge_id)))
        progress(Event("bundle", len(badges), len(chosen)))
    from wallet import __version__

    bundle = Bundle(
        created=now.astimezone(UTC),
        audience=terms.audience,
        purpose=terms.purpose,
        consent=terms.consent,
        given=now.astimezone(UTC).date(),
        until=terms.until,
        person=terms.person,
        identities=terms.identities,
        pathways=terms.pathways,
        badges=tuple(badges),
        left_out=((KEPT_BACK, left_out),) if left_out else (),
        tool=f"badgefolio {__version__}",
    )
    packing.put(
        BundleFile(_README, "", 0, "text/plain", README),
        _readme(bundle, packing.addresses, packing.skills).encode("utf-8"),
    )
    bundle = _with_files(bundle, packing.files)
    told = write_bundle(bundle)
    contents = {**packing.contents, MEMBER: told}
    contents[SUMS] = sums(contents)
    _check_size(bundle, told, contents)
    packed = tuple(sorted(contents.items()))
    return Prepared(
        bundle,
        packed,
        personal_fields(terms.person, terms.identities, wallet.identities(retired=True), packing.seen, terms.consent),
        tuple(dict.fromkeys(packing.warnings)),
        _zip(packed),
    )


def write(prepared: Prepared, target: Path, *, force: bool = False, ready: Callable[[], None] | None = None) -> Path:
    """Put the zip at `target` (mode 0600). `ready` is called once the bytes are on disk and only their name is missing."""
    return write_file(target, prepared.data, force=force, ready=ready)


def _with_files(bundle: Bundle, files: Sequence[BundleFile]) -> Bundle:
    return replace(bundle, files=tuple(sorted(files, key=lambda file: file.path)))


def _check_size(bundle: Bundle, told: bytes, contents: dict[str, bytes]) -> None:
    total = sum(len(data) for data in contents.values())
    try:
        fits = read_bundle(told) == bundle
    except BundleError:
        fits = False
    if not fits or len(contents) > LIMITS.archive_entries or total > LIMITS.unpacked_bytes:
        raise ExportError(
            f"{plural(len(bundle.badges), 'badge')} with {plural(len(contents), 'file')} are more than one bundle may"
            " hold; nothing was written.",
            "Make two bundles with fewer badges each.",
        )


def _zip(contents: Sequence[tuple[str, bytes]]) -> bytes:
    """Stored, not packed: versions of zlib differ in their bytes, and pictures would hardly get smaller."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in contents:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o600) << 16
            archive.writestr(entry, data)
    return out.getvalue()


class _Packing:
    """The files so far, while badges are taken in one after another."""

    def __init__(self, wallet: Wallet, terms: Terms, chosen: frozenset[str]) -> None:
        self._wallet, self._chosen = wallet, chosen
        self.tell = Withholding([one for one in wallet.identities(retired=True) if one not in terms.identities])
        self.files: list[BundleFile] = []
        self.contents: dict[str, bytes] = {}
        self.seen: list[Seen] = []
        self.warnings: list[str] = []
        #: Where each badge can be looked up at its issuer's, by id.
        self.addresses: dict[str, str] = {}
        #: Names of badges by the entry of a framework that they correspond to.
        self.skills: dict[str, dict[str, None]] = {}

    def put(self, file: BundleFile, data: bytes) -> str:
        """Keep one file, given without its digest and size. Its path."""
        self.contents[file.path] = data
        self.files.append(replace(file, sha256=sha256(data).hexdigest(), size=len(data)))
        return file.path

    def take(self, badge: Badge) -> BundleBadge:
        """One badge with all its files."""
        row = badge.row
        why = kept_back(row)
        name = self.tell(row.name) or f"Unnamed badge {row.short}"
        if why is not None:
            raise ExportError(
                f"The badge {row.short} ({name}) is {why}, and such badges are never handed out; nothing was written.",
                "Leave it out. 'badgefolio show " + row.short + "' says more.",
            )
        paths = [*self._originals(badge, slug(name, row.id), name), *self._evidence(badge, name)]
        address = self.link(row.credential_id)
        if address is not None:
            self.addresses[row.id] = address
        for one in row.alignments[:_MOST_SKILLS]:
            if one.target_code:
                words = (one.target_framework or "", one.target_code, str(one.target_name))
                self.skills.setdefault(" ".join(self.tell(word) for word in words if word.strip()), {}).setdefault(name)
        return BundleBadge(
            id=row.id,
            name=name,
            issuer=self.tell(row.issuer_name),
            issuer_id=self.link(row.issuer_id),
            achievement_id=self.link(row.achievement_id),
            issued=row.issued_on.astimezone(UTC).date() if row.issued_on is not None else None,
            expires=row.expires.astimezone(UTC).date() if row.expires is not None else None,
            verdict=row.verdict.value if row.verdict is not None else None,
            as_of=row.as_of if row.verdict is not None else None,
            files=tuple(dict.fromkeys(paths)),
        )

    def link(self, url: str | None) -> str | None:
        """`url` if it may be told: a web address that opens no account and does not hold the learner's own."""
        return url if url and public_link(url) is not None and not self.tell.hides(url) else None

    def _originals(self, badge: Badge, stem: str, name: str) -> Iterator[str]:
        forms: dict[str, Representation] = {}
        for form in badge.representations:
            forms.setdefault(form.container_sha or form.raw_sha, form)
        for number, (sha, form) in enumerate(forms.items(), 1):
            more = f"-{number}" if number > 1 else ""
            raw = self._wallet.read(form.raw_sha)
            suffix = _raw_suffix(form.kind)
            container = self._wallet.read(sha) if form.container_sha is not None else None
            if container is not None and self._holds_others(container):
                self.warnings.append(
                    f"A picture of {name} holds another badge as well, which stays behind: {name} goes along without it."
                )
                container = None
            if container is None:
                yield self._original(f"originals/{stem}{more}{suffix}", raw)
            else:
                yield self._original(f"originals/{stem}{more}{_suffix_of(container)}", container)
                path = f"payloads/{stem}{more}{suffix}"
                yield self.put(BundleFile(path, "", 0, _TYPES[suffix], PAYLOAD), raw)
                self.seen.append(Seen(name, container))
            self.seen.append(Seen(name, raw, form.kind))

    def _holds_others(self, picture: bytes) -> bool:
        """Whether a badge of the wallet that was not chosen is baked into the same picture."""
        texts = [baked.text for baked in read_baked(picture) if baked.text]
        known = (self._wallet.resolve_raw(sha256(form).hexdigest()) for text in texts for form in {text, text.strip()})
        return any(badge is not None and badge not in self._chosen for badge in known)

    def _original(self, path: str, data: bytes) -> str:
        media = next(media for suffix, media in _TYPES.items() if path.endswith(suffix))
        return self.put(BundleFile(path, "", 0, media, ORIGINAL), data)

    def _evidence(self, badge: Badge, name: str) -> Iterator[str]:
        for item in badge.report.evidence if badge.report is not None else ():
            if item.sha256 is None or item.status is None:
                continue
            if self.link(item.url) is None:
                self.warnings.append(
                    f"What was captured for {name} from an address that is not for others to see stays behind."
                )
                continue
            try:
                body = self._wallet.read(item.sha256)
            except (NotFoundError, StoreError):
                self.warnings.append(f"A document captured for {name} is not in the wallet any more.")
                continue
            yield self._captured(item, body)
            self.seen.append(Seen(name, body, captured=True))

    def _captured(self, item: EvidenceSummary, body: bytes) -> str:
        suffix = _suffix_of(body)
        # Badges of one issuer share its documents: the same answer is one file.
        key = sha256(f"{item.url}\n{item.status}\n{item.fetched_at.isoformat()}\n{item.sha256}".encode()).hexdigest()
        path = f"evidence/{item.role.value}-{key[:12]}{suffix}"
        if path in self.contents:
            return path
        file = BundleFile(path, "", 0, _TYPES[suffix], EVIDENCE, item.url, item.status, item.fetched_at)
        return self.put(file, body)


def _raw_suffix(kind: Kind) -> str:
    return ".jws" if kind in _SIGNED else ".url.txt" if kind is Kind.OB2_URL else ".json"


def _suffix_of(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return ".png"
    if data.startswith(b"%PDF-"):
        return ".pdf"
    head = data[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        return ".json"
    if head.startswith(b"-----BEGIN"):
        return ".pem"
    if b"<svg" in head:
        return ".svg"
    return ".jws" if len(data) <= LIMITS.credential_bytes and COMPACT.fullmatch(data.strip()) else ".bin"


def _readme(bundle: Bundle, addresses: dict[str, str], skills: dict[str, dict[str, None]]) -> str:
    """For somebody who has never heard of badgefolio."""
    until = long_day(bundle.until) if bundle.until is not None else "an open date"
    lines = [
        f"Badges for {bundle.audience}",
        "",
        f"From:      {bundle.person or 'the learner'}",
        f"Purpose:   {bundle.purpose}",
        f"Use until: {until}. Please delete this file then. That is a request between people, not a lock.",
    ]
    if bundle.consent:
        lines.append(f"Consent:   {bundle.consent}")
    lines += ["", "The badges", ""]
    for badge in bundle.badges:
        issued = f", issued {long_day(badge.issued)}" if badge.issued is not None else ""
        lines.append(f"* {badge.name}, by {badge.issuer or 'an issuer that is not named'}{issued}")
        if badge.id in addresses:
            lines.append(f"  {addresses[badge.id]}")
    if skills:
        lines += ["", "By skill", ""]
        lines += [f"* {skill}: {', '.join(names)}" for skill, names in sorted(skills.items())]
    lines += [
        "",
        "How to check them",
        "",
        "originals/  the badges, byte for byte as their issuer gave them. Only these count.",
        "payloads/   what is inside the pictures, for reading.",
        "evidence/   what the issuers' sites answered when the sender checked. It is the sender's word.",
        "",
        "With badgefolio:    badgefolio verify THIS-FILE.zip",
        "With another tool:  give the files in originals/ to any verifier of Open Badges.",
        "By hand:            open a badge's address above; it should be at its issuer's own site.",
        "",
        f"'sha256sum --check {SUMS}' tells whether a file was damaged on its way, and not whether a badge is genuine.",
        "",
    ]
    return "\n".join(clean(line, limit=2_000, lines=True).replace("\n", " ") for line in lines)
