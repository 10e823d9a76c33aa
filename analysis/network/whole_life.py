"""Is the gain from whole-life networks real, or does having a link give away what happened later?

A link by birth is used from the birth of the younger of two people, but it is there to be used only because
somebody wrote it down, on a day that may lie after the notification. If links are written down after serious
events, then to have one says that something serious happened, perhaps in the very two years to be predicted.
The readings below differ in which links may be used; `analysis.network.links` defines them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from ibis.expr.types import Table
from scipy.stats import t as student

from analysis.network.cells import make_sample
from analysis.network.discrimination import difference_interval
from analysis.network.study import SAMPLES, candidates, fit_model, rows_of, sample_of, without_whole_life
from analysis.network.tables import Prepared, collect, notification_table

READINGS = ("ever_recorded", "recorded_before", "implied", "complete_registry")
PLACEBO = "nLaterLinks"


def frames_by_reading(prepared: Prepared, readings: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The notifications under each reading of the whole-life network."""
    return {reading: collect(notification_table(prepared, reading)) for reading in readings}


def gains(frames: Mapping[str, pd.DataFrame], *, unit_of_folds: str) -> pd.DataFrame:
    """What the three whole-life predictors add to the model of all the others, by sample and reading.

    Returns
    -------
    DataFrame
        sample, reading, notifications, high_concern, auc_without, auc, gain, gain_low, gain_high.
    """
    rows = []
    for sample in SAMPLES:
        without = None
        for reading, frame in frames.items():
            coded = sample_of(frame, sample, unit_of_folds=unit_of_folds)
            without = without or fit_model(coded, without_whole_life(candidates(sample)))
            rows.append(_gain(sample, reading, coded, without, fit_model(coded, candidates(sample))))
    return pd.DataFrame(rows)


def later_links(prepared: Prepared) -> Table:
    """Links by birth written down on the day of the notification or later, of people born before it.

    Nobody could have known them from the records: as a predictor they are a placebo.
    """
    tables = prepared.tables
    recorded = tables.links("recorded_before")
    born = tables.links("ever_recorded").rename(born="since")
    both = recorded.join(born, ["child_id", "relative_id"])
    met = prepared.notifications.select("child_id", "date").join(both, "child_id")
    later = (met.born < met.date) & (met.since >= met.date)
    return met.group_by("child_id", "date").agg(**{PLACEBO: later.ifelse(1, 0).sum()})


def placebo_gains(prepared: Prepared, frame: pd.DataFrame, *, unit_of_folds: str) -> pd.DataFrame:
    """What the placebo adds to the model without whole-life predictors: anything above 0 is look-ahead."""
    counts = collect(later_links(prepared))
    wider = frame.merge(counts, on=["child_id", "date"], how="left").fillna({PLACEBO: 0})
    rows = []
    for sample in SAMPLES:
        subset = without_whole_life(candidates(sample))
        names = ("Age", *subset, PLACEBO)
        coded = make_sample(rows_of(wider, sample), names, fold=f"fold_by_{unit_of_folds}", family="family_id")
        rows.append(_gain(sample, "placebo", coded, fit_model(coded, subset), fit_model(coded, names[1:])))
    return pd.DataFrame(rows)


def mean_over_seeds(gains_by_seed: pd.DataFrame) -> pd.DataFrame:
    """Mean gain over worlds drawn with different seeds, with Student's 95% interval.

    Parameters
    ----------
    gains_by_seed : DataFrame
        world, seed, sample, reading, gain ...
    """
    grouped = gains_by_seed.groupby(["world", "sample", "reading"], sort=False)["gain"]
    table = grouped.agg(worlds="size", gain="mean", spread="std").reset_index()
    error = student.ppf(0.975, np.maximum(table["worlds"] - 1, 1)) * table["spread"] / np.sqrt(table["worlds"])
    table = table.assign(gain_low=table["gain"] - error, gain_high=table["gain"] + error)
    return table[["world", "sample", "reading", "worlds", "gain", "gain_low", "gain_high"]]


def _gain(sample, reading, coded, without, with_links):
    gain, low, high = difference_interval(with_links.area, without.area)
    return {
        "sample": sample,
        "reading": reading,
        "notifications": coded.notifications,
        "high_concern": int(coded.concern.sum()),
        "auc_without": without.area.auc,
        "auc": with_links.area.auc,
        "gain": gain,
        "gain_low": low,
        "gain_high": high,
    }
