"""Metrics and intervals mean what their names say."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, precision_score, recall_score

from analysis.performance.metrics import calibration_line, estimate_share, operating_point, performance, sample
from analysis.performance.resampling import TestCases, family_weights, interval
from analysis.protocol import load_protocol
from benchmarks.planted_world import plant_world


@pytest.fixture(scope="module")
def table(designs, world, protocol):
    return performance(designs, world.cases, protocol).set_index(["design", "metric"])


def test_the_parts_of_a_design_add_up(designs, world):
    rows = sample(designs, world.cases).set_index(["design", "part"])
    assert rows.loc["structured-all_cases", "cases"].sum() == len(world.cases)
    assert rows.loc["structured-all_cases", "families"].sum() == world.cases.family.max() + 1
    assert (rows["prevalence"] == rows["positives"] / rows["cases"]).all()


def test_the_values_are_scikit_learns(table, designs, world):
    for slug, design in designs.items():
        outcome = world.cases.outcome[design.split.test]
        assert table.loc[(slug, "average_precision"), "value"] == pytest.approx(
            average_precision_score(outcome, design.test_risk), abs=1e-12
        )
        assert table.loc[(slug, "brier_score"), "value"] == pytest.approx(brier_score_loss(outcome, design.test_risk))
        assert table.loc[(slug, "average_precision"), "chance"] == pytest.approx(outcome.mean())


def test_every_interval_holds_its_value(table):
    assert (table["value_low"] <= table["value"]).all()
    assert (table["value"] <= table["value_high"]).all()


def test_skill_is_0_at_prevalence_and_1_at_perfection(table):
    precision, skill = (table.xs(metric, level="metric") for metric in ("average_precision", "skill"))
    prevalence = precision["chance"]
    assert (skill["value"] - (precision["value"] - prevalence) / (1 - prevalence)).abs().max() < 1e-12


def test_the_operating_point_is_scikit_learns(designs, world, protocol):
    rows = operating_point(designs, world.cases, protocol).set_index("design")
    for slug, design in designs.items():
        outcome, flagged = world.cases.outcome[design.split.test], design.test_risk >= design.threshold
        assert rows.loc[slug, "precision"] == pytest.approx(precision_score(outcome, flagged))
        assert rows.loc[slug, "recall"] == pytest.approx(recall_score(outcome, flagged))
        assert rows.loc[slug, "accuracy"] == pytest.approx(accuracy_score(outcome, flagged))
        quarters = ["true_positives", "false_positives", "false_negatives", "true_negatives"]
        assert rows.loc[slug, quarters].sum() == rows.loc[slug, "cases"]


def test_a_planted_calibration_comes_back():
    """The true risk has intercept 0 and slope 1; log-odds doubled and moved by 1 have slope 1/2."""
    world = plant_world(30_000, seed=31, prevalence=0.2)
    log_odds = np.log(world.true_risk / (1 - world.true_risk))
    doubled = 1 / (1 + np.exp(-(2 * log_odds + 1)))
    true = calibration_line(world.cases.outcome, world.true_risk, world.cases.family, 0.95)
    wrong = calibration_line(world.cases.outcome, doubled, world.cases.family, 0.95)
    assert true["calibration_slope"][0] == pytest.approx(1, abs=0.06)
    assert true["calibration_intercept"][0] == pytest.approx(0, abs=0.06)
    assert wrong["calibration_slope"][0] == pytest.approx(1 / 2, abs=0.03)
    low, high = wrong["calibration_slope"][1:]
    assert low < 1 / 2 < high < 1


def test_one_outcome_alone_has_no_calibration():
    found = calibration_line(np.zeros(9, bool), np.linspace(0.1, 0.9, 9), np.arange(9), 0.95)
    assert np.isnan(found["calibration_slope"]).all()


def test_the_family_bootstrap_is_wider_than_the_cases_where_siblings_are_alike():
    """Ten copies of each case as siblings: the variance of a mean is that of the families, ten times the naive one."""
    uncertainty = load_protocol().uncertainty
    random = np.random.default_rng(0)
    value = np.repeat(random.random(200) < 0.3, 10)
    by_family = np.bincount(np.repeat(np.arange(200), 10), weights=value) @ family_weights(200, uncertainty, 1) / 2000
    by_case = value @ family_weights(2000, uncertainty, 1) / 2000
    assert by_family.var() / by_case.var() == pytest.approx(10, rel=0.2)


def test_every_family_is_drawn_as_often_as_another_on_average():
    weights = family_weights(50, load_protocol().uncertainty, 3)
    assert (weights.sum(axis=0) == 50).all()
    assert weights.mean(axis=1) == pytest.approx(np.ones(50), abs=0.15)  # five standard errors of 1 / sqrt(1000)


def test_too_few_replicates_that_can_be_computed_give_no_interval():
    assert np.isnan(interval(np.array([0.1, 0.2, np.nan, np.nan, np.nan]), 0.95)).all()


def test_families_of_the_test_cases_are_numbered_from_0(designs, world):
    test = TestCases.of(designs["structured-all_cases"], world.cases)
    assert sorted(set(test.family)) == list(range(test.families))


@pytest.mark.parametrize(("events", "of"), [(0, 67), (19, 19)])
def test_a_share_of_none_or_of_all_has_its_exact_interval(events, of):
    """The end farther away is where so extreme a share has probability .025: 1 - .025^(1/67) = 5.4%."""
    cells = estimate_share("precision", np.full(9, float(events)), np.full(9, float(of)), level=0.95)
    farther = 1 - 0.025 ** (1 / of)
    expected = (0, farther) if events == 0 else (1 - farther, 1)
    assert (cells["precision_low"], cells["precision_high"]) == pytest.approx(expected)


def test_a_share_of_nothing_has_no_interval():
    cells = estimate_share("precision", np.zeros(9), np.zeros(9), level=0.95)
    assert np.isnan(list(cells.values())).all()
