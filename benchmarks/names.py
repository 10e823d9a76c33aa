"""Invented people, schools, streets and towns in the texts of an extract, sought in every byte of the whole report.

`python -m benchmarks names`, for a quarter of an hour.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from analysis.disclosure.canaries import find_canaries
from analysis.disclosure.containment import KEY_VARIABLE
from benchmarks.own_runs import write_extract, write_protocol
from benchmarks.timing import Cost, row
from tests.privacy.planted_names import plant, planted_names

NAMES, SCALE = 500, 0.15


def run() -> list[dict]:
    """One row: how many of the names were found outside what is child-level; ends with an error if any was.

    Raises
    ------
    AssertionError
        Naming the kinds and the files, never the names.
    """
    planted = planted_names(NAMES, seed=17)
    marks = {f"{kind} {number}": word for number, (kind, word) in enumerate(planted)}
    with tempfile.TemporaryDirectory() as folder:
        extract, build = write_extract(Path(folder), SCALE), Path(folder, "build")
        documents = pl.read_parquet(extract / "documents.parquet")
        texts = pl.Series("text", plant(documents["text"].to_list(), planted, seed=19))
        documents.with_columns(texts).write_parquet(extract / "documents.parquet")
        protocol = write_protocol(Path(folder, "protocol"), "dfe")
        chosen = ["--data", extract, "--protocol", protocol, "--outcomes", "P7,P8"]
        command = [sys.executable, "-m", "analysis", "report", *chosen, "--network-world", "small", "--build", build]
        key = Path(folder, "key", "key")
        subprocess.run(list(map(str, command)), check=True, env=os.environ | {KEY_VARIABLE: str(key)})
        hits = [*find_canaries(build, marks), *find_canaries(key.parent, marks)]
    assert not hits, "\n".join(f"{hit.canary} in {hit.path}, {hit.written}" for hit in hits)
    return [row(f"{NAMES} names planted in the texts of the whole report", Cost(0), recovered=0)]
