"""Learning curves: the chosen models fitted on more and more families, to see whether more cases would help.

The families of each size hold those of the smaller one. Families with an outcome and without are added in the
proportion of the whole. Hyper-parameters are the design's chosen ones at every size. Words and topics are learned once,
from the documents of all training cases: that needs no outcome, and it is outcomes that the curve counts. Validation is
on the design's test cases, the same at every size.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.model.cases import Cases, Predictors
from analysis.model.designs import FittedDesign
from analysis.model.risks import fitted_risks
from analysis.model.splits import family_outcomes
from analysis.protocol.values import Protocol

SMALLEST_SHARE = 1 / 8  # of the training families; the sizes rise from it by equal factors (ours)


@dataclass(frozen=True)
class CurveFit:
    """The chosen model fitted on a part of the training families.

    Attributes
    ----------
    size, repeat : int
        From 1. At the full size there is nothing to draw, so only one repeat.
    rows : ndarray of int
        The training cases it was fitted on.
    training_risk : ndarray, shape (rows,)
        Risks of those cases themselves.
    test_risk : ndarray, shape (test cases,)
    """

    size: int
    repeat: int
    rows: np.ndarray
    training_risk: np.ndarray
    test_risk: np.ndarray


def fit_learning_curves(
    designs: Mapping[str, FittedDesign], cases: Cases, predictors: Predictors, protocol: Protocol
) -> dict[str, tuple[CurveFit, ...]]:
    """Fit each design's chosen model on growing numbers of families, by the design's slug.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    predictors : Predictors
    protocol : Protocol

    Returns
    -------
    dict of str to tuple[CurveFit, ...]
    """
    return {slug: tuple(_fits(design, cases, predictors, protocol)) for slug, design in designs.items()}


def nested_rows(cases: Cases, rows: np.ndarray, sizes: int, seed: list[int]) -> list[np.ndarray]:
    """Rows of growing numbers of families; each size holds the one before, the last holds all.

    Families with and without an outcome are each put in random order and taken in the same proportion.

    Parameters
    ----------
    cases : Cases
    rows : ndarray of int
        Row numbers in `cases`.
    sizes : int, 1 or more
        Number of nested samples, the last of them all rows.
    seed : list of int

    Returns
    -------
    list of ndarray
    """
    random = np.random.default_rng(seed)
    families, positive = family_outcomes(cases, rows)
    place = np.empty(len(families))
    for kind in (positive, ~positive):
        place[kind] = random.permutation(kind.sum()) / max(kind.sum(), 1)
    member = np.searchsorted(families, cases.family[rows])
    shares = SMALLEST_SHARE ** np.linspace(1, 0, sizes)
    return [rows[place[member] < share] for share in shares]


def _fits(design: FittedDesign, cases: Cases, predictors: Predictors, protocol: Protocol) -> Iterator[CurveFit]:
    curves, train = protocol.learning_curves, design.split.train
    matrix, test = predictors.matrices(design.design.predictors, train, design.split.test)
    for repeat in range(curves.repeats):
        nested = nested_rows(cases, train, curves.sizes, [protocol.seeds.analysis, repeat])
        for size, rows in enumerate(nested, start=1):
            outcome = cases.outcome[rows]
            if (size < curves.sizes or repeat == 0) and 0 < outcome.sum() < len(outcome):
                learned = matrix[np.searchsorted(train, rows)]
                risks = fitted_risks([design.search.chosen.candidate], learned, outcome, [learned, test])[0]
                yield CurveFit(size, repeat + 1, rows, risks[0][0], risks[1][0])
