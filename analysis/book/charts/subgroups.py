"""Performance by subgroup, and what each test makes of the differences."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.book.charts.charts import chart
from analysis.book.charts.marks import (
    CHANCE,
    FOURTH,
    STRUCTURED,
    annotate_row,
    interval_point,
    is_narrow,
    number_array,
    rows,
    unit_axis,
)
from analysis.book.sentences import comparison as words
from analysis.book.sentences.words import in_order, is_missing, label, percentage
from analysis.disclosure import Released

ERRORS = {
    "recall": ("missed: of the children\nwith the outcome", True),
    "false_discovery_rate": ("flagged in error: of the\nchildren flagged", False),
}
"""The two error rates of a group: the column that gives each, its words, and whether the column is its complement."""


def describe_subgroups(subgroups: Released) -> str:
    lead = "Two panels of error rates with intervals by subgroup: children missed, and children flagged in error."
    return f"{lead} {words.read_subgroups(subgroups)}"


def _one_design(subgroups: Released) -> pd.DataFrame:
    """The rows of the design of which most can be shown, the first of equals; bands of age by age."""
    frame = subgroups.frame
    shown = frame["recall"].notna().groupby(frame["design"], sort=False).sum()
    return _ordered(frame[frame["design"].eq(shown.idxmax())])


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    places = {name: place for place, name in enumerate(in_order(dict.fromkeys(frame["subgroup"])))}
    characteristics = {name: place for place, name in enumerate(dict.fromkeys(frame["characteristic"]))}
    order = frame.assign(_c=frame["characteristic"].map(characteristics), _s=frame["subgroup"].map(places))
    return order.sort_values(["_c", "_s"], kind="stable").drop(columns=["_c", "_s"]).reset_index(drop=True)


@chart(
    "subgroups",
    describe=describe_subgroups,
    draws=("recall",),
    height=lambda subgroups: (
        1.3 + 0.25 * (len(_one_design(subgroups)) + _one_design(subgroups)["characteristic"].nunique())
    ),
    panels=lambda subgroups: (1, 2),
    read=words.read_subgroups,
)
def plot_subgroups(subgroups: Released, axes: np.ndarray) -> None:
    """Share missed and share flagged in error of each subgroup, with intervals, of the best-known design."""
    frame = _one_design(subgroups)
    for panel, (column, (meaning, complement)) in zip(axes, ERRORS.items(), strict=True):
        names, y = [], 0
        for characteristic, part in frame.groupby("characteristic", sort=False):
            names.append(label(characteristic).upper())
            for row in part.to_dict("records"):
                names.append(label(row["subgroup"]))
                y += 1
                ends = [row[f"{column}{end}"] for end in ("", "_low", "_high")]
                if is_missing(ends[0]):
                    panel.annotate("too small to assess", (0, y), color=CHANCE, fontsize=7.5, va="center")
                style = {"color": STRUCTURED, "marker": "o", "markerfacecolor": STRUCTURED, "markersize": 5}
                error_rate(panel, y, ends, complement, **style)
            y += 1
        rows(panel, names if panel is axes[0] or is_narrow(panel) else [""] * len(names), words=False)
        unit_axis(panel, percent=True)
        panel.set_title(meaning, fontsize=9)
    design = label(frame["design"].iloc[0])
    axes[0].figure.supxlabel(f"share of the group, with its interval: {design}", fontsize=9)


def error_rate(axes: Axes, y: float, ends: list, complement: bool, **style) -> None:
    """A rate with its interval on one row, of which the table may give the complement; nothing where it is withheld.

    Parameters
    ----------
    axes : Axes
    y : float
        The row.
    ends : list of float
        The rate and the lower and upper end of its interval.
    complement : bool
        Whether the table gives 1 minus the rate, as it gives recall for the share missed.
    **style
        Of the mark.
    """
    value, low, high = (1 - float(e) if complement and not is_missing(e) else e for e in ends)
    low, high = (high, low) if complement else (low, high)
    interval_point(axes, y, value, low, high, **style)


def describe_subgroup_pairs(pairs: Released) -> str:
    reading = words.read_subgroup_pairs(pairs)
    return f"Bars of the share of head-to-head pairs of subgroups said to differ, by test. {reading}"


@chart(
    "subgroup_pairs",
    describe=describe_subgroup_pairs,
    draws=("difference",),
    height=2.3,
    read=words.read_subgroup_pairs,
)
def plot_subgroup_pairs(pairs: Released, axes: Axes) -> None:
    """Share of pairs said to differ, under each test: the same differences, four findings."""
    shares = words.shares_that_differ(pairs)
    for y, (_test, share) in enumerate(shares.items()):
        axes.barh(y, 0 if share is None else share, height=0.5, color=FOURTH)
        annotate_row(axes, y, "not assessable" if share is None else percentage(share))
    rows(axes, [words.TESTS[test].replace(" (", "\n(") for test in shares], words=False)
    unit_axis(axes, percent=True)
    axes.set_xlabel("share of pairs said to differ")


def describe_subgroup_gaps(gaps: Released) -> str:
    lead = f"Dots of {_of_group(gaps)}, each subgroup minus the others of its kind, by model, with the mean."
    return f"{lead} {words.read_gaps(gaps)}"


def _of_group(gaps: Released) -> str:
    """What the table compares; it holds one metric."""
    metrics = gaps.frame["metric"].unique()
    return words.GROUP_METRICS[metrics[0]] if len(metrics) else "error rates"


def _lines(gaps: Released) -> int:
    """Subgroups and the headings above them."""
    frame = gaps.frame.drop_duplicates(["characteristic", "subgroup"])
    return len(frame) + frame["characteristic"].nunique()


@chart(
    "subgroup_gaps",
    describe=describe_subgroup_gaps,
    draws=("gap",),
    height=lambda gaps: 1.1 + 0.27 * _lines(gaps),
    read=words.read_gaps,
)
def plot_subgroup_gaps(gaps: Released, axes: Axes) -> None:
    """Each subgroup against the others of its kind: every model faint, their mean a diamond."""
    names, y = [], 0
    for characteristic, part in _ordered(gaps.frame).groupby("characteristic", sort=False):
        names.append(label(characteristic).upper())
        y += 1
        for subgroup, rows_of_subgroup in part.groupby("subgroup", sort=False):
            values = number_array(rows_of_subgroup["gap"])
            axes.plot(values, np.full(len(values), y), "o", color=CHANCE, alpha=0.35, markersize=4)
            _mean_gap(axes, y, values[np.isfinite(values)])
            names.append(label(subgroup))
            y += 1
    axes.axvline(0, color=CHANCE, linewidth=1)
    rows(axes, names, words=False)
    axes.set_xlabel(f"{_of_group(gaps)}:\nsubgroup minus the others of its kind")


def _mean_gap(axes: Axes, y: int, values: np.ndarray) -> None:
    if len(values):
        axes.plot(values.mean(), y, "D", color=STRUCTURED)
        annotate_row(axes, y, f"{words.signed(values.mean())}  (models: {len(values)})")
