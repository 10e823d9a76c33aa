"""What an outsider recovers from everything that runs on own data published: three sizes, two presets, three releases.

`python -m benchmarks attack`, for half an hour. The outsider is that of the tests: it reads the published files and
knows the public rules, and nothing of the package.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from analysis.disclosure.containment import KEY_VARIABLE, write_closed
from analysis.protocol import load_protocol
from benchmarks.own_runs import FEWER, releases, write_extract, write_protocol
from benchmarks.timing import Cost, cpu_seconds, row
from tests.attacker.outsider import recovered_over_time

SCALES = (0.05, 0.1, 0.15)
PRESETS = ("dfe", "research")
REPLICATES = FEWER["uncertainty.replicates"]


def run() -> list[dict]:
    """One row per size, preset and number of releases read together; ends with an error if anything was recovered.

    Raises
    ------
    AssertionError
        Naming the counts that can be had to within one.
    """
    rows, found = [], []
    for preset in PRESETS:
        for scale in SCALES:
            before = cpu_seconds()
            for number, recovered in enumerate(recovered_of(scale, preset), start=1):
                name = f"{preset}, scale {scale}, {number} releases together"
                rows.append(row(name, Cost(cpu_seconds() - before), recovered=len(recovered)))
                before = cpu_seconds()
                print(f"{name}: {len(recovered)} recovered", flush=True)
                found += [f"{name}: {line}" for line in recovered]
    assert not found, "\n".join(found)
    return rows


def recovered_of(scale: float, preset: str) -> list[list[str]]:
    """What is recovered from the first release, the first two and all three of one invented authority."""
    rules = load_protocol().disclosure.presets[preset]
    before = os.environ.get(KEY_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder, "key", "key")  # a ledger that begins with this run, and the same run each time
        os.environ[KEY_VARIABLE] = str(key)
        key.parent.mkdir(mode=0o700)
        write_closed(key, hashlib.sha256(f"{preset} {scale}".encode()).hexdigest() + "\n")
        try:
            protocol, extract = write_protocol(Path(folder, "protocol"), preset), write_extract(Path(folder), scale)
            builds = list(releases(Path(folder), extract, protocol))
        finally:
            os.environ.pop(KEY_VARIABLE)
            os.environ |= {KEY_VARIABLE: before} if before else {}
        sets = [builds[:number] for number in range(1, len(builds) + 1)]
        return [recovered_over_time(of, rules.threshold, rules.rounding, REPLICATES) for of in sets]
