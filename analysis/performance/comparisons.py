"""Designs compared on the same test cases: text against structured data, earlier cases against all.

Text against structured data: both designs were tested on the same cases.

Earlier cases against all: the two have test cases of their own, and each design's score on its own is in the table
"performance". The comparison here is made on the test cases of the earlier design. There the design that learned from
all cases gives each case the risk of a model that saw none of its family: the chosen model out of fold, or on test
where the case is also one of its own test cases. So both risks of a case are out of sample, and the difference is
what is lost by knowing the past alone (later cases, and with them a share of the number of cases).
"""

import numpy as np
import pandas as pd

from analysis.model import Cases, FittedDesign
from analysis.performance.metrics import Designs
from analysis.performance.ranking import average_precision, rank
from analysis.performance.resampling import (
    estimate,
    family_codes,
    family_weights,
    minimum_detectable_difference,
    with_point,
)
from analysis.protocol.values import Protocol

BETTER, WORSE, NO_CLEAR_DIFFERENCE, TIE = "better", "worse", "no clear difference", "tie"
BATCH = 1000  # permutations held in memory at once
SHARED = {
    "all_cases": "learned from all cases",
    "earlier_cases": "learned from earlier cases",
    "structured": "structured data",
    "text_and_structured": "text and structured data",
}


def comparisons(designs: Designs, cases: Cases, protocol: Protocol) -> pd.DataFrame:
    """Every comparison of two designs, first minus second, on the same cases: the table "comparisons".

    The interval is a paired family bootstrap; the p-value is of a permutation that swaps the two designs' risks
    within whole families. The published rule looks at each design's average precision on its own test cases,
    at two decimals.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "comparisons", unrounded; its record describes the columns.
    """
    return pd.DataFrame([_comparison_row(cases, protocol, *pair) for pair in _pairs(designs)])


def paired_difference(
    outcome: np.ndarray, first_risk: np.ndarray, second_risk: np.ndarray, family: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Difference in average precision, first minus second, under each weighting of the families.

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    first_risk : ndarray of float from 0 to 1, shape (cases,)
        By the first model.
    second_risk : ndarray of float from 0 to 1, shape (cases,)
        By the second model.
    family : ndarray of int, shape (cases,)
        Code of each case's family: families, not cases, are exchangeable.
    weights : ndarray of float, shape (replicates, families)
        How often each family is drawn in each bootstrap replicate.

    Returns
    -------
    ndarray
    """
    units = len(weights)
    first, second = (
        rank(outcome, risk, family, units).average_precision(weights) for risk in (first_risk, second_risk)
    )
    return first - second


def swap_p_value(
    outcome: np.ndarray,
    first_risk: np.ndarray,
    second_risk: np.ndarray,
    family: np.ndarray,
    *,
    permutations: int,
    seed: int,
) -> float:
    """Permutation p-value of no difference in average precision: whole families swap the two designs' risks.

    The risks are first replaced by their ranks, which leaves average precision as it is and makes the two designs
    exchangeable if neither ranks better. Each permutation is a weighting of the 2 n pairs (case, design), so one sort
    serves them all. Returns (1 + those at least as far from 0) / (1 + permutations).

    Parameters
    ----------
    outcome : ndarray of bool, shape (cases,)
    first_risk : ndarray of float from 0 to 1, shape (cases,)
        By the first model.
    second_risk : ndarray of float from 0 to 1, shape (cases,)
        By the second model.
    family : ndarray of int, shape (cases,)
        Code of each case's family: families, not cases, are exchangeable.
    permutations : int, 1 or more
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    float
    """
    families = int(family.max()) + 1
    random = np.random.default_rng([seed, families])
    ranks = np.r_[_ranks(first_risk), _ranks(second_risk)]
    unit = np.r_[family, family + families]  # a family's first risks, its second risks
    both = rank(np.r_[outcome, outcome], ranks, unit, 2 * families)
    whole, extreme = both.count(np.ones((2 * families, 1))), 0
    for done in range(0, permutations, BATCH):
        swapped = random.integers(0, 2, size=(families, min(BATCH, permutations - done))).astype(float)
        swapped = np.hstack([np.zeros((families, 1)), swapped])
        first = both.count(np.vstack([1 - swapped, swapped]))
        second = whole.less(first)  # what the other design is given: the rest of the pairs
        difference = first.average_precision() - second.average_precision()
        extreme += int((np.abs(difference[1:]) >= abs(difference[0]) - 1e-12).sum())
    return float((1 + extreme) / (1 + permutations))


def settled_p_value(protocol: Protocol, *risks_and_cases: np.ndarray) -> float:
    """The permutation p-value, from more permutations where the first leave the verdict to the seed.

    Parameters
    ----------
    *risks_and_cases : ndarray
        As `swap_p_value` takes them.
    """
    seed, alpha = protocol.seeds.analysis, protocol.comparison.alpha
    p_value = swap_p_value(*risks_and_cases, permutations=protocol.uncertainty.permutations, seed=seed)
    if not alpha / 3 < p_value < 3 * alpha:
        return p_value
    return swap_p_value(*risks_and_cases, permutations=protocol.comparison.permutations_near_alpha, seed=seed)


def verdict(low: float, high: float, p_value: float, alpha: float) -> str:
    """The protocol's rule: the interval excludes 0 and the permutation p-value is below alpha.

    Parameters
    ----------
    low : float
        Lower end of the interval.
    high : float
        Upper end of the interval.
    p_value : float from 0 to 1
    alpha : float from 0 to 1
        Level of significance.

    Returns
    -------
    str

    >>> verdict(0.01, 0.09, 0.02, 0.05), verdict(0.01, 0.09, 0.08, 0.05)
    ('better', 'no clear difference')
    """
    if p_value < alpha and low > 0:
        return BETTER
    return WORSE if p_value < alpha and high < 0 else NO_CLEAR_DIFFERENCE


def published_rule_verdict(first: float, second: float, decimals: int) -> str:
    """The published rule: any difference between the two as printed.

    Parameters
    ----------
    first : float from 0 to 1
        Average precision of the first model.
    second : float from 0 to 1
        Average precision of the second model.
    decimals : int, 0 or more

    Returns
    -------
    str

    >>> published_rule_verdict(0.154, 0.146, 2), published_rule_verdict(0.154, 0.151, 2)
    ('tie', 'tie')
    >>> published_rule_verdict(0.156, 0.154, 2)
    'better'
    """
    difference = round(first, decimals) - round(second, decimals)
    return TIE if abs(difference) < 10**-decimals / 2 else BETTER if difference > 0 else WORSE


def _pairs(designs: Designs) -> list[tuple[str, str, FittedDesign, FittedDesign]]:
    """(comparison, what both share, first design, second design), of the designs there are."""
    by_parts = {(design.design.predictors, design.design.learned_from): design for design in designs.values()}
    text = [
        ("text_v_structured", learned, ("text_and_structured", learned), ("structured", learned))
        for learned in ("all_cases", "earlier_cases")
    ]
    earlier = [
        ("earlier_v_all", seen, (seen, "earlier_cases"), (seen, "all_cases"))
        for seen in ("structured", "text_and_structured")
    ]
    return [
        (name, shared, by_parts[first], by_parts[second])
        for name, shared, first, second in text + earlier
        if first in by_parts and second in by_parts
    ]


def _comparison_row(
    cases: Cases,
    protocol: Protocol,
    name: str,
    shared: str,
    first: FittedDesign,
    second: FittedDesign,
) -> dict:
    rows = first.split.test
    outcome, family = cases.outcome[rows], family_codes(cases.family[rows])
    risks = first.out_of_sample_risk[rows], second.out_of_sample_risk[rows]
    seed, uncertainty = protocol.seeds.analysis, protocol.uncertainty
    weights = with_point(family_weights(int(family.max()) + 1, uncertainty, seed))
    replicates = paired_difference(outcome, *risks, family, weights)
    difference = estimate("difference", replicates, uncertainty.level)
    p_value = settled_p_value(protocol, outcome, *risks, family)
    first_own, second_own = (average_precision(cases.outcome[d.split.test], d.test_risk) for d in (first, second))
    return {
        "comparison": name,
        "within": SHARED[shared],
        "first": first.slug,
        "second": second.slug,
        "cases": len(rows),
        "positives": int(outcome.sum()),
        "first_average_precision": average_precision(outcome, risks[0]),
        "second_average_precision": average_precision(outcome, risks[1]),
        **difference,
        "minimum_detectable_difference": minimum_detectable_difference(replicates, protocol.comparison.alpha),
        "p_value": p_value,
        "verdict": verdict(
            difference["difference_low"], difference["difference_high"], p_value, protocol.comparison.alpha
        ),
        "published_rule_verdict": published_rule_verdict(
            first_own, second_own, protocol.comparison.published_rule_decimals
        ),
    }


def _ranks(risk: np.ndarray) -> np.ndarray:
    """Mid-ranks: tied risks share the mean of their places."""
    _, place, count = np.unique(risk, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]
