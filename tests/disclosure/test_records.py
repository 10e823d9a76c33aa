"""A table whose record leaves out what disclosure control has to know is refused; with its record it is protected."""

import dataclasses

import pandas as pd
import pytest
from invented_page import fill, rates

from analysis.disclosure import PAGE_TABLES, release_all
from analysis.disclosure.catalogue import CASES, DESIGN, POSITIVES
from analysis.disclosure.specification import DOES_NOT_ADD_UP, EXPLORATORY, Sum, TableSpecification, key, measure
from analysis.errors import DisclosureError
from analysis.network.catalogue import NETWORK_TABLES
from analysis.protocol import load_protocol

RULES = load_protocol().disclosure
TEST = "test cases, {learned_from}"
WHOLE_RECORD = {
    "planned_by": EXPLORATORY,
    "population": TEST + ", {design}, band {band}",
    "adds_up": (Sum(("design",), TEST, ("cases", "positives")),),
}


def risk_bands(**record) -> TableSpecification:
    columns = (DESIGN, key("band", "low, middle or high risk"), CASES, POSITIVES)
    return TableSpecification("risk_bands", "Outcomes by band of risk", "one design and band", columns, **record)


@pytest.mark.parametrize("silent", WHOLE_RECORD)
def test_a_table_with_counts_that_is_silent_on_one_of_three_things_cannot_be_made(silent):
    record = {name: value for name, value in WHOLE_RECORD.items() if name != silent}
    with pytest.raises(TypeError, match=f"table 'risk_bands': say .*{'plan' if silent == 'planned_by' else silent}"):
        risk_bands(**record)


def test_a_record_may_only_speak_of_the_tables_own_counts():
    columns = (DESIGN, CASES, measure("mean", "a mean", ("families",)))
    with pytest.raises(TypeError, match="'flagged' is not a count of it.*'mean' rests on 'families'"):
        TableSpecification(
            "x", "", "", columns, planned_by=EXPLORATORY, population="x", adds_up=DOES_NOT_ADD_UP, shared=("flagged",)
        )


def test_with_its_record_a_withheld_band_cannot_be_had_by_subtraction():
    # 40 with the outcome, of which 20 at high risk and 17 at middle risk: 40 - 20 - 17 = 3 at low risk.
    bands = [("low", 600, 3), ("middle", 300, 17), ("high", 100, 20)]
    whole = {"positives": 40, "cases": 1000, "flagged": 100, "true_positives": 20, "false_positives": 80}
    whole |= {"false_negatives": 20, "true_negatives": 880, "correct": 900}
    point = {"design": "structured-all_cases", "threshold": 0.3} | whole | rates(whole | {"not_flagged": 900})
    rows = [{"design": "structured-all_cases", "band": b, "cases": c, "positives": p} for b, c, p in bands]
    specifications = PAGE_TABLES | {"risk_bands": risk_bands(**WHOLE_RECORD)}
    frames = {"risk_bands": pd.DataFrame(rows), "operating_point": fill(PAGE_TABLES["operating_point"], [point])}
    released = release_all(frames, specifications, preset="dfe", rules=RULES)
    positives, total = released["risk_bands"].frame["positives"], released["operating_point"].frame["positives"]
    assert pd.isna(positives[0])
    assert positives.isna().sum() >= 2 or total.isna().all()


def test_a_table_computed_from_released_tables_is_refused_by_the_release_gate():
    derived = dataclasses.replace(risk_bands(**WHOLE_RECORD), derived=True)
    frame = pd.DataFrame([{"design": "d", "band": "low", "cases": 3, "positives": 1}])
    with pytest.raises(DisclosureError, match="computed from released tables"):
        release_all({"risk_bands": frame}, {"risk_bands": derived}, preset="dfe", rules=RULES)


def test_every_table_of_a_page_and_of_the_networks_says_whose_cases_it_counts():
    for table in (*PAGE_TABLES.values(), *NETWORK_TABLES.values()):
        assert not table.derived, table.name
        if table.named("count"):
            labels = {column.name: "x" for column in table.columns} | {"learned_from": "y"}
            assert table.population.format(**labels)
            for sum_ in table.adds_up:
                assert sum_.whole.format(**labels) and set(sum_.within) <= set(table.column_names)
            for _, population in table.counts_of.values():
                assert population.format(**labels)
