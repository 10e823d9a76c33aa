"""How often each interval holds the truth, at the size of each test set."""

import numpy as np
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    STRUCTURED,
    TEXT,
    THIRD,
    background,
    number_array,
    problems,
    rows,
    shared_key,
)
from analysis.book.sentences.self_test import TOLERANCE
from analysis.book.sentences.words import listed, percentage
from analysis.disclosure import Released
from analysis.tables.self_test import COVERAGE

PROMISED = 0.95  # coverage: the protocol's level, at which the draws were made
NEAR = f"{percentage(PROMISED - TOLERANCE)} to {percentage(PROMISED + TOLERANCE)}"
MARKS = dict(zip(COVERAGE, ((STRUCTURED, "o"), (TEXT, "D"), (THIRD, "s"), (FOURTH, "^"), (CHANCE, "v")), strict=True))


def describe_self_test(table: Released) -> str:
    """The lowest and highest coverage of each kind of interval."""
    said = [
        f"{what} {percentage(table.frame[name].min())} to {percentage(table.frame[name].max())}"
        for name, what in COVERAGE.items()
    ]
    lead = "Marks of how often intervals hold the truth at the size of each test set"
    return f"{lead}: {listed(said)}. The aim is {percentage(PROMISED)}."


@chart(
    "self_test",
    describe=describe_self_test,
    draws=tuple(COVERAGE),
    height=lambda table: 1.4 + 0.52 * len(table.frame),
)
def plot_self_test(table: Released, axes: Axes) -> None:
    """Coverage by test set, those with fewest outcomes on top, beside the band of what counts as near."""
    axes.axvspan(PROMISED - TOLERANCE, PROMISED + TOLERANCE, color=CHANCE, alpha=0.2, linewidth=0, label=NEAR)
    for name, (ink, marker) in MARKS.items():
        style = {"color": ink, "marker": marker, "markerfacecolor": background(), "linestyle": "", "markersize": 6}
        axes.plot(number_array(table.frame[name]), range(len(table.frame)), label=COVERAGE[name], **style)
    cases = table.frame["test_set"].str.partition(", ")[2]
    named = zip(problems(table.frame, "prediction"), cases, table.frame["positives"], strict=True)
    rows(axes, [f"{name},\n{which} ({positives} outcomes)" for name, which, positives in named], words=False)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlim(min(0.85, float(table.frame[list(COVERAGE)].min().min()) - 0.01), 1.005)
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f}%")
    axes.set_xlabel("share of intervals that hold the truth")
    shared_key(np.array([axes]), ncols=3)
