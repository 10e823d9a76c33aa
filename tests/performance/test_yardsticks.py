"""Each model beside simple ways of ranking the same cases: naive references, and worlds with other verdicts."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis.cohort.decisions import Decision
from analysis.errors import ProtocolError
from analysis.model import Cases, fit_designs
from analysis.model.yardsticks import YARDSTICKS, fit_yardsticks, yardsticks_of_designs
from analysis.performance.yardsticks import flags_compared, highest, sign_p_value, yardsticks
from benchmarks.planted_world import plant_world

NAMES = ("contacts_last_12_months", "age_years", "previous_child_protection_plans", "siblings_child_protection_plans")


def named(world, first):
    """The world's predictors as a table, in which the four variables are the four from `first` on."""
    values = world.predictors.structured
    names = [f"other_{place}" for place in range(values.shape[1])]
    names[first : first + 4] = NAMES
    referrals = pl.Series("referrals_last_12_months", np.zeros(len(values)))
    return pl.DataFrame(values, schema=names).with_columns(referrals)


@pytest.fixture(scope="module")
def large():
    """In the planted world the first three predictors make the risk, and no other."""
    return plant_world(3000, seed=5, prevalence=0.2, signal=1.8, words=10, topics=2)


@pytest.fixture(scope="module")
def fitted(large, protocol):
    designs = {"predictors": ("structured",), "learned_from": ("all_cases", "earlier_cases")}
    rules = protocol.model_copy(update={"designs": protocol.designs.model_copy(update=designs)})
    return fit_designs(large.cases, large.predictors, rules, window_months=12)


def compared(world, designs, structured, protocol):
    simple = yardsticks_of_designs(designs, structured, world.cases, protocol)
    return yardsticks(designs, simple, world.cases, protocol).set_index(["design", "yardstick"])


def test_where_the_four_variables_are_all_there_is_no_model_clearly_beats_them(large, fitted, protocol):
    table = compared(large, fitted, named(large, 0), protocol)
    assert (table.xs("four_variables", level="yardstick")["verdict"] != "better").all()
    assert table.xs("at_random", level="yardstick")["verdict"].eq("better").all()


def test_where_the_risk_lies_in_other_predictors_the_models_clearly_beat_the_four_variables(large, fitted, protocol):
    table = compared(large, fitted, named(large, 6), protocol)
    for yardstick in ("age_alone", "one_variable", "four_variables"):
        assert table.xs(yardstick, level="yardstick")["verdict"].eq("better").all()


def test_every_number_equals_a_naive_reference(large, fitted, protocol):
    structured = named(large, 0)
    table = compared(large, fitted, structured, protocol)
    for slug, design in fitted.items():
        train, test = design.split.train, design.split.test
        outcome = large.cases.outcome
        four = np.column_stack([structured[name].to_numpy() for name in NAMES]).astype(float)
        known = np.where(np.isnan(four), np.nanmean(four[train], axis=0), four)
        scaled = StandardScaler().fit(four[train])
        model = LogisticRegression(C=1.0, max_iter=500).fit(scaled.transform(known[train]), outcome[train])
        risks = {
            "at_random": np.zeros(len(test)),
            "age_alone": naive_age(structured["age_years"].to_numpy(), outcome, train, test, protocol),
            "one_variable": np.nan_to_num(structured["contacts_last_12_months"].to_numpy()[test]),
            "four_variables": model.predict_proba(scaled.transform(known[test]))[:, 1],
        }
        for name, risk in risks.items():
            row = table.loc[slug, name]
            assert row["yardstick_average_precision"] == pytest.approx(average_precision_score(outcome[test], risk))
            ours = average_precision_score(outcome[test], design.test_risk)
            assert row["difference"] == pytest.approx(ours - row["yardstick_average_precision"])
            assert row["difference_low"] < row["difference"] < row["difference_high"]
            assert (row["cases"], row["positives"]) == (len(test), outcome[test].sum())


def naive_age(age, outcome, train, test, protocol):
    bands = [*protocol.subgroups.age_bands_years, 10**6]

    def band(value):
        return next((i for i, end in enumerate(bands) if value < end), "not recorded")

    known = [(band(age[row]), outcome[row]) for row in train]
    shares = {b: np.mean([y for other, y in known if other == b]) for b in {b for b, _ in known}}
    return np.array([shares.get(band(age[row]), outcome[train].mean()) for row in test])


def test_a_yardstick_that_these_data_do_not_hold_is_said_to_be_impossible(large, fitted, protocol):
    structured = named(large, 0).with_columns(pl.lit(0.0).alias("contacts_last_12_months"))
    table = compared(large, fitted, structured, protocol)
    one = table.xs("one_variable", level="yardstick")
    assert one["verdict"].eq("cannot be made").all() and one["yardstick_average_precision"].isna().all()
    four = table.xs("four_variables", level="yardstick")["predictors"]
    assert not four.str.contains("contacts").any() and four.str.contains("age years").all()


def test_referrals_come_before_contacts_where_they_differ(large, protocol):
    rows = np.arange(200)
    structured = named(large, 0)
    one = fit_yardsticks(structured, large.cases, rows, rows, protocol)["one_variable"]
    assert one.predictors == ("contacts_last_12_months",)
    counts = pl.Series("referrals_last_12_months", np.arange(len(structured)) % 3)
    one = fit_yardsticks(structured.with_columns(counts), large.cases, rows, rows, protocol)["one_variable"]
    assert one.predictors == ("referrals_last_12_months",)
    assert one.risk.tolist() == [row % 3 for row in rows]


def test_predictors_that_there_are_not_are_all_named(large, protocol):
    slip = {"recent": ("referals",), "beside": ("age_years", "plans")}
    rules = protocol.model_copy(update={"yardsticks": protocol.yardsticks.model_copy(update=slip)})
    rows = np.arange(200)
    with pytest.raises(ProtocolError, match="(?s)'yardsticks.recent': 'referals'.*'yardsticks.beside': 'plans'"):
        fit_yardsticks(named(large, 0), large.cases, rows, rows, rules)


def test_there_is_a_row_for_each_design_and_yardstick(large, fitted, protocol):
    table = compared(large, fitted, named(large, 0), protocol).reset_index()
    assert table["yardstick"].tolist() == list(YARDSTICKS) * len(fitted)


@pytest.fixture(scope="module")
def perfect(large):
    return Decision("recorded_decision", "found all", large.cases.outcome.astype(float))


def test_at_the_same_number_flagged_a_perfect_decision_is_better_than_any_model(large, fitted, perfect, protocol):
    table = flags_compared(fitted, {"recorded_decision": perfect}, large.cases, protocol)
    assert table["verdict"].eq("worse").all() and table["decision_recall"].eq(1).all()
    for row in table.itertuples():
        design = fitted[row.design]
        outcome, risk = large.cases.outcome[design.split.test], design.test_risk
        flagged = np.argsort(-risk, kind="stable")[: outcome.sum()]
        assert row.flagged == row.decided == row.positives == outcome.sum()
        assert row.true_positives == outcome[flagged].sum()
        assert row.difference == pytest.approx(outcome[flagged].mean() - 1)


def test_a_decision_drawn_by_lot_is_worse_than_the_models(large, fitted, protocol):
    lot = np.random.default_rng(3).random(len(large.cases)) < 0.2
    decision = Decision("own_rule", "by lot", lot.astype(float))
    assert flags_compared(fitted, {"own_rule": decision}, large.cases, protocol)["verdict"].eq("better").all()


@pytest.mark.parametrize("missing", ["too few decided", "all alike"])
def test_a_decision_that_says_nothing_makes_no_row(large, fitted, protocol, missing):
    flags = np.ones(len(large.cases))
    if missing == "too few decided":
        flags = np.where(np.arange(len(flags)) % 2, np.nan, (np.arange(len(flags)) % 4) / 2)
    decision = Decision("recorded_decision", "", flags)
    assert flags_compared(fitted, {"recorded_decision": decision}, large.cases, protocol).empty


def test_ties_are_drawn_alike_every_time_and_never_exceed_the_number():
    risk = np.array([0.5, 0.2, 0.5, 0.5, 0.1])
    chosen = highest(risk, 2, seed=4)
    assert chosen.sum() == 2 and not chosen[[1, 4]].any()
    assert (chosen == highest(risk, 2, seed=4)).all()


def test_the_permutation_of_signs_equals_every_sign_tried():
    differences = np.array([2.0, -1.0, 1.0, 0.0, 1.0])
    signs = np.array(np.meshgrid(*[[-1, 1]] * 4)).reshape(4, -1).T
    exact = np.mean(np.abs(signs @ differences[differences != 0]) >= 3)
    assert sign_p_value(differences, permutations=20000, seed=1) == pytest.approx(exact, abs=0.02)


def test_the_yardsticks_never_see_the_outcome_of_a_test_case(large, fitted, protocol):
    split = next(iter(fitted.values())).split
    flipped = large.cases.outcome.copy()
    flipped[split.test] = ~flipped[split.test]
    other = Cases(flipped, large.cases.family, large.cases.index_date)
    risks = [fit_yardsticks(named(large, 0), c, split.train, split.test, protocol) for c in (large.cases, other)]
    assert all((risks[0][name].risk == risks[1][name].risk).all() for name in YARDSTICKS)


def test_the_pipeline_is_the_models_own():
    """The reference above imputes after scaling, as the models do: a scaled mean is 0."""
    values = np.array([[1.0], [3.0], [np.nan]])
    scaled = make_pipeline(StandardScaler()).fit_transform(values)
    assert np.nan_to_num(scaled)[2] == 0
