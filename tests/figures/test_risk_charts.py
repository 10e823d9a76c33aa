"""Thresholds side by side, calibration and the distribution of risk, counted again from the tables they are of."""

import pytest
import small_tables as small

from analysis.book.sentences import risks
from analysis.book.sentences.without import read_leak_worth, read_without
from analysis.disclosure import combine
from analysis.tables.uses import risk_by_outcome, thresholds_side_by_side


def test_thresholds_are_told_per_thousand_beside_the_registered_one():
    """The registered threshold flags 25 of 1,000, 10 rightly, and misses 40 of 50."""
    table = thresholds_side_by_side(small.operating_point(), small.thresholds_by_use())
    design = table.where(design=small.S_ALL).frame.set_index("use")
    assert list(design.index) == ["maximum_f1", "highest_5_percent", "highest_10_percent", "trade_off"]
    per = ["flagged_per_1000", "right_per_1000", "missed_per_1000"]
    assert design.loc["maximum_f1", per].tolist() == [25, 10, 40]
    assert design.loc["highest_10_percent", per].tolist() == [100, 22, 28]
    words = risks.read_thresholds(table, 9)
    assert "at the registered threshold, 25 are flagged, 10 of them rightly, and 40 with the outcome missed" in words
    assert words.endswith("as bad as nine false alarms.")


def test_models_of_several_predictions_keep_their_thresholds_together():
    both = [
        combine({("LA2", name): make() for name in ("P3", "P4")})
        for make in (small.operating_point, small.thresholds_by_use)
    ]
    frame = thresholds_side_by_side(*both).frame
    assert len(frame) == 2 * 4 * 4
    assert (frame["outcome"].ne(frame["outcome"].shift()).sum(), frame["use"].eq("maximum_f1").sum()) == (2, 8)


def test_few_who_are_flagged_are_withheld_per_thousand_too():
    few = small.thresholds_by_use().frame.assign(true_positives=3, false_positives=47, false_negatives=47, flagged=50)
    few = few[few["use"].eq("highest_5_percent")]
    hidden = small.released("thresholds_by_use", few, preset="dfe")
    frame = thresholds_side_by_side(small.operating_point(preset="dfe"), hidden).frame
    assert frame.loc[frame["use"].eq("highest_5_percent"), "right_per_1000"].isna().all()


def test_the_shares_of_the_bands_are_differences_of_the_thresholds_counts():
    points = small.thresholds().where(design=small.S_ALL)
    bands = risk_by_outcome(points).frame
    rows = points.frame.sort_values("threshold", ascending=False)
    before = 0
    for (_, point), (_, band) in zip(rows.iterrows(), bands.iterrows(), strict=False):
        assert band["with_outcome"] == pytest.approx((point["true_positives"] - before) / 50)
        before = point["true_positives"]
    for name in ("with_outcome", "without_outcome"):
        assert bands[name].sum() == pytest.approx(1)


def test_thresholds_that_were_withheld_whole_leave_no_bands_and_only_the_registered_threshold():
    nothing = small.thresholds().where(design="none")
    assert risk_by_outcome(nothing).frame.empty
    alone = thresholds_side_by_side(small.operating_point(), small.thresholds_by_use().where(design="none"))
    assert set(alone.frame["use"]) == {"maximum_f1"}
    assert "trade-off" not in risks.read_thresholds(alone, 9)


@pytest.mark.parametrize(
    ("observed", "too_high", "too_low"),
    [(lambda r: 0.5 * r, "four", "none"), (lambda r: r, "none", "none"), (lambda r: 1.5 * r, "none", "four")],
)
def test_the_smooth_curve_is_read_by_its_band(observed, too_high, too_low):
    words = risks.read_calibration_curve(small.calibration_curve(observed))
    assert f"clearly too high in {too_high} and clearly too low in {too_low} of four designs" in words


def test_what_predictors_were_worth_is_read_by_the_interval_of_the_change():
    words = read_without(small.without_predictors(without_them=0.3))
    assert "from 0.40 to 0.30 in the mean over four models, a change of −0.10" in words
    assert "below zero in four and above it in none" in words
    unclear = read_without(small.without_predictors(without_them=0.38))
    assert "below zero in none and above it in none" in unclear
    assert read_without(None).startswith("No prediction could be studied")


@pytest.mark.parametrize(("without", "passing"), [(0.3, "none"), (0.8, "four")])
def test_a_leak_is_worth_the_models_that_pass_with_it_alone(without, passing):
    refitted = small.without_predictors("flagged_predictors", without)
    frame = refitted.frame.assign(with_them=0.7)
    leaked = combine({("LA1", "P1"): small.released("without_predictors", frame)})
    counted = combine({("LA2", name): small.performance() for name in ("P3", "P4")})
    words = read_leak_worth(leaked, counted, 0.65)
    assert words.startswith(
        f"Of the four models of LA1, four pass the mark of 0.65 with the flagged predictors and {passing}"
    )
    assert "about the other eight" in words and f"12 models, of which {passing} would pass." in words
    assert read_leak_worth(None, counted, 0.65) == ""
    lost = without < 0.7
    most = "structured data, all cases for P1 in LA1: average precision goes from 0.70 to 0.30."
    alone = read_leak_worth(leaked, combine({("LA1", "P1"): small.performance()}), 0.65)
    assert alone.endswith(most if lost else "None of them scores less without.")
