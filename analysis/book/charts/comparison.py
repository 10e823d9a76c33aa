"""Text against structured data, earlier cases against all: paired differences with their intervals."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    PUBLISHED,
    STRUCTURED,
    TEXT,
    beside,
    colour,
    dot,
    fill,
    marker,
    number_array,
    rows,
)
from analysis.book.sentences import comparison as words
from analysis.book.sentences.words import interval, is_missing, label, listed
from analysis.disclosure import Released


def _describe(comparison: str, comparisons: Released) -> str:
    kind = {
        "text_v_structured": "Paired change in average precision when text is added, per prediction, with intervals. ",
        "earlier_v_all": "Average precision learned from all and from earlier cases, per prediction, with the mean. ",
    }[comparison]
    return kind + words.read_comparison(comparisons, comparison)


def _rows(comparison: str, comparisons: Released) -> Released:
    return comparisons.where(comparison=comparison)


def _height(comparison: str, comparisons: Released) -> float:
    pairs = comparisons.where(comparison=comparison).frame["first"]
    return 1.3 + 0.3 * (pairs.value_counts().max() if len(pairs) else 1)


describe_text_v_structured = partial(_describe, "text_v_structured")
describe_earlier_v_all = partial(_describe, "earlier_v_all")


@chart(
    "text_v_structured",
    describe=describe_text_v_structured,
    draws=("difference",),
    of=partial(_rows, "text_v_structured"),
    height=partial(_height, "text_v_structured"),
    panels=lambda comparisons: (1, 2),
    read=partial(words.read_comparison, comparison="text_v_structured"),
)
def plot_text_v_structured(comparisons: Released, axes: np.ndarray) -> None:
    """Average precision with text minus without, on the same test cases, with the interval of the difference."""
    frame = comparisons.where(comparison="text_v_structured").frame
    limit = _widest(frame)
    for panel, within in zip(axes, ("all_cases", "earlier_cases"), strict=True):
        part = frame[frame["first"].str.endswith(within)].reset_index(drop=True)
        for y, row in part.iterrows():
            ink = {"better": TEXT, "worse": STRUCTURED}.get(row["verdict"], CHANCE)
            dot(
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
        rows(panel, _problems(part), words=False)
        panel.axvline(0, color=CHANCE, linewidth=1)
        panel.set_xlim(-limit, limit)
        panel.set_title(label(within))
        panel.set_xlabel("← worse with text · better with text →", fontsize=8.5)


@chart(
    "earlier_v_all",
    describe=describe_earlier_v_all,
    draws=("first_average_precision", "second_average_precision"),
    of=partial(_rows, "earlier_v_all"),
    height=3.9,
    panels=lambda comparisons: (1, 2),
    read=partial(words.read_comparison, comparison="earlier_v_all"),
)
def plot_earlier_v_all(comparisons: Released, axes: np.ndarray) -> None:
    """Each prediction as a line from learning from all cases to learning from earlier ones; the mean drawn thick."""
    frame = comparisons.where(comparison="earlier_v_all").frame
    top = 1.12 * np.nanmax(number_array(frame[["first_average_precision", "second_average_precision"]].stack()))
    for panel, within in zip(axes, ("structured", "text_and_structured"), strict=True):
        part = frame[frame["first"].str.startswith(within)]
        pairs = np.column_stack([number_array(part[f"{end}_average_precision"]) for end in ("second", "first")])
        for line, verdict in zip(pairs, part["verdict"], strict=True):
            strength = 0.45 if verdict == "no clear difference" else 0.9
            mark = {"color": colour(within), "marker": marker(within), "markersize": 4}
            panel.plot([0, 1], line, linewidth=1.3, alpha=strength, **mark)
        _name_ends(panel, pairs[:, 1], _problems(part), top)
        _mean(panel, pairs)
        panel.set_xticks([0, 1], ["all cases", "earlier cases\nonly"])
        panel.set_xlim(-0.32, 1.5)
        panel.set_ylim(0, top)
        panel.set_title(label(within))
        panel.grid(axis="y")
    axes[0].set_ylabel("average precision")


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
        dot(axes, y, row.difference, row.difference_low, row.difference_high, **shape)
        beside(axes, y, "withheld" if is_missing(row.difference) else row.verdict)
    axes.axvline(0, color=CHANCE, linewidth=1)
    limit = _widest(frame)
    axes.set_xlim(-limit, limit)
    rows(axes, [_contrast(row).replace(", ", ",\n") for row in frame.itertuples()], words=False)
    axes.tick_params(axis="y", labelsize=8.5)
    axes.set_xlabel("difference in average precision")


def _contrast(row) -> str:
    contrast = {"text_v_structured": "adding text", "earlier_v_all": "earlier instead of all cases"}[row.comparison]
    predictors, _, cases = row.first.partition("-")
    return f"{contrast}, {label(cases if row.comparison == 'text_v_structured' else predictors)}"


def _mean(axes: Axes, pairs: np.ndarray) -> None:
    """The mean of the pairs, drawn thick and named."""
    known = pairs[np.isfinite(pairs).all(axis=1)]
    if len(known) > 1:
        mean = known.mean(axis=0)
        axes.plot([0, 1], mean, color=PUBLISHED, linewidth=3.2, zorder=5)
        axes.annotate("mean", (-0.05, mean[0]), ha="right", va="center", fontsize=8.5)


def _name_ends(axes: Axes, ends: np.ndarray, names: list[str], top: float) -> None:
    """Name each line at its right end, the names moved apart enough to be read."""
    order = [i for i in np.argsort(ends) if np.isfinite(ends[i])]
    lowest = -1.0
    for i in order:
        lowest = max(ends[i], lowest + 0.055 * top)
        axes.annotate(names[i], (1, ends[i]), xytext=(1.07, lowest), fontsize=8.5, va="center")


def _problems(part: pd.DataFrame) -> list[str]:
    if "outcome" not in part:
        return [label(name) for name in part["first"]]
    return [f"{row.outcome} · {row.authority}" for row in part.itertuples()]


def _widest(frame: pd.DataFrame) -> float:
    ends = np.abs(number_array(frame[["difference_low", "difference_high"]].stack()))
    return 1.08 * float(np.nanmax(ends)) if np.isfinite(ends).any() else 1.0
