"""What was promised of the cases: sizes, prevalences, families, and one authority whose counts know the future."""

import numpy as np
import polars as pl
import pytest

from analysis.cohort import find_cases
from analysis.leakage.supplied_counts import runs_ahead
from data_synthetic.england.authorities import simulate
from data_synthetic.england.truth import load_truth

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


def test_siblings_share_risks_more_than_strangers(protocol):
    """Over all predictions: the log-odds that outcomes are drawn from go together in a family, by 4 standard errors."""
    of_families = []
    for authority in protocol.authorities:
        records = simulate(load_truth(), protocol, authority, seed=protocol.seeds.synthetic_england, scale=QUARTER)
        risks = records.planted_risks.join(records.children.select("child_id", "family_id"), on="child_id")
        odds = risks.with_columns(odds=(pl.col("risk") / (1 - pl.col("risk"))).log()).filter(pl.col("odds").is_finite())
        children = odds.group_by("prediction", "family_id", "child_id").agg(pl.col("odds").mean())
        apart = children.with_columns(pl.col("odds") - pl.col("odds").mean().over("prediction"))
        total, own = pl.col("odds").sum().over("prediction", "family_id"), pl.col("odds")
        of_families += (
            apart.with_columns(together=own * (total - own))
            .group_by("prediction", "family_id")
            .agg(pl.col("together").sum())["together"]
            .to_list()
        )
    together = np.array(of_families)
    assert together.sum() > 4 * np.sqrt((together**2).sum())


def test_only_la1_supplies_counts_that_know_the_future(quarter, protocol):
    limit = protocol.leakage.as_at_extract_share
    ahead = {name: runs_ahead(tables, "referrals_in_last_12_months") for name, tables in quarter.items()}
    assert ahead["LA1"] > 2 * limit
    assert all(ahead[name] < limit for name in ("LA2", "LA3", "LA4")), ahead
