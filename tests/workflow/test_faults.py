"""Killed, or out of disk, at each point at which it writes: a sentence, and the same bytes after the same command."""

import os
import resource
import signal
import subprocess
import sys
import textwrap
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from analysis.errors import CohortError
from analysis.workflow.failures import describe
from analysis.workflow.notebook import execute_notebook
from analysis.workflow.step import hash_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
# Every writing of text, in whichever process, counts; at the one that FAULT names half of the text is written.
WORLD = """
    import errno
    import os
    import signal
    from pathlib import Path
    from analysis.workflow.step import Step

    write_text, main = Path.write_text, int(os.environ["FAULT_MAIN"])

    def faulty(path, text, **options):
        kind, point = os.environ["FAULT"].split()
        with open(os.environ["FAULT_COUNTER"], "ab", buffering=0) as counter:
            counter.write(b".")
            now = counter.tell()
        if now != int(point):
            return write_text(path, text, **options)
        write_text(path, text[: len(text) // 2], **options)
        if kind == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.kill(main, signal.SIGKILL)
        signal.pause()

    Path.write_text = faulty

    def draw(folder):
        folder.mkdir(exist_ok=True)
        for number in range(3):
            (folder / f"{number}.txt").write_text(str(number) * 100)

    def add(folder, product):
        product.write_text("".join(path.read_text() for path in sorted(folder.iterdir())))

    def steps(folder):
        drawn, product = folder / "drawn", folder / "sum.txt"
        return [
            Step("draw", draw, {"folder": drawn}, makes=(drawn,)),
            Step("add", add, {"folder": drawn, "product": product}, after=("draw",), makes=(product,)),
        ]
"""
POINTS = {  # each is tried with one of the two faults; `python -m benchmarks.faults` tries both at points of a real run
    1: "the first product's first file",
    3: "its last file",
    4: "its manifest",
    5: "the second product",
    6: "its manifest",
    7: "the timings",
}
COMMAND = """
    import os, sys
    from pathlib import Path
    from types import SimpleNamespace
    os.environ["FAULT_MAIN"] = os.environ.get("FAULT_MAIN") or str(os.getpid())
    import analysis.workflow.step, analysis.workflow.run, analysis.__main__ as command
    from analysis.workflow.progress import Progress
    import faulty_world
    analysis.workflow.step.hash_code = lambda *modules: "as written"

    def report(*, build, **_):
        analysis.workflow.run.run_steps(faulty_world.steps(build), build, progress=Progress()).raise_failures()
        return "made"

    sys.modules["analysis.workflow.report"] = SimpleNamespace(report=report)
    if __name__ == "__main__":
        sys.exit(command.main(["report", "--build", sys.argv[1]]))
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A function that runs the two steps in a build folder with a fault, and the products of a run without any."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "faulty_world.py").write_text(textwrap.dedent(WORLD))
    (folder / "command.py").write_text(textwrap.dedent(COMMAND))

    def run(build: Path, fault: str = "none 0") -> subprocess.CompletedProcess:
        counter = build.with_name(f"{build.name}-{fault.replace(' ', '-')}")
        environment = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "FAULT": fault, "FAULT_COUNTER": str(counter)}
        command = [sys.executable, str(folder / "command.py"), str(build)]
        return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, cwd=ROOT)

    whole = folder / "whole"
    done = run(whole)
    assert done.returncode == 0 and len((folder / "whole-none-0").read_bytes()) == max(POINTS), done.stderr
    return run, products(whole)


def products(build: Path) -> dict[str, str]:
    return {name: hash_path(build / name) for name in ("drawn", "sum.txt")}


@pytest.mark.parametrize("point", list(POINTS)[::2], ids=POINTS.get)
def test_a_run_killed_outright_is_resumed_to_the_same_bytes(world, tmp_path, point):
    run, expected = world
    assert run(tmp_path / "build", f"kill {point}").returncode == -signal.SIGKILL
    assert run(tmp_path / "build").returncode == 0
    assert products(tmp_path / "build") == expected


@pytest.mark.parametrize("point", list(POINTS)[1::2], ids=POINTS.get)
def test_a_full_disk_is_a_sentence_and_a_run_resumed(world, tmp_path, point):
    run, expected = world
    done = run(tmp_path / "build", f"full {point}")
    assert done.returncode == 1 and done.stderr.count("the disk is full; free some space") == 1, done.stderr
    assert "Traceback" not in done.stderr and "No space" not in done.stderr
    assert run(tmp_path / "build").returncode == 0
    assert products(tmp_path / "build") == expected


def test_a_manifest_cut_short_or_altered_counts_as_not_run(world, tmp_path):
    run, expected = world
    build = tmp_path / "build"
    assert run(build).returncode == 0
    (build / "steps" / "draw.json").write_text('{"fingerprint": "')
    (build / "steps" / "add.json").write_text('["altered"]')
    done = run(build)
    assert done.returncode == 0 and "draw (1 of 2)" in done.stdout and "add (2 of 2)" in done.stdout
    assert products(build) == expected


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(12, "Cannot allocate memory"),
        ImportError("libopenblas.so: failed to map segment from shared object"),
        RuntimeError("can't start new thread"),
        SystemError("initialization of _multiarray_umath raised unreported exception"),
        SystemError("error return without exception set"),
        BrokenProcessPool("A process in the process pool was terminated abruptly"),
    ],
    ids=lambda error: f"{type(error).__name__} {error}",
)
def test_too_little_memory_is_named_however_a_library_calls_it(error):
    assert "memory ran out" in describe(error) and "run the same command to resume" in describe(error)


def test_what_a_library_made_of_it_is_named_too():
    try:
        try:
            raise OSError(28, "No space left on device", "/build/Jane Doe")
        except OSError as error:
            raise ValueError("Jane Doe could not be written") from error
    except ValueError as error:
        assert describe(error).startswith("the disk is full") and "Jane" not in describe(error)


def test_an_error_of_ours_is_never_taken_for_a_shortage():
    assert describe(CohortError("LA1/P1", "memory ran out of cases")) == "LA1/P1: memory ran out of cases"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise MemoryError()", "memory ran out"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "most often because memory ran out"),
        ("open('/dev/full', 'w').write('x' * 100_000)", "the disk is full"),
        ("raise KeyError('Jane Doe')", "stopped with KeyError"),
        ("print(1, file=open('/nowhere/Jane Doe', 'w'))", "stopped with FileNotFoundError"),
    ],
)
def test_a_cell_that_runs_out_of_something_says_so(tmp_path, code, words):
    source = tmp_path / "asked.md"
    cells = [
        '```{code-cell} ipython3\n:tags: [parameters]\n\nbuild = ""\n```',
        f"```{{code-cell}} ipython3\n{code}\n```",
    ]
    source.write_text(
        "---\nkernelspec:\n  name: python3\n  display_name: Python 3\n  language: python\n---\n\n" + "\n\n".join(cells)
    )
    with pytest.raises(Exception) as raised:  # noqa: B017  (a dead process is reported by an error that is not ours)
        execute_notebook(source, tmp_path / "page.ipynb", {"build": "b"})
    assert words in describe(raised.value) and "Jane" not in describe(raised.value)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not heed this limit")
@pytest.mark.parametrize("megabytes", [300, 1200])
def test_a_run_with_too_little_memory_ends_in_a_sentence_that_names_it(tmp_path, megabytes):
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "report", "--build", str(tmp_path / "build"), "--network-world", "small"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2),
        timeout=120,
    )
    assert done.returncode == 1 and "memory ran out" in done.stdout + done.stderr, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not heed this limit")
def test_a_command_says_so_when_the_last_byte_of_its_memory_is_in_use():
    code = textwrap.dedent("""
        import resource
        import analysis.__main__ as command

        def fill(options):
            resource.setrlimit(resource.RLIMIT_AS, (1600 * 2**20,) * 2)
            held = [bytearray(1300 * 2**20)]
            for size in (2**20, 2**12, 2**6):  # as long as any is had, and all held by the frame of the error
                try:
                    while True:
                        held.append(bytearray(size))
                except MemoryError:
                    pass
            held.append(bytearray(2**20))

        command._delete = fill
        raise SystemExit(command.main(["delete"]))
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 1 and "memory ran out" in done.stderr, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
