"""All cases against earlier cases, in sentences: each about one difference, between models on cases that it names."""

import pandas as pd

from analysis.book.sentences.comparison import signed, signed_ends
from analysis.book.sentences.performance import NOT_STUDIED, TOO_SMALL
from analysis.book.sentences.scope import counted_of, of_authorities, whose
from analysis.book.sentences.words import is_missing, number, plural, spelled
from analysis.disclosure import Released


def read_published_rule(summary: Released | None) -> str:
    """The difference as published: each model on its own test cases."""
    row = _row(summary, "published_rule")
    if isinstance(row, str):
        return row
    return (
        "By the published rule each model is scored on its own test cases. So counted, the models that learned from "
        f"earlier cases only score lower in {spelled(row['lower'])} of {_comparisons(row)}, and "
        f"by {_mean(row)} average precision in the mean over {plural(row['predictions'], 'prediction')}."
    )


def read_like_for_like(summary: Released | None) -> str:
    """The difference on the same later cases, and what it could have shown."""
    row = _row(summary, "learned_from")
    if isinstance(row, str):
        return row
    least = row["minimum_detectable_difference"]
    could = "" if is_missing(least) else f" Half of them would probably miss a difference under {number(least)}."
    return (
        "Like for like, both models are scored on the same later cases. So counted, the models that learned from "
        f"earlier cases only score lower in {spelled(row['lower'])} of {_comparisons(row)}, and "
        f"the mean difference is {_mean(row)}.{could}"
    )


def read_time_parts(summary: Released | None) -> str:
    """The published difference as the sum of its two parts, by both metrics."""
    rows = {part: _row(summary, part) for part in ("published_rule", "other_test_cases", "learned_from")}
    if missing := [row for row in rows.values() if isinstance(row, str)]:
        return missing[0]
    other = _row(summary, "other_test_cases", "auc")
    learned = _row(summary, "learned_from", "auc")
    auc = "" if isinstance(other, str) or isinstance(learned, str) else f" In AUC: {_two(other, learned)}."
    whole, *parts = (row for row in rows.values() if not isinstance(row, str))
    return (
        f"By the published rule the mean difference over the predictions{of_authorities(whole)} is "
        f"{signed(whole['mean'])}. It has two parts. In average precision: {_two(*parts)}.{auc}"
    )


def read_in_use(summary: Released | None) -> str:
    """What the late cases of returning families change."""
    row = _row(summary, "in_use")
    if isinstance(row, str):
        return row
    return (
        "The later test cases are of families who had not come before. A tool in use would also meet families who "
        f"come back. On all late cases{of_authorities(row)} together the average precision of the same models is "
        f"{_change(row)} in the mean."
    )


def read_folds(optimism: Released | None) -> str:
    """How many models could not be tuned forward in time: a departure from the plan."""
    if optimism is None:
        return NOT_STUDIED
    earlier = optimism.frame[optimism.frame["design"].str.endswith("earlier_cases")]
    across = int(earlier["folds_run"].eq("across families").sum())
    if not across:
        every = f"Every model{whose(earlier)} that learned from earlier cases only"
        return f"{every} was also tuned forward in time, as planned."
    were = "was" if across == 1 else "were"
    return (
        f"A departure from the plan: {spelled(across)} of {counted_of(earlier, 'model')} that learned from "
        f"earlier cases only {were} tuned on folds across families, not forward in time, because "
        "the training period held too few outcomes. The test itself still runs forward in time."
    )


def _row(summary: Released | None, part: str, metric: str = "average_precision") -> pd.Series | str:
    """The row of a part, or the sentence that stands in for it."""
    if summary is None:
        return NOT_STUDIED
    rows = summary.where(part=part, metric=metric).frame
    return TOO_SMALL if rows.empty or is_missing(rows["mean"].iloc[0]) else rows.iloc[0]


def _comparisons(row: pd.Series) -> str:
    return f"{plural(row['comparisons'], 'comparison')}{of_authorities(row)}"


def _mean(row: pd.Series) -> str:
    if is_missing(row["low"]):
        return signed(row["mean"])
    return f"{signed(row['mean'])} {signed_ends(row['low'], row['high'])}"


def _two(other: pd.Series, learned: pd.Series) -> str:
    return f"{_mean(other)} from being tested on other cases, and {_mean(learned)} from what may be learned from"


def _change(row: pd.Series) -> str:
    if not float(number(abs(row["mean"]))):
        return "the same"
    return f"{number(abs(row['mean']))} {'lower' if row['mean'] < 0 else 'higher'}"
