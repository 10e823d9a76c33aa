"""Subgroups head to head, under three tests, so that the reader sees how the finding depends on the test.

Test A  Two-sample test between the two bootstrap distributions, as if each replicate were an observation. Its number
        of observations is the number of replicates, which we choose: with enough of them any two groups differ.
Test B  The interval of the paired difference excludes 0; strictly, the two intervals do not overlap.
Test C  Permutation: families with the same pattern of outcomes exchange their members' labels, so each group keeps
        its numbers with and without the outcome; p-values are corrected by Holm's method within a characteristic.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from analysis.model import Cases
from analysis.performance.metrics import Designs
from analysis.performance.ranking import rank
from analysis.performance.resampling import (
    TestCases,
    estimate,
    family_codes,
    family_weights,
    interval,
    minimum_detectable_difference,
    with_point,
)
from analysis.performance.subgroups import RANKED, Subgroup, not_assessable, ranked_replicates, subgroups_of
from analysis.protocol.values import Protocol

DIFFER, NO_DIFFERENCE = "differ", "no difference"
COLUMNS = (
    "design characteristic first second metric difference difference_low difference_high test_a test_b test_b_strict "
    "test_c_p_value test_c_adjusted_p_value test_c minimum_detectable_difference"
).split()


def subgroup_pairs(designs: Designs, cases: Cases, characteristics: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Each pair of assessable subgroups of a characteristic, by design and metric: the table "subgroup_pairs".

    The minimum detectable difference is the smallest true difference that a two-sided test of the protocol's size
    finds four times in five: (z(1 - alpha / 2) + z(.8)) times the bootstrap standard error of the difference.

    Parameters
    ----------
    designs : dict of str to FittedDesign
        By the design's slug.
    cases : Cases
    characteristics : DataFrame, one row per case
        A column for each characteristic that makes subgroups.
    protocol : Protocol

    Returns
    -------
    DataFrame
        The table "subgroup_pairs", unrounded; its record describes the columns.
    """
    rows: list[dict] = []
    for slug, design in designs.items():
        test = TestCases.of(design, cases)
        weights = with_point(family_weights(test.families, protocol.uncertainty, protocol.seeds.analysis))
        groups = [
            group
            for group in subgroups_of(test, characteristics, protocol)
            if not not_assessable(test.outcome[group.members], protocol.subgroups.smallest_positives)
        ]
        rows += [{"design": slug, **row} for row in _characteristic_rows(groups, test, weights, protocol)]
    return correct_pairs(pd.DataFrame(rows, columns=COLUMNS), protocol.subgroups.alpha)


def permutation_p_values(
    first: np.ndarray,
    outcome: np.ndarray,
    risk: np.ndarray,
    family: np.ndarray,
    *,
    prevalence: float,
    permutations: int,
    seed: int,
) -> dict[str, float]:
    """Test C for two groups: p-value of each measure of `RANKED`.

    The null is that, given the outcome, risks are distributed alike in both groups. A difference is extreme if it is
    at least as far from the permutations' mean as the one found: average precision differs between groups of
    different prevalence even under the null, and that part is not held against the model.

    Parameters
    ----------
    first : ndarray of bool, shape (cases,)
        Whether the case is in the first group; else it is in the second.
    outcome : ndarray of bool, shape (cases,)
    risk : ndarray of float from 0 to 1, shape (cases,)
    family : ndarray of int, shape (cases,)
        Code of each case's family: families, not cases, are exchangeable.
    prevalence : float
        At which average precision is standardised.
    permutations : int, 1 or more
    seed : int
        From the protocol; the same seed gives the same result.

    Returns
    -------
    dict of str to float
    """
    random = np.random.default_rng([seed, len(first)])
    labels = _permuted_labels(first, outcome, family_codes(family), permutations, random)
    ranking = rank(outcome, risk)
    one, other = ranking.count(labels), ranking.count(1 - labels)
    differences = {
        "average_precision": one.average_precision() - other.average_precision(),
        "standardised_average_precision": one.standardised_average_precision(prevalence)
        - other.standardised_average_precision(prevalence),
        "auc": one.auc() - other.auc(),
    }
    return {name: _p_value(found) for name, found in differences.items()}


def test_a(first: np.ndarray, second: np.ndarray, alpha: float) -> str:
    """Welch's test between two sets of bootstrap replicates: what happens if replicates are taken for observations.

    Parameters
    ----------
    first : ndarray of float
        Bootstrap replicates of the first subgroup.
    second : ndarray of float
        Bootstrap replicates of the second subgroup.
    alpha : float from 0 to 1
        Level of significance.

    Returns
    -------
    str
    """
    first, second = first[np.isfinite(first)], second[np.isfinite(second)]
    return DIFFER if ttest_ind(first, second, equal_var=False).pvalue < alpha else NO_DIFFERENCE


test_a.__test__ = False  # type: ignore[attr-defined]  # pytest: a test of statistics, not of this code


def _characteristic_rows(
    groups: list[Subgroup], test: TestCases, weights: np.ndarray, protocol: Protocol
) -> list[dict]:
    prevalence = float(test.outcome.mean())
    found = [ranked_replicates(group, test, weights, prevalence) for group in groups]
    rows = []
    for (one, first), (other, second) in combinations(zip(groups, found, strict=True), 2):
        if one.characteristic == other.characteristic:
            p_values = _pair_p_values(one, other, test, prevalence, protocol)
            labels = {"characteristic": one.characteristic, "first": one.name, "second": other.name}
            rows += [
                {**labels, "metric": metric, "test_c_p_value": p_values[metric]}
                | _tests_a_and_b(first[metric], second[metric], protocol)
                for metric in RANKED
            ]
    return rows


def _tests_a_and_b(first: np.ndarray, second: np.ndarray, protocol: Protocol) -> dict:
    level, alpha = protocol.uncertainty.level, protocol.subgroups.alpha
    difference = estimate("difference", first - second, level)
    (first_low, first_high), (second_low, second_high) = interval(first[1:], level), interval(second[1:], level)
    apart = first_low > second_high or second_low > first_high
    excludes = difference["difference_low"] > 0 or difference["difference_high"] < 0
    return {
        **difference,
        "test_a": test_a(first[1:], second[1:], alpha),
        "test_b": DIFFER if excludes else NO_DIFFERENCE,
        "test_b_strict": DIFFER if apart else NO_DIFFERENCE,
        "minimum_detectable_difference": minimum_detectable_difference(first - second, alpha),
    }


def _pair_p_values(
    one: Subgroup, other: Subgroup, test: TestCases, prevalence: float, protocol: Protocol
) -> Mapping[str, float]:
    either = one.members | other.members
    return permutation_p_values(
        one.members[either],
        test.outcome[either],
        test.risk[either],
        test.family[either],
        prevalence=prevalence,
        permutations=protocol.uncertainty.permutations,
        seed=protocol.seeds.analysis,
    )


def _permuted_labels(
    first: np.ndarray, outcome: np.ndarray, family: np.ndarray, permutations: int, random: np.random.Generator
) -> np.ndarray:
    """The labels as they are, then permuted, shape (cases, 1 + permutations).

    Families with the same number of cases with and without the outcome exchange their whole lists of labels, each
    list in order of outcome. A sibling group thus stays as mixed or as alike as it was.
    """
    size = np.bincount(family)
    positive = np.bincount(family, weights=outcome).astype(int)
    order = np.lexsort((~outcome, family))
    start = np.r_[0, np.cumsum(size)[:-1]]
    labels = np.repeat(first[:, None], 1 + permutations, axis=1).astype(np.float32)
    for pattern in np.unique(np.stack([size, positive], axis=1), axis=0):
        alike = np.flatnonzero((size == pattern[0]) & (positive == pattern[1]))
        rows = order[start[alike][:, None] + np.arange(pattern[0])]  # families x places in the family
        lists = first[rows].astype(np.float32)
        if len(alike) > 1 and np.ptp(lists, axis=0).any():
            drawn = random.permuted(np.tile(np.arange(len(alike)), (permutations, 1)), axis=1)
            labels[rows, 1:] = lists[drawn].transpose(1, 2, 0)
    return labels


def _p_value(differences: np.ndarray) -> float:
    permuted = differences[1:][np.isfinite(differences[1:])]
    if not len(permuted) or not np.isfinite(differences[0]):
        return float("nan")
    centre = permuted.mean()
    extreme = np.abs(permuted - centre) >= abs(differences[0] - centre) - 1e-12
    return float((1 + extreme.sum()) / (1 + len(permuted)))


def holm(p_values: np.ndarray) -> np.ndarray:
    """P-values corrected by Holm's method: the k-th smallest of m times m - k + 1, none below the one before it.

    statsmodels has the same, but collects the interpreter's garbage at every call, which takes most of a page's time.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values)
    stepped = np.maximum.accumulate(p_values[order] * np.arange(len(p_values), 0, -1))
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


def correct_pairs(pairs: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """The pairs with test C's p-values corrected over the pairs of one design, characteristic and metric.

    The correction counts the pairs in the table, and so tells how many there are: the release gate, which leaves some
    out, makes it again over those that are left.

    Parameters
    ----------
    pairs : DataFrame
    alpha : float from 0 to 1
        Level of significance.

    Returns
    -------
    DataFrame
    """
    within = pairs.groupby(["design", "characteristic", "metric"])["test_c_p_value"]
    adjusted = within.transform(lambda p_values: holm(p_values.to_numpy(float)))
    verdicts = np.where(adjusted < alpha, DIFFER, NO_DIFFERENCE)
    return pairs.assign(test_c_adjusted_p_value=adjusted, test_c=verdicts)
