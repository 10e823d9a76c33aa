"""One thread a process, so that two processes share two cores and sums are added in one order."""

import os

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


def keep_to_one_thread() -> None:
    """Ask the numerical libraries for one thread; heeded by those loaded afterwards and by processes started."""
    os.environ |= dict.fromkeys(THREADS, "1")
