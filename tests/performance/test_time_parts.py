"""The difference between all and earlier cases is put down to the cause that was planted."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from analysis.model import Cases, Predictors, fit_designs
from analysis.performance.comparisons import comparisons
from analysis.performance.time_parts import late_cases, time_parts

START, DAYS, CHANGE = np.datetime64("2012-03-01"), 2200, 1650  # the last fifth of families come after about 1,760 days


def world_of(risk_of, seed=3, count=4000):
    """Families of two cases about half a year apart, three predictors, and risks by `risk_of(values, late)`."""
    random = np.random.default_rng(seed)
    family = np.repeat(np.arange(count // 2), 2)
    came = random.integers(0, DAYS, count // 2)[family]
    day = np.minimum(came + random.integers(0, 365, count) * (np.arange(count) % 2), DAYS)
    late = day > CHANGE
    values = random.normal(size=(count, 3))
    log_odds = risk_of(values, late)
    outcome = random.random(count) < 1 / (1 + np.exp(-log_odds))
    cases = Cases(outcome, family, START + day)
    return cases, Predictors(values.astype(np.float32), np.zeros((count, 1), np.float32))


def other_cases(values, late):
    """Late outcomes follow nothing: no model can foresee them, whatever it learned from."""
    return np.where(late, 0.0, 3 * values[:, 0]) - 2


def other_pattern(values, late):
    """Early outcomes follow the first predictor and late ones the second; each is recorded only while it counts."""
    log_odds = 3 * np.where(late, values[:, 1], values[:, 0]) - 2
    values[late, 0] = 0
    values[~late, 1] = 0
    return log_odds


@pytest.fixture(scope="module")
def simple(protocol):
    """Structured data and logistic regression alone."""
    models = protocol.models.model_copy(update={"families": ("logistic_regression",)})
    designs = protocol.designs.model_copy(update={"predictors": ("structured",)})
    return protocol.model_copy(update={"models": models, "designs": designs})


def fitted(risk_of, protocol):
    cases, predictors = world_of(risk_of)
    return fit_designs(cases, predictors, protocol, window_months=6), cases


@pytest.fixture(scope="module")
def pattern(simple):
    return fitted(other_pattern, simple)


@pytest.mark.parametrize(("risk_of", "cause"), [(other_cases, "other_test_cases"), (other_pattern, "learned_from")])
@pytest.mark.parametrize("metric", ["average_precision", "auc"])
def test_a_planted_cause_has_nine_tenths_of_the_fall(risk_of, cause, metric, simple):
    designs, cases = fitted(risk_of, simple)
    table = time_parts(designs, cases, simple)
    fall = table[table["metric"] == metric].set_index("part")["difference"]
    assert fall["published_rule"] < -0.2
    assert 0.9 <= fall[cause] / fall["published_rule"] <= 1.1


def test_the_two_parts_add_up_to_the_published_difference(pattern, simple):
    designs, cases = pattern
    table = time_parts(designs, cases, simple)
    for _, rows in table.groupby(["predictors", "metric"]):
        parts = rows.set_index("part")["difference"]
        assert parts["other_test_cases"] + parts["learned_from"] == pytest.approx(parts["published_rule"])


def test_the_same_cases_have_one_interval_in_both_tables(pattern, simple):
    """The comparison on the same later cases is printed twice; it must not have two intervals."""
    designs, cases = pattern
    one = comparisons(designs, cases, simple).set_index("comparison").loc["earlier_v_all"]
    other = time_parts(designs, cases, simple)
    other = other[(other["part"] == "learned_from") & (other["metric"] == "average_precision")].iloc[0]
    for name in ("difference", "difference_low", "difference_high"):
        assert one[name] == pytest.approx(other[name], abs=1e-12)


def test_in_use_all_late_cases_are_scored(pattern, simple):
    designs, cases = pattern
    earlier = designs["structured-earlier_cases"]
    late = np.flatnonzero(cases.index_date >= cases.index_date[earlier.split.test].min())
    scored = np.r_[earlier.split.test, earlier.split.returning]
    assert sorted(scored) == sorted(late)
    expected = average_precision_score(cases.outcome[scored], np.r_[earlier.test_risk, earlier.returning_risk])
    table = time_parts(designs, cases, simple).set_index(["part", "metric"])
    assert table.loc[("in_use", "average_precision"), "after"] == pytest.approx(expected)
    counted = late_cases(designs, cases).iloc[0]
    assert counted["cases"] == len(late) - len(earlier.split.test) > 0
    assert counted["positives"] == cases.outcome[late].sum() - cases.outcome[earlier.split.test].sum()


def test_a_split_that_is_not_by_time_has_no_returning_cases(pattern):
    designs, _ = pattern
    assert len(designs["structured-all_cases"].split.returning) == 0
    assert len(designs["structured-all_cases"].returning_risk) == 0


def test_without_a_pair_there_are_no_rows_and_the_columns_stand(pattern, simple):
    designs, cases = pattern
    alone = {"structured-all_cases": designs["structured-all_cases"]}
    for table in (time_parts(alone, cases, simple), late_cases(alone, cases)):
        assert isinstance(table, pd.DataFrame) and table.empty and len(table.columns) > 2
