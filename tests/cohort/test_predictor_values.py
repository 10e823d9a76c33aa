"""Predictors against a reference that goes through each case's records one by one."""

import math
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cohort import PREDICTORS, predictors
from analysis.cohort.records import NEED_GROUPS, SOURCE_GROUPS
from analysis.schemas import ETHNICITY_GROUPS, PERIODS, SUPPLIED_COUNTS
from tests.cohort.cohort_worlds import INDEX_DATES, add_months, checked, worlds

COUNTED = {
    "contacts": ("contact", lambda e: e["event"] == "contact"),
    "referrals": ("referral", lambda e: e["event"] == "referral"),
    "referrals_without_action": (
        "referral_without_action",
        lambda e: e["event"] == "referral" and e["outcome"] == "no further action",
    ),
    "assessments": ("assessment", lambda e: e["event"] == "assessment_start"),
    "section_47_enquiries": ("section_47_enquiry", lambda e: e["event"] == "section_47"),
    "conferences": ("conference", lambda e: e["event"] == "initial_conference"),
    "child_protection_plans": ("child_protection_plan", lambda e: e["event"] == "plan_start"),
    "periods_looked_after": ("period_looked_after", lambda e: e["event"] == "care_start"),
    "early_help_periods": ("early_help_period", lambda e: e["event"] == "early_help_start"),
    "periods_of_need": ("period_of_need", lambda e: e["event"] == "need_start"),
}
KINDS = {"contact", "referral", "assessment_start", "section_47", "initial_conference"} | {
    "plan_start",
    "care_start",
    "early_help_start",
    "need_start",
}


def since_last(records, index_date):
    return min([(index_date - e["date"]).days for e in records] + [3650])


def is_open(events, period, index_date):
    """Play the days through, starts before ends, up to the day before the index date."""
    start, end = PERIODS[period]
    steps = [(e["date"], e["event"] == end) for e in events if e["event"] in (start, end) and e["date"] < index_date]
    count = 0
    for _, ended in sorted(steps):
        count = max(count - 1, 0) if ended else count + 1
    return count > 0


def reference(tables, case) -> dict[str, float]:
    """Every predictor of one case, in plain Python."""
    index_date, child_id = case["index_date"], case["child_id"]
    everything = tables.events.to_dicts()
    own = [e for e in everything if e["child_id"] == child_id]
    before = [e for e in own if e["date"] < index_date and e["event"] in KINDS]
    year, quarter = add_months(index_date, -12), add_months(index_date, -3)
    values = {}
    for plural, (singular, is_one) in COUNTED.items():
        found = [e for e in before if is_one(e)]
        values[f"previous_{plural}"] = len(found)
        values[f"{plural}_last_12_months"] = len([e for e in found if e["date"] >= year])
        values[f"{plural}_last_3_months"] = len([e for e in found if e["date"] >= quarter])
        values[f"days_since_last_{singular}"] = since_last(found, index_date)
    values["days_known"] = min(max([(index_date - e["date"]).days for e in before], default=0), 3650)
    values["days_since_last_record"] = since_last(before, index_date)
    values["days_with_records"] = len({e["date"] for e in before})
    for group, codes in SOURCE_GROUPS.items():
        values[f"raised_by_{group}"] = sum(e["event"] in ("contact", "referral") and e["code"] in codes for e in before)
    for group, codes in NEED_GROUPS.items():
        values[f"need_{group}"] = sum(e["event"] == "need_start" and e["code"] in codes for e in before)

    siblings = {
        c["child_id"]
        for c in tables.children.to_dicts()
        if c["family_id"] == case["family_id"] and c["child_id"] != child_id
    }
    theirs = [e for e in everything if e["child_id"] in siblings and e["date"] < index_date and e["event"] in KINDS]
    values["siblings_known"] = len({e["child_id"] for e in theirs})
    for plural in ("contacts", "referrals", "section_47_enquiries", "child_protection_plans", "periods_looked_after"):
        singular, is_one = COUNTED[plural]
        found = [e for e in theirs if is_one(e)]
        values[f"siblings_{plural}"] = len(found)
        values[f"siblings_{plural}_last_12_months"] = len([e for e in found if e["date"] >= year])
        if plural not in ("contacts", "referrals"):
            values[f"days_since_siblings_last_{singular}"] = since_last(found, index_date)
    values["siblings_early_help_periods"] = sum(e["event"] == "early_help_start" for e in theirs)

    (child,) = [c for c in tables.children.to_dicts() if c["child_id"] == child_id]
    born = child["birth_month"]
    age = (index_date - born).days / 365.25 if born else math.nan
    values["age_years"] = age if math.isnan(age) else max(age, 0)
    values["age_under_1"] = bool(born) and index_date < add_months(born, 12)
    values["age_16_or_over"] = bool(born) and index_date >= add_months(born, 12 * 16)
    values |= {"unborn": age < 0, "age_not_recorded": born is None}
    values |= {f"gender_{gender}": child["gender"] == gender for gender in ("female", "male")}
    for group in ETHNICITY_GROUPS:
        values[f"ethnicity_{group.split()[0].lower()}"] = child["ethnicity_group"] == group
    recorders = ("assessment_start", "assessment_authorised", "section_47", "initial_conference")
    recorders += ("need_start", "plan_start", "care_start")
    known = any(e["event"] in recorders and e["date"] < index_date for e in own)
    disability = child["disability"] if known else "unknown"
    values |= {f"disability_{answer}": disability == answer for answer in ("yes", "unknown")}
    season = ("winter", "spring", "summer", "autumn")[index_date.month % 12 // 3]
    values |= {f"index_date_in_{name}": name == season for name in ("winter", "spring", "summer", "autumn")}
    values |= {f"{period}_open": is_open(own, period, index_date) for period in PERIODS}
    for name in SUPPLIED_COUNTS:
        rows = [r for r in tables.supplied_counts.to_dicts() if r["child_id"] == child_id and r["count_name"] == name]
        rows = [(r["date"], r["value"]) for r in rows if r["date"] <= index_date]
        values[f"supplied_{name}"] = max(rows)[1] if rows else math.nan
    return values


def as_cases(tables, chosen) -> pl.DataFrame:
    """One case per (child, day) chosen."""
    families = dict(tables.children.select("child_id", "family_id").iter_rows())
    rows = [(i, child, families[child], day) for i, (child, day) in enumerate(chosen)]
    schema = {"case_id": pl.Int64, "child_id": pl.String, "family_id": pl.String, "index_date": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


@settings(max_examples=200, deadline=None)
@given(worlds(), st.data())
def test_each_predictor_equals_a_count_made_record_by_record(tables, data):
    children = tables.children["child_id"].to_list()
    pairs = st.tuples(st.sampled_from(children), st.sampled_from(INDEX_DATES))
    cases = as_cases(tables, data.draw(st.lists(pairs, min_size=1, max_size=6, unique=True)))
    found = predictors(tables, cases, supplied_counts=True)
    assert found.columns == ["case_id", *(p.name for p in PREDICTORS)]
    for case, row in zip(cases.to_dicts(), found.to_dicts(), strict=True):
        expected = reference(tables, case)
        assert set(expected) == set(row) - {"case_id"}
        for name, value in expected.items():
            assert row[name] == pytest.approx(float(value), rel=1e-6, nan_ok=True), name


@settings(max_examples=50, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(tables, random):
    cases = as_cases(tables, [(child, day) for child in tables.children["child_id"] for day in INDEX_DATES])
    order = list(range(cases.height))
    random.shuffle(order)
    shuffled = checked(
        tables.children.sample(fraction=1, shuffle=True, seed=1).rows(),
        tables.events.rows()[::-1],
        tables.supplied_counts.rows()[::-1],
    )
    straight = predictors(tables, cases, supplied_counts=True)[order]
    assert predictors(shuffled, cases[order], supplied_counts=True).equals(straight)


@settings(max_examples=50, deadline=None)
@given(worlds(), st.sampled_from(INDEX_DATES))
def test_what_happens_on_the_index_date_or_later_changes_no_predictor(tables, day):
    cases = as_cases(tables, [(child, day) for child in tables.children["child_id"]])
    past = checked(
        tables.children.rows(), tables.events.filter(pl.col("date") < day).rows(), tables.supplied_counts.rows()
    )
    now = predictors(tables, cases, supplied_counts=True)
    assert predictors(past, cases, supplied_counts=True).equals(now)


def test_there_are_at_least_forty_and_each_has_one_line_of_meaning():
    assert len(PREDICTORS) >= 40
    assert len({p.name for p in PREDICTORS}) == len(PREDICTORS)
    assert all(p.meaning and "\n" not in p.meaning for p in PREDICTORS)


def test_supplied_counts_are_left_out_unless_asked_for():
    tables = checked([("child A", "family 1", None, "male", "WBRI", "White", "no")], [])
    cases = as_cases(tables, [("child A", date(2016, 1, 1))])
    found = predictors(tables, cases, supplied_counts=False)
    assert not any(name.startswith("supplied_") for name in found.columns)
    assert found["previous_contacts"].to_list() == [0.0]
    assert all(dtype == pl.Float32 for name, dtype in found.schema.items() if name != "case_id")
