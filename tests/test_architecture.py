"""What loads what, proven at run time: the import contracts say what may, these say what does."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = (
    "textual",
    "httpx",
    "httpcore",
    "pyld",
    "cryptography",
    "joserfc",
    "PIL",
    "typst",
    "jinja2",
    "defusedxml",
    "authlib",
    "keyring",
)


def _loaded_by(code: str, home: Path) -> set[str]:
    program = f"import sys\n{code}\nprint(' '.join(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "BADGEFOLIO_HOME": str(home), "HOME": str(home)},
    )
    return {name.partition(".")[0] for name in done.stderr.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "arguments", [["list"], ["account", "list"], ["--help"], ["list", "--help"], ["paths"], ["history"]]
)
def test_quick_commands_load_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    loaded = _loaded_by(f"from tui.cli.start import start; start({arguments!r})", tmp_path)
    assert loaded.isdisjoint(HEAVY)


def test_checks_know_no_network_no_store_and_no_clock(tmp_path: Path) -> None:
    loaded = _loaded_by("import wallet.verify.checks.hosted, wallet.verify.checks.signed", tmp_path)
    assert loaded.isdisjoint({"httpx", "httpcore", "sqlite3", "textual"})


def test_the_app_starts_without_what_only_verifying_needs(tmp_path: Path) -> None:
    loaded = _loaded_by("import tui.app.app", tmp_path)
    assert loaded.isdisjoint({"httpx", "httpcore", "pyld", "cryptography", "joserfc", "typst"})


def test_no_package_does_work_when_it_is_imported(tmp_path: Path) -> None:
    _loaded_by("import wallet, importers, exporters, tui", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_what_benchmarks_measure_is_still_where_they_look_for_it(path: Path) -> None:
    # They are run by hand only, so nothing else would notice that a name has moved.
    import_module(f"tests.benchmarks.{path.stem}")
