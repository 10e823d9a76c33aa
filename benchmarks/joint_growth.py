"""How the stages of a joint book grow with its authorities, and what a country's would cost if they went on so."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.timing import AT_MOST, Cost, exponent, row

COUNTRY, PAGES_EACH = 153, 8  # English authorities with children's services, and pages of each
WHOLE = "the whole joint book"


def growth(costs: Mapping[int, Mapping[str, Mapping]]) -> list[dict]:
    """One row for each stage: the exponent of its CPU-seconds by authorities, from the smallest to the largest book.

    Parameters
    ----------
    costs : dict of authorities -> (dict of stage -> dict)

    Returns
    -------
    list of dict
        None for a single size, nor for a stage that is in one of them alone.
    """
    if len(costs) < 2:
        return []
    small, large = min(costs), max(costs)
    return [
        row(
            f"joint books of {small} to {large} authorities, {name}",
            Cost(costs[large][name]["cpu_seconds"]),
            exponent=round(exponent(small, large, costs[small][name]["cpu_seconds"], found["cpu_seconds"]), 2),
            at_most=AT_MOST,
        )
        for name, found in costs[large].items()
        if name in costs[small]
    ]


def planned(costs: Mapping[int, Mapping[str, Mapping]]) -> dict:
    """What the joint book of a country would cost, each stage growing from the largest book on as it has grown so far.

    Parameters
    ----------
    costs : dict of authorities -> (dict of stage -> dict)
        Of one size alone, every stage is taken to grow with the authorities.

    Returns
    -------
    dict
        One row.
    """
    small, large = min(costs), max(costs)
    seconds = 0.0
    for name, found in costs[large].items():
        if name != WHOLE:
            before = costs[small].get(name, found)["cpu_seconds"]
            power = exponent(small, large, before, found["cpu_seconds"]) if large > small else 1.0
            seconds += found["cpu_seconds"] * (COUNTRY / large) ** power
    return row(f"planned: a joint book of {COUNTRY} authorities", Cost(seconds), hours=round(seconds / 3600, 2))


def planned_from_extracts(build: Path) -> dict:
    """What as many authorities' own pages would cost from their extracts, at the mean cost of the report's.

    Parameters
    ----------
    build : Path
        Of a finished synthetic report.

    Returns
    -------
    dict
        One row.
    """
    timings = json.loads((build / "timings.json").read_text(encoding="utf-8"))
    kinds: dict[str, list[float]] = {}
    for name, seconds in timings.items():
        kinds.setdefault(name.partition("/")[0], []).append(seconds["cpu_seconds"])
    mean = {kind: float(np.mean(kinds[kind])) for kind in ("extract", "page")}
    pages = COUNTRY * PAGES_EACH
    seconds = COUNTRY * mean["extract"] + pages * mean["page"]
    return row(f"planned: {pages:,} pages from extracts", Cost(seconds), hours=round(seconds / 3600, 2))
