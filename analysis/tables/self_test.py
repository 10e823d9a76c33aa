"""Whether the book's intervals and tests keep what they promise, at the sizes of its own test sets.

The numbers are a dated record: cases drawn from populations whose true values are known, put through the functions
that the book uses, as `benchmarks.self_test` does.
"""

from datetime import date

import pandas as pd
from pydantic import BaseModel, ConfigDict

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY, key, measure, setting

COVERAGE = {
    "coverage_average_precision": "average precision",
    "coverage_auc": "AUC",
    "coverage_recall": "recall",
    "coverage_precision": "precision",
    "coverage_difference": "a difference in average precision",
}
"""The columns that say how often an interval holds the truth, and of what."""
SELF_TEST_TABLE = TableSpecification(
    "self_test",
    "How often the intervals and tests are right, where the truth is known",
    "invented cases in the numbers of one test set",
    (
        key("test_set", "the test set whose numbers are used"),
        key("prediction", "the prediction whose test set it is"),
        setting("cases", "cases drawn each time"),
        setting("positives", "cases with the outcome, on average"),
        setting("families", "families"),
        *(measure(name, f"share of intervals of {what} that hold the true value") for name, what in COVERAGE.items()),
        measure("size", "share of comparisons of two equally good models called better or worse"),
        setting("true_difference", "true difference in average precision between the better model and the other"),
        measure("power", "share of comparisons of these two called better or worse"),
        measure("shuffled_better_than_chance", "share of shuffled risks called better than chance"),
    ),
    planned_by=EXPLORATORY,
)


class TestSet(BaseModel):
    """Shares of draws, each from 0 to 1, at the numbers of one test set."""

    __test__ = False  # pytest: not a test class
    model_config = ConfigDict(frozen=True, extra="forbid")

    test_set: str
    cases: int
    positives: int
    families: int
    true_difference: float
    coverage_average_precision: float
    coverage_auc: float
    coverage_recall: float
    coverage_precision: float
    coverage_difference: float
    size: float
    power: float
    shuffled_better_than_chance: float


class SelfTest(BaseModel):
    """The record: when and how it was made, what is promised, and every test set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made: date
    command: str
    draws: int
    level: float
    alpha: float
    test_sets: tuple[TestSet, ...]


def self_test_table(record: SelfTest) -> Released:
    """The record as a table, a row for each test set, those with fewest outcomes first."""
    frame = pd.DataFrame([test_set.model_dump() for test_set in record.test_sets])
    frame.insert(1, "prediction", frame["test_set"].str.partition(",")[0])
    return derive(SELF_TEST_TABLE, lambda: frame.sort_values("positives", kind="stable"))
