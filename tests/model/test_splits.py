"""Families never stand on both sides, and nobody learns from a label that was not yet known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import TOO_FEW_OUTCOMES, CohortError
from analysis.model.cases import Cases
from analysis.model.splits import (
    family_outcomes,
    first_dates,
    split_all_cases,
    split_cases,
    split_earlier_cases,
    window_end,
)
from analysis.protocol.values import Splits
from benchmarks.planted_world import plant_world

SPLITS = Splits(
    test_share_of_families=0.2, folds=5, embargo="outcome_window", smallest_positive_families=5, source="this test"
)
DESIGNS = ("all_cases", "earlier_cases")


def days(*dates):
    return np.array(dates, dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("index_date", "months", "last_day"),
    [
        ("2015-01-31", 1, "2015-02-28"),  # February has no 31st
        ("2016-01-31", 1, "2016-02-29"),  # a leap year
        ("2015-01-15", 12, "2016-01-15"),
        ("2015-11-30", 3, "2016-02-29"),
        ("2015-01-15", 0.5, "2015-02-15"),  # parts of a month count as a whole one
    ],
)
def test_an_outcome_window_ends_calendar_months_later(index_date, months, last_day):
    assert window_end(days(index_date), months) == days(last_day)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), learned_from=st.sampled_from(DESIGNS), months=st.sampled_from([3, 6, 12]))
def test_a_family_is_on_one_side_only(seed, learned_from, months):
    cases = plant_world(600, seed=seed, prevalence=0.2).cases
    split = split_cases(learned_from, cases, SPLITS, window_months=months, seed=seed)
    for one, other in ((split.train, split.test), *split.folds):
        assert not set(cases.family[one]) & set(cases.family[other])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), months=st.sampled_from([3, 6, 12, 24]))
def test_a_training_label_is_known_before_the_first_test_date(seed, months):
    cases = plant_world(600, seed=seed, prevalence=0.2).cases
    split = split_earlier_cases(cases, SPLITS, window_months=months, seed=seed)
    known = window_end(cases.index_date, months)
    pairs = [(split.train, split.test), *(split.folds if split.folds_run == "forward in time" else ())]
    for learned, tested in pairs:
        assert known[learned].max() < cases.index_date[tested].min()


def test_folds_validate_each_training_case_once():
    cases = plant_world(800, seed=1, prevalence=0.2).cases
    split = split_all_cases(cases, SPLITS, seed=1)
    validated = np.concatenate([validation for _, validation in split.folds])
    assert sorted(validated) == sorted(split.train)


def test_test_families_are_a_fifth_and_stratified():
    cases = plant_world(2000, seed=2, prevalence=0.1).cases
    split = split_all_cases(cases, SPLITS, seed=2)
    families, positive = family_outcomes(cases, np.arange(len(cases)))
    tested, tested_positive = family_outcomes(cases, split.test)
    assert len(tested) / len(families) == pytest.approx(0.2, abs=1 / len(families))
    assert tested_positive.mean() == pytest.approx(positive.mean(), abs=1 / len(tested))


def test_the_last_families_to_come_are_tested():
    cases = plant_world(800, seed=3, prevalence=0.2).cases
    split = split_earlier_cases(cases, SPLITS, window_months=12, seed=3)
    came = first_dates(cases)
    tested = np.unique(cases.family[split.test])
    others = np.setdiff1d(np.arange(len(came)), tested)
    assert came[others].max() < came[tested].min()


def test_forward_folds_become_fewer_before_they_are_given_up():
    runs = {}
    for years in (6.0, 3.2, 2.6):
        cases = plant_world(900, seed=4, prevalence=0.2, years=years).cases
        split = split_earlier_cases(cases, SPLITS, window_months=12, seed=4)
        runs[years] = (split.folds_run, len(split.folds))
    assert runs[6.0] == ("forward in time", 5)
    assert runs[2.6] == ("across families", 5)  # training spans less than the window
    assert runs[3.2][0] == "across families" or runs[3.2][1] < 5


def test_too_short_a_period_for_the_window_is_a_clear_error():
    cases = plant_world(400, seed=5, prevalence=0.2, years=1.0).cases
    with pytest.raises(CohortError) as raised:
        split_earlier_cases(cases, SPLITS, window_months=12, seed=5)
    assert TOO_FEW_OUTCOMES in str(raised.value) and not any(map(str.isdigit, TOO_FEW_OUTCOMES))
    assert "study a longer period" in str(raised.value)


def test_an_outcome_in_one_family_is_a_clear_error():
    cases = plant_world(100, seed=6).cases
    alone = Cases(cases.family == 0, cases.family, cases.index_date)
    with pytest.raises(CohortError, match=TOO_FEW_OUTCOMES[:60]):
        split_all_cases(alone, SPLITS, seed=6)
