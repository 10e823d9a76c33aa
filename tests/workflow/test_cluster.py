"""A cluster is spoken to by TLS with certificates, or not at all; its workers share folders, or are sent files."""

import io
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import dask
import psutil
import pytest
from distributed import Client
from distributed.security import Security

from analysis.errors import StepError
from analysis.protocol import load_protocol
from analysis.study.cached_values import SUFFIX
from analysis.study.fingerprint import hash_path
from analysis.study.paths import Paths
from analysis.study.settings import Settings, choose_problems, write_settings
from analysis.workflow import cluster as module
from analysis.workflow.cluster import SENDING, Requirements
from analysis.workflow.progress import Progress
from analysis.workflow.run import run_steps
from analysis.workflow.steps import extract_steps, page_steps
from tests.report.own_extract import quick_protocol
from tests.workflow.waiting import once_written

pytestmark = pytest.mark.slow

ROLES = ("client", "scheduler", "worker")


def certificates(folder) -> dict[str, str]:
    """Dask's settings for one authority's certificate and key, kept in files that only their owner can read."""
    made = Security.temporary()
    (folder / "certificate.pem").write_text(made.tls_ca_file)
    (folder / "key.pem").touch(mode=0o600)
    (folder / "key.pem").write_text(made.tls_client_key)
    prefix = "distributed.comm.tls"
    settings = {f"{prefix}.ca-file": str(folder / "certificate.pem")}
    for role in ROLES:
        settings |= {f"{prefix}.{role}.cert": str(folder / "certificate.pem")}
        settings |= {f"{prefix}.{role}.key": str(folder / "key.pem")}
    return settings


@pytest.fixture
def cluster(tmp_path, steps_module):
    """A scheduler and a worker, each in its own process: its address, the settings of who may speak to it, and a
    function that starts one more worker."""
    settings = certificates(tmp_path)
    variables = {"DASK_" + name.replace(".", "__").replace("-", "_").upper(): value for name, value in settings.items()}
    file = tmp_path / "scheduler.json"
    processes = []

    def start(*command: str, folder: Path = tmp_path) -> None:
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--no-dashboard", "--scheduler-file", str(file)],
                env=os.environ | variables,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def start_worker(folder: Path = tmp_path) -> None:
        start("worker", "--nthreads", "1", "--no-nanny", folder=folder)

    start("scheduler", "--protocol", "tls", "--port", "0", "--host", "127.0.0.1")
    start_worker()
    yield once_written(file, json.loads)["address"], settings, start_worker
    for process in processes:
        process.kill()
        process.wait()


def test_steps_run_on_workers_that_hold_the_certificate(tmp_path, steps_module, cluster):
    """Two of the steps wait for each other, and the second worker joins only when the first of them is at work."""
    address, settings, start_worker = cluster
    assert address.startswith("tls://")
    steps = steps_module.steps(tmp_path)
    joining = threading.Thread(target=lambda: (once_written(tmp_path / "a.begun"), start_worker()))
    joining.start()
    with dask.config.set(settings):
        outcome = run_steps(steps, tmp_path / "build", cluster=address, progress=Progress(io.StringIO()))
    joining.join()
    assert set(outcome.ran) == {"a", "b"} and outcome.failed.keys() == {"failing"}
    with pytest.raises(StepError, match="no outcome happened"):
        outcome.raise_failures()
    assert not [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]


def test_nobody_with_another_certificate_is_listened_to(tmp_path, steps_module, cluster, monkeypatch):
    address, *_ = cluster
    monkeypatch.setattr("analysis.workflow.cluster.SECONDS_TO_ANSWER", 3)
    (tmp_path / "another").mkdir()
    with dask.config.set(certificates(tmp_path / "another")), pytest.raises(StepError) as raised:
        run_steps(steps_module.steps(tmp_path), tmp_path / "build", cluster=address, progress=Progress())
    assert "no scheduler that accepts these certificates answered" in str(raised.value)


@pytest.fixture
def apart(tmp_path, cluster, monkeypatch):
    """Two workers, each started in a folder of its own, and this process in a third; the scheduler's address."""
    address, settings, start_worker = cluster
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    start_worker(tmp_path / "there")
    monkeypatch.chdir(tmp_path / "here")
    with dask.config.set(settings):
        wait_for_workers(address, 2)
        yield address


def test_records_are_not_sent_to_workers_in_folders_of_their_own(tmp_path, steps_module, apart):
    """A build folder that is named from where the report was started is another one to a worker started elsewhere."""
    progress = Progress(io.StringIO())
    with pytest.raises(StepError) as raised:
        run_steps(steps_module.steps(tmp_path), Path("build"), cluster=apart, progress=progress)
    (problem,) = raised.value.problems
    assert problem.startswith("2 of 2 workers cannot take part: they do not see this run's folder 'build'")
    assert "a file system that all machines share" in problem
    assert not progress.done and not list(tmp_path.glob("*.begun")) and not list(Path("build").iterdir())


def test_invented_records_are_sent_to_workers_in_folders_of_their_own_and_the_same_bytes_come_back(tmp_path, apart):
    protocol = load_protocol(quick_protocol(tmp_path))
    settings = Settings(protocol, True, choose_problems(protocol, ["LA3"], ["P6"]), tmp_path)
    said = io.StringIO()
    for build, how in ((Path("sent"), {"cluster": apart}), (Path("local").absolute(), {})):
        write_settings(settings, build)
        sources = {"LA3": Paths(build).synthetic_authority("LA3")}
        steps = [*extract_steps(settings, sources, build), *page_steps(settings, build)]
        run_steps(steps, build, progress=Progress(said), **how).raise_failures()
        assert all(step.sendable for step in steps)
    assert said.getvalue().count(SENDING) == 1
    sent, local = (products(Path(build)) for build in ("sent", "local"))
    assert sent == local and any(name.endswith(".ipynb") for name in sent)
    assert Path("sent/LA3/child_level").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "there" / "sent").exists()


def products(build: Path) -> dict[str, str]:
    """A hash of each file that a run left behind, but for how long it took and what it cached."""
    files = [file for file in sorted(build.rglob("*")) if file.is_file() and file.suffix != SUFFIX]
    names = {file.relative_to(build).as_posix(): file for file in files}
    return {name: hash_path(file) for name, file in names.items() if not name.startswith(("steps/", "timings"))}


def wait_for_workers(address: str, count: int) -> None:
    with Client(address, security=Security(require_encryption=True)) as client:
        client.wait_for_workers(count, timeout=300)


def required(shared: Path | None, proof: str = "") -> Requirements:
    return Requirements(shared, "agreed", module._version(), proof)


def test_a_worker_says_why_it_cannot_take_part(tmp_path):
    shared = tmp_path / "word.txt"
    shared.write_text("agreed")
    here = required(shared)
    assert here.unmet() == "" and here.run(sum, [1, 2]) == 3
    assert "do not see this run's folder" in replace(here, word="another").unmet()
    assert "another version of the analysis" in replace(here, version="another").unmet()
    elsewhere = required(tmp_path / "missing.txt")
    with pytest.raises(StepError, match="a worker cannot take part: they do not see"):
        elsewhere.run(sum, [1])
    assert replace(elsewhere, shared=None).run(sum, [1, 2]) == 3


def test_a_worker_without_the_secret_key_or_with_another_cannot_take_part(own_key):
    own_key.write_bytes(b"1" * 32)
    here = required(None, module._proof_of_key("agreed"))
    assert here.unmet() == ""
    for other in (lambda: own_key.write_bytes(b"2" * 32), own_key.unlink):
        other()
        assert "do not have your secret key" in here.unmet()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "ws://127.0.0.1:8786"])
def test_an_address_without_tls_is_refused_before_anything_runs(tmp_path, address):
    with pytest.raises(StepError, match="anybody who reaches the scheduler can run code as you"):
        run_steps([], tmp_path, cluster=address, progress=Progress(io.StringIO()))


def test_tls_without_certificates_is_refused_with_the_names_of_the_settings(tmp_path):
    with pytest.raises(StepError, match=r"distributed\.comm\.tls\.ca-file, .*client\.cert, .*client\.key"):
        run_steps([], tmp_path, cluster="tls://127.0.0.1:8786", progress=Progress(io.StringIO()))
