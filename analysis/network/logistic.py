"""Logistic regression on cells: exactly the fit to the notifications behind them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from analysis.network.cells import Cells

_MOST_STEPS = 50
_TOLERANCE = 1e-10
_MOST_CELLS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    coefficients : array, (1 + predictors,)
        Intercept first; log odds per unit.
    log_likelihood : float
        Of the notifications, each a Bernoulli trial.
    """

    coefficients: np.ndarray
    log_likelihood: float

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 x (number of coefficients - log likelihood); for models of the same notifications."""
        return 2 * (len(self.coefficients) - self.log_likelihood)


def fit_logistic(x: np.ndarray, cases: np.ndarray, positives: np.ndarray, start: np.ndarray | None = None) -> Fit:
    """Maximum likelihood by Newton's method on counts, without penalty.

    Parameters
    ----------
    x : array, (cells, coefficients)
        With a column of ones for the intercept.
    cases, positives : array, (cells,)
        Notifications in the cell, and those with the outcome.
    start : array, optional
        Coefficients to begin from.

    Notes
    -----
    A predictor that does not vary, or repeats another, gets the smallest coefficients that fit as well.

    Examples
    --------
    Of four notifications at 0 one has the outcome, of four at 1 three: log odds -log 3 and +2 log 3.

    >>> fit = fit_logistic(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([4, 4]), np.array([1, 3]))
    >>> np.exp(fit.coefficients).round(6)
    array([0.333333, 9.      ])
    """
    used = cases > 0
    x, cases, positives = x[used], cases[used].astype(float), positives[used].astype(float)
    coefficients = np.zeros(x.shape[1]) if start is None else start.copy()
    likelihood = log_likelihood(x @ coefficients, cases, positives)
    for _ in range(_MOST_STEPS):
        risk = expit(x @ coefficients)
        gradient = x.T @ (positives - cases * risk)
        information = (x * (cases * risk * (1 - risk))[:, None]).T @ x
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        coefficients, likelihood, gain = _take(step, x, cases, positives, coefficients, likelihood)
        if gain <= _TOLERANCE and gradient @ step <= _TOLERANCE * max(cases.sum(), 1):
            break
    return Fit(coefficients, likelihood)


def log_likelihood(logit: np.ndarray, cases: np.ndarray, positives: np.ndarray) -> float:
    """Sum over notifications of the log probability of what was seen."""
    return float(positives @ logit - cases @ np.logaddexp(0, logit))


def fit_folds(cells: Cells) -> tuple[Fit, np.ndarray]:
    """The fit to all notifications, and the coefficients fitted without each fold in turn: (folds, coefficients)."""
    cases, positives = cells.cases.sum(axis=1), cells.positives.sum(axis=1)
    whole = fit_logistic(cells.x, cases, positives)
    others, other_positives = cases[:, None] - cells.cases, positives[:, None] - cells.positives
    if len(cells.x) <= _MOST_CELLS_AT_ONCE:
        return whole, _fit_at_once(cells.x, others, other_positives, whole.coefficients)
    information = _information(cells.x, cases, whole.coefficients)
    without = [
        _fit_near(
            cells.x,
            others[:, fold],
            other_positives[:, fold],
            whole.coefficients,
            information - _information(cells.x, cells.cases[:, fold], whole.coefficients),
        )
        for fold in range(others.shape[1])
    ]
    return whole, np.array(without)


def _information(x: np.ndarray, cases: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    used = cases > 0
    x, cases = x[used], cases[used]
    risk = expit(x @ coefficients)
    return (x * (cases * risk * (1 - risk))[:, None]).T @ x


def _fit_near(x, cases, positives, start, information) -> np.ndarray:
    """The maximum near `start` by steps that keep the information found there: many cells, few coefficients."""
    inverse = np.linalg.pinv(information, hermitian=True)
    coefficients = start
    for _ in range(_MOST_STEPS):
        gradient = x.T @ (positives - cases * expit(x @ coefficients))
        step = inverse @ gradient
        coefficients = coefficients + step
        if gradient @ step <= _TOLERANCE * cases.sum():
            return coefficients
    return fit_logistic(x, cases, positives).coefficients


def _fit_at_once(x: np.ndarray, cases: np.ndarray, positives: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Newton's method for many weightings of the same cells together: (fits, coefficients).

    Fits that begin this near their maximum rise at every step; any that does not is fitted on its own.
    """
    width = x.shape[1]
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), width * width)
    coefficients = np.repeat(start[:, None], cases.shape[1], axis=1)
    for _ in range(_MOST_STEPS):
        risk = expit(x @ coefficients)
        expected = cases * risk
        gradient = x.T @ (positives - expected)
        information = (products.T @ (expected * (1 - risk))).T.reshape(-1, width, width)
        step = (np.linalg.pinv(information, hermitian=True) @ gradient.T[:, :, None])[:, :, 0].T
        coefficients = coefficients + step
        gain = np.einsum("ij,ij->j", gradient, step)
        if (gain <= _TOLERANCE * cases.sum(axis=0)).all():
            return coefficients.T
        if not np.isfinite(coefficients).all():
            break
    fits = [fit_logistic(x, cases[:, fold], positives[:, fold]) for fold in range(cases.shape[1])]
    return np.array([fit.coefficients for fit in fits])


def _take(step, x, cases, positives, coefficients, likelihood):
    """Take the step, halved until the likelihood does not fall."""
    for _ in range(30):
        tried = coefficients + step
        reached = log_likelihood(x @ tried, cases, positives)
        if reached >= likelihood - _TOLERANCE * abs(likelihood):
            return tried, reached, reached - likelihood
        step = step / 2
    return coefficients, likelihood, 0.0
