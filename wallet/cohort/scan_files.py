"""The finished scans of a cohort, `scans/S-0001.json` and so on: which there are, which one is meant, who is in it."""

from __future__ import annotations

import re
from pathlib import Path

from wallet.cohort import forms
from wallet.cohort.scan_file import Entry, ScanFile, read_scan, write_scan
from wallet.errors import NotFoundError
from wallet.store.disk import Disk
from wallet.text import clean

# Programs that keep folders in step leave copies beside a file, under names of their own.
_NAME = re.compile(r"S-[0-9]{4,9}")


class ScanFiles:
    """Reads and writes them."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder, self._disk = folder, disk
        self._entries: tuple[str, dict[str, Entry]] | None = None

    def names(self) -> list[str]:
        """Ids, oldest first."""
        found = (path.stem for path in self._folder.glob("S-*.json"))
        return sorted((name for name in found if _NAME.fullmatch(name)), key=lambda name: (len(name), name))

    def newest(self) -> str:
        """The id of the newest, "" for none."""
        names = self.names()
        return names[-1] if names else ""

    def next(self) -> str:
        """The id of the next one."""
        newest = self.newest()
        return f"S-{int(newest[2:]) + 1 if newest else 1:04}"

    def read(self, name: str) -> ScanFile | None:
        """A scan as it is stored; None where that cannot be read."""
        try:
            content: bytes | None = self._disk.read(self._folder / f"{name}.json")
        except OSError:
            content = None
        return forms.read(content, read_scan)

    def put(self, one: ScanFile) -> None:
        """Keep a scan."""
        self._disk.replace(self._folder / f"{one.id}.json", forms.dumps(write_scan(one)))

    def wanted(self, scan: str | None) -> ScanFile:
        """The one of that id, or the newest that can be read: a torn one is passed over. Raises `NotFoundError`."""
        names = self.names()
        asked = [scan] if scan is not None else reversed(names)
        found = next((one for each in asked if each in names and (one := self.read(each)) is not None), None)
        if found is None and not names:
            raise NotFoundError("No scan of this folder was finished yet.", "Scan it: badgefolio cohort scan FOLDER")
        if found is None:
            shown = clean(scan or self.newest(), limit=40)
            raise NotFoundError(f"There is no scan '{shown}'.", f"There are: {', '.join(names[-10:])}.")
        return found

    def entry(self, number: str, scan: str | None) -> Entry | None:
        """Where a scan has a learner. The scan asked for last stays at hand: it is asked for everybody."""
        held = self._entries
        if held is None or held[0] != (scan or self.newest()):
            stored = self.wanted(scan)
            held = self._entries = (stored.id, {one.number: one for one in stored.entries})
        return held[1].get(number)

    def forget(self) -> None:
        """Let go of what is at hand."""
        self._entries = None
