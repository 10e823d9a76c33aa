"""Sentences about time: one difference each, and the words follow the numbers."""

import pytest
import small_tables as small
from scipy.stats import t as student

from analysis.book.sentences import time as sentences
from analysis.book.sentences.half_years import read_causes, read_half_years
from analysis.tables.time_summary import time_summary


def summary(**scores):
    world = {problem: tables | {"time_parts": small.time_parts(**scores)} for problem, tables in small.world().items()}
    return time_summary(world, small.LEFT_OUT, level=0.95)


def test_the_published_rule_and_the_like_for_like_comparison_are_two_sentences():
    """Own .3 and .2 to .15: mean -.1; on the same later cases .22 to .15: -.07. LA1's two predictions are left out."""
    table = summary()
    published, like = sentences.read_published_rule(table), sentences.read_like_for_like(table)
    assert "lower in 12 of 12 comparisons" in published and "by −0.10" in published and "over six pred" in published
    assert "same later cases" not in published and "own test cases" not in like
    assert "lower in 12 of 12" in like and "is −0.07" in like and "difference under 0.08" in like


def test_the_two_parts_add_up_in_words():
    words = sentences.read_time_parts(summary())
    assert words.startswith(
        "By the published rule the mean difference over the predictions of LA2, LA3 and LA4 is −0.10. It has"
    )
    assert "−0.03 (−0.03 to −0.03) from being tested on other cases" in words
    assert "−0.07 (−0.07 to −0.07) from what may be learned from" in words


def test_a_rise_is_not_called_a_fall():
    table = summary(own=(0.1, 0.1), late=0.1, earlier=0.2, in_use=0.3)
    assert "lower in none of 12 comparisons" in sentences.read_published_rule(table)
    assert "is +0.10" in sentences.read_like_for_like(table)
    assert "0.10 higher" in sentences.read_in_use(table)
    assert "0.05 lower" in sentences.read_in_use(summary(in_use=0.1))
    assert "is the same" in sentences.read_in_use(summary(in_use=0.15))


def test_folds_that_do_not_run_forward_are_a_departure():
    table = small.optimism()
    assert "A departure from the plan: two of two models" in sentences.read_folds(table)
    forward = small.released("optimism", table.frame.assign(folds_run="forward in time"))
    assert "departure" not in sentences.read_folds(forward)


def test_nothing_studied_is_said_so():
    assert time_summary({}, (), level=0.95) is None
    for read in (sentences.read_published_rule, sentences.read_like_for_like, sentences.read_time_parts):
        assert read(None) == sentences.NOT_STUDIED
    empty = summary().where(part="no such part")
    assert sentences.read_time_parts(empty) == sentences.TOO_SMALL


def test_half_years_are_read_from_their_scores():
    words = read_half_years(small.half_years())
    assert words.startswith(
        "Over two half-years the AUC runs from 0.60 (first half of 2016) to 0.80 (second half of 2015)"
    )
    assert words.endswith("expects too many outcomes in one of them and too few in none.")
    assert read_half_years(small.half_years(auc=(None,) * 3)).startswith("No half-year has a score")


def test_a_cause_is_called_clear_only_where_its_interval_leaves_out_zero():
    def causes(**changes):
        tables = {"time_causes": small.time_causes(**changes)}
        return read_causes(
            time_summary({("LA2", name): tables for name in ("P3", "P4", "P5")}, (), "time_causes", level=0.95)
        )

    assert "−0.10" in causes(older_cases=-0.1)
    assert causes(older_cases=-0.1).endswith("Clear of zero is the change from older cases.")
    assert causes().endswith("None of these is clearly different from zero.")


def test_the_intervals_of_the_parts_are_at_the_protocols_level():
    """Falls that differ between the predictions: the wider the level asks, the wider the interval."""
    problems = [problem for problem in small.world() if problem not in small.LEFT_OUT]
    world = {p: {"time_parts": small.time_parts(earlier=0.05 + 0.02 * i)} for i, p in enumerate(problems)}

    def widths(level):
        frame = time_summary(world, (), level=level).frame.set_index(["part", "metric"])
        return (frame["high"] - frame["low"]).loc[("learned_from", "average_precision")]

    assert widths(0.99) / widths(0.5) == pytest.approx(student.ppf(0.995, 5) / student.ppf(0.75, 5))
