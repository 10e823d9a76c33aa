"""The cases of a prediction: how common the outcome is, year by year, and what the leakage audit found."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    STRUCTURED,
    TEXT,
    annotate_row,
    number_array,
    problems,
    rows,
    unit_axis,
)
from analysis.book.sentences import comparison, performance
from analysis.book.sentences.words import capitalised, count, is_missing, label, number, percentage
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


def _most_telling(leakage: Released) -> pd.DataFrame:
    """Up to a dozen checks, nearest to or beyond their limits first; those of one kind together."""
    frame = leakage.frame.dropna(subset=["value"])
    nearness = number_array(frame["value"]) - number_array(frame["limit"])
    order = np.argsort(-np.nan_to_num(nearness, nan=-1), kind="stable")
    return frame.iloc[order][:12]


def _panel_for_each_check(leakage: Released) -> tuple[int, int]:
    return _most_telling(leakage)["check"].nunique() or 1, 1


@chart(
    "leakage",
    describe=describe_leakage,
    draws=("value",),
    height=lambda leakage: (
        0.4 + 0.7 * _panel_for_each_check(leakage)[0] + _row_height(leakage) * len(_most_telling(leakage))
    ),
    panels=_panel_for_each_check,
    read=comparison.read_leakage,
)
def plot_leakage(leakage: Released, axes: np.ndarray) -> None:
    """What each check found, a panel for each kind of check, and the limit beyond which it raises a flag."""
    kinds = list(_most_telling(leakage).groupby("check", sort=False))
    panels = np.atleast_1d(axes)
    panels[0].get_gridspec().set_height_ratios([len(frame) + 1 for _, frame in kinds])
    for panel, (check, frame) in zip(panels, kinds, strict=True):
        for y, row in enumerate(frame.itertuples()):
            ink, shape = {"yes": (TEXT, "s"), "review": (FOURTH, "^")}.get(row.flagged, (STRUCTURED, "o"))
            panel.plot(row.value, y, marker=shape, color=ink, linestyle="", clip_on=False, zorder=3)
            found = {"yes": " flagged", "review": " to review"}.get(row.flagged, "")
            annotate_row(panel, y, f"{number(row.value)}{found}", ink)
        rows(panel, _subjects(frame), words=False)
        for limit in frame["limit"].dropna().unique():
            panel.axvline(limit, color=CHANCE, linewidth=2)
        unit_axis(panel)
        panel.tick_params(axis="y", labelsize=8)
        panel.set_title(f"{capitalised(label(check))}", fontsize=9)
    panels[-1].set_xlabel("what was found; the upright line is the limit")


def _row_height(leakage: Released) -> float:
    """Inches of a row, which has a second line where the table holds several predictions."""
    return 0.42 if "outcome" in leakage.frame else 0.3


def _subjects(frame: pd.DataFrame) -> list[str]:
    """What each row's check looked at; where the table holds several predictions, with which it is beneath."""
    subjects = [label(subject) for subject in frame["subject"]]
    if "outcome" not in frame:
        return subjects
    named = (" ".join(name.split()) for name in problems(frame))
    return [f"{subject},\n{name}" for subject, name in zip(subjects, named, strict=True)]
