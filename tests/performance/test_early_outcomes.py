"""Children who reach the outcome before its window are counted by themselves, and each way of counting is scored."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from analysis.performance.early_outcomes import early_outcome_scores, early_outcomes

SLUG = "structured-all_cases"


def planted(world, *, riskiest: bool):
    """The world's cases, of which sixty have an early outcome: those of highest, or of lowest, true risk."""
    without = np.flatnonzero(~world.cases.outcome)
    order = without[np.argsort(-world.true_risk[without], kind="stable")]
    early = np.zeros(len(world.cases), dtype=bool)
    early[order[:60] if riskiest else order[-60:]] = True
    return replace(world.cases, early_outcome=early)


@pytest.fixture(scope="module")
def resembling(world):
    """Early outcomes befall those at highest risk, as in the records."""
    return planted(world, riskiest=True)


def test_flagged_cases_are_counted_by_kind_one_by_one(designs, resembling):
    table = early_outcomes(designs, resembling).set_index("design")
    for slug, design in designs.items():
        kinds = {"true_positives": 0, "flagged_early": 0, "flagged_neither": 0}
        for row, risk in zip(design.split.test, design.test_risk, strict=True):
            if risk >= design.threshold:
                with_outcome, early = resembling.outcome[row], resembling.early_outcome[row]
                kind = "true_positives" if with_outcome else "flagged_early" if early else "flagged_neither"
                kinds[kind] += 1
        assert table.loc[slug, list(kinds)].to_dict() == kinds
        assert table.loc[slug, "flagged"] == sum(kinds.values())
        assert table.loc[slug, "false_positives"] == kinds["flagged_early"] + kinds["flagged_neither"]
        assert table.loc[slug, "early_outcomes"] == resembling.early_outcome[design.split.test].sum()


def test_each_way_of_counting_has_the_average_precision_of_its_own_cases(designs, resembling, protocol):
    table = early_outcome_scores(designs, resembling, protocol).set_index(["design", "counted_as"])
    for slug, design in designs.items():
        rows, risk = design.split.test, design.test_risk
        outcome, early = resembling.outcome[rows], resembling.early_outcome[rows]
        expected = {
            "as_registered": average_precision_score(outcome, risk),
            "left_out": average_precision_score(outcome[~early], risk[~early]),
            "outcomes": average_precision_score(outcome | early, risk),
        }
        for name, value in expected.items():
            assert table.loc[(slug, name), "average_precision"] == pytest.approx(value)
            difference = table.loc[(slug, name), "difference"]
            assert difference == pytest.approx(value - expected["as_registered"])


@pytest.mark.parametrize(("riskiest", "gains"), [(True, True), (False, False)])
def test_leaving_early_outcomes_out_raises_the_score_only_where_they_rank_high(
    riskiest, gains, world, designs, protocol
):
    cases = planted(world, riskiest=riskiest)
    table = early_outcome_scores(designs, cases, protocol).set_index(["design", "counted_as"])
    low = table.loc[(SLUG, "left_out"), "difference_low"]
    assert (low > 0) == gains
    share = early_outcomes(designs, cases).set_index("design").loc[SLUG, "share_early"]
    assert (share > 0.2) == gains


def test_without_early_outcomes_there_are_no_rows_and_the_columns_stand(designs, world, protocol):
    for table in (early_outcomes(designs, world.cases), early_outcome_scores(designs, world.cases, protocol)):
        assert table.empty and "design" in table and len(table.columns) > 6
