"""The definitions that the book prints: each row of each table is a test."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from analysis.cohort import PREDICTORS, find_cases, predictors
from analysis.cohort.definitions import (
    OWN_PREDICTION,
    PREDICTIONS,
    definition_text,
    definitions_chapter,
    own_prediction,
    read_day,
    read_records,
    read_rows,
)
from analysis.protocol import load_protocol
from analysis.protocol.values import Prediction
from analysis.schemas import SCHEMAS, CheckedTables
from tests.cohort.cohort_worlds import add

PROTOCOL = load_protocol()


def tables_of(row) -> CheckedTables:
    """The checked tables of one invented child (and a sibling) to whom nothing happened but what is written."""
    born = row.get("born", "Jan 2010")
    birth_month = None if born == "not recorded" else datetime.strptime(born, "%b %Y").date()
    child = ("female", "WBRI", "White", "no")
    people = [("child", "family", birth_month, *child), ("sibling", "family", date(2012, 1, 1), *child)]
    events, supplied = [], []
    for record in read_records(row["what happened"]):
        who = "sibling" if record.of_sibling else "child"
        if record.event == "supplied_referrals":
            supplied.append((who, record.day, "referrals_in_last_12_months", int(record.detail)))
        else:
            events.append((who, record.event, record.day, record.code, record.outcome))

    def frame(name, rows):
        return pl.DataFrame(rows, schema=SCHEMAS[name], orient="row")

    return CheckedTables(
        children=frame("children", people),
        events=frame("events", events).sort("child_id", "date", "event"),
        supplied_counts=frame("supplied_counts", supplied),
        documents=frame("documents", []),
        first_date=date(2012, 3, 1),
        last_date=date(2019, 7, 31),
        families_known=True,
    )


def rows_of(*names):
    return [pytest.param(name, row, id=f"{name}-{row['child']}") for name in names for row in read_rows(name)]


def found(cohort) -> tuple[str, str]:
    """The case and outcome columns as the tables write them."""
    if cohort.cases.height == 1:
        outcome, early = cohort.cases.row(0, named=True)["outcome"], cohort.cases["early_outcome"][0]
        return "yes", "yes" if outcome else "early" if early else "no"
    assert cohort.cases.is_empty()
    left = cohort.flow[(cohort.flow["removed"] > 0) & (cohort.flow["remaining"] == 0)]["step"]
    return (left.iloc[0] if len(left) else "none"), "–"


@pytest.mark.parametrize(("name", "row"), rows_of(*PREDICTIONS, "exclusions"))
def test_case_and_outcome_are_as_the_table_says(name, row):
    prediction = PROTOCOL.predictions["P2" if name == "exclusions" else name]
    assert found(find_cases(tables_of(row), prediction, PROTOCOL.study)) == (row["case"], row["outcome"])


@pytest.mark.parametrize(("name", "row"), rows_of(OWN_PREDICTION))
def test_an_event_that_opens_a_case_may_be_what_is_looked_for(name, row):
    prediction = Prediction.model_validate(own_prediction())
    assert prediction.index.event in prediction.steps[-1].any_of
    assert found(find_cases(tables_of(row), prediction, PROTOCOL.study)) == (row["case"], row["outcome"])


@pytest.mark.parametrize(("name", "row"), rows_of("predictors"))
def test_a_predictor_is_as_the_table_says(name, row):
    cases = pl.DataFrame(
        [(0, "child", "family", read_day(row["index date"]))],
        schema={"case_id": pl.Int64, "child_id": pl.String, "family_id": pl.String, "index_date": pl.Date},
        orient="row",
    )
    values = predictors(tables_of(row), cases, supplied_counts=True)
    expected = sum(int(part) for part in row["value"].split("+"))
    assert values[row["predictor"].replace(" ", "_")].to_list() == [expected]


@pytest.mark.parametrize("name", PREDICTIONS)
def test_each_window_has_cases_on_both_edges(name):
    """First day, last day and one day outside each end, by arithmetic of the tests' own.

    Where a window begins the day after the index date, the day before it is the index date itself.
    """
    prediction = PROTOCOL.predictions[name]
    final = prediction.steps[-1]
    seen = set()
    for row in read_rows(name):
        records = read_records(row["what happened"])
        opening = [r.day for r in records if r.event == prediction.index.event]
        for index_date in opening[:1]:
            edges = {
                "first day": add(index_date, final.from_),
                "last day": add(index_date, final.to),
                "day before": add(index_date, final.from_) - timedelta(days=1),
                "day after": add(index_date, final.to) + timedelta(days=1),
            }
            days = {record.day for record in records if record.event in final.any_of}
            seen |= {(edge, row["outcome"]) for edge, day in edges.items() if day in days}
    before = ("day before", "–" if final.from_.days == 1 else "early")
    assert {("first day", "yes"), ("last day", "yes"), ("day after", "no"), before} <= seen


@pytest.mark.parametrize("name", PREDICTIONS)
def test_a_definition_says_what_the_protocol_says(name):
    prediction = PROTOCOL.predictions[name]
    assert f"## {name}: {prediction.title}\n" in definition_text(name)
    assert f"*{prediction.question}*" in definition_text(name)


def test_the_chapter_prints_every_row_that_is_tested():
    chapter = definitions_chapter()
    for name in (*PREDICTIONS, OWN_PREDICTION, "exclusions", "predictors"):
        assert read_rows(name)
        for row in read_rows(name):
            assert f"| {' | '.join(row.values())} |" in chapter


def test_the_chapter_lists_every_predictor():
    chapter = definitions_chapter()
    assert all(f"| {p.name.replace('_', ' ')} | {p.group} | {p.meaning} |" in chapter for p in PREDICTORS)


def test_a_record_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="not a record: 'plan begins 1 Feb 2016'"):
        read_records("contact 1 Jan 2016; plan begins 1 Feb 2016")
