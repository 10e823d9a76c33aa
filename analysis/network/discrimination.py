"""How well risks tell notifications apart: the area under the ROC curve from counts, and what each family adds.

Notifications of one family are alike, so the uncertainty of an area comes from families, not from rows.
The effect of a family's weight on the area is, to first order, the sum of its notifications' placements
(Obuchowski 1997); a bootstrap of families is then a product of weights and these sums.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from analysis.network.cells import Cells, Sample


def standard_errors_each_way(level: float) -> float:
    """How many standard errors a normal interval reaches to either side; 1.96 for a level of 0.95."""
    return float(norm.ppf((1 + level) / 2))


@dataclass(frozen=True)
class Area:
    """An area under the ROC curve, mean over folds of risks out of fold.

    Attributes
    ----------
    auc : float
    by_fold : array, (folds,)
    of_family : array, (families,)
        What each family adds to the area if counted once more (sums to 0).
    level : float
        Coverage of the interval, above 0 and below 1.
    """

    auc: float
    by_fold: np.ndarray
    of_family: np.ndarray
    level: float

    @property
    def standard_error(self) -> float:
        """Over families."""
        return float(np.sqrt(np.sum(self.of_family**2)))

    @property
    def interval(self) -> tuple[float, float]:
        """At the level of the sample, over families."""
        half = standard_errors_each_way(self.level) * self.standard_error
        return self.auc - half, self.auc + half


def auc_from_counts(score: np.ndarray, negatives: np.ndarray, positives: np.ndarray) -> float:
    """Probability that a positive scores above a negative, ties counted half.

    Parameters
    ----------
    score : ndarray, shape (cells,)
        In any order; higher means more at risk.
    negatives : ndarray of int, shape (cells,)
        Notifications of the cell without the outcome.
    positives : ndarray of int, shape (cells,)
        Those with it.

    Returns
    -------
    float
        From 0 to 1; NaN where there are none of either.

    References
    ----------
    Hanley, J. A., & McNeil, B. J. (1982). The meaning and use of the area under a receiver operating characteristic
    (ROC) curve. Radiology, 143, 29-36.

    Examples
    --------
    >>> auc_from_counts(np.array([0.1, 0.2]), np.array([3, 1]), np.array([1, 3]))
    0.75
    """
    order = np.argsort(score)
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf))
    negatives, positives = np.add.reduceat(negatives[order], starts), np.add.reduceat(positives[order], starts)
    below = np.cumsum(negatives) - negatives / 2
    return float(below @ positives / (negatives.sum() * positives.sum()))


def placements(score: np.ndarray, negatives: np.ndarray, positives: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each cell: share of negatives below it and share of positives above it, ties counted half.

    Parameters
    ----------
    score : ndarray, shape (cells,)
    negatives : ndarray of int, shape (cells,)
    positives : ndarray of int, shape (cells,)

    Returns
    -------
    tuple of two ndarrays, shape (cells,)
        From 0 to 1 each.

    References
    ----------
    Hanley, J. A., & Hajian-Tilaki, K. O. (1997). Sampling variability of nonparametric estimates of the areas under
    receiver operating characteristic curves: an update. Academic Radiology, 4, 49-58.
    """
    _, rank = np.unique(score, return_inverse=True)
    below, above = np.bincount(rank, weights=negatives), np.bincount(rank, weights=positives)
    share_below = (np.cumsum(below) - below / 2) / below.sum()
    share_above = 1 - (np.cumsum(above) - above / 2) / above.sum()
    return share_below[rank], share_above[rank]


def area_out_of_fold(cells: Cells, coefficients: np.ndarray, sample: Sample) -> Area:
    """The area of risks from models that did not see the fold, and each family's part in it.

    Parameters
    ----------
    cells : Cells
        Each fold needs notifications with and without the outcome.
    coefficients : array, (folds, coefficients)
        Fitted without each fold.
    sample : Sample
        Whose notifications the cells count.

    Returns
    -------
    Area
        Its `of_family` is the influence of each family, to first order.

    References
    ----------
    Obuchowski, N. A. (1997). Nonparametric analysis of clustered ROC curve data. Biometrics, 53, 567-578.
    """
    folds = cells.cases.shape[1]
    influence = np.zeros((cells.cases.shape[0], folds, 2))
    by_fold = np.empty(folds)
    for fold in range(folds):
        used = cells.cases[:, fold] > 0
        positives = cells.positives[used, fold]
        negatives = cells.cases[used, fold] - positives
        below, above = placements(cells.x[used] @ coefficients[fold], negatives, positives)
        by_fold[fold] = below @ positives / positives.sum()
        influence[used, fold, 1] = (below - by_fold[fold]) / positives.sum() / folds
        influence[used, fold, 0] = (above - by_fold[fold]) / negatives.sum() / folds
    of_family = np.bincount(sample.family, weights=influence.ravel()[cells.bins], minlength=sample.families)
    return Area(float(by_fold.mean()), by_fold, of_family, sample.level)


def out_of_fold_auc(x: np.ndarray, cases: np.ndarray, positives: np.ndarray, coefficients: np.ndarray) -> float:
    """The area alone.

    Parameters
    ----------
    x : array, (cells, coefficients)
    cases, positives : array, (cells, folds)
    coefficients : array, (folds, coefficients)
        Fitted without each fold.

    Returns
    -------
    float
        Mean over folds, from 0 to 1.
    """
    areas = []
    for fold, own in enumerate(coefficients):
        used = cases[:, fold] > 0
        with_outcome = positives[used, fold]
        areas.append(auc_from_counts(x[used] @ own, cases[used, fold] - with_outcome, with_outcome))
    return float(np.mean(areas))


def difference_interval(first: Area, second: Area) -> tuple[float, float, float]:
    """First minus second with its interval over families, at the level of the first; both on the same notifications.

    Parameters
    ----------
    first : Area
        Of one model.
    second : Area
        Of another.

    Returns
    -------
    tuple of float, float and float
        Difference, lower and upper end.
    """
    difference = first.auc - second.auc
    error = standard_errors_each_way(first.level) * float(np.sqrt(np.sum((first.of_family - second.of_family) ** 2)))
    return difference, difference - error, difference + error
