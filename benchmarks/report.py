"""What the whole report costs, from the synthetic extracts' workbooks to the built book, and what of it is England."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import Cost, cost_of, row

BUILD = Path("build", "benchmarks", "report")


def run() -> list[dict]:
    """Two rows: CPU-seconds of every process of the report, without and with the study of family networks."""
    shutil.rmtree(BUILD, ignore_errors=True)
    whole = cost_of(_make)
    steps = json.loads((BUILD / "timings.json").read_text(encoding="utf-8"))
    networks = sum(step["cpu_seconds"] for name, step in steps.items() if "network" in name)
    return [
        row("the report without family networks, workbooks to book", Cost(whole.cpu_seconds - networks)),
        row("the whole report, family networks too", whole),
    ]


def finished_report() -> Path:
    """The build folder of the report that was measured; made first, if none was."""
    if not (BUILD / "timings.json").exists():
        _make()
    return BUILD


def _make() -> None:
    command = [sys.executable, "-m", "analysis", "report", "--build", str(BUILD)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONHASHSEED": "0"})
