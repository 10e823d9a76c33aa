"""Processor time and memory of a piece of work, and the rows that a benchmark writes."""

import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import psutil

SECONDS_BETWEEN_LOOKS = 1.0  # at the memory of all processes
LARGEST = "gigabytes_at_once"


@dataclass(frozen=True)
class Cost:
    """What one piece of work cost.

    Attributes
    ----------
    cpu_seconds : float
    extrapolated : bool
        Whether it was measured in part and multiplied up.
    gigabytes : float, optional
        The most that all its processes held at once, as seen once a second and at the end.
    """

    cpu_seconds: float
    extrapolated: bool = False
    gigabytes: float | None = None


def total(costs: Sequence[Cost]) -> Cost:
    """Of pieces done one after another: CPU-seconds together, and the memory of the one that held most.

    Examples
    --------
    >>> total([Cost(1.0, gigabytes=0.5), Cost(2.0, extrapolated=True)])
    Cost(cpu_seconds=3.0, extrapolated=True, gigabytes=0.5)
    """
    held = [cost.gigabytes for cost in costs if cost.gigabytes is not None]
    seconds = sum(cost.cpu_seconds for cost in costs)
    return Cost(seconds, any(cost.extrapolated for cost in costs), max(held, default=None))


def cpu_seconds() -> float:
    """CPU-seconds so far, of this process and of the processes it started that have ended."""
    children = os.times()[2:4]
    return time.process_time() + sum(children)


def cost_of(work: Callable[[], object]) -> Cost:
    """CPU-seconds and memory of this process, and of those it starts, while it does the work."""
    held: list[float] = []
    started = cpu_seconds()
    with MemoryWatch(held.append) as watch:
        work()
    return Cost(cpu_seconds() - started - watch.spent, gigabytes=max(held))


class MemoryWatch:
    """While it is entered, says once a second, and as it is left, how many gigabytes all processes hold.

    Parameters
    ----------
    see : callable
        Called with the gigabytes of this process and of those it started; in a thread of its own.

    Attributes
    ----------
    spent : float
        CPU-seconds that looking took, which are not those of the work.
    """

    def __init__(self, see: Callable[[float], object]):
        self.spent = 0.0
        self._see = see
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._looking.start()
        return self

    def __exit__(self, *exception):
        self._ended.set()
        self._looking.join()

    def _look(self) -> None:
        ended = False
        while not ended:
            ended = self._ended.wait(SECONDS_BETWEEN_LOOKS)
            self._see(sum(_memory()) / 1e9)
            self.spent = time.thread_time()


def _memory() -> Iterator[int]:
    """Bytes that this process and those it started hold; of what they share, on Linux, each its share of it."""
    here = psutil.Process()
    for process in (here, *here.children(recursive=True)):
        try:
            yield getattr(process.memory_full_info(), "pss", 0) or process.memory_info().rss
        except psutil.Error:
            continue


def row(name: str, ours: Cost, reference: Cost | None = None, **more) -> dict:
    """One row of `build/benchmark.json`.

    Of {name, cpu_seconds, reference_cpu_seconds, ratio, extrapolated} and, where it was seen, {gigabytes_at_once}.
    """
    held = {} if ours.gigabytes is None else {LARGEST: round(ours.gigabytes, 2)}
    return {
        "name": name,
        "cpu_seconds": round(ours.cpu_seconds, 3),
        "reference_cpu_seconds": None if reference is None else round(reference.cpu_seconds, 3),
        "ratio": None if reference is None else round(reference.cpu_seconds / max(ours.cpu_seconds, 1e-9), 1),
        "extrapolated": reference is not None and reference.extrapolated,
        **held,
        **more,
    }


AT_MOST = 1.15  # power of its size by which the cost of a step may grow


def with_exponent(sizes: Sequence[float], rows: Sequence[dict]) -> list[dict]:
    """The rows of the same work at rising sizes, the last with the exponent of its cost beside the first's.

    Examples
    --------
    >>> with_exponent((1, 10), [row("one", Cost(2.0)), row("ten", Cost(20.0))])[-1]["exponent"]
    1.0
    """
    costs = [found["cpu_seconds"] for found in (rows[0], rows[-1])]
    found = round(exponent(sizes[0], sizes[-1], costs[0], costs[1]), 2)
    return [*rows[:-1], rows[-1] | {"exponent": found, "at_most": AT_MOST}]


def exponent(small: float, large: float, cheaper: float, dearer: float) -> float:
    """The power of the size with which a cost grows.

    Parameters
    ----------
    small, large : float
        Sizes.
    cheaper, dearer : float
        What they cost, in seconds; a tenth of a second at least is reckoned.

    Returns
    -------
    float

    Examples
    --------
    >>> exponent(4, 16, 10.0, 40.0), exponent(10, 100, 1.0, 100.0)
    (1.0, 2.0)
    """
    return math.log(max(dearer, 0.1) / max(cheaper, 0.1)) / math.log(large / small)
