"""What a model may learn from: the cases and their predictors, as arrays in the order of `case_id`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
import polars as pl
from scipy import sparse

Matrix: TypeAlias = np.ndarray | sparse.csr_matrix


@dataclass(frozen=True)
class Cases:
    """The cases of one prediction problem, one array element each.

    Attributes
    ----------
    outcome : ndarray of bool, shape (cases,)
    family : ndarray of int, shape (cases,)
        Code of the case's family, 0, 1, ...
    index_date : ndarray of datetime64[D], shape (cases,)
    early_outcome : ndarray of bool, shape (cases,)
        Without the outcome, but with what is looked for before the window opened; no case, if not given.
    """

    outcome: np.ndarray
    family: np.ndarray
    index_date: np.ndarray
    early_outcome: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=bool))

    def __post_init__(self):
        if not len(self.early_outcome):
            object.__setattr__(self, "early_outcome", np.zeros(len(self.outcome), dtype=bool))

    def __len__(self) -> int:
        return len(self.outcome)

    @classmethod
    def of(cls, cases: pl.DataFrame) -> "Cases":
        """The arrays of a table of cases with columns family_id, index_date, outcome and early_outcome."""
        _, family = np.unique(cases["family_id"].to_numpy(), return_inverse=True)
        return cls(
            outcome=cases["outcome"].to_numpy().astype(bool),
            family=family,
            index_date=cases["index_date"].to_numpy().astype("datetime64[D]"),
            early_outcome=cases["early_outcome"].to_numpy().astype(bool),
        )


class FittedText(Protocol):
    """Words and topics, as learned from some rows."""

    def transform(self, rows: np.ndarray) -> Matrix:
        """The features of these rows, one row each."""


class TextFeatures(Protocol):
    """Words and topics that must be learned from training rows before they can describe any case."""

    def fit(self, rows: np.ndarray) -> FittedText:
        """Learn from these rows alone."""


@dataclass(frozen=True)
class Predictors:
    """What is known of each case strictly before its index date.

    Attributes
    ----------
    structured : ndarray of float32, shape (cases, p)
        NaN where not recorded.
    text_unfitted : ndarray of float32, shape (cases, q)
        Features of the text that need no learning (lengths, vulnerabilities).
    text_features : TextFeatures or None
        Words and topics; None where there are none.
    """

    structured: np.ndarray
    text_unfitted: np.ndarray
    text_features: TextFeatures | None = None

    def matrices(self, predictor_set: str, fit_rows: np.ndarray, *apply_to: np.ndarray) -> list[Matrix]:
        """The predictors of `fit_rows` and of each of `apply_to`, words and topics learned from `fit_rows` alone.

        Parameters
        ----------
        predictor_set : {"structured", "text_and_structured"}
        fit_rows, *apply_to : ndarray of int
            Row numbers.

        Returns
        -------
        list of ndarray or csr_matrix
            Sparse where text is seen: a word that a document does not use is absent, a structured zero is stored.
        """
        wanted = (fit_rows, *apply_to)
        if predictor_set == "structured":
            return [self.structured[rows] for rows in wanted]
        blocks = [[every_value(self.structured[rows]), self.text_unfitted[rows]] for rows in wanted]
        if self.text_features is not None:
            fitted = self.text_features.fit(fit_rows)
            for block, rows in zip(blocks, wanted, strict=True):
                block.append(fitted.transform(rows))
        return [side_by_side(block) for block in blocks]


def every_value(dense: np.ndarray) -> sparse.csr_matrix:
    """A sparse matrix that stores every value, zeros too: to the trees only what is not stored is missing."""
    rows, columns = dense.shape
    starts = np.arange(0, dense.size + 1, max(columns, 1))[: rows + 1]
    return sparse.csr_matrix((dense.ravel(), np.tile(np.arange(columns), rows), starts), shape=dense.shape)


def side_by_side(blocks: Sequence[Matrix]) -> sparse.csr_matrix:
    """The columns of several matrices, one block after another."""
    return sparse.hstack([sparse.csr_matrix(block) for block in blocks], format="csr", dtype=np.float32)
