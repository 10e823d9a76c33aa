"""What a page may print without contradicting itself."""

import pandas as pd
import pytest

from analysis.disclosure import PAGE_TABLES
from analysis.disclosure.contradictions import contradictions
from analysis.protocol import load_protocol

DFE = load_protocol().disclosure.presets["dfe"]


def page(**counts) -> dict[str, pd.DataFrame]:
    """One design at its own threshold and at that of a decision, which are printed alike."""
    rows = {
        name: {"design": "structured-earlier_cases", "threshold": 0.002, "decision": "recorded_decision"} | of
        for name, of in counts.items()
    }
    return {
        name: pd.DataFrame([row]).reindex(columns=list(PAGE_TABLES[name].column_names)) for name, row in rows.items()
    }


@pytest.mark.parametrize(("own", "beside"), [(60, 63), (63, 60)])
def test_of_two_thresholds_that_are_printed_alike_either_may_be_the_higher(own, beside):
    frames = page(operating_point={"flagged": own}, flags_compared={"flagged": beside})
    assert contradictions(frames, PAGE_TABLES, DFE) == ()


def test_counts_that_no_order_of_the_thresholds_allows_contradict_each_other():
    more = {"flagged": 60, "false_positives": 40, "true_positives": 20}
    fewer = {"flagged": 63, "false_positives": 30, "true_positives": 33}  # more flagged, fewer of them wrongly
    assert contradictions(page(operating_point=more, flags_compared=fewer), PAGE_TABLES, DFE)
