"""Where steps run: in processes of this machine, to which nobody else can speak, or on a cluster that speaks TLS."""

import hmac
import logging
import os
import secrets
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import get_context
from pathlib import Path

from analysis.disclosure.containment import default_key_path
from analysis.errors import StepError
from analysis.processes import (
    end_descendants,
    end_with_parent,
    interrupts_held_back,
    scratch_folder,
    use_scratch,
)
from analysis.study.fingerprint import hash_code, hash_environment, hash_values
from analysis.workflow.threads import keep_to_one_thread

TLS_SETTINGS = {"tls_ca_file": "ca-file", "tls_client_cert": "client.cert", "tls_client_key": "client.key"}
SECONDS_TO_ANSWER = 30  # for a scheduler (ours)
SHARED = "seen-by-all-workers.txt"
NOT_SHARED = (
    "they do not see this run's folder {folder!r}; steps pass each other files, so put the data and the folder of the "
    "run's products (--build) on a file system that all machines share, under the same names, and start the workers in "
    "the folder in which the report is started"
)


def open_workers(count: int, cluster: str | None, build: Path) -> "LocalWorkers | ClusterWorkers":
    """Workers of this machine, or those of a cluster.

    Parameters
    ----------
    count : int
        Steps that run side by side on this machine, 1 or more.
    cluster : str or None
        Address of its scheduler (``tls://host:8786``).
    build : Path
        The folder of the run's products, which every worker must see.

    Returns
    -------
    LocalWorkers or ClusterWorkers

    Raises
    ------
    StepError
        If the cluster does not answer, its address or certificates will not do, or a worker does not see the folder.
    """
    return ClusterWorkers(cluster, build) if cluster else LocalWorkers(count)


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


class ClusterWorkers(AbstractContextManager):
    """Workers of a running Dask cluster, which must prove who they are and encrypt what they say.

    Steps pass each other files, not values, so every worker must see the run's folders under the same names: a file
    with a word that is drawn for this run lies in the folder of its products, and each worker reads it.

    Parameters
    ----------
    address : str
        Of its scheduler, e.g. ``tls://host:8786``.
    build : Path
        The folder of the run's products.

    Raises
    ------
    StepError
        If the address is not one of TLS, certificates are not configured, nobody answers, or a worker that is there
        already does not see the folder or runs another version.
    """

    def __init__(self, address: str, build: Path):
        self._client = _connect(address)
        self._executor = self._client.get_executor(pure=False, retries=0)
        self._shared = build / SHARED
        self._word = secrets.token_hex(16)
        self._known = (_version(), _proof_of_key(self._word))
        build.mkdir(parents=True, exist_ok=True)
        self._shared.write_text(self._word, encoding="utf-8")
        try:
            answers = self._client.run(why_not, self._shared, self._word, *self._known)
            reasons = [reason for reason in answers.values() if reason]
            if reasons:
                raise StepError("cluster", f"{len(reasons)} of {len(answers)} workers cannot take part: {reasons[0]}")
        except BaseException:
            self.__exit__()
            raise

    def slots(self) -> int:
        """How many steps can run side by side now."""
        return max(1, sum(self._client.nthreads().values()))

    def submit(self, function: Callable, *arguments) -> Future:
        """Start ``function(*arguments)`` somewhere on the cluster, on a worker that sees the run's folders."""
        return self._executor.submit(run_where_shared, (self._shared, self._word, *self._known), function, *arguments)

    def ended(self, future: Future) -> None:
        """Nothing to take back: the scheduler sees to its workers."""

    def end_idle(self) -> None:
        """Nothing to end: the workers are the cluster's."""

    def __exit__(self, *exception):
        self._shared.unlink(missing_ok=True)
        self._client.close()


def why_not(shared: Path, word: str, version: str, proof: str) -> str:
    """Why this process cannot run the steps of a run, in words; "" if it can.

    Parameters
    ----------
    shared : Path
        A file in the folder of the run's products.
    word : str
        What it holds.
    version : str
        Fingerprint of the code and environment that the run was started with.
    proof : str
        That of the secret key of whoever started it; "" where there is none.

    Returns
    -------
    str
    """
    try:
        seen = shared.read_text(encoding="utf-8") == word
    except OSError:
        seen = False
    if not seen:
        return NOT_SHARED.format(folder=str(shared.parent))
    if version != _version():
        return "they run another version of the analysis, or other packages; install the same from the same lock"
    if proof and proof != _proof_of_key(word):
        return "they do not have your secret key; copy it to where the workers run, readable by its owner alone"
    return ""


def run_where_shared(known: tuple[Path, str, str, str], function: Callable, *arguments):
    """``function(*arguments)``, on a worker that joined while a run was under way too, if it can take part.

    Parameters
    ----------
    known : tuple
        The arguments of `why_not`.
    function : callable
    *arguments
        Its own.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    StepError
        If this worker cannot take part.
    """
    reason = why_not(*known)
    if reason:
        raise StepError("cluster", f"a worker cannot take part: {reason}")
    return function(*arguments)


def _version() -> str:
    return hash_values(hash_code("analysis.workflow.steps"), hash_environment())


def _proof_of_key(word: str) -> str:
    """What only somebody with the secret key can make of a word; "" where there is no key yet."""
    path = default_key_path()
    return hmac.digest(path.read_bytes(), word.encode(), "sha256").hex() if path.is_file() else ""


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
