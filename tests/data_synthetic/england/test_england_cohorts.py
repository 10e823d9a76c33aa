"""What was promised of the cases: sizes, prevalences, families, and one authority whose counts know the future."""

import polars as pl
import pytest

from analysis.cohort import find_cases
from analysis.leakage.supplied_counts import runs_ahead

QUARTER = 0.25  # of the families, as in the fixture
LEAST, MOST = 500, 26_000  # cases of a prediction at full size: from about 700 to about 24,000


@pytest.fixture(scope="module")
def cohorts(quarter, protocol):
    return {
        name: find_cases(quarter[prediction.authority], prediction, protocol.study).cases
        for name, prediction in protocol.predictions.items()
    }


def test_the_smallest_outcome_is_the_early_help_one_and_the_largest_the_contacts_of_la1(cohorts):
    sizes = {name: cases.height / QUARTER for name, cases in cohorts.items()}
    assert min(sizes, key=sizes.get) == "P6" and max(sizes, key=sizes.get) == "P2"
    assert all(LEAST < size < MOST for size in sizes.values()), sizes


@pytest.mark.parametrize(
    ("outcome", "low", "high"),
    # Published: P6 17%, the others 2-7%, of which P2, P3 and P4 2-3%. Allowed: three standard errors at a quarter of
    # the size, sqrt(.17 * .83 / 175) = .028 for P6 and at most .011 otherwise, siblings counted once.
    [
        ("P1", 0.03, 0.08),
        ("P2", 0.01, 0.04),
        ("P3", 0.01, 0.05),
        ("P4", 0.01, 0.05),
        ("P5", 0.03, 0.08),
        ("P6", 0.09, 0.26),
        ("P7", 0.04, 0.10),
        ("P8", 0.03, 0.08),
    ],
)
def test_prevalence_is_about_the_published_one(cohorts, outcome, low, high):
    assert low < cohorts[outcome]["outcome"].mean() < high


def test_siblings_share_outcomes_more_than_strangers(cohorts):
    """Over all predictions, children whose brother or sister had the outcome have it more often than by chance."""
    observed = expected = 0.0
    for cases in cohorts.values():
        children = cases.group_by("child_id", "family_id").agg(has_outcome=pl.col("outcome").any())
        sibling_has_outcome = pl.col("has_outcome").sum().over("family_id") - pl.col("has_outcome") > 0
        with_affected_sibling = children.filter(sibling_has_outcome)["has_outcome"]
        observed += with_affected_sibling.sum()
        expected += with_affected_sibling.len() * children["has_outcome"].mean()
    assert observed > expected + 2 * expected**0.5, (observed, expected)  # two standard errors of a count


def test_only_la1_supplies_counts_that_know_the_future(quarter, protocol):
    limit = protocol.leakage.as_at_extract_share
    ahead = {name: runs_ahead(tables, "referrals_in_last_12_months") for name, tables in quarter.items()}
    assert ahead["LA1"] > 2 * limit
    assert all(ahead[name] < limit for name in ("LA2", "LA3", "LA4")), ahead
