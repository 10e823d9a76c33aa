"""The logistic study: every small model and the full one, on three samples of notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.network.cells import Cells, Sample, cells_of, make_sample
from analysis.network.discrimination import Area, area_out_of_fold, out_of_fold_auc
from analysis.network.logistic import Fit, fit_folds
from analysis.network.permuted import Permutations, permuted_areas
from analysis.network.predictors import EVENT_PREDICTORS, RECORDED_PREDICTORS, WHOLE_LIFE_PREDICTORS

SAMPLES = ("all", "first", "subsequent")
SAMPLE_TITLES = {"all": "All notifications", "first": "First notifications", "subsequent": "Subsequent notifications"}
MOST_BESIDE_AGE = 3  # as B has it: models of four variables
_RESAMPLES_AT_ONCE = 50  # to bound the memory

Subset = tuple[str, ...]  # predictors besides age


@dataclass(frozen=True)
class Fitted:
    """What others are set beside of a model, which takes little memory.

    Attributes
    ----------
    subset : tuple of str
        Predictors besides age.
    fit : Fit
        To all notifications.
    area : Area
        Out of fold.
    """

    subset: Subset
    fit: Fit
    area: Area


@dataclass(frozen=True)
class LogisticModel(Fitted):
    """A model of a sample, fitted to all of it and without each fold.

    Attributes
    ----------
    cells : Cells
    coefficients : array, (folds, coefficients)
    """

    cells: Cells
    coefficients: np.ndarray

    def without_cells(self) -> Fitted:
        """The same as `Fitted`; cells may take gigabytes."""
        return Fitted(self.subset, self.fit, self.area)


def candidates(sample: str) -> Subset:
    """Predictors besides age. A first notification has no earlier events of the child's own."""
    events = () if sample == "first" else EVENT_PREDICTORS
    return (*events, *RECORDED_PREDICTORS, *WHOLE_LIFE_PREDICTORS)


def without_whole_life(subset: Subset) -> Subset:
    """The predictors of a model but for those of the whole-life network."""
    return tuple(name for name in subset if name not in WHOLE_LIFE_PREDICTORS)


def small_subsets(sample: str) -> tuple[Subset, ...]:
    """Age alone, and age with one, two or three others.

    Examples
    --------
    Seven candidates: 1 + 7 + 21 + 35.

    >>> len(small_subsets("first"))
    64
    """
    names = candidates(sample)
    return tuple(subset for size in range(MOST_BESIDE_AGE + 1) for subset in combinations(names, size))


def of_sample(frame: pd.DataFrame, sample: str) -> pd.Series:
    """Which notifications a sample has: all, each child's first ever, or the later ones.

    Parameters
    ----------
    frame : pandas.DataFrame
        With nNotes, the child's earlier notifications.
    sample : {"all", "first", "subsequent"}

    Returns
    -------
    pandas.Series
        Boolean, in the order of the rows.
    """
    chosen = {"all": frame["nNotes"] >= 0, "first": frame["nNotes"] == 0, "subsequent": frame["nNotes"] > 0}
    return chosen[sample]


def rows_of(frame: pd.DataFrame, sample: str) -> pd.DataFrame:
    """The notifications of a sample.

    Parameters
    ----------
    frame : pandas.DataFrame
        With nNotes, the child's earlier notifications.
    sample : {"all", "first", "subsequent"}

    Returns
    -------
    pandas.DataFrame
    """
    return frame[of_sample(frame, sample)]


def sample_of(frame: pd.DataFrame, sample: str, *, unit_of_folds: str, level: float) -> Sample:
    """A sample coded for counting, folded by "child" or by "notification".

    Parameters
    ----------
    frame : pandas.DataFrame
        The notifications with their predictors.
    sample : {"all", "first", "subsequent"}
    unit_of_folds : {"child", "notification"}
        What is never on both sides of a fold.
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    Sample
    """
    names = ("Age", *candidates(sample))
    return make_sample(rows_of(frame, sample), names, fold=f"fold_by_{unit_of_folds}", family="family_id", level=level)


def fit_model(sample: Sample, subset: Subset, near: np.ndarray | None = None) -> LogisticModel:
    """Fit age and a subset of predictors.

    Parameters
    ----------
    sample : Sample
    subset : Subset
        Predictors besides age.
    near : ndarray of float, optional
        Coefficients of a model of the first of these predictors, from which to begin.

    Returns
    -------
    LogisticModel
    """
    cells = cells_of(sample, ("Age", *subset))
    start = None if near is None else np.pad(near, (0, len(subset) + 2 - len(near)))
    fit, coefficients = fit_folds(cells, start)
    return LogisticModel(subset, fit, area_out_of_fold(cells, coefficients, sample), cells, coefficients)


def auc_of(sample: Sample, subset: Subset) -> float:
    """The area alone, out of fold.

    Parameters
    ----------
    sample : Sample
    subset : Subset
        Predictors besides age.

    Returns
    -------
    float
        From 0 to 1.
    """
    cells = cells_of(sample, ("Age", *subset))
    return _auc(cells)


def interaction_auc(sample: Sample, subset: Subset) -> float:
    """The area of the model with every square and product of two predictors added.

    Parameters
    ----------
    sample : Sample
    subset : Subset
        Predictors besides age.

    Returns
    -------
    float
        From 0 to 1, out of fold.
    """
    cells = cells_of(sample, ("Age", *subset))
    columns = range(1, cells.x.shape[1])
    products = [cells.x[:, i] * cells.x[:, j] for i in columns for j in columns if i <= j]
    scale = [max(float(np.abs(column).max()), 1.0) for column in products]
    x = np.column_stack([cells.x, *(column / most for column, most in zip(products, scale, strict=True))])
    wider = cells.with_x(x)
    return _auc(wider)


def _auc(cells: Cells) -> float:
    return out_of_fold_auc(cells.x, cells.cases, cells.positives, fit_folds(cells)[1])


@dataclass(frozen=True)
class SubsetSearch:
    """Every small model of a sample and what each family adds to the area of each.

    Attributes
    ----------
    table : DataFrame
        subset, auc, low, high, aic; one row a model.
    of_family : array of float32, (models, families)
    best_permuted : array, (permutations,)
        The greatest area among the four-variable models on each permutation of the responses.
    """

    table: pd.DataFrame
    of_family: np.ndarray
    best_permuted: np.ndarray


def fit_all(sample: Sample, subsets: Sequence[Subset], permuted: Permutations | None = None) -> SubsetSearch:
    """Fit every subset of a sample.

    Parameters
    ----------
    sample : Sample
    subsets : sequence of Subset
        Of predictors besides age.
    permuted : Permutations, optional
        Of the responses.

    Returns
    -------
    SubsetSearch
    """
    of_family = np.empty((len(subsets), sample.families), dtype=np.float32)
    best = np.zeros(permuted.number if permuted else 0)
    rows = []
    coefficients: dict[Subset, np.ndarray] = {}
    for place, subset in enumerate(subsets):
        model = fit_model(sample, subset, near=coefficients.get(subset[:-1]))
        coefficients[subset] = model.fit.coefficients
        of_family[place] = model.area.of_family
        low, high = model.area.interval
        rows.append((subset, model.area.auc, low, high, model.fit.aic))
        if permuted and len(subset) == MOST_BESIDE_AGE:
            best = np.maximum(best, permuted_areas(model.cells, permuted))
    return SubsetSearch(pd.DataFrame(rows, columns=["subset", "auc", "low", "high", "aic"]), of_family, best)


def chosen_under_resampling(search: SubsetSearch, replicates: int, seed: int) -> np.ndarray:
    """Which model had the greatest area in each resample of the families: (replicates,) places in the table.

    The areas of a resample are those of the models as fitted, to first order in the families' weights.

    Parameters
    ----------
    search : SubsetSearch
    replicates : int
        Resamples of the families.
    seed : int

    Returns
    -------
    ndarray of int, shape (replicates,)
    """
    random = np.random.default_rng(seed)
    families = search.of_family.shape[1]
    chosen = []
    for begin in range(0, replicates, _RESAMPLES_AT_ONCE):
        drawn = random.integers(0, families, (min(_RESAMPLES_AT_ONCE, replicates - begin), families))
        weights = np.array([np.bincount(row, minlength=families) for row in drawn], dtype=np.float32) - 1
        areas = search.table["auc"].to_numpy() + weights @ search.of_family.T
        chosen.append(areas.argmax(axis=1))
    return np.concatenate(chosen)
