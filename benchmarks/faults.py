"""What becomes of a run on an extract that is killed outright at random, or whose disk is full: for hours, not minutes.

`python -m benchmarks.faults DATA [--protocol FILE] [--outcomes P7] [--kills 50] [--disks 10] [--seed 1] [--pages]`

With `--pages` it is the pages alone, without the book around them, of an extract that `benchmarks.own_runs` wrote.

After each kill no process may be left within ten seconds; how long the last took is said. After each full disk one
sentence must name it, without a trace. In the end every published byte must be that of a run left alone. A full disk
needs root on Linux, for a disk of a chosen size is mounted.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from analysis.workflow.step import hash_path

SENTENCE = "the disk is full; free some space"
SOON = 10  # seconds: a process looks several times a second whether its parent is there, if it is given a processor


def main() -> None:
    """Run all of it, say what came out, and end with status 1 if anything was otherwise than promised."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--protocol", type=Path, default=Path("protocol.yml"))
    parser.add_argument("--outcomes", default="P7")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--disks", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", action="store_const", const="benchmarks.own_runs", default="analysis", dest="module")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(options, Path(folder))
        problems = [*runs.kill(options.kills), *runs.fill(options.disks)]
    print("\n".join(problems) or f"{options.kills} kills and {options.disks} full disks: same bytes, no process left")
    print(f"after a kill the last process had ended within {runs.longest:.1f} seconds")
    sys.exit(bool(problems))


class Runs:
    """The same report again and again; the first, left alone, is what the others are held to."""

    def __init__(self, options: argparse.Namespace, folder: Path):
        self.options, self.folder, self.draw = options, folder, random.Random(options.seed)
        self.longest = 0.0  # seconds from a kill until the last process had ended
        started = time.monotonic()
        done = self.start(folder / "whole")
        assert done.wait() == 0, "the run that was left alone failed"
        self.seconds = time.monotonic() - started
        self.expected = published(folder / "whole")

    def start(self, build: Path) -> subprocess.Popen:
        chosen = ["--data", self.options.data, "--protocol", self.options.protocol, "--outcomes", self.options.outcomes]
        command = [
            sys.executable,
            "-m",
            self.options.module,
            "report",
            *chosen,
            "--network-world",
            "small",
            "--build",
            build,
        ]
        with build.with_suffix(".log").open("w") as log:
            return subprocess.Popen(list(map(str, command)), stdout=log, stderr=subprocess.STDOUT)

    def kill(self, times: int) -> list[str]:
        """Kill runs at random until so many are dead; each time one gets to its end, compare and begin anew."""
        build, problems, killed = self.folder / "killed", [], 0
        while killed < times:
            process = self.start(build)
            try:
                process.wait(self.draw.uniform(1, self.seconds / 4))
            except subprocess.TimeoutExpired:
                killed += 1
                problems += self._end(process)
                print(f"killed {killed} of {times}", flush=True)
                continue
            problems += self._compare(build)
            shutil.rmtree(build)
        self.start(build).wait()
        return problems + self._compare(build)

    def _end(self, process: subprocess.Popen) -> list[str]:
        descendants = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed = time.monotonic()
        _, left = psutil.wait_procs(descendants, timeout=SOON)
        self.longest = max(self.longest, time.monotonic() - killed)
        return [f"left running {SOON} seconds after a kill: {' '.join(_command(one)[-4:])}" for one in left]

    def fill(self, times: int) -> list[str]:
        """Run on disks that are too small by more and less, then on the same made large enough."""
        problems: list[str] = []
        whole = sum(path.stat().st_size for path in (self.folder / "whole").rglob("*") if path.is_file())
        for number in range(1, times + 1):
            disk = self.folder / f"disk-{number}"
            disk.mkdir()
            _mount(disk, f"size={whole * number // (times + 1)}")
            try:
                problems += self._fill(disk / "build")
            finally:
                subprocess.run(["umount", disk], check=True)
            print(f"full {number} of {times}", flush=True)
        return problems

    def _fill(self, build: Path) -> list[str]:
        log = self.folder / "full.log"
        status = self._run_to_log(build, log)
        words, problems = log.read_text(), []
        if status != 1 or SENTENCE not in words or "Traceback" in words:
            problems.append(f"a full disk: status {status}; {words[-500:]}")
        _mount(build.parent, "remount,size=90%")
        if self._run_to_log(build, log) != 0:
            problems.append(f"after a full disk: {log.read_text()[-500:]}")
        return problems + self._compare(build)

    def _run_to_log(self, build: Path, log: Path) -> int:
        """The run's status, with what it said in a file that is on no full disk."""
        build.with_suffix(".log").unlink(missing_ok=True)
        build.with_suffix(".log").symlink_to(log)
        return self.start(build).wait()

    def _compare(self, build: Path) -> list[str]:
        now = published(build)
        other = sorted(name for name in {*now, *self.expected} if now.get(name) != self.expected.get(name))
        return [f"{len(other)} published files differ: {', '.join(other[:5])}"] if other else []


def _command(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):
        return process.cmdline()
    return ["ended meanwhile"]


def published(build: Path) -> dict[str, str]:
    """Hash of every released table and of every file of the book, by its path in the build folder."""
    files = [path for path in build.rglob("*") if path.is_file() and {"released", "html"} & set(path.parts)]
    return {path.relative_to(build).as_posix(): hash_path(path) for path in files}


def _mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


if __name__ == "__main__":
    main()
