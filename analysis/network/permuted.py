"""What a search among many models finds where there is nothing to find: responses permuted between families."""

from collections.abc import Sequence

import numpy as np

from analysis.network.cells import Cells, Sample, count_positives
from analysis.network.discrimination import auc_from_counts
from analysis.network.logistic import fit_folds_from_nothing


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


def permuted_positives(sample: Sample, permutations: int, seed: int) -> list[np.ndarray]:
    """The places of the notifications with high concern, in each of several permutations.

    Parameters
    ----------
    sample : Sample
    permutations : int
        How many.
    seed : int

    Returns
    -------
    list of ndarray of int
        One for each permutation.
    """
    random = np.random.default_rng(seed)
    return [np.flatnonzero(permute_between_families(sample, random)) for _ in range(permutations)]


def permuted_areas(cells: Cells, positives: Sequence[np.ndarray]) -> np.ndarray:
    """The areas, out of fold, of a model fitted to each of several permutations: (permutations,).

    Parameters
    ----------
    cells : Cells
        Of the model.
    positives
        From `permuted_positives`.

    Returns
    -------
    ndarray of float, shape (permutations,)
    """
    counts = np.array([count_positives(cells, places) for places in positives])
    coefficients = fit_folds_from_nothing(cells.x, cells.cases, counts)
    areas = np.zeros(len(counts))
    for fold in range(cells.cases.shape[1]):
        used = np.flatnonzero(cells.cases[:, fold])
        scores = coefficients[:, fold] @ cells.x[used].T
        own = counts[:, used, fold]
        negatives = cells.cases[used, fold] - own
        areas += [auc_from_counts(*each) for each in zip(scores, negatives, own, strict=True)]
    return areas / cells.cases.shape[1]
