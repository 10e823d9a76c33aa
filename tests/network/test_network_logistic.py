"""Fits and areas on cells are those of the notifications behind them."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

import analysis.network.logistic
from analysis.network.cells import cells_of, make_sample
from analysis.network.discrimination import area_out_of_fold, auc_from_counts, difference_interval
from analysis.network.logistic import fit_folds, fit_logistic
from analysis.network.study import fit_model, rows_of, sample_of

SUBSET = ("nNotes", "nTargetsRecent", "nWithNotesW")


@pytest.fixture(scope="module")
def coded(small_frame):
    return sample_of(small_frame, "all", unit_of_folds="child", level=0.95)


def test_the_fit_is_that_of_a_generalised_linear_model(small_frame, coded):
    cells = cells_of(coded, ("Age", *SUBSET))
    fit = fit_logistic(cells.x, cells.cases.sum(axis=1), cells.positives.sum(axis=1))
    x = sm.add_constant(small_frame[["Age", *SUBSET]].astype(float))
    reference = sm.GLM(small_frame["concern"].astype(float), x, family=sm.families.Binomial()).fit(tol=1e-12)
    assert np.abs(fit.coefficients - reference.params.to_numpy()).max() < 1e-6
    assert fit.aic == pytest.approx(reference.aic, abs=1e-3)


def test_fits_without_a_fold_are_those_of_the_other_rows(small_frame, coded):
    model = fit_model(coded, SUBSET)
    for fold in (0, 7):
        kept = small_frame[small_frame["fold_by_child"] != fold]
        x = sm.add_constant(kept[["Age", *SUBSET]].astype(float))
        reference = sm.GLM(kept["concern"].astype(float), x, family=sm.families.Binomial()).fit(tol=1e-12)
        assert np.abs(model.coefficients[fold] - reference.params.to_numpy()).max() < 1e-6


def test_the_area_is_the_mean_over_folds_of_the_rows_areas(small_frame, coded):
    model = fit_model(coded, SUBSET)
    x = np.column_stack([np.ones(len(small_frame)), small_frame[["Age", *SUBSET]].to_numpy(float)])
    folds = small_frame["fold_by_child"].to_numpy()
    score = np.einsum("ij,ij->i", x, model.coefficients[folds])
    expected = [
        roc_auc_score(small_frame["concern"][folds == fold], score[folds == fold].round(9)) for fold in range(10)
    ]
    assert model.area.auc == pytest.approx(np.mean(expected), abs=1e-6)


def test_no_child_stands_on_both_sides_of_a_fold(small_frame):
    assert small_frame.groupby("child_id")["fold_by_child"].nunique().max() == 1
    assert small_frame.groupby("child_id")["fold_by_notification"].nunique().max() > 1


def test_a_predictor_that_does_not_vary_changes_nothing():
    x = np.array([[1.0, 0.0, 5.0], [1.0, 1.0, 5.0]])
    plain = fit_logistic(x[:, :2], np.array([10, 10]), np.array([2, 6]))
    doubled = fit_logistic(x, np.array([10, 10]), np.array([2, 6]))
    assert doubled.log_likelihood == pytest.approx(plain.log_likelihood)


def test_the_interval_is_that_of_a_bootstrap_of_families(small_frame):
    """With the models held, 400 resamples of the families spread as the closed form says (within 15%)."""
    coded = sample_of(small_frame, "first", unit_of_folds="child", level=0.95)
    model = fit_model(coded, ("nWithNotesW", "nNeighsR"))
    random = np.random.default_rng(5)
    score = np.einsum("ij,ij->i", model.cells.x[model.cells.of_notification], model.coefficients[coded.fold])
    areas = []
    for _ in range(400):
        weight = np.bincount(random.integers(0, coded.families, coded.families), minlength=coded.families)[coded.family]
        areas.append(weighted_area(score, coded.concern, coded.fold, weight))
    assert np.std(areas) == pytest.approx(model.area.standard_error, rel=0.15)
    assert model.area.of_family.sum() == pytest.approx(0, abs=1e-9)


def weighted_area(score, concern, fold, weight):
    return np.mean(
        [
            auc_from_counts(score[chosen], weight[chosen] * (1 - concern[chosen]), weight[chosen] * concern[chosen])
            for chosen in (fold == number for number in np.unique(fold))
        ]
    )


def test_a_model_does_not_differ_from_itself(coded):
    area = fit_model(coded, SUBSET).area
    assert difference_interval(area, area) == (0, 0, 0)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=4, max_size=40))
def test_the_area_from_counts_is_that_from_rows(rows):
    score, outcome = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    if outcome.all() or not outcome.any():
        return
    values = np.unique(score)
    negatives = np.array([((score == value) & ~outcome).sum() for value in values])
    positives = np.array([((score == value) & outcome).sum() for value in values])
    assert auc_from_counts(values, negatives, positives) == pytest.approx(roc_auc_score(outcome, score))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3, st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=60))
def test_cells_hold_every_notification_once(rows):
    frame = pd.DataFrame(rows, columns=["Age", "a", "b", "concern", "fold"]).assign(family=range(len(rows)))
    sample = make_sample(frame, ["Age", "a", "b"], fold="fold", family="family", level=0.95)
    cells = cells_of(sample, ("Age", "a", "b"))
    assert cells.cases.sum() == len(frame) and cells.positives.sum() == frame["concern"].sum()
    assert len(cells.x) == len(frame[["Age", "a", "b"]].drop_duplicates())
    assert (cells.x[cells.of_notification, 1:] == frame[["Age", "a", "b"]].to_numpy()).all()


def test_first_and_subsequent_notifications_make_up_all(small_frame):
    first, later = rows_of(small_frame, "first"), rows_of(small_frame, "subsequent")
    assert len(first) + len(later) == len(small_frame)
    assert first["child_id"].is_unique


def test_areas_need_no_second_pass(coded):
    cells = cells_of(coded, ("Age", *SUBSET))
    _, coefficients = fit_folds(cells)
    area = area_out_of_fold(cells, coefficients, coded)
    assert area.by_fold.mean() == pytest.approx(area.auc)


def test_many_cells_are_fitted_as_few_are(coded, monkeypatch):
    """The way taken for large models gives the coefficients of the way taken for small ones."""
    cells = cells_of(coded, ("Age", *SUBSET))
    whole, at_once = fit_folds(cells)
    monkeypatch.setattr(analysis.network.logistic, "_MOST_CELLS_AT_ONCE", 0)
    same, one_by_one = fit_folds(cells)
    assert same.log_likelihood == whole.log_likelihood
    assert np.abs(one_by_one - at_once).max() < 1e-6


def test_a_fit_that_begins_at_a_nested_one_ends_where_any_does(coded):
    nested = fit_model(coded, SUBSET[:2])
    near, far = fit_model(coded, SUBSET, near=nested.fit.coefficients), fit_model(coded, SUBSET)
    assert np.abs(near.fit.coefficients - far.fit.coefficients).max() < 1e-6
    assert near.area.auc == pytest.approx(far.area.auc, abs=1e-9)


@pytest.mark.parametrize("values", [[3, -2, 3, 900], [7, 10**12, 7, 0], [0.5, 2.0, 0.5, 1.25]])
def test_values_are_coded_in_their_order(values):
    """Whole numbers that lie close, that lie far apart, and ages in exact years."""
    frame = pd.DataFrame({"Age": values, "concern": 0, "fold": 0, "family": values})
    sample = make_sample(frame, ["Age"], fold="fold", family="family", level=0.95)
    expected, codes = np.unique(values, return_inverse=True)
    assert (sample.values["Age"] == expected).all() and (sample.codes["Age"] == codes).all()
    assert (sample.family == codes).all()
