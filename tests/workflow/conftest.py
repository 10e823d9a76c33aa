"""A small world of steps for the tests of the workers, and a run of it in which every kind of process is at work."""

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psutil
import pytest

from tests.workflow.waiting import once_written

ROOT = Path(__file__).resolve().parents[2]
STEPS = """
    import os
    import signal
    import subprocess
    import sys
    import time
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial
    from multiprocessing import get_context
    from pathlib import Path
    from analysis.errors import CohortError
    from analysis.processes import side_by_side
    from analysis.workflow.notebook import execute_notebook
    from analysis.workflow.step import Step

    def meet(product, other):
        product.with_suffix(".begun").touch()
        until = time.monotonic() + 300
        while not other.with_suffix(".begun").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        product.write_text("met")

    def fail():
        raise CohortError("LA1/P1", "no outcome happened; widen the study's dates")

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def fail_with_a_value():
        class Unpicklable(Exception):
            def __init__(self, name, born):
                super().__init__(f"{name}, born {born}")
        raise Unpicklable("Jane Doe", "2010-01-01")

    def steps(folder):
        a, b = folder / "a", folder / "b"
        return [
            Step("a", meet, {"product": a, "other": b}, makes=(a,)),
            Step("b", meet, {"product": b, "other": a}, makes=(b,)),
            Step("failing", fail),
        ]

    def run_notebook(folder):
        execute_notebook(folder / "slow.md", folder / "slow.ipynb", {"folder": str(folder)})

    def note(folder, name):
        (folder / f"{name}.started").write_text(str(os.getpid()))
        time.sleep(600)

    def start_more(folder):
        list(side_by_side(partial(note, folder), [("first",), ("second",)], 2))

    def lasting(folder):
        return [Step("notebook", run_notebook, {"folder": folder}), Step("pool", start_more, {"folder": folder})]
"""
NOTEBOOK = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

```{code-cell} ipython3
:tags: [parameters]

folder = ""
```

```{code-cell} ipython3
import os, time
from pathlib import Path
Path(folder, "notebook.started").write_text(str(os.getpid()))
time.sleep(600)
```
"""
COMMAND = """
    import sys
    from pathlib import Path
    import analysis.workflow.step, analysis.workflow.run
    import analysis.__main__ as command, analysis.workflow.report as report_module
    import steps_of_the_test
    analysis.workflow.step.hash_code = lambda *modules: "as written"
    folder = Path(sys.argv[1])
    def report(**_):
        steps = steps_of_the_test.lasting(folder)
        outcome = analysis.workflow.run.run_steps(steps, folder / "build", progress=report_module.Progress())
        outcome.raise_failures()
        return outcome
    report_module.report = report
    if __name__ == "__main__":
        sys.exit(command.main(["report", "--build", str(folder / "build")]))
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


@pytest.fixture
def lasting(tmp_path, steps_module):
    """A run in which a notebook and a pool of a step's own are at work, in a session of its own; and its processes."""
    (tmp_path / "command.py").write_text(textwrap.dedent(COMMAND))
    (tmp_path / "slow.md").write_text(NOTEBOOK)
    scratch = tempfile.mkdtemp(dir="/tmp" if os.name == "posix" else None)  # a socket's path has a hundred letters
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "command.py"), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TMPDIR": scratch},
        start_new_session=True,
    )
    names = ("notebook", "first", "second")
    begun = {once_written(tmp_path / f"{name}.started", int, lambda: process.poll() is not None) for name in names}
    descendants = psutil.Process(process.pid).children(recursive=True)
    assert begun <= {child.pid for child in descendants}
    yield process, descendants, Path(scratch)
    process.kill()
    process.wait()
    for left in descendants:
        if left.is_running():
            left.kill()
    shutil.rmtree(scratch)
