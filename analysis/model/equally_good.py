"""Models that score alike: other candidates within a standard error of the best, and the best on other families."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.model.candidates import Candidate
from analysis.model.cases import Cases, Predictors
from analysis.model.designs import FittedDesign
from analysis.model.risks import fitted_risks
from analysis.protocol import Protocol


@dataclass(frozen=True)
class Alternatives:
    """Risks of a design's test cases by models that are as good as its own, as far as the folds can tell.

    Attributes
    ----------
    predictors : int
        How many each of them sees, words and topics among them.
    candidates : ndarray, shape (equally good candidates, test cases)
        By each candidate within the protocol's standard errors of the best, fitted on all training cases; the chosen
        one is among them.
    refits : ndarray, shape (refits, test cases)
        By the chosen candidate fitted on family-bootstrap samples of the training cases.
    """

    predictors: int
    candidates: np.ndarray
    refits: np.ndarray


def fit_alternatives(
    designs: Mapping[str, FittedDesign], cases: Cases, predictors: Predictors, protocol: Protocol
) -> dict[str, Alternatives]:
    """The alternatives to each design's model, by the design's slug.

    Words and topics are learned once, from the documents of all training cases: that needs no outcome.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    predictors : Predictors
    protocol : Protocol

    Returns
    -------
    dict of str to Alternatives
    """
    return {slug: _alternatives(design, cases, predictors, protocol) for slug, design in designs.items()}


def equally_good(design: FittedDesign, standard_errors: float) -> list[Candidate]:
    """The candidates whose score on the folds is within so many standard errors of the best one's, it among them.

    Parameters
    ----------
    design : FittedDesign
    standard_errors : float
        How far below the best score a candidate may lie.

    Returns
    -------
    list of Candidate

    References
    ----------
    Breiman, L., Friedman, J., Olshen, R., & Stone, C. (1984). Classification and regression trees, section 3.4.3.
    """
    best = design.search.chosen
    margin = best.standard_error * standard_errors
    return [
        tried.candidate
        for tried in design.search.tried
        if tried is best or tried.fold_average_precision >= best.fold_average_precision - margin
    ]


def family_samples(cases: Cases, rows: np.ndarray, samples: int, *, seed: int) -> list[np.ndarray]:
    """Rows of families drawn with replacement; a family that is drawn twice is there twice.

    A draw without both outcomes, from which nothing can be learned, is drawn again.

    Parameters
    ----------
    cases : Cases
    rows : ndarray of int
        Row numbers in `cases`.
    samples : int, 1 or more
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    list of ndarray
    """
    random = np.random.default_rng([seed, len(rows)])
    order = np.argsort(cases.family[rows], kind="stable")
    members = np.split(rows[order], np.flatnonzero(np.diff(cases.family[rows][order])) + 1)
    drawn: list[np.ndarray] = []
    while len(drawn) < samples:
        sample = np.concatenate([members[family] for family in random.integers(0, len(members), len(members))])
        if 0 < cases.outcome[sample].sum() < len(sample):
            drawn.append(np.sort(sample))
    return drawn


def _alternatives(design: FittedDesign, cases: Cases, predictors: Predictors, protocol: Protocol) -> Alternatives:
    train, rules = design.split.train, protocol.equally_good
    matrix, test = predictors.matrices(design.design.predictors, train, design.split.test)
    alike = equally_good(design, rules.standard_errors)
    candidates = [given[0][0] for given in fitted_risks(alike, matrix, cases.outcome[train], [test])]
    chosen = design.search.chosen.candidate
    refits = [
        fitted_risks([chosen], matrix[np.searchsorted(train, rows)], cases.outcome[rows], [test])[0][0][0]
        for rows in family_samples(cases, train, rules.refits, seed=protocol.seeds.analysis)
    ]
    return Alternatives(matrix.shape[1], np.array(candidates), np.array(refits))
