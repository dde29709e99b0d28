"""The wheel as people get it: built, installed into an environment of its own, and run there."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _run(*command: str | Path, cwd: Path, **variables: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_", "PYTEST"))} | variables
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_runs_in_an_environment_of_its_own(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, ROOT, cwd=tmp_path)
    (wheel,) = dist.glob("badgefolio-*.whl")

    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    # The dependencies are those of this run: what is proven here is the wheel, not the index.
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    where = _run(python, "-c", "import tui.app, wallet; print(tui.__file__, wallet.__file__)", cwd=tmp_path)
    assert all(str(home) in path for path in where.split())
    rows = _run(python, "-c", "from importers.hosts import table; print(len(table()))", cwd=tmp_path)
    assert int(rows) > 10
    program = home / "bin" / "badgefolio"
    assert _run(program, "--version", cwd=tmp_path).startswith("badgefolio ")
    out = _run(program, "demo", "-o", tmp_path / "demo", cwd=tmp_path, BADGEFOLIO_HOME=str(tmp_path / "home"))
    assert "Done." in out
    assert (tmp_path / "demo" / "portfolio.html").stat().st_size > 10_000
