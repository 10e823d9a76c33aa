"""Recorded decisions and counting rules, each beside a naive count, record by record."""

from datetime import date, timedelta

import cohort_worlds as small
import numpy as np
import polars as pl
import pytest
from hypothesis import given

from analysis.cohort.decisions import flagged_by_rule, recorded_decision
from analysis.protocol import load_protocol
from analysis.protocol.values import OwnRule

PROTOCOL = load_protocol()


def cases_of(tables) -> pl.DataFrame:
    rows = [(child, day) for child in tables.children["child_id"] for day in small.INDEX_DATES]
    return pl.DataFrame(rows, schema=["child_id", "index_date"], orient="row")


@given(small.worlds(("contact", "referral"), tuple(small.days_around(*small.INDEX_DATES))))
def test_a_contact_was_acted_on_where_a_referral_follows_in_time(tables):
    cases = cases_of(tables)
    found = recorded_decision(tables, cases, PROTOCOL.predictions["P5"], days=1)
    referred = tables.events.filter(pl.col("event") == "referral").select("child_id", "date").rows()
    expected = [any(c == child and timedelta(0) <= d - day <= timedelta(1) for c, d in referred)
                for child, day in cases.rows()]  # fmt: skip
    assert found.tolist() == expected


@given(small.worlds(("assessment_authorised",), tuple(small.days_around(*small.INDEX_DATES))))
def test_an_assessment_was_acted_on_where_it_found_that_support_was_needed(tables):
    cases = cases_of(tables)
    found = recorded_decision(tables, cases, PROTOCOL.predictions["P7"], days=1)
    events = tables.events.select("child_id", "date", "outcome").rows()
    for (child, day), value in zip(cases.rows(), found, strict=True):
        outcomes = [outcome for c, d, outcome in events if (c, d) == (child, day)]
        assert np.isnan(value) if not outcomes else value == ("support" in outcomes)


@pytest.mark.parametrize("outcome", ["P1", "P3", "P4", "P6"])
def test_there_is_no_decision_where_all_cases_have_the_same_or_none_is_recorded(outcome):
    tables = small.checked([("child A", "family 1", None, "female", "WBRI", "White", "no")], [])
    assert recorded_decision(tables, cases_of(tables), PROTOCOL.predictions[outcome], days=1) is None


@given(small.worlds(("contact", "referral", "section_47")))
def test_a_counting_rule_counts_the_records_of_the_months_before(tables):
    cases = cases_of(tables)
    rule = OwnRule(events=("contact", "section_47"), months=12, at_least=2)
    found = flagged_by_rule(tables, cases, rule)
    events = tables.events.select("child_id", "event", "date").rows()
    for (child, day), value in zip(cases.rows(), found, strict=True):
        counted = [d for c, e, d in events
                   if c == child and e in rule.events and small.add_months(day, -12) <= d < day]  # fmt: skip
        assert value == (len(counted) >= 2)


def test_the_day_of_the_decision_itself_does_not_count():
    day = date(2016, 9, 1)
    children = [("child A", "family 1", None, "female", "WBRI", "White", "no")]
    tables = small.checked(children, [("child A", "contact", day, "police", None)])
    rule = OwnRule(events=("contact",), months=12, at_least=1)
    cases = pl.DataFrame([("child A", day)], schema=["child_id", "index_date"], orient="row")
    assert flagged_by_rule(tables, cases, rule).tolist() == [0.0]
