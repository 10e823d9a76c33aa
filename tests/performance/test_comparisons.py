"""Two designs differ only if both the interval and the permutation say so, on the same cases."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from analysis.performance.comparisons import comparisons, paired_difference, settled_p_value, swap_p_value, verdict
from analysis.performance.ranking import average_precision


@pytest.fixture(scope="module")
def table(designs, world, protocol):
    return comparisons(designs, world.cases, protocol)


def test_there_are_two_comparisons_of_each_kind(table):
    assert table["comparison"].tolist() == ["text_v_structured"] * 2 + ["earlier_v_all"] * 2


def test_both_designs_are_measured_on_the_test_cases_of_the_first(table, designs, world):
    for row in table.itertuples():
        rows = designs[row.first].split.test
        outcome = world.cases.outcome[rows]
        for slug, found in ((row.first, row.first_average_precision), (row.second, row.second_average_precision)):
            assert found == pytest.approx(
                average_precision_score(outcome, designs[slug].out_of_sample_risk[rows]), abs=1e-12
            )
        assert row.difference == pytest.approx(row.first_average_precision - row.second_average_precision)


def test_the_published_rule_looks_at_each_design_s_own_test_cases(table, designs, world):
    for row in table.itertuples():
        first, second = (
            round(average_precision(world.cases.outcome[designs[slug].split.test], designs[slug].test_risk), 2)
            for slug in (row.first, row.second)
        )
        expected = "tie" if first == second else "better" if first > second else "worse"
        assert row.published_rule_verdict == expected


def test_identical_risks_never_differ():
    random = np.random.default_rng(0)
    outcome, risk, family = random.random(200) < 0.2, random.random(200), np.repeat(np.arange(100), 2)
    assert swap_p_value(outcome, risk, risk, family, permutations=99, seed=1) == 1.0
    weights = random.integers(0, 3, size=(100, 9)).astype(float)
    assert (paired_difference(outcome, risk, risk, family, weights) == 0).all()


def test_a_risk_on_another_scale_is_no_different():
    random = np.random.default_rng(0)
    outcome, risk, family = random.random(200) < 0.2, random.random(200), np.repeat(np.arange(100), 2)
    assert swap_p_value(outcome, risk, risk**3 / 10, family, permutations=99, seed=1) == 1.0


def test_the_permutation_equals_swapping_and_sorting_anew():
    random = np.random.default_rng(4)
    outcome, first, second = random.random(60) < 0.3, random.integers(1, 20, 60), random.integers(1, 20, 60)
    family = np.repeat(np.arange(20), 3)
    ours = swap_p_value(outcome, first, second, family, permutations=200, seed=7)
    swapped = np.random.default_rng([7, 20]).integers(0, 2, size=(20, 200)).astype(bool)[family]
    ranks = [_midrank(values) for values in (first, second)]
    differences = [
        average_precision_score(outcome, np.where(swap, *ranks[::-1]))
        - average_precision_score(outcome, np.where(swap, *ranks))
        for swap in swapped.T
    ]
    found = average_precision_score(outcome, ranks[0]) - average_precision_score(outcome, ranks[1])
    assert ours == (1 + np.sum(np.abs(differences) >= abs(found) - 1e-12)) / 201


def _midrank(values):
    return np.array([(values < value).sum() + ((values == value).sum() + 1) / 2 for value in values])


def test_two_equal_models_are_told_apart_at_the_stated_rate():
    """Two independently noisy views of one truth: p below .05 in about 5% of 300 worlds (standard error 1.3 points)."""
    p_values = []
    for seed in range(300):
        random = np.random.default_rng(seed)
        truth = np.repeat(random.normal(size=80), 2)
        outcome = random.random(160) < 1 / (1 + np.exp(1.5 - truth))
        first, second = truth + random.normal(size=(2, 160))
        family = np.repeat(np.arange(80), 2)
        p_values.append(swap_p_value(outcome, first, second, family, permutations=199, seed=seed))
    assert 0.02 <= np.mean(np.array(p_values) < 0.05) <= 0.08


def test_a_better_model_is_found():
    random = np.random.default_rng(2)
    truth = random.normal(size=600)
    outcome = random.random(600) < 1 / (1 + np.exp(2 - 2 * truth))
    family = np.repeat(np.arange(300), 2)
    assert swap_p_value(outcome, truth, random.normal(size=600), family, permutations=199, seed=1) == 1 / 200


@pytest.mark.parametrize(
    ("low", "high", "p_value", "expected"),
    [
        (0.01, 0.05, 0.01, "better"),
        (-0.05, -0.01, 0.01, "worse"),
        (-0.01, 0.05, 0.01, "no clear difference"),  # the interval holds 0
        (0.01, 0.05, 0.05, "no clear difference"),  # the p-value is not below alpha
        (float("nan"), float("nan"), float("nan"), "no clear difference"),
    ],
)
def test_the_verdict_needs_both(low, high, p_value, expected):
    assert verdict(low, high, p_value, 0.05) == expected


def test_near_alpha_the_verdict_does_not_hang_on_the_seed(protocol):
    """A difference whose p-value is near .05: with 1,000 permutations its seeds differ by more than with 20,000."""
    random = np.random.default_rng(8)
    truth = random.normal(size=300)
    outcome = random.random(300) < 1 / (1 + np.exp(1.5 - 1.5 * truth))
    family = np.repeat(np.arange(150), 2)
    noise = random.normal(size=(2, 300))
    for more in np.linspace(0, 2, 41):
        pair = outcome, truth + noise[0], truth + (1 + more) * noise[1], family
        if 0.045 < swap_p_value(*pair, permutations=1000, seed=1) < 0.06:
            break
    few = [swap_p_value(*pair, permutations=1000, seed=seed) for seed in range(6)]
    settled = [
        settled_p_value(protocol.model_copy(update={"seeds": protocol.seeds.model_copy(update={"analysis": s})}), *pair)
        for s in range(6)
    ]
    assert np.std(settled) < np.std(few) / 2
    assert len({p < 0.05 for p in settled}) == 1


def test_far_from_alpha_the_first_permutations_stand(protocol):
    """The risk is the outcome itself against chance: no permutation comes near, so p is 1 in 1 + permutations."""
    random = np.random.default_rng(0)
    outcome = random.random(200) < 0.2
    p_value = settled_p_value(
        protocol, outcome, outcome.astype(float), random.random(200), np.repeat(np.arange(100), 2)
    )
    assert p_value == 1 / (1 + protocol.uncertainty.permutations)


def test_each_comparison_says_what_it_could_have_shown(table):
    """(1.96 + .84) standard errors; the interval is about 2 x 1.96 of them wide."""
    width = table["difference_high"] - table["difference_low"]
    assert (table["minimum_detectable_difference"] / width).between(0.55, 0.9).all()  # 2.8 / 3.92 = .71
