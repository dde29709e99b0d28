"""Wallets to test with: a fixed clock, found items, reports, and a disk that remembers what was asked of it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from tests.generate import badges
from wallet.fetch.base import Cause, Failure, Fetched
from wallet.found import Carrier, Found, Kind, Step
from wallet.model import Achievement, Credential, Profile, Text
from wallet.paths import Paths
from wallet.store.disk import Disk
from wallet.store.wallet import Wallet
from wallet.verify.report import Evidence, Outcome, Report, Role, Verdict

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
CLASSES = ("Laboratory Safety", "Bread Baking", "Knot Tying", "Sign Language", "Bee Keeping")


def later(**span: float) -> datetime:
    """A moment after `NOW`."""
    return NOW + timedelta(**span)


def open_wallet(base: Path, *, now: datetime = NOW, disk: Disk | None = None) -> Wallet:
    """The wallet below `base`, made if need be."""
    return Wallet.open(Paths.under(base), now=now, disk=disk)


def found(number: int = 1, *, picture: bool = False, name: str | None = None, **changes: object) -> Found:
    """A hosted award with its achievement and issuer embedded, as an importer hands it on."""
    achievement = badges.badge_class(
        id=f"{badges.HOST}/classes/{number}", name=name or CLASSES[number % len(CLASSES)], issuer=badges.issuer()
    )
    raw = badges.encode(badges.assertion(number, **{"badge": achievement, **changes}))
    return Found(
        kind=Kind.OB2_JSON,
        carrier=Carrier.PNG if picture else Carrier.JSON,
        raw=raw,
        container=b"\x89PNG picture of " + raw if picture else None,
        claimed_id=f"{badges.HOST}/awards/{number}",
        fetch_url=f"{badges.HOST}/awards/{number}",
        steps=(Step(f"{number}.json"), Step("JSON")),
        source=f"{number}.json",
    )


def raw_sha(item: Found) -> str:
    """The name of the credential's bytes."""
    return sha256(item.raw).hexdigest()


def answer(url: str, body: bytes = b"{}", *, at: datetime = NOW, status: int = 200) -> Fetched:
    """What a host answered."""
    return Fetched(url=url, final_url=url, fetched_at=at, status=status, body=body)


def no_answer(url: str, *, at: datetime = NOW) -> Fetched:
    """What comes of a host that is down."""
    return Fetched(url=url, final_url=url, fetched_at=at, failure=Failure(Cause.TIMEOUT, "no answer"))


def report(
    item: Found,
    verdict: Verdict = Verdict.VALID,
    *,
    at: datetime = NOW,
    evidence: tuple[Fetched, ...] = (),
    issuer: str = f"{badges.HOST}/issuer",
    name: str = "Checked Name",
    offline: bool = False,
) -> Report:
    """A report on the credential of `item`."""
    good = Outcome.PASSED if verdict is not Verdict.UNDETERMINED else Outcome.UNDETERMINED
    authentic = Outcome.FAILED if verdict is Verdict.INVALID else good
    still_good = Outcome.FAILED if verdict in (Verdict.REVOKED, Verdict.EXPIRED) else good
    return Report(
        verdict=verdict,
        as_of=at,
        now=at,
        authentic=authentic,
        yours=Outcome.SKIPPED,
        still_good=still_good,
        findings=(),
        evidence=tuple(Evidence(Role.ASSERTION, fetched) for fetched in evidence),
        credential=credential(item, issuer=issuer, name=name),
        offline=offline,
        raw_sha256=raw_sha(item),
    )


def credential(item: Found, *, issuer: str = f"{badges.HOST}/issuer", name: str = "Checked Name") -> Credential:
    """What a checked credential says."""
    profile = Profile(id=issuer, types=("Profile",), name=Text.of("Rowan College"))
    achievement = Achievement(
        id=f"{badges.HOST}/classes/checked",
        types=("BadgeClass",),
        name=Text.of(name),
        issuer_id=issuer,
        issuer=profile,
    )
    return Credential(
        id=item.claimed_id, types=("Assertion",), achievement_id=achievement.id, achievement=achievement, issued_on=NOW
    )


def with_role(made: Report, *roles: Role) -> Report:
    """The report with these roles given to its evidence, in order."""
    pairs = zip(roles, made.evidence, strict=True)
    return replace(made, evidence=tuple(Evidence(role, item.fetched) for role, item in pairs))


class HastyDisk(Disk):
    """A real disk that never waits: for tests in which no power cut is meant."""

    def sync_file_system(self, path: Path | str) -> bool:
        return True

    def sync_file(self, path: Path | str) -> None:
        pass

    def append(self, path: Path, data: bytes) -> None:
        with open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(data)


class RecordingDisk(Disk):
    """A real disk that lists the calls made; `fail_at` makes the call of that number fail as a full disk does."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.calls: list[tuple[str, str]] = []
        self._fail_at = fail_at

    def _note(self, call: str, path: Path | str) -> None:
        self.calls.append((call, Path(path).name))
        if self._fail_at is not None and len(self.calls) == self._fail_at:
            raise OSError(28, "No space left on device")

    def write_new(self, path: Path | str, data: bytes, mode: int) -> None:
        self._note("write", path)
        super().write_new(path, data, mode)

    def sync_file_system(self, path: Path | str) -> bool:
        self._note("syncfs", path)
        return super().sync_file_system(path)

    def sync_file(self, path: Path | str) -> None:
        self._note("fsync", path)
        super().sync_file(path)

    def rename(self, source: Path | str, target: Path | str) -> None:
        self._note("rename", target)
        super().rename(source, target)

    def append(self, path: Path, data: bytes) -> None:
        self._note("append", path)
        super().append(path, data)

    def count(self, call: str) -> int:
        """How often that call was made."""
        return sum(name == call for name, _ in self.calls)
