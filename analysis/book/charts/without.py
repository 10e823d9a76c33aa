"""What some predictors were worth: the change in average precision when models are fitted without them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, annotate_row, colour, fill, interval_point, marker, number_array, rows
from analysis.book.charts.strips import Strip
from analysis.book.sentences import without as words
from analysis.book.sentences.words import is_missing, label, number
from analysis.disclosure import Released


def describe_without(without: Released) -> str:
    lead = "Change in average precision when each model is fitted without the predictors, with intervals."
    return f"{lead} {words.read_without(without)}"


@chart(
    "without_predictors",
    describe=describe_without,
    draws=("difference",),
    height=lambda without: 1.0 + 0.34 * len(without.frame),
    read=words.read_without,
    strip=Strip("difference", "← worse · without these predictors better →", lanes="design", line=0),
)
def plot_without(without: Released, axes: Axes) -> None:
    """Average precision without the predictors minus with them, each with its interval; both values to the right."""
    frame = without.frame.reset_index(drop=True)
    for y, row in frame.iterrows():
        shape = {"color": colour(row["design"]), "marker": marker(row["design"])}
        ends = (row["difference"], row["difference_low"], row["difference_high"])
        interval_point(axes, y, *ends, **shape, markerfacecolor=fill(row["design"]))
        values = f"{number(row['with_them'])} → {number(row['without_them'])}"
        annotate_row(axes, y, "withheld" if is_missing(row["difference"]) else values)
    axes.axvline(0, color=CHANCE, linewidth=1)
    ends = np.abs(number_array(frame[["difference_low", "difference_high"]].stack()))
    limit = 1.08 * float(np.nanmax(ends)) if np.isfinite(ends).any() else 1.0
    axes.set_xlim(-limit, limit)
    rows(axes, [_name(row) for _, row in frame.iterrows()], words=False)
    axes.tick_params(axis="y", labelsize=8.5)
    axes.set_xlabel("← worse without them · better without them →", fontsize=9)


def _name(row: pd.Series) -> str:
    if "outcome" not in row:
        return label(row["design"])
    return f"{row['outcome']} · {row['authority']}, {label(row['design'])}"
