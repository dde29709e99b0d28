"""`badgefolio pathway credit`: a request for credit, to print, to copy or to keep as a file. Nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.frame import command as make
from tui.cli.pathway_text import figure_words, qualifications
from tui.cli.pathways import asked_pathway, candidates, complete_pathways, day_option, evaluated, languages
from tui.cli.plan_json import which
from tui.cli.run import Run, with_run
from tui.words import iso, named
from wallet.errors import NotFoundError
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.credit import Claim, CreditRequest, Proof

Facts = list[tuple[str, str]]


@make(
    "credit",
    examples=("badgefolio pathway credit aquaponics", "badgefolio pathway credit aquaponics -o credit-request.txt"),
)
@click.argument("name", metavar="PATHWAY", shell_complete=complete_pathways)
@click.option("-o", "--output", metavar="FILE", help="Write it as a text file too.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option("--at", metavar="DAY", callback=day_option, help="As of this day (default: today).")
@with_run
def credit(run: Run, *, name: str, output: str | None, force: bool, at: date | None) -> None:
    """Put together a request for credit: each badge that counts, with its proof and check date, outcomes and hours.

    Nothing is sent, and whether there is credit is for the institution to decide. The originals, with which a reader proves
    each badge again, go along as a bundle.
    """
    from wallet.pathways.credit import claim_facts, credit_request

    progress = evaluated(run, asked_pathway(run, name).pathway, at)
    counting = {badge for node in progress.nodes for badge in node.by}
    request = credit_request(progress, candidates(run), _proofs(run, counting), *languages(run))
    if not request.claims:
        raise NotFoundError(
            "No badge of yours counts on that pathway, so there is no credit to ask for.",
            "'badgefolio pathway explain' says of each badge why.",
        )
    head = _head(run, request)
    claims = [(named(claim.name), claim_facts(claim)) for claim in request.claims]
    path = _write(Path(output).expanduser(), head, claims, force=force) if output is not None else None
    run.out.json(_json(run, request, path))
    run.out.facts(head, indent=0)
    for title, facts in claims:
        if run.out.plain:
            run.out.fact("badge", title)
        else:
            run.out.heading(title)
        run.out.facts(facts)
    if path is not None:
        run.out.fact("written", str(path))
    run.err.note(
        "The originals go along as a bundle: badgefolio export bundle --pathway"
        f" '{clean(progress.pathway.id)}' --to NAME --purpose Credit --expires DAY"
    )


def _proofs(run: Run, badges: set[str]) -> dict[str, Proof]:
    from wallet.pathways.credit import Proof

    wallet = run.wallet_if_any
    found: dict[str, Proof] = {}
    for row in wallet.list_badges() if wallet is not None else ():
        if wallet is not None and row.id in badges:
            forms = wallet.badge(row.id).representations
            found[row.id] = Proof(row.credential_id, row.as_of, tuple(dict.fromkeys(one.raw_sha for one in forms)))
    return found


def _head(run: Run, request: CreditRequest) -> Facts:
    from wallet.pathways.credit import hours_said

    progress = request.progress
    pathway, wanted = progress.pathway, languages(run)
    whom = dict.fromkeys(clean(one.awarded_by) for one in pathway.qualifications if one.awarded_by)
    facts = [("to", ", ".join(whom) or "the awarding body")]
    if run.config.person:
        facts.append(("from", clean(run.config.person)))
    facts.append(("pathway", f"{named(pathway.name.pick(*wanted), pathway.id)}, version {clean(pathway.version)}"))
    if pathway.status != "published":
        facts.append(("beware", f"this pathway is {clean(pathway.status)}"))
    facts += [
        ("as of", progress.at.isoformat()),
        ("counted", figure_words(progress.accepted)),
        ("verified only", figure_words(progress.verified)),
        *(("asked for", words) for words in qualifications(pathway, wanted)),
        ("badges", plural(len(request.claims), "badge")),
        ("hours", hours_said(request)),
        *(("not a badge", words) for words in request.words),
    ]
    return facts


def _write(target: Path, head: Facts, claims: Sequence[tuple[str, Facts]], *, force: bool) -> Path:
    from exporters.atomic import write_file

    blocks = [("Request for credit", head), *claims]
    text = "\n".join(
        "\n".join([title, *(f"  {name}: {words}" for name, words in facts), ""]) for title, facts in blocks
    )
    return write_file(target, text.encode(), force=force)


def _json(run: Run, request: CreditRequest, path: Path | None) -> dict[str, Json]:
    from wallet.pathways.progress_json import figures_json, number

    progress = request.progress
    return {
        "format": "badgefolio-pathway-credit/1",
        "pathway": which(progress.pathway, languages(run)),
        "at": progress.at.isoformat(),
        "qualifications": list(qualifications(progress.pathway, languages(run))),
        "figures": {"verified": figures_json(progress.verified), "accepted": figures_json(progress.accepted)},
        "badges": [_claim(claim) for claim in request.claims],
        "hours": number(request.hours),
        "at_least": request.at_least,
        "credits": list(request.credits),
        "words": list(request.words),
        "file": str(path) if path is not None else None,
    }


def _claim(claim: Claim) -> dict[str, Json]:
    from wallet.pathways.progress_json import number

    return {
        "id": claim.badge,
        "name": claim.name,
        "issuer": claim.issuer,
        "issued": claim.issued.isoformat() if claim.issued is not None else None,
        "places": list(claim.places),
        "outcomes": list(claim.outcomes),
        "hours": number(claim.hours) if claim.hours is not None else None,
        "proof": claim.proven,
        "checked": iso(claim.proof.checked),
        "address": claim.proof.address,
        "originals": list(claim.proof.originals),
    }
