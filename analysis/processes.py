"""Processes end with the run that started them, whichever way it ends."""

import multiprocessing
import os
import select
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from itertools import starmap
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psutil

from analysis.errors import AnalysisError

LEAST_MEGABYTES = 1500
"""Address space below which a library may end the process by itself, or ask for memory for ever (up to 1,250 seen)."""
MEMORY_RESERVE = 32 * 2**20
"""Bytes of address space that a command holds back, never touched, so as to say that memory ran out (ours)."""
INTERRUPTED = 130
"""Exit status of a command that was interrupted: 128 and the number of the signal."""
_SECONDS_BETWEEN_LOOKS = 0.2  # at whether the parent is still there (ours)
_scratch_folders: set[Path] = set()


def refuse_too_little_memory() -> None:
    """Raise `AnalysisError` where this process may use less memory than the numerical libraries need to say so.

    Called before they are loaded: OpenBLAS asks again and again for memory that a limit denies it, and Polars ends the
    process without a word of ours.
    """
    try:
        import resource  # not on Windows, which has no such limit
    except ImportError:
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < LEAST_MEGABYTES * 2**20:
        raise AnalysisError(
            "memory",
            f"memory ran out before the run began: a process may use {limit // 2**20} MB here, and needs at least "
            f"{LEAST_MEGABYTES}; raise the limit (ulimit -v), then run the same command",
        )


def end_with_parent(parent: int) -> None:
    """End this process and all that it started soon after its parent has gone, even if that was killed outright.

    A process that waits for work would otherwise wait for ever. A thread waits for it, by the system's own word where
    it gives one (Linux), else looking five times a second: neither needs help from a parent that is dead.

    Parameters
    ----------
    parent : int
        Number of the parent process; if it has gone already, this process ends at once.
    """
    if not _is_there(parent):
        _end()
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def end_with_caller() -> None:
    """End this process and all that it started soon after the one that asked multiprocessing for it has gone.

    That one need not be its parent: another may have forked it, for that caller alone, and is ended too.
    """
    caller, parent = multiprocessing.parent_process(), os.getppid()
    assert caller is not None

    def wait() -> None:
        caller.join()
        if os.getppid() == parent != caller.pid:
            os.kill(parent, signal.SIGKILL)
        _end()

    threading.Thread(target=wait, daemon=True).start()


def _is_there(parent: int) -> bool:
    # An orphan is given another parent, except on Windows, where the number stays and its process does not.
    return os.getppid() == parent and (os.name != "nt" or psutil.pid_exists(parent))


def _watch(parent: int) -> None:
    with suppress(OSError, AttributeError):  # of a system that has no such call, or a parent that has gone
        gone = select.poll()
        gone.register(os.pidfd_open(parent))
        if os.getppid() == parent:
            gone.poll()
    while _is_there(parent):
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    _end()


def _end() -> None:
    while end_descendants():  # again, for one may have been started meanwhile
        pass
    _remove_scratch()
    os._exit(1)


def end_descendants() -> int:
    """Kill every process that this one started, and those that they started; how many were still alive."""
    ended = 0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            ended += process.status() != psutil.STATUS_ZOMBIE
            process.kill()
    return ended


def side_by_side(function: Callable, arguments: Iterable[tuple], processes: int) -> Iterator:
    """``function(*arguments)`` of each, in order, in this process or in several; give the longest first.

    Parameters
    ----------
    function : callable
        Must be picklable where there are several processes.
    arguments : iterable of tuple
        One tuple for each call; made when its turn comes.
    processes : int
        1 or more; the memory of several is freed at the end.

    Returns
    -------
    iterator
        In the order of the arguments.

    Raises
    ------
    BrokenProcessPool
        If one of several dies, of too little memory for instance.
    """
    if processes == 1:
        yield from starmap(function, arguments)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, initializer=end_with_parent, initargs=(os.getpid(),)) as pool:
        with interrupts_held_back():
            futures = [pool.submit(function, *each) for each in arguments]
        try:
            for future in futures:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder that only its owner can open, removed at the end, whichever way this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    _scratch_folders.add(folder)
    try:
        yield folder
    finally:
        _remove_scratch()


def use_scratch(folder: Path) -> None:
    """Write this process's temporary files, and those of all that it starts, to the folder of the run that began it."""
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    _scratch_folders.add(folder)


def _remove_scratch() -> None:
    while _scratch_folders:
        shutil.rmtree(_scratch_folders.pop(), ignore_errors=True)


@contextmanager
def interrupts_end_everything(message: str) -> Iterator[None]:
    """Within it Ctrl-C says `message` and ends this process and all that it started, with status 130.

    Nothing is raised: an exception that arises between any two instructions can be lost, or printed as a trace, by a
    library that was at work just then. What is on disk stands, as it would if the process had been killed.
    """

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_descendants()
        _remove_scratch()
        os.write(2, f"\n{message}\n".encode())  # not through a buffer that may be half-way through a line
        os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back; processes started within it never hear of it, and leave it to the one that started them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
