"""Charts of the logistic study: areas, gains, curves, how often a predictor is chosen, other studies."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    PUBLISHED,
    annotate_row,
    background,
    is_narrow,
    key,
    number_array,
    rows,
    rows_of_panels,
    shared_key,
)
from analysis.book.charts.network.panels import (
    EVENTS,
    MARKERS,
    RECORDED,
    WHOLE_LIFE,
    first_panel,
    network_colour,
    panel_for_each_sample,
    panels_by_sample,
    share_axis,
    title_panel,
    unit_square,
)
from analysis.book.charts.points import points
from analysis.book.sentences import network as words
from analysis.book.sentences.words import interval, label
from analysis.disclosure import Column, Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import NETWORKS

NAME = 40  # characters of a line of a model's predictors


def describe_table_2(table_2: Released) -> str:
    return (
        f"Areas under the ROC curve of the selected models, published and run, by sample. {words.read_table_2(table_2)}"
    )


@chart("network_table_2", describe=describe_table_2, draws=("auc",), height=7.4, read=words.read_table_2)
def plot_table_2(table_2: Released, axes: Axes) -> None:
    """Each selected model's area with its interval, and the published one as a cross."""
    frame = table_2.frame.assign(y=range(len(table_2.frame)), colour=table_2.frame["predictors"].map(network_colour))
    points(axes, frame.assign(shape=frame["colour"].map(MARKERS)), "auc")
    axes.plot(number_array(frame["published"]), frame["y"], "x", color=PUBLISHED, label="published", zorder=4)
    for row in frame.itertuples():
        annotate_row(axes, row.y, interval(row.auc, row.auc_low, row.auc_high, 3))
    sets = [f"{words.SAMPLES[row.sample]}: {words.subset_words(row.predictors)}" for row in frame.itertuples()]
    names = [textwrap.fill(name, NAME, break_on_hyphens=False) for name in sets]
    for shade, name in ((WHOLE_LIFE, "with whole-life"), (RECORDED, "recorded only"), (EVENTS, "events only")):
        axes.plot([], [], marker=MARKERS[shade], color=shade, linestyle="", label=name)
    rows(axes, names, words=False)
    axes.tick_params(axis="y", labelsize=7.5)
    axes.set_xlabel("area under the ROC curve (0.5 is chance)")
    key(axes, left=-0.55)


def describe_models(models: Released) -> str:
    return f"Every model's area under the ROC curve, by sample and number of predictors. {words.read_models(models)}"


@chart(
    "network_models",
    describe=describe_models,
    draws=("auc",),
    height=3.4,
    panels=panel_for_each_sample,
    read=words.read_models,
)
def plot_models(models: Released, axes) -> None:
    """Each model a point, by how many predictors it has and the most it knows."""
    for sample, frame, panel in panels_by_sample(models, axes):
        shades = frame["predictors"].map(network_colour)
        across = frame["number"].astype(float).clip(upper=5) + shades.map(
            {EVENTS: -0.25, RECORDED: 0, WHOLE_LIFE: 0.25}
        )
        names = {EVENTS: "events or age", RECORDED: "recorded", WHOLE_LIFE: "whole-life"}
        look = {"colour": shades, "shape": shades.map(MARKERS), "strength": 0.6, "entry": shades.map(names)}
        points(panel, frame[["auc"]].assign(x=across, **look), "auc", size=3, along="y")
        panel.set_xticks([1, 2, 3, 4, 5], ["1", "2", "3", "4", "all"])
        panel.set_xlabel("predictors, with age")
        panel.grid(axis="y")
        title_panel(panel, sample)
    first_panel(axes).set_ylabel("area under the ROC curve")
    shared_key(np.atleast_1d(axes).ravel())


def describe_gains(gains: Released) -> str:
    return f"Differences between areas of selected models, published and run. {words.read_gains(gains)}"


@chart("network_gains", describe=describe_gains, draws=("gain",), height=3.6, read=words.read_gains)
def plot_gains(gains: Released, axes: Axes) -> None:
    """Each difference with its interval over families, and the published one as a cross."""
    frame = gains.frame.sort_values("comparison", kind="stable", ascending=False).reset_index(drop=True)
    frame = frame.assign(
        y=frame.index, colour=frame["comparison"].str.startswith("whole").map({True: WHOLE_LIFE, False: RECORDED})
    )
    points(axes, frame.assign(shape=frame["colour"].map(MARKERS)), "gain")
    axes.plot(number_array(frame["published"]), frame["y"], "x", color=PUBLISHED, label="published", zorder=4)
    for row in frame.itertuples():
        annotate_row(axes, row.y, interval(row.gain, row.gain_low, row.gain_high, 3))
    axes.axvline(0, color=CHANCE, linewidth=1, linestyle=":")
    rows(axes, [f"{row.comparison},\n{words.SAMPLES[row.sample]}" for row in frame.itertuples()], words=False)
    axes.set_xlabel("difference between areas")
    key(axes)


def describe_roc(roc: Released) -> str:
    return f"Recall against false positive rate of the selected models, by sample. {words.read_roc(roc)}"


@chart(
    "network_roc",
    describe=describe_roc,
    draws=("recall",),
    height=2.9,
    panels=panel_for_each_sample,
    read=words.read_roc,
)
def plot_roc(roc: Released, axes) -> None:
    """Recall at each false positive rate, beside the diagonal of chance."""
    for sample, frame, panel in panels_by_sample(roc, axes):
        unit_square(panel, "false positive rate")
        for predictors, curve in frame.groupby("predictors", sort=False):
            style = "-" if predictors == "all" else "--"
            panel.plot(
                number_array(curve["false_positive_rate"]),
                number_array(curve["recall"]),
                style,
                color=network_colour(predictors),
                linewidth=1.2,
            )
        title_panel(panel, sample)
    first = first_panel(axes)
    first.set_ylabel("recall")
    for shade, style, name in (
        (WHOLE_LIFE, "-", "all predictors"),
        (WHOLE_LIFE, "--", "four, whole-life"),
        (RECORDED, "--", "four, recorded"),
        (EVENTS, "--", "four, events"),
    ):
        first.plot([], [], style, color=shade, label=name)
    shared_key(np.atleast_1d(axes).ravel())


def describe_selection(selection: Released) -> str:
    return "Share of resamples of families in whose best four-variable model each predictor stands, by sample."


@chart("network_selection", describe=describe_selection, draws=("frequency",), height=3.6, panels=panel_for_each_sample)
def plot_selection(selection: Released, axes) -> None:
    """How often each predictor is chosen; filled if it is in the best model of the sample itself."""
    for sample, frame, panel in panels_by_sample(selection, axes):
        named = frame if is_narrow(panel) else selection.frame  # side by side they share rows
        predictors = list(dict.fromkeys(named["predictor"]))
        shades, shares = frame["predictor"].map(network_colour), number_array(frame["frequency"])
        lines = frame["predictor"].map(predictors.index)
        panel.hlines(lines, 0, np.nan_to_num(shares), color=list(shades), linewidth=1.2)
        faces = shades.where(frame["chosen"].eq("yes"), background())
        look = {"y": lines, "colour": shades, "shape": shades.map(MARKERS), "face": faces}
        points(panel, frame[["frequency"]].assign(**look), "frequency", size=5)
        rows_of_panels(panel, axes, [label(predictor) for predictor in predictors])
        share_axis(panel)
        panel.set_xlabel("chosen in", fontsize=8.5)
        panel.set_xlim(-0.08, 1.08)  # so that a mark at either end is whole
        title_panel(panel, sample)


POINTS = TableSpecification(
    "network_points",
    "Published models and these",
    "one model",
    (
        Column("study", "key", "whose model"),
        Column("kind", "key", "this run or published elsewhere"),
        Column("predictors", "setting", "number of predictors"),
        Column("auc", "measure", "area under the ROC curve"),
    ),
    planned_by=NETWORKS,
)


def with_comparators(table_2: Released, comparators: Released) -> Released:
    """The selected models of this run and those of other studies, as points.

    Parameters
    ----------
    table_2 : Released
        The table "network_table_2".
    comparators : Released
        The table "network_comparators".

    Returns
    -------
    Released
        `POINTS`.
    """

    def points(run: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
        own = pd.DataFrame(
            {
                "study": run["sample"] + ": " + run["predictors"],
                "kind": "this run",
                "predictors": run["number"],
                "auc": run["auc"],
            }
        )
        return pd.concat([own, others.assign(kind="published elsewhere")[own.columns.tolist()]], ignore_index=True)

    return derive(POINTS, points, table_2, comparators)


def describe_comparators(points: Released) -> str:
    return (
        f"Area under the ROC curve against number of predictors, here and elsewhere. {words.read_comparators(points)}"
    )


@chart("network_points", describe=describe_comparators, draws=("auc",), height=3.2, read=words.read_comparators)
def plot_comparators(points: Released, axes: Axes) -> None:
    """Area against number of predictors, on a scale of doublings."""
    for row in points.frame.dropna(subset=["auc"]).itertuples():
        own = row.kind == "this run"
        axes.plot(
            row.predictors,
            row.auc,
            "o" if own else "x",
            color=WHOLE_LIFE if own else PUBLISHED,
            markersize=4 if own else 6,
            label=row.kind,
        )
        if not own:
            left = row.predictors > 60
            axes.annotate(
                row.study,
                (row.predictors, row.auc),
                xytext=(-6 if left else 6, -3),
                textcoords="offset points",
                ha="right" if left else "left",
                fontsize=8,
            )
    axes.set_xscale("log", base=2)
    axes.set_xticks([4, 8, 16, 32, 64, 128], ["4", "8", "16", "32", "64", "128"])
    axes.minorticks_off()
    axes.set_xlabel("predictors")
    axes.set_ylabel("area under the ROC curve")
    axes.grid(axis="y")
    key(axes)
