"""The real workers: steps side by side, a failure told across processes, and an end that takes every process along."""

import io
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from analysis.errors import StepError
from analysis.workflow.progress import Progress
from analysis.workflow.run import run_steps

pytestmark = pytest.mark.slow

SOON = 2
"""Seconds within which no process may be left: one as promised, and one for a machine that is busy."""


def test_two_steps_meet_and_a_failure_leaves_them_built(tmp_path, steps_module):
    """Each of the two waits for the other to have begun."""
    before = psutil.Process().children(recursive=True)
    outcome = run_steps(steps_module.steps(tmp_path), tmp_path / "build", workers=2, progress=Progress(io.StringIO()))
    assert set(outcome.ran) == {"a", "b"}
    assert outcome.failed.keys() == {"failing"}
    with pytest.raises(StepError, match="no outcome happened"):
        outcome.raise_failures()
    left = [child for child in psutil.Process().children(recursive=True) if child not in before]
    assert left in ([], _resource_tracker())


def test_a_process_that_is_killed_takes_no_other_step_with_it(tmp_path, steps_module):
    steps = [steps_module.Step("dying", steps_module.die), *steps_module.steps(tmp_path)]
    outcome = run_steps(steps, tmp_path / "build", workers=2, progress=Progress(io.StringIO()))
    assert set(outcome.ran) == {"a", "b"} and set(outcome.failed) == {"dying", "failing"}
    with pytest.raises(StepError, match="dying: its process was ended from outside, most often because memory ran out"):
        outcome.raise_failures()


def test_the_words_of_a_foreign_error_never_leave_its_process(tmp_path, steps_module):
    steps = [steps_module.Step("failing", steps_module.fail_with_a_value)]
    outcome = run_steps(steps, tmp_path / "build", progress=Progress(io.StringIO()))
    error = outcome.failed["failing"]
    assert "stopped by Unpicklable" in str(error)
    assert "Jane" not in f"{error!r} {error.__cause__} {error.__context__}"


def test_an_interrupt_at_the_keyboard_ends_every_process_without_a_trace(lasting, tmp_path):
    process, descendants, scratch = lasting
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to the command and to all of its group
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and time.monotonic() - started < SOON
    assert stderr.strip() == "interrupted; what is built is kept, run the same command to resume"
    assert "Traceback" not in stdout
    assert _left(descendants, SOON) == []
    assert not list((tmp_path / "build" / "steps").glob("*.json"))
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_a_run_that_was_killed(lasting, how):
    process, descendants, scratch = lasting
    process.send_signal(how)
    process.wait(timeout=10)
    assert _left(descendants, SOON) == []
    assert not list(scratch.iterdir())


def test_no_process_outlives_a_worker_that_was_killed(lasting):
    process, _, _ = lasting
    workers = [child for child in psutil.Process(process.pid).children() if child.children()]
    below = [child for worker in workers for child in worker.children(recursive=True)]
    assert len(below) >= 3
    for worker in workers:
        worker.kill()
    assert _left(below, SOON) == []
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 1 and stderr.count("its process was ended from outside") == 2
    assert "Traceback" not in stderr


def test_a_kernel_whose_parent_has_gone_ends_before_it_has_imported_anything_of_weight(tmp_path):
    """To import takes seconds on a busy machine, in which an orphan would live on."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "analysis.workflow.kernel", "-f", str(tmp_path / "connection.json")],
        env=os.environ | {"JPY_PARENT_PID": str(gone.pid)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1 and "zmq.backend" not in done.stderr


def _left(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those still at work after some seconds; the dead that nobody has collected are at work no more."""
    until = time.monotonic() + seconds
    while True:
        alive = [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        if not alive or time.monotonic() > until:
            return alive
        time.sleep(0.05)


def _resource_tracker() -> list[psutil.Process]:
    """The standard library's own collector of semaphores, which ends with this process."""
    return [one for one in psutil.Process().children() if "resource_tracker" in " ".join(one.cmdline())]
