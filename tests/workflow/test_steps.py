"""The workflow runs what changed, keeps what stands, and never takes a half-made product for a whole one."""

import io
import os
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from analysis.errors import CohortError, StepError
from analysis.protocol import load_protocol
from analysis.study.settings import Settings, choose_problems
from analysis.workflow import run as run_module
from analysis.workflow.progress import Progress
from analysis.workflow.run import run_steps
from analysis.workflow.step import Step
from analysis.workflow.steps import book_steps
from analysis.workflow.workers import LocalWorkers


def copy_text(source: Path, product: Path, log: Path) -> None:
    with log.open("a") as file:
        file.write(f"{product.name}\n")
    product.write_text(source.read_text())


def fail(**_) -> None:
    raise CohortError("LA1/P1", "no outcome happened; widen the study's dates")


def fail_with_a_value(**_) -> None:
    raise RuntimeError("Jane Doe, born 2010-01-01")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Steps run at once in this process; the real scheduler has a test of its own."""
    monkeypatch.setattr(run_module, "open_workers", lambda count, cluster, build, steps: Immediate())
    monkeypatch.setattr("analysis.workflow.step.hash_code", lambda *modules: str([CODE.get(m) for m in modules]))
    CODE.clear()


CODE: dict[str, str] = {}


class Immediate:
    notice = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def has_room(self, step):
        return True

    def submit(self, function, *arguments):
        future = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def ended(self, future):
        pass

    def end_idle(self):
        pass


def chain(folder: Path, first=copy_text) -> list[Step]:
    """Two steps: a.txt is copied to b.txt, and b.txt to c.txt; and one alone, a.txt to d.txt."""
    log = folder / "log"
    a, b, c, d = (folder / f"{name}.txt" for name in "abcd")
    return [
        Step("b", first, {"source": a, "product": b, "log": log}, reads=(a,), makes=(b,), code=("code of b",)),
        Step("c", copy_text, {"source": b, "product": c, "log": log}, after=("b",), makes=(c,)),
        Step("d", copy_text, {"source": a, "product": d, "log": log}, reads=(a,), makes=(d,)),
    ]


def run(steps, folder, debug=False):
    return run_steps(steps, folder / "build", debug=debug, progress=Progress(io.StringIO()))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_text("one")
    return tmp_path


def test_a_second_run_does_nothing(folder):
    assert set(run(chain(folder), folder).ran) == {"b", "c", "d"}
    second = run(chain(folder), folder)
    assert second.ran == {} and set(second.current) == {"b", "c", "d"}


def test_changed_data_run_again_all_that_comes_after(folder):
    run(chain(folder), folder)
    (folder / "a.txt").write_text("two")
    assert set(run(chain(folder), folder).ran) == {"b", "c", "d"}
    assert (folder / "c.txt").read_text() == "two"


def test_a_product_that_comes_out_the_same_stops_the_change_there(folder):
    run(chain(folder), folder)
    CODE["code of b"] = "rewritten, to the same effect"
    assert set(run(chain(folder), folder).ran) == {"b"}


def test_changed_code_runs_again(folder):
    run(chain(folder), folder)
    CODE[copy_text.__module__] = "rewritten"
    assert set(run(chain(folder), folder).ran) == {"b", "c", "d"}


def test_a_missing_intermediate_is_made_again_though_the_last_product_stands(folder):
    run(chain(folder), folder)
    (folder / "b.txt").unlink()
    assert set(run(chain(folder), folder).ran) == {"b"}
    assert (folder / "b.txt").read_text() == "one"


def test_an_altered_product_is_made_again(folder):
    run(chain(folder), folder)
    (folder / "b.txt").write_text("tampered with")
    run(chain(folder), folder)
    assert (folder / "b.txt").read_text() == "one"


def test_a_failure_leaves_the_rest_built_and_names_what_was_not(folder):
    outcome = run(chain(folder, first=fail), folder)
    assert set(outcome.ran) == {"d"} and outcome.left == ["c"]
    with pytest.raises(StepError, match=r"(?s)LA1/P1: no outcome happened.*not built because of it: c") as raised:
        outcome.raise_failures()
    assert "run the same command to resume" in str(raised.value)
    resumed = run(chain(folder), folder)
    assert set(resumed.ran) == {"b", "c"} and resumed.current == ["d"]


def test_a_foreign_error_is_told_by_its_type_alone(folder, capsys):
    outcome = run(chain(folder, first=fail_with_a_value), folder)
    with pytest.raises(StepError, match="stopped by RuntimeError") as raised:
        outcome.raise_failures()
    assert "Jane" not in str(raised.value) + capsys.readouterr().err


def test_its_trace_is_printed_to_whoever_asks_for_it(folder, capsys):
    run(chain(folder, first=fail_with_a_value), folder, debug=True)
    assert "in fail_with_a_value" in capsys.readouterr().err


def test_a_clock_set_back_changes_nothing(folder):
    """What must run is decided by what is in the files, never by when they were written."""
    run(chain(folder), folder)
    for path in folder.rglob("*"):
        os.utime(path, (2e9, 2e9))
    assert run(chain(folder), folder).ran == {}
    (folder / "a.txt").write_text("two")
    os.utime(folder / "a.txt", (0, 0))
    assert set(run(chain(folder), folder).ran) == {"b", "c", "d"}


def test_a_step_interrupted_before_its_manifest_counts_as_not_run(folder):
    run(chain(folder), folder)
    (folder / "build" / "steps" / "c.json").unlink()
    assert set(run(chain(folder), folder).ran) == {"c"}


def test_timings_name_every_step(folder):
    import json

    run(chain(folder), folder)
    assert set(json.loads((folder / "build" / "timings.json").read_text())) == {"b", "c", "d"}


def test_what_runs_and_how_far_it_is_are_told(folder):
    stream = io.StringIO()
    run_steps(chain(folder), folder / "build", progress=Progress(stream))
    assert [line.split("s ", 1)[1] for line in stream.getvalue().splitlines() if " of " in line] == [
        "b (1 of 3)",
        "d (2 of 3)",
        "c (3 of 3)",
    ]


def test_a_fresh_step_runs_in_a_process_that_holds_nothing_of_the_steps_before(folder, monkeypatch):
    happened = []
    b, c, d = chain(folder)
    after = Step("e", copy_text, {**c.arguments, "product": folder / "e.txt"}, after=("c",), makes=(folder / "e.txt",))

    class Recorded(Immediate):
        def submit(self, function, *arguments):
            happened.append(arguments[0].name)
            return super().submit(function, *arguments)

        def ended(self, future):
            happened.append("a process is idle")

        def end_idle(self):
            happened.append("idle processes end")

    monkeypatch.setattr(run_module, "open_workers", lambda *_: Recorded())
    run([b, replace(c, fresh=True), d, after], folder)  # one more waits for it, as the map of evidence for the book
    before = happened[: happened.index("c")]
    assert before.count("a process is idle") == 2 and before[-1] == "idle processes end"


def test_the_book_needs_much_memory_and_is_made_by_a_fresh_step(tmp_path):
    protocol = load_protocol()
    settings = Settings(protocol, True, tuple(choose_problems(protocol, ["LA4"], None)))
    assert [step.name for step in book_steps(settings, tmp_path, tmp_path) if step.fresh] == ["book"]


@pytest.mark.slow
def test_a_process_without_a_step_can_be_ended_and_another_takes_the_next_step():
    with LocalWorkers(1) as workers:
        first = workers.submit(os.getpid)
        assert psutil.pid_exists(first.result())
        workers.ended(first)
        workers.end_idle()
        assert not psutil.pid_exists(first.result())
        second = workers.submit(os.getpid)
        assert second.result() != first.result()
        workers.ended(second)
