"""All predictions at once: the timeline, the choice of metric, published against run, and the poll."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    STRUCTURED,
    TEXT,
    THIRD,
    annotate_row,
    background,
    key,
    problems,
    reference_mark,
    rows,
    rows_of_panels,
    shared_key,
    strengths,
    unit_axis,
)
from analysis.book.charts.points import looks_of_designs, points
from analysis.book.charts.strips import Strip
from analysis.book.sentences import comparison as words
from analysis.book.sentences.words import MOST_NAMED, count, is_missing, label, listed_or_counted, number, percentage
from analysis.disclosure import Released

METRICS = {"average_precision": (STRUCTURED, "o"), "auc": (TEXT, "D"), "accuracy": (THIRD, "s")}


def describe_timeline(timeline: Released) -> str:
    return f"Bars of each prediction's outcome window in months after the decision. {words.read_timeline(timeline)}"


@chart(
    "timeline",
    describe=describe_timeline,
    draws=("to_months",),
    height=lambda timeline: 1.2 + 0.42 * timeline.frame["prediction"].nunique(),
    read=words.read_timeline,
)
def plot_timeline(timeline: Released, axes: Axes) -> None:
    """Months after the decision in which each outcome is looked for, with authority, cases and prevalence."""
    groups = list(timeline.frame.groupby("prediction", sort=False))
    for y, (_, windows) in enumerate(groups):
        last = windows.iloc[-1]
        axes.plot(0, y, marker="o", color="C5", markersize=5, zorder=3)
        axes.plot([0, last["from_months"]], [y, y], color=CHANCE, linewidth=1, linestyle=":")
        axes.barh(y, last["to_months"] - last["from_months"], left=last["from_months"], height=0.5, color=STRUCTURED)
        cases = "" if is_missing(last["cases"]) else f"{percentage(last['prevalence'])} of {count(last['cases'])}"
        annotate_row(axes, y, cases)
    names = [f"{name} · {_whose(part)}\n{part['title'].iloc[0]}" for name, part in groups]
    rows(axes, names, words=False)
    axes.tick_params(axis="y", labelsize=8)
    furthest = int(np.ceil(timeline.frame["to_months"].max() / 6) * 6)
    axes.set_xticks(range(0, furthest + 1, 6))
    axes.set_xlim(-0.6, furthest + 0.3)
    axes.set_xlabel("months after the decision (dot); right: share of cases with the outcome")


def _whose(windows: pd.DataFrame) -> str:
    """Whose cases a prediction was asked of; of many authorities how many they are."""
    names = windows["authorities"].iloc[0]
    listed = names.split(", ")
    return names if len(listed) <= MOST_NAMED else listed_or_counted(listed)


def describe_metric_choice(choice: Released) -> str:
    reading = words.read_metric_choice(choice)
    return f"Dots of average precision, AUC and accuracy for each prediction, with chance levels. {reading}"


@chart(
    "metric_choice",
    describe=describe_metric_choice,
    draws=("value",),
    height=lambda choice: 1.3 + 0.36 * len(set(problems(choice.frame, "prediction"))),
    panels=lambda choice: (1, 3),
    read=words.read_metric_choice,
    strip=Strip("value", "the metric", lanes="metric"),
)
def plot_metric_choice(choice: Released, axes: np.ndarray) -> None:
    """The same models by three metrics, each with what knowing nothing would score."""
    named = problems(choice.frame, "prediction")
    predictions = list(dict.fromkeys(named))
    frame = choice.frame.assign(y=[predictions.index(name) for name in named])
    for panel, (metric, (ink, shape)) in zip(axes, METRICS.items(), strict=True):
        part = frame[frame["metric"].eq(metric)].astype({"value": float, "chance": float})
        panel.hlines(part["y"], part["chance"], part["value"], color=ink, alpha=0.4)
        points(panel, part.assign(colour=ink, shape=shape), "value")
        for row in part.itertuples():
            reference_mark(panel, row.y, row.chance)
        rows_of_panels(panel, axes, predictions)
        unit_axis(panel)
        panel.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        panel.set_title(label(metric))
    axes[0].figure.supxlabel("the metric (symbol) and what knowing nothing scores (grey stroke)", fontsize=8)


def describe_against_mark(results: Released) -> str:
    lead = "Dots of average precision for every model, by prediction, with the mark set beforehand as an upright line."
    return f"{lead} {words.read_against_mark(results)}"


@chart(
    "against_mark",
    describe=describe_against_mark,
    draws=("average_precision",),
    height=lambda results: 1.2 + 0.42 * _problems(results),
    read=words.read_against_mark,
    strip=Strip(
        "average_precision", "average precision on test cases; the line is the mark", lanes="design", line="mark"
    ),
)
def plot_against_mark(results: Released, axes: Axes) -> None:
    """Average precision of every model against the mark it had to pass; pale where it is left out of the verdict."""
    groups = list(results.frame.groupby(["prediction", "authority"], sort=False))
    for y, (_, models) in enumerate(groups):
        _knowing_nothing(axes, y, models)
    shown = looks_of_designs(pd.concat([models.assign(y=y) for y, (_, models) in enumerate(groups)]))
    shown = shown[["y", "average_precision", "colour", "shape", "face"]].assign(
        y=shown["y"] + shown["design"].map(_lane),
        strength=strengths(shown["in_verdict"], axes),
        entry=shown["design"].map(label),
    )
    points(axes, shown, "average_precision")
    mark = float(results.frame["mark"].iloc[0])
    axes.axvline(mark, color=FOURTH, linewidth=1.6)
    place = {"xytext": (6, 0), "textcoords": "offset points", "va": "bottom"}
    axes.annotate(f"the mark: {number(mark)}", (mark, len(groups) - 0.6), color=FOURTH, fontsize=9, **place)
    rows(axes, [_named(part) for _, part in groups], words=False)
    axes.tick_params(axis="y", labelsize=8)
    unit_axis(axes)
    axes.set_xlabel("average precision on test cases")
    shared_key(np.array([axes]), ncols=2)


def _lane(design: str) -> float:
    """Models of all cases stand above, those of earlier cases below: their test cases are not the same."""
    return 0.2 if design.endswith("earlier_cases") else -0.2


def _knowing_nothing(axes: Axes, y: float, models: pd.DataFrame) -> None:
    """For each set of test cases a stroke of its own at their prevalence, beside the models tested on them."""
    for lane, tested in models.groupby(models["design"].map(_lane)):
        for i, value in enumerate(tested["prevalence"].dropna().unique()):
            reference_mark(axes, y + lane, value, "knowing nothing" if y == i == 0 and lane < 0 else None)


def _named(models: pd.DataFrame) -> str:
    """A prediction's name, and why it is left out of the verdict, if it is."""
    first = models.iloc[0]
    reasons = {"yes": "", "no: leakage found": " (left out: leakage)"}
    left_out = reasons.get(first["in_verdict"], " (not registered)")
    return f"{first['prediction']} · {first['authority']}{left_out}\n{first['title']}"


def _problems(results: Released) -> int:
    return len(results.frame[["prediction", "authority"]].drop_duplicates())


def describe_published_v_run(summary: Released) -> str:
    return f"Scatter of this run's average precision against the published. {words.read_published_v_run(summary)}"


@chart(
    "published_v_run",
    describe=describe_published_v_run,
    draws=("published", "run"),
    of=lambda summary: summary.where(metric="average_precision"),
    height=4.6,
    read=words.read_published_v_run,
    strip=Strip("run", "average precision in this run", lanes="design"),
)
def plot_published_v_run(summary: Released, axes: Axes) -> None:
    """Average precision of each model in this run, with its interval, against the value published."""
    frame = summary.where(metric="average_precision").frame.dropna(subset=["published", "run"])
    axes.plot([0, 1], [0, 1], color=CHANCE, linewidth=1, linestyle=":")
    ends = {"published": "x", "low": "run_low", "high": "run_high"}
    shown = looks_of_designs(frame).rename(columns=ends).assign(entry=frame["design"].map(label))
    points(axes, shown, "run", size=5.5, along="y", bar=0.35)
    top = 1.08 * max(frame[["published", "run", "high"]].fillna(0).astype(float).max().max(), 0.1)
    axes.set(xlim=(0, top), ylim=(0, top), xlabel="published average precision", ylabel="average precision in this run")
    axes.grid()
    key(axes, ncols=2)


def describe_poll(poll: Released) -> str:
    lead = "A bar of all answers as parts of a whole, and dots with intervals for the share of each"
    return f"{lead}. {words.read_poll(poll)}"


@chart(
    "poll",
    describe=describe_poll,
    draws=("share",),
    height=lambda poll: 1.6 + 0.42 * len(poll.frame),
    panels=lambda poll: (2, 1),
    read=words.read_poll,
)
def plot_poll(poll: Released, axes: np.ndarray) -> None:
    """All answers as parts of a whole; beneath, the share of each with Wilson's interval."""
    whole, shares = axes
    whole.get_gridspec().set_height_ratios([1, max(len(poll.frame), 2)])
    frame, left = poll.frame, 0.0
    for y, row in enumerate(frame.itertuples()):
        if is_missing(row.share):
            continue
        ink = f"C{y % 5}"
        whole.barh(0, row.share, left=left, color=ink, edgecolor=background(), linewidth=1.5)
        whole.annotate(percentage(row.share), (left + row.share / 2, 0), ha="center", va="center", color=background(),
                       fontweight="bold", fontsize=8.5)  # fmt: skip
        left += row.share
        ends = f"{percentage(row.share_low)} to {percentage(row.share_high)}"
        annotate_row(shares, y, f"{percentage(row.share)} ({ends})")
    inks = [f"C{y % 5}" for y in range(len(frame))]
    points(shares, frame.assign(y=range(len(frame)), colour=inks, shape="o"), "share")
    whole.set_axis_off()
    whole.set_xlim(0, 1)
    rows(shares, [_wrapped(answer) for answer in frame["answer"]], words=False)
    unit_axis(shares, percent=True)
    shares.set_xlabel("share of answers, with its interval")


def _wrapped(words_of_answer: str) -> str:
    return "\n".join(textwrap.wrap(words_of_answer, 30))
