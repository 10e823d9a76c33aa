"""What a search among many models finds where there is nothing to find: responses permuted between families."""

from dataclasses import dataclass

import numpy as np

from analysis.network.cells import Cells, Sample
from analysis.network.discrimination import auc_from_counts
from analysis.network.logistic import fit_folds_from_nothing

_BITS = 26  # more than the number of notifications has; twice as many fit into a float's whole number


def permute_between_families(sample: Sample, random: np.random.Generator) -> np.ndarray:
    """Lay the responses, family by family in another order, over the notifications, family by family.

    Responses that stood together stay together, and lose any relation to the predictors.

    Parameters
    ----------
    sample : Sample
    random : numpy Generator

    Returns
    -------
    array of int, (notifications,)
    """
    order = np.argsort(sample.family, kind="stable")
    shuffled = np.argsort(random.permutation(sample.families)[sample.family], kind="stable")
    concern = np.empty_like(sample.concern)
    concern[order] = sample.concern[shuffled]
    return concern


@dataclass(frozen=True)
class Permutations:
    """Responses permuted between families, several times.

    Attributes
    ----------
    number : int
        How many times.
    pairs : list of ndarray of float, (notifications,)
        Two permutations in one number each, so that one pass counts both: the first's response, and 2 to the power
        of `_BITS` times the second's.
    """

    number: int
    pairs: list[np.ndarray]

    def positives(self, cells: Cells) -> np.ndarray:
        """Positives of each cell and fold: (permutations, cells, folds)."""
        bins = (cells.bins >> 1).astype(np.intp)
        sums = [np.bincount(bins, weights=pair, minlength=cells.cases.size).astype(np.int64) for pair in self.pairs]
        counts = np.array([part for both in sums for part in (both & (2**_BITS - 1), both >> _BITS)])
        return counts[: self.number].reshape(self.number, *cells.cases.shape)


def permute(sample: Sample, permutations: int, seed: int) -> Permutations:
    """Permute the responses between families.

    Parameters
    ----------
    sample : Sample
    permutations : int
        How many.
    seed : int

    Returns
    -------
    Permutations
    """
    random = np.random.default_rng(seed)
    pairs = []
    for place in range(permutations):
        concern = permute_between_families(sample, random)
        if place % 2:
            pairs[-1] += 2**_BITS * concern.astype(float)
        else:
            pairs.append(concern.astype(float))
    return Permutations(permutations, pairs)


def permuted_areas(cells: Cells, permuted: Permutations) -> np.ndarray:
    """The areas, out of fold, of a model fitted to each of several permutations: (permutations,).

    Parameters
    ----------
    cells : Cells
        Of the model.
    permuted : Permutations
        Of the model's notifications.

    Returns
    -------
    ndarray of float, shape (permutations,)
    """
    counts = permuted.positives(cells)
    coefficients = fit_folds_from_nothing(cells.x, cells.cases, counts)
    areas = np.zeros(len(counts))
    for fold in range(cells.cases.shape[1]):
        used = np.flatnonzero(cells.cases[:, fold])
        scores = coefficients[:, fold] @ cells.x[used].T
        own = counts[:, used, fold]
        negatives = cells.cases[used, fold] - own
        areas += [auc_from_counts(*each) for each in zip(scores, negatives, own, strict=True)]
    return areas / cells.cases.shape[1]
