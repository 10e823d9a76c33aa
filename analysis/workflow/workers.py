"""Where steps run: in processes of this machine, to which nobody else can speak."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import get_context
from pathlib import Path

from analysis.processes import (
    end_descendants,
    end_with_parent,
    interrupts_held_back,
    scratch_folder,
    use_scratch,
)
from analysis.workflow.step import Step
from analysis.workflow.threads import keep_to_one_thread


class LocalWorkers(AbstractContextManager):
    """Processes that take steps from this one through pipes of their own, so that nothing listens.

    Each has an executor to itself: one that dies, of too little memory for instance, takes no other step with it.
    None is started before the first step must run.

    Parameters
    ----------
    count : int
        Steps that run side by side.
    """

    notice = ""  # nothing to know of how they are used

    def __init__(self, count: int):
        self._count = count
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Future, ProcessPoolExecutor] = {}
        self._resources = ExitStack()
        self._scratch: Path | None = None

    def has_room(self, step: Step) -> bool:  # noqa: ARG002 - as on a cluster, where it is asked of each
        """Whether a step can start now."""
        return len(self._busy) < self._count

    def submit(self, function: Callable, *arguments) -> Future:
        """Start ``function(*arguments)`` in an idle process, or in a new one."""
        with interrupts_held_back():
            executor = self._idle.pop() if self._idle else self._start()
            future = executor.submit(function, *arguments)
        self._busy[future] = executor
        return future

    def ended(self, future: Future) -> None:
        """Take back the process of a step that has ended, unless it died."""
        executor = self._busy.pop(future)
        if isinstance(future.exception(), BrokenProcessPool):
            executor.shutdown()
        else:
            self._idle.append(executor)

    def end_idle(self) -> None:
        """End the processes that have no step, and free their memory."""
        while self._idle:
            self._idle.pop().shutdown()

    def _start(self) -> ProcessPoolExecutor:
        keep_to_one_thread()
        self._scratch = self._scratch or self._resources.enter_context(scratch_folder())
        return ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(), self._scratch)
        )

    def __exit__(self, *exception):
        if self._busy:  # interrupted, or stopped by a fault of our own
            end_descendants()
        for executor in (*self._idle, *self._busy.values()):
            executor.shutdown()
        self._resources.close()


def _begin(parent: int, scratch: Path) -> None:
    """What a worker does first: see to its own end, and write temporary files where the run removes them."""
    use_scratch(scratch)
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # held back already, except on Windows
