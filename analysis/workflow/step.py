"""A step of the report: what it reads, what it runs, what it leaves behind, and whether it must run."""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.study.fingerprint import hash_code, hash_environment, hash_path, hash_values
from analysis.study.paths import Paths
from analysis.workflow.cells import cpu_seconds_of_forked_cells


@dataclass(frozen=True)
class Step:
    """One task of the workflow.

    Attributes
    ----------
    name : str
        Its name, e.g. ``page/LA1/P1``; unique.
    function : callable
        Run with `arguments` as keywords; it may return sentences to be said to whoever runs the report.
    arguments : mapping
        Values that can be pickled and hashed by their text.
    reads : tuple of Path
        Files and folders it reads that no step makes.
    after : tuple of str
        Steps whose products it reads.
    makes : tuple of Path
        Files and folders it leaves behind; all of them must exist afterwards.
    code : tuple of str
        Modules beyond the function's own whose code it runs (those a notebook imports).
    sendable : bool
        Whether its files may be sent to a worker that shares no folder with the run. Then it reads no real records,
        and nothing but `reads` and what the steps of `after` made and recorded.
    fresh : bool
        Whether it needs much memory, so that the idle processes, which hold some of earlier steps, end before it.
    """

    name: str
    function: Callable
    arguments: Mapping = field(default_factory=dict)
    reads: tuple[Path, ...] = ()
    after: tuple[str, ...] = ()
    makes: tuple[Path, ...] = ()
    code: tuple[str, ...] = ()
    sendable: bool = False
    fresh: bool = False

    def manifest_path(self, build: Path) -> Path:
        """Where the record of its last run lies."""
        return Paths(build).step(self.name)

    def fingerprint(self, products: Mapping[str, str]) -> str:
        """What this step would be made from now; `products` hashes what the steps before it left behind."""
        return hash_values(
            self.name,
            {key: str(value) for key, value in self.arguments.items()},
            [hash_path(path) for path in self.reads],
            [(name, products[name]) for name in sorted(self.after)],
            hash_code(self.function.__module__, *self.code),
            hash_environment(),
        )

    def product(self) -> str:
        """Hash of what this step left behind."""
        return hash_values([hash_path(path) for path in self.makes])

    def is_current(self, fingerprint: str, build: Path) -> bool:
        """Whether its product stands, unaltered, made from exactly this.

        Parameters
        ----------
        fingerprint : str
            What the step would be made from now.
        build : Path
            The folder of the run's products.

        Returns
        -------
        bool
        """
        manifest = read_manifest(self.manifest_path(build))
        if not manifest or not all(made.exists() for made in self.makes):
            return False
        return manifest["fingerprint"] == fingerprint and manifest["product"] == self.product()


def read_manifest(path: Path) -> dict:
    """What `run_step` wrote of a step; empty if it has not run, or if the file was cut short or altered."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    keys = {"fingerprint", "product", "seconds", "cpu_seconds"}
    return manifest if isinstance(manifest, dict) and keys <= manifest.keys() else {}


def run_step(step: Step, fingerprint: str, build: Path) -> dict:
    """Run a step and write its manifest last, so that one interrupted half-way counts as not run.

    Parameters
    ----------
    step : Step
    fingerprint : str
        What the step is made from now.
    build : Path
        The folder of the run's products.

    Returns
    -------
    dict
        ``seconds`` and ``cpu_seconds`` (its own and its subprocesses'), ``product``, and ``notices``: what it has to
        say.
    """
    manifest_path = step.manifest_path(build)
    manifest_path.parent.mkdir(parents=True, exist_ok=True)
    manifest_path.unlink(missing_ok=True)
    started, cpu_before = time.perf_counter(), _cpu_seconds()
    notices = step.function(**step.arguments)
    manifest = {
        "fingerprint": fingerprint,
        "product": step.product(),
        "seconds": round(time.perf_counter() - started, 2),
        "cpu_seconds": round(_cpu_seconds() - cpu_before, 2),
    }
    partial = manifest_path.with_suffix(".partial")
    partial.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    partial.replace(manifest_path)
    return manifest | {"notices": notices or ()}


def _cpu_seconds() -> float:
    times = os.times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + cpu_seconds_of_forked_cells()
