"""Processor time of a piece of work, and the rows that a benchmark writes."""

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """CPU-seconds of one piece of work; `extrapolated` if measured in part and multiplied up."""

    cpu_seconds: float
    extrapolated: bool = False


def cpu_seconds() -> float:
    """CPU-seconds so far, of this process and of the processes it started that have ended."""
    children = os.times()[2:4]
    return time.process_time() + sum(children)


def cost_of(work: Callable[[], object]) -> Cost:
    """CPU-seconds of this process, and of those it starts, while it does the work."""
    started = cpu_seconds()
    work()
    return Cost(cpu_seconds() - started)


def row(name: str, ours: Cost, reference: Cost | None = None, **more) -> dict:
    """One row of `build/benchmark.json`: {name, cpu_seconds, reference_cpu_seconds, ratio, extrapolated}."""
    return {
        "name": name,
        "cpu_seconds": round(ours.cpu_seconds, 3),
        "reference_cpu_seconds": None if reference is None else round(reference.cpu_seconds, 3),
        "ratio": None if reference is None else round(reference.cpu_seconds / max(ours.cpu_seconds, 1e-9), 1),
        "extrapolated": reference is not None and reference.extrapolated,
        **more,
    }


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
