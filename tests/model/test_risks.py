"""Each family of models gives the risks its textbook definition says."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from analysis.model.candidates import Candidate, draw_candidates
from analysis.model.cases import every_value
from analysis.model.risks import ROUNDS, fitted_risks
from analysis.protocol.values import Draws, Models

XGBOOST = Candidate("xgboost", 1, {"learning_rate": 0.1, "max_depth": 3, "subsample": 0.8, "reg_lambda": 1.0})


@pytest.fixture(scope="module")
def sample():
    random = np.random.default_rng(0)
    values = random.integers(0, 8, size=(600, 4)).astype(np.float32)
    outcome = random.random(600) < 1 / (1 + np.exp(3 - 0.6 * values[:, 0]))
    return values, outcome


def risks_of(candidate, train, outcome, apply_to):
    return fitted_risks([candidate], train, outcome, [apply_to])[0][0]


def test_one_histogram_tree_is_the_decision_tree_of_scikit_learn(sample):
    values, outcome = sample
    ours = risks_of(Candidate("decision_tree", 1, {"max_depth": 3, "cases_per_leaf": 20}), values, outcome, values)[0]
    theirs = DecisionTreeClassifier(max_depth=3, min_samples_leaf=20, random_state=0).fit(values, outcome)
    assert ours == pytest.approx(theirs.predict_proba(values)[:, 1], abs=1e-6)


def test_logistic_regression_is_scikit_learns_on_standardised_predictors(sample):
    values, outcome = sample
    ours = risks_of(Candidate("logistic_regression", 1, {"inverse_penalty": 0.1}), values, outcome, values)[0]
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    theirs = LogisticRegression(C=0.1, max_iter=500).fit(scaled, outcome).predict_proba(scaled)[:, 1]
    assert ours == pytest.approx(theirs, abs=1e-3)


def test_a_boosting_path_read_off_at_a_step_is_the_shorter_path(sample):
    values, outcome = sample
    path = risks_of(XGBOOST, values, outcome, values)
    for step, rounds in enumerate(ROUNDS):
        assert risks_of(XGBOOST.with_rounds(rounds), values, outcome, values)[0] == pytest.approx(path[step], abs=1e-7)


@pytest.mark.parametrize("family", ["logistic_regression", "decision_tree", "xgboost"])
def test_dense_and_sparse_predictors_give_the_same_risks(family, sample):
    values, outcome = sample
    values = values.copy()
    values[::7, 1] = np.nan
    models = Models(
        families=(family,),
        chosen_by="average_precision",
        draws_per_family=Draws(logistic_regression=1, decision_tree=1, xgboost=1),
        class_weights="none",
        source="this test",
    )
    (candidate,) = draw_candidates(models, seed=1)
    dense = risks_of(candidate, values, outcome, values)
    stored = risks_of(candidate, every_value(values), outcome, every_value(values))
    assert stored == pytest.approx(dense, abs=1e-5)


def test_a_leaf_s_risk_is_its_share_with_the_outcome():
    values = np.array([[0.0]] * 30 + [[1.0]] * 20, dtype=np.float32)
    outcome = np.array([True] * 3 + [False] * 27 + [True] * 10 + [False] * 10)
    tree = Candidate("decision_tree", 1, {"max_depth": 2, "cases_per_leaf": 5})
    assert risks_of(tree, values, outcome, np.array([[0.0], [1.0]], np.float32))[0] == pytest.approx([3 / 30, 10 / 20])


def test_candidates_of_several_families_are_given_what_each_is_given_alone(sample):
    values, outcome = sample
    tree = Candidate("decision_tree", 1, {"max_depth": 3, "cases_per_leaf": 20})
    logistic = Candidate("logistic_regression", 1, {"inverse_penalty": 0.1})
    mixed = [XGBOOST, tree, logistic, XGBOOST.with_rounds(30), tree]
    for candidate, (given,) in zip(mixed, fitted_risks(mixed, values, outcome, [values]), strict=True):
        assert np.array_equal(given, risks_of(candidate, values, outcome, values))
