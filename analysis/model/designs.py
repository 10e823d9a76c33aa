"""The designs: the predictor set crossed with the cases learned from, each fitted on the same rows."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import precision_recall_curve

from analysis.model.candidates import Candidate, draw_candidates
from analysis.model.cases import Cases, Predictors
from analysis.model.risks import fitted_risks
from analysis.model.search import HyperparameterSearch, search_candidates
from analysis.model.splits import Split, split_cases
from analysis.protocol.values import Design, Protocol


@dataclass(frozen=True)
class FittedDesign:
    """One design, its chosen model and the risks it gave to cases it had not seen.

    Attributes
    ----------
    design : Design
    split : Split
    search : Search
    threshold : float
        Risk at or above which a case is flagged: maximum F1 on the training cases' out-of-fold risks, then frozen.
    test_risk : ndarray, shape (test cases,)
        By the chosen candidate fitted on all training cases; in the order of `split.test`.
    returning_risk : ndarray, shape (returning cases,)
        By the same model, which may have learned from earlier cases of the same families; in the order of
        `split.returning`.
    """

    design: Design
    split: Split
    search: HyperparameterSearch
    threshold: float
    test_risk: np.ndarray
    returning_risk: np.ndarray

    @property
    def slug(self) -> str:
        return self.design.slug

    @property
    def out_of_sample_risk(self) -> np.ndarray:
        """Risk of every case by a model fitted without its family: out of fold, or on test; NaN elsewhere."""
        risk = self.search.fold_risk.copy()
        risk[self.split.test] = self.test_risk
        return risk


def fit_designs(
    cases: Cases, predictors: Predictors, protocol: Protocol, *, window_months: float
) -> dict[str, FittedDesign]:
    """Search, choose and fit a model for each design of the protocol.

    Designs that learn from the same cases share their split and folds, and every design tries the same candidates,
    so that what differs between two designs is what they saw.

    Parameters
    ----------
    cases : Cases
    predictors : Predictors
    protocol : Protocol
    window_months : float
        Length of the outcome window: the embargo of the designs that learn from earlier cases.

    Returns
    -------
    dict of str to FittedDesign
        By the design's slug, in the protocol's order.

    Raises
    ------
    CohortError
        If a split leaves too few families with the outcome on one side.
    """
    seed = protocol.seeds.analysis
    candidates = draw_candidates(protocol.models, seed=seed)
    splits = {
        learned_from: split_cases(learned_from, cases, protocol.splits, window_months=window_months, seed=seed)
        for learned_from in protocol.designs.learned_from
    }
    return {
        design.slug: _fit_design(design, candidates, predictors, cases, splits[design.learned_from])
        for design in protocol.design_list
    }


def _fit_design(design, candidates, predictors, cases, split) -> FittedDesign:
    search = search_candidates(candidates, predictors, design.predictors, cases, split)
    validated = np.flatnonzero(~np.isnan(search.fold_risk))
    threshold = maximum_f1_threshold(cases.outcome[validated], search.fold_risk[validated])
    risks = _risks(search.chosen.candidate, predictors, design.predictors, cases, split)
    return FittedDesign(design, split, search, threshold, *risks)


def risks_of_test_cases(
    candidate: Candidate, predictors: Predictors, predictor_set: str, cases: Cases, split: Split
) -> np.ndarray:
    """Risks of the test cases by this candidate, fitted on all training cases.

    Call it with other predictors (terms masked, documents left out) to ask what they were worth to a chosen model.

    Parameters
    ----------
    candidate : Candidate
    predictors : Predictors
    predictor_set : {"structured", "text_and_structured"}
    cases : Cases
    split : Split

    Returns
    -------
    ndarray
    """
    return _risks(candidate, predictors, predictor_set, cases, split)[0]


def _risks(
    candidate: Candidate, predictors: Predictors, predictor_set: str, cases: Cases, split: Split
) -> list[np.ndarray]:
    """Risks of the test cases, and of the returning cases, by this candidate fitted on all training cases."""
    applied_to = [rows for rows in (split.test, split.returning) if len(rows)]
    train, *others = predictors.matrices(predictor_set, split.train, *applied_to)
    given = fitted_risks([candidate], train, cases.outcome[split.train], others)[0]
    risks = [steps[0] for steps in given]
    return risks if len(risks) == 2 else [*risks, np.empty(0)]


def maximum_f1_threshold(outcome: np.ndarray, risk: np.ndarray) -> float:
    """The risk at or above which flagging gives the greatest F1, cut to four decimals (so it is no one's risk).

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    risk : ndarray of float from 0 to 1, shape (cases,)
        Out of sample.

    Returns
    -------
    float

    >>> maximum_f1_threshold(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.31117, 0.9]))
    0.3111
    """
    precision, recall, thresholds = precision_recall_curve(outcome, risk)
    total = precision + recall
    f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)[:-1]
    return float(np.floor(thresholds[np.argmax(f1)] * 1e4) / 1e4)
