"""What the results of several authorities say of the next one: the spread, the league table, models that were moved."""

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
    interval_point,
    is_narrow,
    rows,
    shared_key,
    unit_axis,
)
from analysis.book.charts.strips import Strip
from analysis.book.sentences import next_authority as words
from analysis.book.sentences.words import is_missing, number
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
    height=lambda spread: 1.1 + 0.36 * len(spread.frame),
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
    for y, row in enumerate(frame.itertuples()):
        if row.row == ONE_RESULT:
            style = {"color": STRUCTURED, "marker": "o", "alpha": 1 if row.in_verdict == "yes" else 0.4}
            _dot(axes, y, row.auc, row.auc_low, row.auc_high, **style)
        elif not (is_missing(row.auc_low) or is_missing(row.auc_high)):
            ink = FOURTH if row.row == BY_T else CHANCE
            axes.barh(y, row.auc_high - row.auc_low, left=row.auc_low, height=0.5, color=ink)
        if not (is_missing(row.auc_low) or is_missing(row.auc_high)):
            annotate_row(axes, y, f"{number(row.auc_low)} to {number(row.auc_high)}")
    rows(axes, [NAMES.get(row.row) or _named(row) for row in frame.itertuples()], words=False)
    unit_axis(axes)
    axes.set_xlabel("AUC (0.5 is guessing)")


def describe_league(league: Released) -> str:
    lead = (
        "Dots with intervals for the standardised average precision and the AUC of each result, in no order of merit."
    )
    return f"{lead} {words.read_league(league)}"


@chart(
    "league",
    describe=describe_league,
    draws=("auc",),
    height=lambda league: 1.1 + 0.36 * len(league.frame),
    panels=lambda league: (1, 2),
    read=words.read_league,
    strip=Strip("standardised_average_precision", "standardised average precision"),
)
def plot_league(league: Released, axes: np.ndarray) -> None:
    """Two measures that do not depend on prevalence, with intervals; results whose intervals meet are not ranked."""
    frame = league.frame.reset_index(drop=True)
    panels = {"standardised_average_precision": (STRUCTURED, "o"), "auc": (TEXT, "D")}
    for panel, (measured, (ink, shape)) in zip(axes, panels.items(), strict=True):
        for y, row in frame.iterrows():
            ends = row[f"{measured}_low"], row[f"{measured}_high"]
            _dot(panel, y, row[measured], *ends, color=ink, marker=shape)
        rows(
            panel,
            [_named(row) for row in frame.itertuples()] if panel is axes[0] or is_narrow(panel) else [""] * len(frame),
            words=False,
        )
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
        for y, move in enumerate(moves):
            row = move.set_index("metric").loc[metric]
            for lane, name in enumerate(shown):
                ink, shape, meaning = MODELS[name]
                place = y + 0.2 * (lane - (len(shown) - 1) / 2)
                _dot(
                    panel,
                    place,
                    row[name],
                    row[f"{name}_low"],
                    row[f"{name}_high"],
                    color=ink,
                    marker=shape,
                    label=meaning,
                )
        names = [f"{m['made_in'].iloc[0]} →\n{m['moved_to'].iloc[0]} ({m['outcome'].iloc[0]})" for m in moves]
        rows(panel, names if panel is axes[0] or is_narrow(panel) else [""] * len(moves), words=False)
    axes[0].set_xlim(left=0)
    axes[0].set_xlabel("average precision")
    axes[1].axvline(1, color=CHANCE, linewidth=1, linestyle=":")
    axes[1].set_xscale("log")
    axes[1].set_xticks([0.25, 0.5, 1, 2, 4], ["¼", "½", "1", "2", "4"])
    axes[1].minorticks_off()
    axes[1].set_xlabel("outcomes seen for\neach one expected")
    shared_key(axes[1:], ncols=3)


def _dot(axes: Axes, y: float, value: float, low: float, high: float, *, color: str, marker: str, **more) -> None:
    interval_point(axes, y, value, low, high, color=color, marker=marker, markerfacecolor=color, **more)


def _named(row) -> str:
    return f"{row.outcome} · {row.authority}"


def _moves(frame: pd.DataFrame) -> list[pd.DataFrame]:
    return [part for _, part in frame.groupby(["made_in", "moved_to", "outcome"], sort=False)]
