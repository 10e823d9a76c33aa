"""The search: every candidate on every fold, the best by mean average precision over the validation folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.model.candidates import Candidate
from analysis.model.cases import Cases, Predictors
from analysis.model.risks import ROUNDS, fitted_risks
from analysis.model.splits import Split


@dataclass(frozen=True)
class CandidateScore:
    """A candidate and its cross-validated score.

    Attributes
    ----------
    candidate : Candidate
        Boosting rounds included, where it has them.
    fold_average_precision : float
        Mean over the validation folds.
    standard_error : float
        Of that mean, from how the folds differ. Folds share training cases, so it is a little too small.
    """

    candidate: Candidate
    fold_average_precision: float
    standard_error: float = float("nan")


@dataclass(frozen=True)
class HyperparameterSearch:
    """The hyper-parameter search of one design: every candidate with its score.

    Attributes
    ----------
    tried : tuple of CandidateScore
        In the order drawn.
    chosen : CandidateScore
    fold_risk : ndarray, shape (cases,)
        Risk by the chosen candidate fitted without the case's fold; NaN for cases in no validation fold.
    """

    tried: tuple[CandidateScore, ...]
    chosen: CandidateScore
    fold_risk: np.ndarray


def search_candidates(
    candidates: Sequence[Candidate], predictors: Predictors, predictor_set: str, cases: Cases, split: Split
) -> HyperparameterSearch:
    """Try every candidate on every fold of the split; words and topics are learned once per fold, in the fold.

    Parameters
    ----------
    candidates : sequence of Candidate
    predictors : Predictors
    predictor_set : {"structured", "text_and_structured"}
    cases : Cases
    split : Split

    Returns
    -------
    HyperparameterSearch
    """
    of_folds = [_fold_risks(candidates, predictors, predictor_set, cases, fold) for fold in split.folds]
    held = [cases.outcome[validation] for _, validation in split.folds]
    tried, paths = [], []
    for place, candidate in enumerate(candidates):
        path = [risks[place] for risks in of_folds]
        by_fold = [average_precisions(outcome, steps) for outcome, steps in zip(held, path, strict=True)]
        score = np.mean(by_fold, axis=0)
        best = int(np.argmax(score))
        rounds = ROUNDS[best] if candidate.family == "xgboost" else None
        error = np.std([steps[best] for steps in by_fold], ddof=1) / np.sqrt(len(held))
        tried.append(CandidateScore(candidate.with_rounds(rounds), float(score[best]), float(error)))
        paths.append([steps[best] for steps in path])
    chosen = max(range(len(tried)), key=lambda place: tried[place].fold_average_precision)
    fold_risk = np.full(len(cases), np.nan)
    for (_, validation), risk in zip(split.folds, paths[chosen], strict=True):
        fold_risk[validation] = risk
    return HyperparameterSearch(tuple(tried), tried[chosen], fold_risk)


def _fold_risks(candidates, predictors, predictor_set, cases, fold) -> list[np.ndarray]:
    """Risks of one fold's validation cases by each candidate, shape (steps, cases) each."""
    learned, validation = fold
    train, held = predictors.matrices(predictor_set, learned, validation)
    return [given[0] for given in fitted_risks(candidates, train, cases.outcome[learned], [held])]


def average_precisions(outcome: np.ndarray, steps: np.ndarray) -> list[float]:
    """Average precision of each list of risks, to the last digit scikit-learn's, without its checks of each list.

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
        Some with and some without.
    steps : ndarray, shape (steps, cases)

    Returns
    -------
    list of float
    """
    return [_average_precision(outcome, risk) for risk in steps]


def _average_precision(outcome: np.ndarray, risk: np.ndarray) -> float:
    order = np.argsort(-risk, kind="stable")
    last = np.r_[np.flatnonzero(np.diff(risk[order])), len(order) - 1]  # of each block of equal risk
    true = np.cumsum(outcome[order], dtype=float)[last]
    precision, recall = true / (last + 1), true / true[-1]
    return float(max(0.0, -np.sum(np.diff(np.r_[recall[::-1], 0.0]) * precision[::-1])))
