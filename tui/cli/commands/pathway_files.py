"""`badgefolio pathway new`, `import` and `export`: pathway files begun, brought in from other software, and handed out."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from tui.cli.frame import command as make
from tui.cli.pathways import find_pathway, kept_pathways, today
from tui.cli.run import Run, with_run
from tui.cli.sources import no_such_file
from wallet.errors import UsageError
from wallet.limits import LIMITS
from wallet.model import Json
from wallet.text import clean, plural

if TYPE_CHECKING:
    from wallet.pathways.drafting import Imported

_SUFFIX = ".pathway.toml"
_KINDS = {"toml": _SUFFIX, "json": ".pathway.json", "ctdl": ".ctdl.json"}


@make(
    "new", examples=('badgefolio pathway new "Water Technician"', "badgefolio pathway new nursing -o my/nursing.toml")
)
@click.argument("name", metavar="NAME")
@click.option("-o", "--output", metavar="FILE", help="Where to write (default: named after the pathway).")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@with_run
def new(run: Run, *, name: str, output: str | None, force: bool) -> None:
    """Begin a pathway file that explains itself, to be edited with any editor."""
    from exporters.atomic import write_file
    from wallet.pathways.drafting import slug
    from wallet.pathways.emit import template

    if not name.strip() or clean(name, limit=200) != name.strip():
        raise UsageError(
            f"'{clean(name, limit=80)}' cannot be the name of a pathway.", "Use up to 200 letters, digits and signs."
        )
    name = name.strip()
    identifier = f"urn:uuid:{uuid4()}"
    target = Path(output).expanduser() if output else Path(slug(name, "pathway") + _SUFFIX)
    path = write_file(target, template(name, identifier), force=force)
    run.out.json({"format": "badgefolio-pathway-new/1", "id": identifier, "name": name, "path": str(path)})
    run.out.facts([("pathway", name), ("file", str(path))], indent=0)
    run.err.note(f"Next: edit it, then 'badgefolio pathway check {clean(str(path))}' looks for mistakes.")


@make(
    "import",
    examples=(
        "badgefolio pathway import program.ctdl.json --dry-run",
        "badgefolio pathway import canvas-pathway.json --as nursing",
    ),
)
@click.argument("file", metavar="FILE")
@click.option("--as", "name", metavar="NAME", help="Keep it under this file name (default: after the pathway's name).")
@click.option("--dry-run", is_flag=True, help="Only show what it would become.")
@with_run
def import_(run: Run, *, file: str, name: str | None, dry_run: bool) -> None:
    """Bring in a pathway from other software.

    It reads CTDL (JSON-LD) and the JSON of Badgr and Canvas Credentials, and fetches nothing. What had to be guessed is told
    and stands in the new file; the file you gave is kept with it.
    """
    from wallet.pathways.foreign import read

    source = Path(file).expanduser()
    if not source.is_file():
        raise no_such_file(file)
    with source.open("rb") as stream:
        data = stream.read(LIMITS.pathway_bytes + 1)
    found = read(data, source.name, today=today(run))
    if name is not None and len(found) > 1:
        raise UsageError(
            f"{clean(source.name)} holds {len(found)} pathways, which cannot all be called '{clean(name, limit=80)}'.",
            "Leave --as out: each is then named after itself.",
        )
    names = _file_names(run, found, name)
    done: list[Json] = []
    for one, kept_as in zip(found, names, strict=True):
        if not dry_run:
            run.wallet.save_pathway(kept_as, one.toml, now=run.now, original=data)
        done.append(_json(one, kept_as))
    run.out.json(
        {
            "format": "badgefolio-pathway-import/1",
            "file": source.name,
            "sha256": found[0].sha256,
            "kept": not dry_run,
            "pathways": done,
        }
    )
    for one, kept_as in zip(found, names, strict=True):
        _say(run, one, kept_as, dry_run=dry_run)
    run.err.note(
        "Nothing was kept. Without --dry-run it is."
        if dry_run
        else "Next: 'badgefolio pathway show' tells what it asks for; 'badgefolio undo' takes it out again."
    )


def _json(one: Imported, kept_as: str) -> Json:
    return {
        "id": one.pathway.id,
        "name": str(one.pathway.name),
        "version": one.pathway.version,
        "source": one.source,
        "file": kept_as + _SUFFIX,
        "guesses": list(one.guesses),
        "remarks": [f"{remark.message} {remark.remedy}" for remark in one.remarks],
        "toml": one.toml.decode(),
    }


def _say(run: Run, one: Imported, kept_as: str, *, dry_run: bool) -> None:
    run.out.facts(
        [
            ("pathway", clean(str(one.pathway.name))),
            ("made from", f"{one.source}, sha256 {one.sha256}"),
            ("holds", f"{plural(len(one.pathway.groups), 'group')}, {plural(len(one.pathway.elements), 'element')}"),
            ("file", kept_as + _SUFFIX),
        ],
        indent=0,
    )
    for guess in one.guesses:
        run.out.line(f"guess: {guess}")
    for remark in one.remarks:
        run.out.line(f"remark: {remark.message} {remark.remedy}")
    if dry_run:
        run.out.blank()
        for line in one.toml.decode().splitlines():
            run.out.line(line)


def _file_names(run: Run, found: tuple[Imported, ...], name: str | None) -> list[str]:
    """A free file name for each. A pathway that is here already is refused: its file may have been edited since."""
    from wallet.pathways.drafting import slug

    kept = kept_pathways(run)
    taken = {one.file for one in kept}
    names: list[str] = []
    for one in found:
        before = next((each for each in kept if each.pathway.id == one.pathway.id), None)
        if before is not None:
            raise UsageError(
                f"You have this pathway already, as {clean(before.file)}; files of yours are never rewritten.",
                f"'badgefolio pathway remove {clean(before.file.removesuffix(_SUFFIX))}' first, then import again.",
            )
        stem = (name or slug(str(one.pathway.name), "pathway")).removesuffix(_SUFFIX)
        if name is not None and stem + _SUFFIX in taken:
            raise UsageError(f"There is a pathway file '{clean(stem)}' already.", "Choose another name with --as.")
        free, number = stem, 1
        while free + _SUFFIX in taken:
            number += 1
            free = f"{stem}-{number}"
        taken.add(free + _SUFFIX)
        names.append(free)
    return names


@make(
    "export",
    examples=(
        "badgefolio pathway export aquaponics --to ctdl -o aquaponics.ctdl.json",
        "badgefolio pathway export aquaponics --to json",
    ),
)
@click.argument("name", metavar="PATHWAY")
@click.option("--to", "kind", type=click.Choice(tuple(_KINDS)), required=True, help="In which format.")
@click.option("-o", "--output", metavar="FILE", help="Where to write (default: named after the pathway).")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@with_run
def export(run: Run, *, name: str, kind: str, output: str | None, force: bool) -> None:
    """Write a pathway as TOML, JSON or CTDL.

    Beside CTDL lies a report of what CTDL cannot say.
    """
    from exporters.atomic import write_file

    kept = find_pathway(run, name)
    data = next(content for file, content in run.wallet.pathway_files() if file == kept.file)
    content, report, losses = _exported(data, kind)
    target = Path(output).expanduser() if output else Path(kept.file.removesuffix(_SUFFIX) + _KINDS[kind])
    wanted = [(target, content)]
    paths = [write_file(target, content, force=force)]
    if report is not None:
        # Beside a file that is new: a report that lies there tells of an older one.
        beside = target.with_name(target.name + ".loss.txt")
        wanted.append((beside, report))
        paths.append(write_file(beside, report, force=True))
    run.out.json(
        {
            "format": "badgefolio-pathway-export/1",
            "id": kept.pathway.id,
            "name": str(kept.pathway.name),
            "version": kept.pathway.version,
            "to": kind,
            "files": [
                {"path": str(path), "bytes": len(inside), "sha256": sha256(inside).hexdigest()}
                for path, (_, inside) in zip(paths, wanted, strict=True)
            ],
            "losses": list(losses),
        }
    )
    run.out.facts([("written", str(path)) for path in paths], indent=0)
    if losses:
        run.err.note(f"{plural(len(losses), 'thing')} that CTDL cannot say: see {clean(paths[-1].name)}.")


def _exported(data: bytes, kind: str) -> tuple[bytes, bytes | None, tuple[str, ...]]:
    """(the file, its loss report, the losses)."""
    from wallet.pathways import ctdl_write, json_form
    from wallet.pathways.emit import emit

    tables = json_form.tables(data)
    if kind == "json":
        return json_form.dumps(tables), None, ()
    if kind == "ctdl":
        exported = ctdl_write.write(tables)
        return exported.data, exported.report, exported.losses
    # A TOML file leaves as it is, with its comments.
    return (emit(tables) if json_form.is_json(data) else data), None, ()
