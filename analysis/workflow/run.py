"""Run the steps that must run, two at a time, and go on past a failure to all that does not need it."""

import json
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import AnalysisError, StepError
from analysis.workflow.progress import Progress
from analysis.workflow.step import Step, run_step


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
        Address of a running Dask scheduler (``tcp://host:8786``) to use instead.
    debug : bool
        Print the whole trace of a failing step, which may hold a child's values, to the standard error.
    """
    steps = {step.name: step for step in steps}
    outcome, products = Outcome(), {}
    waiting = dict(steps)
    progress.expect(len(steps))
    with _Workers(workers, cluster) as pool:
        running: dict = {}
        while waiting or running:
            _start_ready(waiting, running, products, outcome, build, pool, progress)
            if not running:
                break
            future, (step, _) = pool.wait(running, progress)
            del running[future]
            _finish(step, future, products, outcome, progress)
            if debug and step.name in outcome.failed:
                traceback.print_exception(outcome.failed[step.name], file=sys.stderr)
    outcome.left = list(waiting)
    _write_timings(build, steps)
    return outcome


def _start_ready(waiting, running, products, outcome, build, pool, progress) -> None:
    """Start, or pass over as current, each waiting step whose predecessors are done, while a worker is free."""
    moved = True
    while moved:
        moved = False
        for step in list(waiting.values()):
            if len(running) >= pool.slots():
                return
            if not all(name in products for name in step.after):
                continue
            fingerprint = step.fingerprint(products)
            if step.is_current(fingerprint, build):
                products[step.name] = step.product()
                outcome.current.append(step.name)
                progress.passed_over()
                moved = True
            else:
                progress.started(step.name)
                running[pool.submit(run_step, step, fingerprint, build)] = (step, fingerprint)
            del waiting[step.name]


def _finish(step: Step, future, products: dict, outcome: Outcome, progress: Progress) -> None:
    error = future.exception()
    if error is None:
        manifest = future.result()
        products[step.name] = manifest["product"]
        outcome.ran[step.name] = manifest
        progress.finished(step.name, manifest["seconds"])
    else:
        outcome.failed[step.name] = error
        progress.failed(step.name, describe(error))


def describe(error: BaseException) -> str:
    """An error in words: ours whole, another's by its type alone, since its text might hold a child's value."""
    if isinstance(error, AnalysisError):
        return f"{error.where}: {'; '.join(error.problems)}"
    return f"stopped by {type(error).__name__}; run the same command with --debug to see where"


class _Workers:
    """Worker processes, started only when the first step must run."""

    def __init__(self, workers: int, address: str | None):
        self.workers, self.address, self.client = workers, address, None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.client is not None:
            cluster = self.client.cluster
            # Every step has ended; a worker that is slow to leave a busy machine must not hide how they ended.
            with suppress(TimeoutError):
                self.client.close()
                if cluster is not None:
                    cluster.close()

    def slots(self) -> int:
        """How many steps can run side by side now."""
        if self.client is None or self.address is None:
            return self.workers
        return max(1, sum(self.client.nthreads().values()))

    def submit(self, function: Callable, *arguments):
        if self.client is None:
            self.client = self._connect()
        return self.client.submit(function, *arguments, pure=False, retries=0)

    def _connect(self):
        import dask
        from distributed import Client, LocalCluster

        dask.config.set({"distributed.admin.log-format": "%(levelname)s", "distributed.worker.daemon": False})
        if self.address:
            return Client(self.address)
        cluster = LocalCluster(
            n_workers=self.workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
            memory_limit=None,
            silence_logs="CRITICAL",
        )
        return Client(cluster)

    def wait(self, running: Mapping, progress: Progress):
        """The next future to end, refreshing the live line meanwhile."""
        from distributed import TimeoutError, wait

        while True:
            try:
                done = wait(list(running), timeout=0.5, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                progress.tick()
                continue
            future = next(iter(done))
            return future, running[future]


def _write_timings(build: Path, steps: Mapping[str, Step]) -> None:
    """Seconds that each step took when it last ran, as `build/timings.json`."""
    timings = {}
    for name, step in steps.items():
        path = step.manifest_path(build)
        if path.is_file():
            manifest = json.loads(path.read_text(encoding="utf-8"))
            timings[name] = {key: manifest[key] for key in ("seconds", "cpu_seconds")}
    build.mkdir(parents=True, exist_ok=True)
    (build / "timings.json").write_text(json.dumps(timings, indent=1) + "\n", encoding="utf-8")
