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

from analysis.network.cells import Sample
from analysis.network.discrimination import difference_interval
from analysis.network.predictors import WHOLE_LIFE_PREDICTORS, network_counts
from analysis.network.study import (
    SAMPLES,
    Fitted,
    candidates,
    fit_model,
    of_sample,
    sample_of,
    without_whole_life,
)
from analysis.network.tables import Prepared, counts_of_notifications

READINGS = ("ever_recorded", "recorded_before", "implied", "complete_registry")
PLACEBO, LATER_LINKS = "placebo", "nLaterLinks"

Additions = dict[str, pd.DataFrame]  # by reading: predictors of every notification, in the order of `collect`


def whole_life_counts(prepared: Prepared, readings: Sequence[str]) -> Additions:
    """The whole-life predictors of every notification under each reading.

    Parameters
    ----------
    prepared : Prepared
    readings : sequence of str
        Of `READINGS`.

    Returns
    -------
    Additions
        By reading.
    """
    found = {}
    for reading in readings:
        counts = network_counts(prepared.notifications, prepared.links(reading), prepared.known, "W")
        found[reading] = counts_of_notifications(prepared, counts, WHOLE_LIFE_PREDICTORS)
    return found


def placebo_counts(prepared: Prepared) -> Additions:
    """The placebo of every notification."""
    return {PLACEBO: counts_of_notifications(prepared, later_links(prepared), [LATER_LINKS])}


def later_links(prepared: Prepared) -> Table:
    """Links by birth written down on the day of the notification or later, of people born before it.

    Nobody could have known them from the records: as a predictor they are a placebo.
    """
    recorded = prepared.links("recorded_before")
    born = prepared.links("ever_recorded").rename(born="since")
    both = recorded.join(born, ["child_id", "relative_id"])
    met = prepared.notifications.select("child_id", "date").join(both, "child_id")
    later = (met.born < met.date) & (met.since >= met.date)
    return met.group_by("child_id", "date").agg(**{LATER_LINKS: later.ifelse(1, 0).sum()})


def gains(frame: pd.DataFrame, additions: Additions, *, unit_of_folds: str, level: float) -> pd.DataFrame:
    """`gains_in_sample` of every sample.

    Parameters
    ----------
    frame : pandas.DataFrame
        The notifications with their predictors.
    additions : Additions
        By reading: columns for every notification, in the same order.
    unit_of_folds : {"child", "notification"}
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    pandas.DataFrame
        As `gains_in_sample` returns it.
    """
    parts = []
    for sample in SAMPLES:
        coded = sample_of(frame, sample, unit_of_folds=unit_of_folds, level=level)
        of_its_own = {reading: added[of_sample(frame, sample)] for reading, added in additions.items()}
        without = fit_model(coded, without_whole_life(candidates(sample))).without_cells()
        parts.append(gains_in_sample(sample, coded, of_its_own, without=without))
    return pd.concat(parts, ignore_index=True)


def gains_in_sample(
    sample: str,
    coded: Sample,
    additions: Additions,
    *,
    without: Fitted,
    fitted: Mapping[str, Fitted] | None = None,
) -> pd.DataFrame:
    """What added predictors do to the model of age, events and the recorded network.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
    coded : Sample
        Its notifications.
    additions : dict of DataFrame
        By reading: columns for the notifications of the sample.
    without : Fitted
        Of age, events and the recorded network.
    fitted : dict of Fitted, optional
        By reading, where the model with the added predictors is at hand.

    Returns
    -------
    DataFrame
        sample, reading, notifications, high_concern, auc_without, auc, gain, gain_low, gain_high.
    """
    fitted = fitted or {}
    rows = []
    for reading, added in additions.items():
        model = fitted.get(reading)
        if model is None:
            wider = coded.with_columns(added, list(added))
            model = fit_model(wider, (*without.subset, *added), near=without.fit.coefficients).without_cells()
            del wider
        gain, low, high = difference_interval(model.area, without.area)
        rows.append(
            {
                "sample": sample,
                "reading": reading,
                "notifications": coded.notifications,
                "high_concern": int(coded.concern.sum()),
                "auc_without": without.area.auc,
                "auc": model.area.auc,
                "gain": gain,
                "gain_low": low,
                "gain_high": high,
            }
        )
    return pd.DataFrame(rows)


def mean_over_seeds(gains_by_seed: pd.DataFrame, level: float) -> pd.DataFrame:
    """Mean gain over worlds drawn with different seeds, with Student's interval.

    Parameters
    ----------
    gains_by_seed : DataFrame
        world, seed, sample, reading, gain ...
    level : float
        Coverage of the interval, above 0 and below 1.

    Returns
    -------
    pandas.DataFrame
        world, sample, reading, worlds, gain, gain_low and gain_high.
    """
    grouped = gains_by_seed.groupby(["world", "sample", "reading"], sort=False)["gain"]
    table = grouped.agg(worlds="size", gain="mean", spread="std").reset_index()
    error = student.ppf((1 + level) / 2, np.maximum(table["worlds"] - 1, 1)) * table["spread"] / table["worlds"] ** 0.5
    table = table.assign(gain_low=table["gain"] - error, gain_high=table["gain"] + error)
    return table[["world", "sample", "reading", "worlds", "gain", "gain_low", "gain_high"]]
