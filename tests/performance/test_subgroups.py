"""What three tests make of subgroups that are alike, and of one that is not."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests

from analysis.performance.ranking import rank
from analysis.performance.resampling import family_weights, interval
from analysis.performance.subgroup_pairs import _permuted_labels, holm, permutation_p_values, subgroup_pairs, test_a
from analysis.performance.subgroups import subgroups
from analysis.protocol import load_protocol

FAMILIES = 240
UNCERTAINTY = load_protocol().uncertainty.model_copy(update={"replicates": 200})


def equal_groups(seed, gap=0.0):
    """Families of one to three cases; a label at random by family; the same risk and outcome for all but the gap."""
    random = np.random.default_rng(seed)
    family = np.repeat(np.arange(FAMILIES), random.integers(1, 4, FAMILIES))
    first = (random.random(FAMILIES) < 0.4)[family]
    shared = random.normal(size=FAMILIES)[family] * 0.5
    score = random.normal(size=len(family)) + shared
    outcome = random.random(len(family)) < 1 / (1 + np.exp(1.7 - 1.2 * score))
    risk = np.where(first, score + gap * random.normal(size=len(family)), score)
    return first, outcome, risk, family


def tests_of_auc(seed):
    """Whether tests A, B and C find a difference in AUC between two equal groups."""
    first, outcome, risk, family = equal_groups(seed)
    weights = family_weights(FAMILIES, UNCERTAINTY, seed)
    one, other = (rank(outcome[group], risk[group], family[group], FAMILIES).auc(weights) for group in (first, ~first))
    low, high = interval(one - other, 0.95)
    p_value = permutation_p_values(first, outcome, risk, family, prevalence=0.2, permutations=199, seed=seed)["auc"]
    return test_a(one, other, 0.05) == "differ", not low <= 0 <= high, p_value < 0.05


tests_of_auc.__test__ = False


def test_on_equal_groups_test_c_keeps_its_size_test_b_nearly_and_test_a_not_at_all():
    """200 worlds of equal groups: the standard error of a rate of 5% is 1.5 points."""
    found = np.array([tests_of_auc(seed) for seed in range(200)])
    test_a_rate, test_b_rate, test_c_rate = found.mean(axis=0)
    assert 0.02 <= test_c_rate <= 0.08
    assert 0.01 <= test_b_rate <= 0.12
    assert test_a_rate > 0.8  # its n is the number of replicates: nearly every pair of equal groups "differs"


def test_average_precision_keeps_its_size_too():
    rejected = {"average_precision": 0, "standardised_average_precision": 0}
    for seed in range(200):
        first, outcome, risk, family = equal_groups(seed + 1000)
        p_values = permutation_p_values(first, outcome, risk, family, prevalence=0.2, permutations=199, seed=seed)
        for metric in rejected:
            rejected[metric] += p_values[metric] < 0.05
    for metric, count in rejected.items():
        assert 0.02 <= count / 200 <= 0.08, metric


def test_a_planted_gap_is_found_by_test_c():
    first, outcome, risk, family = equal_groups(1, gap=8.0)
    p_values = permutation_p_values(first, outcome, risk, family, prevalence=0.2, permutations=199, seed=1)
    assert p_values["auc"] < 0.05


def test_different_prevalence_alone_is_no_difference_in_ranking():
    """Twice the prevalence, the same risks given the outcome: average precision differs, test C does not object."""
    random = np.random.default_rng(3)
    first = np.repeat([True, False], 600)
    outcome = random.random(1200) < np.where(first, 0.3, 0.1)
    risk = random.normal(size=1200) + 1.2 * outcome
    p_values = permutation_p_values(first, outcome, risk, np.arange(1200), prevalence=0.2, permutations=199, seed=1)
    assert min(p_values.values()) > 0.05


def test_labels_move_with_their_families_and_groups_keep_their_outcomes():
    first, outcome, _, family = equal_groups(5)
    labels = _permuted_labels(first, outcome, family, 50, np.random.default_rng(0))
    assert (labels[:, 0] == first).all()
    for kind in (outcome, ~outcome):
        assert (labels[kind].sum(axis=0) == first[kind].sum()).all()
    for permuted in labels.T:  # the label was one per family and so it stays
        assert all(np.ptp(permuted[family == code]) == 0 for code in range(FAMILIES))
    assert (labels[:, 1:] != labels[:, :1]).any()


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_statsmodels(seed):
    p_values = np.random.default_rng(seed).random(7) ** 3
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


@pytest.fixture(scope="module")
def table(designs, world, characteristics, protocol):
    return subgroups(designs, world.cases, characteristics, protocol).set_index(
        ["design", "characteristic", "subgroup"]
    )


def test_the_subgroups_of_a_characteristic_are_all_test_cases(table, designs):
    for (slug, _), cases in table.groupby(["design", "characteristic"])["cases"].sum().items():
        assert cases == len(designs[slug].split.test)


def test_missing_is_a_subgroup(table):
    assert ("structured-all_cases", "disability", "Missing") in table.index


def test_too_few_outcomes_are_counted_but_not_assessed(table):
    small = table[table["positives"] < 5]
    assert len(small) > 0
    assert small["assessable"].eq("too small to assess: fewer than 5 cases with the outcome").all()
    measures = ["average_precision", "auc", "recall", "false_discovery_rate_low"]
    assert small[measures].isna().all(axis=None)
    assert table[table["positives"] >= 5]["auc"].notna().all()


def test_a_subgroup_s_auc_is_scikit_learns(table, designs, world, characteristics):
    rows = designs["structured-all_cases"].split.test
    female = characteristics["gender"].to_numpy()[rows] == "female"
    expected = roc_auc_score(world.cases.outcome[rows][female], designs["structured-all_cases"].test_risk[female])
    assert table.loc[("structured-all_cases", "gender", "female"), "auc"] == pytest.approx(expected, abs=1e-12)


def test_pairs_are_of_assessable_subgroups_and_carry_all_tests(designs, world, characteristics, protocol, table):
    pairs = subgroup_pairs(designs, world.cases, characteristics, protocol)
    assessable = table[table["assessable"] == "yes"].groupby(["design", "characteristic"]).size()
    expected = (assessable * (assessable - 1) / 2 * 3).sum()  # three metrics each
    assert len(pairs) == expected
    assert (pairs["test_c_adjusted_p_value"] >= pairs["test_c_p_value"]).all()
    assert (pairs["minimum_detectable_difference"] > 0).all()


def test_no_assessable_subgroup_gives_an_empty_table(designs, world, protocol):
    alone = pd.DataFrame({name: ["everyone"] * len(world.cases) for name in protocol.subgroups.characteristics})
    assert subgroup_pairs(designs, world.cases, alone, protocol).empty
