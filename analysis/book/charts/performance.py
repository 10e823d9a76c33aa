"""One prediction's models: how well they tell cases apart, and what that means for a hundred children."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    PUBLISHED,
    TEXT,
    THIRD,
    annotate_row,
    background,
    colour,
    is_narrow,
    key,
    line_style,
    number_array,
    present_designs,
    problems,
    reference_mark,
    rows,
    unit_axis,
)
from analysis.book.charts.points import looks_of_designs, points
from analysis.book.charts.strips import Strip
from analysis.book.sentences import performance as words
from analysis.book.sentences.words import interval, label, listed, number, panel_title
from analysis.disclosure import Released

CONFUSION = {
    "true_positives": ("flagged, with the outcome", THIRD, ""),
    "flagged_early": ("flagged, with it before the window", FOURTH, "xx"),
    "flagged_neither": ("flagged, with neither", CHANCE, "//"),
    "false_negatives": ("missed", TEXT, ".."),
}


SHORT = {"true_positives": "right", "flagged_early": "early", "flagged_neither": "neither", "false_negatives": "missed"}


def describe_average_precision(performance: Released) -> str:
    frame = _of_metric(performance, "average_precision")
    values = listed(f"{label(row.design)} {number(row.value)}" for row in frame.itertuples())
    return f"Dot chart of average precision with intervals for {values}. {words.read_average_precision(performance)}"


@chart(
    "average_precision",
    describe=describe_average_precision,
    draws=("value",),
    height=2.7,
    read=words.read_average_precision,
)
def plot_average_precision(performance: Released, axes: Axes) -> None:
    """Average precision of each design: dot and interval, chance as a stroke, the published value if there is one."""
    frame = _of_metric(performance, "average_precision")
    frame = looks_of_designs(frame.assign(y=range(len(frame))))
    points(axes, frame, "value")
    for row in frame.itertuples():
        reference_mark(axes, row.y, row.chance, "chance level")
        annotate_row(axes, row.y, interval(row.value, row.value_low, row.value_high))
    if "published" in frame and frame["published"].notna().any():
        axes.plot(number_array(frame["published"]), frame["y"], "x", color=PUBLISHED, label="published", zorder=4)
    rows(axes, list(frame["design"]))
    unit_axis(axes)
    axes.set_xlabel("average precision")
    key(axes)


def describe_confusion(flags: Released) -> str:
    kinds = "flagged rightly, flagged though the outcome came early, flagged with neither, and missed"
    return f"Bars of expected counts per 100 cases, {kinds}, for each design. {words.read_per_hundred(flags)}"


@chart(
    "confusion_per_100",
    describe=describe_confusion,
    draws=("true_positives", "false_positives", "false_negatives"),
    height=3.1,
    read=words.read_per_hundred,
)
def plot_confusion_per_100(flags: Released, axes: Axes) -> None:
    """Of every 100 cases: flagged rightly, early or with neither, and missed. The rest are rightly left alone."""
    frame = flags.frame.set_index("design").loc[present_designs(flags.frame)].reset_index()
    _confusion_bars(axes, frame)
    for y, row in frame.iterrows():
        counts = [words.per_hundred(row[name], row["cases"]) for name in _shown(frame)]
        annotate_row(axes, y, " · ".join("c" if count.startswith("a ") else count for count in counts))
    rows(axes, list(frame["design"]))
    axes.set_xlim(left=0)
    axes.set_xlabel(f"of every 100 cases: {' · '.join(SHORT[name] for name in _shown(frame))}")
    key(axes, ncols=2, left=-0.35)


def describe_joint_confusion(flags: Released) -> str:
    return (
        f"Bars of expected counts of 100 children for each prediction, for the first design. {words.read_flags(flags)}"
    )


def _first_design(flags: Released) -> Released:
    """The rows of one design: the first of the book's order that has any."""
    designs = present_designs(flags.frame)
    return flags.where(design=designs[0]) if designs else flags


@chart(
    "joint_confusion_per_100",
    describe=describe_joint_confusion,
    draws=("true_positives", "false_positives", "false_negatives"),
    of=_first_design,
    height=lambda flags: 1.2 + 0.5 * len(_first_design(flags).frame),
    read=words.read_flags,
    strip=Strip(
        lambda flags: 100 * flags["false_positives"] / (flags["true_positives"] + flags["false_positives"]),
        "of 100 flagged children, those without the outcome in its window",
    ),
)
def plot_joint_confusion_per_100(flags: Released, axes: Axes) -> None:
    """Of 100 children of each prediction: flagged rightly, early or with neither, and missed, by the first design."""
    frame = _first_design(flags).frame.reset_index(drop=True)
    _confusion_bars(axes, frame)
    for y, row in frame.iterrows():
        counts = [words.per_hundred(row[name], row["cases"]) for name in _shown(frame)]
        annotate_row(axes, y, " · ".join("c" if count.startswith("a ") else count for count in counts))
    rows(axes, problems(frame), words=False)
    axes.set_xlim(left=0)
    kinds = " · ".join(SHORT[name] for name in _shown(frame))
    axes.set_xlabel(f"of 100 children: {kinds}\n({label(frame['design'].iloc[0])})")
    key(axes, ncols=2)


def describe_precision_recall(curve: Released) -> str:
    return f"Precision against recall for each design. {words.read_curve(curve, 'precision', 'recall')}"


@chart(
    "precision_recall_curve",
    describe=describe_precision_recall,
    draws=("precision",),
    height=3.8,
    read=lambda curve: words.read_curve(curve, "precision", "recall"),
)
def plot_precision_recall_curve(curve: Released, axes: Axes) -> None:
    """Precision at each recall; chance, where the table has it, is the prevalence of each design's test cases."""
    _curves(curve, axes, "recall", "precision")
    levels = curve.frame.get("chance", pd.Series(dtype=float)).dropna().astype(float).round(3).unique()
    for level in levels:
        axes.axhline(level, color=CHANCE, linewidth=1, linestyle=":")
    if len(levels):
        place = {"xytext": (0, 3), "textcoords": "offset points", "ha": "left", "fontsize": 8.5, "color": CHANCE}
        axes.annotate("chance", (0, max(levels)), **place)
    axes.set_xlabel("recall: share of children with the outcome who are flagged")
    axes.set_ylabel("precision: share of the flagged\nwho have the outcome")


def describe_roc(curve: Released) -> str:
    reading = words.read_curve(curve, "recall", "false_positive_rate")
    return f"Recall against false positive rate for each design. {reading}"


@chart(
    "roc_curve",
    describe=describe_roc,
    draws=("recall",),
    height=3.8,
    read=lambda curve: words.read_curve(curve, "recall", "false_positive_rate"),
)
def plot_roc_curve(curve: Released, axes: Axes) -> None:
    """Recall at each false positive rate, beside the diagonal of chance."""
    axes.plot([0, 1], [0, 1], color=CHANCE, linewidth=1, linestyle=":")
    axes.annotate("chance", (0.55, 0.53), color=CHANCE, fontsize=8.5, ha="left", va="top")
    _curves(curve, axes, "false_positive_rate", "recall")
    axes.set_xlabel("false positive rate: share of children without the outcome who are flagged")
    axes.set_ylabel("recall: share of children\nwith the outcome who are flagged")


def describe_decision_curve(decision_curve: Released) -> str:
    reading = words.read_decision_curve(decision_curve)
    return f"Net benefit per 1,000 children against threshold, a panel for each design, beside flagging all. {reading}"


def _panel_for_each_design(decision_curve: Released) -> tuple[int, int]:
    designs = len(present_designs(decision_curve.frame))
    return -(-designs // 2) or 1, min(designs, 2) or 1


@chart(
    "decision_curve",
    describe=describe_decision_curve,
    draws=("net_benefit",),
    height=lambda decision_curve: 0.7 + 2.1 * _panel_for_each_design(decision_curve)[0],
    panels=_panel_for_each_design,
    read=words.read_decision_curve,
)
def plot_decision_curve(decision_curve: Released, axes: np.ndarray) -> None:
    """Net benefit of each design per 1,000 children at each threshold, beside flagging every child and none."""
    frame = decision_curve.frame.sort_values("threshold")
    per_thousand = {n: 1000 * number_array(frame[n]) for n in frame if n.startswith("net_benefit")}
    frame = frame.assign(**per_thousand)
    most = max(np.nan_to_num(frame["net_benefit_high"]).max(), np.nan_to_num(frame["net_benefit"]).max(), 1)
    for panel, design in zip(np.atleast_1d(axes).ravel(), present_designs(frame), strict=False):
        group, ink = frame[frame["design"].eq(design)], colour(design)
        panel.fill_between(
            group["threshold"], group["net_benefit_low"], group["net_benefit_high"], color=ink, alpha=0.15
        )
        panel.plot(group["threshold"], group["net_benefit"], line_style(design), color=ink)
        panel.plot(group["threshold"], group["net_benefit_all"], ":", color=CHANCE, linewidth=1)
        panel.axhline(0, color=CHANCE, linewidth=1)
        panel.set_ylim(-0.4 * most, 1.15 * most)
        panel.set_title(panel_title(label(design)), fontsize=9)
        panel.grid()
    figure = np.atleast_1d(axes).ravel()[0].figure
    figure.supylabel("net benefit: children per 1,000", fontsize=9.5)
    figure.supxlabel("risk at which a child is flagged (dotted: flag every child; grey line: flag none)", fontsize=9.5)


def _shown(frame: pd.DataFrame) -> list[str]:
    """The kinds to draw: no early ones where every window opens at once."""
    return [name for name in CONFUSION if name != "flagged_early" or frame["window_opens_later"].eq(1).any()]


def _confusion_bars(axes: Axes, frame: pd.DataFrame, kinds: list[str] | None = None) -> float:
    """One stacked bar for each row; returns the longest."""
    left = np.zeros(len(frame))
    for name in kinds or _shown(frame):
        meaning, ink, hatch = CONFUSION[name]
        width = np.nan_to_num(100 * number_array(frame[name]) / number_array(frame["cases"]))
        style = {"color": ink, "hatch": hatch, "edgecolor": background(), "linewidth": 0.8}
        axes.barh(range(len(frame)), width, 0.4 if is_narrow(axes) else 0.55, left=left, label=meaning, **style)
        left = left + width
    return float(left.max(initial=0))


def _curves(curve: Released, axes: Axes, x: str, y: str) -> None:
    for design in present_designs(curve.frame):
        group = curve.frame[curve.frame["design"].eq(design)].sort_values(x)
        axes.plot(
            number_array(group[x]),
            number_array(group[y]),
            line_style(design),
            color=colour(design),
            label=label(design),
        )
    unit_axis(axes, "x")
    unit_axis(axes, "y")
    axes.grid()
    key(axes, ncols=2)


def _of_metric(performance: Released, metric: str) -> pd.DataFrame:
    frame = performance.where(metric=metric).frame
    return frame.set_index("design").loc[present_designs(frame)].reset_index()
