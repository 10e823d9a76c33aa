"""Flagged children by kind are related to the counts that other tables print of them."""

import numpy as np
import pandas as pd
import pytest
from invented_page import fill

from analysis.disclosure import PAGE_TABLES, attack, release_all
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure
DESIGN = "structured-all_cases"
WHOLE = {"design": DESIGN, "threshold": 0.2, "cases": 400, "positives": 60, "flagged": 80, "true_positives": 30}
WHOLE |= {"false_positives": 50, "false_negatives": 30, "true_negatives": 290, "correct": 320}
WHOLE |= {"precision": 30 / 80, "recall": 30 / 60, "accuracy": 320 / 400}


def page(early: int, flagged_early: int):
    """The operating point of a design, and its flagged cases by kind."""
    kinds = {"early_outcomes": early, "flagged_early": flagged_early, "flagged_neither": 50 - flagged_early}
    rows = {
        "operating_point": [WHOLE],
        "early_outcomes": [WHOLE | kinds | {"share_early": flagged_early / 50}],
        "early_outcome_scores": [{"design": DESIGN, "counted_as": way} for way in ("as_registered", "left_out")],
    }
    return {name: fill(PAGE_TABLES[name], rows[name]) for name in rows}


@pytest.mark.parametrize("preset", ["dfe", "research"])
def test_few_flagged_early_are_not_what_is_left_of_those_flagged_without_the_outcome(preset):
    released = release_all(page(early=24, flagged_early=3), preset=preset, rules=RULES)
    row = released["early_outcomes"].frame.iloc[0]
    assert pd.isna(row["flagged_early"]) and pd.isna(row["share_early"])
    published = {name: table.frame for name, table in released.items()}
    assert not attack(published, PAGE_TABLES, RULES.presets[preset])


def test_the_attack_sees_a_withheld_count_that_the_rest_gives_away():
    frames = page(early=24, flagged_early=3)
    frames["early_outcomes"]["flagged_early"] = np.nan
    frames["early_outcomes"]["share_early"] = np.nan
    found = {finding.quantity for finding in attack(frames, PAGE_TABLES, RULES.presets["dfe"])}
    assert f"flagged_early of test cases, all_cases, by {DESIGN}" in found


@pytest.mark.parametrize(("early", "withheld"), [(4, True), (24, False)])
def test_the_scores_are_withheld_with_the_number_of_early_outcomes(early, withheld):
    released = release_all(page(early, flagged_early=0), preset="dfe", rules=RULES)
    scores = released["early_outcome_scores"].frame
    assert scores["average_precision"].isna().all() == withheld
    assert released["operating_point"].frame["positives"].notna().all()


def flagging(use: str, flagged: int, right: int) -> dict:
    counts = {"flagged": flagged, "true_positives": right, "false_positives": flagged - right}
    counts |= {"false_negatives": 60 - right, "precision": right / flagged, "recall": right / 60}
    return WHOLE | counts | {"use": use, "threshold": 1 - flagged / 400}


def test_a_threshold_by_use_a_few_cases_from_another_is_left_out():
    """With 83 flagged, three more than at the operating point, the difference would be of three children."""
    points = [flagging("highest_10_percent", 40, 20), flagging("trade_off", 83, 31)]
    frames = {
        "operating_point": fill(PAGE_TABLES["operating_point"], [WHOLE]),
        "thresholds_by_use": fill(PAGE_TABLES["thresholds_by_use"], points),
        "thresholds": fill(PAGE_TABLES["thresholds"], [flagging("", 42, 21), flagging("", 120, 40)]),
    }
    released = release_all(frames, preset="dfe", rules=RULES)
    assert released["thresholds_by_use"].frame["use"].tolist() == ["highest_10_percent"]
    assert released["thresholds"].frame["flagged"].tolist() == [120]
    assert not attack({name: table.frame for name, table in released.items()}, PAGE_TABLES, RULES.presets["dfe"])
