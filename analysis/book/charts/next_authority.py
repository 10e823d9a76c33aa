"""What the results of several authorities say of the next one: the spread, the league table, models that were moved."""

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
    annotate_row,
    problems,
    rows,
    rows_of_panels,
    shared_key,
    strengths,
    unit_axis,
)
from analysis.book.charts.points import points
from analysis.book.charts.strips import Strip
from analysis.book.sentences import next_authority as words
from analysis.book.sentences.words import number
from analysis.disclosure import Released
from analysis.tables.next_authority import BY_T, ONE_RESULT, WITH_PRIOR

NAMES = {BY_T: "next authority", WITH_PRIOR: "next authority,\nif alike (prior)"}


def describe_spread(spread: Released) -> str:
    lead = "Dots with intervals for the AUC of each result, and below them the interval for the next authority."
    return f"{lead} {words.read_spread(spread)}"


@chart(
    "spread",
    describe=describe_spread,
    draws=("auc",),
    height=lambda spread: 1.1 + 0.4 * len(spread.frame),
    read=words.read_spread,
    strip=Strip(
        "auc",
        "AUC (0.5 is guessing); a bar is where the next authority's should lie",
        line=0.5,
        summary=lambda frame: frame["row"].ne(ONE_RESULT),
        names=lambda row: NAMES[row.row],
    ),
)
def plot_spread(spread: Released, axes: Axes) -> None:
    """AUC of each result with its interval; the next authority's prediction interval as a bar."""
    frame = spread.frame.reset_index(drop=True)
    axes.axvline(0.5, color=CHANCE, linewidth=1, linestyle=":")
    frame = frame.assign(y=range(len(frame)))
    results = frame[frame["row"].eq(ONE_RESULT)]
    strength = strengths(results["in_verdict"], axes)
    points(axes, results.assign(colour=STRUCTURED, shape="o", strength=strength), "auc")
    for row in frame.dropna(subset=["auc_low", "auc_high"]).itertuples():
        if row.row != ONE_RESULT:
            ink = FOURTH if row.row == BY_T else CHANCE
            axes.barh(row.y, row.auc_high - row.auc_low, left=row.auc_low, height=0.5, color=ink)
        annotate_row(axes, row.y, f"{number(row.auc_low)} to {number(row.auc_high)}")
    named = zip(frame["row"], problems(frame), strict=True)
    rows(axes, [NAMES.get(kind) or name for kind, name in named], words=False)
    axes.tick_params(axis="y", labelsize=8)
    unit_axis(axes)
    axes.set_xlabel("AUC (0.5 is guessing)")
    shared_key(np.array([axes]))


def describe_league(league: Released) -> str:
    lead = (
        "Dots with intervals for the standardised average precision and the AUC of each result, in no order of merit."
    )
    return f"{lead} {words.read_league(league)}"


@chart(
    "league",
    describe=describe_league,
    draws=("auc",),
    height=lambda league: 1.1 + 0.4 * len(league.frame),
    panels=lambda league: (1, 2),
    read=words.read_league,
    strip=Strip("standardised_average_precision", "standardised average precision"),
)
def plot_league(league: Released, axes: np.ndarray) -> None:
    """Two measures that do not depend on prevalence, with intervals; results whose intervals meet are not ranked."""
    frame = league.frame.assign(y=range(len(league.frame)))
    panels = {"standardised_average_precision": (STRUCTURED, "o"), "auc": (TEXT, "D")}
    for panel, (measured, (ink, shape)) in zip(axes, panels.items(), strict=True):
        points(panel, frame.assign(colour=ink, shape=shape), measured)
        rows_of_panels(panel, axes, problems(frame))
        unit_axis(panel)
    axes[0].set_xlabel("standardised average precision")
    axes[1].set_xlabel("AUC")


def describe_transport(transport: Released) -> str:
    lead = "Dots with intervals for the average precision of own and moved models, and for how far risks are out."
    return f"{lead} {words.read_transport(transport)}"


MODELS = {
    "own": (STRUCTURED, "o", "made there"),
    "moved": (TEXT, "D", "moved"),
    "recalibrated": (FOURTH, "s", "moved, recalibrated"),
}


@chart(
    "transport",
    describe=describe_transport,
    draws=("moved",),
    height=lambda transport: 1.5 + 0.62 * len(_moves(transport.frame)),
    panels=lambda transport: (1, 2),
    read=words.read_transport,
)
def plot_transport(transport: Released, axes: np.ndarray) -> None:
    """Average precision of the own and the moved model on the same test cases; observed over expected outcomes."""
    moves = _moves(transport.frame)
    for panel, metric, shown in (
        (axes[0], "average_precision", ("own", "moved")),
        (axes[1], "observed_expected_ratio", ("own", "moved", "recalibrated")),
    ):
        of_metric = pd.concat([move[move["metric"].eq(metric)] for move in moves])
        for lane, name in enumerate(shown):
            ink, shape, meaning = MODELS[name]
            place = np.arange(len(moves)) + 0.2 * (lane - (len(shown) - 1) / 2)
            points(panel, of_metric.assign(y=place, colour=ink, shape=shape, entry=meaning), name)
        rows_of_panels(panel, axes, [_move(move.iloc[0]) for move in moves])
    axes[0].set_xlim(left=0)
    axes[0].set_xlabel("average precision")
    axes[1].axvline(1, color=CHANCE, linewidth=1, linestyle=":")
    axes[1].set_xscale("log")
    axes[1].set_xticks([0.25, 0.5, 1, 2, 4], ["¼", "½", "1", "2", "4"])
    axes[1].minorticks_off()
    axes[1].set_xlabel("outcomes seen for\neach one expected")
    shared_key(axes[1:], ncols=3)


def _move(row: pd.Series) -> str:
    question = f"{row['outcome']} {row.get('title', '')}".strip()
    return f"{row['made_in']} → {row['moved_to']}:\n{textwrap.fill(question, 26)}"


def _moves(frame: pd.DataFrame) -> list[pd.DataFrame]:
    return [part for _, part in frame.groupby(["made_in", "moved_to", "outcome"], sort=False)]
