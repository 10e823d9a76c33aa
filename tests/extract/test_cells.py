"""Cells as people write them: each row of a table below could be read by the person who filled the cell."""

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.extract import cells

LATEST = date(2020, 1, 1)
SECOND_OF_MARCH = date(2019, 3, 2)


@pytest.mark.parametrize(
    "written",
    [
        date(2019, 3, 2),
        datetime(2019, 3, 2, 14, 30),
        "2019-03-02",
        "2019-03-02T00:00:00",
        "2019-03-02 14:30:00.000",
        "02/03/2019",
        "2/3/2019",
        "2/3/19",
        "02.03.2019",
        "02-03-2019",
        "2 Mar 2019",
        "2nd March 2019",
        "02-Mar-2019",
        "20190302",
        " 02/03/2019\u00a0",
        43526,  # 1 January 2019 is 43466 in Excel's count of days; 43466 + 31 + 28 + 1
        43526.0,
        43526.6,
        "43526",
        "2 / 3 / 2019",
        "2 Mar. 2019",
        "2nd of March 2019",
        "2019.03.02",
        "02032019",
        "02–03–2019",
        "2019-03-02 00:00:00.0000000 +00:00",
        "02-MAR-19 12.00.00.000000 AM",
        "Sat, 02 Mar 2019 00:00:00 GMT",
        "Sat Mar 02 2019 00:00:00 GMT+0000 (Greenwich Mean Time)",
    ],
)
def test_a_date_is_read_as_people_write_it(written):
    days, wrong = cells.dates(cells.cell_text([written]), latest=LATEST)
    assert days.to_list() == [SECOND_OF_MARCH] and not wrong.any()


@pytest.mark.parametrize(
    "written", ["31/02/2019", "13/13/2019", "1/1/1066", "maybe 8 Jan 2000", "2 Jan 2099", "soon", "0", "12", "99999999"]
)
def test_what_is_not_a_believable_date_is_counted(written):
    days, wrong = cells.dates(cells.cell_text([written]), latest=LATEST)
    assert days.to_list() == [None] and wrong.to_list() == [True]


@pytest.mark.parametrize("blank", ["", "  ", None, "#N/A", "n/a", "\u00a0", float("nan"), "NULL"])
def test_a_blank_is_missing_and_not_wrong(blank):
    days, wrong = cells.dates(cells.cell_text([blank]), latest=LATEST)
    assert days.to_list() == [None] and not wrong.any()


@pytest.mark.parametrize(
    ("code_set", "written", "meant"),
    [
        ("gender", "b) Female", "female"),
        ("gender", "Female", "female"),
        ("gender", "F", "female"),
        ("gender", "c) Not stated/recorded", "not stated"),
        ("ethnicity", "s) NOBT", "NOBT"),
        ("ethnicity", "s) REFU", "REFU"),
        ("ethnicity", "White British", "WBRI"),
        ("source", "q) 6: Police", "police"),
        ("source", "6", "police"),
        ("source", "j) 3D: Health services", "health services"),
        ("source", "School", "schools"),
        ("referral_outcome", "a) Yes", "no further action"),
        ("referral_outcome", "NFA", "no further action"),
        ("referral_outcome", True, "no further action"),
        ("referral_outcome", "No", "further action"),
        ("referral_outcome", 0.0, "further action"),
        ("need", "N1 - Abuse or Neglect", "N1"),
        ("need", "n2 – child’s disability", "N2"),
        ("need", "N4 Family in acute stress (local wording)", "N4"),
        ("abuse", "Emotional abuse", "emotional abuse"),
        ("ceased_reason", "k) E47: Special Guardianship Orders - relative/friend", "E47"),
        ("ceased_reason", "E4A", "E4A"),
        ("legal_status", "V2", "V2"),
        ("placement", "U6", "U6"),
        ("disability", "AUT", "yes"),
        ("disability", "NONE", "no"),
    ],
)
def test_a_code_is_read_with_or_without_its_letter_or_its_words(code_set, written, meant):
    codes, wrong = cells.codes(cells.cell_text([written]), code_set)
    assert codes.to_list() == [meant] and not wrong.any()


@pytest.mark.parametrize(("code_set", "written"), [("gender", "maybe"), ("source", "N1"), ("need", "CS Assessment")])
def test_an_unknown_code_is_counted_and_missing(code_set, written):
    codes, wrong = cells.codes(cells.cell_text([written]), code_set)
    assert codes.to_list() == [None] and wrong.to_list() == [True]


def test_a_count_is_a_whole_number_of_zero_or_more():
    numbers, wrong = cells.whole_numbers(cells.cell_text([2.0, "3", "", -1, 2.5, "two", 1e9]))
    assert numbers.to_list() == [2, 3, None, None, None, None, None]
    assert wrong.to_list() == [False, False, False, True, True, True, True]


def test_an_identifier_is_the_same_as_number_and_as_text():
    written = [12.0, 12, "12", "12.0", " 12 "]
    assert cells.identifiers(cells.cell_text(written)).to_list() == ["12"] * 5


@given(st.lists(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.none(), st.dates())))
def test_any_cells_are_read_or_counted(values):
    text = cells.cell_text(values)
    for values_read, wrong in (
        cells.dates(text, latest=LATEST),
        cells.whole_numbers(text),
        cells.codes(text, "source"),
    ):
        # filled = read + counted as wrong (the word "none" is a blank code)
        none = (text.str.to_lowercase() == "none").fill_null(False)
        assert ((text.is_null() | none) | (values_read.is_not_null() ^ wrong)).all()
        assert isinstance(values_read, pl.Series) and len(values_read) == len(values)


@pytest.mark.parametrize("nobody", ["Unknown", "TBC", "n/k", "0", "000", "...", "↓", "?"])
def test_what_stands_for_nobody_is_no_identifier(nobody):
    """As an identifier it would make one child of several."""
    assert cells.identifiers(pl.Series([nobody, "A0", "10"])).to_list() == [None, "A0", "10"]


def test_an_identifier_written_as_a_formula_of_text_is_read():
    assert cells.cell_text(['="00123"', "A=1"]).to_list() == ["00123", "A=1"]
