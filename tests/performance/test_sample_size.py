"""How many cases a model needs: values printed by Riley and others, and simulation."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.performance.sample_size import (
    auc_interval,
    average_precision,
    average_precision_interval,
    cases_for_r2,
    cases_needed,
    cox_snell_r2,
    expected_shrinkage,
    largest_r2,
)


@pytest.mark.parametrize(
    ("predictors", "prevalence", "r2", "printed"),
    [
        (30, 0.05, 0.05, 5249),  # Riley et al. 2020, BMJ 368:m441
        (24, 0.174, 0.288, 662),  # Riley et al. 2019, Statistics in Medicine 38:1276, Chagas disease
    ],
)
def test_the_cases_needed_are_those_printed(predictors, prevalence, r2, printed):
    assert abs(cases_for_r2(predictors, prevalence, r2=r2) - printed) < 1.5


def test_the_shrinkage_at_the_cases_needed_is_that_of_the_criterion_that_asks_for_most():
    """Chagas disease: the printed 662 are those of the second criterion, R2 / (R2 + .05 of the largest R2) = .905.

    By the first, a shrinkage of .9, 24 / (-.1 x ln(1 - .288 / .9)) = 622.3 would do. Of the 662, 17.4% have the
    outcome, which is 4.8 for each of the 24 parameters.
    """
    largest = 1 - (0.174**0.174 * 0.826**0.826) ** 2
    assert expected_shrinkage(662, 24, r2=0.288) == pytest.approx(0.288 / (0.288 + 0.05 * largest), abs=2e-4)
    first = 24 / (-0.1 * np.log(1 - 0.288 / 0.9))
    assert expected_shrinkage(first, 24, r2=0.288) == pytest.approx(0.9, abs=1e-6)
    assert pytest.approx(4.8, abs=0.005) == 662 * 0.174 / 24


def test_the_largest_r2_is_that_printed():
    # Riley et al. 2020: .33 at 5%
    assert round(largest_r2(0.05), 2) == 0.33


def test_few_predictors_of_a_common_outcome_need_a_precise_overall_risk():
    # criterion 3 at one half: (1.96 / .05)^2 x .5 x .5 = 384.1
    assert round(cases_needed(1, 0.5, auc=0.95)) == 384


@pytest.mark.parametrize(("predictors", "prevalence", "needed"), [(96, 0.03, 31_800), (96, 0.05, 20_100),
                                                                  (4, 0.03, 1_411), (4, 0.05, 871)])  # fmt: skip
def test_an_auc_of_three_quarters_needs_about_as_many_as_were_simulated(predictors, prevalence, needed):
    # computed independently, with R2 from one simulated set of risks: two such differ by some per cent
    assert abs(cases_needed(predictors, prevalence, auc=0.75) / needed - 1) < 0.05


@pytest.mark.parametrize("auc", [0.65, 0.75, 0.9])
def test_the_measures_of_binormal_risks_are_those_of_simulated_ones(auc):
    from scipy.stats import norm

    draw = np.random.default_rng(20261122)
    outcome = np.arange(400_000) < 40_000
    distance = np.sqrt(2) * norm.ppf(auc)
    risk = draw.normal(size=outcome.size) + distance * outcome
    assert abs(roc_auc_score(outcome, risk) - auc) < 0.005
    assert abs(average_precision_score(outcome, risk) - average_precision(auc, 0.1)) < 0.01
    log_odds = np.log(0.1 / 0.9) + distance * risk - distance**2 / 2
    likelihood = -np.logaddexp(0, np.where(outcome, -log_odds, log_odds)).mean()
    null = 0.1 * np.log(0.1) + 0.9 * np.log(0.9)
    assert abs(1 - np.exp(-2 * (likelihood - null)) - cox_snell_r2(auc, 0.1)) < 0.005


def test_intervals_cover_about_95_of_100_simulated_test_sets():
    draw = np.random.default_rng(20261122)
    outcome, inside = np.arange(1000) < 50, {"auc": 0, "precision": 0}
    for _ in range(300):
        risk = draw.normal(size=1000) + 0.9539 * outcome  # sqrt(2) x the .75 quantile of the normal
        auc, precision = auc_interval(50, 950, level=0.95), average_precision_interval(50, 950, level=0.95)
        inside["auc"] += auc.low < roc_auc_score(outcome, risk) < auc.high
        inside["precision"] += precision.low < average_precision_score(outcome, risk) < precision.high
    assert inside["auc"] > 270 and inside["precision"] > 270


@pytest.mark.parametrize(("positives", "half_width"), [(20, 0.126), (30, 0.10), (50, 0.08), (100, 0.056)])
def test_the_half_width_of_an_auc_of_three_quarters(positives, half_width):
    assert abs(auc_interval(positives, positives * 19, level=0.95).half_width - half_width) < 0.006


@pytest.mark.parametrize(("predictors", "prevalence", "auc"), [(0, 0.1, 0.7), (5, 0.0, 0.7), (5, 0.1, 0.5)])
def test_impossible_values_are_refused(predictors, prevalence, auc):
    with pytest.raises(ValueError, match="expected at least 1 predictor"):
        cases_needed(predictors, prevalence, auc=auc)


@pytest.mark.parametrize("interval", [auc_interval, average_precision_interval])
def test_a_lower_level_gives_a_narrower_interval(interval):
    assert interval(50, 950, level=0.5).half_width < 0.5 * interval(50, 950, level=0.95).half_width
