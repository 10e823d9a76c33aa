"""What is better than chance is decided by permutations of the very test cases, at the stated rate."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.model import Cases
from analysis.performance.chance import chance, metric_scores, permuted_outcomes
from analysis.performance.ranking import rank
from analysis.performance.resampling import TestCases


def test_set(seed, families=120, prevalence=0.12):
    """Families of one to three; siblings alike in outcome and in risk, the two unrelated."""
    random = np.random.default_rng(seed)
    family = np.repeat(np.arange(families), random.integers(1, 4, families))
    outcome = random.random(len(family)) < prevalence * (0.2 + 1.6 * (random.random(families) < 0.5))[family]
    risk = np.round(random.normal(size=families)[family] + 0.3 * random.normal(size=len(family)), 1)
    return TestCases(np.arange(len(family)), outcome, risk, family, 0.5)


test_set.__test__ = False


def test_the_scores_are_those_of_the_other_code():
    test = test_set(0)
    scores = metric_scores(np.stack([test.outcome, test.outcome[::-1]], axis=1), test.risk, 0.05)
    for place, outcome in enumerate((test.outcome, test.outcome[::-1])):
        assert scores["average_precision"][place] == pytest.approx(average_precision_score(outcome, test.risk))
        assert scores["auc"][place] == pytest.approx(roc_auc_score(outcome, test.risk))
        counts = rank(outcome, test.risk).count(np.ones((len(outcome), 1)))
        expected = counts.standardised_average_precision(0.05)[0]
        assert scores["standardised_average_precision"][place] == pytest.approx(expected)


def test_permuting_keeps_the_prevalence_and_keeps_siblings_together():
    test = test_set(1)
    outcomes = permuted_outcomes(test, 50, seed=3)
    assert (outcomes[:, 0] == test.outcome).all() and (outcomes.sum(axis=0) == test.outcome.sum()).all()
    per_family = np.stack([np.bincount(test.family, weights=column) for column in outcomes.T])
    assert (np.sort(per_family, axis=1) == np.sort(per_family[0])).all()
    assert (per_family[1:] != per_family[0]).any(axis=1).all()


@pytest.mark.parametrize("metric", ["average_precision", "standardised_average_precision", "skill", "auc"])
def test_risks_that_know_nothing_are_better_than_chance_at_the_stated_rate(metric):
    """Of 400 test sets 2.5% (standard error .8): the lower end of skill's own interval passes 10.9%."""
    passed = []
    for seed in range(400):
        test = test_set(seed, families=60)
        scores = metric_scores(permuted_outcomes(test, 199, seed=seed), test.risk, 0.05)[metric]
        passed.append((1 + (scores[1:] >= scores[0] - 1e-12).sum()) / 200 < 0.025)
    assert 0.002 <= np.mean(passed) <= 0.05


def test_a_guess_scores_more_than_the_prevalence():
    """With few outcomes the mean average precision of permuted outcomes is above their prevalence."""
    test = test_set(2, families=60)
    scores = metric_scores(permuted_outcomes(test, 500, seed=1), test.risk, 0.05)["average_precision"]
    assert scores[1:].mean() > test.outcome.mean() * 1.1


def test_planted_signal_is_better_and_its_value_is_that_of_the_table(designs, world, protocol):
    table = chance(designs, world.cases, protocol)
    assert len(table) == 4 * len(designs)
    rows = table[table["design"] == "structured-all_cases"]
    assert (rows["better_than_chance"] == "yes").all() and (rows["value"] > rows["chance_high"]).all()
    design = designs["structured-all_cases"]
    expected = average_precision_score(world.cases.outcome[design.split.test], design.test_risk)
    assert rows.set_index("metric")["value"]["average_precision"] == pytest.approx(expected)


def test_scrambled_outcomes_are_not_better(designs, world, protocol):
    scrambled = np.random.default_rng(4).permutation(world.cases.outcome)
    table = chance(designs, Cases(scrambled, world.cases.family, world.cases.index_date), protocol)
    assert (table["better_than_chance"] == "no").sum() >= len(table) - 4
