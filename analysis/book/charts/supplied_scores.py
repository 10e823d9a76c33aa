"""A tool by its scores: how often it is right, what it beats, what a flag of it would mean, and for which children."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.comparison import compare_with_zero
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    STRUCTURED,
    TEXT,
    THIRD,
    VERDICTS,
    annotate_row,
    background,
    key,
    number_array,
    problems,
    rows,
    rows_of_panels,
    shared_key,
    unit_axis,
    within_row,
)
from analysis.book.charts.performance import plot_decision_curve
from analysis.book.charts.points import points
from analysis.book.charts.risks import plot_calibration
from analysis.book.charts.strips import EACH_PREDICTION, Strip
from analysis.book.charts.subgroups import ERRORS, error_rates, in_group_order
from analysis.book.sentences import supplied_scores as words
from analysis.book.sentences.words import in_order, is_missing, label, percentage
from analysis.disclosure import Released

MARKS = {words.SCORED: (STRUCTURED, "o"), words.NOBODY: (FOURTH, "s"), words.CLAIMED: (TEXT, "D")}
FLAGS = {
    "true_positives": ("flagged, with the outcome", THIRD, ""),
    "false_positives": ("flagged, without it", CHANCE, "//"),
    "false_negatives": ("missed", TEXT, ".."),
}
SOME_THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
"""Shown where there are too many predictions for a curve of each (ours)."""
LANES = ((STRUCTURED, "o"), (TEXT, "D"), (THIRD, "s"), (FOURTH, "^"))


def describe_accuracy(accuracy: Released) -> str:
    lead = "Dots of accuracy for the tool, for flagging no one, and for an accuracy that a supplier might claim."
    return f"{lead} {words.read_accuracy(accuracy)}"


@chart(
    "score_accuracy",
    describe=describe_accuracy,
    draws=("accuracy",),
    of=lambda accuracy: accuracy.where(flagged_by=words.NOBODY),
    height=lambda accuracy: 1.2 + 0.42 * _problems(accuracy.frame),
    read=words.read_accuracy,
    strip=Strip("accuracy", "share of cases that it is right about", lanes="flagged_by"),
)
def plot_score_accuracy(accuracy: Released, axes: Axes) -> None:
    """Share of cases that the tool is right about, beside flagging no one and a claim."""
    groups = list(accuracy.frame.groupby(["outcome", "authority"], sort=False))
    shown = pd.concat([part.assign(y=y) for y, (_, part) in enumerate(groups)])
    marks = shown["flagged_by"].map(MARKS)
    looks = {"colour": [ink for ink, _ in marks], "shape": [shape for _, shape in marks]}
    points(axes, shown[["y", "accuracy"]].assign(**looks, entry=shown["flagged_by"].map(label)), "accuracy")
    for y, (_, part) in enumerate(groups):
        nobody = part.loc[part["flagged_by"].eq(words.NOBODY), "accuracy"].iloc[0]
        if not is_missing(nobody):
            annotate_row(axes, y, f"no one: {percentage(nobody)}")
    rows(axes, [_title(part) for _, part in groups], words=False)
    unit_axis(axes, percent=True)
    axes.set_xlabel("accuracy: share of cases that are right")
    shared_key(np.array([axes]), ncols=3)


def describe_comparisons(comparisons: Released) -> str:
    lead = "Dots with intervals for the average precision of the tool less that of each rival."
    return f"{lead} {words.read_scores_compared(comparisons)}"


@chart(
    "score_comparisons",
    describe=describe_comparisons,
    draws=("difference",),
    height=lambda comparisons: 0.6 + 0.34 * len(comparisons.frame) + 0.6 * _problems(comparisons.frame),
    panels=lambda comparisons: (_problems(comparisons.frame) or 1, 1),
    read=words.read_scores_compared,
    strip=Strip("difference", "← worse · the tool better →", lanes="rival", line=0),
)
def plot_score_comparisons(comparisons: Released, axes: np.ndarray) -> None:
    """Average precision of the tool less that of each rival; right of the line the tool is ahead."""
    parts = _parts(comparisons)
    for panel, part in zip(np.atleast_1d(axes), parts, strict=True):
        frame = part.frame.assign(y=range(len(part.frame)))
        colours = [VERDICTS.get(verdict, CHANCE) for verdict in frame["verdict"]]
        points(panel, frame.assign(colour=colours, shape="o"), "difference")
        for row in frame.dropna(subset=["difference"]).itertuples():
            annotate_row(panel, row.y, str(row.verdict))
        compare_with_zero(panel, comparisons.frame)
        rows(panel, [label(rival) for rival in frame["rival"]], words=False)
        panel.tick_params(axis="y", labelsize=8)
        if len(parts) > 1:
            panel.set_title(_title(part.frame).replace("\n", " "), fontsize=9)
    panel.set_xlabel("average precision, tool minus rival")


def _per_100(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each kind of case of each prediction, in `per_100` how many there are of every 100."""
    kinds = [frame.assign(flag=flag, per_100=100 * frame[n] / frame["cases"]) for n, (flag, _, _) in FLAGS.items()]
    return pd.concat(kinds, ignore_index=True)


def describe_per_100(operating_point: Released) -> str:
    return f"Bars of expected counts per 100 cases with a score. {words.read_flags(operating_point)}"


@chart(
    "score_per_100",
    describe=describe_per_100,
    draws=("true_positives", "false_positives", "false_negatives"),
    height=lambda points: 1.3 + 0.45 * len(points.frame),
    read=words.read_flags,
    strip=Strip("per_100", "of every 100 cases with a score", lanes="flag", of=_per_100),
)
def plot_score_per_100(operating_point: Released, axes: Axes) -> None:
    """Of every 100 cases with a score: rightly flagged, wrongly flagged, missed."""
    frame = operating_point.frame.reset_index(drop=True)
    left = np.zeros(len(frame))
    for name, (meaning, ink, hatch) in FLAGS.items():
        width = np.nan_to_num(100 * number_array(frame[name]) / number_array(frame["cases"]))
        style = {"color": ink, "hatch": hatch, "edgecolor": background(), "linewidth": 0.8, "height": 0.55}
        axes.barh(range(len(frame)), width, left=left, label=meaning, **style)
        left = left + width
    rows(axes, problems(frame), words=False)
    axes.set_xlim(0, 1.05 * (left.max(initial=0) or 1))
    axes.set_xlabel("of every 100 cases with a score")
    key(axes, ncols=3)


def describe_calibration(calibration: Released) -> str:
    lead = "For each prediction, the share with the outcome against the mean score, by tenth of the scores."
    return f"{lead} {words.read_scores_calibrated(calibration)}"


@chart(
    "score_calibration",
    describe=describe_calibration,
    draws=("observed", "mean_risk"),
    height=lambda calibration: 3.4 * _two_beside_each_other(calibration)[0],
    panels=lambda calibration: _two_beside_each_other(calibration),
    read=words.read_scores_calibrated,
    strip=Strip(
        lambda frame: 100 * (frame["observed"] - frame["mean_risk"]),
        "share with the outcome minus mean score, in points; lowest scores first",
        by="tenth",
        line=0,
        of=lambda frame: frame.assign(tenth="tenth " + frame["bin"].astype(str)),
        dots=EACH_PREDICTION,
    ),
)
def plot_score_calibration(calibration: Released, axes: np.ndarray) -> None:
    """Share with the outcome against the mean score; on the diagonal a score means what it says."""
    for panel, part in _each_problem(calibration, axes):
        plot_calibration(part, panel)
        if legend := panel.get_legend():  # of one kind of mark; the title says whose
            legend.remove()
        panel.set_xlabel("mean score")
        panel.set_title(_title(part.frame), fontsize=9)


def describe_decision_curve(decision_curve: Released) -> str:
    lead = "For each prediction, net benefit per 1,000 children of acting on the tool against the threshold."
    return f"{lead} {words.read_scores_worth(decision_curve)}"


@chart(
    "score_decision_curve",
    describe=describe_decision_curve,
    draws=("net_benefit",),
    height=lambda decision_curve: 0.7 + 2.3 * _two_beside_each_other(decision_curve)[0],
    panels=lambda decision_curve: _two_beside_each_other(decision_curve),
    read=words.read_scores_worth,
    strip=Strip(
        lambda frame: 1000 * (frame["net_benefit"] - frame["net_benefit_all"].clip(lower=0)),
        "children per 1,000: the tool minus the better of flagging all and none",
        by="flagged_from",
        line=0,
        of=lambda frame: _at_some_thresholds(frame),
        dots=EACH_PREDICTION,
    ),
)
def plot_score_decision_curve(decision_curve: Released, axes: np.ndarray) -> None:
    """Net benefit of acting on the tool per 1,000 children, beside flagging every child and none."""
    for panel, part in _each_problem(decision_curve, axes):
        plot_decision_curve(part, np.array([panel]))
        panel.set_title(_title(part.frame), fontsize=9)


def describe_subgroups(subgroups: Released) -> str:
    lead = "Two panels by subgroup, with intervals, a mark for each prediction: children missed, and flagged in error."
    return f"{lead} {words.read_scores_by_group(subgroups)}"


@chart(
    "score_subgroups",
    describe=describe_subgroups,
    draws=("recall",),
    height=lambda subgroups: 1.5 + 0.27 * sum(1 + len(names) for names in _assessed(subgroups).values()),
    panels=lambda subgroups: (1, 2),
    read=words.read_scores_by_group,
    strip=Strip(
        "rate",
        "percentage of the group",
        by="group",
        lanes="error",
        of=lambda frame: _errors(frame),
        dots=EACH_PREDICTION,
    ),
)
def plot_score_subgroups(subgroups: Released, axes: np.ndarray) -> None:
    """Share missed and share flagged in error of each subgroup with results, a mark for each prediction."""
    names = [name for heading, groups in _assessed(subgroups).items() for name in (heading, *groups)]
    parts = _parts(subgroups)
    for panel, (column, (meaning, complement)) in zip(axes, ERRORS.items(), strict=True):
        for number, part in enumerate(parts):
            groups = part.frame.set_index(["characteristic", "subgroup"], drop=False)
            groups = groups[groups.index.isin([name for name in names if not isinstance(name, str)])]
            ink, shape = LANES[number % len(LANES)]
            lane = within_row(panel, 0.22 * (number - (len(parts) - 1) / 2))
            y = [names.index(group) + lane for group in groups.index]
            look = {"y": y, "colour": ink, "shape": shape, "entry": _title(part.frame).replace("\n", " ")}
            points(panel, error_rates(groups, column, complement=complement).assign(**look), "rate", size=4.5)
        shown = [label(name).upper() if isinstance(name, str) else label(name[1]) for name in names]
        rows_of_panels(panel, axes, shown)
        unit_axis(panel, percent=True)
        panel.set_xlabel(meaning)
    if len(parts) > 1:
        shared_key(axes, ncols=2)


def _at_some_thresholds(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `SOME_THRESHOLDS`, named in `flagged_from`."""
    shown = frame[frame["threshold"].astype(float).round(4).isin(SOME_THRESHOLDS)]
    return shown.assign(flagged_from="flagged from " + shown["threshold"].map(percentage))


def _errors(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each error of each group that could be assessed: its percentage in `rate`."""
    groups = in_group_order(frame[frame["assessable"].eq("yes")])
    named = zip(groups["characteristic"], groups["subgroup"], strict=True)
    groups = groups.assign(group=[f"{label(kind)}: {label(name)}" for kind, name in named])
    kinds = [
        groups.assign(
            error=meaning.partition(":")[0], rate=100 * error_rates(groups, column, complement=complement)["rate"]
        )
        for column, (meaning, complement) in ERRORS.items()
    ]
    return pd.concat(kinds, ignore_index=True)


def _assessed(subgroups: Released) -> dict[str, list[tuple[str, str]]]:
    """By characteristic, the subgroups with results in at least one prediction; bands of age by age."""
    frame = subgroups.frame.dropna(subset=["recall", "false_discovery_rate"], how="all")
    groups = frame.groupby("characteristic", sort=False)["subgroup"].unique()
    return {kind: [(kind, name) for name in in_order(list(names))] for kind, names in groups.items()}


def _parts(table: Released) -> list[Released]:
    """The rows of each prediction."""
    problems = table.frame[["authority", "outcome"]].drop_duplicates()
    return [table.where(authority=authority, outcome=outcome) for authority, outcome in problems.to_numpy()]


def _each_problem(table: Released, axes: np.ndarray) -> list[tuple[Axes, Released]]:
    """A panel for each prediction; those left over are blank."""
    panels, parts = np.atleast_1d(axes).ravel(), _parts(table)
    for panel in panels[len(parts) :]:
        panel.set_axis_off()
    return list(zip(panels, parts, strict=False))


def _two_beside_each_other(table: Released) -> tuple[int, int]:
    problems = _problems(table.frame)
    return -(-problems // 2) or 1, min(problems, 2) or 1


def _title(part: pd.DataFrame) -> str:
    """The prediction that all rows are of, with its authority, as the tool may be another's elsewhere."""
    return problems(part, whose=True)[0]


def _problems(frame: pd.DataFrame) -> int:
    return len(frame[["authority", "outcome"]].drop_duplicates())
