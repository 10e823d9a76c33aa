"""Cells: notifications with the same predictors, counted by fold and outcome.

Predictors are small whole numbers, so a million notifications fall into some thousands of cells for a small
model. A logistic regression, its likelihood and its AUC depend on the notifications only through these counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

_WIDEST_TABLE = 8  # places of a table of numbers to each row, so that it takes little more memory than the rows (ours)


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
    level : float
        Coverage of the intervals of what is estimated from it, above 0 and below 1.
    numbered : dict
        The last `Numbering` by how many predictors it has, since models in their usual order share all predictors
        but the last.
    """

    codes: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    concern: np.ndarray
    fold: np.ndarray
    family: np.ndarray
    level: float
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

    def with_columns(self, frame: pd.DataFrame, predictors: Sequence[str]) -> "Sample":
        """The same notifications with some predictors more, or otherwise counted, from a table of them.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row for each notification, in the same order.
        predictors : sequence of str
            Its columns that are coded; whole numbers.

        Returns
        -------
        Sample
        """
        codes, values = _coded(frame, predictors)
        kept = {size: found for size, found in self.numbered.items() if not set(found.predictors) & set(predictors)}
        return replace(self, codes=self.codes | codes, values=self.values | values, numbered=kept)


@dataclass(frozen=True)
class Numbering:
    """The combinations of some predictors that occur, numbered 0, 1 ...

    Attributes
    ----------
    predictors : tuple of str
    place : array of int, (notifications,)
        The number of each notification's combination.
    codes : array of int, (combinations, predictors)
        As in `Sample.codes`.
    """

    predictors: tuple[str, ...]
    place: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class Cells:
    """The cells of a model.

    Attributes
    ----------
    x : array, (cells, 1 + predictors)
        A column of ones, then the predictors' values.
    cases, positives : array of int32, (cells, folds)
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


def make_sample(frame: pd.DataFrame, predictors: Sequence[str], *, fold: str, family: str, level: float) -> Sample:
    """Code a table of notifications for fast counting.

    Parameters
    ----------
    frame : DataFrame
        With the predictors, `concern` and the columns named by `fold` and `family`.
    predictors : sequence of str
        Columns of small whole numbers.
    fold : str
        Column of whole numbers from 0.
    family : str
        Column whose equal values are one family.
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    Sample
        In the order of the rows.
    """
    codes, values = _coded(frame, predictors)
    return Sample(
        codes=codes,
        values=values,
        concern=frame["concern"].to_numpy(np.int8),
        fold=frame[fold].to_numpy(np.int16),
        family=_code(frame[family].to_numpy())[0],
        level=level,
    )


def cells_of(sample: Sample, predictors: Sequence[str]) -> Cells:
    """Group the notifications of a sample by these predictors.

    Parameters
    ----------
    sample : Sample
    predictors : sequence of str
        Those of a model, age among them; models that share all but the last are counted faster in a row.

    Returns
    -------
    Cells

    Examples
    --------
    >>> frame = pd.DataFrame({"Age": [3, 3, 5], "concern": [0, 1, 1], "fold": [0, 0, 0], "family": [1, 2, 3]})
    >>> cells = cells_of(make_sample(frame, ["Age"], fold="fold", family="family", level=0.95), ["Age"])
    >>> cells.x[:, 1].tolist(), cells.cases[:, 0].tolist(), cells.positives[:, 0].tolist()
    ([3.0, 5.0], [2, 1], [1, 1])
    """
    found = _numbered(sample, tuple(predictors))
    values = [sample.values[name][code] for name, code in zip(predictors, found.codes.T, strict=True)]
    return count_cells(np.column_stack([np.ones(len(found.codes)), *values]), found.place, sample)


def count_cells(x: np.ndarray, cell: np.ndarray, sample: Sample) -> Cells:
    """Count the notifications and the positives of each cell and fold.

    Parameters
    ----------
    x : array, (cells, coefficients)
    cell : array of int, (notifications,)
        The cell of each notification.
    sample : Sample

    Returns
    -------
    Cells
    """
    bins = cell * (2 * sample.folds) + (2 * sample.fold.astype(cell.dtype) + sample.concern)
    counts = np.bincount(bins, minlength=len(x) * sample.folds * 2).reshape(len(x), sample.folds, 2).astype(np.int32)
    return Cells(x, counts.sum(axis=2, dtype=np.int32), counts[:, :, 1].copy(), cell, bins)


def _coded(frame: pd.DataFrame, predictors: Sequence[str]) -> tuple[dict, dict]:
    """Codes and values of `Sample`."""
    coded = {name: _code(frame[name].to_numpy()) for name in predictors}
    codes = {name: _narrow(code, len(values)) for name, (code, values) in coded.items()}
    return codes, {name: values for name, (_, values) in coded.items()}


def _narrow(code: np.ndarray, values: int) -> np.ndarray:
    """The places of so many values in as few bytes as they need."""
    return code.astype(np.min_scalar_type(values - 1), copy=False) if values else code


def _code(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each value among the distinct ones, and these; whole numbers that lie close without sorting."""
    if column.dtype.kind == "i" and len(column):
        least = int(column.min())
        size = int(column.max()) - least + 1
        if size <= _WIDEST_TABLE * len(column):
            code, values = _close_gaps(column.astype(np.int64) - least, size)
            return code, (values + least).astype(column.dtype)
    values, code = np.unique(column, return_inverse=True)
    return code.astype(np.int32), values


def _numbered(sample: Sample, predictors: tuple[str, ...]) -> Numbering:
    """Number the combinations that occur, from those of all predictors but the last."""
    kept = sample.numbered.get(len(predictors))
    if kept and kept.predictors == predictors:
        return kept
    *others, last = predictors
    code, values = sample.codes[last], len(sample.values[last])
    if others:
        fewer = _numbered(sample, tuple(others))
        size = len(fewer.codes) * values
        whole = np.int32 if size < 2**31 else np.int64
        place, occurring = _close_gaps(fewer.place.astype(whole, copy=False) * whole(values) + code, size)
        codes = np.column_stack([fewer.codes[occurring // values], _narrow(occurring % values, values)])
    else:
        place, occurring = _close_gaps(code, values)
        codes = _narrow(occurring, values)[:, None]
    sample.numbered[len(predictors)] = Numbering(predictors, place, codes)
    return sample.numbered[len(predictors)]


def _close_gaps(place: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Number what occurs of 0 ... size - 1: the new number of each place, and what each new number stands for.

    Examples
    --------
    >>> _close_gaps(np.array([7, 2, 7]), 8), _close_gaps(np.array([7, 2, 7]), 10**12)
    ((array([1, 0, 1], dtype=int32), array([2, 7])), (array([1, 0, 1], dtype=int32), array([2, 7])))
    """
    if size > _WIDEST_TABLE * len(place):  # a table of them would take gigabytes at ten times a country
        occurring, numbers = np.unique(place, return_inverse=True)
        return numbers.astype(np.int32), occurring
    present = np.zeros(size, dtype=bool)
    present[place] = True
    occurring = np.flatnonzero(present)
    numbers = np.empty(size, dtype=np.int32)
    numbers[occurring] = np.arange(len(occurring), dtype=np.int32)
    return numbers[place], occurring
