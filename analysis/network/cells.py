"""Cells: notifications with the same predictors, counted by fold and outcome.

Predictors are small whole numbers, so a million notifications fall into some thousands of cells for a small
model. A logistic regression, its likelihood and its AUC depend on the notifications only through these counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """

    codes: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    concern: np.ndarray
    fold: np.ndarray
    family: np.ndarray

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
        return Sample(self.codes, self.values, concern, self.fold, self.family)


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
    """

    x: np.ndarray
    cases: np.ndarray
    positives: np.ndarray
    of_notification: np.ndarray


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
    place, first = _dense([sample.codes[name] for name in predictors], [len(sample.values[name]) for name in predictors])
    values = [sample.values[name][sample.codes[name][first]] for name in predictors]
    cases, positives = count_by_fold(place, sample, len(first))
    return Cells(np.column_stack([np.ones(len(first)), *values]), cases, positives, place)


def count_by_fold(place: np.ndarray, sample: Sample, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Notifications and positives of each cell and fold."""
    shape = (cells, sample.folds)
    bins = place.astype(np.int64) * sample.folds + sample.fold
    cases = np.bincount(bins, minlength=shape[0] * shape[1]).reshape(shape)
    positives = np.bincount(bins[sample.concern == 1], minlength=shape[0] * shape[1]).reshape(shape)
    return cases, positives


def _dense(codes: list[np.ndarray], sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Number the combinations that occur 0, 1 ...: the number of each row, and a row of each number."""
    place, size = codes[0], sizes[0]
    for code, values in zip(codes[1:], sizes[1:], strict=True):
        place, size = _renumber(place.astype(np.int64) * values + code, size * values)
    place, size = _renumber(place, size)
    first = np.empty(size, dtype=np.int64)
    first[place] = np.arange(len(place))
    return place, first


def _renumber(place: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Close the gaps in a numbering, once there are far more numbers than rows can use."""
    present = np.zeros(size, dtype=bool)
    present[place] = True
    numbers = np.cumsum(present, dtype=np.int32)
    return numbers[place] - 1, int(numbers[-1])
