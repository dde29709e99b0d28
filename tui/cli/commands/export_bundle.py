"""`badgefolio export bundle`: hand badges to one reader, after seeing what of oneself would go along."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.badges import badge_names, resolve
from tui.cli.exporting import wallet_of
from tui.cli.frame import command as make
from tui.cli.pathways import complete_pathways, day_option, evaluated, find_pathway, today
from tui.cli.run import Run, run_of, with_run
from tui.handing import (
    CONSENT,
    WHOM,
    WHY,
    counted,
    counting,
    day_to_come,
    for_bundle,
    hand_out,
    moment,
    never,
    said,
    some,
)
from tui.identities import read_identity
from tui.words import state_word
from wallet.errors import NotFoundError, UsageError
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from exporters.bundle import Prepared
    from wallet.model import Identity
    from wallet.store.wallet import BadgeRow, Wallet

_EXAMPLE = "badgefolio export bundle 3f9a2c --to 'Riverbend College' --purpose Admission --expires 2027-05-31"
_FOR_EXAMPLE = f"For example: {_EXAMPLE}"


def _complete_identities(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    from click.shell_completion import CompletionItem

    wallet = run_of(context).wallet_if_any
    known = wallet.identities() if wallet is not None else ()
    return [CompletionItem(str(one)) for one in known if str(one).startswith(incomplete)]


def _complete_labels(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    from click.shell_completion import CompletionItem

    wallet = run_of(context).wallet_if_any
    labels = {label for row in wallet.list_badges() for label in row.labels} if wallet is not None else set()
    return [CompletionItem(label) for label in sorted(labels) if label.startswith(incomplete)]


@make(
    "bundle",
    examples=(
        _EXAMPLE,
        "badgefolio export bundle --collection nursing --to 'Rowan Clinic' --purpose Application --expires 2027-01-31 --preview",
        "badgefolio export bundle 3f9a2c --to 'M. Advisor' --purpose Advice --expires 2027-01-31 --pathway water --yes",
    ),
)
@badge_names(required=False)
@click.option(
    "--collection", metavar="LABEL", shell_complete=_complete_labels, help="The badges with this label of yours."
)
@click.option(
    "--pathway",
    "pathways",
    metavar="PATHWAY",
    multiple=True,
    shell_complete=complete_pathways,
    help="The pathway that this is about; may be repeated. Without BADGE: the badges that count there.",
)
@click.option("--to", "audience", metavar="NAME", required=True, help="For whom it is.")
@click.option("--purpose", metavar="TEXT", required=True, help="What they may use it for.")
@click.option("--expires", metavar="DATE", required=True, callback=day_option, help="The last day on which they may.")
@click.option("--consent", metavar="TEXT", default="", help="Your consent in your own words.")
@click.option(
    "--identity",
    "identities",
    metavar="TYPE:VALUE",
    multiple=True,
    shell_complete=_complete_identities,
    help="Tell this identity of yours, so that the reader can see that the badges are yours; may be repeated.",
)
@click.option("--person", metavar="NAME", help="Your name in it (default: person in the settings; '' for none).")
@click.option("-o", "--output", metavar="FILE", default="bundle.zip", show_default=True, help="Where to write.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option("--preview", is_flag=True, help="Say what would go out, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask: for scripts.")
@with_run
def bundle(
    run: Run,
    *,
    names: tuple[str, ...],
    collection: str | None,
    pathways: tuple[str, ...],
    audience: str,
    purpose: str,
    expires: date,
    consent: str,
    identities: tuple[str, ...],
    person: str | None,
    output: str,
    force: bool,
    preview: bool,
    yes: bool,
) -> int:
    """Write one file for one reader: chosen badges with their originals and what was captured as evidence.

    It names for whom it is, what for and until when, and you see every personal field before anything is written. Hidden
    badges, invalid ones and those of somebody else are never in it, nor your notes; what stays behind is one number. What was
    handed out is recorded: see 'badgefolio history --shared'. The last day is a promise by the reader, not a lock.

    Without BADGE, --collection or --pathway it takes all badges, but no expired or revoked ones; those go along, marked, when
    you choose them.
    """
    from exporters.atomic import check_target
    from exporters.bundle import Terms, prepare

    wallet = wallet_of(run)
    if preview and yes:
        raise UsageError("--preview writes nothing, so there is nothing to say yes to.", "Leave one of the two out.")
    terms = Terms(
        audience=said("--to", audience, WHOM, _FOR_EXAMPLE),
        purpose=said("--purpose", purpose, WHY, _FOR_EXAMPLE),
        until=day_to_come(expires, today(run), "Name today or a later day with --expires."),
        consent=said("--consent", consent, CONSENT, _FOR_EXAMPLE) if consent else "",
        person=clean(run.config.person or "" if person is None else person, limit=WHOM),
        identities=_identities(wallet, identities),
        pathways=tuple(dict.fromkeys(find_pathway(run, name).pathway.id for name in pathways)),
    )
    rows, left_out = _chosen(run, wallet, names, collection, pathways)
    target = Path(output).expanduser()
    if not preview:
        check_target(target, force=force)
    prepared = prepare(wallet, [row.id for row in rows], terms, left_out=sum(left_out.values()), now=moment(run.now))
    if preview:
        _tell(run, prepared, left_out, target, written=False)
        return 0
    if not yes:
        if run.options.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(
                "Nothing was written, because nobody is there to look at it and agree.",
                "See what would go out with --preview; then say --yes.",
            )
        _print(run, prepared, left_out)
        if not click.confirm(f"Write this for {clean(terms.audience, limit=WHOM)}?", default=False, err=True):
            run.err.note("Nothing was written.")
            return 0

    hand_out(wallet, prepared, target, force=force, now=run.now)
    if yes:
        _beware(run, prepared)
    _tell(run, prepared, left_out, target, written=True)
    return 0


def _identities(wallet: Wallet, texts: Sequence[str]) -> tuple[Identity, ...]:
    known = wallet.identities(retired=True)
    chosen: dict[Identity, None] = {}
    for text in texts:
        wanted = read_identity(text)
        # Told in the spelling that the wallet has: a hash matches one spelling only.
        same = [one for one in known if (one.type, one.value.casefold()) == (wanted.type, wanted.value.casefold())]
        if not same:
            raise UsageError(
                f"'{clean(str(wanted), limit=120)}' is none of your identities.",
                f"See them: badgefolio identity list. Add it: badgefolio identity add {clean(str(wanted), limit=120)}",
            )
        chosen[next((one for one in same if one == wanted), same[0])] = None
    return tuple(chosen)


def _chosen(
    run: Run, wallet: Wallet, names: Sequence[str], collection: str | None, pathways: Sequence[str]
) -> tuple[tuple[BadgeRow, ...], Counter[str]]:
    """The badges to hand out, and how many others there are for which reason."""
    from exporters.bundle import kept_back

    every = wallet.list_badges(hidden=True)
    if names and collection is not None:
        raise UsageError("Either badges by name or a collection.", "Leave --collection or the names out.")
    wanted: set[str] | None = None
    if names:
        rows = resolve(run, names)
        for row in rows:
            why = kept_back(row)
            if why is not None:
                raise never(row, why)
        wanted = {row.id for row in rows}
    elif collection is not None:
        wanted = {row.id for row in every if collection in row.labels}
        if not wanted:
            raise NotFoundError(
                f"No badge has the label '{clean(collection, limit=80)}'.",
                f"Put it on badges: badgefolio tag '{clean(collection, limit=80)}' BADGE",
            )
    elif pathways:
        uses = (evaluated(run, find_pathway(run, name).pathway) for name in pathways)
        wanted = counting(uses)
    return for_bundle(every, wanted)


def _print(run: Run, prepared: Prepared, left_out: Counter[str]) -> None:
    """The preview."""
    out, made = run.out, prepared.bundle
    out.facts(
        [
            ("for", made.audience),
            ("purpose", made.purpose),
            ("until", made.until.isoformat() if made.until is not None else ""),
            ("badges", str(len(made.badges))),
            ("left out", f"{sum(left_out.values())}, as a number and no more"),
            ("size", f"{len(prepared.data):,} bytes in {plural(len(prepared.contents), 'file')}"),
        ],
        indent=0,
    )
    out.heading("Badges")
    out.rows(
        ("Name", "Issuer", "Issued", "State", "Files"),
        [
            (
                badge.name,
                badge.issuer,
                badge.issued.isoformat() if badge.issued is not None else "",
                badge.verdict or state_word(None),
                str(len(badge.files)),
            )
            for badge in made.badges
        ],
        cut=("Name", "Issuer"),
    )
    out.heading("What of you goes along")
    out.rows(
        ("What", "Where", "In"),
        [(one.field, one.where, some(one.badges)) for one in prepared.personal if one.where],
        fold=("What", "Where", "In"),
    )
    for field, remark in dict.fromkeys((one.field, one.remark) for one in prepared.personal if one.remark):
        out.blank()
        out.line(f"{field}: {remark}")
    if not made.identities:
        out.line("--identity TYPE:VALUE tells an address of yours.")
    _beware(run, prepared)


def _beware(run: Run, prepared: Prepared) -> None:
    for warning in prepared.warnings:
        run.err.note(f"Beware: {warning}")


def _tell(run: Run, prepared: Prepared, left_out: Counter[str], target: Path, *, written: bool) -> None:
    made = prepared.bundle
    personal: list[Json] = [
        {"field": one.field, "where": one.where, "badges": list(one.badges), "remark": one.remark or None}
        for one in prepared.personal
    ]
    files: list[Json] = (
        [{"path": str(target), "bytes": len(prepared.data), "sha256": prepared.sha256}] if written else []
    )
    run.out.json(
        {
            "format": "badgefolio-export/1",
            "kind": "bundle",
            "files": files,
            "badges": [badge.id for badge in made.badges],
            "left_out": dict(left_out),
            "warnings": list(prepared.warnings),
            "bundle": {
                "to": made.audience,
                "purpose": made.purpose,
                "until": made.until.isoformat() if made.until is not None else None,
                "personal": personal,
            },
        }
    )
    if not written:
        _print(run, prepared, left_out)
        run.err.note("Nothing was written.")
        return
    run.out.fact("written", str(target))
    run.err.note(f"bundle: {plural(len(made.badges), 'badge')} for {made.audience}, until {made.until}.")
    if left_out:
        run.err.note(f"Left out: {counted(left_out)}. The bundle says no more than {sum(left_out.values())}.")
    if run.out.table_form:
        run.err.note(
            "Recorded: 'badgefolio history --shared' tells who has what. The last day is a promise, not a lock."
        )
