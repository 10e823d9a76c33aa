"""Average precision and AUC under many weightings of the same cases, from one sort.

A bootstrap replicate or a permutation only changes how often each family (or case) counts; the order of the risks
stays. So the cases are sorted once and cut into blocks of equal risk, and each measure is a sum over the blocks that
hold a case with the outcome.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Ranking:
    """Cases in order of risk, gathered by the unit that is weighted.

    Attributes
    ----------
    positives, tied, above : csr_matrix, shape (blocks, units)
        For each block of equal risk that holds a positive, highest first: its positives, its negatives, and the
        negatives between it and the block before.
    below : csr_matrix, shape (1, units)
        Negatives below the last such block.
    """

    positives: sparse.csr_matrix
    tied: sparse.csr_matrix
    above: sparse.csr_matrix
    below: sparse.csr_matrix

    def count(self, weights: np.ndarray) -> "WeightedCounts":
        """The blocks' weighted counts.

        Parameters
        ----------
        weights : ndarray, shape (units, replicates)
        """
        tied = self.tied @ weights
        return WeightedCounts(
            positives=self.positives @ weights,
            tied=tied,
            false=np.cumsum(self.above @ weights + tied, axis=0),
            below=(self.below @ weights)[0],
        )

    def average_precision(self, weights: np.ndarray) -> np.ndarray:
        """Average precision of each replicate, equal to scikit-learn's with `sample_weight`; NaN without positives.

        Misleads when compared across groups of different prevalence, which is its value for a useless model.

        >>> ranking = rank(np.array([1, 0, 1]), np.array([0.9, 0.5, 0.5]))
        >>> round(float(ranking.average_precision(np.ones((3, 1)))[0]), 3), round(1 / 2 * 1 + 1 / 2 * 2 / 3, 3)
        (0.833, 0.833)
        """
        return self.count(weights).average_precision()

    def auc(self, weights: np.ndarray) -> np.ndarray:
        """Area under the ROC curve of each replicate, ties counted half; NaN without both outcomes."""
        return self.count(weights).auc()


@dataclass(frozen=True)
class WeightedCounts:
    """Weighted counts at each block with a positive, shape (blocks, replicates); `false` is cumulative."""

    positives: np.ndarray
    tied: np.ndarray
    false: np.ndarray
    below: np.ndarray

    def less(self, other: "WeightedCounts") -> "WeightedCounts":
        """These counts less others of the same cases: those of the remaining weights."""
        parts = ("positives", "tied", "false", "below")
        return WeightedCounts(**{part: getattr(self, part) - getattr(other, part) for part in parts})

    @property
    def prevalence(self) -> np.ndarray:
        positive = self.positives.sum(axis=0)
        return _divide(positive, positive + self._negatives)

    @property
    def _negatives(self) -> np.ndarray:
        return (self.false[-1] if len(self.false) else 0.0) + self.below

    def average_precision(self) -> np.ndarray:
        """Sum over blocks of the gain in recall times the precision there."""
        true = np.cumsum(self.positives, axis=0)
        precision = _divide(true, true + self.false)
        return _divide(np.nansum(self.positives * precision, axis=0), self.positives.sum(axis=0))

    def standardised_average_precision(self, prevalence: float) -> np.ndarray:
        """Average precision as it would be at this prevalence, the risks' distributions by outcome unchanged.

        Precision at a block is pi TPR / (pi TPR + (1 - pi) FPR), with pi the given prevalence.
        """
        positive, negative = self.positives.sum(axis=0), self._negatives
        true_rate = _divide(np.cumsum(self.positives, axis=0), positive)
        false_rate = _divide(self.false, negative)
        flagged = prevalence * true_rate + (1 - prevalence) * false_rate
        precision = _divide(prevalence * true_rate, flagged)
        standardised = _divide(np.nansum(self.positives * precision, axis=0), positive)
        return np.where(negative > 0, standardised, np.nan)

    def auc(self) -> np.ndarray:
        """Share of pairs, one with the outcome and one without, whose risks are in the right order."""
        negative = self._negatives
        lower = negative - self.false + self.tied / 2
        return _divide((self.positives * lower).sum(axis=0), self.positives.sum(axis=0) * negative)


def rank(outcome: np.ndarray, risk: np.ndarray, unit: np.ndarray | None = None, units: int | None = None) -> Ranking:
    """Sort cases by risk, once.

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    risk : ndarray of float, shape (cases,)
    unit : ndarray of int, shape (cases,), optional
        Whose weight a case carries: its family's code; each case its own if not given.
    units : int, optional
        Number of units.

    Returns
    -------
    Ranking
    """
    unit = np.arange(len(outcome)) if unit is None else unit
    units = int(unit.max()) + 1 if units is None else units
    order = np.argsort(-np.asarray(risk, dtype=float), kind="stable")
    positive, unit, sorted_risk = np.asarray(outcome, dtype=bool)[order], unit[order], np.asarray(risk)[order]
    block = np.r_[0, np.cumsum(sorted_risk[1:] != sorted_risk[:-1])]
    has_positive = np.bincount(block, weights=positive) > 0
    before = np.r_[0, np.cumsum(has_positive)]  # blocks with a positive before each block
    place, tied = before[block], has_positive[block] & ~positive
    blocks = int(before[-1])
    lone = ~has_positive[block]

    def gather(chosen: np.ndarray, rows: np.ndarray, height: int) -> sparse.csr_matrix:
        ones = np.ones(chosen.sum())
        return sparse.csr_matrix((ones, (rows[chosen], unit[chosen])), shape=(height, units))

    return Ranking(
        positives=gather(positive, place, blocks),
        tied=gather(tied, place, blocks),
        above=gather(lone & (place < blocks), place, blocks),
        below=gather(lone & (place == blocks), np.zeros_like(place), 1),
    )


def average_precision(outcome: np.ndarray, risk: np.ndarray) -> float:
    """Average precision of these cases; equals scikit-learn's, and is NaN where no case has the outcome.

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    risk : ndarray of float from 0 to 1, shape (cases,)

    Returns
    -------
    float
    """
    return float(rank(outcome, risk).average_precision(np.ones((len(outcome), 1)))[0])


def _divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0)
