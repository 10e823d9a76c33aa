"""`python -m benchmarks.time_causes`: is a fall over time put down to the cause that was planted?

In each world one cause alone makes a model of earlier cases score lower on later ones (`benchmarks.planted_causes`).
The fall is divided as the book divides it, for models of structured data and logistic regression alone. The seeds were
fixed before any of these worlds was drawn, and every world is recorded. Shares are ratios of means over the worlds, and
their intervals, by the jackknife, say how far the number of worlds leaves them open.
"""

import argparse
import warnings
from datetime import date
from itertools import product
from multiprocessing import get_context

import numpy as np
import yaml
from scipy.stats import norm

from analysis.model import fit_designs
from analysis.model.over_time import fit_over_time
from analysis.performance import time_causes
from analysis.performance.time_causes import CAUSES
from analysis.performance.time_parts import METRICS
from analysis.protocol import Protocol, load_protocol
from analysis.study.evidence_files import FOLDER, PLANTED_CAUSES
from benchmarks.planted_causes import PLANTED, planted

FIRST = 1000  # seed of the first world; those below 100 were looked at while the worlds were made
WINDOW_MONTHS = 6


def main() -> None:
    """Draw the worlds, divide the falls and write the record."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.time_causes", description=__doc__)
    parser.add_argument("--worlds", type=int, default=40, help="of each cause (40)")
    parser.add_argument("--workers", type=int, default=2, help="processes side by side (2)")
    options, protocol = parser.parse_args(), simple(load_protocol())
    tasks = list(product(PLANTED, range(FIRST, FIRST + options.worlds), [protocol]))
    with get_context("spawn").Pool(options.workers, warnings.simplefilter, ("ignore",)) as pool:
        divided = pool.starmap(divide, tasks, chunksize=1)
    record = {
        "made": date.today(),
        "command": f"python -m benchmarks.time_causes --worlds {options.worlds}",
        "first_seed": FIRST,
        "worlds": options.worlds,
        "level": protocol.uncertainty.level,
        "causes": [
            {"cause": cause, "metric": metric}
            | attributed(
                cause, [falls[metric] for task, falls in zip(tasks, divided, strict=True) if task[0] == cause], protocol
            )
            for cause, metric in product(PLANTED, METRICS)
        ],
    }
    path = FOLDER / PLANTED_CAUSES
    path.write_text(yaml.safe_dump(record, sort_keys=False, default_flow_style=None, width=200), encoding="utf-8")
    print(path)


def simple(protocol: Protocol) -> Protocol:
    """Structured data and logistic regression alone; no replicates are looked at, so few are drawn."""
    return protocol.model_copy(
        update={
            "models": protocol.models.model_copy(update={"families": ("logistic_regression",)}),
            "designs": protocol.designs.model_copy(update={"predictors": ("structured",)}),
            "uncertainty": protocol.uncertainty.model_copy(update={"replicates": 20}),
        }
    )


def divide(cause: str, seed: int, protocol: Protocol) -> dict[str, dict[str, float]]:
    """By metric: how much of the fall in the world of this cause and seed is put down to each cause."""
    cases, known = planted(cause, seed)
    designs = fit_designs(cases, known, protocol, window_months=WINDOW_MONTHS)
    over_time = fit_over_time(designs, cases, known, protocol, window_months=WINDOW_MONTHS)
    table = time_causes(designs, over_time, cases, known.structured, protocol)
    print(f"{cause}: seed {seed}", flush=True)
    return {metric: rows.set_index("part")["difference"].to_dict() for metric, rows in table.groupby("metric")}


def attributed(cause: str, falls: list[dict[str, float]], protocol: Protocol) -> dict:
    """The mean fall, and the share of it that is put down to the planted cause, with what the worlds leave open.

    Parameters
    ----------
    cause : str
        The planted one.
    falls : list of dict
        One for each world: the change put down to each cause.
    protocol : Protocol
    """
    changes = np.array([[fall[name] for name in CAUSES] for fall in falls])
    planted_one, whole = changes[:, list(CAUSES).index(cause)], changes.sum(axis=1)
    share = planted_one.mean() / whole.mean()
    without_one = (planted_one.sum() - planted_one) / (whole.sum() - whole)
    error = np.sqrt((len(falls) - 1) / len(falls) * ((without_one - without_one.mean()) ** 2).sum())
    half = norm.ppf((1 + protocol.uncertainty.level) / 2) * error
    other = {name: change for name, change in zip(CAUSES, changes.mean(axis=0), strict=True) if name != cause}
    next_largest = min(other, key=other.get)
    values = {"change": whole.mean(), "share": share, "share_low": share - half, "share_high": share + half}
    return (
        {name: round(float(value), 4) for name, value in values.items()}
        | {"next_largest": next_largest, "next_share": round(float(other[next_largest] / whole.mean()), 4)}
    )  # fmt: skip


if __name__ == "__main__":
    main()
