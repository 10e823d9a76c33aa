"""Cells: notifications with the same predictors, counted by fold and outcome.

Predictors are small whole numbers, so a million notifications fall into some thousands of cells for a small
model. A logistic regression, its likelihood and its AUC depend on the notifications only through these counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Sample:
    """Notifications to be studied together.

    Attributes
    ----------
    codes : dict of array of int
        For each predictor, the place of each notification's value among `values`.
    values : dict of array
        For each predictor, its distinct values in ascending order.
    concern, fold, family : array of int, (notifications,)
        Response (0 or 1), fold (0 ... folds - 1) and family (0 ... families - 1) of each notification.
    numbered : dict
        The last numbering of combinations by how many predictors it has, since models in their usual order share
        all predictors but the last.
    """

    codes: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    concern: np.ndarray
    fold: np.ndarray
    family: np.ndarray
    numbered: dict = field(default_factory=dict, repr=False, compare=False)

    @property
    def notifications(self) -> int:
        return len(self.concern)

    @property
    def folds(self) -> int:
        return int(self.fold.max()) + 1

    @property
    def families(self) -> int:
        return int(self.family.max()) + 1

    def with_concern(self, concern: np.ndarray) -> "Sample":
        """The same notifications with other responses."""
        return replace(self, concern=concern)


@dataclass(frozen=True)
class Cells:
    """The cells of a model.

    Attributes
    ----------
    x : array, (cells, 1 + predictors)
        A column of ones, then the predictors' values.
    cases, positives : array of int, (cells, folds)
        Notifications, and those with high concern.
    of_notification : array of int, (notifications,)
        The cell of each notification.
    bins : array of int, (notifications,)
        The cell, fold and response of each notification in one number: (cell x folds + fold) x 2 + response.
    """

    x: np.ndarray
    cases: np.ndarray
    positives: np.ndarray
    of_notification: np.ndarray
    bins: np.ndarray

    def with_x(self, x: np.ndarray) -> "Cells":
        """The same cells with other columns."""
        return replace(self, x=x)


def make_sample(frame: pd.DataFrame, predictors: Sequence[str], *, fold: str, family: str) -> Sample:
    """Code a table of notifications for fast counting.

    Parameters
    ----------
    frame : DataFrame
        With the predictors, `concern` and the columns named by `fold` and `family`.
    """
    coded = {name: np.unique(frame[name].to_numpy(), return_inverse=True) for name in predictors}
    return Sample(
        codes={name: code.astype(np.int32) for name, (_, code) in coded.items()},
        values={name: values for name, (values, _) in coded.items()},
        concern=frame["concern"].to_numpy(np.int8),
        fold=frame[fold].to_numpy(np.int16),
        family=np.unique(frame[family].to_numpy(), return_inverse=True)[1].astype(np.int32),
    )


def cells_of(sample: Sample, predictors: Sequence[str]) -> Cells:
    """Group the notifications of a sample by these predictors.

    Examples
    --------
    >>> frame = pd.DataFrame({"Age": [3, 3, 5], "concern": [0, 1, 1], "fold": [0, 0, 0], "family": [1, 2, 3]})
    >>> cells = cells_of(make_sample(frame, ["Age"], fold="fold", family="family"), ["Age"])
    >>> cells.x[:, 1], cells.cases[:, 0], cells.positives[:, 0]
    (array([3., 5.]), array([2, 1]), array([1, 1]))
    """
    place, size = _numbered(sample, tuple(predictors))
    first = np.empty(size, dtype=np.int64)
    first[place] = np.arange(len(place))
    values = [sample.values[name][sample.codes[name][first]] for name in predictors]
    return count_cells(np.column_stack([np.ones(size), *values]), place, sample)


def count_cells(x: np.ndarray, place: np.ndarray, sample: Sample) -> Cells:
    """Count the notifications and the positives of each cell and fold.

    Parameters
    ----------
    x : array, (cells, coefficients)
    place : array of int, (notifications,)
        The cell of each notification.
    """
    bins = place * (2 * sample.folds) + (2 * sample.fold.astype(place.dtype) + sample.concern)
    counts = np.bincount(bins, minlength=len(x) * sample.folds * 2).reshape(len(x), sample.folds, 2)
    return Cells(x, counts.sum(axis=2), counts[:, :, 1], place, bins)


def count_positives(cells: Cells, positive: np.ndarray) -> np.ndarray:
    """Positives of each cell and fold if these notifications (their places) were the positive ones."""
    bins = cells.bins[positive] // 2
    return np.bincount(bins, minlength=cells.cases.size).reshape(cells.cases.shape)


def _numbered(sample: Sample, predictors: tuple[str, ...]) -> tuple[np.ndarray, int]:
    """Number the combinations that occur 0, 1 ...: the number of each notification, and how many there are."""
    kept = sample.numbered.get(len(predictors))
    if kept and kept[0] == predictors:
        return kept[1], kept[2]
    *others, last = predictors
    code, values = sample.codes[last], len(sample.values[last])
    if others:
        place, size = _numbered(sample, tuple(others))
        whole = np.int32 if size * values < 2**31 else np.int64
        place, size = _renumber(place.astype(whole) * whole(values) + code, size * values)
    else:
        place, size = _renumber(code, values)
    sample.numbered[len(predictors)] = (predictors, place, size)
    return place, size


def _renumber(place: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Close the gaps in a numbering."""
    present = np.zeros(size, dtype=bool)
    present[place] = True
    numbers = np.cumsum(present, dtype=np.int32)
    return numbers[place] - 1, int(numbers[-1])
