"""Run the steps that must run, two at a time, and go on past a failure to all that does not need it."""

import json
import traceback
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import AnalysisError, StepError
from analysis.workflow.cluster import open_workers
from analysis.workflow.failures import StoppedError, describe
from analysis.workflow.progress import Progress
from analysis.workflow.step import Step, read_manifest, run_step

SECONDS_BETWEEN_LINES = 0.5  # in which the live line is drawn again (ours)


@dataclass
class Outcome:
    """How a run ended: what was already current, what ran, what failed and what was left because of it."""

    current: list[str] = field(default_factory=list)
    ran: dict[str, dict] = field(default_factory=dict)
    failed: dict[str, BaseException] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def raise_failures(self) -> None:
        """Raise `StepError` naming each failed step and what to do, if any failed."""
        if not self.failed:
            return
        problems = [f"{name}: {describe(error)}" for name, error in sorted(self.failed.items())]
        if self.left:
            problems.append(f"not built because of it: {', '.join(sorted(self.left))}")
        problems.append("everything else is built and kept; put this right and run the same command to resume")
        raise StepError("report", problems)


def run_steps(
    steps: Iterable[Step],
    build: Path,
    *,
    workers: int = 2,
    cluster: str | None = None,
    debug: bool = False,
    progress: Progress,
) -> Outcome:
    """Bring every step up to date.

    Parameters
    ----------
    steps : iterable of Step
        In an order in which each comes after those it needs; of those that are ready the first is run first.
    build : Path
        Folder of products and manifests.
    workers : int
        Steps that run side by side on this machine.
    cluster : str, optional
        Address of a running Dask scheduler (``tls://host:8786``) to use instead; see `ClusterWorkers`.
    debug : bool
        Print the whole trace of a failing step, which may hold a child's values, to the standard error.
    progress : Progress
        Where what happens is said.

    Returns
    -------
    Outcome
        Failures are part of it, and are not raised.
    """
    steps = {step.name: step for step in steps}
    outcome, products = Outcome(), {}
    waiting = dict(steps)
    progress.expect(len(steps))
    with open_workers(workers, cluster, build, steps.values()) as pool:
        progress.say(pool.notice)
        running: dict[Future, Step] = {}
        while waiting or running:
            _start_ready(waiting, running, products, outcome, build, pool, progress, debug)
            if not running:
                break
            if len(waiting) <= len(running):  # each can follow one that runs
                pool.end_idle()
            # Waits no longer than this, so that a worker which joins meanwhile is given a step.
            done, _ = wait(running, timeout=SECONDS_BETWEEN_LINES, return_when=FIRST_COMPLETED)
            progress.tick()
            for future in [future for future in running if future in done]:
                pool.ended(future)
                _finish(running.pop(future), future, products, outcome, progress)
    outcome.left = list(waiting)
    try:
        _write_timings(build, steps)
    except OSError as error:
        outcome.failed["timings"] = error
    return outcome


def _start_ready(waiting, running, products, outcome, build, pool, progress, debug) -> None:
    """Start, or pass over as current, each waiting step whose predecessors are done, while a worker is free."""
    moved = True
    while moved:
        moved = False
        for step in list(waiting.values()):
            if not pool.has_room(step) or not all(name in products for name in step.after):
                continue
            fingerprint = step.fingerprint(products)
            if step.is_current(fingerprint, build):
                products[step.name] = step.product()
                outcome.current.append(step.name)
                progress.passed_over()
                moved = True
            else:
                progress.started(step.name)
                if step.fresh:
                    pool.end_idle()
                running[pool.submit(run_apart, step, fingerprint, build, debug)] = step
            del waiting[step.name]


def run_apart(step: Step, fingerprint: str, build: Path, debug: bool) -> dict:
    """`run_step` where nothing but our own words may come back, for an error's text might hold a child's value.

    Parameters
    ----------
    step : Step
    fingerprint : str
        What the step is made from now.
    build : Path
        The folder of the run's products.
    debug : bool
        Print the whole trace to the standard error.

    Returns
    -------
    dict
        As `analysis.workflow.step.run_step` returns it.

    Raises
    ------
    AnalysisError
        One of ours, as it was raised.
    StoppedError
        In place of any other.
    """
    try:
        return run_step(step, fingerprint, build)
    except AnalysisError:
        raise
    except BaseException as error:  # a library's panic is no Exception
        if debug:
            traceback.print_exc()
        raise StoppedError(describe(error)) from None


def _finish(step: Step, future: Future, products: dict, outcome: Outcome, progress: Progress) -> None:
    error = future.exception()
    if error is None:
        manifest = future.result()
        products[step.name] = manifest["product"]
        outcome.ran[step.name] = manifest
        progress.finished(step.name, manifest["seconds"], manifest["notices"])
    else:
        outcome.failed[step.name] = error
        progress.failed(step.name, describe(error))


def _write_timings(build: Path, steps: Mapping[str, Step]) -> None:
    """Seconds that each step took when it last ran, as `build/timings.json`."""
    timings = {}
    for name, step in steps.items():
        manifest = read_manifest(step.manifest_path(build))
        if manifest:
            timings[name] = {key: manifest[key] for key in ("seconds", "cpu_seconds")}
    build.mkdir(parents=True, exist_ok=True)
    (build / "timings.json").write_text(json.dumps(timings, indent=1) + "\n", encoding="utf-8")
