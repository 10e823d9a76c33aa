"""Designs against each other on the same test cases: paired differences with their intervals."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    STRUCTURED,
    TEXT,
    annotate_row,
    colour,
    fill,
    interval_point,
    marker,
    number_array,
    rows,
)
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
    pairs = _text_rows(comparisons).frame["first"]
    return 1.3 + 0.4 * (pairs.value_counts().max() if len(pairs) else 1)


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
    limit = widest(frame)
    for panel, within in zip(axes, ("all_cases", "earlier_cases"), strict=True):
        part = frame[frame["first"].str.endswith(within)].reset_index(drop=True)
        for y, row in part.iterrows():
            ink = {"better": TEXT, "worse": STRUCTURED}.get(row["verdict"], CHANCE)
            interval_point(
                panel,
                y,
                row["difference"],
                row["difference_low"],
                row["difference_high"],
                color=ink,
                marker="D",
                markerfacecolor=ink,
                markersize=5,
            )
        rows(panel, _names(part), words=False)
        panel.axvline(0, color=CHANCE, linewidth=1)
        panel.set_xlim(-limit, limit)
        panel.set_title(label(within))
        panel.set_xlabel("← worse · with text better →", fontsize=8.5)


def _names(part: pd.DataFrame) -> list[str]:
    """Prediction and authority of each row; on the page of one prediction, the design."""
    if "outcome" not in part:
        return [label(name) for name in part["first"]]
    return [f"{outcome} · {authority}" for outcome, authority in zip(part["outcome"], part["authority"], strict=True)]


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
    frame = comparisons.frame
    for y, row in enumerate(frame.itertuples()):
        ink = CHANCE if row.verdict == "no clear difference" else colour(row.first)
        face = ink if fill(row.first) == colour(row.first) else fill(row.first)
        shape = {"color": ink, "marker": marker(row.first), "markerfacecolor": face}
        interval_point(axes, y, row.difference, row.difference_low, row.difference_high, **shape)
        annotate_row(axes, y, "withheld" if is_missing(row.difference) else row.verdict)
    axes.axvline(0, color=CHANCE, linewidth=1)
    limit = widest(frame)
    axes.set_xlim(-limit, limit)
    rows(axes, [_contrast(row).replace(", ", ",\n") for row in frame.itertuples()], words=False)
    axes.tick_params(axis="y", labelsize=8.5)
    axes.set_xlabel("difference in average precision")


def _contrast(row) -> str:
    contrast = {"text_v_structured": "adding text", "earlier_v_all": "earlier instead of all cases"}[row.comparison]
    predictors, _, cases = row.first.partition("-")
    return f"{contrast}, {label(cases if row.comparison == 'text_v_structured' else predictors)}"


def widest(frame: pd.DataFrame) -> float:
    """The half-width of an axis about 0 that holds every interval of a difference."""
    ends = np.abs(number_array(frame[["difference_low", "difference_high"]].stack()))
    return 1.08 * float(np.nanmax(ends)) if np.isfinite(ends).any() else 1.0
