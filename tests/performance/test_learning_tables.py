"""Curves that rise are said to rise, and those that cannot tell are not."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.disclosure import PAGE_TABLES
from analysis.model.learning_curves import CurveFit
from analysis.performance import evaluate, learning_curve_verdicts, learning_curves, optimism, search
from analysis.performance.learning_curves import slope_verdict
from analysis.performance.ranking import average_precision


@pytest.fixture(scope="module")
def table(designs, curves, world, protocol):
    return learning_curves(designs, curves, world.cases, protocol)


def test_there_are_eight_sizes_of_two_curves_for_each_design(table):
    assert table.groupby(["design", "curve"]).size().eq(8).all()


def test_positive_families_grow_to_those_of_the_training_cases(table, designs, world):
    for slug, rows in table[table["curve"] == "validation"].groupby("design"):
        train = designs[slug].split.train
        everyone = len(np.unique(world.cases.family[train[world.cases.outcome[train]]]))
        assert rows["positive_families"].is_monotonic_increasing
        assert rows["positive_families"].iloc[-1] == everyone


def test_the_last_point_is_the_design_s_own_score(table, designs, world):
    last = table[(table["size"] == 8) & (table["curve"] == "validation")].set_index("design")["average_precision"]
    for slug, design in designs.items():
        assert last[slug] == pytest.approx(average_precision(world.cases.outcome[design.split.test], design.test_risk))


def drawn_curve(design, cases, noise):
    """Fits whose test risks are the outcome hidden in less noise at each size, halved every step if it is to rise."""
    random = np.random.default_rng(0)
    outcome = cases.outcome[design.split.test]
    hidden = random.normal(size=len(outcome))
    rows = [design.split.train[: len(design.split.train) * size // 8] for size in range(1, 9)]
    return tuple(
        CurveFit(size, 1, rows[size - 1], np.zeros(len(rows[size - 1])), outcome + noise(size) * hidden)
        for size in range(1, 9)
    )


@pytest.mark.parametrize(
    ("noise", "expected"),
    [(lambda size: 4 / size, "rising"), (lambda size: 1.0, "level"), (lambda size: size / 4, "falling")],
)
def test_a_planted_slope_is_called_by_its_name(noise, expected, designs, world, protocol):
    design = designs["structured-all_cases"]
    fits = {"structured-all_cases": drawn_curve(design, world.cases, noise)}
    verdicts = learning_curve_verdicts(designs, fits, world.cases, protocol)
    assert verdicts["verdict"].tolist() == [expected]


def test_one_candidate_is_chosen_and_it_is_the_best(designs):
    for _, tried in search(designs).groupby("design"):
        assert (tried["chosen"] == "yes").sum() == 1
        best = tried.loc[tried["fold_average_precision"].idxmax()]
        assert best["chosen"] == "yes"


def test_optimism_is_folds_less_test(designs, world):
    table = optimism(designs, world.cases)
    assert (table["optimism"] - (table["fold_average_precision"] - table["test_average_precision"])).abs().max() == 0


def test_every_table_has_exactly_the_columns_it_may_publish(designs, curves, world, characteristics, protocol):
    cases = replace(world.cases, early_outcome=~world.cases.outcome & (np.arange(len(world.cases)) % 7 == 0))
    tables = evaluate(designs, curves, cases, characteristics, protocol)
    for name, table in tables.items():
        assert set(table.columns) == set(PAGE_TABLES[name].column_names), name
        assert len(table) > 0, name


def test_no_curve_is_called_level_unless_it_is_shown_to_be():
    """Of 2,000 true slopes at the margin's edge at most 5% are called level, however wide the error (size of TOST)."""
    random = np.random.default_rng(1)
    for error in (0.001, 0.004, 0.02):
        drawn = 0.01 + error * random.normal(size=2000)
        called = [slope_verdict(slope, error, level=0.95, margin=0.01) for slope in drawn]
        assert np.mean([name == "level" for name in called]) < 0.065
    assert set(called) <= {"cannot tell", "rising", "falling"}  # with an error of .02 nothing can be shown to be level


def test_a_verdict_agrees_with_its_interval(designs, curves, world, protocol):
    for row in learning_curve_verdicts(designs, curves, world.cases, protocol).itertuples():
        assert row.slope_low <= row.slope <= row.slope_high
        if row.verdict in ("rising", "falling"):
            assert row.slope_low > 0 or row.slope_high < 0
