"""Are predicted risks accurate, and are errors alike, for girls and boys and every ethnicity?"""

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.network.cells import Sample
from analysis.network.discrimination import standard_errors_each_way
from analysis.network.study import LogisticModel

CHARACTERISTICS = ("gender", "ethnicity")
GROUPS_OF_RISK = 10  # in which calibration is shown: tenths (ours)
GROUPS_OF_RISK_IN_SUBGROUP = 5  # the same of a subgroup: fifths, for subgroups are smaller (ours)


def fairness_tables(
    rows: pd.DataFrame, coded: Sample, model: LogisticModel, flagged_share: float
) -> dict[str, pd.DataFrame]:
    """Calibration and error rates of a model of a sample.

    Parameters
    ----------
    rows : DataFrame
        The notifications of the sample, with gender and ethnicity.
    coded : Sample
        The same notifications, in the same order.
    model : LogisticModel
        Of that sample.
    flagged_share : float
        Error rates are of flagging this share of the notifications, those with the greatest risks.

    Returns
    -------
    dict of str to pandas.DataFrame
        Three tables by name, before disclosure control.
    """
    risk = risks_out_of_fold(model, coded)
    return {
        "network_calibration": calibration(risk, coded.concern),
        "network_calibration_by_subgroup": calibration_by_subgroup(rows, risk),
        "network_error_rates": error_rates(rows, risk, coded.family, flagged_share, coded.level),
    }


def risks_out_of_fold(model: LogisticModel, sample: Sample) -> np.ndarray:
    """The risk of each notification by the model that did not see its fold.

    Parameters
    ----------
    model : LogisticModel
        Of the sample.
    sample : Sample

    Returns
    -------
    ndarray of float, shape (notifications,)
        From 0 to 1.
    """
    risk = expit(model.cells.x @ model.coefficients.T)
    return risk[model.cells.of_notification, sample.fold]


def calibration(risk: np.ndarray, concern: np.ndarray, groups: int = GROUPS_OF_RISK) -> pd.DataFrame:
    """Mean risk and observed share in groups of neighbouring risks, of nearly equal size, lowest first.

    Parameters
    ----------
    risk : ndarray of float, shape (notifications,)
        From 0 to 1.
    concern : ndarray of int, shape (notifications,)
        1 where concern was high afterwards, else 0.
    groups : int
        How many, 1 or more; fewer come back where many risks are equal.

    Returns
    -------
    pandas.DataFrame
        group, notifications, high_concern, mean_risk, observed.
    """
    edges = np.quantile(risk, np.linspace(0, 1, groups + 1)[1:-1])
    group = np.searchsorted(edges, risk, side="right")
    cases = np.bincount(group, minlength=groups)
    kept = cases > 0
    positives = np.bincount(group, weights=concern, minlength=groups)[kept].astype(int)
    mean = np.bincount(group, weights=risk, minlength=groups)[kept] / cases[kept]
    return pd.DataFrame(
        {
            "group": [str(number) for number in np.arange(1, groups + 1)[kept]],
            "notifications": cases[kept],
            "high_concern": positives,
            "mean_risk": mean,
            "observed": positives / cases[kept],
        }
    )


def calibration_by_subgroup(rows: pd.DataFrame, risk: np.ndarray) -> pd.DataFrame:
    """`calibration` within each gender and ethnicity.

    Parameters
    ----------
    rows : pandas.DataFrame
        The notifications, with gender, ethnicity and concern.
    risk : ndarray of float, shape (notifications,)
        From 0 to 1.

    Returns
    -------
    pandas.DataFrame
        As `calibration`, with characteristic and subgroup.
    """
    parts = []
    for characteristic in CHARACTERISTICS:
        for subgroup, chosen in _subgroups(rows, characteristic):
            table = calibration(risk[chosen], rows["concern"].to_numpy()[chosen], GROUPS_OF_RISK_IN_SUBGROUP)
            parts.append(table.assign(characteristic=characteristic, subgroup=subgroup))
    return pd.concat(parts, ignore_index=True)


def error_rates(
    rows: pd.DataFrame, risk: np.ndarray, family: np.ndarray, flagged_share: float, level: float
) -> pd.DataFrame:
    """Errors by subgroup when the given share of notifications, those with the greatest risks, is flagged.

    Parameters
    ----------
    rows : pandas.DataFrame
        The notifications, with gender, ethnicity and concern.
    risk : ndarray of float, shape (notifications,)
        From 0 to 1.
    family : array of int
        Intervals count families, not notifications.
    flagged_share : float
        Above 0 and below 1; more are flagged where risks are equal.
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    pandas.DataFrame
        Counts, rates from 0 to 1 and their intervals; missing where a subgroup has no notification to err on.
    """
    flagged = risk >= np.quantile(risk, 1 - flagged_share)
    concern = rows["concern"].to_numpy().astype(bool)
    everyone = [("everyone", "everyone", np.ones(len(rows), bool))]
    groups = [(c, s, chosen) for c in CHARACTERISTICS for s, chosen in _subgroups(rows, c)]
    table = []
    for characteristic, subgroup, chosen in everyone + groups:
        false_positive = _share(chosen & ~concern & flagged, chosen & ~concern, family, level)
        false_negative = _share(chosen & concern & ~flagged, chosen & concern, family, level)
        table.append(
            {
                "characteristic": characteristic,
                "subgroup": subgroup,
                "notifications": int(chosen.sum()),
                "high_concern": int((chosen & concern).sum()),
                "low_concern": int((chosen & ~concern).sum()),
                "flagged": int((chosen & flagged).sum()),
                "false_positives": int((chosen & flagged & ~concern).sum()),
                "false_negatives": int((chosen & ~flagged & concern).sum()),
                "mean_risk": float(risk[chosen].mean()),
                **_columns("false_positive_rate", false_positive),
                **_columns("false_negative_rate", false_negative),
            }
        )
    table = pd.DataFrame(table)
    return table.assign(observed=table["high_concern"] / table["notifications"])


def _subgroups(rows, characteristic):
    labels = rows[characteristic].fillna("not stated").to_numpy()
    return [(str(label), labels == label) for label in sorted(set(labels))]


def _share(part: np.ndarray, whole: np.ndarray, family: np.ndarray, level: float) -> tuple[float, float, float]:
    """A share and its interval over families (the linearised ratio of two totals)."""
    total = whole.sum()
    if not total:
        return np.nan, np.nan, np.nan
    share = part.sum() / total
    influence = np.bincount(family, weights=(part - share * whole) / total)
    error = standard_errors_each_way(level) * np.sqrt(np.sum(influence**2))
    return share, max(share - error, 0.0), min(share + error, 1.0)


def _columns(name, values):
    return dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))
