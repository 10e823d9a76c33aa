"""How well a design tells cases apart, and what it gets right at its frozen threshold."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import logit
from statsmodels.stats.proportion import proportion_confint

from analysis.model import Cases, FittedDesign
from analysis.performance.resampling import TestCases, estimate, family_weights, with_point
from analysis.protocol.values import Protocol

Designs = Mapping[str, FittedDesign]


def sample(designs: Designs, cases: Cases) -> pd.DataFrame:
    """Who is learned from and who is tested on, by design: the table "sample"; a part without cases has no row.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases

    Returns
    -------
    DataFrame
        The table "sample", unrounded; its record describes the columns.
    """
    parts = [
        (slug, part, rows)
        for slug, design in designs.items()
        for part, rows in (("training", design.split.train), ("test", design.split.test))
        if len(rows)
    ]
    return pd.DataFrame([_sample_row(slug, part, rows, cases) for slug, part, rows in parts])


def performance(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Each metric of each design on its test cases, with family-bootstrap intervals: the table "performance".

    Average precision depends on prevalence, its value for a useless model; AUC does not. Average precision is
    therefore also given at the protocol's standard prevalence, and as skill: the part of the way from prevalence to 1.
    Calibration intercept (given a slope of 1) and slope have intervals robust to families; a model is calibrated
    at 0 and 1, and at an observed/expected ratio of 1.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "performance", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
        counted = {"design": slug, "cases": len(test.rows), "positives": int(test.outcome.sum())}
        rows += [{**counted, **row} for row in _metric_rows(test, weights, protocol)]
    return pd.DataFrame(rows, columns=_PERFORMANCE)


def operating_point(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """What each design gets right and wrong at its frozen threshold: the table "operating_point".

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "operating_point", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
        rows.append({"design": slug, "threshold": design.threshold, **_operating_row(test, weights, protocol)})
    return pd.DataFrame(rows)


def confusion(outcome: np.ndarray, flagged: np.ndarray) -> dict[str, int]:
    """Cases by outcome and by whether they were flagged.

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    flagged : ndarray of bool, shape (cases,)

    Returns
    -------
    dict of str to int

    >>> confusion(np.array([True, True, False]), np.array([True, False, True]))["false_negatives"]
    1
    """
    return {
        "flagged": int(flagged.sum()),
        "true_positives": int((flagged & outcome).sum()),
        "false_positives": int((flagged & ~outcome).sum()),
        "false_negatives": int((~flagged & outcome).sum()),
    }


def share(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """A ratio of counts; NaN where the denominator is 0.

    Parameters
    ----------
    numerator : ndarray of float
    denominator : ndarray of float

    Returns
    -------
    ndarray
    """
    return np.divide(numerator, denominator, out=np.full(np.shape(numerator), np.nan), where=denominator > 0)


def estimate_share(name: str, numerator: np.ndarray, denominator: np.ndarray, *, level: float) -> dict[str, float]:
    """The cells `name`, `name`_low and `name`_high of a share, from replicates whose first are the counts themselves.

    A share of none or of all is the same in every replicate, which is no certainty: it has the exact interval of
    Clopper and Pearson. That takes the cases for independent, and so is a little narrow where siblings are alike.

    Parameters
    ----------
    name : str
        Name of the column; its interval is `name` with _low and _high.
    numerator : ndarray of float
    denominator : ndarray of float
    level : float from 0 to 1
        Of the interval, such as 0.95.

    Returns
    -------
    dict of str to float

    References
    ----------
    Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits. Biometrika, 26, 404-413.

    >>> cells = estimate_share("recall", np.zeros(9), np.full(9, 19.0), level=0.95)
    >>> cells["recall_low"], round(cells["recall_high"], 3), round(1 - 0.025 ** (1 / 19), 3)
    (0.0, 0.176, 0.176)
    """
    cells = estimate(name, share(numerator, denominator), level)
    events, of = round(numerator[0]), round(denominator[0])
    if of and events in (0, of):
        low, high = proportion_confint(events, of, alpha=1 - level, method="beta")
        cells |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    return cells


def calibration_line(outcome: np.ndarray, risk: np.ndarray, family: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Calibration intercept (slope fixed at 1) and slope, each as (estimate, low, high), intervals robust to families.

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    risk : ndarray of float from 0 to 1, shape (cases,)
    family : ndarray of int, shape (cases,)
        Code of each case's family: families, not cases, are exchangeable.
    level : float from 0 to 1
        Of the interval, such as 0.95.

    Returns
    -------
    dict of str to ndarray

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika, 45, 562-565.
    """
    log_odds = log_odds_of(risk)
    missing = np.full(3, np.nan)
    if not 0 < outcome.sum() < len(outcome):
        return {"calibration_intercept": missing, "calibration_slope": missing}
    ones, y = np.ones(len(outcome)), outcome.astype(float)
    intercept = _clustered(sm.GLM(y, ones, offset=log_odds, family=sm.families.Binomial()), family, level)[0]
    if np.ptp(log_odds) == 0:
        return {"calibration_intercept": intercept, "calibration_slope": missing}
    slope = _clustered(sm.GLM(y, sm.add_constant(log_odds), family=sm.families.Binomial()), family, level)[1]
    return {"calibration_intercept": intercept, "calibration_slope": slope}


def log_odds_of(risk: np.ndarray) -> np.ndarray:
    """Log odds of risks, cut at one in a million so that risks of 0 and 1 have them too.

    >>> log_odds_of(np.array([0.5, 0.0])).round(1).tolist()
    [0.0, -13.8]
    """
    return logit(np.clip(risk, 1e-6, 1 - 1e-6))


_PERFORMANCE = ["design", "metric", "cases", "positives", "value", "value_low", "value_high", "chance"]


def _sample_row(slug: str, part: str, rows: np.ndarray, cases: Cases) -> dict:
    outcome, months = cases.outcome[rows], cases.index_date[rows].astype("datetime64[M]")
    return {
        "design": slug,
        "part": part,
        "cases": len(rows),
        "positives": int(outcome.sum()),
        "families": len(np.unique(cases.family[rows])),
        "positive_families": len(np.unique(cases.family[rows][outcome])),
        "first_month": str(months.min()),
        "last_month": str(months.max()),
        "prevalence": outcome.mean(),
    }


def _metric_rows(test: TestCases, weights: np.ndarray, protocol: Protocol) -> list[dict]:
    level, standard = protocol.uncertainty.level, protocol.standard_prevalence.value
    counts = test.ranking().count(weights)
    precision, prevalence = counts.average_precision(), counts.prevalence
    squared, expected, observed, cases = (
        test.sums((test.outcome - test.risk) ** 2, test.risk, test.outcome, np.ones(len(test.rows))) @ weights
    )
    resampled = {
        "average_precision": (precision, prevalence[0]),
        "standardised_average_precision": (counts.standardised_average_precision(standard), standard),
        "skill": (share(precision - prevalence, 1 - prevalence), 0.0),
        "auc": (counts.auc(), 0.5),
        "brier_score": (squared / cases, prevalence[0] * (1 - prevalence[0])),
        "observed_expected_ratio": (share(observed, expected), np.nan),
    }
    rows = [
        {"metric": metric, **estimate("value", replicates, level), "chance": chance}
        for metric, (replicates, chance) in resampled.items()
    ]
    chance = {"calibration_intercept": np.nan, "calibration_slope": 0.0}
    for metric, (value, low, high) in calibration_line(test.outcome, test.risk, test.family, level).items():
        rows.append({"metric": metric, "value": value, "value_low": low, "value_high": high, "chance": chance[metric]})
    return rows


def _operating_row(test: TestCases, weights: np.ndarray, protocol: Protocol) -> dict:
    counts = confusion(test.outcome, test.flagged)
    cases, positives = len(test.rows), int(test.outcome.sum())
    true_negatives = cases - positives - counts["false_positives"]
    correct = counts["true_positives"] + true_negatives
    true, flagged, positive = test.sums(test.flagged & test.outcome, test.flagged, test.outcome) @ weights
    return {
        "cases": cases,
        "positives": positives,
        **counts,
        "true_negatives": true_negatives,
        "correct": correct,
        **estimate_share("precision", true, flagged, level=protocol.uncertainty.level),
        **estimate_share("recall", true, positive, level=protocol.uncertainty.level),
        "accuracy": correct / cases,
    }


def _clustered(model: sm.GLM, family: np.ndarray, level: float) -> list[np.ndarray]:
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": family})
    return [np.array(row) for row in np.column_stack([fitted.params, fitted.conf_int(1 - level)])]
