"""Characteristics are those known at the index date, and everyone belongs to a group."""

from datetime import date

import polars as pl
import pytest

from analysis.cohort import characteristics
from analysis.cohort.characteristics import age_band
from analysis.protocol import load_protocol
from tests.cohort.cohort_worlds import checked

PROTOCOL = load_protocol()


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (None, "not recorded"),
        (date(2016, 6, 1), "under 1"),  # not yet born
        (date(2015, 3, 1), "under 1"),  # 11 months
        (date(2015, 2, 1), "1 to 4"),  # 1 on the index date
        (date(2011, 3, 1), "1 to 4"),
        (date(2011, 2, 1), "5 to 9"),
        (date(2006, 2, 1), "10 to 15"),
        (date(2000, 3, 1), "10 to 15"),
        (date(2000, 2, 1), "16 and over"),
    ],
)
def test_age_bands_begin_on_the_first_day_of_the_month_of_the_birthday(born, band):
    row = pl.DataFrame(
        {"birth_month": [born], "index_date": [date(2016, 2, 1)]}, schema_overrides={"birth_month": pl.Date}
    )
    assert row.select(age_band(PROTOCOL.subgroups.age_bands_years)).item() == band


def test_disability_recorded_only_after_the_index_date_is_unknown():
    child = ("family 1", date(2010, 1, 1), "male", "WBRI", "White", "yes")
    events = [
        ("before", "section_47", date(2016, 1, 31), None, None),
        ("same day", "section_47", date(2016, 2, 1), None, None),
    ]
    tables = checked([("before", *child), ("same day", *child), ("never", *child)], events)
    names = ["before", "same day", "never", "not among the children"]
    cases = pl.DataFrame({"case_id": [0, 1, 2, 3], "child_id": names, "index_date": [date(2016, 2, 1)] * 4})
    found = characteristics(tables, cases, PROTOCOL.subgroups)
    assert found["disability"].to_list() == ["yes", "unknown", "unknown", "unknown"]
    assert found["gender"].to_list() == ["male", "male", "male", "not stated"]
    assert found["ethnicity_group"].to_list() == ["White", "White", "White", "Missing"]
    assert found.columns == ["case_id", *PROTOCOL.subgroups.characteristics]
