"""What the whole report costs, from the synthetic extracts' workbooks to the built book, and what of it is England."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import Cost, cpu_seconds, row


def run() -> list[dict]:
    """Two rows: CPU-seconds of every process of the report, without and with the study of family networks.

    The last with the most memory that one process held.
    """
    before = cpu_seconds()
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder) / "build"
        command = [sys.executable, "-m", "analysis", "report", "--build", str(build)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONHASHSEED": "0"})
        steps = json.loads((build / "timings.json").read_text(encoding="utf-8"))
    whole = cpu_seconds() - before
    networks = sum(step["cpu_seconds"] for name, step in steps.items() if "network" in name)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    gigabytes = round(used.ru_maxrss / 1024**2, 2)  # of the largest process waited for; kibibytes on Linux
    return [
        row("the report without family networks, workbooks to book", Cost(whole - networks)),
        row("the whole report, family networks too", Cost(whole), gigabytes_of_largest=gigabytes),
    ]
