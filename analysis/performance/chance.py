"""What a model that knows nothing would score on the same test cases, by permutation.

A guess does not score the prevalence: with few outcomes average precision is above it in the mean, and how far it
strays depends on the test cases. So each model is set beside permutations of its own test cases, in which families
with the same number of cases exchange their outcomes. That keeps the prevalence, the risks, and siblings together.
"""

import numpy as np
import pandas as pd

from analysis.model import Cases
from analysis.performance.metrics import Designs, share
from analysis.performance.ranking import WeightedCounts
from analysis.performance.resampling import TestCases
from analysis.protocol.values import Protocol

COLUMNS = ["design", "metric", "cases", "positives", "value"]
COLUMNS += ["chance_mean", "chance_low", "chance_high", "p_value", "better_than_chance"]


def chance(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Each metric beside its values under permuted outcomes, and whether it is better than those: the table "chance".

    The band holds the protocol's level of the permutations. The p-value is one-sided, (1 + those at least as high) /
    (1 + permutations); a model is better than chance when it is below half of the protocol's alpha.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "chance", unrounded; its record describes the columns.
    """
    rows = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        outcomes = permuted_outcomes(test, protocol.uncertainty.permutations, seed=protocol.seeds.analysis)
        scores = metric_scores(outcomes, test.risk, protocol.standard_prevalence.value)
        counted = {"design": slug, "cases": len(test.rows), "positives": int(test.outcome.sum())}
        rows += [counted | {"metric": metric} | _cells(score, protocol) for metric, score in scores.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def permuted_outcomes(test: TestCases, permutations: int, *, seed: int) -> np.ndarray:
    """The outcomes as they are, then permuted between families of the same size, shape (cases, 1 + permutations).

    A family whose number of cases no other has keeps its outcomes.

    Parameters
    ----------
    test : TestCases
    permutations : int, 1 or more
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    ndarray
    """
    size = np.bincount(test.family, minlength=test.families)
    random = np.random.default_rng([seed, len(test.rows)])
    order = np.argsort(test.family, kind="stable")
    start = np.r_[0, np.cumsum(size)[:-1]]
    outcomes = np.repeat(test.outcome[:, None], 1 + permutations, axis=1)
    for cases in np.unique(size):
        alike = np.flatnonzero(size == cases)
        rows = order[start[alike][:, None] + np.arange(cases)]  # families x places in the family
        drawn = random.permuted(np.tile(np.arange(len(alike)), (permutations, 1)), axis=1)
        outcomes[rows, 1:] = test.outcome[rows][drawn].transpose(1, 2, 0)
    return outcomes


def metric_scores(outcomes: np.ndarray, risk: np.ndarray, prevalence: float) -> dict[str, np.ndarray]:
    """Each metric of one list of risks under each list of outcomes.

    Parameters
    ----------
    outcomes : ndarray of bool, shape (cases, lists)
    risk : ndarray of float, shape (cases,)
    prevalence : float
        At which average precision is standardised.

    Returns
    -------
    dict of str to ndarray
    """
    order = np.argsort(-risk, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(risk[order]) != 0])
    positives = np.add.reduceat(outcomes[order].astype(np.float32), starts, axis=0)
    negatives = np.diff(np.r_[starts, len(risk)])[:, None] - positives
    counts = WeightedCounts(positives, negatives, np.cumsum(negatives, axis=0), np.zeros(outcomes.shape[1]))
    precision, observed = counts.average_precision(), counts.prevalence
    return {
        "average_precision": precision,
        "standardised_average_precision": counts.standardised_average_precision(prevalence),
        "skill": share(precision - observed, 1 - observed),
        "auc": counts.auc(),
    }


def _cells(scores: np.ndarray, protocol: Protocol) -> dict:
    value, permuted, level = scores[0], scores[1:], protocol.uncertainty.level
    low, high = np.quantile(permuted, [(1 - level) / 2, (1 + level) / 2])
    p_value = (1 + (permuted >= value - 1e-12).sum()) / (1 + len(permuted))
    band = {"chance_mean": permuted.mean(), "chance_low": low, "chance_high": high, "p_value": p_value}
    return {"value": value} | band | {"better_than_chance": "yes" if p_value < protocol.comparison.alpha / 2 else "no"}
