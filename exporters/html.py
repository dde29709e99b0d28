"""What all HTML pages of exports have in common: how templates are read, and the policy that a page brings itself.

Sandboxed, autoescaped, strict about names that do not exist. Which page shows what stands with the page.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def environment(folder: Path) -> Environment:
    """For the templates in one folder."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def dressed(style: str) -> dict[str, str | Markup]:
    """`style`, one of our own, and the `policy` that allows it, pictures from within, and nothing else."""
    from markupsafe import Markup

    digest = base64.b64encode(sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return {"style": Markup(style), "policy": policy}  # noqa: S704 - our own file
