"""The record of planted causes: shares are counted right, and the page can say that one was missed."""

from datetime import date

import numpy as np
import pytest

from analysis.book.sentences.planted_causes import read_planted_causes
from analysis.performance.time_causes import CAUSES
from analysis.protocol import load_protocol
from analysis.study.evidence_files import read_planted_causes as read_record
from analysis.tables.planted_causes import PlantedCauses, planted_causes_table
from benchmarks.planted_causes import PLANTED
from benchmarks.time_causes import FIRST, attributed


def record_of(share: float) -> PlantedCauses:
    row = {"change": -0.2, "share_low": 0.93, "share_high": 1.0, "next_largest": "same_mix"}
    causes = [{"cause": cause, "metric": "auc", "share": 0.97, "next_share": 0.02} | row for cause in PLANTED]
    causes[0] |= {"share": share, "share_low": share - 0.05, "share_high": share + 0.05}
    return PlantedCauses(made=date(2026, 11, 29), command="c", first_seed=1, worlds=9, level=0.95, causes=causes)


def test_a_share_is_a_ratio_of_means_with_its_jackknife():
    random = np.random.default_rng(0)
    falls = [dict.fromkeys(CAUSES, 0.0) | {"older_cases": a, "same_mix": b} for a, b in random.normal(-1, 0.3, (30, 2))]
    found = attributed("older_cases", falls, load_protocol())
    own, other = (np.array([fall[name] for fall in falls]) for name in ("older_cases", "same_mix"))
    assert found["share"] == pytest.approx(own.sum() / (own + other).sum(), abs=1e-4)
    assert found["change"] == pytest.approx((own + other).mean(), abs=1e-4) and found["next_largest"] == "same_mix"
    # Of a ratio r of means the error is the standard error of (own - r x whole) / mean whole, nearly.
    whole = own + other
    error = np.std(own - found["share"] * whole, ddof=1) / len(falls) ** 0.5 / abs(whole.mean())
    assert found["share_high"] - found["share"] == pytest.approx(1.96 * error, rel=0.1)


def test_the_record_of_the_book_is_of_every_cause_and_of_seeds_that_nobody_had_looked_at():
    record = read_record()
    assert {cause.cause for cause in record.causes} == set(PLANTED) and record.first_seed == FIRST
    assert record.worlds >= 40 and len(record.causes) == 2 * len(PLANTED)


def test_a_cause_that_is_given_too_little_is_named():
    assert "of the change in five, and in five the whole" in read_planted_causes(planted_causes_table(record_of(0.98)))
    said = read_planted_causes(planted_causes_table(record_of(0.7)))
    assert "in four, and in four the whole" in said
    assert "70% (65% to 75% over the worlds drawn), in AUC where the cause is fewer cases; next comes other" in said
