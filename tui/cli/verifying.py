"""From inputs to reports: what `verify` and `import --verify` share. Prints nothing but the names of hosts and the bar.

Badges of the wallet go through `wallet.checking`, which records what it finds; anything else is judged and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.network import fetcher
from tui.cli.run import Run
from tui.cli.sources import STDIN, is_link, looks_like_file, no_such_file, read_source
from tui.cli.windows import Count, windows
from tui.issuer_words import own_word
from tui.words import day
from wallet.errors import NotFoundError
from wallet.fetch.base import Fetcher
from wallet.found import Found, Refused
from wallet.model import Identity
from wallet.progress import Progress
from wallet.text import clean
from wallet.verify.compositions import STANDARD
from wallet.verify.dossier import Subject
from wallet.verify.report import Report, Verdict

if TYPE_CHECKING:
    from tui.cli.bundles import BundleChecked
    from wallet.store.wallet import BadgeRow


@dataclass(frozen=True, slots=True)
class Target:
    """One badge to verify. `badge` is its id if it is in the wallet; `label` how the learner named it.

    raw: the sha256 of the one representation that was asked about, where that was a file and not the badge as a whole; size:
    how many bytes it has, which its report is not much larger than.
    """

    label: str
    subjects: tuple[Subject, ...]
    badge: str | None = None
    raw: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome for one input: the best report and those of all representations, or why there is none.

    `row` when it is a badge of the wallet; `as_of` when it was judged for a day in the past. `word`: what the
    learner thinks of the issuer. `bundle`: set, and nothing else, for the files of a bundle as such.
    """

    label: str
    row: BadgeRow | None = None
    report: Report | None = None
    reports: tuple[Report, ...] = ()
    refused: Refused | None = None
    as_of: datetime | None = None
    word: str = ""
    bundle: BundleChecked | None = None

    @property
    def disagree(self) -> bool:
        """Whether the representations of this badge give different verdicts."""
        return len({report.verdict for report in self.reports}) > 1

    @property
    def exit_code(self) -> int:
        """0 valid; 1 invalid, revoked, expired; 3 no badge there; 4 nobody could tell."""
        if self.bundle is not None:
            return 1 if self.bundle.failed else 0
        if self.report is None:
            return 4 if self.refused is not None and self.refused.network else 3
        if self.report.verdict is Verdict.VALID:
            return 0
        return 4 if self.report.verdict is Verdict.UNDETERMINED else 1


def exit_code(judged: Sequence[Judged]) -> int:
    """For a whole batch: a failed check wins over what could not be determined; some inputs without a badge are 1."""
    codes = {item.exit_code for item in judged} or {3}
    if len(codes) == 1:
        return codes.pop()
    return next((code for code in (1, 4) if code in codes), 1)


def _is_source(text: str) -> bool:
    """Whether importers can read it; anything else is the name of a badge in the wallet, or a slip."""
    return text == STDIN or is_link(text) or Path(text).exists()


#: How many times the room of a picture of its size a credential takes while it is verified.
_TIMES = 8


def _nothing_to_open() -> None:
    """What a copy of this process has to open again where there is no wallet."""


def _weight(item: Target | Refused) -> int:
    if isinstance(item, Refused):
        return 0
    # What a credential says is taken apart, reported and written down, which takes many times its size; a picture is only held.
    return max(_TIMES * item.size, sum(_TIMES * len(one.raw) + len(one.container or b"") for one in item.subjects))


@dataclass(frozen=True)
class Verifying:
    """One verification of several inputs, which yields a result for each in their order.

    recipients: judge for these identities instead of the learner's own. as_of: judge for this moment in the past. Such results
    are not recorded in the wallet, nor are those by another policy than the standard. handed: the inputs are somebody else's,
    so they are judged for `recipients` and for nobody if there are none.
    """

    run: Run
    policy: str = STANDARD.name
    recipients: tuple[Identity, ...] = ()
    as_of: datetime | None = None
    handed: bool = False

    @property
    def unrecorded(self) -> str:
        """Why results are not recorded, as a clause; "" when they are."""
        if self.handed:
            return "a bundle is judged for who hands it over"
        if self.recipients:
            return "--recipient asked for particular identities"
        if self.as_of is not None:
            return f"they answer for {day(self.as_of)}"
        return f"they answer by the policy '{self.policy}'" if self.policy != STANDARD.name else ""

    def inputs(self, inputs: Iterable[str], count: Count) -> Iterator[Judged]:
        """Read and verify what the learner named, a piece at a time: of any number of files few are in memory."""
        with fetcher(self.run, self.run.wallet_if_any, self.as_of) as net:
            yield from self._run(self._read(inputs, net, count), net, count)

    def everything(self, inputs: Sequence[str]) -> Iterator[Judged]:
        """As `inputs`, but of a bundle its files come first, and its badges are judged for whom it names."""
        from tui.cli.bundles import checked_bundle

        for text in inputs:
            if not _is_source(text):
                # Before anything is judged: a word that means nothing is a slip of the whole line.
                self._of_wallet(text)
        count = Count(len(inputs))
        for bundled, some in groupby(((text, checked_bundle(text)) for text in inputs), key=lambda pair: bool(pair[1])):
            if not bundled:
                yield from self.inputs((text for text, _ in some), count)
                continue
            for text, checked in some:
                count.unread -= 1
                yield Judged(text, bundle=checked)
                if checked is not None and checked.bundle is not None:
                    whom = self.recipients or checked.bundle.identities
                    yield from replace(self, recipients=whom, handed=True).inputs([text], Count(1))

    def badges(self, badges: Sequence[str]) -> Iterator[Judged]:
        """Verify badges of the wallet, by full id."""
        wallet = self.run.wallet
        targets = [Target(wallet.row(badge).short, (), badge) for badge in badges]
        with fetcher(self.run, wallet, self.as_of) as net:
            if self.unrecorded:
                count = Count(0)
                count.found = len(targets)
                yield from self._run(targets, net, count)
            else:
                # All at once, so that those checked longest ago come first.
                with self.run.err.progress("Verifying", alone=self.run.options.offline) as progress:
                    yield from self._recorded(targets, net, progress)

    def _read(self, inputs: Iterable[str], net: Fetcher, count: Count) -> Iterator[Target | Refused]:
        for text in inputs:
            count.unread -= 1
            if not _is_source(text):
                count.found += 1
                yield self._of_wallet(text)
                continue
            count.endless = text != STDIN and not is_link(text) and Path(text).is_dir()
            for report in read_source(text, net):
                for one in report.bundles if not self.handed else ():
                    self.run.err.note(
                        f"{clean(one.source, limit=200)} is a bundle: name that file by itself to have its files compared"
                        " and its badges judged for whom it names."
                    )
                count.found += len(report.found) + len(report.refused)
                yield from (self._of_file(found, text) for found in report.found)
                yield from report.refused
                del report  # before the next file is read
            count.endless = False

    def _of_file(self, found: Found, text: str) -> Target:
        """What an importer found; if the wallet has these very bytes, it is that badge, and the check is recorded."""
        raw = sha256(found.raw).hexdigest()
        wallet = self.run.wallet_if_any
        badge = wallet.resolve_raw(raw) if wallet is not None else None
        subjects = () if badge is not None and not self.unrecorded else (Subject.of(found),)
        return Target(found.source or text, subjects, badge, raw, len(found.raw))

    def _of_wallet(self, name: str) -> Target:
        if looks_like_file(name):
            raise no_such_file(name)
        wallet = self.run.wallet_if_any
        if wallet is None:
            raise NotFoundError(
                f"There is no file '{clean(name, limit=80)}', and no wallet to look for a badge of that name.",
                "Check the spelling, or bring the badge in with 'badgefolio import FILE'.",
            )
        row = wallet.resolve(name)
        return Target(name, (), row.id)

    def _run(self, items: Iterable[Target | Refused], net: Fetcher, count: Count) -> Iterator[Judged]:
        def way(item: Target | Refused) -> str:
            if isinstance(item, Refused):
                return "refused"
            return "recorded" if item.badge is not None and not self.unrecorded else "loose"

        with self.run.err.progress("Verifying", alone=self.run.options.offline) as progress:
            for kind, some in windows(map(self._at_hand, items), way, _weight):
                for item in some:
                    if isinstance(item, Refused):
                        yield Judged(item.source, refused=item)
                        count.one_more(progress)
                targets = [item for item in some if isinstance(item, Target)]
                some.clear()
                if targets:
                    judge = self._recorded if kind == "recorded" else self._loose
                    yield from judge(targets, net, count.of(len(targets), progress))
                    targets.clear()

    def _at_hand(self, item: Target | Refused) -> Target | Refused:
        """With its bytes, if it is a badge of the wallet that is judged as if it were not."""
        if isinstance(item, Refused) or item.badge is None or item.subjects or not self.unrecorded:
            return item
        return replace(item, subjects=self.run.wallet.subjects(item.badge))

    def _recorded(self, targets: Sequence[Target], net: Fetcher, progress: Progress) -> Iterator[Judged]:
        from wallet.checking import check

        asked: dict[str, list[Target]] = {}
        for target in targets:
            if target.badge is not None:
                asked.setdefault(target.badge, []).append(target)
        for checked in check(
            self.run.wallet,
            list(asked),
            fetcher=net,
            now=self.run.now,
            policy=self.policy,
            offline=self.run.options.offline,
            whole={target.raw for target in targets if target.raw is not None},
            progress=progress,
        ):
            row = self.run.wallet.row(checked.badge)
            for target in asked[checked.badge]:
                # Somebody who names a file wants to know about that file, however good the badge's other forms are.
                own = next((report for report in checked.reports if report.raw_sha256 == target.raw), checked.best)
                yield Judged(target.label, row, own, checked.reports, word=self._word(own))
                del own
            del checked, row

    def _loose(self, targets: Sequence[Target], net: Fetcher, progress: Progress) -> Iterator[Judged]:
        from wallet.checking import best_of
        from wallet.verify.dossier import NO_MEMORY
        from wallet.verify.service import verify_all

        wallet, now = self.run.wallet_if_any, self.as_of or self.run.now
        parts = [target.subjects for target in targets]
        waiting: list[dict[int, Report]] = [{} for _ in targets]
        following = 0
        for key, report in verify_all(
            [(f"{number}/{part}", subject) for number, some in enumerate(parts) for part, subject in enumerate(some)],
            fetcher=net,
            identities=self._identities(),
            policy=self.policy,
            now=now,
            offline=self.run.options.offline,
            progress=progress,
            memory=wallet.memory(before=now) if wallet is not None else NO_MEMORY,
            in_copy=wallet.in_copy if wallet is not None else _nothing_to_open,
        ):
            number, part = (int(word) for word in key.split("/"))
            waiting[number][part] = report
            # In the order of the inputs: a slow host holds back what comes after it, it loses nothing.
            while following < len(targets) and len(waiting[following]) == len(parts[following]):
                reports = tuple(waiting[following][n] for n in range(len(parts[following])))
                waiting[following] = {}
                target = targets[following]
                following += 1
                if reports:
                    row = self.run.wallet.row(target.badge) if target.badge is not None else None
                    best = best_of(reports)
                    yield self._told(Judged(target.label, row, best, reports, as_of=self.as_of, word=self._word(best)))

    def _told(self, judged: Judged) -> Judged:
        """As it is, but a badge that was not there yet on the day asked about is not called a forgery."""
        found = judged.report.finding("time.issued") if judged.report is not None else None
        if self.as_of is None or found is None or found.cause != "not-yet-issued":
            return judged
        message = f"On {day(self.as_of)} this badge was not there yet. {clean(found.summary)}"
        return Judged(judged.label, refused=Refused(judged.label, "not-yet-issued", message, "Ask about a later day."))

    def _word(self, report: Report) -> str:
        achievement = report.credential.achievement if report.credential is not None else None
        return self._words.get(achievement.issuer_id or "", "") if achievement is not None else ""

    @cached_property
    def _words(self) -> dict[str, str]:
        """The learner's words about issuers, by id."""
        wallet = self.run.wallet_if_any
        return {row.id: word for row in wallet.issuers() if (word := own_word(row))} if wallet is not None else {}

    def _identities(self) -> tuple[Identity, ...]:
        wallet = self.run.wallet_if_any
        if self.handed:
            return self.recipients
        return self.recipients or (wallet.identities(retired=True) if wallet is not None else ())
