"""One number for all predictions of a run: the mean over predictions, each counted once, with its interval."""

from collections.abc import Collection

import pandas as pd
from statsmodels.stats.weightstats import DescrStatsW

from analysis.disclosure.released import Problem

FEWEST_OF_A_MEAN = 3  # predictions that an interval of their mean needs (ours)
FEWEST_PREDICTIONS = 3  # that a statement about a group of children rests on (ours)


def in_verdict(frame: pd.DataFrame, left_out: Collection[Problem]) -> pd.DataFrame:
    """The rows of the predictions that count in the verdict; all rows where none does.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns authority and outcome.
    left_out : collection of Problem
        Each an (authority, outcome).

    Returns
    -------
    pandas.DataFrame
    """
    counted = [problem not in left_out for problem in zip(frame["authority"], frame["outcome"], strict=True)]
    return frame[counted] if any(counted) else frame


def mean_over_predictions(frame: pd.DataFrame, column: str, *, level: float) -> dict[str, float]:
    """Mean over predictions of the mean of a column over each prediction's models, with a t interval.

    The models of one prediction are tested on the same cases and are no independent evidence, so the interval looks
    at how the predictions differ: a random-effects mean with equal weights. It misleads where two predictions share
    their children, which makes it too narrow.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns authority, outcome and `column`; rows in which the latter is missing are left out.
    column : str
        A column of numbers.
    level : float
        Coverage of the interval, above 0 and below 1.

    Returns
    -------
    dict
        predictions, mean, low and high; the ends are missing for fewer than three predictions.
    """
    known = frame.dropna(subset=[column])
    means = known.groupby(["authority", "outcome"])[column].mean().astype(float).to_numpy()
    missing = float("nan")
    low, high = DescrStatsW(means).tconfint_mean(1 - level) if len(means) >= FEWEST_OF_A_MEAN else (missing, missing)
    mean = float(means.mean()) if len(means) else missing
    return {"predictions": len(means), "mean": mean, "low": float(low), "high": float(high)}
