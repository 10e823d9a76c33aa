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
    key,
    number_array,
    rows,
    rows_of_panels,
    unit_axis,
)
from analysis.book.charts.points import points
from analysis.book.sentences import comparison as words
from analysis.book.sentences.words import in_order, label, percentage
from analysis.disclosure import Released

MOST_DOTS = 2_000
"""Dots of a chart; of more they cannot be distinguished, and a page would be slow to open (ours)."""
SHARE_IN_BAR = 0.9  # of the models, where they have no dots (ours)
ERRORS = {
    "recall": ("missed: of the children\nwith the outcome", True),
    "false_discovery_rate": ("flagged in error: of the\nchildren flagged", False),
}
"""The two error rates of a group: the column that gives each, its words, and whether the column is its complement."""


def describe_subgroups(subgroups: Released) -> str:
    lead = "Two panels of error rates with intervals by subgroup: children missed, and children flagged in error."
    return f"{lead} {words.read_subgroups(subgroups)}"


def _one_design(subgroups: Released) -> pd.DataFrame:
    """The rows that are drawn; bands of age by age."""
    return in_group_order(words.of_best_known_design(subgroups))


def in_group_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of subgroups by characteristic, bands of age by age; numbered anew.

    Parameters
    ----------
    frame : pandas.DataFrame
        With columns characteristic and subgroup.

    Returns
    -------
    pandas.DataFrame
    """
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
    names, places = _under_headings(frame)
    for panel, (column, (meaning, complement)) in zip(axes, ERRORS.items(), strict=True):
        rates = error_rates(frame, column, complement=complement).assign(y=places, colour=STRUCTURED, shape="o")
        points(panel, rates, "rate", size=5)
        for y in rates.loc[rates["rate"].isna(), "y"]:
            panel.annotate("too small to assess", (0, y), color=CHANCE, fontsize=7.5, va="center")
        rows_of_panels(panel, axes, names)
        unit_axis(panel, percent=True)
        panel.set_title(meaning, fontsize=9)
    design = label(frame["design"].iloc[0])
    axes[0].figure.supxlabel(f"share of the group, with its interval: {design}", fontsize=9)


def _under_headings(frame: pd.DataFrame) -> tuple[list[str], list[int]]:
    """The lines of a chart, each characteristic a heading above its subgroups; and the line of each row."""
    names, places = [], []
    for characteristic, part in frame.groupby("characteristic", sort=False):
        names.append(label(characteristic).upper())
        places += range(len(names), len(names) + len(part))
        names += [label(subgroup) for subgroup in part["subgroup"]]
    return names, places


def error_rates(frame: pd.DataFrame, column: str, *, complement: bool) -> pd.DataFrame:
    """An error rate of each row with its interval; missing where it is withheld.

    Parameters
    ----------
    frame : pandas.DataFrame
    column : str
        That gives the rate, or 1 minus it.
    complement : bool
        Whether it gives 1 minus the rate, as recall does for the share missed.

    Returns
    -------
    pandas.DataFrame
        Columns rate, rate_low and rate_high, from 0 to 1.
    """
    ends = ("", "_high", "_low") if complement else ("", "_low", "_high")
    values = {
        f"rate{end}": number_array(frame[f"{column}{of}"]) for end, of in zip(("", "_low", "_high"), ends, strict=True)
    }
    return pd.DataFrame({name: 1 - value if complement else value for name, value in values.items()})


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
    marks = "Bars that hold nine in ten models" if _too_many_dots(gaps.frame) else "Dots, one for each model"
    lead = f"{marks}, of {_of_group(gaps)}: each subgroup minus the others of its kind, with the mean of the models."
    return f"{lead} {words.read_gaps(gaps)}"


def _too_many_dots(frame: pd.DataFrame) -> bool:
    return len(frame) > MOST_DOTS


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
    height=lambda gaps: 1.3 + 0.27 * _lines(gaps),
    read=words.read_gaps,
)
def plot_subgroup_gaps(gaps: Released, axes: Axes) -> None:
    """Each subgroup against the others of its kind: every model faint, or nine in ten; their mean a diamond."""
    frame = in_group_order(gaps.frame).astype({"gap": float})
    groups = frame.drop_duplicates(["characteristic", "subgroup"])
    names, places = _under_headings(groups)
    lines = dict(zip(groups[["characteristic", "subgroup"]].itertuples(index=False, name=None), places, strict=True))
    frame["y"] = [lines[group] for group in zip(frame["characteristic"], frame["subgroup"], strict=True)]
    gaps_of = frame.groupby("y")["gap"]
    means = gaps_of.agg(["mean", "count"]).assign(colour=STRUCTURED, shape="D", entry="mean of the models")
    if _too_many_dots(frame):
        ends = {
            "mean_low": gaps_of.quantile((1 - SHARE_IN_BAR) / 2),
            "mean_high": gaps_of.quantile((1 + SHARE_IN_BAR) / 2),
        }
        means = means.assign(**ends, entry="mean of the models (bar: nine in ten)")
    else:
        dots = frame[["y", "gap"]].assign(colour=CHANCE, shape="o", strength=0.35, entry="one model")
        points(axes, dots, "gap", size=4)
    means = means.reset_index()
    points(axes, means, "mean")
    for row in means[means["count"].gt(0)].itertuples():
        annotate_row(axes, row.y, f"{words.signed(row.mean)}  (models: {row.count})")
    axes.axvline(0, color=CHANCE, linewidth=1)
    rows(axes, names, words=False)
    axes.set_xlabel(f"{_of_group(gaps)}:\nsubgroup minus the others of its kind")
    key(axes)
