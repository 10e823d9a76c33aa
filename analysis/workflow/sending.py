"""A step on a worker that shares no folder with the run: its files are sent to it, and what it makes comes back."""

import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.errors import StepError
from analysis.study.paths import Paths
from analysis.workflow.step import Step

Packed = list[tuple[str, int, bytes | None]]


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
    files : dict of Path to Packed
        What lies at each path that the step reads; see `pack`.
    """

    step: Step
    fingerprint: str
    build: Path
    files: Mapping[Path, Packed]


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


def open_parcel(sent: Parcel, run: Callable, debug: bool) -> tuple[Any, list[Packed]]:
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
    object, list of Packed
        What `run` returned, and what the step left behind: `makes` in their order, its record last.
    """
    with tempfile.TemporaryDirectory() as folder:

        def below(path: Path) -> Path:
            return Path(folder, *path.parts[1:])

        for path, packed in sent.files.items():
            unpack(packed, below(path))
        step, build = _relocated(sent.step, below), below(sent.build)
        returned = run(step, sent.fingerprint, build, debug)
        made = (*sent.step.makes, sent.step.manifest_path(sent.build))
        return returned, [pack(below(path)) for path in made]


def receive(step: Step, build: Path, made: Iterable[Packed]) -> None:
    """Put what came back where the step, as it is known here, leaves it: a worker has no say in where.

    Parameters
    ----------
    step : Step
    build : Path
        The folder of the run's products.
    made : iterable of Packed
        As `open_parcel` returns it.
    """
    for path, packed in zip((*step.makes, step.manifest_path(build)), made, strict=True):
        unpack(packed, path)


def pack(path: Path) -> Packed:
    """A file, or a folder with all it holds: name below the path, permissions and content of each, folders first."""
    below = sorted(path.rglob("*")) if path.is_dir() else ()
    return [
        (one.relative_to(path).as_posix(), stat.S_IMODE(one.stat().st_mode), None if one.is_dir() else one.read_bytes())
        for one in (path, *below)
    ]


def unpack(packed: Packed, path: Path) -> None:
    """Put what `pack` packed in place of what lies at a path, from its first moment as closed to others as it was.

    Parameters
    ----------
    packed : list of (name, permissions, content)
    path : Path

    Raises
    ------
    StepError
        If something would lie outside of the path.
    """
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name, _, _ in packed):
        raise StepError(str(path), "what a worker sent back would lie elsewhere; nothing of it was written")
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, permissions, content in packed:
        target = path / name
        if content is None:
            target.mkdir(mode=permissions)
        else:
            target.unlink(missing_ok=True)
            target.touch(mode=permissions)
            target.write_bytes(content)


def _relocated(step: Step, move: Callable[[Path], Path]) -> Step:
    """The step with every path among its arguments, and of what it reads and makes, moved."""

    def moved(value: Any) -> Any:
        if isinstance(value, Path):
            return move(value)
        return tuple(map(moved, value)) if type(value) is tuple else value

    arguments = {name: moved(value) for name, value in step.arguments.items()}
    return replace(step, arguments=arguments, reads=moved(step.reads), makes=moved(step.makes))
