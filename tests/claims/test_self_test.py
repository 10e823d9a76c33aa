"""The self-test of intervals and tests: what is counted is right, and the page can say that they are not."""

from datetime import date

import numpy as np
import pytest

from analysis.book.sentences.self_test import read_self_test
from analysis.protocol import load_protocol
from analysis.study.evidence_files import read_self_test as read_record
from analysis.tables.self_test import COVERAGE, SelfTest, self_test_table
from benchmarks import self_test
from benchmarks.self_test import POPULATION, Sizes, draw, examine, true_values

SIZES = Sizes("P0, all cases", 400, 40, 150)


def quick(**uncertainty):
    protocol = load_protocol()
    values = {"replicates": 200, "permutations": 200} | uncertainty
    comparison = protocol.comparison.model_copy(update={"permutations_near_alpha": 400})
    uncertainty = protocol.uncertainty.model_copy(update=values)
    return protocol.model_copy(update={"uncertainty": uncertainty, "comparison": comparison})


def record_of(**changed) -> SelfTest:
    row = dict.fromkeys(COVERAGE, 0.95) | {"size": 0.05, "power": 0.9, "shuffled_better_than_chance": 0.025}
    sized = {"test_set": "P1, all cases", "cases": 900, "positives": 50, "families": 400, "true_difference": 0.1}
    made = {"made": date(2026, 11, 29), "command": "c", "draws": 500, "level": 0.95, "alpha": 0.05}
    return SelfTest(**made, test_sets=[sized | row | changed])


def test_the_record_of_the_book_covers_the_sizes_of_test_sets():
    record = read_record()
    assert record.draws >= 200 and len(record.test_sets) == 6
    assert set(COVERAGE) <= set(self_test_table(record).frame.columns)
    assert self_test_table(record).frame["positives"].is_monotonic_increasing


def test_the_population_has_the_prevalence_and_its_two_equal_models_are_equal():
    random = np.random.default_rng(1)
    population = draw(SIZES, self_test._intercept(0.1), random, cases=POPULATION)
    assert population.outcome.mean() == pytest.approx(0.1, abs=0.01)
    assert len(population.family) / (population.family.max() + 1) == pytest.approx(400 / 150, rel=0.01)
    truth = true_values(population, float(np.quantile(population.model, 0.9)))
    flagged = population.model >= np.quantile(population.model, 0.9)
    assert truth["recall"] == pytest.approx((flagged & population.outcome).sum() / population.outcome.sum())
    rival = true_values(draw(SIZES, self_test._intercept(0.1), random, cases=POPULATION), 0.0)["average_precision"]
    assert rival == pytest.approx(truth["average_precision"], abs=0.02) and truth["better"] > rival + 0.05


def test_intervals_that_are_too_narrow_are_seen_to_fail():
    honest, narrow = examine(SIZES, 60, quick()), examine(SIZES, 60, quick(level=0.5))
    assert honest["coverage_auc"] > 0.85 and honest["shuffled_better_than_chance"] < 0.15
    assert narrow["coverage_auc"] < 0.75 and narrow["coverage_average_precision"] < 0.75
    assert narrow["size"] >= honest["size"]


def test_the_sentence_says_what_fails_and_what_does_not():
    good, bad = record_of(), record_of(coverage_auc=0.80, size=0.2, power=0.3)
    assert "AUC one (lowest 95%)" in read_self_test(self_test_table(good), good)
    said = read_self_test(self_test_table(bad), bad)
    assert "AUC none (lowest 80%)" in said and "at most 20%" in said and "so a real difference is often missed" in said
    assert "often missed" not in read_self_test(self_test_table(good), good)
