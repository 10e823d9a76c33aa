"""How many cases a model needs, and how well its performance could be measured: known before anything is fitted.

Both need a guess of how well a model would tell cases apart. Risks are taken to be binormal: on the scale of the log
odds, cases with and without the outcome are normal with one variance, a distance apart that gives the guessed AUC.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

ASSUMED_AUC = 0.75  # a fair model; nothing is known before one is fitted (ours)
SHRINKAGE = 0.9  # of the coefficients, criterion 1 (Riley et al. 2019)
OPTIMISM_IN_R2 = 0.05  # in Nagelkerke's R2, criterion 2 (Riley et al. 2019)
MARGIN_OF_RISK = 0.05  # of the overall risk, criterion 3 (Riley et al. 2019)
LEVEL_OF_RISK = 0.95  # of the interval that the criterion for the overall risk asks for (Riley et al. 2020)
_GRID = np.linspace(-9.0, 15.0, 6001)  # standard deviations, beyond which neither density counts


@dataclass(frozen=True)
class Interval:
    """A measure and the interval in which it would be found.

    Attributes
    ----------
    value, low, high : float
        Between 0 and 1.
    """

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def cases_needed(predictors: int, prevalence: float, *, auc: float = ASSUMED_AUC) -> float:
    """The fewest cases to learn from that meet all three of Riley's criteria for a binary outcome.

    Parameters
    ----------
    predictors : int
        Parameters to be estimated, at least 1.
    prevalence : float
        Share of cases with the outcome, above 0 and below 1.
    auc : float
        Guessed AUC, above .5 and below 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a value is outside its range.

    References
    ----------
    Riley et al. (2019), Minimum sample size for developing a multivariable prediction model: part II, Statistics in
    Medicine 38:1276; Riley et al. (2020), BMJ 368:m441; R2 from the AUC: Riley et al. (2021), Statistics in Medicine
    40:133.
    """
    if predictors < 1 or not 0 < prevalence < 1 or not 0.5 < auc < 1:
        raise ValueError("expected at least 1 predictor, a prevalence in (0, 1) and an AUC in (.5, 1)")
    return cases_for_r2(predictors, prevalence, r2=cox_snell_r2(auc, prevalence))


def cases_for_r2(predictors: int, prevalence: float, *, r2: float) -> float:
    """As `cases_needed`, from the guessed R2 of Cox and Snell.

    Parameters
    ----------
    predictors : int, 1 or more
        Number of candidate predictors.
    prevalence : float from 0 to 1
    r2 : float from 0 to 1
        Cox and Snell's R squared.

    Returns
    -------
    float

    Examples
    --------
    Thirty predictors, 5% with the outcome and an R2 of .05 (Riley et al. 2020):

    >>> round(cases_for_r2(30, 0.05, r2=0.05))
    5249
    """
    shrinkage_of_second = r2 / (r2 + OPTIMISM_IN_R2 * largest_r2(prevalence))
    risk = (norm.ppf((1 + LEVEL_OF_RISK) / 2) / MARGIN_OF_RISK) ** 2 * prevalence * (1 - prevalence)
    return max(_cases(predictors, r2, SHRINKAGE), _cases(predictors, r2, shrinkage_of_second), risk)


def expected_shrinkage(cases: int, predictors: int, *, r2: float) -> float:
    """By how much the effects in a model fitted on so many cases must be expected to shrink on new ones.

    1 is no shrinkage; Riley's first criterion asks for at least .9.

    Parameters
    ----------
    cases : int
        Learned from.
    predictors : int
        Parameters estimated, at least 1.
    r2 : float
        Of Cox and Snell, between 0 and 1.

    Returns
    -------
    float

    References
    ----------
    Riley et al. (2019), as in `cases_needed`, equation 11 solved for the shrinkage.

    >>> round(expected_shrinkage(5249, 30, r2=0.05), 2)
    0.9
    """
    return float(brentq(lambda shrinkage: _cases(predictors, r2, shrinkage) - cases, r2 * (1 + 1e-9), 1 - 1e-9))


def largest_r2(prevalence: float) -> float:
    """The largest R2 of Cox and Snell that any model can have at this prevalence."""
    return 1 - exp(2 * _null_log_likelihood(prevalence))


def cox_snell_r2(auc: float, prevalence: float) -> float:
    """The R2 of Cox and Snell of binormal risks with this AUC.

    Parameters
    ----------
    auc : float from 0.5 to 1
    prevalence : float from 0 to 1

    Returns
    -------
    float
    """
    distance = sqrt(2) * norm.ppf(auc)
    log_odds = log(prevalence / (1 - prevalence)) + distance * _GRID - distance**2 / 2
    with_outcome, without = norm.pdf(_GRID, distance), norm.pdf(_GRID)
    likelihood = -prevalence * with_outcome * np.logaddexp(0, -log_odds)
    likelihood -= (1 - prevalence) * without * np.logaddexp(0, log_odds)
    return 1 - exp(-2 * (np.trapezoid(likelihood, _GRID) - _null_log_likelihood(prevalence)))


def auc_interval(outcomes: float, others: float, *, level: float, auc: float = ASSUMED_AUC) -> Interval:
    """The interval of an AUC measured on so many cases with and without the outcome.

    Parameters
    ----------
    outcomes : float, above 0
        Cases with the outcome.
    others : float, above 0
        Cases without it.
    level : float
        Coverage of the interval, above 0 and below 1.
    auc : float from 0.5 to 1, optional

    Returns
    -------
    dict of str to float

    References
    ----------
    Hanley and McNeil (1982), Radiology 143:29, their exponential approximation.
    """
    both_with, both_without = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (outcomes - 1) * (both_with - auc**2) + (others - 1) * (both_without - auc**2)
    half = norm.ppf((1 + level) / 2) * sqrt(variance / (outcomes * others))
    return Interval(auc, max(0.0, auc - half), min(1.0, auc + half))


def average_precision_interval(outcomes: float, others: float, *, level: float, auc: float = ASSUMED_AUC) -> Interval:
    """The interval of average precision on so many cases with and without the outcome.

    The average precision is that of binormal risks with the guessed AUC; its interval is symmetric in its log odds,
    with the variance of a share of the cases with the outcome.

    Parameters
    ----------
    outcomes : float, above 0
        Cases with the outcome.
    others : float, above 0
        Cases without it.
    level : float
        Coverage of the interval, above 0 and below 1.
    auc : float from 0.5 to 1, optional

    Returns
    -------
    dict of str to float

    References
    ----------
    Boyd, Eng and Page (2013), Area under the precision-recall curve, ECML PKDD 2013, the logit interval.
    """
    value = average_precision(auc, outcomes / (outcomes + others))
    half = norm.ppf((1 + level) / 2) / sqrt(outcomes * value * (1 - value))
    low, high = (1 / (1 + exp(-(log(value / (1 - value)) + side))) for side in (-half, half))
    return Interval(value, low, high)


def average_precision(auc: float, prevalence: float) -> float:
    """The average precision of binormal risks with this AUC, at this prevalence.

    Parameters
    ----------
    auc : float from 0.5 to 1
    prevalence : float from 0 to 1

    Returns
    -------
    float
    """
    distance = sqrt(2) * norm.ppf(auc)
    flagged, wrongly = prevalence * norm.sf(_GRID, distance), (1 - prevalence) * norm.sf(_GRID)
    precision = flagged / np.maximum(flagged + wrongly, np.finfo(float).tiny)
    return float(np.trapezoid(precision * norm.pdf(_GRID, distance), _GRID))


def _cases(predictors: int, r2: float, shrinkage: float) -> float:
    # Riley et al. 2019, equation 11.
    return predictors / ((shrinkage - 1) * log(1 - r2 / shrinkage))


def _null_log_likelihood(prevalence: float) -> float:
    return prevalence * log(prevalence) + (1 - prevalence) * log(1 - prevalence)
