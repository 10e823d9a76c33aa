"""Curves agree with the textbook at every point of their grid, and no point stands for one child."""

import numpy as np
import pytest

from analysis.performance.curves import calibration, decision_curve, precision_recall_curve, roc_curve, thresholds

SLUG = "structured-all_cases"


@pytest.fixture(scope="module")
def tested(designs, world):
    design = designs[SLUG]
    return world.cases.outcome[design.split.test], design.test_risk


def flagged_until(outcome, risk, enough):
    """Cases flagged at the first threshold, from the top, at which `enough` holds."""
    for threshold in np.unique(risk)[::-1]:
        flagged = risk >= threshold
        if enough(flagged):
            return flagged
    raise AssertionError("never enough")


def test_precision_is_that_of_the_first_threshold_to_reach_the_recall(designs, world, protocol, tested):
    outcome, risk = tested
    table = precision_recall_curve(designs, world.cases, protocol).query("design == @SLUG")
    for recall, precision in table[["recall", "precision"]].to_numpy():
        flagged = flagged_until(outcome, risk, lambda f, r=recall: (f & outcome).sum() >= r * outcome.sum() - 1e-9)
        assert precision == pytest.approx(outcome[flagged].mean())


def test_ten_cases_lie_between_neighbouring_points(designs, world, protocol, tested):
    outcome, risk = tested
    table = precision_recall_curve(designs, world.cases, protocol).query("design == @SLUG")
    counts = [
        flagged_until(outcome, risk, lambda f, r=recall: (f & outcome).sum() >= r * outcome.sum() - 1e-9).sum()
        for recall in table["recall"]
    ]
    assert (np.diff([0, *counts]) >= 10).all()
    assert len(table) <= protocol.disclosure.curve_points


def test_recall_is_the_highest_within_the_false_positive_rate(designs, world, protocol, tested):
    outcome, risk = tested
    table = roc_curve(designs, world.cases, protocol).query("design == @SLUG")
    for rate, recall in table[["false_positive_rate", "recall"]].to_numpy():
        allowed = [
            (risk[outcome] >= threshold).mean()
            for threshold in np.unique(risk)
            if (risk[~outcome] >= threshold).mean() <= rate + 1e-9
        ]
        assert recall == pytest.approx(max(allowed, default=0))
    assert table["recall"].is_monotonic_increasing


def test_calibration_groups_hold_all_cases_and_ten_each(designs, world, protocol):
    table = calibration(designs, world.cases, protocol)
    for slug, group in table.groupby("design"):
        assert group["cases"].sum() == len(designs[slug].split.test)
        assert group["cases"].min() >= protocol.disclosure.cases_per_bin
        assert group["mean_risk"].is_monotonic_increasing


def test_thresholds_flag_everyone_at_or_above_them(designs, world, tested):
    outcome, risk = tested
    table = thresholds(designs, world.cases).query("design == @SLUG")
    for row in table.itertuples():
        assert row.flagged == (risk >= row.threshold).sum()
        assert row.true_positives + row.false_negatives == outcome.sum()
        assert row.threshold == round(row.threshold, 4)


def test_net_benefit_is_its_definition(designs, world, protocol, tested):
    outcome, risk = tested
    table = decision_curve(designs, world.cases, protocol).query("design == @SLUG")
    for row in table.itertuples():
        flagged, odds = risk >= row.threshold, row.threshold / (1 - row.threshold)
        assert row.net_benefit == pytest.approx(
            ((flagged & outcome).sum() - (flagged & ~outcome).sum() * odds) / len(risk)
        )
        assert row.net_benefit_all == pytest.approx(outcome.mean() - (1 - outcome.mean()) * odds)
        assert row.net_benefit_low <= row.net_benefit <= row.net_benefit_high
    assert len(table) == 30  # 0.01, 0.02, ..., 0.30
