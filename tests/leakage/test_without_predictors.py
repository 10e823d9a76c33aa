"""What a planted leak was worth is found, and predictors that carry nothing are worth nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.metrics import average_precision_score

from analysis.leakage.without_predictors import without_predictors
from analysis.model import Predictors, fit_designs
from analysis.model.risks import fitted_risks
from analysis.protocol import load_protocol
from benchmarks.planted_world import plant_world

NAMES = ["age_years", "days_known", "days_with_records", "gender_female", "ethnicity_white", "supplied_referrals"]
SLUG = "structured-all_cases"
NOTHING_FLAGGED = pd.DataFrame({"check": ["as_at_extract"], "subject": ["referrals"], "flagged": ["no"]})


@pytest.fixture(scope="module")
def protocol():
    registered = load_protocol()
    few = {"families": ("logistic_regression",)}
    return registered.model_copy(
        update={
            "models": registered.models.model_copy(update=few),
            "designs": registered.designs.model_copy(update={"predictors": ("structured",)}),
            "uncertainty": registered.uncertainty.model_copy(update={"replicates": 200, "permutations": 50}),
        }
    )


def told(protocol, *, leak: float, protected: float):
    """What is left out, in a world whose supplied count knows the outcome and whose risk follows gender, or do not."""
    world = plant_world(1500, seed=4, prevalence=0.15, signal=0.7, structured=6, words=1, topics=1)
    random, outcome = np.random.default_rng(8), world.cases.outcome
    values = np.nan_to_num(world.predictors.structured)
    gender = random.random(len(outcome)) < np.where(outcome, 0.5 + protected, 0.5)
    values[:, 3], values[:, 4] = gender, random.random(len(outcome)) < 0.8
    values[:, 5] = random.normal(size=len(outcome)) + leak * outcome
    known = Predictors(values.astype(np.float32), world.predictors.text_unfitted)
    structured = pl.DataFrame(values, schema=NAMES).with_row_index("case_id")
    designs = fit_designs(world.cases, known, protocol, window_months=12)
    flagged = NOTHING_FLAGGED.assign(flagged="yes") if leak else NOTHING_FLAGGED
    table = without_predictors(flagged, designs, structured, known, world.cases, protocol)["without_predictors"]
    return table.set_index(["design", "left_out"]), designs, known, world.cases


@pytest.fixture(scope="module")
def leaky(protocol):
    return told(protocol, leak=3.0, protected=0.0)


def test_a_planted_leak_is_worth_what_a_model_without_it_scores_less(leaky):
    table, designs, known, cases = leaky
    row, fitted = table.loc[(SLUG, "flagged_predictors")], designs[SLUG]
    train, test = fitted.split.train, fitted.split.test
    rest = known.structured[:, :5]
    candidate = fitted.search.chosen.candidate
    risk = fitted_risks([candidate], rest[train], cases.outcome[train], [rest[test]])[0][0][0]
    assert row["without_them"] == pytest.approx(average_precision_score(cases.outcome[test], risk))
    assert row["with_them"] == pytest.approx(average_precision_score(cases.outcome[test], fitted.test_risk))
    assert row["difference"] == pytest.approx(row["without_them"] - row["with_them"])
    assert row["difference_high"] < -0.3 and row["predictors"] == 1


def test_predictors_that_carry_nothing_are_worth_nothing(leaky):
    row = leaky[0].loc[(SLUG, "protected_characteristics")]
    assert row["predictors"] == 2 and row["difference_low"] < 0.01 and abs(row["difference"]) < 0.02


def test_where_nothing_is_flagged_only_characteristics_are_left_out_and_may_be_worth_much(protocol):
    table, *_ = told(protocol, leak=0.0, protected=0.49)
    assert set(table.index.get_level_values("left_out")) == {"protected_characteristics"}
    assert table.loc[(SLUG, "protected_characteristics"), "difference_high"] < 0


def test_of_models_that_read_texts_only_flagged_predictors_are_left_out(leaky, protocol):
    """A text may tell a child's gender, so that a model of texts cannot be made to forget it."""
    _, designs, known, cases = leaky
    design = designs[SLUG].design.model_copy(update={"predictors": "text_and_structured"})
    reading = {"text": replace(designs[SLUG], design=design)}
    structured = pl.DataFrame(known.structured, schema=NAMES).with_row_index("case_id")
    flagged = NOTHING_FLAGGED.assign(flagged="yes")
    table = without_predictors(flagged, reading, structured, known, cases, protocol)["without_predictors"]
    assert table["left_out"].tolist() == ["flagged_predictors"]
