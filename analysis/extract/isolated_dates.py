"""Dates that stand far from all others, as mistyped years do."""

import polars as pl

LONGEST_GAP_DAYS = 92  # three months (ours)
ISOLATED_SHARE = 0.005  # of all dates, at most, at either end (ours)
FEWEST_DAYS = 5
"""Of fewer dates none is called isolated (ours)."""
LONE_GAP = 3
"""One date of a small extract is isolated if it stands this many times as far off as the others from each other
(ours)."""


def without_isolated(days: pl.Series) -> pl.Series:
    """Sorted dates without the few at either end that stand more than three months from all others.

    A few are at most one in two hundred; of fewer than 200 dates the first or the last, where it stands much further
    off than the others from each other.
    """
    gaps = days.diff().dt.total_days().fill_null(0)
    most, start, stop = int(len(days) * ISOLATED_SHARE), 0, len(days)
    for position in gaps.gt(LONGEST_GAP_DAYS).arg_true().to_list():
        if position <= most:
            start = position
        if len(days) - position <= most:
            stop = min(stop, position)
    if most or len(days) < FEWEST_DAYS:
        return days[start:stop]
    return days[int(_stands_alone(gaps[1:])) : len(days) - int(_stands_alone(gaps[1:].reverse()))]


def _stands_alone(gaps: pl.Series) -> bool:
    # At the other end another date may stand alone too.
    return gaps[0] > max(LONGEST_GAP_DAYS, LONE_GAP * gaps[1:-1].max())
