"""Half-years are scored by models of the past alone, and a planted cause of a fall over time is named as its cause."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from analysis.model import fit_designs
from analysis.model.over_time import fit_over_time
from analysis.performance import half_years, time_causes, time_parts
from analysis.performance.time_causes import CAUSES
from benchmarks.planted_causes import planted

LEARNED_FROM, OTHER_CASES = list(CAUSES)[:4], list(CAUSES)[4:]


@pytest.fixture(scope="module")
def simple(protocol):
    """Structured data and logistic regression alone, with few replicates."""
    return protocol.model_copy(
        update={
            "models": protocol.models.model_copy(update={"families": ("logistic_regression",)}),
            "designs": protocol.designs.model_copy(update={"predictors": ("structured",)}),
            "uncertainty": protocol.uncertainty.model_copy(update={"replicates": 50}),
        }
    )


def fitted(cause, seed, protocol):
    cases, known = planted(cause, seed)
    designs = fit_designs(cases, known, protocol, window_months=6)
    return cases, known, designs, fit_over_time(designs, cases, known, protocol, window_months=6)


@pytest.fixture(scope="module")
def older(simple):
    return fitted("older_cases", 0, simple)


def mean_changes(cause, seeds, protocol):
    tables = []
    for seed in range(seeds):
        cases, known, designs, over_time = fitted(cause, seed, protocol)
        tables.append(time_causes(designs, over_time, cases, known.structured, protocol))
    return pd.concat(tables).groupby(["metric", "part"])["difference"].mean()


@pytest.mark.parametrize("cause", ["older_cases", "endings_not_known", "case_mix", "same_mix"])
def test_a_planted_cause_has_nine_tenths_of_its_part(cause, simple):
    changes = mean_changes(cause, 4 if cause == "case_mix" else 2, simple)
    siblings = LEARNED_FROM if cause in LEARNED_FROM else OTHER_CASES
    for metric in ("average_precision", "auc"):
        whole = changes[metric][siblings].sum()
        assert whole < -0.05
        assert 0.9 <= changes[metric][cause] / whole <= 1.3


def test_fewer_cases_are_the_largest_cause_where_they_are_the_planted_one(simple):
    """How well few cases serve depends on which they are, so this cause is found with less certainty."""
    changes = mean_changes("fewer_cases", 3, simple)["average_precision"]
    assert changes["fewer_cases"] < -0.1
    assert changes.drop("fewer_cases").abs().max() < -changes["fewer_cases"] / 1.5


def test_the_causes_add_up_to_the_two_parts_they_are_of(older, simple):
    cases, known, designs, over_time = older
    causes = time_causes(designs, over_time, cases, known.structured, simple).set_index(["metric", "part"])[
        "difference"
    ]
    parts = time_parts(designs, cases, simple).set_index(["metric", "part"])["difference"]
    for metric in ("average_precision", "auc"):
        assert causes[metric][LEARNED_FROM].sum() == pytest.approx(parts[metric]["learned_from"])
        assert causes[metric][OTHER_CASES].sum() == pytest.approx(parts[metric]["other_test_cases"])


def test_a_half_year_is_scored_by_its_own_cases_and_earlier_families(older, simple):
    cases, _, _, over_time = older
    table = half_years(over_time, cases, simple)
    assert table["cases"].sum() == len(cases) and table["positives"].sum() == cases.outcome.sum()
    scored = table[table["auc"].notna()]
    assert len(scored) > 3 and table["auc"].iloc[0] != table["auc"].iloc[0]  # none could be learned from at first
    for row in scored.itertuples():
        month = cases.index_date.astype("datetime64[M]").astype(int)
        rows = (month // 12 == row.year - 1970) & (month % 12 // 6 + 1 == row.half)
        assert row.auc == pytest.approx(roc_auc_score(cases.outcome[rows], over_time.rolling_risk[rows]))
        assert row.observed_expected_ratio == pytest.approx(
            cases.outcome[rows].sum() / over_time.rolling_risk[rows].sum()
        )


def test_the_auc_falls_in_the_half_year_in_which_the_pattern_changes(older, simple):
    """The first predictor counts until the end of 2016, the second from then on; six months of it must pass first."""
    cases, _, _, over_time = older
    auc = half_years(over_time, cases, simple).set_index(["year", "half"])["auc"]
    assert auc[2016, 1] > 0.8 and auc[2017, 1] < 0.6


def test_outcomes_of_a_family_under_test_change_no_risk_of_its_own(older, simple):
    """Turning the outcomes of the families of one half-year leaves that half-year's risks as they are."""
    cases, known, designs, over_time = older
    rows = over_time.half_year == np.unique(over_time.half_year)[-2]
    turned = cases.outcome.copy()
    members = np.isin(cases.family, cases.family[rows])
    turned[members] = ~turned[members]
    again = fit_over_time(designs, type(cases)(turned, cases.family, cases.index_date), known, simple, window_months=6)
    assert np.array_equal(again.rolling_risk[rows], over_time.rolling_risk[rows])
    assert not np.array_equal(again.rolling_risk, over_time.rolling_risk, equal_nan=True)


def test_without_a_model_of_earlier_cases_nothing_is_fitted_and_the_columns_stand(older, simple):
    cases, known, designs, _ = older
    alone = {"structured-all_cases": designs["structured-all_cases"]}
    assert fit_over_time(alone, cases, known, simple, window_months=6) is None
    for table in (half_years(None, cases, simple), time_causes(alone, None, cases, known.structured, simple)):
        assert table.empty and len(table.columns) > 5
