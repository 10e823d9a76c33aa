"""The release gate at the edges of its rules: the last count withheld, the last digit printed, the last cell spared."""

import numpy as np
import pandas as pd
import pytest
from invented_page import fill

from analysis.disclosure import PAGE_TABLES, release, release_all
from analysis.disclosure.attack import exposed
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure
DESIGN = "structured-all_cases"


def topics(families: int) -> pd.DataFrame:
    """A table whose counts stand alone: nothing else tells of them."""
    row = {"topic": "1", "terms": "school, home", "families": families, "auc": 0.123456789}
    return pd.DataFrame([row, row | {"topic": "2", "families": 400}])


@pytest.mark.parametrize("preset", ["dfe", "research"])
def test_the_threshold_itself_is_withheld_and_the_next_count_is_not(preset):
    threshold = RULES.presets[preset].threshold
    frame = pd.DataFrame({"kind": ["assessment", "referral"], "documents": [900, 800]})
    for cases, withheld in ((threshold, True), (threshold + 1, False)):
        rows = frame.assign(cases=[cases, 300])
        table = release(PAGE_TABLES["documents"], rows, preset=preset, rules=RULES).frame
        assert pd.isna(table["cases"][0]) == withheld and pd.notna(table["cases"][1])


def test_a_count_known_to_within_one_is_exposed_and_one_known_to_within_two_is_not():
    low, high = np.array([3.0, 3.0, 3.0, 0.0, 6.0]), np.array([3.0, 4.0, 5.0, 1.0, 6.0])
    assert exposed(low, high, 5).tolist() == [0, 1]


def test_a_rate_is_printed_to_three_decimals_and_a_measure_to_its_own():
    year = fill(PAGE_TABLES["outcome_by_year"], [{"year": "2016", "cases": 103, "positives": 20}])
    printed = release(PAGE_TABLES["outcome_by_year"], year, preset="dfe", rules=RULES).frame
    assert printed["prevalence"][0] == 0.194  # 20 / 103 = .19417...
    measured = release(PAGE_TABLES["topics"], topics(300), preset="dfe", rules=RULES).frame
    assert measured["auc"][0] == 0.12


@pytest.mark.parametrize(("rest", "printed"), [(0, True), (1, False), (9, False), (10, True)])
def test_an_interval_is_withheld_where_it_would_tell_of_the_rest_that_is_small(rest, printed):
    """Resampled families: with 1 of 37 flagged right, wrong flags are .91 to 1 of all; rounding hides neither end."""
    part = {"characteristic": "ethnicity_group", "cases": 150, "positives": 20, "flagged": 37,
            "true_positives": rest, "false_positives": 37 - rest, "false_negatives": 20 - rest,
            "false_discovery_rate_low": 0.91, "false_discovery_rate_high": 0.99}  # fmt: skip
    rows = [{"design": DESIGN, "subgroup": name, **part} for name in ("White", "Mixed")]
    frame = fill(PAGE_TABLES["subgroups"], rows)
    shown = release(PAGE_TABLES["subgroups"], frame, preset="research", rules=RULES).frame
    assert shown["false_discovery_rate_low"].notna().tolist() == [printed, printed]


def test_words_with_digits_are_withheld_beside_a_withheld_count():
    rows = [
        {"design": DESIGN, "part": part, "cases": 400, "positives": positives, "families": 300,
         "positive_families": positives, "first_month": "2013-01", "last_month": "2018-12"}
        for part, positives in (("training", 60), ("test", 3))
    ]  # fmt: skip
    shown = release(PAGE_TABLES["sample"], fill(PAGE_TABLES["sample"], rows), preset="dfe", rules=RULES).frame
    assert shown["first_month"].tolist() == ["2013-01", "too few to show"]


def test_where_a_total_is_printed_one_more_row_is_withheld_and_not_the_table():
    years = [{"year": str(2014 + n), "cases": 100, "positives": p} for n, p in enumerate((3, 20, 30, 40))]
    whole = {"cases": 400, "positives": 93, "families": 300, "positive_families": 70}
    test = dict.fromkeys(whole, 0)
    sample = [{"design": DESIGN, "part": "training", **whole}, {"design": DESIGN, "part": "test", **test}]
    frames = {name: fill(PAGE_TABLES[name], rows) for name, rows in (("outcome_by_year", years), ("sample", sample))}
    released = release_all(frames, preset="dfe", rules=RULES)
    assert released["outcome_by_year"].frame["positives"].isna().sum() == 2
    assert len(released["outcome_by_year"].frame) == 4 and len(released["sample"].frame) == 2
