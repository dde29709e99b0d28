"""What would leave with an export, and how it is written once the learner says so: the exporters' work, for workers of the app.

`get_ready` reads and writes nothing. What it returns holds all that the preview shows, and puts exactly that on disk.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.reading import figures
from tui.app.views import RowView, row_view
from tui.handing import counting, for_bundle, for_show, hand_out, moment, never
from wallet.errors import NotFoundError, UsageError
from wallet.progress import Event, Progress
from wallet.text import clean

if TYPE_CHECKING:
    from exporters.bundle import Terms
    from exporters.disclosing import Personal, Seen
    from exporters.model import Presentation
    from wallet.model import Identity
    from wallet.store.wallet import BadgeRow, Wallet

_NOTHING = "See which badges there are: esc back to the list."
_DATA = "names, issuers, dates and states of the badges"


class Form(StrEnum):
    """In which form badges leave."""

    PORTFOLIO = "portfolio"
    CERTIFICATE = "certificate"
    ORIGINALS = "originals"
    BUNDLE = "bundle"


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to choose from. every: how many badges. pathways: id, name, whether it has begun. stem: of a file's name."""

    every: int
    identities: tuple[Identity, ...]
    pathways: tuple[tuple[str, str, bool], ...]
    stem: str


@dataclass(frozen=True, slots=True)
class Order:
    """What the learner asked for. badges: full ids, or None for all. target: a file, or a folder where several are written.

    person: the name on it. pathways: ids of those to show; in a bundle, those that it is about.
    """

    form: Form
    badges: tuple[str, ...] | None
    target: Path
    person: str = ""
    pathways: tuple[str, ...] = ()
    terms: Terms | None = None
    paper: str = "a4"
    landscape: bool = True


#: (wallet, whether to replace, told how far it is) -> what was written.
Put = Callable[["Wallet", bool, Progress], tuple[Path, ...]]


@dataclass(frozen=True, slots=True)
class Leaving:
    """All that would leave. targets: the files that would be written. stays: how many badges stay behind for which reason.

    refused: badges that were chosen and are never handed out, with why. files, size: as far as they are known before writing.
    """

    order: Order
    going: tuple[RowView, ...]
    personal: tuple[Personal, ...]
    targets: tuple[Path, ...]
    put: Put = field(repr=False)
    stays: Counter[str] = field(default_factory=Counter)
    refused: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    files: int = 1
    size: int | None = None

    @property
    def taken(self) -> int:
        """How many of the files are there already."""
        return sum(path.exists() or path.is_symlink() for path in self.targets)


def known(wallet: Wallet, badges: Sequence[str], now: datetime, language: str | None) -> Known:
    """For the forms."""
    from exporters.words import slug

    ways = [
        (one.pathway.id, clean(one.pathway.name.pick(language or "")) or clean(one.pathway.id), one.accepted.filled > 0)
        for one in figures(wallet, now, language)
    ]
    first = wallet.row(badges[0]) if badges else None
    return Known(
        wallet.count(),
        wallet.identities(),
        tuple(sorted(ways, key=lambda one: (one[1].casefold(), one[0]))),
        slug(first.name, first.id) if first is not None else "",
    )


def free_target(name: str) -> Path:
    """A file or folder of that name, or the next one that is not there yet, where the app was started."""
    here = Path.cwd()
    if not os.access(here, os.W_OK):
        here = Path.home()
    wanted = here / name
    number = 2
    found = wanted
    while found.exists() or found.is_symlink():
        found = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        number += 1
    return found


def target_of(text: str) -> Path:
    """The path that somebody typed. Raises `UsageError`."""
    if not text:
        raise UsageError("No file is named.", "Say where to write.")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise UsageError(
            f"'{clean(text, limit=80)}' names a home folder that is not there.", "Write the whole path."
        ) from None


def get_ready(wallet: Wallet, order: Order, *, now: datetime, language: str | None, progress: Progress) -> Leaving:
    """Raises `WalletError` where nothing could be handed out like this."""
    from exporters.atomic import check_target

    every = wallet.list_badges(hidden=True)
    if not every:
        raise NotFoundError("There is no badge to hand out; nothing was written.", "Bring badges in first.")
    if order.form is Form.BUNDLE:
        made = _bundle(wallet, order, every, now=now, language=language, progress=progress)
    elif order.form is Form.ORIGINALS:
        made = _originals(wallet, order, every, progress)
    else:
        made = _shown(wallet, order, every, now=now, language=language, progress=progress)
    if order.target in made.targets:
        check_target(order.target, force=True)
    return made


def _bundle(
    wallet: Wallet, order: Order, every: Sequence[BadgeRow], *, now: datetime, language: str | None, progress: Progress
) -> Leaving:
    from exporters.bundle import kept_back, prepare

    if order.terms is None:
        raise UsageError("A bundle says for whom it is.", "Fill in the form.")
    wanted = set(order.badges) if order.badges is not None else None
    back = [
        (row, why) for row in every if wanted is not None and row.id in wanted and (why := kept_back(row)) is not None
    ]
    if back and len(back) == len(wanted or ()):
        raise never(*back[0])
    if wanted is None and order.pathways:
        wanted = counting(one for one in figures(wallet, now, language) if one.pathway.id in order.pathways)
    rows, stays = for_bundle(every, wanted)
    at = moment(now)
    prepared = prepare(
        wallet, [row.id for row in rows], order.terms, left_out=sum(stays.values()), now=at, progress=progress
    )

    def put(wallet: Wallet, force: bool, progress: Progress) -> tuple[Path, ...]:  # noqa: ARG001 - one write, at once
        return (hand_out(wallet, prepared, order.target, force=force, now=now),)

    return Leaving(
        order,
        tuple(row_view(row) for row in rows),
        prepared.personal,
        (order.target,),
        put,
        stays,
        tuple((row_view(row).name, why) for row, why in back),
        prepared.warnings,
        len(prepared.contents),
        len(prepared.data),
    )


def _chosen(wallet: Wallet, order: Order, every: Sequence[BadgeRow]) -> tuple[tuple[BadgeRow, ...], Counter[str]]:
    if order.badges is not None:
        return tuple(wallet.row(badge) for badge in order.badges), Counter()
    if order.form is Form.ORIGINALS:
        return tuple(every), Counter()
    rows, stays = for_show(every)
    if not rows:
        raise NotFoundError("There is no badge to show; nothing was written.", _NOTHING)
    return rows, stays


def _originals(wallet: Wallet, order: Order, every: Sequence[BadgeRow], progress: Progress) -> Leaving:
    from exporters.disclosing import Seen, noticed
    from exporters.originals import planned, write_originals

    rows, _ = _chosen(wallet, order, every)
    files = planned(wallet, rows)
    names = {row.id: row_view(row).name for row in rows}
    seen: list[Seen] = []
    size = 0
    for number, file in enumerate(files, 1):
        data = wallet.read(file.sha256)
        size += len(data)
        seen.append(Seen(names[file.badge], data))
        seen.append(Seen(names[file.badge], wallet.read(file.raw_sha256), file.kind))
        progress(Event("originals", number, len(files)))

    def put(wallet: Wallet, force: bool, progress: Progress) -> tuple[Path, ...]:
        return write_originals(wallet, files, order.target, force=force, progress=progress)

    return Leaving(
        order,
        tuple(row_view(row) for row in rows),
        tuple(noticed("", wallet.identities(retired=True), seen)),
        tuple(order.target / file.name for file in files),
        put,
        files=len(files),
        size=size,
    )


def _shown(
    wallet: Wallet, order: Order, every: Sequence[BadgeRow], *, now: datetime, language: str | None, progress: Progress
) -> Leaving:
    from exporters.disclosing import Personal, noticed
    from exporters.presentation import build

    rows, stays = _chosen(wallet, order, every)
    ways = [one for one in figures(wallet, now, language) if one.pathway.id in order.pathways]
    ways.sort(key=lambda one: order.pathways.index(one.pathway.id))
    made = build(
        wallet,
        [row.id for row in rows],
        person=order.person,
        now=moment(now),
        pathways=ways,
        language=language,
        progress=progress,
    )
    made = replace(made, left_out=tuple(stays.items()))
    where = "the page" if order.form is Form.PORTFOLIO else "the certificate"
    fields = [Personal(f"your name: {made.person}", where)] if made.person else []
    fields += [Personal(f"how far you are: {way.name}", where) for way in made.pathways]
    fields += noticed(made.person or "", wallet.identities(retired=True), _seen(wallet, made))
    fields.append(Personal(_DATA, where))
    if order.form is Form.PORTFOLIO:
        targets, put = _page(order, made)
    else:
        targets, put = _paper(order, made)
    going = tuple(row_view(row) for row in rows)
    return Leaving(order, going, tuple(fields), targets, put, stays, (), made.warnings, len(targets))


def _seen(wallet: Wallet, made: Presentation) -> list[Seen]:
    """The originals that go along inside."""
    from exporters.disclosing import Seen

    seen: list[Seen] = []
    for badge in made.badges:
        kinds = {form.raw_sha: form.kind for form in wallet.badge(badge.id).representations}
        seen += [Seen(badge.name, one.data, kinds.get(one.sha256), one.captured) for one in badge.originals]
    return seen


def _page(order: Order, made: Presentation) -> tuple[tuple[Path, ...], Put]:
    def put(wallet: Wallet, force: bool, progress: Progress) -> tuple[Path, ...]:  # noqa: ARG001 - one write, at once
        from exporters.portfolio import write_portfolio

        return (write_portfolio(made, order.target, force=force),)

    return (order.target,), put


def _paper(order: Order, made: Presentation) -> tuple[tuple[Path, ...], Put]:
    single = len(made.badges) == 1

    def put(wallet: Wallet, force: bool, progress: Progress) -> tuple[Path, ...]:  # noqa: ARG001 - all is read already
        from exporters.certificate import write_certificate, write_certificates

        paper, landscape = order.paper, order.landscape
        if single:
            only = made.badges[0].id
            return (write_certificate(made, only, order.target, paper=paper, landscape=landscape, force=force),)
        ids = [badge.id for badge in made.badges]
        return write_certificates(
            made, ids, order.target, paper=paper, landscape=landscape, force=force, progress=progress
        )

    if single:
        return (order.target,), put
    return tuple(order.target / f"{badge.slug}.pdf" for badge in made.badges), put
