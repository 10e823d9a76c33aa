"""The real scheduler: two steps side by side, a failure told across processes, an interrupt that is not success."""

import io
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from analysis.errors import StepError
from analysis.workflow.progress import Progress
from analysis.workflow.run import run_steps

ROOT = Path(__file__).resolve().parents[2]
STEPS = """
    import time
    from pathlib import Path
    from analysis.errors import CohortError
    from analysis.workflow.step import Step

    def work(product, seconds):
        started = time.time()
        time.sleep(seconds)
        product.write_text(f"{started} {time.time()}")

    def fail():
        raise CohortError("LA1/P1", "no outcome happened; widen the study's dates")

    def steps(folder, seconds):
        return [
            *(Step(n, work, {"product": folder / n, "seconds": seconds}, makes=(folder / n,)) for n in "ab"),
            Step("failing", fail),
        ]
"""


@pytest.fixture
def steps_module(tmp_path, monkeypatch):
    """A module that the workers can import, whose code the fingerprints do not follow."""
    (tmp_path / "steps_of_the_test.py").write_text(textwrap.dedent(STEPS))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("analysis.workflow.step.hash_code", lambda *modules: "as written")
    import steps_of_the_test

    yield steps_of_the_test
    del sys.modules["steps_of_the_test"]


def test_two_steps_overlap_and_a_failure_leaves_them_built(tmp_path, steps_module):
    steps = steps_module.steps(tmp_path, seconds=2)
    outcome = run_steps(steps, tmp_path / "build", workers=2, progress=Progress(io.StringIO()))
    (first_start, first_end), (second_start, second_end) = (
        map(float, (tmp_path / name).read_text().split()) for name in "ab"
    )
    assert max(first_start, second_start) < min(first_end, second_end)
    assert outcome.failed.keys() == {"failing"}
    with pytest.raises(StepError, match="no outcome happened"):
        outcome.raise_failures()


def test_an_interrupt_is_not_success(tmp_path, steps_module):
    script = f"""
        import sys
        from pathlib import Path
        import analysis.workflow.step, analysis.workflow.run
        import analysis.__main__ as command, analysis.workflow.report as report_module
        import steps_of_the_test
        analysis.workflow.step.hash_code = lambda *modules: "as written"
        folder = Path({str(tmp_path)!r})
        def report(**_):
            print("running", flush=True)
            steps = steps_of_the_test.steps(folder, seconds=60)[:2]
            analysis.workflow.run.run_steps(steps, folder / "build", progress=report_module.Progress())
        report_module.report = report
        if __name__ == "__main__":
            sys.exit(command.main(["report"]))
    """
    path = tmp_path / "interrupted.py"
    path.write_text(textwrap.dedent(script))
    process = subprocess.Popen(
        [sys.executable, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout.readline().strip() == "running"
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and "run the same command to resume" in stderr
    assert not list((tmp_path / "build" / "steps").glob("*.json"))
