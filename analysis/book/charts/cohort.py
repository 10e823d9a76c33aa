"""The cases of a prediction: how common the outcome is, year by year, and what the leakage audit found."""

import numpy as np
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import CHANCE, FOURTH, STRUCTURED, TEXT, annotate_row, number_array, rows
from analysis.book.sentences import comparison, performance
from analysis.book.sentences.words import count, is_missing, label, number, percentage
from analysis.disclosure import Released


def describe_outcome_by_year(outcome_by_year: Released) -> str:
    return f"Share of cases followed by the outcome, by year. {performance.read_prevalence(outcome_by_year)}"


@chart(
    "outcome_by_year",
    describe=describe_outcome_by_year,
    draws=("prevalence",),
    height=2.9,
    read=performance.read_prevalence,
)
def plot_outcome_by_year(outcome_by_year: Released, axes: Axes) -> None:
    """Prevalence of the outcome in each year of decisions, with the number of cases below the year."""
    frame = outcome_by_year.frame
    values = 100 * number_array(frame["prevalence"])
    axes.plot(range(len(frame)), values, color=STRUCTURED, marker="o")
    top = 1.25 * np.nanmax(values)
    for x, (value, row) in enumerate(zip(values, frame.itertuples(), strict=True)):
        words = percentage(row.prevalence) if np.isfinite(value) else "c"
        height = value if np.isfinite(value) else 0
        axes.annotate(words, (x, height), xytext=(0, 7), textcoords="offset points", ha="center", fontsize=8.5)
    names = [f"{row.year}\n{'c' if is_missing(row.cases) else count(row.cases)}" for row in frame.itertuples()]
    axes.set_xticks(range(len(frame)), names)
    axes.set_xlim(-0.5, len(frame) - 0.5)
    axes.set_ylim(0, top or 1)
    axes.grid(axis="y")
    axes.set_ylabel("% with the outcome")
    axes.set_xlabel("year of the decision, and cases")


def describe_leakage(leakage: Released) -> str:
    return f"What each check of the leakage audit found, against its limit. {comparison.read_leakage(leakage)}"


def _most_telling(leakage: Released):
    """Up to a dozen checks, nearest to or beyond their limits first."""
    frame = leakage.frame.dropna(subset=["value"])
    nearness = number_array(frame["value"]) - number_array(frame["limit"])
    order = np.argsort(-np.nan_to_num(nearness, nan=-1), kind="stable")
    return frame.iloc[order][:12]


@chart(
    "leakage",
    describe=describe_leakage,
    draws=("value",),
    height=lambda leakage: 1.2 + 0.3 * len(_most_telling(leakage)),
    read=comparison.read_leakage,
)
def plot_leakage(leakage: Released, axes: Axes) -> None:
    """What each check found, and the limit beyond which it raises a flag; the dozen nearest to their limit."""
    frame = _most_telling(leakage)
    for y, row in enumerate(frame.itertuples()):
        ink, shape = {"yes": (TEXT, "s"), "review": (FOURTH, "^")}.get(row.flagged, (STRUCTURED, "o"))
        axes.plot(row.value, y, marker=shape, color=ink, linestyle="", zorder=3)
        if not is_missing(row.limit):
            axes.plot(row.limit, y, marker="|", markersize=14, markeredgewidth=2, color=CHANCE, linestyle="")
        found = {"yes": " flagged", "review": " to review"}.get(row.flagged, "")
        annotate_row(axes, y, f"{number(row.value)}{found}", ink)
    rows(axes, [f"{label(row.subject)}\n({label(row.check)})" for row in frame.itertuples()], words=False)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel("what was found (dot) and its limit (stroke)")
