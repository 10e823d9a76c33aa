"""What to expect in another place: a prediction interval from results that differ from place to place."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import norm, t
from statsmodels.stats.meta_analysis import combine_effects

from analysis.protocol.values import Spread

GRID = np.exp(np.linspace(np.log(1e-3), np.log(5), 400))
"""Standard deviations between places, on the logit scale, over which the prior is weighed with the data (ours)."""


def prediction_interval(estimates: np.ndarray, errors: np.ndarray, level: float) -> tuple[float, float, float]:
    """Mean of estimates that differ from place to place, and where the true value of another place should lie.

    A random-effects model with the between-place variance of Paule and Mandel. The mean's standard error is that of
    Hartung and Knapp, but never below the usual one, and the interval uses the t distribution with k - 2 degrees of
    freedom. With few places it is wide, and should be: they hardly tell how much places differ.

    Parameters
    ----------
    estimates : ndarray, shape (k,)
        On a scale without bounds, such as the logit; k of at least 3.
    errors : ndarray, shape (k,)
        Their standard errors.
    level : float
        Such as 0.95.

    Returns
    -------
    mean, low, high : float

    References
    ----------
    Higgins, J. P. T., Thompson, S. G. and Spiegelhalter, D. J. (2009). JRSS A, 172, 137-159.
    IntHout, J., Ioannidis, J. P. A., Rovers, M. M. and Goeman, J. J. (2016). BMJ Open, 6, e010247.
    """
    with np.errstate(divide="ignore"):  # of its measure of heterogeneity, where the estimates are the same
        fitted = combine_effects(estimates, errors**2, method_re="iterated")
    error = max(np.sqrt(fitted.var_hksj_re), fitted.sd_eff_w_re)
    half = t.ppf((1 + level) / 2, len(estimates) - 2) * np.sqrt(max(fitted.tau2, 0) + error**2)
    return float(fitted.mean_effect_re), float(fitted.mean_effect_re - half), float(fitted.mean_effect_re + half)


def interval_with_prior(
    estimates: np.ndarray, errors: np.ndarray, spread: Spread, level: float
) -> tuple[float, float, float]:
    """The same for AUCs, with a prior distribution for the standard deviation between places.

    The prior is log-normal for the standard deviation of the AUC itself. On the logit scale that is larger by
    1 / (a (1 - a)), with a the AUC in the middle of the estimates. The mean has a flat prior.

    Parameters
    ----------
    estimates, errors : ndarray, shape (k,)
        Logits of AUCs and their standard errors.
    spread : Spread
    level : float

    Returns
    -------
    mean, low, high : float
        Median and quantiles of the predictive distribution, on the logit scale.
    """
    middle = expit(np.mean(estimates))
    width = np.sqrt(np.log1p((spread.standard_deviation / spread.mean) ** 2))
    centre = np.log(spread.mean) - width**2 / 2 - np.log(middle * (1 - middle))
    variances = errors[:, None] ** 2 + GRID**2
    precision = (1 / variances).sum(axis=0)
    means = (estimates[:, None] / variances).sum(axis=0) / precision
    fit = norm.logpdf(estimates[:, None], means, np.sqrt(variances)).sum(axis=0) - np.log(precision) / 2
    log_weight = fit + norm.logpdf(np.log(GRID), centre, width)
    weight = np.exp(log_weight - log_weight.max())
    spreads = np.sqrt(GRID**2 + 1 / precision)

    def below(value: float) -> float:
        return float(weight @ norm.cdf(value, means, spreads) / weight.sum())

    median, low, high = (
        float(brentq(lambda value, share=share: below(value) - share, -40, 40))
        for share in (0.5, (1 - level) / 2, (1 + level) / 2)
    )
    return median, low, high


def error_on_logit(low: np.ndarray, high: np.ndarray, level: float) -> np.ndarray:
    """Standard error on the logit scale of shares with these intervals.

    Parameters
    ----------
    low : ndarray
        Lower ends, above 0 and below 1.
    high : ndarray
        Upper ends, above 0 and below 1.
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    ndarray
        In the shape of `low`. Exact for an interval that is symmetric on the logit scale, else an approximation.

    Examples
    --------
    >>> interval = [expit(logit(0.7) + sign * 1.96 * 0.2) for sign in (-1, 1)]
    >>> round(float(error_on_logit(*interval, 0.95)), 3)
    0.2
    """
    return (logit(high) - logit(low)) / (2 * norm.ppf((1 + level) / 2))
