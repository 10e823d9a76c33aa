"""Whether intervals and tests keep what they promise, in sentences."""

import pandas as pd
from scipy.stats import norm

from analysis.book.sentences.words import percentage, percentage_points, plural, spelled
from analysis.disclosure import Released
from analysis.tables.self_test import COVERAGE, SelfTest

USUAL_POWER = 0.8  # for which studies are usually planned (Cohen 1988, Statistical power analysis)
TOLERANCE = 0.02
"""How far from its promise a coverage may lie: 93% to 97% for intervals of 95% (ours)."""


def read_self_test(table: Released, record: SelfTest) -> str:
    """What the draws say of the intervals, of false alarms and of power, good or bad.

    Parameters
    ----------
    table : Released
        As `analysis.tables.self_test` makes it of the record.
    record : SelfTest
        What the draws were made with.

    Returns
    -------
    str
    """
    frame = table.frame
    if frame.empty:
        return "The record of the self-test has no rows."
    return " ".join([_coverage(frame, record), _tests(frame, record), _shuffled(frame, record)])


def made_when(record: SelfTest) -> str:
    """When the draws were made, how many, and how to make them again."""
    day = f"{record.made.day} {record.made:%B %Y}"
    margin = norm.ppf(0.975) * (record.level * (1 - record.level) / record.draws) ** 0.5
    return (
        f"The draws are not made in every run. They were made on {day} by `{record.command}`: {record.draws} for each "
        "test set, at the sizes of the run of that day. With so many draws a share near "
        f"{percentage(record.level)} is known to within {percentage_points(margin)} either way."
    )


def _coverage(frame: pd.DataFrame, record: SelfTest) -> str:
    said = []
    for name, what in COVERAGE.items():
        near = int(frame[name].sub(record.level).abs().le(TOLERANCE + 1e-9).sum())
        said.append(f"{what} {spelled(near)} (lowest {percentage(frame[name].min())})")
    low, high = percentage(record.level - TOLERANCE), percentage(record.level + TOLERANCE)
    return (
        f"An interval should hold the truth {percentage(record.level)} of the time. Of "
        f"{plural(len(frame), 'test set')}, coverage is between {low} and {high} in this many: {'; '.join(said)}."
    )


def _tests(frame: pd.DataFrame, record: SelfTest) -> str:
    low, high = frame["power"].min(), frame["power"].max()
    missed = ", so a real difference is often missed" if low < USUAL_POWER else ""
    size = frame["size"]
    return (
        f"Two models that are equally good are called different in {percentage(size.mean())} of draws, at most "
        f"{percentage(size.max())} at any one size; the protocol allows {percentage(record.alpha)}. A model that is "
        f"truly better is called better or worse in {percentage(low)} to {percentage(high)} of draws{missed}."
    )


def _shuffled(frame: pd.DataFrame, record: SelfTest) -> str:
    share = frame["shuffled_better_than_chance"].mean()
    return (
        f"Shuffled risks, which know nothing, are called better than chance in {percentage(share)} of draws; the rule "
        f"allows {percentage(record.alpha / 2)}."
    )
