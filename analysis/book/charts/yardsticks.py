"""Compared with what? Models beside simple rules, and the same model under other divisions of the cases."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.comparison import compare_with_zero
from analysis.book.charts.marks import (
    CHANCE,
    STRUCTURED,
    VERDICTS,
    annotate_row,
    background,
    colour,
    is_narrow,
    marker,
    number_array,
    problems,
    rows,
    rows_of_panels,
    shared_key,
)
from analysis.book.charts.points import looks_of_designs, points
from analysis.book.charts.strips import Strip
from analysis.book.sentences import yardsticks as words
from analysis.book.sentences.words import label, number
from analysis.disclosure import Released

LANE = 0.13  # of a row: models of structured data stand above, those with text below
LEARNED_FROM = ("all_cases", "earlier_cases")
DIVISION_MARKS = {
    "random": ("o", False),
    "by_child": ("^", False),
    "by_family": ("s", False),
    "in_time": ("D", True),
    "in_time_with_embargo": ("o", True),
}
"""Shape of each division's mark, and whether it is filled: those in time are."""
MODELS = {"structured": "model, structured data", "text_and_structured": "model, with text"}


def describe_yardsticks(yardsticks: Released) -> str:
    lead = "Dots of average precision for chance, age alone, one variable, four variables and the models."
    return f"{lead} {words.read_yardsticks(yardsticks)}"


@chart(
    "yardsticks",
    describe=describe_yardsticks,
    draws=("model_average_precision",),
    height=2.6,
    panels=lambda yardsticks: (1, 2),
    read=words.read_yardsticks,
)
def plot_yardsticks(yardsticks: Released, axes: np.ndarray) -> None:
    """Average precision of the yardsticks (grey) and of the models on the same test cases, in two sets of cases."""
    frame = yardsticks.frame
    most = np.nanmax(number_array(frame[["model_average_precision", "yardstick_average_precision"]].stack()))
    for panel, learned_from in zip(axes, LEARNED_FROM, strict=True):
        part = frame[frame["design"].str.endswith(f"-{learned_from}")]
        names = [_name(part, name) for name in words.NAMES]
        for y, name in enumerate(words.NAMES):
            _value(panel, y, part.loc[part["yardstick"].eq(name), "yardstick_average_precision"], CHANCE, "s")
        designs = list(dict.fromkeys(part["design"]))
        for y, design in enumerate(designs, start=len(names)):
            of_model = part.loc[part["design"].eq(design), "model_average_precision"]
            _value(panel, y, of_model, colour(design), marker(design))
        names += [MODELS[design.partition("-")[0]] for design in designs]
        rows(panel, names if panel is axes[0] or is_narrow(panel) else [""] * len(names), words=False)
        panel.set_xlim(0, 1.25 * most)
        panel.set_title(label(learned_from), fontsize=9.5)
        panel.set_xlabel("average precision", fontsize=8.5)


def describe_beyond_four_variables(yardsticks: Released) -> str:
    lead = "Average precision of each model less that of four variables on the same test cases, with intervals."
    return f"{lead} {words.read_four_variables(yardsticks)}"


def _four(yardsticks: Released) -> Released:
    return yardsticks.where(yardstick="four_variables")


def _height(yardsticks: Released) -> float:
    return 1.6 + 0.5 * max(len(set(_predictions(_four(yardsticks).frame))), 1)


@chart(
    "beyond_four_variables",
    describe=describe_beyond_four_variables,
    draws=("difference",),
    of=_four,
    height=_height,
    panels=lambda yardsticks: (1, 2),
    read=words.read_four_variables,
    strip=Strip("difference", "← worse · than four variables better →", lanes="design", line=0),
)
def plot_beyond_four_variables(yardsticks: Released, axes: np.ndarray) -> None:
    """Model minus four variables, with the interval of the difference; coloured where the verdict is clear."""
    frame = _four(yardsticks).frame
    names = _predictions(frame)
    lines, text = list(dict.fromkeys(names)), frame["design"].str.startswith("text")
    shown = frame.assign(
        y=[lines.index(name) for name in names] + text.map({False: -LANE, True: LANE}),
        colour=frame["verdict"].map(VERDICTS).fillna(CHANCE),
        shape=frame["design"].map(marker),
    )
    for panel, learned_from in zip(axes, LEARNED_FROM, strict=True):
        part = shown[frame["design"].str.endswith(f"-{learned_from}")]
        points(panel, part, "difference", size=5)
        for row in part[part["difference"].isna()].itertuples():
            panel.annotate("withheld", (0, row.y), fontsize=7, va="center")
        rows_of_panels(panel, axes, lines)
        compare_with_zero(panel, frame)
        panel.set_title(label(learned_from), fontsize=9.5)
        panel.set_xlabel("← model worse · model better →", fontsize=8.5)
    for shape, name in (("o", "structured data"), ("D", "with text")) if text.any() else ():
        axes[0].plot([], [], shape, color=CHANCE, label=name)
    for verdict in ("better", "worse"):
        if shown["verdict"].eq(verdict).any():
            axes[0].plot([], [], "_", color=VERDICTS[verdict], label=verdict)
    shared_key(axes)


def describe_dependence(dependence: Released) -> str:
    lead = "Average precision of one model on the same late cases under five ways of dividing the cases."
    return f"{lead} {words.read_dependence(dependence)}"


@chart(
    "dependence",
    describe=describe_dependence,
    draws=("average_precision",),
    height=2.5,
    read=words.read_dependence,
)
def plot_dependence(dependence: Released, axes: Axes) -> None:
    """The same model on the same late cases, from the loosest division of the cases to the strictest."""
    frame = dependence.frame
    points(axes, frame.assign(y=range(len(frame)), colour=STRUCTURED, shape="o"), "average_precision")
    for y, row in enumerate(frame.itertuples()):
        annotate_row(axes, y, number(row.average_precision))
    rows(axes, [words.DIVISIONS[name] for name in frame["division"]], words=False)
    axes.set_xlim(left=0)
    axes.set_xlabel("average precision on the same late cases")


@chart(
    "joint_dependence",
    describe=describe_dependence,
    draws=("average_precision",),
    height=lambda dependence: 1.4 + 0.42 * max(1, len(set(problems(dependence.frame)))),
    read=words.read_dependence,
    strip=Strip("average_precision", "average precision on the same late cases", lanes="division"),
)
def plot_joint_dependence(dependence: Released, axes: Axes) -> None:
    """One row for each prediction: the same model on the same late cases under each division of the cases."""
    named = problems(dependence.frame)
    names, marks = list(dict.fromkeys(named)), dependence.frame["division"].map(DIVISION_MARKS)
    shown = dependence.frame[["division", "average_precision"]].assign(
        y=[names.index(name) for name in named],
        colour=STRUCTURED,
        shape=[shape for shape, _ in marks],
        face=[STRUCTURED if filled else background() for _, filled in marks],
        entry=dependence.frame["division"].map(words.DIVISIONS),
    )
    for y, part in shown.groupby("y"):
        axes.hlines(y, part["average_precision"].min(), part["average_precision"].max(), color=CHANCE, linewidth=1)
    points(axes, shown, "average_precision")
    rows(axes, names, words=False)
    axes.set_xlim(left=0)
    axes.set_xlabel("average precision on the same late cases")
    shared_key(np.array([axes]), ncols=3)


def describe_agreed(models: Released) -> str:
    lead = "For each model, the share of the children it flags whom every equally good model flags too."
    return f"{lead} {words.read_equally_good(models)}"


def _everyone(models: Released) -> Released:
    return models.where(characteristic=words.EVERYONE)


@chart(
    "agreed",
    describe=describe_agreed,
    draws=("agreed",),
    of=_everyone,
    height=lambda models: 1.2 + 0.36 * max(1, len(set(_rows_of(_everyone(models).frame)))),
    read=words.read_equally_good,
    strip=Strip("agreed", "share of flags on which equally good models agree", lanes="design"),
)
def plot_agreed(models: Released, axes: Axes) -> None:
    """Of the children that a model flags, the share that every equally good model flags: one dot for each model."""
    frame = _everyone(models).frame
    of_rows, alone = _rows_of(frame), frame["models"].astype(float).le(1)
    names = list(dict.fromkeys(of_rows))
    shown = looks_of_designs(frame).assign(
        y=[names.index(name) for name in of_rows],
        entry=frame["design"].map(label).mask(alone, "no other as good"),
    )
    shown.loc[alone, ["colour", "face", "shape"]] = [CHANCE, CHANCE, "x"]
    points(axes, shown, "agreed")
    rows(axes, names, words=False)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_xlabel("share of a model's flags on which all equally good models agree")
    shared_key(np.array([axes]), ncols=1 if is_narrow(axes) else 2)


def _rows_of(frame: pd.DataFrame) -> list[str]:
    return problems(frame) if "outcome" in frame else [label(design) for design in frame["design"]]


def _name(part: pd.DataFrame, name: str) -> str:
    """A yardstick's name, for one variable with what it is."""
    used = part.loc[part["yardstick"].eq(name), "predictors"].dropna()
    if name != "one_variable" or used.empty or "last" not in str(used.iloc[0]):
        return words.NAMES[name]
    return f"{used.iloc[0].partition(' last')[0]}, last 12 months"


def _value(axes: Axes, y: int, values: pd.Series, ink: str, shape: str) -> None:
    known = number_array(values)
    if not len(known) or not np.isfinite(known[0]):
        axes.annotate("withheld", (0, y), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
        return
    axes.plot([0, known[0]], [y, y], color=ink, linewidth=1, alpha=0.5, zorder=1)
    axes.plot(known[0], y, linestyle="", marker=shape, color=ink, zorder=2)
    place = {"xytext": (7, 0), "textcoords": "offset points", "va": "center", "fontsize": 8.5}
    axes.annotate(number(known[0]), (known[0], y), **place)


def _predictions(part: pd.DataFrame) -> list[str]:
    return problems(part) if "outcome" in part else ["model"] * len(part)
