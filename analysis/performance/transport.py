"""A model moved to another authority: as it comes, after recalibration, and beside the model made there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from analysis.model import Cases, FittedDesign
from analysis.model.risks import fitted_risks
from analysis.performance.comparisons import settled_p_value, verdict
from analysis.performance.metrics import share
from analysis.performance.ranking import rank
from analysis.performance.resampling import (
    estimate,
    family_codes,
    family_weights,
    minimum_detectable_difference,
    with_point,
)
from analysis.protocol.values import Protocol

AVERAGE_PRECISION, AUC, RATIO = "average_precision", "auc", "observed_expected_ratio"
COLUMNS = [
    "metric",
    *(f"{name}{end}" for name in ("own", "moved", "recalibrated", "difference") for end in ("", "_low", "_high")),
    "minimum_detectable_difference",
    "p_value",
    "verdict",
]


@dataclass(frozen=True)
class LocalModel:
    """An authority's cases of a question, what is known of each, and the model made there.

    Attributes
    ----------
    cases : Cases
    structured : pandas.DataFrame
        One column per structured predictor, in the order of the cases.
    design : FittedDesign
        A design that sees structured predictors alone.
    """

    cases: Cases
    structured: pd.DataFrame
    design: FittedDesign


def transport(home: LocalModel, away: LocalModel, protocol: Protocol) -> pd.DataFrame:
    """How well the home authority's model does on the away authority's test cases, one row per metric.

    The candidate chosen at home is fitted on the home training cases, with the predictors that both authorities have.
    It is compared with the away authority's own model on the same test cases, whose families neither has seen, under
    the same family bootstrap. "moved" is the model as it comes; "recalibrated" after an intercept and a slope were
    fitted on the away authority's training cases, which cannot change the order of the cases unless the slope is
    negative, and so neither average precision nor AUC.

    Parameters
    ----------
    home : LocalModel
    away : LocalModel
    protocol : Protocol

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`; the difference is moved minus own, its p-value and verdict are of average precision alone.
    """
    test, train = away.design.split.test, away.design.split.train
    on_train, on_test = _moved_risks(home, away, train, test)
    recalibrated = recalibrate(away.cases.outcome[train], on_train, on_test)
    outcome, family = away.cases.outcome[test], family_codes(away.cases.family[test])
    risks = {"own": away.design.test_risk, "moved": on_test, "recalibrated": recalibrated}
    families = int(family.max()) + 1
    weights = with_point(family_weights(families, protocol.uncertainty, protocol.seeds.analysis))
    scores = {name: _scores(outcome, risk, family, weights) for name, risk in risks.items()}
    p_value = settled_p_value(protocol, outcome, on_test, away.design.test_risk, family)
    rows = [_row(metric, scores, protocol, p_value) for metric in (AVERAGE_PRECISION, AUC, RATIO)]
    return pd.DataFrame(rows, columns=COLUMNS)


def recalibrate(outcome: np.ndarray, risk: np.ndarray, apply_to: np.ndarray) -> np.ndarray:
    """Risks after logistic recalibration: intercept and slope on the log-odds, fitted to the outcomes of other cases.

    Parameters
    ----------
    outcome, risk : ndarray, shape (n,)
        Cases to fit on.
    apply_to : ndarray, shape (m,)
        Risks to correct.

    Returns
    -------
    ndarray

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika, 45, 562-565.
    """
    model = sm.GLM(outcome.astype(float), sm.add_constant(_log_odds(risk)), family=sm.families.Binomial())
    return model.fit().predict(sm.add_constant(_log_odds(apply_to), has_constant="add"))


def _moved_risks(home: LocalModel, away: LocalModel, *rows: np.ndarray) -> list[np.ndarray]:
    shared = [name for name in home.structured if name in away.structured]
    learned = home.structured[shared].to_numpy(np.float32)[home.design.split.train]
    applied = [away.structured[shared].to_numpy(np.float32)[part] for part in rows]
    candidate, outcome = home.design.search.chosen.candidate, home.cases.outcome[home.design.split.train]
    return [steps[0] for steps in fitted_risks([candidate], learned, outcome, applied)[0]]


def _scores(outcome: np.ndarray, risk: np.ndarray, family: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Each metric under each weighting of the families."""
    counts = rank(outcome, risk, family, len(weights)).count(weights)
    observed, expected = (np.bincount(family, weights=v, minlength=len(weights)) @ weights for v in (outcome, risk))
    return {AVERAGE_PRECISION: counts.average_precision(), AUC: counts.auc(), RATIO: share(observed, expected)}


def _row(metric: str, scores: Mapping, protocol: Protocol, p_value: float) -> dict:
    level, alpha = protocol.uncertainty.level, protocol.comparison.alpha
    row: dict = {"metric": metric}
    for name, measured in scores.items():
        row |= estimate(name, measured[metric], level)
    if metric == RATIO:
        return row
    difference = scores["moved"][metric] - scores["own"][metric]
    row |= estimate("difference", difference, level)
    row["minimum_detectable_difference"] = minimum_detectable_difference(difference, alpha)
    if metric == AVERAGE_PRECISION:
        row |= {"p_value": p_value}
        row["verdict"] = verdict(row["difference_low"], row["difference_high"], p_value, alpha)
    return row


def _log_odds(risk: np.ndarray) -> np.ndarray:
    risk = np.clip(risk, 1e-6, 1 - 1e-6)
    return np.log(risk / (1 - risk))
