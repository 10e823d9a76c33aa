"""What the whole report costs, from the synthetic extracts' workbooks to the built book."""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import Cost, row


def run() -> list[dict]:
    """One row: CPU-seconds of every process of the report, and the most memory that one of them held."""
    before = _children()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "analysis", "report", "--build", str(Path(folder) / "build")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONHASHSEED": "0"})
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    gigabytes = round(used.ru_maxrss / 1024**2, 2)  # of the largest process waited for; kibibytes on Linux
    return [row("the whole report, workbooks to book", Cost(_children() - before), gigabytes_of_largest=gigabytes)]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
