"""Other divisions, equally good models, cases needed and the planted risk: each beside a naive reference."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from analysis.model import Cases, risks_of_test_cases
from analysis.model.dependence import DIVISIONS, fit_dependence
from analysis.model.equally_good import Alternatives, equally_good, family_samples, fit_alternatives
from analysis.performance.ceiling import ceiling
from analysis.performance.dependence import dependence
from analysis.performance.enough_cases import enough_cases
from analysis.performance.equally_good import equally_good as agreement
from analysis.performance.sample_size import cases_for_r2, cox_snell_r2, expected_shrinkage
from benchmarks.planted_world import plant_world


@pytest.fixture(scope="module")
def few(protocol):
    """Three refits are enough to count with."""
    rules = protocol.equally_good.model_copy(update={"refits": 3})
    return protocol.model_copy(update={"equally_good": rules})


@pytest.fixture(scope="module")
def alternatives(designs, world, few):
    return fit_alternatives(designs, world.cases, world.predictors, few)


@pytest.fixture(scope="module")
def child(world):
    """Two children in each family of more than one case."""
    return world.cases.family * 2 + np.arange(len(world.cases)) % 2


def test_every_division_scores_every_late_case(designs, world, child, few):
    risks = fit_dependence(designs, world.cases, child, world.predictors, few)
    late = designs["structured-earlier_cases"].split.test
    assert tuple(risks) == DIVISIONS
    assert all(len(risk) == len(late) and np.isfinite(risk).all() for risk in risks.values())
    table = dependence(designs, risks, world.cases, few).set_index("division")
    for name, risk in risks.items():
        expected = average_precision_score(world.cases.outcome[late], risk)
        assert table.loc[name, "average_precision"] == pytest.approx(expected)
    values = table["average_precision"].to_numpy()
    assert table["step"].to_numpy()[1:] == pytest.approx(np.diff(values)) and np.isnan(table["step"].iloc[0])


def test_the_strictest_division_is_the_embargo_of_the_design(designs, world, child, few):
    risks = fit_dependence(designs, world.cases, child, world.predictors, few)
    candidate = designs["structured-all_cases"].search.chosen.candidate
    split = designs["structured-earlier_cases"].split
    expected = risks_of_test_cases(candidate, world.predictors, "structured", world.cases, split)
    assert (risks["in_time_with_embargo"] == expected).all()


def test_where_cases_of_a_child_repeat_themselves_dividing_at_random_flatters_the_model(protocol):
    """Each child's outcome is drawn once and stamped on its cases, and its predictors are the child's own: no more."""
    from analysis.model import Predictors, fit_designs

    random = np.random.default_rng(8)
    family = np.repeat(np.arange(400), 4)
    values = np.repeat(random.normal(size=(400, 6)), 4, axis=0)
    outcome = np.repeat(random.random(400) < 0.2, 4)
    dates = np.datetime64("2012-03-01") + np.repeat(random.integers(0, 2000, 400), 4) + np.tile(np.arange(4), 400)
    cases = Cases(outcome, family, dates)
    known = Predictors(values.astype(np.float32), np.zeros((1600, 1), np.float32))
    trees = {"families": ("decision_tree",)}
    designs = {"predictors": ("structured",)}
    rules = protocol.model_copy(update={"models": protocol.models.model_copy(update=trees),
                                        "designs": protocol.designs.model_copy(update=designs)})  # fmt: skip
    fitted = fit_designs(cases, known, rules, window_months=6)
    deep = {"max_depth": 12, "cases_per_leaf": 1}
    chosen = fitted["structured-all_cases"].search.chosen
    object.__setattr__(chosen, "candidate", type(chosen.candidate)("decision_tree", 1, deep))
    table = dependence(fitted, fit_dependence(fitted, cases, family, known, rules), cases, rules).set_index("division")
    assert table.loc["random", "average_precision"] > 0.7
    assert table.loc["by_child", "average_precision"] < 0.35
    assert table.loc["by_child", "step_high"] < 0


def test_without_a_design_on_earlier_cases_there_is_no_such_table(designs, world, child, few):
    one = {"structured-all_cases": designs["structured-all_cases"]}
    assert fit_dependence(one, world.cases, child, world.predictors, few) == {}
    assert dependence(one, {}, world.cases, few).empty


def test_candidates_within_a_standard_error_are_found_one_by_one(designs):
    for design in designs.values():
        best = design.search.chosen
        for errors in (0, 1, 3):
            found = equally_good(design, errors)
            least = best.fold_average_precision - errors * best.standard_error
            expected = [t.candidate for t in design.search.tried if t is best or t.fold_average_precision >= least]
            assert found == expected and best.candidate in found


def test_family_samples_hold_whole_families(world):
    rows = np.flatnonzero(world.cases.family < 200)
    for sample in family_samples(world.cases, rows, 3, seed=1):
        assert set(sample) <= set(rows)
        for family in np.unique(world.cases.family[sample]):
            members = rows[world.cases.family[rows] == family]
            counts = [np.sum(sample == member) for member in members]
            assert len(set(counts)) == 1
    again = family_samples(world.cases, rows, 1, seed=1)[0]
    assert (family_samples(world.cases, rows, 1, seed=1)[0] == again).all()


def test_agreement_is_counted_case_by_case(designs, world, alternatives, characteristics, few):
    table = agreement(designs, alternatives, world.cases, characteristics, few)
    for slug, design in designs.items():
        flagged = set(np.flatnonzero(design.test_risk >= design.threshold))
        number = len(flagged)
        sets = [flagged, *(set(np.argsort(-risk)[:number]) for risk in distinct(alternatives[slug].candidates))]
        row = table[table["design"].eq(slug) & table["subgroup"].eq("everyone")].iloc[0]
        assert (row["cases"], row["flagged"]) == (len(design.split.test), number)
        assert row["flagged_by_all"] == pytest.approx(len(set.intersection(*sets)), abs=2)  # ties are drawn by seed
        right = sum(bool(world.cases.outcome[design.split.test[place]]) for place in flagged)
        assert (row["true_positives"], row["false_positives"]) == (right, number - right)
        groups = table[table["design"].eq(slug) & table["characteristic"].eq("gender")]
        for name in ("cases", "flagged", "true_positives", "false_positives", "flagged_by_all", "flagged_by_any"):
            assert groups[name].sum() == row[name]
        assert (table["flagged_by_all"] <= table["flagged"]).all()
        assert (table["flagged"] <= table["flagged_by_any"]).all()


def distinct(risks):
    """Risks with ties broken by position, as argsort does."""
    return [risk - 1e-9 * np.arange(len(risk)) for risk in risks]


def test_models_that_rank_alike_agree_on_all_and_opposite_ones_on_none(designs, world, characteristics, few):
    slug, design = next(iter(designs.items()))
    risk = design.test_risk + 1e-9 * np.random.default_rng(0).random(len(design.test_risk))
    for other, agreed, lost in ((risk, 1.0, 0.0), (-risk, 0.0, 1.0)):
        same = {slug: Alternatives(12, np.array([other]), np.array([other]))}
        row = agreement({slug: design}, same, world.cases, characteristics, few).iloc[0]
        assert row["agreed"] == pytest.approx(agreed, abs=0.1) and row["flags_lost"] == pytest.approx(lost, abs=0.1)


def test_the_cases_needed_are_rileys(designs, world, alternatives):
    table = enough_cases(designs, alternatives, world.cases).set_index("design")
    for slug, design in designs.items():
        row, train = table.loc[slug], design.split.train
        outcome = world.cases.outcome[train]
        assert row["predictors"] == world.predictors.matrices(slug.split("-")[0], train)[0].shape[1]
        assert row["events_per_predictor"] == pytest.approx(outcome.sum() / row["predictors"])
        r2 = cox_snell_r2(row["auc"], outcome.mean())
        needed = cases_for_r2(row["predictors"], outcome.mean(), r2=r2)
        assert row["cases_needed"] == pytest.approx(needed, rel=0.05)
        assert row["enough"] == ("yes" if len(train) >= needed else "no")
        assert row["shrinkage"] == pytest.approx(expected_shrinkage(len(train), row["predictors"], r2=r2))


def test_enough_cases_can_come_out_either_way(designs, world):
    slug, design = next(iter(designs.items()))
    for predictors, word in ((1, "yes"), (5000, "no")):
        other = {slug: Alternatives(predictors, np.empty((0, 0)), np.empty((0, 0)))}
        assert enough_cases({slug: design}, other, world.cases)["enough"].tolist() == [word]


@pytest.mark.parametrize(("cases", "predictors", "r2"), [(500, 10, 0.1), (20000, 96, 0.03), (2000, 4, 0.2)])
def test_the_expected_shrinkage_gives_back_the_cases(cases, predictors, r2):
    shrinkage = expected_shrinkage(cases, predictors, r2=r2)
    assert predictors / ((shrinkage - 1) * np.log(1 - r2 / shrinkage)) == pytest.approx(cases, rel=1e-6)


def test_the_planted_risk_scores_higher_than_the_models_and_is_compared_on_the_cases_that_have_one(protocol):
    from analysis.model import fit_designs

    world = plant_world(1500, seed=2, prevalence=0.2, signal=1.5, words=10, topics=2)
    designs = {"predictors": ("structured",), "learned_from": ("all_cases",)}
    rules = protocol.model_copy(update={"designs": protocol.designs.model_copy(update=designs)})
    fitted = fit_designs(world.cases, world.predictors, rules, window_months=12)
    planted = np.where(np.arange(len(world.cases)) % 10 == 0, np.nan, world.true_risk)
    row = ceiling(fitted, planted, world.cases, rules).iloc[0]
    test = fitted["structured-all_cases"].split.test
    known = test[np.isfinite(planted[test])]
    assert row["cases"] == len(known) < len(test)
    assert row["planted"] == pytest.approx(average_precision_score(world.cases.outcome[known], planted[known]))
    assert row["gap"] == pytest.approx(row["planted"] - row["model"]) and row["gap"] > 0
    assert ceiling(fitted, None, world.cases, rules).empty
    assert isinstance(ceiling(fitted, None, world.cases, rules), pd.DataFrame)
