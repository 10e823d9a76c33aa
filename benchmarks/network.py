"""The study of family networks at the size of a country, beside pandas and scikit-learn used row by row, and its cost
at ten times that size."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from analysis.extract.network_tables import read_network_tables
from analysis.network.engine import connect, materialise
from analysis.network.study import fit_all, rows_of, sample_of, small_subsets
from analysis.network.tables import NetworkTables, collect, notification_table, prepare
from analysis.protocol import load_protocol
from analysis.protocol.values import Networks
from benchmarks.network_growth import growth
from benchmarks.timing import Cost, cost_of, row
from data_synthetic.network import generate_world, load_truth, write_world

SHARE = 1.0
NAIVE_NOTIFICATIONS = 20
NAIVE_SUBSET = ("nWithNotesW", "nNotes", "nTargetsRecent")
FITS = 11  # ten folds and the whole


def run() -> list[dict]:
    """Predictors and models beside the naive ways; then the whole study by the size of the country."""
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
        coded = sample_of(frame, "all", unit_of_folds="child", level=protocol.uncertainty.level)
        subsets = [subset for subset in small_subsets("all") if len(subset) == 3]
        ours = cost_of(lambda: fit_all(coded, subsets))
        naive = _times(_naive_model(frame), len(subsets) * FITS)
        rows.append(row(f"networks: {len(subsets)} four-variable models, {FITS} fits each", ours, naive))
    return [*rows, *growth()]


def _times(measured: Cost, times: float) -> Cost:
    return Cost(measured.cpu_seconds * times, extrapolated=True)


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
