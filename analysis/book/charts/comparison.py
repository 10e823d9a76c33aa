"""Designs against each other on the same test cases: paired differences with their intervals."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    VERDICTS,
    annotate_row,
    number_array,
    problems,
    rows,
    rows_of_panels,
    shared_key,
)
from analysis.book.charts.points import looks_of_designs, points
from analysis.book.charts.strips import Strip
from analysis.book.sentences import comparison as words
from analysis.book.sentences.words import interval, is_missing, label, listed
from analysis.disclosure import Released


def describe_text_v_structured(comparisons: Released) -> str:
    return (
        "Paired change in average precision when text is added, per prediction, with intervals. "
        f"{words.read_comparison(comparisons, 'text_v_structured')}"
    )


def _text_rows(comparisons: Released) -> Released:
    return comparisons.where(comparison="text_v_structured")


def _height(comparisons: Released) -> float:
    return 1.3 + 0.42 * max(len(set(_names(_text_rows(comparisons).frame))), 1)


@chart(
    "text_v_structured",
    describe=describe_text_v_structured,
    draws=("difference",),
    of=_text_rows,
    height=_height,
    panels=lambda comparisons: (1, 2),
    read=partial(words.read_comparison, comparison="text_v_structured"),
    strip=Strip("difference", "← worse · with text better →", lanes="first", line=0),
)
def plot_text_v_structured(comparisons: Released, axes: np.ndarray) -> None:
    """Average precision with text minus without, on the same test cases, with the interval of the difference."""
    frame = comparisons.where(comparison="text_v_structured").frame
    names = _names(frame)
    lines = list(dict.fromkeys(names))
    looks = {"y": [lines.index(name) for name in names], "shape": "D", "entry": frame["verdict"]}
    looks["colour"] = frame["verdict"].map(VERDICTS).fillna(CHANCE)
    for panel, within in zip(axes, ("all_cases", "earlier_cases"), strict=True):
        points(panel, frame.assign(**looks)[frame["first"].str.endswith(within)], "difference", size=5)
        rows_of_panels(panel, axes, lines)
        compare_with_zero(panel, frame)
        panel.set_title(label(within))
        panel.set_xlabel("average precision\n← worse · with text better →", fontsize=8.5)
    shared_key(axes)


def _names(part: pd.DataFrame) -> list[str]:
    """The prediction of each row; on the page of one prediction, the design."""
    return problems(part) if "outcome" in part else [label(name) for name in part["first"]]


def describe_comparisons(comparisons: Released) -> str:
    contrasts = listed(
        f"{_contrast(row)} {interval(row.difference, row.difference_low, row.difference_high)}, {row.verdict}"
        for row in comparisons.frame.itertuples()
    )
    return f"Differences in average precision between designs, with intervals: {contrasts}."


@chart(
    "comparisons",
    describe=describe_comparisons,
    draws=("difference",),
    height=lambda comparisons: 1.0 + 0.42 * len(comparisons.frame),
    read=words.read_verdicts,
)
def plot_comparisons(comparisons: Released, axes: Axes) -> None:
    """One prediction's designs against each other on the same test cases: difference, interval and verdict."""
    frame = comparisons.frame.assign(y=range(len(comparisons.frame)))
    shown = looks_of_designs(frame, "first")
    unclear = shown["verdict"].eq("no clear difference")
    filled = shown["face"].eq(shown["colour"])
    shown = shown.assign(
        colour=shown["colour"].mask(unclear, CHANCE), face=shown["face"].mask(unclear & filled, CHANCE)
    )
    points(axes, shown, "difference")
    for row in frame.itertuples():
        annotate_row(axes, row.y, "withheld" if is_missing(row.difference) else row.verdict)
    compare_with_zero(axes, frame)
    rows(axes, [_contrast(row).replace(", ", ",\n") for row in frame.itertuples()], words=False)
    axes.tick_params(axis="y", labelsize=8.5)
    axes.set_xlabel("difference in average precision")


def _contrast(row) -> str:
    contrast = {"text_v_structured": "adding text", "earlier_v_all": "earlier instead of all cases"}[row.comparison]
    predictors, _, cases = row.first.partition("-")
    return f"{contrast}, {label(cases if row.comparison == 'text_v_structured' else predictors)}"


def compare_with_zero(axes: Axes, frame: pd.DataFrame) -> None:
    """A line at no difference, in the middle of an axis that holds every interval of a difference.

    Parameters
    ----------
    axes : Axes
    frame : pandas.DataFrame
        With the columns difference_low and difference_high, of all panels that are to be alike.
    """
    ends = np.abs(number_array(frame[["difference_low", "difference_high"]].stack()))
    limit = 1.08 * float(np.nanmax(ends)) if np.isfinite(ends).any() else 1.0
    axes.axvline(0, color=CHANCE, linewidth=1)
    axes.set_xlim(-limit, limit)
