"""Where steps run on a Dask cluster: its workers speak TLS, and see the run's folders or are sent files."""

import hmac
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.disclosure.containment import default_key_path
from analysis.errors import StepError
from analysis.study.fingerprint import hash_code, hash_environment, hash_values
from analysis.workflow.sending import open_parcel, parcel, receive
from analysis.workflow.step import Step
from analysis.workflow.workers import LocalWorkers

TLS_SETTINGS = {"tls_ca_file": "ca-file", "tls_client_cert": "client.cert", "tls_client_key": "client.key"}
SECONDS_TO_ANSWER = 30  # for a scheduler (ours)
SENT_AT_ONCE = 32  # steps, to bound the memory in which their files wait (ours)
SECONDS_BETWEEN_COUNTS = 1.0  # of threads (ours)
SHARED = "seen-by-all-workers.txt"
NOT_SHARED = (
    "they do not see this run's folder {folder!r}; records of children are not sent from one machine to another, so "
    "put the data and the folder of the run's products (--build) on a file system that all machines share, under the "
    "same names, and start the workers in the folder in which the report is started"
)
SENDING = "The workers do not see this run's folder: each is sent the files of its step, and what it makes comes back."


def open_workers(
    count: int, cluster: str | None, build: Path, steps: Iterable[Step]
) -> "LocalWorkers | ClusterWorkers":
    """Workers of this machine, or those of a cluster.

    Parameters
    ----------
    count : int
        Steps that run side by side on this machine, 1 or more.
    cluster : str or None
        Address of its scheduler (``tls://host:8786``).
    build : Path
        The folder of the run's products.
    steps : iterable of Step
        Those of the run.

    Returns
    -------
    LocalWorkers or ClusterWorkers

    Raises
    ------
    StepError
        If the cluster does not answer, its address or certificates will not do, or a worker cannot take part.
    """
    return ClusterWorkers(cluster, build, steps, count) if cluster else LocalWorkers(count)


@dataclass(frozen=True)
class Requirements:
    """What a worker must have to take part in a run.

    Attributes
    ----------
    shared : Path or None
        A file in the folder of the run's products, which it must see; None where it is sent files.
    word : str
        What that file holds, drawn for this run.
    version : str
        Fingerprint of the code and environment that the run was started with.
    proof : str
        That of the secret key of whoever started it; "" where there is none.
    """

    shared: Path | None
    word: str
    version: str
    proof: str

    def unmet(self) -> str:
        """Why this process cannot run steps, in words; "" if it can."""
        if self.shared and not _holds(self.shared, self.word):
            return NOT_SHARED.format(folder=str(self.shared.parent))
        if self.version != _version():
            return "they run another version of the analysis, or other packages; install the same from the same lock"
        if self.proof and self.proof != _proof_of_key(self.word):
            return "they do not have your secret key; copy it to where the workers run, readable by its owner alone"
        return ""

    def run(self, function: Callable, *arguments):
        """``function(*arguments)``, on a worker that joined while a run was under way too, if it can take part.

        Parameters
        ----------
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
        reason = self.unmet()
        if reason:
            raise StepError("cluster", f"a worker cannot take part: {reason}")
        return function(*arguments)


class ClusterWorkers(AbstractContextManager):
    """Workers of a running Dask cluster, which must prove who they are and encrypt what they say.

    Steps pass each other files, not values. A worker that sees the run's folders under the same names reads and writes
    there: a file with a word drawn for this run lies in the folder of its products, and each worker reads it. If one
    does not see it, all are sent the files of each step that may be sent (`Step.sendable`); the others run here.

    Parameters
    ----------
    address : str
        Of its scheduler, e.g. ``tls://host:8786``.
    build : Path
        The folder of the run's products.
    steps : iterable of Step
        Those of the run.
    count : int
        Steps that run side by side on this machine, of those that are not sent.

    Attributes
    ----------
    notice : str
        What whoever runs the report should know of how the workers are used; may be "".

    Raises
    ------
    StepError
        If the address is not one of TLS, certificates are not configured, nobody answers, or a worker that is there
        already runs another version, lacks the key, or does not see the folder where no step may be sent.
    """

    def __init__(self, address: str, build: Path, steps: Iterable[Step], count: int):
        self._steps = {step.name: step for step in steps}
        self._client = _connect(address)
        self._executor = self._client.get_executor(pure=False, retries=0)
        self._here, self._senders = LocalWorkers(count), ThreadPoolExecutor(max_workers=SENT_AT_ONCE)
        self._there: set[Future] = set()
        self._counted = (-SECONDS_BETWEEN_COUNTS, 1)  # when threads were counted, and how many they were
        word = secrets.token_hex(16)
        self._requirements = Requirements(build / SHARED, word, _version(), _proof_of_key(word))
        build.mkdir(parents=True, exist_ok=True)
        self._shared = build / SHARED
        self._shared.write_text(word, encoding="utf-8")
        try:
            self.notice = self._choose()
        except BaseException:
            self.__exit__()
            raise

    def _choose(self) -> str:
        """See whether files must be sent, and say so; raise if a worker cannot take part."""
        answers = self._client.run(self._requirements.unmet)
        if any(answers.values()) and any(step.sendable for step in self._steps.values()):
            self._requirements = replace(self._requirements, shared=None)
            answers = self._client.run(self._requirements.unmet)
        reasons = [reason for reason in answers.values() if reason]
        if reasons:
            raise StepError("cluster", f"{len(reasons)} of {len(answers)} workers cannot take part: {reasons[0]}")
        return "" if self._requirements.shared else SENDING

    def _goes(self, step: Step) -> bool:
        """Whether a step runs on the cluster."""
        return bool(self._requirements.shared) or step.sendable

    def has_room(self, step: Step) -> bool:
        """Whether this step can start now."""
        if not self._goes(step):
            return self._here.has_room(step)
        most = self._threads()
        return len(self._there) < (most if self._requirements.shared else min(most, SENT_AT_ONCE))

    def _threads(self) -> int:
        """Of all workers; the scheduler is asked once a second, for this is asked of each step that waits."""
        now = time.monotonic()
        if now - self._counted[0] > SECONDS_BETWEEN_COUNTS:
            self._counted = now, max(1, sum(self._client.nthreads().values()))
        return self._counted[1]

    def submit(self, function: Callable, step: Step, fingerprint: str, build: Path, debug: bool) -> Future:
        """Start a step on the cluster, or here if it may not be sent.

        Parameters
        ----------
        function : callable
            Called with the arguments that follow.
        step : Step
        fingerprint : str
            What the step is made from now.
        build : Path
            The folder of the run's products.
        debug : bool
            Print the whole trace of an error, where the step runs.

        Returns
        -------
        Future
            Of what the function returns.
        """
        if not self._goes(step):
            return self._here.submit(function, step, fingerprint, build, debug)
        if self._requirements.shared:
            future = self._executor.submit(self._requirements.run, function, step, fingerprint, build, debug)
        else:
            before = [self._steps[name] for name in step.after]
            future = self._senders.submit(self._send, function, step, before, fingerprint, build, debug)
        self._there.add(future)
        return future

    def _send(self, function: Callable, step: Step, before: list[Step], fingerprint: str, build: Path, debug: bool):
        sent = parcel(step, before, fingerprint, build)
        future = self._executor.submit(self._requirements.run, open_parcel, sent, function, debug)
        returned, made = future.result()
        receive(step, build, made)
        return returned

    def ended(self, future: Future) -> None:
        """Take back what a step that has ended ran in."""
        if future in self._there:
            self._there.remove(future)
        else:
            self._here.ended(future)

    def end_idle(self) -> None:
        """End the processes of this machine that have no step; the cluster's are not ours to end."""
        self._here.end_idle()

    def __exit__(self, *exception):
        self._shared.unlink(missing_ok=True)
        self._executor.shutdown(wait=False)
        self._senders.shutdown()
        self._client.close()
        self._here.__exit__(*exception)


def _holds(file: Path, word: str) -> bool:
    try:
        return file.read_text(encoding="utf-8") == word
    except OSError:
        return False


def _version() -> str:
    return hash_values(hash_code(__name__, "analysis.workflow.steps"), hash_environment())


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
    import dask
    from distributed import Client, Security

    security = Security(require_encryption=True)
    missing = [name for field, name in TLS_SETTINGS.items() if not getattr(security, field)]
    if missing:
        named = ", ".join(f"distributed.comm.tls.{name}" for name in missing)
        raise StepError("cluster", f"no certificates to speak with: set {named} in Dask's configuration")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"})  # the files of a step are many
    try:
        return Client(address, security=security, timeout=SECONDS_TO_ANSWER)
    except OSError:
        raise StepError(
            "cluster",
            f"no scheduler that accepts these certificates answered at {address} in {SECONDS_TO_ANSWER} seconds; "
            "see that it runs and that its certificate and yours were signed by the same authority",
        ) from None
