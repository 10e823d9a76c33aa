"""The scores of a tool beside the lists: read, pseudonymised, all that is wrong said at once, and never quoted."""

from datetime import date

import polars as pl
import pytest
from extract_worlds import account, contacts, read, write_csv, write_workbook

from analysis.cohort.supplied_scores import NO_SCORE, SCORED, TOO_LATE, scores_before
from analysis.errors import TableError
from analysis.schemas import SCHEMAS

DAY = date(2018, 1, 2)
HEADINGS = ["child_id", "date", "score", "version"]


def supplied(folder, *rows, headings=HEADINGS):
    """An extract of three children with these scores beside it."""
    write_workbook(folder / "annex_a/1.xlsx", {"L": contacts(*[(child, DAY, "6") for child in ("A1", "A2", "A3")])})
    write_csv(folder / "scores.csv", [headings, *rows])
    return folder


def test_scores_are_read_in_any_range_and_children_become_pseudonyms(tmp_path):
    rows = [("A1", "01/12/2017", "0.25", "2.1"), ("A2", "2017-12-01", "7", ""), ("A3", "1 Dec 2017", "45%", "2.1")]
    tables, report = read(supplied(tmp_path, *rows))
    assert dict(tables.scores.schema) == SCHEMAS["scores"]
    by_child = dict(zip(tables.scores["child_id"], tables.scores["score"], strict=True))
    assert sorted(by_child.values()) == [0.25, 7, 45] and set(by_child) == set(tables.children["child_id"])
    assert not set(by_child) & {"A1", "A2", "A3"}
    assert sorted(tables.scores["version"]) == ["2.1", "2.1", "not stated"]
    assert account(report, "Scores").balances and "scores: 3" in report.text()


def test_a_column_of_versions_may_be_missing_and_headings_be_written_in_other_ways(tmp_path):
    tables, _ = read(supplied(tmp_path, ("A1", "01/12/2017", "3"), headings=["Child ID", "Score Date", "Risk score"]))
    assert tables.scores["version"].to_list() == ["not stated"] and tables.scores["score"].to_list() == [3]


def test_without_scores_the_table_is_empty(tmp_path):
    write_workbook(tmp_path / "annex_a/1.xlsx", {"L": contacts(("A1", DAY, "6"))})
    tables, report = read(tmp_path)
    assert tables.scores.is_empty() and dict(tables.scores.schema) == SCHEMAS["scores"]
    assert "scores: " not in report.text()


def test_everything_that_is_wrong_is_said_at_once_and_no_value_is_quoted(tmp_path):
    rows = [
        ("A1", "01/12/2017", "secret-high", "2"),
        ("A1", "31/02/2017", "0.3", "2"),
        ("A2", "01/12/2017", "nan", "2"),
        ("A2", "01/12/2017", "inf", "2"),
        ("", "01/12/2017", "0.3", "2"),
        ("Stranger9", "01/12/2017", "0.3", "2"),
        ("A3", "01/12/2017", "0.3", "=secret()"),
        ("A3", "01/12/2017", "0.3", "=secret()"),
        ("A3", "01/12/2025", "0.9", "2"),
    ]
    tables, report = read(supplied(tmp_path, *rows))
    said = report.text()
    assert "'date': 2 cells not a date (rows 3, 10)" in said
    assert "'score': 2 cells not a number (rows 2, 5)" in said
    assert "'version': 2 cells longer than 40 characters or not a name (rows 8, 9); taken as not stated" in said
    assert "1 score about a child who is in no list" in said
    for value in ("secret", "Stranger9", "0.3", "0.9"):
        assert value not in said
    found = account(report, "Scores")
    assert found.balances and found.rows_kept == len(tables.scores) == 1
    assert found.explained == {
        "no child identifier": 1,
        "no usable date": 2,
        "no usable score": 3,
        "the same score again": 1,
        "about a child who is in no list": 1,
    }


def test_a_file_without_its_columns_is_refused_with_all_that_is_missing(tmp_path):
    folder = supplied(tmp_path, ("A1", "x"), headings=["child_id", "something"])
    with pytest.raises(TableError) as raised:
        read(folder)
    assert "no column 'date'" in str(raised.value) and "no column 'score'" in str(raised.value)


def test_a_score_from_before_birth_is_left_out(tmp_path):
    people = contacts(("A1", DAY, "6"), birth_date=date(2017, 6, 1))
    write_workbook(tmp_path / "annex_a/1.xlsx", {"L": people})
    write_csv(tmp_path / "scores.csv", [HEADINGS, ("A1", "01/01/2015", "0.3", "2"), ("A1", "01/12/2017", "0.4", "2")])
    tables, report = read(tmp_path)
    assert tables.scores["score"].to_list() == [0.4] and "1 score dated more than" in report.text()


def scores(*rows):
    return pl.DataFrame(rows, schema=SCHEMAS["scores"], orient="row")


CASES = pl.DataFrame(
    {
        "case_id": [0, 1, 2, 3, 4],
        "child_id": ["a", "a", "b", "c", "d"],
        "index_date": [date(2018, 3, 1), date(2018, 6, 1), date(2018, 3, 1), date(2018, 3, 1), date(2018, 3, 1)],
    }
)


def test_the_latest_score_strictly_before_the_index_date_counts():
    """a: scored in January and April. b: on the index date itself. c: afterwards. d: never."""
    table = scores(
        ("a", date(2018, 1, 1), 0.1, "1"),
        ("a", date(2018, 4, 1), 0.4, "2"),
        ("a", date(2018, 6, 1), 0.9, "2"),
        ("b", date(2018, 3, 1), 0.9, "1"),
        ("c", date(2018, 3, 2), 0.9, "1"),
    )
    found = scores_before(table, CASES)
    assert found["case_id"].to_list() == [0, 1, 2, 3, 4]
    assert found["score"].to_list() == [0.1, 0.4, None, None, None]
    assert found["version"].to_list() == ["1", "2", None, None, None]
    assert found["days"].to_list() == [59, 61, None, None, None]
    assert found["status"].to_list() == [SCORED, SCORED, TOO_LATE, TOO_LATE, NO_SCORE]


def test_of_several_scores_on_a_day_the_highest_counts_in_whatever_order_they_stand():
    rows = [("a", date(2018, 1, 1), 0.1, "2"), ("a", date(2018, 1, 1), 0.7, "1"), ("a", date(2018, 1, 1), 0.3, "3")]
    for order in (rows, rows[::-1]):
        found = scores_before(scores(*order), CASES)
        assert (found["score"][0], found["version"][0]) == (0.7, "1")


def test_no_scores_at_all():
    assert set(scores_before(scores(), CASES)["status"]) == {NO_SCORE}
