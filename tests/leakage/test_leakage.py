"""The leakage audit finds what was planted, and nothing where nothing was."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analysis.cohort import build_cohort, predictors
from analysis.disclosure import PAGE_TABLES
from analysis.leakage.audit import auc_of_one, audit
from analysis.leakage.recording import blank_by_outcome
from analysis.leakage.rule import leaking
from analysis.leakage.supplied_counts import constant_for_child, counted_at_export, runs_ahead
from analysis.protocol import load_protocol
from tests.cohort.cohort_worlds import add_months, checked

PROTOCOL = load_protocol()
FIRST, LAST = date(2012, 3, 1), date(2019, 7, 31)
COUNT = "referrals_in_last_12_months"


def referrals_within_a_year(days, upto):
    return sum(add_months(upto, -12) < day <= upto for day in days)


def world(seed=1, *, count_as_at="row", children=600):
    """Children who are contacted and referred, some placed on a plan, at random: nothing predicts anything.

    `count_as_at` "row" counts the referrals of the year up to each row; "extract" repeats the count of the year up to
    the child's latest referral on every row of the child, as an extract does that computes it once.
    """
    random = np.random.default_rng(seed)
    people, events, supplied = [], [], []
    for number in range(children):
        child, family = f"child {number}", f"family {number // 2}"
        people.append((child, family, date(2008, 1, 1), "female", "WBRI", "White", "no"))
        days = sorted(
            FIRST + timedelta(int(day)) for day in random.integers(0, (LAST - FIRST).days, random.integers(1, 5))
        )
        for day in dict.fromkeys(days):
            events += [(child, "contact", day, "police", None), (child, "referral", day, "police", "further action")]
            upto = day if count_as_at == "row" else days[-1]
            supplied.append((child, day, COUNT, referrals_within_a_year(dict.fromkeys(days), upto)))
            if random.random() < 0.15:
                events.append((child, "plan_start", day + timedelta(int(random.integers(190, 350))), None, None))
    return checked(people, events, supplied, first=FIRST, last=LAST)


@dataclass
class Split:
    train: np.ndarray
    test: np.ndarray


@dataclass
class Model:
    split: Split
    test_risk: np.ndarray


def audited(tables, risk=None, structured=None):
    cases = build_cohort(tables, PROTOCOL.predictions["P2"], PROTOCOL.study).cases
    if structured is None:
        structured = predictors(tables, cases, supplied_counts=True)
    even = np.flatnonzero(cases["family_id"].str.tail(1).cast(pl.Int64).to_numpy() % 2 == 0)
    odd = np.setdiff1d(np.arange(cases.height), even)
    models = {} if risk is None else {"structured-all_cases": Model(Split(even, odd), risk(cases)[odd])}
    return audit(tables, cases, structured, PROTOCOL, models=models)


def at_random(cases):
    return np.random.default_rng(0).random(cases.height)


def flags(table):
    return set(table.loc[table["flagged"] == "yes", "check"])


def test_a_world_without_leakage_raises_no_flag():
    table = audited(world(), at_random)
    assert tuple(table.columns) == PAGE_TABLES["leakage"].column_names
    assert set(table["check"]) == {
        "recorded_after_index", "as_at_extract", "constant_for_child", "counted_at_export", "recorded_by_outcome",
        "single_predictor", "too_good", "train_v_test",
    }  # fmt: skip
    assert flags(table) == set()
    assert not leaking(table)


def test_a_count_taken_when_the_extract_was_made_is_found():
    table = audited(world(count_as_at="extract"), at_random)
    assert flags(table) == {"as_at_extract", "constant_for_child"}
    assert leaking(table)


def test_a_count_repeated_on_all_rows_of_a_child_is_found_and_one_that_changes_is_not():
    """As a script does that joins one total to every record: the count of the child's latest record, on all of them."""
    assert constant_for_child(world(), COUNT) == 0
    assert constant_for_child(world(count_as_at="extract"), COUNT) == 1
    assert constant_for_child(world(children=20), COUNT) is None


def test_a_count_from_the_day_of_the_export_is_found():
    """As the published script counts: the referrals of the year before the export, less one, beside every record."""
    tables = world()
    recent = tables.events.filter(pl.col("event") == "referral", pl.col("date") > add_months(LAST, -12))
    counts = dict(recent.group_by("child_id").len().rows())
    at_export = [(c, day, name, max(0, counts.get(c, 0) - 1)) for c, day, name, _ in tables.supplied_counts.rows()]
    scripted = checked(tables.children.rows(), tables.events.rows(), at_export, first=FIRST, last=LAST)
    assert counted_at_export(tables, COUNT) == 0
    assert counted_at_export(scripted, COUNT) == 1
    assert leaking(audited(scripted))
    assert counted_at_export(tables, "previous_child_protection_plans") is None


def recorded_only_for(tables, share, *, seed=3, taken_further=("plan_start", "care_start")):
    """The same tables with ethnicity blank for this share of the children who were never taken further."""
    further = tables.events.filter(pl.col("event").is_in(taken_further))["child_id"].unique()
    random = np.random.default_rng(seed)
    children = [
        (*row[:4], "NOBT", "Missing", row[6]) if row[0] not in set(further) and random.random() < share else row
        for row in tables.children.rows()
    ]
    return checked(children, tables.events.rows(), tables.supplied_counts.rows(), first=FIRST, last=LAST)


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_an_attribute_recorded_only_for_those_taken_further_is_found_and_left_out_by_the_rule(share):
    table = audited(recorded_only_for(world(), share))
    found = table[table["check"] == "recorded_by_outcome"].set_index("subject")
    assert found.loc["ethnicity", "flagged"] == "yes" and found.loc["gender", "flagged"] == "no"
    assert found.loc["family", "flagged"] == "could not be checked"
    assert found["explanation"].str.startswith("known only as at the extract date").all()
    assert leaking(table)


@pytest.mark.parametrize("seed", range(8))
def test_blanks_at_random_raise_no_flag(seed):
    tables = recorded_only_for(world(seed), 0.3, seed=seed, taken_further=())
    cases = build_cohort(tables, PROTOCOL.predictions["P2"], PROTOCOL.study).cases
    _, clear = blank_by_outcome(tables, cases, "ethnicity")
    assert not clear


def test_what_could_not_be_checked_is_never_said_to_be_without_a_flag():
    for tables in (world(), world(children=40)):
        table = audited(tables)
        assert set(table.loc[table["value"].isna(), "flagged"]) == {"could not be checked"}
        assert not (table["value"].notna() & (table["flagged"] == "could not be checked")).any()


def test_a_count_that_is_not_used_is_not_audited():
    tables = world(count_as_at="extract")
    cases = build_cohort(tables, PROTOCOL.predictions["P2"], PROTOCOL.study).cases
    table = audit(tables, cases, predictors(tables, cases, supplied_counts=False), PROTOCOL)
    assert "as_at_extract" not in set(table["check"])
    assert not leaking(table)


@pytest.mark.parametrize("seed", range(5))
def test_an_honest_count_of_a_patchy_record_does_not_run_ahead(seed):
    """One row in five counts two more than is on record, at random: the difference is 0 but for chance."""
    tables = world(seed, children=1500)
    random = np.random.default_rng(seed)
    extra = 2 * (random.random(tables.supplied_counts.height) < 0.2)
    patchy = tables.supplied_counts.with_columns(pl.col("value") + pl.Series(extra, dtype=pl.Int64))
    tables = checked(tables.children.rows(), tables.events.rows(), patchy.rows(), first=FIRST, last=LAST)
    assert abs(runs_ahead(tables, COUNT)) < PROTOCOL.leakage.as_at_extract_share
    assert runs_ahead(world(seed, count_as_at="extract", children=1500), COUNT) > PROTOCOL.leakage.as_at_extract_share


@pytest.mark.parametrize("late_by", ["1d", "1mo"])
def test_a_predictor_computed_with_the_future_is_found(late_by):
    """Predictors computed a day or a month late: the audit recomputes them and sees them change."""
    tables = world()
    cases = build_cohort(tables, PROTOCOL.predictions["P2"], PROTOCOL.study).cases
    late = predictors(tables, cases.with_columns(pl.col("index_date").dt.offset_by(late_by)), supplied_counts=True)
    table = audited(tables, structured=late)
    assert "recorded_after_index" in flags(table)
    assert leaking(table)


def test_a_model_that_is_too_good_is_found():
    table = audited(world(), lambda cases: cases["outcome"].to_numpy() + 0.1 * at_random(cases))
    assert flags(table) == {"too_good"}


def test_a_predictor_that_is_the_outcome_is_found():
    tables = world()
    cases = build_cohort(tables, PROTOCOL.predictions["P2"], PROTOCOL.study).cases
    gift = predictors(tables, cases, supplied_counts=True).with_columns(age_years=-cases["outcome"].cast(pl.Float32))
    table = audited(tables, at_random, gift)
    found = table[(table["check"] == "single_predictor") & (table["flagged"] == "yes")]
    assert found["subject"].tolist() == ["age_years"]
    assert found["value"].tolist() == [1.0]


def test_drift_is_shown_but_is_not_leakage():
    table = audited(world(), at_random)
    table.loc[table["check"] == "train_v_test", "flagged"] = "yes"
    assert not leaking(table)


def test_an_audit_of_few_families_says_so_and_does_not_fail():
    table = audited(world(children=24), at_random).set_index("check")
    assert np.isnan(table.loc["as_at_extract", "value"]).all()
    assert table.loc["train_v_test", "flagged"] == "no"


def test_the_area_counts_pairs_put_in_order():
    """Two cases with the outcome and three without: 3 beats 2, 1 and 0; 1 ties with 1 and beats 0."""
    values = np.array([3.0, 1.0, 2.0, 1.0, 0.0])
    outcome = np.array([True, True, False, False, False])
    assert auc_of_one(values, outcome) == (3 + 1.5) / (2 * 3)
