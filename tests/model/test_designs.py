"""What a fitted design promises: nothing seen before, nothing learned from noise, the same every time."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from analysis.model import Cases, Predictors, fit_designs, fit_learning_curves, risks_of_test_cases
from analysis.model.candidates import draw_candidates
from analysis.model.designs import maximum_f1_threshold
from analysis.model.learning_curves import nested_rows
from analysis.model.search import average_precisions
from analysis.performance.ranking import average_precision
from benchmarks.planted_world import plant_world

SLUGS = [
    "structured-all_cases",
    "text_and_structured-all_cases",
    "structured-earlier_cases",
    "text_and_structured-earlier_cases",
]


@pytest.fixture(scope="module")
def world():
    return plant_world(1200, seed=11, prevalence=0.15, signal=1.5)


@pytest.fixture(scope="module")
def designs(world, quick_protocol):
    return fit_designs(world.cases, world.predictors, quick_protocol, window_months=12)


def scrambled(cases, seed):
    """The same cases with the families' outcomes dealt out anew among families of the same size."""
    random, outcome = np.random.default_rng(seed), cases.outcome.copy()
    order = np.argsort(cases.family, kind="stable")
    size = np.bincount(cases.family)
    start = np.r_[0, np.cumsum(size)[:-1]]
    for length in np.unique(size):
        rows = order[start[size == length][:, None] + np.arange(length)]
        outcome[rows] = outcome[random.permutation(rows)]
    return Cases(outcome, cases.family, cases.index_date)


def within_permutation_band(cases, rows, risk):
    """Whether average precision lies within the 99% band of outcomes dealt anew by family."""
    tested = Cases(cases.outcome[rows], np.unique(cases.family[rows], return_inverse=True)[1], cases.index_date[rows])
    permuted = [average_precision(scrambled(tested, seed).outcome, risk) for seed in range(400)]
    low, high = np.quantile(permuted, [0.005, 0.995])
    return low <= average_precision(tested.outcome, risk) <= high


def test_every_design_of_the_protocol_is_fitted(designs):
    assert list(designs) == SLUGS


def test_a_planted_signal_is_found_and_lies_outside_the_permutation_band(world, designs):
    for design in designs.values():
        assert not within_permutation_band(world.cases, design.split.test, design.test_risk)


def test_a_scrambled_outcome_is_not_learned_by_any_design(world, quick_protocol):
    cases = scrambled(world.cases, seed=1)
    fitted = fit_designs(cases, world.predictors, quick_protocol, window_months=12)
    assert len(fitted) == 4
    for design in fitted.values():
        assert within_permutation_band(cases, design.split.test, design.test_risk), design.slug


def test_designs_that_learn_from_the_same_cases_share_rows_and_folds(designs):
    for learned in ("all_cases", "earlier_cases"):
        assert designs[f"structured-{learned}"].split is designs[f"text_and_structured-{learned}"].split


def test_every_design_tries_the_same_candidates(designs):
    def parameters(tried):
        return {name: value for name, value in tried.candidate.parameters.items() if name != "rounds"}

    draws = [[parameters(tried) for tried in design.search.tried] for design in designs.values()]
    assert all(drawn == draws[0] for drawn in draws)


def test_every_case_has_a_risk_from_a_model_that_saw_none_of_its_family(designs):
    assert not np.isnan(designs["structured-all_cases"].out_of_sample_risk).any()
    earlier = designs["structured-earlier_cases"]
    assert not np.isnan(earlier.out_of_sample_risk[earlier.split.test]).any()


def test_the_same_cases_give_the_same_risks(world, designs, quick_protocol):
    again = fit_designs(world.cases, world.predictors, quick_protocol, window_months=12)
    for slug in SLUGS:
        assert np.array_equal(again[slug].test_risk, designs[slug].test_risk)


class Recorder:
    """Text features that remember which rows they were ever fitted on."""

    def __init__(self, rows):
        self.rows, self.fitted_on = rows, []

    def fit(self, rows):
        self.fitted_on.append(set(rows.tolist()))
        return self

    def transform(self, rows):
        return np.zeros((len(rows), 1), np.float32)


def test_words_are_learned_once_per_fold_from_training_rows_alone(world, quick_protocol):
    recorder = Recorder(len(world.cases))
    predictors = replace(world.predictors, text_features=recorder)
    fitted = fit_designs(world.cases, predictors, quick_protocol, window_months=12)
    learned = [
        set(rows.tolist())
        for slug in ("text_and_structured-all_cases", "text_and_structured-earlier_cases")
        for rows in (*(fit for fit, _ in fitted[slug].split.folds), fitted[slug].split.train)
    ]
    assert recorder.fitted_on == learned


def test_test_outcomes_cannot_reach_the_risks(world, designs, quick_protocol):
    design = designs["text_and_structured-all_cases"]
    outcome = world.cases.outcome.copy()
    outcome[design.split.test] = ~outcome[design.split.test]
    flipped = replace(world.cases, outcome=outcome)
    again = risks_of_test_cases(
        design.search.chosen.candidate, world.predictors, "text_and_structured", flipped, design.split
    )
    assert np.array_equal(again, design.test_risk)


def test_without_text_a_design_sees_structured_data_alone(world, quick_protocol):
    no_text = Predictors(world.predictors.structured, np.zeros((len(world.cases), 0), np.float32), None)
    fitted = fit_designs(world.cases, no_text, quick_protocol, window_months=12)
    assert np.isfinite(fitted["text_and_structured-all_cases"].test_risk).all()


def test_the_frozen_threshold_has_the_greatest_f1():
    random = np.random.default_rng(0)
    risk = random.random(300)
    outcome = random.random(300) < risk**2
    best = f1_score(outcome, risk >= maximum_f1_threshold(outcome, risk))
    assert best >= max(f1_score(outcome, risk >= threshold) for threshold in risk) - 0.01  # cut to four decimals


def test_draws_depend_on_the_seed_alone(quick_protocol):
    assert draw_candidates(quick_protocol.models, seed=1) == draw_candidates(quick_protocol.models, seed=1)
    assert draw_candidates(quick_protocol.models, seed=1) != draw_candidates(quick_protocol.models, seed=2)


def test_each_size_of_a_learning_curve_holds_the_smaller_one(world):
    sizes = nested_rows(world.cases, np.arange(len(world.cases)), 8, [0])
    for smaller, larger in zip(sizes[:-1], sizes[1:], strict=True):
        assert set(smaller) < set(larger)
        assert set(world.cases.family[smaller]) & set(world.cases.family[np.setdiff1d(larger, smaller)]) == set()
    assert len(sizes[-1]) == len(world.cases)


def test_the_full_size_of_a_learning_curve_is_the_design_itself(world, designs, quick_protocol):
    curves = fit_learning_curves(designs, world.cases, world.predictors, quick_protocol)
    for slug, fits in curves.items():
        (full,) = [fit for fit in fits if fit.size == quick_protocol.learning_curves.sizes]
        assert full.test_risk == pytest.approx(designs[slug].test_risk, abs=1e-5)


@pytest.mark.parametrize("values", [2, 9, 10_000], ids="{} different risks".format)
def test_the_search_scores_to_the_last_digit_as_scikit_learn_does(values):
    random = np.random.default_rng(values)
    outcome = random.random(700) < 0.1
    steps = (random.integers(0, values, size=(4, 700)) / values).astype(np.float32)
    assert average_precisions(outcome, steps) == [average_precision_score(outcome, risk) for risk in steps]
