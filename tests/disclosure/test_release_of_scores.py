"""The score of a tool passes the release gate with the page of its cases, and tells no small count beside it."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from analysis.cohort.supplied_scores import NO_SCORE, SCORED, TOO_LATE, scores_before
from analysis.disclosure import PAGE_TABLES, attack, read_released, release_all, write_released
from analysis.disclosure.contradictions import contradictions
from analysis.model import fit_designs
from analysis.performance import metrics
from analysis.performance.supplied_scores import score_tables, with_scores
from analysis.protocol import load_protocol
from analysis.schemas import SCHEMAS
from analysis.tables.supplied_scores import OF_SCORES, accuracy, models_only, score_only
from analysis.workflow.collect.tables import check_table, labels_of
from benchmarks.planted_world import plant_world
from tests.attacker import outsider

RULES = load_protocol().disclosure
UNSCORED, LATE = 3, 4  # children with an outcome: counts to be protected


@pytest.fixture(scope="module")
def protocol():
    registered = load_protocol()
    one = registered.models.draws_per_family.model_copy(
        update={"logistic_regression": 1, "decision_tree": 1, "xgboost": 1}
    )
    few = registered.uncertainty.model_copy(update={"replicates": 50, "permutations": 50})
    designs = registered.designs.model_copy(update={"predictors": ("structured",), "learned_from": ("all_cases",)})
    models = registered.models.model_copy(update={"draws_per_family": one})
    return registered.model_copy(update={"models": models, "uncertainty": few, "designs": designs})


@pytest.fixture(scope="module")
def frames(protocol):
    """A page's tables of counts and measures: all but a few cases have a score in time."""
    world = plant_world(2000, seed=8, prevalence=0.1, signal=1.5)
    designs = fit_designs(world.cases, world.predictors, protocol, window_months=12)
    children = [f"{number:05d}" for number in range(len(world.cases))]
    asked = pl.DataFrame({"case_id": range(2000), "child_id": children, "index_date": world.cases.index_date.tolist()})
    positives = np.flatnonzero(world.cases.outcome)
    without, late = positives[:UNSCORED], positives[UNSCORED : UNSCORED + LATE]
    scores = asked.select("child_id", pl.col("index_date").dt.offset_by("-30d").alias("date")).with_columns(
        score=pl.Series(world.true_risk), version=pl.lit("2")
    )
    moved = pl.when(pl.int_range(pl.len()).is_in(late.tolist())).then(pl.col("date").dt.offset_by("60d"))
    scores = scores.with_columns(date=moved.otherwise(pl.col("date")))
    scores = scores.filter(~pl.int_range(pl.len()).is_in(without.tolist())).select(list(SCHEMAS["scores"]))
    groups = pd.DataFrame(dict.fromkeys(protocol.subgroups.characteristics, "one"), index=range(2000))
    rules = protocol.yardsticks
    names = dict.fromkeys(["age_years", *rules.recent, *rules.beside])
    structured = pl.DataFrame(world.predictors.structured[:, : len(names)], schema=list(names))
    found = score_tables(scores_before(scores, asked), designs, structured, world.cases, groups, protocol)
    years = pd.Series(world.cases.index_date).dt.year
    by_year = pd.DataFrame({"year": years, "outcome": world.cases.outcome}).groupby("year")["outcome"]
    page = {
        "outcome_by_year": by_year.agg(cases="size", positives="sum").reset_index().assign(prevalence=0.0),
        "sample": metrics.sample(designs, world.cases),
        "performance": metrics.performance(designs, world.cases, protocol),
        "operating_point": metrics.operating_point(designs, world.cases, protocol),
    }
    return with_scores(page, found)


@pytest.mark.parametrize("preset", ["dfe", "research"])
def test_small_counts_of_cases_without_a_score_are_not_told(frames, preset):
    rules = RULES.presets[preset]
    released = release_all(frames, preset=preset, rules=RULES)
    coverage = released["score_coverage"].frame.set_index("status")["positives"]
    assert coverage[[TOO_LATE, NO_SCORE]].isna().all()
    shown = {name: table.frame for name, table in released.items()}
    assert attack(shown, PAGE_TABLES, rules) == ()
    files = {name: frame.astype(object).where(frame.notna(), np.nan) for name, frame in shown.items()}
    assert outsider.attack({"P7": files}, rules.threshold, rules.rounding) == []
    assert released["performance"].where(design=SCORED).frame["value"].notna().any()


def test_what_was_released_of_a_score_is_taken_by_who_collects(frames, protocol, tmp_path):
    released = release_all(frames, preset="dfe", rules=RULES)
    write_released(released, tmp_path, provenance={})
    labels = labels_of(protocol)
    assert [check_table(tmp_path / f"{n}.csv", PAGE_TABLES[n], labels) for n in released] == [[]] * len(released)
    again = read_released(tmp_path, PAGE_TABLES)
    assert set(score_only(again)["performance"].frame["design"]) == {SCORED}
    shown = {name: table.frame for name, table in again.items()}
    assert contradictions(shown, PAGE_TABLES, RULES.presets["dfe"]) == ()


def test_the_attack_finds_them_where_only_the_cell_itself_is_blank(frames):
    """The total of all cases, less the cases with a score and those too late, would be those without one."""
    rules = RULES.presets["dfe"]
    naive = {name: frame.copy() for name, frame in frames.items()}
    coverage = naive["score_coverage"]
    coverage["positives"] = coverage["positives"].astype("Int64").mask(coverage["status"].eq(NO_SCORE))
    coverage["prevalence"] = np.nan
    naive["outcome_by_year"]["prevalence"] = np.nan
    assert any("no score" in str(finding) for finding in attack(naive, PAGE_TABLES, rules))


def test_a_page_is_parted_into_models_and_score(frames, protocol):
    released = release_all(frames, preset="synthetic", rules=RULES)
    models, score = models_only(released), score_only(released)
    assert not set(OF_SCORES) & set(models) and set(OF_SCORES) <= set(score)
    assert SCORED not in set(models["performance"].frame["design"])
    assert set(score["performance"].frame["design"]) == {SCORED} and "outcome_by_year" not in score
    assert score_only(models) == {}
    rows = accuracy({("LA2", "P3"): score}, protocol).frame.set_index("flagged_by")["accuracy"]
    point = score["operating_point"].frame.iloc[0]
    assert rows["flagging no one"] == pytest.approx(1 - point["positives"] / point["cases"])
    assert accuracy({}, protocol) is None
