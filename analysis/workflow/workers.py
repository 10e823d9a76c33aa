"""Where steps run: in processes of this machine, to which nobody else can speak, or on a cluster that speaks TLS."""

import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import get_context
from pathlib import Path

from analysis.errors import StepError
from analysis.processes import (
    end_descendants,
    end_with_parent,
    interrupts_held_back,
    scratch_folder,
    use_scratch,
)
from analysis.workflow.threads import keep_to_one_thread

TLS_SETTINGS = {"tls_ca_file": "ca-file", "tls_client_cert": "client.cert", "tls_client_key": "client.key"}
SECONDS_TO_ANSWER = 30  # for a scheduler (ours)


def open_workers(count: int, cluster: str | None) -> "LocalWorkers | ClusterWorkers":
    """Workers of this machine, or those of a cluster.

    Parameters
    ----------
    count : int
        Steps that run side by side on this machine, 1 or more.
    cluster : str or None
        Address of its scheduler (``tls://host:8786``).

    Returns
    -------
    LocalWorkers or ClusterWorkers

    Raises
    ------
    StepError
        If the cluster does not answer, or its address or certificates will not do.
    """
    return ClusterWorkers(cluster) if cluster else LocalWorkers(count)


class LocalWorkers(AbstractContextManager):
    """Processes that take steps from this one through pipes of their own, so that nothing listens.

    Each has an executor to itself: one that dies, of too little memory for instance, takes no other step with it.
    None is started before the first step must run.

    Parameters
    ----------
    count : int
        Steps that run side by side.
    """

    def __init__(self, count: int):
        self._count = count
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Future, ProcessPoolExecutor] = {}
        self._resources = ExitStack()
        self._scratch: Path | None = None

    def slots(self) -> int:
        """How many steps can run side by side."""
        return self._count

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


class ClusterWorkers(AbstractContextManager):
    """Workers of a running Dask cluster, which must prove who they are and encrypt what they say.

    Parameters
    ----------
    address : str
        Of its scheduler, e.g. ``tls://host:8786``.

    Raises
    ------
    StepError
        If the address is not one of TLS, certificates are not configured, or nobody answers.
    """

    def __init__(self, address: str):
        self._client = _connect(address)
        self._executor = self._client.get_executor(pure=False, retries=0)

    def slots(self) -> int:
        """How many steps can run side by side now."""
        return max(1, sum(self._client.nthreads().values()))

    def submit(self, function: Callable, *arguments) -> Future:
        """Start ``function(*arguments)`` somewhere on the cluster."""
        return self._executor.submit(function, *arguments)

    def ended(self, future: Future) -> None:
        """Nothing to take back: the scheduler sees to its workers."""

    def __exit__(self, *exception):
        self._client.close()


def _connect(address: str):
    if not address.startswith("tls://"):
        raise StepError(
            "cluster",
            f"expected an address such as tls://host:8786, found {address!r}; without TLS anybody who reaches the "
            "scheduler can run code as you and read records of children: start it with certificates",
        )
    from distributed import Client, Security

    security = Security(require_encryption=True)
    missing = [name for field, name in TLS_SETTINGS.items() if not getattr(security, field)]
    if missing:
        named = ", ".join(f"distributed.comm.tls.{name}" for name in missing)
        raise StepError("cluster", f"no certificates to speak with: set {named} in Dask's configuration")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, security=security, timeout=SECONDS_TO_ANSWER)
    except OSError:
        raise StepError(
            "cluster",
            f"no scheduler that accepts these certificates answered at {address} in {SECONDS_TO_ANSWER} seconds; "
            "see that it runs and that its certificate and yours were signed by the same authority",
        ) from None
