"""Learning curves: would more cases help?"""

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    PUBLISHED,
    STRUCTURED,
    number_array,
    present_designs,
    problems,
    rows,
    shared_key,
    within_row,
)
from analysis.book.charts.points import looks_of_designs, points
from analysis.book.charts.strips import Strip
from analysis.book.sentences import comparison as words
from analysis.book.sentences.slopes import read_pooled_slope
from analysis.book.sentences.words import is_missing, label, panel_title
from analysis.disclosure import Released, combine
from analysis.disclosure.catalogue import PAGE_TABLES
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import MODELS, TableSpecification
from analysis.tables.slopes import POOLED

CURVES_AND_VERDICTS = TableSpecification(
    "learning_curves",
    "Would more cases help",
    "one design, size and curve, with the design's verdict",
    PAGE_TABLES["learning_curves"].columns + PAGE_TABLES["learning_curve_verdicts"].columns[1:],
    planned_by=MODELS | {"learning_curves"},
    derived=True,
)


def with_verdicts(curves: Released, verdicts: Released) -> Released:
    """The curves, each row with its design's slope and verdict.

    Parameters
    ----------
    curves : Released
        The table "learning_curves" of one problem.
    verdicts : Released
        Its table "learning_curve_verdicts".

    Returns
    -------
    Released
    """
    return derive(CURVES_AND_VERDICTS, lambda c, v: c.merge(v, on="design", how="left"), curves, verdicts)


def joint_with_verdicts(world: Mapping[tuple[str, str], Mapping[str, Released]]) -> Released | None:
    """The curves of every problem that has them, each with its verdict; None if none has."""
    tables = {
        problem: with_verdicts(tables["learning_curves"], tables["learning_curve_verdicts"])
        for problem, tables in world.items()
        if {"learning_curves", "learning_curve_verdicts"} <= set(tables)
    }
    return combine(tables) if tables else None


def describe_learning_curves(curves: Released) -> str:
    return (
        f"Training and validation average precision against positive families. {words.read_one_learning_curve(curves)}"
    )


def _panels(curves: Released) -> tuple[int, int]:
    panels = len(_curves(curves))
    columns = min(panels, 4) or 1
    return -(-panels // columns), columns


def _curves(curves: Released) -> list[tuple[str, object]]:
    """(title, rows) of each curve: problem by problem, design by design."""
    frame = curves.frame
    if "outcome" not in frame:
        return [(label(design), frame[frame["design"].eq(design)]) for design in present_designs(frame)]
    return [
        (f"{problem}\n{label(design).removesuffix(' cases')}", part[part["design"].eq(design)])
        for problem, part in frame.groupby(pd.Series(problems(frame), index=frame.index), sort=False)
        for design in present_designs(part)
    ]


@chart(
    "learning_curves",
    describe=describe_learning_curves,
    draws=("average_precision", "positive_families"),
    height=lambda curves: 0.7 + 1.65 * _panels(curves)[0],
    panels=_panels,
    narrow_columns=2,
    read=words.read_one_learning_curve,
    strip=Strip(
        "average_precision",
        "average precision on validation cases, learned from all there are",
        lanes="design",
        of=lambda frame: frame[frame["curve"].eq("validation") & frame["size"].eq(frame["size"].max())],
    ),
)
def plot_learning_curves(curves: Released, axes: np.ndarray) -> None:
    """Training and validation curves of each design with ribbons; the verdict stands in the title."""
    panels = np.atleast_1d(axes).ravel()
    for panel, (title, part) in zip(panels, _curves(curves), strict=False):
        _draw_curve(panel, part)
        first = panel.get_subplotspec().is_first_col()
        panel.tick_params(axis="y", labelleft=first)
        panel.set_ylabel("average precision" if first else "", fontsize=7)
        panel.set_title(_title(title, part), fontsize=7.5, pad=4, fontweight="normal")
    for panel in panels[len(_curves(curves)) :]:
        panel.set_axis_off()
    shared_key(panels, ncols=2)
    panels[0].figure.supxlabel(
        "families with an outcome among the cases learned from; slope is per doubling", fontsize=8.5
    )


def _draw_curve(axes: Axes, part) -> None:
    for curve, ink, style in (("training", CHANCE, "--"), ("validation", STRUCTURED, "-")):
        rows = part[part["curve"].eq(curve)].sort_values("size")
        x, y = number_array(rows["positive_families"]), number_array(rows["average_precision"])
        low, high = (number_array(rows[f"average_precision_{end}"]) for end in ("low", "high"))
        axes.fill_between(x, low, high, color=ink, alpha=0.18, linewidth=0)
        axes.plot(x, y, style, color=ink, linewidth=1.4, label=f"on {curve} cases" if np.isfinite(y).any() else None)
    drawable = part[["positive_families", "average_precision"]].notna().all(axis=1)
    if not drawable.any():
        axes.text(0.5, 0.5, "too few to show", transform=axes.transAxes, ha="center", fontsize=7)
        axes.set_xticks([])
        axes.set_ylim(0, 1.02)
        return
    axes.set_xscale("log", base=2)
    axes.set_ylim(0, 1.02)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.xaxis.set_major_locator(LogLocator(base=2, numticks=4))
    axes.tick_params(labelsize=7)
    axes.grid(axis="y")


WIDEST = 22  # characters of a title above one of these panels


def _title(title: str, part) -> str:
    words_of_title = "\n".join(textwrap.fill(line, WIDEST) for line in panel_title(title).splitlines())
    if "verdict" not in part or is_missing(part["verdict"].iloc[0]) or is_missing(part["slope"].iloc[0]):
        return words_of_title
    slope = words.signed(part["slope"].iloc[0], 3)
    return f"{words_of_title}\n{part['verdict'].iloc[0]}, {slope}"


def describe_slopes(slopes: Released) -> str:
    return (
        "Slope of each learning curve per doubling of cases, with intervals, by prediction, and their mean. "
        f"{read_pooled_slope(slopes)}"
    )


def _lines(slopes: Released) -> list[str]:
    """The line of each row: its prediction, or the mean."""
    models = slopes.frame[slopes.frame["prediction"].ne(POOLED)]
    return [*problems(models, "prediction"), *[POOLED] * (len(slopes.frame) - len(models))]


@chart(
    "slopes",
    describe=describe_slopes,
    draws=("slope",),
    height=lambda slopes: 1.1 + 0.5 * len(set(_lines(slopes))),
    read=read_pooled_slope,
    strip=Strip(
        "slope",
        "average precision gained per doubling of cases",
        lanes="design",
        line=0,
        summary=lambda frame: frame["prediction"].eq(POOLED),
        names=lambda row: row.prediction,
    ),
)
def plot_slopes(slopes: Released, axes: Axes) -> None:
    """Slope and interval of every model, those of one prediction side by side, the mean over predictions last."""
    frame, named = slopes.frame, _lines(slopes)
    lines = list(dict.fromkeys(named))
    margin = float(frame["margin"].iloc[0])
    axes.axvspan(-margin, margin, color=CHANCE, alpha=0.12, linewidth=0)
    axes.axvline(0, color=CHANCE, linewidth=1)
    pooled = frame["prediction"].eq(POOLED)
    lane = 0.16 * (frame["design"].str.startswith("text") - 0.5)
    lane += 0.34 * (frame["design"].str.endswith("earlier_cases") - 0.5)
    shown = looks_of_designs(frame.assign(y=[lines.index(name) for name in named] + within_row(axes, lane)))
    points(axes, shown[~pooled].assign(entry=shown["design"].map(label)), "slope", size=5)
    points(axes, frame[pooled].assign(y=len(lines) - 1, colour=PUBLISHED, shape="s"), "slope", size=7)
    rows(axes, lines, words=False)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel("average precision gained per doubling of cases; shaded: level", fontsize=8.5)
    shared_key(np.array([axes]), ncols=2)
