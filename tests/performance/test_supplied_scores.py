"""Scores of a tool with a planted worth: as good as a model, better, too late, in odd ranges, tied."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.cohort.supplied_scores import SCORED, scores_before
from analysis.performance.metrics import operating_point
from analysis.performance.scored_cases import OWN_RANGE, PROBABILITY, YES_OR_NO, supplied_score
from analysis.performance.supplied_scores import NEED_A_PROBABILITY, rivals, score_tables, with_scores
from analysis.schemas import SCHEMAS

MODEL = "structured-all_cases"


@pytest.fixture(scope="module")
def asked(world):
    """The cases as a cohort has them: a child for each."""
    dates = world.cases.index_date.tolist()
    children = [f"{number:05d}" for number in range(len(world.cases))]
    return pl.DataFrame({"case_id": range(len(children)), "child_id": children, "index_date": dates})


@pytest.fixture(scope="module")
def structured(world, protocol):
    """The planted predictors under the names that the yardsticks ask for, those that carry the risk last."""
    rules = protocol.yardsticks
    names = ["age_years", *rules.recent, *(name for name in rules.beside if name != "age_years")]
    values = world.predictors.structured[:, ::-1]
    names += [f"x{number}" for number in range(values.shape[1] - len(names))]
    return pl.DataFrame(values, schema=names)


@pytest.fixture(scope="module")
def tables(asked, structured, world, designs, characteristics, protocol):
    def made(values, *, days_before=30, rows=slice(None), version="2.1"):
        """The tables of these scores, supplied so many days before the index date of the cases in `rows`."""
        chosen = asked[rows]
        day = [one - timedelta(days=days_before) for one in chosen["index_date"]]
        scores = pl.DataFrame(
            {"child_id": chosen["child_id"], "date": day, "score": np.asarray(values, float)[rows], "version": version},
            schema=SCHEMAS["scores"],
        )
        found = scores_before(scores, asked)
        return score_tables(found, designs, structured, world.cases, characteristics, protocol)

    return made


def comparison(found, rival=MODEL):
    return found["score_comparisons"].set_index("rival").loc[rival]


def metric(found, name):
    return found["performance"].set_index("metric").loc[name]


def test_a_score_that_is_a_models_own_risk_is_no_better(tables, designs):
    found = comparison(tables(designs[MODEL].out_of_sample_risk))
    assert found["difference"] == 0 and found["p_value"] == 1 and found["verdict"] == "no clear difference"


def test_a_score_that_is_the_model_of_four_variables_is_no_better_than_it(tables, designs, structured, world, protocol):
    four = rivals(designs, structured, world.cases, protocol)["four_variables"]
    found = comparison(tables(four), "four_variables")
    assert found["difference"] == 0 and found["verdict"] == "no clear difference"


def test_a_score_that_is_the_planted_risk_is_better_than_all(tables, world):
    verdicts = tables(world.true_risk)["score_comparisons"].set_index("rival")["verdict"]
    assert {MODEL, "age_alone", "one_variable", "four_variables"} <= set(verdicts.index)
    assert set(verdicts) == {"better"}


def test_a_score_of_noise_is_worse(tables, world):
    noise = np.random.default_rng(1).random(len(world.cases))
    found = tables(noise)
    assert comparison(found)["verdict"] == "worse"
    assert found["chance"].set_index("metric").loc["auc", "better_than_chance"] == "no"


@pytest.mark.parametrize("days_before", [0, -1, -400])
def test_a_score_of_the_decisions_day_or_later_is_refused_and_counted(tables, world, days_before):
    found = tables(world.cases.outcome, days_before=days_before)
    assert list(found) == ["score_coverage"]
    counted = found["score_coverage"].set_index("status")["cases"]
    assert counted.to_dict() == {SCORED: 0, "score only on or after the index date": len(world.cases), "no score": 0}


def test_cases_without_a_score_are_counted_and_left_out(tables, world):
    rows = slice(0, 600)
    found = tables(world.true_risk, rows=rows)
    coverage = found["score_coverage"].set_index("status")
    assert coverage["cases"].to_dict() == {SCORED: 600, "score only on or after the index date": 0, "no score": 400}
    assert coverage["positives"].sum() == world.cases.outcome.sum()
    outcome, risk = world.cases.outcome[rows], world.true_risk[rows]
    assert metric(found, "average_precision")["value"] == pytest.approx(average_precision_score(outcome, risk))
    assert metric(found, "auc")["value"] == pytest.approx(roc_auc_score(outcome, risk))
    assert metric(found, "auc")["cases"] == 600


@pytest.mark.parametrize("written", [lambda risk: 10 * risk, lambda risk: 100 * risk, lambda risk: 5 * risk - 3])
def test_a_score_in_another_range_ranks_alike_and_is_no_probability(tables, world, written):
    plain, other = tables(world.true_risk), tables(written(world.true_risk))
    for name in ("average_precision", "auc", "skill"):
        assert metric(other, name)["value"] == pytest.approx(metric(plain, name)["value"])
    assert list(plain["score_coverage"]["scale"])[0] == PROBABILITY
    assert list(other["score_coverage"]["scale"])[0] == OWN_RANGE
    assert {"calibration", "decision_curve"} <= set(plain) and not {"calibration", "decision_curve"} & set(other)
    assert set(NEED_A_PROBABILITY) <= set(plain["performance"]["metric"])
    assert not set(NEED_A_PROBABILITY) & set(other["performance"]["metric"])
    flagged = [found["operating_point"]["flagged"].iloc[0] for found in (plain, other)]
    assert abs(flagged[0] - flagged[1]) <= 0.02 * len(world.cases)


def test_a_yes_or_no_is_no_probability(tables, world):
    flags = world.true_risk > np.quantile(world.true_risk, 0.9)
    found = tables(flags)
    assert list(found["score_coverage"]["scale"])[0] == YES_OR_NO and "calibration" not in found
    assert metric(found, "auc")["value"] == pytest.approx(roc_auc_score(world.cases.outcome, flags))


def test_it_flags_as_many_as_the_model_and_those_that_tie(tables, world, designs):
    model = designs[MODEL]
    as_many = int((model.out_of_sample_risk >= model.threshold).sum())
    exact = tables(world.true_risk)["operating_point"].iloc[0]
    assert as_many <= exact["flagged"] <= as_many + 3
    halves = np.round(2 * world.true_risk) + 1
    highest = np.sort(halves)[::-1]
    tied = tables(halves)["operating_point"].iloc[0]
    assert tied["flagged"] == (halves >= highest[as_many - 1]).sum()


@pytest.mark.parametrize("scale", [1, 10])
def test_the_tools_own_threshold_flags_who_has_that_score_or_more(scale, world, designs, protocol):
    scores, outcome = np.round(world.true_risk, 2) * scale, world.cases.outcome
    for own in (0.2 * scale, 0.31 * scale, 2.0 * scale):
        rules = protocol.model_copy(update={"scores": protocol.scores.model_copy(update={"flag_from": own})})
        tool = supplied_score(scores, np.arange(len(scores)), designs, rules)
        point = operating_point({tool.slug: tool}, world.cases, rules).iloc[0]
        flagged = scores >= own
        assert (point["flagged"], point["true_positives"]) == (flagged.sum(), (flagged & outcome).sum())


def test_ties_are_neither_won_nor_lost(tables, world):
    found = tables(np.full(len(world.cases), 0.5))
    assert metric(found, "auc")["value"] == 0.5
    assert metric(found, "average_precision")["value"] == pytest.approx(world.cases.outcome.mean())


def test_rare_versions_are_counted_together(tables, world):
    version = pl.Series(["2.1"] * 990 + [f"note about child {number}" for number in range(10)])
    found = tables(world.true_risk, version=version)["score_versions"].set_index("version")
    assert set(found.index) == {"2.1", "other versions"} and found["cases"].sum() == len(world.cases)
    assert found.loc["2.1", "median_days"] == 30


def test_a_rival_saw_none_of_the_family_of_the_case_it_is_compared_on(designs, structured, world, protocol):
    others = rivals(designs, structured, world.cases, protocol)
    assert {MODEL, "four_variables"} <= set(others) and not any(slug.endswith("earlier_cases") for slug in others)
    assert all(np.isfinite(risk).all() for risk in others.values())


def test_rows_of_the_score_stand_beside_those_of_the_models(tables, world):
    import pandas as pd

    scores = tables(world.true_risk)
    both = with_scores({"performance": pd.DataFrame({"design": [MODEL]}), "flow": pd.DataFrame()}, scores)
    assert list(both["performance"]["design"].unique()) == [MODEL, SCORED]
    assert set(both) == {"flow", *scores}


def test_nothing_is_made_where_no_score_was_supplied(asked, structured, world, designs, characteristics, protocol):
    found = scores_before(pl.DataFrame(schema=SCHEMAS["scores"]), asked)
    assert score_tables(found, designs, structured, world.cases, characteristics, protocol) == {}
