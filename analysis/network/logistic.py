"""Logistic regression on cells: exactly the fit to the notifications behind them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from analysis.network.cells import Cells

_MOST_STEPS = 50  # of Newton's method; a fit takes far fewer
_TOLERANCE = 1e-10  # gain in log likelihood at which a fit has converged
_MOST_CELLS_AT_ONCE = 50_000  # up to so many cells all folds are fitted together, which is faster and takes more memory


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

    Returns
    -------
    Fit

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
    if not (used := cases > 0).all():  # of the most cells none is empty, and a copy of them is large
        x, cases, positives = x[used], cases[used], positives[used]
    cases, positives = cases.astype(float), positives.astype(float)
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
    """Sum over notifications of the log probability of what was seen.

    Parameters
    ----------
    logit : ndarray of float, shape (cells,)
        Log odds of the outcome.
    cases : ndarray of int, shape (cells,)
        Notifications in the cell.
    positives : ndarray of int, shape (cells,)
        Those with the outcome.

    Returns
    -------
    float
        0 or less.
    """
    return float(positives @ logit - cases @ np.logaddexp(0, logit))


def fit_folds(cells: Cells, start: np.ndarray | None = None) -> tuple[Fit, np.ndarray]:
    """The fit to all notifications, and the coefficients fitted without each fold in turn: (folds, coefficients).

    Parameters
    ----------
    cells : Cells
    start : ndarray of float, shape (coefficients,), optional
        Coefficients to begin from.

    Returns
    -------
    tuple of Fit and ndarray of float
    """
    cases, positives = cells.cases.sum(axis=1), cells.positives.sum(axis=1)
    whole = fit_logistic(cells.x, cases, positives, start)
    if len(cells.x) <= _MOST_CELLS_AT_ONCE:
        others, other_positives = cases[:, None] - cells.cases, positives[:, None] - cells.positives
        return whole, _fit_at_once(cells.x, others, other_positives, whole.coefficients)
    return whole, _fit_one_by_one(cells, cases, positives, whole.coefficients)


def fit_folds_from_nothing(x: np.ndarray, cases: np.ndarray, positives: np.ndarray) -> np.ndarray:
    """Coefficients without each fold, for several sets of responses that have little to do with the predictors.

    Parameters
    ----------
    x : array, (cells, coefficients)
        With a column of ones, first, for the intercept.
    cases : array, (cells, folds)
    positives : array, (responses, cells, folds)

    Returns
    -------
    array, (responses, folds, coefficients)

    Notes
    -----
    All begin from no effect and keep the information found there, so that it is inverted once a fold.
    """
    responses, folds, width = len(positives), cases.shape[1], x.shape[1]
    others = cases.sum(axis=1)[:, None] - cases
    positives = np.hstack([own.sum(axis=1)[:, None] - own for own in positives]).astype(float)
    share = positives.sum(axis=0) / np.tile(others.sum(axis=0), responses)
    inverse = np.linalg.pinv(np.array([(x * own[:, None]).T @ x for own in others.T]), hermitian=True)
    inverse = np.tile(inverse, (responses, 1, 1)) / (share * (1 - share))[:, None, None]
    cases = np.tile(others, responses).astype(float)
    coefficients = np.zeros((width, responses * folds))
    coefficients[0] = logit(share)
    expected = cases * share
    for _ in range(_MOST_STEPS):
        gradient = x.T @ (positives - expected)
        step = np.einsum("kij,jk->ik", inverse, gradient)
        coefficients += step
        if ((gradient * step).sum(axis=0) <= _TOLERANCE * cases.sum(axis=0)).all():
            return coefficients.T.reshape(responses, folds, width)
        expected = cases * expit(x @ coefficients)
    fits = [fit_logistic(x, own, with_outcome) for own, with_outcome in zip(cases.T, positives.T, strict=True)]
    return np.array([fit.coefficients for fit in fits]).reshape(responses, folds, width)


def _fit_one_by_one(cells: Cells, cases: np.ndarray, positives: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The maxima without each fold near that of all, by steps that keep the information found there.

    For many cells and few coefficients. At the maximum of all, the gradient without a fold is minus the fold's own.
    """
    information = _slopes(cells.x, cases, positives, whole)[1]
    without = []
    for own_cases, own_positives in zip(cells.cases.T, cells.positives.T, strict=True):
        used = np.flatnonzero(own_cases)
        gradient, own = _slopes(cells.x[used], own_cases[used], own_positives[used], whole)
        others, other_positives = (cases - own_cases).astype(float), (positives - own_positives).astype(float)
        without.append(_fit_near(cells.x, others, other_positives, whole, information - own, -gradient))
    return np.array(without)


def _slopes(x, cases, positives, coefficients) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of the log likelihood and the information."""
    risk = expit(x @ coefficients)
    return x.T @ (positives - cases * risk), (x * (cases * risk * (1 - risk))[:, None]).T @ x


def _fit_near(x, cases, positives, coefficients, information, gradient) -> np.ndarray:
    inverse = np.linalg.pinv(information, hermitian=True)
    for _ in range(_MOST_STEPS):
        step = inverse @ gradient
        coefficients = coefficients + step
        if gradient @ step <= _TOLERANCE * cases.sum():
            return coefficients
        gradient = x.T @ (positives - cases * expit(x @ coefficients))
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
