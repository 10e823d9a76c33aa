"""How a model of the past would have done, half-year by half-year."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, FOURTH, STRUCTURED, TEXT, number_array, problems
from analysis.book.charts.strips import EACH_PREDICTION, Strip
from analysis.book.sentences import half_years as words
from analysis.book.sentences.words import label
from analysis.disclosure import Released

MEASURES = {"auc": (STRUCTURED, 0.5), "average_precision": (TEXT, None), "observed_expected_ratio": (FOURTH, 1.0)}
TITLES = {"observed_expected_ratio": "observed / expected"}
COLUMNS = 4  # of panels at most, where several predictions are drawn
MOST_YEARS = 5  # marked on the axis of one panel; of more every other one
WIDEST = 16  # characters of a title above one of these panels


def describe_half_years(table: Released) -> str:
    return f"AUC, average precision and observed to expected outcomes by half-year. {words.read_half_years(table)}"


@chart(
    "half_years",
    describe=describe_half_years,
    draws=("auc",),
    height=3.1,
    panels=lambda table: (1, 3),
    read=words.read_half_years,
)
def plot_half_years(table: Released, axes: np.ndarray) -> None:
    """Each measure by half-year with its interval; the value of a model that knows nothing as a dotted line."""
    for panel, (measure, (ink, chance)) in zip(axes, MEASURES.items(), strict=True):
        _points(panel, table.frame, measure, ink, chance)
        if measure == "average_precision":
            frame = table.frame[table.frame["auc"].notna()]
            panel.plot(_when(frame), number_array(frame["prevalence"]), color=CHANCE, linewidth=1, linestyle=":")
        panel.set_title(TITLES.get(measure, label(measure)), fontsize=9)


def describe_auc_by_half_year(table: Released) -> str:
    return f"AUC by half-year with intervals, a panel for each prediction. {words.read_half_years(table)}"


@chart(
    "auc_by_half_year",
    describe=describe_auc_by_half_year,
    draws=("auc",),
    height=lambda table: 0.6 + 2.0 * _grid(table)[0],
    panels=lambda table: _grid(table),
    narrow_columns=lambda table: min(2, _grid(table)[1]),
    read=words.read_half_years,
    strip=Strip(
        "auc", "AUC of a model of the past (0.5 is guessing)", by="year", lanes="half", line=0.5, dots=EACH_PREDICTION
    ),
)
def plot_auc_by_half_year(table: Released, axes: np.ndarray) -> None:
    """The AUC of each prediction by half-year, with its interval; one half is what knowing nothing scores."""
    groups = list(table.frame.groupby(pd.Series(problems(table.frame), table.frame.index), sort=False))
    for place, panel in enumerate(np.ravel(axes)):
        if place >= len(groups):
            panel.set_axis_off()
            continue
        name, frame = groups[place]
        _points(panel, frame, "auc", *MEASURES["auc"])
        panel.set_ylim(0, 1)
        panel.set_title(textwrap.fill(" ".join(name.split()), WIDEST), fontsize=7.5)
    np.ravel(axes)[0].figure.supylabel("AUC (dotted: guessing)", fontsize=8.5)


def _grid(table: Released) -> tuple[int, int]:
    count = len(table.frame[["outcome", "authority"]].drop_duplicates())
    columns = max(1, min(count, COLUMNS))
    return max(1, -(-count // columns)), columns


def _points(axes: Axes, frame: pd.DataFrame, measure: str, ink: str, chance: float | None) -> None:
    frame = frame[frame[measure].notna()]
    x, y = _when(frame), number_array(frame[measure])
    low, high = (number_array(frame[f"{measure}_{end}"]) for end in ("low", "high"))
    if chance is not None:
        axes.axhline(chance, color=CHANCE, linewidth=1, linestyle=":")
    axes.vlines(x, low, high, color=ink, linewidth=1.4, alpha=0.75)
    axes.plot(x, y, color=ink, marker="o", markersize=4, linewidth=1)
    years = range(int(np.floor(x.min())), int(np.ceil(x.max())) + 1) if len(x) else ()
    years = years[:: 2 if len(years) > MOST_YEARS else 1]
    axes.set_xticks(list(years), [f"’{year % 100:02d}" for year in years])
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")


def _when(frame: pd.DataFrame) -> np.ndarray:
    """The middle of each half-year, in years."""
    return number_array(frame["year"]) + number_array(frame["half"]) / 2 - 0.25
