"""Resampling by family: siblings stay together, and every measure of one test set sees the same replicates."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import norm

from analysis.model import Cases, FittedDesign
from analysis.performance.ranking import Ranking, rank
from analysis.protocol.values import Uncertainty

POWER = 0.8  # of a minimum detectable difference: four times in five, the usual choice (Cohen 1988)


@dataclass(frozen=True)
class TestCases:
    """A design's test cases with the risks it gave them.

    Attributes
    ----------
    rows : ndarray of int
        Row numbers among all cases.
    outcome : ndarray of bool
    risk : ndarray of float
    family : ndarray of int
        0 ... families - 1.
    threshold : float
    """

    __test__ = False  # pytest: not a test class

    rows: np.ndarray
    outcome: np.ndarray
    risk: np.ndarray
    family: np.ndarray
    threshold: float

    @classmethod
    def of(cls, design: FittedDesign, cases: Cases) -> "TestCases":
        """The test cases of a design.

        Parameters
        ----------
        design : FittedDesign
        cases : Cases

        Returns
        -------
        TestCases
        """
        rows = design.split.test
        return cls(rows, cases.outcome[rows], design.test_risk, family_codes(cases.family[rows]), design.threshold)

    @property
    def families(self) -> int:
        return int(self.family.max()) + 1

    @property
    def flagged(self) -> np.ndarray:
        return self.risk >= self.threshold

    def ranking(self) -> Ranking:
        """The cases in order of risk, for measures that depend on the order alone."""
        return rank(self.outcome, self.risk, self.family, self.families)

    def sums(self, *values: np.ndarray) -> np.ndarray:
        """Sums over each family of each array of case values, shape (len(values), families)."""
        return np.stack([np.bincount(self.family, weights=value, minlength=self.families) for value in values])


def family_codes(family: np.ndarray) -> np.ndarray:
    """Families renumbered 0, 1, ... in their order."""
    return np.unique(family, return_inverse=True)[1]


@lru_cache(maxsize=4)  # of the designs' test sets, which many tables resample
def family_weights(families: int, uncertainty: Uncertainty, seed: int) -> np.ndarray:
    """How often each family is drawn in each replicate, shape (families, replicates).

    The test families are drawn with replacement and the fitted model stays, so intervals speak of the sampling of
    families to test on, not of the making of the model.

    Parameters
    ----------
    families : int, 1 or more
    uncertainty : Uncertainty
        The protocol's section on uncertainty.
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    ndarray
        The same one for the same arguments; it cannot be written to.
    """
    random = np.random.default_rng([seed, families])
    weights = np.empty((families, uncertainty.replicates))
    for replicate in range(uncertainty.replicates):
        weights[:, replicate] = np.bincount(random.integers(0, families, families), minlength=families)
    weights.flags.writeable = False
    return weights


def with_point(weights: np.ndarray) -> np.ndarray:
    """The weights with one more replicate before them: every family once, which gives the estimate itself."""
    return np.hstack([np.ones((len(weights), 1)), weights])


def interval(replicates: np.ndarray, level: float) -> tuple[float, float]:
    """Percentile interval; missing where under half of the replicates could be computed.

    Parameters
    ----------
    replicates : ndarray of float, shape (1 + replicates,)
        The first is the value itself, the others are of resampled families.
    level : float from 0 to 1
        Of the interval, such as 0.95.

    Returns
    -------
    tuple of float
        Lower and upper end.
    """
    finite = replicates[np.isfinite(replicates)]
    if len(finite) < max(2, len(replicates) / 2):
        return float("nan"), float("nan")
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def minimum_detectable_difference(replicates: np.ndarray, alpha: float) -> float:
    """Smallest true difference that a two-sided test at `alpha` would find four times in five.

    Parameters
    ----------
    replicates : ndarray
        Of the difference; the first is the estimate itself.
    alpha : float from 0 to 1
        Level of significance.

    Returns
    -------
    float
    """
    return float((norm.ppf(1 - alpha / 2) + norm.ppf(POWER)) * np.nanstd(replicates[1:], ddof=1))


def estimate(name: str, replicates: np.ndarray, level: float) -> dict[str, float]:
    """The cells `name`, `name`_low and `name`_high from replicates whose first is the estimate itself.

    An interval of no width is left out: every replicate of none is none, and that is no certainty.

    Parameters
    ----------
    name : str
        Name of the column; its interval is `name` with _low and _high.
    replicates : ndarray of float, shape (1 + replicates,)
        The first is the value itself, the others are of resampled families.
    level : float from 0 to 1
        Of the interval, such as 0.95.

    Returns
    -------
    dict of str to float

    >>> estimate("precision", np.zeros(9), 0.95)
    {'precision': 0.0, 'precision_low': nan, 'precision_high': nan}
    """
    low, high = interval(replicates[1:], level)
    if low == high:
        low = high = float("nan")
    return {name: float(replicates[0]), f"{name}_low": low, f"{name}_high": high}
