"""Observed risk as a smooth function of predicted risk, with a band: calibration without bins."""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import expit
from scipy.stats import norm

from analysis.model import Cases
from analysis.performance.metrics import Designs, log_odds_of
from analysis.performance.resampling import TestCases
from analysis.protocol.values import Protocol

KNOTS = (0.1, 0.5, 0.9)  # of the smooth calibration curve, quantiles of the predicted log odds (Harrell 2015)
LOWEST = 0.05  # quantile of the predicted risks from which the curve is drawn (ours)


def calibration_curve(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """The share with the outcome at each predicted risk, by logistic spline: the table "calibration_curve".

    A restricted cubic spline with three knots on the log odds of the predicted risk, with pointwise bands that allow
    for siblings. Drawn from the 5th percentile of the risks up to where the protocol's number of cases per bin is left
    above. Missing where all cases or none have the outcome, where the risks are too few to place the knots, and where
    they part those with the outcome from the rest so well that no finite curve fits best.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "calibration_curve", unrounded; its record describes the columns.

    References
    ----------
    Austin, P. C., & Steyerberg, E. W. (2014). Graphical assessment of internal and external calibration of logistic
    regression models by using loess smoothers. Statistics in Medicine, 33, 517-535.
    Harrell, F. E. (2015). Regression modeling strategies (2nd ed.), section 2.4.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        x, knots = log_odds_of(test.risk), np.quantile(log_odds_of(test.risk), KNOTS)
        if 0 < test.outcome.sum() < len(test.rows) and _can_be_bent(x, knots):
            grid = _grid(test.risk, protocol)
            fitted = _fitted(x, test, knots, log_odds_of(grid), protocol)
            for risk, (low, middle, high) in zip(grid, fitted, strict=False):
                rows.append(
                    {"design": slug, "risk": risk, "observed": middle, "observed_low": low, "observed_high": high}
                )
    return pd.DataFrame(rows, columns=["design", "risk", "observed", "observed_low", "observed_high"])


def spline(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """A constant, x and the restricted cubic term for three knots; linear outside the outer two.

    Parameters
    ----------
    x : ndarray of float
    knots : ndarray of float, shape (knots,)
        In ascending order.

    Returns
    -------
    ndarray

    >>> spline(np.array([0.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0])).round(3).tolist()
    [[1.0, 0.0, 0.0], [1.0, 5.0, 4.5], [1.0, 6.0, 6.0]]
    """
    first, middle, last = knots
    cubes = [np.maximum(x - knot, 0) ** 3 for knot in knots]
    inner = cubes[0] - (cubes[1] * (last - first) - cubes[2] * (middle - first)) / (last - middle)
    return np.column_stack([np.ones(len(x)), x, inner / (last - first) ** 2])


def _can_be_bent(x: np.ndarray, knots: np.ndarray) -> bool:
    return bool((np.diff(knots) > 0).all()) and np.linalg.matrix_rank(spline(x, knots)) == len(knots)


def _grid(risk: np.ndarray, protocol: Protocol) -> np.ndarray:
    """Predicted risks at even distances on the log odds, to three decimals, so that none is a child's."""
    left_above = min(protocol.disclosure.cases_per_bin / len(risk), 0.5)
    ends = log_odds_of(np.quantile(risk, [LOWEST, 1 - left_above]))
    return np.unique(expit(np.linspace(*ends, protocol.disclosure.curve_points)).round(3))


def _fitted(x: np.ndarray, test: TestCases, knots: np.ndarray, grid: np.ndarray, protocol: Protocol) -> np.ndarray:
    """Lower end, estimate and upper end at each point of the grid, shape (points, 3); (0, 3) if no curve fits best."""
    model = sm.GLM(test.outcome.astype(float), spline(x, knots), family=sm.families.Binomial())
    try:
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": test.family})
        finite = np.isfinite(fit.cov_params()).all()
    except np.linalg.LinAlgError:
        finite = False
    if not finite:  # the coefficients have run off towards infinity
        return np.empty((0, 3))
    design = spline(grid, knots)
    middle = design @ fit.params
    error = np.sqrt(np.einsum("ij,jk,ik->i", design, fit.cov_params(), design))
    z = norm.ppf((1 + protocol.uncertainty.level) / 2)
    return expit(np.column_stack([middle - z * error, middle, middle + z * error]))
