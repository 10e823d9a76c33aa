"""What must hold of the release gate whatever the table."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_page import confusion, fill, rates

from analysis.disclosure import PAGE_TABLES, attack, release, release_all
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure
SPECIFICATION = PAGE_TABLES["subgroups"]
COUNTS = [column.name for column in SPECIFICATION.named("count")]
NUMBERS = [column.name for column in SPECIFICATION.columns if column.role in ("count", "rate", "measure")]
PRESETS = st.sampled_from(["dfe", "research"])
TOTALS = ("cases", "positives", "flagged", "true_positives", "false_positives", "false_negatives", "true_negatives",
          "not_flagged", "correct")  # fmt: skip


@st.composite
def groups(draw, most=60):
    hits, misses, alarms, rest = (draw(st.integers(0, most)) for _ in range(4))
    outcome = np.repeat([True, True, False, False], [hits, misses, alarms, rest])
    flagged = np.repeat([True, False, True, False], [hits, misses, alarms, rest])
    return confusion(outcome, flagged)


small_groups = groups(most=1)
tables = st.lists(groups(), min_size=1, max_size=4)


def subgroups(rows: list[dict]) -> pd.DataFrame:
    labels = {"design": "structured-all_cases", "characteristic": "gender"}
    rows = [labels | {"subgroup": f"group {n}"} | row | rates(row) for n, row in enumerate(rows)]
    return fill(SPECIFICATION, rows)


def with_sample(rows: list[dict]) -> dict[str, pd.DataFrame]:
    """Subgroups, and the whole sample that they make up."""
    sample = {name: sum(row[name] for row in rows) for name in TOTALS}
    row = {"design": "structured-all_cases", "threshold": 0.3} | sample | rates(sample)
    return {"subgroups": subgroups(rows), "operating_point": fill(PAGE_TABLES["operating_point"], [row])}


@settings(max_examples=60, deadline=None)
@given(tables, PRESETS)
def test_rounding_never_crosses_suppression(rows, preset):
    rules = RULES.presets[preset]
    before = subgroups(rows)[COUNTS].to_numpy(float)
    after = release(SPECIFICATION, subgroups(rows), preset=preset, rules=RULES).frame[COUNTS]
    after = after.to_numpy(float, na_value=np.nan)
    small = (before >= 1) & (before <= rules.threshold)
    assert np.isnan(after[small]).all()
    shown = after[~np.isnan(after)]
    assert ((shown == 0) | (shown > rules.threshold)).all()


@settings(max_examples=40, deadline=None)
@given(tables, PRESETS)
def test_a_complement_never_reveals(rows, preset):
    tables = release_all(with_sample(rows), preset=preset, rules=RULES)
    frames = {name: table.frame for name, table in tables.items()}
    assert attack(frames, PAGE_TABLES, RULES.presets[preset]) == ()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=3))
def test_no_small_count_of_a_column_is_the_only_possibility(positives):
    """An attacker who tries every way to fill the withheld cells, rather than our own, finds none forced."""
    rows = [{"year": str(2013 + n), "cases": 40, "positives": p, "prevalence": p / 40} for n, p in enumerate(positives)]
    whole = {"design": "structured-all_cases", "part": "training", "cases": 40 * len(rows), "positives": sum(positives)}
    rest = whole | {"part": "test", "cases": 0, "positives": 0, "families": 0, "positive_families": 0}
    frames = {
        "outcome_by_year": fill(PAGE_TABLES["outcome_by_year"], rows),
        "sample": fill(PAGE_TABLES["sample"], [whole | {"families": 0, "positive_families": 0}, rest]),
    }
    tables = release_all(frames, preset="dfe", rules=RULES)
    years, sample = tables["outcome_by_year"].frame, tables["sample"].frame
    shown = [None if pd.isna(value) else int(value) for value in years["positives"]]
    total = sample["positives"].iat[0]
    for place, value in enumerate(positives):
        if not 1 <= value <= 5:
            continue
        assert shown[place] is None
        choices = [range(1, 41) if value is None else [value] for value in shown]
        possible = {
            filled[place] for filled in product(*choices) if pd.isna(total) or sum(filled) == int(total)
        }  # fmt: skip
        assert len(possible) > 2


@settings(max_examples=40, deadline=None)
@given(tables, small_groups, PRESETS)
def test_adding_a_row_below_the_threshold_never_adds_a_published_cell(rows, few, preset):
    def published(rows):
        return release(SPECIFICATION, subgroups(rows), preset=preset, rules=RULES).frame[NUMBERS].notna()

    before, after = published(rows), published([*rows, few])
    if few["cases"]:
        assert after.to_numpy().sum() <= before.to_numpy().sum()
        assert not after.iloc[-1].any()


@settings(max_examples=25, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    frame = subgroups(rows)
    one = release(SPECIFICATION, frame, preset="dfe", rules=RULES).frame
    other = release(SPECIFICATION, frame.iloc[order], preset="dfe", rules=RULES).frame
    pd.testing.assert_frame_equal(one, other.sort_values("subgroup").reset_index(drop=True), check_dtype=False)
