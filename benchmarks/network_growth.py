"""A synthetic country and one of ten times its people, drawn and studied: what either costs, and how the cost grows."""

import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from analysis.extract.network_tables import read_network_tables
from analysis.network.analyse import count_tables, study_counted
from analysis.network.engine import connect
from analysis.protocol import load_protocol
from analysis.published.networks import published_models, published_networks
from benchmarks.timing import Cost, cost_of, row, with_exponent
from data_synthetic.network import generate_world, load_truth, write_world

SHARES = (1.0, 10.0)  # of the published size


def growth(shares: Sequence[float] = SHARES) -> list[dict]:
    """Two rows for each size: drawn and written; read, counted and modelled.

    Parameters
    ----------
    shares : sequence of float
        Sizes as shares of the published one, the smallest first.

    Returns
    -------
    list of dict
        The largest with the exponent by which the cost grew.
    """
    rows: dict[str, list[dict]] = {"drawn": [], "studied": []}
    for share in shares:
        with tempfile.TemporaryDirectory() as folder:
            for stage, work in (("drawn", draw), ("studied", study)):
                cost, seconds = _in_its_own_process(partial(work, Path(folder), share))
                name = f"networks: a country of {share:g} times the published size {stage}"
                rows[stage].append(row(name, cost, wall_seconds=round(seconds, 1)))
    return [one for found in rows.values() for one in with_exponent(shares, found)]


def draw(folder: Path, share: float) -> None:
    """Draw the country and write its tables."""
    write_world(generate_world(load_truth(), share=share, seed=load_protocol().seeds.synthetic_network), folder)


def study(folder: Path, share: float) -> None:
    """Every table of the study, in one process."""
    protocol = load_protocol()
    definitions, backend = protocol.networks, connect()
    tables = read_network_tables(folder, backend, definitions)
    _, counted = count_tables(tables, definitions, published=published_networks(), synthetic=True)
    backend.disconnect()  # and give back its memory, as a report does
    level, seed = protocol.uncertainty.level, protocol.seeds.analysis
    study_counted(counted, definitions, published_models=published_models(), level=level, seed=seed)


def _in_its_own_process(work: Callable[[], None]) -> tuple[Cost, float]:
    """What the work costs there, and its seconds by the clock."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_measured, work).result()


def _measured(work: Callable[[], None]) -> tuple[Cost, float]:
    started = time.perf_counter()
    cost = cost_of(work)
    return cost, time.perf_counter() - started
