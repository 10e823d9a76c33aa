"""What a joint book costs as its authorities grow: every stage of `collect` on released tables, copied, not computed.

`python -m benchmarks.joint --authorities 4 16 64 153 [--build build] [--into FOLDER] [--outcomes P1 P2 ...]`

The pages of the last synthetic report are released once more under the rules for own data, then copied under the names
of as many authorities as are asked for, each signed with a key of its own. Of the copies only the average precision
and the AUC are moved, by as much as authorities differ, so that no two authorities are alike. Nothing is fitted.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from scipy.special import expit, logit

from analysis.disclosure import PAGE_TABLES, Released, read_released, release_all, write_released
from analysis.disclosure.derive import derive
from analysis.disclosure.files import MANIFEST
from analysis.disclosure.signatures import sign_file
from analysis.errors import StepError
from analysis.protocol import Protocol, load_protocol
from analysis.protocol.read import protocol_hash
from analysis.study.fingerprint import hash_environment, hash_values
from analysis.study.paths import RELEASED
from analysis.workflow.progress import Progress
from analysis.workflow.report import collect_report
from benchmarks.joint_growth import WHOLE, growth, planned, planned_from_extracts
from benchmarks.report import finished_report
from benchmarks.timing import LARGEST, Cost, MemoryWatch, cpu_seconds, row

SIZES = (10, 40)
"""Authorities of `python -m benchmarks joint`; more are asked for by name, for they take an hour and more.

Both are books of many: of eight authorities or fewer, and of 32 pages or fewer, charts and pages are drawn otherwise,
and what such a book costs says nothing of how a larger one grows.
"""
BETWEEN_AUTHORITIES = 0.25  # standard deviation between authorities of a score's logit (ours)
EVERY_LEAKING = 10  # of so many authorities one has the leakage of the one it was copied from (ours)
SEED = 20261129


def run() -> list[dict]:
    """Rows of every stage at each of `SIZES`, and of the exponents with which they grow."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(SIZES, finished_report(), Path(folder))


def measure(
    sizes: Sequence[int], build: Path, folder: Path, outcomes: Sequence[str] | None = None, network_world: str = "small"
) -> list[dict]:
    """Collect a joint book of each size and say what each stage cost.

    Parameters
    ----------
    sizes : sequence of int
        Authorities, 1 or more, in rising order.
    build : Path
        Of a finished synthetic report.
    folder : Path
        Gets ``sent-<n>`` (what the authorities send) and ``build-<n>`` (the joint book's products) for each size.
    outcomes : sequence of str, optional
        Predictions of each authority; all by default.
    network_world : {"small", "full"}
        In which family networks are studied.

    Returns
    -------
    list of dict
        Rows as `benchmarks.timing.row` makes them.
    """
    pages = release_again(build, load_protocol(), outcomes)
    rows, costs = [], {}
    for size in sizes:
        sent = folder / f"sent-{size}"
        send(pages, size, sent)
        stages = collect_measured(sent, folder / f"build-{size}", network_world)
        costs[size] = stages
        rows += [_row(size, len(pages), name, stage) for name, stage in stages.items()]
    return rows + growth(costs) + [planned(costs), planned_from_extracts(build)]


def release_again(build: Path, protocol: Protocol, outcomes: Sequence[str] | None = None) -> dict[str, dict]:
    """The tables of each prediction of a synthetic report, released under the rules for own data.

    Parameters
    ----------
    build : Path
        Of the report.
    protocol : Protocol
    outcomes : sequence of str, optional

    Returns
    -------
    dict of outcome -> (dict of name -> Released)

    Raises
    ------
    StepError
        If no report lies there.
    """
    rules = protocol.disclosure
    released: dict[str, dict] = {}
    for name, prediction in protocol.predictions.items():
        folder = build / prediction.authority / name / RELEASED
        if outcomes and name not in outcomes:
            continue
        if not folder.is_dir():
            raise StepError(str(folder), "holds no released tables; run `python -m analysis report` first")
        frames = {name: table.frame for name, table in read_released(folder, PAGE_TABLES).items()}
        # With a view to those before, as an authority's pages are; these are of several.
        released[name] = release_all(frames, preset=rules.own_data, rules=rules, other_outcomes=dict(released))
    return released


def send(pages: Mapping[str, Mapping[str, Released]], size: int, folder: Path) -> None:
    """Write what so many authorities would send: copies of the pages under other names, each signed.

    Parameters
    ----------
    pages : dict of outcome -> tables
    size : int
        Authorities.
    folder : Path
        Gets ``<authority>/<outcome>/released``.
    """
    shared = {
        "protocol": protocol_hash(load_protocol()),
        "code": hash_values("copied"),
        "environment": hash_environment(),
    }
    draw = np.random.default_rng(SEED)
    for number in range(1, size + 1):
        authority, key = f"A{number:03}", Ed25519PrivateKey.generate()
        for outcome, tables in pages.items():
            released = folder / authority / outcome / RELEASED
            about = {"authority": authority, "outcome": outcome, "name": f"Authority {number:03}"}
            made_from = shared | about | {"data": hash_values(authority)}
            copied = moved(tables, draw.normal(0, BETWEEN_AUTHORITIES), leaking=number % EVERY_LEAKING == 0)
            write_released(copied, released, provenance=made_from)
            sign_file(released / MANIFEST, key)


def moved(tables: Mapping[str, Released], by: float, *, leaking: bool) -> dict[str, Released]:
    """The tables with the average precision and AUC of every model moved, and perhaps without the leakage found.

    Parameters
    ----------
    tables : dict of name -> Released
    by : float
        On the logit scale.
    leaking : bool
        Whether leakage stays as it was found; else nothing is flagged, for one that leaks is left out of most charts.

    Returns
    -------
    dict of name -> Released
    """

    def move(frame: pd.DataFrame) -> pd.DataFrame:
        scores = frame["metric"].isin(("average_precision", "auc"))
        values = frame.loc[scores, ["value", "value_low", "value_high"]].astype(float).clip(1e-6, 1 - 1e-6)
        frame.loc[scores, values.columns] = expit(logit(values) + by)
        return frame

    changed = {"performance": move}
    if not leaking:
        changed["leakage"] = lambda frame: frame.assign(flagged="no")
    derived = {name: derive(tables[name].specification, change, tables[name]) for name, change in changed.items()}
    return {**tables, **derived}


def collect_measured(sent: Path, build: Path, network_world: str = "small") -> dict[str, dict]:
    """Collect what was sent and build its book; CPU-seconds, wall seconds and gigabytes of each stage.

    Parameters
    ----------
    sent, build : Path
    network_world : {"small", "full"}

    Returns
    -------
    dict of stage -> dict
        Pages are one stage, everything before the first step another, every other step a stage of its own.
    """
    watch = Watch()
    before, started = cpu_seconds(), time.perf_counter()
    with MemoryWatch(watch.see):
        collect_report([sent], build, network_world=network_world, progress=watch)
    ended = time.perf_counter()
    timings = json.loads((build / "timings.json").read_text(encoding="utf-8"))
    stages: dict[str, dict] = {}
    for name, seconds in timings.items():
        stage = stages.setdefault("pages" if name.startswith("page/") else name, {"cpu_seconds": 0, "seconds": 0})
        stage["cpu_seconds"] += seconds["cpu_seconds"]
        stage["seconds"] += seconds["seconds"]
        stage[LARGEST] = max(stage.get(LARGEST, 0), watch.seen.get(name, 0))
    checked = {"cpu_seconds": watch.first_cpu - before, "seconds": watch.first - started, LARGEST: watch.seen[""]}
    stages = {"read, check and write": checked, **stages}
    spent = sum(stage["cpu_seconds"] for stage in stages.values())  # for this process does not count forked cells
    return stages | {WHOLE: {"cpu_seconds": spent, "seconds": ended - started, LARGEST: watch.largest()}}


class Watch(Progress):
    """Says what a run does, and notes the memory of all its processes meanwhile.

    Attributes
    ----------
    seen : dict of step -> gigabytes
        The most that all processes held at once while the step ran; "" before the first step.
    first, first_cpu : float
        Time and CPU-seconds at which the first step began.
    """

    def __init__(self):
        super().__init__()
        self.seen: dict[str, float] = {"": 0.0}
        self.first = self.first_cpu = 0.0

    def started(self, name: str) -> None:
        """Note the end of what comes before the first step."""
        if not self.first:
            self.first, self.first_cpu = time.perf_counter(), cpu_seconds()
        super().started(name)

    def largest(self) -> float:
        """Gigabytes that all processes held at once at the most."""
        return max(self.seen.values())

    def see(self, gigabytes: float) -> None:
        """Note what is held now beside every step that runs, or as what comes before the first."""
        for name in tuple(self.running) if self.first else ("",):
            self.seen[name] = max(self.seen.get(name, 0.0), gigabytes)


def _row(size: int, pages: int, name: str, stage: Mapping) -> dict:
    more = {"wall_seconds": round(stage["seconds"], 1), LARGEST: round(stage.get(LARGEST, 0), 2)}
    return row(f"joint book of {size} x {pages} pages, {name}", Cost(stage["cpu_seconds"]), **more)


def main() -> None:
    """Measure the sizes that are asked for and print each row."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.joint", description=__doc__)
    parser.add_argument("--authorities", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--build", type=Path, default=Path("build"), help="of a finished synthetic report")
    parser.add_argument("--into", type=Path, help="folder to leave the books in; none is left without it")
    parser.add_argument("--outcomes", nargs="+", help="predictions of each authority; all by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for found in measure(
            sorted(options.authorities), options.build, options.into or Path(scratch), options.outcomes
        ):
            print(found, flush=True)


if __name__ == "__main__":
    main()
