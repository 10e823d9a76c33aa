"""What is said of late cases is withheld where their counts are."""

import numpy as np
import pandas as pd
import pytest
from invented_page import fill

from analysis.disclosure import PAGE_TABLES, release_all
from analysis.performance.time_parts import PARTS
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure
DESIGNS = ("structured-all_cases", "structured-earlier_cases")


def released(positives):
    """A page of two designs, 200 test cases each with 30 outcomes, and 90 late cases of families that came before."""
    counts = {"cases": 200, "positives": 30, "flagged": 40, "true_positives": 15, "false_positives": 25}
    counts |= {"false_negatives": 15, "true_negatives": 145, "correct": 160, "threshold": 0.2}
    parts = [
        {"part": part, "predictors": "structured", "metric": "auc", "first": DESIGNS[0], "second": DESIGNS[1]}
        for part in PARTS
    ]
    rows = {
        "operating_point": [{"design": design, **counts} for design in DESIGNS],
        "chance": [{"design": design, "metric": "auc", **counts} for design in DESIGNS],
        "late_cases": [{"part": "in_use", "cases": 90, "positives": positives}],
        "time_parts": parts,
    }
    frames = {name: fill(PAGE_TABLES[name], rows[name]) for name in rows}
    for name in ("precision", "recall", "accuracy"):
        frames["operating_point"][name] = np.nan
    return {name: table.frame for name, table in release_all(frames, preset="dfe", rules=RULES).items()}


@pytest.mark.parametrize(("positives", "withheld"), [(3, True), (20, False)])
def test_the_score_in_use_is_withheld_with_the_count_of_returning_families(positives, withheld):
    tables = released(positives)
    assert tables["late_cases"]["positives"].isna().all() == withheld
    parts = tables["time_parts"].set_index("part")
    assert pd.isna(parts.loc["in_use", "difference"]) == withheld
    assert parts.drop(index="in_use")["difference"].notna().all()
    assert tables["chance"]["p_value"].notna().all()
