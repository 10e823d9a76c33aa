"""The study of family networks at the size of a country, beside pandas and scikit-learn used row by row; and what its
predictors cost on Spark, at a hundredth of that size, where the two engines must count alike."""

import shutil
import tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from sklearn.linear_model import LogisticRegression

from analysis.extract.network_tables import read_network_tables
from analysis.network.analyse import analyse, count_all
from analysis.network.engine import connect, materialise
from analysis.network.study import fit_all, rows_of, sample_of, small_subsets
from analysis.network.tables import NetworkTables, collect, notification_table, prepare
from analysis.protocol import load_protocol
from analysis.protocol.values import Networks, Protocol
from analysis.published.networks import published_models, published_networks
from benchmarks.timing import Cost, cost_of, row
from data_synthetic.network import generate_world, load_truth, write_world

SHARE = 1.0
SPARK_SHARE = 0.01
NAIVE_NOTIFICATIONS = 20
NAIVE_SUBSET = ("nWithNotesW", "nNotes", "nTargetsRecent")
FITS = 11  # ten folds and the whole


def run() -> list[dict]:
    """Predictors, models, the whole study, and Spark where it is installed."""
    protocol, found = load_protocol(), {}
    definitions = protocol.networks

    def count():
        found["frame"] = collect(notification_table(prepare(tables, definitions, materialise), "ever_recorded"))

    with tempfile.TemporaryDirectory() as folder:
        world = generate_world(load_truth(), share=SHARE, seed=protocol.seeds.synthetic_network)
        write_world(world, Path(folder))
        tables = read_network_tables(folder, connect(), definitions)
        ours, frame = cost_of(count), found["frame"]
        naive = _times(_naive_predictors(tables, frame, definitions), len(frame) / NAIVE_NOTIFICATIONS)
        rows = [row(f"networks: predictors of {len(frame):,} notifications", ours, naive)]
        coded = sample_of(frame, "all", unit_of_folds="child")
        subsets = [subset for subset in small_subsets("all") if len(subset) == 3]
        ours = cost_of(lambda: fit_all(coded, subsets))
        naive = _times(_naive_model(frame), len(subsets) * FITS)
        rows.append(row(f"networks: {len(subsets)} four-variable models, {FITS} fits each", ours, naive))
        ours = cost_of(lambda: _whole_study(Path(folder), definitions, protocol.seeds.analysis))
    return [*rows, row("networks: the whole study", ours), *_spark(protocol)]


def _spark(protocol: Protocol) -> list[dict]:
    """Every reading of the network, the placebo and the wider network, read from files by either engine."""
    if not (find_spec("pyspark") and shutil.which("java")):
        return []
    counted, costs, definitions = {}, {}, protocol.networks
    with tempfile.TemporaryDirectory() as folder:
        world = generate_world(load_truth(), share=SPARK_SHARE, seed=protocol.seeds.synthetic_network)
        write_world(world, Path(folder))

        def count(name: str) -> None:
            tables = read_network_tables(folder, connect(name, threads=2, memory="2GB"), definitions)
            counted[name] = count_all(prepare(tables, definitions, materialise), (2,))

        for name in ("duckdb", "spark"):
            costs[name] = cost_of(partial(count, name))
        java = sum(sum(process.cpu_times()[:2]) for process in psutil.Process().children(recursive=True))
        costs["spark"] = Cost(costs["spark"].cpu_seconds + java)
    ours, theirs = counted["duckdb"], counted["spark"]
    pd.testing.assert_frame_equal(theirs.frame, ours.frame, check_dtype=False)
    for additions in ("readings", "wider"):
        found, expected = getattr(theirs, additions), getattr(ours, additions)
        if found.keys() != expected.keys() or not all(found[name].equals(expected[name]) for name in expected):
            raise ValueError(f"Spark and DuckDB count the {additions} of the network differently")
    name = f"networks: every reading of {len(ours.frame):,} notifications on DuckDB, beside Spark"
    return [row(name, costs["duckdb"], costs["spark"])]


def _times(measured: Cost, times: float) -> Cost:
    return Cost(measured.cpu_seconds * times, extrapolated=True)


def _whole_study(folder: Path, definitions: Networks, seed: int) -> None:
    analyse(
        read_network_tables(folder, connect(), definitions),
        definitions,
        published=published_networks(),
        published_models=published_models(),
        synthetic=True,
        seed=seed,
    )


def _naive_predictors(tables: NetworkTables, frame: pd.DataFrame, definitions: Networks) -> Cost:
    """Cost of a few notifications when each table is filtered for every one, as a first script would."""
    relationships = tables.relationships.to_pyarrow().to_pandas(date_as_object=False, strings_to_categorical=True)
    events = tables.events.to_pyarrow().to_pandas(date_as_object=False, strings_to_categorical=True)
    chosen = frame.sample(NAIVE_NOTIFICATIONS, random_state=1)

    def count() -> list[int]:
        found = []
        for one in chosen.itertuples():
            own = events[(events["person_id"] == one.child_id) & (events["date"] < one.date)]
            met = relationships[
                (relationships["person_id"] == one.child_id) | (relationships["relative_id"] == one.child_id)
            ]
            members = (set(met["person_id"]) | set(met["relative_id"])) - {one.child_id}
            theirs = events[events["person_id"].isin(members) & (events["date"] < one.date)]
            found.append(own["event"].isin(definitions.events.notification).sum() + theirs["person_id"].nunique())
        return found

    return cost_of(count)


def _naive_model(frame: pd.DataFrame) -> Cost:
    """Cost of one default fit of scikit-learn on the rows."""
    x = rows_of(frame, "all")[["Age", *NAIVE_SUBSET]].to_numpy(float)
    y = frame["concern"].to_numpy()
    return cost_of(lambda: LogisticRegression(C=np.inf).fit(x, y))
