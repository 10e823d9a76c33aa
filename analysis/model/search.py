"""The search: every candidate on every fold, the best by mean average precision over the validation folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score

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
        by_fold = [_average_precisions(outcome, steps) for outcome, steps in zip(held, path, strict=True)]
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
    risks = []
    for family in dict.fromkeys(candidate.family for candidate in candidates):
        members = [candidate for candidate in candidates if candidate.family == family]
        risks += [given[0] for given in fitted_risks(members, train, cases.outcome[learned], [held])]
    return risks


def _average_precisions(outcome: np.ndarray, steps: np.ndarray) -> list[float]:
    return [average_precision_score(outcome, risk) for risk in steps]
