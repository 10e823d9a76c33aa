"""Risks from candidate models: fitted on some cases, given to others.

One thread and a fixed seed each, so the same cases give the same risks. Preparation (scaling, binning) is learned
from the training cases once and shared by all candidates.
"""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import xgboost
from scipy import sparse
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.model.candidates import Candidate
from analysis.model.cases import Matrix

ROUNDS = (15, 30, 60, 100)  # of boosting, after which a model is read off as a candidate (ours)
BINS = 32  # of a predictor's values; more, such as XGBoost's own 256, take longer (ours)
ONE_THREAD = {"nthread": 1, "tree_method": "hist", "max_bin": BINS, "verbosity": 0}


def fitted_risks(
    candidates: Sequence[Candidate], train: Matrix, outcome: np.ndarray, apply_to: Sequence[Matrix]
) -> list[list[np.ndarray]]:
    """Risks of the cases in each of `apply_to`, by each candidate fitted on `train`.

    Parameters
    ----------
    candidates : sequence of Candidate
    train : ndarray or csr_matrix, shape (cases, predictors)
    outcome : ndarray of bool, shape (cases,)
    apply_to : sequence of ndarray or csr_matrix

    Returns
    -------
    list over candidates of list over `apply_to` of ndarray, shape (steps, cases)
        One step, but for a boosted candidate without "rounds": then one for each of `ROUNDS`.
    """
    binned = cache(lambda: _binned(train, outcome))
    risks: dict[int, list[np.ndarray]] = {}
    for family in dict.fromkeys(candidate.family for candidate in candidates):
        places = [place for place, candidate in enumerate(candidates) if candidate.family == family]
        given = _FAMILIES[family]([candidates[place] for place in places], train, outcome, apply_to, binned)
        risks |= zip(places, given, strict=True)
    return [risks[place] for place in range(len(candidates))]


Binned = Callable[[], xgboost.QuantileDMatrix]


def _logistic_regression(candidates, train, outcome, apply_to, binned: Binned):
    """Ridge-penalised logistic regression; predictors standardised, missing values at the mean."""
    scale = make_pipeline(StandardScaler(), SimpleImputer(strategy="constant", fill_value=0.0))
    fitted_on = scale.fit_transform(_dense(train))
    others = [scale.transform(_dense(matrix)) for matrix in apply_to]
    risks = []
    for candidate in candidates:
        model = LogisticRegression(C=candidate.parameters["inverse_penalty"], max_iter=500)
        model.fit(fitted_on, outcome)
        risks.append([model.predict_proba(other)[:, 1][None] for other in others])
    return risks


def _decision_tree(candidates, train, outcome, apply_to, binned: Binned):
    """A single tree split by Gini impurity, which for a yes-or-no outcome is squared error.

    Grown as one unshrunken round of histogram boosting: the same tree as scikit-learn's where predictors have no
    more than `BINS` values, at about a thirtieth of the time. A leaf's risk is its share of cases with the outcome.
    """
    others = [_as_read(matrix) for matrix in apply_to]
    risks = []
    for candidate in candidates:
        settings = {
            **ONE_THREAD,
            "objective": "reg:squarederror",
            "eta": 1.0,
            "reg_lambda": 0.0,
            "max_depth": candidate.parameters["max_depth"],
            "min_child_weight": candidate.parameters["cases_per_leaf"],
        }
        tree = xgboost.train(settings, binned(), 1)
        risks.append([np.clip(tree.inplace_predict(other), 0, 1)[None] for other in others])
    return risks


def _xgboost(candidates, train, outcome, apply_to, binned: Binned):
    """Boosted trees by histogram, a missing value sent the way that serves best."""
    others = [_as_read(matrix) for matrix in apply_to]
    risks = []
    for candidate in candidates:
        parameters = dict(candidate.parameters)
        rounds = parameters.pop("rounds", None)
        steps = ROUNDS if rounds is None else (rounds,)
        settings = {**ONE_THREAD, "objective": "binary:logistic", "seed": candidate.draw, **parameters}
        booster = xgboost.train(settings, binned(), steps[-1])
        risks.append(
            [
                np.stack([booster.inplace_predict(other, iteration_range=(0, step)) for step in steps])
                for other in others
            ]
        )
    return risks


_FAMILIES = {
    "logistic_regression": _logistic_regression,
    "decision_tree": _decision_tree,
    "xgboost": _xgboost,
}


def _binned(train: Matrix, outcome: np.ndarray) -> xgboost.QuantileDMatrix:
    return xgboost.QuantileDMatrix(_as_read(train), label=outcome.astype(np.float32), max_bin=BINS, nthread=1)


def _as_read(matrix: Matrix) -> Matrix:
    return matrix if sparse.issparse(matrix) else np.ascontiguousarray(matrix, dtype=np.float32)


def _dense(matrix: Matrix) -> np.ndarray:
    return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
