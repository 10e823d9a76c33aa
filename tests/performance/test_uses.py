"""Thresholds by use, and the smooth calibration curve, recomputed and in worlds where they come out the other way."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.performance.calibration_curve import calibration_curve
from analysis.performance.uses import thresholds_by_use
from benchmarks.planted_world import plant_world

SLUG = "structured-all_cases"


def test_flags_by_capacity_and_trade_off_are_counted_one_by_one(designs, world, protocol):
    table = thresholds_by_use(designs, world.cases, protocol).set_index(["design", "use"])
    for slug, design in designs.items():
        outcome = world.cases.outcome[design.split.test]
        rule = protocol.thresholds_by_use
        for use, threshold in (
            ("highest_5_percent", None),
            ("highest_10_percent", None),
            ("trade_off", 1 / (1 + rule.false_alarms_per_missed_child)),
        ):
            row = table.loc[(slug, use)]
            flagged = [risk >= (row["threshold"] if threshold is None else threshold) for risk in design.test_risk]
            right = sum(f and o for f, o in zip(flagged, outcome, strict=True))
            assert (row["flagged"], row["true_positives"]) == (sum(flagged), right)
            assert row["false_negatives"] == outcome.sum() - right
            if sum(flagged):
                assert row["precision"] == pytest.approx(right / sum(flagged))
            if threshold is None:
                assert sum(flagged) >= int(use.split("_")[1]) / 100 * len(outcome) - 1


def test_a_costlier_missed_child_flags_more_children(designs, world, protocol):
    def flagged(false_alarms):
        rule = protocol.thresholds_by_use.model_copy(update={"false_alarms_per_missed_child": false_alarms})
        true = {SLUG: with_risk(designs[SLUG], world.true_risk[designs[SLUG].split.test])}
        table = thresholds_by_use(true, world.cases, protocol.model_copy(update={"thresholds_by_use": rule}))
        return table.set_index(["design", "use"]).loc[(SLUG, "trade_off"), "flagged"]

    assert flagged(30) > flagged(9) > flagged(1)


def with_risk(design, risk, rows=None):
    split = design.split if rows is None else replace(design.split, test=rows)
    return replace(design, split=split, test_risk=risk)


@pytest.mark.parametrize(("power", "calibrated"), [(1.0, True), (3.0, False)])
def test_bands_hold_the_true_risk_and_the_diagonal_only_where_risks_are_calibrated(
    power, calibrated, designs, protocol
):
    """Twenty worlds; a risk whose odds are the true odds to a power stands for the risk with the root of its odds."""
    on_diagonal, on_truth = [], []
    for seed in range(20):
        world = plant_world(1500, seed=seed, prevalence=0.15, signal=1.5, words=1, topics=1)
        odds = (world.true_risk / (1 - world.true_risk)) ** power
        design = with_risk(designs[SLUG], odds / (1 + odds), np.arange(len(world.cases)))
        table = calibration_curve({SLUG: design}, world.cases, protocol)
        back = 1 / (1 + ((1 - table["risk"]) / table["risk"]) ** (1 / power))
        for where, found in ((table["risk"], on_diagonal), (back, on_truth)):
            found.append((table["observed_low"].le(where) & where.le(table["observed_high"])).mean())
    assert np.mean(on_truth) >= 0.88
    assert (np.mean(on_diagonal) >= 0.88) == calibrated


def test_no_curve_is_drawn_where_risks_are_too_few(designs, world, protocol):
    design = designs[SLUG]
    risk = np.where(np.arange(len(design.split.test)) % 2, 0.1, 0.2)
    assert calibration_curve({SLUG: with_risk(design, risk)}, world.cases, protocol).empty


def test_no_curve_is_drawn_where_no_finite_one_fits_best(designs, world, protocol):
    """All those with the outcome lie in one narrow band of risks: the more pointed the curve, the better it fits."""
    design = designs[SLUG]
    outcome = world.cases.outcome[design.split.test]
    even = np.linspace(-3.2, -2.7, len(outcome))
    log_odds = np.empty(len(outcome))
    log_odds[np.argsort(~outcome, kind="stable")] = even[np.argsort(np.abs(even + 3))]
    risk = 1 / (1 + np.exp(-log_odds))
    assert calibration_curve({SLUG: with_risk(design, risk)}, world.cases, protocol).empty
    assert not calibration_curve({SLUG: design}, world.cases, protocol).empty


def test_no_curve_is_drawn_where_the_fit_cannot_be_inverted(designs, world, protocol, monkeypatch):
    def singular(*arguments, **options):
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr("statsmodels.stats.sandwich_covariance.cov_cluster", singular)
    assert calibration_curve({SLUG: designs[SLUG]}, world.cases, protocol).empty
