"""A model moved to another authority: recomputed simply, and worlds in which it does as well, worse, or is out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.model import fit_designs
from analysis.model.candidates import Candidate
from analysis.performance.transport import LocalModel, recalibrate, transport
from benchmarks.planted_world import plant_world

CHOSEN = "structured-all_cases"


def local(protocol, seed, *, prevalence=0.15, columns=slice(None)):
    """A planted world as one authority's; `columns` says in which order its predictors stand."""
    world = plant_world(1500, seed=seed, prevalence=prevalence, signal=1.5)
    rules = protocol.model_copy(
        update={
            "designs": protocol.designs.model_copy(
                update={"predictors": ("structured",), "learned_from": ("all_cases",)}
            )
        }
    )
    design = fit_designs(world.cases, world.predictors, rules, window_months=12)[CHOSEN]
    names = [f"x{n}" for n in range(world.predictors.structured.shape[1])]
    structured = pd.DataFrame(world.predictors.structured, columns=names).iloc[:, columns]
    return LocalModel(world.cases, structured, as_logistic(design))


def as_logistic(design):
    """The design with a logistic regression as its chosen candidate, so that a test can fit it again by itself."""
    candidate = Candidate("logistic_regression", 1, {"inverse_penalty": 1.0})
    return replace(design, search=replace(design.search, chosen=replace(design.search.chosen, candidate=candidate)))


@pytest.fixture(scope="module")
def home(protocol):
    return local(protocol, 3)


@pytest.fixture(scope="module")
def away(protocol):
    return local(protocol, 4, columns=slice(None, None, -1))


@pytest.fixture(scope="module")
def moved(home, away, protocol):
    return transport(home, away, protocol).set_index("metric")


def simple_risks(home, away, rows):
    train = home.design.split.train
    learned = home.structured.iloc[train]
    mean, deviation = learned.mean(), learned.std(ddof=0)
    scale = lambda frame: ((frame[learned.columns] - mean) / deviation).fillna(0)  # noqa: E731
    model = LogisticRegression(C=1.0, max_iter=500).fit(scale(learned), home.cases.outcome[train])
    return model.predict_proba(scale(away.structured.iloc[rows]))[:, 1]


def test_it_is_the_home_model_on_the_away_test_cases_by_the_names_of_predictors(home, away, moved):
    rows = away.design.split.test
    outcome, risk = away.cases.outcome[rows], simple_risks(home, away, rows)
    assert moved.loc["average_precision", "moved"] == pytest.approx(average_precision_score(outcome, risk), abs=2e-3)
    assert moved.loc["auc", "moved"] == pytest.approx(roc_auc_score(outcome, risk), abs=2e-3)
    assert moved.loc["observed_expected_ratio", "moved"] == pytest.approx(outcome.sum() / risk.sum(), rel=0.01)
    own = away.design.test_risk
    assert moved.loc["average_precision", "own"] == pytest.approx(average_precision_score(outcome, own))
    difference = moved["moved"] - moved["own"]
    assert moved.loc["auc", "difference"] == pytest.approx(difference["auc"])


def test_where_the_truth_is_the_same_a_moved_model_does_as_well(moved):
    assert moved.loc["average_precision", "verdict"] != "worse"
    assert moved.loc["auc", "recalibrated"] == pytest.approx(moved.loc["auc", "moved"])


def test_where_the_predictors_mean_something_else_it_does_worse(home, away, protocol):
    """The same predictors under each other's names: what the home model learned is of no use there."""
    shuffled = away.structured.set_axis(np.roll(away.structured.columns, 5), axis=1)
    row = transport(home, replace(away, structured=shuffled), protocol).set_index("metric")
    assert row.loc["average_precision", "verdict"] == "worse" and row.loc["average_precision", "p_value"] < 0.05


def test_risks_that_are_out_are_mended_by_recalibration_and_the_order_is_not(home, protocol):
    rare = local(protocol, 5, prevalence=0.05)
    row = transport(home, rare, protocol).set_index("metric")
    assert row.loc["observed_expected_ratio", "moved"] < 0.6
    assert 0.7 < row.loc["observed_expected_ratio", "recalibrated"] < 1.5
    assert row.loc["average_precision", "recalibrated"] == pytest.approx(row.loc["average_precision", "moved"])


def test_recalibration_finds_a_planted_intercept_and_slope():
    random = np.random.default_rng(1)
    risk = expit(random.normal(-1, 1.5, 40_000))
    truth = expit(0.7 + 0.5 * logit(risk))
    mended = recalibrate(random.random(40_000) < truth, risk, np.array([0.1, 0.5, 0.9]))
    assert mended == pytest.approx(expit(0.7 + 0.5 * logit(np.array([0.1, 0.5, 0.9]))), abs=0.02)
