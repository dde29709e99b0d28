"""The most memory that a folder of hostile files can make the program take, and the processes that it starts for some of them.

Each figure is read by the process itself (VmHWM), or for a worker told by the system to the small process that started it: what
a parent is told about a child begins with the parent's own size. Linux only; elsewhere there are no rows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.harness import Row
from tests.generate.hostile_folder import hostile_folder

#: What performance.md allows: the aim, and what blocks a release.
_AIM, _GATE = 120, 200
_MB = 2**20

_COMMAND = """
import os, sys
sys.executable = os.environ["WORKER_SHIM"]
from tui.cli.start import start
code = start(sys.argv[1:])
"""
_DRAW = """
import os, sys
sys.executable = os.environ["WORKER_SHIM"]
from pathlib import Path
from exporters.pictures import picture
for name in sys.argv[1:]:
    picture(Path(name).read_bytes())
"""
_TELL = """
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
with open(os.environ["PEAKS"], "a") as peaks:
    peaks.write(f"main {peak}\\n")
"""
# Stands in for the interpreter that workers are started with. So small a parent hides nothing of a worker's peak.
_SHIM = """#!{python} -S
import os, sys
pid = os.posix_spawn({python!r}, [{python!r}, *sys.argv[1:]], os.environ)
_, status, used = os.wait4(pid, 0)
with open(os.environ["PEAKS"], "a") as peaks:
    peaks.write(f"{{os.path.basename(sys.argv[2])}} {{used.ru_maxrss}}\\n")
sys.exit(os.waitstatus_to_exitcode(status) and 1)
"""


def rows() -> list[Row]:
    """Importing and verifying the folder, and drawing its pictures; each with the workers that it starts."""
    if not sys.platform.startswith("linux"):
        return []
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        files = [str(path) for path in hostile_folder(base / "hostile")]
        drawn = [name for name in files if name.endswith((".png", ".svg"))]
        return [
            *_peaks("import FOLDER", base, _COMMAND, ["import", str(base / "hostile")]),
            *_peaks("verify FOLDER/*", base, _COMMAND, ["verify", "--offline", "--json", *files]),
            *_peaks("draw FOLDER/*", base, _DRAW, drawn),
        ]


def _peaks(what: str, base: Path, code: str, arguments: list[str]) -> list[Row]:
    """The highest peak of the process, and of each kind of worker."""
    shim, peaks = base / "shim", base / "peaks"
    shim.write_text(_SHIM.format(python=sys.executable))
    shim.chmod(0o700)
    peaks.write_text("")
    environment = {
        "PATH": os.environ["PATH"],
        "BADGEFOLIO_HOME": str(base / "home"),
        "WORKER_SHIM": str(shim),
        "PEAKS": str(peaks),
    }
    subprocess.run(
        [sys.executable, "-c", code + _TELL, *arguments],
        cwd=Path.cwd(),
        env=environment,
        capture_output=True,
        check=True,
    )
    highest: dict[str, int] = {}
    for line in peaks.read_text().splitlines():
        name, kilobytes = line.split()
        highest[name] = max(highest.get(name, 0), int(kilobytes) * 1024)
    return [
        Row(
            f"peak memory, {what}, hostile" + ("" if name == "main" else f": {name}"),
            _AIM,
            peak / _MB,
            _GATE / _AIM,
            1.0,
            noisy=False,
            unit="MB",
        )
        for name, peak in sorted(highest.items())
    ]
