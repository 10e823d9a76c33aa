"""A disability counts as known from the first record that carries it, not from the extract's last day."""

from datetime import date

import polars as pl

from analysis.cohort.disability import disability_as_known
from analysis.schemas import SCHEMAS, CheckedTables


def a_child_assessed_on_the_second_of_march():
    child = {"child_id": ["a"], "family_id": ["f"], "birth_month": [date(2010, 1, 1)], "gender": ["male"]}
    child |= {"ethnicity": ["WBRI"], "ethnicity_group": ["White"], "disability": ["yes"]}
    events = {
        "child_id": ["a", "a"],
        "event": ["contact", "assessment_start"],
        "date": [date(2015, 2, 1), date(2015, 3, 2)],
        "code": [None, None],
        "outcome": [None, None],
    }
    return CheckedTables(
        children=pl.DataFrame(child, schema=SCHEMAS["children"]),
        events=pl.DataFrame(events, schema=SCHEMAS["events"]),
        supplied_counts=pl.DataFrame(schema=SCHEMAS["supplied_counts"]),
        documents=pl.DataFrame(schema=SCHEMAS["documents"]),
        first_date=date(2015, 1, 1),
        last_date=date(2019, 1, 1),
        families_known=True,
    )


def test_a_disability_is_unknown_until_the_day_after_the_first_record_that_carries_it():
    index_dates = [date(2015, 2, 15), date(2015, 3, 2), date(2015, 3, 3)]
    rows = pl.DataFrame({"child_id": ["a"] * 3, "index_date": index_dates})
    known = disability_as_known(rows, a_child_assessed_on_the_second_of_march())
    # before the assessment; on its own day (not strictly before); the day after
    assert known.to_list() == ["unknown", "unknown", "yes"]
