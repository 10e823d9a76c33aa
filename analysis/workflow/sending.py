"""A step on a worker that shares no folder with the run: its files are sent to it, and what it makes comes back."""

import io
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.study.paths import Paths
from analysis.workflow.step import Step


@dataclass(frozen=True)
class Parcel:
    """A step and all that it reads, to be run elsewhere.

    Attributes
    ----------
    step : Step
        Its paths begin at the root of this machine's file system.
    fingerprint : str
        What it is made from now.
    build : Path
        The folder of the run's products, likewise.
    files : dict of Path to bytes
        What lies at each path that the step reads, packed.
    """

    step: Step
    fingerprint: str
    build: Path
    files: Mapping[Path, bytes]


def parcel(step: Step, before: Iterable[Step], fingerprint: str, build: Path) -> Parcel:
    """Pack a step with what it reads: the run's settings, files of its own, what the steps before made and recorded.

    Parameters
    ----------
    step : Step
    before : iterable of Step
        Those it comes after, which have run.
    fingerprint : str
        What it is made from now.
    build : Path
        The folder of the run's products.

    Returns
    -------
    Parcel
    """
    paths = Paths(build)
    reads = [paths.protocol, paths.settings, paths.problems, *step.reads]
    reads += [path for one in before for path in (*one.makes, one.manifest_path(build))]
    files = {path.absolute(): pack(path) for path in reads if path.exists()}
    return Parcel(_relocated(step, Path.absolute), fingerprint, build.absolute(), files)


def open_parcel(sent: Parcel, run: Callable, debug: bool) -> tuple[Any, Mapping[Path, bytes]]:
    """Run a step in a folder of its own, which is deleted afterwards.

    Parameters
    ----------
    sent : Parcel
    run : callable
        Called with the step, its fingerprint, its build folder and `debug`.
    debug : bool
        Print the whole trace of an error, on the worker.

    Returns
    -------
    object, dict of Path to bytes
        What `run` returned, and what the step left behind at each path, packed; its record last.
    """
    with tempfile.TemporaryDirectory() as folder:

        def below(path: Path) -> Path:
            return Path(folder, *path.parts[1:])

        for path, packed in sent.files.items():
            unpack(packed, below(path))
        step, build = _relocated(sent.step, below), below(sent.build)
        returned = run(step, sent.fingerprint, build, debug)
        made = (*sent.step.makes, sent.step.manifest_path(sent.build))
        return returned, {path: pack(below(path)) for path in made}


def pack(path: Path) -> bytes:
    """A file, or a folder with all it holds, as the bytes of an archive; permissions are part of it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(path, arcname=path.name)
    return packed.getvalue()


def unpack(packed: bytes, path: Path) -> None:
    """Put what `pack` packed in place of what lies at a path.

    Parameters
    ----------
    packed : bytes
    path : Path
        Of the same name as what was packed.
    """
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(path.parent, filter="tar")  # refuses what would lie outside, and lets folders stay closed


def _relocated(step: Step, move: Callable[[Path], Path]) -> Step:
    """The step with every path among its arguments, and of what it reads and makes, moved."""

    def moved(value: Any) -> Any:
        if isinstance(value, Path):
            return move(value)
        return tuple(map(moved, value)) if type(value) is tuple else value

    arguments = {name: moved(value) for name, value in step.arguments.items()}
    return replace(step, arguments=arguments, reads=moved(step.reads), makes=moved(step.makes))
