"""What the whole report costs, from the synthetic extracts' workbooks to the built book, and what of it is England."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import Cost, cost_of, row, total

BUILD = Path("build", "benchmarks", "report")


def run() -> list[dict]:
    """Two rows: CPU-seconds of every step of the report, without and with the study of family networks.

    They are the sums of what the report itself counts: the processes of a step do not end before its next one begins,
    so that nobody outside sees what they cost.
    """
    shutil.rmtree(BUILD, ignore_errors=True)
    held = cost_of(_make).gigabytes
    steps = json.loads((BUILD / "timings.json").read_text(encoding="utf-8"))
    costs = {name: Cost(step["cpu_seconds"]) for name, step in steps.items()}
    england = total([cost for name, cost in costs.items() if "network" not in name])
    whole = total([*costs.values(), Cost(0.0, gigabytes=held)])
    return [
        row("the report without family networks, workbooks to book", england),
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
