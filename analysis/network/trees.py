"""Single-split trees: one predictor, one threshold, a high-risk and a low-risk group."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

_COUNTS = ("notifications", "high_concern", "above", "high_concern_above", "below", "high_concern_below")
_OF_A_TREE = {"predictor": object, "network": object, "threshold": float} | dict.fromkeys(
    ("folds_agreeing", *_COUNTS), int
)
_BY_AGE = {
    "group": object,
    "age_years": int,
    "notifications": int,
    "high_concern": int,
    "predictor": object,
    "network": object,
}
"""Types of columns, which a table has too where no predictor varies."""


@dataclass(frozen=True)
class TreeSplit:
    """Where a tree of depth one cuts a predictor.

    Attributes
    ----------
    threshold : float
        The high-risk group has this value or more.
    impurity_removed : float
        Fall of the Gini impurity, per notification.
    """

    threshold: float
    impurity_removed: float


def best_split(values: np.ndarray, concern: np.ndarray) -> TreeSplit | None:
    """The threshold that leaves the two groups purest by Gini's index; None if the predictor does not vary.

    Parameters
    ----------
    values : ndarray, shape (notifications,)
        Of one predictor.
    concern : ndarray of int, shape (notifications,)
        1 where concern was high afterwards, else 0.

    Returns
    -------
    TreeSplit or None
        Of several as good, the one with the lowest threshold.

    References
    ----------
    Breiman, L., Friedman, J. H., Olshen, R. A., & Stone, C. J. (1984). Classification and regression trees. Wadsworth.

    Examples
    --------
    >>> best_split(np.array([0, 0, 1, 2, 2]), np.array([0, 0, 0, 1, 1])).threshold
    2.0
    """
    levels, place = np.unique(values, return_inverse=True)
    if len(levels) < 2:
        return None
    cases = np.bincount(place).astype(float)
    positives = np.bincount(place, weights=concern)
    high_cases = np.cumsum(cases[::-1])[::-1][1:]
    high_positives = np.cumsum(positives[::-1])[::-1][1:]
    low_cases, low_positives = cases.sum() - high_cases, positives.sum() - high_positives
    left = _impurity(high_cases, high_positives) + _impurity(low_cases, low_positives)
    removed = (_impurity(cases.sum(), positives.sum()) - left) / cases.sum()
    best = int(removed.argmax())
    return TreeSplit(float(levels[best + 1]), float(removed[best]))


def threshold_by_fold(frame: pd.DataFrame, predictor: str, fold: str) -> np.ndarray:
    """The thresholds of trees grown without each fold in turn.

    Parameters
    ----------
    frame : pandas.DataFrame
        The notifications.
    predictor : str
        A column.
    fold : str
        Column of whole numbers from 0.

    Returns
    -------
    ndarray of float, shape (folds,)
        NaN where the predictor does not vary.
    """
    values, concern, folds = (frame[name].to_numpy() for name in (predictor, "concern", fold))
    splits = [best_split(values[folds != left_out], concern[folds != left_out]) for left_out in np.unique(folds)]
    return np.array([np.nan if split is None else split.threshold for split in splits])


def tree_table(frame: pd.DataFrame, readings: dict[str, str], fold: str) -> pd.DataFrame:
    """Threshold, group sizes and incidence on first notifications, of each network predictor.

    Parameters
    ----------
    frame : pandas.DataFrame
        First notifications.
    readings : dict
        The network ("recorded", "whole-life" ...) of each predictor.
    fold : str
        Column of whole numbers from 0.

    Returns
    -------
    pandas.DataFrame
        The table "network_trees", before disclosure control; no row for a predictor that does not vary.
    """
    rows = []
    for predictor, network in readings.items():
        split = best_split(frame[predictor].to_numpy(), frame["concern"].to_numpy())
        if split is None:
            continue
        agreeing = int((threshold_by_fold(frame, predictor, fold) == split.threshold).sum())
        above = frame[predictor] >= split.threshold
        rows.append(
            {
                "predictor": predictor,
                "network": network,
                "threshold": split.threshold,
                "folds_agreeing": agreeing,
                "notifications": len(frame),
                "high_concern": int(frame["concern"].sum()),
                "above": int(above.sum()),
                "high_concern_above": int(frame["concern"][above].sum()),
                "below": int((~above).sum()),
                "high_concern_below": int(frame["concern"][~above].sum()),
            }
        )
    table = pd.DataFrame(rows, columns=list(_OF_A_TREE)).astype(_OF_A_TREE)
    return table.assign(
        share_above=table["above"] / table["notifications"],
        incidence=table["high_concern"] / table["notifications"],
        incidence_above=table["high_concern_above"] / table["above"],
        incidence_below=table["high_concern_below"] / table["below"],
    )


def incidence_by_age(frame: pd.DataFrame, trees: pd.DataFrame) -> pd.DataFrame:
    """Incidence of high concern above and below each tree's threshold, by year of age.

    Parameters
    ----------
    frame : pandas.DataFrame
        First notifications.
    trees : pandas.DataFrame
        As `tree_table` returns them.

    Returns
    -------
    pandas.DataFrame
        The table "network_tree_incidence", before disclosure control.
    """
    parts = [pd.DataFrame(columns=list(_BY_AGE)).astype(_BY_AGE)] if trees.empty else []
    for tree in trees.itertuples():
        group = np.where(frame[tree.predictor] >= tree.threshold, "above", "below")
        age = np.floor(frame["Age"]).astype(int)
        counts = frame["concern"].groupby([group, age]).agg(["size", "sum"]).reset_index()
        counts.columns = ["group", "age_years", "notifications", "high_concern"]
        parts.append(counts.assign(predictor=tree.predictor, network=tree.network))
    table = pd.concat(parts, ignore_index=True)
    table["incidence"] = table["high_concern"] / table["notifications"]
    return table[["predictor", "network", "group", "age_years", "notifications", "high_concern", "incidence"]]


def _impurity(cases, positives):
    """Gini's index times the number of cases."""
    share = positives / cases
    return 2 * cases * share * (1 - share)
