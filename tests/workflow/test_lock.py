"""One run at a time in a build folder."""

import subprocess
import sys

import pytest

from analysis.__main__ import main
from analysis.errors import StepError
from analysis.workflow.lock import only_run_in

HOLD = """
import sys, time
from pathlib import Path
from analysis.workflow.lock import only_run_in
with only_run_in(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def held(tmp_path):
    """A build folder in which another process is at work, and that process."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "build")], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield tmp_path / "build", process
    process.kill()
    process.wait()


@pytest.mark.parametrize("verb", [["report"], ["page", "LA1", "P1"], ["collect", "sent"], ["delete"]])
def test_a_second_run_in_the_same_folder_is_refused_in_a_sentence(held, verb, capsys):
    assert main([*verb, "--build", str(held[0])]) == 1
    assert "another run is at work in this folder" in capsys.readouterr().err


def test_a_run_that_was_killed_holds_nothing(held):
    build, process = held
    with pytest.raises(StepError), only_run_in(build):
        pass
    process.kill()
    process.wait()
    with only_run_in(build):
        pass


def test_runs_in_two_folders_do_not_wait_for_each_other(held, tmp_path):
    with only_run_in(tmp_path / "another"):
        pass


def test_one_run_after_another_may_hold_the_folder(tmp_path):
    for _ in range(2):
        with only_run_in(tmp_path):
            assert (tmp_path / ".lock").stat().st_size == 0


def test_a_file_where_the_folder_should_be_is_a_sentence(tmp_path, capsys):
    (tmp_path / "build").touch()
    with pytest.raises(SystemExit, match="2"):
        main(["report", "--build", str(tmp_path / "build")])
    assert "is a file; give the path of a folder" in capsys.readouterr().err


def test_delete_says_what_it_removed_and_where_nothing_was(tmp_path, capsys):
    build = tmp_path / "build"
    (build / "LA1" / "child_level").mkdir(parents=True)
    (build / "LA1" / "child_level" / "account.txt").touch()
    (build / "check.html").touch()
    assert main(["delete", "--build", str(build)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"deleted {build / 'LA1' / 'child_level' / 'account.txt'}",
        f"deleted {build / 'check.html'}",
    ]
    assert main(["delete", "--build", str(build)]) == 0
    assert f"{build}: nothing child-level lies here" in capsys.readouterr().out
    assert main(["delete", "--build", str(tmp_path / "elsewhere")]) == 1
    assert "there is no such folder" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()
