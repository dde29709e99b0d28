"""Reads a pathway file (format `badge-pathway/1`, TOML or JSON) into a `Pathway`, or says everything that is wrong with it.

The reader accepts what `pathway.schema.json` accepts and adds, for people, the line, the dotted key and a guess at what
was meant. `read` refuses a file with any error, those of `lint` included; `check` returns all errors and warnings. Nothing
is fetched and nothing is counted here.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from wallet.documents import strict_json
from wallet.errors import DefinitionError
from wallet.limits import LIMITS, Limits
from wallet.pathways import lint
from wallet.pathways.json_form import is_json
from wallet.pathways.model import Pathway
from wallet.pathways.positions import Path, json_lines, toml_lines
from wallet.pathways.reader import Reader
from wallet.pathways.tables import Log, Problem
from wallet.text import clean

# TOML cannot begin like this: a list of objects, as other software writes.
_JSON_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
_OTHER_SOFTWARE = ("@context", "@graph", "childElementRequirements", "badgeRequirements")


def read(data: bytes, name: str, limits: Limits = LIMITS) -> Pathway:
    """The pathway in `data`. `name` is how messages call the file.

    Raises `DefinitionError` about the first mistake, which also says how many more there are.
    """
    pathway, problems = _examine(data, name, limits)
    errors = [problem for problem in problems if problem.severity == "error"]
    if pathway is not None and not errors:
        return pathway
    first = errors[0]
    where = f"{clean(name)}, line {first.line}" if first.line is not None else clean(name)
    more = f" ({len(errors) - 1} more in this file)" if len(errors) > 1 else ""
    raise DefinitionError(f"{where}: {first.message}{more}", first.remedy, line=first.line, key=first.key)


def check(
    data: bytes,
    name: str,
    *,
    today: date | None = None,
    changed: date | None = None,
    known: lint.Known | None = None,
    limits: Limits = LIMITS,
) -> tuple[Problem, ...]:
    """All errors, then all warnings, each in the order of the file. `today` finds what is past.

    changed: the day on which the file was last changed, where that is known.
    """
    pathway, problems = _examine(data, name, limits)
    if pathway is None or any(problem.severity == "error" for problem in problems):
        return problems
    log = Log(partial(_lines, data))
    lint.warnings(pathway, log, today=today, changed=changed, known=known)
    return (*problems, *sorted(log.problems, key=lambda problem: problem.line or 0))


def _examine(data: bytes, name: str, limits: Limits) -> tuple[Pathway | None, tuple[Problem, ...]]:
    if len(data) > limits.pathway_bytes:
        return None, (
            Problem(
                "error",
                "the file",
                None,
                f"{clean(name)} has {len(data):,} bytes; a pathway file may have {limits.pathway_bytes:,}.",
                "Split it, or check that it is the file you meant.",
            ),
        )
    parsed = _parse(data)
    if isinstance(parsed, Problem):
        return None, (parsed,)
    log = Log(partial(_lines, data))
    pathway = Reader(log, limits).pathway(parsed, hashlib.sha256(data).hexdigest())
    if not log.errors:
        lint.errors(pathway, log, limits)
    return pathway, log.errors


def _lines(data: bytes) -> Mapping[Path, int]:
    text = data.decode("utf-8", "replace")
    return json_lines(text) if is_json(data) else toml_lines(text)


def _parse(data: bytes) -> Mapping[str, object] | Problem:
    """The parsed file, or what keeps it from being read at all."""
    remedy = "Correct the file there; everything after that place was not read."
    if is_json(data) or _JSON_LIST.match(data):
        try:
            found = strict_json.parse(data).value
        except strict_json.JsonProblem as error:
            return Problem("error", "the file", error.line, f"This is not readable JSON: {error.message}.", remedy)
        if isinstance(found, Mapping) and not any(key in found for key in _OTHER_SOFTWARE):
            return found
        return Problem(
            "error",
            "the file",
            None,
            "This is JSON, and not of badgefolio's own format.",
            "If it is CTDL or from Badgr or Canvas, bring it in with 'badgefolio pathway import FILE'.",
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        return Problem("error", "the file", None, "The file is not UTF-8 text.", "Save it again as UTF-8.")
    except RecursionError:
        return Problem("error", "the file", None, "The file is nested too deeply.", "Flatten its lists and tables.")
    except (ValueError, ArithmeticError) as error:
        said = clean(str(error))
        match = re.search(r"at line (\d+)", said)
        line = int(match.group(1)) if match else None
        return Problem("error", "the file", line, f"This is not readable TOML: {said}.", remedy)
